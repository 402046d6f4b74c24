// Floor 1. Sums of windows, compiled once per CPU target. The loops are plain; the compiler makes vectors of them.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "passes/sums.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "base/dtype.h"
#include "passes/sums.h"

#include <type_traits>

HWY_BEFORE_NAMESPACE();
namespace gaussfilt::passes {
namespace HWY_NAMESPACE {

template <class S> const S* items(const std::byte* row) { return reinterpret_cast<const S*>(row); }

// What a sum stands for: u16 for itself, the others signed.
HWY_INLINE std::int32_t as_number(std::uint16_t sum) { return sum; }
HWY_INLINE std::int32_t as_number(std::uint32_t sum) { return static_cast<std::int32_t>(sum); }
HWY_INLINE std::int64_t as_number(std::uint64_t sum) { return static_cast<std::int64_t>(sum); }

template <class T, class S> void add(T* HWY_RESTRICT sums, const std::byte* row, std::size_t count) noexcept {
  const S* HWY_RESTRICT const from = items<S>(row);
  for (std::size_t i = 0; i < count; ++i) sums[i] = static_cast<T>(sums[i] + static_cast<T>(from[i]));
}

template <class T, class S> void take(T* HWY_RESTRICT sums, const std::byte* row, std::size_t count) noexcept {
  const S* HWY_RESTRICT const from = items<S>(row);
  for (std::size_t i = 0; i < count; ++i) sums[i] = static_cast<T>(sums[i] - static_cast<T>(from[i]));
}

template <class T, class S>
void slide(T* HWY_RESTRICT sums, const std::byte* entering, const std::byte* leaving, std::size_t count) noexcept {
  const S* HWY_RESTRICT const in = items<S>(entering);
  const S* HWY_RESTRICT const out = items<S>(leaving);
  for (std::size_t i = 0; i < count; ++i)
    sums[i] = static_cast<T>(sums[i] + static_cast<T>(in[i]) - static_cast<T>(out[i]));
}

template <class T, class S>
void add_weighted(T* HWY_RESTRICT sums, const std::byte* row, T weight, std::size_t count) noexcept {
  const S* HWY_RESTRICT const from = items<S>(row);
  for (std::size_t i = 0; i < count; ++i) sums[i] = static_cast<T>(sums[i] + weight * static_cast<T>(from[i]));
}

template <class T> const SumPasses<T>* sums_of(DType dtype) {
  return base::visit(dtype, [](auto tag) -> const SumPasses<T>* {
    using S = typename decltype(tag)::type;
    if constexpr (std::is_integral_v<S> && !std::is_same_v<S, bool> && sizeof(S) <= sizeof(T)) {
      static constexpr SumPasses<T> passes = {&add<T, S>, &take<T, S>, &slide<T, S>, &add_weighted<T, S>};
      return &passes;
    } else {
      return nullptr;
    }
  });
}

template <class T>
void scale(const T* HWY_RESTRICT from, unsigned shift, T* HWY_RESTRICT to, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i) to[i] = static_cast<T>(from[i] << shift);
}

// Chains in registers: a sum waits for the one before it, not for memory.
template <std::size_t step, class T>
void prefix_of(const T* HWY_RESTRICT row, std::size_t count, T* HWY_RESTRICT sums) {
  T sum[step];
  for (std::size_t c = 0; c < step; ++c) sum[c] = sums[c];
  for (std::size_t i = 0; i + step <= count; i += step) {
    for (std::size_t c = 0; c < step; ++c) sums[i + step + c] = sum[c] = static_cast<T>(sum[c] + row[i + c]);
  }
}

template <class T>
void prefix(const T* HWY_RESTRICT row, std::size_t count, std::size_t step, T* HWY_RESTRICT sums) noexcept {
  if (step == 1) return prefix_of<1>(row, count, sums);
  if (step == 2) return prefix_of<2>(row, count, sums);
  if (step == 3) return prefix_of<3>(row, count, sums);
  if (step == 4) return prefix_of<4>(row, count, sums);
  for (std::size_t at = 0; at < count; at += step) {
    for (std::size_t i = at; i < at + step; ++i) sums[i + step] = static_cast<T>(sums[i] + row[i]);
  }
}

template <class T>
void window(const T* HWY_RESTRICT sums, const SumWindow& window, std::size_t step, T* HWY_RESTRICT to,
            std::size_t count) noexcept {
  const T* const low = sums + step;
  const T* const high = low + window.full * step;
  if (window.end == 0 && window.shift == 0) {
    for (std::size_t i = 0; i < count; ++i) to[i] = static_cast<T>(high[i] - low[i]);
    return;
  }
  const T end = static_cast<T>(window.end);
  const unsigned shift = window.shift;
  const T* const before = sums;
  const T* const after = high + step;
  for (std::size_t i = 0; i < count; ++i)
    to[i] = static_cast<T>(((high[i] - low[i]) << shift) + end * ((low[i] - before[i]) + (after[i] - high[i])));
}

template <class T>
void window_f32(const T* HWY_RESTRICT sums, std::size_t full, std::size_t step, float divisor, float* HWY_RESTRICT to,
                std::size_t count) noexcept {
  const T* const low = sums + step;
  const T* const high = low + full * step;
  for (std::size_t i = 0; i < count; ++i)
    to[i] = static_cast<float>(as_number(static_cast<T>(high[i] - low[i]))) / divisor;
}

template <class T>
void divide_f32(const T* HWY_RESTRICT sums, float divisor, float* HWY_RESTRICT to, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i) to[i] = static_cast<float>(as_number(sums[i])) / divisor;
}

