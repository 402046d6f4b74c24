// Floor 3. The filters: each one call and its plan.
#include <gaussfilt/filters.h>

#include "plan/planner.h"

namespace gaussfilt::inline v0 {
namespace {

// The outputs' dtype, for the plan; that they agree is checked by its run.
DType dtype_of(std::span<const MutableView> outs, const View& in) {
  return outs.empty() ? in.dtype() : outs.front().dtype();
}

}  // namespace

Plan plan_gaussian(const Layout& layout, DType out_dtype, const GaussianOptions& options) {
  return PlanAccess::make(plan::decide(layout, out_dtype, options));
}

void gaussian(const View& in, const MutableView& out, const GaussianOptions& options) {
  plan_gaussian(in.layout(), out.dtype(), options).run(in, out);
}

Plan plan_separable(const Layout& layout, DType out_dtype, const SeparableOptions& options) {
  return PlanAccess::make(plan::decide(layout, out_dtype, options));
}

void separable(const View& in, const MutableView& out, const SeparableOptions& options) {
  plan_separable(in.layout(), out.dtype(), options).run(in, out);
}

Plan plan_uniform(const Layout& layout, DType out_dtype, const UniformOptions& options) {
  return PlanAccess::make(plan::decide(layout, out_dtype, options));
}

void uniform(const View& in, const MutableView& out, const UniformOptions& options) {
  plan_uniform(in.layout(), out.dtype(), options).run(in, out);
}

Plan plan_box(const Layout& layout, DType out_dtype, const BoxOptions& options) {
  return PlanAccess::make(plan::decide(layout, out_dtype, options));
}

void box(const View& in, const MutableView& out, const BoxOptions& options) {
  plan_box(in.layout(), out.dtype(), options).run(in, out);
}

Plan plan_correlate(const Layout& layout, DType out_dtype, const DenseKernel& kernel, const CorrelateOptions& options) {
  return PlanAccess::make(plan::decide(layout, out_dtype, kernel, options));
}

void correlate(const View& in, const MutableView& out, const DenseKernel& kernel, const CorrelateOptions& options) {
  plan_correlate(in.layout(), out.dtype(), kernel, options).run(in, out);
}

Plan plan_convolve(const Layout& layout, DType out_dtype, const DenseKernel& kernel, const CorrelateOptions& options) {
  return PlanAccess::make(plan::decide_convolve(layout, out_dtype, kernel, options));
}

void convolve(const View& in, const MutableView& out, const DenseKernel& kernel, const CorrelateOptions& options) {
  plan_convolve(in.layout(), out.dtype(), kernel, options).run(in, out);
}

Plan plan_laplace_of_gaussian(const Layout& layout, DType out_dtype, const LaplaceOptions& options) {
  return PlanAccess::make(plan::decide(layout, out_dtype, options));
}

void laplace_of_gaussian(const View& in, const MutableView& out, const LaplaceOptions& options) {
  plan_laplace_of_gaussian(in.layout(), out.dtype(), options).run(in, out);
}

Plan plan_gradient_magnitude(const Layout& layout, DType out_dtype, const GradientMagnitudeOptions& options) {
  return PlanAccess::make(plan::decide(layout, out_dtype, options));
}

void gradient_magnitude(const View& in, const MutableView& out, const GradientMagnitudeOptions& options) {
  plan_gradient_magnitude(in.layout(), out.dtype(), options).run(in, out);
}

Plan plan_difference_of_gaussians(const Layout& layout, DType out_dtype, const DifferenceOptions& options) {
  return PlanAccess::make(plan::decide(layout, out_dtype, options));
}

void difference_of_gaussians(const View& in, const MutableView& out, const DifferenceOptions& options) {
  plan_difference_of_gaussians(in.layout(), out.dtype(), options).run(in, out);
}

Plan plan_hessian(const Layout& layout, DType out_dtype, const HessianOptions& options) {
  return PlanAccess::make(plan::decide(layout, out_dtype, options));
}

void hessian(const View& in, std::span<const MutableView> outs, const HessianOptions& options) {
  plan_hessian(in.layout(), dtype_of(outs, in), options).run(in, outs);
}

Plan plan_structure_tensor(const Layout& layout, DType out_dtype, const StructureTensorOptions& options) {
  return PlanAccess::make(plan::decide(layout, out_dtype, options));
}

void structure_tensor(const View& in, std::span<const MutableView> outs, const StructureTensorOptions& options) {
  plan_structure_tensor(in.layout(), dtype_of(outs, in), options).run(in, outs);
}

Plan plan_separable_fields(const Layout& layout, DType out_dtype, std::span<const SeparableOptions> fields,
                           Reduction reduction) {
  return PlanAccess::make(plan::decide(layout, out_dtype, fields, reduction));
}

void separable_fields(const View& in, std::span<const MutableView> outs, std::span<const SeparableOptions> fields,
                      Reduction reduction) {
  plan_separable_fields(in.layout(), dtype_of(outs, in), fields, reduction).run(in, outs);
}

}  // namespace gaussfilt::inline v0
