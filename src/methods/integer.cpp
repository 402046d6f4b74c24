// Floor 2. Separable FIR in integers: 8-bit samples along one or two axes.
//
// As the separable method, a tile at a time: source rows -> panel of bytes -> column pass, four rows -> fractions of 16
// bits -> borders left and right -> row pass, which rounds once -> output. The panel is a ring that moves down the tile
// with the outputs; in it two to four interleaved channels lie each by themselves, so that the samples a row pass reads
// are neighbours.
#include "base/lines.h"
#include "base/scratch.h"
#include "methods/bands.h"
#include "methods/fir_cost.h"
#include "methods/method.h"
#include "methods/run_tiles.h"
#include "methods/spans.h"
#include "methods/tiling.h"
#include "passes/fir.h"
#include "passes/fir_integer.h"
#include "passes/planes.h"

#include <algorithm>
#include <array>
#include <span>

namespace gaussfilt::methods {
namespace {

using base::AxisTask;
using base::IntegerTaps;
using base::ScratchFrame;
using base::Walk;
using base::WalkAxis;
using passes::integer_room;
using passes::integer_rows;

constexpr std::size_t longest_stretch = 2048;  // results that wait in the L1 cache to be stored
constexpr std::size_t block = 64;              // samples and rows of a block of channels that is turned on its side
constexpr int middle = 128;

std::size_t size(std::int64_t n) { return static_cast<std::size_t>(n); }

class Run {
 public:
  Run(const base::Problem& problem, const base::Job& job)
      : job_(job),
        walk_(base::make_walk(problem, job)),
        threads_(problem.threads),
        fraction_(problem.fraction),
        exact_(problem.exact) {
    if (walk_.empty) return;
    tiling_ = choose_tiling(walk_, sizeof(std::uint8_t));
    streams_ = tiling_.stored_band > 0 && job.dst.shape().product() > scattered_bytes;
    plan_scratch();
  }

  std::int64_t scratch_bytes() const { return static_cast<std::int64_t>(bytes_); }

  Outcome all();

 private:
  class Tile;

  // A row stands as `planes` runs of samples of `group` bytes each.
  void plan_scratch() {
    const bool split = walk_.row.task != nullptr && 2 <= walk_.inner && walk_.inner <= 4;
    runs_ = split ? size(walk_.inner) : 1;
    group_ = size(walk_.inner) / runs_;
    pitch_ = size(touched_row(walk_.row, tiling_.row)) * group_ + integer_room;
    extended_ = size(tiling_.row + before(walk_.row) + after(walk_.row));
    extended_pitch_ = (extended_ + 1) * group_ + integer_room;
    panel_rows_ = size(panel_rows(walk_, tiling_));
    indices_ = span_entries(walk_, tiling_);
    for (const WalkAxis& axis : walk_.columns) {
      pointers_ = size(tiling_.columns[0] + before(axis) + after(axis)) + integer_rows;
    }
    stretch_ = std::max<std::size_t>(1, std::min(size(tiling_.row), longest_stretch / group_)) * group_ + integer_room;
    if (!walk_.columns.empty()) {
      waiting_pitch_ = tiling_.stored_band > 0 ? size(tiling_.row) * group_ + integer_room : 0;
      waiting_rows_ = runs_ > 1 ? block : size(tiling_.stored_band);
      if (runs_ > 1 && (waiting_pitch_ > 0 || tiling_.band > 0)) turning_ = runs_ * block * block;
    }
    bytes_ = ScratchFrame::padded(runs_ * pitch_ * panel_rows_) + ScratchFrame::padded(runs_ * pitch_) +
             ScratchFrame::padded(indices_ * sizeof(std::int64_t)) +
             ScratchFrame::padded(pointers_ * sizeof(std::uint8_t*)) +
             ScratchFrame::padded(extended_ * sizeof(std::int64_t)) + ScratchFrame::padded(runs_ * stretch_) +
             ScratchFrame::padded(waiting_rows_ * runs_ * waiting_pitch_) + ScratchFrame::padded(turning_) +
             integer_rows * (ScratchFrame::padded(runs_ * extended_pitch_ * sizeof(std::int16_t)) +
                             ScratchFrame::padded(runs_ * pitch_ * sizeof(std::int16_t)));
  }

