// Floor 5. The module gaussfilt._core.
#include "arguments.h"
#include "bindings.h"
#include "exchange.h"

#include <gaussfilt/error.h>
#include <gaussfilt/runtime.h>

#include <nanobind/nanobind.h>
#include <nanobind/stl/vector.h>

namespace {

namespace nb = nanobind;

// The core's errors as Python's own: an unsuitable value, or an unsuitable type.
void translate(const std::exception_ptr& failure, void*) {
  try {
    std::rethrow_exception(failure);
  } catch (const gaussfilt::InvalidArgument& error) {
    PyErr_SetString(PyExc_ValueError, error.what());
  } catch (const gaussfilt::Unsupported& error) {
    PyErr_SetString(PyExc_TypeError, error.what());
  }
}

}  // namespace

NB_MODULE(_core, module) {
  using namespace gaussfilt;
  using namespace nb::literals;
  module.doc() = "The compiled part of gaussfilt.";
  nb::register_exception_translator(&translate);
  nb::set_leak_warnings(false);  // what a program still holds as it ends (kept taps, a plan of its own) is no leak
  python::bind_array(module);
  python::bind_plan(module);
  python::bind_filters(module);
  python::bind_composites(module);
  python::bind_correlate(module);
  python::bind_kernels(module);
  python::bind_regions(module);
  python::bind_scipy(module);
  module.def(
      "version", [] { return std::string(version()); }, "Version of the library, \"0.1.0\".");
  module.def("cpu_targets", &cpu_targets, "CPU targets that this machine can run, best first.");
  module.def("active_cpu_target", &active_cpu_target, "The CPU target that filters run on.");
  module.def("set_num_threads", &python::set_num_threads, "threads"_a.none(),
             nb::sig("def set_num_threads(threads: int | None) -> None"),
             "How many threads a call may use that does not say; None goes back to what the environment\n"
             "(GAUSSFILT_NUM_THREADS, OMP_NUM_THREADS) and the control groups allow.");
  module.def("get_num_threads", &python::get_num_threads, "How many threads a call uses that does not say.");
}
