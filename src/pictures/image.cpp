// Floor 4. Between the samples of a picture and an image of libvips.
#include "image.h"

#include "metadata.h"

#include <gaussfilt/error.h>

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

namespace gaussfilt::pictures {
namespace {

VipsBandFormat band_format(DType dtype) {
  switch (dtype) {
    case DType::u8: return VIPS_FORMAT_UCHAR;
    case DType::i8: return VIPS_FORMAT_CHAR;
    case DType::u16: return VIPS_FORMAT_USHORT;
    case DType::i16: return VIPS_FORMAT_SHORT;
    case DType::u32: return VIPS_FORMAT_UINT;
    case DType::i32: return VIPS_FORMAT_INT;
    case DType::f64: return VIPS_FORMAT_DOUBLE;
    default: return VIPS_FORMAT_FLOAT;
  }
}

// 16 bits must be named, or the savers make 8 of them.
VipsInterpretation interpretation(Colour colour, DType dtype) {
  const bool wide = dtype == DType::u16;
  switch (colour) {
    case Colour::grey: return wide ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_B_W;
    case Colour::rgb:
      return wide                 ? VIPS_INTERPRETATION_RGB16
             : is_floating(dtype) ? VIPS_INTERPRETATION_scRGB
                                  : VIPS_INTERPRETATION_sRGB;
    case Colour::cmyk: return VIPS_INTERPRETATION_CMYK;
    case Colour::lab: return dtype == DType::i16 ? VIPS_INTERPRETATION_LABS : VIPS_INTERPRETATION_LAB;
    case Colour::bands: break;
  }
  return VIPS_INTERPRETATION_MULTIBAND;
}

}  // namespace

void fail_picture(std::string_view what) {
  throw IoError(fmt::format("the picture cannot be {}: {}.", what, take_vips_error()));
}

VipsImagePtr wrap(const Array& pixels, Colour colour) {
  const Shape& shape = pixels.shape();
  const VipsImagePtr bare(vips_image_new_from_memory(
      pixels.data(), static_cast<std::size_t>(pixels.size()) * size_of(pixels.dtype()), static_cast<int>(shape[1]),
      static_cast<int>(shape[0]), static_cast<int>(shape[2]), band_format(pixels.dtype())));
  if (!bare) fail_picture("encoded");
  VipsImagePtr named =
      Operation("copy").set("in", bare.get()).set("interpretation", interpretation(colour, pixels.dtype())).out();
  if (!named) fail_picture("encoded");
  return named;
}

Array bytes_of(VipsImage* image, std::string_view what) {
  std::size_t size = 0;
  const BytesPtr bytes(vips_image_write_to_memory(image, &size));
  if (!bytes) fail_picture(what);
  Array out(DType::u8, {image->Ysize, image->Xsize, image->Bands});
  if (size != out.items<std::uint8_t>().size()) throw IoError(fmt::format("the picture cannot be {}.", what));
  std::copy_n(static_cast<const std::uint8_t*>(bytes.get()), size, out.items<std::uint8_t>().begin());
  return out;
}

Array to_srgb(const Array& pixels, Colour colour, VipsImage* metadata) {
  VipsImagePtr image = wrap(pixels, colour);
  if (metadata != nullptr) copy_fields(metadata, image.get());
  const bool profile = vips_image_get_typeof(image.get(), VIPS_META_ICC_NAME) != 0;
  // Lab is what profiles connect by: it is exported, whatever profile says so once more.
  const char* const operation = colour == Colour::lab               ? "icc_export"
                                : profile || colour == Colour::cmyk ? "icc_transform"
                                                                    : "colourspace";
  Operation convert(operation);
  convert.set("in", image.get()).set("space", VIPS_INTERPRETATION_sRGB);
  convert.set("output_profile", "srgb").set("embedded", TRUE).set("input_profile", "cmyk");
  const VipsImagePtr rgb = convert.out();
  if (!rgb) fail_picture("converted to sRGB");
  return bytes_of(rgb.get(), "converted to sRGB");
}

}  // namespace gaussfilt::pictures
