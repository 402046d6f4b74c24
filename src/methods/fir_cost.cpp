// Floor 2. Predicted time: each pass's constants times its taps, once for every sample that it makes, those of the
// tiles' overlaps included, and the bytes of the source and the result. The two are added: the passes hide little of
// the traffic.
#include "methods/fir_cost.h"

#include "base/dtype.h"
#include "base/lines.h"
#include "methods/method.h"
#include "methods/tiling.h"

#include <algorithm>

namespace gaussfilt::methods {
namespace {

using base::AxisTask;

const price::Conversion& conversion(const price::Arithmetic& arithmetic, DType item) {
  return item == DType::f16 ? arithmetic.from_f16 : arithmetic.from_others;
}

double overlap(std::int64_t touched, std::int64_t outputs) {
  return static_cast<double>(touched) / static_cast<double>(std::max<std::int64_t>(outputs, 1));
}

}  // namespace

const price::Arithmetic& arithmetic_of(const base::Problem& problem) {
  if (problem.working == DType::i32) return price::whole;
  if (problem.working == DType::f32) return price::f32;
  const bool fused = std::ranges::any_of(problem.axes, [](const AxisTask& task) { return task.f64.fused; });
  return fused ? price::f64_fused : price::f64;
}

double pass_cost(const price::Arithmetic& arithmetic, const AxisTask& task, bool along, bool whole) {
  const price::Pass& few = along ? arithmetic.row : arithmetic.column;
  const price::Pass& many = along ? arithmetic.long_row : arithmetic.long_column;
  const auto count = static_cast<double>(whole ? static_cast<std::size_t>(task.whole.reach) : task.f64.weights.size());
  if (!whole && task.f64.symmetry == Symmetry::none) return few.sample + arithmetic.single * count;
  return std::min(few.sample + few.pair * count, many.sample + many.pair * count);
}

double items_of(DType dtype) { return is_complex(dtype) ? 2 : 1; }

double load_cost(const price::Arithmetic& arithmetic, DType working, DType in) {
  const DType item = base::component(in);
  return working == item ? 0 : conversion(arithmetic, item).load;
}

double store_cost(const price::Arithmetic& arithmetic, DType working, DType out) {
  const DType item = base::component(out);
  return working == item ? 0 : conversion(arithmetic, item).store;
}

double traffic_cost(const base::Problem& problem, double reads, double outputs) {
  const double bytes = reads * static_cast<double>(size_of(problem.in)) +
                       outputs * items_of(problem.in) * static_cast<double>(size_of(base::component(problem.out)));
  const auto samples = static_cast<double>(std::max<std::int64_t>(problem.shape.product(), 1));
  return price::ns_per_byte * bytes + price::ns_per_run / samples;
}

FirTime fir_time(const base::Problem& problem) {
  const base::Job job = gapless_job(problem);
  const base::Walk walk = base::make_walk(problem, job);
  if (walk.empty) return {};
  const price::Arithmetic& arithmetic = arithmetic_of(problem);
  const bool whole = problem.working == DType::i32;
  const Tiling tiling = choose_tiling(walk, whole ? 1 : static_cast<std::size_t>(size_of(problem.working)));

  // From the result upwards: a pass makes what those below it touch.
  double passes = whole ? 0 : store_cost(arithmetic, problem.working, problem.out), made = 1;
  if (walk.row.task != nullptr) {
    passes += pass_cost(arithmetic, *walk.row.task, true, whole);
    made = overlap(touched_row(walk.row, tiling.row), tiling.row);
  }
  for (std::size_t i = walk.columns.size(); i-- > 0;) {
    const base::WalkAxis& axis = walk.columns[i];
    passes += made * pass_cost(arithmetic, *axis.task, false, whole);
    made *= overlap(touched(axis, tiling.columns[i]), tiling.columns[i]);
  }
  if (tiling.panel && !whole) passes += made * load_cost(arithmetic, problem.working, problem.in);
  return {items_of(problem.in) * passes, traffic_cost(problem, made)};
}

double fir_cost(const base::Problem& problem) {
  const FirTime time = fir_time(problem);
  return time.passes + time.traffic;
}

}  // namespace gaussfilt::methods