  const base::Job& job_;
  Walk walk_;
  int threads_;
  int fraction_;
  bool exact_;
  bool streams_ = false;
  Tiling tiling_;
  std::size_t runs_ = 1, group_ = 1;            // of a row: channels that lie by themselves; bytes of a sample of one
  std::size_t pitch_ = 0, extended_pitch_ = 0;  // items of a run in the panel, and of an extended one, padded
  std::size_t extended_ = 0;                    // samples of an extended row
  std::size_t panel_rows_ = 0, indices_ = 0, pointers_ = 0, stretch_ = 0;
  std::size_t waiting_pitch_ = 0;  // of runs of results that wait to be stored across the memory; 0: none do
  std::size_t waiting_rows_ = 0;   // that are stored together
  std::size_t turning_ = 0;        // bytes of channels between their interleaved and their turned place
  std::size_t bytes_ = 0;
  const passes::IntegerPasses* fir_ = nullptr;
  const passes::PlanePasses* planes_ = nullptr;
  passes::Turn* turn_ = nullptr;
};

// One tile, from its place in the box to its last stored row.
class Run::Tile {
 public:
  Tile(const Run& run, std::int64_t index, std::byte* scratch) : run_(run), walk_(run.walk_), frame_(scratch) {
    place_ = place_tile(walk_, run.tiling_, index, frame_.take<std::int64_t>(run.indices_));
    take_scratch();
    choose_roundings();
  }

  void run() {
    for (std::int64_t item = place_.batch_begin; item < place_.batch_end; ++item) {
      const auto [src, dst] = batch_offsets(walk_, item);
      src_ = walk_.src + src + (place_.row.first - walk_.row.src_origin) * walk_.row.src_stride;
      dst_ = walk_.dst + dst + (place_.row.begin - walk_.row.begin) * walk_.row.dst_stride;
      if (place_.columns.empty()) row_of_source();
      else columns();
    }
    if (run_.streams_) passes::fir_f32().end_streams();
  }

 private:
  void take_scratch() {
    panel_ = frame_.take<std::uint8_t>(run_.runs_ * run_.pitch_ * run_.panel_rows_);
    constant_ = frame_.take<std::uint8_t>(run_.runs_ * run_.pitch_);
    rows_ = frame_.take<const std::uint8_t*>(run_.pointers_);
    results_ = frame_.take<std::uint8_t>(run_.runs_ * run_.stretch_);
    const std::size_t waiting = run_.waiting_pitch_ > 0 ? run_.waiting_rows_ : 0,
                      pitch = run_.runs_ * run_.waiting_pitch_;
    waiting_ = WaitingRows(walk_, waiting, pitch, frame_.take<std::byte>(waiting * pitch).data());
    turning_ = frame_.take<std::uint8_t>(run_.turning_);
    for (std::size_t i = 0; i < integer_rows; ++i) {
      extended_rows_[i] = frame_.take<std::int16_t>(run_.runs_ * run_.extended_pitch_);
      windows_[i] = frame_.take<std::int16_t>(run_.runs_ * run_.pitch_);
    }
    const std::span<std::int64_t> edges = frame_.take<std::int64_t>(run_.extended_);
    if (walk_.row.task != nullptr) edges_ = RowEdges(walk_.row, place_.row, edges);
    width_ = size(place_.row.last - place_.row.first) * run_.group_;
    outputs_ = size(place_.row.end - place_.row.begin);
    if (place_.columns.empty()) return;
    const Span& span = place_.columns[0];
    bands_ = SourceBands(walk_, run_.tiling_, span, walk_.src);
    if (border(*span.axis) == Border::constant) {
      std::ranges::fill(constant_, static_cast<std::uint8_t>(span.axis->task->cval.real()));
    }
    for (std::size_t i = 0; i < span.slots.size(); ++i) {
      rows_[i] = span.slots[i] < 0 ? constant_.data() : panel_row(span.slots[i]);
    }
    // Four rows are made at once: those that the last ones lack are made from whatever stands in their place.
    for (std::size_t i = 0; i < integer_rows; ++i) rows_[span.slots.size() + i] = rows_[span.slots.size() - 1];
  }

  static passes::IntegerRounding rounding(int shift, std::int64_t offset, bool to_even) {
    const bool rounds = shift > 0;
    const std::int64_t half = rounds && !to_even ? std::int64_t{1} << (shift - 1) : 0;
    return {.shift = shift, .offset = static_cast<std::int32_t>(offset + half), .to_even = rounds && to_even};
  }

