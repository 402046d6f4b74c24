// Floor 3. Problems as the planner builds them: what Gaussian, separable and dense plans share.
#pragma once

#include "base/axis_gaussian.h"
#include "base/problem.h"
#include "methods/method.h"

#include <gaussfilt/filters.h>
#include <gaussfilt/plan.h>

#include <cstdint>
#include <span>
#include <vector>

namespace gaussfilt::plan {

// Dtypes whose working precision is f32 where nothing asks for more.
bool narrow(DType dtype);

// Of correlation with given taps: f32 or f64.
DType working_dtype(DType in, DType out, Precision precision, Like like);

double unit(DType working);

double mass_of(const Kernel& kernel);

// What a constant signal becomes: cval beyond the next axis is scaled by it.
double gain_of(const Kernel& kernel, int order);

base::Problem empty_problem(const Layout& layout, DType out, DType working, int threads);

// Whether the same is meant along two axes of an array, GaussianAxis or AxisTask.
template <class Axis> bool alike(const Axis& one, const Axis& other, const Shape& shape) {
  return one.sigma == other.sigma && one.order == other.order && one.radius == other.radius &&
         one.border == other.border && shape[one.axis] == shape[other.axis];
}

// Fits a task to its axis: folds where allowed, lists the taps, bounds the rounding.
void finish_task(base::AxisTask& task, std::int64_t n, DType working, bool may_fold, bool keep_zeros);
// The same for a kernel that is folded as it comes.
void finish_folded(base::AxisTask& task, const Kernel& folded, double mass, DType working);

// Puts a problem that was planned in f32 into integers, its bounds included: 8-bit samples in and out, one or two axes
// with even taps that are not negative and sum to 1, constants that are samples. False, and nothing done, for others.
bool to_integers(base::Problem& problem);

// The same for taps that are multiples of a power of two coarse enough that nothing is rounded but the result.
bool to_exact_integers(base::Problem& problem);

// The lower rate of an axis; factor 1: none.
struct Rate {
  std::size_t factor = 1, width = 1;
  double soft = 0;  // of AxisGaussian::softly_folded(), where that is what the axis aims at

  bool operator==(const Rate&) const = default;
};

// What a multirate problem must keep to.
struct MultirateRequest {
  DType low_rate = DType::f32;
  double budget = 0;  // for the approximation of each axis, relative to its mass
  double room = 0;    // for the rounding of all
};

// The rates that are thought to keep to it for the least, and what that is thought to be, as prices go.
struct MultirateRates {
  std::vector<Rate> axes;
  double price = 0;
  double budget = 0;
};
MultirateRates multirate_rates(const base::Problem& problem, std::span<const base::AxisGaussian> meant,
                               const MultirateRequest& request);

// Brings the axes to these rates and bounds what comes of it. `meant`: of each axis, known but for `cut_error` of its
// mass. False where there is nothing to bring; the problem is then of no more use.
bool to_multirate(base::Problem& problem, DType low_rate, const MultirateRates& rates,
                  std::span<const base::AxisGaussian> meant, double cut_error);

struct Bounds {
  double approximation = 0, rounding = 0, total = 0;
};

// Of the axes, one after the other.
Bounds compose(const base::Problem& problem);

Candidate candidate_for(Method method, const methods::Methods& functions, const base::Problem& problem);

}  // namespace gaussfilt::plan
