// Floor 5. Regions as typed become boxes of pixels.
#include "regions.h"

#include <gaussfilt/error.h>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace gaussfilt::cli {
namespace {

double pixels(Length length, std::int64_t size) {
  return length.percent ? length.value / 100 * static_cast<double>(size) : length.value;
}

// Where a box begins and ends along one axis, cut off at the picture's edges.
struct Span {
  std::int64_t begin = 0, end = 0;
  bool outside = false;
};

Span resolve(Length start, Length length, std::int64_t size) {
  const double begin = pixels(start, size);
  const double end = begin + pixels(length, size);
  const auto limit = static_cast<double>(size);
  const auto edge = [&](double at) { return static_cast<std::int64_t>(std::clamp(std::floor(at + 0.5), 0.0, limit)); };
  return {.begin = edge(begin), .end = edge(end), .outside = begin >= limit || end <= 0};
}

bool sensible(const RegionArgument& region) {
  const auto finite = [](const Length& length) { return std::isfinite(length.value); };
  return std::all_of(region.box.begin(), region.box.end(), finite) && region.box[2].value > 0 &&
         region.box[3].value > 0;
}

}  // namespace

std::vector<Rect> resolve_regions(std::span<const RegionArgument> regions, std::int64_t width, std::int64_t height) {
  std::vector<Rect> boxes;
  for (const RegionArgument& region : regions) {
    if (!sensible(region))
      throw InvalidArgument(fmt::format(
          "region: is '{}', must be X,Y,W,H with a size above 0; the picture is {} x {} pixels "
          "(--region 0,0,{},{}).",
          region.text, width, height, std::max<std::int64_t>(width / 2, 1), std::max<std::int64_t>(height / 2, 1)));
    const Span x = resolve(region.box[0], region.box[2], width);
    const Span y = resolve(region.box[1], region.box[3], height);
    if (x.outside || y.outside)
      throw InvalidArgument(
          fmt::format("region: {} lies outside the picture, which is {} x {} pixels.", region.text, width, height));
    if (x.end <= x.begin || y.end <= y.begin)
      throw InvalidArgument(
          fmt::format("region: {} is {} x {} pixels of the picture, which is {} x {}, must be at least 1 x 1.",
                      region.text, x.end - x.begin, y.end - y.begin, width, height));
    boxes.push_back({.x = x.begin, .y = y.begin, .width = x.end - x.begin, .height = y.end - y.begin});
  }
  return boxes;
}

}  // namespace gaussfilt::cli
