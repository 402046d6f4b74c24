// Floor 5. `gaussfilt kernel NAME --format svg`: the matrix as a heat map, below it what it leaves of waves.
#include "matrix_report.h"
#include "plot.h"

#include <gaussfilt/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numbers>

namespace gaussfilt::cli {
namespace {

using namespace plot;

constexpr std::int64_t largest_plot = 256;
constexpr double map_top = 110, map_height = 420, map_width = 640;
constexpr double least_for_values = 30;  // pixels of a cell that its value fits into

struct Rgb {
  int r, g, b;
};

// White is 0, orange positive, blue negative; `share` from -1 to 1.
Rgb heat(double share) {
  const Rgb full = share < 0 ? Rgb{0x1f, 0x5f, 0xa8} : Rgb{0xd9, 0x73, 0x0d};
  const double part = std::min(std::abs(share), 1.0);
  const auto mix = [&](int channel) { return static_cast<int>(std::lround(255 + (channel - 255) * part)); };
  return {mix(full.r), mix(full.g), mix(full.b)};
}

// The value in few letters, as the cell is wide.
std::string short_value(double value, double cell) {
  for (const int digits : {4, 3, 2, 1}) {
    std::string text = fmt::format("{:.{}g}", value, digits);
    if (static_cast<double>(text.size()) * 6.5 <= cell - 4 || digits == 1) return text;
  }
  return {};
}

std::string heat_map(const MatrixReport& report) {
  const auto columns = static_cast<double>(report.width()), rows = static_cast<double>(report.height());
  const double cell = std::min({map_height / rows, map_width / columns, 84.0});
  const double left = (width - cell * columns) / 2, top = map_top;
  double largest = 0;
  for (const double value : report.kernel.values) largest = std::max(largest, std::abs(value));
  std::string text;
  for (std::int64_t row = 0; row < report.height(); ++row)
    for (std::int64_t column = 0; column < report.width(); ++column) {
      const double value = report.at(column, row), share = largest > 0 ? value / largest : 0;
      const double x = left + cell * static_cast<double>(column), y = top + cell * static_cast<double>(row);
      const Rgb colour = heat(share);
      text += fmt::format(
          "<rect x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"{:.2f}\" fill=\"#{:02x}{:02x}{:02x}\" "
          "stroke=\"{}\" stroke-width=\"0.5\"/>\n",
          x, y, cell, cell, colour.r, colour.g, colour.b, pale);
      if (cell >= least_for_values)
        text += label(x + cell / 2, y + cell / 2 + 4, "middle", short_value(value, cell),
                      std::abs(share) > 0.75 ? " font-size=\"12\" fill=\"#ffffff\"" : " font-size=\"12\"");
    }
  text += fmt::format(
      "<rect x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"{:.2f}\" fill=\"none\" stroke=\"#222222\" "
      "stroke-width=\"2\"/>\n",
      left + cell * static_cast<double>(report.anchor.x), top + cell * static_cast<double>(report.anchor.y), cell,
      cell);
  return text;
}

struct Direction {
  std::string_view name, colour;
  double x, y, label_at;
};
constexpr double diagonal = 1 / std::numbers::sqrt2;
constexpr Direction directions[] = {{"along rows", blue, 1, 0, 330},
                                    {"along columns", orange, 0, 1, 450},
                                    {"diagonal", green, diagonal, diagonal, 590}};

std::string response_panel(const MatrixReport& report, double top) {
  constexpr int steps = 160;
  Panel panel{.top = top, .bottom = top + 190, .x0 = 0, .x1 = 0.5};
  std::vector<std::vector<double>> curves;
  double most = 0;
  for (const Direction& direction : directions) {
    std::vector<double>& curve = curves.emplace_back();
    for (int step = 0; step <= steps; ++step) {
      const double f = 0.5 * step / steps;
      curve.push_back(response(report, f * direction.x, f * direction.y));
      most = std::max(most, curve.back());
    }
  }
  fit(panel, 0, most);
  std::string text = frame(panel, 0.05, "frequency in cycles per pixel", "Frequency response");
  for (std::size_t i = 0; i < curves.size(); ++i) {
    const std::string style = fmt::format("stroke=\"{}\" stroke-width=\"2\"{}", directions[i].colour,
                                          i == 1 ? " stroke-dasharray=\"7 5\"" : "");
    text += "<polyline fill=\"none\" " + style + " points=\"";
    for (int step = 0; step <= steps; ++step)
      text += fmt::format("{:.2f},{:.2f} ", panel.x(0.5 * step / steps), panel.y(curves[i][std::size_t(step)]));
    text.back() = '"';
    text += "/>\n";
    const double x = directions[i].label_at, y = panel.top - 16;
    text += fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" {}/>\n", x, y, x + 24, y, style);
    text += label(x + 30, y + 4, "start", std::string(directions[i].name));
  }
  return text;
}

}  // namespace

std::string matrix_svg(const MatrixReport& report) {
  if (std::max(report.width(), report.height()) > largest_plot)
    throw InvalidArgument(fmt::format("kernel: is {} x {}, must be at most {} x {} to be plotted (--format csv)",
                                      report.width(), report.height(), largest_plot, largest_plot));
  const auto rows = static_cast<double>(report.height()), columns = static_cast<double>(report.width());
  const double map = rows * std::min({map_height / rows, map_width / columns, 84.0});
  const double below = map_top + map + 70;
  std::string text = page(below + 190 + 60) + label(24, 30, "start", title(report), " font-size=\"17\"");
  double y = 52;
  for (const std::string& fact : facts(report)) {
    text += label(24, y, "start", fact);
    y += 18;
  }
  return text + heat_map(report) + response_panel(report, below) + "</svg>\n";
}

}  // namespace gaussfilt::cli
