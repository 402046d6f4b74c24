// Floor 1. The multirate passes: rows down to a lower rate and back. Raw rows in, raw rows out; they allocate nothing,
// know no borders and throw nothing.
//
// Rows come in cells of `factor`; sample j of the lower rate is made of the `width` cells j ... j + width - 1, and a
// cell is made of the samples j of which it is a part. Whoever computes a sample, its operations stay the same.
#pragma once

#include "base/resampling.h"

#include <gaussfilt/array.h>

#include <cstddef>

namespace gaussfilt::passes {

// Rows are of T, or those that come down and go up are of a narrower dtype: converted as they are read, rounded and
// saturated as they are stored, as convert.h does.
template <class T> struct ResamplePasses {
  // Goes on by `cells` cells of rows, x in [begin, end): each ends one sample of the lower rate, which goes to its
  // entry of `out`, null where it began before the first cell there is. pending: `width` rows, `pitch` apart, of the
  // samples begun and not ended; zero at first. Every entry of `rows` is read at x + offset.
  void (*decimate)(const void* const* rows, std::ptrdiff_t offset, std::size_t cells, const base::ResampleTaps<T>& taps,
                   T* pending, std::size_t pitch, T* const* out, std::size_t begin, std::size_t end) noexcept;
  // Makes `cells` cells of rows of the samples rows[0 ... cells + width - 2]: out[i][x], x in [begin, end), null for
  // rows that nobody needs. `streamed`: written past the caches where the target can; then end_streams() before another
  // thread reads it.
  void (*interpolate)(const T* const* rows, std::ptrdiff_t offset, std::size_t cells, const base::ResampleTaps<T>& taps,
                      void* const* out, std::size_t begin, std::size_t end, bool streamed) noexcept;
  void (*end_streams)() noexcept;
};

// The passes of the active CPU target, for rows of aligned `samples`; null where these must be converted first.
const ResamplePasses<float>* resample_f32(DType samples);
const ResamplePasses<double>* resample_f64(DType samples);

template <class T> const ResamplePasses<T>* resample(DType samples) {
  if constexpr (sizeof(T) == sizeof(float)) return resample_f32(samples);
  else return resample_f64(samples);
}
template <class T> const ResamplePasses<T>& resample() {
  return *resample<T>(sizeof(T) == sizeof(float) ? DType::f32 : DType::f64);
}

// So many rows are turned on their side together, whatever the vectors hold.
inline constexpr std::size_t rows_turned = 16;

// turned[x * rows_turned + r] = rows[r][x] and back, x in [0, count).
template <class Row, class Turned> struct TurnPasses {
  void (*turn)(const Row* const* rows, std::size_t count, Turned* turned) noexcept;
  void (*turn_back)(const Turned* turned, std::size_t count, Row* const* rows) noexcept;
};

const TurnPasses<float, float>& turn_f32();
const TurnPasses<float, double>& turn_f32_f64();
const TurnPasses<double, double>& turn_f64();

template <class Row, class Turned> const TurnPasses<Row, Turned>& turns() {
  if constexpr (sizeof(Row) == sizeof(double)) return turn_f64();
  else if constexpr (sizeof(Turned) == sizeof(double)) return turn_f32_f64();
  else return turn_f32();
}

}  // namespace gaussfilt::passes
