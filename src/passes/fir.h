// Floor 1. The FIR passes: raw rows in, raw rows out, in the working precision (float or double). They allocate
// nothing, know no borders and throw nothing.
#pragma once

#include "base/problem.h"

#include <cstddef>

namespace gaussfilt::passes {

template <class T> struct FirPasses {
  // Columns: out[i][x] = sum over the taps of rows[i + offset][x], i in [0, outputs), x in [begin, end).
  // rows[i] is the row of output i's own sample (shift included); rows reach as far below and above as the taps do.
  void (*columns)(const T* const* rows, T* const* out, std::size_t outputs, std::size_t begin, std::size_t end,
                  const base::TapList<T>& taps) noexcept;
  // The same where the rows come from memory: all of those of the first outputs, and further down those below them.
  decltype(columns) columns_unread;
  // The same where all but the last rows have been met by the outputs above these.
  decltype(columns) columns_next;
  // The same, written past the caches where the target can, then end_streams() before another thread reads it.
  decltype(columns) columns_streamed;
  // One row: out[x] = sum over the taps of in[x + offset * step], x in [0, width); step is the number of
  // interleaved channels. `in` points to output 0's own sample, and row_margin bytes beyond the taps' reach may be read
  // on both sides; out must not overlap the input. `streamed` as above.
  void (*row)(const T* in, T* out, std::size_t width, std::ptrdiff_t step, const base::TapList<T>& taps,
              bool streamed) noexcept;
  void (*end_streams)() noexcept;
};

inline constexpr std::size_t row_margin = 3 * 64;

// The passes of the active CPU target. Ask once a run, not once a row.
const FirPasses<float>& fir_f32();
const FirPasses<double>& fir_f64();

template <class T> const FirPasses<T>& fir() {
  if constexpr (sizeof(T) == sizeof(float)) return fir_f32();
  else return fir_f64();
}

}  // namespace gaussfilt::passes