  // Where no row pass follows, the columns' results are samples again.
  void choose_roundings() {
    if (!place_.columns.empty()) {
      const int bits = place_.columns[0].axis->task->whole.bits;
      const int kept = walk_.row.task != nullptr ? run_.fraction_ : 0;
      of_columns_ = rounding(bits - kept, -(std::int64_t{middle} << bits), run_.exact_);
    }
    if (walk_.row.task == nullptr) return;
    const int bits = walk_.row.task->whole.bits + run_.fraction_;
    of_row_ = rounding(bits, std::int64_t{middle} << bits, run_.exact_);
  }

  std::uint8_t* panel_row(std::int64_t slot) const {
    return panel_.data() + bands_.place(slot, run_.panel_rows_) * run_.runs_ * run_.pitch_;
  }

  passes::PlanarRow source_row(std::size_t pitch) const {
    return {.stride = walk_.row.src_stride,
            .count = width_ / run_.group_,
            .planes = run_.runs_,
            .group = run_.group_,
            .pitch = pitch};
  }

  // Brings source rows [slot, end) of the column axis into the panel.
  void fill_panel(std::int64_t slot, std::int64_t end) const {
    const Span& span = place_.columns[0];
    const WalkAxis& axis = *span.axis;
    const auto at = [&](std::int64_t i) { return span.samples[size(i)]; };
    const auto from = [&](std::int64_t i) { return src_ + (at(i) - axis.src_origin) * axis.src_stride; };
    if (bands_.rows == 0) {
      for (; slot < end; ++slot) run_.planes_->split(from(slot), source_row(run_.pitch_), panel_row(slot));
      return;
    }
    bands_.each(span, slot, end, [&](std::int64_t begin, std::int64_t stop) {
      if (run_.runs_ == 1) {
        run_.turn_(from(begin), {.down = axis.src_stride, .right = walk_.row.src_stride},
                   reinterpret_cast<std::byte*>(panel_row(begin)),
                   {.down = step(run_.pitch_), .right = step(run_.group_)}, size(stop - begin), width_ / run_.group_,
                   run_.group_, false);
        return;
      }
      constexpr auto most = static_cast<std::int64_t>(block);
      for (; begin < stop; begin += most) split_turned(from(begin), begin, size(std::min(stop - begin, most)));
    });
  }

  static std::ptrdiff_t step(std::size_t bytes) { return static_cast<std::ptrdiff_t>(bytes); }

  // Rows slot, slot + 1 ... of interleaved channels: taken apart down each column, then turned.
  void split_turned(const std::byte* from, std::int64_t slot, std::size_t rows) const {
    passes::PlanarRow column{.stride = place_.columns[0].axis->src_stride,
                             .count = rows,
                             .planes = run_.runs_,
                             .group = 1,
                             .pitch = block * block};
    const bool gapless = column.stride == step(run_.runs_);
    for (std::size_t x = 0; x < width_; x += block) {
      const std::size_t columns = std::min(block, width_ - x);
      for (std::size_t i = 0; i < columns; ++i, from += walk_.row.src_stride) {
        column.next = gapless ? from + step(rows) * column.stride : nullptr;
        run_.planes_->split(from, column, turning_.data() + i * block);
      }
      for (std::size_t run = 0; run < run_.runs_; ++run) {
        run_.turn_(reinterpret_cast<const std::byte*>(turning_.data()) + run * column.pitch,
                   {.down = 1, .right = block}, reinterpret_cast<std::byte*>(panel_row(slot)) + run * run_.pitch_ + x,
                   {.down = step(run_.runs_ * run_.pitch_), .right = 1}, rows, columns, 1, false);
      }
    }
  }

  // Of a ring: the rows that outputs [y, y + count) need and that are not there yet.
  void refill(std::int64_t y, std::int64_t count) {
    const Span& span = place_.columns[0];
    std::int64_t need = -1;
    const std::int64_t end = y + count + before(*span.axis) + after(*span.axis);
    for (std::int64_t i = y; i < end; ++i) need = std::max(need, span.slots[size(i)]);
    if (need < filled_) return;
    if (bands_.rows > 0) need = std::min(bands_.end(need), span.count()) - 1;
    fill_panel(std::max(filled_, need + 1 - static_cast<std::int64_t>(run_.panel_rows_)), need + 1);
    filled_ = need + 1;
  }

