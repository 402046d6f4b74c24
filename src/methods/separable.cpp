// Floor 2. Separable FIR: a pass along each filtered axis, in the order of the problem, fused over cache tiles.
//
// A tile reads its source rows (in place where dtype and strides allow, else through a panel in the working
// precision), runs the column passes outermost axis first and hands each finished row to the row pass, which rounds
// it into the output. Between the axes everything stays in the working precision and in the tile (SciPy's integers are
// cast there, row by row):
//
//   2-D   rows of the source -> column pass, some rows -> borders left and right -> row pass -> output
//   n-D   rows of a slab of planes -> a ring of each plane's rows -> last column pass, as above, plane by plane
//
// Where the axis that is filtered first is the one along the memory, rows are filtered on their way into the panel and
// the columns' results are the outputs. Where rows lie across the memory, on either side, blocks of them are turned.
// Column borders are a table of row pointers; they cost nothing. Every output is written once.
#include "methods/separable.h"
#include "base/lines.h"
#include "methods/bands.h"
#include "methods/fir_cost.h"
#include "methods/method.h"
#include "methods/run_tiles.h"
#include "methods/separable_scratch.h"
#include "methods/slabs.h"
#include "methods/spans.h"
#include "methods/tiling.h"
#include "passes/cast.h"
#include "passes/convert.h"
#include "passes/dense.h"
#include "passes/fir.h"
#include "passes/fir_turned.h"

#include <algorithm>
#include <array>
#include <span>

