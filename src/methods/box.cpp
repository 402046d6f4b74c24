// Floor 2. Running means, SciPy's uniform filter: one axis after the other, each writing the output's dtype and the
// next reading it there. A block of lines is gathered into scratch in f64, a line a lane, extended by the border,
// scanned and stored. It is stored only when all of it has been read, and no line stands in two blocks: the axes after
// the first work in place, and so does the first where the output is the input.
//
// A running sum depends on its line from the start, so every axis needs whole lines. A region that cuts an axis other
// than the first keeps the lines between the axes in a temporary array.
#include "base/dtype.h"
#include "base/lines.h"
#include "base/scratch.h"
#include "base/threads.h"
#include "methods/fir_cost.h"
#include "methods/method.h"
#include "passes/cast.h"
#include "passes/convert.h"
#include "passes/scan.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <mutex>
#include <span>

namespace gaussfilt::methods {
namespace {

using base::AxisTask;

constexpr std::int64_t most_lanes = 64;
constexpr std::int64_t cached = 512 * 1024;        // bytes of a block that stays in the cache
constexpr std::int64_t affordable = 1 << 28;       // and of one that is taken at all, if fewer lanes avoid it
constexpr std::int64_t worth_threads = 32 * 1024;  // samples
constexpr std::int64_t worthwhile_segment = 4;     // lanes side by side in memory that are moved together
constexpr auto fewest_lanes = static_cast<std::int64_t>(passes::scan_lanes);

// A line on its own takes one lane; the vectors of the scan take all of a row.
std::int64_t padded_lanes(std::int64_t lanes) {
  return lanes == 1 ? 1 : (lanes + fewest_lanes - 1) / fewest_lanes * fewest_lanes;
}

std::int64_t block_rows(const AxisTask& task, std::int64_t n) { return n + task.window; }

// Lines of a block, by the lines' length and number alone.
std::int64_t lanes_of(const AxisTask& task, std::int64_t n, std::int64_t lines) {
  const std::int64_t row = block_rows(task, n) * static_cast<std::int64_t>(sizeof(double));
  std::int64_t lanes = most_lanes;
  while (lanes > fewest_lanes && (lanes * row > cached || lanes * 8 > lines)) lanes /= 2;
  return lines == 1 || lanes * row > affordable ? 1 : lanes;
}

std::size_t block_bytes(const AxisTask& task, std::int64_t n, std::int64_t lanes) {
  const std::int64_t rows = block_rows(task, n);
  return base::ScratchFrame::padded(static_cast<std::size_t>(rows * padded_lanes(lanes)) * sizeof(double)) +
         base::ScratchFrame::padded(static_cast<std::size_t>(n) * sizeof(double));
}

// Memory that holds a box of the array, from global index `origin` on.
struct Box {
  std::byte* data = nullptr;
  DType dtype = DType::f64;  // of a component
  Strides strides;
  Index origin;
};

// One axis over which lines are counted.
struct LineAxis {
  std::int64_t extent = 1;
  std::ptrdiff_t src_stride = 0, dst_stride = 0;
};

// One axis filtered: `lines` lines of n samples in, samples [begin, end) of each out.
struct Stage {
  const AxisTask* task = nullptr;
  const std::byte* src = nullptr;  // sample 0 of line 0
  std::byte* dst = nullptr;        // sample `begin` of line 0
  DType src_dtype = DType::f64, dst_dtype = DType::f64;
  std::ptrdiff_t src_stride = 0, dst_stride = 0;
  std::int64_t n = 0, begin = 0, end = 0;
  base::AxisList<LineAxis> axes;  // innermost first
  std::int64_t lines = 1, lanes = 1, blocks = 0;
  int components = 1;  // the innermost axis starts with them
};

// Sorts the axes by the output's strides and joins those that continue each other on both sides.
void arrange(base::AxisList<LineAxis>& axes) {
  std::sort(axes.begin(), axes.end(),
            [](const LineAxis& a, const LineAxis& b) { return std::abs(a.dst_stride) < std::abs(b.dst_stride); });
  base::AxisList<LineAxis> joined;
  for (const LineAxis& axis : axes) {
    if (joined.empty() || axis.src_stride != joined.back().src_stride * joined.back().extent ||
        axis.dst_stride != joined.back().dst_stride * joined.back().extent) {
      joined.push_back(axis);
    } else {
      joined.back().extent *= axis.extent;
    }
  }
  if (joined.empty()) joined.push_back({});
  axes = joined;
}

// The stage that makes the box [low, high) of `to` from `from`.
Stage make_stage(const AxisTask& task, const Box& from, const Box& to, const Index& low, const Index& high,
                 std::int64_t n, int components) {
  Stage stage{.task = &task,
              .src = from.data,
              .dst = to.data,
              .src_dtype = from.dtype,
              .dst_dtype = to.dtype,
              .src_stride = from.strides[task.axis],
              .dst_stride = to.strides[task.axis],
              .n = n,
              .begin = low[task.axis],
              .end = high[task.axis],
              .axes = {},
              .components = components};
  const auto item = [](DType dtype) { return static_cast<std::ptrdiff_t>(size_of(dtype)); };
  if (components == 2) stage.axes.push_back({2, item(from.dtype), item(to.dtype)});
  for (int axis = 0; axis < low.rank(); ++axis) {
    stage.dst += (low[axis] - to.origin[axis]) * to.strides[axis];
    if (axis == task.axis) continue;
    stage.src += (low[axis] - from.origin[axis]) * from.strides[axis];
    const std::int64_t extent = high[axis] - low[axis];
    if (extent > 1) stage.axes.push_back({extent, from.strides[axis], to.strides[axis]});
  }
  arrange(stage.axes);
  for (const LineAxis& axis : stage.axes) stage.lines *= axis.extent;
  stage.lanes = lanes_of(task, n, stage.lines);
  stage.blocks = (stage.lines + stage.lanes - 1) / stage.lanes;
  return stage;
}

// One block of lines, from the first item read to the last one stored.
class Block {
 public:
  Block(const Stage& stage, std::int64_t index, std::byte* scratch)
      : stage_(stage), task_(*stage.task), first_(index * stage.lanes) {
    count_ = std::min(stage.lanes, stage.lines - first_);
    pitch_ = static_cast<std::size_t>(padded_lanes(count_));
    base::ScratchFrame frame(scratch);
    rows_ = frame.take<double>(static_cast<std::size_t>(block_rows(task_, stage.n)) * pitch_);
    line_ = frame.take<double>(static_cast<std::size_t>(stage.n));
    load_ = &passes::convert<double>(stage.src_dtype);
    const passes::CastPasses* const cast = passes::cast_f64(stage.dst_dtype);
    store_ = cast != nullptr ? cast->out : passes::convert<double>(stage.dst_dtype).out;
  }

