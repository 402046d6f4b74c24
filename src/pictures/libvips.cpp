// Floor 4. Starting libvips, its error log, its operations, and which of its loaders may be used.
#include "libvips.h"

#include <gaussfilt/error.h>
#include <gaussfilt/pictures.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace gaussfilt::pictures {
namespace {

void swallow(const gchar*, GLogLevelFlags, const gchar*, gpointer) {}

bool start() {
  // Before vips_init: it warns about modules that it cannot load.
  const auto levels =
      static_cast<GLogLevelFlags>(G_LOG_LEVEL_WARNING | G_LOG_LEVEL_MESSAGE | G_LOG_LEVEL_INFO | G_LOG_LEVEL_DEBUG);
  g_log_set_handler("VIPS", levels, swallow, nullptr);
  g_log_set_handler("GLib-GObject", G_LOG_LEVEL_WARNING, swallow, nullptr);  // sizes beyond all sense in a file
  if (VIPS_INIT("gaussfilt") != 0) throw IoError("libvips does not start: " + take_vips_error() + ".");
  vips_block_untrusted_set(TRUE);
  vips_operation_block_set("VipsForeignLoadSvg", FALSE);  // without a base address it reads no other file
  vips_operation_block_set("VipsForeignSave", FALSE);     // what is written is ours
  vips_cache_set_max(0);                                  // it would keep files open and pictures in memory
  return true;
}

// "VipsForeignLoadPdf" and "pdfload_base" give "pdf".
constexpr std::string_view base_suffix = "load_base";

struct Family {
  std::string name;  // "pdf"
  const char* type;  // "VipsForeignLoadPdf": what is blocked, with all below it
};

void* add_family(GType type, void* list) {
  auto& families = *static_cast<std::vector<Family>*>(list);
  const auto* flags = static_cast<const VipsOperationClass*>(g_type_class_peek(type));
  const std::string_view nickname = vips_nickname_find(type);
  if (flags == nullptr || (flags->flags & VIPS_OPERATION_UNTRUSTED) == 0) return nullptr;
  // The family's base where there is one; a loader that stands alone is its own.
  const bool base = nickname.ends_with(base_suffix);
  const bool alone = nickname.ends_with("load") && g_type_parent(type) == vips_foreign_load_get_type();
  if (!base && !alone) return nullptr;
  families.push_back({std::string(nickname.substr(0, nickname.rfind("load"))), g_type_name(type)});
  return nullptr;
}

std::vector<Family> untrusted_families() {
  start_vips();
  std::vector<Family> families;
  vips_type_map_all(vips_foreign_load_get_type(), add_family, &families);
  std::erase_if(families, [](const Family& family) { return family.name == "svg"; });
  std::sort(families.begin(), families.end(), [](const Family& a, const Family& b) { return a.name < b.name; });
  return families;
}

}  // namespace

void start_vips() { [[maybe_unused]] static const bool started = start(); }

std::string take_vips_error() {
  std::string text = vips_error_buffer();
  vips_error_clear();
  text.resize(std::min(text.size(), text.find('\n')));
  return text.empty() ? "libvips gives no reason" : text;
}

std::string shown(const std::filesystem::path& file) { return file == "/dev/stdin" ? "standard input" : file.string(); }

Operation::Operation(const char* name) : operation_(vips_operation_new(name)) {
  if (operation_ == nullptr) throw IoError("libvips has no such operation: " + take_vips_error() + ".");
}

Operation::~Operation() {
  vips_object_unref_outputs(VIPS_OBJECT(operation_));
  g_object_unref(operation_);
}

bool Operation::has(const char* argument) const {
  return g_object_class_find_property(G_OBJECT_GET_CLASS(operation_), argument) != nullptr;
}

bool Operation::run() { return vips_cache_operation_buildp(&operation_) == 0; }

VipsImagePtr Operation::out() {
  if (!run()) return {};
  VipsImage* image = nullptr;
  g_object_get(operation_, "out", &image, nullptr);
  return VipsImagePtr(image);
}

}  // namespace gaussfilt::pictures

namespace gaussfilt::inline v0 {

void allow_loader(std::string_view name) {
  const std::vector<pictures::Family> families = pictures::untrusted_families();
  const auto found =
      std::find_if(families.begin(), families.end(), [&](const auto& family) { return family.name == name; });
  if (found == families.end())
    throw InvalidArgument(
        fmt::format("allow_loader: is '{}', must be one of {}.", name, fmt::join(loaders_to_allow(), ", ")));
  vips_operation_block_set(found->type, FALSE);
}

std::vector<std::string> loaders_to_allow() {
  std::vector<std::string> names;
  for (const pictures::Family& family : pictures::untrusted_families()) names.push_back(family.name);
  return names;
}

}  // namespace gaussfilt::inline v0