namespace gaussfilt::methods {
namespace {

using base::AxisTask;
using base::Walk;
using base::WalkAxis;

template <class T> class Run {
 public:
  static constexpr std::size_t line = line_of<T>;
  static constexpr std::int64_t streamed_bytes = 16 * 1024 * 1024;  // an output that no cache will keep

  Run(const base::Problem& problem, const base::Job& job, decltype(choose_tiling)& tiling = choose_tiling)
      : job_(job),
        walk_(base::make_walk(problem, job, base::Exchange::allowed)),
        threads_(problem.threads),
        casts_(problem.cast),
        scale_(static_cast<T>(problem.factor), static_cast<T>(problem.bias)) {
    if (walk_.empty) return;
    if (problem.factor != 1 || problem.bias != 0) finish_ = passes::dense<T>().finish;
    fir_ = &passes::fir<T>();
    turned_ = &passes::turned<T>();
    turn_ = passes::turn();
    tiling_ = tiling(walk_, sizeof(T));
    const std::int64_t bytes = job.dst.shape().product() * static_cast<std::int64_t>(size_of(job.dst.dtype()));
    streams_ = bytes > (tiling_.stored_band > 0 ? scattered_bytes : streamed_bytes);
    scratch_ = plan_scratch<T>(walk_, tiling_, streams_);
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
    const passes::ConvertPasses<T>& stores = passes::convert<T>(walk_.dst_dtype);
    store_ = streams_ && tiling_.stored_band == 0 ? stores.out_streamed : stores.out;
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
  passes::Turn* turn_ = nullptr;
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
      : run_(run), walk_(run.walk_), plan_(run.scratch_), memory_(plan_, run.walk_.columns.size(), scratch) {
    place(index);
    prepare();
  }

  void run() {
    if (spans_.empty()) rows_of_source();
    for (std::int64_t item = batch_begin_; !spans_.empty() && item < batch_end_; ++item) {
      start_item(item);
      ring_end_ = 0;
      columns();
    }
    if (run_.streams_) run_.fir_->end_streams();
  }

 private:
  void place(std::int64_t index) {
    const TilePlace place = place_tile(walk_, run_.tiling_, index, memory_.indices);
    spans_ = place.columns;
    row_ = place.row;
    batch_begin_ = place.batch_begin, batch_end_ = place.batch_end;
  }

  void prepare() {
    inner_ = static_cast<std::size_t>(walk_.inner);
    width_ = static_cast<std::size_t>(row_.last - row_.first) * inner_;
    outputs_ = static_cast<std::size_t>(row_.end - row_.begin) * inner_;
    slab_ = SlabPlaces(spans_, plan_.plane_rows);
    waiting_ = WaitingRows(walk_, plan_.waiting.rows, plan_.waiting.pitch, memory_.waiting.data());
    for (std::size_t i = 0; i < spans_.size(); ++i) {
      const AxisTask& task = *spans_[i].axis->task;
      const std::span<T> row = memory_.constants[i];
      for (std::size_t x = 0; task.border == Border::constant && x < row.size(); ++x) row[x] = constant_at(task, x);
    }
    if (walk_.row.task != nullptr) edges_ = RowEdges(walk_.row, row_, memory_.edges);
    dst_step_ = waits() ? static_cast<std::ptrdiff_t>(inner_ * size_of(walk_.dst_dtype)) : walk_.row.dst_stride;
    direct_store_ = walk_.dst_dtype == (std::is_same_v<T, float> ? DType::f32 : DType::f64) &&
                    run_.finish_ == nullptr && dst_step_ == static_cast<std::ptrdiff_t>(inner_ * sizeof(T));
    streams_ = run_.streams_ && direct_store_ && !waits();
    row_follows_ = walk_.row.task != nullptr && !walk_.row_first;
    last_columns_ = spans_.size() == 1 && !run_.tiling_.panel ? run_.fir_->columns_next : run_.fir_->columns;
    if (streams_ && !row_follows_) last_columns_ = run_.fir_->columns_streamed;
  }

  // The constant for component i of a row that starts with a whole sample.
  T constant_at(const AxisTask& task, std::size_t i) const {
    return static_cast<T>(walk_.components == 2 && i % 2 == 1 ? task.cval.imag() : task.cval.real());
  }

  void start_item(std::int64_t item) {
    const auto [src, dst] = batch_offsets(walk_, item);
    src_ = walk_.src + src, dst_ = walk_.dst + dst;
    if (!spans_.empty()) bands_ = SourceBands(walk_, run_.tiling_, spans_[0], source_row(0));
    if (!spans_.empty()) lead_ = lead();
  }

  // Where in its cache line a row of the panel and of slabs begins: as the source's rows do, which are read in place,
  // or as what is made of it.
  std::size_t lead() const {
    if (!run_.tiling_.panel) return in_cache_line(source_row(0));
    if (!direct_store_) return 0;
    const std::size_t output = in_cache_line(output_row());
    const std::size_t window = row_follows_ ? static_cast<std::size_t>(row_.begin - row_.first) * inner_ : 0;
    return (output + line - window % line) % line;
  }

  std::byte* output_row() const { return dst_ + (row_.begin - walk_.row.begin) * walk_.row.dst_stride; }
  const std::byte* source_row(std::int64_t offset) const {
    return src_ + offset + (row_.first - walk_.row.src_origin) * walk_.row.src_stride;
  }

  void load_row(const std::byte* from, T* to) const {
    run_.load_->in(from, walk_.row.src_stride, static_cast<std::size_t>(row_.last - row_.first), inner_, to);
  }

  // Brings source rows [slot, end) of span 0 into the panel; `offset`: bytes to the row's place on the other axes.
  void fill_panel(std::int64_t offset, std::int64_t slot, std::int64_t end) {
    const Span& span = spans_[0];
    const WalkAxis& axis = *span.axis;
    const auto at = [&](std::int64_t i) { return span.samples[static_cast<std::size_t>(i)]; };
    const auto place = [&](std::int64_t i) { return source_row(offset + (at(i) - axis.src_origin) * axis.src_stride); };
    if (walk_.row_first) return fill_filtered(place, slot, end);
    const auto turned = [&](std::int64_t begin, std::int64_t stop) { fill_turned(place(begin), begin, stop); };
    if (bands_.rows > 0) return bands_.each(span, slot, end, turned);
    for (; slot < end; ++slot) load_row(place(slot), panel_row(slot));
  }

  // Rows [slot, end) of one band, neighbours in the source as well. Others than those of the working type are converted
  // on their way.
  void fill_turned(const std::byte* from, std::int64_t slot, std::int64_t end) {
    const passes::Steps source{.down = spans_[0].axis->src_stride, .right = walk_.row.src_stride};
    const std::size_t item = inner_ * size_of(walk_.src_dtype), columns = width_ / inner_;
    const auto step = static_cast<std::ptrdiff_t>(item);
    const auto count = static_cast<std::size_t>(end - slot);
    const bool converts = plan_.band.rows > 0;
    std::byte* const to = converts ? memory_.band.data() : reinterpret_cast<std::byte*>(panel_row(slot));
    const std::size_t pitch = converts ? plan_.band.pitch : plan_.pitch * sizeof(T);
    run_.turn_(from, source, to, {.down = static_cast<std::ptrdiff_t>(pitch), .right = step}, count, columns, item,
               false);
    for (std::size_t i = 0; converts && i < count; ++i, ++slot) {
      run_.load_->in(to + i * pitch, step, columns, inner_, panel_row(slot));
    }
  }

  // Rows [slot, end), filtered along themselves on their way.
  void fill_filtered(const auto& place, std::int64_t slot, std::int64_t end) {
    const std::int64_t at_once = plan_.together > 0 ? plan_.group : 1;
    for (std::int64_t count = 0; slot < end; slot += count) {
      count = std::min(at_once, end - slot);
      for (std::int64_t i = 0; i < count; ++i) {
        T* const to = straight_[static_cast<std::size_t>(i)] = panel_row(slot + i);
        align_row(i, in_cache_line(to));
        load_row(place(slot + i), window(i));
        extend(i, true, true);
      }
      for (std::size_t x = 0; x < outputs_; x += plan_.stretch) {
        filter(count, x, std::min(plan_.stretch, outputs_ - x));
      }
      cast(std::span<T* const>(straight_).first(static_cast<std::size_t>(count)), 0, outputs_);
    }
  }

  T* panel_row(std::int64_t slot) {
    return memory_.panel.data() + lead_ + bands_.place(slot, plan_.panel_rows) * plan_.pitch;
  }

  // A ring holds what outputs [y, y + count) of the last column axis need, `room` rows at most: make(begin, end) brings
  // rows in downwards, each once a tile.
  void refill_ring(std::int64_t y, std::int64_t count, std::int64_t room, const auto& make) {
    const Span& span = spans_.back();
    const std::int64_t window = count + before(*span.axis) + after(*span.axis);
    std::int64_t need =
        std::ranges::max(span.slots.subspan(static_cast<std::size_t>(y), static_cast<std::size_t>(window)));
    if (need < ring_end_) return;
    if (spans_.size() == 1 && bands_.rows > 0) need = std::min(bands_.end(need), span.count()) - 1;
    // Rows above those at hand are not read again: the ring is wide enough for a whole window.
    make(std::max(ring_end_, need + 1 - room), need + 1);
    ring_end_ = need + 1;
  }

  // Rows that a pass along span `at` reads: pointers for extended indices [begin, end).
  void point_rows(std::size_t at, std::int64_t begin, std::int64_t end, const auto& row_of) {
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
      const std::int64_t slot = spans_[at].slots[i];
      memory_.rows[at][i] = slot < 0 ? memory_.constants[at].data() : row_of(slot);
    }
  }

  // Those of the first span at one place on the others, `offset` bytes from the source's start.
  void point_source_rows(std::int64_t offset) {
    const Span& span = spans_[0];
    const auto all = static_cast<std::int64_t>(span.slots.size());
    if (run_.tiling_.panel) {
      if (!run_.tiling_.ring || spans_.size() > 1) fill_panel(offset, 0, span.count());
      return point_rows(0, 0, all, [&](std::int64_t slot) { return panel_row(slot); });
    }
    point_rows(0, 0, all, [&](std::int64_t slot) {
      const std::int64_t sample = span.samples[static_cast<std::size_t>(slot)] - span.axis->src_origin;
      return reinterpret_cast<const T*>(source_row(offset + sample * span.axis->src_stride));
    });
  }

  // The row of output 0's own sample.
  const T* const* own_row(std::size_t at) const {
    const AxisTask& task = *spans_[at].axis->task;
    return memory_.rows[at].data() + task.before + task.shift;
  }

  T* slab_row(std::size_t at, std::int64_t plane, std::int64_t place, std::int64_t slot) {
    return memory_.slabs[at].data() + lead_ + static_cast<std::size_t>(slab_.row(at, plane, place, slot)) * plan_.pitch;
  }

  // Rows [first, end) of every plane, by all column passes but the last: no more than rows_made_together.
  void make_rows(std::int64_t first, std::int64_t end) {
    for (std::size_t at = 0; at + 1 < spans_.size(); ++at) {
      const std::int64_t places = slab_.places(at), rows = slab_.planes(at) * places;
      for (std::int64_t row = 0; row < rows; ++row) {
        for (std::int64_t slot = first; slot < end; ++slot) make_row(at, row / places, row % places, slot);
      }
    }
  }

  // Those of one plane of the axes before `at` and one place on those after it.
  void make_row(std::size_t at, std::int64_t plane, std::int64_t place, std::int64_t slot) {
    const Span& span = spans_[at];
    const std::span<T*> targets = memory_.targets[at].first(static_cast<std::size_t>(span.outputs()));
    if (at == 0) {
      point_source_rows(slab_.source_offset(place, slot));
    } else {
      point_rows(at, 0, static_cast<std::int64_t>(span.slots.size()),
                 [&](std::int64_t sample) { return slab_row(at - 1, plane, sample * slab_.places(at) + place, slot); });
    }
    for (std::size_t i = 0; i < targets.size(); ++i) {
      targets[i] = slab_row(at, plane * span.outputs() + static_cast<std::int64_t>(i), place, slot);
    }
    const auto pass = at == 0 && !run_.tiling_.panel ? run_.fir_->columns_unread : run_.fir_->columns;
    pass(own_row(at), targets.data(), targets.size(), 0, column_width(), span.axis->task->template taps<T>());
    cast(targets, 0, column_width());
  }

  // Down the last column axis: some rows of every plane, then the next ones.
  void columns() {
    if (spans_.size() == 1) {
      point_source_rows(0);
      return last_column(0, spans_[0].outputs());
    }
    const std::size_t at = spans_.size() - 1;
    const Span& span = spans_[at];
    const std::int64_t planes = slab_.planes(at), reach = before(*span.axis) + after(*span.axis);
    std::byte* const dst = dst_;
    for (std::int64_t y = 0, count = 0; y < span.outputs(); y += count) {
      count = std::min(run_.tiling_.step, span.outputs() - y);
      dst_ = dst + (span.begin + y - span.axis->begin) * span.axis->dst_stride;
      if (waits()) wait_from_here(), count = std::min(count, waiting_.room());
      refill_ring(y, count, plan_.plane_rows, [&](std::int64_t slot, std::int64_t end) {
        for (; slot < end; slot += rows_made_together) make_rows(slot, std::min(end, slot + rows_made_together));
      });
      for (std::int64_t plane = 0; plane < planes; ++plane) {
        point_rows(at, y, y + count + reach, [&](std::int64_t slot) { return slab_row(at - 1, plane, 0, slot); });
        dst_ = dst + slab_.output_offset(plane);
        last_column(y, y + count);
      }
    }
    dst_ = dst;
  }

  // Rows [y, end) of the last column axis and the row pass.
  void last_column(std::int64_t y, std::int64_t end) {
    const std::size_t at = spans_.size() - 1;
    const Span& span = spans_[at];
    const T* const* const rows = own_row(at);
    std::byte* const dst = dst_;
    std::int64_t count = 0;
    for (bool first = true; y < end; y += count, first = false) {
      count = std::min(plan_.group, end - y);
      dst_ = dst + (span.begin + y - span.axis->begin) * span.axis->dst_stride;
      if (waits() && first) wait_from_here();
      if (waits()) count = std::min(count, waiting_.room());
      for (std::int64_t i = 0; i < count; ++i) {
        place_row(i, span.axis->dst_stride);
        memory_.targets[at][static_cast<std::size_t>(i)] = column_target(i);
      }
      if (run_.tiling_.ring && at == 0) {
        refill_ring(y, count, static_cast<std::int64_t>(plan_.panel_rows),
                    [&](std::int64_t begin, std::int64_t stop) { fill_panel(0, begin, stop); });
      }
      finish(count, [&](std::size_t begin, std::size_t stop) {
        const std::span<T* const> targets = memory_.targets[at].first(static_cast<std::size_t>(count));
        last_columns_(rows + y, targets.data(), targets.size(), begin, stop, span.axis->task->template taps<T>());
        if (row_follows_) cast(targets, begin, stop);
      });
      if (waits() && waiting_.add(count, y + count == end)) {
        std::byte* const place = output_row() + (count - 1) * span.axis->dst_stride;
        waiting_.store(run_.turn_, place, outputs_ / inner_, run_.streams_);
      }
    }
    dst_ = dst;
  }

  // Rows whose neighbours are nearer than their own samples wait until they fill cache lines there.
  bool waits() const { return waiting_.any(); }
  void wait_from_here() { waiting_.start(output_row()); }

  // The next axis reads what an integer output would hold; the last axis is cast as it is stored.
  void cast(std::span<T* const> rows, std::size_t begin, std::size_t end) const {
    if (run_.cast_ == nullptr) return;
    for (T* const row : rows) run_.cast_(row + begin, end - begin);
  }

  // Where the last column pass writes row i: into the extended row, or straight to the output where no row pass
  // follows.
  T* column_target(std::int64_t i) {
    if (!row_follows_) return stored_in_place(i) ? place<T>(i) : result(i);
    return window(i);
  }

  T* window(std::int64_t i) {
    const auto row = static_cast<std::size_t>(i);
    if (!row_.window_in_place) return memory_.windows[row].data();
    const std::int64_t lead = row_.first - (row_.begin - before(walk_.row));
    return extended_row(i) + static_cast<std::size_t>(lead) * inner_;
  }

  T* result(std::int64_t i) { return memory_.results[static_cast<std::size_t>(i)].data(); }

  // Components that a column pass makes of a row.
  std::size_t column_width() const { return walk_.row_first ? outputs_ : width_; }

  // Row i of those at hand goes where dst_ stands, or i rows further, or waits.
  void place_row(std::int64_t i, std::ptrdiff_t row_stride = 0) {
    const auto row = static_cast<std::size_t>(i);
    places_[row] = waits() ? waiting_.next(row) : output_row() + i * row_stride;
    if (!row_follows_) return;
    straight_[row] = streams_whole_rows() ? result(i) : stored_in_place(i) ? place<T>(i) : nullptr;
    align_row(i, stored_in_place(i) ? in_cache_line(places_[row]) : 0);
  }
  // An output's own sample lies in its cache line as the output does: then neither loads nor stores of whole vectors
  // split one.
  void align_row(std::int64_t i, std::size_t in_line) {
    const auto row = static_cast<std::size_t>(i);
    moved_[row] = (in_line + line - static_cast<std::size_t>(own(i, 0) - extended_row(i)) % line) % line;
  }
  static std::size_t in_cache_line(const void* place) {
    return reinterpret_cast<std::uintptr_t>(place) % 64 / sizeof(T);
  }
  T* extended_row(std::int64_t i) const {
    return memory_.extended[static_cast<std::size_t>(i)] + moved_[static_cast<std::size_t>(i)];
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
    if (!row_follows_) {
      columns(0, column_width());
      for (std::int64_t i = 0; i < count; ++i) {
        if (!stored_in_place(i) || spans_.empty()) store(i, 0, outputs_);
      }
      return;
    }
    std::size_t ready = 0, stretch = first_stretch();
    for (std::size_t x = 0, end = 0; x < outputs_; x = end, stretch = plan_.stretch) {
      end = std::min(x + stretch, outputs_);
      const std::size_t needed = end == outputs_ ? width_ : needed_for(end);
      if (needed > ready) {
        columns(ready, needed);
        for (std::int64_t i = 0; i < count; ++i) extend(i, ready == 0, needed == width_);
        ready = needed;
      }
      filter(count, x, end - x);
    }
    for (std::int64_t i = 0; streams_whole_rows() && i < count; ++i) store(i, 0, outputs_);
  }

  // Rows that are turned back sixteen bytes at a time are streamed when they are whole.
  bool streams_whole_rows() const { return run_.streams_ && !waits() && plan_.together > 0; }

  // The row pass of rows 0 ... count - 1.
  void filter(std::int64_t count, std::size_t x, std::size_t width) {
    const auto together = static_cast<std::int64_t>(plan_.together);
    std::int64_t i = 0;
    for (; together > 0 && i + together <= count; i += together) filter_rows(i, x, width);
    for (; i < count; ++i) filter_row(i, x, width);
  }

  // Shorter than the others where they then begin with a cache line of the output.
  std::size_t first_stretch() const {
    const std::size_t beyond = in_cache_line(places_[0]);
    return streams_ && stored_in_place(0) && plan_.stretch > beyond ? plan_.stretch - beyond : plan_.stretch;
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
  T* target(std::int64_t i, std::size_t x) {
    T* const row = straight_[static_cast<std::size_t>(i)];
    return row != nullptr ? row + x : result(i);
  }

  void filter_row(std::int64_t i, std::size_t x, std::size_t width) {
    const bool straight = straight_[static_cast<std::size_t>(i)] != nullptr;
    run_.fir_->row(own(i, x), target(i, x), width, static_cast<std::ptrdiff_t>(inner_),
                   walk_.row.task->template taps<T>(), straight && streams_ && row_follows_ && !streams_whole_rows());
    if (!straight) store(i, x, width);
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
                       walk_.row.task->template taps<T>(), memory_.turning.data());
    for (std::int64_t r = i; r < i + static_cast<std::int64_t>(plan_.together); ++r) {
      if (straight_[static_cast<std::size_t>(r)] == nullptr) store(r, x, width);
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
    run_.store_(result(i), place<std::byte>(i) + static_cast<std::ptrdiff_t>(sample) * dst_step_, dst_step_,
                width / inner_, inner_);
  }

  const Run& run_;
  const Walk& walk_;
  const ScratchPlan& plan_;
  TileMemory<T> memory_;
  base::AxisList<Span> spans_;
  RowSpan row_;
  std::int64_t batch_begin_ = 0, batch_end_ = 0;
  std::size_t inner_ = 1, width_ = 0, outputs_ = 0;
  const std::byte* src_ = nullptr;
  std::byte* dst_ = nullptr;
  std::size_t lead_ = 0;
  SourceBands bands_;
  WaitingRows waiting_;
  std::ptrdiff_t dst_step_ = 0;  // bytes between samples of a row where it is stored, or waits
  std::int64_t ring_end_ = 0;    // slots below have been in the ring
  SlabPlaces slab_;
  std::array<std::size_t, rows_at_once> moved_{};  // where in it the extended row begins
  std::array<std::byte*, rows_at_once> places_{};
  std::array<T*, rows_at_once> straight_{};  // where the row pass writes row i; null: a result that is then stored
  RowEdges edges_;
  decltype(passes::FirPasses<T>::columns) last_columns_ = nullptr;
  bool direct_store_ = false, streams_ = false;
  bool row_follows_ = false;  // the row pass is the last, not on the way into the panel
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
