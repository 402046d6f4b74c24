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
using VipsRegionPtr = std::unique_ptr<VipsRegion, Unref>;
using BytesPtr = std::unique_ptr<void, Free>;

// Starts libvips once: only loaders that its authors hold safe for files of strangers, no operation cache, silent.
void start_vips();

// The first line of what libvips last complained about; clears it.
std::string take_vips_error();

// A name as it stands in messages.
std::string shown(const std::filesystem::path& file);

}  // namespace gaussfilt::pictures
