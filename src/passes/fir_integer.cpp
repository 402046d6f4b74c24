// Floor 1. FIR in integers, compiled once per CPU target.
//
// Everything rests on one instruction: products of 16-bit numbers, neighbouring ones added, 32 bits wide. Columns fold
// mirrored rows first (9 bits), put two distances side by side and multiply both at once; four output rows share their
// loads. Along a row neighbours stand side by side as they are: a load at any even distance serves the even outputs
// with one pair of weights and the odd ones with the pair that lies one sample to the left. Nothing is folded there, as
// a mirrored pair would have to be brought side by side first.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "passes/fir_integer.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "passes/fir_integer.h"

#include <cstdlib>

HWY_BEFORE_NAMESPACE();
namespace gaussfilt::passes {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using base::IntegerTaps;

// ---- one by one: the rest of a run, and targets whose vectors have no fixed order of lanes ----

HWY_INLINE std::int32_t rounded_one(std::uint32_t sum, const IntegerRounding& rounding) {
  sum += static_cast<std::uint32_t>(rounding.offset);
  if (rounding.to_even) sum += (std::uint32_t{1} << (rounding.shift - 1)) - 1 + ((sum >> rounding.shift) & 1U);
  return static_cast<std::int32_t>(sum);
}

HWY_INLINE void widen_rest(const std::uint8_t* in, std::int16_t* out, std::size_t i, std::size_t count, int fraction) {
  for (; i < count; ++i) out[i] = static_cast<std::int16_t>((in[i] - 128) * (1 << fraction));
}

HWY_INLINE void narrow_rest(const std::int16_t* in, std::uint8_t* out, std::size_t i, std::size_t count) {
  for (; i < count; ++i) out[i] = static_cast<std::uint8_t>(in[i] + 128);
}

#if HWY_TARGET == HWY_SCALAR || HWY_HAVE_SCALABLE || !(HWY_ARCH_X86 || HWY_ARCH_ARM)

template <class Sample> HWY_INLINE std::uint32_t sum_of(const IntegerTaps& taps, const Sample& sample) {
  std::int64_t sum = 0;
  for (std::ptrdiff_t k = -taps.reach; k <= taps.reach; ++k) {
    sum += std::int64_t{taps.weights[static_cast<std::size_t>(std::abs(k))]} * sample(k);
  }
  return static_cast<std::uint32_t>(sum);
}

void columns(const std::uint8_t* const* rows, std::size_t at, std::int16_t* const* out, std::size_t width,
             const IntegerTaps& taps, const IntegerRounding& rounding, const std::byte* const*) noexcept {
  for (std::ptrdiff_t i = 0; i < static_cast<std::ptrdiff_t>(integer_rows); ++i) {
    for (std::size_t x = 0; x < width; ++x) {
      const std::uint32_t sum = sum_of(taps, [&](std::ptrdiff_t k) { return rows[i + k][at + x]; });
      out[i][x] = static_cast<std::int16_t>(rounded_one(sum, rounding) >> rounding.shift);
    }
  }
}

void row(const std::int16_t* in, std::uint8_t* out, std::size_t width, std::ptrdiff_t step, const IntegerTaps& taps,
         const IntegerRounding& rounding) noexcept {
  for (std::size_t x = 0; x < width; ++x) {
    const std::int16_t* const own = in + x;
    const std::uint32_t sum = sum_of(taps, [&](std::ptrdiff_t k) { return own[k * step]; });
    out[x] = static_cast<std::uint8_t>(static_cast<std::uint32_t>(rounded_one(sum, rounding)) >> rounding.shift);
  }
}

void widen(const std::uint8_t* in, std::int16_t* out, std::size_t count, int fraction) noexcept {
  widen_rest(in, out, 0, count, fraction);
}

void narrow(const std::int16_t* in, std::uint8_t* out, std::size_t count) noexcept { narrow_rest(in, out, 0, count); }

#else

using D16 = hn::ScalableTag<std::int16_t>;
using D32 = hn::RepartitionToWide<D16>;
using V16 = hn::VFromD<D16>;
using V32 = hn::VFromD<D32>;

// Sums of neighbouring products, as the target keeps them until they are asked for.
struct Sum {
  V32 value, rest;
};

// The offset is added by the first addition. Where lanes are added last, only every other one may bring it along.
HWY_INLINE Sum start(std::int32_t offset) {
  const D32 d;
#if HWY_ARCH_X86
  return {hn::Set(d, offset), hn::Zero(d)};
#else
  const V32 every_other = hn::OddEven(hn::Zero(d), hn::Set(d, offset));
  return {every_other, every_other};
#endif
}

HWY_INLINE void add(Sum& sum, V16 samples, V16 weights) {
  sum.value = hn::ReorderWidenMulAccumulate(D32(), samples, weights, sum.value, sum.rest);
}

HWY_INLINE V16 weights_of(std::int32_t both) { return hn::BitCast(D16(), hn::Set(D32(), both)); }

// The sums of two folded vectors, their lanes in the order of InterleaveLower and InterleaveUpper.
struct Sums {
  Sum low, high;
};

HWY_INLINE void add(Sums& sums, V16 first, V16 second, V16 weights) {
  add(sums.low, hn::InterleaveLower(D16(), first, second), weights);
  add(sums.high, hn::InterleaveUpper(D16(), first, second), weights);
}

template <bool to_even> HWY_INLINE V32 finished(const Sum& sum, const IntegerRounding& rounding) {
  const D32 d;
  const V32 value = hn::RearrangeToOddPlusEven(sum.value, sum.rest);
  if constexpr (!to_even) {
    return value;
  } else {
    const V32 odd = hn::And(hn::ShiftRightSame(value, rounding.shift), hn::Set(d, 1));
    return hn::Add(hn::Add(value, hn::Set(d, (std::int32_t{1} << (rounding.shift - 1)) - 1)), odd);
  }
}

// ---- columns ----

// Four neighbouring rows of outputs; `load(i)` is the vector of row i from the first output's own.
template <bool to_even, class Load, class Store>
HWY_INLINE void four_outputs(const IntegerTaps& taps, const IntegerRounding& rounding, const Load& load,
                             const Store& store) {
  const D16 d;
  const std::ptrdiff_t reach = taps.reach;
  const std::int32_t* weights = taps.folded.data();
  Sums sum0{start(rounding.offset), start(rounding.offset)}, sum1 = sum0, sum2 = sum0, sum3 = sum0;
  V16 a0 = load(-reach), a1 = load(1 - reach), a2 = load(2 - reach), a3 = load(3 - reach);
  V16 b0 = load(reach), b1 = load(reach + 1), b2 = load(reach + 2), b3 = load(reach + 3);
  std::ptrdiff_t k = reach;
  for (; k >= 2; k -= 2, ++weights) {
    const V16 w = weights_of(*weights);
    const V16 a4 = load(4 - k), b = load(k - 1);
    add(sum0, hn::Add(a0, b0), hn::Add(a1, b), w);
    add(sum1, hn::Add(a1, b1), hn::Add(a2, b0), w);
    add(sum2, hn::Add(a2, b2), hn::Add(a3, b1), w);
    add(sum3, hn::Add(a3, b3), hn::Add(a4, b2), w);
    a0 = a2, a1 = a3, a2 = a4, a3 = load(5 - k);
    b3 = b1, b2 = b0, b1 = b, b0 = load(k - 2);
  }
  const V16 w = weights_of(*weights);
  if (k == 1) {  // the last pair and the centre
    add(sum0, hn::Add(a0, b0), a1, w);
    add(sum1, hn::Add(a1, b1), a2, w);
    add(sum2, hn::Add(a2, b2), a3, w);
    add(sum3, hn::Add(a3, b3), load(3), w);
  } else {  // the centre alone
    const V16 none = hn::Zero(d);
    add(sum0, a0, none, w);
    add(sum1, a1, none, w);
    add(sum2, a2, none, w);
    add(sum3, a3, none, w);
  }
  const auto put = [&](std::size_t i, const Sums& sums) HWY_ATTR {
    const V32 low = hn::ShiftRightSame(finished<to_even>(sums.low, rounding), rounding.shift);
    const V32 high = hn::ShiftRightSame(finished<to_even>(sums.high, rounding), rounding.shift);
    store(i, hn::ReorderDemote2To(d, low, high));
  };
  put(0, sum0), put(1, sum1), put(2, sum2), put(3, sum3);
}

template <bool to_even>
HWY_INLINE void columns_with(const std::uint8_t* const* rows, std::size_t at, std::int16_t* const* out,
                             std::size_t width, const IntegerTaps& taps, const IntegerRounding& rounding,
                             const std::byte* const* ahead) {
  const D16 d;
  const hn::Rebind<std::uint8_t, D16> bytes;
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t x = 0; x < width; x += lanes) {
    const std::byte* const* const pair = ahead + (x / lanes % 2) * 2;  // a cache line holds two vectors or more
    __builtin_prefetch(pair[0] + x, 0, 2);
    __builtin_prefetch(pair[1] + x, 0, 2);
    __builtin_prefetch(pair[integer_rows] + x, 1, 2);
    __builtin_prefetch(pair[integer_rows + 1] + x, 1, 2);
    four_outputs<to_even>(
        taps, rounding, [&](std::ptrdiff_t i) HWY_ATTR { return hn::PromoteTo(d, hn::LoadU(bytes, rows[i] + at + x)); },
        [&](std::size_t i, V16 v) HWY_ATTR { hn::StoreU(v, d, out[i] + x); });
  }
}

