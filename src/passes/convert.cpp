// Floor 1. Conversions, compiled once per CPU target. 8- and 16-bit integers to and from f32 have vector code; the
// rest is one scalar path, which the compiler vectorises as far as the target allows.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "passes/convert.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "base/dtype.h"
#include "passes/convert.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

HWY_BEFORE_NAMESPACE();
namespace gaussfilt::passes {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class S> constexpr bool is_narrow = std::is_integral_v<S> && !std::is_same_v<S, bool> && sizeof(S) <= 2;

// ---- one item ----

HWY_INLINE double half_to_double(std::uint16_t bits) {
  const std::uint64_t sign = static_cast<std::uint64_t>(bits & 0x8000U) << 48;
  const std::uint64_t exponent = (bits >> 10) & 0x1FU, mantissa = bits & 0x3FFU;
  if (exponent == 0) {  // zero and subnormals: mantissa * 2^-24
    const double magnitude = static_cast<double>(mantissa) * 0x1p-24;
    return sign != 0 ? -magnitude : magnitude;
  }
  const std::uint64_t wide = exponent == 0x1F ? 0x7FF : exponent - 15 + 1023;
  return std::bit_cast<double>(sign | (wide << 52) | (mantissa << 42));
}

HWY_INLINE std::uint16_t double_to_half(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const auto sign = static_cast<std::uint16_t>((bits >> 48) & 0x8000U);
  const double magnitude = std::abs(value);
  const auto with_sign = [sign](std::uint64_t rest) { return static_cast<std::uint16_t>(sign | rest); };
  if (!(magnitude == magnitude)) return with_sign(0x7E00);
  if (magnitude >= 65520.0) return with_sign(0x7C00);
  if (magnitude < 0x1p-14) return with_sign(static_cast<std::uint64_t>(std::rint(magnitude * 0x1p24)));
  // Half to even at mantissa bit 42; a carry runs into the exponent as it should.
  const auto plain = std::bit_cast<std::uint64_t>(magnitude);
  const std::uint64_t rounded = plain + 0x1FFFFFFFFFFU + ((plain >> 42) & 1U);
  return with_sign((rounded >> 42) - (std::uint64_t{1023 - 15} << 10));
}

template <class S, class T> HWY_INLINE T load_item(const std::byte* p) {
  if constexpr (std::is_same_v<S, bool>) {
    return *p != std::byte{0} ? T{1} : T{0};
  } else {
    S item;
    std::memcpy(&item, p, sizeof item);
    if constexpr (std::is_same_v<S, float16>) return static_cast<T>(half_to_double(item.bits));
    else return static_cast<T>(item);
  }
}

template <class S, class T> HWY_INLINE S rounded(T value) {
  if constexpr (std::is_floating_point_v<S>) {
    return static_cast<S>(value);
  } else {
    constexpr int digits = std::is_same_v<S, bool> ? 1 : std::numeric_limits<S>::digits;
    constexpr T beyond = static_cast<T>(std::uint64_t{1} << (digits - 1)) * 2;
    if (!(value == value)) return S{0};
    const T r = std::rint(value);
    if (r >= beyond) return std::numeric_limits<S>::max();
    if (r < static_cast<T>(std::numeric_limits<S>::min())) return std::numeric_limits<S>::min();
    return static_cast<S>(r);
  }
}

template <class S, class T> HWY_INLINE void store_item(T value, std::byte* p) {
  if constexpr (std::is_same_v<S, float16>) {
    const std::uint16_t bits = double_to_half(value);
    std::memcpy(p, &bits, sizeof bits);
  } else if constexpr (std::is_same_v<S, bool>) {
    *p = rounded<bool>(value) ? std::byte{1} : std::byte{0};
  } else {
    const S item = rounded<S>(value);
    std::memcpy(p, &item, sizeof item);
  }
}

// ---- gapless runs ----

template <class S, class T> HWY_INLINE void run_in(const std::byte* src, std::size_t count, T* dst) {
  std::size_t i = 0;
  if constexpr (std::is_same_v<S, T>) {
    std::memcpy(dst, src, count * sizeof(T));
    return;
  } else if constexpr (is_narrow<S> && std::is_same_v<T, float>) {
    const hn::ScalableTag<float> df;
    const hn::Rebind<std::int32_t, decltype(df)> di;
    const hn::Rebind<S, decltype(df)> ds;
    const auto* items = reinterpret_cast<const S*>(src);
    if (reinterpret_cast<std::uintptr_t>(src) % sizeof(S) == 0) {
      const std::size_t lanes = hn::Lanes(df);
      for (; i + lanes <= count; i += lanes) {
        hn::StoreU(hn::ConvertTo(df, hn::PromoteTo(di, hn::LoadU(ds, items + i))), df, dst + i);
      }
    }
  }
  for (; i < count; ++i) dst[i] = load_item<S, T>(src + i * sizeof(S));
}

template <class S, class T> HWY_INLINE void run_out(const T* src, std::byte* dst, std::size_t count) {
  std::size_t i = 0;
  if constexpr (std::is_same_v<S, T>) {
    std::memcpy(dst, src, count * sizeof(T));
    return;
  } else if constexpr (is_narrow<S> && std::is_same_v<T, float>) {
    const hn::ScalableTag<float> df;
    const hn::Rebind<S, decltype(df)> ds;
    auto* items = reinterpret_cast<S*>(dst);
    const auto low = hn::Set(df, static_cast<float>(std::numeric_limits<S>::min()));
    const auto high = hn::Set(df, static_cast<float>(std::numeric_limits<S>::max()));
    if (reinterpret_cast<std::uintptr_t>(dst) % sizeof(S) == 0) {
      const std::size_t lanes = hn::Lanes(df);
      for (; i + lanes <= count; i += lanes) {
        const auto value = hn::LoadU(df, src + i);
        if constexpr (std::is_same_v<S, std::uint8_t>) {
          // A NaN becomes 0 by Max (x86 gives its second argument) or by NearestInt.
          const hn::Rebind<std::uint32_t, decltype(df)> du;
          const auto whole = hn::NearestInt(hn::Min(hn::Max(value, low), high));
          hn::StoreU(hn::U8FromU32(hn::BitCast(du, whole)), ds, items + i);
        } else {
          const auto number = hn::IfThenElseZero(hn::Eq(value, value), value);
          const auto clamped = hn::Min(hn::Max(number, low), high);
          hn::StoreU(hn::DemoteTo(ds, hn::NearestInt(clamped)), ds, items + i);
        }
      }
    }
  }
  for (; i < count; ++i) store_item<S, T>(src[i], dst + i * sizeof(S));
}

// ---- the passes ----

template <class S, class T>
void in(const std::byte* src, std::ptrdiff_t stride, std::size_t count, std::size_t inner, T* dst) noexcept {
  if (stride == static_cast<std::ptrdiff_t>(inner * sizeof(S))) return run_in<S, T>(src, count * inner, dst);
  for (std::size_t i = 0; i < count; ++i, src += stride) {
    for (std::size_t c = 0; c < inner; ++c) *dst++ = load_item<S, T>(src + c * sizeof(S));
  }
}

template <class S, class T>
void out(const T* src, std::byte* dst, std::ptrdiff_t stride, std::size_t count, std::size_t inner) noexcept {
  if (stride == static_cast<std::ptrdiff_t>(inner * sizeof(S))) return run_out<S, T>(src, dst, count * inner);
  for (std::size_t i = 0; i < count; ++i, dst += stride) {
    for (std::size_t c = 0; c < inner; ++c) store_item<S, T>(*src++, dst + c * sizeof(S));
  }
}

template <class S, class T>
void in_across(const std::byte* src, std::ptrdiff_t row_stride, std::ptrdiff_t column_stride, std::size_t rows,
               std::size_t columns, T* dst, std::size_t dst_pitch) noexcept {
  for (std::size_t x = 0; x < columns; ++x, src += column_stride) {
    const std::byte* item = src;
    for (std::size_t y = 0; y < rows; ++y, item += row_stride) dst[y * dst_pitch + x] = load_item<S, T>(item);
  }
}

template <class T> const ConvertPasses<T>* find(DType dtype) {
  return base::visit(dtype, [](auto tag) -> const ConvertPasses<T>* {
    using S = typename decltype(tag)::type;
    if constexpr (std::is_same_v<S, std::complex<float>> || std::is_same_v<S, std::complex<double>>) {
      return nullptr;  // callers convert components
    } else {
      static constexpr ConvertPasses<T> passes{&in<S, T>, &out<S, T>, &in_across<S, T>};
      return &passes;
    }
  });
}

const ConvertPasses<float>* find_f32(DType dtype) { return find<float>(dtype); }
const ConvertPasses<double>* find_f64(DType dtype) { return find<double>(dtype); }

}  // namespace HWY_NAMESPACE
}  // namespace gaussfilt::passes
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gaussfilt::passes {

HWY_EXPORT(find_f32);
HWY_EXPORT(find_f64);

const ConvertPasses<float>& convert_f32(DType dtype) { return *HWY_DYNAMIC_DISPATCH(find_f32)(dtype); }
const ConvertPasses<double>& convert_f64(DType dtype) { return *HWY_DYNAMIC_DISPATCH(find_f64)(dtype); }

}  // namespace gaussfilt::passes
#endif
