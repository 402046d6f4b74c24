// Floor 4. Alpha weights, flattening and depth. Plain loops: they stream, the filter between them does the work.
#include "colour.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace gaussfilt::pictures {
namespace {

template <class T> T* row(const MutableView& view, std::int64_t y) {
  return reinterpret_cast<T*>(static_cast<std::byte*>(view.data()) + y * view.strides()[0]);
}
template <class T> const T* row(const View& view, std::int64_t y) {
  return reinterpret_cast<const T*>(static_cast<const std::byte*>(view.data()) + y * view.strides()[0]);
}

template <class T> constexpr double full = std::numeric_limits<T>::max();

template <class T> T to_level(double value) { return static_cast<T>(std::nearbyint(std::clamp(value, 0.0, full<T>))); }

// Products in f64: level x alpha of 16 bits does not fit an f32, and opaque levels must stay what they are.
template <class T> void premultiply_row(const T* in, float* out, std::int64_t width, std::int64_t bands) {
  for (std::int64_t x = 0; x < width; ++x, in += bands, out += bands) {
    const double alpha = in[bands - 1];
    for (std::int64_t band = 0; band + 1 < bands; ++band) out[band] = static_cast<float>(in[band] * alpha / full<T>);
    out[bands - 1] = static_cast<float>(alpha);
  }
}

template <class T> void unpremultiply_row(const float* in, T* out, std::int64_t width, std::int64_t bands) {
  for (std::int64_t x = 0; x < width; ++x, in += bands, out += bands) {
    const double weight = in[bands - 1];
    const T alpha = to_level<T>(weight);
    for (std::int64_t band = 0; band + 1 < bands; ++band)
      out[band] = alpha == 0 ? T{0} : to_level<T>(in[band] * full<T> / weight);
    out[bands - 1] = alpha;
  }
}

template <class T> void flatten_row(const T* in, T* out, std::int64_t width, std::int64_t bands) {
  for (std::int64_t x = 0; x < width; ++x, in += bands, out += bands - 1) {
    const double alpha = in[bands - 1] / full<T>;
    for (std::int64_t band = 0; band + 1 < bands; ++band)
      out[band] = to_level<T>(in[band] * alpha + full<T> * (1 - alpha));
  }
}

// Calls rows(T{}) for the picture dtype that this is.
template <class Rows> void with_dtype(DType dtype, Rows rows) {
  if (dtype == DType::u8) {
    rows(std::uint8_t{});
  } else {
    rows(std::uint16_t{});
  }
}

}  // namespace

Array premultiply(const View& pixels) {
  Array out(DType::f32, pixels.shape());
  const MutableView weighted = out;
  const Shape& shape = pixels.shape();
  with_dtype(pixels.dtype(), [&]<class T>(T) {
    for (std::int64_t y = 0; y < shape[0]; ++y)
      premultiply_row(row<T>(pixels, y), row<float>(weighted, y), shape[1], shape[2]);
  });
  return out;
}

void unpremultiply(const Array& weighted, const MutableView& pixels) {
  const View in = weighted;
  const Shape& shape = pixels.shape();
  with_dtype(pixels.dtype(), [&]<class T>(T) {
    for (std::int64_t y = 0; y < shape[0]; ++y)
      unpremultiply_row(row<float>(in, y), row<T>(pixels, y), shape[1], shape[2]);
  });
}

Array flatten_onto_white(const Array& pixels) {
  const Shape& shape = pixels.shape();
  Array out(pixels.dtype(), {shape[0], shape[1], shape[2] - 1});
  const View from = pixels;
  const MutableView to = out;
  with_dtype(pixels.dtype(), [&]<class T>(T) {
    for (std::int64_t y = 0; y < shape[0]; ++y) flatten_row(row<T>(from, y), row<T>(to, y), shape[1], shape[2]);
  });
  return out;
}

Array to_8_bits(const Array& pixels) {
  Array out(DType::u8, pixels.shape());
  const auto from = pixels.items<std::uint16_t>();
  // 65535 = 255 * 257, an odd factor: no ties, so adding half of it rounds to the nearest.
  std::transform(from.begin(), from.end(), out.items<std::uint8_t>().begin(),
                 [](std::uint16_t level) { return static_cast<std::uint8_t>((level + 128) / 257); });
  return out;
}

}  // namespace gaussfilt::pictures
