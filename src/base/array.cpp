// Floor 0. Dtypes, extents, views and the owning array.
#include <gaussfilt/array.h>

#include "base/dtype.h"

#include <fmt/format.h>

#include <cstring>
#include <new>
#include <utility>

namespace gaussfilt::inline v0 {
namespace {

struct DTypeNames {
  std::string_view name, long_name;
};

constexpr std::array<DTypeNames, 14> dtype_names{{{"bool", "bool"},
                                                  {"u8", "uint8"},
                                                  {"u16", "uint16"},
                                                  {"u32", "uint32"},
                                                  {"u64", "uint64"},
                                                  {"i8", "int8"},
                                                  {"i16", "int16"},
                                                  {"i32", "int32"},
                                                  {"i64", "int64"},
                                                  {"f16", "float16"},
                                                  {"f32", "float32"},
                                                  {"f64", "float64"},
                                                  {"c64", "complex64"},
                                                  {"c128", "complex128"}}};

constexpr std::array<DType, 14> dtypes{DType::boolean, DType::u8,  DType::u16, DType::u32, DType::u64,
                                       DType::i8,      DType::i16, DType::i32, DType::i64, DType::f16,
                                       DType::f32,     DType::f64, DType::c64, DType::c128};

constexpr std::align_val_t array_alignment{64};

// Throws unless every extent is >= 0 and the bytes of the array fit 63 bits.
void check_shape(const Shape& shape, DType dtype) {
  for (int axis = 0; axis < shape.rank(); ++axis) {
    if (shape[axis] < 0) throw InvalidArgument(fmt::format("shape: axis {} is {}, must be >= 0", axis, shape[axis]));
  }
  auto bytes = static_cast<std::int64_t>(size_of(dtype));
  for (const std::int64_t extent : shape) {
    // An empty axis makes the array empty, but its other extents must still multiply without overflow.
    if (extent != 0 && __builtin_mul_overflow(bytes, extent, &bytes)) {
      throw InvalidArgument(fmt::format("shape: {} items of {} do not fit the 63 bits of an address",
                                        fmt::join(shape.begin(), shape.end(), " x "), name(dtype)));
    }
  }
}

}  // namespace

std::size_t size_of(DType dtype) {
  return base::visit(dtype, [](auto tag) { return sizeof(typename decltype(tag)::type); });
}

std::string_view name(DType dtype) { return dtype_names[static_cast<std::size_t>(dtype)].name; }

DType parse_dtype(std::string_view text) {
  for (const DType dtype : dtypes) {
    const auto& names = dtype_names[static_cast<std::size_t>(dtype)];
    if (text == names.name || text == names.long_name) return dtype;
  }
  throw InvalidArgument(
      fmt::format("dtype: \"{}\" is none of bool, u8, u16, u32, u64, i8, i16, i32, i64, f16, f32, "
                  "f64, c64, c128",
                  text));
}

std::span<const DType> all_dtypes() { return dtypes; }

bool is_complex(DType dtype) { return dtype == DType::c64 || dtype == DType::c128; }
bool is_floating(DType dtype) { return dtype >= DType::f16; }
bool is_unsigned(DType dtype) { return dtype <= DType::u64; }

Extents::Extents(std::span<const std::int64_t> values) {
  for (const std::int64_t value : values) push_back(value);
}

Extents Extents::filled(int rank, std::int64_t value) {
  Extents result;
  for (int axis = 0; axis < rank; ++axis) result.push_back(value);
  return result;
}

void Extents::push_back(std::int64_t value) {
  if (rank_ == max_rank) throw InvalidArgument(fmt::format("shape: rank is over {}, the largest", max_rank));
  values_[static_cast<std::size_t>(rank_++)] = value;
}

std::int64_t Extents::product() const {
  std::int64_t result = 1;
  for (const std::int64_t value : *this) result *= value;
  return result;
}

Strides contiguous_strides(const Shape& shape, DType dtype) {
  Strides strides = shape;
  auto step = static_cast<std::int64_t>(size_of(dtype));
  for (int axis = shape.rank() - 1; axis >= 0; --axis) {
    strides[axis] = step;
    step *= std::max<std::int64_t>(shape[axis], 1);
  }
  return strides;
}

View::View(const void* data, DType dtype, const Shape& shape) : data_(data), shape_(shape), dtype_(dtype) {
  check_shape(shape, dtype);
  strides_ = contiguous_strides(shape, dtype);
}

View::View(const void* data, DType dtype, const Shape& shape, const Strides& strides)
    : data_(data), shape_(shape), strides_(strides), dtype_(dtype) {
  check_shape(shape, dtype);
  if (strides.rank() != shape.rank()) {
    throw InvalidArgument(
        fmt::format("strides: {} entries for {} axes, must be one an axis", strides.rank(), shape.rank()));
  }
}

Array::Array(DType dtype, const Shape& shape) : layout_{shape, dtype} {
  check_shape(shape, dtype);
  const auto bytes = static_cast<std::size_t>(shape.product()) * size_of(dtype);
  data_ = ::operator new(std::max<std::size_t>(bytes, 1), array_alignment);
  std::memset(data_, 0, bytes);
}

Array::Array(Array&& other) noexcept : layout_(other.layout_), data_(std::exchange(other.data_, nullptr)) {}

Array& Array::operator=(Array&& other) noexcept {
  std::swap(layout_, other.layout_);
  std::swap(data_, other.data_);
  return *this;
}

Array::~Array() { ::operator delete(data_, array_alignment); }

void Array::require(DType dtype) const {
  if (dtype != layout_.dtype) {
    throw InvalidArgument(fmt::format("items: asked for {}, the array holds {}", name(dtype), name(layout_.dtype)));
  }
}

}  // namespace gaussfilt::inline v0
