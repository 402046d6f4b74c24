// Floor 2. What one tile touches along its axes: which samples, and where each extended index finds its own.
#pragma once

#include "base/lines.h"
#include "methods/tiling.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace gaussfilt::methods {

// Reach of the taps and border along an axis; an axis without a task reaches nowhere.
inline std::int64_t before(const base::WalkAxis& axis) { return axis.task ? axis.task->before : 0; }
inline std::int64_t after(const base::WalkAxis& axis) { return axis.task ? axis.task->after : 0; }
inline Border border(const base::WalkAxis& axis) { return axis.task ? axis.task->border : Border::nearest; }

// One tile's part of a column axis: which samples it touches, and which of them stands at each extended index.
struct Span {
  const base::WalkAxis* axis = nullptr;
  std::int64_t begin = 0, end = 0;  // outputs
  std::span<std::int64_t> samples;  // global indices touched, ascending
  std::span<std::int64_t> slots;    // extended index begin - before + i -> place in samples, or -1: constant
  std::int64_t outputs() const { return end - begin; }
  std::int64_t count() const { return static_cast<std::int64_t>(samples.size()); }
};

// Fills `samples` and `slots`, which come as room for outputs() + before + after entries.
void fill_span(Span& span);

// One tile's part of the row: outputs [begin, end), the window of samples that it needs, and the extended row.
struct RowSpan {
  std::int64_t begin = 0, end = 0;
  std::int64_t first = 0, last = 0;  // window, global
  std::int64_t extended = 0;         // samples of the extended row
  bool window_in_place = true;       // the window is a stretch of the extended row
};

RowSpan row_span(const base::WalkAxis& axis, std::int64_t begin, std::int64_t end);

// What lies beyond the edges of a row, by the border's rule.
class RowEdges {
 public:
  RowEdges() = default;
  // `room`: an entry for every sample of the extended row.
  RowEdges(const base::WalkAxis& axis, const RowSpan& row, std::span<std::int64_t> room);

  // Completes an extended row from its window of samples of `inner` items; constant(c) is the border's, item c of a
  // sample.
  template <class T, class Constant>
  void extend(T* extended, const T* window, std::size_t inner, const Constant& constant) const {
    extend_head(extended, window, inner, constant);
    extend_tail(extended, window, inner, constant);
  }
  // One end of it. The first one needs the window's first head_reach() samples.
  template <class T, class Constant>
  void extend_head(T* extended, const T* window, std::size_t inner, const Constant& constant) const {
    put(extended, 0, head_, slots_.data(), head_run_, window, inner, constant);
  }
  template <class T, class Constant>
  void extend_tail(T* extended, const T* window, std::size_t inner, const Constant& constant) const {
    put(extended, tail_, extended_, slots_.data() + head_, tail_run_, window, inner, constant);
  }
  std::size_t head_reach() const { return head_reach_; }

 private:
  // Samples of an edge that follow each other: slot first + i * step, -1 for the constant. Most edges are one run.
  struct Run {
    std::int64_t first = 0, step = 0;
    bool any = false;
  };
  static Run run_of(std::span<const std::int64_t> slots);

  template <class T> static void put_run(T* to, std::size_t count, const T* from, std::int64_t step) {
    if (step > 0) {
      for (std::size_t i = 0; i < count; ++i) to[i] = from[i];
    } else if (step < 0) {
      const T* const last = from + 1 - count;
      for (std::size_t i = 0; i < count; ++i) to[i] = last[count - 1 - i];
    } else {
      std::fill_n(to, count, *from);
    }
  }

  template <class T, class Constant>
  static void put(T* extended, std::int64_t from, std::int64_t to, const std::int64_t* slot, const Run& run,
                  const T* window, std::size_t inner, const Constant& constant) {
    if (inner == 1) {
      const T value = constant(0);
      const T* const first = run.first < 0 ? &value : window + run.first;
      if (run.any) return put_run(extended + from, static_cast<std::size_t>(to - from), first, run.step);
      for (std::int64_t x = from; x < to; ++x, ++slot) extended[x] = *slot < 0 ? value : window[*slot];
      return;
    }
    const std::size_t end = static_cast<std::size_t>(to) * inner;
    for (std::size_t x = static_cast<std::size_t>(from) * inner; x < end; x += inner, ++slot) {
      for (std::size_t c = 0; c < inner; ++c) {
        extended[x + c] = *slot < 0 ? constant(c) : window[static_cast<std::size_t>(*slot) * inner + c];
      }
    }
  }

  std::span<std::int64_t> slots_;  // of the window, at each place outside [head, tail); -1: the constant
  Run head_run_, tail_run_;
  std::int64_t head_ = 0, tail_ = 0;  // the window fills [head, tail) of the extended row
  std::int64_t extended_ = 0;
  std::size_t head_reach_ = 0;
};

// One tile of a walk: its part of every axis.
struct TilePlace {
  base::AxisList<Span> columns;
  RowSpan row;
  std::int64_t batch_begin = 0, batch_end = 0;
};

// Entries that the spans of a tile take.
std::size_t span_entries(const base::Walk& walk, const Tiling& tiling);
// The first column axis runs fastest, so neighbouring tiles share the rows at their seam.
TilePlace place_tile(const base::Walk& walk, const Tiling& tiling, std::int64_t index, std::span<std::int64_t> entries);

// Bytes from the first box of the batch to box `item`, in the source and in the output.
std::pair<std::ptrdiff_t, std::ptrdiff_t> batch_offsets(const base::Walk& walk, std::int64_t item);

}  // namespace gaussfilt::methods
