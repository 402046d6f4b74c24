// Floor 1. Sums over a kernel of any shape, compiled once per CPU target.
//
// `lines` takes four vectors of one row of outputs: five loads (a weight, four of samples) for four multiply-adds.
// `grid` takes two vectors of four rows of outputs at once: a sample's vector, once loaded, meets the weights of all
// kernel rows that it stands under, so six loads serve eight multiply-adds. Both sum from 0 on, as SciPy does.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "passes/dense.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "passes/dense.h"
#include "passes/fir-inl.h"

#include <algorithm>
#include <type_traits>

HWY_BEFORE_NAMESPACE();
namespace gaussfilt::passes {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// acc + a * w: fused where the CPU can for f32, never for f64 (SciPy's bits).
HWY_INLINE auto multiply_add(auto a, auto w, auto acc) {
  if constexpr (sizeof(hn::TFromV<decltype(a)>) == sizeof(float)) return hn::MulAdd(a, w, acc);
  else return hn::Add(acc, hn::Mul(a, w));
}

// ---- any taps ----

template <class D, class T>
HWY_INLINE auto sum_of_lines(D d, const DenseLine<T>* lines, std::size_t count, const std::int32_t* offsets,
                             const T* weights, std::ptrdiff_t step, std::size_t x) {
  auto sum = hn::Zero(d);
  for (const DenseLine<T>* line = lines; line != lines + count; ++line) {
    for (std::size_t i = line->first; i < std::size_t{line->first} + line->count; ++i) {
      sum = multiply_add(hn::LoadU(d, line->row + x + offsets[i] * step), hn::Set(d, weights[i]), sum);
    }
  }
  return sum;
}

template <class T>
void lines(const DenseLine<T>* lines, std::size_t count, const std::int32_t* offsets, const T* weights,
           std::ptrdiff_t step, T* out, std::size_t width) noexcept {
  const hn::ScalableTag<T> d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t x = 0;
  for (; x + 4 * lanes <= width; x += 4 * lanes) {
    auto sum0 = hn::Zero(d), sum1 = hn::Zero(d), sum2 = hn::Zero(d), sum3 = hn::Zero(d);
    for (const DenseLine<T>* line = lines; line != lines + count; ++line) {
      const T* const row = line->row + x;
      for (std::size_t i = line->first; i < std::size_t{line->first} + line->count; ++i) {
        const T* const from = row + offsets[i] * step;
        const auto w = hn::Set(d, weights[i]);
        sum0 = multiply_add(hn::LoadU(d, from), w, sum0);
        sum1 = multiply_add(hn::LoadU(d, from + lanes), w, sum1);
        sum2 = multiply_add(hn::LoadU(d, from + 2 * lanes), w, sum2);
        sum3 = multiply_add(hn::LoadU(d, from + 3 * lanes), w, sum3);
      }
    }
    hn::StoreU(sum0, d, out + x);
    hn::StoreU(sum1, d, out + x + lanes);
    hn::StoreU(sum2, d, out + x + 2 * lanes);
    hn::StoreU(sum3, d, out + x + 3 * lanes);
  }
  cover(d, x, width, [&](auto tag, std::size_t i) HWY_ATTR {
    hn::StoreU(sum_of_lines(tag, lines, count, offsets, weights, step, i), tag, out + i);
  });
}

// ---- a full rectangle of taps ----

template <std::size_t n> using Place = std::integral_constant<std::size_t, n>;

// Four rows of outputs, two vectors each. A row of samples, r, meets kernel row r - y for every output row y that has
// it: those from `low` to `high`, which are known when compiled, as the kernel's width is for the commonest ones (0:
// any).
template <std::size_t known_width, class D, class T>
HWY_INLINE void grid_block(D d, const T* const* rows, T* const* out, const DenseGrid<T>& grid, std::ptrdiff_t step,
                           std::size_t x) {
  const std::size_t lanes = hn::Lanes(d), width = known_width > 0 ? known_width : grid.width;
  auto a0 = hn::Zero(d), a1 = hn::Zero(d), b0 = hn::Zero(d), b1 = hn::Zero(d);
  auto c0 = hn::Zero(d), c1 = hn::Zero(d), d0 = hn::Zero(d), d1 = hn::Zero(d);
  const auto take = [&](auto low, auto high, std::size_t r) HWY_ATTR {
    constexpr std::size_t from = decltype(low)::value, to = decltype(high)::value;
    const T* sample = rows[r] + x;
    const T* weight = grid.weights + (r - from) * width;  // of output row `from`; the next one's lies a row before
    for (std::size_t k = 0; k < width; ++k, sample += step, ++weight) {
      const auto v0 = hn::LoadU(d, sample), v1 = hn::LoadU(d, sample + lanes);
      const auto at = [&](std::size_t y) HWY_ATTR { return hn::Set(d, *(weight - (y - from) * width)); };
      if constexpr (from <= 0) {
        const auto w = at(0);
        a0 = multiply_add(v0, w, a0), a1 = multiply_add(v1, w, a1);
      }
      if constexpr (from <= 1 && 1 <= to) {
        const auto w = at(1);
        b0 = multiply_add(v0, w, b0), b1 = multiply_add(v1, w, b1);
      }
      if constexpr (from <= 2 && 2 <= to) {
        const auto w = at(2);
        c0 = multiply_add(v0, w, c0), c1 = multiply_add(v1, w, c1);
      }
      if constexpr (3 <= to) {
        const auto w = at(3);
        d0 = multiply_add(v0, w, d0), d1 = multiply_add(v1, w, d1);
      }
    }
  };
  const auto with_low = [&](auto low, std::size_t high, std::size_t r) HWY_ATTR {
    constexpr std::size_t from = decltype(low)::value;
    if (high == 3) return take(low, Place<3>{}, r);
    if constexpr (from <= 2) {
      if (high == 2) return take(low, Place<2>{}, r);
    }
    if constexpr (from <= 1) {
      if (high == 1) return take(low, Place<1>{}, r);
    }
    if constexpr (from == 0) take(low, Place<0>{}, r);
  };
  for (std::size_t r = 0; r < grid.height + grid_rows - 1; ++r) {
    const std::size_t low = r < grid.height ? 0 : r - grid.height + 1, high = std::min(r, grid_rows - 1);
    if (low == 0) with_low(Place<0>{}, high, r);
    else if (low == 1) with_low(Place<1>{}, high, r);
    else if (low == 2) with_low(Place<2>{}, high, r);
    else with_low(Place<3>{}, high, r);
  }
  hn::StoreU(a0, d, out[0] + x), hn::StoreU(a1, d, out[0] + x + lanes);
  hn::StoreU(b0, d, out[1] + x), hn::StoreU(b1, d, out[1] + x + lanes);
  hn::StoreU(c0, d, out[2] + x), hn::StoreU(c1, d, out[2] + x + lanes);
  hn::StoreU(d0, d, out[3] + x), hn::StoreU(d1, d, out[3] + x + lanes);
}

template <class T>
void grid(const T* const* rows, T* const* out, const DenseGrid<T>& grid, std::ptrdiff_t step,
          std::size_t width) noexcept {
  const hn::ScalableTag<T> d;
  std::size_t x = 0;
  const auto blocks = [&](auto known_width) HWY_ATTR {
    constexpr std::size_t known = decltype(known_width)::value;
    for (; x + 2 * hn::Lanes(d) <= width; x += 2 * hn::Lanes(d)) grid_block<known>(d, rows, out, grid, step, x);
  };
  if (grid.width == 3) blocks(Place<3>{});
  else if (grid.width == 5) blocks(Place<5>{});
  else blocks(Place<0>{});
  cover(d, x, width, [&](auto tag, std::size_t i) HWY_ATTR {
    for (std::size_t y = 0; y < grid_rows; ++y) {
      auto sum = hn::Zero(tag);
      const T* weight = grid.weights;
      for (std::size_t r = 0; r < grid.height; ++r) {
        const T* sample = rows[y + r] + i;
        for (std::size_t k = 0; k < grid.width; ++k, sample += step, ++weight) {
          sum = multiply_add(hn::LoadU(tag, sample), hn::Set(tag, *weight), sum);
        }
      }
      hn::StoreU(sum, tag, out[y] + i);
    }
  });
}

// ---- what follows a sum ----

template <class T> void finish(T* row, std::size_t count, T factor, T even, T odd) noexcept {
  const hn::ScalableTag<T> d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t x = 0;
  if (lanes % 2 == 0) {
    const auto scale = hn::Set(d, factor), bias = hn::OddEven(hn::Set(d, odd), hn::Set(d, even));
    for (; x + lanes <= count; x += lanes) {
      hn::StoreU(multiply_add(hn::LoadU(d, row + x), scale, bias), d, row + x);
    }
  }
  const hn::CappedTag<T, 1> one;
  const auto scale = hn::Set(one, factor);
  for (; x < count; ++x) {
    const auto bias = hn::Set(one, x % 2 == 0 ? even : odd);
    hn::StoreU(multiply_add(hn::LoadU(one, row + x), scale, bias), one, row + x);
  }
}

template <class T> const DensePasses<T>* passes_of() {
  static constexpr DensePasses<T> passes{&lines<T>, &grid<T>, &finish<T>};
  return &passes;
}

const DensePasses<float>* get_dense_f32() { return passes_of<float>(); }
const DensePasses<double>* get_dense_f64() { return passes_of<double>(); }

}  // namespace HWY_NAMESPACE
}  // namespace gaussfilt::passes
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gaussfilt::passes {

HWY_EXPORT(get_dense_f32);
HWY_EXPORT(get_dense_f64);

const DensePasses<float>& dense_f32() { return *HWY_DYNAMIC_DISPATCH(get_dense_f32)(); }
const DensePasses<double>& dense_f64() { return *HWY_DYNAMIC_DISPATCH(get_dense_f64)(); }

}  // namespace gaussfilt::passes
#endif
