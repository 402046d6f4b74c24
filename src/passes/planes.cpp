// Floor 1. Bytes into and out of panels, compiled once per CPU target: two to four interleaved channels by vector
// shuffles, rows that lie across the memory by 16 x 16 transposes, the rest byte by byte.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "passes/planes.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "passes/planes.h"

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
  if (backwards(row)) {
    split(src + to_last(row), forwards(row), runs);
    return reverse_all(runs, row);
  }
  if (row.planes == 1 && row.stride == static_cast<std::ptrdiff_t>(row.group)) {
    std::memcpy(runs, src, row.count * row.group);
    return;
  }
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

// ---- across the memory ----

constexpr std::size_t block = 64;  // a cache line: each is touched once

#if HWY_TARGET == HWY_SCALAR

HWY_INLINE void turn(const std::uint8_t* from, std::uint8_t* to) {
  for (std::size_t y = 0; y < block; ++y) {
    for (std::size_t x = 0; x < block; ++x) to[y * block + x] = from[x * block + y];
  }
}

#else

// 16 x 16 bytes of a block of 64 x 64: a perfect shuffle of the 16 vectors' items, four times.
HWY_INLINE void turn_part(const std::uint8_t* from, std::uint8_t* to) {
  const hn::FixedTag<std::uint8_t, 16> d;
  hn::VFromD<decltype(d)> v[16], w[16];
  for (std::size_t i = 0; i < 16; ++i) v[i] = hn::LoadU(d, from + i * block);
  for (int round = 0; round < 4; ++round) {
    for (std::size_t i = 0; i < 8; ++i) {
      w[2 * i] = hn::InterleaveLower(d, v[i], v[i + 8]);
      w[2 * i + 1] = hn::InterleaveUpper(d, v[i], v[i + 8]);
    }
    for (std::size_t i = 0; i < 16; ++i) v[i] = w[i];
  }
  for (std::size_t i = 0; i < 16; ++i) hn::StoreU(v[i], d, to + i * block);
}

HWY_INLINE void turn(const std::uint8_t* from, std::uint8_t* to) {
  for (std::size_t y = 0; y < block; y += 16) {
    for (std::size_t x = 0; x < block; x += 16) turn_part(from + x * block + y, to + y * block + x);
  }
}

#endif

void across(const std::byte* from, std::ptrdiff_t row_stride, std::ptrdiff_t column_stride, std::size_t rows,
            std::size_t columns, std::uint8_t* to, std::size_t pitch) noexcept {
  alignas(64) std::uint8_t taken[block * block], turned[block * block];
  for (std::size_t y = 0; y < rows; y += block) {
    const std::size_t height = std::min(block, rows - y);
    for (std::size_t x = 0; x < columns; x += block) {
      const std::size_t width = std::min(block, columns - x);
      const std::uint8_t* const corner =
          as_bytes(from) + static_cast<std::ptrdiff_t>(y) * row_stride + static_cast<std::ptrdiff_t>(x) * column_stride;
      for (std::size_t i = 0; i < width; ++i) {
        const std::uint8_t* const column = corner + static_cast<std::ptrdiff_t>(i) * column_stride;
        std::uint8_t* const line = taken + i * block;
        if (row_stride == 1) std::memcpy(line, column, height);
        else
          for (std::size_t k = 0; k < height; ++k) line[k] = column[static_cast<std::ptrdiff_t>(k) * row_stride];
      }
      turn(taken, turned);
      for (std::size_t i = 0; i < height; ++i) std::memcpy(to + (y + i) * pitch + x, turned + i * block, width);
    }
  }
}

const PlanePasses* planes_of_target() {
  static constexpr PlanePasses passes{&split, &merge, &across};
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
