// Floor 3. Kernels of any shape: planned densely, and as lines where the kernel is a product of them.
#include "base/dense.h"
#include "plan/options.h"
#include "plan/planner.h"
#include "plan/problems.h"

#include <gaussfilt/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <ranges>

namespace gaussfilt::plan {
namespace {

using base::AxisTask;
using base::Problem;

void check_kernel(const DenseKernel& kernel, std::size_t axes, Like like) {
  if (static_cast<std::size_t>(kernel.shape.rank()) != axes) {
    throw InvalidArgument(
        fmt::format("kernel: has {} axes for {} filtered ones, must have one for each", kernel.shape.rank(), axes));
  }
  std::int64_t count = 1;
  for (const std::int64_t extent : kernel.shape) {
    if (extent < 1) {
      throw InvalidArgument(
          fmt::format("kernel: is {}, must hold a value or more along each axis", shape_text(kernel.shape)));
    }
    count = extent < (std::int64_t{1} << 31) / count ? count * extent : std::int64_t{1} << 31;
  }
  if (count >= std::int64_t{1} << 31) {
    throw InvalidArgument(fmt::format("kernel: is {}, must hold under 2^31 values", shape_text(kernel.shape)));
  }
  if (kernel.values.size() != static_cast<std::size_t>(count)) {
    throw InvalidArgument(fmt::format("kernel: {} values for a shape of {}, must be {}", kernel.values.size(),
                                      shape_text(kernel.shape), count));
  }
  // SciPy takes a NaN and an infinity for values like any others.
  if (like == Like::gaussfilt && !std::ranges::all_of(kernel.values, [](double w) { return std::isfinite(w); })) {
    throw InvalidArgument("kernel: a value is not finite, all must be");
  }
}

void check_finite(std::string_view option, double value) {
  if (!std::isfinite(value)) throw InvalidArgument(fmt::format("{}: is {}, must be finite", option, value));
}

// One entry for each axis of the kernel, all of them along their own axis of the array.
struct KernelAxis {
  int axis = 0;
  std::int64_t size = 1, centre = 0;
  Border border = Border::reflect;
};

std::vector<KernelAxis> kernel_axes(const Layout& layout, const DenseKernel& kernel, const CorrelateOptions& options) {
  const std::vector<int> axes = resolve_axes(options.axes, layout.shape.rank());
  check_kernel(kernel, axes.size(), options.like);
  check_count("border", options.border.size(), axes.size());
  check_count("origin", options.origin.size(), axes.size());
  std::vector<KernelAxis> result;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const std::int64_t size = kernel.shape[static_cast<int>(i)], origin = options.origin[i];
    if (origin < -(size / 2) || origin > (size - 1) / 2) {
      throw InvalidArgument(fmt::format("origin: axis {} is {}, must be {} ... {} for a kernel of {}", axes[i], origin,
                                        -(size / 2), (size - 1) / 2, size));
    }
    result.push_back({axes[i], size, size / 2 + origin, options.border[i]});
  }
  return result;
}

// What the result needs beyond its sum.
int roundings_after(const CorrelateOptions& options) {
  return (options.factor != 1 ? 2 : 0) + (options.bias != 0 ? 2 : 0);
}

// Lines whose sums are powers of two: each divided by its own, where the product stays the same.
void bring_to_one(std::vector<std::vector<double>>& lines) {
  std::vector<int> exponents;
  for (const std::vector<double>& line : lines) {
    int exponent = 0;
    if (std::frexp(std::accumulate(line.begin(), line.end(), 0.0), &exponent) != 0.5) return;
    exponents.push_back(exponent - 1);
  }
  if (std::accumulate(exponents.begin(), exponents.end(), 0) != 0) return;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    for (double& tap : lines[i]) tap = std::ldexp(tap, -exponents[i]);
  }
}

class CorrelatePlanner {
 public:
  CorrelatePlanner(const Layout& layout, DType out, const DenseKernel& kernel, const CorrelateOptions& options)
      : layout_(layout), out_(out), kernel_(kernel), options_(options), axes_(kernel_axes(layout, kernel, options)) {
    check_common(layout.dtype, out, false, options.cval, options.threads);
    check_finite("factor", options.factor);
    check_finite("bias", options.bias);
    for (const double value : kernel.values) mass_ += std::abs(value);
    cast_ = options.like == Like::scipy && !is_floating(out);
    const bool fits = mass_ < largest && std::abs(options.factor) * mass_ < largest && std::abs(options.bias) < largest;
    const DType working = working_dtype(layout.dtype, out, options.precision, options.like);
    working_ = fits && options.like != Like::scipy ? working : DType::f64;
  }

  Decision decide(std::string filter) {
    decision_.filter = std::move(filter);
    decision_.out = out_;
    decision_.taps = "given";
    decision_.tap_mass = std::abs(options_.factor) * mass_;
    if (options_.bias != 0) decision_.scale = "(M + |bias| / N)";
    decision_.target = "the caller's kernel";
    plan_densely();
    if (options_.like == Like::scipy) {
      decision_.target += ", summed densely in SciPy's order";
      if (cast_) decision_.target += " and cast to integers as SciPy does";
    } else {
      consider_lines();
    }
    return std::move(decision_);
  }

 private:
  static constexpr double largest = 0x1p100;  // beyond, sums are taken in f64

  Problem problem() const {
    Problem problem = empty_problem(layout_, out_, working_, options_.threads);
    problem.factor = options_.factor;
    problem.bias = options_.bias;
    return problem;
  }

