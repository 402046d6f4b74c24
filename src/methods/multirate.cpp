// Floor 2. Multirate: each axis goes to a lower rate, is filtered there and comes back, so that a Gaussian costs about
// the same at every sigma. An axis of factor 1 is filtered at its own rate, between the others' ways down and up.
//
// Every source row is read once and every output row written once; between them stand the samples of the lower rate,
// 1 / (the product of the last two axes' factors) of the data. In place therefore needs nothing more.
#include "base/dtype.h"
#include "base/threads.h"
#include "methods/fir_cost.h"
#include "methods/method.h"
#include "methods/multirate_frame.h"
#include "methods/spans.h"
#include "methods/tiling.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>

namespace gaussfilt::methods {
namespace {

using base::ScratchFrame;

// Rows of a task: so many at the lower rate and so many of the output. Fewer would begin too many samples anew.
constexpr std::int64_t band_z = 64, band_outputs = 512;
// Samples of a strip of the row, at the full rate: no fewer, as its first cells and its halo are there again; and not
// cut within so many cells, which hold whole cache lines.
constexpr std::int64_t shortest_strip = 1024, cells_of_line = 16;
constexpr std::int64_t streamed_bytes = 16 * 1024 * 1024;  // an output that no cache will keep

std::int64_t bands(std::int64_t rows, std::int64_t band) { return (rows + band - 1) / band; }

// A plain axis of one sample, where there is no other to be the column.
base::WalkAxis no_axis() { return {.n = 1, .begin = 0, .end = 1}; }

template <class Full, class Low> class Run {
 public:
  Run(const base::Problem& problem, const base::Job& job) : problem_(problem), job_(job) {
    frame_ = multirate_frame(problem, job);
    if (frame_.walk.empty) return;
    const std::int64_t factor = frame_.row.factor, line = cells_of_line * factor;
    z_strip_ = shortened(frame_.row.z_count(), cells_of_line, bands(shortest_strip, factor),
                         [&](std::int64_t z) { return down_bytes(z); });
    output_strip_ = shortened(lead() + frame_.row.outputs(), line, shortest_strip,
                              [&](std::int64_t outputs) { return up_bytes(outputs); });
  }

  std::int64_t scratch_bytes() const {
    if (frame_.walk.empty) return 0;
    return static_cast<std::int64_t>(shared_bytes() + task_bytes());
  }

  Outcome all() {
    if (frame_.walk.empty) return Outcome::complete;
    const std::int64_t most = std::max({down_tasks(), up_tasks(), most_outer_tasks()});
    const base::Scratch scratch(task_bytes(), base::worker_count(most, problem_.threads), shared_bytes());
    scratch_ = &scratch;
    place_shared(scratch.shared());
    total_ = frame_.items() * (down_tasks() + up_tasks() + all_outer_tasks());
    for (std::int64_t item = 0; item < frame_.items() && !stopped_; ++item) {
      go_down(item);
      go_outer();
      go_up(item);
    }
    return stopped_ ? Outcome::stopped : Outcome::complete;
  }

 private:
  bool streams() const { return job_.dst.shape().product() * static_cast<std::int64_t>(sizeof(Full)) > streamed_bytes; }
  std::complex<double> cval() const { return problem_.axes.front().cval; }

  // ---- scratch ----

  // Items between two steps: slices of the source, then fewer and fewer along each outer axis.
  std::int64_t most_items() const {
    std::int64_t slices = frame_.source_slices(), most = slices;
    for (const LowAxis& axis : frame_.outer) {
      slices = slices / axis.sample_count() * axis.outputs();
      most = std::max(most, slices);
    }
    return most * frame_.slice_items();
  }

  std::size_t table_bytes(const LowAxis& axis) const {
    return ScratchFrame::padded(axis.slot_entries() * sizeof(std::int64_t)) +
           ScratchFrame::padded(axis.sample_entries() * sizeof(std::int64_t));
  }

  std::size_t shared_bytes() const {
    std::size_t bytes = table_bytes(frame_.column);
    for (const LowAxis& axis : frame_.outer) bytes += table_bytes(axis);
    const std::size_t arrays = frame_.outer.empty() ? 1 : 2;
    return bytes + arrays * ScratchFrame::padded(static_cast<std::size_t>(most_items()) * sizeof(Low));
  }

  std::size_t task_bytes() const {
    std::size_t bytes = std::max(down_bytes(z_strip_), up_bytes(output_strip_));
    std::int64_t after = frame_.slice_items();
    for (std::size_t i = frame_.outer.size(); i-- > 0; after *= frame_.outer[i].sample_count()) {
      bytes = std::max(bytes, Outer<Low>(frame_, frame_.outer[i], after).scratch_bytes());
    }
    return bytes;
  }

  void place_shared(std::byte* shared) {
    ScratchFrame pieces(shared);
    const auto tables = [&](LowAxis& axis) {
      axis.slots = pieces.take<std::int64_t>(axis.slot_entries());
      axis.samples = pieces.take<std::int64_t>(axis.sample_entries());
      fill_slots(axis), fill_samples(axis);
    };
    tables(frame_.column);
    for (LowAxis& axis : frame_.outer) tables(axis);
    z_ = pieces.take<Low>(static_cast<std::size_t>(most_items())).data();
    if (!frame_.outer.empty()) other_ = pieces.take<Low>(static_cast<std::size_t>(most_items())).data();
  }

  // ---- strips of the row ----

  // So long that what a task keeps in use stays in the L2 cache. A wrapped row is taken whole: its ends need each
  // other.
  template <class Bytes>
  std::int64_t shortened(std::int64_t length, std::int64_t line, std::int64_t least, const Bytes& bytes_of) const {
    if (frame_.row.filtered() && frame_.row.task->border == Border::wrap) return length;
    while (length > least && bytes_of(length) > static_cast<std::size_t>(working_set)) {
      const std::int64_t half = bands(std::max(bands(length, 2), least), line) * line;
      if (half >= length) break;
      length = half;
    }
    return length;
  }

  std::int64_t z_strips() const { return bands(frame_.row.z_count(), z_strip_); }
  LowAxis strip_of_z(std::int64_t strip, std::int64_t length) const {
    const std::int64_t begin = frame_.row.z_begin + strip * length;
    return computed_part(frame_.row, begin, std::min(begin + length, frame_.row.z_end));
  }

  // Strips of outputs begin with a cell, but the first one where the box does not.
  std::int64_t lead() const { return frame_.row.begin % (cells_of_line * frame_.row.factor); }
  std::int64_t output_strips(std::int64_t length) const { return bands(lead() + frame_.row.outputs(), length); }
  LowAxis strip_of_outputs(std::int64_t strip, std::int64_t length) const {
    base::WalkAxis part = frame_.walk.row;
    const std::int64_t begin = part.begin - lead() + strip * length;
    part.end = std::min(begin + length, part.end);
    part.begin = std::max(begin, part.begin);
    return low_axis(part);
  }

  // No strip takes more than the first, one in the middle or the last.
  std::size_t down_bytes(std::int64_t length) const {
    const Down<Full, Low> down(frame_, cval());
    const std::int64_t strips = bands(frame_.row.z_count(), length);
    std::size_t most = 0;
    for (const std::int64_t at : {std::int64_t{0}, strips / 2, strips - 1}) {
      most = std::max(most, down.scratch_bytes(strip_of_z(at, length)));
    }
    return most;
  }
  std::size_t up_bytes(std::int64_t length) const {
    const Up<Full, Low> up(frame_, false);
    const std::int64_t strips = output_strips(length);
    std::size_t most = 0;
    for (const std::int64_t at : {std::int64_t{0}, strips / 2, strips - 1}) {
      most = std::max(most, up.scratch_bytes(strip_of_outputs(at, length)));
    }
    return most;
  }

  // ---- steps ----

  std::int64_t down_tasks() const {
    return frame_.source_slices() * bands(frame_.column.z_count(), band_z) * z_strips();
  }
  std::int64_t up_tasks() const {
    return frame_.output_slices() * bands(frame_.column.outputs(), band_of_outputs()) * output_strips(output_strip_);
  }
  // A whole number of cells, so that no cell is made twice.
  std::int64_t band_of_outputs() const {
    const std::int64_t factor = frame_.column.factor;
    return std::max(band_outputs / factor, 4 * frame_.column.width) * factor;
  }

  // Along outer axis i: the axes before it have become outputs.
  struct OuterStep {
    std::int64_t before = 1, after = 1;  // lines before, items after it
  };
  OuterStep outer_step(std::size_t at) const {
    OuterStep step;
    for (std::size_t i = 0; i < at; ++i) step.before *= frame_.outer[i].outputs();
    for (std::size_t i = at + 1; i < frame_.outer.size(); ++i) step.after *= frame_.outer[i].sample_count();
    step.after *= frame_.slice_items();
    return step;
  }
  std::int64_t outer_tasks(std::size_t at) const {
    const OuterStep step = outer_step(at);
    return step.before * bands(step.after, Outer<Low>(frame_, frame_.outer[at], step.after).chunk());
  }
  std::int64_t most_outer_tasks() const {
    std::int64_t most = 0;
    for (std::size_t i = 0; i < frame_.outer.size(); ++i) most = std::max(most, outer_tasks(i));
    return most;
  }
  std::int64_t all_outer_tasks() const {
    std::int64_t all = 0;
    for (std::size_t i = 0; i < frame_.outer.size(); ++i) all += outer_tasks(i);
    return all;
  }

  void go_down(std::int64_t item) {
    const Down<Full, Low> down(frame_, cval());
    const std::int64_t rows = frame_.column.z_count(), strips = z_strips(), a_slice = bands(rows, band_z) * strips;
    each(down_tasks(), [&](std::int64_t task, std::byte* scratch) {
      const std::int64_t slice = task / a_slice, begin = task % a_slice / strips * band_z;
      down.run(frame_.walk.src + source_offset(frame_, item, slice), begin, std::min(begin + band_z, rows),
               strip_of_z(task % strips, z_strip_), z_ + slice * frame_.slice_items(), scratch);
    });
  }

  void go_outer() {
    for (std::size_t at = 0; at < frame_.outer.size(); ++at) {
      const LowAxis& axis = frame_.outer[at];
      const OuterStep step = outer_step(at);
      const Outer<Low> outer(frame_, axis, step.after);
      const std::int64_t chunks = bands(step.after, outer.chunk());
      each(outer_tasks(at), [&](std::int64_t task, std::byte* scratch) {
        const std::int64_t line = task / chunks, begin = task % chunks * outer.chunk();
        outer.run(z_ + line * axis.sample_count() * step.after, other_ + line * axis.outputs() * step.after, begin,
                  std::min(begin + outer.chunk(), step.after), scratch);
      });
      std::swap(z_, other_);
    }
  }

  void go_up(std::int64_t item) {
    const Up<Full, Low> up(frame_, streams());
    const std::int64_t rows = frame_.column.outputs(), band = band_of_outputs();
    const std::int64_t strips = output_strips(output_strip_), parts = bands(rows, band), a_slice = parts * strips;
    // Bands begin with a cell, but the first one where the box does not.
    const std::int64_t lead = frame_.column.begin % frame_.column.factor;
    each(up_tasks(), [&](std::int64_t task, std::byte* scratch) {
      const std::int64_t slice = task / a_slice, part = task % a_slice / strips;
      const std::int64_t begin = part == 0 ? 0 : part * band - lead;
      const std::int64_t end = part + 1 == parts ? rows : (part + 1) * band - lead;
      if (begin >= end) return;
      up.run(z_ + slice * frame_.slice_items(), begin, end, strip_of_outputs(task % strips, output_strip_),
             frame_.walk.dst + output_offset(frame_, item, slice), scratch);
    });
  }

  void each(std::int64_t tasks, base::FunctionRef<void(std::int64_t, std::byte*)> task) {
    base::parallel_for(tasks, problem_.threads, [&](std::int64_t index, int worker) {
      if (stopped_.load(std::memory_order_relaxed)) return;
      if (job_.stop.stop_requested()) {
        stopped_.store(true, std::memory_order_relaxed);
        return;
      }
      task(index, scratch_->of(worker));
      if (job_.progress == nullptr || !*job_.progress) return;
      const std::lock_guard lock(progress_mutex_);
      (*job_.progress)(static_cast<double>(++done_) / static_cast<double>(total_));
    });
  }

  const base::Problem& problem_;
  const base::Job& job_;
  MultirateFrame frame_;
  std::int64_t z_strip_ = 1, output_strip_ = 1;
  const base::Scratch* scratch_ = nullptr;
  Low *z_ = nullptr, *other_ = nullptr;
  std::atomic<bool> stopped_{false};
  std::mutex progress_mutex_;
  std::int64_t done_ = 0, total_ = 0;
};

// Calls body(Full(), Low()) with the precisions of the problem.
template <class Body> auto with_precisions(const base::Problem& problem, const Body& body) {
  if (problem.working == DType::f64) return body(double(), double());
  if (problem.low_rate == DType::f64) return body(float(), double());
  return body(float(), float());
}

Outcome run(const base::Problem& problem, const base::Job& job) {
  return with_precisions(problem,
                         [&](auto full, auto low) { return Run<decltype(full), decltype(low)>(problem, job).all(); });
}

// Samples that are read along an axis, as a multiple of its own: those beyond its edges are read again.
double reads(const LowAxis& axis) {
  return static_cast<double>(axis.cells() * axis.factor) / static_cast<double>(std::max<std::int64_t>(axis.n, 1));
}

// The part of the rows that are turned together that there are.
double filled(std::int64_t rows) {
  const std::int64_t turned = (rows + rows_together - 1) / rows_together * rows_together;
  return static_cast<double>(rows) / static_cast<double>(turned);
}

// Full rate, then the rate that the columns leave, then that which both leave: what is done there counts as often less.
double cost(const base::Problem& problem) {
  const MultirateFrame frame = multirate_frame(problem, gapless_job(problem));
  if (frame.walk.empty) return 0;
  const bool full = problem.working == DType::f64, low = full || problem.low_rate == DType::f64;
  const price::Arithmetic& arithmetic = low ? price::f64_fused : price::f32;
  const price::Resampled& rows = low ? price::f64_resampled : price::f32_resampled;
  const price::Resampled& columns = full ? price::f64_resampled : price::f32_resampled;
  const price::Arithmetic& conversions = full ? price::f64_fused : price::f32;
  const auto resampled = [](const price::Pass& pass, const LowAxis& axis) {
    return (pass.sample + pass.pair * static_cast<double>(axis.width)) * (1 + reads(axis)) / 2;
  };

  const auto narrow = [&](DType dtype) {
    return !full && frame.column.resampled() && passes::resample<float>(base::component(dtype)) != nullptr &&
           base::component(dtype) != problem.working;
  };
  double items = (narrow(problem.in) ? columns.narrow.load : load_cost(conversions, problem.working, problem.in)) +
                 (narrow(problem.out) ? columns.narrow.store : store_cost(conversions, problem.working, problem.out));
  double rate = 1;
  if (frame.column.resampled()) items += resampled(columns.column, frame.column);
  rate /= static_cast<double>(frame.column.factor);
  if (frame.phased()) items += rate * resampled(rows.phased, frame.row);
  else if (frame.row.resampled()) items += rate * resampled(rows.turned, frame.row) / filled(frame.column.z_count());
  rate /= static_cast<double>(frame.row.factor);
  items += rate * price::ns_per_byte * (low ? 16 : 8);
  if (frame.column.filtered()) items += rate * pass_cost(arithmetic, *frame.column.task, false);
  if (frame.row.filtered()) items += rate * pass_cost(arithmetic, *frame.row.task, true);
  for (const LowAxis& axis : frame.outer) {
    items += rate * (price::ns_per_byte * (low ? 16 : 8) +
                     pass_cost(arithmetic, *axis.task, false) / static_cast<double>(axis.factor));
    if (axis.resampled()) items += rate * resampled(rows.column, axis);
  }
  return items_of(problem.in) * items + traffic_cost(problem, reads(frame.column));
}

// Of arrays that are not aligned: their rows go through panels of their own.
std::int64_t scratch(const base::Problem& problem) {
  alignas(64) static std::array<std::byte, 128> somewhere{};
  base::Job job = gapless_job(problem, somewhere.data() + 1);
  job.dst = MutableView(somewhere.data() + 1, problem.out, problem.shape);
  return with_precisions(
      problem, [&](auto full, auto low) { return Run<decltype(full), decltype(low)>(problem, job).scratch_bytes(); });
}

}  // namespace

std::int64_t MultirateFrame::source_slices() const {
  std::int64_t slices = 1;
  for (const LowAxis& axis : outer) slices *= axis.sample_count();
  return slices;
}

std::int64_t MultirateFrame::output_slices() const {
  std::int64_t slices = 1;
  for (const LowAxis& axis : outer) slices *= axis.outputs();
  return slices;
}

std::int64_t MultirateFrame::items() const {
  std::int64_t count = 1;
  for (const base::WalkAxis& axis : walk.batch) count *= axis.end;
  return count;
}

MultirateFrame multirate_frame(const base::Problem& problem, const base::Job& job) {
  MultirateFrame frame;
  frame.walk = base::make_walk(problem, job);
  base::Walk& walk = frame.walk;
  if (walk.empty) return frame;
  frame.inner = walk.inner;
  frame.column_walk = no_axis();
  if (!walk.columns.empty()) {
    frame.column_walk = walk.columns.back();
    for (const base::WalkAxis* axis = walk.columns.begin(); axis + 1 != walk.columns.end(); ++axis) {
      frame.outer.push_back(low_axis(*axis));
      frame.outer_walk.push_back(*axis);
    }
  } else if (!walk.batch.empty()) {
    frame.column_walk = walk.batch.back();
    walk.batch.pop_back();
  }
  frame.column = low_axis(frame.column_walk);
  frame.row = low_axis(walk.row);
  return frame;
}

template <class Full>
const passes::ResamplePasses<Full>* passes_in_place(const MultirateFrame& frame, const std::byte* start, DType dtype,
                                                    std::ptrdiff_t base::WalkAxis::*stride, bool converting) {
  const auto size = static_cast<std::ptrdiff_t>(size_of(dtype));
  const auto aligned = [&](const base::WalkAxis& axis) { return axis.*stride % size == 0; };
  const bool gapless = frame.walk.row.*stride == frame.inner * size &&
                       reinterpret_cast<std::uintptr_t>(start) % static_cast<std::uintptr_t>(size) == 0 &&
                       aligned(frame.column_walk) && std::ranges::all_of(frame.outer_walk, aligned) &&
                       std::ranges::all_of(frame.walk.batch, aligned);
  const bool whole = dtype == (sizeof(Full) == sizeof(float) ? DType::f32 : DType::f64);
  return gapless && (whole || converting) ? passes::resample<Full>(dtype) : nullptr;
}

template const passes::ResamplePasses<float>* passes_in_place<float>(const MultirateFrame&, const std::byte*, DType,
                                                                     std::ptrdiff_t base::WalkAxis::*, bool);
template const passes::ResamplePasses<double>* passes_in_place<double>(const MultirateFrame&, const std::byte*, DType,
                                                                       std::ptrdiff_t base::WalkAxis::*, bool);

std::ptrdiff_t source_offset(const MultirateFrame& frame, std::int64_t item, std::int64_t slice) {
  std::ptrdiff_t offset = batch_offsets(frame.walk, item).first;
  for (std::size_t i = frame.outer.size(); i-- > 0;) {
    const LowAxis& axis = frame.outer[i];
    const std::int64_t sample = axis.first + slice % axis.sample_count();
    offset += (sample - frame.outer_walk[i].src_origin) * frame.outer_walk[i].src_stride;
    slice /= axis.sample_count();
  }
  offset += (frame.column.first - frame.column_walk.src_origin) * frame.column_walk.src_stride;
  return offset + (frame.row.first - frame.walk.row.src_origin) * frame.walk.row.src_stride;
}

std::ptrdiff_t output_offset(const MultirateFrame& frame, std::int64_t item, std::int64_t slice) {
  std::ptrdiff_t offset = batch_offsets(frame.walk, item).second;
  for (std::size_t i = frame.outer.size(); i-- > 0;) {
    offset += slice % frame.outer[i].outputs() * frame.outer_walk[i].dst_stride;
    slice /= frame.outer[i].outputs();
  }
  return offset;
}

const Methods multirate{&cost, &scratch, &run, true};

}  // namespace gaussfilt::methods
