// Floor 3. Problems as the planner builds them.
#include "plan/problems.h"

#include "base/dtype.h"
#include "base/taps.h"

#include <gaussfilt/error.h>

#include <fmt/format.h>

#include <cmath>

namespace gaussfilt::plan {

using base::AxisTask;
using base::Problem;

bool narrow(DType dtype) {
  switch (dtype) {
    case DType::boolean:
    case DType::u8:
    case DType::u16:
    case DType::i8:
    case DType::i16:
    case DType::f16:
    case DType::f32:
    case DType::c64: return true;
    default: return false;
  }
}

DType working_dtype(DType in, DType out, Precision precision, Like like) {
  if (precision == Precision::automatic) return narrow(in) && narrow(out) ? DType::f32 : DType::f64;
  if (precision == Precision::f64) return DType::f64;
  if (like == Like::scipy) throw InvalidArgument("precision: is f32, must be automatic or f64 under SciPy's rules");
  if (!narrow(in)) {
    throw InvalidArgument(fmt::format("precision: is f32, must be automatic or f64 for {} input", name(in)));
  }
  return DType::f32;
}

double unit(DType working) { return working == DType::f32 ? 0x1p-24 : 0x1p-53; }

double mass_of(const Kernel& kernel) {
  double sum = 0;
  for (const double w : kernel.taps) sum += std::abs(w);
  return sum;
}

// What a constant signal becomes: cval beyond the next axis is scaled by it.
double gain_of(const Kernel& kernel, int order) {
  if (order == 0) return 1;
  if (symmetry(kernel) == Symmetry::odd) return 0;
  long double sum = 0;
  for (const double w : kernel.taps) sum += w;
  return static_cast<double>(sum);
}

Problem empty_problem(const Layout& layout, DType out, DType working, int threads) {
  return {.shape = layout.shape,
          .in = layout.dtype,
          .out = is_complex(layout.dtype) ? out : base::component(out),
          .working = working,
          .axes = {},
          .threads = threads};
}

// Fits a task to its axis: folds where allowed, lists the taps, bounds the rounding.
void finish_task(AxisTask& task, std::int64_t n, DType working, bool may_fold, bool keep_zeros) {
  task.tap_mass = mass_of(task.kernel);
  if (may_fold && n > 0) {
    const std::size_t asked = task.kernel.taps.size();
    task.kernel = base::fold(task.kernel, task.border, n);
    task.folded = task.kernel.taps.size() != asked;
  }
  base::list_taps(task, keep_zeros);
  task.rounding = base::rounding_bound(task, working);
}

void finish_folded(AxisTask& task, const Kernel& folded, double mass, DType working) {
  task.kernel = folded;
  task.folded = true;
  task.tap_mass = mass;
  base::list_taps(task, false);
  task.rounding = base::rounding_bound(task, working);
}

// Errors of the axes compose: |T1'T2' - T1T2| <= N1 N2 ((1 + e1)(1 + e2) - 1).
Bounds compose(const Problem& problem) {
  double approximation = 1, total = 1;
  for (const AxisTask& task : problem.axes) {
    approximation *= 1 + task.approximation;
    total *= 1 + task.approximation + task.rounding;
  }
  return {approximation - 1, total - approximation, total - 1};
}

Candidate candidate_for(Method method, const methods::Methods& functions, const Problem& problem) {
  return {.method = method,
          .working = problem.working,
          .cost = functions.cost(problem),
          .error_bound = compose(problem).total,
          .why_not = {}};
}

}  // namespace gaussfilt::plan
