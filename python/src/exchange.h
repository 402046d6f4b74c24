// Floor 5. Arrays of Python as views of the core, without a copy: the buffer protocol, __array_interface__ or DLPack.
#pragma once

#include <gaussfilt/array.h>

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace gaussfilt::python {

namespace nb = nanobind;

// Whose array it is: results are of the same library as the input.
enum class Library : std::uint8_t { none, numpy, dlpack };

// An array of Python, held while this lives. Needs the GIL to be made and destroyed.
class Borrowed {
 public:
  // `name` is the argument's, for messages. Throws Unsupported (TypeError), InvalidArgument (ValueError).
  static Borrowed input(std::string_view name, nb::handle object);
  static Borrowed output(std::string_view name, nb::handle object);
  Borrowed(Borrowed&& other) noexcept;
  Borrowed& operator=(Borrowed&&) = delete;
  ~Borrowed();

  // In native byte order: a foreign one goes through a copy, which finish() writes back.
  View view() const { return {data_, layout_.dtype, layout_.shape, strides_}; }
  MutableView mutable_view() const { return {data_, layout_.dtype, layout_.shape, strides_}; }
  const Layout& layout() const { return layout_; }
  Library library() const { return library_; }
  nb::handle object() const { return object_; }
  void finish() const;

 private:
  Borrowed(std::string_view name, nb::handle object, bool writable);
  [[noreturn]] void refuse_buffer(std::string_view name) const;
  void take_buffer(std::string_view name, bool writable);
  bool take_interface(std::string_view name, bool writable);
  bool take_dlpack(std::string_view name, bool writable);
  void take_format(std::string_view name, std::string_view format, std::int64_t item_size);
  void to_native();

  nb::object object_;  // the caller's
  nb::object owner_;   // what keeps the memory
  nb::ndarray<nb::ro> dlpack_;
  Py_buffer buffer_{};
  bool has_buffer_ = false;
  bool swapped_ = false;
  Library library_ = Library::none;
  void* data_ = nullptr;
  Layout layout_;
  Strides strides_;
  std::unique_ptr<Array> native_;
  MutableView foreign_;
};

// A new array of the library of `like`, for a result.
nb::object new_array(const Borrowed& like, DType dtype, const Shape& shape);

// The array as NumPy's, over the same memory; itself where there is no NumPy.
nb::object numpy_array(Array array);

// "float32": NumPy's name.
std::string_view numpy_name(DType dtype);

// What dtype= may be: NumPy's name or code ("float32", "f4"), a NumPy or PyTorch dtype, a scalar type. Throws
// Unsupported.
DType dtype_of(std::string_view name, nb::handle object);

// The class Array of the module.
void bind_array(nb::module_& module);

}  // namespace gaussfilt::python
