// Floor 5. Kernels of any shape: correlate and convolve as functions of Python.
#include "arguments.h"
#include "bindings.h"
#include "docs.h"
#include "docs_kernels.h"
#include "exchange.h"
#include "run.h"

#include <gaussfilt/error.h>
#include <gaussfilt/filters.h>

#include <fmt/format.h>

namespace gaussfilt::python {
namespace {

constexpr char correlate_id = 'k';

// Nested sequences of numbers, the outermost first; `depth` counts how far in this one lies.
void append_nested(std::string_view name, nb::handle value, int depth, DenseKernel& kernel) {
  const bool nested = PyList_Check(value.ptr()) || PyTuple_Check(value.ptr());
  if (!nested) {
    if (depth != kernel.shape.rank()) {
      throw InvalidArgument(fmt::format("{}: its rows differ in depth, must be a rectangle of numbers", name));
    }
    kernel.values.push_back(numbers(name, value)[0]);
    return;
  }
  const auto extent = static_cast<std::int64_t>(PyObject_Size(value.ptr()));
  if (depth == kernel.shape.rank() && kernel.values.empty()) kernel.shape.push_back(extent);
  if (depth >= kernel.shape.rank() || kernel.shape[depth] != extent) {
    throw InvalidArgument(fmt::format("{}: its rows differ in length, must be a rectangle of numbers", name));
  }
  for (const nb::handle item : value) append_nested(name, item, depth + 1, kernel);
}

// Where the arguments differ in name only.
using MakePlan = Plan (*)(const Layout& layout, DType out, const DenseKernel& kernel, const CorrelateOptions& options);

struct Arguments {
  nb::handle a, kernel, origin, axes, channel_axis, border, cval, factor, bias, dtype, out, threads, progress;
};

// What the function and the plan have in common.
struct Options {
  nb::handle origin, axes, channel_axis, border, cval, factor, bias, threads;
};

CorrelateOptions correlate_options(const Options& given, int rank) {
  CorrelateOptions options;
  options.border = borders(given.border);
  options.cval = complex_number("cval", given.cval);
  options.origin = long_integers("origin", given.origin);
  options.axes = axes_of(given.axes, given.channel_axis, rank);
  options.factor = numbers("factor", given.factor)[0];
  options.bias = numbers("bias", given.bias)[0];
  options.threads = threads_of(given.threads);
  return options;
}

nb::object run_kernel(char convolves, MakePlan make_plan, const Arguments& given) {
  const Borrowed in = Borrowed::input("a", given.a);
  const DenseKernel kernel = dense_kernel("kernel", given.kernel);
  const CorrelateOptions options = correlate_options(
      {given.origin, given.axes, given.channel_axis, given.border, given.cval, given.factor, given.bias, given.threads},
      in.layout().shape.rank());
  Result result = result_for(in, in.layout().shape, given.out, given.dtype, in.layout().dtype);
  const DType out_dtype = result.target.layout().dtype;
  Key key;
  key.add(correlate_id).add(convolves).add(in.layout()).add(out_dtype).add(options.border).add(options.cval);
  key.add(options.origin).add(options.factor).add(options.bias).add(options.threads);
  key.add(options.axes.list().has_value()).add(options.axes.list().value_or(std::vector<int>{}));
  key.add(Layout{kernel.shape, DType::f64}).add(kernel.values);
  const Plan plan = kept_plan(key, [&] { return make_plan(in.layout(), out_dtype, kernel, options); });
  run_plan(plan, in, result.target, given.progress);
  return std::move(result.object);
}

nb::object correlate_function(nb::handle a, nb::handle kernel, nb::handle origin, nb::handle axes,
                              nb::handle channel_axis, nb::handle border, nb::handle cval, nb::handle factor,
                              nb::handle bias, nb::handle dtype, nb::handle out, nb::handle threads,
                              nb::handle progress) {
  return run_kernel(0, &plan_correlate,
                    {a, kernel, origin, axes, channel_axis, border, cval, factor, bias, dtype, out, threads, progress});
}

nb::object convolve_function(nb::handle a, nb::handle kernel, nb::handle origin, nb::handle axes,
                             nb::handle channel_axis, nb::handle border, nb::handle cval, nb::handle factor,
                             nb::handle bias, nb::handle dtype, nb::handle out, nb::handle threads,
                             nb::handle progress) {
  return run_kernel(1, &plan_convolve,
                    {a, kernel, origin, axes, channel_axis, border, cval, factor, bias, dtype, out, threads, progress});
}

template <MakePlan make_plan>
Plan plan_function(nb::handle shape, nb::handle dtype, nb::handle kernel, nb::handle origin, nb::handle axes,
                   nb::handle channel_axis, nb::handle border, nb::handle cval, nb::handle factor, nb::handle bias,
                   nb::handle out_dtype, nb::handle threads) {
  const Layout layout{to_extents("shape", shape), dtype_of("dtype", dtype)};
  const DType out = out_dtype.is_none() ? layout.dtype : dtype_of("out_dtype", out_dtype);
  return make_plan(
      layout, out, dense_kernel("kernel", kernel),
      correlate_options({origin, axes, channel_axis, border, cval, factor, bias, threads}, layout.shape.rank()));
}

void bind_plans(nb::module_& module) {
  using namespace nb::literals;
  const auto define = [&module](const char* name, auto function, const char* text, const std::string& signature) {
    module.def(name, function, "shape"_a, "dtype"_a, nb::arg("kernel").none(), nb::kw_only(), "origin"_a = 0,
               "axes"_a = nb::none(), "channel_axis"_a = nb::none(), "border"_a = "reflect", "cval"_a = 0.0,
               "factor"_a = 1.0, "bias"_a = 0.0, "out_dtype"_a = nb::none(), "threads"_a = nb::none(), text,
               nb::sig(signature.c_str()));
  };
  const std::string rest =
      "(shape: int | collections.abc.Sequence[int], dtype: typing.Any, kernel: typing.Any, *, origin: int | "
      "collections.abc.Sequence[int] = 0, axes: int | collections.abc.Sequence[int] | None = None, channel_axis: int | "
      "None = None, border: str | collections.abc.Sequence[str] = 'reflect', cval: complex = 0.0, factor: float = 1.0, "
      "bias: float = 0.0, out_dtype: typing.Any = None, threads: int | None = None) -> Plan";
  define("plan_correlate", &plan_function<plan_correlate>, docs::plan_correlate, "def plan_correlate" + rest);
  define("plan_convolve", &plan_function<plan_convolve>, docs::plan_convolve, "def plan_convolve" + rest);
}

}  // namespace

DenseKernel dense_kernel(const View& items) {
  if (is_complex(items.dtype())) throw Unsupported("kernel: is complex, must be real; filter by its parts");
  Array values(DType::f64, items.shape());
  separable(items, values, {.kernels = {{{1.0}, 0}}, .axes = Axes::none()});
  const auto list = values.items<double>();
  return {{list.begin(), list.end()}, items.shape()};
}

DenseKernel dense_kernel(std::string_view name, nb::handle value) {
  if (!PyList_Check(value.ptr()) && !PyTuple_Check(value.ptr()) && !PyFloat_Check(value.ptr()) &&
      !PyLong_Check(value.ptr())) {
    return dense_kernel(Borrowed::input(name, value).view());
  }
  DenseKernel kernel;
  append_nested(name, value, 0, kernel);
  if (kernel.values.size() == static_cast<std::size_t>(kernel.shape.product())) return kernel;
  throw InvalidArgument(fmt::format("{}: its rows differ in depth, must be a rectangle of numbers", name));
}

void bind_correlate(nb::module_& module) {
  using namespace nb::literals;
  const auto define = [&module](const char* name, auto function, const char* text, const std::string& signature) {
    module.def(name, function, nb::arg("a").none(), nb::arg("kernel").none(), nb::kw_only(), "origin"_a = 0,
               "axes"_a = nb::none(), "channel_axis"_a = nb::none(), "border"_a = "reflect", "cval"_a = 0.0,
               "factor"_a = 1.0, "bias"_a = 0.0, "dtype"_a = nb::none(), "out"_a = nb::none(), "threads"_a = nb::none(),
               "progress"_a = nb::none(), text, nb::sig(signature.c_str()));
  };
  const std::string rest =
      "(a: typing.Any, kernel: typing.Any, *, origin: int | collections.abc.Sequence[int] = 0, axes: int | "
      "collections.abc.Sequence[int] | None = None, channel_axis: int | None = None, border: str | "
      "collections.abc.Sequence[str] = 'reflect', cval: complex = 0.0, factor: float = 1.0, bias: float = 0.0, dtype: "
      "typing.Any = None, out: typing.Any = None, threads: int | None = None, "
      "progress: collections.abc.Callable[[float], object] | None = None) -> typing.Any";
  define("correlate", &correlate_function, docs::correlate, "def correlate" + rest);
  define("convolve", &convolve_function, docs::convolve, "def convolve" + rest);
  bind_plans(module);
}

}  // namespace gaussfilt::python
