// Floor 2. Correlation with a kernel of any shape: every weight of it, in order, for every output.
//
// A tile is a stretch of the row axis, a stretch of the column axis and some places on the other axes. On its way down
// the column axis it keeps a ring of source rows in the working precision, extended by the border: for each place of
// the kernel on the other axes, as many as the kernel is high. Each is converted once a tile and place, or read where
// it lies. Traffic: a source row is read once for every output plane that it reaches, every output is written once.
#include "passes/dense.h"
#include "base/lines.h"
#include "base/scratch.h"
#include "methods/fir_cost.h"
#include "methods/method.h"
#include "methods/run_tiles.h"
#include "methods/spans.h"
#include "passes/cast.h"
#include "passes/convert.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

namespace gaussfilt::methods {
namespace {

using base::ScratchFrame;
using base::Walk;
using base::WalkAxis;

constexpr std::int64_t cached = 256 * 1024;        // bytes of a ring: a quarter of a 1 MiB L2
constexpr std::int64_t fewest_components = 256;    // no stretch of a row is cut shorter
constexpr std::int64_t most_outputs = 256 * 1024;  // components of a tile: enough to hide what it costs to start
constexpr std::int64_t few_outputs = 16 * 1024;
constexpr std::int64_t long_sample = 256;  // components
constexpr std::int64_t rows_at_once = passes::grid_rows;

std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

// An axis of the walk and its place in Problem::axes; -1: the taps do not reach along it.
struct DenseAxis {
  WalkAxis walk;
  int entry = -1;

