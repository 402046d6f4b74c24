// Floor 3. Multirate problems: which axes go to which lower rate, and the proof of their bounds.
#include "base/axis_gaussian.h"
#include "base/resampling.h"
#include "base/taps.h"
#include "methods/cost.h"
#include "passes/resample.h"
#include "passes/resample_rows.h"
#include "plan/problems.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace gaussfilt::plan {
namespace {

using base::AxisTask;
using base::Problem;

// Below it, taps for wide weights reach far and swing.
constexpr double least_ratio_of_wide = 1.75;
constexpr double least_sigma = 1.5;  // under it there is no lower rate
constexpr int most_order = 2;
constexpr double short_target = 2000;  // samples to either side that take no time to plan for
constexpr std::array<std::size_t, 22> factors{2,  3,  4,  5,  6,  7,  8,  9,  10, 12, 14,
                                              16, 18, 20, 24, 28, 32, 36, 40, 48, 56, 64};

// One way to do an axis, and what it is thought to take.
struct Way {
  Rate rate;
  double pairs = 0;  // of taps
  double reads = 1;  // samples that are read, as a multiple of the axis
};

// Samples beyond the axis's own that are read for its borders: see methods/low_axis.cpp.
double beyond(Border border, std::int64_t n, Rate rate, double pairs) {
  const auto factor = static_cast<std::int64_t>(rate.factor);
  const auto cells = static_cast<double>(rate.width * rate.factor);
  const double reach = pairs * static_cast<double>(factor) + cells;
  const bool repeats = base::low_period(border, n, factor) > 0;
  switch (border) {
    case Border::reflect: return repeats ? cells : reach;
    case Border::wrap: return repeats ? cells : 2 * reach;
    case Border::mirror: return repeats ? std::min(static_cast<double>(n) + cells, 2 * reach) : 2 * reach;
    default: return 2 * cells;
  }
}

// Pairs of taps that are left when they are folded.
double folded_pairs(Border border, std::int64_t n, Rate rate) {
  const auto factor = static_cast<std::int64_t>(rate.factor);
  if (border == Border::nearest || border == Border::constant) {
    return static_cast<double>(n) / static_cast<double>(factor) + static_cast<double>(rate.width);
  }
  const std::int64_t period = base::low_period(border, n, factor);
  return period > 0 ? static_cast<double>(period) / 2 : std::numeric_limits<double>::infinity();
}

// How many deviations a Gaussian reaches, up to this part of it.
double deviations(double part) { return std::sqrt(-2 * std::log(std::clamp(part, 1e-14, 0.1))); }

// About how much an axis rounds in f32, all of it or but the way down and up.
double rounding_in_f32(Rate rate, double pairs, bool all) {
  const auto factor = static_cast<double>(rate.factor), width = static_cast<double>(rate.width);
  const double down = (std::min(factor, 8.0) + width * std::ceil(factor / 8)) / 2 + 1, up = 2.2;
  return (down + up + (all ? 3 + pairs / 8 : 0)) * 0x1p-24;
}

// The prices of methods/cost.h for what is done at the full rate and at the lower one.
struct Prices {
  const methods::price::Resampled &full, &low;
  const methods::price::Arithmetic& taps;
  double bytes;  // of an item at the lower rate
  bool few;      // samples of the row have few components
  double lines;  // rows that there are

  static double of(const methods::price::Pass& pass, const Way& way) {
    if (way.rate.factor == 1) return 0;
    return (pass.sample + pass.pair * static_cast<double>(way.rate.width)) * (1 + way.reads) / 2;
  }
  static double of(const methods::price::Pass& few, const methods::price::Pass& many, const Way& way) {
    return std::min(few.sample + few.pair * way.pairs, many.sample + many.pair * way.pairs);
  }
  // Along the rows: those that are turned, some together, take as long where there are fewer.
  double along(const Way& way, double rows) const {
    if (few && way.rate.factor <= passes::most_phases) return of(low.phased, way);
    constexpr auto together = static_cast<double>(passes::rows_turned);
    return of(low.turned, way) * std::ceil(rows / together) * together / rows;
  }
  double column(const Way& way) const { return of(taps.column, taps.long_column, way); }
  double row(const Way& way) const { return of(taps.row, taps.long_row, way); }

