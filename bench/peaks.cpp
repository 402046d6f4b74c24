// What this CPU can do at most. Twelve independent chains hide the latency of every instruction in them.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "bench/peaks.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "peaks.h"

#include <algorithm>
#include <chrono>
#include <cstdint>

HWY_BEFORE_NAMESPACE();
namespace bench {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr int rounds = 20000, chains = 12;

// Runs `step` on twelve chains and returns the best of many seconds for one step of one lane.
template <class D, class Step> double best_of(D d, const Step& step) {
  using V = hn::VFromD<D>;
  volatile hn::TFromD<D> sink = 0;
  double best = 1;
  for (int run = 0; run < 40; ++run) {
    V a = hn::Zero(d), b = a, c = a, e = a, f = a, g = a, h = a, i = a, j = a, k = a, l = a, m = a;
    const auto start = std::chrono::steady_clock::now();
    for (int round = 0; round < rounds; ++round) {
      a = step(a), b = step(b), c = step(c), e = step(e), f = step(f), g = step(g);
      h = step(h), i = step(i), j = step(j), k = step(k), l = step(l), m = step(m);
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    a = hn::Add(hn::Add(hn::Add(a, b), hn::Add(c, e)), hn::Add(hn::Add(f, g), hn::Add(h, i)));
    sink = hn::GetLane(hn::Add(a, hn::Add(hn::Add(j, k), hn::Add(l, m))));
    best = std::min(best, took.count() / rounds / chains / static_cast<double>(hn::Lanes(d)));
  }
  static_cast<void>(sink);
  return best;
}

Peaks measure() {
  Peaks result;
  const hn::ScalableTag<float> f32;
  const auto w32 = hn::Set(f32, 0.5F), s32 = hn::Set(f32, 0.25F);
  result.f32_pair = best_of(f32, [&](auto v) HWY_ATTR { return hn::MulAdd(hn::Add(v, s32), w32, s32); });
#if HWY_HAVE_FLOAT64
  const hn::ScalableTag<double> f64;
  const auto w64 = hn::Set(f64, 0.5), s64 = hn::Set(f64, 0.25);
  result.f64_pair = best_of(f64, [&](auto v) HWY_ATTR { return hn::MulAdd(hn::Add(v, s64), w64, s64); });
  result.f64_exact = best_of(f64, [&](auto v) HWY_ATTR { return hn::Add(hn::Mul(hn::Add(v, s64), w64), s64); });
#endif
#if HWY_TARGET != HWY_SCALAR
  const hn::ScalableTag<std::int32_t> i32;
  const hn::Repartition<std::int16_t, decltype(i32)> i16;
  const auto w16 = hn::Set(i16, std::int16_t{3}), s16 = hn::Set(i16, std::int16_t{5});
  auto spare = hn::Zero(i32);
  const double two_pairs = best_of(i32, [&](auto v) HWY_ATTR {
    return hn::ReorderWidenMulAccumulate(i32, hn::Add(hn::BitCast(i16, v), s16), w16, v, spare);
  });
  result.u8_pair = two_pairs / 2;
#endif
  return result;
}

}  // namespace HWY_NAMESPACE
}  // namespace bench
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace bench {

HWY_EXPORT(measure);

const Peaks& peaks() {
  static const Peaks measured = HWY_DYNAMIC_DISPATCH(measure)();
  return measured;
}

}  // namespace bench
#endif
