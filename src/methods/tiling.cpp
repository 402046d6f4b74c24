// Floor 2. Tile sizes.
#include "methods/tiling.h"

#include "passes/turn.h"

#include <algorithm>

namespace gaussfilt::methods {
namespace {

constexpr std::int64_t working_set = 640 * 1024;   // bytes: most of a 1 MiB L2
constexpr std::int64_t slab_set = 1024 * 1024;     // with a slab between two column axes
constexpr std::int64_t slab_planes = 16;           // outputs of a slab along its own axis: two column passes' rows
constexpr std::int64_t most_outputs = 256 * 1024;  // samples of a tile: enough to hide what a tile costs to start
constexpr std::int64_t few_outputs = 16 * 1024;
constexpr std::int64_t longest_direct_reach = 20;  // rows read in place beyond this fall into the same cache sets
constexpr std::int64_t longest_slab_reach = 200;   // a panel of a slab's rows is copied once a slab
constexpr std::int64_t longest_split_reach = 6;    // and beyond this split a cache line with every load, if unaligned
constexpr std::int64_t cache_line = 64;
constexpr std::int64_t most_pages = 512;  // that a tile's rows across the memory use in turn: a part of the TLB
// Lines of a column that follow each other are several times as fast to read and to stream as single ones.
constexpr std::int64_t rows_read_together = 64, lines_together = 4;
constexpr std::int64_t few_rows = 4;                             // no tile is cut thinner
constexpr std::int64_t most_flowing_outputs = 4 * most_outputs;  // of a tile that has no memory of its own for them

std::int64_t reach(const base::WalkAxis& axis) { return axis.task ? axis.task->before + axis.task->after : 0; }

std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

bool readable_in_place(const base::Walk& walk, std::size_t item) {
  const auto step = static_cast<std::ptrdiff_t>(item);
  const bool same_type = walk.src_dtype == (item == sizeof(float) ? DType::f32 : DType::f64);
  if (!same_type || walk.columns.empty() || walk.row_first || walk.row.src_stride != step * walk.inner) return false;
  const std::int64_t start = walk.row.begin - (walk.row.task ? walk.row.task->before : 0);
  const std::int64_t first = reinterpret_cast<std::intptr_t>(walk.src) +
                             (std::max<std::int64_t>(start, 0) - walk.row.src_origin) * walk.row.src_stride;
  const auto aligned_to = [&](std::ptrdiff_t bytes) {
    const auto whole = [bytes](const base::WalkAxis& axis) { return axis.src_stride % bytes == 0; };
    return first % bytes == 0 && std::ranges::all_of(walk.columns, whole) && std::ranges::all_of(walk.batch, whole);
  };
  const std::int64_t longest = !aligned_to(cache_line)    ? longest_split_reach
                               : walk.columns.size() == 1 ? longest_direct_reach
                                                          : longest_slab_reach;
  return aligned_to(step) && reach(walk.columns.front()) <= longest;
}

// Where the one column axis is read downwards, row by row: not where wrap needs both ends of it at once.
bool can_be_ring(const base::Walk& walk) {
  return walk.columns.size() == 1 && walk.columns.front().task->border != Border::wrap;
}

// Bytes that one tile keeps in use.
std::int64_t footprint(const base::Walk& walk, const Tiling& tiling, std::size_t item) {
  const std::int64_t row = touched_row(walk.row, tiling.row) * walk.inner * static_cast<std::int64_t>(item);
  if (walk.columns.empty()) return row * 2;
  const base::WalkAxis& first = walk.columns.front();
  std::int64_t rows = panel_rows(walk, tiling);
  if (!tiling.panel) rows = reach(first) + rows_at_once;
  for (std::size_t level = 0; level + 1 < walk.columns.size(); ++level) {
    std::int64_t slab = tiling.columns[level];
    for (std::size_t axis = level + 1; axis < walk.columns.size(); ++axis) {
      slab *= touched(walk.columns[axis], tiling.columns[axis]);
    }
    rows += slab;
  }
  return row * (rows + rows_at_once);
}

// A wrapped row needs both its ends at once.
bool needs_whole_row(const base::Walk& walk) {
  return walk.row.task != nullptr && walk.row.task->border == Border::wrap;
}

std::int64_t outputs(const base::Walk& walk, const Tiling& tiling) {
  std::int64_t product = tiling.row * walk.inner;
  for (const std::int64_t extent : tiling.columns) product *= extent;
  return product;
}

// Rows come in at the bottom and leave at the top: the tile's height costs nothing.
bool flows(const Tiling& tiling) { return tiling.ring || !tiling.panel; }

// Cuts one axis of the tile in half: the first column axis while its reach is not read too often again (and where asked
// to: a ring does not shrink with it), else the one whose extent is largest beside its reach. False where no cut helps.
bool cut(const base::Walk& walk, Tiling& tiling, bool first_column = true) {
  if (first_column && !walk.columns.empty()) {
    const bool single = walk.columns.size() == 1;
    const std::int64_t again = tiling.panel && single ? (tiling.ring ? 4 : 1) * reach(walk.columns.front()) : 0;
    const std::int64_t smallest = std::max(again, single ? std::int64_t{32} : few_rows);
    if (tiling.columns[0] > smallest) {
      tiling.columns[0] = std::max(smallest, tiling.columns[0] / 2);
      return true;
    }
  }
  std::int64_t* best = nullptr;
  double best_ratio = 2.0;
  const auto consider = [&](std::int64_t& extent, const base::WalkAxis& axis, std::int64_t smallest) {
    const double ratio = static_cast<double>(extent) / static_cast<double>(reach(axis) + 1);
    if (extent > smallest && ratio > best_ratio) best = &extent, best_ratio = ratio;
  };
  for (std::size_t axis = 1; axis < walk.columns.size(); ++axis) {
    consider(tiling.columns[axis], walk.columns[axis], few_rows);
  }
  if (!needs_whole_row(walk)) consider(tiling.row, walk.row, 256 / walk.inner + 16);
  if (best == nullptr) return false;
  *best = ceil_div(*best, 2);
  return true;
}

}  // namespace

std::int64_t touched(const base::WalkAxis& axis, std::int64_t outputs) {
  return std::min(axis.n, outputs + reach(axis));
}

std::int64_t touched_row(const base::WalkAxis& row, std::int64_t outputs) {
  // A wrapped row may need the far end, and with it what lies between.
  const bool wraps = row.task != nullptr && row.task->border == Border::wrap;
  return wraps ? row.n : touched(row, outputs);
}

bool lies_across(const base::Walk& walk) {
  return std::abs(walk.columns.front().src_stride) < std::abs(walk.row.src_stride);
}

bool stores_across(const base::Walk& walk) {
  return !walk.columns.empty() && std::abs(walk.columns.back().dst_stride) < std::abs(walk.row.dst_stride);
}

std::int64_t panel_rows(const base::Walk& walk, const Tiling& tiling) {
  if (walk.columns.empty() || !tiling.panel) return 1;
  const base::WalkAxis& first = walk.columns.front();
  const std::int64_t rows = touched(first, tiling.columns[0]);
  const std::int64_t held = tiling.ring ? std::min(rows, reach(first) + rows_at_once) : rows;
  return tiling.band > 0 ? ceil_div(held + tiling.band, tiling.band) * tiling.band : held;
}

namespace {

std::int64_t items_of_line(const base::Walk& walk, DType dtype) {
  return static_cast<std::int64_t>(passes::items_of_line(static_cast<std::size_t>(walk.inner) * size_of(dtype)));
}

void choose_bands(const base::Walk& walk, Tiling& tiling) {
  if (walk.columns.empty()) return;
  if (lies_across(walk)) tiling.band = std::max(rows_read_together, items_of_line(walk, walk.src_dtype));
  if (stores_across(walk)) {
    const std::int64_t of_line = items_of_line(walk, walk.dst_dtype);
    tiling.stored_band = std::max(lines_together, ceil_div(rows_at_once, of_line)) * of_line;
  }
}

}  // namespace

std::int64_t before_in_line(const base::Walk& walk, DType dtype, const std::byte* place, std::ptrdiff_t step) {
  const auto item = static_cast<std::int64_t>(size_of(dtype)) * walk.inner, line = items_of_line(walk, dtype);
  const std::int64_t at = static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(place)) / item % line;
  if (64 % item != 0) return 0;
  return step == item ? at : step == -item ? line - 1 - at : 0;
}

