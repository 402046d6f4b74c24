// Floor 1. The C cast from double to each integer, compiled once per CPU target, without undefined behaviour: the
// wrapped value is worked out in double, where every step is exact, and converts without a remainder.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "passes/cast.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "base/dtype.h"
#include "passes/cast.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

HWY_BEFORE_NAMESPACE();
namespace gaussfilt::passes {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// value modulo 2^bits, in [0, 2^bits) or, signed, in [-2^(bits - 1), 2^(bits - 1)); exact for integers below 2^63.
template <int bits, bool is_signed, class D, class V> HWY_INLINE V wrapped(D d, V value) {
  const auto span = hn::Set(d, static_cast<double>(std::uint64_t{1} << bits));
  const auto per_span = hn::Set(d, 1 / static_cast<double>(std::uint64_t{1} << bits));
  if constexpr (is_signed) {
    const auto half = hn::Set(d, static_cast<double>(std::uint64_t{1} << (bits - 1)));
    const auto turns = hn::Floor(hn::Mul(hn::Add(value, half), per_span));
    return hn::Sub(value, hn::Mul(turns, span));
  } else {
    return hn::Sub(value, hn::Mul(hn::Floor(hn::Mul(value, per_span)), span));
  }
}

// The integer, as a double, that the cast to S makes of each lane.
template <class S, class D, class V> HWY_INLINE V cast(D d, V value) {
  // The instruction at work: to 32 bits, or to 64 where S is wider or cannot hold i32's negatives.
  constexpr bool wide = sizeof(S) == 8 || std::is_same_v<S, std::uint32_t>;
  const auto limit = hn::Set(d, wide ? 0x1p63 : 0x1p31);
  const auto lowest = hn::Neg(limit);
  const auto whole = hn::Trunc(value);
  const auto fits = hn::And(hn::Ge(whole, lowest), hn::Lt(whole, limit));
  if constexpr (std::is_same_v<S, std::int32_t> || std::is_same_v<S, std::int64_t>) {
    return hn::IfThenElse(fits, whole, lowest);
  } else if constexpr (std::is_same_v<S, std::uint64_t>) {
    const auto span = hn::Set(d, 0x1p64);
    const auto low =
        hn::IfThenElse(fits, hn::IfThenElse(hn::Lt(whole, hn::Zero(d)), hn::Add(whole, span), whole), limit);
    return hn::IfThenElse(hn::Ge(whole, limit), hn::IfThenElseZero(hn::Lt(whole, span), whole), low);
  } else {
    return wrapped<8 * sizeof(S), std::is_signed_v<S>>(d, hn::IfThenElseZero(fits, whole));
  }
}

template <class S> void cast_row(double* row, std::size_t count) noexcept {
  const hn::ScalableTag<double> d;
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= count; i += hn::Lanes(d)) hn::StoreU(cast<S>(d, hn::LoadU(d, row + i)), d, row + i);
  const hn::CappedTag<double, 1> one;
  for (; i < count; ++i) hn::StoreU(cast<S>(one, hn::LoadU(one, row + i)), one, row + i);
}

// One item whose wrapped value is `number`; u64 takes the uncast `value`, whose low bits a double may not hold.
template <class S> HWY_INLINE S item(double number, double value) {
  if constexpr (std::is_same_v<S, std::uint64_t>) {
    if (value >= 0x1p64) return 0;
    if (value >= 0x1p63) return static_cast<std::uint64_t>(value);
    if (!(value >= -0x1p63)) return std::uint64_t{1} << 63;
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(value));
  } else if constexpr (sizeof(S) == 8 || std::is_same_v<S, std::uint32_t>) {
    return static_cast<S>(number);
  } else {
    return static_cast<S>(static_cast<std::int32_t>(number));
  }
}

template <class S, bool as_bool>
void cast_out(const double* src, std::byte* dst, std::ptrdiff_t stride, std::size_t count, std::size_t inner) noexcept {
  constexpr std::size_t chunk = 128;
  std::array<double, chunk> numbers;
  std::array<S, chunk> items;
  const bool gapless = stride == static_cast<std::ptrdiff_t>(inner * sizeof(S));
  if (gapless) inner *= count, count = 1;
  for (std::size_t group = 0; group < count; ++group, src += inner, dst += stride) {
    for (std::size_t at = 0; at < inner; at += chunk) {
      const std::size_t size = std::min(chunk, inner - at);
      std::copy_n(src + at, size, numbers.begin());
      cast_row<S>(numbers.data(), size);
      for (std::size_t i = 0; i < size; ++i) {
        const S value = item<S>(numbers[i], src[at + i]);
        items[i] = as_bool ? S{value != 0} : value;
      }
      std::memcpy(dst + at * sizeof(S), items.data(), size * sizeof(S));
    }
  }
}

const CastPasses* find_cast(DType dtype) {
  return base::visit(dtype, [](auto tag) -> const CastPasses* {
    using S = typename decltype(tag)::type;
    constexpr bool as_bool = std::is_same_v<S, bool>;
    if constexpr (!std::is_integral_v<S>) {
      return nullptr;
    } else {
      using Item = std::conditional_t<as_bool, std::uint8_t, S>;
      static constexpr CastPasses passes{&cast_row<Item>, &cast_out<Item, as_bool>};
      return &passes;
    }
  });
}

}  // namespace HWY_NAMESPACE
}  // namespace gaussfilt::passes
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gaussfilt::passes {

HWY_EXPORT(find_cast);

const CastPasses* cast_f64(DType dtype) { return HWY_DYNAMIC_DISPATCH(find_cast)(dtype); }

}  // namespace gaussfilt::passes
#endif
