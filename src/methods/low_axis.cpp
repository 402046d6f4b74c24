// Floor 2. The lower rate of one axis, and its borders.
//
// The signal is extended at the full rate: every sample of the lower rate is the one that the endless signal has. Most
// of those beyond the edges need not be computed, for they equal others:
//
//   reflect            sample j and sample -j - w mirror each other; and where the factor divides 2n, so it is at the
//                      other edge
//   wrap               a period apart, where the factor divides n
//   mirror             a period apart, where the factor divides 2n - 2 and the taps reach that far
//   nearest, constant  all that lie wholly beyond an edge are alike
//
// Which one stands for another follows from the axis alone, so that every box computes it from the same samples.
#include "methods/low_axis.h"

#include <gaussfilt/border.h>

#include <algorithm>

namespace gaussfilt::methods {
namespace {

std::int64_t modulo(std::int64_t i, std::int64_t n) {
  const std::int64_t m = i % n;
  return m < 0 ? m + n : m;
}

std::int64_t floor_half(std::int64_t i) { return (i - modulo(i, 2)) / 2; }

// Where the taps reach so far that what repeats is less than what they read.
bool reaches_all(const LowAxis& axis) { return 2 * axis.before * axis.factor >= axis.n - 2; }

// The sample of the lower rate that is computed in place of j.
std::int64_t computed(const LowAxis& axis, std::int64_t j) {
  const std::int64_t n = axis.n, f = axis.factor, w = axis.width;
  switch (axis.task->border) {
    case Border::reflect: {
      std::int64_t twice = 2 * j + w;  // its place, in half factors from the edge
      if (const std::int64_t period = base::low_period(Border::reflect, n, f); period > 0) {
        twice = modulo(twice, 2 * period);
        if (twice > period) twice = 2 * period - twice;
      } else if (twice < 0) {
        twice = -twice;
      }
      return floor_half(twice - w);
    }
    case Border::mirror:
      if (!reaches_all(axis)) return j;
      [[fallthrough]];
    case Border::wrap: {
      const std::int64_t period = base::low_period(axis.task->border, n, f);
      return period > 0 ? modulo(j, period) : j;
    }
    case Border::nearest:
    case Border::constant: return std::clamp(j, -w, (n + f - 1) / f);
  }
  return j;
}

// What stands at index j of the lower rate, factor 1 included: -1 only there.
std::int64_t stand_in(const LowAxis& axis, std::int64_t j) {
  if (j >= 0 && (j + axis.width) * axis.factor <= axis.n) return j;  // nothing of it lies beyond an edge
  if (axis.resampled()) return computed(axis, j);
  return axis.filtered() ? border_index(axis.task->border, j, axis.n) : j;
}

void find_samples(LowAxis& axis) {
  const auto [first, last] =
      base::samples_needed(axis.filtered() ? axis.task->border : Border::nearest, axis.z_begin * axis.factor,
                           (axis.z_end + axis.width - 1) * axis.factor, axis.n);
  axis.first = first, axis.last = last;
}

}  // namespace

LowAxis low_axis(const base::WalkAxis& walk) {
  LowAxis axis{.task = walk.task, .n = walk.n, .begin = walk.begin, .end = walk.end, .slots = {}, .samples = {}};
  axis.q_begin = axis.begin, axis.q_end = axis.end;
  if (axis.filtered()) {
    const base::Resampling& resampling = axis.task->resampling;
    axis.factor = resampling.factor, axis.width = resampling.width;
    axis.before = axis.resampled() ? resampling.reach : axis.task->before;
    axis.after = axis.resampled() ? resampling.reach : axis.task->after;
    if (axis.resampled()) {
      axis.q_begin = axis.begin / axis.factor - axis.width + 1;
      axis.q_end = (axis.end - 1) / axis.factor + 1;
    }
  }
  bool any = false;
  for (std::int64_t j = axis.q_begin - axis.before; j < axis.q_end + axis.after; ++j) {
    const std::int64_t z = stand_in(axis, j);
    if (!axis.resampled() && z < 0) continue;
    axis.z_begin = any ? std::min(axis.z_begin, z) : z;
    axis.z_end = any ? std::max(axis.z_end, z + 1) : z + 1;
    any = true;
  }
  find_samples(axis);
  return axis;
}

LowAxis computed_part(const LowAxis& axis, std::int64_t z_begin, std::int64_t z_end) {
  LowAxis part = axis;
  part.z_begin = z_begin, part.z_end = z_end;
  find_samples(part);
  return part;
}

void fill_slots(LowAxis& axis) {
  for (std::size_t i = 0; i < axis.slots.size(); ++i) {
    const std::int64_t z = stand_in(axis, axis.q_begin - axis.before + static_cast<std::int64_t>(i));
    axis.slots[i] = !axis.resampled() && z < 0 ? -1 : z - axis.z_begin;
  }
}

void fill_samples(LowAxis& axis) {
  for (std::size_t i = 0; i < axis.samples.size(); ++i) {
    const std::int64_t x = axis.z_begin * axis.factor + static_cast<std::int64_t>(i);
    const bool inside = !axis.resampled() || (x >= 0 && x < axis.n);
    const std::int64_t sample = inside ? x : border_index(axis.task->border, x, axis.n);
    axis.samples[i] = sample < 0 ? -1 : sample - axis.first;
  }
}

}  // namespace gaussfilt::methods
