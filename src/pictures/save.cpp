// Floor 4. Writing a picture: fit it to the format, encode in memory, hand the bytes to write_whole.
#include "colour.h"
#include "metadata.h"
#include "output.h"
#include "state.h"

#include <gaussfilt/error.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace gaussfilt::pictures {
namespace {

namespace fs = std::filesystem;
constexpr std::array<std::string_view, 3> extensions = {"png", "jpg", "jpeg"};

// Lower case, without the dot; throws where nobody writes it.
std::string writable_extension(const fs::path& file) {
  std::string extension = file.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (!extension.empty()) extension.erase(0, 1);
  if (std::find(extensions.begin(), extensions.end(), extension) == extensions.end())
    throw InvalidArgument(fmt::format("{}: its extension is '{}', must be one of {} to be written.", shown(file),
                                      extension, fmt::join(extensions, ", ")));
  return extension;
}

// A picture made to fit a format: pixels borrowed where they fit as they are.
struct Fitted {
  const Array* pixels = nullptr;
  Array own;
  Colour colour = Colour::grey;
  bool keep_profile = true;
  std::vector<std::string> notes;

  void replace(Array made) {
    own = std::move(made);
    pixels = &own;
  }
};

// An image whose pixels are ours: it must not outlive them.
VipsImagePtr wrap(const Array& pixels, Colour colour) {
  const Shape& shape = pixels.shape();
  const bool wide = pixels.dtype() == DType::u16;
  const VipsImagePtr bare(vips_image_new_from_memory(
      pixels.data(), static_cast<std::size_t>(pixels.size()) * size_of(pixels.dtype()), static_cast<int>(shape[1]),
      static_cast<int>(shape[0]), static_cast<int>(shape[2]), wide ? VIPS_FORMAT_USHORT : VIPS_FORMAT_UCHAR));
  // 16 bits must be named, or the PNG writer makes 8 of them.
  const VipsInterpretation meaning = colour == Colour::cmyk ? VIPS_INTERPRETATION_CMYK
                                     : colour == Colour::grey
                                         ? (wide ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_B_W)
                                         : (wide ? VIPS_INTERPRETATION_RGB16 : VIPS_INTERPRETATION_sRGB);
  VipsImage* named = nullptr;
  if (!bare || vips_copy(bare.get(), &named, "interpretation", meaning, nullptr) != 0)
    throw IoError("the picture cannot be encoded: " + take_vips_error() + ".");
  return VipsImagePtr(named);
}

Array cmyk_to_rgb(const Array& pixels, VipsImage* metadata) {
  const VipsImagePtr image = wrap(pixels, Colour::cmyk);
  if (metadata != nullptr) copy_fields(metadata, image.get());
  VipsImage* converted = nullptr;
  if (vips_icc_transform(image.get(), &converted, "srgb", "embedded", TRUE, "input_profile", "cmyk", nullptr) != 0)
    throw IoError("the CMYK picture cannot be converted to sRGB: " + take_vips_error() + ".");
  const VipsImagePtr rgb(converted);
  std::size_t size = 0;
  const BytesPtr bytes(vips_image_write_to_memory(rgb.get(), &size));
  if (!bytes) throw IoError("the CMYK picture cannot be converted to sRGB: " + take_vips_error() + ".");
  Array out(DType::u8, {pixels.shape()[0], pixels.shape()[1], 3});
  if (size != out.items<std::uint8_t>().size()) throw IoError("the CMYK picture cannot be converted to sRGB.");
  std::copy_n(static_cast<const std::uint8_t*>(bytes.get()), size, out.items<std::uint8_t>().begin());
  return out;
}

Fitted fit(const PictureState& state, bool jpeg) {
  Fitted fitted;
  fitted.pixels = &state.pixels;
  fitted.colour = state.colour;
  if (jpeg && state.alpha) {
    fitted.replace(flatten_onto_white(*fitted.pixels));
    fitted.notes.emplace_back("JPEG has no alpha: flattened onto white");
  }
  if (jpeg && state.pixels.dtype() == DType::u16) {
    fitted.replace(to_8_bits(*fitted.pixels));
    fitted.notes.emplace_back("JPEG has 8 bits a sample: reduced from 16");
  }
  if (!jpeg && state.colour == Colour::cmyk) {
    fitted.replace(cmyk_to_rgb(*fitted.pixels, state.metadata.get()));
    fitted.colour = Colour::rgb;
    fitted.keep_profile = false;
    fitted.notes.emplace_back("PNG has no CMYK: converted to sRGB");
  }
  return fitted;
}

// The image that the encoder is given, with metadata; one worker, since an encoder is serial.
VipsImagePtr dressed(const PictureState& state, const Fitted& fitted) {
  const VipsImagePtr plain = wrap(*fitted.pixels, fitted.colour);
  VipsImage* copied = nullptr;
  if (vips_copy(plain.get(), &copied, "xres", state.x_res, "yres", state.y_res, nullptr) != 0)
    throw IoError("the picture cannot be encoded: " + take_vips_error() + ".");
  VipsImagePtr image(copied);
  if (state.metadata) copy_fields(state.metadata.get(), image.get());
  if (!fitted.keep_profile) vips_image_remove(image.get(), VIPS_META_ICC_NAME);
  vips_image_set_int(image.get(), VIPS_META_CONCURRENCY, 1);
  return image;
}

struct Encoded {
  BytesPtr bytes;
  std::size_t size = 0;
};

// libpng writes the EXIF chunk twice, before and after the pixels; a PNG may hold one. Takes the later one out.
void drop_second_exif(Encoded& png) {
  auto* bytes = static_cast<unsigned char*>(png.bytes.get());
  bool seen = false;
  for (std::size_t at = 8; at + 12 <= png.size;) {
    const std::size_t chunk = std::size_t{12} + (std::size_t{bytes[at]} << 24 | std::size_t{bytes[at + 1]} << 16 |
                                                 std::size_t{bytes[at + 2]} << 8 | bytes[at + 3]);
    if (chunk > png.size - at) return;
    if (std::memcmp(bytes + at + 4, "eXIf", 4) != 0 || !std::exchange(seen, true)) {
      at += chunk;
    } else {
      std::memmove(bytes + at, bytes + at + chunk, png.size - at - chunk);
      png.size -= chunk;
    }
  }
}

// PNG filter "up": a blurred picture hardly changes from row to row, and takes half the bytes of no filter.
Encoded encode(VipsImage* image, bool jpeg, const SaveOptions& options, const fs::path& file) {
  void* bytes = nullptr;
  std::size_t size = 0;
  const int failed =
      jpeg ? vips_jpegsave_buffer(image, &bytes, &size, "Q", options.quality, nullptr)
           : vips_pngsave_buffer(image, &bytes, &size, "bitdepth", image->BandFmt == VIPS_FORMAT_USHORT ? 16 : 8,
                                 "palette", FALSE, "compression", 6, "filter", VIPS_FOREIGN_PNG_FILTER_UP, nullptr);
  if (failed != 0) throw IoError(fmt::format("{}: cannot be encoded: {}.", shown(file), take_vips_error()));
  Encoded encoded{BytesPtr(bytes), size};
  if (!jpeg) drop_second_exif(encoded);
  return encoded;
}

std::vector<std::string> save(const PictureState& state, const fs::path& file, const SaveOptions& options) {
  const bool jpeg = writable_extension(file) != "png";
  if (options.quality < 1 || options.quality > 100)
    throw InvalidArgument(fmt::format("quality: is {}, must be 1 to 100.", options.quality));
  constexpr std::int64_t longest_jpeg = 65500;  // libjpeg's limit, a little under the format's
  const Shape& shape = state.pixels.shape();
  if (jpeg && std::max(shape[0], shape[1]) > longest_jpeg)
    throw IoError(
        fmt::format("{}: JPEG holds at most {} pixels a side, and this picture has {} x {}; write a PNG instead.",
                    shown(file), longest_jpeg, shape[1], shape[0]));
  start_vips();
  Fitted fitted = fit(state, jpeg);
  const Encoded encoded = encode(dressed(state, fitted).get(), jpeg, options, file);
  write_whole(file, {static_cast<const std::byte*>(encoded.bytes.get()), encoded.size});
  return std::move(fitted.notes);
}

}  // namespace
}  // namespace gaussfilt::pictures

namespace gaussfilt::inline v0 {

std::vector<std::string> Picture::save(const std::filesystem::path& file, const SaveOptions& options) const {
  return pictures::save(*state_, file, options);
}

std::span<const std::string_view> writable_extensions() { return pictures::extensions; }

void check_writable(const std::filesystem::path& file) {
  pictures::writable_extension(file);
  pictures::check_target(file);
}

}  // namespace gaussfilt::inline v0
