// Test support: picture files made byte by byte, and decoded by libvips alone.
#include "picture_files.h"

#include <vips/vips.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>

namespace picture_files {
namespace {

std::string big(std::uint32_t value, int bytes) {
  std::string text;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) text += static_cast<char>(value >> shift & 0xff);
  return text;
}

std::string little(std::uint32_t value, int bytes) {
  std::string text = big(value, bytes);
  std::reverse(text.begin(), text.end());
  return text;
}

std::uint32_t crc32(const std::string& bytes) {
  std::uint32_t crc = 0xffffffffu;
  for (const char byte : bytes) {
    crc ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
  }
  return ~crc;
}

std::uint32_t adler32(const std::string& bytes) {
  std::uint32_t a = 1;
  std::uint32_t b = 0;
  for (const char byte : bytes) {
    a = (a + static_cast<unsigned char>(byte)) % 65521;
    b = (b + a) % 65521;
  }
  return b << 16 | a;
}

// The rows of every (x0, y0, dx, dy) subset, filter byte 0 in front, samples packed.
std::string scanlines(const Samples& samples, int depth, int x0, int y0, int dx, int dy) {
  std::string bytes;
  for (int y = y0; y < samples.height && x0 < samples.width; y += dy) {
    bytes += '\0';
    std::uint32_t bits = 0;
    int count = 0;
    for (int x = x0; x < samples.width; x += dx)
      for (int band = 0; band < samples.bands; ++band) {
        bits = bits << depth | samples.at(x, y, band);
        for (count += depth; count >= 8; count -= 8) bytes += static_cast<char>(bits >> (count - 8) & 0xff);
      }
    if (count > 0) bytes += static_cast<char>(bits << (8 - count) & 0xff);
  }
  return bytes;
}

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};
using Image = std::unique_ptr<VipsImage, Unref>;

void check(int result) {
  if (result != 0) throw std::runtime_error("libvips: " + std::string(vips_error_buffer()));
}

void start() {
  if (VIPS_INIT("gaussfilt-test") != 0) throw std::runtime_error("libvips does not start");
}

// By descriptor, so that no name is read as options.
Image open(const fs::path& file) {
  start();
  const std::string bytes = read_bytes(file);
  VipsImage* image = nullptr;
  check(bytes.starts_with("\x89PNG") ? vips_pngload(file.c_str(), &image, nullptr)
                                     : vips_jpegload(file.c_str(), &image, nullptr));
  return Image(image);
}

}  // namespace

Folder::Folder() {
  std::string pattern = (fs::temp_directory_path() / "gaussfilt-test-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no folder for the test");
  path_ = pattern;
}

Folder::~Folder() {
  std::error_code error;
  fs::permissions(path_, fs::perms::owner_all, error);
  fs::remove_all(path_, error);
}

