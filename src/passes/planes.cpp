// Floor 1. Bytes into and out of panels, compiled once per CPU target: two to four interleaved channels by vector
// shuffles, the rest byte by byte.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "passes/planes.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "passes/planes.h"

#include <hwy/cache_control.h>

#include <algorithm>
#include <cstring>

HWY_BEFORE_NAMESPACE();
namespace gaussfilt::passes {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Bytes = hn::ScalableTag<std::uint8_t>;

const std::uint8_t* as_bytes(const std::byte* p) { return reinterpret_cast<const std::uint8_t*>(p); }
std::uint8_t* as_bytes(std::byte* p) { return reinterpret_cast<std::uint8_t*>(p); }

// ---- interleaved channels ----

template <std::size_t planes>
HWY_INLINE void load_planes(const std::uint8_t* from, std::uint8_t* to, std::size_t pitch) {
  const Bytes d;
  auto a = hn::Zero(d), b = a, c = a, e = a;
  if constexpr (planes == 2) hn::LoadInterleaved2(d, from, a, b);
  if constexpr (planes == 3) hn::LoadInterleaved3(d, from, a, b, c);
  if constexpr (planes == 4) hn::LoadInterleaved4(d, from, a, b, c, e);
  hn::StoreU(a, d, to);
  hn::StoreU(b, d, to + pitch);
  if constexpr (planes > 2) hn::StoreU(c, d, to + 2 * pitch);
  if constexpr (planes > 3) hn::StoreU(e, d, to + 3 * pitch);
}

template <std::size_t planes>
HWY_INLINE void store_planes(const std::uint8_t* from, std::size_t pitch, std::uint8_t* to) {
  const Bytes d;
  const auto plane = [&](std::size_t p) HWY_ATTR { return hn::LoadU(d, from + p * pitch); };
  if constexpr (planes == 2) hn::StoreInterleaved2(plane(0), plane(1), d, to);
  if constexpr (planes == 3) hn::StoreInterleaved3(plane(0), plane(1), plane(2), d, to);
  if constexpr (planes == 4) hn::StoreInterleaved4(plane(0), plane(1), plane(2), plane(3), d, to);
}

// ---- rows that run backwards ----

HWY_INLINE void reverse(std::uint8_t* run, std::size_t count) {
  std::size_t begin = 0, end = count;
#if HWY_TARGET != HWY_SCALAR
  const hn::FixedTag<std::uint8_t, 16> d;
  const auto backwards = hn::Sub(hn::Set(d, 15), hn::Iota(d, 0));
  for (; begin + 32 <= end; begin += 16, end -= 16) {
    const auto low = hn::LoadU(d, run + begin), high = hn::LoadU(d, run + end - 16);
    hn::StoreU(hn::TableLookupBytes(high, backwards), d, run + begin);
    hn::StoreU(hn::TableLookupBytes(low, backwards), d, run + end - 16);
  }
#endif
  std::reverse(run + begin, run + end);
}

bool backwards(const PlanarRow& row) {
  return row.group == 1 && row.stride == -static_cast<std::ptrdiff_t>(row.planes);
}

// The same memory from its other end.
PlanarRow forwards(PlanarRow row) {
  row.stride = -row.stride;
  return row;
}
std::ptrdiff_t to_last(const PlanarRow& row) { return static_cast<std::ptrdiff_t>(row.count - 1) * row.stride; }

void reverse_all(std::uint8_t* runs, const PlanarRow& row) {
  for (std::size_t p = 0; p < row.planes; ++p) reverse(runs + p * row.pitch, row.count);
}

// ---- rows ----

// One channel with gaps; of every other byte whole vectors, but for the last, which would end with a byte nobody asked
// for.
HWY_INLINE void take(const std::uint8_t* src, std::ptrdiff_t stride, std::size_t count, std::uint8_t* run) {
  const Bytes d;
  const std::size_t lanes = hn::Lanes(d);
  auto taken = hn::Zero(d), left = taken;
  for (; stride == 2 && count > lanes; count -= lanes, src += 2 * lanes, run += lanes) {
    hn::LoadInterleaved2(d, src, taken, left);
    hn::StoreU(taken, d, run);
  }
  for (; count > 0; --count, src += stride) *run++ = *src;
}

// Calls body(i) for whole vectors of interleaved samples; returns how many items those are.
template <class Body> HWY_INLINE std::size_t whole_vectors(const PlanarRow& row, const Body& body) {
  const std::size_t lanes = hn::Lanes(Bytes());
  std::size_t i = 0;
  if (row.stride != static_cast<std::ptrdiff_t>(row.planes) || row.planes < 2 || row.planes > 4) return i;
  for (; i + lanes <= row.count; i += lanes) body(i);
  return i;
}

void split(const std::byte* src, const PlanarRow& row, std::uint8_t* runs) noexcept {
  if (row.count == 0) return;
  for (std::size_t at = 0; row.next != nullptr && at < row.count * row.planes; at += 64) hwy::Prefetch(row.next + at);
  if (backwards(row)) {
    split(src + to_last(row), forwards(row), runs);
    return reverse_all(runs, row);
  }
  if (row.planes == 1 && row.stride == static_cast<std::ptrdiff_t>(row.group)) {
    std::memcpy(runs, src, row.count * row.group);
    return;
  }
  if (row.planes == 1 && row.group == 1) return take(as_bytes(src), row.stride, row.count, runs);
  std::size_t i = whole_vectors(row, [&](std::size_t at) HWY_ATTR {
    const std::uint8_t* const from = as_bytes(src) + at * row.planes;
    if (row.planes == 2) load_planes<2>(from, runs + at, row.pitch);
    else if (row.planes == 3) load_planes<3>(from, runs + at, row.pitch);
    else load_planes<4>(from, runs + at, row.pitch);
  });
  src += static_cast<std::ptrdiff_t>(i) * row.stride;
  for (; i < row.count; ++i, src += row.stride) {
    if (row.group > 1) std::memcpy(runs + i * row.group, src, row.group);
    else
      for (std::size_t p = 0; p < row.planes; ++p) runs[p * row.pitch + i] = as_bytes(src)[p];
  }
}

void merge(std::uint8_t* runs, const PlanarRow& row, std::byte* dst) noexcept {
  if (row.count == 0) return;
  if (backwards(row)) {
    reverse_all(runs, row);
    return merge(runs, forwards(row), dst + to_last(row));
  }
  if (row.planes == 1 && row.stride == static_cast<std::ptrdiff_t>(row.group)) {
    std::memcpy(dst, runs, row.count * row.group);
    return;
  }
  if (row.planes == 1 && row.group == 1) {
    for (std::size_t i = 0; i < row.count; ++i, dst += row.stride) *dst = std::byte{runs[i]};
    return;
  }
  std::size_t i = whole_vectors(row, [&](std::size_t at) HWY_ATTR {
    std::uint8_t* const to = as_bytes(dst) + at * row.planes;
    if (row.planes == 2) store_planes<2>(runs + at, row.pitch, to);
    else if (row.planes == 3) store_planes<3>(runs + at, row.pitch, to);
    else store_planes<4>(runs + at, row.pitch, to);
  });
  dst += static_cast<std::ptrdiff_t>(i) * row.stride;
  for (; i < row.count; ++i, dst += row.stride) {
    if (row.group > 1) std::memcpy(dst, runs + i * row.group, row.group);
    else
      for (std::size_t p = 0; p < row.planes; ++p) as_bytes(dst)[p] = runs[p * row.pitch + i];
  }
}

const PlanePasses* planes_of_target() {
  static constexpr PlanePasses passes{&split, &merge};
  return &passes;
}

}  // namespace HWY_NAMESPACE
}  // namespace gaussfilt::passes
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gaussfilt::passes {

HWY_EXPORT(planes_of_target);

const PlanePasses& planes() { return *HWY_DYNAMIC_DISPATCH(planes_of_target)(); }

}  // namespace gaussfilt::passes
#endif
