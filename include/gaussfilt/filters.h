// Floor 3. Filters: one option struct, one call and one plan_x() twin each.
//
// Rules for all of them:
//   in, out     any strides, any dtype each, the same shape; `out` may be the same view as `in`
//   axes        which axes to filter, in this order; negative counts from the end; default all. Every PerAxis
//               option holds one value for all or one per entry of `axes`
//   precision   f32 for bool, 8- and 16-bit integers, f16, f32 and c64, f64 where either dtype is wider or the
//               tolerance needs it; rounded once at the end, half to even, saturating
//   complex     real and imaginary part are filtered apart; complex in and real out is Unsupported
//   derivatives are signed, differences too: an unsigned output is Unsupported
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
#include <span>
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
  // separable, integer or multirate: no other is considered. Otherwise the cheapest whose bound fits, by the problem
  // alone.
  std::optional<Method> method = {};
};

// Gaussian smoothing and Gaussian derivatives, separable, along `axes`. Cost: about 2 radius + 1 multiply-adds a
// sample and axis; with a tolerance, at larger sigma, about that of copying the array. Without a tolerance on f64:
// SciPy's taps, order of summation and axis order, without FMA.
GAUSSFILT_API void gaussian(const View& in, const MutableView& out, const GaussianOptions& options = {});
GAUSSFILT_API Plan plan_gaussian(const Layout& layout, DType out_dtype, const GaussianOptions& options = {});

// Of the arithmetic.
//   automatic  f32 where input and output are bool, 8- or 16-bit, f16, f32 or c64; f64 where either is wider
//   f32        f32 whatever the output; an InvalidArgument where the input is wider, and under Like::scipy
//   f64        f64 in SciPy's order of summation, whatever the dtypes
enum class Precision : std::uint8_t { automatic, f32, f64 };

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
  Precision precision = Precision::automatic;
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

// The mean of a window of any width along each axis, centred: of width 2 r + 1 + 2 f, 0 <= f < 1, the samples at
// distances 0 ... r count 1 and those at r + 1 count f. Widths are taken to the nearest 2^-15. Its cost does not depend
// on the width.
//   - integers are exact: sums of all axes together as whole numbers, the quotient rounded once, half to even, as long
//     as no sum can reach 2^62; beyond it, with a constant that is no whole number, and of u64, i64 and bool, f64
//     serves
//   - floats are summed in f64 in blocks as long as the window: the error grows with the width and not along the line,
//     and a NaN or infinity reaches its window alone
//   - a width of 1 leaves the axis as it is; beyond a constant border lies cval. N = 1
//   - with several axes (integers: three and more) an array of sums or means lies between them
struct BoxOptions {
  PerAxis<double> width = 3.0;  // >= 1, below 2^31; may be longer than the axis
  PerAxis<Border> border = Border::reflect;
  std::complex<double> cval = 0.0;
  Axes axes = {};
  int threads = 0;
};

GAUSSFILT_API void box(const View& in, const MutableView& out, const BoxOptions& options = {});
GAUSSFILT_API Plan plan_box(const Layout& layout, DType out_dtype, const BoxOptions& options = {});

// Correlation with a kernel that has an axis for each entry of `axes`:
//   out[i] = factor * (sum over k of kernel[k] * in[i + k - size / 2 - origin]) + bias
//   - a kernel that is the product of one line an axis runs as `separable`, where sum |kernel - product| <= the bound
//     of the dense sum's own rounding, both relative to sum |kernel|; that residual is the plan's approximation_bound()
//   - zeros are skipped, so a NaN or infinity spreads as far as the weights do; beyond a constant border lies cval
//   - N = |factor| * sum |kernel|; with a bias, M counts |bias| / N more. A bias leaves imaginary parts alone
//   - Like::scipy: summed densely in f64, in C order and without FMA, from weights over 2^-52 in magnitude; integers
//     are cast as C does on x86-64. All results have the bits of scipy.ndimage.correlate; a bool holds 0 or 1
struct CorrelateOptions {
  PerAxis<Border> border = Border::reflect;
  std::complex<double> cval = 0.0;
  PerAxis<std::int64_t> origin = 0;  // -(size / 2) ... (size - 1) / 2
  Axes axes = {};
  Precision precision = Precision::automatic;
  Like like = Like::gaussfilt;
  double factor = 1;
  double bias = 0;
  int threads = 0;
};

GAUSSFILT_API void correlate(const View& in, const MutableView& out, const DenseKernel& kernel,
                             const CorrelateOptions& options = {});
GAUSSFILT_API Plan plan_correlate(const Layout& layout, DType out_dtype, const DenseKernel& kernel,
                                  const CorrelateOptions& options = {});

// Convolution: correlation with the kernel turned by 180 degrees, its origin mirrored.
GAUSSFILT_API void convolve(const View& in, const MutableView& out, const DenseKernel& kernel,
                            const CorrelateOptions& options = {});
GAUSSFILT_API Plan plan_convolve(const Layout& layout, DType out_dtype, const DenseKernel& kernel,
                                 const CorrelateOptions& options = {});

// ---- composites: several Gaussians of one input, which is read once ----
//
// Target, axes, borders and tolerance are as in GaussianOptions. Only `axes` are filtered and differentiated; a sigma
// of 0 on one of them is an InvalidArgument where a derivative is taken along it. Fields are combined in the working
// precision, tile by tile, and rounded once. With a tolerance, |result - target| <= tolerance * N * M, N and M as
// stated.

