// Floor 4. The table of the formats that are written.
#include "formats.h"

#include "libvips.h"

#include <gaussfilt/error.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace gaussfilt::pictures {
namespace {

using Names = std::string_view;
constexpr std::array<Names, 1> png = {"png"};
constexpr std::array<Names, 4> jpeg = {"jpg", "jpeg", "jpe", "jfif"};
constexpr std::array<Names, 1> webp = {"webp"};
constexpr std::array<Names, 2> tiff = {"tif", "tiff"};
constexpr std::array<Names, 1> gif = {"gif"};
constexpr std::array<Names, 1> avif = {"avif"};
constexpr std::array<Names, 3> heic = {"heic", "heif", "hif"};
constexpr std::array<Names, 1> jxl = {"jxl"};
constexpr std::array<Names, 3> jp2 = {"jp2", "j2k", "jpx"};
constexpr std::array<Names, 6> tiff_compressions = {"none", "lzw", "deflate", "zstd", "packbits", "jpeg"};

// The limits of a side: libjpeg's and libwebp's, GIF's 16 bits.
constexpr std::array<Format, 9> all = {
    Format{
        .name = "PNG",
        .extensions = png,
        .saver = "pngsave_target",
        .compression = Compression::level,
        .bits = 16,
        .exif = true,
        .xmp = true,
    },
    Format{
        .name = "JPEG",
        .extensions = jpeg,
        .saver = "jpegsave_target",
        .quality = 95,
        .alpha = false,
        .cmyk = true,
        .exif = true,
        .xmp = true,
        .iptc = true,
        .longest = 65500,
    },
    Format{
        .name = "WebP",
        .extensions = webp,
        .saver = "webpsave_target",
        .compression = Compression::lossless,
        .quality = 90,
        .grey = false,
        .pages = true,
        .exif = true,
        .xmp = true,
        .longest = 16383,
    },
    Format{
        .name = "TIFF",
        .extensions = tiff,
        .saver = "tiffsave_target",
        .compression = Compression::tiff,
        .quality = 95,
        .bits = 32,
        .cmyk = true,
        .any_bands = true,
        .pages = true,
        .xmp = true,
        .iptc = true,
    },
    Format{
        .name = "GIF",
        .extensions = gif,
        .saver = "gifsave_target",
        .grey = false,
        .pages = true,
        .profile = false,
        .longest = 65535,
    },
    Format{
        .name = "AVIF",
        .extensions = avif,
        .saver = "heifsave_target",
        .quality = 80,
        .bits = 12,
        .grey = false,
        .exif = true,
        .xmp = true,
        .longest = 16384,
    },
    Format{
        .name = "HEIC",
        .extensions = heic,
        .saver = "heifsave_target",
        .quality = 80,
        .bits = 12,
        .grey = false,
        .exif = true,
        .xmp = true,
        .longest = 16384,
    },
    Format{
        .name = "JPEG XL",
        .extensions = jxl,
        .saver = "jxlsave_target",
        .compression = Compression::lossless,
        .quality = 80,
        .bits = 16,
    },
    Format{
        .name = "JPEG 2000",
        .extensions = jp2,
        .saver = "jp2ksave_target",
        .compression = Compression::lossless,
        .quality = 80,
        .bits = 16,
        .profile = false,
    },
};

std::vector<const Format*> find_writable() {
  start_vips();
  std::vector<const Format*> formats;
  for (const Format& format : all)
    if (vips_type_find("VipsOperation", format.saver) != 0) formats.push_back(&format);
  return formats;
}

const std::vector<const Format*>& writable() {
  static const std::vector<const Format*> formats = find_writable();
  return formats;
}

std::string compressions_of(const Format& format) {
  switch (format.compression) {
    case Compression::level: return "0 to 9";
    case Compression::tiff: return fmt::format("{}", fmt::join(tiff_compressions, ", "));
    case Compression::lossless: return "lossless or lossy";
    case Compression::none: break;
  }
  return "left out";
}

bool fits(const Format& format, const std::string& compression) {
  switch (format.compression) {
    case Compression::level: return compression.size() == 1 && std::isdigit(static_cast<unsigned char>(compression[0]));
    case Compression::tiff:
      return std::find(tiff_compressions.begin(), tiff_compressions.end(), compression) != tiff_compressions.end();
    case Compression::lossless: return compression == "lossless" || compression == "lossy";
    case Compression::none: break;
  }
  return false;
}

}  // namespace

const Format& format_of_extension(std::string_view wanted, const std::string& title) {
  std::string extension(wanted);
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const Format* format : writable())
    if (std::find(format->extensions.begin(), format->extensions.end(), extension) != format->extensions.end())
      return *format;
  throw InvalidArgument(fmt::format("{}: its extension is '{}', must be one of {} to be written.", title, extension,
                                    fmt::join(writable_extensions(), ", ")));
}

const Format& format_of(const std::filesystem::path& file) {
  const std::string extension = file.extension().string();
  return format_of_extension(std::string_view(extension).substr(extension.empty() ? 0 : 1), shown(file));
}

void check_options(const Format& format, const SaveOptions& options) {
  if (options.quality && (*options.quality < 1 || *options.quality > 100))
    throw InvalidArgument(fmt::format("quality: is {}, must be 1 to 100.", *options.quality));
  if (options.quality && format.quality == 0)
    throw InvalidArgument(
        fmt::format("quality: is {}, but {} has no such choice; leave it out.", *options.quality, format.name));
  if (!options.compression.empty() && !fits(format, options.compression))
    throw InvalidArgument(fmt::format("compression: is '{}', must be {} for {}.", options.compression,
                                      compressions_of(format), format.name));
  if (!options.depth) return;
  if (*options.depth != 8 && *options.depth != 16 && *options.depth != 32)
    throw InvalidArgument(fmt::format("depth: is {}, must be 8, 16 or 32 (float).", *options.depth));
  if (*options.depth > (format.bits == 12 ? 16 : format.bits))
    throw InvalidArgument(
        fmt::format("depth: is {}, but {} holds at most {} bits a sample.", *options.depth, format.name, format.bits));
}

}  // namespace gaussfilt::pictures

namespace gaussfilt::inline v0 {

std::span<const std::string_view> writable_extensions() {
  static const std::vector<std::string_view> extensions = [] {
    std::vector<std::string_view> names;
    for (const pictures::Format* format : pictures::writable())
      names.insert(names.end(), format->extensions.begin(), format->extensions.end());
    return names;
  }();
  return extensions;
}

}  // namespace gaussfilt::inline v0