Tiling one_tile_with_panel(const base::Walk& walk, std::size_t) {
  Tiling tiling;
  tiling.row = walk.row.end - walk.row.begin;
  for (const base::WalkAxis& axis : walk.columns) tiling.columns.push_back(axis.end - axis.begin);
  for (const base::WalkAxis& axis : walk.batch) tiling.batch_count *= axis.end;
  tiling.batch = tiling.batch_count;
  tiling.tiles = 1;
  tiling.ring = can_be_ring(walk);
  choose_bands(walk, tiling);
  return tiling;
}

Tiling one_tile(const base::Walk& walk, std::size_t item) {
  Tiling tiling = one_tile_with_panel(walk, item);
  tiling.panel = !readable_in_place(walk, item);
  tiling.ring = tiling.ring && tiling.panel;
  return tiling;
}

Tiling choose_tiling(const base::Walk& walk, std::size_t item) {
  Tiling tiling = one_tile(walk, item);
  const bool slabs = walk.columns.size() > 1;
  if (slabs) tiling.columns[0] = std::min(tiling.columns[0], slab_planes);
  // Each sample of a row that lies across the memory is in a page of its own.
  const bool reads_across = tiling.band > 0;
  if ((reads_across || tiling.stored_band > 0) && !needs_whole_row(walk)) {
    tiling.row = std::min(tiling.row, item == 1 ? 2 * most_pages : most_pages);
  }
  while (footprint(walk, tiling, item) > (slabs ? slab_set : working_set)) {
    if (reads_across && !tiling.ring && cut(walk, tiling, false)) continue;
    if (!cut(walk, tiling, !slabs && !flows(tiling))) break;
  }
  // A box worth several threads is cut for them, whether they are there or not.
  const std::int64_t whole = outputs(walk, tiling) * tiling.batch_count;
  const std::int64_t limit =
      std::clamp(whole / 8, few_outputs, !slabs && flows(tiling) ? most_flowing_outputs : most_outputs);
  while (outputs(walk, tiling) > limit && cut(walk, tiling)) {
  }
  const std::int64_t own = std::max<std::int64_t>(outputs(walk, tiling), 1);
  tiling.batch = few_outputs / own;
  // Without column axes the batch is of rows, which long taps want many of at once.
  if (walk.columns.empty()) tiling.batch = std::max(tiling.batch, std::min(rows_at_once, limit / own));
  tiling.batch = std::clamp<std::int64_t>(tiling.batch, 1, tiling.batch_count);
  tiling.tiles = ceil_div(tiling.batch_count, tiling.batch) * ceil_div(walk.row.end - walk.row.begin, tiling.row);
  for (std::size_t axis = 0; axis < walk.columns.size(); ++axis) {
    tiling.tiles *= ceil_div(walk.columns[axis].end - walk.columns[axis].begin, tiling.columns[axis]);
  }
  return tiling;
}

}  // namespace gaussfilt::methods
