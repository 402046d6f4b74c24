// Floor 4. Blurring regions: what is averaged around each of them, and how that is mixed with what was there.
#include "region_blur.h"

#include <gaussfilt/error.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <iterator>
#include <numeric>
#include <span>
#include <utility>

#include <fmt/format.h>

namespace gaussfilt::pictures {
namespace {

// Calls with the floating type that this is.
template <class Items> void with_working(DType dtype, Items items) {
  if (dtype == DType::f64) {
    items(double{});
  } else {
    items(float{});
  }
}

Window window_of(const Rect& box, std::int64_t bands) {
  return {.origin = {box.y, box.x, 0}, .shape = {box.height, box.width, bands}};
}

MutableView part(const MutableView& whole, const Window& window) {
  std::int64_t offset = 0;
  for (int axis = 0; axis < whole.rank(); ++axis) offset += window.origin[axis] * whole.strides()[axis];
  return {static_cast<std::byte*>(whole.data()) + offset, whole.dtype(), window.shape, whole.strides()};
}

constexpr std::int64_t strip = 16;  // rows that are mixed at a time, while they are in a cache

// What every step on one page needs to know.
struct Job {
  const BlurOptions& options;
  const Approach& way;
  RunOptions run;
};

const Array& weights_of(const Cover& cover) { return cover.weights.rank() == 0 ? cover.shares : cover.weights; }

// ---- Masked: averages of the pixels inside alone ----

// Shares as f64 in a window of the page.
Array shares_in(const Cover& cover, const Window& window) {
  Array out(DType::f64, {window.shape[0], window.shape[1], 1});
  const Rect& box = cover.box;
  const std::int64_t left = std::max(box.x, window.origin[1]);
  const std::int64_t right = std::min(box.x + box.width, window.origin[1] + window.shape[1]);
  const std::int64_t top = std::max(box.y, window.origin[0]);
  const std::int64_t bottom = std::min(box.y + box.height, window.origin[0] + window.shape[0]);
  for (std::int64_t y = top; y < bottom; ++y)
    for (std::int64_t x = left; x < right; ++x)
      out.items<double>()[static_cast<std::size_t>((y - window.origin[0]) * window.shape[1] + x - window.origin[1])] =
          cover.shares.rank() == 0
              ? 1.0
              : double{cover.shares.items<float>()[static_cast<std::size_t>((y - box.y) * box.width + x - box.x)]};
  return out;
}

// Samples times shares, with the share as one more band; of a pixel that does not count not even a NaN.
template <class Working> Array counted(const Array& samples, const Array& shares) {
  const Shape& shape = samples.shape();
  const auto bands = static_cast<std::size_t>(shape[2]);
  Array out(DType::f64, {shape[0], shape[1], shape[2] + 1});
  const Working* in = samples.items<Working>().data();
  double* to = out.items<double>().data();
  for (const double share : shares.items<double>()) {
    for (std::size_t band = 0; band < bands; ++band) to[band] = share == 0 ? 0.0 : double{in[band]} * share;
    to[bands] = share;
    in += bands;
    to += bands + 1;
  }
  return out;
}

template <class Working> void divide(const Array& sums, std::span<Working> out) {
  const auto bands = static_cast<std::size_t>(sums.shape()[2] - 1);
  const double* in = sums.items<double>().data();
  for (std::size_t i = 0; i < out.size(); i += bands, in += bands + 1)
    for (std::size_t band = 0; band < bands; ++band)
      out[i + band] = static_cast<Working>(in[bands] > 0 ? in[band] / in[bands] : 0.0);
}

// The smallest quotient of a sum of shares and the weight there: what is divided by it is off by so much more.
double smallest_sum(const Cover& cover, const Plan& plan) {
  const Window window = window_of(cover.box, 1), source = plan.source_window(window.origin, window.shape);
  Array sums(DType::f64, window.shape);
  plan.run_region(shares_in(cover, source), source.origin, sums, window.origin);
  const Array& weights = weights_of(cover);
  double smallest = 1;
  for (std::size_t i = 0; i < static_cast<std::size_t>(sums.size()); ++i) {
    const double weight = weights.rank() == 0 ? 1.0 : double{weights.items<float>()[i]};
    if (weight > 0) smallest = std::min(smallest, sums.items<double>()[i] / weight);
  }
  return smallest;
}

Plan plan_masked(const Cover& cover, Work work, const BlurOptions& options, const Approach& way) {
  constexpr double loose = 1e-9, tightest = 1e-11, least = 1e-8;
  const Shape& page = work.layout.shape;
  const std::int64_t bands = page[2];
  work.out = DType::f64;
  work.cval = 0;  // beyond a constant border there is nothing that counts
  work.tolerance = loose;
  work.layout = {{page[0], page[1], 1}, DType::f64};
  const double sum = std::max(smallest_sum(cover, plan_work(work, options)), least);
  work.tolerance = std::max(way.tolerance * sum / 2, tightest);
  work.layout.shape[2] = bands + 1;
  return plan_work(work, options);
}

RunStatus average_masked(const Place& place, const Cover& cover, const MutableView& page, Array& out, const Job& job) {
  const Window window = window_of(cover.box, page.shape()[2] + 1);
  Window source = place.plan.source_window(window.origin, window.shape);
  const Array shares = shares_in(cover, source);
  Array sums(DType::f64, window.shape);
  RunStatus status = RunStatus::complete;
  with_working(out.dtype(), [&]<class Working>(Working) {
    source.shape[2] = page.shape()[2];
    const Array samples = counted<Working>(to_weighted(part(page, source), weighting_of(job.way)), shares);
    status = place.plan.run_region(samples, source.origin, sums, window.origin, job.run);
    divide<Working>(sums, out.items<Working>());
  });
  return status;
}

// ---- What a region becomes: bytes where it is plain, else averages that are not yet rounded ----

// The part of a page that a plan must see.
Window source_of(const Plan& plan, const Cover& cover, std::int64_t bands, const Job& job) {
  const Window window = window_of(cover.box, bands);
  return job.options.source == RegionSource::crop ? window : plan.source_window(window.origin, window.shape);
}

RunStatus filter(const Plan& plan, const View& from, const Window& source, Array& out, const Cover& cover,
                 const Job& job) {
  if (job.options.source == RegionSource::crop) return plan.run(from, out, job.run);
  return plan.run_region(from, source.origin, out, {cover.box.y, cover.box.x, 0}, job.run);
}

RunStatus filter(const Plan& plan, const MutableView& page, Array& out, const Cover& cover, const Job& job) {
  const Window source = source_of(plan, cover, page.shape()[2], job);
  return filter(plan, part(page, source), source, out, cover, job);
}

// Integers as they are. Levels of u8 are mixed before they are rounded; where the weight is 1 they are the bytes
// that the whole would have. Of other integers half a level is nothing.
RunStatus average_integers(const Place& place, const Cover& cover, const MutableView& page, Array& out,
                           const Job& job) {
  Array bytes(page.dtype(), out.shape());
  if (filter(*place.rounded, page, bytes, cover, job) == RunStatus::stopped) return RunStatus::stopped;
  if (page.dtype() != DType::u8) {
    out = to_weighted(bytes, weighting_of(job.way));
    return RunStatus::complete;
  }
  const RunStatus status = filter(place.plan, page, out, cover, job);
  const std::span<const float> weights = weights_of(cover).items<float>();
  const auto bands = static_cast<std::size_t>(out.shape()[2]);
  const auto* const levels = static_cast<const std::uint8_t*>(bytes.data());
  float* const averages = out.items<float>().data();
  for (std::size_t i = 0; i < weights.size(); ++i)
    if (weights[i] >= 1)
      for (std::size_t j = i * bands; j < (i + 1) * bands; ++j) averages[j] = levels[j];
  return status;
}

RunStatus average(const Place& place, const Cover& cover, const MutableView& page, Array& out, const Job& job) {
  const Window window = window_of(cover.box, page.shape()[2]);
  out = Array(place.plain ? page.dtype() : job.way.weighting.working, window.shape);
  if (job.options.source == RegionSource::masked) return average_masked(place, cover, page, out, job);
  if (place.rounded) return average_integers(place, cover, page, out, job);
  if (!job.way.weighted) return filter(place.plan, page, out, cover, job);
  const Window source = source_of(place.plan, cover, page.shape()[2], job);
  const Array weighted = to_weighted(part(page, source), weighting_of(job.way));
  if (!place.plain) return filter(place.plan, weighted, source, out, cover, job);
  Array blurred(weighted.dtype(), window.shape);
  const RunStatus status = filter(place.plan, weighted, source, blurred, cover, job);
  if (status == RunStatus::complete) from_weighted(blurred, out, weighting_of(job.way));
  return status;
}

// ---- How it gets into the page ----

std::byte* row(const MutableView& view, std::int64_t y) {
  return static_cast<std::byte*>(view.data()) + y * view.strides()[0];
}

void put(const View& from, const MutableView& to) {
  const std::size_t bytes = static_cast<std::size_t>(from.shape()[1] * from.shape()[2]) * size_of(from.dtype());
  for (std::int64_t y = 0; y < from.shape()[0]; ++y)
    std::memcpy(row(to, y), static_cast<const std::byte*>(from.data()) + y * from.strides()[0], bytes);
}

// Only pixels with a weight, in runs.
void put_weighted(const View& from, const MutableView& to, std::span<const float> weights) {
  const std::size_t bytes = static_cast<std::size_t>(from.shape()[2]) * size_of(from.dtype());
  const auto width = static_cast<std::size_t>(from.shape()[1]);
  const auto* source = static_cast<const std::byte*>(from.data());
  for (std::int64_t y = 0; y < from.shape()[0]; ++y, weights = weights.subspan(width), source += width * bytes)
    for (std::size_t x = 0; x < width;) {
      const std::size_t begin = x;
      while (x < width && weights[x] > 0) ++x;
      if (x > begin) std::memcpy(row(to, y) + begin * bytes, source + begin * bytes, (x - begin) * bytes);
      while (x < width && !(weights[x] > 0)) ++x;
    }
}

// w a + (1 - w) b in a, where w is between 0 and 1.
template <class Working> void mix(std::span<Working> a, std::span<const Working> b, std::span<const float> weights) {
  const std::size_t bands = a.size() / weights.size();
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double weight = weights[i];
    if (weight <= 0 || weight >= 1) continue;
    for (std::size_t j = i * bands; j < (i + 1) * bands; ++j)
      a[j] = static_cast<Working>(weight * a[j] + (1 - weight) * b[j]);
  }
}

void paste(const Place& place, const Cover& cover, Array& averages, const MutableView& page, const Approach& way) {
  const MutableView target = part(page, window_of(cover.box, page.shape()[2]));
  if (place.plain) return put(averages, target);
  const Weighting weighting = weighting_of(way);
  const Array& weights = weights_of(cover);
  if (weights.rank() == 0) return from_weighted(averages, target, weighting);
  with_working(way.weighting.working, [&]<class Working>(Working) {
    const std::int64_t width = target.shape()[1], bands = target.shape()[2];
    for (std::int64_t top = 0; top < target.shape()[0]; top += strip) {
      const Window window{{top, 0, 0}, {std::min(strip, target.shape()[0] - top), width, bands}};
      const auto pixels = static_cast<std::size_t>(window.shape[0] * width);
      const auto first = static_cast<std::size_t>(top * width);
      const MutableView rows = part(target, window);
      const Array under = to_weighted(rows, weighting);
      const auto inside = averages.items<Working>().subspan(first * static_cast<std::size_t>(bands),
                                                            pixels * static_cast<std::size_t>(bands));
      const auto weight = weights.items<float>().subspan(first, pixels);
      mix<Working>(inside, under.items<Working>(), weight);
      Array mixed(page.dtype(), window.shape);
      from_weighted({inside.data(), window.shape}, mixed, weighting);
      put_weighted(mixed, rows, weight);
    }
  });
}

// ---- Several regions ----

std::int64_t area(const Rect& box) { return box.width * box.height; }

std::int64_t area_of(const std::vector<Place>& places) {
  return std::accumulate(places.begin(), places.end(), std::int64_t{0},
                         [](std::int64_t sum, const Place& place) { return sum + area(place.box); });
}

Cover make_cover(const Region* region, const BlurOptions& options, std::int64_t width, std::int64_t height) {
  return region == nullptr ? cover_of_others(options.regions, width, height, options.feather)
                           : cover_of(*region, width, height, options.feather);
}

// The cover of a place, made where it was not kept.
class CoverFor {
 public:
  CoverFor(const Place& place, const BlurOptions& options, const MutableView& page)
      : made_(place.cover ? Cover{} : make_cover(place.region, options, page.shape()[1], page.shape()[0])),
        cover_(place.cover ? *place.cover : made_) {}
  CoverFor(const CoverFor&) = delete;
  CoverFor& operator=(const CoverFor&) = delete;
  const Cover& operator*() const { return cover_; }

