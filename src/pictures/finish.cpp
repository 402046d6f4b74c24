// Floor 4. From filtered samples to levels. Plain loops: they stream, the filter before them does the work.
#include "finish.h"

#include "samples.h"

#include <algorithm>
#include <cmath>

namespace gaussfilt::pictures {
namespace {

// Weighted samples are colour * alpha / full, and alpha in levels.
template <class T> double brought_back(double value, Signed sign) {
  switch (sign) {
    case Signed::clip: break;
    case Signed::abs: return std::abs(value);
    case Signed::mid: return (value + full<T>) / 2;
  }
  return value;
}

template <class T>
void convolved_pixel(const T* original, const double* filtered, T* out, std::int64_t colours, const Finish& finish) {
  if (finish.alpha == Alpha::none) {
    for (std::int64_t band = 0; band < colours; ++band)
      out[band] = to_level<T>(brought_back<T>(filtered[band], finish.sign));
    return;
  }
  const double weight = filtered[colours];
  const T alpha = finish.alpha == Alpha::kept ? original[colours] : to_level<T>(weight);
  const bool shows = alpha > T{0};
  // kept: what the neighbours leave open, to be taken by the pixel's own colour; nothing where that is rounding alone.
  double open = finish.gain - weight / full<T>;
  if (std::abs(open) < 1e-9) open = 0;
  for (std::int64_t band = 0; band < colours; ++band) {
    const double value = finish.alpha == Alpha::kept ? filtered[band] + original[band] * open
                         : shows                     ? filtered[band] * full<T> / weight * finish.gain
                                                     : 0;
    out[band] = shows ? to_level<T>(brought_back<T>(value + finish.bias, finish.sign)) : T{0};
  }
  out[colours] = alpha;
}

template <class T>
void sharpened_pixel(const T* original, const double* blurred, T* out, std::int64_t colours, bool alpha, double amount,
                     double threshold) {
  const double weight = alpha ? blurred[colours] / full<T> : 1;
  const bool shows = !alpha || original[colours] > T{0};
  for (std::int64_t band = 0; band < colours; ++band) {
    const double own = original[band], difference = weight > 0 ? own - blurred[band] / weight : 0;
    // Rounding must not lift a difference over a threshold of 0.
    const bool changed = std::abs(difference) > threshold;
    out[band] = !shows ? T{0} : changed ? to_level<T>(own + amount * difference) : original[band];
  }
  if (alpha) out[colours] = original[colours];
}

template <class T> void mixed_pixel(const T* filtered, double weight, T* out, std::int64_t colours, bool alpha) {
  if (weight <= 0) return;
  const std::int64_t bands = colours + (alpha ? 1 : 0);
  if (weight >= 1) {
    std::copy_n(filtered, bands, out);
    return;
  }
  const double all = alpha ? weight * filtered[colours] + (1 - weight) * out[colours] : 1;
  const double share = !alpha ? weight : all > 0 ? weight * filtered[colours] / all : 0;
  const T alpha_level = alpha ? to_level<T>(all) : T{1};
  for (std::int64_t band = 0; band < colours; ++band)
    out[band] = alpha_level > T{0} ? to_level<T>(share * filtered[band] + (1 - share) * out[band]) : T{0};
  if (alpha) out[colours] = alpha_level;
}

// Calls pixel(original, filtered, out) for every pixel, as pointers to its bands.
template <class Pixel>
void for_pixels(const View& original, const Array& filtered, const MutableView& out, Pixel pixel) {
  const Shape& shape = original.shape();
  const std::int64_t width = shape[1], bands = shape[2];
  const double* from = filtered.items<double>().data();
  with_dtype(original.dtype(), [&]<class T>(T) {
    for (std::int64_t y = 0; y < shape[0]; ++y) {
      const T* in = row<T>(original, y);
      T* to = row<T>(out, y);
      for (std::int64_t x = 0; x < width; ++x, in += bands, to += bands, from += bands) pixel(in, from, to);
    }
  });
}

}  // namespace

void finish_convolution(const View& original, const Array& filtered, const MutableView& out, const Finish& finish) {
  const std::int64_t colours = original.shape()[2] - (finish.alpha == Alpha::none ? 0 : 1);
  for_pixels(original, filtered, out,
             [&]<class T>(const T* in, const double* from, T* to) { convolved_pixel(in, from, to, colours, finish); });
}

void finish_unsharp(const View& original, const Array& blurred, const MutableView& out, bool alpha, double amount,
                    double threshold) {
  const std::int64_t colours = original.shape()[2] - (alpha ? 1 : 0);
  for_pixels(original, blurred, out, [&]<class T>(const T* in, const double* from, T* to) {
    sharpened_pixel(in, from, to, colours, alpha, amount, threshold);
  });
}

void mix(const Array& filtered, const View& weights, const MutableView& page, bool alpha) {
  const Shape& shape = filtered.shape();
  const std::int64_t width = shape[1], bands = shape[2], colours = bands - (alpha ? 1 : 0);
  with_dtype(filtered.dtype(), [&]<class T>(T) {
    for (std::int64_t y = 0; y < shape[0]; ++y) {
      const T* in = row<T>(View(filtered), y);
      const float* weight = row<float>(weights, y);
      T* out = row<T>(page, y);
      for (std::int64_t x = 0; x < width; ++x, in += bands, out += bands)
        mixed_pixel(in, static_cast<double>(weight[x]), out, colours, alpha);
    }
  });
}

}  // namespace gaussfilt::pictures
