// Floor 3. Multirate problems: which axes go to which lower rate, and the proof of their bounds.
#include "base/resampling.h"
#include "base/taps.h"
#include "passes/resample.h"
#include "plan/problems.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace gaussfilt::plan {
namespace {

using base::AxisTask;
using base::Problem;

constexpr double least_sigma = 1.5;  // under it there is no lower rate
constexpr int most_order = 2;
constexpr std::array<int, 22> factors{2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20, 24, 28, 32, 36, 40, 48, 56, 64};

// By how much derivatives are further off than smoothing is.
double harder(int order) { return order == 0 ? 1 : order == 1 ? 3.5 : 9; }

struct Rate {
  std::size_t factor = 1, width = 1;
};

// Samples beyond the axis's own that are read for its borders, as a part of it: see methods/low_axis.cpp.
double beyond(const AxisTask& task, std::int64_t n, std::int64_t factor, double reach) {
  const auto part = [&](double samples) { return samples / static_cast<double>(n); };
  switch (task.border) {
    case Border::reflect: return 2 * n % factor == 0 ? 0 : part(reach);
    case Border::wrap: return n % factor == 0 ? 0 : part(2 * reach);
    case Border::mirror: return part(2 * reach);
    default: return 0;
  }
}

// The cheapest rate whose error is expected within the budget; factor 1 where the taps themselves cost less.
Rate cheapest_rate(const AxisTask& task, std::int64_t n, double budget) {
  const double deviations = std::sqrt(-2 * std::log(std::clamp(budget, 1e-12, 0.1)));
  Rate best;
  double least = 2 * static_cast<double>(task.f64.weights.size());
  for (std::size_t width = 2; width <= base::most_width; ++width) {
    for (const int factor : factors) {
      const double ratio = task.sigma / factor;
      if (ratio < 1) break;
      const auto f = static_cast<std::size_t>(factor);
      if (harder(task.order) * base::expected_error(f, width, task.sigma) > budget) break;
      const double taps = deviations * ratio + static_cast<double>(width);
      const double reach = (taps + static_cast<double>(width)) * factor;
      const double cost =
          static_cast<double>(width) * (2 + beyond(task, n, factor, reach)) + 1 + 2 * taps / factor / factor;
      if (cost < least) least = cost, best = {f, width};
    }
  }
  return best;
}

template <class T> base::ResampleTaps<T>& taps_in(base::Resampling& resampling) {
  if constexpr (sizeof(T) == sizeof(float)) return resampling.f32;
  else return resampling.f64;
}

// What the steps of an axis do to an error before or after them, relative to sum |target|, and their own rounding.
struct Steps {
  double mass = 1;
  double rounding = 0;
};

// `T`: of the way down and up. The taps are summed in `low_rate`, the precision that `task.rounding` is of.
template <class T> Steps prove(AxisTask& task, const Kernel& target, double mass) {
  const base::ResampleTaps<T>& taps = task.resampling.taps<T>();
  const double down = base::down_mass(taps), up = base::up_mass(taps), low = task.tap_mass;
  const double unit = sizeof(T) == sizeof(float) ? 0x1p-24 : 0x1p-53;
  task.approximation = base::resample_error(taps, task.kernel, target) / mass;
  const double rounding = base::down_roundings(taps, passes::rows_a_block) * unit * low * up +
                          down * task.rounding * low * up + down * low * base::up_roundings(taps) * unit;
  return {down * low * up / mass, rounding * (1 + 64 * unit) / mass};
}

// Brings one axis to its lower rate; false where its taps do not come out.
bool resample(AxisTask& task, const Kernel& target, Rate rate, double budget, DType low_rate) {
  const double mass = mass_of(target);
  const base::ResampleShape shape = base::resample_shape(rate.factor, rate.width, task.sigma);
  std::optional<Kernel> low = base::low_rate_taps(shape, target, task.order, budget * mass / 16);
  if (!low) return false;
  task.kernel = *std::move(low);
  task.folded = false;
  base::list_taps(task, false);
  task.tap_mass = mass_of(task.kernel);
  task.rounding = base::rounding_bound(task, low_rate);
  base::Resampling& resampling = task.resampling;
  resampling.factor = static_cast<std::int64_t>(rate.factor), resampling.width = static_cast<std::int64_t>(rate.width);
  resampling.reach = task.after;
  resampling.sigma = base::delivered_sigma(shape, task.kernel);
  resampling.f32 = base::resample_taps<float>(shape);
  resampling.f64 = base::resample_taps<double>(shape);
  task.before = task.after = (resampling.reach + 2 * resampling.width) * resampling.factor;
  return true;
}

}  // namespace

bool to_multirate(Problem& problem, const MultirateRequest& request) {
  const std::size_t count = problem.axes.size();
  std::vector<Rate> rates(count);
  for (std::size_t i = 0; i < count; ++i) {
    const AxisTask& task = problem.axes[i];
    const std::int64_t n = problem.shape[task.axis];
    if (task.order > most_order || task.sigma < least_sigma || n < 2) continue;
    rates[i] = cheapest_rate(task, n, request.budget);
  }
  if (std::ranges::all_of(rates, [](const Rate& rate) { return rate.factor == 1; })) return false;
  // With one axis alone, whether it lies along the rows follows from the strides; then there is one precision.
  const bool mixed = problem.working == DType::f32 && request.low_rate == DType::f64;
  if (mixed && count < 2) return false;

  std::vector<Steps> steps(count);
  for (std::size_t i = 0; i < count; ++i) {
    AxisTask& task = problem.axes[i];
    const double mass = mass_of(request.targets[i]);
    if (rates[i].factor == 1) {
      if (mixed) task.rounding = base::rounding_bound(task, DType::f64);
      steps[i].rounding = task.rounding;
      continue;
    }
    if (!resample(task, request.targets[i], rates[i], request.budget, request.low_rate)) return false;
    // The columns', the last axis but one, go down and up in the working precision, the others in the lower rate's.
    const bool full = count < 2 || i + 2 == count;
    steps[i] = (full ? problem.working : request.low_rate) == DType::f32
                   ? prove<float>(task, request.targets[i], mass)
                   : prove<double>(task, request.targets[i], mass);
    task.approximation += request.cut_error;
    task.tap_mass = mass;
  }
  // The steps of the axes are interleaved: the rounding of each goes through those of all others. Then, rows are
  // rounded from the lower rate's precision to the working one.
  double masses = 1;
  for (const Steps& step : steps) masses *= step.mass;
  for (std::size_t i = 0; i < count; ++i) problem.axes[i].rounding = steps[i].rounding * masses / steps[i].mass;
  if (mixed) problem.axes.back().rounding += 0x1p-24 * masses;
  problem.low_rate = request.low_rate;
  return true;
}

}  // namespace gaussfilt::plan
