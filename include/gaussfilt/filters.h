// Floor 3. Filters: one option struct, one call and one plan_x() twin each.
//
// Rules for all of them:
//   in, out     any strides, any dtype each, the same shape; `out` may be the same view as `in`
//   axes        which axes to filter, in this order; negative counts from the end; default all. Every PerAxis
//               option holds one value for all or one per entry of `axes`
//   precision   f32 for bool, 8- and 16-bit integers, f16, f32 and c64, f64 where either dtype is wider or the
//               tolerance needs it; rounded once at the end, half to even, saturating
//   complex     real and imaginary part are filtered apart; complex in and real out is Unsupported
//   derivatives are signed: an unsigned output is Unsupported
//   threads     0: all that this process may use; results do not depend on it
//   errors      InvalidArgument, Unsupported, std::bad_alloc; nothing has been written then
#pragma once

#include <gaussfilt/array.h>
#include <gaussfilt/border.h>
#include <gaussfilt/kernel.h>
#include <gaussfilt/plan.h>

#include <complex>
#include <initializer_list>
#include <optional>
#include <vector>

namespace gaussfilt::inline v0 {

// Which axes to filter: all (default), or a list.
class Axes {
 public:
  Axes() = default;
  Axes(std::initializer_list<int> list) : list_(list) {}
  explicit Axes(std::vector<int> list) : list_(std::move(list)) {}
  static Axes none() { return Axes(std::vector<int>{}); }
  const std::optional<std::vector<int>>& list() const { return list_; }

 private:
  std::optional<std::vector<int>> list_;
};

// Target: `radius` cuts the taps there; `truncate` at int(truncate * sigma + 0.5); truncate = infinity is the ideal
// operator without a cut. With none of them: truncate = 4, SciPy's, or the ideal operator where a tolerance is given.
struct GaussianOptions {
  PerAxis<double> sigma = 1.0;  // standard deviation in samples, >= 0; 0 leaves the axis as it is
  PerAxis<int> order = 0;       // 0 smooths, n is the n-th derivative
  PerAxis<Border> border = Border::reflect;
  std::complex<double> cval = 0.0;  // beyond a constant border; complex only with complex input
  Axes axes = {};
  std::optional<double> truncate = {};  // > 0; not together with radius
  PerAxis<std::int64_t> radius = {};    // >= 0
  Taps taps = Taps::sampled;
  std::optional<double> tolerance = {};  // > 0: |result - target| <= tolerance * N * M, proven when planned
  int threads = 0;
};

// Gaussian smoothing and Gaussian derivatives, separable, along `axes`. Cost: about 2 radius + 1 multiply-adds a
// sample and axis. Without a tolerance on f64: SciPy's taps, order of summation and axis order, without FMA.
GAUSSFILT_API void gaussian(const View& in, const MutableView& out, const GaussianOptions& options = {});
GAUSSFILT_API Plan plan_gaussian(const Layout& layout, DType out_dtype, const GaussianOptions& options = {});

enum class Precision : std::uint8_t { automatic, f64 };

// Whose rules hold between the axes.
//   gaussfilt  one rounding at the end; beyond a constant border the filtered constant goes on
//   scipy      scipy.ndimage's: every axis pads the same cval, and integer and bool outputs are computed in f64 and
//              cast to the output's dtype after every axis, as C does on x86-64: towards zero, wrapping. error_bound()
//              does not count these casts. f64 and integer results have SciPy's bits, on every machine; a bool holds
//              0 or 1 where SciPy leaves another byte
enum class Like : std::uint8_t { gaussfilt, scipy };

// Correlation with the caller's own taps along each axis.
struct SeparableOptions {
  std::vector<Kernel> kernels;  // one for all axes, or one per entry of `axes`; zeros take part (0 * NaN is NaN)
  PerAxis<Border> border = Border::reflect;
  std::complex<double> cval = 0.0;
  Axes axes = {};
  Precision precision = Precision::automatic;  // f64: SciPy's order of summation whatever the dtypes
  Like like = Like::gaussfilt;
  int threads = 0;
};

GAUSSFILT_API void separable(const View& in, const MutableView& out, const SeparableOptions& options);
GAUSSFILT_API Plan plan_separable(const Layout& layout, DType out_dtype, const SeparableOptions& options);

// The mean of `size` samples along each axis: the window of sample i starts at i - size / 2 - origin. Arithmetic is
// f64, by the rules of scipy.ndimage.uniform_filter, and f32, f64 and integer results have SciPy's bits:
//   - it is a running sum, each made from the one before it, so its cost does not depend on `size`. Its rounding
//     adds up along the line (error_bound() says by how much), and a NaN or infinity reaches the rest of its line
//   - every axis writes the output's dtype and the next one reads it there: floats are rounded to it, integers cast as
//     under Like::scipy, which error_bound() does not count; a constant border pads the same cval at every axis
//   - a window of 1 runs too; an axis that should stay as it is does not stand in `axes`
// In place without a copy. run_region needs whole lines and, where it cuts an axis other than the first, a temporary
// array.
struct UniformOptions {
  PerAxis<std::int64_t> size = 3;    // >= 1, below 2^31; may be longer than the axis
  PerAxis<std::int64_t> origin = 0;  // -(size / 2) ... (size - 1) / 2
  PerAxis<Border> border = Border::reflect;
  std::complex<double> cval = 0.0;
  Axes axes = {};
  int threads = 0;
};

GAUSSFILT_API void uniform(const View& in, const MutableView& out, const UniformOptions& options = {});
GAUSSFILT_API Plan plan_uniform(const Layout& layout, DType out_dtype, const UniformOptions& options = {});

}  // namespace gaussfilt::inline v0
