// Floor 2. Means of windows of any width, at a cost that does not depend on it: stage after stage, in an array of sums
// or means between them.
#include "methods/mean.h"
#include "methods/fir_cost.h"

#include "base/dtype.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace gaussfilt::methods {
namespace {

bool exact(const base::Problem& problem) { return problem.working != DType::f64; }

DType between(const base::Problem& problem) {
  return exact(problem) ? problem.working : is_complex(problem.in) ? DType::c128 : DType::f64;
}

// The axes of each stage: of integers the last two go together, of doubles every axis by itself: their order is then
// that of the options, wherever the axes lie in memory.
std::vector<std::vector<base::AxisTask>> stages_of(const base::Problem& problem) {
  std::vector<std::vector<base::AxisTask>> stages;
  const std::size_t count = problem.axes.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (exact(problem) && i + 1 == count && count > 1) stages.back().push_back(problem.axes[i]);
    else stages.push_back({problem.axes[i]});
  }
  return stages;
}

std::vector<MeanStage> plan_stages(const base::Problem& problem, const base::Job& job) {
  std::vector<MeanStage> stages;
  double total = 1;
  for (std::vector<base::AxisTask>& axes : stages_of(problem)) {
    MeanStage stage{.problem = problem, .job = {}};
    stage.problem.in = stages.empty() ? problem.in : between(problem);
    stage.problem.axes = std::move(axes);
    for (base::AxisTask& task : stage.problem.axes) {
      if (exact(problem)) task.cval *= total;
    }
    for (const base::AxisTask& task : stage.problem.axes) total *= task.mean.total();
    stage.divisor = total;
    stage.largest = total * mean_level(problem);
    stage.job.stop = job.stop;
    stage.job.progress = nullptr;
    stages.push_back(std::move(stage));
  }
  stages.back().last = true;
  stages.back().job.progress = job.progress;
  return stages;
}

// What each stage makes: what the next one needs.
Outcome run(const base::Problem& problem, const base::Job& job) {
  std::vector<MeanStage> stages = plan_stages(problem, job);
  std::vector<base::Box> boxes(stages.size());
  base::Box box{job.dst_origin, job.dst.shape()};
  for (std::size_t i = stages.size(); i-- > 0;) {
    boxes[i] = box;
    box = base::box_needed(stages[i].problem, box);
  }
  Array before, made;
  View src = job.src;
  Index origin = job.src_origin;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    base::Job& own = stages[i].job;
    own.src = src, own.src_origin = origin;
    own.dst = job.dst, own.dst_origin = boxes[i].origin;
    if (!stages[i].last) {
      made = Array(between(problem), boxes[i].shape);
      own.dst = made;
    }
    const Outcome outcome = exact(problem) ? run_integer_stage(stages[i]) : run_float_stage(stages[i]);
    if (outcome == Outcome::stopped) return outcome;
    before = std::move(made);
    src = before, origin = boxes[i].origin;
  }
  return Outcome::complete;
}

double cost(const base::Problem& problem) {
  const double axis = exact(problem) ? price::whole_mean : price::float_mean;
  return items_of(problem.in) * axis * static_cast<double>(problem.axes.size()) + traffic_cost(problem);
}

std::int64_t scratch(const base::Problem& problem) {
  const base::Job job = gapless_job(problem);
  std::int64_t most = 0;
  for (MeanStage& stage : plan_stages(problem, job)) {
    stage.job.src = View(nullptr, stage.problem.in, problem.shape);
    stage.job.dst = MutableView(nullptr, stage.last ? problem.out : between(problem), problem.shape);
    stage.job.src_origin = stage.job.dst_origin = job.src_origin;
    most = std::max(most, exact(problem) ? integer_scratch(stage) : float_scratch(stage));
  }
  return most;
}

std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

}  // namespace

