// Floor 3. Choosing: which precision, which cut, which method, and the proof of its bound.
#include "plan/planner.h"

#include "base/axis_gaussian.h"
#include "base/dtype.h"
#include "base/taps.h"
#include "plan/options.h"
#include "plan/problems.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace gaussfilt::plan {
namespace {

using base::AxisTask;
using base::Problem;

// The table of methods. A new one is a file in methods/ and a row here.
struct Row {
  Method method;
  const methods::Methods* functions;
};
constexpr std::array<Row, 3> rows{{{Method::separable, &methods::separable},
                                   {Method::integer, &methods::integer},
                                   {Method::multirate, &methods::multirate}}};
constexpr const Row& separable_row = rows[0];

// One way to do a Gaussian: precision and, for the ideal target, what the cut may cost an axis.
struct Trial {
  DType working;
  double cut_budget;
};

base::MeantGaussian meant_along(const GaussianAxis& entry, const GaussianRequest& request, Taps taps) {
  base::MeantGaussian meant{.sigma = entry.sigma, .order = entry.order, .taps = taps};
  if (request.target != Target::ideal) meant.radius = entry.radius;
  return meant;
}

// Where its taps reach too far beyond the axis to be listed.
std::optional<base::AxisGaussian> summed_axis(const GaussianAxis& entry, const GaussianRequest& request, Taps taps,
                                              std::int64_t n) {
  const base::MeantGaussian meant = meant_along(entry, request, taps);
  if (!base::better_summed(meant, entry.border, n)) return std::nullopt;
  return base::AxisGaussian(meant, entry.border, n);
}

Problem gaussian_problem(const Layout& layout, DType out, const GaussianOptions& options,
                         const GaussianRequest& request, std::span<const std::optional<base::AxisGaussian>> summed,
                         const Trial& trial) {
  Problem problem = empty_problem(layout, out, trial.working, options.threads);
  // SciPy's f64 extends the line instead of folding the taps; without a tolerance its order of summation is kept.
  const bool may_fold = trial.working == DType::f32 || options.tolerance.has_value();
  std::complex<double> cval = options.cval;
  for (std::size_t i = 0; i < request.axes.size(); ++i) {
    const GaussianAxis& entry = request.axes[i];
    AxisTask task{.axis = entry.axis,
                  .border = entry.border,
                  .cval = cval,
                  .kernel = {},
                  .f32 = {},
                  .f64 = {},
                  .sigma = entry.sigma,
                  .order = entry.order,
                  .radius = entry.radius};
    if (may_fold && summed[i]) {
      task.radius = summed[i]->reach();
      finish_folded(task, summed[i]->folded(), summed[i]->mass(), trial.working);
      cval *= gain_of(task.kernel, entry.order);
      task.f64.fused = options.tolerance.has_value();
      problem.axes.push_back(std::move(task));
      continue;
    }
    if (request.target == Target::ideal) {
      const Cut cut = ideal_cut(entry.sigma, entry.order, trial.cut_budget, options.taps);
      task.radius = cut.radius;
      task.approximation = cut.error / (1 - std::min(cut.error, 0.5));
    }
    task.kernel = gaussian_kernel(entry.sigma, entry.order, task.radius, options.taps);
    cval *= gain_of(task.kernel, entry.order);
    finish_task(task, layout.shape[entry.axis], trial.working, may_fold, false);
    task.f64.fused = options.tolerance.has_value();
    problem.axes.push_back(std::move(task));
  }
  return problem;
}

std::string target_text(const GaussianRequest& request) {
  switch (request.target) {
    case Target::ideal: return "ideal, without a cut";
    case Target::radius: return "cut at the given radius";
    case Target::truncate: break;
  }
  return fmt::format("cut at {} sigma", request.truncate);
}

// Two digits, rounded up: a number that can be typed back in.
double rounded_up(double value) {
  const double step = std::pow(10, std::floor(std::log10(value)) - 1);
  return std::ceil(value / step) * step;
}

class GaussianPlanner {
 public:
  GaussianPlanner(const Layout& layout, DType out, const GaussianOptions& options)
      : layout_(layout), out_(out), options_(options), request_(resolve(layout, out, options)) {
    for (std::size_t i = 0; i < request_.axes.size(); ++i) {
      const GaussianAxis& entry = request_.axes[i];
      summed_.push_back(as_before(i) ? summed_.back()
                                     : summed_axis(entry, request_, options.taps, layout.shape[entry.axis]));
    }
  }