template <class T>
void divide_f64(const T* HWY_RESTRICT sums, double divisor, double* HWY_RESTRICT to, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i) to[i] = static_cast<double>(as_number(sums[i])) / divisor;
}

template <class T>
void divide_whole(const T* HWY_RESTRICT sums, std::int64_t divisor, double* HWY_RESTRICT to,
                  std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    const auto sum = static_cast<std::int64_t>(as_number(sums[i]));
    std::int64_t whole = sum / divisor, rest = sum % divisor;
    if (rest < 0) --whole, rest += divisor;
    const std::int64_t above = rest - (divisor - rest);  // 2 rest - divisor
    to[i] = static_cast<double>(whole + (above > 0 || (above == 0 && whole % 2 != 0) ? 1 : 0));
  }
}

template <class T> const WindowPasses<T>* windows_of() {
  static constexpr WindowPasses<T> passes = {&scale<T>,      &prefix<T>,     &window<T>,      &window_f32<T>,
                                             &divide_f32<T>, &divide_f64<T>, &divide_whole<T>};
  return &passes;
}

// Division by an odd number: (2^(16 + shift) / divisor, rounded up) for all sums below 2^16 at once. That it is the
// floor for every sum is tested.
struct Magic {
  std::uint32_t factor = 0;
  unsigned shift = 0;
};

inline bool divides(const Magic& magic, std::uint32_t divisor) {
  // The remainder of the factor, times the largest sum, must not reach the next whole number.
  const std::uint64_t excess = std::uint64_t{magic.factor} * divisor - (std::uint64_t{1} << (16 + magic.shift));
  return magic.factor < 0x10000 &&
         excess * (255 * divisor + divisor / 2 + 1) < (std::uint64_t{1} << (16 + magic.shift));
}

inline Magic magic_of(std::uint32_t divisor) {
  Magic magic;
  for (magic.shift = 0; magic.shift < 8; ++magic.shift) {
    magic.factor = static_cast<std::uint32_t>(((std::uint64_t{1} << (16 + magic.shift)) + divisor - 1) / divisor);
    if (divides(magic, divisor)) break;
  }
  return magic;
}

template <std::size_t full>
void mean_of(const std::uint16_t* HWY_RESTRICT row, std::size_t step, std::uint32_t divisor,
             std::uint8_t* HWY_RESTRICT to, std::size_t count) {
  const Magic magic = magic_of(divisor);
  const auto half = static_cast<std::uint16_t>(divisor / 2);
  const auto factor = static_cast<std::uint16_t>(magic.factor);
  const unsigned shift = magic.shift;
  for (std::size_t i = 0; i < count; ++i) {
    std::uint16_t sum = half;
    for (std::size_t k = 0; k < full; ++k) sum = static_cast<std::uint16_t>(sum + row[i + k * step]);
    const auto high = static_cast<std::uint16_t>((std::uint32_t{sum} * factor) >> 16);
    to[i] = static_cast<std::uint8_t>(high >> shift);
  }
}

