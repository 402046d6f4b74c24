// Floor 1. Down to a lower rate and back, compiled once per CPU target.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "passes/resample.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

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

// Vectors side by side: as many as leave all sums in registers.
template <std::size_t width>
constexpr std::size_t side_by_side = std::clamp<std::size_t>((registers - 2) / (2 * width + 1), 1, 4);

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

// Calls body(std::integral_constant<i>) for i below count. Loops over registers are written out: a compiler that leaves
// one as a loop keeps its arrays in memory.
template <std::size_t count, class Body> HWY_INLINE void each_below(const Body& body) {
  const auto call = [&]<std::size_t... i>(std::index_sequence<i...>) HWY_ATTR {
    (body(std::integral_constant<std::size_t, i>()), ...);
  };
  call(std::make_index_sequence<count>());
}

template <std::size_t width, std::size_t vectors, class Body> HWY_INLINE void each_sum(const Body& body) {
  each_below<width>([&](auto k) HWY_ATTR { each_below<vectors>([&](auto v) HWY_ATTR { body(k, v); }); });
}

// sums[k] of the rows [first, last) of a cell.
template <std::size_t width, std::size_t vectors, class D, class S, class T, class V>
HWY_INLINE void block_sums(D d, const Down<S, T>& down, std::size_t cell, std::size_t first, std::size_t last,
                           std::size_t x, V (&sums)[width][vectors]) {
  const std::size_t lanes = hn::Lanes(d), row = cell * down.taps.factor;
  const T* weights = down.taps.down.data() + first * width;
  V samples[vectors];
  const auto load = [&](std::size_t r) HWY_ATTR {
    const S* const from = down.row(row + r) + x;
    each_below<vectors>([&](auto v) HWY_ATTR {
      if (sizeof(S) == sizeof(T) || v == 0) hwy::Prefetch(from + v * lanes + read_ahead / sizeof(S));
      samples[v] = load_as(d, from + v * lanes);
    });
  };
  load(first);
  each_sum<width, vectors>([&](auto k, auto v) HWY_ATTR { sums[k][v] = hn::Mul(samples[v], hn::Set(d, weights[k])); });
  for (std::size_t r = first + 1; r < last; ++r) {
    weights += width;
    load(r);
    each_sum<width, vectors>([&](auto k, auto v)
                                 HWY_ATTR { sums[k][v] = hn::MulAdd(samples[v], hn::Set(d, weights[k]), sums[k][v]); });
  }
}

template <std::size_t width, std::size_t vectors, class D, class S, class T>
HWY_INLINE void decimate_at(D d, const Down<S, T>& down, std::size_t x) {
  using V = hn::VFromD<D>;
  const std::size_t lanes = hn::Lanes(d), factor = down.taps.factor;
  V begun[width][vectors], sums[width][vectors];
  const auto pending = [&](auto k, auto v) HWY_ATTR { return down.pending + k * down.pitch + x + v * lanes; };
  each_below<vectors>([&](auto v) HWY_ATTR { begun[width - 1][v] = hn::Zero(d); });
  each_sum<width - 1, vectors>([&](auto k, auto v) HWY_ATTR { begun[k][v] = hn::LoadU(d, pending(k, v)); });
  for (std::size_t cell = 0; cell < down.cells; ++cell) {
    for (std::size_t first = 0; first < factor; first += rows_a_block) {
      block_sums<width, vectors>(d, down, cell, first, std::min(first + rows_a_block, factor), x, sums);
      each_sum<width, vectors>([&](auto k, auto v) HWY_ATTR { begun[k][v] = hn::Add(begun[k][v], sums[k][v]); });
    }
    if (T* const out = down.out[cell]; out != nullptr) {
      each_below<vectors>([&](auto v) HWY_ATTR { hn::StoreU(begun[0][v], d, out + x + v * lanes); });
    }
    each_sum<width - 1, vectors>([&](auto k, auto v) HWY_ATTR { begun[k][v] = begun[k + 1][v]; });
    each_below<vectors>([&](auto v) HWY_ATTR { begun[width - 1][v] = hn::Zero(d); });
  }
  each_sum<width - 1, vectors>([&](auto k, auto v) HWY_ATTR { hn::StoreU(begun[k][v], d, pending(k, v)); });
}

