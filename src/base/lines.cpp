// Floor 0. Arranging axes, copying items, and who shares bytes with whom.
#include "base/lines.h"

#include "base/dtype.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <tuple>
#include <utility>

namespace gaussfilt::base {
namespace {

// Rows of samples shorter than this are not worth a column pass of their own.
constexpr std::int64_t worthwhile_row = 16;

WalkAxis walk_axis(const Problem& problem, const Job& job, int axis, const AxisTask* task) {
  return {.task = task,
          .n = problem.shape[axis],
          .begin = job.dst_origin[axis],
          .end = job.dst_origin[axis] + job.dst.shape()[axis],
          .src_origin = job.src_origin[axis],
          .src_stride = job.src.strides()[axis],
          .dst_stride = job.dst.strides()[axis]};
}

// Turns an unfiltered axis into one that starts at the output's box: nothing outside the box is needed.
void start_at_box(WalkAxis& axis, Walk& walk) {
  walk.src += (axis.begin - axis.src_origin) * axis.src_stride;
  axis.end -= axis.begin;
  axis.begin = axis.src_origin = 0;
  axis.n = axis.end;
}

// Moves axes that continue the gapless block of components into it.
void absorb_inner(Walk& walk, AxisList<WalkAxis>& plain) {
  const auto src_item = static_cast<std::int64_t>(size_of(walk.src_dtype));
  const auto dst_item = static_cast<std::int64_t>(size_of(walk.dst_dtype));
  const auto continues = [&](const WalkAxis& axis) {
    return axis.src_stride == src_item * walk.inner && axis.dst_stride == dst_item * walk.inner;
  };
  for (WalkAxis* it = std::find_if(plain.begin(), plain.end(), continues); it != plain.end();
       it = std::find_if(plain.begin(), plain.end(), continues)) {
    walk.inner *= it->end;
    plain.erase(it);
  }
}

// Makes the gapless block itself the row.
void inner_as_row(Walk& walk) {
  const std::int64_t samples = walk.inner / walk.components;
  walk.inner = walk.components;
  walk.row = {.n = samples,
              .end = samples,
              .src_stride = static_cast<std::ptrdiff_t>(size_of(walk.src_dtype)) * walk.components,
              .dst_stride = static_cast<std::ptrdiff_t>(size_of(walk.dst_dtype)) * walk.components};
}

// Without filtered axes, or with one that lies across memory, a plain axis along memory makes the better row.
bool plain_axis_as_row(Walk& walk, AxisList<WalkAxis>& plain, std::ptrdiff_t stride_limit) {
  WalkAxis* const best = std::min_element(plain.begin(), plain.end(), [](const WalkAxis& a, const WalkAxis& b) {
    return std::abs(a.src_stride) < std::abs(b.src_stride);
  });
  if (best == plain.end() || std::abs(best->src_stride) >= stride_limit || best->end < worthwhile_row) return false;
  walk.row = *best;
  plain.erase(best);
  return true;
}

// The axis that is filtered first runs along the memory on both sides, nearer than all others.
bool first_lies_along(const AxisList<WalkAxis>& columns) {
  const WalkAxis& first = columns.front();
  if (columns.size() < 2 || first.end - first.begin < worthwhile_row) return false;
  return std::all_of(columns.begin() + 1, columns.end(), [&first](const WalkAxis& axis) {
    return std::abs(first.src_stride) < std::abs(axis.src_stride) &&
           std::abs(first.dst_stride) < std::abs(axis.dst_stride);
  });
}

// A row that runs backwards on both sides is one that runs forwards, where taps and border are the same from both ends.
void face_forward(Walk& walk, const Job& job) {
  WalkAxis& row = walk.row;
  const AxisTask* const task = row.task;
  const bool symmetric =
      task == nullptr || (task->f64.symmetry == Symmetry::even && task->shift == 0 && task->before == task->after);
  if (row.src_stride >= 0 || row.dst_stride >= 0 || !symmetric) return;
  const std::int64_t samples = task == nullptr ? row.end : job.src.shape()[task->axis];
  walk.src += (samples - 1) * row.src_stride;
  walk.dst += (row.end - row.begin - 1) * row.dst_stride;
  row.src_stride = -row.src_stride, row.dst_stride = -row.dst_stride;
  row.src_origin = row.n - row.src_origin - samples;
  std::tie(row.begin, row.end) = std::pair(row.n - row.end, row.n - row.begin);
}

}  // namespace

Walk make_walk(const Problem& problem, const Job& job, Exchange exchange) {
  Walk walk;
  walk.src = static_cast<const std::byte*>(job.src.data());
  walk.dst = static_cast<std::byte*>(job.dst.data());
  walk.components = is_complex(problem.in) ? 2 : 1;
  walk.inner = walk.components;
  walk.src_dtype = component(job.src.dtype());
  walk.dst_dtype = component(job.dst.dtype());
  walk.empty = job.dst.shape().product() == 0;
  if (walk.empty) return walk;

  std::array<bool, max_rank> filtered{};
  for (const AxisTask& task : problem.axes) {
    filtered[static_cast<std::size_t>(task.axis)] = true;
    walk.columns.push_back(walk_axis(problem, job, task.axis, &task));
  }
  AxisList<WalkAxis> plain;
  for (int axis = 0; axis < problem.shape.rank(); ++axis) {
    if (filtered[static_cast<std::size_t>(axis)]) continue;
    WalkAxis loop = walk_axis(problem, job, axis, nullptr);
    start_at_box(loop, walk);
    if (loop.end > 1) plain.push_back(loop);
  }
  absorb_inner(walk, plain);

  const std::ptrdiff_t across = walk.columns.empty() ? PTRDIFF_MAX : std::abs(walk.columns.back().src_stride);
  const bool single = walk.columns.size() < 2;
  if (single && (walk.inner >= worthwhile_row * walk.components || (walk.columns.empty() && plain.empty()))) {
    inner_as_row(walk);
  } else if (!(single && plain_axis_as_row(walk, plain, across))) {
    if (walk.columns.empty()) {
      inner_as_row(walk);
    } else if (exchange == Exchange::allowed && first_lies_along(walk.columns)) {
      walk.row = walk.columns.front();
      walk.columns.erase(walk.columns.begin());
      walk.row_first = true;
    } else {
      walk.row = walk.columns.back();
      walk.columns.pop_back();
    }
  }
  walk.batch = plain;
  if (exchange == Exchange::allowed) face_forward(walk, job);
  return walk;
}

std::pair<std::int64_t, std::int64_t> samples_needed(Border border, std::int64_t low, std::int64_t high,
                                                     std::int64_t n) {
  std::int64_t first = n, last = 0;
  const auto need = [&](std::int64_t i) {
    const std::int64_t sample = border_index(border, i, n);
    if (sample < 0) return;
    first = std::min(first, sample);
    last = std::max(last, sample + 1);
  };
  // Inside, the two ends tell all. Outside, every sample may come up, once a period of at most 2n.
  if (std::max<std::int64_t>(low, 0) < std::min(high, n)) {
    need(std::max<std::int64_t>(low, 0));
    need(std::min(high, n) - 1);
  }
  for (std::int64_t i = std::max(low, std::min<std::int64_t>(high, 0) - 2 * n); i < std::min<std::int64_t>(high, 0);
       ++i) {
    need(i);
  }
  for (std::int64_t i = std::max(low, n); i < std::min(high, std::max(low, n) + 2 * n); ++i) need(i);
  if (last <= first) return {0, 0};
  return {first, last};
}

namespace {

Box needed_by_axes(const std::vector<AxisTask>& axes, const Shape& shape, Box box) {
  for (const AxisTask& task : axes) {
    if (task.window > 0) {  // a running mean runs from the line's start
      box.origin[task.axis] = 0;
      box.shape[task.axis] = shape[task.axis];
      continue;
    }
    const std::int64_t begin = box.origin[task.axis], end = begin + box.shape[task.axis];
    const auto [first, last] = samples_needed(task.border, begin - task.before, end + task.after, shape[task.axis]);
    box.origin[task.axis] = first;
    box.shape[task.axis] = last - first;
  }
  return box;
}

// The smallest box that holds both; an empty one counts for nothing.
Box hull(const Box& a, const Box& b) {
  if (a.shape.product() == 0) return b;
  if (b.shape.product() == 0) return a;
  Box both = a;
  for (int axis = 0; axis < a.shape.rank(); ++axis) {
    const std::int64_t end = std::max(a.origin[axis] + a.shape[axis], b.origin[axis] + b.shape[axis]);
    both.origin[axis] = std::min(a.origin[axis], b.origin[axis]);
    both.shape[axis] = end - both.origin[axis];
  }
  return both;
}

}  // namespace

Box box_needed(const Problem& problem, const Box& box) {
  if (box.shape.product() == 0) return box;
  if (problem.combine == Combine::single) return needed_by_axes(problem.axes, problem.shape, box);
  Box of_fields = box;
  for (const Problem& smoothing : problem.smoothing) {
    of_fields = needed_by_axes(smoothing.axes, problem.shape, of_fields);
  }
  Box all{box.origin, Extents::filled(box.shape.rank(), 0)};
  for (const Problem& field : problem.fields) all = hull(all, needed_by_axes(field.axes, problem.shape, of_fields));
  return all;
}

void copy_items(const View& src, const MutableView& dst) {
  const std::size_t item = size_of(src.dtype());
  const Shape& shape = src.shape();
  if (shape.product() == 0) return;
  const int rank = shape.rank();
  const auto* from = static_cast<const std::byte*>(src.data());
  auto* to = static_cast<std::byte*>(dst.data());
  // The last axis in one piece where it is gapless on both sides.
  const auto gapless = static_cast<std::int64_t>(item);
  const bool rows = rank > 0 && src.strides()[rank - 1] == gapless && dst.strides()[rank - 1] == gapless;
  const int loops = rows ? rank - 1 : rank;
  const std::size_t bytes = rows ? item * static_cast<std::size_t>(shape[rank - 1]) : item;
  Index at = Extents::filled(loops, 0);
  while (true) {
    std::memcpy(to, from, bytes);
    int axis = loops - 1;
    for (; axis >= 0; --axis) {
      from += src.strides()[axis], to += dst.strides()[axis];
      if (++at[axis] < shape[axis]) break;
      from -= at[axis] * src.strides()[axis], to -= at[axis] * dst.strides()[axis];
      at[axis] = 0;
    }
    if (axis < 0) return;
  }
}

namespace {

struct Step {
  std::int64_t stride, last;  // stride > 0; index 0 ... last
};

// Addresses of a view: first + sum of index * stride, all strides positive, plus an item's bytes.
struct Addresses {
  std::int64_t first = 0, span = 0, item = 1;
  InlineList<Step, 2 * max_rank> steps;
};

Addresses addresses(const View& view) {
  Addresses result{.first = static_cast<std::int64_t>(reinterpret_cast<std::intptr_t>(view.data())),
                   .item = static_cast<std::int64_t>(size_of(view.dtype())),
                   .steps = {}};
  for (int axis = 0; axis < view.rank(); ++axis) {
    const std::int64_t last = view.shape()[axis] - 1, stride = view.strides()[axis];
    if (last <= 0 || stride == 0) continue;
    if (stride < 0) result.first += last * stride;
    result.steps.push_back({std::abs(stride), last});
    result.span += last * std::abs(stride);
  }
  return result;
}

// Is there an index vector with distance - slack < sum(index * stride) < distance + slack? Steps largest first; below
// a step only `rest` bytes can follow, so few indices can lead there. `budget` ends a search that strides make long.
bool reachable(std::span<const Step> steps, std::int64_t rest, std::int64_t low, std::int64_t high, int& budget) {
  if (high < 0 || low > rest) return false;
  if (steps.empty()) return low <= 0 && 0 <= high;
  if (--budget < 0) return true;
  const Step step = steps.front();
  rest -= step.stride * step.last;
  // index * stride must lie in [low - rest, high].
  const std::int64_t need = low - rest;
  const std::int64_t from = need <= 0 ? 0 : (need + step.stride - 1) / step.stride;
  const std::int64_t to = std::min(step.last, high / step.stride);
  for (std::int64_t i = from; i <= to; ++i) {
    if (reachable(steps.subspan(1), rest, low - i * step.stride, high - i * step.stride, budget)) return true;
  }
  return false;
}

constexpr int search_budget = 100000;

}  // namespace

bool overlap(const View& a, const View& b) {
  if (a.shape().product() == 0 || b.shape().product() == 0) return false;
  Addresses x = addresses(a);
  const Addresses y = addresses(b);
  if (x.first + x.span + x.item <= y.first || y.first + y.span + y.item <= x.first) return false;
  // x.first + X + p = y.first + Y + q, 0 <= p < x.item, 0 <= q < y.item. With Y' = y.span - Y:
  // X + Y' lies between y.first - x.first + y.span - (x.item - 1) and ... + (y.item - 1).
  for (const Step& step : y.steps) x.steps.push_back(step);
  std::sort(x.steps.begin(), x.steps.end(), [](const Step& s, const Step& t) { return s.stride > t.stride; });
  const std::int64_t distance = y.first - x.first + y.span;
  int budget = search_budget;
  return reachable({x.steps.begin(), x.steps.end()}, x.span + y.span, distance - (x.item - 1), distance + (y.item - 1),
                   budget);
}

bool items_disjoint(const View& view) {
  if (view.shape().product() <= 1) return true;
  for (int axis = 0; axis < view.rank(); ++axis) {
    if (view.shape()[axis] > 1 && view.strides()[axis] == 0) return false;
  }
  Addresses own = addresses(view);
  std::sort(own.steps.begin(), own.steps.end(), [](const Step& s, const Step& t) { return s.stride < t.stride; });
  std::int64_t covered = own.item;
  for (const Step& step : own.steps) {
    if (step.stride < covered) return false;
    covered += step.stride * step.last;
  }
  return true;
}

}  // namespace gaussfilt::base