 private:
  Cover made_;
  const Cover& cover_;
};

// One after the other, each from `original`, or, where that is the page itself, from what the ones before left.
RunStatus blur_in_turn(const std::vector<Place>& places, const MutableView& original, const MutableView& page,
                       const Job& job) {
  std::int64_t done = 0;
  for (const Place& place : places) {
    const CoverFor cover(place, job.options, page);
    const Job share{job.options, job.way, share_of(job.run, done++, std::ssize(places))};
    Array averages;
    if (average(place, *cover, original, averages, share) == RunStatus::stopped) return RunStatus::stopped;
    paste(place, *cover, averages, page, job.way);
  }
  return RunStatus::complete;
}

// All from the page as it was, which holds until all are known.
RunStatus blur_at_once(const std::vector<Place>& places, const MutableView& page, const Job& job) {
  std::vector<Array> averages(places.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    const CoverFor cover(places[i], job.options, page);
    const Job share{job.options, job.way, share_of(job.run, static_cast<std::int64_t>(i), std::ssize(places))};
    if (average(places[i], *cover, page, averages[i], share) == RunStatus::stopped) return RunStatus::stopped;
  }
  for (std::size_t i = 0; i < places.size(); ++i)
    paste(places[i], *CoverFor(places[i], job.options, page), averages[i], page, job.way);
  return RunStatus::complete;
}

// ---- Preparing ----

// Beyond that the pixels inside, which alone count, are too far to say anything.
void check_reach(const BlurOptions& options, const PerAxis<double>& sigma) {
  double reach = 3 * std::min(sigma[0], sigma[1]);
  for (const std::size_t axis : {0U, 1U}) {
    if (!options.radius.empty()) reach = std::min(reach, static_cast<double>(options.radius[axis]));
    if (options.truncate) reach = std::min(reach, std::floor(*options.truncate * sigma[axis] + 0.5));
  }
  if (options.feather > reach)
    throw InvalidArgument(
        fmt::format("feather: is {}, must be at most {} where the source is masked: 3 sigma, and the kernel's radius.",
                    options.feather, reach));
}

void check_regions(const BlurOptions& options) {
  check_feather(options.feather);
  if (options.regions.size() > max_regions)
    throw InvalidArgument(fmt::format("regions: there are {}, must be at most {}; blur them in several runs.",
                                      options.regions.size(), max_regions));
  for (const Region& region : options.regions) {
    if (!region.sigma) continue;
    const PerAxis<double>& sigma = *region.sigma;
    if (options.invert)
      throw InvalidArgument("region: has a sigma of its own, must have none where all but the regions is blurred.");
    if (sigma.size() != 1 && sigma.size() != 2)
      throw InvalidArgument(fmt::format("region: sigma has {} values, must have one or two (x, y).", sigma.size()));
    if (is_nothing(sigma)) throw InvalidArgument("region: sigma is 0, must be > 0; leave the region out.");
  }
}

// Plans that have been made: in the context of the page one serves all regions of one sigma.
class Plans {
 public:
  Plans(const Picture& picture, const BlurOptions& options, const Approach& way, const Plan& page)
      : options_(options), way_(way), work_(page_work(picture, picture.page(0).shape(), options, way)) {
    made_.push_back({options.sigma[0], options.sigma[1], true, page});
  }

