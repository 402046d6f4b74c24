// Floor 3. Composites: their options as fields, each planned as the filter that it is, and the bound of the whole.
#include "base/dtype.h"
#include "base/taps.h"
#include "plan/options.h"
#include "plan/planner.h"

#include <gaussfilt/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace gaussfilt::plan {
namespace {

using base::Combine;
using base::Problem;

// The members that composites share with a Gaussian.
template <class Options> GaussianOptions gaussian_options(const Options& options, const PerAxis<double>& sigma) {
  return {.sigma = sigma,
          .border = options.border,
          .cval = options.cval,
          .axes = options.axes,
          .truncate = options.truncate,
          .radius = options.radius,
          .taps = options.taps,
          .tolerance = options.tolerance,
          .threads = options.threads,
          .method = Method::separable};
}

// `order` more along one entry of the `axes`.
GaussianOptions derivative(GaussianOptions options, std::size_t axes, std::size_t entry, int order) {
  std::vector<int> orders;
  for (std::size_t i = 0; i < axes; ++i) orders.push_back(options.order[i] + (i == entry ? order : 0));
  options.order = PerAxis<int>(std::move(orders));
  return options;
}

// Of order `order` along each axis.
std::vector<GaussianOptions> derivatives(const GaussianOptions& options, std::size_t axes, int order) {
  std::vector<GaussianOptions> fields;
  for (std::size_t entry = 0; entry < axes; ++entry) fields.push_back(derivative(options, axes, entry, order));
  return fields;
}

void refuse_complex(std::string_view filter, DType in) {
  if (!is_complex(in)) return;
  throw Unsupported(fmt::format("in: {} is complex, {} is for real input, give the real and the imaginary part apart",
                                name(in), filter));
}

// The floating dtype that asks for the same working precision as `out` and holds signed fields.
DType floating(DType out) {
  if (is_floating(out)) return out;
  return size_of(out) <= 2 ? DType::f32 : DType::f64;
}

double unit(DType working) { return working == DType::f32 ? 0x1p-24 : 0x1p-53; }

// What combining adds to the error: a sum's additions, relative to the sum of the magnitudes; a root's squares,
// additions and root, relative to the result.
double combining(Combine combine, std::size_t fields, DType working) {
  const auto count = static_cast<double>(fields);
  double roundings = 0;
  if (combine == Combine::sum || combine == Combine::difference) roundings = std::max(count - 1, 0.0);
  if (combine == Combine::root_sum_squares) roundings = count / 2 + 2;
  return roundings * unit(working) / (1 - roundings * unit(working));
}

// The fields of one composite, all planned in one precision: f32 where every one of them allows it.
template <class Options> struct FieldPlanner {
  const Layout& layout;
  DType out;
  Combine combine;
  std::vector<Options> options;

  std::vector<Decision> decide_all() {
    std::vector<Options> in_f32 = options;
    for (Options& field : in_f32) {
      if (!leave_room(field)) return decide_in_f64();
    }
    std::vector<Decision> fields = decide_each(in_f32, floating(out));
    const auto wide = [](const Decision& field) { return field.problem.working == DType::f64; };
    return std::ranges::none_of(fields, wide) ? fields : decide_in_f64();
  }

  std::vector<Decision> decide_in_f64() { return decide_each(options, is_complex(out) ? DType::c128 : DType::f64); }

 private:
  std::vector<Decision> decide_each(const std::vector<Options>& list, DType field_out) {
    std::vector<Decision> fields;
    for (const Options& field : list) fields.push_back(plan::decide(layout, field_out, field));
    return fields;
  }

  // What combining costs in f32 is taken off the tolerance; false where hardly any is left.
  bool leave_room(GaussianOptions& field) const {
    if (!field.tolerance) return true;
    const double asked = *field.tolerance, taken = 1.01 * combining(combine, options.size(), DType::f32) * (1 + asked);
    if (std::isfinite(asked)) field.tolerance = asked - taken;
    return taken < asked / 2;
  }
  bool leave_room(SeparableOptions&) const { return true; }
};

struct Bounds {
  double approximation = 0, total = 0, mass = 0;  // the errors times the mass
};

// Errors of sums add up, each with its field's N; the length of a vector is off by the length of its error at most; an
// output of its own is bounded by the worst of them.
Bounds bounds_of(Combine combine, const std::vector<Decision>& fields) {
  Bounds all;
  const auto take = [combine](double& sum, double value) {
    if (combine == Combine::each) sum = std::max(sum, value);
    else if (combine == Combine::root_sum_squares) sum = std::hypot(sum, value);
    else sum += value;
  };
  for (const Decision& field : fields) {
    take(all.mass, field.tap_mass);
    take(all.approximation, field.approximation * field.tap_mass);
    take(all.total, (field.approximation + field.rounding) * field.tap_mass);
  }
  return all;
}

std::string reduction_text(Combine combine) {
  switch (combine) {
    case Combine::sum: return "their sum";
    case Combine::difference: return "the first minus the others";
    case Combine::root_sum_squares: return "the root of the sum of their squares";
    case Combine::products: return "the products of each two, smoothed, each an output";
    default: return "each an output";
  }
}

void set_bounds(Decision& decision, const Bounds& bounds, double combined) {
  decision.tap_mass = bounds.mass;
  if (bounds.mass > 0) {
    decision.approximation = bounds.approximation / bounds.mass;
    const double total = bounds.total / bounds.mass;
    decision.rounding = total - decision.approximation + combined * (1 + total);
  }
  decision.candidates = {{.method = Method::composite,
                          .working = decision.problem.working,
                          .cost = decision.methods->cost(decision.problem),
                          .error_bound = decision.approximation + decision.rounding,
                          .why_not = {}}};
}

void check_proven(const Decision& decision) {
  const double bound = decision.approximation + decision.rounding;
  if (!decision.tolerance || bound <= *decision.tolerance) return;
  throw InvalidArgument(fmt::format("tolerance: {:.3g} cannot be proven, the smallest here is near {:.2g}",
                                    *decision.tolerance, 1.1 * bound));
}

// From planned fields to the plan of the whole, bounds aside.
Decision assemble(std::string filter, const Layout& layout, DType out, Combine combine, std::vector<Decision> fields,
                  int threads) {
  Decision decision;
  decision.filter = std::move(filter);
  decision.out = out;
  decision.method = Method::composite;
  decision.methods = &methods::composite;
  decision.reduction = reduction_text(combine);
  decision.problem = {.shape = layout.shape,
                      .in = layout.dtype,
                      .out = is_complex(layout.dtype) ? out : base::component(out),
                      .working = fields.empty() ? DType::f32 : fields.front().problem.working,
                      .axes = {},
                      .threads = threads,
                      .combine = combine};
  for (const Decision& field : fields) decision.problem.fields.push_back(field.problem);
  decision.target = fields.empty() ? "none, no axis is filtered" : fields.front().target;
  decision.taps = fields.empty() ? "none" : fields.front().taps;
  decision.fields = std::move(fields);
  return decision;
}

template <class Options>
Decision reduced(std::string filter, const Layout& layout, DType out, Combine combine, std::vector<Options> options,
                 int threads) {
  std::optional<double> tolerance;
  if constexpr (std::is_same_v<Options, GaussianOptions>) {
    if (!options.empty()) tolerance = options.front().tolerance;
  }
  FieldPlanner<Options> planner{layout, out, combine, std::move(options)};
  Decision decision = assemble(std::move(filter), layout, out, combine, planner.decide_all(), threads);
  decision.tolerance = tolerance;
  set_bounds(decision, bounds_of(combine, decision.fields),
             combining(combine, decision.fields.size(), decision.problem.working));
  if (tolerance && !(decision.candidates.front().error_bound <= *tolerance)) {
    throw InvalidArgument(fmt::format("tolerance: {:.3g} cannot be proven, the smallest here is near {:.2g}",
                                      *tolerance, 1.1 * decision.candidates.front().error_bound));
  }
  return decision;
}

// Checks what the fields do not see (the output's own dtype) or may be too few to see; the number of filtered axes.
std::size_t checked_axes(const Layout& layout, DType out, const GaussianOptions& options, bool is_signed) {
  check_common(layout.dtype, out, is_signed, options.cval, options.threads);
  resolve(layout, out, options);
  return resolve_axes(options.axes, layout.shape.rank()).size();
}

// The smoothing of the products: from and to the working precision, its taps folded at any precision, so that a tile's
// window is no larger than the array allows.
Decision decide_smoothing(const Layout& layout, DType working, const GaussianOptions& options) {
  Decision decision = plan::decide({layout.shape, working}, working, options);
  decision.rounding = 0;
  for (base::AxisTask& task : decision.problem.axes) {
    const std::int64_t n = layout.shape[task.axis];
    const std::size_t asked = task.kernel.taps.size();
    if (n > 0) task.kernel = base::fold(task.kernel, task.border, n);
    task.folded = task.folded || task.kernel.taps.size() != asked;
    base::list_taps(task, false);
    task.rounding = base::rounding_bound(task, decision.problem.working);
    decision.rounding += (1 + decision.rounding) * task.rounding;
  }
  decision.rounding *= 1 + decision.approximation;
  return decision;
}

// A quarter of the tolerance for each of the three operators in a row; throws where none of them could meet it.
double quarter_of_tolerance(const Layout& layout, DType out, const StructureTensorOptions& options) {
  StructureTensorOptions best = options;
  best.tolerance.reset();
  best.truncate = options.truncate.value_or(infinity);
  const Decision most_exact = decide(layout, is_complex(out) ? DType::c128 : DType::f64, best);
  const double smallest = 4 * (most_exact.approximation + most_exact.rounding);
  if (smallest > *options.tolerance) {
    throw InvalidArgument(fmt::format("tolerance: {:.3g} cannot be proven, the smallest here is near {:.2g}",
                                      *options.tolerance, smallest));
  }
  return *options.tolerance / 4;
}

// Errors of products: |S'(a' b') - S(a b)| <= N M^2 ((1 + s) (1 + e)^2 - 1), with u for the product's own rounding.
void set_product_bounds(Decision& decision, const Decision& smoothing) {
  double approximation = 0, total = 0;
  Bounds bounds;
  for (const Decision& field : decision.fields) {
    bounds.mass = std::max(bounds.mass, field.tap_mass * field.tap_mass * smoothing.tap_mass);
    approximation = std::max(approximation, field.approximation);
    total = std::max(total, field.approximation + field.rounding);
  }
  const double own = (1 + smoothing.approximation + smoothing.rounding) * (1 + unit(decision.problem.working));
  bounds.approximation = bounds.mass * ((1 + smoothing.approximation) * std::pow(1 + approximation, 2) - 1);
  bounds.total = bounds.mass * (own * std::pow(1 + total, 2) - 1);
  set_bounds(decision, bounds, 0);
}

}  // namespace