  // Places in memory that come next, from byte `at` of a row on: source rows that the ring takes, then outputs, the
  // first at `dst`. Where rows have gaps, none.
  using Ahead = std::array<const std::byte*, 2 * integer_rows>;
  Ahead coming(std::size_t at, const std::byte* dst) const {
    const Span& span = place_.columns[0];
    const auto gapless = static_cast<std::ptrdiff_t>(run_.runs_ * run_.group_);
    Ahead places;
    places.fill(reinterpret_cast<const std::byte*>(panel_.data()));
    const bool reads = run_.tiling_.ring && walk_.row.src_stride == gapless && span.count() > 0;
    for (std::size_t i = 0; reads && i < integer_rows; ++i) {
      const std::int64_t slot = std::min(filled_ + static_cast<std::int64_t>(i), span.count() - 1);
      places[i] = src_ + (span.samples[size(slot)] - span.axis->src_origin) * span.axis->src_stride + at;
    }
    // Results that are stored as they are made wait for nothing.
    const bool writes = run_.runs_ > 1 && walk_.row.dst_stride == gapless;
    for (std::size_t i = 0; writes && i < integer_rows; ++i) {
      places[integer_rows + i] = dst + static_cast<std::ptrdiff_t>(i) * span.axis->dst_stride + at;
    }
    return places;
  }

  void columns() {
    const Span& span = place_.columns[0];
    const AxisTask& task = *span.axis->task;
    std::byte* const first = dst_ + (span.begin - span.axis->begin) * span.axis->dst_stride;
    filled_ = 0;
    if (!run_.tiling_.ring) fill_panel(0, span.count());
    constexpr auto at_once = static_cast<std::int64_t>(integer_rows);
    for (std::int64_t y = 0; y < span.outputs(); y += at_once) {
      const std::int64_t count = std::min(at_once, span.outputs() - y);
      if (run_.tiling_.ring) refill(y, count);
      for (std::size_t run = 0; run < run_.runs_; ++run) {
        const Ahead ahead = coming(run * width_, first + y * span.axis->dst_stride);
        std::array<std::int16_t*, integer_rows> targets;
        for (std::size_t i = 0; i < integer_rows; ++i) targets[i] = window(i, run);
        run_.fir_->columns(rows_.data() + y + task.before, run * run_.pitch_, targets.data(), width_, task.whole,
                           of_columns_, ahead.data());
      }
      for (std::int64_t i = 0; i < count; ++i) {
        std::byte* const dst = first + (y + i) * span.axis->dst_stride;
        if (!waiting_.any()) finish(size(i), dst, walk_.row.dst_stride);
        else finish_waiting(size(i), dst, y + i == 0, y + i + 1 == span.outputs());
      }
    }
  }

  // Row i waits until there are enough of them, or no more come.
  void finish_waiting(std::size_t i, std::byte* dst, bool first, bool last) {
    if (first) waiting_.start(dst);
    extend(i);
    make_results(i, 0, outputs_, reinterpret_cast<std::uint8_t*>(waiting_.next()), run_.waiting_pitch_);
    if (!waiting_.add(1, last)) return;
    if (run_.runs_ == 1) return waiting_.store(run_.turn_, dst, outputs_, run_.streams_);
    merge_turned(dst + waiting_.to_first(), waiting_.count());
    waiting_.clear();
  }

  // The waiting rows' channels: turned, then interleaved down each column.
  void merge_turned(std::byte* dst, std::size_t rows) const {
    const passes::PlanarRow column{.stride = place_.columns[0].axis->dst_stride,
                                   .count = rows,
                                   .planes = run_.runs_,
                                   .group = 1,
                                   .pitch = block * block};
    for (std::size_t x = 0; x < outputs_; x += block) {
      const std::size_t columns = std::min(block, outputs_ - x);
      for (std::size_t run = 0; run < run_.runs_; ++run) {
        run_.turn_(waiting_.first() + run * run_.waiting_pitch_ + x,
                   {.down = 1, .right = step(run_.runs_ * run_.waiting_pitch_)},
                   reinterpret_cast<std::byte*>(turning_.data()) + run * column.pitch, {.down = block, .right = 1},
                   columns, rows, 1, false);
      }
      for (std::size_t i = 0; i < columns; ++i, dst += walk_.row.dst_stride) {
        run_.planes_->merge(turning_.data() + i * block, column, dst);
      }
    }
  }

  // Without a column axis: a row comes straight from the source.
  void row_of_source() {
    run_.planes_->split(src_, source_row(run_.pitch_), panel_.data());
    for (std::size_t run = 0; run < run_.runs_; ++run) {
      run_.fir_->widen(panel_.data() + run * run_.pitch_, window(0, run), width_, run_.fraction_);
    }
    finish(0, dst_, walk_.row.dst_stride);
  }

