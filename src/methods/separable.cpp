// Floor 2. Separable FIR: a pass along each filtered axis, in the order of the problem, fused over cache tiles.
//
// A tile reads its source rows (in place where dtype and strides allow, else through a panel in the working
// precision), runs the column passes outermost axis first and hands each finished row to the row pass, which rounds
// it into the output. Between the axes everything stays in the working precision and in the tile (SciPy's integers are
// cast there, row by row):
//
//   2-D   rows of the source -> column pass, four rows -> borders left and right -> row pass -> output
//   n-D   the same, with a slab of the tile's planes between two column axes
//
// Column borders are a table of row pointers; they cost nothing. Traffic: every input is read once per tile that
// reaches it, every output written once.
#include "base/lines.h"
#include "base/scratch.h"
#include "base/threads.h"
#include "methods/method.h"
#include "methods/tiling.h"
#include "passes/cast.h"
#include "passes/convert.h"
#include "passes/fir.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <numeric>
#include <span>
#include <tuple>

namespace gaussfilt::methods {
namespace {

using base::AxisTask;
using base::ScratchFrame;
using base::Walk;
using base::WalkAxis;

std::int64_t before(const WalkAxis& axis) { return axis.task ? axis.task->before : 0; }
std::int64_t after(const WalkAxis& axis) { return axis.task ? axis.task->after : 0; }
Border border(const WalkAxis& axis) { return axis.task ? axis.task->border : Border::nearest; }

// One tile's part of a column axis: which samples it touches, and which of them stands at each extended index.
struct Span {
  const WalkAxis* axis = nullptr;
  std::int64_t begin = 0, end = 0;  // outputs
  std::span<std::int64_t> samples;  // global indices touched, ascending
  std::span<std::int64_t> slots;    // extended index begin - before + i -> place in samples, or -1: constant
  std::int64_t outputs() const { return end - begin; }
  std::int64_t count() const { return static_cast<std::int64_t>(samples.size()); }
};

void fill_span(Span& span) {
  const WalkAxis& axis = *span.axis;
  const std::int64_t first = span.begin - before(axis);
  const auto extended = static_cast<std::size_t>(span.outputs() + before(axis) + after(axis));
  span.slots = span.slots.first(extended);
  std::size_t count = 0;
  for (std::size_t i = 0; i < extended; ++i) {
    span.slots[i] = border_index(border(axis), first + static_cast<std::int64_t>(i), axis.n);
    if (span.slots[i] >= 0) span.samples[count++] = span.slots[i];
  }
  const auto touched_samples = span.samples.first(count);
  std::sort(touched_samples.begin(), touched_samples.end());
  const auto end = std::unique(touched_samples.begin(), touched_samples.end());
  span.samples = span.samples.first(static_cast<std::size_t>(end - touched_samples.begin()));
  for (std::int64_t& slot : span.slots) {
    if (slot >= 0) slot = std::ranges::lower_bound(span.samples, slot) - span.samples.begin();
  }
}

// One tile's part of the row: outputs [begin, end), the window of samples that it needs, and the extended row.
struct RowSpan {
  std::int64_t begin = 0, end = 0;
  std::int64_t first = 0, last = 0;  // window, global
  std::int64_t extended = 0;         // samples of the extended row
  bool window_in_place = true;       // the window is a stretch of the extended row
};

RowSpan row_span(const WalkAxis& axis, std::int64_t begin, std::int64_t end) {
  RowSpan span{.begin = begin, .end = end};
  const std::int64_t low = begin - before(axis), high = end + after(axis);
  span.extended = high - low;
  std::tie(span.first, span.last) = base::samples_needed(border(axis), low, high, axis.n);
  span.window_in_place = low <= span.first && span.last <= high;
  return span;
}

template <class T> class Run {
 public:
  Run(const base::Problem& problem, const base::Job& job)
      : job_(job), walk_(base::make_walk(problem, job)), threads_(problem.threads), casts_(problem.cast) {
    if (walk_.empty) return;
    tiling_ = choose_tiling(walk_, sizeof(T));
    scratch_ = plan_scratch();
  }

  std::int64_t scratch_bytes() const { return static_cast<std::int64_t>(scratch_.bytes); }

  Outcome all() {
    if (walk_.empty) return Outcome::complete;
    fir_ = &passes::fir<T>();
    load_ = &passes::convert<T>(walk_.src_dtype);
    store_ = passes::convert<T>(walk_.dst_dtype).out;
    if constexpr (std::is_same_v<T, double>) {
      const passes::CastPasses* const cast = casts_ ? passes::cast_f64(walk_.dst_dtype) : nullptr;
      if (cast != nullptr) cast_ = cast->in_place, store_ = cast->out;
    }
    std::atomic<bool> stopped{false};
    std::mutex progress_mutex;
    std::int64_t done = 0;
    const base::Scratch scratch(scratch_.bytes, base::worker_count(tiling_.tiles, threads_));
    const auto run_tile = [&](std::int64_t index, int worker) {
      if (stopped.load(std::memory_order_relaxed)) return;
      if (job_.stop.stop_requested()) {
        stopped.store(true, std::memory_order_relaxed);
        return;
      }
      Tile(*this, index, scratch.of(worker)).run();
      if (job_.progress == nullptr || !*job_.progress) return;
      const std::lock_guard lock(progress_mutex);
      (*job_.progress)(static_cast<double>(++done) / static_cast<double>(tiling_.tiles));
    };
    base::parallel_for(tiling_.tiles, threads_, run_tile);
    return stopped.load() ? Outcome::stopped : Outcome::complete;
  }

 private:
  class Tile;

  struct ScratchPlan {
    std::size_t bytes = 0;
    std::size_t pitch = 0;     // components of a window row, padded
    std::size_t extended = 0;  // components of an extended row
    std::size_t panel_rows = 0;
    base::AxisList<std::size_t> slab_rows;
    std::size_t indices = 0;  // for spans
    std::size_t pointers = 0;
  };

  ScratchPlan plan_scratch() const {
    ScratchPlan plan;
    const auto inner = static_cast<std::size_t>(walk_.inner);
    const auto size = [](std::int64_t n) { return static_cast<std::size_t>(n); };
    plan.pitch = size(touched_row(walk_.row, tiling_.row)) * inner + 64 / sizeof(T);
    plan.extended = size(tiling_.row + before(walk_.row) + after(walk_.row)) * inner;
    const std::size_t levels = walk_.columns.size();
    plan.panel_rows = levels == 0 || !tiling_.panel ? 1 : size(touched(walk_.columns[0], tiling_.columns[0]));
    for (std::size_t level = 0; level < levels; ++level) {
      const WalkAxis& axis = walk_.columns[level];
      const std::size_t extended = size(tiling_.columns[level] + before(axis) + after(axis));
      plan.indices += 2 * extended;
      plan.pointers = std::max(plan.pointers, extended);
      std::size_t rows = level + 1 < levels ? size(tiling_.columns[level]) : 0;
      for (std::size_t axis_below = level + 1; axis_below < levels; ++axis_below) {
        rows *= size(touched(walk_.columns[axis_below], tiling_.columns[axis_below]));
      }
      plan.slab_rows.push_back(rows);
      plan.pointers = std::max(plan.pointers, size(tiling_.columns[level]));
    }
    const auto row_bytes = [](std::size_t components) { return ScratchFrame::padded(components * sizeof(T)); };
    plan.bytes = row_bytes(plan.pitch * plan.panel_rows) + ScratchFrame::padded(plan.indices * sizeof(std::int64_t)) +
                 (levels + 1) * 2 * ScratchFrame::padded((plan.pointers + 1) * sizeof(T*)) +
                 levels * row_bytes(plan.pitch) + rows_at_once * (row_bytes(plan.extended) + row_bytes(plan.pitch)) +
                 row_bytes(size(tiling_.row) * inner) * rows_at_once;
    for (const std::size_t rows : plan.slab_rows) plan.bytes += row_bytes(rows * plan.pitch);
    return plan;
  }

  const base::Job& job_;
  Walk walk_;
  int threads_;
  bool casts_;
  Tiling tiling_;
  ScratchPlan scratch_;
  const passes::FirPasses<T>* fir_ = nullptr;
  const passes::ConvertPasses<T>* load_ = nullptr;
  decltype(passes::ConvertPasses<T>::out) store_ = nullptr;
  void (*cast_)(T* row, std::size_t count) noexcept = nullptr;  // between two axes, where the problem says so
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
    for (std::int64_t item = batch_begin_; item < batch_end_; ++item) {
      start_item(item);
      if (spans_.empty()) {
        row_of_source();
      } else {
        level(0, nullptr);
      }
    }
  }

