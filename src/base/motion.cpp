// Floor 0. The kernel of a straight motion: a rectangle's share of each pixel, by clipping it with the pixel's edges.
#include "motion.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

namespace gaussfilt::base {
namespace {

struct Point {
  double x = 0, y = 0;
};

// A convex polygon: a rectangle cut by four half planes has at most eight corners, and a few more where rounding bends
// an edge that lies on a cut.
struct Polygon {
  std::array<Point, 16> corners{};
  std::size_t count = 0;

  void add(Point corner) { corners[count++] = corner; }
};

// What lies where a x + b y <= c.
Polygon cut(const Polygon& polygon, double a, double b, double c) {
  Polygon left;
  for (std::size_t i = 0; i < polygon.count; ++i) {
    const Point p = polygon.corners[i], q = polygon.corners[(i + 1) % polygon.count];
    const double dp = a * p.x + b * p.y - c, dq = a * q.x + b * q.y - c;
    if (dp <= 0) left.add(p);
    if ((dp < 0 && dq > 0) || (dp > 0 && dq < 0)) {
      const double part = dp / (dp - dq);
      left.add({p.x + part * (q.x - p.x), p.y + part * (q.y - p.y)});
    }
  }
  return left;
}

double area(const Polygon& polygon) {
  double twice = 0;
  for (std::size_t i = 0; i < polygon.count; ++i) {
    const Point p = polygon.corners[i], q = polygon.corners[(i + 1) % polygon.count];
    twice += p.x * q.y - q.x * p.y;
  }
  return std::abs(twice) / 2;
}

// Along the line, with y downwards; exact where the line follows a row, a column or a diagonal.
Point direction(double angle) {
  double turned = std::fmod(angle, 180.0);
  if (turned < 0) turned += 180;
  if (turned == 0) return {1, 0};
  if (turned == 90) return {0, -1};
  const double half = std::numbers::sqrt2 / 2;
  if (turned == 45) return {half, -half};
  if (turned == 135) return {-half, -half};
  const double radians = turned * std::numbers::pi / 180;
  return {std::cos(radians), -std::sin(radians)};
}

Polygon rectangle(Point along, double length) {
  const Point across{-along.y, along.x};
  Polygon corners;
  for (const auto& [u, v] : {std::pair{1, 1}, {-1, 1}, {-1, -1}, {1, -1}})
    corners.add({0.5 * (u * length * along.x + v * across.x), 0.5 * (u * length * along.y + v * across.y)});
  return corners;
}

double covered(const Polygon& line, double x, double y) {
  Polygon part = cut(line, 1, 0, x + 0.5);
  part = cut(part, -1, 0, 0.5 - x);
  part = cut(part, 0, 1, y + 0.5);
  part = cut(part, 0, -1, 0.5 - y);
  return area(part);
}

}  // namespace

DenseKernel motion_kernel(std::int64_t size, double angle) {
  const Point along = direction(angle);
  const Polygon line = rectangle(along, static_cast<double>(size));
  const std::int64_t radius = size / 2, middle = (size * size - 1) / 2;
  DenseKernel kernel{.values = std::vector<double>(static_cast<std::size_t>(size * size)), .shape = {size, size}};
  double sum = 0;
  for (std::int64_t i = 0; i <= middle; ++i) {
    const auto x = static_cast<double>(i % size - radius), y = static_cast<double>(i / size - radius);
    constexpr double reach = 1.3;  // half of the line's width and half of a pixel's diagonal, rounded up
    if (std::abs(along.x * y - along.y * x) > reach) continue;
    double weight = covered(line, x, y);
    if (weight < 1e-12) weight = 0;  // the corner of a pixel that is met by rounding alone
    kernel.values[static_cast<std::size_t>(i)] = weight;
    kernel.values[static_cast<std::size_t>(2 * middle - i)] = weight;
    sum += i == middle ? weight : 2 * weight;
  }
  for (double& weight : kernel.values) weight /= sum;
  return kernel;
}

}  // namespace gaussfilt::base
