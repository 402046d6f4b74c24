// Floor 4. Reading a picture: which format, how large, then row after row into memory of ours, as it is displayed.
#include "metadata.h"
#include "state.h"

#include <gaussfilt/error.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

namespace gaussfilt::pictures {
namespace {

namespace fs = std::filesystem;

// Opened by us and handed over as a descriptor: libvips reads options out of file names ("a[page=1].png").
VipsSourcePtr open_source(const fs::path& file) {
  struct Descriptor {
    int value;
    ~Descriptor() {
      if (value >= 0) ::close(value);
    }
  };
  const Descriptor descriptor{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
  struct stat found {};
  if (descriptor.value < 0 || ::fstat(descriptor.value, &found) != 0)
    throw IoError(fmt::format("{}: cannot be read: {}.", shown(file), std::generic_category().message(errno)));
  if (S_ISDIR(found.st_mode)) throw IoError(fmt::format("{}: is a folder, not a picture.", shown(file)));
  if (S_ISREG(found.st_mode) && found.st_size == 0)
    throw IoError(fmt::format("{}: is empty, not a picture.", shown(file)));
  VipsSourcePtr source(vips_source_new_from_descriptor(descriptor.value));
  if (!source) throw IoError(fmt::format("{}: cannot be read: {}.", shown(file), take_vips_error()));
  return source;
}

enum class Format { png, jpeg };

// What a PNG says before its pixels and libvips passes over without a word.
struct PngHeader {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  int depth = 8;  // bits of a sample, or of an index into the palette
  bool palette = false;
  bool animated = false;
  std::optional<std::uint32_t> gamma;  // times 100000, where nothing better tells the colours
};

// `start` has the header whole, which lies at fixed places. Chunks of a fixed length are found by length and name.
PngHeader read_png_header(std::string_view start) {
  constexpr std::string_view animation("\0\0\0\bacTL", 8);
  constexpr std::string_view srgb("\0\0\0\1sRGB", 8);
  constexpr std::string_view gamma("\0\0\0\4gAMA", 8);
  const auto has = [&](std::string_view chunk) { return start.find(chunk) != std::string_view::npos; };
  PngHeader header{.width = big_endian(start.substr(16, 4)),
                   .height = big_endian(start.substr(20, 4)),
                   .depth = start[24],
                   .palette = start[25] == 3,
                   .animated = has(animation),
                   .gamma = {}};
  if (has(gamma) && !has(srgb)) header.gamma = big_endian(start.substr(start.find(gamma) + gamma.size(), 4));
  return header;
}

std::string_view sniff(VipsSource* source, std::size_t bytes) {
  unsigned char* data = nullptr;
  const gint64 size = vips_source_sniff_at_most(source, &data, bytes);
  return size <= 0 ? std::string_view()
                   : std::string_view(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));
}

Format format_of(std::string_view start, const fs::path& file) {
  if (start.size() >= 33 && start.starts_with("\x89PNG\r\n\x1a\n") && start.substr(12, 4) == "IHDR") return Format::png;
  if (start.starts_with("\xff\xd8\xff")) return Format::jpeg;
  throw IoError(fmt::format("{}: its content is not that of a PNG or JPEG picture.", shown(file)));
}

void check_size(std::uint64_t width, std::uint64_t height, const LoadOptions& options, const fs::path& file) {
  const auto limit = static_cast<std::uint64_t>(std::max<std::int64_t>(options.max_pixels, 0));
  if (width != 0 && height > limit / width)
    throw IoError(
        fmt::format("{}: claims {} x {} pixels, more than the limit of {}.", shown(file), width, height, limit));
}

void note_png(const PngHeader& header, const char* colour, bool profile, std::vector<std::string>& notes) {
  if (header.palette) notes.push_back(fmt::format("a palette of {} bits was read as 8 bit {}", header.depth, colour));
  if (!header.palette && header.depth < 8)
    notes.push_back(fmt::format("{} bit{} a sample became 8", header.depth, header.depth == 1 ? "" : "s"));
  if (header.animated) notes.emplace_back("only the first frame of an animated PNG was read");
  constexpr std::uint32_t like_srgb = 45455;
  if (header.gamma && !profile && (*header.gamma + 500 < like_srgb || *header.gamma > like_srgb + 500))
    notes.push_back(fmt::format("the gamma chunk ({:.5f}) is not kept", *header.gamma / 100000.0));
}

VipsImagePtr open_image(VipsSource* source, Format format, const fs::path& file) {
  VipsImage* image = nullptr;
  const int failed = format == Format::png ? vips_pngload_source(source, &image, "access", VIPS_ACCESS_SEQUENTIAL,
                                                                 "fail_on", VIPS_FAIL_ON_ERROR, nullptr)
                                           : vips_jpegload_source(source, &image, "access", VIPS_ACCESS_SEQUENTIAL,
                                                                  "fail_on", VIPS_FAIL_ON_ERROR, nullptr);
  if (failed != 0) throw IoError(fmt::format("{}: is damaged or cut short: {}.", shown(file), take_vips_error()));
  return VipsImagePtr(image);
}

// EXIF's eight orientations as steps: where the stored pixel (0, 0) stands when displayed, and how far apart
// neighbours in a stored row and a stored column are then, in pixels.
struct Placement {
  Shape shape;  // displayed
  std::int64_t first = 0, step_x = 1, step_y = 0;
};

Placement place(int orientation, std::int64_t width, std::int64_t height, std::int64_t bands) {
  const bool turned = orientation >= 5;
  const std::int64_t w = turned ? height : width;
  const std::int64_t h = turned ? width : height;
  const bool from_right = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
  const bool from_below = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
  const std::int64_t across = from_right ? -1 : 1;
  const std::int64_t down = from_below ? -w : w;
  return {.shape = {h, w, bands},
          .first = (from_below ? (h - 1) * w : 0) + (from_right ? w - 1 : 0),
          .step_x = turned ? down : across,
          .step_y = turned ? across : down};
}

// Rows in the order of the file: the decoder goes through it once and holds only a few of them.
void decode(VipsImage* image, const Placement& placement, Array& pixels, const fs::path& file) {
  const VipsRegionPtr region(vips_region_new(image));
  const std::size_t pixel = VIPS_IMAGE_SIZEOF_PEL(image);
  const auto signed_pixel = static_cast<std::int64_t>(pixel);
  constexpr int rows = 16;
  for (int top = 0; top < image->Ysize; top += rows) {
    const VipsRect strip = {.left = 0, .top = top, .width = image->Xsize, .height = std::min(rows, image->Ysize - top)};
    if (vips_region_prepare(region.get(), &strip) != 0)
      throw IoError(fmt::format("{}: is damaged or cut short: {}.", shown(file), take_vips_error()));
    for (int y = top; y < top + strip.height; ++y) {
      const auto* from = VIPS_REGION_ADDR(region.get(), 0, y);
      auto* to = static_cast<std::byte*>(pixels.data()) + (placement.first + y * placement.step_y) * signed_pixel;
      if (placement.step_x == 1) {
        std::memcpy(to, from, pixel * static_cast<std::size_t>(image->Xsize));
        continue;
      }
      for (int x = 0; x < image->Xsize; ++x, from += pixel, to += placement.step_x * signed_pixel)
        std::memcpy(to, from, pixel);
    }
  }
}

// Colour, alpha and dtype from what the decoder says; refuses what neither format should hold.
void describe_bands(const VipsImage* image, Format format, PictureState& state, const fs::path& file) {
  const int bands = image->Bands;
  if (format == Format::jpeg && bands == 4) {
    state.colour = Colour::cmyk;
  } else if (bands >= 1 && bands <= 4 && (format == Format::png || bands % 2 == 1)) {
    state.colour = bands <= 2 ? Colour::grey : Colour::rgb;
    state.alpha = bands % 2 == 0;
  } else {
    throw IoError(fmt::format("{}: has {} channels, which no PNG or JPEG picture should have.", shown(file), bands));
  }
  if (image->BandFmt != VIPS_FORMAT_UCHAR && image->BandFmt != VIPS_FORMAT_USHORT)
    throw IoError(fmt::format("{}: has samples that are neither 8 nor 16 bit.", shown(file)));
}

std::unique_ptr<PictureState> load(const fs::path& file, const LoadOptions& options) {
  start_vips();
  const VipsSourcePtr source = open_source(file);
  const std::string_view start = sniff(source.get(), 65536);
  const Format format = format_of(start, file);
  std::optional<PngHeader> png;
  if (format == Format::png) {
    png = read_png_header(start);
    check_size(png->width, png->height, options, file);
  }
  const VipsImagePtr image = open_image(source.get(), format, file);
  check_size(static_cast<std::uint64_t>(image->Xsize), static_cast<std::uint64_t>(image->Ysize), options, file);

  auto state = std::make_unique<PictureState>();
  describe_bands(image.get(), format, *state, file);
  const int orientation = vips_image_get_orientation(image.get());
  const Placement placement = place(orientation, image->Xsize, image->Ysize, image->Bands);
  state->pixels = Array(image->BandFmt == VIPS_FORMAT_UCHAR ? DType::u8 : DType::u16, placement.shape);
  decode(image.get(), placement, state->pixels, file);

  constexpr std::array names = {"grey", "grey+alpha", "RGB", "RGBA"};
  const bool profile = vips_image_get_typeof(image.get(), VIPS_META_ICC_NAME) != 0;
  if (png) note_png(*png, names[static_cast<std::size_t>(image->Bands - 1)], profile, state->notes);
  state->metadata = keep_metadata(image.get(), orientation >= 5, state->notes);
  state->x_res = orientation >= 5 ? image->Yres : image->Xres;
  state->y_res = orientation >= 5 ? image->Xres : image->Yres;
  return state;
}

}  // namespace
}  // namespace gaussfilt::pictures

namespace gaussfilt::inline v0 {

Picture Picture::load(const std::filesystem::path& file, const LoadOptions& options) {
  return Picture(pictures::load(file, options));
}

}  // namespace gaussfilt::inline v0