  Plan find(const Cover& cover, const PerAxis<double>& sigma, bool plain) {
    Work work = work_;
    work.sigma = sigma;
    if (options_.source == RegionSource::masked) return plan_masked(cover, std::move(work), options_, way_);
    if (!plain) work.out = way_.weighting.working;
    if (options_.source == RegionSource::crop) {
      work.layout.shape = {cover.box.height, cover.box.width, work.layout.shape[2]};
      return plan_work(work, options_);
    }
    for (const Made& made : made_)
      if (made.x == sigma[0] && made.y == sigma[1] && made.plain == plain) return made.plan;
    made_.push_back({sigma[0], sigma[1], plain, plan_work(work, options_)});
    return made_.back().plan;
  }

 private:
  struct Made {
    double x, y;
    bool plain;
    Plan plan;
  };
  const BlurOptions& options_;
  const Approach& way_;
  Work work_;
  std::vector<Made> made_;
};

}  // namespace

std::vector<Place> prepare_places(const Picture& picture, const BlurOptions& options, const Approach& way,
                                  const Plan& page) {
  check_regions(options);
  std::vector<Place> places;
  Plans plans(picture, options, way, page);
  const bool masked = options.source == RegionSource::masked;
  std::int64_t room = 2 * picture.width() * picture.height();  // for covers, in pixels
  const auto add = [&](const Region* region, const PerAxis<double>& sigma) {
    Cover cover = make_cover(region, options, picture.width(), picture.height());
    if (is_nothing(sigma)) return;
    if (masked) check_reach(options, sigma);
    const bool solid = cover.shares.rank() == 0, plain = solid && !masked;
    Place place{.region = region,
                .box = cover.box,
                .cover = {},
                .plain = plain,
                .plan = plans.find(cover, sigma, plain),
                .rounded = {}};
    if (!plain && !masked && !way.weighted && !is_floating(picture.dtype()))
      place.rounded = plans.find(cover, sigma, true);
    room -= solid ? 0 : area(cover.box);
    if (room >= 0) place.cover = std::move(cover);
    places.push_back(std::move(place));
  };
  if (options.invert && !options.regions.empty()) {
    add(nullptr, options.sigma);
    return places;
  }
  for (const Region& region : options.regions) add(&region, region.sigma ? *region.sigma : options.sigma);
  return places;
}

RunStatus blur_places(const std::vector<Place>& places, const MutableView& page, const BlurOptions& options,
                      const Approach& way, const RunOptions& run) {
  const Job job{options, way, run};
  if (places.size() < 2 || options.source == RegionSource::crop) return blur_in_turn(places, page, page, job);
  if (area_of(places) <= page.shape()[0] * page.shape()[1]) return blur_at_once(places, page, job);
  Array original(page.dtype(), page.shape());
  put(page, original);
  return blur_in_turn(places, original, page, job);
}

}  // namespace gaussfilt::pictures
