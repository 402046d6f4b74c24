// Floor 1. Doubles to integers as SciPy's filters do it: by the C cast of x86-64, which cuts towards zero and wraps.
#pragma once

#include <gaussfilt/array.h>

#include <cstddef>

namespace gaussfilt::passes {

// For one integer dtype. What C leaves undefined is defined here as the compiled cast behaves: 8- and 16-bit integers
// keep the low bits of a cast to 32 bits, u32 those of a cast to 64; a value that does not fit that cast (NaN,
// infinity) becomes its lowest value, so 0 in all narrower ones. bool is cast as u8; its items are then stored as 0
// or 1.
struct CastPasses {
  // Replaces each of `count` doubles by the integer that it becomes.
  void (*in_place)(double* row, std::size_t count) noexcept;
  // Stores count groups of `inner` gapless items, groups `stride` bytes apart.
  void (*out)(const double* src, std::byte* dst, std::ptrdiff_t stride, std::size_t count, std::size_t inner) noexcept;
};

// The passes of the active CPU target; null for floating and complex dtypes.
const CastPasses* cast_f64(DType dtype);

}  // namespace gaussfilt::passes
