// Floor 1. The FIR pass along many rows at once, for taps enough to pay for turning them.
#pragma once

#include "base/problem.h"

#include <cstddef>

namespace gaussfilt::passes {

template <class T> struct TurnedPass {
  // `together` rows, the same bytes as FirPasses::row gives each: out[r][x], x in [0, width), from in[r], which points
  // to output 0's own sample. Only where takes() says so. `scratch` is 64-byte aligned and holds together * 2 * (width
  // + reach) items, reach being the widest pair's distance times step.
  void (*rows)(const T* const* in, T* const* out, std::size_t width, std::ptrdiff_t step, const base::TapList<T>& taps,
               T* scratch) noexcept;
  std::size_t together;  // 0 where the target has no use for it

  // With so few pairs a row by itself is faster, on its own and in interleaved channels.
  std::size_t few_pairs, few_pairs_of_channels;

  bool takes(const base::TapList<T>& taps, std::size_t channels) const {
    if (together == 0 || !taps.dense || taps.symmetry == Symmetry::none) return false;
    return taps.weights.size() > (channels == 1 ? few_pairs : few_pairs_of_channels);
  }
};

// The most that `together` is on any target.
inline constexpr std::size_t most_rows_together = 16;

// The pass of the active CPU target.
const TurnedPass<float>& turned_f32();
const TurnedPass<double>& turned_f64();

template <class T> const TurnedPass<T>& turned() {
  if constexpr (sizeof(T) == sizeof(float)) return turned_f32();
  else return turned_f64();
}

}  // namespace gaussfilt::passes
