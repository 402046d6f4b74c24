// Floor 2. Rows that lie across the memory: they come and go in bands, whole cache lines of each column at a time.
#pragma once

#include "methods/spans.h"
#include "methods/tiling.h"
#include "passes/turn.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace gaussfilt::methods {

// Source rows of a column axis, on their way into a panel. Bands begin with cache lines of the source and lie in the
// panel as there.
struct SourceBands {
  std::int64_t rows = 0;   // of a band; 0: rows do not lie across
  std::int64_t first = 0;  // where in its band the first row lies

  SourceBands() = default;
  // `start`: the source of the axis' first sample.
  SourceBands(const base::Walk& walk, const Tiling& tiling, const Span& span, const std::byte* start)
      : rows(tiling.band) {
    if (rows == 0 || span.count() == 0) return;
    const std::ptrdiff_t step = span.axis->src_stride;
    first = before_in_line(walk, walk.src_dtype, start + (span.samples[0] - span.axis->src_origin) * step, step);
  }
  std::int64_t end(std::int64_t slot) const { return slot + rows - (slot + first) % rows; }
  std::size_t place(std::int64_t slot, std::size_t panel_rows) const {
    return static_cast<std::size_t>(slot + first) % panel_rows;
  }
  // Calls body(begin, end) for slots of one band that are neighbours in the source as well.
  void each(const Span& span, std::int64_t slot, std::int64_t last, const auto& body) const {
    const auto at = [&span](std::int64_t i) { return span.samples[static_cast<std::size_t>(i)]; };
    for (std::int64_t stop = slot; slot < last; slot = stop) {
      const std::int64_t band_end = std::min(last, end(slot));
      for (stop = slot + 1; stop < band_end && at(stop) == at(stop - 1) + 1;) ++stop;
      body(slot, stop);
    }
  }
};

// Output rows of the last column axis that wait until they fill cache lines of each column.
class WaitingRows {
 public:
  WaitingRows() = default;
  WaitingRows(const base::Walk& walk, std::size_t rows, std::size_t pitch, std::byte* memory)
      : walk_(&walk), memory_(memory), rows_(rows), pitch_(pitch) {}
  bool any() const { return rows_ > 0; }
  // The first row of a tile goes to `dst`.
  void start(const std::byte* dst) {
    const std::ptrdiff_t step = walk_->columns.back().dst_stride;
    begin_ = end_ = static_cast<std::size_t>(before_in_line(*walk_, walk_->dst_dtype, dst, step));
  }
  std::int64_t room() const { return static_cast<std::int64_t>(rows_ - end_); }
  // Where the next row waits, or i rows after it.
  std::byte* next(std::size_t i = 0) const { return memory_ + (end_ + i) * pitch_; }
  // `count` rows more have come. Whether all of them go now.
  bool add(std::int64_t count, bool last) {
    end_ += static_cast<std::size_t>(count);
    return end_ == rows_ || last;
  }
  const std::byte* first() const { return memory_ + begin_ * pitch_; }
  std::size_t count() const { return end_ - begin_; }
  // From the place of the last one to the place of the first.
  std::ptrdiff_t to_first() const {
    return -static_cast<std::ptrdiff_t>(count() - 1) * walk_->columns.back().dst_stride;
  }
  void clear() { begin_ = end_ = 0; }
  // The last one goes to `dst`.
  void store(passes::Turn* turn, std::byte* dst, std::size_t samples, bool streamed) {
    const std::size_t item = static_cast<std::size_t>(walk_->inner) * size_of(walk_->dst_dtype);
    turn(first(), {.down = static_cast<std::ptrdiff_t>(item), .right = static_cast<std::ptrdiff_t>(pitch_)},
         dst + to_first(), {.down = walk_->row.dst_stride, .right = walk_->columns.back().dst_stride}, samples, count(),
         item, streamed);
    clear();
  }

 private:
  const base::Walk* walk_ = nullptr;
  std::byte* memory_ = nullptr;
  std::size_t rows_ = 0, pitch_ = 0;
  std::size_t begin_ = 0, end_ = 0;  // rows that wait; the first ones may begin within a line
};

}  // namespace gaussfilt::methods
