// Floor 5. The class Array: results for inputs whose library has no arrays of its own (bytes, memoryview, array.array).
#include "exchange.h"

#include <fmt/format.h>

#include <array>
#include <memory>
#include <string>

namespace gaussfilt::python {
namespace {

// The struct module's letters, as the buffer protocol wants them.
const char* format_of(DType dtype) {
  static constexpr std::array<const char*, 14> formats{"?", "B", "H", "I", "Q", "b",  "h",
                                                       "i", "q", "e", "f", "d", "Zf", "Zd"};
  return formats[static_cast<std::size_t>(dtype)];
}

struct Exported {
  std::array<Py_ssize_t, max_rank> shape{}, strides{};
};

int get_buffer(PyObject* self, Py_buffer* view, int) {
  Array* const array = nb::inst_ptr<Array>(self);
  auto* const exported = new (std::nothrow) Exported;
  if (exported == nullptr) {
    PyErr_NoMemory();
    return -1;
  }
  const Strides strides = contiguous_strides(array->shape(), array->dtype());
  for (int axis = 0; axis < array->rank(); ++axis) {
    exported->shape[static_cast<std::size_t>(axis)] = array->shape()[axis];
    exported->strides[static_cast<std::size_t>(axis)] = strides[axis];
  }
  static char none = 0;  // an empty array has no memory, and a null pointer means failure to some
  *view = {};
  view->buf = array->data() != nullptr ? array->data() : &none;
  view->itemsize = static_cast<Py_ssize_t>(size_of(array->dtype()));
  view->len = array->size() * view->itemsize;
  view->format = const_cast<char*>(format_of(array->dtype()));
  view->ndim = array->rank();
  view->shape = exported->shape.data();
  view->strides = exported->strides.data();
  view->internal = exported;
  view->obj = Py_NewRef(self);
  return 0;
}

void release_buffer(PyObject*, Py_buffer* view) { delete static_cast<Exported*>(view->internal); }

nb::dlpack::dtype dlpack_dtype(DType dtype) {
  using Code = nb::dlpack::dtype_code;
  const Code code = dtype == DType::boolean ? Code::Bool
                    : is_complex(dtype)     ? Code::Complex
                    : is_floating(dtype)    ? Code::Float
                    : is_unsigned(dtype)    ? Code::UInt
                                            : Code::Int;
  return {static_cast<std::uint8_t>(code), static_cast<std::uint8_t>(8 * size_of(dtype)), 1};
}

nb::object dlpack(nb::handle self, const nb::kwargs& options) {
  auto& array = nb::cast<Array&>(self);
  std::array<std::size_t, max_rank> shape{};
  for (int axis = 0; axis < array.rank(); ++axis)
    shape[static_cast<std::size_t>(axis)] = static_cast<std::size_t>(array.shape()[axis]);
  const nb::ndarray<nb::array_api> exported(array.data(), static_cast<std::size_t>(array.rank()), shape.data(), self,
                                            nullptr, dlpack_dtype(array.dtype()), nb::device::cpu::value, 0);
  return nb::cast(exported, nb::rv_policy::reference).attr("__dlpack__")(**options);
}

nb::tuple shape_of(const Array& array) {
  nb::list extents;
  for (const std::int64_t extent : array.shape()) extents.append(extent);
  return nb::tuple(extents);
}

std::string describe(const Array& array) {
  return fmt::format("<gaussfilt.Array of {}, shape {}>", numpy_name(array.dtype()), nb::repr(shape_of(array)).c_str());
}

}  // namespace

void bind_array(nb::module_& module) {
  static std::array<PyType_Slot, 3> slots{{{Py_bf_getbuffer, reinterpret_cast<void*>(&get_buffer)},
                                           {Py_bf_releasebuffer, reinterpret_cast<void*>(&release_buffer)},
                                           {0, nullptr}}};
  nb::class_<Array>(
      module, "Array", nb::type_slots(slots.data()),
      "A gapless array in C order that owns its memory: the result where the input's library has no\n"
      "arrays of its own. Speaks the buffer protocol (``memoryview(a)``, ``numpy.asarray(a)``) and DLPack\n"
      "(``torch.from_dlpack(a)``), both without a copy.")
      .def_prop_ro("shape", &shape_of, nb::sig("def shape(self) -> tuple[int, ...]"), "Extents, axis 0 outermost.")
      .def_prop_ro(
          "dtype", [](const Array& array) { return std::string(numpy_name(array.dtype())); },
          "NumPy's name: \"float32\".")
      .def_prop_ro(
          "ndim", [](const Array& array) { return array.rank(); }, "Number of axes.")
      .def_prop_ro(
          "nbytes", [](const Array& array) { return array.size() * static_cast<std::int64_t>(size_of(array.dtype())); },
          "Size of the items in bytes.")
      .def("__dlpack__", &dlpack, nb::sig("def __dlpack__(self, **kwargs: typing.Any) -> typing.Any"))
      .def(
          "__dlpack_device__", [](const Array&) { return nb::make_tuple(nb::device::cpu::value, 0); },
          nb::sig("def __dlpack_device__(self) -> tuple[int, int]"))
      .def("__len__",
           [](const Array& array) {
             if (array.rank() == 0) throw nb::type_error("len() of an array without axes");
             return array.shape()[0];
           })
      .def("__repr__", &describe);
}

}  // namespace gaussfilt::python
