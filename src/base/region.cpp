// Floor 0. Regions become weights of pixels.
#include "base/region.h"

#include "base/dtype.h"

#include <gaussfilt/error.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <string>
#include <type_traits>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace gaussfilt::base {
namespace {

// Where a box begins along one axis, and how much of it is left, cut to the picture.
std::pair<std::int64_t, std::int64_t> cut(std::int64_t first, std::int64_t count, std::int64_t limit) {
  const std::int64_t begin = std::clamp<std::int64_t>(first, 0, limit);
  // first + count may not fit; with first < 0 it does, else limit - begin is what can be left.
  const std::int64_t end =
      first < 0 ? std::clamp<std::int64_t>(first + count, 0, limit) : begin + std::min(count, limit - begin);
  return {begin, end - begin};
}

Rect cut_to_picture(const Rect& box, std::int64_t width, std::int64_t height) {
  const auto [x, columns] = cut(box.x, box.width, width);
  const auto [y, rows] = cut(box.y, box.height, height);
  return {x, y, columns, rows};
}

bool empty(const Rect& box) { return box.width < 1 || box.height < 1; }

Rect grown(const Rect& box, double feather, std::int64_t width, std::int64_t height) {
  const auto by = static_cast<std::int64_t>(std::min(std::ceil(feather), static_cast<double>(std::max(width, height))));
  return cut_to_picture({box.x - by, box.y - by, box.width + 2 * by, box.height + 2 * by}, width, height);
}

std::string described(const Region& region) {
  if (!region.told.empty()) return region.told;
  const Rect& box = region.box;
  const std::string prefix = region.shape == Region::Shape::ellipse ? "ellipse:" : "";
  return region.shape == Region::Shape::polygon
             ? fmt::format("a polygon of {} corners", region.corners.size())
             : fmt::format("{}{},{},{},{}", prefix, box.x, box.y, box.width, box.height);
}

[[noreturn]] void refuse_outside(const Region& region, std::int64_t width, std::int64_t height) {
  throw InvalidArgument(
      fmt::format("region: {} lies outside the picture, which is {} x {} pixels.", described(region), width, height));
}

void check_polygon(std::span<const Point> corners) {
  if (corners.size() < 3 || corners.size() > max_corners)
    throw InvalidArgument(
        fmt::format("region: the polygon has {} corners, must have 3 to {}.", corners.size(), max_corners));
  constexpr double far = 1e9;
  for (const Point& corner : corners)
    if (!(std::fabs(corner.x) <= far && std::fabs(corner.y) <= far))
      throw InvalidArgument(fmt::format("region: a corner of the polygon is {},{}, must be within 1e9 pixels of 0,0.",
                                        corner.x, corner.y));
}

Rect box_of(std::span<const Point> corners) {
  double left = corners[0].x, right = left, top = corners[0].y, bottom = top;
  for (const Point& corner : corners) {
    left = std::min(left, corner.x), right = std::max(right, corner.x);
    top = std::min(top, corner.y), bottom = std::max(bottom, corner.y);
  }
  const auto x = static_cast<std::int64_t>(std::floor(left)), y = static_cast<std::int64_t>(std::floor(top));
  return {x, y, static_cast<std::int64_t>(std::ceil(right)) - x, static_cast<std::int64_t>(std::ceil(bottom)) - y};
}

// The box of a region, not yet cut.
Rect outline(const Region& region, std::int64_t width, std::int64_t height) {
  constexpr std::int64_t widest = 1000000;  // beyond it areas of f64 lose their last digits
  if (region.shape == Region::Shape::polygon) {
    check_polygon(region.corners);
    return box_of(region.corners);
  }
  if (region.shape == Region::Shape::mask) {
    const Shape size = region.levels ? region.levels->shape() : Shape{0, 0};
    if (size != Shape{height, width})
      throw InvalidArgument(fmt::format("region: {} is {} x {} pixels, must be {} x {} as the picture is.",
                                        region.told.empty() ? "the mask" : region.told, size[1], size[0], width,
                                        height));
    return {0, 0, width, height};
  }
  const Rect& box = region.box;
  if (empty(box))
    throw InvalidArgument(
        fmt::format("region: {} is {} x {} pixels of the picture, which is {} x {}, must be at least 1 x 1.",
                    described(region), box.width, box.height, width, height));
  if (region.shape == Region::Shape::ellipse && std::max(box.width, box.height) > widest)
    throw InvalidArgument(fmt::format("region: the size of the ellipse is {} x {}, must be at most {} x {}.", box.width,
                                      box.height, widest, widest));
  return box;
}

Array copy_of(const Array& levels) {
  Array out(DType::f32, levels.shape());
  std::copy(levels.items<float>().begin(), levels.items<float>().end(), out.items<float>().begin());
  return out;
}

Array ones(const Rect& box) {
  Array out(DType::f32, {box.height, box.width});
  std::fill(out.items<float>().begin(), out.items<float>().end(), 1.0F);
  return out;
}

// A box within a window, as shares.
Array box_cover(const Rect& box, const Rect& window) {
  Array out(DType::f32, {window.height, window.width});
  for (std::int64_t y = box.y; y < box.y + box.height; ++y)
    std::fill_n(out.items<float>().data() + (y - window.y) * window.width + box.x - window.x, box.width, 1.0F);
  return out;
}

Array shares_of(const Region& region, const Rect& box, const Rect& window) {
  switch (region.shape) {
    case Region::Shape::ellipse: return ellipse_cover(region.box, window);
    case Region::Shape::polygon: return polygon_cover(region.corners, window);
    case Region::Shape::mask: return copy_of(*region.levels);
    case Region::Shape::rect: break;
  }
  return box_cover(box, window);
}

// ---- Lengths ----

double pixels(Length length, std::int64_t size) {
  return length.percent ? length.value / 100 * static_cast<double>(size) : length.value;
}

bool whole(const Length& length) { return length.percent || length.value == std::floor(length.value); }

// Where a box begins and ends along one axis.
std::pair<std::int64_t, std::int64_t> span_of(Length start, Length length, std::int64_t size) {
  const double begin = pixels(start, size);
  const double end = begin + pixels(length, size);
  // Sums of decimal fractions are off in the last digit.
  constexpr double slack = 1e-6;
  const bool grow = !whole(start) || !whole(length);
  return {static_cast<std::int64_t>(std::floor(begin + (grow ? slack : 0.5))),
          static_cast<std::int64_t>(grow ? std::ceil(end - slack) : std::floor(end + 0.5))};
}

}  // namespace

