// Floor 0. Problem: the plain record below the watershed. Everything a method needs, nothing typed by template.
#pragma once

#include "base/resampling.h"

#include <gaussfilt/array.h>
#include <gaussfilt/border.h>
#include <gaussfilt/kernel.h>

#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace gaussfilt::base {

// Taps in the order in which they are summed, in the working precision T.
//   even, odd   weights[i] belongs to the pair at distance offsets[i] > 0: (before +- after) * weight
//   none        weights[i] belongs to the single sample at offsets[i]
// Offsets count from the output's own sample plus `shift`.
template <class T> struct TapList {
  Symmetry symmetry = Symmetry::even;
  bool has_centre = false;                  // even, odd: a sample of its own, weight `centre`
  bool dense = false;                       // pairs at count, count - 1 ... 1 without a gap
  bool fused = sizeof(T) == sizeof(float);  // products are not rounded before they are added; f64: as SciPy does not
  T centre = 0;
  std::vector<std::int32_t> offsets;
  std::vector<T> weights;
};

// A window of weights that are all one, but those of its two ends: `full` samples, odd, of weight 2^shift, and one on
// each side of weight `end` < 2^shift. The mean divides by total().
struct WindowTaps {
  std::int64_t full = 0;  // 0: none
  std::uint32_t end = 0;
  unsigned shift = 0;

  double total() const { return static_cast<double>(full) * static_cast<double>(1U << shift) + 2.0 * end; }
  double width() const { return static_cast<double>(full) + 2 * weight(); }
  double weight() const { return static_cast<double>(end) / static_cast<double>(1U << shift); }
};

// Even taps as whole numbers of 2^-bits, none of them negative, that sum to 2^bits: for integer arithmetic.
struct IntegerTaps {
  int bits = 0;
  std::int32_t reach = 0;
  std::vector<std::int16_t> weights;  // of the centre and of the pairs at distances 1, 2 ... reach
  // Two weights a number, the first in its lower half, as the passes read them. folded: of the pairs at distances
  // (reach, reach - 1), (reach - 2, reach - 3) ..., the centre taking its place in the row, after it 0. even, odd: of
  // the samples at (-reach, 1 - reach), (2 - reach, 3 - reach) ... from an output's own, for that output and the next
  // one.
  std::vector<std::int32_t> folded, even, odd;
};

// multirate: how an axis goes to a lower rate and back; the taps of its task are those there. Factor 1: it does not.
struct Resampling {
  ResampleTaps<float> f32;
  ResampleTaps<double> f64;
  std::int64_t factor = 1, width = 1;
  std::int64_t reach = 0;  // of the taps, at the lower rate
  double sigma = 0;        // delivered

  template <class T> const ResampleTaps<T>& taps() const {
    if constexpr (sizeof(T) == sizeof(float)) return f32;
    else return f64;
  }
};

// What happens along one filtered axis.
struct AxisTask {
  int axis = 0;
  Border border = Border::reflect;
  std::complex<double> cval = 0.0;  // as this axis pads it: scaled by the tap sums of the axes before it, or given
  Kernel kernel;                    // as filtered: cut, and folded where it was longer than the axis
  std::int64_t shift = 0;           // middle of the taps relative to the output's own sample
  std::int64_t before = 0;          // reach below and above the output's own sample
  std::int64_t after = 0;
  std::int64_t window = 0;  // box: samples of a running mean, which needs whole lines; then there are no taps
  WindowTaps mean = {};     // mean: in place of taps
  TapList<float> f32;
  TapList<double> f64;
  IntegerTaps whole{};      // where the problem works in integers
  Resampling resampling{};  // where it is multirate

  template <class T> const TapList<T>& taps() const {
    if constexpr (sizeof(T) == sizeof(float)) return f32;
    else return f64;
  }

  // For explain(): what was asked and what is delivered.
  double sigma = 0;
  int order = 0;
  std::int64_t radius = 0;
  bool folded = false;
  double tap_mass = 1;                     // sum |taps| of the target
  double approximation = 0, rounding = 0;  // relative to tap_mass
};

// A kernel of any shape, in place of the taps of each axis: AxisTask then holds border, reach and constant alone.
// Taps in the order in which they are summed.
struct DenseTaps {
  std::vector<std::vector<std::int32_t>> offsets;  // a list for each of Problem::axes, from the output's own sample
  std::vector<float> f32;                          // weights
  std::vector<double> f64;

  std::size_t size() const { return f64.size(); }
  template <class T> const std::vector<T>& weights() const {
    if constexpr (sizeof(T) == sizeof(float)) return f32;
    else return f64;
  }
};

// How the fields of a composite become its outputs.
enum class Combine : std::uint8_t {
  single,            // no composite: one pass along each of `axes`
  each,              // every field is an output
  sum,               // field 0 + field 1 + ...
  difference,        // field 0 - field 1 - ...
  root_sum_squares,  // sqrt(field 0^2 + field 1^2 + ...)
  products,          // field i * field j for i <= j, smoothed: an output each
};

struct Problem {
  Shape shape;  // global
  DType in = DType::f32, out = DType::f32;
  DType working = DType::f32;   // f32, f64, or i32 for sums of integers
  DType low_rate = DType::f32;  // multirate: f32 or f64, of what is done at a lower rate along an axis
  bool cast = false;            // an integer output: cast to it as SciPy does after every axis; working is f64
  std::vector<AxisTask> axes;   // in the order of filtering; axes left as they are do not stand here
  int threads = 0;
  std::optional<DenseTaps> dense{};  // `axes` are then those that the taps reach along, ascending
  double factor = 1, bias = 0;       // the result is factor * sum + bias
  // working == i32, sums of integers: bits of the fractions between two axes; whether nothing is lost before the result
  // is rounded, so that ties can be told.
  int fraction = 0;
  bool exact = false;

  // A composite has fields instead of axes: single problems over the same input, in the same precision.
  Combine combine = Combine::single;
  std::vector<Problem> fields{};
  // products: one problem, from the working precision to the output. Along wrapped axes its shape is longer by what
  // the taps reach, so that it never meets the border there: index `before` is the array's own first.
  std::vector<Problem> smoothing{};
};

// How many arrays a problem writes.
inline std::size_t output_count(const Problem& problem) {
  const std::size_t fields = problem.fields.size();
  if (problem.combine == Combine::each) return fields;
  return problem.combine == Combine::products ? fields * (fields + 1) / 2 : 1;
}

// One run: a box of the output and the input that it needs, as views.
struct Job {
  View src;
  Index src_origin;
  MutableView dst;
  Index dst_origin;
  std::span<const MutableView> outputs{};  // of a composite: all of them, in shape and dtype like dst, the first
  std::stop_token stop;
  const std::function<void(double)>* progress = nullptr;
};

}  // namespace gaussfilt::base