  // Where the window of row i, one run of it, goes: into the extended row where it is a stretch of it.
  std::int16_t* window(std::size_t i, std::size_t run) const {
    if (!place_.row.window_in_place) return windows_[i].data() + run * run_.pitch_;
    const std::int64_t lead = place_.row.first - (place_.row.begin - before(walk_.row));
    return extended_run(i, run) + size(lead) * run_.group_;
  }
  std::int16_t* extended_run(std::size_t i, std::size_t run) const {
    return extended_rows_[i].data() + run * run_.extended_pitch_;
  }

  // Completes what lies beyond the edges of row i, each run of it.
  void extend(std::size_t i) {
    const AxisTask* const task = walk_.row.task;
    for (std::size_t run = 0; task != nullptr && run < run_.runs_; ++run) {
      const int cval = task->border == Border::constant ? static_cast<int>(task->cval.real()) : middle;
      const auto constant = static_cast<std::int16_t>((cval - middle) * (1 << run_.fraction_));
      edges_.extend(extended_run(i, run), window(i, run), run_.group_, [&](std::size_t) { return constant; });
    }
  }

  // Row i has passed the column axis: border, row pass, output; there samples are `stride` bytes apart.
  void finish(std::size_t i, std::byte* dst, std::ptrdiff_t stride) {
    const AxisTask* const task = walk_.row.task;
    extend(i);
    const bool direct = run_.runs_ == 1 && stride == static_cast<std::ptrdiff_t>(run_.group_);
    const std::size_t most = (run_.stretch_ - integer_room) / run_.group_;
    std::size_t x = 0;
    if (direct) {  // what is stored in whole vectors, or to the byte
      x = task == nullptr || outputs_ * run_.group_ % integer_room == 0 ? outputs_
          : run_.group_ == 1                                            ? outputs_ / integer_room * integer_room
                                                                        : 0;
      make_results(i, 0, x, reinterpret_cast<std::uint8_t*>(dst), 0);
    }
    for (; x < outputs_; x += most) {
      const std::size_t count = std::min(most, outputs_ - x);
      make_results(i, x, count, results_.data(), run_.stretch_);
      run_.planes_->merge(
          results_.data(),
          {.stride = stride, .count = count, .planes = run_.runs_, .group = run_.group_, .pitch = run_.stretch_},
          dst + static_cast<std::ptrdiff_t>(x) * stride);
    }
  }

  // `count` samples of row i from x on, each run of them, `pitch` apart.
  void make_results(std::size_t i, std::size_t x, std::size_t count, std::uint8_t* to, std::size_t pitch) const {
    const AxisTask* const task = walk_.row.task;
    for (std::size_t run = 0; run < run_.runs_; ++run, to += pitch) {
      if (task == nullptr) {
        run_.fir_->narrow(window(i, run) + x * run_.group_, to, count * run_.group_);
        continue;
      }
      const std::int16_t* const own = extended_run(i, run) + (size(task->before) + x) * run_.group_;
      run_.fir_->row(own, to, count * run_.group_, static_cast<std::ptrdiff_t>(run_.group_), task->whole, of_row_);
    }
  }

  const Run& run_;
  const Walk& walk_;
  ScratchFrame frame_;
  TilePlace place_;
  std::size_t width_ = 0, outputs_ = 0;  // bytes of a run of the window, samples of the row's outputs
  const std::byte* src_ = nullptr;
  std::byte* dst_ = nullptr;
  std::span<std::uint8_t> panel_, constant_, results_, turning_;
  SourceBands bands_;
  WaitingRows waiting_;
  std::span<const std::uint8_t*> rows_;
  std::int64_t filled_ = 0;  // slots below have been in the ring
  std::array<std::span<std::int16_t>, integer_rows> extended_rows_, windows_;
  RowEdges edges_;
  passes::IntegerRounding of_columns_, of_row_;
};

Outcome Run::all() {
  if (walk_.empty) return Outcome::complete;
  fir_ = &passes::fir_integer();
  planes_ = &passes::planes();
  turn_ = passes::turn();
  return run_tiles(job_, tiling_.tiles, threads_, bytes_,
                   [this](std::int64_t index, std::byte* scratch) { Tile(*this, index, scratch).run(); });
}

Outcome run(const base::Problem& problem, const base::Job& job) { return Run(problem, job).all(); }

std::int64_t scratch(const base::Problem& problem) {
  const base::Job job = gapless_job(problem);
  return Run(problem, job).scratch_bytes();
}

}  // namespace

const Methods integer{&fir_cost, &scratch, &run};

}  // namespace gaussfilt::methods