  Decision decide() {
    decision_.filter = "gaussian";
    decision_.out = out_;
    decision_.target = target_text(request_);
    decision_.taps = name(options_.taps);
    decision_.tolerance = options_.tolerance;
    const bool f32_allowed = narrow(layout_.dtype) && narrow(out_);
    for (const Row& row : rows) {
      if (options_.method && *options_.method != row.method) continue;
      if (row.method == Method::integer) {
        if (options_.tolerance) consider(row, DType::i32);
        continue;
      }
      if (row.method == Method::multirate) {
        if (!options_.tolerance) continue;
        const std::vector<base::AxisGaussian> meant = meant_gaussians();
        if (f32_allowed) consider_multirate(row, DType::f32, DType::f32, meant);
        if (f32_allowed) consider_multirate(row, DType::f32, DType::f64, meant);
        consider_multirate(row, DType::f64, DType::f64, meant);
        continue;
      }
      if (f32_allowed) consider(row, DType::f32);
      // Without a tolerance f64 would list what f32 sums, and cost more.
      if (!f32_allowed || options_.tolerance || !std::ranges::any_of(summed_, has_value)) consider(row, DType::f64);
    }
    return choose();
  }

 private:
  // The cheapest problem in this precision whose bound fits: for the ideal target, a cut as short as the tolerance
  // and the rounding leave room for.
  void consider(const Row& row, DType working) {
    const double count = std::max<double>(1, static_cast<double>(request_.axes.size()));
    std::vector<double> budgets{unit(working) / 2};
    if (options_.tolerance) {
      const double share = *options_.tolerance / count;
      budgets = {0.5 * share, 0.1 * share, unit(DType::f64) / 8};
    }
    const bool integers = working == DType::i32;
    if (integers && options_.tolerance) {  // a cut costs half of what it says, and there is more than it
      const double share = 2 * *options_.tolerance / count;
      budgets = {0.9 * share, 0.7 * share, 0.5 * share, 0.2 * share};
    }
    if (request_.target != Target::ideal) budgets = {1};
    for (const double budget : budgets) {
      const bool last = budget == budgets.back();
      const DType planned = integers ? DType::f32 : working;
      Problem problem = gaussian_problem(layout_, out_, options_, request_, summed_, {planned, budget});
      if (integers && !to_integers(problem)) return;
      Candidate candidate = candidate_for(row.method, *row.functions, problem);
      const bool fits = !options_.tolerance || candidate.error_bound <= *options_.tolerance;
      if (!fits && !last) continue;
      if (!fits) refuse(candidate);
      add(row, std::move(problem), std::move(candidate));
      return;
    }
  }

  // The cheapest multirate problem in these precisions whose bound fits: what the rounding takes of the tolerance shows
  // only when the rates are chosen.
  void consider_multirate(const Row& row, DType working, DType low_rate, std::span<const base::AxisGaussian> meant) {
    const double share = *options_.tolerance / std::max<double>(1, static_cast<double>(request_.axes.size()));
    const Problem unchanged = gaussian_problem(layout_, out_, options_, request_, summed_, {working, share / 2});
    std::vector<MultirateRates> choices;
    std::optional<Candidate> smallest;
    Problem least_wrong;
    for (const double part : {0.85, 0.6, 0.4, 0.25, 0.1}) {
      choices.push_back(multirate_rates(unchanged, meant, {low_rate, part * share, (1 - part) * *options_.tolerance}));
    }
    std::ranges::stable_sort(choices, {}, &MultirateRates::price);
    for (const MultirateRates& rates : choices) {
      Problem problem = unchanged;
      if (!to_multirate(problem, low_rate, rates, meant, cut_error)) continue;
      Candidate candidate = candidate_for(row.method, *row.functions, problem);
      if (candidate.error_bound <= *options_.tolerance) {
        add(row, std::move(problem), std::move(candidate));
        return;
      }
      if (!smallest || candidate.error_bound < smallest->error_bound)
        smallest = std::move(candidate), least_wrong = std::move(problem);
    }
    if (!smallest) return;
    refuse(*smallest);
    add(row, std::move(least_wrong), *std::move(smallest));
  }

  void add(const Row& row, Problem problem, Candidate candidate) {
    decision_.candidates.push_back(std::move(candidate));
    problems_.push_back(std::move(problem));
    functions_.push_back(row.functions);
  }

  void refuse(Candidate& candidate) {
    candidate.why_not = fmt::format("its bound is over the tolerance {:.3g}", *options_.tolerance);
    smallest_ = std::min(smallest_, candidate.error_bound);
  }