void mean_small(const std::uint16_t* row, std::size_t full, std::size_t step, std::uint32_t divisor, std::uint8_t* to,
                std::size_t count) {
  switch (full) {
    case 3: return mean_of<3>(row, step, divisor, to, count);
    case 5: return mean_of<5>(row, step, divisor, to, count);
    case 7: return mean_of<7>(row, step, divisor, to, count);
    case 9: return mean_of<9>(row, step, divisor, to, count);
    case 11: return mean_of<11>(row, step, divisor, to, count);
    case 13: return mean_of<13>(row, step, divisor, to, count);
    case 15: return mean_of<15>(row, step, divisor, to, count);
    default: return mean_of<1>(row, step, divisor, to, count);
  }
}

void sum(const double* a, const double* b, double* to, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i) to[i] = a[i] + b[i];
}

void mean(const double* sums, const double* a, const double* b, double weight, double width, double* to,
          std::size_t count) noexcept {
  if (weight == 0) {
    for (std::size_t i = 0; i < count; ++i) to[i] = sums[i] / width;
    return;
  }
  for (std::size_t i = 0; i < count; ++i) to[i] = (sums[i] + weight * (a[i] + b[i])) / width;
}

void forward(const double* HWY_RESTRICT row, double* HWY_RESTRICT to, std::size_t count, std::size_t step) noexcept {
  for (std::size_t i = 0; i < step; ++i) to[i] = row[i];
  for (std::size_t i = step; i < count; ++i) to[i] = to[i - step] + row[i];
}

void backward(const double* HWY_RESTRICT row, double* HWY_RESTRICT to, std::size_t count, std::size_t step) noexcept {
  for (std::size_t i = count - step; i < count; ++i) to[i] = row[i];
  for (std::size_t i = count - step; i-- > 0;) to[i] = row[i] + to[i + step];
}

const MeanPasses* means() {
  static constexpr MeanPasses passes = {&sum, &mean, &forward, &backward};
  return &passes;
}

const SumPasses<std::uint16_t>* sums_u16(DType dtype) { return sums_of<std::uint16_t>(dtype); }
const WindowPasses<std::uint16_t>* windows_u16() { return windows_of<std::uint16_t>(); }
const SumPasses<std::uint32_t>* sums_u32(DType dtype) { return sums_of<std::uint32_t>(dtype); }
const SumPasses<std::uint64_t>* sums_u64(DType dtype) { return sums_of<std::uint64_t>(dtype); }
const WindowPasses<std::uint32_t>* windows_u32() { return windows_of<std::uint32_t>(); }
const WindowPasses<std::uint64_t>* windows_u64() { return windows_of<std::uint64_t>(); }

}  // namespace HWY_NAMESPACE
}  // namespace gaussfilt::passes
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gaussfilt::passes {

HWY_EXPORT(sums_u16);
HWY_EXPORT(windows_u16);
HWY_EXPORT(mean_small);
HWY_EXPORT(sums_u32);
HWY_EXPORT(sums_u64);
HWY_EXPORT(windows_u32);
HWY_EXPORT(windows_u64);
HWY_EXPORT(means);

const SumPasses<std::uint16_t>* sum_passes_u16(DType dtype) { return HWY_DYNAMIC_DISPATCH(sums_u16)(dtype); }
const WindowPasses<std::uint16_t>& window_passes_u16() { return *HWY_DYNAMIC_DISPATCH(windows_u16)(); }
void mean_u8(const std::uint16_t* row, std::size_t full, std::size_t step, std::uint32_t divisor, std::uint8_t* to,
             std::size_t count) noexcept {
  HWY_DYNAMIC_DISPATCH(mean_small)(row, full, step, divisor, to, count);
}
const SumPasses<std::uint32_t>* sum_passes_u32(DType dtype) { return HWY_DYNAMIC_DISPATCH(sums_u32)(dtype); }
const SumPasses<std::uint64_t>* sum_passes_u64(DType dtype) { return HWY_DYNAMIC_DISPATCH(sums_u64)(dtype); }
const WindowPasses<std::uint32_t>& window_passes_u32() { return *HWY_DYNAMIC_DISPATCH(windows_u32)(); }
const WindowPasses<std::uint64_t>& window_passes_u64() { return *HWY_DYNAMIC_DISPATCH(windows_u64)(); }
const MeanPasses& mean_passes() { return *HWY_DYNAMIC_DISPATCH(means)(); }

}  // namespace gaussfilt::passes
#endif
