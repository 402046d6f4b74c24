// Floor 1. Conversions, compiled once per CPU target. 8- and 16-bit integers and f16 to and from f32 have vector
// code; the rest is one scalar path, which the compiler vectorises as far as the target allows.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "passes/convert.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "base/dtype.h"
#include "passes/convert.h"
#include "passes/narrow-inl.h"

#include <hwy/cache_control.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

HWY_BEFORE_NAMESPACE();
namespace gaussfilt::passes {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

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

// Half precision in vectors where the CPU converts it itself, as IEEE says; a NaN becomes the one NaN of store_item().
#if HWY_TARGET <= HWY_AVX2 && HWY_ARCH_X86 && !defined(HWY_DISABLE_F16C)
constexpr bool converts_half = true;
#else
constexpr bool converts_half = false;
#endif
template <class S, class T>
constexpr bool is_vector_half = converts_half&& std::is_same_v<S, float16>&& std::is_same_v<T, float>;

// Items converted, whole vectors of them. Nothing for other types.
template <class S, class T> HWY_INLINE std::size_t halves_in(const std::byte* src, std::size_t count, T* dst) {
  std::size_t i = 0;
  if constexpr (is_vector_half<S, T>) {
    const hn::ScalableTag<float> d;
    const hn::Rebind<hwy::float16_t, decltype(d)> dh;
    const std::size_t lanes = hn::Lanes(d);
    if (reinterpret_cast<std::uintptr_t>(src) % sizeof(S) != 0) return 0;
    for (; i + lanes <= count; i += lanes) {
      hn::StoreU(hn::PromoteTo(d, hn::LoadU(dh, reinterpret_cast<const hwy::float16_t*>(src) + i)), d, dst + i);
    }
  }
  return i;
}

template <class S, class T> HWY_INLINE std::size_t halves_out(const T* src, std::byte* dst, std::size_t count) {
  std::size_t i = 0;
  if constexpr (is_vector_half<S, T>) {
    const hn::ScalableTag<float> d;
    const hn::Rebind<hwy::float16_t, decltype(d)> dh;
    const std::size_t lanes = hn::Lanes(d);
    if (reinterpret_cast<std::uintptr_t>(dst) % sizeof(S) != 0) return 0;
    for (; i + lanes <= count; i += lanes) {
      const auto value = hn::LoadU(d, src + i);
      if (HWY_LIKELY(hn::AllTrue(d, hn::Eq(value, value)))) {
        hn::StoreU(hn::DemoteTo(dh, value), dh, reinterpret_cast<hwy::float16_t*>(dst) + i);
      } else {
        for (std::size_t k = i; k < i + lanes; ++k) store_item<S, T>(src[k], dst + k * sizeof(S));
      }
    }
  }
  return i;
}

template <class S, class T> HWY_INLINE void run_in(const std::byte* src, std::size_t count, T* dst) {
  std::size_t i = halves_in<S, T>(src, count, dst);
  if constexpr (std::is_same_v<S, T>) {
    std::memcpy(dst, src, count * sizeof(T));
    return;
  } else if constexpr (is_narrow<S> && std::is_same_v<T, float>) {
    const hn::ScalableTag<float> d;
    const auto* items = reinterpret_cast<const S*>(src);
    if (reinterpret_cast<std::uintptr_t>(src) % sizeof(S) == 0) {
      for (; i + hn::Lanes(d) <= count; i += hn::Lanes(d)) hn::StoreU(load_as(d, items + i), d, dst + i);
    }
  }
  for (; i < count; ++i) dst[i] = load_item<S, T>(src + i * sizeof(S));
}

template <class S, class T> HWY_INLINE void run_out(const T* src, std::byte* dst, std::size_t count) {
  std::size_t i = halves_out<S, T>(src, dst, count);
  if constexpr (std::is_same_v<S, T>) {
    std::memcpy(dst, src, count * sizeof(T));
    return;
  } else if constexpr (is_narrow<S> && std::is_same_v<T, float>) {
    const hn::ScalableTag<float> d;
    auto* items = reinterpret_cast<S*>(dst);
    if (reinterpret_cast<std::uintptr_t>(dst) % sizeof(S) == 0) {
      if constexpr (is_stored_in_fours<S>) {
        for (; i + 4 * hn::Lanes(d) <= count; i += 4 * hn::Lanes(d)) {
          const auto value = [&](std::size_t v) HWY_ATTR { return hn::LoadU(d, src + i + v * hn::Lanes(d)); };
          store_four(d, value(0), value(1), value(2), value(3), items + i);
        }
      }
      for (; i + hn::Lanes(d) <= count; i += hn::Lanes(d)) store_as(d, hn::LoadU(d, src + i), items + i);
    }
  }
  for (; i < count; ++i) store_item<S, T>(src[i], dst + i * sizeof(S));
}

// ---- items with gaps ----

// `count` groups of `size` bytes; `from` and `to` point to the first ones.
template <std::size_t size>
HWY_INLINE void copy_groups(const std::byte* from, std::ptrdiff_t from_step, std::byte* to, std::ptrdiff_t to_step,
                            std::size_t count) {
  for (; count > 0; --count, from += from_step, to += to_step) std::memcpy(to, from, size);
}

// Items of `size` bytes, 16 bytes of them at a time, so that the last comes first.
template <std::size_t size> HWY_INLINE void reverse(const std::byte* from, std::byte* to, std::size_t count) {
  constexpr auto step = static_cast<std::ptrdiff_t>(size);
  from += static_cast<std::ptrdiff_t>(count) * step;
#if HWY_TARGET != HWY_SCALAR
  const hn::FixedTag<std::uint8_t, 16> d;
  alignas(16) static constexpr auto order = [] {
    std::array<std::uint8_t, 16> bytes{};
    for (std::size_t i = 0; i < 16; ++i) bytes[i] = static_cast<std::uint8_t>(16 - size - i / size * size + i % size);
    return bytes;
  }();
  const auto backwards = hn::Load(d, order.data());
  for (; count >= 16 / size; count -= 16 / size, to += 16) {
    from -= 16;
    if (reinterpret_cast<std::uintptr_t>(from) % 64 < 16) hwy::Prefetch(from - 1024);
    const auto items = hn::LoadU(d, reinterpret_cast<const std::uint8_t*>(from));
    hn::StoreU(hn::TableLookupBytes(items, backwards), d, reinterpret_cast<std::uint8_t*>(to));
  }
#endif
  copy_groups<size>(from - step, -step, to, step, count);
}

// Every other item.
template <std::size_t size> HWY_INLINE void every_other(const std::byte* from, std::byte* to, std::size_t count) {
  using S = hwy::UnsignedFromSize<size>;
  const hn::ScalableTag<S> d;
  const std::size_t lanes = hn::Lanes(d);
  auto taken = hn::Zero(d), left = taken;
  // What is loaded ends with an item that nobody asked for.
  for (; count > lanes; count -= lanes, from += 2 * lanes * size, to += lanes * size) {
    hn::LoadInterleaved2(d, reinterpret_cast<const S*>(from), taken, left);
    hn::StoreU(taken, d, reinterpret_cast<S*>(to));
  }
  copy_groups<size>(from, std::ptrdiff_t{2 * size}, to, std::ptrdiff_t{size}, count);
}

constexpr bool is_item(std::size_t size) { return size == 1 || size == 2 || size == 4 || size == 8; }

template <std::size_t size>
void take(const std::byte* from, std::ptrdiff_t from_step, std::byte* to, std::size_t count) {
  constexpr auto step = static_cast<std::ptrdiff_t>(size);
  if constexpr (is_item(size)) {
    if (from_step == -step) return reverse<size>(from - static_cast<std::ptrdiff_t>(count - 1) * step, to, count);
    if (from_step == 2 * step) return every_other<size>(from, to, count);
  }
  copy_groups<size>(from, from_step, to, step, count);
}

template <std::size_t size> void put(const std::byte* from, std::byte* to, std::ptrdiff_t to_step, std::size_t count) {
  constexpr auto step = static_cast<std::ptrdiff_t>(size);
  if constexpr (is_item(size)) {
    if (to_step == -step) return reverse<size>(from, to - static_cast<std::ptrdiff_t>(count - 1) * step, count);
  }
  copy_groups<size>(from, step, to, to_step, count);
}

// ---- the passes ----

// Groups with gaps are brought together first, some at a time, so that conversions see gapless runs.
constexpr std::size_t gathered = 1024;

template <std::size_t inner, class S, class T>
HWY_INLINE void in_groups(const std::byte* src, std::ptrdiff_t stride, std::size_t count, T* dst) {
  constexpr std::size_t most = gathered / (inner * sizeof(S));
  if constexpr (std::is_same_v<S, T>)
    return take<inner * sizeof(S)>(src, stride, reinterpret_cast<std::byte*>(dst), count);
  alignas(64) std::byte some[gathered];
  for (std::size_t n = 0; count > 0; count -= n, src += static_cast<std::ptrdiff_t>(n) * stride, dst += n * inner) {
    n = std::min(count, most);
    take<inner * sizeof(S)>(src, stride, some, n);
    run_in<S, T>(some, n * inner, dst);
  }
}

template <std::size_t inner, class S, class T>
HWY_INLINE void out_groups(const T* src, std::byte* dst, std::ptrdiff_t stride, std::size_t count) {
  constexpr std::size_t most = gathered / (inner * sizeof(S));
  if constexpr (std::is_same_v<S, T>)
    return put<inner * sizeof(S)>(reinterpret_cast<const std::byte*>(src), dst, stride, count);
  alignas(64) std::byte some[gathered];
  for (std::size_t n = 0; count > 0; count -= n, src += n * inner, dst += static_cast<std::ptrdiff_t>(n) * stride) {
    n = std::min(count, most);
    run_out<S, T>(src, some, n * inner);
    put<inner * sizeof(S)>(some, dst, stride, n);
  }
}

template <class S, class T>
void in(const std::byte* src, std::ptrdiff_t stride, std::size_t count, std::size_t inner, T* dst) noexcept {
  if (stride == static_cast<std::ptrdiff_t>(inner * sizeof(S))) return run_in<S, T>(src, count * inner, dst);
  if (count == 0) return;
  switch (inner) {
    case 1: return in_groups<1, S, T>(src, stride, count, dst);
    case 2: return in_groups<2, S, T>(src, stride, count, dst);
    case 3: return in_groups<3, S, T>(src, stride, count, dst);
    case 4: return in_groups<4, S, T>(src, stride, count, dst);
    default: break;
  }
  for (std::size_t i = 0; i < count; ++i, src += stride, dst += inner) run_in<S, T>(src, inner, dst);
}

template <class S, class T>
void out(const T* src, std::byte* dst, std::ptrdiff_t stride, std::size_t count, std::size_t inner) noexcept {
  if (stride == static_cast<std::ptrdiff_t>(inner * sizeof(S))) return run_out<S, T>(src, dst, count * inner);
  if (count == 0) return;
  switch (inner) {
    case 1: return out_groups<1, S, T>(src, dst, stride, count);
    case 2: return out_groups<2, S, T>(src, dst, stride, count);
    case 3: return out_groups<3, S, T>(src, dst, stride, count);
    case 4: return out_groups<4, S, T>(src, dst, stride, count);
    default: break;
  }
  for (std::size_t i = 0; i < count; ++i, src += inner, dst += stride) run_out<S, T>(src, dst, inner);
}

// Past the caches; both places are as far into a cache line.
HWY_INLINE void stream(const std::byte* from, std::byte* to, std::size_t bytes) {
  const hn::ScalableTag<std::uint8_t> d;
  const std::size_t lanes = hn::Lanes(d), head = std::min(bytes, (64 - reinterpret_cast<std::uintptr_t>(to) % 64) % 64);
  std::memcpy(to, from, head);
  std::size_t i = head;
  for (; i + lanes <= bytes; i += lanes) {
    hn::Stream(hn::LoadU(d, reinterpret_cast<const std::uint8_t*>(from + i)), d,
               reinterpret_cast<std::uint8_t*>(to + i));
  }
  std::memcpy(to + i, from + i, bytes - i);
}

// The same of floats that become doubles, which are as wide as what is streamed.
HWY_INLINE void stream_doubles(const float* from, double* to, std::size_t count) {
  const hn::ScalableTag<double> d;
  const hn::Rebind<float, decltype(d)> narrow;
  const std::size_t lanes = hn::Lanes(d), misplaced = reinterpret_cast<std::uintptr_t>(to) % 64 / sizeof(double);
  std::size_t i = 0;
  for (; i < count && (misplaced + i) % 8 != 0; ++i) to[i] = from[i];
  for (; i + lanes <= count; i += lanes) hn::Stream(hn::PromoteTo(d, hn::LoadU(narrow, from + i)), d, to + i);
  for (; i < count; ++i) to[i] = from[i];
}

// Some at a time, each but the first and the last whole cache lines; enough for what was stored in narrow pieces to
// have left the store queue before it is loaded in wide ones.
template <class S, class T>
void out_streamed(const T* src, std::byte* dst, std::ptrdiff_t stride, std::size_t count, std::size_t inner) noexcept {
  constexpr std::size_t size = sizeof(S), held = 4096, most = held / size;
  constexpr auto step = static_cast<std::ptrdiff_t>(size);
  alignas(64) std::byte some[held], backwards[held];
  if (stride == static_cast<std::ptrdiff_t>(inner * size)) {
    if constexpr (std::is_same_v<S, T>)
      return stream(reinterpret_cast<const std::byte*>(src), dst, count * inner * size);
    if constexpr (std::is_same_v<S, double> && std::is_same_v<T, float>) {
      if (reinterpret_cast<std::uintptr_t>(dst) % size == 0)
        return stream_doubles(src, reinterpret_cast<double*>(dst), count * inner);
    }
    std::size_t n = 0;
    for (std::size_t left = count * inner; left > 0; left -= n, src += n, dst += n * size) {
      const std::size_t in_line = reinterpret_cast<std::uintptr_t>(dst) % 64;
      n = std::min(left, most - (in_line + size - 1) / size);
      run_out<S, T>(src, some + in_line, n);
      stream(some + in_line, dst, n * size);
    }
  } else if (inner == 1 && stride == -step) {
    std::size_t n = 0;
    for (; count > 0; count -= n, src += n, dst -= static_cast<std::ptrdiff_t>(n) * step) {
      const std::size_t in_line = reinterpret_cast<std::uintptr_t>(dst + step) % 64;  // where the first one ends
      n = std::min(count, most - (in_line == 0 ? 0 : (64 - in_line + size - 1) / size));
      std::byte* const last = dst - static_cast<std::ptrdiff_t>(n - 1) * step;
      run_out<S, T>(src, backwards, n);
      reverse<size>(backwards, some + reinterpret_cast<std::uintptr_t>(last) % 64, n);
      stream(some + reinterpret_cast<std::uintptr_t>(last) % 64, last, n * size);
    }
  } else {
    out<S, T>(src, dst, stride, count, inner);
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
      static constexpr ConvertPasses<T> passes{&in<S, T>, &out<S, T>, &out_streamed<S, T>, &in_across<S, T>};
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
