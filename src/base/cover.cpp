// Floor 0. How much of each pixel an ellipse or a polygon covers.
#include "base/region.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

namespace gaussfilt::base {
namespace {

// Sums of areas are off by some 1e-12: what is next to nothing or everything is just that.
float share_of(double area) {
  constexpr double next_to_nothing = 1e-6;
  return area < next_to_nothing ? 0.0F : area > 1 - next_to_nothing ? 1.0F : static_cast<float>(area);
}

// ---- Ellipse: of a disc of radius 1 ----

double half_chord(double at) { return std::sqrt(std::max(0.0, 1 - at * at)); }

// The area left of x = u.
double left_of(double u) { return u * half_chord(u) + std::asin(u) + std::numbers::pi / 2; }

// The area left of x = u and above y = v, which runs down.
double corner_area(double u, double v) {
  u = std::clamp(u, -1.0, 1.0);
  v = std::clamp(v, -1.0, 1.0);
  if (u * u + v * v >= 1) {
    if (u < 0 && v < 0) return 0;
    if (u < 0) return left_of(u);
    if (v < 0) return left_of(v);
    return left_of(u) + left_of(v) - std::numbers::pi;
  }
  const double reach = half_chord(v);  // the line y = v leaves the disc at -reach
  const double beside = v >= 0 ? left_of(-reach) : 0;
  return beside + v * (u + reach) + (left_of(u) - left_of(-reach)) / 2;
}

// The ellipse's centre and radii.
struct Ellipse {
  double x, y, x_radius, y_radius;

  double area(double left, double top, double right, double bottom) const {
    const double u0 = (left - x) / x_radius, u1 = (right - x) / x_radius;
    const double v0 = (top - y) / y_radius, v1 = (bottom - y) / y_radius;
    const double disc = corner_area(u1, v1) - corner_area(u0, v1) - corner_area(u1, v0) + corner_area(u0, v0);
    return disc * x_radius * y_radius;
  }
};

// One row: columns that are wholly inside or outside are known from where its upper and its lower edge meet the
// ellipse.
void ellipse_row(const Ellipse& ellipse, double row, const Rect& window, float* out) {
  const double v0 = std::clamp((row - ellipse.y) / ellipse.y_radius, -1.0, 1.0);
  const double v1 = std::clamp((row + 1 - ellipse.y) / ellipse.y_radius, -1.0, 1.0);
  const double least = std::min(half_chord(v0), half_chord(v1)) * ellipse.x_radius;
  const double most = v0 < 0 && v1 > 0 ? ellipse.x_radius : std::max(half_chord(v0), half_chord(v1)) * ellipse.x_radius;
  const auto column = [&](double x) {
    return static_cast<std::int64_t>(std::clamp(x - static_cast<double>(window.x), 0.0, double(window.width)));
  };
  const std::int64_t begin = column(std::floor(ellipse.x - most)), end = column(std::ceil(ellipse.x + most));
  const std::int64_t full = column(std::ceil(ellipse.x - least)), full_end = column(std::floor(ellipse.x + least));
  for (std::int64_t i = begin; i < end; ++i) {
    const double left = static_cast<double>(window.x + i);
    out[i] = i >= full && i < full_end ? 1.0F : share_of(ellipse.area(left, row, left + 1, row + 1));
  }
}

// ---- Polygon ----

// An edge, running down.
struct Edge {
  Point top, bottom;
  double x(double y) const { return top.x + (bottom.x - top.x) * (y - top.y) / (bottom.y - top.y); }
};

// The part of an edge in a band of rows.
struct Piece {
  double upper, lower;  // x at the band's edges
  double middle() const { return (upper + lower) / 2; }
};

// The integral of clamp(t, 0, 1) up to t.
double ramp(double t) { return t <= 0 ? 0 : t < 1 ? t * t / 2 : t - 0.5; }

// One row of pixels, as differences of areas from column to column.
class Row {
 public:
  explicit Row(const Rect& window) : left_(static_cast<double>(window.x)), steps_(std::size_t(window.width) + 1) {}

  // Adds `height` of a row times the part of each pixel that lies right of the piece.
  void add(const Piece& piece, double height) {
    const double low = std::min(piece.upper, piece.lower) - left_, high = std::max(piece.upper, piece.lower) - left_;
    const auto columns = static_cast<double>(steps_.size() - 1);
    const auto last = static_cast<std::size_t>(std::clamp(std::floor(high) + 1, 0.0, columns));
    double before = 0;
    for (auto i = static_cast<std::size_t>(std::clamp(std::floor(low), 0.0, columns)); i < last; ++i) {
      const double right = static_cast<double>(i) + 1;
      const double part = high - low < 1e-6 ? std::clamp(right - (low + high) / 2, 0.0, 1.0)
                                            : (ramp(right - low) - ramp(right - high)) / (high - low);
      steps_[i] += (part - before) * height;
      before = part;
    }
    steps_[last] += (1 - before) * height;
  }