  void run() {
    for_segments([this](const Segment& segment) { gather(segment); });
    fill_idle_lanes();
    extend();
    passes::running_mean(rows_.data(), pitch_, static_cast<std::size_t>(stage_.n),
                         static_cast<std::size_t>(task_.window));
    for_segments([this](const Segment& segment) { put_back(segment); });
  }

 private:
  // Neighbouring lanes that lie a stride apart.
  struct Segment {
    std::int64_t lane = 0, count = 0;
    const std::byte* src = nullptr;
    std::byte* dst = nullptr;
  };

  template <class Body> void for_segments(const Body& body) const {
    for (std::int64_t lane = 0; lane < count_;) {
      std::int64_t rest = first_ + lane;
      const LineAxis& inner = stage_.axes.front();
      Segment segment{.lane = lane,
                      .count = std::min(count_ - lane, inner.extent - rest % inner.extent),
                      .src = stage_.src,
                      .dst = stage_.dst};
      for (const LineAxis& axis : stage_.axes) {
        segment.src += rest % axis.extent * axis.src_stride;
        segment.dst += rest % axis.extent * axis.dst_stride;
        rest /= axis.extent;
      }
      body(segment);
      lane += segment.count;
    }
  }

  // The row of extended index i (0: the first sample of the lines), before and after the scan.
  double* extended(std::int64_t i) { return rows_.data() + static_cast<std::size_t>(i + task_.before + 1) * pitch_; }
  const double* result(std::int64_t i) const { return rows_.data() + static_cast<std::size_t>(i) * pitch_; }

