// Floor 1. Down to a lower rate and back along rows, a phase of all cells a vector; compiled once per CPU target.
// Sums stand in arrays, which vectors without a fixed size cannot: on Arm's SVE the passes are those of NEON.
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "passes/resample_rows.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "passes/each-inl.h"
#include "passes/resample_rows.h"

#include <cstddef>
#include <type_traits>

HWY_BEFORE_NAMESPACE();
namespace gaussfilt::passes {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Samples of Full as vectors of d, and back.
template <class Full, class D> HWY_INLINE hn::VFromD<D> widened(D d, hn::VFromD<hn::Rebind<Full, D>> value) {
  if constexpr (std::is_same_v<Full, hn::TFromD<D>>) return value;
  else return hn::PromoteTo(d, value);
}
template <class Full, class D> HWY_INLINE hn::VFromD<hn::Rebind<Full, D>> narrowed(D, hn::VFromD<D> value) {
  if constexpr (std::is_same_v<Full, hn::TFromD<D>>) return value;
  else return hn::DemoteTo(hn::Rebind<Full, D>(), value);
}

// Calls body(std::integral_constant<count>).
template <class Body> HWY_INLINE void with_phases(std::size_t count, const Body& body) {
  switch (count) {
    case 2: return body(std::integral_constant<std::size_t, 2>());
    case 3: return body(std::integral_constant<std::size_t, 3>());
    default: return body(std::integral_constant<std::size_t, 4>());
  }
}

// ---- taken apart ----

template <std::size_t count, class Full, class Low>
HWY_INLINE void split_of(const Full* row, std::size_t cells, Low* phases, std::size_t pitch) {
  const hn::ScalableTag<Low> d;
  const hn::Rebind<Full, decltype(d)> df;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t c = 0;
  for (; c + lanes <= cells; c += lanes) {
    const Full* const from = row + c * count;
    auto a = hn::Zero(df), b = a, e = a, g = a;
    if constexpr (count == 2) hn::LoadInterleaved2(df, from, a, b);
    if constexpr (count == 3) hn::LoadInterleaved3(df, from, a, b, e);
    if constexpr (count == 4) hn::LoadInterleaved4(df, from, a, b, e, g);
    hn::StoreU(widened<Full>(d, a), d, phases + c);
    hn::StoreU(widened<Full>(d, b), d, phases + pitch + c);
    if constexpr (count > 2) hn::StoreU(widened<Full>(d, e), d, phases + 2 * pitch + c);
    if constexpr (count > 3) hn::StoreU(widened<Full>(d, g), d, phases + 3 * pitch + c);
  }
  for (; c < cells; ++c) {
    for (std::size_t r = 0; r < count; ++r) phases[r * pitch + c] = row[c * count + r];
  }
}

template <class Full, class Low>
void split(const Full* row, std::size_t cells, std::size_t count, Low* phases, std::size_t pitch) noexcept {
  with_phases(count, [&](auto phases_of_cell)
                         HWY_ATTR { split_of<decltype(phases_of_cell)::value>(row, cells, phases, pitch); });
}

template <std::size_t count, class T>
HWY_INLINE void merge_of(const T* phases, std::size_t pitch, std::size_t cells, T* row) {
  const hn::ScalableTag<T> d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t c = 0;
  for (; c + lanes <= cells; c += lanes) {
    const auto phase = [&](std::size_t r) HWY_ATTR { return hn::LoadU(d, phases + r * pitch + c); };
    if constexpr (count == 2) hn::StoreInterleaved2(phase(0), phase(1), d, row + c * count);
    if constexpr (count == 3) hn::StoreInterleaved3(phase(0), phase(1), phase(2), d, row + c * count);
    if constexpr (count == 4) hn::StoreInterleaved4(phase(0), phase(1), phase(2), phase(3), d, row + c * count);
  }
  for (; c < cells; ++c) {
    for (std::size_t r = 0; r < count; ++r) row[c * count + r] = phases[r * pitch + c];
  }
}

template <class T>
void merge(const T* phases, std::size_t pitch, std::size_t cells, std::size_t count, T* row) noexcept {
  with_phases(count, [&](auto phases_of_cell)
                         HWY_ATTR { merge_of<decltype(phases_of_cell)::value>(phases, pitch, cells, row); });
}

// ---- down ----

template <std::size_t factor, std::size_t width, class D, class T>
HWY_INLINE hn::VFromD<D> decimated(D d, const T* phases, std::size_t pitch, const T* weights) {
  auto sum = hn::Zero(d);
  each_below<width>([&](auto cell) HWY_ATTR {
    constexpr std::size_t k = width - 1 - cell;  // the sample ends with the last of its cells
    const auto term = [&](auto r) HWY_ATTR { return hn::LoadU(d, phases + r * pitch + cell); };
    auto of_cell = hn::Mul(term(std::integral_constant<std::size_t, 0>()), hn::Set(d, weights[k]));
    each_below<factor - 1>([&](auto r) HWY_ATTR {
      constexpr std::integral_constant<std::size_t, r + 1> next;
      of_cell = hn::MulAdd(term(next), hn::Set(d, weights[next * width + k]), of_cell);
    });
    sum = hn::Add(sum, of_cell);
  });
  return sum;
}

template <std::size_t factor, std::size_t width, class T>
HWY_INLINE void decimate_of(const T* phases, std::size_t pitch, const T* weights, T* out, std::size_t samples) {
  const hn::ScalableTag<T> d;
  const hn::CappedTag<T, 1> one;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t j = 0;
  for (; j + lanes <= samples; j += lanes) {
    hn::StoreU(decimated<factor, width>(d, phases + j, pitch, weights), d, out + j);
  }
  for (; j < samples; ++j) hn::StoreU(decimated<factor, width>(one, phases + j, pitch, weights), one, out + j);
}

template <class T>
void decimate(const T* phases, std::size_t pitch, const base::ResampleTaps<T>& taps, T* out,
              std::size_t samples) noexcept {
  with_phases(taps.factor, [&](auto factor) HWY_ATTR {
    with_width(taps.width, [&](auto width) HWY_ATTR {
      decimate_of<decltype(factor)::value, decltype(width)::value>(phases, pitch, taps.down.data(), out, samples);
    });
  });
}

// ---- back ----

template <std::size_t width, class D, class V, class T>
HWY_INLINE V interpolated(D d, const V* samples, const T* weights) {
  V sum = hn::Mul(samples[0], hn::Set(d, weights[0]));
  each_below<width - 1>([&](auto i) HWY_ATTR {
    constexpr std::size_t k = base::from_outside(i + 1, width);
    sum = hn::MulAdd(samples[k], hn::Set(d, weights[k]), sum);
  });
  return sum;
}

template <std::size_t factor, std::size_t width, class Full, class T>
HWY_INLINE void interpolate_of(const T* from, const T* weights, Full* row, std::size_t cells) {
  const hn::ScalableTag<T> d;
  const hn::CappedTag<T, 1> one;
  const hn::Rebind<Full, decltype(d)> df;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t c = 0;
  for (; c + lanes <= cells; c += lanes) {
    hn::VFromD<decltype(d)> samples[width];
    each_below<width>([&](auto k) HWY_ATTR { samples[k] = hn::LoadU(d, from + c + k); });
    const auto phase = [&](std::size_t r)
                           HWY_ATTR { return narrowed<Full>(d, interpolated<width>(d, samples, weights + r * width)); };
    Full* const to = row + c * factor;
    if constexpr (factor == 2) hn::StoreInterleaved2(phase(0), phase(1), df, to);
    if constexpr (factor == 3) hn::StoreInterleaved3(phase(0), phase(1), phase(2), df, to);
    if constexpr (factor == 4) hn::StoreInterleaved4(phase(0), phase(1), phase(2), phase(3), df, to);
  }
  for (; c < cells; ++c) {
    hn::VFromD<decltype(one)> samples[width];
    each_below<width>([&](auto k) HWY_ATTR { samples[k] = hn::LoadU(one, from + c + k); });
    for (std::size_t r = 0; r < factor; ++r) {
      row[c * factor + r] = static_cast<Full>(hn::GetLane(interpolated<width>(one, samples, weights + r * width)));
    }
  }
}

template <class Full, class T>
void interpolate(const T* samples, const base::ResampleTaps<T>& taps, Full* row, std::size_t cells) noexcept {
  with_phases(taps.factor, [&](auto factor) HWY_ATTR {
    with_width(taps.width, [&](auto width) HWY_ATTR {
      interpolate_of<decltype(factor)::value, decltype(width)::value>(samples, taps.up.data(), row, cells);
    });
  });
}

template <class Full, class Low> const PhasePasses<Full, Low>* passes_of() {
  static constexpr PhasePasses<Full, Low> passes{&split<Full, Low>, &merge<Full>, &decimate<Low>,
                                                 &interpolate<Full, Low>};
  return &passes;
}

const PhasePasses<float, float>* phases_f32_of_target() { return passes_of<float, float>(); }
const PhasePasses<float, double>* phases_f32_f64_of_target() { return passes_of<float, double>(); }
const PhasePasses<double, double>* phases_f64_of_target() { return passes_of<double, double>(); }

}  // namespace HWY_NAMESPACE
}  // namespace gaussfilt::passes
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gaussfilt::passes {

HWY_EXPORT(phases_f32_of_target);
HWY_EXPORT(phases_f32_f64_of_target);
HWY_EXPORT(phases_f64_of_target);

const PhasePasses<float, float>& phases_f32() { return *HWY_DYNAMIC_DISPATCH(phases_f32_of_target)(); }
const PhasePasses<float, double>& phases_f32_f64() { return *HWY_DYNAMIC_DISPATCH(phases_f32_f64_of_target)(); }
const PhasePasses<double, double>& phases_f64() { return *HWY_DYNAMIC_DISPATCH(phases_f64_of_target)(); }

}  // namespace gaussfilt::passes
#endif
