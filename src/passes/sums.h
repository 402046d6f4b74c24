// Floor 1. Sums of windows: of integers modulo 2^16, 2^32 or 2^64, so that what is added and taken away again leaves no
// trace, and of doubles in blocks, so that an error reaches no further than its window.
#pragma once

#include <gaussfilt/array.h>

#include <cstddef>
#include <cstdint>

namespace gaussfilt::passes {

// A window along a line: samples [0, full) with weight 2^shift each, those beside them with weight `end` each.
struct SumWindow {
  std::size_t full = 1;
  std::uint32_t end = 0;
  unsigned shift = 0;
};

// T is uint16_t, uint32_t or uint64_t; negative samples are taken modulo 2^bits.
template <class T> struct SumPasses {
  // Rows of items of one integer dtype, aligned, into or out of a row of sums.
  void (*add)(T* sums, const std::byte* row, std::size_t count) noexcept;
  void (*take)(T* sums, const std::byte* row, std::size_t count) noexcept;
  void (*slide)(T* sums, const std::byte* entering, const std::byte* leaving, std::size_t count) noexcept;
  void (*add_weighted)(T* sums, const std::byte* row, T weight, std::size_t count) noexcept;
};
// Of a component dtype; nothing for floats and bool. Of T = uint16_t sums below 2^16 are taken as they are, those of
// the others as signed.
const SumPasses<std::uint16_t>* sum_passes_u16(DType dtype);
const SumPasses<std::uint32_t>* sum_passes_u32(DType dtype);
const SumPasses<std::uint64_t>* sum_passes_u64(DType dtype);
template <class T> const SumPasses<T>* sum_passes(DType dtype) {
  if constexpr (sizeof(T) == 2) return sum_passes_u16(dtype);
  else if constexpr (sizeof(T) == 4) return sum_passes_u32(dtype);
  else return sum_passes_u64(dtype);
}

template <class T> struct WindowPasses {
  void (*scale)(const T* from, unsigned shift, T* to, std::size_t count) noexcept;
  // sums[i + step] = sums[i] + row[i]: the sums of every step-th item; those before it come from the caller.
  void (*prefix)(const T* row, std::size_t count, std::size_t step, T* sums) noexcept;
  // to[i] = the window whose sample 0 is item i + step of the row that `sums` are of, i in [0, count). `sums` begin at
  // the item before it: to[i] reads items i ... i + (full + 1) step of the row.
  void (*window)(const T* sums, const SumWindow& window, std::size_t step, T* to, std::size_t count) noexcept;
  // window() without ends, signed, over the divisor.
  void (*window_f32)(const T* sums, std::size_t full, std::size_t step, float divisor, float* to,
                     std::size_t count) noexcept;
  void (*divide_f32)(const T* sums, float divisor, float* to, std::size_t count) noexcept;
  void (*divide_f64)(const T* sums, double divisor, double* to, std::size_t count) noexcept;
  // Rounded, half to even, to whole numbers below 2^53 in magnitude. The divisor is whole.
  void (*divide_whole)(const T* sums, std::int64_t divisor, double* to, std::size_t count) noexcept;
};
const WindowPasses<std::uint16_t>& window_passes_u16();
const WindowPasses<std::uint32_t>& window_passes_u32();
const WindowPasses<std::uint64_t>& window_passes_u64();
template <class T> const WindowPasses<T>& window_passes() {
  if constexpr (sizeof(T) == 2) return window_passes_u16();
  else if constexpr (sizeof(T) == 4) return window_passes_u32();
  else return window_passes_u64();
}

// Windows of few samples, each summed anew, over an odd divisor, rounded: to[i] is that of items i, i + step ... Sums
// must not exceed 255 * divisor.
inline constexpr std::size_t most_summed = 15;
inline constexpr double largest_small_divisor = 201;
void mean_u8(const std::uint16_t* row, std::size_t full, std::size_t step, std::uint32_t divisor, std::uint8_t* to,
             std::size_t count) noexcept;

struct MeanPasses {
  // to = a + b.
  void (*sum)(const double* a, const double* b, double* to, std::size_t count) noexcept;
  // to = (sums + weight (a + b)) / width; without a weight a and b are not read.
  void (*mean)(const double* sums, const double* a, const double* b, double weight, double width, double* to,
               std::size_t count) noexcept;
  // Of every step-th item: forward to[i] = to[i - step] + row[i], backward to[i] = row[i] + to[i + step]; the first
  // (last) `step` items are those of the row.
  void (*forward)(const double* row, double* to, std::size_t count, std::size_t step) noexcept;
  void (*backward)(const double* row, double* to, std::size_t count, std::size_t step) noexcept;
};
const MeanPasses& mean_passes();

}  // namespace gaussfilt::passes