  static constexpr double cut_error = 1e-13;  // of what is meant: far below any tolerance that can be proven

  static bool has_value(const std::optional<base::AxisGaussian>& axis) { return axis.has_value(); }

  bool as_before(std::size_t i) const { return i > 0 && alike(request_.axes[i - 1], request_.axes[i], layout_.shape); }

  // What is meant along each axis, without a cut that would show.
  std::vector<base::AxisGaussian> meant_gaussians() const {
    std::vector<base::AxisGaussian> meant;
    for (std::size_t i = 0; i < request_.axes.size(); ++i) {
      const GaussianAxis& entry = request_.axes[i];
      meant.push_back(as_before(i) ? meant.back()
                      : summed_[i] ? *summed_[i]
                                   : base::AxisGaussian(meant_along(entry, request_, options_.taps), entry.border,
                                                        layout_.shape[entry.axis], cut_error / 2));
    }
    return meant;
  }

  Decision choose() {
    std::size_t best = problems_.size();
    for (std::size_t i = 0; i < problems_.size(); ++i) {
      const Candidate& candidate = decision_.candidates[i];
      if (!candidate.why_not.empty()) continue;
      if (best == problems_.size() || candidate.cost < decision_.candidates[best].cost) best = i;
    }
    if (problems_.empty()) {
      throw InvalidArgument(
          fmt::format("method: {} cannot do this, must be separable or none (integer: 8-bit smoothing along one or two "
                      "axes; multirate: orders up to 2 with a sigma of 1.5 or more, where fewer taps are left to sum; "
                      "both with a tolerance)",
                      name(*options_.method)));
    }
    if (best == problems_.size()) {
      throw InvalidArgument(fmt::format("tolerance: {:.3g} cannot be proven, the smallest here is {:.3g}",
                                        *options_.tolerance, rounded_up(smallest_)));
    }
    for (std::size_t i = 0; i < problems_.size(); ++i) {
      Candidate& candidate = decision_.candidates[i];
      if (i != best && candidate.why_not.empty()) candidate.why_not = "it costs more";
    }
    decision_.method = decision_.candidates[best].method;
    decision_.problem = std::move(problems_[best]);
    decision_.methods = functions_[best];
    const Bounds bounds = compose(decision_.problem);
    decision_.approximation = bounds.approximation;
    decision_.rounding = bounds.rounding;
    for (const AxisTask& task : decision_.problem.axes) decision_.tap_mass *= task.tap_mass;
    return std::move(decision_);
  }

  const Layout& layout_;
  DType out_;
  const GaussianOptions& options_;
  GaussianRequest request_;
  std::vector<std::optional<base::AxisGaussian>> summed_;
  Decision decision_;
  std::vector<Problem> problems_;
  std::vector<const methods::Methods*> functions_;
  double smallest_ = infinity;
};

void check_window(int axis, std::int64_t size, std::int64_t origin) {
  if (size < 1 || size >= std::int64_t{1} << 31) {
    throw InvalidArgument(fmt::format("size: axis {} is {}, must be 1 ... 2^31 - 1", axis, size));
  }
  if (origin < -(size / 2) || origin > (size - 1) / 2) {
    throw InvalidArgument(fmt::format("origin: axis {} is {}, must be {} ... {} for a window of {}", axis, origin,
                                      -(size / 2), (size - 1) / 2, size));
  }
}

// Rounding of a running mean, relative to max |input|: the first sum, then a subtraction and an addition a sample, of
// which only the addition is as large as the sum, and the division; and that of the dtype between two axes.
double running_mean_bound(const AxisTask& task, std::int64_t n, DType out, bool last) {
  const auto size = static_cast<double>(task.window);
  const double roundings = size + 1 + static_cast<double>(std::max<std::int64_t>(n - 1, 0)) * (1 + 2 / size);
  const double drift = roundings * 0x1p-53 / (1 - roundings * 0x1p-53);
  const double stored = last ? 0 : out == DType::f16 ? 0x1p-11 : out == DType::f32 ? 0x1p-24 : 0;
  return drift + stored * (1 + drift);
}

void check_kernels(const SeparableOptions& options) {
  for (const Kernel& kernel : options.kernels) {
    const auto size = static_cast<std::int64_t>(kernel.taps.size());
    if (size == 0) throw InvalidArgument("kernels: one has no taps, must have one or more");
    if (size >= std::int64_t{1} << 31) {
      throw InvalidArgument(fmt::format("kernels: one has {} taps, must be under 2^31", size));
    }
    if (kernel.centre < 0 || kernel.centre >= size) {
      throw InvalidArgument(
          fmt::format("kernels: centre {} of {} taps, must be 0 ... {}", kernel.centre, size, size - 1));
    }
    // SciPy takes a NaN and an infinity for taps like any others.
    if (options.like == Like::gaussfilt &&
        !std::ranges::all_of(kernel.taps, [](double w) { return std::isfinite(w); })) {
      throw InvalidArgument("kernels: a tap is not finite, all must be");
    }
  }
}

}  // namespace

