// Test support: picture files made byte by byte, files decoded without gaussfilt, folders that clean up after
// themselves.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace picture_files {

namespace fs = std::filesystem;

// A folder of its own for one test, removed at the end.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  fs::path operator/(const std::string& name) const { return path_ / name; }
  const fs::path& path() const { return path_; }
  // Names in it, sorted.
  std::vector<std::string> names() const;

 private:
  fs::path path_;
};

std::string read_bytes(const fs::path& file);
void write_bytes(const fs::path& file, std::string_view bytes);

// Samples of a picture, band innermost.
struct Samples {
  int width = 0;
  int height = 0;
  int bands = 0;
  int bits = 8;
  std::vector<std::uint16_t> values;

  std::uint16_t at(int x, int y, int band) const {
    return values[static_cast<std::size_t>((y * width + x) * bands + band)];
  }
  friend bool operator==(const Samples&, const Samples&) = default;
};

// Levels that look like nothing in particular: every value of `bits` comes up, neighbours differ.
Samples noise(int width, int height, int bands, int bits, std::uint32_t seed = 1);

enum PngColour : int { grey = 0, rgb = 2, palette = 3, grey_alpha = 4, rgba = 6 };

struct PngOptions {
  PngColour colour = rgb;
  int depth = 8;
  bool interlaced = false;
  std::vector<std::pair<std::string, std::string>> chunks = {};  // before IDAT: name, content (PLTE, tRNS, iCCP ...)
};

// A PNG with stored (uncompressed) blocks; `samples` as they stand in the file (indices for a palette).
std::string png(const Samples& samples, const PngOptions& options);
std::string png_chunk(const std::string& name, const std::string& content);
std::string png_header(std::uint32_t width, std::uint32_t height, int depth, PngColour colour, bool interlaced = false);
// zlib stream of stored blocks.
std::string stored(const std::string& bytes);
// Bit depth and colour type that a PNG file claims.
std::pair<int, int> png_type(const std::string& bytes);

struct JpegOptions {
  bool progressive = false;
  int quality = 95;
  std::vector<std::pair<int, std::string>> segments = {};  // APPn: n, content; after the first marker
};

// 1, 3 or 4 (CMYK) bands.
std::string jpeg(const Samples& samples, const JpegOptions& options = {});

// An EXIF block (with "Exif\0\0" in front): resolution 300 dpi, orientation, a description, a maker note that contains
// `maker_note`, and a thumbnail that contains `thumbnail`.
std::string exif(int orientation, const std::string& thumbnail, const std::string& maker_note);
// Photoshop resources: IPTC with `caption`, a thumbnail with `thumbnail`.
std::string photoshop(const std::string& caption, const std::string& thumbnail);

// A small ICC profile for RGB (sRGB's primaries and a gamma), made here.
std::string rgb_profile();
inline constexpr double rgb_profile_gamma = 0x0233 / 256.0;

// What a file holds, by libvips alone: pixels as stored, or as displayed.
Samples decode(const fs::path& file, bool displayed = false);
// A metadata field as text; "" where there is none. Blobs come as their bytes.
std::string field(const fs::path& file, const char* name);
double resolution(const fs::path& file);  // pixels a millimetre, along x

}  // namespace picture_files
