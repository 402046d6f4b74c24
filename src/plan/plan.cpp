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

void check_outputs(std::string_view argument, std::span<const MutableView> outs, const plan::Decision& decision) {
  const std::size_t made = base::output_count(decision.problem);
  if (outs.size() != made) {
    throw InvalidArgument(fmt::format("{}: {} given, {} makes {} here, must be a list of as many views", argument,
                                      outs.size(), decision.filter, made));
  }
  for (const MutableView& out : outs) {
    check_dtype(argument, out.dtype(), decision.out);
    if (out.shape() != outs.front().shape()) {
      throw InvalidArgument(fmt::format("{}: shapes are {} and {}, must be the same", argument,
                                        shape_text(outs.front().shape()), shape_text(out.shape())));
    }
    check_output(out);
    for (const MutableView* other = outs.data(); other != &out; ++other) {
      if (base::overlap(*other, out)) {
        throw InvalidArgument(fmt::format("{}: two outputs share memory, each must have its own", argument));
      }
    }
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

bool only_copies(const Problem& problem) {
  return problem.combine == base::Combine::single && problem.axes.empty() && !problem.dense;
}

// Every axis is left as it is: the items themselves, also those that no working precision holds.
void copy_box(const base::Job& job) {
  const View& src = job.src;
  const auto* from = static_cast<const std::byte*>(src.data());
  for (int axis = 0; axis < src.rank(); ++axis) {
    from += (job.dst_origin[axis] - job.src_origin[axis]) * src.strides()[axis];
  }
  base::copy_items(View(from, src.dtype(), job.dst.shape(), src.strides()), job.dst);
}

RunStatus run_job(const plan::Decision& decision, const base::Job& job) {
  const Problem& problem = decision.problem;
  if (job.dst.shape().product() == 0) return RunStatus::complete;
  if (only_copies(problem) && job.src.dtype() == job.dst.dtype()) {
    copy_box(job);
    return RunStatus::complete;
  }
  const bool single = problem.combine == base::Combine::single;
  base::Job real = job;
  const bool widens = !is_complex(problem.in) && is_complex(job.dst.dtype());
  if (widens && single) real.dst = parts_of(job.dst).real;
  const auto outcome = decision.methods->run(problem, real);
  if (widens) {  // last: a run that throws has written nothing
    for (const MutableView& output : single ? std::span(&job.dst, 1) : job.outputs) {
      fill_with_zero(parts_of(output).imaginary);
    }
  }
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

// In the order of Method.
constexpr std::array<std::string_view, 7> names_of_methods{"separable", "box",     "composite", "dense",
                                                           "mean",      "integer", "multirate"};

}  // namespace

std::string_view name(Method method) { return names_of_methods[static_cast<std::size_t>(method)]; }

Method parse_method(std::string_view text) {
  const auto found = std::ranges::find(names_of_methods, text);
  if (found != names_of_methods.end()) return static_cast<Method>(found - names_of_methods.begin());
  throw InvalidArgument(fmt::format("method: \"{}\" is none of {}", text, fmt::join(names_of_methods, ", ")));
}

Plan PlanAccess::make(plan::Decision decision) {
  auto state = std::make_shared<Plan::State>();
  state->layout = {decision.problem.shape, decision.problem.in};
  state->decision = std::move(decision);
  return Plan(std::move(state));
}

RunStatus Plan::run(const View& in, const MutableView& out, const RunOptions& options) const {
  return run(in, std::span(&out, 1), options);
}

RunStatus Plan::run(const View& in, std::span<const MutableView> outs, const RunOptions& options) const {
  const plan::Decision& decision = state_->decision;
  const auto check_shape = [&](std::string_view argument, const Shape& shape) {
    if (shape == layout().shape) return;
    throw InvalidArgument(
        fmt::format("{}: shape is {}, the plan is for {}", argument, shape_text(shape), shape_text(layout().shape)));
  };
  check_shape("in", in.shape());
  check_dtype("in", in.dtype(), layout().dtype);
  for (const MutableView& out : outs) check_shape("out", out.shape());
  check_outputs("out", outs, decision);
  if (outs.empty()) return RunStatus::complete;
  const Index origin = Extents::filled(in.rank(), 0);
  base::Job job{.src = in,
                .src_origin = origin,
                .dst = outs.front(),
                .dst_origin = origin,
                .outputs = outs,
                .stop = options.stop,
                .progress = &options.progress};
  if (outs.size() > 1 || !same_view(in, outs.front())) {
    for (const MutableView& out : outs) {
      if (!base::overlap(in, out)) continue;
      throw InvalidArgument(outs.size() > 1
                                ? "out: shares memory with in, several outputs must be apart from it"
                                : "out: shares memory with in without being the same view, must be apart or the same");
    }
    return run_job(decision, job);
  }
  if (only_copies(decision.problem)) return RunStatus::complete;
  if (decision.methods->in_place) return run_job(decision, job);
  // In place: the outputs of one tile are inputs of the next, so the input is set aside first.
  Array copy(in.dtype(), in.shape());
  base::copy_items(in, copy);
  job.src = copy;
  return run_job(decision, job);
}

RunStatus Plan::run_region(const View& src, const Index& src_origin, const MutableView& dst, const Index& dst_origin,
                           const RunOptions& options) const {
  return run_region(src, src_origin, std::span(&dst, 1), dst_origin, options);
}

RunStatus Plan::run_region(const View& src, const Index& src_origin, std::span<const MutableView> dsts,
                           const Index& dst_origin, const RunOptions& options) const {
  check_dtype("src", src.dtype(), layout().dtype);
  check_box("src", src_origin, src.shape(), layout().shape);
  for (const MutableView& dst : dsts) check_box("dst", dst_origin, dst.shape(), layout().shape);
  check_outputs("dst", dsts, state_->decision);
  if (dsts.empty() || dsts.front().shape().product() == 0) return RunStatus::complete;
  check_covers(src_origin, src.shape(), source_window(dst_origin, dsts.front().shape()));
  for (const MutableView& dst : dsts) {
    if (base::overlap(src, dst)) throw InvalidArgument("dst: shares memory with src, must be apart");
  }
  return run_job(state_->decision, {.src = src,
                                    .src_origin = src_origin,
                                    .dst = dsts.front(),
                                    .dst_origin = dst_origin,
                                    .outputs = dsts,
                                    .stop = options.stop,
                                    .progress = &options.progress});
}

int Plan::outputs() const { return static_cast<int>(base::output_count(state_->decision.problem)); }

Window Plan::source_window(const Index& dst_origin, const Shape& dst_shape) const {
  check_box("dst", dst_origin, dst_shape, layout().shape);
  const base::Box need = base::box_needed(state_->decision.problem, {dst_origin, dst_shape});
  return {need.origin, need.shape};
}

Extents Plan::halo() const {
  const Problem& problem = state_->decision.problem;
  Extents halo = Extents::filled(layout().shape.rank(), 0);
  const auto widen = [&](const Problem& by) {
    for (const AxisTask& task : by.axes) {
      halo[task.axis] = std::max({halo[task.axis], task.before, task.after});
      if (task.window > 0) halo[task.axis] = std::max(halo[task.axis], layout().shape[task.axis] - 1);
    }
  };
  widen(problem);
  for (const Problem& field : problem.fields) widen(field);
  for (const Problem& smoothing : problem.smoothing) {
    for (const AxisTask& task : smoothing.axes) halo[task.axis] += std::max(task.before, task.after);
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
