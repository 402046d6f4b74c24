// Floor 2. What one tile touches along its axes.
#include "methods/spans.h"

#include <algorithm>
#include <tuple>

namespace gaussfilt::methods {

using base::WalkAxis;

namespace {

// The common case: what lies beyond the axis is found among the samples that the span touches anyway, which then are
// neighbours. False, and nothing decided, where it is not.
bool fill_neighbours(Span& span, std::int64_t first) {
  const WalkAxis& axis = *span.axis;
  const auto extended = static_cast<std::int64_t>(span.slots.size());
  const std::int64_t low = std::max<std::int64_t>(first, 0), high = std::min(first + extended, axis.n);
  const auto put = [&](std::int64_t from, std::int64_t to) {
    for (std::int64_t i = from; i < to; ++i) {
      const std::int64_t sample = border_index(border(axis), i, axis.n);
      if (sample >= high || (sample >= 0 && sample < low)) return false;
      span.slots[static_cast<std::size_t>(i - first)] = sample < 0 ? -1 : sample - low;
    }
    return true;
  };
  if (low >= high || !put(first, low) || !put(high, first + extended)) return false;
  for (std::int64_t i = low; i < high; ++i) {
    span.slots[static_cast<std::size_t>(i - first)] = i - low;
    span.samples[static_cast<std::size_t>(i - low)] = i;
  }
  span.samples = span.samples.first(static_cast<std::size_t>(high - low));
  return true;
}

}  // namespace

void fill_span(Span& span) {
  const WalkAxis& axis = *span.axis;
  const std::int64_t first = span.begin - before(axis);
  const auto extended = static_cast<std::size_t>(span.outputs() + before(axis) + after(axis));
  span.slots = span.slots.first(extended);
  if (fill_neighbours(span, first)) return;
  std::size_t count = 0;
  for (std::size_t i = 0; i < extended; ++i) {
    span.slots[i] = border_index(border(axis), first + static_cast<std::int64_t>(i), axis.n);
    if (span.slots[i] >= 0) span.samples[count++] = span.slots[i];
  }
  const auto touched_samples = span.samples.first(count);
  std::sort(touched_samples.begin(), touched_samples.end());
  const auto end = std::unique(touched_samples.begin(), touched_samples.end());
  span.samples = span.samples.first(static_cast<std::size_t>(end - touched_samples.begin()));
  for (std::int64_t& slot : span.slots) {
    if (slot >= 0) slot = std::ranges::lower_bound(span.samples, slot) - span.samples.begin();
  }
}

RowSpan row_span(const WalkAxis& axis, std::int64_t begin, std::int64_t end) {
  RowSpan span{.begin = begin, .end = end};
  const std::int64_t low = begin - before(axis), high = end + after(axis);
  span.extended = high - low;
  std::tie(span.first, span.last) = base::samples_needed(border(axis), low, high, axis.n);
  span.window_in_place = low <= span.first && span.last <= high;
  return span;
}

}  // namespace gaussfilt::methods