Decision decide(const Layout& layout, DType out, const GaussianOptions& options) {
  return GaussianPlanner(layout, out, options).decide();
}

Decision decide(const Layout& layout, DType out, const SeparableOptions& options) {
  const std::vector<int> axes = resolve_axes(options.axes, layout.shape.rank());
  check_count("kernels", options.kernels.size(), axes.size());
  check_count("border", options.border.size(), axes.size());
  check_kernels(options);
  check_common(layout.dtype, out, false, options.cval, options.threads);
  const bool scipy = options.like == Like::scipy, cast = scipy && !is_floating(out);
  const DType working = cast ? DType::f64 : working_dtype(layout.dtype, out, options.precision, options.like);
  const bool f32 = working == DType::f32;

  Decision decision;
  decision.filter = "separable";
  decision.out = out;
  decision.target = cast ? "the caller's taps, cast to integers after every axis as SciPy does" : "the caller's taps";
  decision.taps = "given";
  decision.problem = empty_problem(layout, out, working, options.threads);
  decision.problem.cast = cast;
  decision.methods = separable_row.functions;
  std::complex<double> cval = options.cval;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    AxisTask task{.axis = axes[i],
                  .border = options.border[i],
                  .cval = cval,
                  .kernel = options.kernels.size() == 1 ? options.kernels[0] : options.kernels[i],
                  .f32 = {},
                  .f64 = {}};
    task.radius =
        std::max(task.kernel.centre, static_cast<std::int64_t>(task.kernel.taps.size()) - 1 - task.kernel.centre);
    if (!scipy) cval *= gain_of(task.kernel, 1);
    finish_task(task, layout.shape[task.axis], working, f32, true);
    decision.tap_mass *= task.tap_mass;
    decision.problem.axes.push_back(std::move(task));
  }
  decision.candidates.push_back(candidate_for(separable_row.method, *separable_row.functions, decision.problem));
  if (Problem whole = decision.problem; f32 && to_exact_integers(whole)) {
    decision.candidates.front().why_not = "it costs more";
    decision.candidates.push_back(candidate_for(Method::integer, methods::integer, whole));
    decision.method = Method::integer;
    decision.methods = &methods::integer;
    decision.problem = std::move(whole);
  }
  decision.rounding = compose(decision.problem).rounding;
  return decision;
}

Decision decide(const Layout& layout, DType out, const UniformOptions& options) {
  const std::vector<int> axes = resolve_axes(options.axes, layout.shape.rank());
  check_count("size", options.size.size(), axes.size());
  check_count("origin", options.origin.size(), axes.size());
  check_count("border", options.border.size(), axes.size());
  check_common(layout.dtype, out, false, options.cval, options.threads);

  Decision decision;
  decision.filter = "uniform";
  decision.out = out;
  decision.target = "the mean of a window along each axis, as SciPy's running sum gives it";
  decision.taps = "equal";
  decision.problem = empty_problem(layout, out, DType::f64, options.threads);
  decision.problem.cast = !is_floating(out);
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const std::int64_t size = options.size[i], origin = options.origin[i];
    check_window(axes[i], size, origin);
    AxisTask task{.axis = axes[i],
                  .border = options.border[i],
                  .cval = options.cval,
                  .kernel = {},
                  .before = size / 2 + origin,
                  .window = size,
                  .f32 = {},
                  .f64 = {}};
    task.after = size - 1 - task.before;
    task.radius = std::max(task.before, task.after);
    task.rounding = running_mean_bound(task, layout.shape[task.axis], base::component(out), i + 1 == axes.size());
    decision.problem.axes.push_back(std::move(task));
  }
  // Without an axis nothing is left but to convert.
  const Row row = axes.empty() ? separable_row : Row{Method::box, &methods::box};
  decision.method = row.method;
  decision.methods = row.functions;
  decision.rounding = compose(decision.problem).rounding;
  decision.candidates.push_back(candidate_for(row.method, *row.functions, decision.problem));
  return decision;
}

}  // namespace gaussfilt::plan
