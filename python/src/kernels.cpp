// Floor 5. Kernels by name as data of Python.
#include "arguments.h"
#include "bindings.h"
#include "docs_kernels.h"
#include "exchange.h"

#include <gaussfilt/named_kernels.h>

#include <fmt/format.h>

#include <algorithm>

namespace gaussfilt::python {
namespace {

nb::object array_of(const NamedKernel& kernel) {
  Array values(DType::f64, kernel.kernel.shape);
  std::copy(kernel.kernel.values.begin(), kernel.kernel.values.end(), values.items<double>().begin());
  return numpy_array(std::move(values));
}

std::string describe(const NamedKernel& kernel) {
  return fmt::format("<gaussfilt.NamedKernel {}, {} x {}, version {}>", kernel.name, kernel.kernel.shape[0],
                     kernel.kernel.shape[1], kernel.version);
}

nb::list families() {
  nb::list all;
  for (const KernelFamily& family : named_kernels()) all.append(nb::cast(family));
  return all;
}

nb::tuple parse_name(std::string_view text) {
  const KernelCall call = parse_kernel_name(text);
  nb::list parameters;
  for (const double parameter : call.parameters) parameters.append(parameter);
  return nb::make_tuple(call.name, nb::tuple(parameters), call.text);
}

}  // namespace

void bind_kernels(nb::module_& module) {
  using namespace nb::literals;
  nb::class_<NamedKernel>(module, "NamedKernel", docs::named_kernel_class)
      .def_ro("name", &NamedKernel::name, "With all parameters: \"motion(9, 30)\".")
      .def_prop_ro("array", &array_of, nb::sig("def array(self) -> typing.Any"),
                   "The matrix, height x width, float64: a new NumPy array, without NumPy a :class:`Array`.")
      .def_ro("factor", &NamedKernel::factor, "The result is factor * sum + bias.")
      .def_ro("bias", &NamedKernel::bias, "In levels of 8 bits.")
      .def_ro("orientation", &NamedKernel::orientation, "Which way it points, in words.")
      .def_ro("version", &NamedKernel::version, "Grows whenever a weight changes.")
      .def("__repr__", &describe);
  nb::class_<KernelFamily>(module, "KernelFamily", "One line of :func:`named_kernels`.")
      .def_ro("name", &KernelFamily::name, "\"motion\".")
      .def_ro("parameters", &KernelFamily::parameters,
              "\"size, angle\", in brackets those that may be left out; or empty.")
      .def_ro("example", &KernelFamily::example, "\"motion(9, 30)\".")
      .def_ro("description", &KernelFamily::description, "One line.")
      .def("__repr__", [](const KernelFamily& family) {
        return fmt::format("<gaussfilt.KernelFamily {}: {}>", family.example, family.description);
      });
  module.def(
      "named_kernel", [](std::string_view name) { return named_kernel(name); }, "name"_a, docs::named_kernel);
  module.def("named_kernels", &families, docs::named_kernels, nb::sig("def named_kernels() -> list[KernelFamily]"));
  module.def("parse_kernel_name", &parse_name, "text"_a,
             nb::sig("def parse_kernel_name(text: str) -> tuple[str, tuple[float, ...], str]"),
             "Name, parameters and the whole in its one spelling: \"motion(9, 30)\".");
}

}  // namespace gaussfilt::python
