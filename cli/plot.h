// Floor 5. Plots as SVG: axes, lines, labels.
#pragma once

#include <string>
#include <string_view>

namespace gaussfilt::cli::plot {

constexpr double width = 720;
constexpr std::string_view blue = "#1f5fa8", orange = "#d9730d", green = "#2e8b57", grey = "#888888", pale = "#e4e4e4";

// A rectangle of the page and the values that its edges stand for.
struct Panel {
  double left = 76, right = width - 24;
  double top = 0, bottom = 0;
  double x0 = 0, x1 = 1, y0 = 0, y1 = 1;

  double x(double value) const { return left + (value - x0) / (x1 - x0) * (right - left); }
  double y(double value) const { return bottom - (value - y0) / (y1 - y0) * (bottom - top); }
};

// The head of a page and its white ground; "</svg>" ends it.
std::string page(double height);
std::string label(double x, double y, std::string_view anchor, const std::string& text, std::string_view more = "");
std::string line(double x0, double y0, double x1, double y1, std::string_view colour, double thick);
// The panel's axes, their numbers and what they mean.
std::string frame(const Panel& panel, double x_step, const std::string& x_title, const std::string& heading);

// The values at the panel's lower and upper edge, with a little air above and below.
void fit(Panel& panel, double least, double most);
// 1, 2 or 5 times a power of ten, so that about `count` steps make `range`.
double nice_step(double range, int count);

}  // namespace gaussfilt::cli::plot
