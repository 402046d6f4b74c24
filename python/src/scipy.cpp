// Floor 5. What gaussfilt.ndimage calls: SciPy's line filters, on arguments that its rules have accepted.
#include "arguments.h"
#include "bindings.h"
#include "exchange.h"
#include "run.h"

#include <gaussfilt/error.h>
#include <gaussfilt/filters.h>

#include <cmath>
#include <cstring>
#include <limits>

namespace gaussfilt::python {
namespace {

constexpr char separable_id = 's';
constexpr char uniform_id = 'u';
constexpr char dense_id = 'd';

// Whether the taps mirror about their middle, times `sign`, by SciPy's test. A NaN passes it.
bool mirrors(const std::vector<double>& taps, double sign) {
  const std::size_t middle = taps.size() / 2;
  for (std::size_t k = 1; k <= middle; ++k) {
    if (std::abs(taps[middle + k] - sign * taps[middle - k]) > std::numeric_limits<double>::epsilon()) return false;
  }
  return true;
}

// Where the test is passed SciPy folds the line, and the taps before the middle weigh both sides.
void pair_up(std::vector<double>& taps) {
  if (taps.size() % 2 == 0) return;
  const double sign = mirrors(taps, 1) ? 1 : mirrors(taps, -1) ? -1 : 0;
  const std::size_t middle = taps.size() / 2;
  for (std::size_t k = 1; sign != 0 && k <= middle; ++k) taps[middle + k] = sign * taps[middle - k];
}

Kernel kernel_of(nb::handle weights, std::int64_t origin) {
  const Borrowed in = Borrowed::input("weights", weights);
  const View view = in.view();
  if (view.dtype() != DType::f64 || view.rank() != 1) throw InvalidArgument("weights: must be a line of float64");
  Kernel kernel{.taps = std::vector<double>(static_cast<std::size_t>(view.shape()[0])), .centre = 0};
  const auto* item = static_cast<const std::byte*>(view.data());
  for (double& tap : kernel.taps) {
    std::memcpy(&tap, item, sizeof(tap));
    item += view.strides()[0];
  }
  pair_up(kernel.taps);
  kernel.centre = static_cast<std::int64_t>(kernel.taps.size() / 2) + origin;
  return kernel;
}

// One axis after the other, as SciPy runs them.
struct Steps {
  std::vector<int> axes;
  std::vector<const Kernel*> kernels;
  std::vector<Border> borders;
};

Steps steps_of(nb::handle list) {
  Steps steps;
  for (const nb::handle step : list) {
    steps.axes.push_back(nb::cast<int>(step[0]));
    steps.kernels.push_back(nb::inst_ptr<Kernel>(step[1]));
    steps.borders.push_back(parse_border(nb::cast<std::string_view>(step[2])));
  }
  return steps;
}

Key key_of(const Layout& in, DType out, const Steps& steps, std::complex<double> cval, int threads) {
  Key key;
  key.add(separable_id).add(in).add(out).add(cval).add(threads).add(steps.axes.size());
  for (std::size_t i = 0; i < steps.axes.size(); ++i) {
    const Kernel& kernel = *steps.kernels[i];
    key.add(steps.axes[i]).add(steps.borders[i]).add(kernel.centre).add(kernel.taps);
  }
  return key;
}

SeparableOptions options_of(const Steps& steps, std::complex<double> cval, int threads) {
  SeparableOptions options;
  for (const Kernel* const kernel : steps.kernels) options.kernels.push_back(*kernel);
  options.border = PerAxis<Border>(steps.borders);
  options.cval = cval;
  options.axes = Axes(steps.axes);
  options.like = Like::scipy;
  options.threads = threads;
  return options;
}

void separable_function(nb::handle a, nb::handle out, nb::handle list, nb::handle cval, nb::handle threads) {
  const Borrowed in = Borrowed::input("input", a);
  const Borrowed target = Borrowed::output("output", out);
  const Steps steps = steps_of(list);
  const std::complex<double> beyond = complex_number("cval", cval);
  const int count = threads_of(threads);
  const DType dtype = target.layout().dtype;
  const Plan plan = kept_plan(key_of(in.layout(), dtype, steps, beyond, count),
                              [&] { return plan_separable(in.layout(), dtype, options_of(steps, beyond, count)); });
  run_plan(plan, in, target, nb::none());
}

void uniform_function(nb::handle a, nb::handle out, nb::handle list, nb::handle cval, nb::handle threads) {
  const Borrowed in = Borrowed::input("input", a);
  const Borrowed target = Borrowed::output("output", out);
  std::vector<int> axes;
  std::vector<std::int64_t> sizes, origins;
  std::vector<Border> borders;
  for (const nb::handle step : list) {
    axes.push_back(nb::cast<int>(step[0]));
    sizes.push_back(nb::cast<std::int64_t>(step[1]));
    origins.push_back(nb::cast<std::int64_t>(step[2]));
    borders.push_back(parse_border(nb::cast<std::string_view>(step[3])));
  }
  const std::complex<double> beyond = complex_number("cval", cval);
  const int count = threads_of(threads);
  const DType dtype = target.layout().dtype;
  Key key;
  key.add(uniform_id).add(in.layout()).add(dtype).add(beyond).add(count);
  key.add(axes).add(sizes).add(origins).add(borders);
  const Plan plan = kept_plan(key, [&] {
    UniformOptions options;
    options.size = PerAxis<std::int64_t>(sizes);
    options.origin = PerAxis<std::int64_t>(origins);
    options.border = PerAxis<Border>(borders);
    options.cval = beyond;
    options.axes = Axes(axes);
    options.threads = count;
    return plan_uniform(in.layout(), dtype, options);
  });
  run_plan(plan, in, target, nb::none());
}

// A kernel with an axis for each of the input's.
void dense_function(nb::handle a, nb::handle out, nb::handle weights, nb::handle origins, nb::handle border,
                    nb::handle cval, nb::handle threads) {
  const Borrowed in = Borrowed::input("input", a);
  const Borrowed target = Borrowed::output("output", out);
  const Borrowed given = Borrowed::input("weights", weights);
  const DenseKernel kernel = dense_kernel(given.view());
  std::vector<std::int64_t> shifts;
  for (const nb::handle origin : origins) shifts.push_back(nb::cast<std::int64_t>(origin));
  const Border beyond = parse_border(nb::cast<std::string_view>(border));
  const std::complex<double> constant = complex_number("cval", cval);
  const int count = threads_of(threads);
  const DType dtype = target.layout().dtype;
  Key key;
  key.add(dense_id).add(in.layout()).add(dtype).add(constant).add(count).add(beyond);
  key.add(Layout{kernel.shape, DType::f64}).add(kernel.values).add(shifts);
  const Plan plan = kept_plan(key, [&] {
    CorrelateOptions options;
    options.border = beyond;
    options.cval = constant;
    if (!shifts.empty()) options.origin = PerAxis<std::int64_t>(shifts);
    options.like = Like::scipy;
    options.threads = count;
    return plan_correlate(in.layout(), dtype, kernel, options);
  });
  run_plan(plan, in, target, nb::none());
}

}  // namespace

void bind_scipy(nb::module_& module) {
  using namespace nb::literals;
  nb::class_<Kernel>(module, "_Kernel", "Taps of one axis, for the functions with _scipy in their names.");
  module.def("_scipy_kernel", &kernel_of, "weights"_a, "origin"_a,
             "A line of float64 as taps of a correlation, paired as SciPy pairs them.");
  module.def("_scipy_separable", &separable_function, "input"_a, "output"_a, "steps"_a, "cval"_a, "threads"_a.none(),
             "Correlation along one axis after the other into `output`: steps of (axis, kernel, border).");
  module.def("_scipy_dense", &dense_function, "input"_a, "output"_a, "weights"_a, "origins"_a, "border"_a, "cval"_a,
             "threads"_a.none(), "Correlation with weights that have an axis for each of the input's, into `output`.");
  module.def("_scipy_uniform", &uniform_function, "input"_a, "output"_a, "steps"_a, "cval"_a, "threads"_a.none(),
             "Means along one axis after the other into `output`: steps of (axis, size, origin, border).");
}

}  // namespace gaussfilt::python
