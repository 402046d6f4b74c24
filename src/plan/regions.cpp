// Floor 3. Blurring regions: what is averaged around each of them, and how that is mixed with what was there. The
// plane of a region comes first here: views are turned to row, column, rest, whatever order the array has.
#include "base/lines.h"
#include "passes/convert.h"
#include "plan/options.h"
#include "plan/region_places.h"

#include <gaussfilt/error.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <numeric>
#include <span>
#include <utility>

#include <fmt/format.h>

namespace gaussfilt {
namespace plan {
namespace {

constexpr std::int64_t strip = 16;  // rows that are mixed at a time, while they are in a cache

// What every step of one run needs to know.
struct Work {
  const RegionsTask& task;
  RunOptions run;
};

// A region averaged: what mixes with others, or the bytes where the weight is 1, or both. Axes are in the array's
// order.
struct Averages {
  Array mixing;
  Array samples;
};

// Calls with the floating type that this is.
template <class Items> void with_working(DType dtype, Items items) {
  if (dtype == DType::f64) {
    items(double{});
  } else {
    items(float{});
  }
}

// ---- Views ----

std::ptrdiff_t offset_of(const Strides& strides, const Index& origin) {
  std::ptrdiff_t offset = 0;
  for (int axis = 0; axis < strides.rank(); ++axis) offset += origin[axis] * strides[axis];
  return offset;
}

View part(const View& whole, const Window& window) {
  return {static_cast<const std::byte*>(whole.data()) + offset_of(whole.strides(), window.origin), whole.dtype(),
          window.shape, whole.strides()};
}

MutableView part(const MutableView& whole, const Window& window) {
  return {static_cast<std::byte*>(whole.data()) + offset_of(whole.strides(), window.origin), whole.dtype(),
          window.shape, whole.strides()};
}

// The entries of the filtered axes first, then all others in their order.
Extents turned(const Extents& extents, const RegionsTask& task) {
  Extents result{extents[task.row], extents[task.column]};
  for (int axis = 0; axis < extents.rank(); ++axis)
    if (axis != task.row && axis != task.column) result.push_back(extents[axis]);
  return result;
}

View turned(const View& view, const RegionsTask& task) {
  return {view.data(), view.dtype(), turned(view.shape(), task), turned(view.strides(), task)};
}

MutableView turned(const MutableView& view, const RegionsTask& task) {
  return {view.data(), view.dtype(), turned(view.shape(), task), turned(view.strides(), task)};
}

// Of a turned view: some rows, and in them some columns.
Window piece_of(const Shape& shape, std::int64_t top, std::int64_t rows, std::int64_t left, std::int64_t columns) {
  Window window{Extents::filled(shape.rank(), 0), shape};
  window.origin[0] = top;
  window.origin[1] = left;
  window.shape[0] = rows;
  window.shape[1] = columns;
  return window;
}

// Items after the plane's two axes.
std::int64_t items_of(const Shape& turned_shape) {
  return std::accumulate(turned_shape.begin() + 2, turned_shape.end(), std::int64_t{1}, std::multiplies<>());
}

// ---- What is averaged ----

// Into gapless memory; both turned.
template <class Working> void convert_in(const View& samples, Working* out) {
  const Shape& shape = samples.shape();
  const std::int64_t items = items_of(shape);
  const auto* from = static_cast<const std::byte*>(samples.data());
  bool gapless = true;  // within a pixel
  std::int64_t next = static_cast<std::int64_t>(size_of(samples.dtype()));
  for (int axis = shape.rank() - 1; axis > 1; next *= shape[axis], --axis)
    gapless = gapless && (shape[axis] == 1 || samples.strides()[axis] == next);
  if (!gapless) {
    Array copy(samples.dtype(), shape);
    base::copy_items(samples, copy);
    return convert_in(copy, out);
  }
  const auto convert = passes::convert<Working>(samples.dtype()).in;
  for (std::int64_t y = 0; y < shape[0]; ++y, out += shape[1] * items)
    convert(from + y * samples.strides()[0], samples.strides()[1], static_cast<std::size_t>(shape[1]),
            static_cast<std::size_t>(items), out);
}

// `averaged` is gapless, both are turned.
void take(const View& samples, const MutableView& averaged, const RegionsTask& task) {
  if (task.averaged.take) return task.averaged.take(samples, averaged);
  with_working(averaged.dtype(),
               [&]<class Working>(Working) { convert_in(samples, static_cast<Working*>(averaged.data())); });
}

// Both gapless.
void give(const View& averaged, const MutableView& samples, const RegionsTask& task) {
  if (task.averaged.give) return task.averaged.give(averaged, samples);
  with_working(averaged.dtype(), [&]<class Working>(Working) {
    passes::convert<Working>(samples.dtype())
        .out(static_cast<const Working*>(averaged.data()), static_cast<std::byte*>(samples.data()),
             static_cast<std::ptrdiff_t>(size_of(samples.dtype())), 1,
             static_cast<std::size_t>(samples.shape().product()));
  });
}

Array taken(const View& samples, const RegionsTask& task) {
  Array result(task.averaged.working, samples.shape());
  take(samples, result, task);
  return result;
}

// ---- Masked: averages of the pixels inside alone ----

// Samples times shares, with the share as one more item; of a pixel that does not count not even a NaN.
template <class Working> Array counted(std::span<const Working> samples, const Array& shares, std::int64_t items) {
  Array out(DType::f64, {shares.shape()[0], shares.shape()[1], items + 1});
  const Working* in = samples.data();
  double* to = out.items<double>().data();
  for (const double share : shares.items<double>()) {
    for (std::int64_t item = 0; item < items; ++item) to[item] = share == 0 ? 0.0 : double{in[item]} * share;
    to[items] = share;
    in += items;
    to += items + 1;
  }
  return out;
}

template <class Working> void divide(const Array& sums, std::span<Working> out) {
  const auto items = static_cast<std::size_t>(sums.shape()[2] - 1);
  const double* in = sums.items<double>().data();
  for (std::size_t i = 0; i < out.size(); i += items, in += items + 1)
    for (std::size_t item = 0; item < items; ++item)
      out[i + item] = static_cast<Working>(in[items] > 0 ? in[item] / in[items] : 0.0);
}

RunStatus average_masked(const RegionPlace& place, const base::Cover& cover, const View& original, Averages& averages,
                         const Work& work) {
  const RegionsTask& task = work.task;
  const View whole = turned(original, task);
  const std::int64_t items = items_of(whole.shape());
  const Rect& box = cover.box;
  const Window window{{box.y, box.x, 0}, {box.height, box.width, items + 1}};
  const Window source = place.averages->source_window(window.origin, window.shape);
  const Array shares = shares_in(cover, source);
  Array sums(DType::f64, window.shape);
  averages.mixing = Array(task.averaged.working, window_of(task, box).shape);
  RunStatus status = RunStatus::complete;
  with_working(task.averaged.working, [&]<class Working>(Working) {
    const Array samples = taken(
        part(whole, piece_of(whole.shape(), source.origin[0], source.shape[0], source.origin[1], source.shape[1])),
        task);
    status = place.averages->run_region(counted<Working>(samples.items<Working>(), shares, items), source.origin, sums,
                                        window.origin, work.run);
    const MutableView target = turned(MutableView(averages.mixing), task);
    Array quotients(task.averaged.working, target.shape());
    divide<Working>(sums, quotients.items<Working>());
    base::copy_items(quotients, target);
  });
  return status;
}

// ---- What a region becomes ----

// Runs a plan for the box of a region, from the array or from what is averaged in place of its samples.
RunStatus filter(const Plan& plan, const View& original, Array& out, const base::Cover& cover, const Work& work) {
  const bool crop = work.task.regions.source == RegionSource::crop;
  const Window window = window_of(work.task, cover.box);
  const Window source = crop ? window : plan.source_window(window.origin, window.shape);
  const View from = part(original, source);
  const auto run = [&](const View& samples) {
    return crop ? plan.run(samples, out, work.run)
                : plan.run_region(samples, source.origin, out, window.origin, work.run);
  };
  return work.task.averaged.take ? run(taken(from, work.task)) : run(from);
}

RunStatus average(const RegionPlace& place, const base::Cover& cover, const View& original, Averages& averages,
                  const Work& work) {
  const RegionsTask& task = work.task;
  const Shape shape = window_of(task, cover.box).shape;
  if (task.regions.source == RegionSource::masked) return average_masked(place, cover, original, averages, work);
  if (place.samples) {
    averages.samples = Array(task.layout.dtype, shape);
    if (filter(*place.samples, original, averages.samples, cover, work) == RunStatus::stopped)
      return RunStatus::stopped;
  }
  if (!place.averages) return RunStatus::complete;
  averages.mixing = Array(task.averaged.working, shape);
  const RunStatus status = filter(*place.averages, original, averages.mixing, cover, work);
  if (status == RunStatus::stopped || !place.plain) return status;
  averages.samples = Array(task.layout.dtype, shape);
  give(averages.mixing, averages.samples, task);
  averages.mixing = Array();
  return status;
}

// ---- How it gets into the array ----

// w a + (1 - w) b in b where w is between, a where it is 1.
template <class Working> void mix(const Working* a, Working* b, std::span<const float> weights, std::int64_t items) {
  for (const float share : weights) {
    const double weight = share;
    if (weight >= 1) std::copy_n(a, items, b);
    else if (weight > 0)
      for (std::int64_t i = 0; i < items; ++i) b[i] = static_cast<Working>(weight * a[i] + (1 - weight) * b[i]);
    a += items;
    b += items;
  }
}

// Only pixels with a weight, in runs; those of the weight 1 from `whole` where there is one.
void put_weighted(const View& mixed, const View& whole, const MutableView& to, std::span<const float> weights) {
  const Shape& shape = to.shape();
  const auto kind = [&](float weight) { return !(weight > 0) ? 0 : weight >= 1 && whole.rank() != 0 ? 2 : 1; };
  const std::int64_t width = shape[1];
  for (std::int64_t y = 0; y < shape[0]; ++y, weights = weights.subspan(static_cast<std::size_t>(width)))
    for (std::int64_t x = 0; x < width;) {
      const std::int64_t begin = x;
      const int what = kind(weights[static_cast<std::size_t>(begin)]);
      while (x < width && kind(weights[static_cast<std::size_t>(x)]) == what) ++x;
      if (what == 0) continue;
      const Window run = piece_of(shape, y, 1, begin, x - begin);
      base::copy_items(part(what == 2 ? whole : mixed, run), part(to, run));
    }
}

// Room for a strip of the box, gapless and turned: what is mixed, what was there, what becomes of it.
struct Strip {
  Array averaged, under, mixed;
  Strip(const Shape& shape, const RegionsTask& task)
      : averaged(task.averaged.working, shape), under(task.averaged.working, shape), mixed(task.layout.dtype, shape) {}
};

void paste_strip(const Averages& averages, const MutableView& rows, const Window& window,
                 std::span<const float> weights, const RegionsTask& task, Strip& room) {
  const DType working = task.averaged.working;
  const Shape& shape = window.shape;
  View whole;
  if (averages.samples.rank() != 0) whole = part(turned(View(averages.samples), task), window);
  View averaged(room.averaged.data(), working, shape);
  if (averages.mixing.rank() == 0) {
    take(whole, {room.averaged.data(), working, shape}, task);
  } else if (const View piece = part(turned(View(averages.mixing), task), window);
             piece.strides() == averaged.strides()) {
    averaged = piece;
  } else {
    base::copy_items(piece, {room.averaged.data(), working, shape});
  }
  const MutableView under(room.under.data(), working, shape), mixed(room.mixed.data(), task.layout.dtype, shape);
  take(rows, under, task);
  with_working(working, [&]<class Working>(Working) {
    mix(static_cast<const Working*>(averaged.data()), static_cast<Working*>(under.data()), weights, items_of(shape));
  });
  give(under, mixed, task);
  put_weighted(mixed, whole, rows, weights);
}

void paste(const RegionPlace& place, const base::Cover& cover, const Averages& averages, const MutableView& out,
           const RegionsTask& task) {
  const MutableView box = part(out, window_of(task, cover.box));
  if (place.plain) return base::copy_items(averages.samples, box);
  const MutableView target = turned(box, task);
  const std::int64_t height = target.shape()[0], width = target.shape()[1];
  const Array& weights = weights_of(cover);
  const std::vector<float> ones(weights.rank() == 0 ? static_cast<std::size_t>(strip * width) : 0, 1.0F);
  Strip room(piece_of(target.shape(), 0, std::min(strip, height), 0, width).shape, task);
  for (std::int64_t top = 0; top < height; top += strip) {
    const Window window = piece_of(target.shape(), top, std::min(strip, height - top), 0, width);
    const auto pixels = static_cast<std::size_t>(window.shape[0] * width);
    const std::span<const float> weight =
        weights.rank() == 0 ? std::span(ones).first(pixels)
                            : weights.items<float>().subspan(static_cast<std::size_t>(top * width), pixels);
    paste_strip(averages, part(target, window), window, weight, task, room);
  }
}

// ---- Several regions ----

// Progress of one part of the work.
RunOptions share_of(const RunOptions& run, std::int64_t part, std::int64_t parts) {
  if (parts == 1 || !run.progress) return run;
  return {.stop = run.stop, .progress = [&run, part, parts](double done) {
            run.progress((static_cast<double>(part) + done) / static_cast<double>(parts));
          }};
}

// The cover of a place, made where it was not kept.
class CoverFor {
 public:
  CoverFor(const RegionPlace& place, const RegionsTask& task)
      : made_(place.cover ? base::Cover{} : make_cover(task, place.region)),
        cover_(place.cover ? *place.cover : made_) {}
  CoverFor(const CoverFor&) = delete;
  CoverFor& operator=(const CoverFor&) = delete;
  const base::Cover& operator*() const { return cover_; }

