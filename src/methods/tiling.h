// Floor 2. How the separable method cuts its box into tiles: by shape, dtypes and reach, never by threads.
#pragma once

#include "base/lines.h"

#include <cstddef>
#include <cstdint>

namespace gaussfilt::methods {

// At most so many rows go from the last column pass to the row pass together: the lanes of the widest vector.
inline constexpr std::int64_t rows_at_once = 16;

// Neighbouring rows that all column passes but the last make in turn: what follows each other in memory is read so.
inline constexpr std::int64_t rows_made_together = 4;

inline constexpr std::int64_t working_set = 640 * 1024;  // bytes: most of a 1 MiB L2

struct Tiling {
  base::AxisList<std::int64_t> columns;  // outputs of a tile along each column axis
  std::int64_t row = 0;                  // along the row
  std::int64_t batch = 0;                // boxes of the batch in one tile
  std::int64_t batch_count = 1;          // boxes in all
  bool panel = true;                     // source rows are converted into a panel first, not read in place
  bool ring = false;                     // rows at hand only are held, and others take their place on the way down
  std::int64_t step = rows_at_once;      // rows of the last column axis that are made of every plane in turn
  std::int64_t tiles = 0;
  // Rows that lie across the memory come and go in bands, some cache lines of each column. 0: they do not lie so.
  std::int64_t band = 0, stored_band = 0;
};

inline constexpr std::int64_t scattered_bytes = 4 * 1024 * 1024;  // outputs that are streamed where they lie across

// `item` is the size of the working precision. Aims at tiles whose working set stays in a core's L2 cache.
Tiling choose_tiling(const base::Walk& walk, std::size_t item);

// Where the rows lie across the memory: samples of the first column axis are nearer to each other than those of a row.
bool lies_across(const base::Walk& walk);

// The same of the output and the last column axis.
bool stores_across(const base::Walk& walk);

// Source rows that the panel holds.
std::int64_t panel_rows(const base::Walk& walk, const Tiling& tiling);

// Rows of each plane that are held for the last of several column axes: a window of it, and the rows that it moves on
// by.
std::int64_t plane_rows(const base::Walk& walk, const Tiling& tiling);

// Rows that the pass along column axis `level` leaves for the next one.
std::int64_t slab_rows(const base::Walk& walk, const Tiling& tiling, std::size_t level);

// Bands begin where cache lines do: so many rows of its first line (items of `dtype`) lie before the row at `place`,
// `step` bytes from the next.
std::int64_t before_in_line(const base::Walk& walk, DType dtype, const std::byte* place, std::ptrdiff_t step);

// The whole box as one tile, for a method that has cut it before. `panel`: even where rows could be read in place.
Tiling one_tile(const base::Walk& walk, std::size_t item);
Tiling one_tile_with_panel(const base::Walk& walk, std::size_t item);

// Samples of a column axis that a tile of `outputs` may touch, and the stretch of the row that covers them (upper
// bounds).
std::int64_t touched(const base::WalkAxis& axis, std::int64_t outputs);
std::int64_t touched_row(const base::WalkAxis& row, std::int64_t outputs);

}  // namespace gaussfilt::methods
