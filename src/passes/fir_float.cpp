// Floor 1. Float FIR, compiled once per CPU target.
//
// Columns take four output rows at once. Going from pair distance k to k - 1 the four rows above move down by one and
// the four below move up by one, so a step loads two vectors, not eight, and costs four adds and four multiply-adds:
// arithmetic bound instead of load bound. A row has no such sharing by itself (fir_turned.cpp gives it to many rows);
// it takes four vectors of 32 bytes, because unaligned 64-byte loads split a cache line each time.
//
// Every output sees the same operations in the same order whichever loop computes it: full vectors, the last vector
// moved back to end with the row, or single lanes where a row is shorter than a vector.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "passes/fir_float.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "passes/fir-inl.h"
#include "passes/fir.h"
#include "passes/fir_shifted-inl.h"

#include <hwy/cache_control.h>

HWY_BEFORE_NAMESPACE();
namespace gaussfilt::passes {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// ---- columns ----

// Where in [x, end) vectors begin with cache lines of `row`; x where that takes more than one vector beside them.
template <class D, class T> HWY_INLINE std::size_t first_line(D d, const T* row, std::size_t x, std::size_t end) {
  const std::size_t lanes = hn::Lanes(d), in_line = reinterpret_cast<std::uintptr_t>(row + x) / sizeof(T) % lanes;
  return in_line > 0 && x + 2 * lanes <= end ? x + lanes - in_line : x;
}

// `streamed`: past the caches where a vector is a cache line and this is one.
template <class D, class V, class T> HWY_INLINE void store_line(V v, D d, T* to, bool streamed) {
  if constexpr (hn::MaxLanes(D()) * sizeof(T) == 64) {
    if (streamed && reinterpret_cast<std::uintptr_t>(to) % 64 == 0) return hn::Stream(v, d, to);
  }
  hn::StoreU(v, d, to);
}

// What a column pass knows of the rows that it meets.
enum class Meets {
  cached,
  unread,
  next,
  streamed
};  // in a cache; none yet; all but the last; outputs go past the caches

// Asks for `count` rows some cache lines ahead: no prefetcher follows so many at once, and no L1 takes many more.
constexpr std::size_t most_asked_pairs = 12;
template <class T> HWY_INLINE void ask_ahead(const T* const* rows, std::size_t count, std::size_t x) {
  constexpr std::size_t ahead = 256 / sizeof(T);
  for (std::size_t i = 0; i < count; ++i) hwy::Prefetch(rows[i] + x + ahead);
}

// Eight rows, no narrower than a vector. The last `unread` of those that they are made of come from memory.
template <class Fold, std::size_t rest, class T>
void eight_rows(const T* const* rows, T* const* out, std::size_t begin, std::size_t end, const base::TapList<T>& taps,
                std::size_t unread, bool streamed) {
  const hn::ScalableTag<T> d;
  const T* const* const new_rows = rows + 8 + taps.weights.size() - unread;
  const auto vector = [&](auto tag, std::size_t x) HWY_ATTR {
    ask_ahead(new_rows, unread, x);
    eight_outputs<Fold, rest>(tag, taps, rows, x,
                              [&](std::size_t i, auto v) HWY_ATTR { store_line(v, tag, out[i] + x, streamed); });
  };
  const std::size_t first = first_line(d, rows[0], begin, end);
  if (first > begin) vector(d, begin);
  cover_whole(d, first, end, vector);
}

template <class Fold, class T, std::size_t... rest>
HWY_INLINE auto eight_rows_with(std::size_t count, std::index_sequence<rest...>) {
  static constexpr decltype(&eight_rows<Fold, 0, T>) all[] = {&eight_rows<Fold, rest, T>...};
  return all[(count - 1) % sizeof...(rest)];
}

template <class Fold, class T>
HWY_INLINE void columns_with(const T* const* rows, T* const* out, std::size_t outputs, std::size_t begin,
                             std::size_t end, const base::TapList<T>& taps, Meets meets) {
  const hn::ScalableTag<T> d;
  const bool streamed = meets == Meets::streamed;
  std::size_t y = 0;
  if constexpr (Fold::paired && has_many_registers) {
    if (taps.dense && end >= hn::Lanes(d)) {
      const auto eight = eight_rows_with<Fold, T>(taps.weights.size(), std::make_index_sequence<8>());
      for (; y + 8 <= outputs; y += 8) {
        const std::size_t pairs = taps.weights.size(),
                          above = meets == Meets::unread && y == 0 && pairs <= most_asked_pairs ? 2 * pairs : 0;
        const std::size_t unread = meets == Meets::unread || meets == Meets::next ? 8 + above : 0;
        eight(rows + y, out + y, begin, end, taps, unread, streamed);
      }
    }
  }
  if constexpr (Fold::paired) {
    for (; taps.dense && y + 4 <= outputs; y += 4) {
      const T* const* const from = rows + y;
      T* const* const to = out + y;
      const auto vector = [&](auto tag, std::size_t x) HWY_ATTR {
        four_outputs<Fold>(
            tag, taps, [&](std::ptrdiff_t i) HWY_ATTR { return hn::LoadU(tag, from[i] + x); },
            [&](std::size_t i, auto v) HWY_ATTR { store_line(v, tag, to[i] + x, streamed); });
      };
      const std::size_t first = first_line(d, from[0], begin, end);
      if (first > begin) vector(d, begin);
      cover(d, first, end, vector);
    }
  }
  for (; y < outputs; ++y) {
    cover(d, begin, end, [&](auto tag, std::size_t x) HWY_ATTR {
      const auto sample = [&](std::ptrdiff_t k)
                              HWY_ATTR { return hn::LoadU(tag, rows[static_cast<std::ptrdiff_t>(y) + k] + x); };
      hn::StoreU(one_output<Fold>(tag, taps, sample), tag, out[y] + x);
    });
  }
}

template <class T, Meets meets>
void columns(const T* const* rows, T* const* out, std::size_t outputs, std::size_t begin, std::size_t end,
             const base::TapList<T>& taps) noexcept {
  with_fold(taps,
            [&](auto fold) HWY_ATTR { columns_with<decltype(fold)>(rows, out, outputs, begin, end, taps, meets); });
}

// ---- rows ----

// Four vectors of one row at once, so that the latency of a multiply-add is hidden.
template <class Fold, class D, class T>
HWY_INLINE void four_vectors(D d, const T* in, T* out, std::ptrdiff_t step, const base::TapList<T>& taps) {
  const auto lanes = static_cast<std::ptrdiff_t>(hn::Lanes(d));
  const auto pair = [&](std::ptrdiff_t v, std::ptrdiff_t k) HWY_ATTR {
    return Fold::pair(hn::LoadU(d, in + v * lanes - k), hn::LoadU(d, in + v * lanes + k));
  };
  const auto own = [&](std::ptrdiff_t v) HWY_ATTR { return hn::LoadU(d, in + v * lanes); };
  auto sum0 = hn::Zero(d), sum1 = hn::Zero(d), sum2 = hn::Zero(d), sum3 = hn::Zero(d);
  std::size_t i = 0;
  const auto centre = hn::Set(d, taps.centre);
  if (centre_first<T> && taps.has_centre) {
    sum0 = hn::Mul(own(0), centre), sum1 = hn::Mul(own(1), centre);
    sum2 = hn::Mul(own(2), centre), sum3 = hn::Mul(own(3), centre);
  } else {
    const auto w = hn::Set(d, taps.weights[0]);
    const std::ptrdiff_t k = taps.offsets[0] * step;
    sum0 = hn::Mul(pair(0, k), w), sum1 = hn::Mul(pair(1, k), w);
    sum2 = hn::Mul(pair(2, k), w), sum3 = hn::Mul(pair(3, k), w);
    i = 1;
  }
  for (; i < taps.weights.size(); ++i) {
    const auto w = hn::Set(d, taps.weights[i]);
    const std::ptrdiff_t k = taps.offsets[i] * step;
    sum0 = add_product<Fold>(pair(0, k), w, sum0), sum1 = add_product<Fold>(pair(1, k), w, sum1);
    sum2 = add_product<Fold>(pair(2, k), w, sum2), sum3 = add_product<Fold>(pair(3, k), w, sum3);
  }
  if (!centre_first<T> && taps.has_centre) {
    sum0 = add_product<Fold>(own(0), centre, sum0), sum1 = add_product<Fold>(own(1), centre, sum1);
    sum2 = add_product<Fold>(own(2), centre, sum2), sum3 = add_product<Fold>(own(3), centre, sum3);
  }
  hn::StoreU(sum0, d, out);
  hn::StoreU(sum1, d, out + lanes);
  hn::StoreU(sum2, d, out + 2 * lanes);
  hn::StoreU(sum3, d, out + 3 * lanes);
}

// The same where a vector holds two samples (four channels of f32): a tap moves by half a vector, so every other
// distance finds the vectors of the one before the last, moved on by one. Pairs at distances count ... 1, count >= 2:
// two loads a distance, not eight. Twenty-two vectors are in use at once.
template <class D, class T> bool moves_by_half(D d, std::ptrdiff_t step, const base::TapList<T>& taps) {
  return taps.dense && taps.weights.size() >= 2 && 2 * step == static_cast<std::ptrdiff_t>(hn::Lanes(d));
}

template <class Fold, class D, class T>
HWY_INLINE void four_vectors_of_two(D d, const T* in, T* out, std::ptrdiff_t step, const base::TapList<T>& taps) {
  using V = hn::VFromD<D>;
  const std::ptrdiff_t lanes = 2 * step;
  const auto load = [&](std::ptrdiff_t v, std::ptrdiff_t k)
                        HWY_ATTR { return hn::LoadU(d, in + v * lanes + k * step); };
  const auto count = static_cast<std::ptrdiff_t>(taps.weights.size());
  V sum0, sum1, sum2, sum3;
  // The vectors before and after the outputs at one distance.
  struct Around {
    V a0, a1, a2, a3, b0, b1, b2, b3;
  };
  const auto at = [&](std::ptrdiff_t k) HWY_ATTR {
    return Around{load(0, -k), load(1, -k), load(2, -k), load(3, -k), load(0, k), load(1, k), load(2, k), load(3, k)};
  };
  const auto move_to = [&](Around& v, std::ptrdiff_t k) HWY_ATTR {  // from k + 2
    v.a0 = v.a1, v.a1 = v.a2, v.a2 = v.a3, v.a3 = load(3, -k);
    v.b3 = v.b2, v.b2 = v.b1, v.b1 = v.b0, v.b0 = load(0, k);
  };
  const auto weight = [&](std::ptrdiff_t k)
                          HWY_ATTR { return hn::Set(d, taps.weights[static_cast<std::size_t>(count - k)]); };
  const auto add = [&](const Around& v, auto w) HWY_ATTR {
    sum0 = add_product<Fold>(Fold::pair(v.a0, v.b0), w, sum0),
    sum1 = add_product<Fold>(Fold::pair(v.a1, v.b1), w, sum1);
    sum2 = add_product<Fold>(Fold::pair(v.a2, v.b2), w, sum2),
    sum3 = add_product<Fold>(Fold::pair(v.a3, v.b3), w, sum3);
  };
  const auto centre = hn::Set(d, taps.centre);
  Around one = at(count), other = at(count - 1);
  if (centre_first<T> && taps.has_centre) {
    sum0 = hn::Mul(load(0, 0), centre), sum1 = hn::Mul(load(1, 0), centre);
    sum2 = hn::Mul(load(2, 0), centre), sum3 = hn::Mul(load(3, 0), centre);
    add(one, weight(count));
  } else {
    const auto w = weight(count);
    sum0 = hn::Mul(Fold::pair(one.a0, one.b0), w), sum1 = hn::Mul(Fold::pair(one.a1, one.b1), w);
    sum2 = hn::Mul(Fold::pair(one.a2, one.b2), w), sum3 = hn::Mul(Fold::pair(one.a3, one.b3), w);
  }
  add(other, weight(count - 1));
  std::ptrdiff_t k = count - 2;
  for (; k >= 2; k -= 2) {
    move_to(one, k);
    add(one, weight(k));
    move_to(other, k - 1);
    add(other, weight(k - 1));
  }
  if (k == 1) {
    move_to(one, 1);
    add(one, weight(1));
  }
  if (!centre_first<T> && taps.has_centre) {
    sum0 = add_product<Fold>(load(0, 0), centre, sum0), sum1 = add_product<Fold>(load(1, 0), centre, sum1);
    sum2 = add_product<Fold>(load(2, 0), centre, sum2), sum3 = add_product<Fold>(load(3, 0), centre, sum3);
  }
  hn::StoreU(sum0, d, out);
  hn::StoreU(sum1, d, out + lanes);
  hn::StoreU(sum2, d, out + 2 * lanes);
  hn::StoreU(sum3, d, out + 3 * lanes);
}

template <class Fold, class T>
HWY_INLINE void row_with(const T* in, T* out, std::size_t width, std::ptrdiff_t step, const base::TapList<T>& taps) {
  const hn::CappedTag<T, 32 / sizeof(T)> d;
  std::size_t x = 0;
  if constexpr (Fold::paired) {
    const std::size_t block = 4 * hn::Lanes(d);
    if constexpr (has_many_registers) {
      const bool two = moves_by_half(d, step, taps);
      for (; two && x + block <= width; x += block) four_vectors_of_two<Fold>(d, in + x, out + x, step, taps);
    }
    for (; !taps.weights.empty() && x + block <= width; x += block) four_vectors<Fold>(d, in + x, out + x, step, taps);
  }
  cover(d, x, width, [&](auto tag, std::size_t i) HWY_ATTR {
    const auto sample = [&](std::ptrdiff_t k)
                            HWY_ATTR { return hn::LoadU(tag, in + static_cast<std::ptrdiff_t>(i) + k * step); };
    hn::StoreU(one_output<Fold>(tag, taps, sample), tag, out + i);
  });
}

template <class Fold, class T>
HWY_INLINE void row_by_target(const T* in, T* out, std::size_t width, std::ptrdiff_t step, const base::TapList<T>& taps,
                              bool streamed) {
  if constexpr (shifts_in_registers && Fold::paired) {
    const hn::CappedTag<T, 32 / sizeof(T)> d;
    if (!taps.weights.empty() && !moves_by_half(d, step, taps))
      return shifted_row<Fold>(in, out, width, step, taps, streamed);
  }
  row_with<Fold>(in, out, width, step, taps);
}

template <class T>
void row(const T* in, T* out, std::size_t width, std::ptrdiff_t step, const base::TapList<T>& taps,
         bool streamed) noexcept {
  with_fold(taps, [&](auto fold) HWY_ATTR { row_by_target<decltype(fold)>(in, out, width, step, taps, streamed); });
}

void end_streams() noexcept { hwy::FlushStream(); }

template <class T> const FirPasses<T>* get() {
  static constexpr FirPasses<T> passes{&columns<T, Meets::cached>,
                                       &columns<T, Meets::unread>,
                                       &columns<T, Meets::next>,
                                       &columns<T, Meets::streamed>,
                                       &row<T>,
                                       &end_streams};
  return &passes;
}

const FirPasses<float>* get_f32() { return get<float>(); }
const FirPasses<double>* get_f64() { return get<double>(); }

}  // namespace HWY_NAMESPACE
}  // namespace gaussfilt::passes
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gaussfilt::passes {

HWY_EXPORT(get_f32);
HWY_EXPORT(get_f64);

const FirPasses<float>& fir_f32() { return *HWY_DYNAMIC_DISPATCH(get_f32)(); }
const FirPasses<double>& fir_f64() { return *HWY_DYNAMIC_DISPATCH(get_f64)(); }

}  // namespace gaussfilt::passes
#endif
