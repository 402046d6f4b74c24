// Floor 2. What the three steps of a multirate run share: the axes, the arrays at the lower rate, the tables.
//
//   down    source rows -> z, for each slice (a place on the outer axes): along the columns, then along the rows
//   outer   along each axis further out: to the lower rate, filtered, back
//   up      z -> filtered along columns and rows -> q -> back along the rows, then along the columns -> output rows
//
// Full is the precision of what happens to whole rows, Low that of all else.
#pragma once

#include "base/scratch.h"
#include "methods/low_axis.h"
#include "passes/resample.h"
#include "passes/resample_rows.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace gaussfilt::methods {

// So many rows go along the row axis together.
inline constexpr std::int64_t rows_together = passes::rows_turned;

struct MultirateFrame {
  base::Walk walk;
  base::AxisList<LowAxis> outer;  // outermost first
  base::AxisList<base::WalkAxis> outer_walk;
  LowAxis column, row;
  base::WalkAxis column_walk;
  std::int64_t inner = 1;  // components of a sample of the row

  std::int64_t low_row() const { return row.z_count() * inner; }  // items of a row of z
  // Each row by itself, in phases of its cells; else some rows together, turned on their side. Rows of several
  // components are then at the lower rate a run of each.
  bool phased() const {
    const auto most = static_cast<std::int64_t>(passes::most_phases);
    return row.resampled() && walk.components == 1 && inner <= most && row.factor <= most;
  }
  std::int64_t runs() const { return phased() ? inner : 1; }  // of a row of z
  std::int64_t run_inner() const { return inner / runs(); }   // components of a sample of each
  std::int64_t slice_items() const { return column.z_count() * low_row(); }
  std::int64_t source_slices() const;
  std::int64_t output_slices() const;
  std::int64_t items() const;  // boxes of the batch
};

MultirateFrame multirate_frame(const base::Problem& problem, const base::Job& job);

// Bytes from the start of the source or output of box `item` to slice `slice`, which counts the samples needed of the
// outer axes or their outputs, the last axis fastest.
std::ptrdiff_t source_offset(const MultirateFrame& frame, std::int64_t item, std::int64_t slice);
std::ptrdiff_t output_offset(const MultirateFrame& frame, std::int64_t item, std::int64_t slice);

// The passes for rows that are read or stored where they are, of items of `dtype` from `start` on, `stride` apart. Null
// where those are not gapless and aligned or there are no such passes, or only converting ones, if these may not be.
template <class Full>
const passes::ResamplePasses<Full>* passes_in_place(const MultirateFrame& frame, const std::byte* start, DType dtype,
                                                    std::ptrdiff_t base::WalkAxis::*stride, bool converting);

// Items of scratch are taken in rows that start with a cache line.
template <class T> constexpr std::int64_t padded_row(std::int64_t items) {
  constexpr std::int64_t line = 64 / sizeof(T);
  return (items + line - 1) / line * line + line;
}

// Cells of the row that are turned together: what a part of the L1 cache holds.
inline std::int64_t cells_turned(const MultirateFrame& frame) {
  constexpr std::int64_t items = 4 * 1024;
  return std::max<std::int64_t>(1, items / (rows_together * frame.inner * frame.row.factor));
}

// The constant beyond an edge, component i of a sample.
template <class T> T constant_item(const MultirateFrame& frame, std::complex<double> cval, std::int64_t i) {
  return static_cast<T>(frame.walk.components == 2 && i % 2 == 1 ? cval.imag() : cval.real());
}

template <class T> void fill_with_constant(const MultirateFrame& frame, std::complex<double> cval, std::span<T> row) {
  for (std::size_t i = 0; i < row.size(); ++i) row[i] = constant_item<T>(frame, cval, static_cast<std::int64_t>(i));
}

// Rows are walked in strips, parts of the row axis, so that what a task keeps in use stays in the cache however long
// they are.

// Samples [begin, end) of z of one slice, down the columns and along the rows.
template <class Full, class Low> class Down {
 public:
  Down(const MultirateFrame& frame, std::complex<double> cval);
  std::size_t scratch_bytes(const LowAxis& strip) const;
  // `source`, `z`: of the slice, low_row() items a row of z; `strip`: the part of the row's z.
  void run(const std::byte* source, std::int64_t begin, std::int64_t end, const LowAxis& strip, Low* z,
           std::byte* scratch) const;

 private:
  class Task;
  const MultirateFrame& frame_;
  std::complex<double> cval_;
  bool in_place_ = false;  // source rows are read where they are
  const passes::ResamplePasses<Full>* columns_ = nullptr;
  std::int64_t cells_together_ = 1;  // of the column
  std::int64_t cells_turned_ = 1;    // of the row
};

// Output rows [begin, end), counted from the column's first one, of one slice.
template <class Full, class Low> class Up {
 public:
  Up(const MultirateFrame& frame, bool streamed);
  std::size_t scratch_bytes(const LowAxis& strip) const;
  // `z`, `output`: of the slice; `strip`: the row axis of a part of its outputs.
  void run(const Low* z, std::int64_t begin, std::int64_t end, const LowAxis& strip, std::byte* output,
           std::byte* scratch) const;

 private:
  class Task;
  const MultirateFrame& frame_;
  bool streamed_ = false;
  bool in_place_ = false;  // results are stored where they go
  const passes::ResamplePasses<Full>* columns_ = nullptr;
  std::int64_t cells_turned_ = 1;  // of the row
};

// One axis further out, of an array [count][samples][items] into [count][outputs][items]; begin, end: of the items.
template <class Low> class Outer {
 public:
  Outer(const MultirateFrame& frame, const LowAxis& axis, std::int64_t items);
  std::size_t scratch_bytes() const;
  std::int64_t chunk() const { return chunk_; }
  void run(const Low* from, Low* to, std::int64_t begin, std::int64_t end, std::byte* scratch) const;

 private:
  const MultirateFrame& frame_;
  const LowAxis& axis_;
  std::int64_t items_ = 0, chunk_ = 0;
};

}  // namespace gaussfilt::methods
