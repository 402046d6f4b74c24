// Floor 4. Starting libvips, and its error log.
#include "libvips.h"

#include <gaussfilt/error.h>

namespace gaussfilt::pictures {
namespace {

void swallow(const gchar*, GLogLevelFlags, const gchar*, gpointer) {}

bool start() {
  // Before vips_init: it warns about modules that it cannot load.
  const auto levels =
      static_cast<GLogLevelFlags>(G_LOG_LEVEL_WARNING | G_LOG_LEVEL_MESSAGE | G_LOG_LEVEL_INFO | G_LOG_LEVEL_DEBUG);
  g_log_set_handler("VIPS", levels, swallow, nullptr);
  if (VIPS_INIT("gaussfilt") != 0) throw IoError("libvips does not start: " + take_vips_error() + ".");
  vips_block_untrusted_set(TRUE);
  vips_cache_set_max(0);  // it would keep files open and pictures in memory
  return true;
}

}  // namespace

void start_vips() { [[maybe_unused]] static const bool started = start(); }

std::string take_vips_error() {
  std::string text = vips_error_buffer();
  vips_error_clear();
  text.resize(std::min(text.size(), text.find('\n')));
  return text.empty() ? "libvips gives no reason" : text;
}

std::string shown(const std::filesystem::path& file) { return file.string(); }

}  // namespace gaussfilt::pictures
