// Floor 1. Sample by sample: what is done with several filtered fields. Gapless rows of the working precision.
#pragma once

#include <cstddef>

namespace gaussfilt::passes {

// out may be a or b. Every operation is rounded by itself (no FMA): SciPy's bits in f64.
template <class T> struct CombinePasses {
  void (*add)(const T* a, const T* b, T* out, std::size_t count) noexcept;                 // a + b
  void (*subtract)(const T* a, const T* b, T* out, std::size_t count) noexcept;            // a - b
  void (*multiply)(const T* a, const T* b, T* out, std::size_t count) noexcept;            // a b
  void (*add_square)(const T* a, const T* b, T* out, std::size_t count) noexcept;          // a + b^2
  void (*root_of_add_square)(const T* a, const T* b, T* out, std::size_t count) noexcept;  // sqrt(a + b^2)
  void (*root_of_square)(const T* a, T* out, std::size_t count) noexcept;                  // sqrt(a^2)
};

// The passes of the active CPU target.
const CombinePasses<float>& combine_f32();
const CombinePasses<double>& combine_f64();

template <class T> const CombinePasses<T>& combine() {
  if constexpr (sizeof(T) == sizeof(float)) return combine_f32();
  else return combine_f64();
}

}  // namespace gaussfilt::passes
