// Floor 5. Arrays of Python as views: who offers memory how, and which dtypes it may hold.
#include "exchange.h"

#include <gaussfilt/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace gaussfilt::python {
namespace {

struct Name {
  DType dtype;
  std::string_view numpy;
};

constexpr std::array<Name, 14> names{{{DType::boolean, "bool"},
                                      {DType::u8, "uint8"},
                                      {DType::u16, "uint16"},
                                      {DType::u32, "uint32"},
                                      {DType::u64, "uint64"},
                                      {DType::i8, "int8"},
                                      {DType::i16, "int16"},
                                      {DType::i32, "int32"},
                                      {DType::i64, "int64"},
                                      {DType::f16, "float16"},
                                      {DType::f32, "float32"},
                                      {DType::f64, "float64"},
                                      {DType::c64, "complex64"},
                                      {DType::c128, "complex128"}}};

constexpr std::string_view known_dtypes =
    "must be bool, an integer of 8 to 64 bits, float16, float32, float64, complex64 or complex128";

enum class Kind : std::uint8_t { boolean, integer, natural, real, complex };

std::optional<DType> find_dtype(Kind kind, std::int64_t bytes) {
  const auto pick = [bytes](std::initializer_list<std::pair<std::int64_t, DType>> list) -> std::optional<DType> {
    for (const auto& [size, dtype] : list) {
      if (size == bytes) return dtype;
    }
    return {};
  };
  switch (kind) {
    case Kind::boolean: return pick({{1, DType::boolean}});
    case Kind::integer: return pick({{1, DType::i8}, {2, DType::i16}, {4, DType::i32}, {8, DType::i64}});
    case Kind::natural: return pick({{1, DType::u8}, {2, DType::u16}, {4, DType::u32}, {8, DType::u64}});
    case Kind::real: return pick({{2, DType::f16}, {4, DType::f32}, {8, DType::f64}});
    case Kind::complex: return pick({{8, DType::c64}, {16, DType::c128}});
  }
  return {};
}

// The letters of the struct module, as NumPy writes them, and those of __array_interface__ ("<f4").
std::optional<Kind> kind_of(std::string_view letters) {
  if (letters == "Zf" || letters == "Zd" || letters == "F" || letters == "D") return Kind::complex;
  if (letters.size() != 1) return {};
  switch (letters[0]) {
    case '?': return Kind::boolean;
    case 'b':
    case 'h':
    case 'i':
    case 'l':
    case 'q':
    case 'n': return Kind::integer;
    case 'B':
    case 'H':
    case 'I':
    case 'L':
    case 'Q':
    case 'N': return Kind::natural;
    case 'e':
    case 'f':
    case 'd': return Kind::real;
    default: return {};
  }
}

std::optional<Kind> kind_of_typestr(char letter) {
  switch (letter) {
    case 'b': return Kind::boolean;
    case 'i': return Kind::integer;
    case 'u': return Kind::natural;
    case 'f': return Kind::real;
    case 'c': return Kind::complex;
    default: return {};
  }
}

// NumPy's short names, "f4" or "<f4"; results are in native byte order whatever they say. The core's own names are not
// understood here: its u8 has 8 bits, NumPy's 8 bytes.
std::optional<DType> dtype_of_code(std::string_view text) {
  if (!text.empty() && std::string_view("<>=|").find(text[0]) != std::string_view::npos) text.remove_prefix(1);
  const std::optional<Kind> kind = text.empty() ? std::nullopt : kind_of_typestr(text[0]);
  int bytes = 0;
  const auto [end, error] =
      std::from_chars(text.data() + std::min<std::size_t>(1, text.size()), text.data() + text.size(), bytes);
  if (!kind || error != std::errc() || end != text.data() + text.size()) return {};
  return find_dtype(*kind, bytes);
}

bool is_foreign(char order) {
  if (order == '<') return std::endian::native == std::endian::big;
  return (order == '>' || order == '!') && std::endian::native == std::endian::little;
}

// numpy's module while somebody has imported it; it is never imported for its own sake.
PyObject* imported_numpy() {
  static PyObject* numpy = nullptr;
  if (numpy == nullptr) numpy = PyDict_GetItemString(PyImport_GetModuleDict(), "numpy");
  return numpy;
}

// numpy.ndarray, or null while nobody has imported numpy.
PyObject* ndarray_type() {
  PyObject* const numpy = imported_numpy();
  if (numpy == nullptr) return nullptr;
  static PyObject* const type = PyObject_GetAttrString(numpy, "ndarray");
  return type;
}

bool is_numpy(nb::handle object) {
  PyObject* const ndarray = ndarray_type();
  if (ndarray == nullptr) return false;
  static PyObject* const scalar = PyObject_GetAttrString(imported_numpy(), "generic");
  return PyObject_IsInstance(object.ptr(), ndarray) == 1 || PyObject_IsInstance(object.ptr(), scalar) == 1;
}

// A masked array's data alone would smear what the mask hides. Masked arrays are subclasses of ndarray, so an exact
// ndarray needs no search.
bool is_masked(nb::handle object) {
  if (object.type().ptr() == ndarray_type()) return false;
  return nb::hasattr(object, "mask") && nb::hasattr(object, "fill_value");
}

Extents to_extents(std::string_view name, std::span<const std::int64_t> values) {
  if (values.size() <= static_cast<std::size_t>(max_rank)) return Extents(values);
  throw Unsupported(fmt::format("{}: has {} axes, may have at most {}", name, values.size(), max_rank));
}

std::vector<std::int64_t> integers_of(nb::handle sequence) {
  std::vector<std::int64_t> values;
  for (const nb::handle item : sequence) values.push_back(nb::cast<std::int64_t>(item));
  return values;
}

// str(object)
std::string text_of(nb::handle object) {
  const nb::object text = nb::steal(PyObject_Str(object.ptr()));
  if (!text.is_valid()) throw nb::python_error();
  return nb::cast<std::string>(text);
}

std::string type_text(nb::handle object) { return text_of(object.type().attr("__name__")); }

// numpy, to make an array of a list or a number.
nb::object import_numpy(std::string_view name, nb::handle object) {
  try {
    return nb::module_::import_("numpy");
  } catch (nb::python_error& error) {
    if (!error.matches(PyExc_ModuleNotFoundError)) throw;
    throw Unsupported(
        fmt::format("{}: is a {}, which needs NumPy to become an array (pip install numpy)", name, type_text(object)));
  }
}

template <std::size_t bytes> void swap_items(std::byte* data, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) std::reverse(data + i * bytes, data + (i + 1) * bytes);
}

