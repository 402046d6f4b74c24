// Floor 1. FIR in integers, for 8-bit samples: bytes in, 16-bit fractions between two axes, bytes out. Sums are exact
// in 32 bits; a pass rounds once, as it stores. So the results are the same on every CPU target.
//
// Between two axes a sample is (value - 128) * 2^fraction: as far below zero as above.
#pragma once

#include "base/problem.h"

#include <cstddef>
#include <cstdint>

namespace gaussfilt::passes {

// How a sum becomes a result: (sum + offset, rounded) / 2^shift. `to_even`: half to even, else half up.
struct IntegerRounding {
  int shift = 0;
  std::int32_t offset = 0;
  bool to_even = false;
};

// Vectors are stored whole: results and what they are made of have room for this many items beyond their end.
inline constexpr std::size_t integer_room = 64;

struct IntegerPasses {
  // Four rows at once: out[i][x] for i in [0, 4), x in [0, width) from rows[i + k][at + x], |k| <= taps.reach. `out`
  // holds fractions. Meanwhile `width` bytes at each of the four places `ahead` are asked for from memory to be read,
  // and at the four that follow to be written.
  void (*columns)(const std::uint8_t* const* rows, std::size_t at, std::int16_t* const* out, std::size_t width,
                  const base::IntegerTaps& taps, const IntegerRounding& rounding,
                  const std::byte* const* ahead) noexcept;
  // out[x] from in[x + k * step], |k| <= taps.reach; `in` points to output 0's own sample.
  void (*row)(const std::int16_t* in, std::uint8_t* out, std::size_t width, std::ptrdiff_t step,
              const base::IntegerTaps& taps, const IntegerRounding& rounding) noexcept;
  // Samples to fractions, and back from those of no bits. Exactly `count` of them.
  void (*widen)(const std::uint8_t* in, std::int16_t* out, std::size_t count, int fraction) noexcept;
  void (*narrow)(const std::int16_t* in, std::uint8_t* out, std::size_t count) noexcept;
};

inline constexpr std::size_t integer_rows = 4;

// The passes of the active CPU target.
const IntegerPasses& fir_integer();

}  // namespace gaussfilt::passes
