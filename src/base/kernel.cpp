// Floor 0. Taps of the Gaussian and its derivatives.
//
// With u = x / sigma, the n-th derivative of a Gaussian is (-1)^n He_n(u) / sigma^n times it (He: the probabilists'
// Hermite polynomials), which is SciPy's polynomial recurrence in a form that does not cancel. Correlation mirrors the
// kernel, which takes the (-1)^n away.
#include <gaussfilt/kernel.h>

#include <gaussfilt/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace gaussfilt::inline v0 {
namespace {

constexpr std::int64_t largest_radius = 0x7fffffff - 16;
constexpr std::array<std::string_view, 3> names_of_taps{"sampled", "discrete", "integrated"};
constexpr double sqrt2 = std::numbers::sqrt2;

double hermite(int n, double u) {
  double before = 0, now = 1;
  for (int i = 0; i < n; ++i) {
    const double next = u * now - i * before;
    before = now;
    now = next;
  }
  return now;
}

// Weight of one side of an even or odd kernel, before normalisation: w(x), x >= 0.
class HalfKernel {
 public:
  HalfKernel(double sigma, int order, Taps taps, std::int64_t reach) : sigma_(sigma), order_(order), taps_(taps) {
    scale_ = std::pow(sigma, -order);
    if (taps == Taps::discrete) {
      discrete_ = order == 0 ? bessel(reach) : differences(reach);
    }
  }

  double operator()(std::int64_t x) const {
    switch (taps_) {
      case Taps::sampled: return scale_ * sampled(static_cast<double>(x));
      case Taps::integrated: return integrated(static_cast<double>(x));
      case Taps::discrete: break;
    }
    return discrete_[static_cast<std::size_t>(x)];
  }

 private:
  double density(double x) const {
    const double exponent = -0.5 / (sigma_ * sigma_);
    if (!std::isfinite(exponent)) return x == 0 ? 1.0 : 0.0;  // a sigma whose square underflows: one tap
    return std::exp(exponent * (x * x));
  }

  double sampled(double x) const {
    const double g = density(x);
    return g == 0 ? 0 : order_ == 0 ? g : hermite(order_, x / sigma_) * g;
  }

  double integrated(double x) const {
    if (sigma_ >= 8) return integrated_by_series(x);
    if (order_ == 0) {
      const double s = 1 / (sigma_ * sqrt2);
      if (x == 0) return std::erf(0.5 * s);
      return 0.5 * (std::erfc((x - 0.5) * s) - std::erfc((x + 0.5) * s));
    }
    const double norm = scale_ / std::sqrt(2 * std::numbers::pi);
    const double left = density(x - 0.5), right = density(x + 0.5);
    const double a = left == 0 ? 0 : hermite(order_ - 1, (x - 0.5) / sigma_) * left;
    const double b = right == 0 ? 0 : hermite(order_ - 1, (x + 0.5) / sigma_) * right;
    return norm * (a - b);
  }

  // The cell's mean as a Taylor series about its middle: no cancellation where neighbouring values are close.
  double integrated_by_series(double x) const {
    const double g = density(x);
    if (g == 0) return 0;
    const double u = x / sigma_, h2 = 0.25 / (sigma_ * sigma_);
    double power = 1, sum = 0;
    for (int m = 0; m <= 12; ++m) {
      sum += hermite(order_ + 2 * m, u) * power;
      power *= h2 / ((2 * m + 2) * (2 * m + 3));
    }
    return scale_ * g * sum / (sigma_ * std::sqrt(2 * std::numbers::pi));
  }

  // e^-t I_n(t) for n = 0 .. reach by Miller's backward recurrence, normalised by their sum over all integers (1).
  std::vector<double> bessel(std::int64_t reach) const {
    std::vector<double> values(static_cast<std::size_t>(reach) + 1, 0.0);
    const double t = sigma_ * sigma_;
    if (!(t > 1e-300)) {
      values[0] = 1;
      return values;
    }
    // Beyond `start` every value is zero in double: the tail falls at least as fast as a Gaussian's or a factorial's.
    const auto start = static_cast<std::int64_t>(40 * sigma_) + 200;
    long double above = 0, now = 1e-300L, sum = 0;
    const auto rescale = [&](std::int64_t from) {
      constexpr double tiny = 1e-200;
      for (std::int64_t i = from; i <= std::min(reach, start); ++i) values[static_cast<std::size_t>(i)] *= tiny;
      above *= tiny, now *= tiny, sum *= tiny;
    };
    for (std::int64_t n = start; n >= 1; --n) {
      if (n <= reach) values[static_cast<std::size_t>(n)] = static_cast<double>(now);
      sum += 2 * now;
      const long double below = above + 2 * static_cast<long double>(n) / t * now;
      above = now;
      now = below;
      if (now > 1e200L) rescale(n);
    }
    values[0] = static_cast<double>(now);
    sum += now;
    for (double& value : values) value = static_cast<double>(value / sum);
    return values;
  }