// Copies items between views of one dtype and turns the bytes of every number round.
void copy_swapped(const View& from, const MutableView& to) {
  const bool complex = is_complex(from.dtype());
  const std::size_t item = size_of(from.dtype());
  const std::size_t number = complex ? item / 2 : item;
  const int rank = from.rank();
  if (from.shape().product() == 0) return;
  Index at = Extents::filled(rank, 0);
  const auto* source = static_cast<const std::byte*>(from.data());
  auto* target = static_cast<std::byte*>(to.data());
  while (true) {
    std::memcpy(target, source, item);
    if (number == 2) swap_items<2>(target, 1);
    if (number == 4) swap_items<4>(target, item / 4);
    if (number == 8) swap_items<8>(target, item / 8);
    int axis = rank - 1;
    for (; axis >= 0; --axis) {
      source += from.strides()[axis];
      target += to.strides()[axis];
      if (++at[axis] < from.shape()[axis]) break;
      source -= from.strides()[axis] * at[axis];
      target -= to.strides()[axis] * at[axis];
      at[axis] = 0;
    }
    if (axis < 0) return;
  }
}

}  // namespace

Borrowed Borrowed::input(std::string_view name, nb::handle object) { return Borrowed(name, object, false); }
Borrowed Borrowed::output(std::string_view name, nb::handle object) { return Borrowed(name, object, true); }

