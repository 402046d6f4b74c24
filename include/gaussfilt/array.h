// Floor 0. Arrays: dtypes, shapes, byte strides, and views over memory that the caller owns.
//
// A view never owns and never copies. Strides are in bytes and may be negative, zero (input only) or not a
// multiple of the item size. Axis 0 is the outermost; rank 0 is a single value; any extent may be 0.
#pragma once

#include <gaussfilt/error.h>
#include <gaussfilt/export.h>

#include <algorithm>
#include <array>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

namespace gaussfilt::inline v0 {

enum class DType : std::uint8_t { boolean, u8, u16, u32, u64, i8, i16, i32, i64, f16, f32, f64, c64, c128 };

// Bytes of one item.
GAUSSFILT_API std::size_t size_of(DType dtype);
// "bool", "u8" ... "c128": the one spelling in all faces.
GAUSSFILT_API std::string_view name(DType dtype);
// The inverse of name(); NumPy's long names ("uint8", "float32") are understood too. Throws InvalidArgument.
GAUSSFILT_API DType parse_dtype(std::string_view text);
// All of them, in the order of the enumeration.
GAUSSFILT_API std::span<const DType> all_dtypes();

GAUSSFILT_API bool is_complex(DType dtype);
GAUSSFILT_API bool is_floating(DType dtype);  // f16 f32 f64 c64 c128
GAUSSFILT_API bool is_unsigned(DType dtype);  // bool u8 u16 u32 u64

// IEEE 754 binary16, as bits.
struct float16 {
  std::uint16_t bits = 0;
};

template <class T> struct DTypeOf;
template <> struct DTypeOf<bool> { static constexpr DType value = DType::boolean; };
template <> struct DTypeOf<std::uint8_t> { static constexpr DType value = DType::u8; };
template <> struct DTypeOf<std::uint16_t> { static constexpr DType value = DType::u16; };
template <> struct DTypeOf<std::uint32_t> { static constexpr DType value = DType::u32; };
template <> struct DTypeOf<std::uint64_t> { static constexpr DType value = DType::u64; };
template <> struct DTypeOf<std::int8_t> { static constexpr DType value = DType::i8; };
template <> struct DTypeOf<std::int16_t> { static constexpr DType value = DType::i16; };
template <> struct DTypeOf<std::int32_t> { static constexpr DType value = DType::i32; };
template <> struct DTypeOf<std::int64_t> { static constexpr DType value = DType::i64; };
template <> struct DTypeOf<float16> { static constexpr DType value = DType::f16; };
template <> struct DTypeOf<float> { static constexpr DType value = DType::f32; };
template <> struct DTypeOf<double> { static constexpr DType value = DType::f64; };
template <> struct DTypeOf<std::complex<float>> { static constexpr DType value = DType::c64; };
template <> struct DTypeOf<std::complex<double>> { static constexpr DType value = DType::c128; };

inline constexpr int max_rank = 16;

// A short list of integers, one per axis: an extent, a byte stride or an index each. At most max_rank entries,
// held inline. More throws InvalidArgument.
class GAUSSFILT_API Extents {
 public:
  Extents() = default;
  Extents(std::initializer_list<std::int64_t> values) : Extents(std::span(values.begin(), values.size())) {}
  explicit Extents(std::span<const std::int64_t> values);
  static Extents filled(int rank, std::int64_t value);

  int rank() const { return rank_; }
  std::int64_t operator[](int axis) const { return values_[static_cast<std::size_t>(axis)]; }
  std::int64_t& operator[](int axis) { return values_[static_cast<std::size_t>(axis)]; }
  const std::int64_t* begin() const { return values_.data(); }
  const std::int64_t* end() const { return values_.data() + rank_; }
  void push_back(std::int64_t value);
  // The product of all entries: 1 for rank 0.
  std::int64_t product() const;
  friend bool operator==(const Extents& a, const Extents& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }

 private:
  std::array<std::int64_t, max_rank> values_{};
  int rank_ = 0;
};

using Shape = Extents;    // extents, >= 0
using Strides = Extents;  // bytes from one item to the next along each axis
using Index = Extents;    // global indices

// Strides of a gapless array in C order (the last axis innermost).
GAUSSFILT_API Strides contiguous_strides(const Shape& shape, DType dtype);

// What a plan depends on: shape and dtype, never strides.
struct Layout {
  Shape shape;
  DType dtype = DType::f32;
};

// Memory to read. Constructors throw InvalidArgument where an extent is negative, ranks differ, or the size in
// bytes does not fit 63 bits.
class GAUSSFILT_API View {
 public:
  View() = default;
  View(const void* data, DType dtype, const Shape& shape);  // C order
  View(const void* data, DType dtype, const Shape& shape, const Strides& strides);
  template <class T> View(const T* data, const Shape& shape) : View(data, DTypeOf<T>::value, shape) {}

  const void* data() const { return data_; }
  DType dtype() const { return dtype_; }
  const Shape& shape() const { return shape_; }
  const Strides& strides() const { return strides_; }
  int rank() const { return shape_.rank(); }
  Layout layout() const { return {shape_, dtype_}; }

 private:
  const void* data_ = nullptr;
  Shape shape_;
  Strides strides_;
  DType dtype_ = DType::f32;
};

// Memory to write. No two items may share bytes; filters refuse such an output.
class GAUSSFILT_API MutableView {
 public:
  MutableView() = default;
  MutableView(void* data, DType dtype, const Shape& shape) : view_(data, dtype, shape), data_(data) {}
  MutableView(void* data, DType dtype, const Shape& shape, const Strides& strides)
      : view_(data, dtype, shape, strides), data_(data) {}
  template <class T> MutableView(T* data, const Shape& shape) : MutableView(data, DTypeOf<T>::value, shape) {}

  void* data() const { return data_; }
  DType dtype() const { return view_.dtype(); }
  const Shape& shape() const { return view_.shape(); }
  const Strides& strides() const { return view_.strides(); }
  int rank() const { return view_.rank(); }
  Layout layout() const { return view_.layout(); }
  operator View() const { return view_; }

 private:
  View view_;
  void* data_ = nullptr;
};

// A gapless array in C order that owns its memory (64-byte aligned), zero at first. Movable, not copyable.
class GAUSSFILT_API Array {
 public:
  Array() = default;
  Array(DType dtype, const Shape& shape);
  Array(Array&& other) noexcept;
  Array& operator=(Array&& other) noexcept;
  Array(const Array&) = delete;
  Array& operator=(const Array&) = delete;
  ~Array();

  DType dtype() const { return layout_.dtype; }
  const Shape& shape() const { return layout_.shape; }
  int rank() const { return layout_.shape.rank(); }
  Layout layout() const { return layout_; }
  std::int64_t size() const { return layout_.shape.product(); }
  void* data() { return data_; }
  const void* data() const { return data_; }

  // The items in C order. Throws InvalidArgument where T is not the array's dtype.
  template <class T> std::span<T> items() {
    require(DTypeOf<T>::value);
    return {static_cast<T*>(data_), static_cast<std::size_t>(size())};
  }
  template <class T> std::span<const T> items() const {
    require(DTypeOf<T>::value);
    return {static_cast<const T*>(data_), static_cast<std::size_t>(size())};
  }

  operator View() const { return {data_, layout_.dtype, layout_.shape}; }
  operator MutableView() { return {data_, layout_.dtype, layout_.shape}; }

 private:
  void require(DType dtype) const;
  Layout layout_;
  void* data_ = nullptr;
};

// One value for all axes, or one per entry of an option's `axes`, in its order. Empty means: not given.
template <class T> class PerAxis {
 public:
  PerAxis() = default;
  PerAxis(T value) : values_{value} {}
  PerAxis(std::initializer_list<T> values) : values_(values) {}
  explicit PerAxis(std::vector<T> values) : values_(std::move(values)) {}

  bool empty() const { return values_.empty(); }
  std::size_t size() const { return values_.size(); }
  const T& operator[](std::size_t entry) const { return values_.size() == 1 ? values_[0] : values_[entry]; }

 private:
  std::vector<T> values_;
};

}  // namespace gaussfilt::inline v0