// The Laplacian of the Gaussian: the sum over `axes` of the second derivative along each (0 where there are none).
// N: the sum of that of the derivatives. f64 without a tolerance: the order of scipy.ndimage.gaussian_laplace.
// Source: D. Marr, E. Hildreth, Theory of edge detection, 1980.
struct LaplaceOptions {
  PerAxis<double> sigma = 1.0;
  PerAxis<Border> border = Border::reflect;
  std::complex<double> cval = 0.0;
  Axes axes = {};
  std::optional<double> truncate = {};
  PerAxis<std::int64_t> radius = {};
  Taps taps = Taps::sampled;
  std::optional<double> tolerance = {};
  int threads = 0;
};

GAUSSFILT_API void laplace_of_gaussian(const View& in, const MutableView& out, const LaplaceOptions& options = {});
GAUSSFILT_API Plan plan_laplace_of_gaussian(const Layout& layout, DType out_dtype, const LaplaceOptions& options = {});

// The length of the Gaussian gradient: the root of the sum over `axes` of the squared first derivative along each.
// Never negative, so any real output dtype will do; complex input is Unsupported. N: the root of the sum of their
// squares. f64 without a tolerance: the order of scipy.ndimage.gaussian_gradient_magnitude.
struct GradientMagnitudeOptions {
  PerAxis<double> sigma = 1.0;
  PerAxis<Border> border = Border::reflect;
  double cval = 0.0;
  Axes axes = {};
  std::optional<double> truncate = {};
  PerAxis<std::int64_t> radius = {};
  Taps taps = Taps::sampled;
  std::optional<double> tolerance = {};
  int threads = 0;
};

GAUSSFILT_API void gradient_magnitude(const View& in, const MutableView& out,
                                      const GradientMagnitudeOptions& options = {});
GAUSSFILT_API Plan plan_gradient_magnitude(const Layout& layout, DType out_dtype,
                                           const GradientMagnitudeOptions& options = {});

// The Gaussian of sigma_low minus that of sigma_high: a band of scales. N: 2.
struct DifferenceOptions {
  PerAxis<double> sigma_low = 1.0;
  PerAxis<double> sigma_high = {};  // >= sigma_low; default 1.6 * sigma_low, which comes near the Laplacian
  PerAxis<Border> border = Border::reflect;
  std::complex<double> cval = 0.0;
  Axes axes = {};
  std::optional<double> truncate = {};
  PerAxis<std::int64_t> radius = {};  // of both
  Taps taps = Taps::sampled;
  std::optional<double> tolerance = {};
  int threads = 0;
};

GAUSSFILT_API void difference_of_gaussians(const View& in, const MutableView& out,
                                           const DifferenceOptions& options = {});
GAUSSFILT_API Plan plan_difference_of_gaussians(const Layout& layout, DType out_dtype,
                                                const DifferenceOptions& options = {});

// All second derivatives of the Gaussian: with k filtered axes, k (k + 1) / 2 outputs in the order (0, 0), (0, 1) ...
// (0, k - 1), (1, 1) ..., counted along `axes`. Outputs are views of one shape and dtype: parts of one array as well.
// N: each output's own.
struct HessianOptions {
  PerAxis<double> sigma = 1.0;
  PerAxis<Border> border = Border::reflect;
  std::complex<double> cval = 0.0;
  Axes axes = {};
  std::optional<double> truncate = {};
  PerAxis<std::int64_t> radius = {};
  Taps taps = Taps::sampled;
  std::optional<double> tolerance = {};
  int threads = 0;
};

GAUSSFILT_API void hessian(const View& in, std::span<const MutableView> outs, const HessianOptions& options = {});
GAUSSFILT_API Plan plan_hessian(const Layout& layout, DType out_dtype, const HessianOptions& options = {});

// The smoothed products of the Gaussian gradient: (d_i f) (d_j f), d at scale sigma, smoothed at scale rho; outputs as
// of the Hessian. Beyond the ends the products go on by the border's rule; beyond a constant border they are 0, as are
// the derivatives of a constant. Complex input is Unsupported. Bounds are relative to N * M^2, N the largest product of
// the three operators' own. Sources: W. Foerstner, E. Guelch, 1987; C. Harris, M. Stephens, 1988.
struct StructureTensorOptions {
  PerAxis<double> sigma = 1.0;  // inner scale, of the derivatives: > 0
  PerAxis<double> rho = 2.0;    // outer scale, of the smoothing: 0 leaves the products as they are
  PerAxis<Border> border = Border::reflect;
  double cval = 0.0;
  Axes axes = {};
  std::optional<double> truncate = {};  // of both
  Taps taps = Taps::sampled;
  std::optional<double> tolerance = {};
  int threads = 0;
};

GAUSSFILT_API void structure_tensor(const View& in, std::span<const MutableView> outs,
                                    const StructureTensorOptions& options = {});
GAUSSFILT_API Plan plan_structure_tensor(const Layout& layout, DType out_dtype,
                                         const StructureTensorOptions& options = {});

enum class Reduction : std::uint8_t { none, sum, difference, root_sum_squares };

// Several separable filters of one input, each with kernels of its own, reduced sample by sample in their order. none:
// each is an output of its own. `threads` is that of the first.
GAUSSFILT_API void separable_fields(const View& in, std::span<const MutableView> outs,
                                    std::span<const SeparableOptions> fields, Reduction reduction);
GAUSSFILT_API Plan plan_separable_fields(const Layout& layout, DType out_dtype,
                                         std::span<const SeparableOptions> fields, Reduction reduction);

}  // namespace gaussfilt::inline v0