Borrowed::Borrowed(std::string_view name, nb::handle object, bool writable) : object_(nb::borrow(object)) {
  if (is_masked(object)) {
    throw Unsupported(
        fmt::format("{}: is a masked array, whose mask a filter would ignore; fill it first "
                    "({}.filled(value)) or filter its data ({}.data)",
                    name, name, name));
  }
  library_ = is_numpy(object) ? Library::numpy : Library::none;
  if (PyObject_CheckBuffer(object.ptr()) != 0) {
    take_buffer(name, writable);
  } else if (!take_interface(name, writable) && !take_dlpack(name, writable)) {
    if (writable)
      throw Unsupported(fmt::format("{}: is a {}, must be an array to write into", name, type_text(object)));
    // Lists and numbers, as everybody's function takes them: NumPy makes the array.
    const bool plain = PyList_Check(object.ptr()) || PyTuple_Check(object.ptr()) || PyFloat_Check(object.ptr()) ||
                       PyLong_Check(object.ptr()) || PyComplex_Check(object.ptr());
    if (!plain) {
      throw Unsupported(fmt::format("{}: is a {}, must be an array (buffer protocol, __array_interface__ or DLPack)",
                                    name, type_text(object)));
    }
    object_ = import_numpy(name, object).attr("asarray")(object);
    library_ = Library::numpy;
    take_buffer(name, writable);
  }
  // From Python 3.12 on a class may have the buffer protocol as well as an array library of its own.
  if (library_ == Library::none && nb::hasattr(object, "__array_namespace__")) library_ = Library::dlpack;
  if (swapped_) to_native();
}

Borrowed::Borrowed(Borrowed&& other) noexcept
    : object_(std::move(other.object_)),
      owner_(std::move(other.owner_)),
      dlpack_(std::move(other.dlpack_)),
      buffer_(other.buffer_),
      has_buffer_(std::exchange(other.has_buffer_, false)),
      swapped_(other.swapped_),
      library_(other.library_),
      data_(other.data_),
      layout_(other.layout_),
      strides_(other.strides_),
      native_(std::move(other.native_)),
      foreign_(other.foreign_) {}

Borrowed::~Borrowed() {
  if (has_buffer_) PyBuffer_Release(&buffer_);
}

void Borrowed::take_format(std::string_view name, std::string_view format, std::int64_t item_size) {
  const bool has_order = !format.empty() && std::string_view("@=<>!^").find(format[0]) != std::string_view::npos;
  const std::optional<Kind> kind = kind_of(has_order ? format.substr(1) : format);
  const std::optional<DType> dtype = kind ? find_dtype(*kind, item_size) : std::nullopt;
  if (!dtype)
    throw Unsupported(fmt::format("{}: items of format '{}' are no numbers here, {}", name, format, known_dtypes));
  layout_.dtype = *dtype;
  swapped_ = has_order && is_foreign(format[0]) && item_size > 1;
}

// Why an object that has the buffer protocol gave none.
void Borrowed::refuse_buffer(std::string_view name) const {
  PyErr_Clear();
  Py_buffer readable{};
  if (PyObject_GetBuffer(object_.ptr(), &readable, PyBUF_FULL_RO) == 0) {
    PyBuffer_Release(&readable);
    throw InvalidArgument(fmt::format("{}: is read-only, must be writable", name));
  }
  PyErr_Clear();
  const std::string dtype = nb::hasattr(object_, "dtype") ? text_of(object_.attr("dtype")) : type_text(object_);
  throw Unsupported(fmt::format("{}: dtype {} is no number here, {}", name, dtype, known_dtypes));
}

void Borrowed::take_buffer(std::string_view name, bool writable) {
  if (PyObject_GetBuffer(object_.ptr(), &buffer_, writable ? PyBUF_FULL : PyBUF_FULL_RO) != 0) refuse_buffer(name);
  has_buffer_ = true;
  take_format(name, buffer_.format != nullptr ? buffer_.format : "B", buffer_.itemsize);
  if (buffer_.suboffsets != nullptr) {
    throw Unsupported(fmt::format("{}: has suboffsets, must be a plain strided array", name));
  }
  layout_.shape = to_extents(name, std::vector<std::int64_t>(buffer_.shape, buffer_.shape + buffer_.ndim));
  strides_ = buffer_.strides == nullptr
                 ? contiguous_strides(layout_.shape, layout_.dtype)
                 : to_extents(name, std::vector<std::int64_t>(buffer_.strides, buffer_.strides + buffer_.ndim));
  data_ = buffer_.buf;
}