Decision decide(const Layout& layout, DType out, const LaplaceOptions& options) {
  const GaussianOptions gaussian = gaussian_options(options, options.sigma);
  const std::size_t axes = checked_axes(layout, out, gaussian, true);
  return reduced("laplace_of_gaussian", layout, out, Combine::sum, derivatives(gaussian, axes, 2), options.threads);
}

Decision decide(const Layout& layout, DType out, const GradientMagnitudeOptions& options) {
  refuse_complex("gradient_magnitude", layout.dtype);
  const GaussianOptions gaussian = gaussian_options(options, options.sigma);
  const std::size_t axes = checked_axes(layout, out, gaussian, false);
  return reduced("gradient_magnitude", layout, out, Combine::root_sum_squares, derivatives(gaussian, axes, 1),
                 options.threads);
}

Decision decide(const Layout& layout, DType out, const DifferenceOptions& options) {
  const GaussianOptions low = gaussian_options(options, options.sigma_low);
  const std::size_t axes = checked_axes(layout, out, low, true);
  PerAxis<double> sigma = options.sigma_high;
  if (sigma.empty()) {
    std::vector<double> wider;
    for (std::size_t i = 0; i < options.sigma_low.size(); ++i) wider.push_back(1.6 * options.sigma_low[i]);
    sigma = PerAxis<double>(std::move(wider));
  }
  check_count("sigma_high", sigma.size(), axes);
  for (std::size_t i = 0; i < axes; ++i) {
    if (sigma[i] >= options.sigma_low[i]) continue;
    throw InvalidArgument(fmt::format("sigma_high: entry {} is {}, must be >= sigma_low there, which is {}", i,
                                      sigma[i], options.sigma_low[i]));
  }
  const std::vector<GaussianOptions> fields{low, gaussian_options(options, sigma)};
  return reduced("difference_of_gaussians", layout, out, Combine::difference, fields, options.threads);
}

