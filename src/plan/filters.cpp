// Floor 3. The filters: each one call and its plan.
#include <gaussfilt/filters.h>

#include "plan/planner.h"

namespace gaussfilt::inline v0 {

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

}  // namespace gaussfilt::inline v0
