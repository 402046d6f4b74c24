// Floor 4. Before and after in one picture.
#include "samples.h"
#include "state.h"

#include <gaussfilt/error.h>
#include <gaussfilt/sheets.h>

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

namespace gaussfilt::pictures {
namespace {

// Columns from `from_x` of a picture, to `to_x` of another one with as many rows and the same samples.
void place(const View& from, std::int64_t from_x, std::int64_t columns, const MutableView& to, std::int64_t to_x) {
  const std::int64_t pixel = from.shape()[2] * static_cast<std::int64_t>(size_of(from.dtype()));
  for (std::int64_t y = 0; y < from.shape()[0]; ++y)
    std::memcpy(row<std::byte>(to, y) + to_x * pixel, row<std::byte>(from, y) + from_x * pixel,
                static_cast<std::size_t>(columns * pixel));
}

// What is white and opaque of a band.
double white_level(Colour colour, bool alpha, std::int64_t band, std::int64_t bands, DType dtype) {
  constexpr double lightest_lab = 100;
  if (alpha && band == bands - 1) return white(dtype);
  if (colour == Colour::cmyk) return 0;
  if (colour != Colour::lab) return white(dtype);
  return band > 0 ? 0 : is_floating(dtype) ? lightest_lab : white(dtype);
}

void whiten(PictureState& state, std::int64_t x, std::int64_t columns) {
  const MutableView pixels = state.pixels;
  const std::int64_t bands = pixels.shape()[2];
  with_dtype(pixels.dtype(), [&]<class T>(T) {
    for (std::int64_t y = 0; y < pixels.shape()[0]; ++y)
      for (std::int64_t i = 0; i < columns * bands; ++i)
        row<T>(pixels, y)[x * bands + i] =
            to_level<T>(white_level(state.colour, state.alpha, i % bands, bands, pixels.dtype()));
  });
}

Picture side_by_side(const Picture& before, const Picture& after) {
  const std::int64_t width = after.width(), bar = std::clamp<std::int64_t>(2 * width / 256, 2, 16);
  Picture result = after.copy();
  PictureState& state = PictureAccess::state(result);
  state.pixels = Array(after.dtype(), {after.height() * after.pages(), 2 * width + bar, after.bands()});
  place(before.pixels(), 0, width, result.pixels(), 0);
  whiten(state, width, bar);
  place(after.pixels(), 0, width, result.pixels(), width + bar);
  return result;
}

// Too narrow for a line it has none.
Picture split(const Picture& before, const Picture& after) {
  const std::int64_t width = after.width(), line = width < 8 ? 0 : std::clamp<std::int64_t>(width / 256, 1, 8);
  const std::int64_t left = (width - line) / 2;
  Picture result = after.copy();
  place(before.pixels(), 0, left, result.pixels(), 0);
  whiten(PictureAccess::state(result), left, line);
  return result;
}

}  // namespace
}  // namespace gaussfilt::pictures

namespace gaussfilt::inline v0 {

Picture comparison(const Picture& before, const Picture& after, CompareAs how) {
  if (before.width() != after.width() || before.height() != after.height() || before.pages() != after.pages() ||
      before.bands() != after.bands() || before.dtype() != after.dtype() || before.colour() != after.colour())
    throw InvalidArgument(
        fmt::format("comparison: the pictures are {} and {}, must agree in size, pages, channels and depth.",
                    before.describe(), after.describe()));
  switch (how) {
    case CompareAs::side: return pictures::side_by_side(before, after);
    case CompareAs::split: return pictures::split(before, after);
    case CompareAs::difference: break;
  }
  return heatmap(before, after, Compared::seen);
}

}  // namespace gaussfilt::inline v0
