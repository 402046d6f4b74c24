// Floor 4. libvips' C API with owners for what it counts, and errors as exceptions.
#pragma once

// The names of libvips 7 are macros in some builds (Rect among them).
#define VIPS_DISABLE_COMPAT
#include <vips/vips.h>

#include <filesystem>
#include <memory>
#include <string>

namespace gaussfilt::pictures {

struct Unref {
  void operator()(void* object) const noexcept { g_object_unref(object); }
};
struct Free {
  void operator()(void* memory) const noexcept { g_free(memory); }
};
using VipsImagePtr = std::unique_ptr<VipsImage, Unref>;
using VipsSourcePtr = std::unique_ptr<VipsSource, Unref>;
using VipsTargetPtr = std::unique_ptr<VipsTarget, Unref>;
using VipsRegionPtr = std::unique_ptr<VipsRegion, Unref>;
struct UnrefArea {
  void operator()(VipsArea* area) const noexcept { vips_area_unref(area); }
};
using BlobPtr = std::unique_ptr<VipsArea, UnrefArea>;
using BytesPtr = std::unique_ptr<void, Free>;

// Starts libvips once: only loaders that its authors hold safe for files of strangers, and SVG; no operation cache,
// silent.
void start_vips();

// The first line of what libvips last complained about; clears it.
std::string take_vips_error();

// A name as it stands in messages.
std::string shown(const std::filesystem::path& file);

// One call of a libvips operation. Arguments that the installed version does not know are left out.
class Operation {
 public:
  explicit Operation(const char* name);
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;
  ~Operation();

  bool has(const char* argument) const;
  // Value: int, double, gboolean, an enum of libvips, an object.
  template <class Value> Operation& set(const char* argument, Value value) {
    if (has(argument)) g_object_set(operation_, argument, value, nullptr);
    return *this;
  }
  bool run();          // false: take_vips_error() says why
  VipsImagePtr out();  // runs it; null: take_vips_error() says why

 private:
  VipsOperation* operation_ = nullptr;
};

}  // namespace gaussfilt::pictures