  std::int64_t outputs() const { return walk.end - walk.begin; }
  std::int64_t reach() const { return before(walk) + after(walk); }
};

// The job as this method walks it: a row, a column, and the others, outermost first.
struct Course {
  Walk walk;
  DenseAxis row, column;
  base::AxisList<DenseAxis> others;
  std::int64_t places = 1;  // of the kernel on the other axes
  std::int64_t items = 1;   // of the outputs there
};

Course make_course(const base::Problem& problem, const base::Job& job) {
  Course course{.walk = base::make_walk(problem, job), .row = {}, .column = {}, .others = {}};
  Walk& walk = course.walk;
  if (walk.empty) return course;
  const auto placed = [&problem](const WalkAxis& axis) {
    return DenseAxis{axis, axis.task == nullptr ? -1 : static_cast<int>(axis.task - problem.axes.data())};
  };
  // The order of summation stands in the taps, so any axis may be the row: the one along the memory.
  if (walk.row.task != nullptr) {
    for (WalkAxis& axis : walk.columns) {
      if (std::abs(axis.src_stride) < std::abs(walk.row.src_stride)) std::swap(axis, walk.row);
    }
  }
  // A sample of many components makes a row by itself.
  if (walk.row.task != nullptr && walk.inner >= long_sample) {
    walk.columns.push_back(walk.row);
    const std::int64_t samples = walk.inner / walk.components;
    const auto stride = [&walk](DType dtype) { return static_cast<std::ptrdiff_t>(size_of(dtype)) * walk.components; };
    walk.row = {
        .n = samples, .end = samples, .src_stride = stride(walk.src_dtype), .dst_stride = stride(walk.dst_dtype)};
    walk.inner = walk.components;
  }
  course.row = placed(walk.row);
  for (const WalkAxis& axis : walk.batch) course.others.push_back(placed(axis));
  for (const WalkAxis& axis : walk.columns) course.others.push_back(placed(axis));
  if (course.others.empty()) {
    course.column = {{.n = 1, .end = 1}, -1};
  } else {
    course.column = course.others.back();
    course.others.pop_back();
  }
  for (const DenseAxis& axis : course.others) {
    course.places *= axis.reach() + 1;
    course.items *= axis.outputs();
  }
  return course;
}

// Outputs of a tile, by shape, dtypes and reach alone.
struct DenseTiling {
  std::int64_t row = 0, column = 0, items = 0, tiles = 0;
};

DenseTiling choose_dense_tiling(const Course& course, std::size_t item) {
  const std::int64_t inner = course.walk.inner, width = course.row.outputs(), height = course.column.outputs();
  const std::int64_t ring = course.places * (course.column.reach() + rows_at_once);
  const std::int64_t affordable = std::max(cached / (ring * static_cast<std::int64_t>(item)), fewest_components);
  const std::int64_t longest = std::max<std::int64_t>(affordable / inner, 1 + course.row.reach());
  DenseTiling tiling;
  tiling.row = ceil_div(width, ceil_div(width, longest));
  const std::int64_t whole = width * height * course.items * inner;
  const std::int64_t limit = std::clamp(whole / 8, few_outputs, most_outputs);
  const std::int64_t highest = std::max({limit / (tiling.row * inner), 4 * course.column.reach(), rows_at_once});
  tiling.column = std::min(height, ceil_div(highest, rows_at_once) * rows_at_once);
  tiling.items = std::clamp<std::int64_t>(limit / (tiling.row * tiling.column * inner), 1, course.items);
  tiling.tiles = ceil_div(width, tiling.row) * ceil_div(height, tiling.column) * ceil_div(course.items, tiling.items);
  return tiling;
}

// Taps that follow each other and read one row: which row, and which taps.
struct TapLine {
  std::int64_t place = 0;   // of the kernel on the other axes
  std::int64_t column = 0;  // offset
  std::uint32_t first = 0, count = 0;
};

template <class T> class Run {
 public:
  Run(const base::Problem& problem, const base::Job& job)
      : problem_(problem), job_(job), taps_(*problem.dense), course_(make_course(problem, job)) {
    if (course_.walk.empty) return;
    tiling_ = choose_dense_tiling(course_, sizeof(T));
    find_grid();
    plan_scratch();
  }

  std::int64_t scratch_bytes() const { return static_cast<std::int64_t>(bytes_); }

  Outcome all() {
    if (course_.walk.empty) return Outcome::complete;
    const DType from = course_.walk.src_dtype, to = course_.walk.dst_dtype;
    passes_ = &passes::dense<T>();
    load_ = passes::convert<T>(from).in;
    store_ = passes::convert<T>(to).out;
    if constexpr (std::is_same_v<T, double>) {
      const passes::CastPasses* const cast = problem_.cast ? passes::cast_f64(to) : nullptr;
      if (cast != nullptr) store_ = cast->out, casts_to_u64_ = to == DType::u64;
    }
    return run_tiles(job_, tiling_.tiles, problem_.threads, bytes_,
                     [this](std::int64_t index, std::byte* scratch) { Tile(*this, index, scratch).run(); });
  }

 private:
  class Tile;

  const std::int32_t* offsets(const DenseAxis& axis) const {
    return axis.entry < 0 ? nullptr : taps_.offsets[static_cast<std::size_t>(axis.entry)].data();
  }

  // Whether the taps fill a rectangle of column and row in its order.
  void find_grid() {
    const std::int64_t height = course_.column.reach() + 1, width = course_.row.reach() + 1;
    const auto count = static_cast<std::int64_t>(taps_.size());
    if (course_.places != 1 || height * width != count || height == 1) return;
    const std::int32_t* const columns = offsets(course_.column);
    const std::int32_t* const rows = offsets(course_.row);
    for (std::int64_t i = 0; i < count; ++i) {
      if (columns[i] != i / width - before(course_.column.walk)) return;
      if (rows != nullptr && rows[i] != i % width - before(course_.row.walk)) return;
    }
    grid_ = {taps_.weights<T>().data(), static_cast<std::size_t>(height), static_cast<std::size_t>(width)};
  }

  void plan_scratch() {
    const auto size = [](std::int64_t n) { return static_cast<std::size_t>(n); };
    const std::int64_t inner = course_.walk.inner, reach = course_.row.reach();
    ring_ = course_.column.reach() + rows_at_once;
    pitch_ = (size((tiling_.row + reach) * inner) + 15) / 16 * 16 + 16;
    const auto bytes = [](std::size_t count, std::size_t item) { return ScratchFrame::padded(count * item); };
    bytes_ = bytes(pitch_ * size(course_.places * ring_), sizeof(T)) + bytes(pitch_, sizeof(T)) +
             bytes(size(course_.places * ring_), sizeof(T*)) + bytes(taps_.size(), sizeof(TapLine)) +
             bytes(taps_.size(), sizeof(passes::DenseLine<T>)) + bytes(size(reach), sizeof(std::int64_t)) +
             bytes(size(ring_), sizeof(T*)) + bytes(taps_.size(), sizeof(std::int32_t)) +
             size(rows_at_once) * bytes(size(tiling_.row * inner), sizeof(T));
  }

  const base::Problem& problem_;
  const base::Job& job_;
  const base::DenseTaps& taps_;
  Course course_;
  DenseTiling tiling_;
  passes::DenseGrid<T> grid_;  // where the taps are one
  std::int64_t ring_ = 0;      // rows of the ring for each place
  std::size_t pitch_ = 0, bytes_ = 0;
  const passes::DensePasses<T>* passes_ = nullptr;
  decltype(passes::ConvertPasses<T>::in) load_ = nullptr;
  decltype(passes::ConvertPasses<T>::out) store_ = nullptr;
  bool casts_to_u64_ = false;
};

// SciPy makes -(u64)(-value) of a negative value, which differs from the cast where that does not fit 63 bits.
void wrap_for_u64(std::span<double> row) {
  for (double& value : row) {
    if (value < -0x1p63) value = value > -0x1p64 ? value + 0x1p64 : 0;
  }
}

// One tile, from its place in the box to its last stored row.
template <class T> class Run<T>::Tile {
 public:
  Tile(const Run& run, std::int64_t index, std::byte* scratch)
      : run_(run), walk_(run.course_.walk), row_(run.course_.row), column_(run.course_.column) {
    const auto next = [&index](std::int64_t begin, std::int64_t end, std::int64_t chunk) {
      const std::int64_t count = ceil_div(end - begin, chunk);
      const std::int64_t at = begin + index % count * chunk;
      index /= count;
      return std::pair(at, std::min(end, at + chunk));
    };
    std::tie(y_begin_, y_end_) = next(column_.walk.begin, column_.walk.end, run.tiling_.column);
    std::tie(x_begin_, x_end_) = next(row_.walk.begin, row_.walk.end, run.tiling_.row);
    std::tie(item_begin_, item_end_) = next(0, run.course_.items, run.tiling_.items);
    inner_ = static_cast<std::size_t>(walk_.inner);
    width_ = static_cast<std::size_t>(x_end_ - x_begin_) * inner_;
    take_scratch(scratch);
    find_lines();
    find_edges();
  }

  void run() {
    for (std::int64_t item = item_begin_; item < item_end_; ++item) {
      start_item(item);
      loaded_ = y_begin_ - before(column_.walk);
      for (std::int64_t y = y_begin_; y < y_end_; y += rows_at_once) {
        const std::int64_t count = std::min(rows_at_once, y_end_ - y);
        load_until(y + count + after(column_.walk));
        make_rows(y, count);
      }
    }
  }

 private:
  void take_scratch(std::byte* scratch) {
    ScratchFrame frame(scratch);
    const auto slots = static_cast<std::size_t>(run_.course_.places * run_.ring_);
    buffer_ = frame.take<T>(run_.pitch_ * slots);
    constant_ = frame.take<T>(run_.pitch_);
    rows_ = frame.take<const T*>(slots);
    tap_lines_ = frame.take<TapLine>(run_.taps_.size());
    lines_ = frame.take<passes::DenseLine<T>>(run_.taps_.size());
    no_offsets_ = frame.take<std::int32_t>(row_.entry < 0 ? run_.taps_.size() : 0);
    edges_ = frame.take<std::int64_t>(static_cast<std::size_t>(row_.reach()));
    grid_rows_ = frame.take<const T*>(static_cast<std::size_t>(run_.ring_));
    const auto outputs = static_cast<std::size_t>(run_.tiling_.row) * inner_;
    for (std::span<T>& result : results_) result = frame.take<T>(outputs);
    for (std::size_t i = 0; i < constant_.size(); ++i) constant_[i] = constant_at(i);
    direct_store_ = walk_.dst_dtype == (std::is_same_v<T, float> ? DType::f32 : DType::f64) &&
                    row_.walk.dst_stride == static_cast<std::ptrdiff_t>(inner_ * sizeof(T));
  }

  // The constant for component i of a row that starts with a whole sample. All axes have the same.
  T constant_at(std::size_t i) const {
    if (run_.problem_.axes.empty()) return 0;
    const std::complex<double> cval = run_.problem_.axes.front().cval;
    return static_cast<T>(walk_.components == 2 && i % 2 == 1 ? cval.imag() : cval.real());
  }

  void find_lines() {
    const std::int32_t* const columns = run_.offsets(column_);
    std::size_t count = 0;
    for (std::size_t i = 0; i < run_.taps_.size(); ++i) {
      TapLine line{.place = 0, .column = columns == nullptr ? 0 : columns[i], .first = static_cast<std::uint32_t>(i)};
      for (const DenseAxis& axis : run_.course_.others) {
        const std::int32_t* const offsets = run_.offsets(axis);
        line.place = line.place * (axis.reach() + 1) + (offsets == nullptr ? 0 : offsets[i] + before(axis.walk));
      }
      if (count > 0 && tap_lines_[count - 1].place == line.place && tap_lines_[count - 1].column == line.column) {
        ++tap_lines_[count - 1].count;
      } else {
        line.count = 1;
        tap_lines_[count++] = line;
      }
    }
    tap_lines_ = tap_lines_.first(count);
    row_offsets_ = run_.offsets(row_);
    if (row_offsets_ != nullptr) return;
    std::ranges::fill(no_offsets_, 0);
    row_offsets_ = no_offsets_.data();
  }

  // Which samples stand where the extended row leaves the array, and the stretch between.
  void find_edges() {
    const std::int64_t low = x_begin_ - before(row_.walk), high = x_end_ + after(row_.walk), n = row_.walk.n;
    inside_begin_ = std::clamp<std::int64_t>(0, low, high);
    inside_end_ = std::clamp<std::int64_t>(n, inside_begin_, high);
    std::size_t edge = 0;
    for (std::int64_t x = low; x < high; ++x) {
      if (inside_begin_ <= x && x < inside_end_) x = inside_end_;
      if (x < high) edges_[edge++] = border_index(border(row_.walk), x, n);
    }
    const auto item = static_cast<std::ptrdiff_t>(sizeof(T));
    direct_load_ = walk_.src_dtype == (std::is_same_v<T, float> ? DType::f32 : DType::f64) && inside_begin_ == low &&
                   inside_end_ == high && row_.walk.src_stride == item * walk_.inner;
  }

  void start_item(std::int64_t item) {
    dst_ = walk_.dst + (x_begin_ - row_.walk.begin) * row_.walk.dst_stride;
    const auto& others = run_.course_.others;
    for (std::size_t i = others.size(); i-- > 0;) {
      at_[i] = item % others[i].outputs();
      dst_ += at_[i] * others[i].walk.dst_stride;
      at_[i] += others[i].walk.begin;
      item /= others[i].outputs();
    }
  }

  std::size_t slot(std::int64_t place, std::int64_t y) const {
    const std::int64_t ring = run_.ring_;
    return static_cast<std::size_t>(place * ring + (y - y_begin_ + before(column_.walk)) % ring);
  }

  // Rows of the extended column axis below `end` come into the ring.
  void load_until(std::int64_t end) {
    for (; loaded_ < end; ++loaded_) {
      for (std::int64_t place = 0; place < run_.course_.places; ++place) load_row(place, loaded_);
    }
  }

  void load_row(std::int64_t place, std::int64_t y) {
    const std::size_t at = slot(place, y);
    const std::byte* src = walk_.src;
    const auto& others = run_.course_.others;
    const auto move = [&src](const DenseAxis& axis, std::int64_t i) {
      const std::int64_t sample = border_index(border(axis.walk), i, axis.walk.n);
      if (sample >= 0) src += (sample - axis.walk.src_origin) * axis.walk.src_stride;
      return sample >= 0;
    };
    bool inside = move(column_, y);
    for (std::size_t i = others.size(); i-- > 0;) {
      const std::int64_t extent = others[i].reach() + 1;
      inside = move(others[i], at_[i] + place % extent - before(others[i].walk)) && inside;
      place /= extent;
    }
    rows_[at] = inside ? samples_of(src, buffer_.data() + at * run_.pitch_) : constant_.data();
  }

  // The extended row whose sample 0 lies at `src`, less the row's origin: where it is, or in `to`.
  const T* samples_of(const std::byte* src, T* to) const {
    const std::ptrdiff_t stride = row_.walk.src_stride;
    const auto place = [&](std::int64_t x) { return src + (x - row_.walk.src_origin) * stride; };
    const auto count = static_cast<std::size_t>(inside_end_ - inside_begin_);
    if (direct_load_ && reinterpret_cast<std::uintptr_t>(place(inside_begin_)) % sizeof(T) == 0) {
      return reinterpret_cast<const T*>(place(inside_begin_));
    }
    const std::int64_t low = x_begin_ - before(row_.walk);
    const auto head = static_cast<std::size_t>(inside_begin_ - low);
    const auto edge = [&](std::size_t x, std::int64_t sample) {
      if (sample >= 0) return run_.load_(place(sample), stride, 1, inner_, to + x * inner_);
      for (std::size_t c = 0; c < inner_; ++c) to[x * inner_ + c] = constant_at(c);
    };
    const std::size_t edges = static_cast<std::size_t>(x_end_ + after(row_.walk) - low) - count;
    for (std::size_t i = 0; i < head; ++i) edge(i, edges_[i]);
    if (count > 0) run_.load_(place(inside_begin_), stride, count, inner_, to + head * inner_);
    for (std::size_t i = head; i < edges; ++i) edge(count + i, edges_[i]);
    return to;
  }

  // Outputs y ... y + count - 1.
  void make_rows(std::int64_t y, std::int64_t count) {
    std::array<T*, rows_at_once> targets{};
    for (std::int64_t i = 0; i < count; ++i) targets[static_cast<std::size_t>(i)] = target(y + i, i);
    const bool grid = run_.grid_.weights != nullptr && count == rows_at_once;
    if (grid) {
      const std::int64_t low = y - before(column_.walk);
      const std::int64_t rows = count + column_.reach();
      for (std::int64_t i = 0; i < rows; ++i) grid_rows_[static_cast<std::size_t>(i)] = rows_[slot(0, low + i)];
      run_.passes_->grid(grid_rows_.data(), targets.data(), run_.grid_, static_cast<std::ptrdiff_t>(inner_), width_);
    }
    for (std::int64_t i = 0; i < count; ++i) {
      T* const row = targets[static_cast<std::size_t>(i)];
      if (!grid) sum_lines(y + i, row);
      put_back(y + i, row);
    }
  }

  void sum_lines(std::int64_t y, T* to) {
    const std::size_t own = static_cast<std::size_t>(before(row_.walk)) * inner_;
    for (std::size_t i = 0; i < tap_lines_.size(); ++i) {
      const TapLine& line = tap_lines_[i];
      lines_[i] = {rows_[slot(line.place, y + line.column)] + own, line.first, line.count};
    }
    run_.passes_->lines(lines_.data(), tap_lines_.size(), row_offsets_, run_.taps_.template weights<T>().data(),
                        static_cast<std::ptrdiff_t>(inner_), to, width_);
  }

  std::byte* place(std::int64_t y) const { return dst_ + (y - column_.walk.begin) * column_.walk.dst_stride; }
  T* target(std::int64_t y, std::int64_t i) const {
    std::byte* const at = place(y);
    const bool in_place = direct_store_ && reinterpret_cast<std::uintptr_t>(at) % sizeof(T) == 0;
    return in_place ? reinterpret_cast<T*>(at) : results_[static_cast<std::size_t>(i)].data();
  }

  void put_back(std::int64_t y, T* row) const {
    const base::Problem& problem = run_.problem_;
    if (problem.factor != 1 || problem.bias != 0) {
      const T bias = static_cast<T>(problem.bias);
      run_.passes_->finish(row, width_, static_cast<T>(problem.factor), bias, walk_.components == 2 ? T{0} : bias);
    }
    if (static_cast<void*>(row) == place(y)) return;
    if constexpr (std::is_same_v<T, double>) {
      if (run_.casts_to_u64_) wrap_for_u64({row, width_});
    }
    run_.store_(row, place(y), row_.walk.dst_stride, width_ / inner_, inner_);
  }

  const Run& run_;
  const Walk& walk_;
  const DenseAxis& row_;
  const DenseAxis& column_;
  std::int64_t y_begin_ = 0, y_end_ = 0, x_begin_ = 0, x_end_ = 0, item_begin_ = 0, item_end_ = 0;
  std::size_t inner_ = 1, width_ = 0;
  std::byte* dst_ = nullptr;
  std::array<std::int64_t, max_rank> at_{};  // the item's place on the other axes
  std::int64_t loaded_ = 0;                  // rows of the extended column axis below are in the ring, or have been
  std::span<T> buffer_, constant_;
  std::span<const T*> rows_, grid_rows_;
  std::span<TapLine> tap_lines_;
  std::span<passes::DenseLine<T>> lines_;
  std::span<std::int32_t> no_offsets_;
  const std::int32_t* row_offsets_ = nullptr;  // a tap's own, along the row
  std::span<std::int64_t> edges_;
  std::int64_t inside_begin_ = 0, inside_end_ = 0;  // of the extended row
  std::array<std::span<T>, rows_at_once> results_;
  bool direct_load_ = false, direct_store_ = false;
};

Outcome run(const base::Problem& problem, const base::Job& job) {
  if (problem.working == DType::f32) return Run<float>(problem, job).all();
  return Run<double>(problem, job).all();
}

double cost(const base::Problem& problem) {
  const price::Arithmetic& arithmetic = arithmetic_of(problem);
  const double item = load_cost(arithmetic, problem.working, problem.in) +
                      store_cost(arithmetic, problem.working, problem.out) +
                      arithmetic.multiply_add * static_cast<double>(problem.dense->size());
  return items_of(problem.in) * item + traffic_cost(problem);
}

std::int64_t scratch(const base::Problem& problem) {
  const base::Job job = gapless_job(problem);
  const bool f32 = problem.working == DType::f32;
  return f32 ? Run<float>(problem, job).scratch_bytes() : Run<double>(problem, job).scratch_bytes();
}

}  // namespace

const Methods dense{&cost, &scratch, &run};

}  // namespace gaussfilt::methods
