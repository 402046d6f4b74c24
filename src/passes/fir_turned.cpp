// Floor 1. Float FIR along many rows at once, compiled once per CPU target.
//
// As many rows as a vector has lanes are turned on their side, a stretch at a time in the L1 cache: each column of the
// stretch becomes one vector, is filtered along the row as columns are (four outputs share their loads) and turned
// back. A turn costs about two shuffles and four 16-byte moves a vector and way, a row by itself two unaligned loads a
// pair of taps; so it pays from some ten pairs on.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "passes/fir_turned.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "passes/fir-inl.h"
#include "passes/fir_turned.h"

#include <type_traits>
#include <utility>

HWY_BEFORE_NAMESPACE();
namespace gaussfilt::passes {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

#if HWY_HAVE_SCALABLE || HWY_TARGET == HWY_SCALAR  // no vectors, or none that can be put together from halves

template <class T> constexpr std::size_t lanes_of = 0;
template <class T>
void turned_rows(const T* const*, T* const*, std::size_t, std::ptrdiff_t, const base::TapList<T>&, T*) noexcept {}

#else

template <class T> constexpr std::size_t lanes_of = hn::MaxLanes(hn::ScalableTag<T>());

// 16 bytes of every `apart`-th row, put together: block b of the vector is of row b * apart.
template <class D, class T> HWY_INLINE auto load_blocks(D d, const T* const* rows, std::size_t apart, std::size_t x) {
  if constexpr (hn::MaxLanes(D()) * sizeof(T) == 16) {
    return hn::LoadU(d, rows[0] + x);
  } else {
    const hn::Half<D> half;
    const std::size_t blocks = hn::MaxLanes(D()) * sizeof(T) / 32;
    return hn::Combine(d, load_blocks(half, rows + blocks * apart, apart, x), load_blocks(half, rows, apart, x));
  }
}

template <class D, class V, class T>
HWY_INLINE void store_blocks(D d, V v, T* const* rows, std::size_t apart, std::size_t x) {
  if constexpr (hn::MaxLanes(D()) * sizeof(T) == 16) {
    hn::StoreU(v, d, rows[0] + x);
  } else {
    const hn::Half<D> half;
    const std::size_t blocks = hn::MaxLanes(D()) * sizeof(T) / 32;
    store_blocks(half, hn::LowerHalf(half, v), rows, apart, x);
    store_blocks(half, hn::UpperHalf(half, v), rows + blocks * apart, apart, x);
  }
}

// Transposes the 4 x 4 floats or 2 x 2 doubles in each 16-byte block of four or two vectors.
template <class D, class V> HWY_INLINE void transpose_blocks(D d, V& a, V& b, V& c, V& e) {
  const auto low_even = hn::InterleaveLower(d, a, c), low_odd = hn::InterleaveLower(d, b, e);
  const auto high_even = hn::InterleaveUpper(d, a, c), high_odd = hn::InterleaveUpper(d, b, e);
  a = hn::InterleaveLower(d, low_even, low_odd), b = hn::InterleaveUpper(d, low_even, low_odd);
  c = hn::InterleaveLower(d, high_even, high_odd), e = hn::InterleaveUpper(d, high_even, high_odd);
}

template <class D, class V> HWY_INLINE void transpose_blocks(D d, V& a, V& b) {
  const auto low = hn::InterleaveLower(d, a, b);
  b = hn::InterleaveUpper(d, a, b);
  a = low;
}

// rows[r][x] to turned[x * lanes + r] for x in [0, count), r in [0, lanes).
template <class D, class T> HWY_INLINE void turn(D d, const T* const* rows, std::size_t count, T* turned) {
  constexpr std::size_t lanes = hn::MaxLanes(D()), block = 16 / sizeof(T);
  std::size_t x = 0;
  for (; x + block <= count; x += block) {
    T* const to = turned + x * lanes;
    auto a = load_blocks(d, rows, block, x), b = load_blocks(d, rows + 1, block, x);
    if constexpr (block == 4) {
      auto c = load_blocks(d, rows + 2, block, x), e = load_blocks(d, rows + 3, block, x);
      transpose_blocks(d, a, b, c, e);
      hn::Store(c, d, to + 2 * lanes);
      hn::Store(e, d, to + 3 * lanes);
    } else {
      transpose_blocks(d, a, b);
    }
    hn::Store(a, d, to);
    hn::Store(b, d, to + lanes);
  }
  for (; x < count; ++x) {
    for (std::size_t r = 0; r < lanes; ++r) turned[x * lanes + r] = rows[r][x];
  }
}

// The way back.
template <class D, class T> HWY_INLINE void turn_back(D d, const T* turned, std::size_t count, T* const* rows) {
  constexpr std::size_t lanes = hn::MaxLanes(D()), block = 16 / sizeof(T);
  std::size_t x = 0;
  for (; x + block <= count; x += block) {
    const T* const from = turned + x * lanes;
    auto a = hn::Load(d, from), b = hn::Load(d, from + lanes);
    if constexpr (block == 4) {
      auto c = hn::Load(d, from + 2 * lanes), e = hn::Load(d, from + 3 * lanes);
      transpose_blocks(d, a, b, c, e);
      store_blocks(d, c, rows + 2, block, x);
      store_blocks(d, e, rows + 3, block, x);
    } else {
      transpose_blocks(d, a, b);
    }
    store_blocks(d, a, rows, block, x);
    store_blocks(d, b, rows + 1, block, x);
  }
  for (; x < count; ++x) {
    for (std::size_t r = 0; r < lanes; ++r) rows[r][x] = turned[x * lanes + r];
  }
}

// Outputs x ... x + 4 step - 1: filtered in registers, turned back and stored. `own` belongs to output x.
template <class Fold, class D, class T, std::size_t... Channel>
HWY_INLINE void some_outputs(D d, const T* own, T* const* out, std::size_t x, const base::TapList<T>& taps,
                             std::index_sequence<Channel...>) {
  constexpr std::size_t step = sizeof...(Channel), lanes = hn::MaxLanes(D()), block = 16 / sizeof(T);
  hn::VFromD<D> results[4 * step];
  const auto channel = [&](auto c) HWY_ATTR {
    four_outputs<Fold>(
        d, taps,
        [&](std::ptrdiff_t i) HWY_ATTR {
          return hn::Load(d, own + (static_cast<std::ptrdiff_t>(c) + i * static_cast<std::ptrdiff_t>(step)) *
                                       static_cast<std::ptrdiff_t>(lanes));
        },
        [&](std::size_t i, auto v) HWY_ATTR { results[i * step + c] = v; });
  };
  (channel(std::integral_constant<std::size_t, Channel>()), ...);
  const auto put = [&](auto four) HWY_ATTR {
    auto* const r = results + 4 * four;
    if constexpr (block == 4) {
      transpose_blocks(d, r[0], r[1], r[2], r[3]);
      for (std::size_t k = 0; k < 4; ++k) store_blocks(d, r[k], out + k, block, x + 4 * four);
    } else {
      transpose_blocks(d, r[0], r[1]);
      transpose_blocks(d, r[2], r[3]);
      for (std::size_t k = 0; k < 4; ++k) store_blocks(d, r[k], out + k % 2, block, x + 4 * four + k / 2 * 2);
    }
  };
  (put(std::integral_constant<std::size_t, Channel>()), ...);
}

template <class Fold, std::size_t step, class T>
HWY_INLINE void turned_with(const T* own, T* results, T* const* out, std::size_t width, const base::TapList<T>& taps) {
  const hn::ScalableTag<T> d;
  constexpr std::size_t lanes = lanes_of<T>;
  std::size_t x = 0;
  for (; x + 4 * step <= width; x += 4 * step) {
    some_outputs<Fold>(d, own + x * lanes, out, x, taps, std::make_index_sequence<step>());
  }
  T* rest[lanes];
  for (std::size_t r = 0; r < lanes; ++r) rest[r] = out[r] + x;
  const std::size_t done = x;
  for (; x < width; ++x) {
    const T* const here = own + x * lanes;
    const auto sample = [&](std::ptrdiff_t k)
                            HWY_ATTR { return hn::Load(d, here + k * static_cast<std::ptrdiff_t>(step * lanes)); };
    hn::Store(one_output<Fold>(d, taps, sample), d, results + (x - done) * lanes);
  }
  turn_back(d, results, width - done, rest);
}

template <std::size_t step, class T>
HWY_INLINE void turned_step(const T* own, T* results, T* const* out, std::size_t width, const base::TapList<T>& taps) {
  with_fold(taps, [&](auto fold) HWY_ATTR {
    if constexpr (decltype(fold)::paired) turned_with<decltype(fold), step>(own, results, out, width, taps);
  });
}

template <class T>
void turned_rows(const T* const* in, T* const* out, std::size_t width, std::ptrdiff_t step,
                 const base::TapList<T>& taps, T* scratch) noexcept {
  const hn::ScalableTag<T> d;
  const auto reach = static_cast<std::size_t>(taps.offsets[0]) * static_cast<std::size_t>(step);
  const T* before[lanes_of<T>];
  for (std::size_t r = 0; r < lanes_of<T>; ++r) before[r] = in[r] - reach;
  T* const turned = scratch;
  T* const results = turned + (width + 2 * reach) * lanes_of<T>;
  turn(d, before, width + 2 * reach, turned);
  const T* const own = turned + reach * lanes_of<T>;
  switch (step) {
    case 1: return turned_step<1>(own, results, out, width, taps);
    case 2: return turned_step<2>(own, results, out, width, taps);
    case 3: return turned_step<3>(own, results, out, width, taps);
    default: return turned_step<4>(own, results, out, width, taps);
  }
}

#endif

template <class T> const TurnedPass<T>* get() {
  // Rows by themselves are shifted in registers where those hold 64 bytes, else loaded unaligned.
  constexpr bool f32 = sizeof(T) == sizeof(float), shifted = lanes_of<T> * sizeof(T) == 64;
  constexpr std::size_t few_pairs = shifted ? (f32 ? 16 : 10) : f32 ? 7 : 11, few_pairs_of_channels = shifted ? 16 : 11;
  static constexpr TurnedPass<T> pass{&turned_rows<T>, lanes_of<T>, few_pairs, few_pairs_of_channels};
  return &pass;
}

const TurnedPass<float>* turned_f32_of_target() { return get<float>(); }
const TurnedPass<double>* turned_f64_of_target() { return get<double>(); }

}  // namespace HWY_NAMESPACE
}  // namespace gaussfilt::passes
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gaussfilt::passes {

HWY_EXPORT(turned_f32_of_target);
HWY_EXPORT(turned_f64_of_target);

const TurnedPass<float>& turned_f32() { return *HWY_DYNAMIC_DISPATCH(turned_f32_of_target)(); }
const TurnedPass<double>& turned_f64() { return *HWY_DYNAMIC_DISPATCH(turned_f64_of_target)(); }

}  // namespace gaussfilt::passes
#endif