// The same, a block of rows of one cell a time: fewer rows at once come from memory than a long cell has.
template <std::size_t width, std::size_t vectors, class D, class S, class T>
HWY_INLINE void decimate_block(D d, const Down<S, T>& down, std::size_t cell, std::size_t first, std::size_t x) {
  using V = hn::VFromD<D>;
  const std::size_t lanes = hn::Lanes(d), factor = down.taps.factor, last = std::min(first + rows_a_block, factor);
  V sums[width][vectors];
  const auto pending = [&](std::size_t k, auto v) HWY_ATTR { return down.pending + k * down.pitch + x + v * lanes; };
  block_sums<width, vectors>(d, down, cell, first, last, x, sums);
  each_sum<width - 1, vectors>([&](auto k, auto v)
                                   HWY_ATTR { sums[k][v] = hn::Add(hn::LoadU(d, pending(k, v)), sums[k][v]); });
  each_below<vectors>([&](auto v) HWY_ATTR {
    const auto begun = first == 0 ? hn::Zero(d) : hn::LoadU(d, pending(width - 1, v));
    sums[width - 1][v] = hn::Add(begun, sums[width - 1][v]);
  });
  if (last < factor) {
    return each_sum<width, vectors>([&](auto k, auto v) HWY_ATTR { hn::StoreU(sums[k][v], d, pending(k, v)); });
  }
  each_sum<width - 1, vectors>([&](auto k, auto v) HWY_ATTR { hn::StoreU(sums[k + 1][v], d, pending(k, v)); });
  if (T* const out = down.out[cell]; out != nullptr) {
    each_below<vectors>([&](auto v) HWY_ATTR { hn::StoreU(sums[0][v], d, out + x + v * lanes); });
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
  if (down.taps.factor <= rows_a_block || end - begin < long_row) {
    return in_vectors<side_by_side<width>>(begin, end, T(), [&](auto d, auto vectors, std::size_t x) HWY_ATTR {
      decimate_at<width, decltype(vectors)::value>(d, down, x);
    });
  }
  for (std::size_t cell = 0; cell < down.cells; ++cell) {
    for (std::size_t first = 0; first < down.taps.factor; first += rows_a_block) {
      in_vectors<side_by_side<width>>(begin, end, T(), [&](auto d, auto vectors, std::size_t x) HWY_ATTR {
        decimate_block<width, decltype(vectors)::value>(d, down, cell, first, x);
      });
    }
  }
}

// Calls body(std::integral_constant<width>).
template <class Body> HWY_INLINE void with_width(std::size_t width, const Body& body) {
  switch (width) {
    case 2: return body(std::integral_constant<std::size_t, 2>());
    case 3: return body(std::integral_constant<std::size_t, 3>());
    case 4: return body(std::integral_constant<std::size_t, 4>());
    case 5: return body(std::integral_constant<std::size_t, 5>());
    case 6: return body(std::integral_constant<std::size_t, 6>());
    case 7: return body(std::integral_constant<std::size_t, 7>());
    case 8: return body(std::integral_constant<std::size_t, 8>());
    default: return body(std::integral_constant<std::size_t, 9>());
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
  const auto sample = [&](std::size_t row, auto v)
                          HWY_ATTR { return hn::LoadU(d, up.rows[row] + up.offset + x + v * lanes); };
  each_sum<width - 1, vectors>([&](auto k, auto v) HWY_ATTR { samples[k + 1][v] = sample(k, v); });
  for (std::size_t cell = 0; cell < up.cells; ++cell) {
    each_sum<width - 1, vectors>([&](auto k, auto v) HWY_ATTR { samples[k][v] = samples[k + 1][v]; });
    each_below<vectors>([&](auto v) HWY_ATTR { samples[width - 1][v] = sample(cell + width - 1, v); });
    const T* weights = up.taps.up.data();
    void* const* const out = up.out + cell * factor;
    for (std::size_t r = 0; r < factor; ++r, weights += width) {
      if (out[r] == nullptr) continue;
      V sums[vectors];
      each_below<vectors>([&](auto v) HWY_ATTR { sums[v] = hn::Mul(samples[0][v], hn::Set(d, weights[0])); });
      each_sum<width - 1, vectors>([&](auto i, auto v) HWY_ATTR {
        constexpr std::size_t k = base::from_outside(i + 1, width);
        sums[v] = hn::MulAdd(samples[k][v], hn::Set(d, weights[k]), sums[v]);
      });
      S* const to = static_cast<S*>(out[r]) + x;
      each_below<vectors>([&](auto v) HWY_ATTR {
        if constexpr (streamed) hn::Stream(sums[v], d, to + v * lanes);
        else store_as(d, sums[v], to + v * lanes);
      });
    }
  }
}

template <std::size_t width, bool streamed, class S, class T>
HWY_INLINE void interpolate_of(const Up<S, T>& up, std::size_t x, std::size_t head, std::size_t end) {
  const hn::ScalableTag<T> d;
  const hn::CappedTag<T, 1> one;
  const std::size_t lanes = hn::Lanes(d);
  constexpr std::size_t vectors = std::clamp<std::size_t>((registers - 2) / (width + 1), 1, 4);
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

#if HWY_TARGET == HWY_SCALAR || HWY_HAVE_SCALABLE

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
