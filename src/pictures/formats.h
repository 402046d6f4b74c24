// Floor 4. The formats that are written, and what each can hold.
#pragma once

#include <gaussfilt/pictures.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string_view>

namespace gaussfilt::pictures {

// What --compression means for a format.
enum class Compression { none, level, tiff, lossless };

struct Format {
  std::string_view name;                         // "PNG"
  std::span<const std::string_view> extensions;  // lower case
  const char* saver;                             // libvips' operation
  Compression compression = Compression::none;
  int quality = 0;  // the default; 0: has none
  int bits = 8;     // of the widest samples: 8, 12, 16 or 32 (f32); TIFF holds every kind but f64
  bool grey = true;
  bool alpha = true;
  bool cmyk = false;
  bool any_bands = false;  // Lab, and bands without a colour
  bool pages = false;
  bool profile = true;
  bool exif = false;
  bool xmp = false;
  bool iptc = false;
  std::int64_t longest = 0;  // pixels a side; 0: no limit that a picture here meets
};

// The format that the extension of `file` names. Throws InvalidArgument where nobody writes it.
const Format& format_of(const std::filesystem::path& file);
const Format& format_of_extension(std::string_view extension, const std::string& title);

// Throws InvalidArgument where an option is no good for the format.
void check_options(const Format& format, const SaveOptions& options);

}  // namespace gaussfilt::pictures
