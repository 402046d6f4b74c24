// Floor 1. Sums over a kernel of any shape: raw rows in, raw rows out, in the working precision. They allocate nothing,
// know no borders and throw nothing. Every output is summed in the order of the taps, whichever pass computes it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace gaussfilt::passes {

// Taps that follow each other and read one row.
template <class T> struct DenseLine {
  const T* row = nullptr;  // at output 0's own place
  std::uint32_t first = 0, count = 0;
};

// All taps of a kernel of `height` rows of `width` taps, none left out.
template <class T> struct DenseGrid {
  const T* weights = nullptr;
  std::size_t height = 0, width = 0;
};

template <class T> struct DensePasses {
  // out[x] = sum over the lines, over their taps i, of weights[i] * row[x + offsets[i] * step], x in [0, width).
  void (*lines)(const DenseLine<T>* lines, std::size_t count, const std::int32_t* offsets, const T* weights,
                std::ptrdiff_t step, T* out, std::size_t width) noexcept;
  // Four rows of outputs: out[y][x] = sum over i, then over k, of weights[i, k] * rows[y + i][x + k * step].
  void (*grid)(const T* const* rows, T* const* out, const DenseGrid<T>& grid, std::ptrdiff_t step,
               std::size_t width) noexcept;
  // row[x] = row[x] * factor + (x even ? even : odd).
  void (*finish)(T* row, std::size_t count, T factor, T even, T odd) noexcept;
};

inline constexpr std::size_t grid_rows = 4;

// The passes of the active CPU target.
const DensePasses<float>& dense_f32();
const DensePasses<double>& dense_f64();

template <class T> const DensePasses<T>& dense() {
  if constexpr (sizeof(T) == sizeof(float)) return dense_f32();
  else return dense_f64();
}

}  // namespace gaussfilt::passes
