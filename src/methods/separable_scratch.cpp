// Floor 2. The sizes of the separable method's scratch.
#include "methods/separable_scratch.h"

#include "base/scratch.h"
#include "methods/spans.h"
#include "passes/fir_turned.h"

#include <algorithm>
#include <type_traits>

namespace gaussfilt::methods {
namespace {

using base::ScratchFrame;
using base::Walk;
using base::WalkAxis;

std::size_t size(std::int64_t n) { return static_cast<std::size_t>(n); }

// Columns and row go by stretches, so that each finds in the L1 cache what the one before it left there. Rows are taken
// together where there are taps enough to pay for turning them and samples of one channel lie close.
template <class T> void plan_rows(const Walk& walk, const Tiling& tiling, ScratchPlan& plan) {
  constexpr std::size_t most_inner = 4, shortest = 128, longest = 4096 / sizeof(T), most_reach = 4096;
  const std::size_t inner = size(walk.inner), outputs = size(tiling.row) * inner, step = line_of<T> * inner;
  const auto whole_steps = [step](std::size_t n) { return (n + step - 1) / step * step; };
  plan.stretch = outputs;
  if (walk.row.task == nullptr || inner > longest) return;
  plan.stretch = std::min(outputs, whole_steps(longest));
  const passes::TurnedPass<T>& turned = passes::turned<T>();
  const base::TapList<T>& taps = walk.row.task->template taps<T>();
  if (!turned.takes(taps, inner) || inner > most_inner) return;
  const std::size_t reach = size(taps.offsets[0]) * inner;
  if (reach > most_reach) return;
  plan.together = turned.together;
  plan.group = rows_at_once;
  plan.stretch = std::min(outputs, whole_steps(std::clamp(2 * reach, shortest, longest)));
  plan.turning = plan.together * (plan.stretch + 2 * reach + 16);
}

template <class T> void plan_turns(const Walk& walk, const Tiling& tiling, ScratchPlan& plan) {
  const auto turned = [&walk](std::int64_t rows, std::int64_t samples, DType dtype) {
    const std::size_t bytes = size(samples * walk.inner) * size_of(dtype);
    return TurnedRows{.rows = size(rows), .pitch = (bytes + 63) / 64 * 64 + 64};
  };
  const bool converts = walk.src_dtype != (std::is_same_v<T, float> ? DType::f32 : DType::f64);
  if (converts) {
    plan.band = turned(tiling.band, touched_row(walk.row, tiling.row), walk.src_dtype);
  }
  plan.waiting = turned(tiling.stored_band, tiling.row, walk.dst_dtype);
}

template <class T> std::size_t bytes_of(const ScratchPlan& plan, std::size_t levels) {
  const auto row_bytes = [](std::size_t components) { return ScratchFrame::padded(components * sizeof(T)); };
  const auto indices = [](std::size_t count) { return ScratchFrame::padded(count * sizeof(std::int64_t)); };
  std::size_t bytes = row_bytes(plan.pitch * plan.panel_rows) + indices(plan.indices) + indices(plan.edges) +
                      (levels + 1) * 2 * ScratchFrame::padded((plan.pointers + 1) * sizeof(T*)) +
                      levels * row_bytes(plan.pitch) + row_bytes(plan.turning) +
                      ScratchFrame::padded(plan.band.bytes()) + ScratchFrame::padded(plan.waiting.bytes()) +
                      size(plan.group) * (row_bytes(plan.extended) + row_bytes(plan.pitch) + row_bytes(plan.result));
  for (const std::size_t rows : plan.slab_rows) bytes += row_bytes(rows * plan.pitch);
  return bytes;
}

}  // namespace

template <class T> ScratchPlan plan_scratch(const Walk& walk, const Tiling& tiling, bool streams) {
  ScratchPlan plan;
  const std::size_t inner = size(walk.inner);
  constexpr std::size_t line = line_of<T>;
  plan.pitch = (size(touched_row(walk.row, tiling.row)) * inner + line - 1) / line * line + line;
  const std::size_t row = size(tiling.row + before(walk.row) + after(walk.row));
  plan.extended = row * inner + 2 * margin_of<T> + line_of<T>;
  if (walk.row.task != nullptr) plan.edges = row;
  plan_rows<T>(walk, tiling, plan);
  plan.result = walk.row_first || (streams && plan.together > 0) ? size(tiling.row) * inner : plan.stretch;
  plan_turns<T>(walk, tiling, plan);
  const std::size_t levels = walk.columns.size();
  plan.panel_rows = size(panel_rows(walk, tiling));
  plan.plane_rows = plane_rows(walk, tiling);
  plan.indices = span_entries(walk, tiling);
  for (std::size_t level = 0; level < levels; ++level) {
    const WalkAxis& axis = walk.columns[level];
    const std::size_t extended = size(tiling.columns[level] + before(axis) + after(axis));
    plan.pointers = std::max(plan.pointers, extended);
    plan.slab_rows.push_back(size(slab_rows(walk, tiling, level)));
    plan.pointers = std::max(plan.pointers, size(tiling.columns[level]));
  }
  plan.bytes = bytes_of<T>(plan, levels);
  return plan;
}

template <class T> TileMemory<T>::TileMemory(const ScratchPlan& plan, std::size_t levels, std::byte* scratch) {
  ScratchFrame frame(scratch);
  indices = frame.take<std::int64_t>(plan.indices);
  panel = frame.take<T>(plan.pitch * plan.panel_rows);
  band = frame.take<std::byte>(plan.band.bytes());
  waiting = frame.take<std::byte>(plan.waiting.bytes());
  for (std::size_t i = 0; i < levels; ++i) {
    slabs.push_back(frame.take<T>(plan.slab_rows[i] * plan.pitch));
    rows.push_back(frame.take<const T*>(plan.pointers + 1));
    targets.push_back(frame.take<T*>(plan.pointers + 1));
    constants.push_back(frame.take<T>(plan.pitch));
  }
  for (std::size_t i = 0; i < size(plan.group); ++i) {
    extended[i] = frame.take<T>(plan.extended).subspan(margin_of<T>).data();
    windows[i] = frame.take<T>(plan.pitch);
    results[i] = frame.take<T>(plan.result);
  }
  turning = frame.take<T>(plan.turning);
  edges = frame.take<std::int64_t>(plan.edges);
}

template struct TileMemory<float>;
template struct TileMemory<double>;
template ScratchPlan plan_scratch<float>(const Walk&, const Tiling&, bool);
template ScratchPlan plan_scratch<double>(const Walk&, const Tiling&, bool);

}  // namespace gaussfilt::methods
