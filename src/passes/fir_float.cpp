// Floor 1. Float FIR, compiled once per CPU target.
//
// Columns take four output rows at once. Going from pair distance k to k - 1 the four rows above move down by one and
// the four below move up by one, so a step loads two vectors, not eight, and costs four adds and four multiply-adds:
// arithmetic bound instead of load bound. The row pass has no such sharing; it takes four vectors of 32 bytes, because
// unaligned 64-byte loads split a cache line each time.
//
// Every output sees the same operations in the same order whichever loop computes it: full vectors, the last vector
// moved back to end with the row, or single lanes where a row is shorter than a vector.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "passes/fir_float.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "passes/fir.h"

HWY_BEFORE_NAMESPACE();
namespace gaussfilt::passes {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// acc + a * w: fused where the CPU can for f32, never for f64 (SciPy's bits).
HWY_INLINE auto multiply_add(auto a, auto w, auto acc) {
  if constexpr (sizeof(hn::TFromV<decltype(a)>) == sizeof(float)) return hn::MulAdd(a, w, acc);
  else return hn::Add(acc, hn::Mul(a, w));
}

struct Even {
  static HWY_INLINE auto pair(auto before, auto after) { return hn::Add(before, after); }
};
struct Odd {
  static HWY_INLINE auto pair(auto before, auto after) { return hn::Sub(before, after); }
};

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
    acc = multiply_add(Fold::pair(sample(-k), sample(k)), hn::Set(d, taps.weights[i]), acc);
  }
  if (!centre_first<T> && taps.has_centre) acc = multiply_add(sample(0), hn::Set(d, taps.centre), acc);
  return acc;
}

struct Single {};  // no symmetry: one sample a weight

template <class Fold, class D, class T, class Sample>
requires std::same_as<Fold, Single> HWY_INLINE auto one_output(D d, const base::TapList<T>& taps,
                                                               const Sample& sample) {
  if (taps.weights.empty()) return hn::Zero(d);
  auto acc = hn::Mul(sample(taps.offsets[0]), hn::Set(d, taps.weights[0]));
  for (std::size_t i = 1; i < taps.weights.size(); ++i) {
    acc = multiply_add(sample(taps.offsets[i]), hn::Set(d, taps.weights[i]), acc);
  }
  return acc;
}

// Calls body(d, x) for vectors that cover [x, width): full ones, then one moved back, or single lanes.
template <class D, class Body> HWY_INLINE void cover(D d, std::size_t x, std::size_t width, const Body& body) {
  const std::size_t lanes = hn::Lanes(d);
  for (; x + lanes <= width; x += lanes) body(d, x);
  if (x == width) return;
  if (width >= lanes) {
    body(d, width - lanes);
  } else {
    const hn::CappedTag<hn::TFromD<D>, 1> one;
    for (; x < width; ++x) body(one, x);
  }
}

// ---- columns ----

// Four rows of output at once; the pairs are at distances count ... 1.
template <class Fold, class D, class T>
HWY_INLINE void four_rows(D d, const T* const* rows, T* const* out, std::size_t x, const base::TapList<T>& taps) {
  const auto load = [&](std::ptrdiff_t i) HWY_ATTR { return hn::LoadU(d, rows[i] + x); };
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
      sum0 = multiply_add(c0, w, sum0), sum1 = multiply_add(c1, w, sum1);
      sum2 = multiply_add(c2, w, sum2), sum3 = multiply_add(c3, w, sum3);
    }
  };
  // One distance: p0..p3 above, q0..q3 below, oldest first.
  const auto step = [&](std::ptrdiff_t i, auto& p0, auto& p1, auto& p2, auto& p3, auto& q0, auto& q1, auto& q2,
                        auto& q3) HWY_ATTR {
    const auto w = hn::Set(d, weights[i]);
    sum0 = multiply_add(Fold::pair(p0, q0), w, sum0), sum1 = multiply_add(Fold::pair(p1, q1), w, sum1);
    sum2 = multiply_add(Fold::pair(p2, q2), w, sum2), sum3 = multiply_add(Fold::pair(p3, q3), w, sum3);
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
  hn::StoreU(sum0, d, out[0] + x);
  hn::StoreU(sum1, d, out[1] + x);
  hn::StoreU(sum2, d, out[2] + x);
  hn::StoreU(sum3, d, out[3] + x);
}

