// Floor 0. Regions: where a picture or an array is blurred, and how much of each pixel.
//
//   picture     or a plane of an array: x is the column and comes first, y the row
//   x, y        of a pixel's edges: the pixel in column 3 reaches from x = 3 to x = 4; its centre is at 3.5
//   weight      of a pixel, 0 to 1: the share of it that is blurred; the rest stays as it was. 0: every bit stays
//   inside      a shape weighs a pixel by the area that it covers of it, exactly: edges are antialiased
//   feather     outside the region the weight falls off, inside it never does: at a distance d from the region the
//               weight is s(1 - d / feather), s(t) = t t (3 - 2 t), and nowhere less than the covered share. d is
//               Euclidean, from the pixel's centre to the nearest centre of a pixel at least half of which is inside
//   errors      InvalidArgument
#pragma once

#include <gaussfilt/array.h>
#include <gaussfilt/export.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gaussfilt::inline v0 {

// A box of displayed pixels; x and y may be negative, the part outside the picture is cut off.
struct Rect {
  std::int64_t x = 0;
  std::int64_t y = 0;
  std::int64_t width = 0;
  std::int64_t height = 0;
};

struct Point {
  double x = 0;
  double y = 0;
};

// A number of pixels, or of percent of the picture's width or height.
struct Length {
  double value = 0;
  bool percent = false;
};

// At most so many corners has a polygon, and so many regions a picture.
inline constexpr std::size_t max_corners = 10000;
inline constexpr std::size_t max_regions = 10000;

// A shape, and how strongly it is blurred. Made from a Rect, or by one of the functions below.
struct Region {
  enum class Shape : std::uint8_t { rect, ellipse, polygon, mask };

  Region() = default;
  Region(const Rect& rect) : box(rect) {}
  Region(std::int64_t x, std::int64_t y, std::int64_t width, std::int64_t height) : box{x, y, width, height} {}

  Shape shape = Shape::rect;
  Rect box = {};                              // rect; ellipse: it touches the middle of each side
  std::vector<Point> corners = {};            // polygon: closed by itself; inside by the even-odd rule
  std::shared_ptr<const Array> levels = {};   // mask: f32, height x width of the picture, 0 to 1
  std::optional<PerAxis<double>> sigma = {};  // in place of the filter's: one for both or {x, y}, not both 0
  std::vector<Length> lengths = {};           // in place of box and corners: X, Y, W, H, or x and y of each corner
  std::string told = {};                      // what messages call it; empty: its numbers
};
GAUSSFILT_API std::string_view name(Region::Shape shape);

GAUSSFILT_API Region ellipse_region(const Rect& box);
GAUSSFILT_API Region polygon_region(std::vector<Point> corners);
// Each pixel has its own weight, 0 to 1: bool, f32 or f64, height x width, copied.
GAUSSFILT_API Region mask_region(const View& weights);

// A region in the pixels of a picture of this size, without lengths; of a box what lies in the picture. Percent are
// rounded to the nearest pixel edge, so that boxes that meet in percent meet in pixels; fractions of pixels grow a box
// to whole ones. Throws where nothing is left. The filters do it themselves.
GAUSSFILT_API Region place(const Region& region, std::int64_t width, std::int64_t height);
// The same, but not cut to the picture: where no length is in percent, its size does not matter.
GAUSSFILT_API Region in_pixels(const Region& region, std::int64_t width, std::int64_t height);

// What a region sees beyond its edges.
//   context  the picture as it was: where its weight is 1 the region gets the bytes that it has in the whole picture
//            blurred; where regions overlap the last one holds
//   crop     nothing: the box of all that has a weight is cut out, blurred with the border rule at its own edges, and
//            pasted back, one region after the other
//   masked   nothing: only pixels inside count, by the share of them that is: sum(kernel share level) /
//            sum(kernel share), of the picture as it was. A feather reaches at most 3 sigma, and no further than the
//            kernel: beyond that there is nothing to average
enum class RegionSource : std::uint8_t { context, crop, masked };
GAUSSFILT_API std::string_view name(RegionSource source);
GAUSSFILT_API RegionSource parse_region_source(std::string_view text);  // throws InvalidArgument
GAUSSFILT_API std::span<const std::string_view> region_source_names();

// The weights of the pixels in a box; beyond it they are 0.
struct Weights {
  Rect box;
  Array values;  // f32, height x width of the box
};

// A region's weights in a picture of this size. Throws where the region lies outside the picture.
GAUSSFILT_API Weights region_weights(const Region& region, std::int64_t width, std::int64_t height, double feather = 0);
// Those of all but the regions, which may be none, with a feather that reaches into them; the box is the picture.
GAUSSFILT_API Weights inverted_weights(std::span<const Region> regions, std::int64_t width, std::int64_t height,
                                       double feather = 0);

}  // namespace gaussfilt::inline v0
