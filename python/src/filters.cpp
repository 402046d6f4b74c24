// Floor 5. The filters as functions of Python.
#include "arguments.h"
#include "bindings.h"
#include "docs.h"
#include "exchange.h"
#include "run.h"

#include <gaussfilt/filters.h>

#include <fmt/format.h>

namespace gaussfilt::python {
namespace {

constexpr char gaussian_id = 'g', box_id = 'b', separable_id = 'k';

Key key_of(const Layout& in, DType out, const GaussianOptions& options) {
  Key key;
  key.add(gaussian_id).add(in).add(out).add(options.sigma).add(options.order).add(options.border);
  key.add(options.cval).add(options.truncate.value_or(0)).add(options.tolerance.value_or(0)).add(options.radius);
  key.add(options.truncate.has_value()).add(options.tolerance.has_value()).add(options.taps).add(options.threads);
  key.add(options.method ? static_cast<int>(*options.method) : -1);
  key.add(options.axes);
  return key;
}

nb::object gaussian_function(nb::handle a, nb::handle sigma, nb::handle order, nb::handle axes, nb::handle channel_axis,
                             nb::handle border, nb::handle cval, nb::handle truncate, nb::handle radius,
                             nb::handle taps, nb::handle tolerance, nb::handle dtype, nb::handle out,
                             nb::handle threads, nb::handle method, nb::handle progress) {
  const Borrowed in = Borrowed::input("a", a);
  const GaussianOptions options = gaussian_options(
      {sigma, order, axes, channel_axis, border, cval, truncate, radius, taps, tolerance, threads, method},
      in.layout().shape.rank());
  Result result = result_for(in, in.layout().shape, out, dtype, in.layout().dtype);
  const DType out_dtype = result.target.layout().dtype;
  const Plan plan = kept_plan(key_of(in.layout(), out_dtype, options),
                              [&] { return plan_gaussian(in.layout(), out_dtype, options); });
  run_plan(plan, in, result.target, progress);
  return std::move(result.object);
}

nb::object box_function(nb::handle a, nb::handle width, nb::handle axes, nb::handle channel_axis, nb::handle border,
                        nb::handle cval, nb::handle dtype, nb::handle out, nb::handle threads, nb::handle progress) {
  const Borrowed in = Borrowed::input("a", a);
  const BoxOptions options{.width = numbers("width", width),
                           .border = borders(border),
                           .cval = complex_number("cval", cval),
                           .axes = axes_of(axes, channel_axis, in.layout().shape.rank()),
                           .threads = threads_of(threads)};
  Result result = result_for(in, in.layout().shape, out, dtype, in.layout().dtype);
  const DType out_dtype = result.target.layout().dtype;
  Key key;
  key.add(box_id).add(in.layout()).add(out_dtype).add(options.width).add(options.border).add(options.cval);
  key.add(options.axes).add(options.threads);
  const Plan plan = kept_plan(key, [&] { return plan_box(in.layout(), out_dtype, options); });
  run_plan(plan, in, result.target, progress);
  return std::move(result.object);
}

std::vector<Kernel> kernels_of(nb::handle taps, nb::handle centres) {
  std::vector<Kernel> kernels;
  for (const nb::handle list : taps) {
    Kernel kernel;
    const PerAxis<double> values = numbers("taps", list);
    for (std::size_t i = 0; i < values.size(); ++i) kernel.taps.push_back(values[i]);
    kernel.centre = static_cast<std::int64_t>(kernel.taps.size() / 2);
    kernels.push_back(std::move(kernel));
  }
  const PerAxis<std::int64_t> given = long_integers("centres", centres);
  for (std::size_t i = 0; !given.empty() && i < kernels.size(); ++i) kernels[i].centre = given[i];
  return kernels;
}

Precision precision_of(nb::handle object) {
  if (object.is_none()) return Precision::automatic;
  const DType dtype = dtype_of("precision", object);
  if (dtype == DType::f32) return Precision::f32;
  if (dtype == DType::f64) return Precision::f64;
  throw InvalidArgument(fmt::format("precision: is {}, must be float32, float64 or None", numpy_name(dtype)));
}

Key key_of(const Layout& in, DType out, const SeparableOptions& options) {
  Key key;
  key.add(separable_id).add(in).add(out).add(options.border).add(options.cval).add(options.precision);
  key.add(options.axes).add(options.threads).add(options.kernels.size());
  for (const Kernel& kernel : options.kernels) key.add(kernel.centre).add(kernel.taps);
  return key;
}

nb::object separable_function(nb::handle a, nb::handle taps, nb::handle centres, nb::handle axes, nb::handle border,
                              nb::handle cval, nb::handle dtype, nb::handle out, nb::handle threads,
                              nb::handle precision, nb::handle progress) {
  const Borrowed in = Borrowed::input("a", a);
  const SeparableOptions options{.kernels = kernels_of(taps, centres),
                                 .border = borders(border),
                                 .cval = complex_number("cval", cval),
                                 .axes = axes_of(axes, nb::none(), in.layout().shape.rank()),
                                 .precision = precision_of(precision),
                                 .threads = threads_of(threads)};
  Result result = result_for(in, in.layout().shape, out, dtype, in.layout().dtype);
  const DType out_dtype = result.target.layout().dtype;
  const Plan plan = kept_plan(key_of(in.layout(), out_dtype, options),
                              [&] { return plan_separable(in.layout(), out_dtype, options); });
  run_plan(plan, in, result.target, progress);
  return std::move(result.object);
}

}  // namespace

void bind_filters(nb::module_& module) {
  using namespace nb::literals;
  module.def("gaussian", &gaussian_function, nb::arg("a").none(), nb::arg("sigma").none(), nb::kw_only(), "order"_a = 0,
             "axes"_a = nb::none(), "channel_axis"_a = nb::none(), "border"_a = "reflect", "cval"_a = 0.0,
             "truncate"_a = nb::none(), "radius"_a = nb::none(), "taps"_a = "sampled", "tolerance"_a = nb::none(),
             "dtype"_a = nb::none(), "out"_a = nb::none(), "threads"_a = nb::none(), "method"_a = nb::none(),
             "progress"_a = nb::none(), docs::gaussian,
             nb::sig("def gaussian(a: typing.Any, sigma: float | collections.abc.Sequence[float], *, order: int | "
                     "collections.abc.Sequence[int] = 0, "
                     "axes: int | collections.abc.Sequence[int] | None = None, channel_axis: int | None = None, "
                     "border: str | collections.abc.Sequence[str] = 'reflect', cval: complex = 0.0, truncate: float | "
                     "None = None, "
                     "radius: int | collections.abc.Sequence[int] | None = None, taps: str = 'sampled', tolerance: "
                     "float | None = None, "
                     "dtype: typing.Any = None, out: typing.Any = None, threads: int | None = None, "
                     "method: str | None = None, "
                     "progress: collections.abc.Callable[[float], object] | None = None) -> typing.Any"));
  module.def("box", &box_function, nb::arg("a").none(), nb::arg("width").none(), nb::kw_only(), "axes"_a = nb::none(),
             "channel_axis"_a = nb::none(), "border"_a = "reflect", "cval"_a = 0.0, "dtype"_a = nb::none(),
             "out"_a = nb::none(), "threads"_a = nb::none(), "progress"_a = nb::none(), docs::box,
             nb::sig("def box(a: typing.Any, width: float | collections.abc.Sequence[float], *, "
                     "axes: int | collections.abc.Sequence[int] | None = None, channel_axis: int | None = None, "
                     "border: str | collections.abc.Sequence[str] = 'reflect', cval: complex = 0.0, "
                     "dtype: typing.Any = None, out: typing.Any = None, threads: int | None = None, "
                     "progress: collections.abc.Callable[[float], object] | None = None) -> typing.Any"));
  module.def(
      "separable", &separable_function, nb::arg("a").none(), "taps"_a, nb::kw_only(), "centres"_a = nb::none(),
      "axes"_a = nb::none(), "border"_a = "reflect", "cval"_a = 0.0, "dtype"_a = nb::none(), "out"_a = nb::none(),
      "threads"_a = nb::none(), "precision"_a = nb::none(), "progress"_a = nb::none(), docs::separable,
      nb::sig("def separable(a: typing.Any, taps: collections.abc.Sequence[collections.abc.Sequence[float]], *, "
              "centres: int | collections.abc.Sequence[int] | None = None, "
              "axes: int | collections.abc.Sequence[int] | None = None, border: str | collections.abc.Sequence[str] = "
              "'reflect', "
              "cval: complex = 0.0, dtype: typing.Any = None, out: typing.Any = None, threads: int | None = None, "
              "precision: typing.Any = None, "
              "progress: collections.abc.Callable[[float], object] | None = None) -> typing.Any"));
}

}  // namespace gaussfilt::python
