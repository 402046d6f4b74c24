// Floor 2. Means of doubles, one axis a stage. Lines are cut into blocks as long as the window, counted from the
// array's own first sample. A window meets two of them: its sum is the last samples of the one, summed backwards from
// its end, plus the first ones of the other, summed forwards. So no sum outlives its block, an error grows with the
// window and not with the line, and what is not finite reaches its window alone. (M. van Herk, 1992; J. Gil, M. Werman,
// 1993.)
#include "base/scratch.h"
#include "methods/mean.h"
#include "methods/run_tiles.h"
#include "passes/convert.h"
#include "passes/sums.h"

#include <algorithm>
#include <cstdint>
#include <span>

namespace gaussfilt::methods {
namespace {

using base::ScratchFrame;
using base::WalkAxis;

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

class Run {
 public:
  explicit Run(const MeanStage& stage) : stage_(stage), mean_(mean_walk(stage)) {
    if (mean_.walk.empty) return;
    const auto size = [](std::int64_t n) { return static_cast<std::size_t>(n); };
    inner_ = size(mean_.walk.inner);
    outputs_ = size(mean_.width) * inner_;
    along_ = mean_.walk.row.task != nullptr;
    edge_ = size(before(mean_.walk.row));
    const WalkAxis& axis = along_ ? mean_.walk.row : mean_.column;
    taps_ = &axis.task->mean;
    extended_ = along_ ? outputs_ + 2 * edge_ * inner_ : outputs_;
    // Backward sums at hand: of the whole extended row, or of as many rows as a block has.
    sums_ = along_ ? 2 : size(std::min(taps_->full, mean_.height)) + 5;
  }

  std::int64_t scratch_bytes() const {
    if (mean_.walk.empty) return 0;
    const auto bytes = [](std::size_t count, std::size_t item) { return ScratchFrame::padded(count * item); };
    return static_cast<std::int64_t>(2 * bytes(edge_, sizeof(std::int64_t)) +
                                     (sums_ + 3) * bytes(extended_, sizeof(double)));
  }

  Outcome all();

 private:
  class Tile;

  const MeanStage& stage_;
  MeanWalk mean_;
  const base::WindowTaps* taps_ = nullptr;
  bool along_ = false;  // the filtered axis is the row
  std::size_t inner_ = 1, outputs_ = 0, edge_ = 0, extended_ = 0, sums_ = 0;
};

class Run::Tile {
 public:
  Tile(const Run& run, std::int64_t index, std::byte* scratch)
      : run_(run),
        walk_(run.mean_.walk),
        column_(run.mean_.column),
        place_(mean_place(run.mean_, index)),
        inner_(run.inner_),
        outputs_(static_cast<std::size_t>(place_.x_end - place_.x_begin) * inner_),
        load_(passes::convert<double>(walk_.src_dtype).in),
        store_(passes::convert<double>(walk_.dst_dtype).out),
        frame_(scratch) {
    const auto head = frame_.take<std::int64_t>(run.edge_), tail = frame_.take<std::int64_t>(run.edge_);
    edges_ = mean_edges(walk_.row, place_, head, tail);
  }

  void run() { run_.along_ ? along() : down(); }

 private:
  double* take() { return frame_.take<double>(run_.extended_).data(); }
  std::complex<double> cval() const { return (run_.along_ ? walk_.row : column_).task->cval; }
  double constant_of(std::size_t component) const {
    return walk_.components == 2 && component % 2 == 1 ? cval().imag() : cval().real();
  }

  const std::byte* source(std::int64_t y, std::int64_t x) const {
    return place_.src + (y - column_.src_origin) * column_.src_stride +
           (x - walk_.row.src_origin) * walk_.row.src_stride;
  }

  // ---- along the row ----

  void along() {
    double *const row = take(), *const forward = take(), *const backward = take(), *const result = take();
    const std::size_t extended = outputs_ + 2 * run_.edge_ * inner_;
    for (std::int64_t y = place_.y_begin; y < place_.y_end; ++y) {
      load_extended(y, row);
      sum_blocks(row, forward, backward, extended);
      mean_of_row(row, forward, backward, result);
      store(y, result);
    }
  }

  void load_extended(std::int64_t y, double* to) {
    const auto edge = [&](std::int64_t sample) {
      if (sample >= 0) load_(source(y, sample), walk_.row.src_stride, 1, inner_, to);
      else
        for (std::size_t c = 0; c < inner_; ++c) to[c] = constant_of(c);
      to += inner_;
    };
    for (const std::int64_t sample : edges_.head) edge(sample);
    const auto inside = static_cast<std::size_t>(edges_.inside_end - edges_.inside_begin);
    if (inside > 0) load_(source(y, edges_.inside_begin), walk_.row.src_stride, inside, inner_, to);
    to += inside * inner_;
    for (const std::int64_t sample : edges_.tail) edge(sample);
  }

  // Of each block, as much of it as the extended row has.
  void sum_blocks(const double* row, double* forward, double* backward, std::size_t extended) {
    const passes::MeanPasses& passes = passes::mean_passes();
    const std::int64_t full = run_.taps_->full, low = place_.x_begin - before(walk_.row);
    const auto samples = static_cast<std::int64_t>(extended / inner_);
    for (std::int64_t begin = 0; begin < samples;) {
      const std::int64_t end = std::min(samples, (floor_div(low + begin, full) + 1) * full - low);
      const std::size_t at = static_cast<std::size_t>(begin) * inner_,
                        count = static_cast<std::size_t>(end - begin) * inner_;
      passes.forward(row + at, forward + at, count, inner_);
      passes.backward(row + at, backward + at, count, inner_);
      begin = end;
    }
  }

