// Floor 2. Composites: several separable fields of one input, combined sample by sample (sum, difference, root of the
// sum of squares, smoothed products) or each an output of its own.
//
// The output's box is cut into tiles. In each tile every field is made by the separable method, straight from the
// source into a tile of the working precision, combined there and rounded once into the output:
//
//   sum ...    source -> field 0 -> total; source -> field 1 -> added to it ...; total -> output
//   each       source -> output 0; source -> output 1 ...
//   products   source -> all fields, on the window that the smoothing needs; two of them -> product -> output ...
//
// Traffic: the source comes from memory once a tile that reaches it, since what the later fields read is in the cache
// by then; every output is written once. Nothing of full size is kept.
#include "base/dtype.h"
#include "base/lines.h"
#include "base/scratch.h"
#include "methods/fir_cost.h"
#include "methods/method.h"
#include "methods/run_tiles.h"
#include "methods/separable.h"
#include "passes/combine.h"
#include "passes/convert.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <numeric>

namespace gaussfilt::methods {
namespace {

using base::Box;
using base::Combine;
using base::Problem;
using base::ScratchFrame;

constexpr std::int64_t working_set = 704 * 1024;  // bytes: most of a 1 MiB L2
constexpr std::int64_t with_slab = 16;            // times that in a volume: halos along three axes cost more than an L3
constexpr std::int64_t most_outputs = 256 * 1024;  // samples of a tile
constexpr std::int64_t few_outputs = 16 * 1024;
constexpr std::int64_t short_row = 512;  // samples: shorter rows are not cut
constexpr std::int64_t few_rows = 8;
constexpr double row_weight = 1.0 / 32;  // long runs are worth much: fewer pages, and loads that stay aligned
constexpr double first_weight = 4;

std::int64_t reach(const std::vector<base::AxisTask>& axes, int axis) {
  std::int64_t sum = 0;
  for (const base::AxisTask& task : axes) sum += task.axis == axis ? task.before + task.after : 0;
  return sum;
}

// What a tile touches beyond itself along an axis.
std::int64_t reach(const Problem& problem, int axis) {
  std::int64_t most = 0;
  for (const Problem& field : problem.fields) most = std::max(most, reach(field.axes, axis));
  for (const Problem& smoothing : problem.smoothing) most += reach(smoothing.axes, axis);
  return most;
}

// Axes from the outermost in the source's memory to the innermost.
base::AxisList<int> memory_order(const View& src) {
  base::AxisList<int> order;
  for (int axis = 0; axis < src.rank(); ++axis) order.push_back(axis);
  const auto outer = [&](int a, int b) {  // a stride of 0 says nothing: outermost
    const auto key = [&](int axis) { return src.strides()[axis] == 0 ? PTRDIFF_MAX : std::abs(src.strides()[axis]); };
    return key(a) != key(b) ? key(a) > key(b) : a < b;
  };
  std::sort(order.begin(), order.end(), outer);
  return order;
}

std::size_t buffer_count(const Problem& problem) {
  if (problem.combine == Combine::each) return 0;
  if (problem.combine == Combine::products) return problem.fields.size() + 1;
  return std::clamp<std::size_t>(problem.fields.size(), 1, 2);
}

// From three filtered axes on, planes pass through a slab between two column axes.
bool has_slab(const Problem& problem) { return !problem.fields.empty() && problem.fields.front().axes.size() > 2; }

// Bytes that a tile of these extents keeps in use: the source's window, one more where planes go through a slab, and
// the buffers.
std::int64_t footprint(const Problem& problem, const Shape& tile, std::int64_t item) {
  std::int64_t window = item, fields = item;
  for (int axis = 0; axis < tile.rank(); ++axis) {
    const std::int64_t n = problem.shape[axis];
    window *= std::min(n, tile[axis] + reach(problem, axis));
    fields *= problem.smoothing.empty() ? tile[axis] : tile[axis] + reach(problem.smoothing.front().axes, axis);
  }
  return (has_slab(problem) ? 2 : 1) * window + static_cast<std::int64_t>(buffer_count(problem)) * fields;
}

// Halves the axis that is longest beside what a tile does again for being cut; false where no cut helps. A cut of the
// first filtered axis costs little: source rows are read again.
bool cut(const Problem& problem, const base::AxisList<int>& order, Shape& tile) {
  int best = -1;
  double best_ratio = 0.5;
  for (const int axis : order) {
    const bool row = axis == order.back();
    const bool first = !problem.fields.empty() && !problem.fields.front().axes.empty() &&
                       problem.fields.front().axes.front().axis == axis && problem.smoothing.empty();
    const double weight = row ? row_weight : first ? first_weight : 1;
    const double ratio = weight * static_cast<double>(tile[axis]) / static_cast<double>(reach(problem, axis) + 1);
    if (tile[axis] > (row ? short_row : few_rows) && ratio > best_ratio) best = axis, best_ratio = ratio;
  }
  if (best < 0) return false;
  tile[best] = (tile[best] + 1) / 2;
  return true;
}

// By shape and dtypes and, for the order of the axes only, by strides; never by threads.
Shape choose_tile(const Problem& problem, const Shape& box, const base::AxisList<int>& order, std::int64_t item) {
  Shape tile = box;
  const std::int64_t limit = std::clamp(box.product() / 8, few_outputs, most_outputs);
  const std::int64_t bytes = working_set * (has_slab(problem) ? with_slab : 1);
  while ((footprint(problem, tile, item) > bytes || tile.product() > limit) && cut(problem, order, tile)) {
  }
  return tile;
}

// What the boxes of all tiles take, without making any: the same steps, counted.
struct Measure {
  struct Key {
    const Problem* problem = nullptr;
    Shape shape;
    Strides src, dst;
    friend bool operator==(const Key&, const Key&) = default;
  };