  // Central differences of the discrete kernel. Taken tap from tap they would cancel sigma^-order of the digits, so
  // they are summed from their spectrum e^(-2 t sin^2(a/2)) (2 cos a - 2)^m (sin a): the trapezoidal rule over one
  // period of M points is exact but for the kernel's own tail at M - reach.
  std::vector<double> differences(std::int64_t reach) const {
    using Real = long double;
    const Real t = static_cast<Real>(sigma_) * sigma_, turn = 2 * std::numbers::pi_v<Real>;
    const std::int64_t points = reach + static_cast<std::int64_t>(10 * sigma_) + 60;
    std::vector<Real> spectrum;
    for (std::int64_t j = 0; j <= points / 2; ++j) {
      const Real angle = turn * static_cast<Real>(j) / static_cast<Real>(points), s = std::sin(angle / 2);
      if (2 * t * s * s > 60) break;
      const Real twice = j == 0 || 2 * j == points ? 1 : 2;
      Real value = twice * std::exp(-2 * t * s * s) / static_cast<Real>(points);
      for (int i = 0; i < order_ / 2; ++i) value *= -4 * s * s;
      spectrum.push_back(order_ % 2 == 0 ? value : value * std::sin(angle));
    }
    std::vector<Real> waves(static_cast<std::size_t>(points));
    for (std::size_t i = 0; i < waves.size(); ++i) {
      const Real angle = turn * static_cast<Real>(i) / static_cast<Real>(points);
      waves[i] = order_ % 2 == 0 ? std::cos(angle) : std::sin(angle);
    }
    std::vector<double> values(static_cast<std::size_t>(reach) + 1);
    for (std::size_t x = 0; x < values.size(); ++x) {
      Real sum = 0;
      for (std::size_t j = 0, at = 0; j < spectrum.size(); ++j, at = (at + x) % waves.size())
        sum += spectrum[j] * waves[at];
      values[x] = static_cast<double>(sum);
    }
    return values;
  }

  double sigma_;
  int order_;
  Taps taps_;
  double scale_ = 1;
  std::vector<double> discrete_;
};

// Sum of an even half kernel over |x| <= radius, small terms first.
double mass(const HalfKernel& half, std::int64_t radius) {
  double sum = 0;
  for (std::int64_t x = radius; x >= 1; --x) sum += half(x);
  return 2 * sum + half(0);
}

void check(double sigma, int order, std::int64_t radius) {
  if (!(sigma >= 0) || !std::isfinite(sigma)) {
    throw InvalidArgument(fmt::format("sigma: is {}, must be a finite number >= 0", sigma));
  }
  if (order < 0) throw InvalidArgument(fmt::format("order: is {}, must be >= 0", order));
  if (sigma == 0 && order > 0) {
    throw InvalidArgument(fmt::format("sigma: is 0 with order {}, a derivative needs sigma > 0", order));
  }
  if (radius < 0) throw InvalidArgument(fmt::format("radius: is {}, must be >= 0", radius));
  if (radius > largest_radius) {
    throw InvalidArgument(
        fmt::format("radius: {} does not fit 31 bits; give a tolerance instead, as in "
                    "{{.sigma = {}, .tolerance = 1e-4}}",
                    radius, sigma));
  }
}

}  // namespace

std::span<const std::string_view> taps_names() { return names_of_taps; }

std::string_view name(Taps taps) { return names_of_taps[static_cast<std::size_t>(taps)]; }

Taps parse_taps(std::string_view text) {
  const auto found = std::ranges::find(names_of_taps, text);
  if (found != names_of_taps.end()) return static_cast<Taps>(found - names_of_taps.begin());
  throw InvalidArgument(fmt::format("taps: \"{}\" is none of {}", text, fmt::join(names_of_taps, ", ")));
}

