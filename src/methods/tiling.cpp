// Floor 2. Tile sizes.
#include "methods/tiling.h"

#include "passes/turn.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace gaussfilt::methods {
namespace {

constexpr std::int64_t slab_set = 1024 * 1024;           // with slabs between column axes
constexpr std::int64_t longest_slab_set = 6 * slab_set;  // where shorter ones would be read too often again
constexpr std::int64_t most_outputs = 256 * 1024;        // samples of a tile: enough to hide what a tile costs to start
constexpr std::int64_t few_outputs = 16 * 1024;
constexpr std::int64_t longest_direct_reach = 20;  // rows read in place beyond this fall into the same cache sets
constexpr std::int64_t longest_slab_reach = 60;    // a panel of a slab's rows is copied once a slab
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

// Where the last column axis is gone down row by row: not where wrap needs both ends of it at once.
bool can_be_ring(const base::Walk& walk) {
  return !walk.columns.empty() && walk.columns.back().task->border != Border::wrap;
}

bool has_slabs(const base::Walk& walk) { return walk.columns.size() > 1; }

// Bytes that one tile keeps in use.
std::int64_t footprint(const base::Walk& walk, const Tiling& tiling, std::size_t item) {
  const std::int64_t row = touched_row(walk.row, tiling.row) * walk.inner * static_cast<std::int64_t>(item);
  if (walk.columns.empty()) return row * 2;
  const base::WalkAxis& first = walk.columns.front();
  std::int64_t rows = panel_rows(walk, tiling);
  if (!tiling.panel) rows = reach(first) + rows_at_once;
  for (std::size_t level = 0; level + 1 < walk.columns.size(); ++level) rows += slab_rows(walk, tiling, level);
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
  const std::int64_t held = tiling.ring && !has_slabs(walk) ? std::min(rows, reach(first) + rows_at_once) : rows;
  return tiling.band > 0 ? ceil_div(held + tiling.band, tiling.band) * tiling.band : held;
}

std::int64_t plane_rows(const base::Walk& walk, const Tiling& tiling) {
  if (!has_slabs(walk)) return 0;
  const base::WalkAxis& last = walk.columns.back();
  const std::int64_t rows = touched(last, tiling.columns.back());
  return tiling.ring ? std::min(rows, reach(last) + tiling.step) : rows;
}

std::int64_t slab_rows(const base::Walk& walk, const Tiling& tiling, std::size_t level) {
  const std::size_t last = walk.columns.size() - 1;
  if (level == last) return 0;
  std::int64_t rows = level + 1 == last ? plane_rows(walk, tiling) : rows_made_together;
  for (std::size_t axis = 0; axis < last; ++axis) {
    rows *= axis <= level ? tiling.columns[axis] : touched(walk.columns[axis], tiling.columns[axis]);
  }
  return rows;
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
    tiling.step = tiling.stored_band;
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
  tiling.ring = tiling.ring && (tiling.panel || has_slabs(walk));
  return tiling;
}

namespace {

// What a tile costs a sample of its outputs, in pairs of taps: each pass makes again what its neighbours made, too.
double work(const base::Walk& walk, const Tiling& tiling) {
  constexpr double of_pass = 2, of_reading = 4, of_copying = 3;
  constexpr std::int64_t beyond = 64;  // what prefetchers bring of a part of a row, and streams that it breaks
  const auto overlap = [](std::int64_t samples, std::int64_t outputs) {
    return static_cast<double>(samples) / static_cast<double>(outputs);
  };
  const auto pairs = [](const base::WalkAxis& axis) { return of_pass + static_cast<double>(reach(axis)) / 2; };
  const bool whole = tiling.row == walk.row.end - walk.row.begin;
  const double wide = overlap(touched_row(walk.row, tiling.row) + (whole ? 0 : beyond), tiling.row);
  double made = walk.row_first ? 1 : wide, sum = 0;
  for (std::size_t i = walk.columns.size(); i-- > 0;) {
    sum += made * pairs(walk.columns[i]);
    const base::WalkAxis& axis = walk.columns[i];
    const std::int64_t outputs = axis.end - axis.begin, tiles = ceil_div(outputs, tiling.columns[i]);
    made *= overlap(tiles * touched(axis, tiling.columns[i]), outputs);
  }
  if (walk.row_first) sum += made * 2 * pairs(walk.row), made *= wide;
  return sum + made * (tiling.panel ? of_reading + of_copying : of_reading);
}

// The next smaller extent of a tile that leaves about as much of the axis to the last one, in whole `step`s; the same
// where there is none.
std::int64_t smaller(std::int64_t extent, const base::WalkAxis& axis, std::int64_t step, std::int64_t least) {
  const std::int64_t outputs = axis.end - axis.begin, tiles = ceil_div(outputs, extent);
  std::int64_t next = ceil_div(ceil_div(outputs, extent > 8 * step ? 2 * tiles : tiles + 1), step) * step;
  if (next >= extent) next = (ceil_div(extent, step) - 1) * step;
  return next < least ? extent : next;
}

// Makes one axis of the tile shorter, the one that costs least for what it saves of `measure`: no column axis shorter
// than its reach over `most_reaches`, no row than `least_row` items. False where nothing is saved.
bool shorten(const base::Walk& walk, Tiling& tiling, std::int64_t most_reaches, std::int64_t least_row,
             const auto& measure) {
  const double work_before = work(walk, tiling), before = measure(tiling);
  double best = 0;
  std::int64_t* shortened = nullptr;
  std::int64_t chosen = 0;
  const auto consider = [&](std::int64_t& extent, std::int64_t next) {
    const std::int64_t now = std::exchange(extent, next);
    const double saved = before - measure(tiling), price = (work(walk, tiling) - work_before) / saved;
    extent = now;
    if (saved > 0 && (shortened == nullptr || price < best)) shortened = &extent, chosen = next, best = price;
  };
  constexpr std::int64_t rows = 8, samples = 16;
  for (std::size_t axis = 0; axis < walk.columns.size(); ++axis) {
    const std::int64_t least = ceil_div(reach(walk.columns[axis]) / most_reaches, rows) * rows;
    consider(tiling.columns[axis], smaller(tiling.columns[axis], walk.columns[axis], rows, std::max(rows, least)));
  }
  if (!needs_whole_row(walk))
    consider(tiling.row, smaller(tiling.row, walk.row, samples, least_row / walk.inner + samples));
  if (shortened != nullptr) *shortened = chosen;
  return shortened != nullptr;
}

// Several column axes: as much of the last one as there is, since rows of every plane are held in rings.
void cut_slabs(const base::Walk& walk, Tiling& tiling, std::size_t item) {
  constexpr std::int64_t any = std::numeric_limits<std::int64_t>::max(), short_row = 64, long_row = 512;
  const std::int64_t often = walk.columns.size() > 2 ? 1 : 3;  // what is read again is filtered again along every axis
  const std::int64_t whole = outputs(walk, tiling) * tiling.batch_count;
  const std::int64_t limit = std::clamp(whole / 8, few_outputs, most_flowing_outputs);
  const auto bytes = [&](const Tiling& next) { return static_cast<double>(footprint(walk, next, item)); };
  const auto size = [&](const Tiling& next) { return static_cast<double>(outputs(walk, next)); };
  while (bytes(tiling) > longest_slab_set && shorten(walk, tiling, any, short_row, bytes)) {
  }
  while (bytes(tiling) > slab_set && shorten(walk, tiling, often, long_row, bytes)) {
  }
  while (outputs(walk, tiling) > limit && shorten(walk, tiling, often, short_row, size)) {
  }
}

}  // namespace

Tiling choose_tiling(const base::Walk& walk, std::size_t item) {
  Tiling tiling = one_tile(walk, item);
  const bool slabs = has_slabs(walk);
  // Each sample of a row that lies across the memory is in a page of its own.
  const bool reads_across = tiling.band > 0;
  if ((reads_across || tiling.stored_band > 0) && !needs_whole_row(walk)) {
    tiling.row = std::min(tiling.row, item == 1 ? 2 * most_pages : most_pages);
  }
  if (slabs) cut_slabs(walk, tiling, item);
  while (!slabs && footprint(walk, tiling, item) > working_set) {
    if (reads_across && !tiling.ring && cut(walk, tiling, false)) continue;
    if (!cut(walk, tiling, !flows(tiling))) break;
  }
  // A box worth several threads is cut for them, whether they are there or not.
  const std::int64_t whole = outputs(walk, tiling) * tiling.batch_count;
  const std::int64_t limit = std::clamp(whole / 8, few_outputs, flows(tiling) ? most_flowing_outputs : most_outputs);
  while (!slabs && outputs(walk, tiling) > limit && cut(walk, tiling)) {
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
