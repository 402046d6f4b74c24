// Floor 1. Loops over registers, written out, for whatever is compiled once per CPU target: a compiler that leaves one
// as a loop keeps its arrays in memory.
#if defined(GAUSSFILT_PASSES_EACH_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GAUSSFILT_PASSES_EACH_INL_H_
#undef GAUSSFILT_PASSES_EACH_INL_H_
#else
#define GAUSSFILT_PASSES_EACH_INL_H_
#endif

#include <hwy/highway.h>

#include <cstddef>
#include <type_traits>
#include <utility>

HWY_BEFORE_NAMESPACE();
namespace gaussfilt::passes {
namespace HWY_NAMESPACE {

// Calls body(std::integral_constant<i>) for i below count.
template <std::size_t count, class Body> HWY_INLINE void each_below(const Body& body) {
  const auto call = [&]<std::size_t... i>(std::index_sequence<i...>) HWY_ATTR {
    (body(std::integral_constant<std::size_t, i>()), ...);
  };
  call(std::make_index_sequence<count>());
}

// Calls body(std::integral_constant<width>).
template <class Body> HWY_INLINE void with_width(std::size_t width, const Body& body) {
  switch (width) {
    case 2: return body(std::integral_constant<std::size_t, 2>());
    case 3: return body(std::integral_constant<std::size_t, 3>());
    case 4: return body(std::integral_constant<std::size_t, 4>());
    case 5: return body(std::integral_constant<std::size_t, 5>());
    case 6: return body(std::integral_constant<std::size_t, 6>());
    case 7: return body(std::integral_constant<std::size_t, 7>());
    case 8: return body(std::integral_constant<std::size_t, 8>());
    default: return body(std::integral_constant<std::size_t, 9>());
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace gaussfilt::passes
HWY_AFTER_NAMESPACE();

#endif
