// Floor 4. A picture as it is seen, small.
#include "colour.h"
#include "image.h"
#include "state.h"

#include <gaussfilt/error.h>
#include <gaussfilt/sheets.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include <fmt/format.h>

namespace gaussfilt::pictures {
namespace {

Array copy_of(const View& page) {
  Array pixels(page.dtype(), page.shape());
  std::memcpy(pixels.data(), page.data(), static_cast<std::size_t>(pixels.size()) * size_of(pixels.dtype()));
  return pixels;
}

// Of bands without a colour the first three, or the first alone.
Array first_bands(const Array& pixels) {
  const Shape& shape = pixels.shape();
  const std::int64_t kept = shape[2] >= 3 ? 3 : 1;
  const std::size_t size = size_of(pixels.dtype()), from = static_cast<std::size_t>(shape[2]) * size;
  Array out(pixels.dtype(), {shape[0], shape[1], kept});
  for (std::size_t i = 0; i < static_cast<std::size_t>(shape[0] * shape[1]); ++i)
    std::memcpy(static_cast<std::byte*>(out.data()) + i * static_cast<std::size_t>(kept) * size,
                static_cast<const std::byte*>(pixels.data()) + i * from, static_cast<std::size_t>(kept) * size);
  return out;
}

Array grey_as_rgb(const Array& grey) {
  Array out(DType::u8, {grey.shape()[0], grey.shape()[1], 3});
  auto to = out.items<std::uint8_t>().begin();
  for (const std::uint8_t level : grey.items<std::uint8_t>()) to = std::fill_n(to, 3, level);
  return out;
}

// The first page as u8 sRGB, alpha flattened onto white.
Array as_seen(const Picture& picture) {
  const PictureState& state = PictureAccess::state(picture);
  Array pixels = copy_of(picture.page(0));
  Colour colour = picture.colour();
  if (colour == Colour::bands) {
    pixels = first_bands(pixels);
    colour = pixels.shape()[2] == 3 ? Colour::rgb : Colour::grey;
  }
  const bool profile = !profile_of(state).empty();
  if (colour != Colour::lab && pixels.dtype() != DType::u8) {
    const bool light = colour == Colour::rgb && picture.colour() == Colour::rgb && !profile;
    pixels = to_depth(pixels, DType::u8, light, picture.has_alpha());
  }
  if (colour == Colour::lab || colour == Colour::cmyk || profile)
    pixels = to_srgb(pixels, colour, state.metadata.get());
  if (picture.has_alpha()) pixels = flatten_onto_white(pixels);
  return pixels.shape()[2] == 1 ? grey_as_rgb(pixels) : std::move(pixels);
}

}  // namespace
}  // namespace gaussfilt::pictures

namespace gaussfilt::inline v0 {

Picture thumbnail(const Picture& picture, int width, int height) {
  if (width < 1 || height < 1)
    throw InvalidArgument(fmt::format("thumbnail: the box is {} x {}, must be at least 1 x 1.", width, height));
  pictures::start_vips();
  Array seen = pictures::as_seen(picture);
  const auto columns = static_cast<double>(picture.width()), rows = static_cast<double>(picture.height());
  const double scale = std::min(width / columns, height / rows);
  if (scale >= 1) return {std::move(seen), Colour::rgb};
  const auto shrunk = [scale](double length) { return std::max(1.0, std::round(length * scale)) / length; };
  const pictures::VipsImagePtr image = pictures::wrap(seen, Colour::rgb);
  const pictures::VipsImagePtr small = pictures::Operation("resize")
                                           .set("in", image.get())
                                           .set("scale", shrunk(columns))
                                           .set("vscale", shrunk(rows))
                                           .out();
  if (!small) pictures::fail_picture("shrunk");
  return {pictures::bytes_of(small.get(), "shrunk"), Colour::rgb};
}

}  // namespace gaussfilt::inline v0