Region resolve(const Region& region, std::int64_t width, std::int64_t height) {
  Region placed = region;
  placed.lengths.clear();
  const std::vector<Length>& lengths = region.lengths;
  if (region.shape == Region::Shape::polygon) {
    for (std::size_t i = 0; i + 1 < lengths.size(); i += 2)
      placed.corners.push_back({pixels(lengths[i], width), pixels(lengths[i + 1], height)});
    return placed;
  }
  if (lengths.size() != 4)
    throw InvalidArgument(fmt::format("region: has {} lengths, must have 4 (x, y, width, height).", lengths.size()));
  const auto [left, right] = span_of(lengths[0], lengths[2], width);
  const auto [top, bottom] = span_of(lengths[1], lengths[3], height);
  placed.box = {left, top, right - left, bottom - top};
  return placed;
}

Cover cover_of(const Region& region, std::int64_t width, std::int64_t height, double feather) {
  if (!region.lengths.empty()) return cover_of(resolve(region, width, height), width, height, feather);
  const Rect box = cut_to_picture(outline(region, width, height), width, height);
  if (empty(box)) refuse_outside(region, width, height);
  if (region.shape == Region::Shape::rect && feather == 0) return {.box = box, .shares = {}, .weights = {}};
  Cover cover{.box = grown(box, feather, width, height), .shares = {}, .weights = {}};
  cover.shares = shares_of(region, box, cover.box);
  const auto shares = std::as_const(cover.shares).items<float>();
  if (region.shape == Region::Shape::polygon &&
      std::all_of(shares.begin(), shares.end(), [](float share) { return share == 0; }))
    throw InvalidArgument(fmt::format("region: {} covers nothing of the picture, which is {} x {} pixels.",
                                      described(region), width, height));
  if (feather > 0) cover.weights = feathered(cover.shares, feather);
  return cover;
}

Cover cover_of_others(std::span<const Region> regions, std::int64_t width, std::int64_t height, double feather) {
  Cover cover{.box = {0, 0, width, height}, .shares = {}, .weights = {}};
  cover.shares = ones(cover.box);
  const std::span<float> rest = cover.shares.items<float>();
  for (const Region& region : regions) {
    const Cover one = cover_of(region, width, height, 0);
    for (std::int64_t y = 0; y < one.box.height; ++y)
      for (std::int64_t x = 0; x < one.box.width; ++x) {
        const float share =
            one.shares.rank() == 0 ? 1.0F : one.shares.items<float>()[static_cast<std::size_t>(y * one.box.width + x)];
        float& left = rest[static_cast<std::size_t>((one.box.y + y) * width + one.box.x + x)];
        left = std::min(left, 1 - share);
      }
  }
  if (feather > 0) cover.weights = feathered(cover.shares, feather);
  return cover;
}