 private:
  // The first column axis runs fastest, so neighbouring tiles share the rows at their seam.
  void place(std::int64_t index) {
    const auto next = [&index](std::int64_t begin, std::int64_t end, std::int64_t chunk) {
      const std::int64_t count = (end - begin + chunk - 1) / chunk;
      const std::int64_t at = begin + index % count * chunk;
      index /= count;
      return std::pair(at, std::min(end, at + chunk));
    };
    std::span<std::int64_t> indices = frame_.take<std::int64_t>(plan_.indices);
    for (std::size_t i = 0; i < walk_.columns.size(); ++i) {
      const WalkAxis& axis = walk_.columns[i];
      Span span{.axis = &axis, .samples = {}, .slots = {}};
      std::tie(span.begin, span.end) = next(axis.begin, axis.end, run_.tiling_.columns[i]);
      const auto extended = static_cast<std::size_t>(span.outputs() + before(axis) + after(axis));
      span.samples = indices.first(extended);
      span.slots = indices.subspan(extended, extended);
      indices = indices.subspan(2 * extended);
      fill_span(span);
      spans_.push_back(span);
    }
    const auto [row_begin, row_end] = next(walk_.row.begin, walk_.row.end, run_.tiling_.row);
    row_ = row_span(walk_.row, row_begin, row_end);
    std::tie(batch_begin_, batch_end_) = next(0, run_.tiling_.batch_count, run_.tiling_.batch);
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
    for (std::size_t i = 0; i < rows_at_once; ++i) {
      extended_[i] = frame_.template take<T>(plan_.extended);
      windows_[i] = frame_.template take<T>(plan_.pitch);
      results_[i] = frame_.template take<T>(outputs_);
    }
    direct_store_ = std::is_same_v<T, float> ? walk_.dst_dtype == DType::f32 : walk_.dst_dtype == DType::f64;
    direct_store_ = direct_store_ && walk_.row.dst_stride == static_cast<std::ptrdiff_t>(inner_ * sizeof(T));
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
    src_ = walk_.src;
    dst_ = walk_.dst;
    for (std::size_t i = walk_.batch.size(); i-- > 0;) {
      const WalkAxis& axis = walk_.batch[i];
      src_ += item % axis.end * axis.src_stride;
      dst_ += item % axis.end * axis.dst_stride;
      item /= axis.end;
    }
  }

