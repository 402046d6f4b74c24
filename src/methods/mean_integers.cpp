// Floor 2. Means of integers: sums modulo 2^16, 2^32 or 2^64. On its way down a tile keeps the sums of each column, to
// which the row that enters is added and from which the row that leaves is taken; along the row, differences of prefix
// sums. Nothing is lost, so nothing adds up, however long the line is.
#include "base/dtype.h"
#include "base/scratch.h"
#include "methods/mean.h"
#include "methods/run_tiles.h"
#include "methods/tiling.h"
#include "passes/convert.h"
#include "passes/sums.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <tuple>

namespace gaussfilt::methods {
namespace {

using base::ScratchFrame;
using base::WalkAxis;

passes::SumWindow sum_window(const WalkAxis& axis) {
  const base::WindowTaps& taps = axis.task->mean;
  return {static_cast<std::size_t>(taps.full), taps.end, taps.shift};
}

template <class T> constexpr DType sums_dtype = sizeof(T) == 2 ? DType::u16 : sizeof(T) == 4 ? DType::u32 : DType::u64;

// How sums become numbers.
enum class Division : std::uint8_t { none, f32, f64, whole };

// In float where both the sum and the rounding of the quotient are below half of what tells two levels apart, in double
// likewise; both then round as the exact quotient does.
Division division_of(const MeanStage& stage) {
  if (!stage.last) return Division::none;
  if (is_floating(base::component(stage.job.dst.dtype()))) return Division::f64;
  return stage.largest < 0x1p23 ? Division::f32 : stage.largest < 0x1p52 ? Division::f64 : Division::whole;
}

template <class T> class Run {
 public:
  explicit Run(const MeanStage& stage) : stage_(stage), mean_(mean_walk(stage)), division_(division_of(stage)) {
    if (mean_.walk.empty) return;
    const auto size = [](std::int64_t n) { return static_cast<std::size_t>(n); };
    const std::size_t inner = size(mean_.walk.inner);
    outputs_ = size(mean_.width) * inner;
    samples_ = size(touched_row(mean_.walk.row, mean_.width)) * inner;
    edge_ = size(reach()) * inner;
    extended_ = outputs_ + 2 * edge_ + 2 * inner;
    item_ = size_of(mean_.walk.src_dtype);
  }

  std::int64_t scratch_bytes() const {
    if (mean_.walk.empty) return 0;
    const auto bytes = [](std::size_t count, std::size_t item) { return ScratchFrame::padded(count * item); };
    return static_cast<std::int64_t>(3 * bytes(samples_, sizeof(T)) + 2 * bytes(samples_, item_) +
                                     2 * bytes(edge_, sizeof(T)) + 2 * bytes(edge_, sizeof(std::int64_t)) +
                                     bytes(extended_, sizeof(T)) + bytes(outputs_, sizeof(T)) +
                                     bytes(outputs_, sizeof(double)));
  }

  Outcome all() {
    if (mean_.walk.empty) return Outcome::complete;
    return run_tiles(stage_.job, mean_.tiles, stage_.problem.threads, static_cast<std::size_t>(scratch_bytes()),
                     [this](std::int64_t index, std::byte* scratch) { Tile(*this, index, scratch).run(); });
  }

 private:
  class Tile;
  std::int64_t reach() const { return before(mean_.walk.row); }

  const MeanStage& stage_;
  MeanWalk mean_;
  Division division_;
  std::size_t outputs_ = 0, samples_ = 0, edge_ = 0, extended_ = 0, item_ = 0;
};

template <class T> class Run<T>::Tile {
 public:
  Tile(const Run& run, std::int64_t index, std::byte* scratch)
      : run_(run),
        walk_(run.mean_.walk),
        column_(run.mean_.column),
        place_(mean_place(run.mean_, index)),
        inner_(static_cast<std::size_t>(walk_.inner)),
        outputs_(static_cast<std::size_t>(place_.x_end - place_.x_begin) * inner_),
        own_(*passes::sum_passes<T>(walk_.src_dtype)),
        sums_(*passes::sum_passes<T>(sums_dtype<T>)) {
    ScratchFrame frame(scratch);
    const auto head = frame.take<std::int64_t>(run.edge_), tail = frame.take<std::int64_t>(run.edge_);
    edges_ = mean_edges(walk_.row, place_, head, tail);
    samples_ = static_cast<std::size_t>(edges_.last - edges_.first) * inner_;
    for (std::span<T>* row : {&acc_, &weighted_, &constant_}) *row = frame.take<T>(run.samples_);
    for (std::span<std::byte>& row : gathered_) row = frame.take<std::byte>(run.samples_ * run.item_);
    for (std::span<T>* row : {&head_, &tail_}) *row = frame.take<T>(run.edge_);
    prefix_ = frame.take<T>(run.extended_);
    result_ = frame.take<T>(run.outputs_);
    numbers_ = frame.take<double>(run.outputs_);
    if (column_.task != nullptr) fill_constant(constant_.first(samples_), column_.task->cval.real());
    gapless_ = walk_.row.src_stride == static_cast<std::ptrdiff_t>(inner_ * run.item_) &&
               aligned(place_.src, run.item_) && aligned_stride(column_.src_stride, run.item_);
  }

  void run() {
    for (std::int64_t y = place_.y_begin; y < place_.y_end; ++y) {
      const T* row = column_.task == nullptr ? widened(y) : column_sums(y);
      if constexpr (sizeof(T) == 2) {
        if (few()) {
          store_means(y, row);
          continue;
        }
      }
      if (walk_.row.task != nullptr) prefix_of(row);
      else row += (place_.x_begin - edges_.first) * walk_.inner;
      store(y, row);
    }
  }

 private:
  static bool aligned(const std::byte* at, std::size_t item) {
    return reinterpret_cast<std::uintptr_t>(at) % item == 0;
  }
  static bool aligned_stride(std::ptrdiff_t stride, std::size_t item) {
    return stride % static_cast<std::ptrdiff_t>(item) == 0;
  }
  static void fill_constant(std::span<T> row, double level) {
    std::ranges::fill(row, static_cast<T>(static_cast<std::int64_t>(level)));
  }

  // Samples of one row of the source, or none where it is the constant.
  const std::byte* source(std::int64_t y, int which) const {
    const std::int64_t sample = border_index(border(column_), y, column_.n);
    if (sample < 0) return nullptr;
    const std::byte* const from = place_.src + (sample - column_.src_origin) * column_.src_stride +
                                  (edges_.first - walk_.row.src_origin) * walk_.row.src_stride;
    if (gapless_) return from;
    const auto item = static_cast<std::ptrdiff_t>(run_.item_);
    const Shape shape{edges_.last - edges_.first, walk_.inner};
    base::copy_items(View(from, walk_.src_dtype, shape, {walk_.row.src_stride, item}),
                     MutableView(gathered_[which].data(), walk_.src_dtype, shape, {walk_.inner * item, item}));
    return gathered_[which].data();
  }

  const T* widened(std::int64_t y) {
    std::ranges::fill(acc_.first(samples_), T{0});
    if (const std::byte* const row = source(y, 0); row != nullptr) own_.add(acc_.data(), row, samples_);
    return acc_.data();
  }

  const std::byte* constant() const { return reinterpret_cast<const std::byte*>(constant_.data()); }

  void add(std::int64_t y) {
    const std::byte* const row = source(y, 0);
    row != nullptr ? own_.add(acc_.data(), row, samples_) : sums_.add(acc_.data(), constant(), samples_);
  }

  // The sums of the columns around row y, in acc_; with ends, in weighted_.
  const T* column_sums(std::int64_t y) {
    const base::WindowTaps& taps = column_.task->mean;
    const std::int64_t half = taps.full / 2;
    if (y == place_.y_begin) {
      std::ranges::fill(acc_.first(samples_), T{0});
      for (std::int64_t i = y - half; i <= y + half; ++i) add(i);
    } else {
      const std::byte* const in = source(y + half, 0);
      const std::byte* const out = source(y - half - 1, 1);
      if (in != nullptr && out != nullptr) {
        own_.slide(acc_.data(), in, out, samples_);
      } else {
        in != nullptr ? own_.add(acc_.data(), in, samples_) : sums_.add(acc_.data(), constant(), samples_);
        out != nullptr ? own_.take(acc_.data(), out, samples_) : sums_.take(acc_.data(), constant(), samples_);
      }
    }
    if (taps.end == 0) return acc_.data();
    passes::window_passes<T>().scale(acc_.data(), taps.shift, weighted_.data(), samples_);
    for (const std::int64_t end : {y - half - 1, y + half + 1}) {
      const std::byte* const row = source(end, 0);
      row != nullptr ? own_.add_weighted(weighted_.data(), row, static_cast<T>(taps.end), samples_)
                     : sums_.add_weighted(weighted_.data(), constant(), static_cast<T>(taps.end), samples_);
    }
    return weighted_.data();
  }

  // The extended row's prefix sums.
  void prefix_of(const T* row) {
    const passes::WindowPasses<T>& windows = passes::window_passes<T>();
    T* at = prefix_.data() + (walk_.row.task->mean.end > 0 ? 0 : inner_);
    std::fill_n(at, inner_, T{0});
    extend(row, [&](const T* from, std::size_t count) {
      windows.prefix(from, count, inner_, at);
      at += count;
    });
  }

  // Windows of few bytes, into bytes without gaps.
  bool few() const { return walk_.row.task != nullptr && walk_.row.dst_stride == static_cast<std::ptrdiff_t>(inner_); }

  void store_means(std::int64_t y, const T* row) requires(sizeof(T) == 2) {
    T* at = prefix_.data();
    extend(row, [&](const T* from, std::size_t count) { at = std::copy_n(from, count, at); });
    passes::mean_u8(prefix_.data(), static_cast<std::size_t>(walk_.row.task->mean.full), inner_,
                    static_cast<std::uint32_t>(run_.stage_.divisor), reinterpret_cast<std::uint8_t*>(place(y)),
                    outputs_);
  }

  // The extended row in pieces: its head, what lies inside, its tail.
  template <class AddItems> void extend(const T* row, const AddItems& add_items) {
    const auto add_edge = [&](std::span<const std::int64_t> edge, std::span<T> room) {
      for (std::size_t i = 0; i < edge.size(); ++i) {
        if (edge[i] >= 0) std::copy_n(row + (edge[i] - edges_.first) * walk_.inner, inner_, room.data() + i * inner_);
        else fill_constant(room.subspan(i * inner_, inner_), walk_.row.task->cval.real() * column_total());
      }
      add_items(room.data(), edge.size() * inner_);
    };
    add_edge(edges_.head, head_);
    add_items(row + (edges_.inside_begin - edges_.first) * walk_.inner,
              static_cast<std::size_t>(edges_.inside_end - edges_.inside_begin) * inner_);
    add_edge(edges_.tail, tail_);
  }

  double column_total() const { return column_.task != nullptr ? column_.task->mean.total() : 1; }

  std::byte* place(std::int64_t y) const {
    return place_.dst + (y - column_.begin) * column_.dst_stride +
           (place_.x_begin - walk_.row.begin) * walk_.row.dst_stride;
  }

  void store(std::int64_t y, const T* row) {
    const passes::WindowPasses<T>& windows = passes::window_passes<T>();
    std::byte* const to = place(y);
    const double divisor = run_.stage_.divisor;
    auto* const floats = reinterpret_cast<float*>(numbers_.data());
    if (walk_.row.task != nullptr) {
      const passes::SumWindow window = sum_window(walk_.row);
      if (run_.division_ == Division::f32 && window.end == 0) {
        windows.window_f32(prefix_.data(), window.full, inner_, static_cast<float>(divisor), floats, outputs_);
        return put(passes::convert<float>(walk_.dst_dtype).out, floats, to);
      }
      windows.window(prefix_.data(), window, inner_, result_.data(), outputs_);
      row = result_.data();
    }
    switch (run_.division_) {
      case Division::none: return put_sums(row, to);
      case Division::f32:
        windows.divide_f32(row, static_cast<float>(divisor), floats, outputs_);
        return put(passes::convert<float>(walk_.dst_dtype).out, floats, to);
      case Division::f64: windows.divide_f64(row, divisor, numbers_.data(), outputs_); break;
      case Division::whole:
        windows.divide_whole(row, static_cast<std::int64_t>(divisor), numbers_.data(), outputs_);
        break;
    }
    put(passes::convert<double>(walk_.dst_dtype).out, numbers_.data(), to);
  }

  void put_sums(const T* row, std::byte* to) const {
    const auto item = static_cast<std::ptrdiff_t>(sizeof(T));
    const Shape shape{static_cast<std::int64_t>(outputs_ / inner_), walk_.inner};
    base::copy_items(View(row, sums_dtype<T>, shape, {walk_.inner * item, item}),
                     MutableView(to, sums_dtype<T>, shape, {walk_.row.dst_stride, item}));
  }

  template <class Out, class N> void put(Out out, const N* from, std::byte* to) const {
    out(from, to, walk_.row.dst_stride, outputs_ / inner_, inner_);
  }

  const Run& run_;
  const base::Walk& walk_;
  const WalkAxis& column_;
  MeanPlace place_;
  MeanEdges edges_;
  std::size_t inner_, outputs_, samples_ = 0;
  const passes::SumPasses<T>& own_;
  const passes::SumPasses<T>& sums_;
  std::span<T> acc_, weighted_, constant_, head_, tail_, prefix_, result_;
  std::span<double> numbers_;
  std::span<std::byte> gathered_[2];
  bool gapless_ = false;
};

}  // namespace

Outcome run_integer_stage(const MeanStage& stage) {
  switch (stage.problem.working) {
    case DType::u16: return Run<std::uint16_t>(stage).all();
    case DType::u32: return Run<std::uint32_t>(stage).all();
    default: return Run<std::uint64_t>(stage).all();
  }
}

std::int64_t integer_scratch(const MeanStage& stage) {
  switch (stage.problem.working) {
    case DType::u16: return Run<std::uint16_t>(stage).scratch_bytes();
    case DType::u32: return Run<std::uint32_t>(stage).scratch_bytes();
    default: return Run<std::uint64_t>(stage).scratch_bytes();
  }
}

}  // namespace gaussfilt::methods
