// The definition in long double: the taps first, then correlation along one axis after another.
#include "reference.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numbers>
#include <utility>

namespace gaussfilt::reference {
namespace {

constexpr Real pi = std::numbers::pi_v<Real>;

// ---- taps ----------------------------------------------------------------------------------------------------

// q_n(x), where the n-th derivative of exp(-x^2 / 2 s^2) is q_n(x) exp(-x^2 / 2 s^2):
// q_0 = 1, q_(n+1) = q_n' - x / s^2 q_n. Coefficients, lowest power first.
std::vector<Real> derivative_polynomial(Real sigma, int order) {
  std::vector<Real> q{1};
  for (int n = 0; n < order; ++n) {
    std::vector<Real> next(q.size() + 1, 0);
    for (std::size_t power = 0; power < q.size(); ++power) {
      if (power > 0) next[power - 1] += static_cast<Real>(power) * q[power];
      next[power + 1] -= q[power] / (sigma * sigma);
    }
    q = next;
  }
  return q;
}

Real evaluate(const std::vector<Real>& polynomial, Real x) {
  Real value = 0;
  for (std::size_t power = polynomial.size(); power-- > 0;) value = value * x + polynomial[power];
  return value;
}

using Samples = std::vector<Real>;  // g(x) for |x| <= reach: the kernel of convolution, not normalised

Samples sampled(Real sigma, int order, std::int64_t reach) {
  const std::vector<Real> q = derivative_polynomial(sigma, order);
  Samples g;
  for (std::int64_t i = -reach; i <= reach; ++i) {
    const Real x = static_cast<Real>(i);
    const Real phi = std::exp(-x * x / (2 * sigma * sigma));
    g.push_back(phi == 0 ? 0 : evaluate(q, x) * phi);
  }
  return g;
}

// e^-t I_x(t) through its Fourier series, exp(t (cos w - 1)). A second difference multiplies that by 2 cos w - 2,
// (f(x + 1) - f(x - 1)) / 2 by i sin w. The sum over equidistant w is exact but for aliases, which lie where the
// kernel is 0 to long double; it does not cancel as differences of taps would.
Samples discrete(Real sigma, int order, std::int64_t reach) {
  const auto count = 2 * (reach + static_cast<std::int64_t>(12 * sigma) + 60);
  const bool odd = order % 2 == 1;
  std::vector<Real> wave;
  std::vector<std::pair<std::int64_t, Real>> spectrum;  // the j and weights that are not 0 to long double
  for (std::int64_t j = 0; j < count; ++j) {
    const Real w = 2 * pi * static_cast<Real>(j) / static_cast<Real>(count);
    const Real s2 = std::pow(std::sin(w / 2), 2);  // (1 - cos w) / 2
    const Real weight = std::exp(-2 * sigma * sigma * s2) * std::pow(-4 * s2, static_cast<Real>(order / 2));
    if (std::fabs(weight) > 1e-30L) spectrum.emplace_back(j, odd ? -std::sin(w) * weight : weight);
    wave.push_back(odd ? std::sin(w) : std::cos(w));
  }
  Samples g;
  for (std::int64_t x = -reach; x <= reach; ++x) {
    Real sum = 0;
    for (const auto& [j, weight] : spectrum) sum += weight * wave[static_cast<std::size_t>((x + count) * j % count)];
    g.push_back(sum / static_cast<Real>(count));
  }
  return g;
}

Samples integrated(Real sigma, int order, std::int64_t reach) {
  const std::vector<Real> q = derivative_polynomial(sigma, std::max(order - 1, 0));
  const auto antiderivative = [&](Real x) {  // order 0: minus the mass beyond x, so that far tails keep their digits
    if (order == 0) return -std::erfc(x / (sigma * std::numbers::sqrt2_v<Real>)) / 2;
    const Real density = std::exp(-x * x / (2 * sigma * sigma)) / (sigma * std::sqrt(2 * pi));
    return density == 0 ? Real{0} : evaluate(q, x) * density;
  };
  Samples g;
  for (std::int64_t i = -reach; i <= reach; ++i) {
    const Real x = static_cast<Real>(order == 0 ? std::abs(i) : i);
    g.push_back(antiderivative(x + 0.5L) - antiderivative(x - 0.5L));
  }
  return g;
}

// ---- values --------------------------------------------------------------------------------------------------

template <class T> T load(const std::byte* at) {  // the bytes may lie anywhere, not only where a T may
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

Real half(std::uint16_t bits) {
  const int exponent = bits >> 10 & 31;
  const Real fraction = static_cast<Real>(bits & 1023) / 1024;
  Real value = exponent == 0 ? std::ldexp(fraction, -14) : std::ldexp(1 + fraction, exponent - 15);
  if (exponent == 31) value = fraction == 0 ? HUGE_VALL : std::numeric_limits<Real>::quiet_NaN();
  return bits >> 15 ? -value : value;
}

void append(std::vector<Real>& list, DType dtype, const std::byte* at) {
  const auto real = [&]<class T>(T, std::size_t part = 0) { list.push_back(static_cast<Real>(load<T>(at + part))); };
  switch (dtype) {
    case DType::boolean: list.push_back(load<std::uint8_t>(at) != 0 ? 1 : 0); break;
    case DType::u8: real(std::uint8_t{}); break;
    case DType::u16: real(std::uint16_t{}); break;
    case DType::u32: real(std::uint32_t{}); break;
    case DType::u64: real(std::uint64_t{}); break;
    case DType::i8: real(std::int8_t{}); break;
    case DType::i16: real(std::int16_t{}); break;
    case DType::i32: real(std::int32_t{}); break;
    case DType::i64: real(std::int64_t{}); break;
    case DType::f16: list.push_back(half(load<std::uint16_t>(at))); break;
    case DType::f32: real(float{}); break;
    case DType::f64: real(double{}); break;
    case DType::c64: real(float{}), real(float{}, sizeof(float)); break;
    case DType::c128: real(double{}), real(double{}, sizeof(double)); break;
  }
}

void append_axis(std::vector<Real>& list, const View& view, int axis, const std::byte* at) {
  if (axis == view.rank()) return append(list, view.dtype(), at);
  const std::int64_t n = view.shape()[axis], stride = view.strides()[axis];
  for (std::int64_t i = 0; i < n; ++i) append_axis(list, view, axis + 1, at + i * stride);
}

// ---- correlation ---------------------------------------------------------------------------------------------

// Filters one line of n items, `step` apart, in place.
void correlate_line(Real* items, std::int64_t n, std::int64_t step, const Task& task, Real cval, Zeros zeros) {
  const auto length = static_cast<std::int64_t>(task.line.taps.size());
  std::vector<Real> extended;  // the line with all that the taps reach: extended[j] is the sample at j - centre
  for (std::int64_t j = 0; j < n + length - 1; ++j) {
    const std::int64_t from = border_index(task.border, j - task.line.centre, n);
    extended.push_back(from < 0 ? cval : items[from * step]);
  }
  for (std::int64_t i = 0; i < n; ++i) {
    Real sum = 0;
    for (std::int64_t k = 0; k < length; ++k) {
      const Real tap = task.line.taps[static_cast<std::size_t>(k)];
      if (tap != 0 || zeros == Zeros::multiply) sum += tap * extended[static_cast<std::size_t>(i + k)];
    }
    items[i * step] = sum;
  }
}

}  // namespace

// Cut first, then normalised by the mass of the cut smoothing kernel, whatever the order. Derivatives of `discrete`
// are differences of the uncut kernel over that mass. Correlation reads the kernel backwards: (-1)^order g(x).
Line gaussian_taps(double sigma, int order, std::int64_t radius, Grid grid) {
  if (sigma == 0) return {{1}, 0};
  const Real s = sigma;
  const std::int64_t reach = radius == ideal ? static_cast<std::int64_t>(12 * s) + 20 : radius;
  constexpr Samples (*of_grid[])(Real, int, std::int64_t) = {sampled, discrete, integrated};
  const auto samples = of_grid[static_cast<int>(grid)];
  const Real mass = Line{samples(s, 0, reach)}.sum();
  Line line{samples(s, order, reach), reach};
  for (Real& tap : line.taps) tap *= (order % 2 == 1 ? -1 : 1) / mass;
  return line;
}

Result correlate(const View& in, const std::vector<Task>& tasks, std::complex<double> cval, Zeros zeros) {
  Result result;
  result.values = values(in);
  const std::int64_t parts = is_complex(in.dtype()) ? 2 : 1;
  Real outside[2] = {cval.real(), cval.imag()};

  result.m = largest_magnitude(in.dtype());
  for (Real value : result.values) result.m = std::max(result.m, std::fabs(value));
  for (const Task& task : tasks) {
    if (task.border == Border::constant) result.m = std::max({result.m, std::fabs(outside[0]), std::fabs(outside[1])});
  }
  const auto count = static_cast<std::int64_t>(result.values.size());
  for (const Task& task : tasks) {
    result.n *= task.line.sum_abs();
    const int axis = task.axis < 0 ? task.axis + in.rank() : task.axis;
    const std::int64_t n = in.shape()[axis];
    std::int64_t step = parts;
    for (int inner = axis + 1; inner < in.rank(); ++inner) step *= in.shape()[inner];
    for (std::int64_t line = 0; line < count / std::max(n, std::int64_t{1}); ++line) {
      const std::int64_t first = line / step * n * step + line % step;
      correlate_line(&result.values[static_cast<std::size_t>(first)], n, step, task, outside[first % parts], zeros);
    }
    for (Real& part : outside) part *= task.line.sum();
  }
  return result;
}

Result correlate(const View& in, const Dense& kernel, std::complex<double> cval, Zeros zeros) {
  const std::vector<Real> items = values(in);
  const std::int64_t parts = is_complex(in.dtype()) ? 2 : 1;
  const Real outside[2] = {cval.real(), cval.imag()};
  Result result{.values = {}, .n = 0, .m = largest_magnitude(in.dtype())};
  const std::size_t axes = kernel.axes.size();
  for (std::size_t place = 0; place < items.size(); ++place) {
    const auto item = static_cast<std::int64_t>(place) / parts, part = static_cast<std::int64_t>(place) % parts;
    Real sum = 0;
    for (std::size_t k = 0; k < kernel.values.size(); ++k) {
      if (kernel.values[k] == 0 && zeros == Zeros::skip) continue;
      // Where this tap stands: the item moved along each of the kernel's axes, or beyond a constant border.
      std::int64_t from = item, rest = static_cast<std::int64_t>(k);
      for (std::size_t axis = axes; axis-- > 0;) {
        const std::int64_t offset = rest % kernel.shape[axis] - kernel.centre[axis];
        rest /= kernel.shape[axis];
        std::int64_t step = 1;
        for (int inner = kernel.axes[axis] + 1; inner < in.rank(); ++inner) step *= in.shape()[inner];
        const std::int64_t n = in.shape()[kernel.axes[axis]], own = item / step % n;
        const std::int64_t sample = border_index(kernel.borders[axis], own + offset, n);
        if (from >= 0) from = sample < 0 ? -1 : from + (sample - own) * step;
      }
      sum += kernel.values[k] * (from < 0 ? outside[part] : items[static_cast<std::size_t>(from * parts + part)]);
    }
    result.values.push_back(kernel.factor * sum + (part == 0 ? kernel.bias : 0));
    result.m = std::max(result.m, std::fabs(items[place]));
  }
  for (const Border border : kernel.borders) {
    if (border == Border::constant) result.m = std::max({result.m, std::fabs(outside[0]), std::fabs(outside[1])});
  }
  for (const Real value : kernel.values) result.n += std::fabs(kernel.factor * value);
  if (result.n > 0) result.m += std::fabs(kernel.bias) / result.n;
  return result;
}

Result gaussian(const View& in, const std::vector<Gaussian>& axes, std::complex<double> cval, Grid grid) {
  std::vector<Task> tasks;
  for (const Gaussian& axis : axes) {
    tasks.push_back({axis.axis, gaussian_taps(axis.sigma, axis.order, axis.radius, grid), axis.border});
  }
  return correlate(in, tasks, cval);
}

std::vector<Real> values(const View& view) {
  std::vector<Real> list;
  if (view.shape().product() > 0) append_axis(list, view, 0, static_cast<const std::byte*>(view.data()));
  return list;
}

Real largest_magnitude(DType dtype) {
  if (is_floating(dtype) || dtype == DType::boolean) return dtype == DType::boolean ? 1 : 0;
  const auto bits = static_cast<int>(8 * size_of(dtype));
  return is_unsigned(dtype) ? std::ldexp(Real{1}, bits) - 1 : std::ldexp(Real{1}, bits - 1);
}

}  // namespace gaussfilt::reference
