// Floor 1. Combining fields, compiled once per CPU target. All of it runs at the speed of the cache that holds the
// rows. A tail is done lane by lane with the same operations, so a sample's bits do not depend on its place.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "passes/combine.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "passes/combine.h"

HWY_BEFORE_NAMESPACE();
namespace gaussfilt::passes {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Calls body(tag, i) for vectors, then for the lanes that are left.
template <class T, class Body> HWY_INLINE void each(std::size_t count, const Body& body) {
  const hn::ScalableTag<T> d;
  const hn::CappedTag<T, 1> one;
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= count; i += hn::Lanes(d)) body(d, i);
  for (; i < count; ++i) body(one, i);
}

struct Add {
  static HWY_INLINE auto of(auto a, auto b) { return hn::Add(a, b); }
};
struct Subtract {
  static HWY_INLINE auto of(auto a, auto b) { return hn::Sub(a, b); }
};
struct Multiply {
  static HWY_INLINE auto of(auto a, auto b) { return hn::Mul(a, b); }
};
struct AddSquare {
  static HWY_INLINE auto of(auto a, auto b) { return hn::Add(a, hn::Mul(b, b)); }
};
struct RootOfAddSquare {
  static HWY_INLINE auto of(auto a, auto b) { return hn::Sqrt(AddSquare::of(a, b)); }
};

template <class Operation, class T> void binary(const T* a, const T* b, T* out, std::size_t count) noexcept {
  each<T>(count, [&](auto d, std::size_t i)
                     HWY_ATTR { hn::StoreU(Operation::of(hn::LoadU(d, a + i), hn::LoadU(d, b + i)), d, out + i); });
}

template <class T> void root_of_square(const T* a, T* out, std::size_t count) noexcept {
  each<T>(count, [&](auto d, std::size_t i) HWY_ATTR {
    const auto v = hn::LoadU(d, a + i);
    hn::StoreU(hn::Sqrt(hn::Mul(v, v)), d, out + i);
  });
}

template <class T> const CombinePasses<T>* passes_of() {
  static constexpr CombinePasses<T> passes{&binary<Add, T>,       &binary<Subtract, T>,        &binary<Multiply, T>,
                                           &binary<AddSquare, T>, &binary<RootOfAddSquare, T>, &root_of_square<T>};
  return &passes;
}

const CombinePasses<float>* get_combine_f32() { return passes_of<float>(); }
const CombinePasses<double>* get_combine_f64() { return passes_of<double>(); }

}  // namespace HWY_NAMESPACE
}  // namespace gaussfilt::passes
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gaussfilt::passes {

HWY_EXPORT(get_combine_f32);
HWY_EXPORT(get_combine_f64);

const CombinePasses<float>& combine_f32() { return *HWY_DYNAMIC_DISPATCH(get_combine_f32)(); }
const CombinePasses<double>& combine_f64() { return *HWY_DYNAMIC_DISPATCH(get_combine_f64)(); }

}  // namespace gaussfilt::passes
#endif