  const std::byte* source_row(std::int64_t offset) const {
    return src_ + offset + (row_.first - walk_.row.src_origin) * walk_.row.src_stride;
  }

  void load_row(const std::byte* from, T* to) const {
    run_.load_->in(from, walk_.row.src_stride, static_cast<std::size_t>(row_.last - row_.first), inner_, to);
  }

  // Converts the source rows of span 0 into the panel; `offset`: bytes to the row's place on the other axes.
  void fill_panel(std::int64_t offset) {
    const Span& span = spans_[0];
    const WalkAxis& axis = *span.axis;
    const auto place = [&](std::int64_t slot) {
      return source_row(offset + (span.samples[static_cast<std::size_t>(slot)] - axis.src_origin) * axis.src_stride);
    };
    const bool across = inner_ == 1 && std::abs(axis.src_stride) < std::abs(walk_.row.src_stride);
    if (!across) {
      for (std::int64_t slot = 0; slot < span.count(); ++slot) load_row(place(slot), panel_row(slot));
      return;
    }
    for (std::int64_t slot = 0; slot < span.count();) {
      const auto at = [&](std::int64_t i) { return span.samples[static_cast<std::size_t>(i)]; };
      std::int64_t end = slot + 1;
      while (end < span.count() && at(end) == at(end - 1) + 1) ++end;
      run_.load_->in_across(place(slot), axis.src_stride, walk_.row.src_stride, static_cast<std::size_t>(end - slot),
                            width_, panel_row(slot), plan_.pitch);
      slot = end;
    }
  }

