// Floor 4. Blurring regions of a picture.
#pragma once

#include "approach.h"
#include "region.h"

#include <optional>
#include <vector>

namespace gaussfilt::pictures {

// One region, prepared for every page.
struct Place {
  const Region* region = nullptr;  // null: all but the regions
  Rect box;
  std::optional<Cover> cover;  // kept where there is room, else made again when it is needed
  bool plain = false;          // all weights are 1, and nothing is mixed
  Plan plan;
  std::optional<Plan> rounded;  // of integers that are mixed: what makes the bytes where the weight is 1
};

// `page`: the plan of a whole page. Throws InvalidArgument. The options must live as long as the places.
std::vector<Place> prepare_places(const Picture& picture, const BlurOptions& options, const Approach& way,
                                  const Plan& page);

RunStatus blur_places(const std::vector<Place>& places, const MutableView& page, const BlurOptions& options,
                      const Approach& way, const RunOptions& run);

}  // namespace gaussfilt::pictures
