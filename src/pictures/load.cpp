// Floor 4. Reading a picture: row after row into memory of ours, as it is displayed; and what a file says of itself.
#include "exif.h"
#include "metadata.h"
#include "open.h"
#include "state.h"

#include <gaussfilt/error.h>

#include <lcms2.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace gaussfilt::pictures {
namespace {

namespace fs = std::filesystem;

// EXIF's eight orientations as steps: where the stored pixel (0, 0) stands when displayed, and how far apart
// neighbours in a stored row and a stored column are then, in pixels.
struct Placement {
  std::int64_t width = 0, height = 0;  // displayed
  std::int64_t first = 0, step_x = 1, step_y = 0;
};

Placement place(int orientation, std::int64_t width, std::int64_t height) {
  const bool turned = orientation >= 5;
  const std::int64_t w = turned ? height : width;
  const std::int64_t h = turned ? width : height;
  const bool from_right = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
  const bool from_below = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
  const std::int64_t across = from_right ? -1 : 1;
  const std::int64_t down = from_below ? -w : w;
  return {.width = w,
          .height = h,
          .first = (from_below ? (h - 1) * w : 0) + (from_right ? w - 1 : 0),
          .step_x = turned ? down : across,
          .step_y = turned ? across : down};
}

// Rows in the order of the file: the decoder goes through it once and holds only a few of them. Every page of
// `page_height` stored rows is placed in its own part of `pixels`.
void decode(VipsImage* image, const Placement& placement, std::int64_t page_height, Array& pixels,
            const std::string& title) {
  const VipsRegionPtr region(vips_region_new(image));
  const std::size_t pixel = VIPS_IMAGE_SIZEOF_PEL(image);
  const auto signed_pixel = static_cast<std::int64_t>(pixel);
  const std::int64_t page_pixels = placement.width * placement.height;
  constexpr int rows = 16;
  for (int top = 0; top < image->Ysize; top += rows) {
    const VipsRect strip = {.left = 0, .top = top, .width = image->Xsize, .height = std::min(rows, image->Ysize - top)};
    if (vips_region_prepare(region.get(), &strip) != 0)
      throw IoError(fmt::format("{}: is damaged or cut short: {}.", title, take_vips_error()));
    for (int y = top; y < top + strip.height; ++y) {
      const auto* from = VIPS_REGION_ADDR(region.get(), 0, y);
      const std::int64_t first = y / page_height * page_pixels + placement.first + y % page_height * placement.step_y;
      auto* to = static_cast<std::byte*>(pixels.data()) + first * signed_pixel;
      if (placement.step_x == 1) {
        std::memcpy(to, from, pixel * static_cast<std::size_t>(image->Xsize));
        continue;
      }
      for (int x = 0; x < image->Xsize; ++x, from += pixel, to += placement.step_x * signed_pixel)
        std::memcpy(to, from, pixel);
    }
  }
}

DType dtype_of(VipsBandFormat format, const std::string& title) {
  switch (format) {
    case VIPS_FORMAT_UCHAR: return DType::u8;
    case VIPS_FORMAT_CHAR: return DType::i8;
    case VIPS_FORMAT_USHORT: return DType::u16;
    case VIPS_FORMAT_SHORT: return DType::i16;
    case VIPS_FORMAT_UINT: return DType::u32;
    case VIPS_FORMAT_INT: return DType::i32;
    case VIPS_FORMAT_FLOAT: return DType::f32;
    case VIPS_FORMAT_DOUBLE: return DType::f64;
    default: break;
  }
  throw IoError(fmt::format("{}: has complex samples, which no picture should have.", title));
}

// Packed pixels of two kinds become samples: Lab in 32 bits, and Radiance's shared exponent.
VipsImagePtr unpack(VipsImagePtr image, const std::string& title) {
  if (image->Coding == VIPS_CODING_NONE) return image;
  Operation operation(image->Coding == VIPS_CODING_LABQ ? "LabQ2Lab" : "rad2float");
  VipsImagePtr unpacked = operation.set("in", image.get()).out();
  if (!unpacked) throw IoError(fmt::format("{}: cannot be decoded: {}.", title, take_vips_error()));
  return unpacked;
}

struct Meaning {
  Colour colour = Colour::bands;
  bool alpha = false;
};

Meaning meaning_of(const VipsImage* image) {
  const auto with = [&](Colour colour) -> Meaning {
    const int extra = image->Bands - colour_bands(colour, image->Bands);
    if (extra == 0 || extra == 1) return {colour, extra == 1};
    return {};
  };
  switch (image->Type) {
    case VIPS_INTERPRETATION_B_W:
    case VIPS_INTERPRETATION_GREY16: return with(Colour::grey);
    case VIPS_INTERPRETATION_sRGB:
    case VIPS_INTERPRETATION_RGB:
    case VIPS_INTERPRETATION_RGB16:
    case VIPS_INTERPRETATION_scRGB: return with(Colour::rgb);
    case VIPS_INTERPRETATION_CMYK: return with(Colour::cmyk);
    case VIPS_INTERPRETATION_LAB:
    case VIPS_INTERPRETATION_LABS: return with(Colour::lab);
    default: return image->Bands == 1 ? Meaning{Colour::grey, false} : Meaning{};
  }
}

std::unique_ptr<PictureState> load(const Input& input, const LoadOptions& options) {
  Opened opened = open_picture(input, options);
  auto state = std::make_unique<PictureState>();
  state->lab_bits = opened.image->Coding == VIPS_CODING_LABQ ? 8 : opened.image->BandFmt == VIPS_FORMAT_SHORT ? 16 : 32;
  const VipsImagePtr image = unpack(std::move(opened.image), input.title);
  const auto [colour, alpha] = meaning_of(image.get());
  state->colour = colour;
  state->alpha = alpha;
  if (colour != Colour::lab) state->lab_bits = 0;
  state->pages = opened.pages;
  const int orientation = vips_image_get_orientation(image.get());
  const std::int64_t page_height = image->Ysize / opened.pages;
  const Placement placement = place(orientation, image->Xsize, page_height);
  state->pixels =
      Array(dtype_of(image->BandFmt, input.title), {placement.height * opened.pages, placement.width, image->Bands});
  state->extension = opened.format.extension;
  state->notes = std::move(opened.notes);
  if (colour == Colour::bands)
    state->notes.push_back(fmt::format("{} channels without a known meaning were taken as they are", image->Bands));
  state->metadata = keep_metadata(image.get(), orientation >= 5, state->notes);
  decode(image.get(), placement, page_height, state->pixels, input.title);
  state->x_res = orientation >= 5 ? image->Yres : image->Xres;
  state->y_res = orientation >= 5 ? image->Xres : image->Yres;
  return state;
}

std::string profile_name(VipsImage* image) {
  const std::string_view bytes = blob(image, VIPS_META_ICC_NAME);
  if (bytes.empty()) return {};
  const cmsHPROFILE profile = cmsOpenProfileFromMem(bytes.data(), static_cast<cmsUInt32Number>(bytes.size()));
  if (profile == nullptr) return "damaged";
  std::array<char, 128> text{};
  cmsGetProfileInfoASCII(profile, cmsInfoDescription, "en", "US", text.data(), text.size());
  cmsCloseProfile(profile);
  text.back() = '\0';
  return text.front() == '\0' ? "unnamed" : text.data();
}

void read_timing(VipsImage* image, PictureInfo& info) {
  int* delays = nullptr;
  int count = 0;
  if (vips_image_get_typeof(image, "delay") != 0 && vips_image_get_array_int(image, "delay", &delays, &count) == 0)
    info.delays.assign(delays, delays + count);
  int loop = 0;
  if (!info.delays.empty() && vips_image_get_typeof(image, "loop") != 0 &&
      vips_image_get_int(image, "loop", &loop) == 0)
    info.loop = loop;
}

PictureInfo inspect_file(const fs::path& file, LoadOptions options) {
  options.max_pixels = std::numeric_limits<std::int64_t>::max();  // to look costs nothing
  options.max_pages = std::numeric_limits<int>::max();
  const Input input{.file = file, .bytes = {}, .title = shown(file)};
  Opened opened = open_picture(input, options);
  PictureInfo info;
  VipsImage* const image = opened.image.get();
  const bool has_exif = !blob(image, VIPS_META_EXIF_NAME).empty();
  info.format = opened.format.name;
  info.pages = opened.all_pages;
  info.orientation = vips_image_get_orientation(image);
  const Placement placement = place(info.orientation, image->Xsize, image->Ysize / opened.pages);
  info.width = placement.width;
  info.height = placement.height;
  info.profile = profile_name(image);
  read_timing(image, info);
  // Without a unit, libvips makes one pixel a millimetre of it.
  const bool turned = info.orientation >= 5;
  if (image->Xres != 1) {
    info.x_dpi = 25.4 * (turned ? image->Yres : image->Xres);
    info.y_dpi = 25.4 * (turned ? image->Xres : image->Yres);
  }
  for (const auto& [field, title] : {std::pair{VIPS_META_EXIF_NAME, "EXIF"}, std::pair{VIPS_META_XMP_NAME, "XMP"},
                                     std::pair{VIPS_META_IPTC_NAME, "IPTC"}})
    if (!blob(image, field).empty()) info.metadata.emplace_back(title);
  info.preview = vips_image_get_typeof(image, "jpeg-thumbnail-data") != 0 ||
                 (has_exif && has_thumbnail(blob(image, VIPS_META_EXIF_NAME)));
  const VipsImagePtr unpacked = unpack(std::move(opened.image), input.title);
  info.bands = unpacked->Bands;
  info.dtype = dtype_of(unpacked->BandFmt, input.title);
  const auto [colour, alpha] = meaning_of(unpacked.get());
  info.colour = colour;
  info.alpha = alpha;
  info.notes = std::move(opened.notes);
  return info;
}

}  // namespace
}  // namespace gaussfilt::pictures

namespace gaussfilt::inline v0 {

Picture Picture::load(const std::filesystem::path& file, const LoadOptions& options) {
  return Picture(pictures::load({.file = file, .bytes = {}, .title = pictures::shown(file)}, options));
}

Picture Picture::decode(std::span<const std::byte> bytes, const LoadOptions& options, const std::string& title) {
  return Picture(pictures::load({.file = {}, .bytes = bytes, .title = title}, options));
}

PictureInfo inspect(const std::filesystem::path& file, const LoadOptions& options) {
  return pictures::inspect_file(file, options);
}

}  // namespace gaussfilt::inline v0
