// Floor 2. Means of windows: stages, each of one axis or, of integers, of two at once.
#pragma once

#include "base/lines.h"
#include "base/problem.h"
#include "methods/method.h"
#include "methods/spans.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace gaussfilt::methods {

// One walk over an array: from the input or from what the stage before it left, to that of the next or to the output.
struct MeanStage {
  base::Problem problem;  // with the axes of this stage alone
  base::Job job;
  bool last = false;   // else raw sums are stored, of integers
  double divisor = 1;  // of integers, the last one: of all axes
  double largest = 0;  // of integers: no sum exceeds it
};

Outcome run_integer_stage(const MeanStage& stage);
Outcome run_float_stage(const MeanStage& stage);
std::int64_t integer_scratch(const MeanStage& stage);
std::int64_t float_scratch(const MeanStage& stage);

// How a stage walks: at most one column axis, a row, and boxes of the batch.
struct MeanWalk {
  base::Walk walk;
  base::WalkAxis column;    // without a task where only the row is filtered
  std::int64_t items = 1;   // boxes of the batch
  std::int64_t height = 1;  // outputs of a tile
  std::int64_t width = 1;   // samples of a tile's row
  std::int64_t tiles = 0;
};
MeanWalk mean_walk(const MeanStage& stage);

// One tile's place in the box.
struct MeanPlace {
  std::int64_t y_begin = 0, y_end = 0, x_begin = 0, x_end = 0;
  const std::byte* src = nullptr;  // of the batch's box, at src_origin of column and row
  std::byte* dst = nullptr;
};
MeanPlace mean_place(const MeanWalk& walk, std::int64_t index);

// A row beyond its ends: which sample stands at each extended index outside of the array, -1: the constant.
struct MeanEdges {
  std::int64_t first = 0, last = 0;  // samples that the extended row is made of
  std::span<std::int64_t> head, tail;
  std::int64_t inside_begin = 0, inside_end = 0;  // of the array, in the extended row
};
// `head` and `tail` come as room for before() and after() entries.
MeanEdges mean_edges(const base::WalkAxis& row, const MeanPlace& place, std::span<std::int64_t> head,
                     std::span<std::int64_t> tail);

}  // namespace gaussfilt::methods
