// Floor 5. Arguments of Python as options of the core.
#pragma once

#include <gaussfilt/filters.h>

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>

#include <complex>
#include <string_view>
#include <vector>

namespace gaussfilt::python {

namespace nb = nanobind;

// A number, or a sequence of them. Throw Unsupported (TypeError) where it is neither, InvalidArgument where it is out
// of range.
PerAxis<double> numbers(std::string_view name, nb::handle value);
PerAxis<int> integers(std::string_view name, nb::handle value);
PerAxis<std::int64_t> long_integers(std::string_view name, nb::handle value);  // None: not given
PerAxis<Border> borders(nb::handle value);
std::complex<double> complex_number(std::string_view name, nb::handle value);
std::optional<double> optional_number(std::string_view name, nb::handle value);

// axes= or channel_axis= (every other axis), not both.
Axes axes_of(nb::handle axes, nb::handle channel_axis, int rank);

// The items of an array, or of nested sequences of numbers, as a kernel.
DenseKernel dense_kernel(const View& items);
DenseKernel dense_kernel(std::string_view name, nb::handle value);

// None: what this process may use; else the number given.
int threads_of(nb::handle threads);
void set_num_threads(nb::handle threads);
int get_num_threads();

// The arguments of gaussian() and plan() that are options of the core.
struct GaussianArguments {
  nb::handle sigma, order, axes, channel_axis, border, cval, truncate, radius, taps, tolerance, threads;
  nb::handle method{Py_None};
};

GaussianOptions gaussian_options(const GaussianArguments& given, int rank);

nb::tuple to_tuple(const Extents& extents);
Extents to_extents(std::string_view name, nb::handle sequence);

}  // namespace gaussfilt::python
