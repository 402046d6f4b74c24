// Floor 3. Plans: a filter prepared for a shape and two dtypes. Make once, run often.
//
// A plan is immutable and may run on many threads at once. It depends on shape and dtypes, never on strides,
// threads or regions: the same input gives the same bytes for 1 or n threads, any tiling, contiguous or strided,
// in place or not, whole or by regions.
#pragma once

#include <gaussfilt/array.h>
#include <gaussfilt/export.h>

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

namespace gaussfilt::inline v0 {

// separable: FIR with taps along each axis. integer: the same with whole numbers for taps and sums. box: running means
// along each axis. composite: several separable ones, combined tile by tile. dense: every weight of a kernel of any
// shape. mean: sums of windows, added and taken away. multirate: to a lower rate, filtered there, and back.
enum class Method : std::uint8_t { separable, box, composite, dense, mean, integer, multirate };
GAUSSFILT_API std::string_view name(Method method);
GAUSSFILT_API Method parse_method(std::string_view text);  // throws InvalidArgument

// What the planner thought of one way to do the work.
struct Candidate {
  Method method = Method::separable;
  DType working = DType::f32;  // precision of the arithmetic: f32, f64 or, for sums of integers, i32
  double cost = 0;             // ns a sample, predicted: one thread, a large array, the machine of src/methods/cost.h
  double error_bound = 0;      // proven, relative to N * M: approximation plus rounding
  std::string why_not;         // empty for the one that was chosen
};

struct RunOptions {
  std::stop_token stop{};                  // asked between tiles; the output is then only partly written
  std::function<void(double)> progress{};  // called with (0, 1], one call at a time, from any worker thread
};

enum class RunStatus : std::uint8_t { complete, stopped };

// A box of global indices.
struct Window {
  Index origin;
  Shape shape;
};

class GAUSSFILT_API Plan {
 public:
  // Filters `in` into `out`, shapes and dtypes as planned. `out` may be the same view as `in`; any other overlap
  // throws InvalidArgument. Memory: scratch_bytes() and, in place, one copy of the array (method box: none).
  RunStatus run(const View& in, const MutableView& out, const RunOptions& options = {}) const;

  // Filters one box of the planned array: `dst` receives the outputs from global index dst_origin on, `src` holds
  // the inputs from src_origin on and must cover source_window(dst_origin, dst.shape()). The bytes are those of the
  // whole. Throws InvalidArgument where src holds too little, or src and dst overlap.
  RunStatus run_region(const View& src, const Index& src_origin, const MutableView& dst, const Index& dst_origin,
                       const RunOptions& options = {}) const;

  // The same for a filter that makes several arrays: outputs() of them, in the order that the filter states, with the
  // planned shape and dtype. They may overlap neither each other nor the input.
  RunStatus run(const View& in, std::span<const MutableView> outs, const RunOptions& options = {}) const;
  RunStatus run_region(const View& src, const Index& src_origin, std::span<const MutableView> dsts,
                       const Index& dst_origin, const RunOptions& options = {}) const;
  int outputs() const;

  // What run_region must be given to make that box (the whole axis where wrap crosses an edge or a running mean runs).
  Window source_window(const Index& dst_origin, const Shape& dst_shape) const;

  // Samples that an output depends on beyond its own, per axis and side (the larger side); a running mean's bits depend
  // on the whole line.
  Extents halo() const;

  // Which operator, which method, what error bound, what cost, why not the others.
  std::string explain() const;
  std::string explain_json() const;

  const Layout& layout() const;
  DType out_dtype() const;
  Method method() const;
  DType working_dtype() const;
  std::span<const Candidate> candidates() const;
  // |result - target| <= error_bound() * N * M before the output's own rounding: approximation plus rounding.
  double error_bound() const;
  double approximation_bound() const;
  double rounding_bound() const;
  // Upper bound of the memory that one thread's run takes beyond the arrays, in bytes.
  std::int64_t scratch_bytes() const;

 private:
  struct State;
  explicit Plan(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  friend struct PlanAccess;
  std::shared_ptr<const State> state_;
};

}  // namespace gaussfilt::inline v0
