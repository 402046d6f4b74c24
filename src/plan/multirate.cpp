// Floor 3. Multirate problems: which axes go to which lower rate, and the proof of their bounds.
#include "base/resampling.h"
#include "base/taps.h"
#include "methods/cost.h"
#include "passes/resample_rows.h"
#include "plan/problems.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace gaussfilt::plan {
namespace {

using base::AxisTask;
using base::Problem;

// Below it, taps for wide weights reach far and swing.
constexpr double least_ratio_of_wide = 1.75;
constexpr double least_sigma = 1.5;  // under it there is no lower rate
constexpr int most_order = 2;
constexpr std::array<int, 22> factors{2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20, 24, 28, 32, 36, 40, 48, 56, 64};

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

// One way to do an axis, and what it is thought to take.
struct Way {
  Rate rate;
  double pairs = 0;  // of taps
  double reads = 1;  // samples that are read, as a multiple of the axis
};

// About how much an axis rounds in f32, all of it or but the way down and up.
double rounding_in_f32(Rate rate, double pairs, bool all) {
  const auto factor = static_cast<double>(rate.factor), width = static_cast<double>(rate.width);
  const double down = (std::min(factor, 8.0) + width * std::ceil(factor / 8)) / 2 + 1, up = 2.2;
  return (down + up + (all ? 3 + pairs / 8 : 0)) * 0x1p-24;
}

// For every factor the narrowest weights whose error is expected within the budget; first of all, none.
// `room`: for its rounding, where it works in f32.
std::vector<Way> ways(const AxisTask& task, std::int64_t n, const MultirateRequest& request, bool in_f32, double room) {
  const double budget = request.budget;
  std::vector<Way> list{{.rate = {}, .pairs = static_cast<double>(task.f64.weights.size())}};
  if (task.order > most_order || task.sigma < least_sigma || n < 2) return list;
  const double deviations = std::sqrt(-2 * std::log(std::clamp(budget, 1e-14, 0.1)));
  for (const int factor : factors) {
    const double ratio = task.sigma / factor;
    if (ratio < 1) break;
    const auto f = static_cast<std::size_t>(factor);
    for (std::size_t width = 2; width <= base::most_width; ++width) {
      if (width >= 6 && ratio < least_ratio_of_wide) break;
      if (base::expected_error(f, width, task.sigma, task.order) > budget) continue;
      const double pairs = deviations * ratio;
      if (in_f32 && rounding_in_f32({f, width}, pairs, request.low_rate == DType::f32) > room) break;
      const double reach = (pairs + static_cast<double>(width)) * factor;
      list.push_back({{f, width}, pairs, 1 + beyond(task, n, factor, reach)});
      break;
    }
  }
  return list;
}

// The prices of methods/cost.h for what is done at the full rate and at the lower one.
struct Prices {
  const methods::price::Resampled &full, &low;
  const methods::price::Arithmetic& taps;
  double bytes;  // of an item at the lower rate
  bool few;      // samples of the row have few components

  static double of(const methods::price::Pass& pass, const Way& way) {
    if (way.rate.factor == 1) return 0;
    return (pass.sample + pass.pair * static_cast<double>(way.rate.width)) * (1 + way.reads) / 2;
  }
  static double of(const methods::price::Pass& few, const methods::price::Pass& many, const Way& way) {
    return std::min(few.sample + few.pair * way.pairs, many.sample + many.pair * way.pairs);
  }
  bool phased(const Way& way) const { return few && way.rate.factor <= passes::most_phases; }
  double column(const Way& way) const { return of(taps.column, taps.long_column, way); }
  double row(const Way& way) const { return of(taps.row, taps.long_row, way); }

  // A column axis and the rows beneath it. An axis by itself is a column.
  double operator()(const Way& column_way, const Way& row_way) const {
    const double narrower = 1 / static_cast<double>(column_way.rate.factor);
    const double lower = narrower / static_cast<double>(row_way.rate.factor);
    return of(full.column, column_way) + (column_way.reads - 1) * methods::price::ns_per_byte * bytes +
           narrower * of(phased(row_way) ? low.phased : low.turned, row_way) +
           lower * (2 * bytes * methods::price::ns_per_byte + column(column_way) + row(row_way));
  }
  double outer(const Way& way) const {
    return of(low.column, way) + column(way) / static_cast<double>(way.rate.factor);
  }
};

Prices prices_of(const Problem& problem, DType low_rate) {
  namespace price = methods::price;
  const bool low = low_rate == DType::f64;
  std::int64_t components = 1;
  for (int axis = problem.axes.back().axis + 1; axis < problem.shape.rank(); ++axis) components *= problem.shape[axis];
  return {problem.working == DType::f64 ? price::f64_resampled : price::f32_resampled,
          low ? price::f64_resampled : price::f32_resampled, low ? price::f64_fused : price::f32, low ? 8.0 : 4.0,
          components <= static_cast<std::int64_t>(passes::most_phases) && !is_complex(problem.in)};
}

template <class Price> const Way& cheapest(const std::vector<Way>& list, const Price& price) {
  return *std::ranges::min_element(list, {}, price);
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
  const double rounding = base::down_roundings(taps) * unit * low * up + down * task.rounding * low * up +
                          down * low * base::up_roundings(taps) * unit;
  return {down * low * up / mass, rounding * (1 + 64 * unit) / mass};
}

// Brings one axis to its lower rate.
void resample(AxisTask& task, const Kernel& target, Rate rate, double budget, DType low_rate) {
  const double mass = mass_of(target);
  const base::ResampleShape shape = base::resample_shape(rate.factor, rate.width, task.sigma, task.order);
  task.kernel = base::low_rate_taps(shape, target, task.sigma, task.order, budget * mass);
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
}

}  // namespace