 private:
  base::Cover made_;
  const base::Cover& cover_;
};

// One after the other, each from `original`, or, where that is the output itself, from what the ones before left.
RunStatus blur_in_turn(const std::vector<RegionPlace>& places, const View& original, const MutableView& out,
                       const Work& work) {
  std::int64_t done = 0;
  for (const RegionPlace& place : places) {
    const CoverFor cover(place, work.task);
    Averages averages;
    if (average(place, *cover, original, averages, {work.task, share_of(work.run, done++, std::ssize(places))}) ==
        RunStatus::stopped)
      return RunStatus::stopped;
    paste(place, *cover, averages, out, work.task);
  }
  return RunStatus::complete;
}

// All from the array as it was, which holds until all are known.
RunStatus blur_at_once(const std::vector<RegionPlace>& places, const MutableView& out, const Work& work) {
  std::vector<Averages> averages(places.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    const CoverFor cover(places[i], work.task);
    const Work share{work.task, share_of(work.run, static_cast<std::int64_t>(i), std::ssize(places))};
    if (average(places[i], *cover, out, averages[i], share) == RunStatus::stopped) return RunStatus::stopped;
  }
  for (std::size_t i = 0; i < places.size(); ++i)
    paste(places[i], *CoverFor(places[i], work.task), averages[i], out, work.task);
  return RunStatus::complete;
}

std::int64_t area_of(const std::vector<RegionPlace>& places) {
  return std::accumulate(places.begin(), places.end(), std::int64_t{0}, [](std::int64_t sum, const RegionPlace& place) {
    return sum + place.box.width * place.box.height;
  });
}

RunStatus blur_places(const std::vector<RegionPlace>& places, const View& in, const MutableView& out, bool in_place,
                      const Work& work) {
  const RegionsTask& task = work.task;
  if (places.size() < 2 || task.regions.source == RegionSource::crop) return blur_in_turn(places, out, out, work);
  if (!in_place) return blur_in_turn(places, in, out, work);
  if (area_of(places) <= task.height() * task.width()) return blur_at_once(places, out, work);
  Array original(out.dtype(), out.shape());
  base::copy_items(out, original);
  return blur_in_turn(places, original, out, work);
}

// ---- Asking ----

DType working_of(DType dtype) { return size_of(dtype) <= 2 || dtype == DType::f32 ? DType::f32 : DType::f64; }

RegionsTask task_of(const Layout& layout, const GaussianOptions& gaussian, const RegionsOptions& regions,
                    const Averaged& averaged) {
  RegionsTask task{.layout = layout, .gaussian = gaussian, .regions = regions, .averaged = averaged};
  if (layout.shape.rank() < 2)
    throw InvalidArgument(fmt::format("in: has rank {}, must have two axes or more for regions.", layout.shape.rank()));
  if (!gaussian.axes.list()) task.gaussian.axes = {0, 1};
  const std::vector<int> axes = resolve_axes(task.gaussian.axes, layout.shape.rank());
  if (axes.size() != 2)
    throw InvalidArgument(
        fmt::format("axes: there are {}, must be the two that regions lie in, rows and columns "
                    "(axes = {{0, 1}}).",
                    axes.size()));
  check_count("sigma", gaussian.sigma.size(), 2);
  if (!gaussian.radius.empty()) check_count("radius", gaussian.radius.size(), 2);
  task.row = axes[0];
  task.column = axes[1];
  if (!averaged.take) task.averaged.working = working_of(layout.dtype);
  return task;
}

void check_view(std::string_view argument, const View& view, const Layout& layout) {
  if (view.dtype() != layout.dtype)
    throw InvalidArgument(
        fmt::format("{}: is {}, must be {} as planned.", argument, name(view.dtype()), name(layout.dtype)));
  if (!(view.shape() == layout.shape))
    throw InvalidArgument(fmt::format("{}: is {}, must be {} as planned.", argument, fmt::join(view.shape(), " x "),
                                      fmt::join(layout.shape, " x ")));
}

}  // namespace
}  // namespace plan

inline namespace v0 {

struct RegionsPlan::State {
  plan::RegionsTask task;
  std::vector<plan::RegionPlace> places;  // they point into the task
};

RegionsPlan plan_gaussian_regions(const Layout& layout, const GaussianOptions& gaussian, const RegionsOptions& regions,
                                  const Averaged& averaged) {
  const auto state = std::make_shared<RegionsPlan::State>();
  state->task = plan::task_of(layout, gaussian, regions, averaged);
  state->places = plan::prepare_places(state->task);
  return RegionsPlan(state);
}

RunStatus RegionsPlan::run(const View& in, const MutableView& out, const RunOptions& options) const {
  plan::check_view("in", in, state_->task.layout);
  plan::check_view("out", out, state_->task.layout);
  if (!base::items_disjoint(out)) throw InvalidArgument("out: items of it share memory, must be apart.");
  const bool in_place = in.data() == out.data() && in.strides() == out.strides();
  if (!in_place) {
    if (base::overlap(in, out))
      throw InvalidArgument("out: shares memory with in without being the same view, must be apart or the same.");
    base::copy_items(in, out);
  }
  return plan::blur_places(state_->places, in, out, in_place, {state_->task, options});
}

void gaussian_regions(const View& in, const MutableView& out, const GaussianOptions& gaussian,
                      const RegionsOptions& regions) {
  if (out.dtype() != in.dtype())
    throw InvalidArgument(fmt::format("out: is {}, must be {} as in is: outside the regions every bit stays.",
                                      name(out.dtype()), name(in.dtype())));
  plan_gaussian_regions(in.layout(), gaussian, regions).run(in, out);
}

}  // namespace v0
}  // namespace gaussfilt
