// Floor 3. Regions prepared for an array: what is asked for checked, a plan for each region.
#include "plan/region_places.h"

#include "plan/options.h"

#include <gaussfilt/error.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace gaussfilt::plan {
namespace {

bool is_nothing(const PerAxis<double>& sigma) { return sigma[0] == 0 && sigma[1] == 0; }

std::int64_t area(const Rect& box) { return box.width * box.height; }

// x, y as a region has it to row, column as the axes have it.
PerAxis<double> turned(const PerAxis<double>& sigma) {
  return sigma.size() == 1 ? PerAxis<double>(sigma[0]) : PerAxis<double>({sigma[1], sigma[0]});
}

// ---- Masked: averages of the pixels inside alone, in an array of height x width x items with the share as one more
// ----

// The smallest quotient of a sum of shares and the weight there: what is divided by it is off by so much more.
double smallest_sum(const base::Cover& cover, const Plan& plan) {
  const Window window{{cover.box.y, cover.box.x, 0}, {cover.box.height, cover.box.width, 1}};
  const Window source = plan.source_window(window.origin, window.shape);
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

Plan plan_masked(const RegionsTask& task, const base::Cover& cover, GaussianOptions gaussian) {
  constexpr double loose = 1e-9, tightest = 1e-11, least = 1e-8;
  const std::int64_t pixels = task.height() * task.width();
  const std::int64_t items = pixels == 0 ? 0 : task.layout.shape.product() / pixels;
  gaussian.axes = {0, 1};
  gaussian.cval = 0;  // beyond a constant border there is nothing that counts
  if (gaussian.tolerance) {
    const double asked = *gaussian.tolerance;
    gaussian.tolerance = loose;
    const Plan alone = plan_gaussian({{task.height(), task.width(), 1}, DType::f64}, DType::f64, gaussian);
    gaussian.tolerance = std::max(asked * std::max(smallest_sum(cover, alone), least) / 2, tightest);
  }
  return plan_gaussian({{task.height(), task.width(), items + 1}, DType::f64}, DType::f64, gaussian);
}

// Beyond that the pixels inside, which alone count, are too far to say anything.
void check_reach(const RegionsTask& task, const PerAxis<double>& sigma) {
  const GaussianOptions& gaussian = task.gaussian;
  double reach = 3 * std::min(sigma[0], sigma[1]);
  for (const std::size_t axis : {0U, 1U}) {
    if (!gaussian.radius.empty()) reach = std::min(reach, static_cast<double>(gaussian.radius[axis]));
    if (gaussian.truncate) reach = std::min(reach, std::floor(*gaussian.truncate * sigma[axis] + 0.5));
  }
  if (task.regions.feather > reach)
    throw InvalidArgument(
        fmt::format("feather: is {}, must be at most {} where the source is masked: 3 sigma, and the kernel's radius.",
                    task.regions.feather, reach));
}

// ---- Checks ----

void check_regions(const RegionsOptions& options) {
  base::check_feather(options.feather);
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

void check_averaged(const RegionsTask& task) {
  if (!task.averaged.take) return;
  if (task.layout.shape.rank() != 3 || task.row != 0 || task.column != 1)
    throw InvalidArgument(
        "averaged: is given for an array of another form, must be rank 3 with its first axes filtered.");
}

// What plan_gaussian does not see of its options.
void check_gaussian(const RegionsTask& task) {
  for (std::size_t entry = 0; entry < task.gaussian.order.size(); ++entry)
    if (task.gaussian.order[entry] != 0)
      throw InvalidArgument(
          fmt::format("order: is {}, must be 0 where regions are blurred.", task.gaussian.order[entry]));
  if (is_complex(task.layout.dtype))
    throw Unsupported(fmt::format("in: is {}, must be real where regions are blurred; blur its parts one by one.",
                                  name(task.layout.dtype)));
}

// Plans that have been made: in the context of the whole one serves all regions of one sigma.
class Plans {
 public:
  // The first one is of the whole: it refuses what any region's would.
  explicit Plans(const RegionsTask& task)
      : task_(task), in_(task.averaged.take ? task.averaged.working : task.layout.dtype) {
    add(task.gaussian, in_);
  }

  Plan find(const base::Cover& cover, const PerAxis<double>& sigma, DType out) {
    GaussianOptions gaussian = task_.gaussian;
    gaussian.sigma = sigma;
    if (task_.regions.source == RegionSource::masked) return plan_masked(task_, cover, gaussian);
    if (task_.regions.source == RegionSource::crop)
      return plan_gaussian({window_of(task_, cover.box).shape, in_}, out, gaussian);
    for (const Made& made : made_)
      if (made.row == sigma[0] && made.column == sigma[1] && made.out == out) return made.plan;
    return add(gaussian, out);
  }

 private:
  struct Made {
    double row, column;
    DType out;
    Plan plan;
  };

  Plan add(const GaussianOptions& gaussian, DType out) {
    made_.push_back(
        {gaussian.sigma[0], gaussian.sigma[1], out, plan_gaussian({task_.layout.shape, in_}, out, gaussian)});
    return made_.back().plan;
  }

  const RegionsTask& task_;
  DType in_;
  std::vector<Made> made_;
};

// Half a level of 8 bits shows where a region fades out; half of one of 16 does not.
bool is_coarse(DType dtype) { return size_of(dtype) == 1 || dtype == DType::f16; }

void add_plans(const RegionsTask& task, const PerAxis<double>& sigma, const base::Cover& cover, Plans& plans,
               RegionPlace& place) {
  const DType dtype = task.layout.dtype, working = task.averaged.working;
  const bool masked = task.regions.source == RegionSource::masked, weighted = static_cast<bool>(task.averaged.take);
  if (masked || weighted || (!place.plain && (dtype == working || is_coarse(dtype))))
    place.averages = plans.find(cover, sigma, masked ? DType::f64 : working);
  if (!masked && !weighted && (place.plain || dtype != working)) place.samples = plans.find(cover, sigma, dtype);
}

}  // namespace

base::Cover make_cover(const RegionsTask& task, const Region* region) {
  const double feather = task.regions.feather;
  return region == nullptr ? base::cover_of_others(task.regions.regions, task.width(), task.height(), feather)
                           : base::cover_of(*region, task.width(), task.height(), feather);
}

const Array& weights_of(const base::Cover& cover) { return cover.weights.rank() == 0 ? cover.shares : cover.weights; }

Array shares_in(const base::Cover& cover, const Window& window) {
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

Window window_of(const RegionsTask& task, const Rect& box) {
  Window window{Extents::filled(task.layout.shape.rank(), 0), task.layout.shape};
  window.origin[task.row] = box.y;
  window.origin[task.column] = box.x;
  window.shape[task.row] = box.height;
  window.shape[task.column] = box.width;
  return window;
}

std::vector<RegionPlace> prepare_places(const RegionsTask& task) {
  check_regions(task.regions);
  check_gaussian(task);
  check_averaged(task);
  std::vector<RegionPlace> places;
  Plans plans(task);
  const bool masked = task.regions.source == RegionSource::masked;
  std::int64_t room = 2 * task.width() * task.height();  // for covers, in pixels
  const auto add = [&](const Region* region, const PerAxis<double>& sigma) {
    base::Cover cover = make_cover(task, region);
    if (is_nothing(sigma)) return;
    if (masked) check_reach(task, sigma);
    const bool solid = cover.shares.rank() == 0;
    RegionPlace place{
        .region = region, .box = cover.box, .cover = {}, .plain = solid && !masked, .samples = {}, .averages = {}};
    add_plans(task, sigma, cover, plans, place);
    room -= solid ? 0 : area(cover.box);
    if (room >= 0) place.cover = std::move(cover);
    places.push_back(std::move(place));
  };
  if (task.regions.invert) {
    add(nullptr, task.gaussian.sigma);
    return places;
  }
  for (const Region& region : task.regions.regions)
    add(&region, region.sigma ? turned(*region.sigma) : task.gaussian.sigma);
  return places;
}

}  // namespace gaussfilt::plan