  // A column axis and the rows beneath it.
  double operator()(const Way& column_way, const Way& row_way) const {
    const double narrower = 1 / static_cast<double>(column_way.rate.factor);
    const double lower = narrower / static_cast<double>(row_way.rate.factor);
    return of(full.column, column_way) + (column_way.reads - 1) * methods::price::ns_per_byte * bytes +
           narrower * along(row_way, std::ceil(lines * narrower) + static_cast<double>(column_way.rate.width - 1)) +
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
  const int row = problem.axes.back().axis;
  for (int axis = row + 1; axis < problem.shape.rank(); ++axis) components *= problem.shape[axis];
  const bool alone = problem.axes.size() == 1;
  const std::int64_t lines = !alone    ? problem.shape[problem.axes[problem.axes.size() - 2].axis]
                             : row > 0 ? problem.shape[row - 1]
                                       : 1;
  return {problem.working == DType::f64 ? price::f64_resampled : price::f32_resampled,
          low ? price::f64_resampled : price::f32_resampled,
          low ? price::f64_fused : price::f32,
          low ? 8.0 : 4.0,
          components <= static_cast<std::int64_t>(passes::most_phases) && !is_complex(problem.in),
          static_cast<double>(std::max<std::int64_t>(lines, 1))};
}

// An axis, what is meant along it, and what it must keep to.
struct Asked {
  const AxisTask& task;
  const base::AxisGaussian& meant;
  std::int64_t n;
  double budget;
  DType low_rate;
  bool in_f32;  // what it is done in
  double room;  // for its rounding, if so
};

Way way_of(const Asked& asked, Rate rate, double reach) {
  const double pairs =
      std::min(reach / static_cast<double>(rate.factor), folded_pairs(asked.task.border, asked.n, rate));
  return {rate, pairs, 1 + beyond(asked.task.border, asked.n, rate, pairs) / static_cast<double>(asked.n)};
}

bool has_room(const Asked& asked, const Way& way) {
  return !asked.in_f32 || rounding_in_f32(way.rate, way.pairs, asked.low_rate == DType::f32) <= asked.room;
}

// With the narrowest weights that are thought to bring a Gaussian of this sigma within the budget.
std::optional<Way> plain_way(const Asked& asked, std::size_t factor) {
  const double sigma = asked.task.sigma, ratio = sigma / static_cast<double>(factor);
  if (!asked.meant.listed() || ratio < 1) return std::nullopt;
  for (std::size_t width = 2; width <= base::most_width; ++width) {
    if (width >= 6 && ratio < least_ratio_of_wide) break;
    if (base::expected_error(factor, width, sigma, asked.task.order) > asked.budget) continue;
    const Way way = way_of(asked, {factor, width}, deviations(asked.budget) * sigma);
    return has_room(asked, way) ? std::optional(way) : std::nullopt;
  }
  return std::nullopt;
}

// Where the taps reach beyond the axis, and softly folded they reach less far: the cheapest width.
std::optional<Way> folded_way(const Asked& asked, std::size_t factor, const Prices& prices) {
  const double sigma = asked.task.sigma, end = base::softly_folded_reach(asked.task.border, asked.n, 0, 1);
  std::optional<Way> best;
  for (std::size_t width = 2; width <= base::most_width; ++width) {
    const double least = width >= 6 ? least_ratio_of_wide * static_cast<double>(factor) : 0;
    const double steepest = std::max(least, base::expected_sigma(factor, width, asked.task.order, asked.budget));
    if (steepest >= sigma / 2) continue;
    const double soft = 1 / std::sqrt(1 / (steepest * steepest) - 1 / (sigma * sigma));
    const double reach = base::softly_folded_reach(asked.task.border, asked.n, soft, asked.budget);
    const double all = base::softly_folded_reach(asked.task.border, asked.n, soft, 0);
    if (reach >= deviations(asked.budget) * sigma || all > std::max(short_target, 1.5 * end)) continue;
    const Way way = way_of(asked, {factor, width, soft}, reach);
    if (has_room(asked, way) && (!best || prices(way, Way{}) < prices(*best, Way{}))) best = way;
  }
  return best;
}

// First of all, none; then the best for every factor.
std::vector<Way> ways(const Asked& asked, const Prices& prices) {
  std::vector<Way> list{{.rate = {}, .pairs = static_cast<double>(asked.task.f64.weights.size())}};
  if (asked.task.order > most_order || asked.task.sigma < least_sigma || asked.n < 2) return list;
  for (const std::size_t factor : factors) {
    const std::optional<Way> plain = plain_way(asked, factor), folded = folded_way(asked, factor, prices);
    if (!plain && !folded) continue;
    const bool fold = folded && (!plain || prices(*folded, Way{}) < prices(*plain, Way{}));
    list.push_back(fold ? *folded : *plain);
  }
  return list;
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
template <class T> Steps prove(AxisTask& task, const Kernel& low, const Kernel& target, double mass) {
  const base::ResampleTaps<T>& taps = task.resampling.taps<T>();
  const double down = base::down_mass(taps), up = base::up_mass(taps), there = task.tap_mass;
  const double unit = sizeof(T) == sizeof(float) ? 0x1p-24 : 0x1p-53;
  task.approximation = base::resample_error(taps, low, target) / mass;
  const double rounding = base::down_roundings(taps) * unit * there * up + down * task.rounding * there * up +
                          down * there * base::up_roundings(taps) * unit;
  return {down * there * up / mass, rounding * (1 + 64 * unit) / mass};
}

// Brings one axis to its lower rate; `working`: of its way down and up. Folding changes nothing in what the taps do, so
// the proof is of those that they were folded from.
Steps resample(AxisTask& task, const base::AxisGaussian& meant, std::int64_t n, Rate rate, double budget, DType working,
               DType low_rate) {
  const bool soft = rate.soft > 0;
  const Kernel target = soft ? meant.softly_folded(rate.soft) : meant.list();
  const double sigma = soft ? 1 / std::hypot(1 / rate.soft, 1 / task.sigma) : task.sigma;
  const base::ResampleShape shape = base::resample_shape(rate.factor, rate.width, sigma, soft ? 0 : task.order);
  const Kernel low = base::low_rate_taps(shape, target, task.order, budget * meant.mass());
  base::Resampling& resampling = task.resampling;
  resampling.factor = static_cast<std::int64_t>(rate.factor), resampling.width = static_cast<std::int64_t>(rate.width);
  task.kernel = base::folded_low_rate_taps(low, task.border, n, resampling.factor, resampling.width);
  task.folded = soft || task.kernel.taps.size() != low.taps.size();
  base::list_taps(task, false);
  task.tap_mass = mass_of(task.kernel);
  task.rounding = base::rounding_bound(task, low_rate);
  resampling.reach = task.after;
  resampling.sigma = soft ? meant.deviation() : base::delivered_sigma(shape, low);
  resampling.f32 = base::resample_taps<float>(shape);
  resampling.f64 = base::resample_taps<double>(shape);
  task.before = task.after = (resampling.reach + 2 * resampling.width) * resampling.factor;
  return working == DType::f32 ? prove<float>(task, low, target, meant.mass())
                               : prove<double>(task, low, target, meant.mass());
}

}  // namespace

// The columns' and the rows' together: what the columns leave is what the rows cost.
MultirateRates multirate_rates(const Problem& problem, std::span<const base::AxisGaussian> meant,
                               const MultirateRequest& request) {
  const std::size_t count = problem.axes.size();
  if (count == 0) return {};
  const Prices prices = prices_of(problem, request.low_rate);
  const auto ways_of = [&](std::size_t i) {
    const bool full = count < 2 || i + 2 == count;
    const bool in_f32 = (full ? problem.working : request.low_rate) == DType::f32;
    const double room =
        request.low_rate == DType::f32 ? request.room / static_cast<double>(count) : request.room - 0x1p-24;
    const AxisTask& task = problem.axes[i];
    return ways({task, meant[i], problem.shape[task.axis], request.budget, request.low_rate, in_f32, room}, prices);
  };
  MultirateRates chosen{.axes = std::vector<Rate>(count), .budget = request.budget};
  std::vector<Rate>& rates = chosen.axes;
  for (std::size_t i = 0; i + 2 < count; ++i) {
    const auto price = [&](const Way& way) { return prices.outer(way); };
    const std::vector<Way> list = ways_of(i);
    const Way& way = cheapest(list, price);
    rates[i] = way.rate;
    chosen.price += price(way) / 16;  // about the rate that the last two axes leave
  }
  const std::vector<Way> rows = ways_of(count - 1);
  if (count == 1) {
    const auto price = [&](const Way& way) { return prices.few ? prices(Way{}, way) : prices(way, Way{}); };
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

bool to_multirate(Problem& problem, DType low_rate, const MultirateRates& chosen,
                  std::span<const base::AxisGaussian> meant, double cut_error) {
  const std::size_t count = problem.axes.size();
  const std::vector<Rate>& rates = chosen.axes;
  if (std::ranges::all_of(rates, [](const Rate& rate) { return rate.factor == 1; })) return false;
  // With one axis alone, whether it lies along the rows follows from the strides; then there is one precision.
  const bool mixed = problem.working == DType::f32 && low_rate == DType::f64;
  if (mixed && count < 2) return false;

  std::vector<Steps> steps(count);
  for (std::size_t i = 0; i < count; ++i) {
    AxisTask& task = problem.axes[i];
    if (rates[i].factor == 1) {
      if (mixed) task.rounding = base::rounding_bound(task, DType::f64);
      steps[i].rounding = task.rounding;
      continue;
    }
    if (i > 0 && problem.working == low_rate && alike(problem.axes[i - 1], problem.axes[i], problem.shape) &&
        rates[i] == rates[i - 1]) {
      const int axis = std::exchange(task, problem.axes[i - 1]).axis;
      task.axis = axis, steps[i] = steps[i - 1];
      continue;
    }
    // The columns', the last axis but one, go down and up in the working precision, the others in the lower rate's.
    const bool full = count < 2 || i + 2 == count;
    steps[i] = resample(task, meant[i], problem.shape[task.axis], rates[i], chosen.budget,
                        full ? problem.working : low_rate, low_rate);
    task.approximation += cut_error;
    task.tap_mass = meant[i].mass();
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
