// The definition: what a Gaussian filter of any rank, border and order means, in long double, for tests and benches.
//
// Nothing here is fast, and nothing is shared with the library but views and borders.
#pragma once

#include <gaussfilt/array.h>
#include <gaussfilt/border.h>

#include <cmath>
#include <complex>
#include <cstdint>
#include <numeric>
#include <vector>

namespace gaussfilt::reference {

using Real = long double;

// How the continuous Gaussian meets the grid.
enum class Grid : std::uint8_t { sampled, discrete, integrated };

// The radius of the ideal operator: no cut (carried so far that what is missing is below long double's epsilon).
inline constexpr std::int64_t ideal = -1;

// Taps in the order of correlation: out[i] = sum over k of taps[k] * in[i + k - centre].
struct Line {
  std::vector<Real> taps;
  std::int64_t centre = 0;

  Real sum() const { return std::accumulate(taps.begin(), taps.end(), Real{0}); }
  Real sum_abs() const {
    return std::accumulate(taps.begin(), taps.end(), Real{0}, [](Real sum, Real tap) { return sum + std::fabs(tap); });
  }
};

// SciPy's radius of a cut at truncate * sigma.
inline std::int64_t truncated_radius(double sigma, double cut) { return static_cast<std::int64_t>(cut * sigma + 0.5); }

// sigma 0 is the identity (order must be 0 then).
Line gaussian_taps(double sigma, int order, std::int64_t radius, Grid grid = Grid::sampled);

// One axis of a separable filter.
struct Task {
  int axis = 0;  // negative counts from the end
  Line line;
  Border border = Border::reflect;
};

struct Result {
  std::vector<Real> values;  // C order; complex as pairs re, im
  Real n = 1;                // product over the axes of sum |taps|
  Real m = 0;                // max(|largest input|, |cval| where a border is constant); integers: of the input dtype
};

// Zero taps: `skip` reads nothing there, so NaN passes no further than the weights; `multiply`: 0 * NaN is NaN.
enum class Zeros : std::uint8_t { skip, multiply };

// Correlates along each task's axis, in their order. A constant border continues the input: after an axis whose
// taps sum to s, the next axis sees s * cval.
Result correlate(const View& in, const std::vector<Task>& tasks, std::complex<double> cval = 0.0,
                 Zeros zeros = Zeros::skip);

// A kernel of any shape: out[i] = factor * (sum over k of values[k] * in[i + k - centre]) + bias.
struct Dense {
  std::vector<Real> values = {};  // C order
  std::vector<std::int64_t> shape = {}, centre = {};
  std::vector<int> axes = {};        // of the array, one for each of the kernel's
  std::vector<Border> borders = {};  // one for each of the kernel's
  Real factor = 1, bias = 0;
};

// n is |factor| * sum |values|; m counts |bias| / n more.
Result correlate(const View& in, const Dense& kernel, std::complex<double> cval = 0.0, Zeros zeros = Zeros::skip);

// One axis of a Gaussian.
struct Gaussian {
  int axis = 0;
  double sigma = 1;
  int order = 0;
  std::int64_t radius = 4;  // or ideal
  Border border = Border::reflect;
};

Result gaussian(const View& in, const std::vector<Gaussian>& axes, std::complex<double> cval = 0.0,
                Grid grid = Grid::sampled);

// The items of a view in C order; complex as pairs.
std::vector<Real> values(const View& view);

// The largest magnitude that an integer dtype holds, 0 for the others.
Real largest_magnitude(DType dtype);

}  // namespace gaussfilt::reference
