// Floor 5. Regions as typed become boxes of pixels when the picture's size is known.
#pragma once

#include "arguments.h"

#include <span>
#include <vector>

namespace gaussfilt::cli {

// Clipped to the picture. Both edges of a box are rounded to the nearest pixel edge, so that boxes that meet in percent
// meet in pixels. Throws InvalidArgument, with the picture's size in it, where nothing is left.
std::vector<Rect> resolve_regions(std::span<const RegionArgument> regions, std::int64_t width, std::int64_t height);

}  // namespace gaussfilt::cli
