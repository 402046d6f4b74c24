// Floor 3. Plan: checks the arrays of a run against the plan and hands the job to the method.
#include <gaussfilt/plan.h>

#include "base/dtype.h"
#include "base/lines.h"
#include "plan/planner.h"

#include <fmt/format.h>

#include <algorithm>

namespace gaussfilt::inline v0 {

struct Plan::State {
  plan::Decision decision;
  Layout layout;
};

namespace {

using base::AxisTask;
using base::Problem;
using plan::shape_text;

void check_dtype(std::string_view argument, DType given, DType planned) {
  if (given == planned) return;
  throw InvalidArgument(fmt::format("{}: is {}, the plan is for {}", argument, name(given), name(planned)));
}

void check_output(const MutableView& dst) {
  if (!base::items_disjoint(dst)) {
    throw InvalidArgument("out: some of its items share memory (a stride of 0?), each must have its own");
  }
}

bool same_view(const View& a, const View& b) {
  return a.data() == b.data() && a.dtype() == b.dtype() && a.shape() == b.shape() && a.strides() == b.strides();
}

// Real input into complex output: the result goes into the real parts, the imaginary parts become 0.
struct Parts {
  MutableView real, imaginary;
};

Parts parts_of(const MutableView& dst) {
  const DType part = base::component(dst.dtype());
  auto* const imaginary = static_cast<std::byte*>(dst.data()) + size_of(part);
  return {{dst.data(), part, dst.shape(), dst.strides()}, {imaginary, part, dst.shape(), dst.strides()}};
}

void fill_with_zero(const MutableView& view) {
  const std::complex<double> zero = 0;
  base::copy_items(View(&zero, view.dtype(), view.shape(), Extents::filled(view.rank(), 0)), view);
}

RunStatus run_job(const plan::Decision& decision, const base::Job& job) {
  const Problem& problem = decision.problem;
  if (job.dst.shape().product() == 0) return RunStatus::complete;
  if (problem.axes.empty() && job.src.dtype() == job.dst.dtype()) {
    // Every axis is left as it is: the items themselves, also those that no working precision holds.
    View box(static_cast<const std::byte*>(job.src.data()), job.src.dtype(), job.dst.shape(), job.src.strides());
    std::int64_t offset = 0;
    for (int axis = 0; axis < box.rank(); ++axis) {
      offset += (job.dst_origin[axis] - job.src_origin[axis]) * job.src.strides()[axis];
    }
    box = View(static_cast<const std::byte*>(box.data()) + offset, box.dtype(), box.shape(), box.strides());
    base::copy_items(box, job.dst);
    return RunStatus::complete;
  }
  base::Job real = job;
  const bool widens = !is_complex(problem.in) && is_complex(job.dst.dtype());
  if (widens) real.dst = parts_of(job.dst).real;
  const auto outcome = decision.methods->run(problem, real);
  if (widens) fill_with_zero(parts_of(job.dst).imaginary);  // last: a run that throws has written nothing
  return outcome == methods::Outcome::complete ? RunStatus::complete : RunStatus::stopped;
}

void check_box(std::string_view argument, const Index& origin, const Shape& shape, const Shape& whole) {
  bool inside = origin.rank() == whole.rank() && shape.rank() == whole.rank();
  for (int axis = 0; inside && axis < whole.rank(); ++axis) {
    inside = 0 <= origin[axis] && 0 <= shape[axis] && shape[axis] <= whole[axis] &&
             origin[axis] <= whole[axis] - shape[axis];
  }
  if (inside) return;
  throw InvalidArgument(fmt::format("{}: origin {} and shape {} do not lie in the planned array of {}", argument,
                                    shape_text(origin), shape_text(shape), shape_text(whole)));
}

void check_covers(const Index& origin, const Shape& shape, const Window& need) {
  for (int axis = 0; axis < shape.rank(); ++axis) {
    if (need.shape[axis] == 0) continue;
    const std::int64_t first = need.origin[axis], last = first + need.shape[axis];
    if (origin[axis] <= first && last <= origin[axis] + shape[axis]) continue;
    throw InvalidArgument(fmt::format("src: holds {} ... {} of axis {}, must hold {} ... {}, as source_window() says",
                                      origin[axis], origin[axis] + shape[axis], axis, first, last));
  }
}

}  // namespace

std::string_view name(Method method) { return method == Method::box ? "box" : "separable"; }

Plan PlanAccess::make(plan::Decision decision) {
  auto state = std::make_shared<Plan::State>();
  state->layout = {decision.problem.shape, decision.problem.in};
  state->decision = std::move(decision);
  return Plan(std::move(state));
}

RunStatus Plan::run(const View& in, const MutableView& out, const RunOptions& options) const {
  const plan::Decision& decision = state_->decision;
  for (const auto& [argument, shape] : {std::pair("in", &in.shape()), std::pair("out", &out.shape())}) {
    if (*shape == layout().shape) continue;
    throw InvalidArgument(
        fmt::format("{}: shape is {}, the plan is for {}", argument, shape_text(*shape), shape_text(layout().shape)));
  }
  check_dtype("in", in.dtype(), layout().dtype);
  check_dtype("out", out.dtype(), out_dtype());
  check_output(out);
  const Index origin = Extents::filled(in.rank(), 0);
  base::Job job{.src = in,
                .src_origin = origin,
                .dst = out,
                .dst_origin = origin,
                .stop = options.stop,
                .progress = &options.progress};
  if (!same_view(in, out)) {
    if (base::overlap(in, out)) {
      throw InvalidArgument("out: shares memory with in without being the same view, must be apart or the same");
    }
    return run_job(decision, job);
  }
  if (decision.problem.axes.empty()) return RunStatus::complete;
  if (decision.methods->in_place) return run_job(decision, job);
  // In place: the outputs of one tile are inputs of the next, so the input is set aside first.
  Array copy(in.dtype(), in.shape());
  base::copy_items(in, copy);
  job.src = copy;
  return run_job(decision, job);
}

RunStatus Plan::run_region(const View& src, const Index& src_origin, const MutableView& dst, const Index& dst_origin,
                           const RunOptions& options) const {
  check_dtype("src", src.dtype(), layout().dtype);
  check_dtype("dst", dst.dtype(), out_dtype());
  check_box("src", src_origin, src.shape(), layout().shape);
  check_box("dst", dst_origin, dst.shape(), layout().shape);
  check_output(dst);
  if (dst.shape().product() == 0) return RunStatus::complete;
  check_covers(src_origin, src.shape(), source_window(dst_origin, dst.shape()));
  if (base::overlap(src, dst)) throw InvalidArgument("dst: shares memory with src, must be apart");
  return run_job(state_->decision, {.src = src,
                                    .src_origin = src_origin,
                                    .dst = dst,
                                    .dst_origin = dst_origin,
                                    .stop = options.stop,
                                    .progress = &options.progress});
}

Window Plan::source_window(const Index& dst_origin, const Shape& dst_shape) const {
  check_box("dst", dst_origin, dst_shape, layout().shape);
  Window window{dst_origin, dst_shape};
  if (dst_shape.product() == 0) return window;
  for (const AxisTask& task : state_->decision.problem.axes) {
    if (task.window > 0) {
      window.origin[task.axis] = 0;
      window.shape[task.axis] = layout().shape[task.axis];
      continue;
    }
    const std::int64_t begin = dst_origin[task.axis], end = begin + dst_shape[task.axis];
    const auto [first, last] =
        base::samples_needed(task.border, begin - task.before, end + task.after, layout().shape[task.axis]);
    window.origin[task.axis] = first;
    window.shape[task.axis] = last - first;
  }
  return window;
}

Extents Plan::halo() const {
  Extents halo = Extents::filled(layout().shape.rank(), 0);
  for (const AxisTask& task : state_->decision.problem.axes) {
    halo[task.axis] = std::max(task.before, task.after);
    if (task.window > 0) halo[task.axis] = std::max(halo[task.axis], layout().shape[task.axis] - 1);
  }
  return halo;
}

std::string Plan::explain() const { return plan::explain_text(state_->decision); }
std::string Plan::explain_json() const { return plan::explain_json(state_->decision); }
const Layout& Plan::layout() const { return state_->layout; }
DType Plan::out_dtype() const { return state_->decision.out; }
Method Plan::method() const { return state_->decision.method; }
DType Plan::working_dtype() const { return state_->decision.problem.working; }
std::span<const Candidate> Plan::candidates() const { return state_->decision.candidates; }
double Plan::error_bound() const { return approximation_bound() + rounding_bound(); }
double Plan::approximation_bound() const { return state_->decision.approximation; }
double Plan::rounding_bound() const { return state_->decision.rounding; }
std::int64_t Plan::scratch_bytes() const { return state_->decision.methods->scratch(state_->decision.problem); }

}  // namespace gaussfilt::inline v0
