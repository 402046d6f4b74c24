// Floor 1. Samples of 8 and 16 bits in vectors of floats, for whatever is compiled once per CPU target.
#if defined(GAUSSFILT_PASSES_NARROW_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GAUSSFILT_PASSES_NARROW_INL_H_
#undef GAUSSFILT_PASSES_NARROW_INL_H_
#else
#define GAUSSFILT_PASSES_NARROW_INL_H_
#endif

#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

HWY_BEFORE_NAMESPACE();
namespace gaussfilt::passes {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class S> constexpr bool is_narrow = std::is_integral_v<S> && !std::is_same_v<S, bool> && sizeof(S) <= 2;

// Items of S as numbers of d, exactly.
template <class D, class S> HWY_INLINE hn::VFromD<D> load_as(D d, const S* from) {
  if constexpr (std::is_same_v<S, hn::TFromD<D>>) {
    return hn::LoadU(d, from);
  } else {
    const hn::Rebind<std::int32_t, D> di;
    const hn::Rebind<S, D> ds;
    return hn::ConvertTo(d, hn::PromoteTo(di, hn::LoadU(ds, from)));
  }
}

// Rounded half to even and saturated; NaN gives 0.
template <class S, class D> HWY_INLINE hn::VFromD<hn::Rebind<S, D>> narrowed(D d, hn::VFromD<D> value) {
  const hn::Rebind<S, D> ds;
  const auto low = hn::Set(d, static_cast<float>(std::numeric_limits<S>::min()));
  const auto high = hn::Set(d, static_cast<float>(std::numeric_limits<S>::max()));
  if constexpr (std::is_same_v<S, std::uint8_t>) {
    // A NaN becomes 0 by Max (x86 gives its second argument) or by NearestInt.
    const hn::Rebind<std::uint32_t, D> du;
    const auto whole = hn::NearestInt(hn::Min(hn::Max(value, low), high));
    return hn::U8FromU32(hn::BitCast(du, whole));
  } else {
    const auto number = hn::IfThenElseZero(hn::Eq(value, value), value);
    return hn::DemoteTo(ds, hn::NearestInt(hn::Min(hn::Max(number, low), high)));
  }
}

template <class D, class S> HWY_INLINE void store_as(D d, hn::VFromD<D> value, S* to) {
  if constexpr (std::is_same_v<S, hn::TFromD<D>>) hn::StoreU(value, d, to);
  else hn::StoreU(narrowed<S>(d, value), hn::Rebind<S, D>(), to);
}

#if HWY_TARGET == HWY_SCALAR
template <class S> constexpr bool is_stored_in_fours = false;
#else
template <class S>
constexpr bool is_stored_in_fours = std::is_same_v<S, std::uint8_t> || std::is_same_v<S, std::uint16_t>;
#endif

// Four vectors that follow each other, with the results of store_as: 2^23 is added, and the whole number stands in the
// low bits of the sum.
template <class D, class S, class V = hn::VFromD<D>> HWY_INLINE void store_four(D d, V a, V b, V c, V e, S* to) {
#if HWY_TARGET != HWY_SCALAR
  const hn::Repartition<std::uint16_t, D> d16;
  const hn::Repartition<std::uint8_t, D> d8;
  const auto high = hn::Set(d, static_cast<float>(std::numeric_limits<S>::max()));
  const auto whole = [&](hn::VFromD<D> value) HWY_ATTR {
#if HWY_ARCH_X86
    const auto number = value;  // of a NaN and another number, Min and Max give the second
#else
    const auto number = hn::IfThenElseZero(hn::Eq(value, value), value);
#endif
    return hn::BitCast(d16, hn::Add(hn::Max(hn::Min(high, number), hn::Zero(d)), hn::Set(d, 0x1p23F)));
  };
  const auto first = hn::ConcatEven(d16, whole(b), whole(a));
  const auto second = hn::ConcatEven(d16, whole(e), whole(c));
  if constexpr (sizeof(S) == 1) {
    hn::StoreU(hn::ConcatEven(d8, hn::BitCast(d8, second), hn::BitCast(d8, first)), d8, to);
  } else {
    hn::StoreU(first, d16, to);
    hn::StoreU(second, d16, to + hn::Lanes(d16));
  }
#endif
}

}  // namespace HWY_NAMESPACE
}  // namespace gaussfilt::passes
HWY_AFTER_NAMESPACE();

#endif