  AxisTask task_of(const KernelAxis& entry, std::complex<double> cval) const {
    AxisTask task{.axis = entry.axis, .border = entry.border, .cval = cval, .kernel = {}, .f32 = {}, .f64 = {}};
    task.radius = std::max(entry.centre, entry.size - 1 - entry.centre);
    return task;
  }

  void plan_densely() {
    std::vector<std::int64_t> centres;
    for (const KernelAxis& entry : axes_) centres.push_back(entry.centre);
    constexpr double scipy_negligible = std::numeric_limits<double>::epsilon();
    base::DenseTaps taps = base::dense_taps(kernel_, centres, options_.like == Like::scipy ? scipy_negligible : 0);
    Problem problem = this->problem();
    problem.cast = cast_;
    // Ascending, so that the last one lies along the memory of a gapless array; only those that taps reach along.
    std::vector<std::size_t> order(axes_.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::sort(order, {}, [this](std::size_t i) { return axes_[i].axis; });
    base::DenseTaps& kept = problem.dense.emplace();
    for (const std::size_t i : order) {
      AxisTask task = task_of(axes_[i], options_.cval);
      for (const std::int32_t offset : taps.offsets[i]) {
        task.before = std::max<std::int64_t>(task.before, -offset);
        task.after = std::max<std::int64_t>(task.after, offset);
      }
      if (task.before == 0 && task.after == 0) continue;
      kept.offsets.push_back(std::move(taps.offsets[i]));
      problem.axes.push_back(std::move(task));
    }
    kept.f32 = std::move(taps.f32);
    kept.f64 = std::move(taps.f64);
    decision_.rounding = base::rounding_bound(kept, working_, roundings_after(options_));
    Candidate candidate = candidate_for(Method::dense, methods::dense, problem);
    candidate.error_bound = decision_.rounding;
    decision_.candidates.push_back(std::move(candidate));
    decision_.method = Method::dense;
    decision_.methods = &methods::dense;
    decision_.problem = std::move(problem);
  }

  void consider_lines() {
    std::optional<base::Lines> lines = base::lines_of(kernel_);
    if (!lines) return;
    bring_to_one(lines->taps);
    Problem problem = this->problem();
    std::complex<double> cval = options_.cval;
    for (std::size_t i = 0; i < axes_.size(); ++i) {
      AxisTask task = task_of(axes_[i], cval);
      task.kernel = {.taps = lines->taps[i], .centre = axes_[i].centre};
      const bool identity = task.kernel.taps == std::vector<double>{1};
      cval *= gain_of(task.kernel, 1);
      finish_task(task, layout_.shape[task.axis], working_, working_ == DType::f32, false);
      if (!identity || axes_.size() == 1) problem.axes.push_back(std::move(task));
    }
    const bool exact = lines->residual == 0 && working_ == DType::f32 && to_exact_integers(problem);
    const Method method = exact ? Method::integer : Method::separable;
    const methods::Methods& functions = exact ? methods::integer : methods::separable;
    Candidate candidate = candidate_for(method, functions, problem);
    const double after = roundings_after(options_) * unit(working_);
    const double rounding = (1 + compose(problem).rounding) * (1 + after / (1 - after)) * (1 + lines->residual) - 1;
    candidate.error_bound = lines->residual + rounding;
    Candidate& dense = decision_.candidates.front();
    if (!lines->same_zeros || !(lines->residual <= decision_.rounding)) {
      candidate.why_not =
          fmt::format("the kernel is no product of one line an axis, {:.2g} of it is left over", lines->residual);
    } else if (!(candidate.cost < dense.cost) || problem.axes.empty()) {
      candidate.why_not = "it costs no less";
    } else {
      dense.why_not = "it costs more";
      decision_.target += lines->residual == 0
                              ? ", which is a product of one line an axis"
                              : fmt::format(", a product of one line an axis but for {:.2g} of it", lines->residual);
      decision_.method = method;
      decision_.methods = &functions;
      decision_.problem = std::move(problem);
      decision_.approximation = lines->residual;
      decision_.rounding = rounding;
    }
    decision_.candidates.push_back(std::move(candidate));
  }

  const Layout& layout_;
  DType out_;
  const DenseKernel& kernel_;
  const CorrelateOptions& options_;
  std::vector<KernelAxis> axes_;
  double mass_ = 0;
  bool cast_ = false;
  DType working_ = DType::f32;
  Decision decision_;
};

}  // namespace

Decision decide(const Layout& layout, DType out, const DenseKernel& kernel, const CorrelateOptions& options) {
  return CorrelatePlanner(layout, out, kernel, options).decide("correlate");
}

Decision decide_convolve(const Layout& layout, DType out, const DenseKernel& kernel, const CorrelateOptions& options) {
  kernel_axes(layout, kernel, options);  // checked as given
  DenseKernel turned = kernel;
  std::ranges::reverse(turned.values);
  CorrelateOptions mirrored = options;
  std::vector<std::int64_t> origins;
  for (int axis = 0; axis < kernel.shape.rank(); ++axis) {
    origins.push_back(-options.origin[static_cast<std::size_t>(axis)] - (kernel.shape[axis] % 2 == 0 ? 1 : 0));
  }
  if (!origins.empty()) mirrored.origin = PerAxis<std::int64_t>(std::move(origins));
  return CorrelatePlanner(layout, out, turned, mirrored).decide("convolve");
}

}  // namespace gaussfilt::plan
