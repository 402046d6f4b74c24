// Floor 1. Down to a lower rate and back, compiled once per CPU target.
// Sums stand in arrays, which vectors without a fixed size cannot: on Arm's SVE the passes are those of NEON.
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "passes/resample.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "passes/each-inl.h"
#include "passes/narrow-inl.h"
#include "passes/resample.h"

#include <hwy/cache_control.h>

#include <algorithm>
#include <cstdint>
#include <type_traits>
#include <utility>

HWY_BEFORE_NAMESPACE();
namespace gaussfilt::passes {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr std::size_t read_ahead = 1024;  // bytes: of so many rows at once, no prefetcher follows each

#if HWY_TARGET <= HWY_AVX3
constexpr std::size_t registers = 32;
#else
constexpr std::size_t registers = 16;
#endif

// Vectors side by side: as many as leave all sums in registers, `sets` of them; each weight is loaded once for all.
template <std::size_t width, std::size_t sets>
constexpr std::size_t side_by_side = std::clamp<std::size_t>((registers - 2) / (sets * width + 1), 1, 4);

template <class S, class T> struct Down {
  const void* const* rows;
  std::ptrdiff_t offset;
  std::size_t cells;
  const base::ResampleTaps<T>& taps;
  T* pending;
  std::size_t pitch;
  T* const* out;

  const S* row(std::size_t r) const { return static_cast<const S*>(rows[r]) + offset; }
};

// Loops over registers are to be unrolled: one that is not keeps its arrays in memory.

// sums[k] of the rows [first, last) of a cell.
template <std::size_t width, std::size_t vectors, class D, class S, class T, class V>
HWY_INLINE void block_sums(D d, const Down<S, T>& down, std::size_t cell, std::size_t first, std::size_t last,
                           std::size_t x, V (&sums)[width][vectors]) {
  const std::size_t lanes = hn::Lanes(d), row = cell * down.taps.factor;
  const T* weights = down.taps.down.data() + first * width;
  V samples[vectors];
  const auto load = [&](std::size_t r) HWY_ATTR {
    const S* const from = down.row(row + r) + x;
    if constexpr (sizeof(S) < sizeof(T)) hwy::Prefetch(from + read_ahead / sizeof(S));
    HWY_UNROLL(9)
    for (std::size_t v = 0; v < vectors; ++v) {
      if constexpr (sizeof(S) == sizeof(T)) hwy::Prefetch(from + v * lanes + read_ahead / sizeof(S));
      samples[v] = load_as(d, from + v * lanes);
    }
  };
  load(first);
  HWY_UNROLL(9)
  for (std::size_t k = 0; k < width; ++k) {
    const auto weight = hn::Set(d, weights[k]);
    HWY_UNROLL(9)
    for (std::size_t v = 0; v < vectors; ++v) sums[k][v] = hn::Mul(samples[v], weight);
  }
  for (std::size_t r = first + 1; r < last; ++r) {
    weights += width;
    load(r);
    HWY_UNROLL(9)
    for (std::size_t k = 0; k < width; ++k) {
      const auto weight = hn::Set(d, weights[k]);
      HWY_UNROLL(9)
      for (std::size_t v = 0; v < vectors; ++v) sums[k][v] = hn::MulAdd(samples[v], weight, sums[k][v]);
    }
  }
}

template <std::size_t width, std::size_t vectors, class D, class S, class T>
HWY_INLINE void decimate_at(D d, const Down<S, T>& down, std::size_t x) {
  using V = hn::VFromD<D>;
  const std::size_t lanes = hn::Lanes(d), factor = down.taps.factor, block = base::rows_a_block(factor);
  V begun[width][vectors], sums[width][vectors];
  HWY_UNROLL(9)
  for (std::size_t v = 0; v < vectors; ++v) begun[width - 1][v] = hn::Zero(d);
  HWY_UNROLL(9)
  for (std::size_t k = 0; k + 1 < width; ++k) {
    HWY_UNROLL(9)
    for (std::size_t v = 0; v < vectors; ++v) begun[k][v] = hn::LoadU(d, down.pending + k * down.pitch + x + v * lanes);
  }
  for (std::size_t cell = 0; cell < down.cells; ++cell) {
    for (std::size_t first = 0; first < factor; first += block) {
      block_sums<width, vectors>(d, down, cell, first, std::min(first + block, factor), x, sums);
      HWY_UNROLL(9)
      for (std::size_t k = 0; k < width; ++k) {
        HWY_UNROLL(9)
        for (std::size_t v = 0; v < vectors; ++v) begun[k][v] = hn::Add(begun[k][v], sums[k][v]);
      }
    }
    if (T* const out = down.out[cell]; out != nullptr) {
      HWY_UNROLL(9)
      for (std::size_t v = 0; v < vectors; ++v) hn::StoreU(begun[0][v], d, out + x + v * lanes);
    }
    HWY_UNROLL(9)
    for (std::size_t k = 0; k + 1 < width; ++k) {
      HWY_UNROLL(9)
      for (std::size_t v = 0; v < vectors; ++v) begun[k][v] = begun[k + 1][v];
    }
    HWY_UNROLL(9)
    for (std::size_t v = 0; v < vectors; ++v) begun[width - 1][v] = hn::Zero(d);
  }
  HWY_UNROLL(9)
  for (std::size_t k = 0; k + 1 < width; ++k) {
    HWY_UNROLL(9)
    for (std::size_t v = 0; v < vectors; ++v) hn::StoreU(begun[k][v], d, down.pending + k * down.pitch + x + v * lanes);
  }
}

// The same, a block of rows of one cell a time, what is begun in memory: fewer rows at once come from memory than a
// long cell has, and a weight serves more vectors.
template <std::size_t width, std::size_t vectors, class D, class S, class T>
HWY_INLINE void decimate_block(D d, const Down<S, T>& down, std::size_t cell, std::size_t first, std::size_t x) {
  using V = hn::VFromD<D>;
  const std::size_t lanes = hn::Lanes(d), factor = down.taps.factor;
  const std::size_t last = std::min(first + base::rows_a_block(factor), factor);
  V sums[width][vectors];
  T* const pending = down.pending + x;
  block_sums<width, vectors>(d, down, cell, first, last, x, sums);
  if (first == 0) {
    HWY_UNROLL(9)
    for (std::size_t v = 0; v < vectors; ++v) sums[width - 1][v] = hn::Add(hn::Zero(d), sums[width - 1][v]);
  } else {
    HWY_UNROLL(9)
    for (std::size_t v = 0; v < vectors; ++v) {
      sums[width - 1][v] = hn::Add(hn::LoadU(d, pending + (width - 1) * down.pitch + v * lanes), sums[width - 1][v]);
    }
  }
  HWY_UNROLL(9)
  for (std::size_t k = 0; k + 1 < width; ++k) {
    HWY_UNROLL(9)
    for (std::size_t v = 0; v < vectors; ++v) {
      sums[k][v] = hn::Add(hn::LoadU(d, pending + k * down.pitch + v * lanes), sums[k][v]);
    }
  }
  if (last < factor) {
    HWY_UNROLL(9)
    for (std::size_t k = 0; k < width; ++k) {
      HWY_UNROLL(9)
      for (std::size_t v = 0; v < vectors; ++v) hn::StoreU(sums[k][v], d, pending + k * down.pitch + v * lanes);
    }
    return;
  }
  HWY_UNROLL(9)
  for (std::size_t k = 0; k + 1 < width; ++k) {
    HWY_UNROLL(9)
    for (std::size_t v = 0; v < vectors; ++v) hn::StoreU(sums[k + 1][v], d, pending + k * down.pitch + v * lanes);
  }
  if (T* const out = down.out[cell]; out != nullptr) {
    HWY_UNROLL(9)
    for (std::size_t v = 0; v < vectors; ++v) hn::StoreU(sums[0][v], d, out + x + v * lanes);
  }
}

// Calls at(d, vectors, x) for all of [x, end): vectors side by side, then one by one, then items.
template <std::size_t vectors, class T, class At>
HWY_INLINE void in_vectors(std::size_t x, std::size_t end, T, const At& at) {
  const hn::ScalableTag<T> d;
  const std::size_t lanes = hn::Lanes(d);
  constexpr std::integral_constant<std::size_t, 1> single;
  for (; x + vectors * lanes <= end; x += vectors * lanes) at(d, std::integral_constant<std::size_t, vectors>(), x);
  for (; x + lanes <= end; x += lanes) at(d, single, x);
  for (; x < end; ++x) at(hn::CappedTag<T, 1>(), single, x);
}

constexpr std::size_t long_row = 256;  // items: shorter ones are in the cache anyway

template <std::size_t width, class S, class T>
HWY_INLINE void decimate_of(const Down<S, T>& down, std::size_t begin, std::size_t end) {
  const std::size_t factor = down.taps.factor, block = base::rows_a_block(factor);
  if ((block == factor && down.cells > 1) || end - begin < long_row) {
    return in_vectors<side_by_side<width, 2>>(begin, end, T(), [&](auto d, auto vectors, std::size_t x) HWY_ATTR {
      decimate_at<width, decltype(vectors)::value>(d, down, x);
    });
  }
  for (std::size_t cell = 0; cell < down.cells; ++cell) {
    for (std::size_t first = 0; first < factor; first += block) {
      in_vectors<side_by_side<width, 1>>(begin, end, T(), [&](auto d, auto vectors, std::size_t x) HWY_ATTR {
        decimate_block<width, decltype(vectors)::value>(d, down, cell, first, x);
      });
    }
  }
}

template <class S, class T>
void decimate(const void* const* rows, std::ptrdiff_t offset, std::size_t cells, const base::ResampleTaps<T>& taps,
              T* pending, std::size_t pitch, T* const* out, std::size_t begin, std::size_t end) noexcept {
  const Down<S, T> down{rows, offset, cells, taps, pending, pitch, out};
  with_width(taps.width, [&](auto width) HWY_ATTR { decimate_of<decltype(width)::value>(down, begin, end); });
}

template <class S, class T> struct Up {
  const T* const* rows;
  std::ptrdiff_t offset;
  std::size_t cells;
  const base::ResampleTaps<T>& taps;
  void* const* out;
};

template <std::size_t width, std::size_t vectors, bool streamed, class D, class S, class T>
HWY_INLINE void interpolate_at(D d, const Up<S, T>& up, std::size_t x) {
  using V = hn::VFromD<D>;
  const std::size_t lanes = hn::Lanes(d), factor = up.taps.factor;
  V samples[width][vectors];
  const auto load = [&](std::size_t k, const T* row) HWY_ATTR {
    for (std::size_t v = 0; v < vectors; ++v) samples[k][v] = hn::LoadU(d, row + up.offset + x + v * lanes);
  };
  for (std::size_t k = 0; k + 1 < width; ++k) load(k + 1, up.rows[k]);
  for (std::size_t cell = 0; cell < up.cells; ++cell) {
    for (std::size_t k = 0; k + 1 < width; ++k) {
      for (std::size_t v = 0; v < vectors; ++v) samples[k][v] = samples[k + 1][v];
    }
    load(width - 1, up.rows[cell + width - 1]);
    const T* weights = up.taps.up.data();
    void* const* const out = up.out + cell * factor;
    for (std::size_t r = 0; r < factor; ++r, weights += width) {
      if (out[r] == nullptr) continue;
      V sums[vectors];
      const auto first = hn::Set(d, weights[0]);
      for (std::size_t v = 0; v < vectors; ++v) sums[v] = hn::Mul(samples[0][v], first);
      for (std::size_t i = 1; i < width; ++i) {
        const std::size_t k = base::from_outside(i, width);
        const auto weight = hn::Set(d, weights[k]);
        for (std::size_t v = 0; v < vectors; ++v) sums[v] = hn::MulAdd(samples[k][v], weight, sums[v]);
      }
      S* const to = static_cast<S*>(out[r]) + x;
      if constexpr (vectors == 4 && is_stored_in_fours<S>) {
        store_four(d, sums[0], sums[1], sums[2], sums[3], to);
        continue;
      }
      for (std::size_t v = 0; v < vectors; ++v) {
        if constexpr (streamed) hn::Stream(sums[v], d, to + v * lanes);
        else store_as(d, sums[v], to + v * lanes);
      }
    }
  }
}

template <std::size_t width, bool streamed, class S, class T>
HWY_INLINE void interpolate_of(const Up<S, T>& up, std::size_t x, std::size_t head, std::size_t end) {
  const hn::ScalableTag<T> d;
  const hn::CappedTag<T, 1> one;
  const std::size_t lanes = hn::Lanes(d);
  constexpr std::size_t vectors = side_by_side<width, 1>;
  for (; x < head; ++x) interpolate_at<width, 1, false>(one, up, x);
  for (; x + vectors * lanes <= end; x += vectors * lanes) interpolate_at<width, vectors, streamed>(d, up, x);
  for (; x + lanes <= end; x += lanes) interpolate_at<width, 1, streamed>(d, up, x);
  for (; x < end; ++x) interpolate_at<width, 1, false>(one, up, x);
}

// From which x on all rows of `out` are whole vectors at once; end where they are not.
template <class T>
std::size_t aligned_from(void* const* out, std::size_t rows, std::size_t begin, std::size_t end) noexcept {
  const hn::ScalableTag<T> d;
  const std::size_t bytes = hn::Lanes(d) * sizeof(T);
  const auto beyond = [&](const void* row) {
    return reinterpret_cast<std::uintptr_t>(static_cast<const T*>(row) + begin) % bytes;
  };
  void* const* const first = std::find_if(out, out + rows, [](const void* row) { return row != nullptr; });
  if (first == out + rows || beyond(*first) % sizeof(T) != 0) return end;
  const std::size_t head = begin + (bytes - beyond(*first)) % bytes / sizeof(T);
  const bool same =
      std::all_of(first, out + rows, [&](const void* row) { return row == nullptr || beyond(row) == beyond(*first); });
  return same && head < end ? head : end;
}

template <class S, class T>
void interpolate(const T* const* rows, std::ptrdiff_t offset, std::size_t cells, const base::ResampleTaps<T>& taps,
                 void* const* out, std::size_t begin, std::size_t end, bool streamed) noexcept {
  const Up<S, T> up{rows, offset, cells, taps, out};
  constexpr bool whole = std::is_same_v<S, T>;  // vectors of narrow samples are too short to be streamed
  const std::size_t head = whole && streamed ? aligned_from<T>(out, cells * taps.factor, begin, end) : end;
  with_width(taps.width, [&](auto width) HWY_ATTR {
    constexpr std::size_t w = decltype(width)::value;
    if constexpr (whole) {
      if (head < end) return interpolate_of<w, true>(up, begin, head, end);
    }
    interpolate_of<w, false>(up, begin, begin, end);
  });
}

void flush_streams() noexcept { hwy::FlushStream(); }

// ---- turning ----

#if HWY_TARGET == HWY_SCALAR

template <class Row, class Turned> void turn(const Row* const* rows, std::size_t count, Turned* turned) noexcept {
  for (std::size_t x = 0; x < count; ++x) {
    for (std::size_t r = 0; r < rows_turned; ++r) turned[x * rows_turned + r] = static_cast<Turned>(rows[r][x]);
  }
}
template <class Row, class Turned> void turn_back(const Turned* turned, std::size_t count, Row* const* rows) noexcept {
  for (std::size_t x = 0; x < count; ++x) {
    for (std::size_t r = 0; r < rows_turned; ++r) rows[r][x] = static_cast<Row>(turned[x * rows_turned + r]);
  }
}

#else

// Four rows of four floats a time, in vectors of 16 bytes.
using Four = hn::FixedTag<float, 4>;
using Two = hn::FixedTag<double, 2>;

template <class V> HWY_INLINE void transpose(V& a, V& b, V& c, V& e) {
  const Four d;
  const auto low_even = hn::InterleaveLower(d, a, c), low_odd = hn::InterleaveLower(d, b, e);
  const auto high_even = hn::InterleaveUpper(d, a, c), high_odd = hn::InterleaveUpper(d, b, e);
  a = hn::InterleaveLower(d, low_even, low_odd), b = hn::InterleaveUpper(d, low_even, low_odd);
  c = hn::InterleaveLower(d, high_even, high_odd), e = hn::InterleaveUpper(d, high_even, high_odd);
}

HWY_INLINE void put(hn::VFromD<Four> v, float* to) { hn::StoreU(v, Four(), to); }
HWY_INLINE void put(hn::VFromD<Four> v, double* to) {
  const hn::Half<Four> half;
  hn::StoreU(hn::PromoteTo(Two(), hn::LowerHalf(half, v)), Two(), to);
  hn::StoreU(hn::PromoteTo(Two(), hn::UpperHalf(half, v)), Two(), to + 2);
}
HWY_INLINE auto get(const float* from) { return hn::LoadU(Four(), from); }
HWY_INLINE auto get(const double* from) {
  const hn::Half<Four> half;
  return hn::Combine(Four(), hn::DemoteTo(half, hn::LoadU(Two(), from + 2)),
                     hn::DemoteTo(half, hn::LoadU(Two(), from)));
}

#if HWY_TARGET <= HWY_AVX2

// Eight rows of eight floats in vectors of 32 bytes, where their halves are cheap to exchange.
using Eight = hn::FixedTag<float, 8>;
using V8 = hn::VFromD<Eight>;

HWY_INLINE void transpose_eight(V8 (&v)[8]) {
  const Eight d;
  const hn::Repartition<double, Eight> pairs;
  const auto lower = [&](V8 a, V8 b) HWY_ATTR {
    return hn::BitCast(d, hn::InterleaveLower(pairs, hn::BitCast(pairs, a), hn::BitCast(pairs, b)));
  };
  const auto upper = [&](V8 a, V8 b) HWY_ATTR {
    return hn::BitCast(d, hn::InterleaveUpper(pairs, hn::BitCast(pairs, a), hn::BitCast(pairs, b)));
  };
  V8 quads[8];
  for (std::size_t i = 0; i < 8; i += 4) {
    const auto a = hn::InterleaveLower(d, v[i], v[i + 1]), b = hn::InterleaveLower(d, v[i + 2], v[i + 3]);
    const auto c = hn::InterleaveUpper(d, v[i], v[i + 1]), e = hn::InterleaveUpper(d, v[i + 2], v[i + 3]);
    quads[i] = lower(a, b), quads[i + 1] = upper(a, b), quads[i + 2] = lower(c, e), quads[i + 3] = upper(c, e);
  }
  for (std::size_t i = 0; i < 4; ++i) {
    v[i] = hn::ConcatLowerLower(d, quads[i + 4], quads[i]);
    v[i + 4] = hn::ConcatUpperUpper(d, quads[i + 4], quads[i]);
  }
}

HWY_INLINE std::size_t turn_eights(const float* const* rows, std::size_t count, float* turned) {
  const Eight d;
  std::size_t x = 0;
  for (; x + 8 <= count; x += 8) {
    for (std::size_t r = 0; r < rows_turned; r += 8) {
      V8 v[8];
      for (std::size_t i = 0; i < 8; ++i) v[i] = hn::LoadU(d, rows[r + i] + x);
      transpose_eight(v);
      for (std::size_t i = 0; i < 8; ++i) hn::StoreU(v[i], d, turned + (x + i) * rows_turned + r);
    }
  }
  return x;
}

HWY_INLINE std::size_t turn_back_eights(const float* turned, std::size_t count, float* const* rows) {
  const Eight d;
  std::size_t x = 0;
  for (; x + 8 <= count; x += 8) {
    for (std::size_t r = 0; r < rows_turned; r += 8) {
      V8 v[8];
      for (std::size_t i = 0; i < 8; ++i) v[i] = hn::LoadU(d, turned + (x + i) * rows_turned + r);
      transpose_eight(v);
      for (std::size_t i = 0; i < 8; ++i) hn::StoreU(v[i], d, rows[r + i] + x);
    }
  }
  return x;
}

#else

HWY_INLINE std::size_t turn_eights(const float* const*, std::size_t, float*) { return 0; }
HWY_INLINE std::size_t turn_back_eights(const float*, std::size_t, float* const*) { return 0; }

#endif

HWY_INLINE std::size_t turn_eights(const float* const*, std::size_t, double*) { return 0; }
HWY_INLINE std::size_t turn_back_eights(const double*, std::size_t, float* const*) { return 0; }

template <class Turned> void turn(const float* const* rows, std::size_t count, Turned* turned) noexcept {
  std::size_t x = turn_eights(rows, count, turned);
  for (; x + 4 <= count; x += 4) {
    for (std::size_t r = 0; r < rows_turned; r += 4) {
      auto a = get(rows[r] + x), b = get(rows[r + 1] + x), c = get(rows[r + 2] + x), e = get(rows[r + 3] + x);
      transpose(a, b, c, e);
      Turned* const to = turned + x * rows_turned + r;
      put(a, to), put(b, to + rows_turned), put(c, to + 2 * rows_turned), put(e, to + 3 * rows_turned);
    }
  }
  for (; x < count; ++x) {
    for (std::size_t r = 0; r < rows_turned; ++r) turned[x * rows_turned + r] = rows[r][x];
  }
}

template <class Turned> void turn_back(const Turned* turned, std::size_t count, float* const* rows) noexcept {
  std::size_t x = turn_back_eights(turned, count, rows);
  for (; x + 4 <= count; x += 4) {
    for (std::size_t r = 0; r < rows_turned; r += 4) {
      const Turned* const from = turned + x * rows_turned + r;
      auto a = get(from), b = get(from + rows_turned), c = get(from + 2 * rows_turned), e = get(from + 3 * rows_turned);
      transpose(a, b, c, e);
      put(a, rows[r] + x), put(b, rows[r + 1] + x), put(c, rows[r + 2] + x), put(e, rows[r + 3] + x);
    }
  }
  for (; x < count; ++x) {
    for (std::size_t r = 0; r < rows_turned; ++r) rows[r][x] = static_cast<float>(turned[x * rows_turned + r]);
  }
}

void turn(const double* const* rows, std::size_t count, double* turned) noexcept {
  const Two d;
  std::size_t x = 0;
  for (; x + 2 <= count; x += 2) {
    for (std::size_t r = 0; r < rows_turned; r += 2) {
      const auto a = hn::LoadU(d, rows[r] + x), b = hn::LoadU(d, rows[r + 1] + x);
      double* const to = turned + x * rows_turned + r;
      hn::StoreU(hn::InterleaveLower(d, a, b), d, to);
      hn::StoreU(hn::InterleaveUpper(d, a, b), d, to + rows_turned);
    }
  }
  for (; x < count; ++x) {
    for (std::size_t r = 0; r < rows_turned; ++r) turned[x * rows_turned + r] = rows[r][x];
  }
}

void turn_back(const double* turned, std::size_t count, double* const* rows) noexcept {
  const Two d;
  std::size_t x = 0;
  for (; x + 2 <= count; x += 2) {
    for (std::size_t r = 0; r < rows_turned; r += 2) {
      const double* const from = turned + x * rows_turned + r;
      const auto a = hn::LoadU(d, from), b = hn::LoadU(d, from + rows_turned);
      hn::StoreU(hn::InterleaveLower(d, a, b), d, rows[r] + x);
      hn::StoreU(hn::InterleaveUpper(d, a, b), d, rows[r + 1] + x);
    }
  }
  for (; x < count; ++x) {
    for (std::size_t r = 0; r < rows_turned; ++r) rows[r][x] = turned[x * rows_turned + r];
  }
}

#endif

template <class S, class T> const ResamplePasses<T>* passes_of() {
  static constexpr ResamplePasses<T> passes{&decimate<S, T>, &interpolate<S, T>, &flush_streams};
  return &passes;
}
template <class Row, class Turned> const TurnPasses<Row, Turned>* turns_of() {
  static constexpr TurnPasses<Row, Turned> passes{&turn, &turn_back};
  return &passes;
}

const ResamplePasses<float>* resample_f32_of_target(DType samples) {
  switch (samples) {
    case DType::f32: return passes_of<float, float>();
    case DType::u8: return passes_of<std::uint8_t, float>();
    case DType::u16: return passes_of<std::uint16_t, float>();
    default: return nullptr;
  }
}
const ResamplePasses<double>* resample_f64_of_target(DType samples) {
  return samples == DType::f64 ? passes_of<double, double>() : nullptr;
}
const TurnPasses<float, float>* turn_f32_of_target() { return turns_of<float, float>(); }
const TurnPasses<float, double>* turn_f32_f64_of_target() { return turns_of<float, double>(); }
const TurnPasses<double, double>* turn_f64_of_target() { return turns_of<double, double>(); }

}  // namespace HWY_NAMESPACE
}  // namespace gaussfilt::passes
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gaussfilt::passes {

HWY_EXPORT(resample_f32_of_target);
HWY_EXPORT(resample_f64_of_target);
HWY_EXPORT(turn_f32_of_target);
HWY_EXPORT(turn_f32_f64_of_target);
HWY_EXPORT(turn_f64_of_target);

const ResamplePasses<float>* resample_f32(DType samples) {
  return HWY_DYNAMIC_DISPATCH(resample_f32_of_target)(samples);
}
const ResamplePasses<double>* resample_f64(DType samples) {
  return HWY_DYNAMIC_DISPATCH(resample_f64_of_target)(samples);
}
const TurnPasses<float, float>& turn_f32() { return *HWY_DYNAMIC_DISPATCH(turn_f32_of_target)(); }
const TurnPasses<float, double>& turn_f32_f64() { return *HWY_DYNAMIC_DISPATCH(turn_f32_f64_of_target)(); }
const TurnPasses<double, double>& turn_f64() { return *HWY_DYNAMIC_DISPATCH(turn_f64_of_target)(); }

}  // namespace gaussfilt::passes
#endif
