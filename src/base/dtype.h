// Floor 0. visit(dtype, f): the only dtype switch in the project.
#pragma once

#include <gaussfilt/array.h>

#include <utility>

namespace gaussfilt::base {

template <class T> struct TypeTag { using type = T; };

// Calls f(TypeTag<T>{}) with the C++ type behind `dtype`; complex dtypes give std::complex.
template <class F> decltype(auto) visit(DType dtype, F&& f) {
  switch (dtype) {
    case DType::boolean: return std::forward<F>(f)(TypeTag<bool>{});
    case DType::u8: return std::forward<F>(f)(TypeTag<std::uint8_t>{});
    case DType::u16: return std::forward<F>(f)(TypeTag<std::uint16_t>{});
    case DType::u32: return std::forward<F>(f)(TypeTag<std::uint32_t>{});
    case DType::u64: return std::forward<F>(f)(TypeTag<std::uint64_t>{});
    case DType::i8: return std::forward<F>(f)(TypeTag<std::int8_t>{});
    case DType::i16: return std::forward<F>(f)(TypeTag<std::int16_t>{});
    case DType::i32: return std::forward<F>(f)(TypeTag<std::int32_t>{});
    case DType::i64: return std::forward<F>(f)(TypeTag<std::int64_t>{});
    case DType::f16: return std::forward<F>(f)(TypeTag<float16>{});
    case DType::f32: return std::forward<F>(f)(TypeTag<float>{});
    case DType::f64: return std::forward<F>(f)(TypeTag<double>{});
    case DType::c64: return std::forward<F>(f)(TypeTag<std::complex<float>>{});
    case DType::c128: break;
  }
  return std::forward<F>(f)(TypeTag<std::complex<double>>{});
}

// The dtype of one component: f32 for c64, f64 for c128, itself otherwise.
inline DType component(DType dtype) {
  return dtype == DType::c64 ? DType::f32 : dtype == DType::c128 ? DType::f64 : dtype;
}

}  // namespace gaussfilt::base
