// Floor 3. Regions prepared for an array: their covers, and the plans that they follow.
#pragma once

#include "base/region.h"

#include <gaussfilt/gaussian_regions.h>

#include <optional>
#include <vector>

namespace gaussfilt::plan {

// All that is asked for. `row` and `column` are the two filtered axes.
struct RegionsTask {
  Layout layout;
  GaussianOptions gaussian;
  RegionsOptions regions;
  Averaged averaged;
  int row = 0, column = 1;

  std::int64_t height() const { return layout.shape[row]; }
  std::int64_t width() const { return layout.shape[column]; }
};

// One region, and how it is averaged: into samples that are rounded, into what mixes with others, or both.
struct RegionPlace {
  const Region* region = nullptr;  // null: all but the regions
  Rect box;
  std::optional<base::Cover> cover;  // kept where there is room, else made again when it is needed
  bool plain = false;                // all weights are 1, and nothing is mixed
  std::optional<Plan> samples;       // the bytes where the weight is 1
  std::optional<Plan> averages;      // in the working dtype
};

// Checks everything. The places point into the task.
std::vector<RegionPlace> prepare_places(const RegionsTask& task);

base::Cover make_cover(const RegionsTask& task, const Region* region);
const Array& weights_of(const base::Cover& cover);

// Shares as f64 in a window of height x width x 1 of the plane.
Array shares_in(const base::Cover& cover, const Window& window);

// The box in all of the array, its axes in the array's order.
Window window_of(const RegionsTask& task, const Rect& box);

}  // namespace gaussfilt::plan