  void take(float* out) {
    double area = 0;
    for (std::size_t i = 0; i + 1 < steps_.size(); ++i) out[i] = share_of(area += steps_[i]);
    std::fill(steps_.begin(), steps_.end(), 0.0);
  }

 private:
  double left_;
  std::vector<double> steps_;
};

// A band in which no edge begins or ends. Every other gap between pieces, from the left, is inside; where pieces cross
// the band is halved until it is as thin as `thinnest`.
void add_band(Row& row, std::vector<Piece>& pieces, double height, double thinnest) {
  std::sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) { return a.middle() < b.middle(); });
  const auto crossed = [](const Piece& a, const Piece& b) {
    return a.upper > b.upper + 1e-9 || a.lower > b.lower + 1e-9;
  };
  if (height > thinnest && std::adjacent_find(pieces.begin(), pieces.end(), crossed) != pieces.end()) {
    std::vector<Piece> half(pieces);
    for (Piece& piece : half) piece.lower = piece.middle();
    for (Piece& piece : pieces) piece.upper = piece.middle();
    add_band(row, half, height / 2, thinnest);
    add_band(row, pieces, height / 2, thinnest);
    return;
  }
  for (std::size_t i = 0; i < pieces.size(); ++i) row.add(pieces[i], i % 2 == 0 ? height : -height);
}

std::vector<Edge> edges_of(std::span<const Point> corners, const Rect& window) {
  const auto top = static_cast<double>(window.y), bottom = static_cast<double>(window.y + window.height);
  std::vector<Edge> edges;
  for (std::size_t i = 0; i < corners.size(); ++i) {
    const Point &a = corners[i], &b = corners[(i + 1) % corners.size()];
    const Edge edge = a.y < b.y ? Edge{a, b} : Edge{b, a};
    if (edge.top.y < edge.bottom.y && edge.top.y < bottom && edge.bottom.y > top) edges.push_back(edge);
  }
  std::sort(edges.begin(), edges.end(), [](const Edge& a, const Edge& b) { return a.top.y < b.top.y; });
  return edges;
}

// The edges that reach into a row, cut into bands where one begins or ends.
void add_row(Row& row, const std::vector<Edge>& active, double top) {
  std::vector<double> cuts = {top, top + 1};
  for (const Edge& edge : active)
    for (const double y : {edge.top.y, edge.bottom.y})
      if (y > top && y < top + 1) cuts.push_back(y);
  std::sort(cuts.begin(), cuts.end());
  // However many edges there are, a row costs a bounded time.
  const double thinnest = 1 / std::clamp(32768.0 / static_cast<double>(active.size() + 1), 8.0, 4096.0);
  std::vector<Piece> pieces;
  for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
    const double upper = cuts[i], lower = cuts[i + 1];
    if (upper == lower) continue;
    pieces.clear();
    for (const Edge& edge : active)
      if (edge.top.y <= upper && edge.bottom.y >= lower) pieces.push_back({edge.x(upper), edge.x(lower)});
    add_band(row, pieces, lower - upper, thinnest);
  }
}

}  // namespace

Array ellipse_cover(const Rect& box, const Rect& window) {
  const double x_radius = static_cast<double>(box.width) / 2, y_radius = static_cast<double>(box.height) / 2;
  const Ellipse ellipse{static_cast<double>(box.x) + x_radius, static_cast<double>(box.y) + y_radius, x_radius,
                        y_radius};
  Array out(DType::f32, {window.height, window.width});
  float* row = out.items<float>().data();
  for (std::int64_t y = 0; y < window.height; ++y, row += window.width)
    ellipse_row(ellipse, static_cast<double>(window.y + y), window, row);
  return out;
}

Array polygon_cover(std::span<const Point> corners, const Rect& window) {
  const std::vector<Edge> edges = edges_of(corners, window);
  Array out(DType::f32, {window.height, window.width});
  float* target = out.items<float>().data();
  Row row(window);
  std::vector<Edge> active;
  std::size_t next = 0;
  for (std::int64_t y = 0; y < window.height; ++y, target += window.width) {
    const auto top = static_cast<double>(window.y + y);
    std::erase_if(active, [&](const Edge& edge) { return edge.bottom.y <= top; });
    for (; next < edges.size() && edges[next].top.y < top + 1; ++next)
      if (edges[next].bottom.y > top) active.push_back(edges[next]);
    add_row(row, active, top);
    row.take(target);
  }
  return out;
}

}  // namespace gaussfilt::base
