// Floor 2. What a tile of the separable method takes of a worker's scratch: sizes only, by walk and tiling.
#pragma once

#include "methods/tiling.h"
#include "passes/fir.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace gaussfilt::methods {

template <class T> inline constexpr std::size_t line_of = 64 / sizeof(T);  // components of a cache line
template <class T> inline constexpr std::size_t margin_of = passes::row_margin / sizeof(T);

// Rows of items of the source or the output that are turned together.
struct TurnedRows {
  std::size_t rows = 0, pitch = 0;  // bytes; 0 rows: none are
  std::size_t bytes() const { return rows * pitch; }
};

struct ScratchPlan {
  std::size_t bytes = 0;
  std::size_t pitch = 0;     // components of a window row, padded
  std::size_t extended = 0;  // components of an extended row
  std::int64_t group = 8;    // rows that go from the last column pass to the row pass
  std::size_t together = 0;  // rows that the row pass takes at once; 0: one by one
  std::size_t stretch = 0;   // components of a row that it makes at once
  std::size_t turning = 0;   // items of its own scratch
  std::size_t result = 0;    // components of results that wait to be rounded
  TurnedRows band, waiting;
  std::size_t panel_rows = 0;
  std::int64_t plane_rows = 0;  // of each plane, at the last of several column axes
  base::AxisList<std::size_t> slab_rows;
  std::size_t indices = 0;  // for spans
  std::size_t edges = 0;    // for the row
  std::size_t pointers = 0;
};

// `streams`: outputs are written past the caches.
template <class T> ScratchPlan plan_scratch(const base::Walk& walk, const Tiling& tiling, bool streams);

// The pieces, of one tile.
template <class T> struct TileMemory {
  std::span<std::int64_t> indices, edges;
  std::span<T> panel;
  std::span<std::byte> band;  // rows turned from the source, to be converted
  std::span<std::byte> waiting;
  base::AxisList<std::span<T>> slabs, constants;
  base::AxisList<std::span<const T*>> rows;
  base::AxisList<std::span<T*>> targets;
  std::array<T*, rows_at_once> extended{};
  std::array<std::span<T>, rows_at_once> windows, results;
  std::span<T> turning;

  TileMemory(const ScratchPlan& plan, std::size_t levels, std::byte* scratch);
};

}  // namespace gaussfilt::methods
