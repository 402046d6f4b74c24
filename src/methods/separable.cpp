// Floor 2. Separable FIR: a pass along each filtered axis, in the order of the problem, fused over cache tiles.
//
// A tile reads its source rows (in place where dtype and strides allow, else through a panel in the working
// precision), runs the column passes outermost axis first and hands each finished row to the row pass, which rounds
// it into the output. Between the axes everything stays in the working precision and in the tile (SciPy's integers are
// cast there, row by row):
//
//   2-D   rows of the source -> column pass, some rows -> borders left and right -> row pass -> output
//   n-D   the same, with a slab of the tile's planes between two column axes
//
// Column borders are a table of row pointers; they cost nothing. Traffic: every input is read once per tile that
// reaches it, every output written once.
#include "methods/separable.h"
#include "base/lines.h"
#include "base/scratch.h"
#include "methods/fir_cost.h"
#include "methods/method.h"
#include "methods/run_tiles.h"
#include "methods/separable_scratch.h"
#include "methods/spans.h"
#include "methods/tiling.h"
#include "passes/cast.h"
#include "passes/convert.h"
#include "passes/dense.h"
#include "passes/fir.h"
#include "passes/fir_turned.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <span>
#include <tuple>

namespace gaussfilt::methods {
namespace {

using base::AxisTask;
using base::ScratchFrame;
using base::Walk;
using base::WalkAxis;

template <class T> class Run {
 public:
  static constexpr std::size_t line = line_of<T>, margin = margin_of<T>;
  static constexpr std::int64_t streamed_bytes = 16 * 1024 * 1024;  // an output that no cache will keep

  Run(const base::Problem& problem, const base::Job& job, decltype(choose_tiling)& tiling = choose_tiling)
      : job_(job),
        walk_(base::make_walk(problem, job)),
        threads_(problem.threads),
        casts_(problem.cast),
        scale_(static_cast<T>(problem.factor), static_cast<T>(problem.bias)) {
    if (walk_.empty) return;
    if (problem.factor != 1 || problem.bias != 0) finish_ = passes::dense<T>().finish;
    fir_ = &passes::fir<T>();
    turned_ = &passes::turned<T>();
    tiling_ = tiling(walk_, sizeof(T));
    streams_ = job.dst.shape().product() * static_cast<std::int64_t>(sizeof(T)) > streamed_bytes;
    scratch_ = plan_scratch<T>(walk_, tiling_);
  }

  std::int64_t scratch_bytes() const { return static_cast<std::int64_t>(scratch_.bytes); }

  Outcome all() {
    if (walk_.empty) return Outcome::complete;
    find_passes();
    return run_tiles(job_, tiling_.tiles, threads_, scratch_.bytes,
                     [this](std::int64_t index, std::byte* scratch) { Tile(*this, index, scratch).run(); });
  }

  // A tiling of one tile, on the calling thread.
  void only_tile(std::byte* scratch) {
    if (walk_.empty) return;
    find_passes();
    Tile(*this, 0, scratch).run();
  }

 private:
  class Tile;

  void find_passes() {
    load_ = &passes::convert<T>(walk_.src_dtype);
    store_ = passes::convert<T>(walk_.dst_dtype).out;
    if constexpr (std::is_same_v<T, double>) {
      const passes::CastPasses* const cast = casts_ ? passes::cast_f64(walk_.dst_dtype) : nullptr;
      if (cast != nullptr) cast_ = cast->in_place, store_ = cast->out;
    }
  }

  const base::Job& job_;
  Walk walk_;
  int threads_;
  bool casts_;
  bool streams_ = false;
  Tiling tiling_;
  ScratchPlan scratch_;
  const passes::FirPasses<T>* fir_ = nullptr;
  const passes::TurnedPass<T>* turned_ = nullptr;
  const passes::ConvertPasses<T>* load_ = nullptr;
  decltype(passes::ConvertPasses<T>::out) store_ = nullptr;
  void (*cast_)(T* row, std::size_t count) noexcept = nullptr;  // between two axes, where the problem says so
  std::pair<T, T> scale_;                                       // factor and bias, where there are any
  decltype(passes::DensePasses<T>::finish) finish_ = nullptr;
};

// One tile, from its place in the box to its last stored row. Levels are column axes, outermost first.
template <class T> class Run<T>::Tile {
 public:
  Tile(const Run& run, std::int64_t index, std::byte* scratch)
      : run_(run), walk_(run.walk_), plan_(run.scratch_), frame_(scratch) {
    place(index);
    take_scratch();
  }

  void run() {
    if (spans_.empty()) {
      rows_of_source();
    } else {
      for (std::int64_t item = batch_begin_; item < batch_end_; ++item) {
        start_item(item);
        ring_end_ = 0;
        level(0, nullptr);
      }
    }
    if (run_.streams_) run_.fir_->end_streams();
  }

 private:
  void place(std::int64_t index) {
    const TilePlace place = place_tile(walk_, run_.tiling_, index, frame_.take<std::int64_t>(plan_.indices));
    spans_ = place.columns;
    row_ = place.row;
    batch_begin_ = place.batch_begin, batch_end_ = place.batch_end;
  }

  void take_scratch() {
    inner_ = static_cast<std::size_t>(walk_.inner);
    width_ = static_cast<std::size_t>(row_.last - row_.first) * inner_;
    outputs_ = static_cast<std::size_t>(row_.end - row_.begin) * inner_;
    panel_ = frame_.template take<T>(plan_.pitch * plan_.panel_rows);
    for (std::size_t i = 0; i < spans_.size(); ++i) {
      slabs_.push_back(frame_.template take<T>(plan_.slab_rows[i] * plan_.pitch));
      rows_.push_back(frame_.template take<const T*>(plan_.pointers + 1));
      targets_.push_back(frame_.template take<T*>(plan_.pointers + 1));
      constants_.push_back(frame_.template take<T>(plan_.pitch));
      fill_constant(constants_.back(), *spans_[i].axis->task);
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(plan_.group); ++i) {
      extended_[i] = frame_.template take<T>(plan_.extended).subspan(margin).data();
      windows_[i] = frame_.template take<T>(plan_.pitch);
      results_[i] = frame_.template take<T>(plan_.stretch);
    }
    turning_ = frame_.template take<T>(plan_.turning);
    if (walk_.row.task != nullptr) {
      edges_ = RowEdges(walk_.row, row_, frame_.template take<std::int64_t>(plan_.edges));
    }
    direct_store_ = std::is_same_v<T, float> ? walk_.dst_dtype == DType::f32 : walk_.dst_dtype == DType::f64;
    direct_store_ = direct_store_ && run_.finish_ == nullptr &&
                    walk_.row.dst_stride == static_cast<std::ptrdiff_t>(inner_ * sizeof(T));
  }

  void fill_constant(std::span<T> row, const AxisTask& task) const {
    if (task.border != Border::constant) return;
    for (std::size_t i = 0; i < row.size(); ++i) row[i] = constant_at(task, i);
  }

  // The constant for component i of a row that starts with a whole sample.
  T constant_at(const AxisTask& task, std::size_t i) const {
    return static_cast<T>(walk_.components == 2 && i % 2 == 1 ? task.cval.imag() : task.cval.real());
  }

  void start_item(std::int64_t item) {
    const auto [src, dst] = batch_offsets(walk_, item);
    src_ = walk_.src + src;
    dst_ = walk_.dst + dst;
  }

  const std::byte* source_row(std::int64_t offset) const {
    return src_ + offset + (row_.first - walk_.row.src_origin) * walk_.row.src_stride;
  }

  void load_row(const std::byte* from, T* to) const {
    run_.load_->in(from, walk_.row.src_stride, static_cast<std::size_t>(row_.last - row_.first), inner_, to);
  }

  // Converts source rows [slot, end) of span 0 into the panel; `offset`: bytes to the row's place on the other axes.
  void fill_panel(std::int64_t offset, std::int64_t slot, std::int64_t end) {
    const Span& span = spans_[0];
    const WalkAxis& axis = *span.axis;
    const auto at = [&](std::int64_t i) { return span.samples[static_cast<std::size_t>(i)]; };
    const auto place = [&](std::int64_t i) { return source_row(offset + (at(i) - axis.src_origin) * axis.src_stride); };
    const bool across = lies_across(walk_);
    while (slot < end) {
      if (!across) {
        load_row(place(slot), panel_row(slot));
        ++slot;
        continue;
      }
      std::int64_t stop = slot + 1;
      while (stop < end && at(stop) == at(stop - 1) + 1) ++stop;
      run_.load_->in_across(place(slot), axis.src_stride, walk_.row.src_stride, static_cast<std::size_t>(stop - slot),
                            width_, panel_row(slot), plan_.pitch);
      slot = stop;
    }
  }

  T* panel_row(std::int64_t slot) {
    return panel_.data() + static_cast<std::size_t>(slot) % plan_.panel_rows * plan_.pitch;
  }

  // A ring holds what outputs [y, y + count) need; rows come in downwards, each once a tile.
  void refill_ring(std::int64_t y, std::int64_t count) {
    const Span& span = spans_[0];
    const std::int64_t low = y, high = y + count + before(*span.axis) + after(*span.axis);
    std::int64_t need = -1;
    for (std::int64_t i = low; i < high; ++i) need = std::max(need, span.slots[static_cast<std::size_t>(i)]);
    if (need < ring_end_) return;
    // Rows above those at hand are not read again: the ring is wide enough for a whole window.
    const std::int64_t begin = std::max(ring_end_, need + 1 - static_cast<std::int64_t>(plan_.panel_rows));
    fill_panel(0, begin, need + 1);
    ring_end_ = need + 1;
  }

  // Rows that one pass along span `at` reads: pointers for every extended index. `parent` holds the rows of the
  // level above (null: the source), `rows_below` apart; `below` is the row's place on the axes further in.
  const T* const* rows_for(std::size_t at, const T* parent, std::int64_t rows_below, std::int64_t below) {
    const Span& span = spans_[at];
    const WalkAxis& axis = *span.axis;
    std::int64_t offset = 0;
    if (parent == nullptr) {
      offset = source_offset(below);
      if (run_.tiling_.panel && !run_.tiling_.ring) fill_panel(offset, 0, span.count());
    }
    const std::span<const T*> rows = rows_[at];
    for (std::size_t i = 0; i < span.slots.size(); ++i) {
      const std::int64_t slot = span.slots[i];
      if (slot < 0) {
        rows[i] = constants_[at].data();
      } else if (parent != nullptr) {
        rows[i] = parent + static_cast<std::size_t>(slot * rows_below + below) * plan_.pitch;
      } else if (run_.tiling_.panel) {
        rows[i] = panel_row(slot);
      } else {
        const std::int64_t sample = span.samples[static_cast<std::size_t>(slot)] - axis.src_origin;
        rows[i] = reinterpret_cast<const T*>(source_row(offset + sample * axis.src_stride));
      }
    }
    return rows.data() + axis.task->before + axis.task->shift;
  }

  // Bytes from the source's start to the row that `below` counts over the touched samples of spans 1, 2 ...
  std::int64_t source_offset(std::int64_t below) const {
    std::int64_t offset = 0;
    for (std::size_t i = spans_.size() - 1; i >= 1; --i) {
      const Span& span = spans_[i];
      const std::int64_t sample = span.samples[static_cast<std::size_t>(below % span.count())];
      offset += (sample - span.axis->src_origin) * span.axis->src_stride;
      below /= span.count();
    }
    return offset;
  }

  void level(std::size_t at, const T* parent) {
    if (at + 1 == spans_.size()) return last_level(at, parent);
    const Span& span = spans_[at];
    std::int64_t below = 1;
    for (std::size_t i = at + 1; i < spans_.size(); ++i) below *= spans_[i].count();
    T* const slab = slabs_[at].data();
    const auto slab_row = [&](std::int64_t i, std::int64_t row) {
      return slab + static_cast<std::size_t>(i * below + row) * plan_.pitch;
    };
    for (std::int64_t row = 0; row < below; ++row) {
      const T* const* rows = rows_for(at, parent, below, row);
      for (std::int64_t i = 0; i < span.outputs(); ++i) targets_[at][static_cast<std::size_t>(i)] = slab_row(i, row);
      run_.fir_->columns(rows, targets_[at].data(), static_cast<std::size_t>(span.outputs()), 0, width_,
                         span.axis->task->template taps<T>());
      cast(targets_[at].first(static_cast<std::size_t>(span.outputs())), 0, width_);
    }
    std::byte* const dst = dst_;
    for (std::int64_t i = 0; i < span.outputs(); ++i) {
      dst_ = dst + (span.begin + i - span.axis->begin) * span.axis->dst_stride;
      level(at + 1, slab_row(i, 0));
    }
    dst_ = dst;
  }

  void last_level(std::size_t at, const T* parent) {
    const Span& span = spans_[at];
    const T* const* rows = rows_for(at, parent, 1, 0);
    std::byte* const dst = dst_;
    for (std::int64_t y = 0; y < span.outputs(); y += plan_.group) {
      const std::int64_t count = std::min(plan_.group, span.outputs() - y);
      for (std::int64_t i = 0; i < count; ++i) {
        dst_ = dst + (span.begin + y + i - span.axis->begin) * span.axis->dst_stride;
        place_row(i);
        targets_[at][static_cast<std::size_t>(i)] = column_target(i);
      }
      if (run_.tiling_.ring) refill_ring(y, count);
      finish(count, [&](std::size_t begin, std::size_t end) {
        const std::span<T* const> targets = targets_[at].first(static_cast<std::size_t>(count));
        run_.fir_->columns(rows + y, targets.data(), targets.size(), begin, end, span.axis->task->template taps<T>());
        if (walk_.row.task != nullptr) cast(targets, begin, end);
      });
    }
    dst_ = dst;
  }

  // The next axis reads what an integer output would hold; the last axis is cast as it is stored.
  void cast(std::span<T* const> rows, std::size_t begin, std::size_t end) const {
    if (run_.cast_ == nullptr) return;
    for (T* const row : rows) run_.cast_(row + begin, end - begin);
  }

  // Where the last column pass writes row i: into the extended row, or straight to the output where no row pass
  // follows.
  T* column_target(std::int64_t i) {
    if (walk_.row.task == nullptr) return stored_in_place(i) ? place<T>(i) : result(i);
    return window(i);
  }

  T* window(std::int64_t i) {
    const auto row = static_cast<std::size_t>(i);
    if (!row_.window_in_place) return windows_[row].data();
    const std::int64_t lead = row_.first - (row_.begin - before(walk_.row));
    return extended_row(i) + static_cast<std::size_t>(lead) * inner_;
  }

  T* result(std::int64_t i) { return results_[static_cast<std::size_t>(i)].data(); }

  // Row i of those at hand goes where dst_ stands. An output's own sample lies in its cache line as the output does:
  // then neither loads nor stores of whole vectors split one.
  void place_row(std::int64_t i) {
    const auto row = static_cast<std::size_t>(i);
    places_[row] = dst_ + (row_.begin - walk_.row.begin) * walk_.row.dst_stride;
    if (walk_.row.task == nullptr) return;
    const std::size_t in_line = stored_in_place(i) ? in_cache_line(places_[row]) : 0;
    moved_[row] = (in_line + line - static_cast<std::size_t>(own(i, 0) - extended_row(i)) % line) % line;
  }
  static std::size_t in_cache_line(const void* place) {
    return reinterpret_cast<std::uintptr_t>(place) % 64 / sizeof(T);
  }
  T* extended_row(std::int64_t i) const {
    return extended_[static_cast<std::size_t>(i)] + moved_[static_cast<std::size_t>(i)];
  }
  template <class Item> Item* place(std::int64_t i) const {
    return reinterpret_cast<Item*>(places_[static_cast<std::size_t>(i)]);
  }
  bool stored_in_place(std::int64_t i) const {
    return direct_store_ && reinterpret_cast<std::uintptr_t>(place<T>(i)) % sizeof(T) == 0;
  }

  // Without column axes: rows come straight from the source.
  void rows_of_source() {
    const std::int64_t at_once = plan_.together > 0 ? plan_.group : 1;
    for (std::int64_t item = batch_begin_; item < batch_end_; item += at_once) {
      const std::int64_t count = std::min(at_once, batch_end_ - item);
      for (std::int64_t i = 0; i < count; ++i) {
        start_item(item + i);
        place_row(i);
        load_row(source_row(0), walk_.row.task == nullptr ? result(i) : window(i));
      }
      finish(count, [](std::size_t, std::size_t) {});
    }
  }

  // Rows 0 ... count - 1: border, row pass, output, stretch by stretch. `columns(begin, end)` makes components
  // [begin, end) of their windows.
  void finish(std::int64_t count, const auto& columns) {
    if (walk_.row.task == nullptr) {
      columns(0, width_);
      for (std::int64_t i = 0; i < count; ++i) {
        if (!stored_in_place(i) || spans_.empty()) store(i, 0, outputs_);
      }
      return;
    }
    const auto together = static_cast<std::int64_t>(plan_.together);
    std::size_t ready = 0, stretch = first_stretch();
    for (std::size_t x = 0, end = 0; x < outputs_; x = end, stretch = plan_.stretch) {
      end = std::min(x + stretch, outputs_);
      const std::size_t needed = end == outputs_ ? width_ : needed_for(end);
      if (needed > ready) {
        columns(ready, needed);
        for (std::int64_t i = 0; i < count; ++i) extend(i, ready == 0, needed == width_);
        ready = needed;
      }
      std::int64_t i = 0;
      for (; together > 0 && i + together <= count; i += together) filter_rows(i, x, end - x);
      for (; i < count; ++i) filter_row(i, x, end - x);
    }
  }

  // Shorter than the others where they then begin with a cache line of the output.
  std::size_t first_stretch() const {
    const std::size_t beyond = in_cache_line(places_[0]);
    return run_.streams_ && stored_in_place(0) && plan_.stretch > beyond ? plan_.stretch - beyond : plan_.stretch;
  }

  // Components of the window that outputs below `end` and what is beyond the first edge are made of.
  std::size_t needed_for(std::size_t end) const {
    const std::int64_t lead = row_.begin - row_.first;
    const auto reach = static_cast<std::size_t>(std::max<std::int64_t>(lead + after(walk_.row), 0)) * inner_;
    return std::min(width_, std::max(end + reach, edges_.head_reach() * inner_));
  }

  // Where output x of the row pass finds its samples in extended row i, and where it goes.
  const T* own(std::int64_t i, std::size_t x) const {
    const AxisTask& task = *walk_.row.task;
    return extended_row(i) + static_cast<std::size_t>(task.before + task.shift) * inner_ + x;
  }
  T* target(std::int64_t i, std::size_t x) { return stored_in_place(i) ? place<T>(i) + x : result(i); }

  void filter_row(std::int64_t i, std::size_t x, std::size_t width) {
    const bool in_place = stored_in_place(i);
    run_.fir_->row(own(i, x), target(i, x), width, static_cast<std::ptrdiff_t>(inner_),
                   walk_.row.task->template taps<T>(), in_place && run_.streams_);
    if (!in_place) store(i, x, width);
  }

  // The same for rows i, i + 1 ... together.
  void filter_rows(std::int64_t i, std::size_t x, std::size_t width) {
    std::array<const T*, passes::most_rows_together> from;
    std::array<T*, passes::most_rows_together> to;
    for (std::size_t r = 0; r < plan_.together; ++r) {
      from[r] = own(i + static_cast<std::int64_t>(r), x);
      to[r] = target(i + static_cast<std::int64_t>(r), x);
    }
    run_.turned_->rows(from.data(), to.data(), width, static_cast<std::ptrdiff_t>(inner_),
                       walk_.row.task->template taps<T>(), turning_.data());
    for (std::int64_t r = i; r < i + static_cast<std::int64_t>(plan_.together); ++r) {
      if (!stored_in_place(r)) store(r, x, width);
    }
  }

  // Completes what lies beyond the first and the last edge of extended row i.
  void extend(std::int64_t i, bool first, bool last) {
    const auto constant = [this](std::size_t c) { return constant_at(*walk_.row.task, c); };
    if (first) edges_.extend_head(extended_row(i), window(i), inner_, constant);
    if (last) edges_.extend_tail(extended_row(i), window(i), inner_, constant);
  }

  // Result i, which starts at component x of its row, goes to the output.
  void store(std::int64_t i, std::size_t x, std::size_t width) {
    const std::size_t sample = x / inner_;
    if (run_.finish_ != nullptr) {
      const auto [factor, bias] = run_.scale_;
      run_.finish_(result(i), width, factor, bias, walk_.components == 2 ? T{0} : bias);
    }
    run_.store_(result(i), place<std::byte>(i) + static_cast<std::ptrdiff_t>(sample) * walk_.row.dst_stride,
                walk_.row.dst_stride, width / inner_, inner_);
  }

  const Run& run_;
  const Walk& walk_;
  const ScratchPlan& plan_;
  ScratchFrame frame_;
  base::AxisList<Span> spans_;
  RowSpan row_;
  std::int64_t batch_begin_ = 0, batch_end_ = 0;
  std::size_t inner_ = 1, width_ = 0, outputs_ = 0;
  const std::byte* src_ = nullptr;
  std::byte* dst_ = nullptr;
  std::span<T> panel_;
  std::int64_t ring_end_ = 0;  // slots below have been in the ring
  base::AxisList<std::span<T>> slabs_, constants_;
  base::AxisList<std::span<const T*>> rows_;
  base::AxisList<std::span<T*>> targets_;
  std::array<T*, rows_at_once> extended_;
  std::array<std::size_t, rows_at_once> moved_{};  // where in it the extended row begins
  std::array<std::span<T>, rows_at_once> windows_, results_;
  std::array<std::byte*, rows_at_once> places_{};
  std::span<T> turning_;
  RowEdges edges_;
  bool direct_store_ = false;
};

Outcome run(const base::Problem& problem, const base::Job& job) {
  if (problem.working == DType::f32) return Run<float>(problem, job).all();
  return Run<double>(problem, job).all();
}

// The larger of what an aligned and an unaligned array need: the latter's rows go through the panel earlier.
std::int64_t scratch(const base::Problem& problem) {
  alignas(64) static const std::array<std::byte, 128> somewhere{};
  std::int64_t most = 0;
  for (const std::size_t offset : {0U, 1U}) {
    const base::Job job = gapless_job(problem, somewhere.data() + offset);
    const bool f32 = problem.working == DType::f32;
    most = std::max(most, f32 ? Run<float>(problem, job).scratch_bytes() : Run<double>(problem, job).scratch_bytes());
  }
  return most;
}

}  // namespace

const Methods separable{&fir_cost, &scratch, &run};

std::size_t box_scratch(const base::Problem& problem, const base::Job& job) {
  const std::int64_t bytes = problem.working == DType::f32
                                 ? Run<float>(problem, job, one_tile_with_panel).scratch_bytes()
                                 : Run<double>(problem, job, one_tile_with_panel).scratch_bytes();
  return static_cast<std::size_t>(bytes);
}

void run_box(const base::Problem& problem, const base::Job& job, std::byte* scratch) {
  if (problem.working == DType::f32) return Run<float>(problem, job, one_tile).only_tile(scratch);
  Run<double>(problem, job, one_tile).only_tile(scratch);
}

}  // namespace gaussfilt::methods