  void gather(const Segment& segment) {
    const std::ptrdiff_t step = stage_.axes.front().src_stride;
    const auto count = static_cast<std::size_t>(segment.count);
    if (segment.count < worthwhile_segment || step != static_cast<std::ptrdiff_t>(size_of(stage_.src_dtype))) {
      load_->in_across(segment.src, stage_.src_stride, step, static_cast<std::size_t>(stage_.n), count,
                       extended(0) + segment.lane, pitch_);
      return;
    }
    for (std::int64_t i = 0; i < stage_.n; ++i) {
      load_->in(segment.src + i * stage_.src_stride, step, count, 1, extended(i) + segment.lane);
    }
  }

  void fill_idle_lanes() {
    for (std::int64_t i = 0; i < stage_.n; ++i) std::fill(extended(i) + count_, extended(i) + pitch_, 0.0);
  }

  void extend() {
    const auto put = [this](std::int64_t i) {
      const std::int64_t sample = border_index(task_.border, i, stage_.n);
      if (sample >= 0) {
        std::copy_n(extended(sample), pitch_, extended(i));
        return;
      }
      for (std::size_t lane = 0; lane < pitch_; ++lane) {
        const bool imaginary = (first_ + static_cast<std::int64_t>(lane)) % stage_.components == 1;
        extended(i)[lane] = imaginary ? task_.cval.imag() : task_.cval.real();
      }
    };
    for (std::int64_t i = -task_.before; i < 0; ++i) put(i);
    for (std::int64_t i = stage_.n; i < stage_.n + task_.after; ++i) put(i);
  }

  void put_back(const Segment& segment) {
    const std::ptrdiff_t step = stage_.axes.front().dst_stride;
    const auto count = static_cast<std::size_t>(segment.count);
    if (segment.count >= worthwhile_segment && step == static_cast<std::ptrdiff_t>(size_of(stage_.dst_dtype))) {
      for (std::int64_t i = stage_.begin; i < stage_.end; ++i) {
        store_(result(i) + segment.lane, segment.dst + (i - stage_.begin) * stage_.dst_stride, step, count, 1);
      }
      return;
    }
    const auto samples = static_cast<std::size_t>(stage_.end - stage_.begin);
    for (std::int64_t lane = 0; lane < segment.count; ++lane) {
      const double* from = result(stage_.begin) + segment.lane + lane;
      for (std::size_t i = 0; i < samples; ++i, from += pitch_) line_[i] = *from;
      store_(line_.data(), segment.dst + lane * step, stage_.dst_stride, samples, 1);
    }
  }