void columns(const std::uint8_t* const* rows, std::size_t at, std::int16_t* const* out, std::size_t width,
             const IntegerTaps& taps, const IntegerRounding& rounding, const std::byte* const* ahead) noexcept {
  if (rounding.to_even) return columns_with<true>(rows, at, out, width, taps, rounding, ahead);
  columns_with<false>(rows, at, out, width, taps, rounding, ahead);
}

// ---- rows ----

HWY_INLINE void store_bytes(V16 values, std::uint8_t* out) {
  const hn::Rebind<std::uint8_t, D16> bytes;
  hn::StoreU(hn::DemoteTo(bytes, values), bytes, out);
}

// Sums of even and odd outputs are 2^16 times as large as the results are before their last shift: the upper halves of
// both make one vector in order.
template <bool to_even>
HWY_INLINE void put_pairs(const Sum& even, const Sum& odd, const IntegerRounding& rounding, std::uint8_t* out) {
  const hn::RebindToUnsigned<D16> d;
  const hn::RebindToUnsigned<D32> wide;
  const auto evens = hn::ShiftRight<16>(hn::BitCast(wide, finished<to_even>(even, rounding)));
  const auto halves = hn::OddEven(hn::BitCast(d, finished<to_even>(odd, rounding)), hn::BitCast(d, evens));
  store_bytes(hn::BitCast(D16(), hn::ShiftRightSame(halves, rounding.shift - 16)), out);
}