bool Borrowed::take_interface(std::string_view name, bool writable) {
  if (!nb::hasattr(object_, "__array_interface__")) return false;
  const nb::dict fields = nb::cast<nb::dict>(object_.attr("__array_interface__"));
  owner_ = fields;
  const auto typestr = nb::cast<std::string>(fields["typestr"]);
  const std::optional<Kind> kind = typestr.size() >= 3 ? kind_of_typestr(typestr[1]) : std::nullopt;
  const std::int64_t item_size = kind ? std::atoll(typestr.c_str() + 2) : 0;
  const std::optional<DType> dtype = kind ? find_dtype(*kind, item_size) : std::nullopt;
  if (!dtype)
    throw Unsupported(fmt::format("{}: items of type '{}' are no numbers here, {}", name, typestr, known_dtypes));
  layout_.dtype = *dtype;
  swapped_ = is_foreign(typestr[0]) && item_size > 1;
  layout_.shape = to_extents(name, integers_of(fields["shape"]));
  const bool has_strides = fields.contains("strides") && !fields["strides"].is_none();
  strides_ = has_strides ? to_extents(name, integers_of(fields["strides"])) : contiguous_strides(layout_.shape, *dtype);
  const nb::object data = fields.contains("data") ? nb::borrow(fields["data"]) : nb::none();
  if (nb::isinstance<nb::tuple>(data)) {
    data_ = reinterpret_cast<void*>(nb::cast<std::uintptr_t>(data[0]));
    if (writable && nb::cast<bool>(data[1]))
      throw InvalidArgument(fmt::format("{}: is read-only, must be writable", name));
    return true;
  }
  const nb::handle source = data.is_none() ? nb::handle(object_) : nb::handle(data);
  if (PyObject_GetBuffer(source.ptr(), &buffer_, writable ? PyBUF_WRITABLE : PyBUF_SIMPLE) != 0)
    throw nb::python_error();
  has_buffer_ = true;
  const std::int64_t offset = fields.contains("offset") ? nb::cast<std::int64_t>(fields["offset"]) : 0;
  data_ = static_cast<std::byte*>(buffer_.buf) + offset;
  return true;
}

bool Borrowed::take_dlpack(std::string_view name, bool writable) {
  if (!nb::hasattr(object_, "__dlpack__")) return false;
  library_ = Library::dlpack;
  nb::ndarray<> changeable;
  if (writable ? !nb::try_cast(object_, changeable) : !nb::try_cast(object_, dlpack_)) {
    object_.attr("__dlpack__")();  // the array's own words say why (another device, a gradient)
    throw Unsupported(fmt::format("{}: is a {} whose memory DLPack does not give {}", name, type_text(object_),
                                  writable ? "to write into" : "to the CPU"));
  }
  if (writable) dlpack_ = nb::ndarray<nb::ro>(changeable);
  if (dlpack_.device_type() != nb::device::cpu::value) {
    throw Unsupported(fmt::format("{}: lies on another device, must be in memory of the CPU ({}.cpu())", name, name));
  }
  using Code = nb::dlpack::dtype_code;
  const nb::dlpack::dtype given = dlpack_.dtype();
  const auto code = static_cast<Code>(given.code);
  std::optional<Kind> kind;
  if (code == Code::Bool) kind = Kind::boolean;
  if (code == Code::Int) kind = Kind::integer;
  if (code == Code::UInt) kind = Kind::natural;
  if (code == Code::Float) kind = Kind::real;
  if (code == Code::Complex) kind = Kind::complex;
  const std::optional<DType> dtype = kind && given.lanes == 1 ? find_dtype(*kind, given.bits / 8) : std::nullopt;
  if (!dtype)
    throw Unsupported(fmt::format("{}: its items (DLPack code {}, {} bits) are no numbers here, {}", name,
                                  static_cast<int>(given.code), static_cast<int>(given.bits), known_dtypes));
  layout_.dtype = *dtype;
  std::vector<std::int64_t> shape, strides;
  for (std::size_t axis = 0; axis < dlpack_.ndim(); ++axis) {
    shape.push_back(static_cast<std::int64_t>(dlpack_.shape(axis)));
    strides.push_back(dlpack_.stride(axis) * static_cast<std::int64_t>(size_of(*dtype)));
  }
  layout_.shape = to_extents(name, shape);
  strides_ = to_extents(name, strides);
  data_ = const_cast<void*>(dlpack_.data());
  return true;
}