  void box(const Problem& problem, const base::Job& job) {
    const Key key{&problem, job.dst.shape(), job.src.strides(), job.dst.strides()};
    if (std::ranges::find(seen, key) != seen.end()) return;
    seen[next++ % seen.size()] = key;
    bytes = std::max(bytes, box_scratch(problem, job));
  }

  std::array<Key, 16> seen{};  // most tiles are alike
  std::size_t next = 0;
  std::size_t bytes = 0;       // of a box
  std::size_t components = 0;  // of a buffer
};

template <class T> class Run {
 public:
  Run(const Problem& problem, const base::Job& job)
      : problem_(problem), job_(job), order_(memory_order(job.src)), complex_(is_complex(problem.in)) {
    box_ = {job.dst_origin, job.dst.shape()};
    if (box_.shape.product() == 0) return;
    tile_ = choose_tile(problem, box_.shape, order_, static_cast<std::int64_t>(size_of(sample_dtype())));
    for (int axis = 0; axis < tile_.rank(); ++axis) tiles_ *= count(axis);
    Measure measure;
    for (std::int64_t index = 0; index < tiles_; ++index) Tile(*this, index, measure).run();
    components_ = measure.components;
    bytes_ = buffer_count(problem) * buffer_bytes() + measure.bytes;
  }

  std::size_t scratch_bytes() const { return bytes_; }

  Outcome all() {
    if (box_.shape.product() == 0) return Outcome::complete;
    combine_ = &passes::combine<T>();
    store_ = &passes::convert<T>(base::component(job_.dst.dtype()));
    return run_tiles(job_, tiles_, problem_.threads, bytes_,
                     [this](std::int64_t index, std::byte* scratch) { Tile(*this, index, scratch).run(); });
  }

 private:
  class Tile;

  std::int64_t count(int axis) const { return (box_.shape[axis] + tile_[axis] - 1) / tile_[axis]; }
  std::size_t buffer_bytes() const { return ScratchFrame::padded(components_ * sizeof(T)); }
  DType sample_dtype() const {
    if (problem_.working == DType::f32) return complex_ ? DType::c64 : DType::f32;
    return complex_ ? DType::c128 : DType::f64;
  }
  std::size_t components(const Shape& shape) const {
    return static_cast<std::size_t>(shape.product()) * (complex_ ? 2 : 1);
  }

  // Gapless, its axes ordered as in the source.
  MutableView view(std::byte* memory, const Shape& shape) const {
    Strides strides = shape;
    auto step = static_cast<std::int64_t>(size_of(sample_dtype()));
    for (std::size_t i = order_.size(); i-- > 0;) {
      strides[order_[i]] = step;
      step *= std::max<std::int64_t>(shape[order_[i]], 1);
    }
    return {memory, sample_dtype(), shape, strides};
  }

  const Problem& problem_;
  const base::Job& job_;
  base::AxisList<int> order_;
  bool complex_;
  Box box_;  // of all tiles
  Shape tile_;
  std::int64_t tiles_ = 1;
  std::size_t components_ = 0, bytes_ = 0;
  const passes::CombinePasses<T>* combine_ = nullptr;
  const passes::ConvertPasses<T>* store_ = nullptr;
};

// One tile: made, or measured where there is no scratch.
template <class T> class Run<T>::Tile {
 public:
  Tile(const Run& run, std::int64_t index, std::byte* scratch) : run_(run), problem_(run.problem_), scratch_(scratch) {
    place(index);
  }
  Tile(const Run& run, std::int64_t index, Measure& measure) : Tile(run, index, nullptr) { measure_ = &measure; }

  void run() {
    if (problem_.combine == Combine::each) return fields_as_outputs();
    if (problem_.combine == Combine::products) return smoothed_products();
    reduced_fields();
  }

 private:
  void place(std::int64_t index) {
    box_ = run_.box_;
    for (int axis = 0; axis < run_.tile_.rank(); ++axis) {
      const std::int64_t begin = index % run_.count(axis) * run_.tile_[axis];
      index /= run_.count(axis);
      box_.origin[axis] += begin;
      box_.shape[axis] = std::min(run_.tile_[axis], box_.shape[axis] - begin);
    }
  }

  void fields_as_outputs() {
    for (std::size_t k = 0; k < problem_.fields.size(); ++k) from_source(problem_.fields[k], output(k), box_.origin);
  }

  void reduced_fields() {
    const std::size_t size = run_.components(box_.shape), fields = problem_.fields.size();
    if (fields == 0) buffer(0, box_.shape);
    for (std::size_t k = 0; k < fields; ++k) {
      from_source(problem_.fields[k], buffer(std::min<std::size_t>(k, 1), box_.shape), box_.origin);
      if (!measuring() && k + 1 < fields) take_in(k, size);
    }
    if (measuring()) return;
    if (fields == 0) std::fill_n(samples(0), size, T{0});
    store(output(0));
  }

  // Adds field k, which stands in buffer 1 (the first: in buffer 0), to the total in buffer 0.
  void take_in(std::size_t k, std::size_t size) const {
    const passes::CombinePasses<T>& combine = *run_.combine_;
    T *const total = samples(0), *const field = samples(1);
    const bool squares = problem_.combine == Combine::root_sum_squares;
    if (k == 0) return squares ? combine.multiply(total, total, total, size) : void();
    if (squares) return combine.add_square(total, field, total, size);
    (problem_.combine == Combine::sum ? combine.add : combine.subtract)(total, field, total, size);
  }

  // The last field is taken in on the way to the output.
  void take_in_last(std::size_t at, T* out, std::size_t size) const {
    const passes::CombinePasses<T>& combine = *run_.combine_;
    const T *const total = samples(0) + at, *const field = samples(1) + at;
    const bool squares = problem_.combine == Combine::root_sum_squares;
    if (problem_.fields.size() > 1) {
      const auto pass = squares                            ? combine.root_of_add_square
                        : problem_.combine == Combine::sum ? combine.add
                                                           : combine.subtract;
      return pass(total, field, out, size);
    }
    if (squares) return combine.root_of_square(total, out, size);
    if (out != total) std::copy_n(total, size, out);
  }

  // Runs of the output as long as its memory allows, straight into it where it holds the working precision.
  void store(const MutableView& dst) const {
    const std::size_t components = run_.complex_ ? 2 : 1;
    std::int64_t count = 1;
    auto stride = static_cast<std::ptrdiff_t>(size_of(dst.dtype()));
    std::size_t axes = run_.order_.size();  // those left to loop over
    for (; axes > 0; --axes) {
      const int axis = run_.order_[axes - 1];
      if (count == 1) stride = dst.strides()[axis];
      if (dst.strides()[axis] != stride * count) break;
      count *= dst.shape()[axis];
    }
    const std::size_t size = static_cast<std::size_t>(count) * components;
    const bool direct =
        dst.dtype() == run_.sample_dtype() && stride == static_cast<std::ptrdiff_t>(size_of(dst.dtype()));
    auto* to = static_cast<std::byte*>(dst.data());
    Index at = Extents::filled(dst.rank(), 0);
    const std::size_t end = run_.components(box_.shape);
    for (std::size_t done = 0; done < end; done += size) {
      if (direct && reinterpret_cast<std::uintptr_t>(to) % sizeof(T) == 0) {
        take_in_last(done, reinterpret_cast<T*>(to), size);
      } else {
        take_in_last(done, samples(0) + done, size);
        run_.store_->out(samples(0) + done, to, stride, static_cast<std::size_t>(count), components);
      }
      for (std::size_t i = axes; i-- > 0;) {
        const int axis = run_.order_[i];
        to += dst.strides()[axis];
        if (++at[axis] < dst.shape()[axis]) break;
        to -= at[axis] * dst.strides()[axis];
        at[axis] = 0;
      }
    }
  }

  void smoothed_products() {
    const Problem& smoothing = problem_.smoothing.front();
    Index origin = box_.origin;  // in the smoothing's own indices, longer along wrapped axes
    for (const base::AxisTask& task : smoothing.axes) {
      if (task.border == Border::wrap) origin[task.axis] += task.before;
    }
    const Box window = base::box_needed(smoothing, {origin, box_.shape});
    const std::size_t fields = problem_.fields.size(), size = run_.components(window.shape);
    Index first = window.origin;
    for (int axis = 0; axis < first.rank(); ++axis) first[axis] -= origin[axis] - box_.origin[axis];
    for (std::size_t k = 0; k < fields; ++k) {
      piece(problem_.fields[k], buffer(k, window.shape), 0, first, Extents::filled(first.rank(), 0), window.shape);
    }
    const MutableView product = buffer(fields, window.shape);
    std::size_t made = 0;
    for (std::size_t i = 0; i < fields; ++i) {
      for (std::size_t j = i; j < fields; ++j) {
        if (!measuring()) run_.combine_->multiply(samples(i), samples(j), samples(fields), size);
        make(smoothing, product, window.origin, output(made++), origin);
      }
    }
  }

  // Makes a field on a window that may lie beyond the ends of wrapped axes, where the array begins anew: piece by
  // piece. `first`: the piece's index in the endless array; `at`: its place in the buffer.
  void piece(const Problem& field, const MutableView& buffer, int axis, Index first, Index at, Shape shape) {
    if (axis == first.rank()) {
      auto* memory = static_cast<std::byte*>(buffer.data());
      for (int a = 0; a < at.rank(); ++a) memory += at[a] * buffer.strides()[a];
      return from_source(field, MutableView(memory, buffer.dtype(), shape, buffer.strides()), first);
    }
    const std::int64_t n = problem_.shape[axis], length = shape[axis], start = first[axis];
    for (std::int64_t done = 0; done < length; done += shape[axis], at[axis] += shape[axis]) {
      first[axis] = ((start + done) % n + n) % n;
      shape[axis] = std::min(length - done, n - first[axis]);
      piece(field, buffer, axis + 1, first, at, shape);
    }
  }

  void from_source(const Problem& field, const MutableView& dst, const Index& origin) {
    make(field, run_.job_.src, run_.job_.src_origin, dst, origin);
  }

  void make(const Problem& problem, const View& src, const Index& src_origin, const MutableView& dst,
            const Index& dst_origin) {
    const base::Job job{.src = src, .src_origin = src_origin, .dst = dst, .dst_origin = dst_origin, .stop = {}};
    if (measuring()) return measure_->box(problem, job);
    run_box(problem, job, scratch_ + buffer_count(problem_) * run_.buffer_bytes());
  }

  // The tile's part of output k: of its real parts where the input is real and the output complex.
  MutableView output(std::size_t k) const {
    const MutableView& whole = run_.job_.outputs.empty() ? run_.job_.dst : run_.job_.outputs[k];
    auto* memory = static_cast<std::byte*>(whole.data());
    for (int axis = 0; axis < whole.rank(); ++axis) {
      memory += (box_.origin[axis] - run_.box_.origin[axis]) * whole.strides()[axis];
    }
    return {memory, run_.complex_ ? whole.dtype() : base::component(whole.dtype()), box_.shape, whole.strides()};
  }

  MutableView buffer(std::size_t k, const Shape& shape) {
    if (!measuring()) return run_.view(scratch_ + k * run_.buffer_bytes(), shape);
    alignas(64) static std::array<std::byte, 64> nowhere;
    measure_->components = std::max(measure_->components, run_.components(shape));
    return run_.view(nowhere.data(), shape);
  }

  T* samples(std::size_t k) const { return reinterpret_cast<T*>(scratch_ + k * run_.buffer_bytes()); }
  bool measuring() const { return measure_ != nullptr; }

  const Run& run_;
  const Problem& problem_;
  std::byte* scratch_;
  Measure* measure_ = nullptr;
  Box box_;
};

Outcome run(const Problem& problem, const base::Job& job) {
  if (problem.working == DType::f32) return Run<float>(problem, job).all();
  return Run<double>(problem, job).all();
}

double cost(const Problem& problem) {
  const auto outputs = static_cast<double>(output_count(problem));
  double passes = 0;
  for (const Problem& field : problem.fields) passes += fir_time(field).passes;
  for (const Problem& smoothing : problem.smoothing) passes += outputs * fir_time(smoothing).passes;
  return price::composite * passes + traffic_cost(problem, 1, outputs);
}

std::int64_t scratch(const Problem& problem) {
  alignas(64) static std::array<std::byte, 64> somewhere;
  const Index origin = Extents::filled(problem.shape.rank(), 0);
  const base::Job job{.src = View(somewhere.data(), problem.in, problem.shape),
                      .src_origin = origin,
                      .dst = MutableView(somewhere.data(), problem.out, problem.shape),
                      .dst_origin = origin,
                      .stop = {}};
  const std::size_t bytes = problem.working == DType::f32 ? Run<float>(problem, job).scratch_bytes()
                                                          : Run<double>(problem, job).scratch_bytes();
  return static_cast<std::int64_t>(bytes);
}

}  // namespace

const Methods composite{&cost, &scratch, &run};

}  // namespace gaussfilt::methods