namespace {

Weights weights_of(Cover cover) {
  if (cover.shares.rank() == 0) cover.shares = ones(cover.box);
  return {.box = cover.box, .values = std::move(cover.weights.rank() == 0 ? cover.shares : cover.weights)};
}

template <class T> void take_weights(const View& weights, std::span<float> out) {
  std::size_t i = 0;
  for (std::int64_t y = 0; y < weights.shape()[0]; ++y)
    for (std::int64_t x = 0; x < weights.shape()[1]; ++x) {
      T value;
      std::memcpy(&value,
                  static_cast<const std::byte*>(weights.data()) + y * weights.strides()[0] + x * weights.strides()[1],
                  sizeof(T));
      if (!(value >= T{0} && value <= T{1}))
        throw InvalidArgument(
            fmt::format("mask: the weight in column {}, row {} is {}, must be from 0 to 1.", x, y, value));
      out[i++] = static_cast<float>(value);
    }
}

}  // namespace
}  // namespace gaussfilt::base

namespace gaussfilt::inline v0 {
namespace {

constexpr std::array<std::string_view, 3> sources = {"context", "crop", "masked"};
constexpr std::array<std::string_view, 4> shapes = {"rect", "ellipse", "polygon", "mask"};

}  // namespace

std::string_view name(Region::Shape shape) { return shapes[static_cast<std::size_t>(shape)]; }

std::string_view name(RegionSource source) { return sources[static_cast<std::size_t>(source)]; }

RegionSource parse_region_source(std::string_view text) {
  const auto found = std::find(sources.begin(), sources.end(), text);
  if (found == sources.end())
    throw InvalidArgument(fmt::format("source: is '{}', must be {} or {}.", text,
                                      fmt::join(sources.begin(), sources.end() - 1, ", "), sources.back()));
  return static_cast<RegionSource>(found - sources.begin());
}

std::span<const std::string_view> region_source_names() { return sources; }

Region ellipse_region(const Rect& box) {
  Region region(box);
  region.shape = Region::Shape::ellipse;
  return region;
}

Region polygon_region(std::vector<Point> corners) {
  Region region;
  region.shape = Region::Shape::polygon;
  region.corners = std::move(corners);
  return region;
}

Region mask_region(const View& weights) {
  if (weights.rank() != 2)
    throw InvalidArgument(fmt::format("mask: has rank {}, must have two axes, rows and columns.", weights.rank()));
  if (weights.dtype() != DType::boolean && weights.dtype() != DType::f32 && weights.dtype() != DType::f64)
    throw Unsupported(fmt::format("mask: is {}, must be bool, f32 or f64, from 0 to 1 (mask > 127, mask / 255).",
                                  name(weights.dtype())));
  auto levels = std::make_shared<Array>(DType::f32, weights.shape());
  base::visit(weights.dtype(), [&]<class T>(base::TypeTag<T>) {
    if constexpr (std::is_arithmetic_v<T>) base::take_weights<T>(weights, levels->items<float>());
  });
  Region region;
  region.shape = Region::Shape::mask;
  region.box = {0, 0, weights.shape()[1], weights.shape()[0]};
  region.levels = std::move(levels);
  return region;
}

Region in_pixels(const Region& region, std::int64_t width, std::int64_t height) {
  return region.lengths.empty() ? region : base::resolve(region, width, height);
}

Region place(const Region& region, std::int64_t width, std::int64_t height) {
  Region placed = in_pixels(region, width, height);
  const Rect box = base::cut_to_picture(base::outline(placed, width, height), width, height);
  if (base::empty(box)) base::refuse_outside(placed, width, height);
  if (placed.shape == Region::Shape::rect) placed.box = box;
  return placed;
}

Weights region_weights(const Region& region, std::int64_t width, std::int64_t height, double feather) {
  base::check_feather(feather);
  return base::weights_of(base::cover_of(region, width, height, feather));
}

Weights inverted_weights(std::span<const Region> regions, std::int64_t width, std::int64_t height, double feather) {
  base::check_feather(feather);
  return base::weights_of(base::cover_of_others(regions, width, height, feather));
}

}  // namespace gaussfilt::inline v0
