// Floor 5. Filters made of several Gaussians as functions of Python.
#include "arguments.h"
#include "bindings.h"
#include "docs_composites.h"
#include "exchange.h"
#include "run.h"

#include <gaussfilt/error.h>
#include <gaussfilt/filters.h>

#include <fmt/format.h>

#include <functional>
#include <vector>

namespace gaussfilt::python {
namespace {

// What all of these filters take. Those that square have a real cval.
template <class Options> Options common_options(const GaussianArguments& given, int rank) {
  const GaussianOptions all = gaussian_options(given, rank);
  Options options;
  options.border = all.border;
  if constexpr (std::is_same_v<decltype(options.cval), double>) {
    if (all.cval.imag() != 0) throw Unsupported("cval: is complex, must be real for a filter that squares");
    options.cval = all.cval.real();
  } else {
    options.cval = all.cval;
  }
  options.axes = all.axes;
  options.truncate = all.truncate;
  options.taps = all.taps;
  options.tolerance = all.tolerance;
  options.threads = all.threads;
  if constexpr (requires { options.radius; }) options.radius = all.radius;
  return options;
}

// Where the results of a plan with several outputs go: along a new first axis.
Shape stacked(const Shape& shape, int outputs) {
  Shape result;
  result.push_back(outputs);
  for (const std::int64_t extent : shape) result.push_back(extent);
  return result;
}

std::vector<MutableView> parts_of(const MutableView& all) {
  Shape shape;
  Strides strides;
  for (int axis = 1; axis < all.rank(); ++axis) {
    shape.push_back(all.shape()[axis]);
    strides.push_back(all.strides()[axis]);
  }
  std::vector<MutableView> parts;
  for (std::int64_t i = 0; i < all.shape()[0]; ++i) {
    parts.emplace_back(static_cast<std::byte*>(all.data()) + i * all.strides()[0], all.dtype(), shape, strides);
  }
  return parts;
}

using MakePlan = std::function<Plan(const Layout& in, DType out)>;

nb::object filter_one(const Borrowed& in, nb::handle dtype, nb::handle out, nb::handle progress, const MakePlan& make) {
  Result result = result_for(in, in.layout().shape, out, dtype, in.layout().dtype);
  const Plan plan = make(in.layout(), result.target.layout().dtype);
  run_plan(plan, in, result.target, progress);
  return std::move(result.object);
}

nb::object filter_several(const Borrowed& in, int outputs, nb::handle dtype, nb::handle out, nb::handle progress,
                          const MakePlan& make) {
  const Shape shape = stacked(in.layout().shape, outputs);
  Result result = result_for(in, shape, out, dtype, in.layout().dtype);
  const MutableView sink = result.target.mutable_view();
  if (sink.shape() != shape) {
    throw InvalidArgument(fmt::format("out: its shape is ({}), must be ({}): the input's behind an axis of {} results",
                                      fmt::join(sink.shape(), ", "), fmt::join(shape, ", "), outputs));
  }
  const Plan plan = make(in.layout(), sink.dtype());
  const View source = in.view();
  const std::vector<MutableView> parts = parts_of(sink);
  run_job(predicted_ns(plan, in.layout().shape), progress,
          [&](const RunOptions& options) { return plan.run(source, parts, options); });
  result.target.finish();
  return std::move(result.object);
}

// Pairs of filtered axes i <= j.
int pairs(const Axes& axes, int rank) {
  const int count = axes.list() ? static_cast<int>(axes.list()->size()) : rank;
  return count * (count + 1) / 2;
}

// The filters whose one scale is `sigma`: with one result, shaped as the input, or with one for each pair of axes.
template <class Options, Plan (*make)(const Layout&, DType, const Options&), bool of_pairs = false>
nb::object of_sigma(nb::handle a, nb::handle sigma, nb::handle axes, nb::handle channel_axis, nb::handle border,
                    nb::handle cval, nb::handle truncate, nb::handle radius, nb::handle taps, nb::handle tolerance,
                    nb::handle dtype, nb::handle out, nb::handle threads, nb::handle progress) {
  const Borrowed in = Borrowed::input("a", a);
  const int rank = in.layout().shape.rank();
  const nb::int_ order(0);
  auto options = common_options<Options>(
      {sigma, order, axes, channel_axis, border, cval, truncate, radius, taps, tolerance, threads}, rank);
  options.sigma = numbers("sigma", sigma);
  const auto plan = [&](const Layout& layout, DType result) { return make(layout, result, options); };
  if constexpr (of_pairs) return filter_several(in, pairs(options.axes, rank), dtype, out, progress, plan);
  else return filter_one(in, dtype, out, progress, plan);
}

nb::object difference(nb::handle a, nb::handle sigma_low, nb::handle sigma_high, nb::handle axes,
                      nb::handle channel_axis, nb::handle border, nb::handle cval, nb::handle truncate,
                      nb::handle radius, nb::handle taps, nb::handle tolerance, nb::handle dtype, nb::handle out,
                      nb::handle threads, nb::handle progress) {
  const Borrowed in = Borrowed::input("a", a);
  const nb::int_ order(0);
  auto options = common_options<DifferenceOptions>(
      {sigma_low, order, axes, channel_axis, border, cval, truncate, radius, taps, tolerance, threads},
      in.layout().shape.rank());
  options.sigma_low = numbers("sigma_low", sigma_low);
  if (!sigma_high.is_none()) options.sigma_high = numbers("sigma_high", sigma_high);
  return filter_one(in, dtype, out, progress, [&](const Layout& layout, DType result) {
    return plan_difference_of_gaussians(layout, result, options);
  });
}

nb::object tensor_function(nb::handle a, nb::handle sigma, nb::handle rho, nb::handle axes, nb::handle channel_axis,
                           nb::handle border, nb::handle cval, nb::handle truncate, nb::handle taps,
                           nb::handle tolerance, nb::handle dtype, nb::handle out, nb::handle threads,
                           nb::handle progress) {
  const Borrowed in = Borrowed::input("a", a);
  const nb::int_ order(0);
  auto options = common_options<StructureTensorOptions>(
      {sigma, order, axes, channel_axis, border, cval, truncate, nb::none(), taps, tolerance, threads},
      in.layout().shape.rank());
  options.sigma = numbers("sigma", sigma);
  options.rho = numbers("rho", rho);
  return filter_several(
      in, pairs(options.axes, in.layout().shape.rank()), dtype, out, progress,
      [&](const Layout& layout, DType result) { return plan_structure_tensor(layout, result, options); });
}

// The signature for the stub: `first` are the arguments before the keywords.
#define GAUSSFILT_SIGNATURE(name, first, radius)                                                   \
  nb::sig(                                                                                         \
      "def " name "(a: typing.Any, " first                                                         \
      ", *, axes: int | collections.abc.Sequence[int] | None = None, "                             \
      "channel_axis: int | None = None, border: str | collections.abc.Sequence[str] = 'reflect', " \
      "cval: complex = 0.0, truncate: float | None = None, " radius                                \
      "taps: str = 'sampled', "                                                                    \
      "tolerance: float | None = None, dtype: typing.Any = None, out: typing.Any = None, "         \
      "threads: int | None = None, progress: collections.abc.Callable[[float], object] | None = None) -> typing.Any")
#define GAUSSFILT_NUMBERS "float | collections.abc.Sequence[float]"
#define GAUSSFILT_RADIUS "radius: int | collections.abc.Sequence[int] | None = None, "

}  // namespace

void bind_composites(nb::module_& module) {
  using namespace nb::literals;
  const auto given = [](const char* argument) { return nb::arg(argument).none(); };
  module.def("laplace_of_gaussian", &of_sigma<LaplaceOptions, plan_laplace_of_gaussian>, given("a"), given("sigma"),
             nb::kw_only(), "axes"_a = nb::none(), "channel_axis"_a = nb::none(), "border"_a = "reflect",
             "cval"_a = 0.0, "truncate"_a = nb::none(), "radius"_a = nb::none(), "taps"_a = "sampled",
             "tolerance"_a = nb::none(), "dtype"_a = nb::none(), "out"_a = nb::none(), "threads"_a = nb::none(),
             "progress"_a = nb::none(), docs::laplace_of_gaussian,
             GAUSSFILT_SIGNATURE("laplace_of_gaussian", "sigma: " GAUSSFILT_NUMBERS, GAUSSFILT_RADIUS));
  module.def("gradient_magnitude", &of_sigma<GradientMagnitudeOptions, plan_gradient_magnitude>, given("a"),
             given("sigma"), nb::kw_only(), "axes"_a = nb::none(), "channel_axis"_a = nb::none(),
             "border"_a = "reflect", "cval"_a = 0.0, "truncate"_a = nb::none(), "radius"_a = nb::none(),
             "taps"_a = "sampled", "tolerance"_a = nb::none(), "dtype"_a = nb::none(), "out"_a = nb::none(),
             "threads"_a = nb::none(), "progress"_a = nb::none(), docs::gradient_magnitude,
             GAUSSFILT_SIGNATURE("gradient_magnitude", "sigma: " GAUSSFILT_NUMBERS, GAUSSFILT_RADIUS));
  module.def("difference_of_gaussians", &difference, given("a"), given("sigma_low"), "sigma_high"_a = nb::none(),
             nb::kw_only(), "axes"_a = nb::none(), "channel_axis"_a = nb::none(), "border"_a = "reflect",
             "cval"_a = 0.0, "truncate"_a = nb::none(), "radius"_a = nb::none(), "taps"_a = "sampled",
             "tolerance"_a = nb::none(), "dtype"_a = nb::none(), "out"_a = nb::none(), "threads"_a = nb::none(),
             "progress"_a = nb::none(), docs::difference_of_gaussians,
             GAUSSFILT_SIGNATURE("difference_of_gaussians",
                                 "sigma_low: " GAUSSFILT_NUMBERS ", sigma_high: " GAUSSFILT_NUMBERS " | None = None",
                                 GAUSSFILT_RADIUS));
  module.def("hessian", &of_sigma<HessianOptions, plan_hessian, true>, given("a"), given("sigma"), nb::kw_only(),
             "axes"_a = nb::none(), "channel_axis"_a = nb::none(), "border"_a = "reflect", "cval"_a = 0.0,
             "truncate"_a = nb::none(), "radius"_a = nb::none(), "taps"_a = "sampled", "tolerance"_a = nb::none(),
             "dtype"_a = nb::none(), "out"_a = nb::none(), "threads"_a = nb::none(), "progress"_a = nb::none(),
             docs::hessian, GAUSSFILT_SIGNATURE("hessian", "sigma: " GAUSSFILT_NUMBERS, GAUSSFILT_RADIUS));
  module.def("structure_tensor", &tensor_function, given("a"), given("sigma"), given("rho"), nb::kw_only(),
             "axes"_a = nb::none(), "channel_axis"_a = nb::none(), "border"_a = "reflect", "cval"_a = 0.0,
             "truncate"_a = nb::none(), "taps"_a = "sampled", "tolerance"_a = nb::none(), "dtype"_a = nb::none(),
             "out"_a = nb::none(), "threads"_a = nb::none(), "progress"_a = nb::none(), docs::structure_tensor,
             GAUSSFILT_SIGNATURE("structure_tensor", "sigma: " GAUSSFILT_NUMBERS ", rho: " GAUSSFILT_NUMBERS, ""));
}

#undef GAUSSFILT_SIGNATURE
#undef GAUSSFILT_NUMBERS
#undef GAUSSFILT_RADIUS

}  // namespace gaussfilt::python