Symmetry symmetry(const Kernel& kernel) {
  const auto& w = kernel.taps;
  if (w.size() % 2 == 0) return Symmetry::none;
  const auto middle = w.size() / 2;
  bool even = true, odd = w[middle] == 0;
  for (std::size_t k = 1; k <= middle; ++k) {
    even = even && w[middle + k] == w[middle - k];
    odd = odd && w[middle + k] == -w[middle - k];
  }
  return even ? Symmetry::even : odd ? Symmetry::odd : Symmetry::none;
}

std::int64_t truncated_radius(double sigma, double truncate) {
  const double radius = truncate * sigma + 0.5;
  if (!(radius <= static_cast<double>(largest_radius))) {
    throw InvalidArgument(
        fmt::format("truncate: {} x sigma {} gives a radius that does not fit 31 bits; give a "
                    "tolerance instead, as in {{.sigma = {}, .tolerance = 1e-4}}",
                    truncate, sigma, sigma));
  }
  return static_cast<std::int64_t>(radius);
}

Kernel gaussian_kernel(double sigma, int order, std::int64_t radius, Taps taps) {
  check(sigma, order, radius);
  if (sigma == 0) return {.taps = {1.0}, .centre = 0};
  const HalfKernel half(sigma, order, taps, radius);
  const double norm = order == 0 ? mass(half, radius) : mass(HalfKernel(sigma, 0, taps, radius), radius);
  Kernel kernel{.taps = std::vector<double>(2 * static_cast<std::size_t>(radius) + 1), .centre = radius};
  double* const own = kernel.taps.data() + radius;
  const double mirror = order % 2 == 0 ? 1 : -1;
  for (std::int64_t x = 0; x <= radius; ++x) {
    const double w = half(x) / norm;
    if (!std::isfinite(w)) {
      throw InvalidArgument(fmt::format("order: {} at sigma {} overflows double, must be smaller", order, sigma));
    }
    own[x] = w;
    own[-x] = mirror * w;
  }
  if (mirror < 0) own[0] = 0;
  return kernel;
}

Cut ideal_cut(double sigma, int order, double budget, Taps taps) {
  check(sigma, order, 0);
  if (!(budget > 0)) throw InvalidArgument(fmt::format("budget: is {}, must be > 0", budget));
  if (sigma == 0) return {};
  // Where nothing of weight is left: 12 sigma leave 1e-31, a derivative's hump sits sqrt(order) sigma further out, and
  // below sigma 1 the discrete kernel falls like a factorial.
  const double reach = (12 + 2 * std::sqrt(order)) * sigma + (taps == Taps::discrete ? 24 : 2) + order;
  if (reach > static_cast<double>(largest_radius)) {
    throw InvalidArgument(fmt::format("sigma: {} gives a radius that does not fit 31 bits", sigma));
  }
  const auto end = static_cast<std::int64_t>(reach);
  const HalfKernel half(sigma, order, taps, end), smooth(sigma, 0, taps, end);
  const auto weight = [](const HalfKernel& f, std::int64_t x) { return (x == 0 ? 1 : 2) * std::abs(f(x)); };
  double total = 0, total_smooth = 0;
  for (std::int64_t x = end; x >= 0; --x) {
    total += weight(half, x);
    total_smooth += weight(smooth, x);
  }
  if (total == 0) return {};  // a derivative of a sigma too small to reach any neighbour
  // Cutting drops the tail and scales the rest up by 1 / (1 - smooth tail).
  double tail = 0, tail_smooth = 0;
  Cut best{end, 0};
  for (std::int64_t radius = end; radius >= 0; --radius) {
    const double t = tail_smooth / total_smooth;
    const double error = tail / total + (1 - tail / total) * (t / (1 - t));
    if (!(error <= budget)) break;
    best = {radius, error};
    tail += weight(half, radius);
    tail_smooth += weight(smooth, radius);
  }
  return best;
}

double delivered_sigma(const Kernel& kernel) {
  double sum = 0, first = 0, second = 0;
  for (std::size_t i = 0; i < kernel.taps.size(); ++i) {
    const double x = static_cast<double>(static_cast<std::int64_t>(i) - kernel.centre), w = kernel.taps[i];
    sum += w;
    first += w * x;
    second += w * x * x;
  }
  const double mean = first / sum;
  return std::sqrt(std::max(0.0, second / sum - mean * mean));
}

}  // namespace gaussfilt::inline v0