void Borrowed::to_native() {
  foreign_ = mutable_view();
  native_ = std::make_unique<Array>(layout_.dtype, layout_.shape);
  copy_swapped(foreign_, *native_);
  data_ = native_->data();
  strides_ = contiguous_strides(layout_.shape, layout_.dtype);
}

void Borrowed::finish() const {
  if (swapped_) copy_swapped(*native_, foreign_);
}

std::string_view numpy_name(DType dtype) { return names[static_cast<std::size_t>(dtype)].numpy; }

DType dtype_of(std::string_view name, nb::handle object) {
  std::string text;
  if (nb::isinstance<nb::str>(object)) {
    text = nb::cast<std::string>(object);
  } else if (PyType_Check(object.ptr())) {
    text = nb::cast<std::string>(object.attr("__name__"));
    if (text == "float") text = "float64";
    if (text == "int") text = "int64";
    if (text == "complex") text = "complex128";
  } else if (nb::hasattr(object, "name")) {
    text = text_of(object.attr("name"));
  } else {
    text = text_of(object);
    text.erase(0, text.rfind('.') + 1);  // "torch.float32"
  }
  if (const std::optional<DType> code = dtype_of_code(text)) return *code;
  for (const Name& known : names) {
    if (known.numpy == text) return known.dtype;
  }
  throw Unsupported(fmt::format("{}: is {}, {}", name, text, known_dtypes));
}

nb::object numpy_array(Array array) {
  nb::object own = nb::cast(std::move(array));
  try {
    return nb::module_::import_("numpy").attr("asarray")(own);
  } catch (nb::python_error& error) {
    if (!error.matches(PyExc_ModuleNotFoundError)) throw;
    return own;
  }
}

nb::object new_array(const Borrowed& like, DType dtype, const Shape& shape) {
  if (like.library() == Library::numpy) {
    static PyObject* const empty = PyObject_GetAttrString(imported_numpy(), "empty");
    static PyObject* const make_dtype = PyObject_GetAttrString(imported_numpy(), "dtype");
    static std::array<PyObject*, names.size()> dtypes{};
    PyObject*& numpy_dtype = dtypes[static_cast<std::size_t>(dtype)];
    if (numpy_dtype == nullptr) numpy_dtype = nb::handle(make_dtype)(numpy_name(dtype).data()).release().ptr();
    nb::object extents = nb::steal(PyTuple_New(shape.rank()));
    for (int axis = 0; axis < shape.rank(); ++axis) {
      PyTuple_SetItem(extents.ptr(), axis, PyLong_FromLongLong(shape[axis]));
    }
    return nb::handle(empty)(extents, nb::handle(numpy_dtype));
  }
  nb::object own = nb::cast(Array(dtype, shape));
  if (like.library() == Library::none) return own;
  const nb::handle type = like.object().type();
  const auto module = nb::cast<std::string>(type.attr("__module__"));
  const nb::object library = nb::hasattr(like.object(), "__array_namespace__")
                                 ? like.object().attr("__array_namespace__")()
                                 : nb::module_::import_(module.substr(0, module.find('.')).c_str());
  return library.attr("from_dlpack")(own);
}

}  // namespace gaussfilt::python
