// Floor 2. What one tile touches along its axes.
#include "methods/spans.h"

#include <algorithm>
#include <cstdlib>
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

RowEdges::RowEdges(const WalkAxis& axis, const RowSpan& row, std::span<std::int64_t> room)
    : slots_(room), extended_(row.extended) {
  const std::int64_t low = row.begin - before(axis);
  head_ = row.window_in_place ? row.first - low : extended_;
  tail_ = row.window_in_place ? row.last - low : extended_;
  std::size_t edge = 0;
  for (std::int64_t x = 0; x < extended_; ++x) {
    if (x == head_) x = tail_;
    if (x == extended_) break;
    const std::int64_t sample = border_index(border(axis), low + x, axis.n);
    slots_[edge++] = sample < 0 ? -1 : sample - row.first;
    if (x < head_) head_reach_ = std::max(head_reach_, static_cast<std::size_t>(slots_[edge - 1] + 1));
  }
  head_run_ = run_of(slots_.first(static_cast<std::size_t>(head_)));
  tail_run_ = run_of(slots_.subspan(static_cast<std::size_t>(head_), edge - static_cast<std::size_t>(head_)));
}

RowEdges::Run RowEdges::run_of(std::span<const std::int64_t> slots) {
  if (slots.empty()) return {};
  Run run{.first = slots[0], .step = slots.size() > 1 ? slots[1] - slots[0] : 0, .any = true};
  for (std::size_t i = 1; i < slots.size(); ++i) run.any = run.any && slots[i] - slots[i - 1] == run.step;
  run.any =
      run.any && std::abs(run.step) <= 1 && (run.first >= 0 || run.step == 0) && (slots.back() >= 0 || run.step == 0);
  return run;
}

std::size_t span_entries(const base::Walk& walk, const Tiling& tiling) {
  std::int64_t entries = 0;
  for (std::size_t i = 0; i < walk.columns.size(); ++i) {
    entries += 2 * (tiling.columns[i] + before(walk.columns[i]) + after(walk.columns[i]));
  }
  return static_cast<std::size_t>(entries);
}

TilePlace place_tile(const base::Walk& walk, const Tiling& tiling, std::int64_t index,
                     std::span<std::int64_t> entries) {
  const auto next = [&index](std::int64_t begin, std::int64_t end, std::int64_t chunk) {
    const std::int64_t count = (end - begin + chunk - 1) / chunk;
    const std::int64_t at = begin + index % count * chunk;
    index /= count;
    return std::pair(at, std::min(end, at + chunk));
  };
  TilePlace place;
  for (std::size_t i = 0; i < walk.columns.size(); ++i) {
    const WalkAxis& axis = walk.columns[i];
    Span span{.axis = &axis, .samples = {}, .slots = {}};
    std::tie(span.begin, span.end) = next(axis.begin, axis.end, tiling.columns[i]);
    const auto extended = static_cast<std::size_t>(span.outputs() + before(axis) + after(axis));
    span.samples = entries.first(extended);
    span.slots = entries.subspan(extended, extended);
    entries = entries.subspan(2 * extended);
    fill_span(span);
    place.columns.push_back(span);
  }
  const auto [row_begin, row_end] = next(walk.row.begin, walk.row.end, tiling.row);
  place.row = row_span(walk.row, row_begin, row_end);
  std::tie(place.batch_begin, place.batch_end) = next(0, tiling.batch_count, tiling.batch);
  return place;
}

std::pair<std::ptrdiff_t, std::ptrdiff_t> batch_offsets(const base::Walk& walk, std::int64_t item) {
  std::ptrdiff_t src = 0, dst = 0;
  for (std::size_t i = walk.batch.size(); i-- > 0;) {
    const WalkAxis& axis = walk.batch[i];
    src += item % axis.end * axis.src_stride;
    dst += item % axis.end * axis.dst_stride;
    item /= axis.end;
  }
  return {src, dst};
}

}  // namespace gaussfilt::methods