  const Stage& stage_;
  const AxisTask& task_;
  std::int64_t first_, count_ = 0;
  std::size_t pitch_ = 0;
  std::span<double> rows_, line_;
  const passes::ConvertPasses<double>* load_ = nullptr;
  decltype(passes::CastPasses::out) store_ = nullptr;
};

// All stages of a job: which box each makes, and where it is kept.
class Run {
 public:
  Run(const base::Problem& problem, const base::Job& job) : problem_(problem), job_(job) {
    const std::size_t count = problem.axes.size();
    const Index& origin = job.dst_origin;
    Index low = origin, high = origin;
    for (int axis = 0; axis < high.rank(); ++axis) high[axis] += job.dst.shape()[axis];
    const Index low_of_all = low, high_of_all = high;
    for (std::size_t k = 1; k < count; ++k) {
      const int axis = problem.axes[k].axis;
      low[axis] = 0, high[axis] = problem.shape[axis];
    }
    const Box out{static_cast<std::byte*>(job.dst.data()), base::component(job.dst.dtype()), job.dst.strides(), origin};
    Box between = low == low_of_all && high == high_of_all ? out : temporary(low, high);
    // The next axis of SciPy's reads the byte that the cast left in a bool.
    if (between.dtype == DType::boolean) between.dtype = DType::u8;
    Box from{static_cast<std::byte*>(const_cast<void*>(job.src.data())), base::component(job.src.dtype()),
             job.src.strides(), job.src_origin};
    for (std::size_t k = 0; k < count; ++k) {
      const AxisTask& task = problem.axes[k];
      low[task.axis] = low_of_all[task.axis], high[task.axis] = high_of_all[task.axis];
      const Box& to = k + 1 < count ? between : out;
      stages_.push_back(
          make_stage(task, from, to, low, high, problem.shape[task.axis], is_complex(problem.in) ? 2 : 1));
      from = to;
    }
  }

  Outcome all() {
    std::size_t bytes = 0;
    std::int64_t most_blocks = 0;
    for (const Stage& stage : stages_) {
      bytes = std::max(bytes, block_bytes(*stage.task, stage.n, stage.lanes));
      most_blocks = std::max(most_blocks, stage.blocks);
      blocks_ += stage.blocks;
    }
    // Waking threads takes as long as some ten thousand samples.
    const int threads = problem_.shape.product() < worth_threads ? 1 : problem_.threads;
    const base::Scratch scratch(bytes, base::worker_count(most_blocks, threads));
    for (const Stage& stage : stages_) {
      base::parallel_for(stage.blocks, threads, [&](std::int64_t index, int worker) {
        if (stopped()) return;
        Block(stage, index, scratch.of(worker)).run();
        report();
      });
    }
    return stopped_.load() ? Outcome::stopped : Outcome::complete;
  }

 private:
  Box temporary(const Index& low, const Index& high) {
    Shape shape = high;
    for (int axis = 0; axis < shape.rank(); ++axis) shape[axis] -= low[axis];
    temporary_ = Array(job_.dst.dtype(), shape);
    return {static_cast<std::byte*>(temporary_.data()), base::component(job_.dst.dtype()),
            contiguous_strides(shape, job_.dst.dtype()), low};
  }

  bool stopped() {
    if (!stopped_.load(std::memory_order_relaxed) && job_.stop.stop_requested()) stopped_.store(true);
    return stopped_.load(std::memory_order_relaxed);
  }

  void report() {
    if (job_.progress == nullptr || !*job_.progress) return;
    const std::lock_guard lock(progress_mutex_);
    (*job_.progress)(static_cast<double>(++done_) / static_cast<double>(blocks_));
  }

  const base::Problem& problem_;
  const base::Job& job_;
  base::AxisList<Stage> stages_;
  Array temporary_;
  std::atomic<bool> stopped_{false};
  std::mutex progress_mutex_;
  std::int64_t blocks_ = 0, done_ = 0;
};

Outcome run(const base::Problem& problem, const base::Job& job) { return Run(problem, job).all(); }

double cost(const base::Problem& problem) {
  return items_of(problem.in) * price::running_mean * static_cast<double>(problem.axes.size()) + traffic_cost(problem);
}

std::int64_t scratch(const base::Problem& problem) {
  std::size_t most = 0;
  for (const AxisTask& task : problem.axes) {
    const std::int64_t n = problem.shape[task.axis];
    const std::int64_t items = problem.shape.product() * (is_complex(problem.in) ? 2 : 1);
    if (items == 0) continue;
    most = std::max(most, block_bytes(task, n, lanes_of(task, n, items / n)));
  }
  return static_cast<std::int64_t>(most);
}

}  // namespace

const Methods box{&cost, &scratch, &run, true};

}  // namespace gaussfilt::methods