std::vector<std::string> Folder::names() const {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(path_)) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::string read_bytes(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void write_bytes(const fs::path& file, std::string_view bytes) {
  std::ofstream stream(file, std::ios::binary);
  stream << bytes;
  if (!stream.flush()) throw std::runtime_error("cannot write " + file.string());
}

Samples noise(int width, int height, int bands, int bits, std::uint32_t seed) {
  Samples samples{width, height, bands, bits, {}};
  std::uint32_t state = seed * 2654435761u + 1;
  for (int i = 0; i < width * height * bands; ++i) {
    state = state * 1664525u + 1013904223u;
    samples.values.push_back(static_cast<std::uint16_t>(state >> (32 - bits)));
  }
  return samples;
}

std::string png_chunk(const std::string& name, const std::string& content) {
  return big(static_cast<std::uint32_t>(content.size()), 4) + name + content + big(crc32(name + content), 4);
}

std::string png_header(std::uint32_t width, std::uint32_t height, int depth, PngColour colour, bool interlaced) {
  std::string content = big(width, 4) + big(height, 4);
  for (const int byte : {depth, static_cast<int>(colour), 0, 0, interlaced ? 1 : 0}) content += static_cast<char>(byte);
  return "\x89PNG\r\n\x1a\n" + png_chunk("IHDR", content);
}

std::string stored(const std::string& bytes) {
  std::string stream = "\x78\x01";
  for (std::size_t at = 0; at == 0 || at < bytes.size(); at += 65535) {
    const std::string block = bytes.substr(at, 65535);
    const auto size = static_cast<std::uint32_t>(block.size());
    stream += at + 65535 >= bytes.size() ? '\1' : '\0';
    stream += little(size, 2) + little(~size & 0xffff, 2) + block;
  }
  return stream + big(adler32(bytes), 4);
}

std::string png(const Samples& samples, const PngOptions& options) {
  std::string bytes = png_header(static_cast<std::uint32_t>(samples.width), static_cast<std::uint32_t>(samples.height),
                                 options.depth, options.colour, options.interlaced);
  for (const auto& [name, content] : options.chunks) bytes += png_chunk(name, content);
  std::string rows;
  if (options.interlaced) {
    constexpr int passes[7][4] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
                                  {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};
    for (const auto& [x0, y0, dx, dy] : passes) rows += scanlines(samples, options.depth, x0, y0, dx, dy);
  } else {
    rows = scanlines(samples, options.depth, 0, 0, 1, 1);
  }
  return bytes + png_chunk("IDAT", stored(rows)) + png_chunk("IEND", "");
}

std::pair<int, int> png_type(const std::string& bytes) { return {bytes.at(24), bytes.at(25)}; }

std::string jpeg(const Samples& samples, const JpegOptions& options) {
  start();
  std::vector<std::uint8_t> levels(samples.values.begin(), samples.values.end());
  const Image bare(vips_image_new_from_memory(levels.data(), levels.size(), samples.width, samples.height,
                                              samples.bands, VIPS_FORMAT_UCHAR));
  VipsImage* named = nullptr;
  check(vips_copy(bare.get(), &named, "interpretation",
                  samples.bands == 1   ? VIPS_INTERPRETATION_B_W
                  : samples.bands == 3 ? VIPS_INTERPRETATION_sRGB
                                       : VIPS_INTERPRETATION_CMYK,
                  nullptr));
  const Image image(named);
  void* data = nullptr;
  std::size_t size = 0;
  check(vips_jpegsave_buffer(image.get(), &data, &size, "Q", options.quality, "interlace",
                             options.progressive ? TRUE : FALSE, "strip", TRUE, nullptr));
  std::string bytes(static_cast<const char*>(data), size);
  g_free(data);
  std::string extra;
  for (const auto& [number, content] : options.segments)
    extra += '\xff' + std::string(1, static_cast<char>(0xe0 + number)) +
             big(static_cast<std::uint32_t>(content.size() + 2), 2) + content;
  return bytes.insert(2, extra);
}

std::string exif(int orientation, const std::string& thumbnail, const std::string& maker_note) {
  const auto entry = [](std::uint32_t tag, std::uint32_t type, std::uint32_t count, std::uint32_t value) {
    return little(tag, 2) + little(type, 2) + little(count, 4) + little(value, 4);
  };
  const auto size = [](const std::string& text) { return static_cast<std::uint32_t>(text.size()); };
  const std::string description("A test picture\0", 15);
  // Offsets: header 8, IFD 0 of 6 entries 8..86, its data, the EXIF IFD, its data, IFD 1, the thumbnail.
  const std::uint32_t data0 = 8 + 2 + 6 * 12 + 4;
  const std::uint32_t description_at = data0 + 16;
  const std::uint32_t exif_ifd = description_at + size(description) + 1;
  const std::uint32_t maker_at = exif_ifd + 2 + 12 + 4;
  const std::uint32_t ifd1 = maker_at + size(maker_note) + size(maker_note) % 2;
  const std::uint32_t thumbnail_at = ifd1 + 2 + 3 * 12 + 4;
  std::string tiff = "II" + little(42, 2) + little(8, 4);
  tiff += little(6, 2) + entry(0x010e, 2, size(description), description_at) +
          entry(0x0112, 3, 1, static_cast<std::uint32_t>(orientation)) + entry(0x011a, 5, 1, data0) +
          entry(0x011b, 5, 1, data0 + 8) + entry(0x0128, 3, 1, 2) + entry(0x8769, 4, 1, exif_ifd) + little(ifd1, 4);
  tiff += little(300, 4) + little(1, 4) + little(300, 4) + little(1, 4) + description + '\0';
  tiff += little(1, 2) + entry(0x927c, 7, size(maker_note), maker_at) + little(0, 4);
  tiff += maker_note + (maker_note.size() % 2 != 0 ? std::string(1, '\0') : "");
  tiff += little(3, 2) + entry(0x0103, 3, 1, 6) + entry(0x0201, 4, 1, thumbnail_at) +
          entry(0x0202, 4, 1, size(thumbnail)) + little(0, 4);
  return std::string("Exif\0\0", 6) + tiff + thumbnail;
}

std::string photoshop(const std::string& caption, const std::string& thumbnail) {
  const auto resource = [](std::uint32_t id, const std::string& data) {
    return "8BIM" + big(id, 2) + big(0, 2) + big(static_cast<std::uint32_t>(data.size()), 4) + data +
           (data.size() % 2 != 0 ? std::string(1, '\0') : "");
  };
  const std::string iptc = "\x1c\x02\x78" + big(static_cast<std::uint32_t>(caption.size()), 2) + caption;
  return std::string("Photoshop 3.0\0", 14) + resource(0x040c, thumbnail) + resource(0x0404, iptc) +
         resource(0x0409, thumbnail);
}

std::string rgb_profile() {
  const auto fixed = [](double value) {
    return big(static_cast<std::uint32_t>(static_cast<std::int32_t>(value * 65536 + (value < 0 ? -0.5 : 0.5))), 4);
  };
  const auto xyz = [&](double x, double y, double z) { return "XYZ " + big(0, 4) + fixed(x) + fixed(y) + fixed(z); };
  const std::string name("gaussfilt test", 15);
  const std::string description = "desc" + big(0, 4) + big(static_cast<std::uint32_t>(name.size()), 4) + name +
                                  std::string(78, '\0') + std::string(3, '\0');
  const std::string curve = "curv" + big(0, 4) + big(1, 4) + big(0x0233, 2) + big(0, 2);  // rgb_profile_gamma
  const std::array<std::pair<std::string, std::string>, 9> tags = {
      {{"desc", description},
       {"cprt", "text" + big(0, 4) + std::string("none\0\0\0\0", 8)},
       {"wtpt", xyz(0.9642, 1, 0.8249)},
       {"rXYZ", xyz(0.4361, 0.2225, 0.0139)},
       {"gXYZ", xyz(0.3851, 0.7169, 0.0971)},
       {"bXYZ", xyz(0.1431, 0.0606, 0.7141)},
       {"rTRC", curve},
       {"gTRC", curve},
       {"bTRC", curve}}};
  std::string table = big(tags.size(), 4);
  std::string data;
  const auto start_of_data = static_cast<std::uint32_t>(128 + 4 + 12 * tags.size());
  for (const auto& [tag, content] : tags) {
    table += tag + big(start_of_data + static_cast<std::uint32_t>(data.size()), 4) +
             big(static_cast<std::uint32_t>(content.size()), 4);
    data += content + std::string((4 - content.size() % 4) % 4, '\0');
  }
  const auto total = static_cast<std::uint32_t>(128 + table.size() + data.size());
  std::string header = big(total, 4) + big(0, 4) + big(0x02400000, 4) + "mntrRGB XYZ " + big(0x07ea0001, 4) +
                       big(0x00010000, 4) + big(0, 4) + "acsp";
  header += std::string(68 - header.size(), '\0') + fixed(0.9642) + fixed(1) + fixed(0.8249);
  header += std::string(128 - header.size(), '\0');
  return header + table + data;
}

Samples decode(const fs::path& file, bool displayed) {
  Image image = open(file);
  if (displayed) {
    VipsImage* turned = nullptr;
    check(vips_autorot(image.get(), &turned, nullptr));
    image.reset(turned);
  }
  std::size_t size = 0;
  void* data = vips_image_write_to_memory(image.get(), &size);
  if (data == nullptr) throw std::runtime_error("libvips: " + std::string(vips_error_buffer()));
  const bool wide = image->BandFmt == VIPS_FORMAT_USHORT;
  Samples samples{image->Xsize, image->Ysize, image->Bands, wide ? 16 : 8, {}};
  const std::size_t count = size / (wide ? 2 : 1);
  if (wide) {
    samples.values.assign(static_cast<const std::uint16_t*>(data), static_cast<const std::uint16_t*>(data) + count);
  } else {
    samples.values.assign(static_cast<const std::uint8_t*>(data), static_cast<const std::uint8_t*>(data) + count);
  }
  g_free(data);
  return samples;
}

std::string field(const fs::path& file, const char* name) {
  const Image image = open(file);
  const GType type = vips_image_get_typeof(image.get(), name);
  if (type == 0) return "";
  if (type == VIPS_TYPE_BLOB) {
    const void* data = nullptr;
    std::size_t size = 0;
    check(vips_image_get_blob(image.get(), name, &data, &size));
    return {static_cast<const char*>(data), size};
  }
  char* text = nullptr;
  check(vips_image_get_as_string(image.get(), name, &text));
  const std::string copy = text;
  g_free(text);
  return copy;
}

double resolution(const fs::path& file) { return open(file)->Xres; }

}  // namespace picture_files
