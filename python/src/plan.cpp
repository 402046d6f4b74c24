// Floor 5. Plans as objects of Python.
#include "arguments.h"
#include "bindings.h"
#include "docs.h"
#include "exchange.h"
#include "run.h"

#include <gaussfilt/filters.h>

#include <fmt/format.h>

namespace gaussfilt::python {
namespace {

Plan plan_function(nb::handle shape, nb::handle dtype, nb::handle sigma, nb::handle order, nb::handle axes,
                   nb::handle channel_axis, nb::handle border, nb::handle cval, nb::handle truncate, nb::handle radius,
                   nb::handle taps, nb::handle tolerance, nb::handle out_dtype, nb::handle threads, nb::handle method) {
  const Layout layout{to_extents("shape", shape), dtype_of("dtype", dtype)};
  const DType out = out_dtype.is_none() ? layout.dtype : dtype_of("out_dtype", out_dtype);
  return plan_gaussian(layout, out,
                       gaussian_options({sigma, order, axes, channel_axis, border, cval, truncate, radius, taps,
                                         tolerance, threads, method},
                                        layout.shape.rank()));
}

nb::object run(const Plan& plan, nb::handle a, nb::handle out, nb::handle progress) {
  const Borrowed in = Borrowed::input("a", a);
  Result result = result_for(in, in.layout().shape, out, nb::none(), plan.out_dtype());
  run_plan(plan, in, result.target, progress);
  return std::move(result.object);
}

nb::object run_region(const Plan& plan, nb::handle src, nb::handle src_origin, nb::handle dst, nb::handle dst_origin,
                      nb::handle progress) {
  const Borrowed in = Borrowed::input("src", src);
  const Borrowed target = Borrowed::output("dst", dst);
  const View source = in.view();
  const MutableView sink = target.mutable_view();
  const Index from = to_extents("src_origin", src_origin), to = to_extents("dst_origin", dst_origin);
  run_job(predicted_ns(plan, sink.shape()), progress,
          [&](const RunOptions& options) { return plan.run_region(source, from, sink, to, options); });
  target.finish();
  return nb::borrow(dst);
}

nb::tuple source_window(const Plan& plan, nb::handle origin, nb::handle shape) {
  const Window window = plan.source_window(to_extents("origin", origin), to_extents("shape", shape));
  return nb::make_tuple(to_tuple(window.origin), to_tuple(window.shape));
}

std::string describe(const Plan& plan) {
  const std::string text = plan.explain();
  return fmt::format("<gaussfilt.Plan: {}>", text.substr(0, text.find('\n')));
}

}  // namespace

void bind_plan(nb::module_& module) {
  using namespace nb::literals;
  nb::class_<Plan>(
      module, "Plan",
      "A filter prepared for a shape and two dtypes. Immutable: any number of threads may run it at once,\n"
      "and the same input gives the same bytes, whole or by regions, however strided. Made by :func:`plan`.")
      .def("__call__", &run, nb::arg("a").none(), "out"_a = nb::none(), nb::kw_only(), "progress"_a = nb::none(),
           docs::plan_call,
           nb::sig("def __call__(self, a: typing.Any, out: typing.Any = None, *, progress: "
                   "collections.abc.Callable[[float], object] | None = None) "
                   "-> typing.Any"))
      .def("run_region", &run_region, "src"_a, "src_origin"_a, "dst"_a, "dst_origin"_a, nb::kw_only(),
           "progress"_a = nb::none(), docs::run_region,
           nb::sig("def run_region(self, src: typing.Any, src_origin: collections.abc.Sequence[int], dst: typing.Any, "
                   "dst_origin: collections.abc.Sequence[int], *, "
                   "progress: collections.abc.Callable[[float], object] | None = None) -> typing.Any"))
      .def("source_window", &source_window, "origin"_a, "shape"_a, docs::source_window,
           nb::sig("def source_window(self, origin: collections.abc.Sequence[int], shape: "
                   "collections.abc.Sequence[int]) -> tuple[tuple[int, ...], "
                   "tuple[int, ...]]"))
      .def(
          "explain", [](const Plan& plan) { return plan.explain(); },
          "Which operator, which method, what error bound, what cost, why not the others: as text.")
      .def(
          "explain_json", [](const Plan& plan) { return plan.explain_json(); }, "The same as JSON text.")
      .def("__repr__", &describe)
      .def_prop_ro(
          "shape", [](const Plan& plan) { return to_tuple(plan.layout().shape); },
          nb::sig("def shape(self) -> tuple[int, ...]"), "Shape of the arrays that it runs on.")
      .def_prop_ro(
          "dtype", [](const Plan& plan) { return std::string(numpy_name(plan.layout().dtype)); },
          "Dtype of the input, NumPy's name.")
      .def_prop_ro(
          "out_dtype", [](const Plan& plan) { return std::string(numpy_name(plan.out_dtype())); },
          "Dtype of the output.")
      .def_prop_ro(
          "working_dtype", [](const Plan& plan) { return std::string(numpy_name(plan.working_dtype())); },
          "Precision of the arithmetic.")
      .def_prop_ro(
          "method", [](const Plan& plan) { return std::string(name(plan.method())); }, "Name of the method.")
      .def_prop_ro(
          "halo", [](const Plan& plan) { return to_tuple(plan.halo()); }, nb::sig("def halo(self) -> tuple[int, ...]"),
          "Samples that an output depends on beyond its own, per axis and side.")
      .def_prop_ro("error_bound", &Plan::error_bound, "Proven, relative to N * M: approximation plus rounding.")
      .def_prop_ro("approximation_bound", &Plan::approximation_bound, "What the method leaves out.")
      .def_prop_ro("rounding_bound", &Plan::rounding_bound, "What the working precision rounds.")
      .def_prop_ro("scratch_bytes", &Plan::scratch_bytes, "Memory that one thread's run takes beyond the arrays.");
  module.def(
      "plan", &plan_function, "shape"_a, "dtype"_a, "sigma"_a, nb::kw_only(), "order"_a = 0, "axes"_a = nb::none(),
      "channel_axis"_a = nb::none(), "border"_a = "reflect", "cval"_a = 0.0, "truncate"_a = nb::none(),
      "radius"_a = nb::none(), "taps"_a = "sampled", "tolerance"_a = nb::none(), "out_dtype"_a = nb::none(),
      "threads"_a = nb::none(), "method"_a = nb::none(), docs::plan,
      nb::sig(
          "def plan(shape: int | collections.abc.Sequence[int], dtype: typing.Any, sigma: float | "
          "collections.abc.Sequence[float], *, "
          "order: int | collections.abc.Sequence[int] = 0, axes: int | collections.abc.Sequence[int] | None = None, "
          "channel_axis: int | None = None, border: str | collections.abc.Sequence[str] = 'reflect', cval: complex = "
          "0.0, "
          "truncate: float | None = None, radius: int | collections.abc.Sequence[int] | None = None, taps: str = "
          "'sampled', "
          "tolerance: float | None = None, out_dtype: typing.Any = None, threads: int | None = None, "
          "method: str | None = None) -> Plan"));
}

}  // namespace gaussfilt::python
