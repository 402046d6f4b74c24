// Floor 4. Loops over the samples of a picture: rows, dtypes, levels.
#pragma once

#include <gaussfilt/array.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace gaussfilt::pictures {

template <class T> T* row(const MutableView& view, std::int64_t y) {
  return reinterpret_cast<T*>(static_cast<std::byte*>(view.data()) + y * view.strides()[0]);
}
template <class T> const T* row(const View& view, std::int64_t y) {
  return reinterpret_cast<const T*>(static_cast<const std::byte*>(view.data()) + y * view.strides()[0]);
}

template <class T> constexpr double full = std::is_floating_point_v<T> ? 1.0 : double{std::numeric_limits<T>::max()};

template <class T> T to_level(double value) {
  if constexpr (std::is_floating_point_v<T>) {
    return static_cast<T>(value);
  } else {
    return static_cast<T>(std::nearbyint(
        std::clamp(value, double{std::numeric_limits<T>::min()}, double{std::numeric_limits<T>::max()})));
  }
}

// Calls rows(T{}) for the picture dtype that this is.
template <class Rows> void with_dtype(DType dtype, Rows rows) {
  switch (dtype) {
    case DType::u8: return rows(std::uint8_t{});
    case DType::i8: return rows(std::int8_t{});
    case DType::u16: return rows(std::uint16_t{});
    case DType::i16: return rows(std::int16_t{});
    case DType::u32: return rows(std::uint32_t{});
    case DType::i32: return rows(std::int32_t{});
    case DType::f64: return rows(double{});
    default: return rows(float{});
  }
}
template <class Rows> void with_working(DType dtype, Rows rows) {
  if (dtype == DType::f64) {
    rows(double{});
  } else {
    rows(float{});
  }
}

}  // namespace gaussfilt::pictures
