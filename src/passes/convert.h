// Floor 1. Conversion between the items of a dtype and the working precision (float or double): the one place where
// results are rounded and saturated.
#pragma once

#include <gaussfilt/array.h>

#include <cstddef>

namespace gaussfilt::passes {

// Items are components: real numbers of any alignment. To integers: half to even, saturating, NaN gives 0; to f16 and
// f32: IEEE rounding, half to even.
template <class T> struct ConvertPasses {
  // count groups of `inner` gapless items, groups `stride` bytes apart, to or from gapless memory.
  void (*in)(const std::byte* src, std::ptrdiff_t stride, std::size_t count, std::size_t inner, T* dst) noexcept;
  void (*out)(const T* src, std::byte* dst, std::ptrdiff_t stride, std::size_t count, std::size_t inner) noexcept;
  // Past the caches, where items are gapless, either way round; then FirPasses::end_streams() before another thread
  // reads them.
  void (*out_streamed)(const T* src, std::byte* dst, std::ptrdiff_t stride, std::size_t count,
                       std::size_t inner) noexcept;
  // One item a row and column, rows x columns in a tile: for panels whose rows lie across the memory.
  void (*in_across)(const std::byte* src, std::ptrdiff_t row_stride, std::ptrdiff_t column_stride, std::size_t rows,
                    std::size_t columns, T* dst, std::size_t dst_pitch) noexcept;
};

// The passes of the active CPU target for one component dtype (not c64, c128).
const ConvertPasses<float>& convert_f32(DType dtype);
const ConvertPasses<double>& convert_f64(DType dtype);

template <class T> const ConvertPasses<T>& convert(DType dtype) {
  if constexpr (sizeof(T) == sizeof(float)) return convert_f32(dtype);
  else return convert_f64(dtype);
}

}  // namespace gaussfilt::passes
