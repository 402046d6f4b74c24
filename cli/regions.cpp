// Floor 5. Regions as typed become regions of pixels.
#include "regions.h"

#include "files.h"
#include "region_file.h"

#include <gaussfilt/error.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <span>

#include <fmt/format.h>

namespace gaussfilt::cli {
namespace {

double pixels(Length length, std::int64_t size) {
  return length.percent ? length.value / 100 * static_cast<double>(size) : length.value;
}

bool whole(const Length& length) { return length.percent || length.value == std::floor(length.value); }

// Where a box begins and ends along one axis.
struct Span {
  std::int64_t begin = 0, end = 0;
  bool outside = false;
};

Span resolve(Length start, Length length, std::int64_t size) {
  const double begin = pixels(start, size);
  const double end = begin + pixels(length, size);
  // Sums of decimal fractions are off in the last digit.
  constexpr double slack = 1e-6;
  const bool grow = !whole(start) || !whole(length);
  return {.begin = static_cast<std::int64_t>(std::floor(begin + (grow ? slack : 0.5))),
          .end = static_cast<std::int64_t>(grow ? std::ceil(end - slack) : std::floor(end + 0.5)),
          .outside = begin >= static_cast<double>(size) || end <= 0};
}

Rect box_of(const RegionArgument& region, std::int64_t width, std::int64_t height) {
  Span x = resolve(region.numbers[0], region.numbers[2], width);
  Span y = resolve(region.numbers[1], region.numbers[3], height);
  if (x.outside || y.outside)
    throw InvalidArgument(
        fmt::format("region: {} lies outside the picture, which is {} x {} pixels.", region.text, width, height));
  if (region.shape == Region::Shape::rect) {
    x = {.begin = std::max<std::int64_t>(x.begin, 0), .end = std::min(x.end, width)};
    y = {.begin = std::max<std::int64_t>(y.begin, 0), .end = std::min(y.end, height)};
  }
  if (x.end <= x.begin || y.end <= y.begin)
    throw InvalidArgument(
        fmt::format("region: {} is {} x {} pixels of the picture, which is {} x {}, must be at least 1 x 1.",
                    region.text, x.end - x.begin, y.end - y.begin, width, height));
  return {.x = x.begin, .y = y.begin, .width = x.end - x.begin, .height = y.end - y.begin};
}

Region shape_of(const RegionArgument& region, std::int64_t width, std::int64_t height) {
  if (region.shape == Region::Shape::mask) return region.loaded.value();
  if (region.shape != Region::Shape::polygon) {
    const Rect box = box_of(region, width, height);
    return region.shape == Region::Shape::rect ? Region(box) : ellipse_region(box);
  }
  std::vector<Point> corners;
  for (std::size_t i = 0; i + 1 < region.numbers.size(); i += 2)
    corners.push_back({pixels(region.numbers[i], width), pixels(region.numbers[i + 1], height)});
  return polygon_region(std::move(corners));
}

// What the library will find wrong of a single region is told of it by its text.
PlacedRegion place(const RegionArgument& argument, std::int64_t width, std::int64_t height) {
  PlacedRegion placed{.region = shape_of(argument, width, height), .mask = argument.mask};
  if (!argument.sigma.empty()) placed.region.sigma = PerAxis<double>(argument.sigma);
  if (argument.shape == Region::Shape::mask && placed.region.levels->shape() != Shape{height, width})
    throw InvalidArgument(fmt::format("region: the mask {} is {} x {} pixels, must be {} x {} as the picture is.",
                                      argument.mask, placed.region.box.width, placed.region.box.height, width, height));
  return placed;
}

void load_masks(std::vector<RegionArgument>& regions, const ReadArguments& read,
                std::map<std::string, Region>& loaded) {
  for (RegionArgument& region : regions) {
    if (region.shape != Region::Shape::mask) continue;
    auto found = loaded.find(region.mask);
    if (found == loaded.end()) {
      ReadArguments options = read;
      options.options.page.reset();
      const Picture mask = load_picture(region.mask, options);
      try {
        found = loaded.emplace(region.mask, mask_region(mask)).first;
      } catch (const InvalidArgument& error) {
        throw IoError(fmt::format("{}: {}", region.mask, error.what()));
      }
    }
    region.loaded = found->second;
  }
}

}  // namespace

void read_regions(FileArguments& arguments) {
  std::map<std::string, Region> masks;
  load_masks(arguments.regions, arguments.read, masks);
  if (arguments.regions_file.empty()) return;
  auto file = std::make_shared<RegionFile>(read_region_file(arguments.regions_file));
  load_masks(file->regions, arguments.read, masks);
  arguments.region_file = std::move(file);
}

std::vector<PlacedRegion> place_regions(const FileArguments& arguments, const std::string& name,
                                        const Picture& picture) {
  std::vector<PlacedRegion> placed;
  const auto add = [&](std::span<const RegionArgument> regions) {
    for (const RegionArgument& region : regions) placed.push_back(place(region, picture.width(), picture.height()));
  };
  add(arguments.regions);
  if (arguments.region_file) add(regions_for(*arguments.region_file, name, picture.width(), picture.height()));
  return placed;
}

}  // namespace gaussfilt::cli
