// Floor 0. How an array of any rank and stride is walked: a batch of independent boxes, each with column axes (the
// filtered ones but the last) and rows (the last filtered axis, or plain samples), rows with `inner` gapless
// components. Where asked to, the first filtered axis may be the row instead.
#pragma once

#include "base/inline_list.h"
#include "base/problem.h"

#include <cstddef>
#include <utility>

namespace gaussfilt::base {

struct WalkAxis {
  const AxisTask* task = nullptr;   // null: samples along it are only copied
  std::int64_t n = 0;               // global extent, which borders go by
  std::int64_t begin = 0, end = 0;  // the output's box, global indices
  std::int64_t src_origin = 0;      // global index of the source's first sample
  std::ptrdiff_t src_stride = 0, dst_stride = 0;
};

template <class T> using AxisList = InlineList<T, max_rank>;

struct Walk {
  const std::byte* src = nullptr;                        // at src_origin of the columns and the row, first of the batch
  std::byte* dst = nullptr;                              // at begin
  DType src_dtype = DType::f32, dst_dtype = DType::f32;  // of a component
  int components = 1;                                    // 2 for complex
  std::int64_t inner = 1;                                // components of one sample of the row
  AxisList<WalkAxis> columns;                            // in the order of filtering
  WalkAxis row;
  bool row_first = false;  // it is filtered before the columns, not after them
  AxisList<WalkAxis> batch;
  bool empty = false;  // nothing to write
};

// May rows be filtered before the columns, where the first axis is the one along the memory, and from their other end,
// where they run backwards on both sides?
enum class Exchange { no, allowed };

// Arranges the axes of a job. The choice looks at strides for speed; it never changes a result.
Walk make_walk(const Problem& problem, const Job& job, Exchange exchange = Exchange::no);

// The stretch [first, last) of a line of n samples that covers every sample standing at extended indices [low, high):
// the whole line where wrap crosses an edge. Empty where all of them are the constant.
std::pair<std::int64_t, std::int64_t> samples_needed(Border border, std::int64_t low, std::int64_t high,
                                                     std::int64_t n);

// A box of global indices.
struct Box {
  Index origin;
  Shape shape;
};

// What the outputs in `box` depend on: the whole axis where wrap crosses an edge. An empty box needs itself.
Box box_needed(const Problem& problem, const Box& box);

// Copies items of one size between views of the same shape and dtype, any strides.
void copy_items(const View& src, const MutableView& dst);

// True where two views may share a byte. Exact for views whose strides nest (rows in planes and so on), such as
// crops, interleaved channels and every n-th sample of one array; otherwise it may say yes for a no.
bool overlap(const View& a, const View& b);

// True where no two items of the view share a byte (nested strides; otherwise it may say no for a yes).
bool items_disjoint(const View& view);

}  // namespace gaussfilt::base
