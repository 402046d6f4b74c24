// Floor 0. Taps are summed by Euler's and Maclaurin's formula where neighbouring ones are alike.
#include "base/axis_gaussian.h"

#include "base/taps.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

namespace gaussfilt::base {
namespace {

constexpr double least_summed = 1000;  // sigma; below, listing costs nothing, and the series below would be too short
constexpr int most_order = 2;
constexpr double no_tap = 13;         // sigmas beyond which nothing of weight is left: 1e-36
constexpr double few_terms = 4;       // a step of less than sigma / 4 is alike enough for the formula
constexpr double negligible = 1e-20;  // of the mass
constexpr double clear = 7.6;         // deviations beyond which a Gaussian has 3e-14
constexpr double longest = 0x1p52;
constexpr double half_power = std::numbers::sqrt2 / 2;

// Of the sum by midpoints: - 1/24, + 7/5760 ... times the odd derivatives' differences at the ends.
constexpr std::array<double, 5> at_ends{-1.0 / 24, 7.0 / 5760, -31.0 / 967680, 127.0 / 154828800, -73.0 / 3503554560};

double hermite(int n, double u) {
  double before = 0, now = 1;
  for (int i = 0; i < n; ++i) before = std::exchange(now, u * now - i * before);
  return now;
}

bool periodic(Border border) { return border == Border::reflect || border == Border::mirror || border == Border::wrap; }

}  // namespace

bool better_summed(const MeantGaussian& meant, Border border, std::int64_t n) {
  const auto reach = static_cast<double>(folded_reach(border, n));
  return meant.sigma >= least_summed && meant.order <= most_order && reach <= 2 * meant.sigma &&
         (!meant.radius || reach <= static_cast<double>(*meant.radius));
}

// D being the derivative: a cell's mean is 2 sinh(D / 2) / D, Lindeberg's Gaussian has the spectrum exp(sigma^2 (cosh D
// - 1)), central differences are sinh D and 2 cosh D - 2. What is left out is below 1e-17 from `least_summed` on.
std::vector<AxisGaussian::Term> AxisGaussian::terms_of(const MeantGaussian& meant, int order) {
  if (meant.taps == Taps::sampled) return {{1, order}};
  if (meant.taps == Taps::integrated) return {{1, order}, {1.0 / 24, order + 2}, {1.0 / 1920, order + 4}};
  const double t = meant.sigma * meant.sigma;
  const std::array<Term, 4> smooth{{{1, 0}, {t / 24, 4}, {t / 720, 6}, {t * t / 1152, 8}}};
  std::vector<Term> difference{{1, order}};
  if (order == 1) difference = {{1, 1}, {1.0 / 6, 3}, {1.0 / 120, 5}};
  if (order == 2) difference = {{1, 2}, {1.0 / 12, 4}, {1.0 / 360, 6}};
  std::vector<Term> terms;
  for (const Term& a : smooth) {
    for (const Term& b : difference) terms.push_back({a.weight * b.weight, a.order + b.order});
  }
  return terms;
}

AxisGaussian::AxisGaussian(const MeantGaussian& meant, Border border, std::int64_t n, double cut)
    : meant_(meant), border_(border), n_(n), mass_(0) {
  const auto [sigma, order, taps, radius] = meant;
  list_ = gaussian_kernel(sigma, order, radius ? *radius : ideal_cut(sigma, order, cut, taps).radius, taps);
  reach_ = static_cast<double>(list_.centre);
  for (const double tap : list_.taps) mass_ += std::abs(tap);
}

AxisGaussian::AxisGaussian(const MeantGaussian& meant, Border border, std::int64_t n)
    : meant_(meant), border_(border), n_(n) {
  reach_ = std::ceil(no_tap * meant.sigma);
  if (meant.radius) reach_ = std::min(reach_, static_cast<double>(*meant.radius));
  norm_ = sum(terms_of(meant, 0), -reach_, reach_, 1);
  terms_ = terms_of(meant, meant.order);
  if (meant.order > 0) mass_ = mass_of_sums();
  folded_ = folded_sums();
}

std::int64_t AxisGaussian::reach() const { return static_cast<std::int64_t>(std::min(reach_, longest)); }

// (-1)^order times the derivative, which is what correlation sums.
double AxisGaussian::derivative(int order, double x) const {
  const double u = x / meant_.sigma;
  return std::pow(meant_.sigma, -order) * hermite(order, u) * std::exp(-u * u / 2);
}

// Over x = first, first + step ... last.
double AxisGaussian::sum(const std::vector<Term>& terms, double first, double last, double step) const {
  if (last < first) return 0;
  const double sigma = meant_.sigma, low = first - step / 2, high = last + step / 2;
  double all = 0;
  for (const Term& term : terms) {
    double part = 0;
    if (term.order > 0) {
      part = derivative(term.order - 1, low) - derivative(term.order - 1, high);
    } else {
      const double a = low / sigma * half_power, b = high / sigma * half_power;
      const double between = a > 0 ? std::erfc(a) - std::erfc(b) : std::erf(b) - std::erf(a);
      part = sigma * std::sqrt(std::numbers::pi / 2) * between;
    }
    part /= step;
    double power = step;
    for (std::size_t i = 0; i < at_ends.size(); ++i, power *= step * step) {
      const int order = term.order + 2 * static_cast<int>(i) + 1;
      part -= at_ends[i] * power * (derivative(order, high) - derivative(order, low));
    }
    all += term.weight * part;
  }
  return all;
}

// Of the taps at x + k step, from `from` on, as far as they reach.
double AxisGaussian::sum_within(double x, double step, double from) const {
  const double first = x + std::ceil((from - x) / step) * step, last = x + std::floor((reach_ - x) / step) * step;
  if (few_terms * step <= meant_.sigma) return sum(terms_, first, last, step) / norm_;
  double all = 0;
  for (double at = last; at >= first; at -= step) {
    for (const Term& term : terms_) all += term.weight * derivative(term.order, at);
  }
  return all / norm_;
}

double AxisGaussian::tap(std::int64_t x) const {
  const auto at = static_cast<double>(x);
  if (std::abs(at) > reach_) return 0;
  if (listed()) return list_.taps[static_cast<std::size_t>(list_.centre + x)];
  double all = 0;
  for (const Term& term : terms_) all += term.weight * derivative(term.order, at);
  return all / norm_;
}

double AxisGaussian::from(std::int64_t x) const {
  if (!listed()) return sum_within(static_cast<double>(x), 1, static_cast<double>(x));
  double all = 0;
  for (std::int64_t i = list_.centre; i >= x; --i) all += tap(i);
  return all;
}

double AxisGaussian::images(std::int64_t x, std::int64_t period) const {
  const double all = sum_within(static_cast<double>(x), static_cast<double>(period), -reach_);
  return std::abs(all) * static_cast<double>(period) < negligible * mass_ ? 0 : all;
}

// Order 2 changes sign about sigma, give or take a sample, where its taps are next to 0.
double AxisGaussian::mass_of_sums() const {
  if (meant_.order == 1) return 2 * std::abs(from(1));
  auto inner = static_cast<std::int64_t>(std::min({meant_.sigma, reach_, longest}));
  if (tap(inner) > 0) --inner;
  else if (tap(inner + 1) < 0) ++inner;
  return 4 * from(inner + 1) - 2 * from(1) - tap(0);
}

double AxisGaussian::deviation() const { return delivered_sigma(meant_.sigma, reach(), meant_.taps); }

double delivered_sigma(double sigma, std::int64_t radius, Taps taps) {
  if (sigma < least_summed) return gaussfilt::delivered_sigma(gaussian_kernel(sigma, 0, radius, taps));
  if (static_cast<double>(radius) >= longest) return sigma;  // which stands for any longer reach
  const double end = (static_cast<double>(radius) + 0.5) / sigma;
  const double density = std::exp(-end * end / 2) / std::sqrt(2 * std::numbers::pi);
  return sigma * std::sqrt(1 - 2 * end * density / std::erf(end * half_power));
}

// ---- on an axis that they reach beyond ----------------------------------------------------------------------------

namespace {

// The part of a Gaussian of deviation `soft` about 0 that lies between x - half and x + half: a window of width 2 half
// whose ends are soft. Those one width apart sum to 1.
double window(double x, double half, double soft) {
  if (x < half - 9 * soft) return 1;
  return 0.5 * (std::erfc((x - half) / soft * half_power) - std::erfc((x + half) / soft * half_power));
}

double end_of_window(Border border, std::int64_t n, double soft) {
  if (periodic(border)) return static_cast<double>(period(border, n)) / 2;
  return static_cast<double>(n - 1) + clear * soft;
}

}  // namespace

// From its half: taps at 0, 1 ...
Kernel AxisGaussian::both_sides(const std::vector<double>& half) const {
  const auto reach = static_cast<std::int64_t>(half.size()) - 1;
  const bool odd = meant_.order % 2 == 1;
  Kernel kernel{.taps = std::vector<double>(2 * half.size() - 1), .centre = reach};
  double* const own = kernel.taps.data() + reach;
  for (std::int64_t x = 0; x <= reach; ++x) {
    own[x] = half[static_cast<std::size_t>(x)];
    own[-x] = odd ? -own[x] : own[x];
  }
  if (odd) own[0] = 0;
  return kernel;
}

Kernel AxisGaussian::folded() const { return listed() ? fold(list_, border_, n_) : folded_; }

Kernel AxisGaussian::folded_sums() const {
  if (n_ < 1 || (n_ == 1 && border_ != Border::constant)) {
    const double all = meant_.order == 0 ? 1 : meant_.order % 2 == 1 ? 0 : 2 * from(1) + tap(0);
    return {.taps = {all}, .centre = 0};
  }
  std::vector<double> half(static_cast<std::size_t>(folded_reach(border_, n_)) + 1);
  const std::int64_t repeats = periodic(border_) ? period(border_, n_) : 0;
  for (std::size_t i = 0; i < half.size(); ++i) {
    const auto x = static_cast<std::int64_t>(i);
    half[i] = repeats > 0 ? images(x, repeats) : x < n_ ? tap(x) : from(n_);
  }
  // An even period has one slot at both ends.
  if (repeats > 0 && repeats % 2 == 0) half.back() = meant_.order % 2 == 0 ? half.back() / 2 : 0;
  return both_sides(half);
}

// All images of the taps together, seen through windows that sum to 1.
std::vector<double> AxisGaussian::through_window(double soft) const {
  const std::int64_t repeats = period(border_, n_);
  const double half = static_cast<double>(repeats) / 2;
  const Kernel images = folded();
  std::vector<double> taps(static_cast<std::size_t>(half + clear * soft) + 1);
  for (std::size_t x = 0; x < taps.size(); ++x) {
    std::int64_t at = static_cast<std::int64_t>(x) % repeats;
    if (2 * at > repeats) at -= repeats;
    if (std::abs(at) > images.centre) continue;
    const double image = images.taps[static_cast<std::size_t>(images.centre + at)];
    taps[x] = window(static_cast<double>(x), half, soft) * (2 * at == repeats ? 2 * image : image);
  }
  return taps;
}

// The taps as they are as long as they meet samples of their own; beyond, what they sum to, as a Gaussian.
std::vector<double> AxisGaussian::with_ends(double soft) const {
  const double end = end_of_window(border_, n_, soft);
  std::vector<double> taps(static_cast<std::size_t>(end + clear * soft) + 1);
  std::vector<double> bump(taps.size());
  double missing = from(n_), mass = 0;
  for (std::size_t x = taps.size(); x-- > 0;) {
    const double u = (static_cast<double>(x) - end) / soft;
    taps[x] = tap(static_cast<std::int64_t>(x)) * window(static_cast<double>(x), end, soft);
    bump[x] = std::abs(u) <= clear ? std::exp(-u * u / 2) : 0;
    if (static_cast<std::int64_t>(x) >= n_) missing -= taps[x], mass += bump[x];
  }
  for (std::size_t x = 0; x < taps.size(); ++x) taps[x] += missing / mass * bump[x];
  return taps;
}

Kernel AxisGaussian::softly_folded(double soft) const {
  return both_sides(periodic(border_) ? through_window(soft) : with_ends(soft));
}

double softly_folded_reach(Border border, std::int64_t n, double soft, double missing) {
  return end_of_window(border, n, soft) + std::sqrt(-2 * std::log(std::clamp(missing, 1e-13, 0.1))) * soft;
}

}  // namespace gaussfilt::base
