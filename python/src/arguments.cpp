// Floor 5. Arguments of Python as options of the core: what may be one value or one per axis, and how many threads.
#include "arguments.h"

#include "faces/threads.h"

#include <gaussfilt/error.h>

#include <fmt/format.h>

#include <atomic>
#include <cstdlib>
#include <limits>
#include <string>
#include <thread>

namespace gaussfilt::python {
namespace {

std::string words_of(nb::handle value) { return nb::repr(value).c_str(); }

[[noreturn]] void refuse(std::string_view name, nb::handle value, std::string_view rule) {
  throw Unsupported(fmt::format("{}: is {}, must be {}", name, words_of(value), rule));
}

// Text is a sequence too, but never one of numbers.
bool is_sequence(nb::handle value) {
  if (PyFloat_Check(value.ptr()) || PyLong_Check(value.ptr()) || PyUnicode_Check(value.ptr())) return false;
  if (PyObject_Size(value.ptr()) >= 0) return true;
  PyErr_Clear();
  return false;
}

double number(std::string_view name, nb::handle value) {
  const double result = PyFloat_AsDouble(value.ptr());
  if (result == -1.0 && PyErr_Occurred() != nullptr) {
    PyErr_Clear();
    refuse(name, value, "a number");
  }
  return result;
}

std::int64_t integer(std::string_view name, nb::handle value) {
  PyObject* const index = PyNumber_Index(value.ptr());
  if (index == nullptr) {
    PyErr_Clear();
    refuse(name, value, "an integer");
  }
  const nb::object held = nb::steal(index);
  const long long result = PyLong_AsLongLong(index);
  if (result == -1 && PyErr_Occurred() != nullptr) {
    PyErr_Clear();
    throw InvalidArgument(fmt::format("{}: is {}, must fit 64 bits", name, words_of(value)));
  }
  return result;
}

int small_integer(std::string_view name, nb::handle value) {
  const std::int64_t result = integer(name, value);
  if (result < std::numeric_limits<int>::min() || result > std::numeric_limits<int>::max()) {
    throw InvalidArgument(fmt::format("{}: is {}, must fit 31 bits", name, result));
  }
  return static_cast<int>(result);
}

Border border(std::string_view, nb::handle value) {
  if (!PyUnicode_Check(value.ptr())) refuse("border", value, "a name: reflect, mirror, nearest, wrap or constant");
  return parse_border(nb::cast<std::string_view>(value));
}

Taps taps(nb::handle value) {
  if (!PyUnicode_Check(value.ptr())) refuse("taps", value, "a name: sampled, discrete or integrated");
  return parse_taps(nb::cast<std::string_view>(value));
}

std::optional<Method> method(nb::handle value) {
  if (value.is_none()) return {};
  if (!PyUnicode_Check(value.ptr())) refuse("method", value, "a name, as in method='multirate', or None");
  return parse_method(nb::cast<std::string_view>(value));
}

template <class T, class Convert> PerAxis<T> per_axis(std::string_view name, nb::handle value, Convert convert) {
  if (!is_sequence(value)) return convert(name, value);
  std::vector<T> values;
  for (const nb::handle item : value) values.push_back(convert(name, item));
  return PerAxis<T>(std::move(values));
}

// 0: what the environment and the control groups say, read once.
std::atomic<int> chosen_threads{-1};

int default_threads() {
  int threads = chosen_threads.load(std::memory_order_relaxed);
  if (threads >= 0) return threads;
  threads = faces::thread_limit([](const char* variable) { return std::getenv(variable); });
  chosen_threads.store(threads, std::memory_order_relaxed);
  return threads;
}

}  // namespace

PerAxis<double> numbers(std::string_view name, nb::handle value) { return per_axis<double>(name, value, number); }
PerAxis<int> integers(std::string_view name, nb::handle value) { return per_axis<int>(name, value, small_integer); }
PerAxis<Border> borders(nb::handle value) { return per_axis<Border>("border", value, border); }

PerAxis<std::int64_t> long_integers(std::string_view name, nb::handle value) {
  if (value.is_none()) return {};
  return per_axis<std::int64_t>(name, value, integer);
}

std::complex<double> complex_number(std::string_view name, nb::handle value) {
  if (PyFloat_Check(value.ptr())) return PyFloat_AsDouble(value.ptr());
  const nb::object made =
      nb::steal(PyObject_CallFunctionObjArgs(reinterpret_cast<PyObject*>(&PyComplex_Type), value.ptr(), nullptr));
  if (!made.is_valid() || PyUnicode_Check(value.ptr())) {
    PyErr_Clear();
    refuse(name, value, "a number");
  }
  return {PyComplex_RealAsDouble(made.ptr()), PyComplex_ImagAsDouble(made.ptr())};
}

std::optional<double> optional_number(std::string_view name, nb::handle value) {
  if (value.is_none()) return {};
  return number(name, value);
}

Axes axes_of(nb::handle axes, nb::handle channel_axis, int rank) {
  if (channel_axis.is_none()) {
    if (axes.is_none()) return {};
    const PerAxis<int> list = integers("axes", axes);
    std::vector<int> values;
    for (std::size_t i = 0; i < list.size(); ++i) values.push_back(list[i]);
    return Axes(std::move(values));
  }
  if (!axes.is_none()) {
    throw InvalidArgument(
        "axes: stands beside channel_axis, must be one of the two (channel_axis means every other axis)");
  }
  const int given = small_integer("channel_axis", channel_axis);
  const int channel = given < 0 ? given + rank : given;
  if (channel < 0 || channel >= rank) {
    throw InvalidArgument(fmt::format("channel_axis: {} is no axis of an array of rank {}", given, rank));
  }
  std::vector<int> values;
  for (int axis = 0; axis < rank; ++axis) {
    if (axis != channel) values.push_back(axis);
  }
  return Axes(std::move(values));
}

int threads_of(nb::handle threads) {
  if (threads.is_none()) return default_threads();
  const int count = small_integer("threads", threads);
  if (count < 1) throw InvalidArgument(fmt::format("threads: is {}, must be >= 1, or None for all", count));
  return count;
}

void set_num_threads(nb::handle threads) {
  if (threads.is_none()) {
    chosen_threads.store(-1, std::memory_order_relaxed);
    return;
  }
  chosen_threads.store(threads_of(threads), std::memory_order_relaxed);
}

int get_num_threads() {
  const int threads = default_threads();
  return threads > 0 ? threads : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

GaussianOptions gaussian_options(const GaussianArguments& given, int rank) {
  return {.sigma = numbers("sigma", given.sigma),
          .order = integers("order", given.order),
          .border = borders(given.border),
          .cval = complex_number("cval", given.cval),
          .axes = axes_of(given.axes, given.channel_axis, rank),
          .truncate = optional_number("truncate", given.truncate),
          .radius = long_integers("radius", given.radius),
          .taps = taps(given.taps),
          .tolerance = optional_number("tolerance", given.tolerance),
          .threads = threads_of(given.threads),
          .method = method(given.method)};
}

nb::tuple to_tuple(const Extents& extents) {
  nb::list values;
  for (const std::int64_t value : extents) values.append(value);
  return nb::tuple(values);
}

Extents to_extents(std::string_view name, nb::handle sequence) {
  Extents extents;
  if (!is_sequence(sequence)) {
    extents.push_back(integer(name, sequence));
    return extents;
  }
  for (const nb::handle item : sequence) extents.push_back(integer(name, item));
  return extents;
}

}  // namespace gaussfilt::python
