// Floor 1. What the float FIR passes share, compiled once per CPU target with each of them: the sum of one output and
// of four neighbouring ones.
//
// Every output sees the same operations in the same order whichever of them computes it.
#if defined(GAUSSFILT_PASSES_FIR_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GAUSSFILT_PASSES_FIR_INL_H_
#undef GAUSSFILT_PASSES_FIR_INL_H_
#else
#define GAUSSFILT_PASSES_FIR_INL_H_
#endif

#include "base/problem.h"

#include <hwy/highway.h>

#include <cstddef>
#include <type_traits>
#include <utility>

HWY_BEFORE_NAMESPACE();
namespace gaussfilt::passes {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// How the samples of a pair meet, and whether a product is rounded before it is added.
template <bool fuses> struct Even {
  static constexpr bool fused = fuses, paired = true;
  static HWY_INLINE auto pair(auto before, auto after) { return hn::Add(before, after); }
};
template <bool fuses> struct Odd {
  static constexpr bool fused = fuses, paired = true;
  static HWY_INLINE auto pair(auto before, auto after) { return hn::Sub(before, after); }
};
template <bool fuses> struct Single {  // no symmetry: one sample a weight
  static constexpr bool fused = fuses, paired = false;
};

// acc + a * w.
template <class Fold> HWY_INLINE auto add_product(auto a, auto w, auto acc) {
  if constexpr (Fold::fused) return hn::MulAdd(a, w, acc);
  else return hn::Add(acc, hn::Mul(a, w));
}

// Calls body(Fold()) for what the taps ask for.
template <class T, class Body> HWY_INLINE void with_fold(const base::TapList<T>& taps, const Body& body) {
  const auto choose = [&](auto fused) HWY_ATTR {
    switch (taps.symmetry) {
      case Symmetry::even: return body(Even<decltype(fused)::value>());
      case Symmetry::odd: return body(Odd<decltype(fused)::value>());
      case Symmetry::none: return body(Single<decltype(fused)::value>());
    }
  };
  if constexpr (sizeof(T) == sizeof(double)) {
    if (!taps.fused) return choose(std::false_type());
  }
  choose(std::true_type());
}

// f64 sums the centre first (SciPy's order), f32 last (smaller partial sums).
template <class T> constexpr bool centre_first = sizeof(T) == sizeof(double);

// ---- one output vector, any taps; `sample(offset)` loads the vector at that offset ----

template <class Fold, class D, class T, class Sample>
HWY_INLINE auto one_output(D d, const base::TapList<T>& taps, const Sample& sample) {
  auto acc = hn::Zero(d);
  std::size_t i = 0;
  if (centre_first<T> && taps.has_centre) {
    acc = hn::Mul(sample(0), hn::Set(d, taps.centre));
  } else if (!taps.weights.empty()) {
    const std::ptrdiff_t k = taps.offsets[0];
    acc = hn::Mul(Fold::pair(sample(-k), sample(k)), hn::Set(d, taps.weights[0]));
    i = 1;
  } else if (taps.has_centre) {
    return hn::Mul(sample(0), hn::Set(d, taps.centre));
  }
  for (; i < taps.weights.size(); ++i) {
    const std::ptrdiff_t k = taps.offsets[i];
    acc = add_product<Fold>(Fold::pair(sample(-k), sample(k)), hn::Set(d, taps.weights[i]), acc);
  }
  if (!centre_first<T> && taps.has_centre) acc = add_product<Fold>(sample(0), hn::Set(d, taps.centre), acc);
  return acc;
}

template <class Fold, class D, class T, class Sample>
  requires(!Fold::paired)
HWY_INLINE auto one_output(D d, const base::TapList<T>& taps, const Sample& sample) {
  if (taps.weights.empty()) return hn::Zero(d);
  auto acc = hn::Mul(sample(taps.offsets[0]), hn::Set(d, taps.weights[0]));
  for (std::size_t i = 1; i < taps.weights.size(); ++i) {
    acc = add_product<Fold>(sample(taps.offsets[i]), hn::Set(d, taps.weights[i]), acc);
  }
  return acc;
}

// Calls body(d, x) for vectors that cover [x, width), which is no narrower than one: full ones, then one moved back.
template <class D, class Body> HWY_INLINE void cover_whole(D d, std::size_t x, std::size_t width, const Body& body) {
  const std::size_t lanes = hn::Lanes(d);
  for (; x + lanes <= width; x += lanes) body(d, x);
  if (x != width) body(d, width - lanes);
}

// The same of any width: single lanes where it is narrower than a vector.
template <class D, class Body> HWY_INLINE void cover(D d, std::size_t x, std::size_t width, const Body& body) {
  if (width >= hn::Lanes(d)) return cover_whole(d, x, width, body);
  const hn::CappedTag<hn::TFromD<D>, 1> one;
  for (; x < width; ++x) body(one, x);
}

// Four neighbouring outputs at once; the pairs are at distances count ... 1. `load(i)` is the vector of samples that
// belong to output i's own place, `store(i, v)` takes output i.
template <class Fold, class D, class T, class Load, class Store>
HWY_INLINE void four_outputs(D d, const base::TapList<T>& taps, const Load& load, const Store& store) {
  const auto count = static_cast<std::ptrdiff_t>(taps.weights.size());
  const T* const weights = taps.weights.data();
  auto sum0 = hn::Zero(d), sum1 = hn::Zero(d), sum2 = hn::Zero(d), sum3 = hn::Zero(d);
  auto a0 = load(-count), a1 = load(1 - count), a2 = load(2 - count), a3 = load(3 - count);
  auto b0 = load(count), b1 = load(count + 1), b2 = load(count + 2), b3 = load(count + 3);
  const auto first = [&]() HWY_ATTR {
    const auto w = hn::Set(d, weights[0]);
    sum0 = hn::Mul(Fold::pair(a0, b0), w), sum1 = hn::Mul(Fold::pair(a1, b1), w);
    sum2 = hn::Mul(Fold::pair(a2, b2), w), sum3 = hn::Mul(Fold::pair(a3, b3), w);
  };
  const auto centre = [&](bool start) HWY_ATTR {
    const auto w = hn::Set(d, taps.centre);
    const auto c0 = load(0), c1 = load(1), c2 = load(2), c3 = load(3);
    if (start) {
      sum0 = hn::Mul(c0, w), sum1 = hn::Mul(c1, w), sum2 = hn::Mul(c2, w), sum3 = hn::Mul(c3, w);
    } else {
      sum0 = add_product<Fold>(c0, w, sum0), sum1 = add_product<Fold>(c1, w, sum1);
      sum2 = add_product<Fold>(c2, w, sum2), sum3 = add_product<Fold>(c3, w, sum3);
    }
  };
  // One distance: p0..p3 above, q0..q3 below, oldest first.
  const auto step = [&](std::ptrdiff_t i, auto& p0, auto& p1, auto& p2, auto& p3, auto& q0, auto& q1, auto& q2,
                        auto& q3) HWY_ATTR {
    const auto w = hn::Set(d, weights[i]);
    sum0 = add_product<Fold>(Fold::pair(p0, q0), w, sum0), sum1 = add_product<Fold>(Fold::pair(p1, q1), w, sum1);
    sum2 = add_product<Fold>(Fold::pair(p2, q2), w, sum2), sum3 = add_product<Fold>(Fold::pair(p3, q3), w, sum3);
  };
  std::ptrdiff_t i = 0;
  if (centre_first<T> && taps.has_centre) {
    centre(true);
    step(0, a0, a1, a2, a3, b0, b1, b2, b3);
  } else {
    first();
  }
  for (i = 1; i + 4 <= count; i += 4) {
    const std::ptrdiff_t k = count - i;
    a0 = load(3 - k), b3 = load(k);
    step(i, a1, a2, a3, a0, b3, b0, b1, b2);
    a1 = load(4 - k), b2 = load(k - 1);
    step(i + 1, a2, a3, a0, a1, b2, b3, b0, b1);
    a2 = load(5 - k), b1 = load(k - 2);
    step(i + 2, a3, a0, a1, a2, b1, b2, b3, b0);
    a3 = load(6 - k), b0 = load(k - 3);
    step(i + 3, a0, a1, a2, a3, b0, b1, b2, b3);
  }
  for (; i < count; ++i) {
    const std::ptrdiff_t k = count - i;
    a0 = a1, a1 = a2, a2 = a3, a3 = load(3 - k);
    b3 = b2, b2 = b1, b1 = b0, b0 = load(k);
    step(i, a0, a1, a2, a3, b0, b1, b2, b3);
  }
  if (!centre_first<T> && taps.has_centre) centre(false);
  store(0, sum0);
  store(1, sum1);
  store(2, sum2);
  store(3, sum3);
}

// Thirty-two registers hold eight sums, the samples above and below them, and what is left for weights.
#if HWY_TARGET <= HWY_AVX3 && HWY_ARCH_X86
constexpr bool has_many_registers = true;

// Vectors x of eight rows at once, as four_outputs: three row loads an output where four outputs need four to seven.
// above[i] and below[i] belong to output i and move on by one a distance; eight distances on, each vector is back in
// its place. `rest`: the (count - 1) % 8 distances before whole turns of eight, so that no vector has to be moved.
template <class Fold, std::size_t rest, class D, class T, class Store>
HWY_INLINE void eight_outputs(D d, const base::TapList<T>& taps, const T* const* rows, std::size_t x,
                              const Store& store) {
  const T* weights = taps.weights.data();
  const T* const* up = rows - taps.weights.size();
  const T* const* down = rows + taps.weights.size();
  const T* const* const last = rows - 1;
  const bool has_centre = taps.has_centre, starts_at_centre = centre_first<T> && has_centre;
  hn::VFromD<D> sums[8], above[8], below[8];
  const auto each = [&](const auto& body) HWY_ATTR { HWY_UNROLL(8) for (std::size_t i = 0; i < 8; ++i) body(i); };
  const auto centre = hn::Set(d, taps.centre), farthest = hn::Set(d, *weights++);
  each([&](std::size_t i) HWY_ATTR {
    above[i] = hn::LoadU(d, up[i] + x), below[i] = hn::LoadU(d, down[i] + x);
    const auto pair = Fold::pair(above[i], below[i]);
    sums[i] = starts_at_centre ? add_product<Fold>(pair, farthest, hn::Mul(hn::LoadU(d, rows[i] + x), centre))
                               : hn::Mul(pair, farthest);
  });
  // `turn`: how far the vectors have moved on, `step`: distances since the pointers did.
  const auto nearer = [&](auto turn, auto step) HWY_ATTR {
    const auto w = hn::Set(d, weights[step]);
    above[turn % 8] = hn::LoadU(d, up[8 + step] + x);
    below[7 - turn % 8] = hn::LoadU(d, *(down - 1 - static_cast<std::ptrdiff_t>(step)) + x);
    each([&](std::size_t i) HWY_ATTR {
      sums[i] = add_product<Fold>(Fold::pair(above[(i + turn + 1) % 8], below[(i + 15 - turn % 8) % 8]), w, sums[i]);
    });
  };
  const auto steps = [&]<std::size_t... step>(std::index_sequence<step...>, auto from) HWY_ATTR {
    (nearer(std::integral_constant<std::size_t, from + step>(), std::integral_constant<std::size_t, step>()), ...);
    weights += sizeof...(step), up += sizeof...(step), down -= sizeof...(step);
  };
  steps(std::make_index_sequence<rest>(), std::integral_constant<std::size_t, 0>());
  while (up < last) steps(std::make_index_sequence<8>(), std::integral_constant<std::size_t, rest>());
  each([&](std::size_t i) HWY_ATTR {
    if (!starts_at_centre && has_centre) sums[i] = add_product<Fold>(hn::LoadU(d, rows[i] + x), centre, sums[i]);
    store(i, sums[i]);
  });
}
#else
constexpr bool has_many_registers = false;
#endif

}  // namespace HWY_NAMESPACE
}  // namespace gaussfilt::passes
HWY_AFTER_NAMESPACE();

#endif
