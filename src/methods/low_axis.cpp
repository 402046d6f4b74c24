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
  if (axis.resampled()) return computed(axis, j);
  return axis.filtered() ? border_index(axis.task->border, j, axis.n) : j;
}

struct Range {
  std::int64_t begin, end;
};

// The part of [begin, end) within [least, most).
Range within(Range range, std::int64_t least, std::int64_t most) {
  const std::int64_t begin = std::clamp(least, range.begin, range.end);
  return {begin, std::clamp(most, begin, range.end)};
}

// Samples of the lower rate that the outputs are made of by way of the taps, and those of them that stand for
// themselves, as nothing of them lies beyond an edge.
Range reached(const LowAxis& axis) { return {axis.q_begin - axis.before, axis.q_end + axis.after}; }
Range own(const LowAxis& axis) { return within(reached(axis), 0, axis.n / axis.factor - axis.width + 1); }

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
  const Range all = reached(axis), self = own(axis);
  bool any = self.begin < self.end;
  if (any) axis.z_begin = self.begin, axis.z_end = self.end;
  for (std::int64_t j = all.begin; j < all.end; ++j) {
    if (j == self.begin) j = self.end;
    if (j == all.end) break;
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
  const Range all = reached(axis), self = own(axis);
  const auto slot = [&](std::int64_t j) -> std::int64_t& {
    return axis.slots[static_cast<std::size_t>(j - all.begin)];
  };
  const auto beyond = [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      const std::int64_t z = stand_in(axis, j);
      slot(j) = !axis.resampled() && z < 0 ? -1 : z - axis.z_begin;
    }
  };
  beyond(all.begin, self.begin);
  for (std::int64_t j = self.begin; j < self.end; ++j) slot(j) = j - axis.z_begin;
  beyond(self.end, all.end);
}

void fill_samples(LowAxis& axis) {
  const Range all{axis.z_begin * axis.factor, (axis.z_end + axis.width - 1) * axis.factor};
  const Range self = axis.resampled() ? within(all, 0, axis.n) : all;
  const auto at = [&](std::int64_t x) -> std::int64_t& {
    return axis.samples[static_cast<std::size_t>(x - all.begin)];
  };
  const auto beyond = [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t x = begin; x < end; ++x) {
      const std::int64_t sample = border_index(axis.task->border, x, axis.n);
      at(x) = sample < 0 ? -1 : sample - axis.first;
    }
  };
  beyond(all.begin, self.begin);
  for (std::int64_t x = self.begin; x < self.end; ++x) at(x) = x - axis.first;
  beyond(self.end, all.end);
}

}  // namespace gaussfilt::methods
