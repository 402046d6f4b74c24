// Floor 0. Regions as weights of pixels.
#pragma once

#include <gaussfilt/array.h>
#include <gaussfilt/regions.h>

#include <cstdint>
#include <span>

namespace gaussfilt::base {

// A region in a picture: of each pixel in the box the share that is inside, and the weight, f32. Without values all of
// them are 1; without weights they are the shares.
struct Cover {
  Rect box;
  Array shares;
  Array weights;
};

// Lengths become a box or corners, which may reach beyond the picture. Throws InvalidArgument where a box lies outside
// or has no pixel.
Region resolve(const Region& region, std::int64_t width, std::int64_t height);

// `feather` >= 0. Throws InvalidArgument as region_weights does.
Cover cover_of(const Region& region, std::int64_t width, std::int64_t height, double feather);
Cover cover_of_others(std::span<const Region> regions, std::int64_t width, std::int64_t height, double feather);

// Throws InvalidArgument where it is not finite or negative.
void check_feather(double feather);

// The area of each pixel in the window that the shape covers: exact, but that where edges of a polygon cross each other
// areas are off by up to 1/1000 (in polygons with hundreds of edges side by side 1/100).
Array ellipse_cover(const Rect& box, const Rect& window);
Array polygon_cover(std::span<const Point> corners, const Rect& window);

// The weights that shares come to with a feather.
Array feathered(const Array& shares, double feather);

}  // namespace gaussfilt::base