template <bool to_even>
HWY_INLINE void row_of_neighbours(const std::int16_t* in, std::uint8_t* out, std::size_t width, const IntegerTaps& taps,
                                  const IntegerRounding& rounding) {
  const D16 d;
  const std::size_t lanes = hn::Lanes(d), count = taps.even.size();
  const std::int16_t* from = in - taps.reach;
  for (std::size_t x = 0; x < width; x += 2 * lanes) {
    Sum even0 = start(rounding.offset), odd0 = even0, even1 = even0, odd1 = even0;
    for (std::size_t i = 0; i < count; ++i) {
      const V16 here = hn::LoadU(d, from + x + 2 * i), next = hn::LoadU(d, from + x + 2 * i + lanes);
      const V16 of_even = weights_of(taps.even[i]), of_odd = weights_of(taps.odd[i]);
      add(even0, here, of_even), add(odd0, here, of_odd);
      add(even1, next, of_even), add(odd1, next, of_odd);
    }
    put_pairs<to_even>(even0, odd0, rounding, out + x);
    put_pairs<to_even>(even1, odd1, rounding, out + x + lanes);
  }
}

// Two samples `step` apart are brought side by side.
template <bool to_even>
HWY_INLINE void row_of_steps(const std::int16_t* in, std::uint8_t* out, std::size_t width, std::ptrdiff_t step,
                             const IntegerTaps& taps, const IntegerRounding& rounding) {
  const D16 d;
  const hn::RebindToUnsigned<D32> wide;
  const std::int16_t* const from = in - taps.reach * step;
  for (std::size_t x = 0; x < width; x += hn::Lanes(d)) {
    Sums sums{start(rounding.offset), start(rounding.offset)};
    const std::int16_t* sample = from + x;
    for (const std::int32_t both : taps.even) {
      add(sums, hn::LoadU(d, sample), hn::LoadU(d, sample + step), weights_of(both));
      sample += 2 * step;
    }
    const auto shifted = [&](const Sum& sum) HWY_ATTR {
      return hn::BitCast(D32(),
                         hn::ShiftRightSame(hn::BitCast(wide, finished<to_even>(sum, rounding)), rounding.shift));
    };
    store_bytes(hn::ReorderDemote2To(d, shifted(sums.low), shifted(sums.high)), out + x);
  }
}

template <bool to_even>
HWY_INLINE void row_with(const std::int16_t* in, std::uint8_t* out, std::size_t width, std::ptrdiff_t step,
                         const IntegerTaps& taps, const IntegerRounding& rounding) {
  if (step == 1) row_of_neighbours<to_even>(in, out, width, taps, rounding);
  else row_of_steps<to_even>(in, out, width, step, taps, rounding);
}

void row(const std::int16_t* in, std::uint8_t* out, std::size_t width, std::ptrdiff_t step, const IntegerTaps& taps,
         const IntegerRounding& rounding) noexcept {
  if (rounding.to_even) return row_with<true>(in, out, width, step, taps, rounding);
  row_with<false>(in, out, width, step, taps, rounding);
}

// ---- to and from fractions ----

void widen(const std::uint8_t* in, std::int16_t* out, std::size_t count, int fraction) noexcept {
  const D16 d;
  const hn::Rebind<std::uint8_t, D16> bytes;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    const V16 centred = hn::Sub(hn::PromoteTo(d, hn::LoadU(bytes, in + i)), hn::Set(d, 128));
    hn::StoreU(hn::ShiftLeftSame(centred, fraction), d, out + i);
  }
  widen_rest(in, out, i, count, fraction);
}

void narrow(const std::int16_t* in, std::uint8_t* out, std::size_t count) noexcept {
  const D16 d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) store_bytes(hn::Add(hn::LoadU(d, in + i), hn::Set(d, 128)), out + i);
  narrow_rest(in, out, i, count);
}

#endif

const IntegerPasses* integer_of_target() {
  static constexpr IntegerPasses passes{&columns, &row, &widen, &narrow};
  return &passes;
}

}  // namespace HWY_NAMESPACE
}  // namespace gaussfilt::passes
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gaussfilt::passes {

HWY_EXPORT(integer_of_target);

const IntegerPasses& fir_integer() { return *HWY_DYNAMIC_DISPATCH(integer_of_target)(); }

}  // namespace gaussfilt::passes
#endif
