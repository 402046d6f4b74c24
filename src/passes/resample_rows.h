// Floor 1. The multirate passes along rows of few samples a cell: a row is taken apart into its phases, sample r of
// every cell, so that neighbouring samples of the lower rate are neighbours in each. Raw rows in, raw rows out; they
// allocate nothing, know no borders and throw nothing.
//
// The sums are those of the passes of resample.h, in their order.
#pragma once

#include "base/resampling.h"

#include <cstddef>

namespace gaussfilt::passes {

inline constexpr std::size_t most_phases = 4;  // of a cell, and components of a sample

// Full is the precision of the row at the full rate, Low that of the arithmetic.
template <class Full, class Low> struct PhasePasses {
  // phases[r * pitch + c] = row[c * count + r]: `cells` cells of `count` samples.
  void (*split)(const Full* row, std::size_t cells, std::size_t count, Low* phases, std::size_t pitch) noexcept;
  // The way back, of one precision: row[c * count + r] = phases[r * pitch + c].
  void (*merge)(const Full* phases, std::size_t pitch, std::size_t cells, std::size_t count, Full* row) noexcept;
  // out[j], j in [0, samples), of the cells j ... j + width - 1.
  void (*decimate)(const Low* phases, std::size_t pitch, const base::ResampleTaps<Low>& taps, Low* out,
                   std::size_t samples) noexcept;
  // row[c * factor + r], c in [0, cells), of the samples c ... c + width - 1.
  void (*interpolate)(const Low* samples, const base::ResampleTaps<Low>& taps, Full* row, std::size_t cells) noexcept;
};

// The passes of the active CPU target.
const PhasePasses<float, float>& phases_f32();
const PhasePasses<float, double>& phases_f32_f64();
const PhasePasses<double, double>& phases_f64();

template <class Full, class Low> const PhasePasses<Full, Low>& phases() {
  if constexpr (sizeof(Full) == sizeof(double)) return phases_f64();
  else if constexpr (sizeof(Low) == sizeof(double)) return phases_f32_f64();
  else return phases_f32();
}

}  // namespace gaussfilt::passes