  void mean_of_row(const double* row, const double* forward, const double* backward, double* result) {
    const passes::MeanPasses& passes = passes::mean_passes();
    const base::WindowTaps& taps = *run_.taps_;
    const std::size_t own = (run_.edge_ - static_cast<std::size_t>(taps.full / 2)) * inner_;  // where window 0 begins
    const std::size_t last = static_cast<std::size_t>(taps.full - 1) * inner_;
    passes.sum(backward + own, forward + own + last, result, outputs_);
    // Windows that are a block.
    const std::int64_t first = place_.x_begin - taps.full / 2, end = place_.x_end - taps.full / 2;
    for (std::int64_t at = (floor_div(first - 1, taps.full) + 1) * taps.full; at < end; at += taps.full) {
      const std::size_t x = static_cast<std::size_t>(at - first) * inner_;
      std::copy_n(backward + own + x, inner_, result + x);
    }
    const double* const left = taps.end > 0 ? row : nullptr;
    const double* const right = taps.end > 0 ? row + own + last + inner_ : nullptr;
    passes.mean(result, left, right, taps.weight(), taps.width(), result, outputs_);
  }

  // ---- across the rows ----

  const double* row_at(std::int64_t y, double* room) {
    const std::int64_t sample = border_index(border(column_), y, column_.n);
    if (sample >= 0) load_(source(sample, place_.x_begin), walk_.row.src_stride, outputs_ / inner_, inner_, room);
    else
      for (std::size_t i = 0; i < outputs_; ++i) room[i] = constant_of(i);
    return room;
  }

  void down() {
    const std::int64_t full = run_.taps_->full, half = full / 2;
    const std::size_t kept = run_.sums_ - 5;
    double *const forward = take(), *const right = take(), *const result = take(), *const left = take();
    double* const running = take();
    backward_ = take();
    for (std::size_t i = 1; i < kept; ++i) take();
    pitch_ = ScratchFrame::padded(run_.extended_ * sizeof(double)) / sizeof(double);
    const std::int64_t first = place_.y_begin - half, end = place_.y_end - half;
    for (std::int64_t begin = first; begin < end;) {
      const std::int64_t block = floor_div(begin, full) * full, stop = std::min(end, block + full);
      sum_backward(begin, stop, block + full, running, right);
      for (std::int64_t start = begin; start < stop; ++start) {
        if (start > block)
          sum_forward(start == begin ? block + full : start + full - 1, start + full, forward, block + full, right);
        const double* const sums = backward_ + static_cast<std::size_t>(start - begin) * pitch_;
        mean_of(start, start > block ? forward : nullptr, sums, result, left, right);
      }
      begin = stop;
    }
  }

  // Of the rows begin ... stop - 1 each: the sum of it and all behind it in its block.
  void sum_backward(std::int64_t begin, std::int64_t stop, std::int64_t end, double* running, double* room) {
    const double* before = nullptr;
    for (std::int64_t y = end; y-- > begin;) {
      double* const to = y < stop ? backward_ + static_cast<std::size_t>(y - begin) * pitch_ : running;
      const double* const row = row_at(y, room);
      if (before == nullptr) std::copy_n(row, outputs_, to);
      else passes::mean_passes().sum(row, before, to, outputs_);
      before = to;
    }
  }

  // Adds rows [y, end) to the sum that begins at row `block`.
  void sum_forward(std::int64_t y, std::int64_t end, double* forward, std::int64_t block, double* room) {
    for (; y < end; ++y) {
      const double* const row = row_at(y, room);
      if (y == block) std::copy_n(row, outputs_, forward);
      else passes::mean_passes().sum(forward, row, forward, outputs_);
    }
  }

  void mean_of(std::int64_t start, const double* forward, const double* backward, double* result, double* left,
               double* right) {
    const passes::MeanPasses& passes = passes::mean_passes();
    const base::WindowTaps& taps = *run_.taps_;
    if (forward != nullptr) passes.sum(backward, forward, result, outputs_);
    else std::copy_n(backward, outputs_, result);
    if (taps.end > 0) {
      row_at(start - 1, left);
      row_at(start + taps.full, right);
    }
    passes.mean(result, left, right, taps.weight(), taps.width(), result, outputs_);
    store(start + taps.full / 2, result);
  }

  void store(std::int64_t y, const double* row) const {
    std::byte* const to = place_.dst + (y - column_.begin) * column_.dst_stride +
                          (place_.x_begin - walk_.row.begin) * walk_.row.dst_stride;
    store_(row, to, walk_.row.dst_stride, outputs_ / inner_, inner_);
  }

  const Run& run_;
  const base::Walk& walk_;
  const WalkAxis& column_;
  MeanPlace place_;
  MeanEdges edges_;
  std::size_t inner_, outputs_;
  decltype(passes::ConvertPasses<double>::in) load_;
  decltype(passes::ConvertPasses<double>::out) store_;
  ScratchFrame frame_;
  double* backward_ = nullptr;
  std::size_t pitch_ = 0;
};

Outcome Run::all() {
  if (mean_.walk.empty) return Outcome::complete;
  return run_tiles(stage_.job, mean_.tiles, stage_.problem.threads, static_cast<std::size_t>(scratch_bytes()),
                   [this](std::int64_t index, std::byte* scratch) { Tile(*this, index, scratch).run(); });
}

}  // namespace

Outcome run_float_stage(const MeanStage& stage) { return Run(stage).all(); }
std::int64_t float_scratch(const MeanStage& stage) { return Run(stage).scratch_bytes(); }

}  // namespace gaussfilt::methods