// The columns' and the rows' together: what the columns leave is what the rows cost.
MultirateRates multirate_rates(const Problem& problem, const MultirateRequest& request) {
  const std::size_t count = problem.axes.size();
  const auto ways_of = [&](std::size_t i) {
    const bool full = count < 2 || i + 2 == count;
    const bool in_f32 = (full ? problem.working : request.low_rate) == DType::f32;
    const double room =
        request.low_rate == DType::f32 ? request.room / static_cast<double>(count) : request.room - 0x1p-24;
    return ways(problem.axes[i], problem.shape[problem.axes[i].axis], request, in_f32, room);
  };
  MultirateRates chosen{.axes = std::vector<Rate>(count), .budget = request.budget};
  std::vector<Rate>& rates = chosen.axes;
  if (count == 0) return chosen;
  const Prices prices = prices_of(problem, request.low_rate);
  for (std::size_t i = 0; i + 2 < count; ++i) {
    const auto price = [&](const Way& way) { return prices.outer(way); };
    const std::vector<Way> list = ways_of(i);
    const Way& way = cheapest(list, price);
    rates[i] = way.rate;
    chosen.price += price(way) / 16;  // about the rate that the last two axes leave
  }
  const std::vector<Way> rows = ways_of(count - 1);
  if (count == 1) {
    const auto price = [&](const Way& way) { return prices(way, Way{}); };
    const Way& way = cheapest(rows, price);
    rates[0] = way.rate;
    chosen.price = price(way);
    return chosen;
  }
  double least = std::numeric_limits<double>::infinity();
  for (const Way& column : ways_of(count - 2)) {
    for (const Way& row : rows) {
      const double price = prices(column, row);
      if (price >= least) continue;
      least = price;
      rates[count - 2] = column.rate, rates[count - 1] = row.rate;
    }
  }
  chosen.price += least;
  return chosen;
}

bool to_multirate(Problem& problem, DType low_rate, const MultirateRates& chosen, std::span<const Kernel> targets,
                  double cut_error) {
  const std::size_t count = problem.axes.size();
  const std::vector<Rate>& rates = chosen.axes;
  if (std::ranges::all_of(rates, [](const Rate& rate) { return rate.factor == 1; })) return false;
  // With one axis alone, whether it lies along the rows follows from the strides; then there is one precision.
  const bool mixed = problem.working == DType::f32 && low_rate == DType::f64;
  if (mixed && count < 2) return false;

  std::vector<Steps> steps(count);
  for (std::size_t i = 0; i < count; ++i) {
    AxisTask& task = problem.axes[i];
    const double mass = mass_of(targets[i]);
    if (rates[i].factor == 1) {
      if (mixed) task.rounding = base::rounding_bound(task, DType::f64);
      steps[i].rounding = task.rounding;
      continue;
    }
    resample(task, targets[i], rates[i], chosen.budget, low_rate);
    // The columns', the last axis but one, go down and up in the working precision, the others in the lower rate's.
    const bool full = count < 2 || i + 2 == count;
    steps[i] = (full ? problem.working : low_rate) == DType::f32 ? prove<float>(task, targets[i], mass)
                                                                 : prove<double>(task, targets[i], mass);
    task.approximation += cut_error;
    task.tap_mass = mass;
  }
  // What the constant beyond a border becomes: derivatives at a lower rate have sum 0.
  std::complex<double> cval = problem.axes.front().cval;
  for (std::size_t i = 0; i < count; ++i) {
    AxisTask& task = problem.axes[i];
    task.cval = cval;
    cval *= rates[i].factor == 1 ? gain_of(task.kernel, task.order) : task.order == 0 ? 1 : 0;
  }
  // The steps of the axes are interleaved: the rounding of each goes through those of all others. Then, rows are
  // rounded from the lower rate's precision to the working one.
  double masses = 1;
  for (const Steps& step : steps) masses *= step.mass;
  for (std::size_t i = 0; i < count; ++i) problem.axes[i].rounding = steps[i].rounding * masses / steps[i].mass;
  if (mixed) problem.axes.back().rounding += 0x1p-24 * masses;
  problem.low_rate = low_rate;
  return true;
}

}  // namespace gaussfilt::plan
