// Floor 1. Float FIR along one row with shifts in registers, compiled with fir_float.cpp for targets of 64-byte
// vectors.
//
// Unaligned 64-byte loads split a cache line each, and a pair of taps needs two of them a vector. Here the row is
// loaded once, block by block, and the samples at a distance are picked out of two neighbouring blocks by one permute
// (one a cycle on Zen 4, as on Intel's port 5): two permutes, an add and a multiply-add a pair. Rows turned on their
// side (fir_turned.cpp) have none, and pay for turning instead.
#if defined(GAUSSFILT_PASSES_FIR_SHIFTED_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GAUSSFILT_PASSES_FIR_SHIFTED_INL_H_
#undef GAUSSFILT_PASSES_FIR_SHIFTED_INL_H_
#else
#define GAUSSFILT_PASSES_FIR_SHIFTED_INL_H_
#endif

#include "passes/fir-inl.h"

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <array>
#include <cstdint>

HWY_BEFORE_NAMESPACE();
namespace gaussfilt::passes {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET <= HWY_AVX3 && HWY_ARCH_X86
constexpr bool shifts_in_registers = true;

template <class T> constexpr std::size_t lanes_of_block = 64 / sizeof(T);

template <class T> using LaneOf = hwy::MakeSigned<T>;

// Row n: n, n + 1 ..., a cache line each: the lanes of two blocks, one behind the other, from lane n on.
template <class T> struct LaneTable {
  static constexpr std::size_t lanes = lanes_of_block<T>;
  alignas(64) static constexpr auto rows = [] {
    std::array<LaneOf<T>, (lanes + 1) * lanes> all{};
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<LaneOf<T>>(i / lanes + i % lanes);
    return all;
  }();
  static const LaneOf<T>* row(std::size_t n) { return &rows[n * lanes]; }
};

// The lanes that a row of the table names. Highway 1.0.3 has no name for it.
template <class D, class V, class Lane> HWY_INLINE V shift(D, V low, V high, const Lane* row) {
  const auto lanes = hn::Load(hn::RebindToSigned<D>(), row);
  if constexpr (sizeof(Lane) == sizeof(float)) return V{_mm512_permutex2var_ps(low.raw, lanes.raw, high.raw)};
  else return V{_mm512_permutex2var_pd(low.raw, lanes.raw, high.raw)};
}

// Two neighbouring blocks of outputs, the first at in[0], of pairs that come farthest first. Reads whole blocks: one
// more than the farthest pair needs on the left, two on the right.
template <class Fold, class D, class T>
HWY_INLINE void two_blocks(D d, const T* in, std::ptrdiff_t step, const base::TapList<T>& taps, hn::VFromD<D>& first,
                           hn::VFromD<D>& second) {
  constexpr auto lanes = static_cast<std::ptrdiff_t>(lanes_of_block<T>);
  const auto block = [&](std::ptrdiff_t n) HWY_ATTR { return hn::LoadU(d, in + n * lanes); };
  const auto own = block(0), next = block(1), centre = hn::Set(d, taps.centre);
  const std::size_t count = taps.weights.size();
  const bool starts_at_centre = centre_first<T> && taps.has_centre;
  bool started = starts_at_centre;
  if (starts_at_centre) first = hn::Mul(own, centre), second = hn::Mul(next, centre);
  for (std::size_t i = 0; i < count;) {
    const std::ptrdiff_t away = taps.offsets[i] * step / lanes;
    const auto before = block(-away - 1), a = block(-away), b = block(1 - away);
    const auto c = block(away), e = block(away + 1), after = block(away + 2);
    for (; i < count && taps.offsets[i] * step >= away * lanes; ++i) {
      const auto rest = static_cast<std::size_t>(taps.offsets[i] * step - away * lanes);
      const auto* const back = LaneTable<T>::row(lanes_of_block<T> - rest);
      const auto* const on = LaneTable<T>::row(rest);
      const auto w = hn::Set(d, taps.weights[i]);
      const auto one = Fold::pair(shift(d, before, a, back), shift(d, c, e, on));
      const auto two = Fold::pair(shift(d, a, b, back), shift(d, e, after, on));
      if (started) first = add_product<Fold>(one, w, first), second = add_product<Fold>(two, w, second);
      else first = hn::Mul(one, w), second = hn::Mul(two, w);
      started = true;
    }
  }
  if (!centre_first<T> && taps.has_centre) {
    first = add_product<Fold>(own, centre, first), second = add_product<Fold>(next, centre, second);
  }
}

// The same where pairs lie at distances count ... 1 and none is more than a block away.
template <class Fold, class D, class T>
HWY_INLINE void two_near_blocks(D d, const T* in, std::ptrdiff_t step, const base::TapList<T>& taps,
                                hn::VFromD<D>& first, hn::VFromD<D>& second) {
  constexpr std::size_t lanes = lanes_of_block<T>;
  const auto before = hn::LoadU(d, in - lanes), own = hn::LoadU(d, in), next = hn::LoadU(d, in + lanes),
             after = hn::LoadU(d, in + 2 * lanes), centre = hn::Set(d, taps.centre);
  const std::size_t count = taps.weights.size(), reach = count * static_cast<std::size_t>(step);
  const auto* back = LaneTable<T>::row(lanes - reach);
  const auto* on = LaneTable<T>::row(reach);
  const std::ptrdiff_t rows = step * static_cast<std::ptrdiff_t>(lanes);
  const auto pair = [&](auto low, auto middle, auto high)
                        HWY_ATTR { return Fold::pair(shift(d, low, middle, back), shift(d, middle, high, on)); };
  auto w = hn::Set(d, taps.weights[0]);
  if (centre_first<T> && taps.has_centre) {
    first = add_product<Fold>(pair(before, own, next), w, hn::Mul(own, centre));
    second = add_product<Fold>(pair(own, next, after), w, hn::Mul(next, centre));
  } else {
    first = hn::Mul(pair(before, own, next), w), second = hn::Mul(pair(own, next, after), w);
  }
  for (std::size_t i = 1; i < count; ++i) {
    back += rows, on -= rows;
    w = hn::Set(d, taps.weights[i]);
    first = add_product<Fold>(pair(before, own, next), w, first);
    second = add_product<Fold>(pair(own, next, after), w, second);
  }
  if (!centre_first<T> && taps.has_centre) {
    first = add_product<Fold>(own, centre, first), second = add_product<Fold>(next, centre, second);
  }
}

// out[0, width), one pair of taps or more. Whole cache lines of the output are written at once; `streamed`: past the
// caches.
template <class Fold, bool near, class T>
HWY_INLINE void shifted_with(const T* in, T* out, std::size_t width, std::ptrdiff_t step, const base::TapList<T>& taps,
                             bool streamed) {
  const hn::ScalableTag<T> d;
  constexpr std::size_t lanes = lanes_of_block<T>;
  hn::VFromD<decltype(d)> first, second;
  const auto two_at = [&](const T* own) HWY_ATTR {
    if constexpr (near) two_near_blocks<Fold>(d, own, step, taps, first, second);
    else two_blocks<Fold>(d, own, step, taps, first, second);
  };
  const std::size_t misplaced = reinterpret_cast<std::uintptr_t>(out) % 64 / sizeof(T);
  std::size_t x = misplaced == 0 ? 0 : std::min(width, lanes - misplaced);
  if (x > 0) {
    two_at(in);
    hn::BlendedStore(first, hn::FirstN(d, x), d, out);
  }
  for (; x + 2 * lanes <= width; x += 2 * lanes) {
    two_at(in + x);
    if (streamed) {
      hn::Stream(first, d, out + x);
      hn::Stream(second, d, out + x + lanes);
    } else {
      hn::Store(first, d, out + x);
      hn::Store(second, d, out + x + lanes);
    }
  }
  if (x == width) return;
  two_at(in + x);
  if (x + lanes <= width) {
    hn::Store(first, d, out + x);
    first = second;
    x += lanes;
  }
  hn::BlendedStore(first, hn::FirstN(d, width - x), d, out + x);
}

template <class Fold, class T>
void shifted_row(const T* in, T* out, std::size_t width, std::ptrdiff_t step, const base::TapList<T>& taps,
                 bool streamed) {
  const bool near = taps.dense && taps.offsets[0] * step <= static_cast<std::ptrdiff_t>(lanes_of_block<T>);
  if (near) shifted_with<Fold, true>(in, out, width, step, taps, streamed);
  else shifted_with<Fold, false>(in, out, width, step, taps, streamed);
}
#else
constexpr bool shifts_in_registers = false;
#endif

}  // namespace HWY_NAMESPACE
}  // namespace gaussfilt::passes
HWY_AFTER_NAMESPACE();

#endif
