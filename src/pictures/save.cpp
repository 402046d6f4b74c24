// Floor 4. Writing a picture: fit it to the format, encode in memory, hand the bytes to write_whole.
#include "colour.h"
#include "formats.h"
#include "image.h"
#include "metadata.h"
#include "output.h"
#include "state.h"

#include <gaussfilt/error.h>
#include <gaussfilt/files.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace gaussfilt::pictures {
namespace {

namespace fs = std::filesystem;

// A picture made to fit a format: pixels borrowed where they fit as they are.
struct Fitted {
  const Array* pixels = nullptr;
  Array own;
  Colour colour = Colour::grey;
  bool alpha = false;
  bool keep_profile = true;
  int lab_bits = 0;  // 8, 16, 32: how Lab is written
  std::vector<std::string> notes;

  void replace(Array made) {
    own = std::move(made);
    pixels = &own;
  }
};

std::string_view sample_name(DType dtype) { return is_floating(dtype) ? "float" : "wide or signed"; }

void check_fit(const PictureState& state, const Format& format, const SaveOptions& options, const std::string& title) {
  check_options(format, options);
  const Shape& shape = state.pixels.shape();
  if (state.pages > 1 && !format.pages)
    throw InvalidArgument(
        fmt::format("{}: {} holds one picture, and this one has {} pages; write .tif, .webp or .gif, "
                    "or choose one page (--page 1).",
                    title, format.name, state.pages));
  const std::int64_t height = shape[0] / state.pages;
  if (format.longest != 0 && std::max(height, shape[1]) > format.longest)
    throw IoError(
        fmt::format("{}: {} holds at most {} pixels a side, and this picture has {} x {}; write a PNG instead.", title,
                    format.name, format.longest, shape[1], height));
  if (state.colour == Colour::bands && !format.any_bands)
    throw InvalidArgument(fmt::format(
        "{}: the picture has {} bands without a colour, which TIFF alone holds; write .tif.", title, shape[2]));
  const DType dtype = state.pixels.dtype();
  const bool plain = dtype == DType::u8 || dtype == DType::u16 || state.colour == Colour::lab;
  if (!plain && format.bits < 32 && !options.depth)
    throw InvalidArgument(fmt::format("{}: {} has no {} samples; write .tif, or give a depth of 8 or 16 (--depth 16).",
                                      title, format.name, sample_name(dtype)));
}

void fit_colour(const PictureState& state, const Format& format, Fitted& fitted) {
  const bool foreign =
      (fitted.colour == Colour::cmyk && !format.cmyk) || (fitted.colour == Colour::lab && !format.any_bands);
  const bool has_profile = !profile_of(state).empty();
  const bool stranded = has_profile && !format.profile && fitted.colour != Colour::lab;
  if (!foreign && !stranded) return;
  fitted.notes.push_back(
      fmt::format("{} has no {}: converted to sRGB", format.name, foreign ? name(fitted.colour) : "colour profile"));
  fitted.replace(to_srgb(*fitted.pixels, fitted.colour, state.metadata.get()));
  fitted.colour = Colour::rgb;
  fitted.keep_profile = false;
}

void fit_depth(const PictureState& state, const Format& format, const SaveOptions& options, Fitted& fitted) {
  if (fitted.colour == Colour::lab) {
    const int own = state.lab_bits != 0 ? state.lab_bits : fitted.pixels->dtype() == DType::i16 ? 16 : 32;
    fitted.lab_bits = options.depth.value_or(own);
    return;
  }
  const DType dtype = fitted.pixels->dtype();
  const bool wide = dtype != DType::u8;
  const int wanted = options.depth.value_or(wide && format.bits == 8 ? 8 : 0);
  const DType depth = wanted == 8                           ? DType::u8
                      : wanted == 16                        ? DType::u16
                      : wanted == 32 || dtype == DType::f64 ? DType::f32
                                                            : dtype;
  if (depth == dtype) return;
  const bool both_floats = is_floating(depth) && is_floating(dtype);
  const bool linear = fitted.colour == Colour::rgb && profile_of(state).empty() && !both_floats;
  if (!options.depth)
    fitted.notes.push_back(
        fmt::format("{} has {} bits a sample: reduced from {}", format.name, 8 * size_of(depth), 8 * size_of(dtype)));
  fitted.replace(to_depth(*fitted.pixels, depth, linear, fitted.alpha));
}

void note_metadata(const PictureState& state, const Format& format, Fitted& fitted) {
  if (!state.metadata) return;
  std::vector<std::string_view> lost;
  const auto check = [&](const char* field, bool kept, std::string_view what) {
    if (!kept && !blob(state.metadata.get(), field).empty()) lost.push_back(what);
  };
  check(VIPS_META_EXIF_NAME, format.exif, "EXIF");
  check(VIPS_META_XMP_NAME, format.xmp, "XMP");
  check(VIPS_META_IPTC_NAME, format.iptc, "IPTC");
  if (!lost.empty())
    fitted.notes.push_back(fmt::format("{} has no place for {} here: dropped", format.name, fmt::join(lost, ", ")));
}

Fitted fit(const PictureState& state, const Format& format, const SaveOptions& options) {
  Fitted fitted;
  fitted.pixels = &state.pixels;
  fitted.colour = state.colour;
  fitted.alpha = state.alpha;
  fit_colour(state, format, fitted);
  if (state.alpha && !format.alpha) {
    fitted.replace(flatten_onto_white(*fitted.pixels));
    fitted.alpha = false;
    fitted.notes.push_back(fmt::format("{} has no alpha: flattened onto white", format.name));
  }
  fit_depth(state, format, options, fitted);
  if (format.bits == 12 && fitted.pixels->dtype() == DType::u16)
    fitted.notes.push_back(fmt::format("{} has 12 bits a sample: reduced from 16", format.name));
  if (!format.grey && fitted.colour == Colour::grey) {
    fitted.notes.push_back(fmt::format("{} has no grey: written as RGB", format.name));
    fitted.keep_profile = false;  // a grey one would not fit
  }
  if (format.name == "GIF") fitted.notes.emplace_back("GIF has 256 colours a frame: reduced to them");
  note_metadata(state, format, fitted);
  return fitted;
}

VipsImagePtr as_lab(VipsImagePtr image, int bits) {
  const bool wide = image->BandFmt == VIPS_FORMAT_SHORT;
  const char* const operation = bits == 8    ? (wide ? "LabS2LabQ" : "Lab2LabQ")
                                : bits == 16 ? (wide ? "" : "Lab2LabS")
                                             : (wide ? "LabS2Lab" : "");
  if (*operation == '\0') return image;
  VipsImagePtr converted = Operation(operation).set("in", image.get()).out();
  if (!converted) fail_picture("encoded");
  return converted;
}

// The image that the encoder is given, with metadata; one worker, since an encoder is serial.
VipsImagePtr dressed(const PictureState& state, const Fitted& fitted) {
  VipsImagePtr plain = wrap(*fitted.pixels, fitted.colour);
  if (fitted.lab_bits != 0) plain = as_lab(std::move(plain), fitted.lab_bits);
  VipsImagePtr image = Operation("copy").set("in", plain.get()).set("xres", state.x_res).set("yres", state.y_res).out();
  if (!image) fail_picture("encoded");
  if (state.metadata) copy_fields(state.metadata.get(), image.get());
  if (!fitted.keep_profile) vips_image_remove(image.get(), VIPS_META_ICC_NAME);
  vips_image_set_int(image.get(), VIPS_META_CONCURRENCY, 1);
  if (state.pages > 1)
    vips_image_set_int(image.get(), VIPS_META_PAGE_HEIGHT, static_cast<int>(fitted.pixels->shape()[0] / state.pages));
  return image;
}

// A file's bytes, in memory of libvips.
struct Encoded {
  BlobPtr blob;
  unsigned char* bytes = nullptr;
  std::size_t size = 0;
};

Encoded bytes_of(VipsTarget* target) {
  VipsBlob* blob = nullptr;
  g_object_get(target, "blob", &blob, nullptr);
  Encoded encoded{.blob = BlobPtr(VIPS_AREA(blob)), .bytes = nullptr, .size = 0};
  encoded.bytes =
      static_cast<unsigned char*>(vips_area_get_data(encoded.blob.get(), &encoded.size, nullptr, nullptr, nullptr));
  return encoded;
}

// libpng writes the EXIF chunk twice, before and after the pixels; a PNG may hold one. Takes the later one out.
void drop_second_exif(Encoded& png) {
  unsigned char* const bytes = png.bytes;
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

void set_tiff(Operation& saver, VipsImage* image, const SaveOptions& options) {
  const std::string name = options.compression.empty() ? "deflate" : options.compression;
  const int compression = vips_enum_from_nick("gaussfilt", VIPS_TYPE_FOREIGN_TIFF_COMPRESSION, name.c_str());
  const bool floats = image->BandFmt == VIPS_FORMAT_FLOAT || image->BandFmt == VIPS_FORMAT_DOUBLE;
  const bool predicts = name == "deflate" || name == "lzw" || name == "zstd";
  constexpr double most_bytes = 3.5e9;  // of what a classic TIFF can address
  saver.set("compression", compression)
      .set("predictor", !predicts ? VIPS_FOREIGN_TIFF_PREDICTOR_NONE
                        : floats  ? VIPS_FOREIGN_TIFF_PREDICTOR_FLOAT
                                  : VIPS_FOREIGN_TIFF_PREDICTOR_HORIZONTAL)
      .set("bigtiff", static_cast<double>(VIPS_IMAGE_SIZEOF_IMAGE(image)) > most_bytes ? TRUE : FALSE);
}

// PNG filter "up": a blurred picture hardly changes from row to row, and takes half the bytes of no filter.
Encoded encode(VipsImage* image, const Format& format, const SaveOptions& options, const std::string& title) {
  const VipsTargetPtr target(vips_target_new_to_memory());
  Operation saver(format.saver);
  saver.set("in", image).set("target", target.get());
  if (format.quality != 0) saver.set("Q", options.quality.value_or(format.quality));
  const bool wide = image->BandFmt == VIPS_FORMAT_USHORT;
  switch (format.compression) {
    case Compression::level:
      saver.set("bitdepth", wide ? 16 : 8)
          .set("compression", options.compression.empty() ? 4 : options.compression[0] - '0')
          .set("filter", VIPS_FOREIGN_PNG_FILTER_UP);
      break;
    case Compression::tiff: set_tiff(saver, image, options); break;
    case Compression::lossless: saver.set("lossless", options.compression == "lossless" ? TRUE : FALSE); break;
    case Compression::none: break;
  }
  if (format.name == "AVIF") saver.set("compression", VIPS_FOREIGN_HEIF_COMPRESSION_AV1);
  if (format.bits == 12) saver.set("bitdepth", wide ? 12 : 8);
  if (!saver.run()) throw IoError(fmt::format("{}: cannot be encoded: {}.", title, take_vips_error()));
  Encoded encoded = bytes_of(target.get());
  if (format.compression == Compression::level) drop_second_exif(encoded);
  return encoded;
}

Encoded encode(const PictureState& state, const Format& format, const SaveOptions& options, const std::string& title,
               std::vector<std::string>& notes) {
  check_fit(state, format, options, title);
  start_vips();
  Fitted fitted = fit(state, format, options);
  Encoded encoded = encode(dressed(state, fitted).get(), format, options, title);
  notes.insert(notes.end(), fitted.notes.begin(), fitted.notes.end());
  return encoded;
}

}  // namespace
}  // namespace gaussfilt::pictures

