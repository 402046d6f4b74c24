// Floor 3. Means of windows of any width.
#include "base/dtype.h"
#include "plan/options.h"
#include "plan/planner.h"
#include "plan/problems.h"

#include <gaussfilt/error.h>

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <vector>

namespace gaussfilt::plan {
namespace {

using base::AxisTask;

constexpr unsigned finest = 16;  // bits of the weight at each end

base::WindowTaps taps_of(double width, int axis) {
  constexpr double longest = 0x1p31;
  if (!(width >= 1 && width < longest)) {
    throw InvalidArgument(fmt::format("width: is {} for axis {}, must be >= 1 and below 2^31", width, axis));
  }
  // Counted in ends of 2^-finest.
  const auto half = static_cast<std::int64_t>(std::nearbyint((width - 1) / 2 * (1U << finest)));
  base::WindowTaps taps{
      .full = 2 * (half >> finest) + 1, .end = static_cast<std::uint32_t>(half & ((1 << finest) - 1)), .shift = finest};
  while (taps.shift > 0 && taps.end % 2 == 0) taps.end /= 2, --taps.shift;
  return taps;
}

bool whole(double value) { return value == std::nearbyint(value); }

// Small windows of bytes, whose sums stay below 2^16.
bool tiny(const base::Problem& problem, double level) {
  bool small = problem.in == DType::u8 && problem.out == DType::u8 && problem.axes.size() <= 2 && level <= 255;
  double total = 1;
  for (const AxisTask& task : problem.axes) {
    small = small && task.mean.end == 0 && task.mean.full <= 15 && task.cval.real() >= 0;
    total *= task.mean.total();
  }
  return small && total <= 201;
}

// The integers that hold every sum, or f64 where none does.
DType working_of(const base::Problem& problem) {
  switch (problem.in) {
    case DType::u8:
    case DType::u16:
    case DType::u32:
    case DType::i8:
    case DType::i16:
    case DType::i32: break;
    default: return DType::f64;
  }
  double largest = methods::mean_level(problem);
  const bool bytes = tiny(problem, largest);
  for (const AxisTask& task : problem.axes) {
    if (task.border == Border::constant && !whole(task.cval.real())) return DType::f64;
    largest *= task.mean.total();
  }
  if (bytes) return DType::u16;
  return largest < 0x1p31 ? DType::u32 : largest < 0x1p62 ? DType::u64 : DType::f64;
}

// Even multiples of the unit, so that 1 + bound is a number. Sums of `full` terms, the ends, the quotient. Of integers
// the quotient alone, and only where it is not rounded to one.
double rounding_of(const base::Problem& problem, const AxisTask& task) {
  if (problem.working == DType::f64) return (static_cast<double>(task.mean.full) + 5) * unit(DType::f64);
  const bool last = &task == &problem.axes.back();
  return last && is_floating(base::component(problem.out)) ? 2 * unit(DType::f64) : 0;
}

std::string told(const base::Problem& problem) {
  return problem.working == DType::f64 ? "one, and less at both ends; summed in blocks of a window"
                                       : "one, and less at both ends; summed exactly";
}

}  // namespace

Decision decide(const Layout& layout, DType out, const BoxOptions& options) {
  const std::vector<int> axes = resolve_axes(options.axes, layout.shape.rank());
  check_count("width", options.width.size(), axes.size());
  check_count("border", options.border.size(), axes.size());
  check_common(layout.dtype, out, false, options.cval, options.threads);

  Decision decision;
  decision.filter = "box";
  decision.out = out;
  decision.target = "the mean of a window along each axis";
  base::Problem& problem = decision.problem;
  problem = empty_problem(layout, out, DType::f64, options.threads);
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const base::WindowTaps taps = taps_of(options.width[i], axes[i]);
    if (taps.width() == 1) continue;
    const std::int64_t reach = taps.full / 2 + (taps.end > 0 ? 1 : 0);
    AxisTask task{.axis = axes[i],
                  .border = options.border[i],
                  .cval = options.cval,
                  .kernel = {},
                  .before = reach,
                  .after = reach,
                  .mean = taps,
                  .f32 = {},
                  .f64 = {}};
    task.radius = reach;
    problem.axes.push_back(std::move(task));
  }
  // Without an axis nothing is left but to convert.
  const bool copies = problem.axes.empty();
  if (!copies) problem.working = working_of(problem);
  for (AxisTask& task : problem.axes) task.rounding = rounding_of(problem, task);
  decision.taps = told(problem);
  decision.method = copies ? Method::separable : Method::mean;
  decision.methods = copies ? &methods::separable : &methods::mean;
  decision.rounding = compose(problem).rounding;
  decision.candidates.push_back(candidate_for(decision.method, *decision.methods, problem));
  return decision;
}

}  // namespace gaussfilt::plan