template <class Fold, class T>
HWY_INLINE void columns_with(const T* const* rows, T* const* out, std::size_t outputs, std::size_t width,
                             const base::TapList<T>& taps) {
  const hn::ScalableTag<T> d;
  std::size_t y = 0;
  if constexpr (!std::is_same_v<Fold, Single>) {
    for (; taps.dense && y + 4 <= outputs; y += 4) {
      cover(d, 0, width, [&](auto tag, std::size_t x) HWY_ATTR { four_rows<Fold>(tag, rows + y, out + y, x, taps); });
    }
  }
  for (; y < outputs; ++y) {
    cover(d, 0, width, [&](auto tag, std::size_t x) HWY_ATTR {
      const auto sample = [&](std::ptrdiff_t k)
                              HWY_ATTR { return hn::LoadU(tag, rows[static_cast<std::ptrdiff_t>(y) + k] + x); };
      hn::StoreU(one_output<Fold>(tag, taps, sample), tag, out[y] + x);
    });
  }
}

template <class T>
void columns(const T* const* rows, T* const* out, std::size_t outputs, std::size_t width,
             const base::TapList<T>& taps) noexcept {
  switch (taps.symmetry) {
    case Symmetry::even: return columns_with<Even>(rows, out, outputs, width, taps);
    case Symmetry::odd: return columns_with<Odd>(rows, out, outputs, width, taps);
    case Symmetry::none: return columns_with<Single>(rows, out, outputs, width, taps);
  }
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
    sum0 = multiply_add(pair(0, k), w, sum0), sum1 = multiply_add(pair(1, k), w, sum1);
    sum2 = multiply_add(pair(2, k), w, sum2), sum3 = multiply_add(pair(3, k), w, sum3);
  }
  if (!centre_first<T> && taps.has_centre) {
    sum0 = multiply_add(own(0), centre, sum0), sum1 = multiply_add(own(1), centre, sum1);
    sum2 = multiply_add(own(2), centre, sum2), sum3 = multiply_add(own(3), centre, sum3);
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
  if constexpr (!std::is_same_v<Fold, Single>) {
    const std::size_t block = 4 * hn::Lanes(d);
    for (; !taps.weights.empty() && x + block <= width; x += block) four_vectors<Fold>(d, in + x, out + x, step, taps);
  }
  cover(d, x, width, [&](auto tag, std::size_t i) HWY_ATTR {
    const auto sample = [&](std::ptrdiff_t k)
                            HWY_ATTR { return hn::LoadU(tag, in + static_cast<std::ptrdiff_t>(i) + k * step); };
    hn::StoreU(one_output<Fold>(tag, taps, sample), tag, out + i);
  });
}

template <class T>
void row(const T* in, T* out, std::size_t width, std::ptrdiff_t step, const base::TapList<T>& taps) noexcept {
  switch (taps.symmetry) {
    case Symmetry::even: return row_with<Even>(in, out, width, step, taps);
    case Symmetry::odd: return row_with<Odd>(in, out, width, step, taps);
    case Symmetry::none: return row_with<Single>(in, out, width, step, taps);
  }
}

const FirPasses<float>* get_f32() {
  static constexpr FirPasses<float> passes{&columns<float>, &row<float>};
  return &passes;
}

const FirPasses<double>* get_f64() {
  static constexpr FirPasses<double> passes{&columns<double>, &row<double>};
  return &passes;
}

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
