// Floor 5. The parts of the module, each in a file of its own.
#pragma once

#include <nanobind/nanobind.h>

namespace gaussfilt::python {

void bind_filters(nanobind::module_& module);
void bind_composites(nanobind::module_& module);
void bind_plan(nanobind::module_& module);
void bind_correlate(nanobind::module_& module);
void bind_kernels(nanobind::module_& module);
void bind_regions(nanobind::module_& module);
void bind_scipy(nanobind::module_& module);

}  // namespace gaussfilt::python