Decision decide(const Layout& layout, DType out, const HessianOptions& options) {
  const GaussianOptions gaussian = gaussian_options(options, options.sigma);
  const std::size_t axes = checked_axes(layout, out, gaussian, true);
  std::vector<GaussianOptions> fields;
  for (std::size_t i = 0; i < axes; ++i) {
    for (std::size_t j = i; j < axes; ++j) fields.push_back(derivative(derivative(gaussian, axes, i, 1), axes, j, 1));
  }
  return reduced("hessian", layout, out, Combine::each, std::move(fields), options.threads);
}

Decision decide(const Layout& layout, DType out, const StructureTensorOptions& options) {
  refuse_complex("structure_tensor", layout.dtype);
  GaussianOptions inner{.sigma = options.sigma,
                        .border = options.border,
                        .cval = options.cval,
                        .axes = options.axes,
                        .truncate = options.truncate,
                        .taps = options.taps,
                        .tolerance = options.tolerance,
                        .threads = options.threads,
                        .method = Method::separable};
  const std::size_t axes = checked_axes(layout, out, inner, true);
  check_count("rho", options.rho.size(), axes);
  for (std::size_t i = 0; i < axes; ++i) {
    if (options.rho[i] >= 0 && std::isfinite(options.rho[i])) continue;
    throw InvalidArgument(fmt::format("rho: entry {} is {}, must be a finite number >= 0", i, options.rho[i]));
  }
  if (options.tolerance) inner.tolerance = quarter_of_tolerance(layout, out, options);
  GaussianOptions outer = inner;
  outer.sigma = options.rho;
  outer.cval = 0;
  FieldPlanner<GaussianOptions> planner{layout, out, Combine::products, derivatives(inner, axes, 1)};
  std::vector<Decision> fields = planner.decide_all();
  const DType working = fields.empty() ? DType::f32 : fields.front().problem.working;
  Decision smoothing = decide_smoothing(layout, working, outer);
  if (smoothing.problem.working != working) {  // the tolerance is too tight for f32 there
    fields = planner.decide_in_f64();
    smoothing = decide_smoothing(layout, DType::f64, outer);
  }
  Decision decision = assemble("structure_tensor", layout, out, Combine::products, std::move(fields), options.threads);
  decision.tolerance = options.tolerance;
  decision.scale = "M^2";
  // An axis that wraps is longer for the smoothing by what its taps reach: its window is made beyond the ends, too.
  decision.problem.smoothing.push_back(smoothing.problem);
  Problem& longer = decision.problem.smoothing.front();
  for (const base::AxisTask& task : longer.axes) {
    if (task.border == Border::wrap) longer.shape[task.axis] += task.before + task.after;
  }
  set_product_bounds(decision, smoothing);
  decision.fields.push_back(std::move(smoothing));
  check_proven(decision);
  return decision;
}

Decision decide(const Layout& layout, DType out, std::span<const SeparableOptions> fields, Reduction reduction) {
  if (fields.empty()) throw InvalidArgument("fields: is empty, must hold one or more");
  if (reduction == Reduction::root_sum_squares) refuse_complex("a root of a sum of squares", layout.dtype);
  std::vector<SeparableOptions> all(fields.begin(), fields.end());
  const Precision widest = std::ranges::max(all, {}, &SeparableOptions::precision).precision;
  for (SeparableOptions& field : all) field.precision = widest;
  const Combine combine = reduction == Reduction::none         ? Combine::each
                          : reduction == Reduction::sum        ? Combine::sum
                          : reduction == Reduction::difference ? Combine::difference
                                                               : Combine::root_sum_squares;
  for (const SeparableOptions& field : all) check_common(layout.dtype, out, false, field.cval, field.threads);
  return reduced("separable_fields", layout, out, combine, std::move(all), fields.front().threads);
}

}  // namespace gaussfilt::plan
