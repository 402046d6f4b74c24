// Floor 2. What one tile touches along its axes: which samples, and where each extended index finds its own.
#pragma once

#include "base/lines.h"

#include <cstdint>
#include <span>

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

}  // namespace gaussfilt::methods