namespace gaussfilt::inline v0 {

std::vector<std::string> Picture::save(const std::filesystem::path& file, const SaveOptions& options) const {
  std::vector<std::string> notes;
  const pictures::Encoded encoded =
      pictures::encode(*state_, pictures::format_of(file), options, pictures::shown(file), notes);
  write_whole(file, std::as_bytes(std::span(encoded.bytes, encoded.size)));
  return notes;
}

std::vector<std::byte> Picture::encode(std::string_view extension, const SaveOptions& options,
                                       std::vector<std::string>* notes) const {
  std::vector<std::string> said;
  const std::string title = fmt::format("the {} picture", extension);
  const pictures::Encoded encoded =
      pictures::encode(*state_, pictures::format_of_extension(extension, title), options, title, said);
  if (notes != nullptr) notes->insert(notes->end(), said.begin(), said.end());
  const auto bytes = std::as_bytes(std::span(encoded.bytes, encoded.size));
  return {bytes.begin(), bytes.end()};
}

void check_writable(const std::filesystem::path& file, const SaveOptions& options) {
  pictures::check_options(pictures::format_of(file), options);
  pictures::check_target(file);
}

void check_writable(const Picture& picture, std::string_view extension, const SaveOptions& options) {
  const std::string title = fmt::format("the {} picture", extension);
  pictures::check_fit(PictureAccess::state(picture), pictures::format_of_extension(extension, title), options, title);
}

}  // namespace gaussfilt::inline v0