  T* panel_row(std::int64_t slot) { return panel_.data() + static_cast<std::size_t>(slot) * plan_.pitch; }

  // Rows that one pass along span `at` reads: pointers for every extended index. `parent` holds the rows of the
  // level above (null: the source), `rows_below` apart; `below` is the row's place on the axes further in.
  const T* const* rows_for(std::size_t at, const T* parent, std::int64_t rows_below, std::int64_t below) {
    const Span& span = spans_[at];
    const WalkAxis& axis = *span.axis;
    std::int64_t offset = 0;
    if (parent == nullptr) {
      offset = source_offset(below);
      if (run_.tiling_.panel) fill_panel(offset);
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
      run_.fir_->columns(rows, targets_[at].data(), static_cast<std::size_t>(span.outputs()), width_,
                         span.axis->task->template taps<T>());
      cast(targets_[at].first(static_cast<std::size_t>(span.outputs())));
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
    for (std::int64_t y = 0; y < span.outputs(); y += rows_at_once) {
      const std::int64_t count = std::min(rows_at_once, span.outputs() - y);
      const auto place = [&](std::int64_t i) {
        return dst + (span.begin + y + i - span.axis->begin) * span.axis->dst_stride;
      };
      for (std::int64_t i = 0; i < count; ++i) {
        dst_ = place(i);
        targets_[at][static_cast<std::size_t>(i)] = column_target(i);
      }
      run_.fir_->columns(rows + y, targets_[at].data(), static_cast<std::size_t>(count), width_,
                         span.axis->task->template taps<T>());
      if (walk_.row.task != nullptr) cast(targets_[at].first(static_cast<std::size_t>(count)));
      for (std::int64_t i = 0; i < count; ++i) {
        dst_ = place(i);
        finish(i, targets_[at][static_cast<std::size_t>(i)]);
      }
    }
    dst_ = dst;
  }

  // The next axis reads what an integer output would hold; the last axis is cast as it is stored.
  void cast(std::span<T* const> rows) const {
    if (run_.cast_ == nullptr) return;
    for (T* const row : rows) run_.cast_(row, width_);
  }

  // Where the last column pass writes row i: into the extended row, or straight to the output where no row pass
  // follows.
  T* column_target(std::int64_t i) {
    if (walk_.row.task == nullptr) return stored_in_place() ? reinterpret_cast<T*>(output()) : result(i);
    return window(i);
  }

  T* window(std::int64_t i) {
    const auto row = static_cast<std::size_t>(i);
    if (!row_.window_in_place) return windows_[row].data();
    const std::int64_t lead = row_.first - (row_.begin - before(walk_.row));
    return extended_[row].data() + static_cast<std::size_t>(lead) * inner_;
  }

  T* result(std::int64_t i) { return results_[static_cast<std::size_t>(i)].data(); }
  std::byte* output() const { return dst_ + (row_.begin - walk_.row.begin) * walk_.row.dst_stride; }
  bool stored_in_place() const { return direct_store_ && reinterpret_cast<std::uintptr_t>(output()) % sizeof(T) == 0; }

  // Without column axes: the row comes straight from the source.
  void row_of_source() {
    if (walk_.row.task == nullptr) {
      load_row(source_row(0), result(0));
      return store(result(0));
    }
    load_row(source_row(0), window(0));
    finish(0, window(0));
  }

  // Row i has passed all column axes and stands at `row`: border, row pass, output.
  void finish(std::int64_t i, const T* row) {
    if (walk_.row.task == nullptr) {
      if (row == result(i)) store(row);
      return;
    }
    const AxisTask& task = *walk_.row.task;
    const T* const extended = extend(i);
    T* const target = stored_in_place() ? reinterpret_cast<T*>(output()) : result(i);
    const auto own = static_cast<std::size_t>(task.before + task.shift) * inner_;
    run_.fir_->row(extended + own, target, outputs_, static_cast<std::ptrdiff_t>(inner_), task.template taps<T>());
    if (target == result(i)) store(target);
  }

  // Completes extended row i from its window: what lies beyond the edges, by the border's rule.
  const T* extend(std::int64_t i) {
    T* const extended = extended_[static_cast<std::size_t>(i)].data();
    const T* const samples = window(i);
    const std::int64_t low = row_.begin - before(walk_.row), high = low + row_.extended;
    const auto put = [&](std::int64_t from, std::int64_t to) {
      for (std::int64_t x = from; x < to; ++x) {
        T* const place = extended + static_cast<std::size_t>(x - low) * inner_;
        const std::int64_t sample = border_index(border(walk_.row), x, walk_.row.n);
        if (sample < 0) {
          for (std::size_t c = 0; c < inner_; ++c) place[c] = constant_at(*walk_.row.task, c);
        } else {
          std::copy_n(samples + static_cast<std::size_t>(sample - row_.first) * inner_, inner_, place);
        }
      }
    };
    if (!row_.window_in_place) {
      put(low, high);
    } else {
      put(low, row_.first);
      put(row_.last, high);
    }
    return extended;
  }

  void store(const T* row) const {
    run_.store_(row, output(), walk_.row.dst_stride, static_cast<std::size_t>(row_.end - row_.begin), inner_);
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
  base::AxisList<std::span<T>> slabs_, constants_;
  base::AxisList<std::span<const T*>> rows_;
  base::AxisList<std::span<T*>> targets_;
  std::array<std::span<T>, rows_at_once> extended_, windows_, results_;
  bool direct_store_ = false;
};

Outcome run(const base::Problem& problem, const base::Job& job) {
  if (problem.working == DType::f32) return Run<float>(problem, job).all();
  return Run<double>(problem, job).all();
}

// A pair costs an add and a multiply-add, a single a multiply-add.
double cost(const base::Problem& problem) {
  double operations = 0;
  for (const AxisTask& task : problem.axes) {
    const auto count = static_cast<double>(task.f64.weights.size());
    operations += task.f64.symmetry == Symmetry::none ? count : 2 * count + (task.f64.has_centre ? 1 : 0);
  }
  return operations;
}

// The larger of what an aligned and an unaligned array need: the latter's rows go through the panel earlier.
std::int64_t scratch(const base::Problem& problem) {
  alignas(64) static const std::array<std::byte, 128> somewhere{};
  const Index origin = Extents::filled(problem.shape.rank(), 0);
  std::int64_t most = 0;
  for (const std::size_t offset : {0U, 1U}) {
    const base::Job job{.src = View(somewhere.data() + offset, problem.in, problem.shape),
                        .src_origin = origin,
                        .dst = MutableView(nullptr, problem.out, problem.shape),
                        .dst_origin = origin,
                        .stop = {},
                        .progress = nullptr};
    const bool f32 = problem.working == DType::f32;
    most = std::max(most, f32 ? Run<float>(problem, job).scratch_bytes() : Run<double>(problem, job).scratch_bytes());
  }
  return most;
}

}  // namespace

const Methods separable{&cost, &scratch, &run};

}  // namespace gaussfilt::methods