double mean_level(const base::Problem& problem) {
  double level = base::visit(problem.in, [](auto tag) {
    using S = typename decltype(tag)::type;
    if constexpr (!std::is_integral_v<S>) return 0.0;
    else
      return std::max(-static_cast<double>(std::numeric_limits<S>::min()),
                      static_cast<double>(std::numeric_limits<S>::max()));
  });
  for (const base::AxisTask& task : problem.axes)
    if (task.border == Border::constant) level = std::max(level, std::fabs(task.cval.real()));
  return level;
}

MeanWalk mean_walk(const MeanStage& stage) {
  constexpr std::int64_t tile_bytes = 512 * 1024;
  constexpr std::int64_t fewest = 64 * 1024;  // components of a tile
  MeanWalk result{.walk = base::make_walk(stage.problem, stage.job), .column = {}};
  base::Walk& walk = result.walk;
  if (walk.empty) return result;
  result.column = walk.columns.empty() ? base::WalkAxis{.n = 1, .end = 1} : walk.columns.front();
  for (const base::WalkAxis& axis : walk.batch) result.items *= axis.end - axis.begin;
  const std::int64_t width = walk.row.end - walk.row.begin, height = result.column.end - result.column.begin;
  const std::int64_t reach = before(walk.row) + after(walk.row),
                     column_reach = before(result.column) + after(result.column);
  const bool floats = stage.problem.working == DType::f64;
  // Of doubles a column needs as many rows at hand as its window is high.
  const std::int64_t rows = floats && column_reach > 0 ? std::min(column_reach + 1, height) + 4 : 4;
  const std::int64_t affordable = tile_bytes / 8 / rows / walk.inner;
  result.width = std::min(width, std::max<std::int64_t>({affordable, 4 * reach, ceil_div(32, walk.inner)}));
  result.height = std::min(height, std::max(8 * column_reach, fewest / (result.width * walk.inner) + 1));
  result.tiles = ceil_div(width, result.width) * ceil_div(height, result.height) * result.items;
  return result;
}

MeanPlace mean_place(const MeanWalk& course, std::int64_t index) {
  const auto next = [&index](const base::WalkAxis& axis, std::int64_t chunk) {
    const std::int64_t count = ceil_div(axis.end - axis.begin, chunk);
    const std::int64_t begin = axis.begin + index % count * chunk;
    index /= count;
    return std::pair(begin, std::min(axis.end, begin + chunk));
  };
  MeanPlace place{.src = course.walk.src, .dst = course.walk.dst};
  std::tie(place.x_begin, place.x_end) = next(course.walk.row, course.width);
  std::tie(place.y_begin, place.y_end) = next(course.column, course.height);
  for (const base::WalkAxis& axis : course.walk.batch) {
    const std::int64_t extent = axis.end - axis.begin, at = index % extent;
    place.src += (at + axis.begin - axis.src_origin) * axis.src_stride;
    place.dst += at * axis.dst_stride;
    index /= extent;
  }
  return place;
}

MeanEdges mean_edges(const base::WalkAxis& row, const MeanPlace& place, std::span<std::int64_t> head,
                     std::span<std::int64_t> tail) {
  const RowSpan span = row_span(row, place.x_begin, place.x_end);
  MeanEdges edges{.first = span.first, .last = span.last, .head = {}, .tail = {}};
  const std::int64_t low = place.x_begin - before(row), high = place.x_end + after(row);
  edges.inside_begin = std::clamp<std::int64_t>(0, low, high);
  edges.inside_end = std::clamp<std::int64_t>(row.n, edges.inside_begin, high);
  edges.head = head.first(static_cast<std::size_t>(edges.inside_begin - low));
  edges.tail = tail.first(static_cast<std::size_t>(high - edges.inside_end));
  for (std::int64_t x = low; std::int64_t & sample : edges.head) sample = border_index(border(row), x++, row.n);
  for (std::int64_t x = edges.inside_end; std::int64_t & sample : edges.tail)
    sample = border_index(border(row), x++, row.n);
  return edges;
}

const Methods mean{&cost, &scratch, &run};

}  // namespace gaussfilt::methods
