// Floor 5. Plots as SVG: axes, lines, labels.
#include "plot.h"

#include "markup.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <vector>

namespace gaussfilt::cli::plot {
namespace {

// Multiples of `step` from a to b; -0 is 0.
std::vector<double> ticks(double a, double b, double step) {
  std::vector<double> values;
  for (auto k = static_cast<std::int64_t>(std::ceil(a / step - 1e-9)); static_cast<double>(k) * step <= b + 1e-9 * step;
       ++k)
    values.push_back(static_cast<double>(k) * step);
  return values;
}

}  // namespace

double nice_step(double range, int count) {
  const double raw = range / count, power = std::pow(10.0, std::floor(std::log10(raw)));
  const double mantissa = raw / power;
  return power * (mantissa <= 1 ? 1 : mantissa <= 2 ? 2 : mantissa <= 5 ? 5 : 10);
}

std::string label(double x, double y, std::string_view anchor, const std::string& text, std::string_view more) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\"{}>{}</text>\n", x, y, anchor, more,
                     escaped(text));
}

std::string line(double x0, double y0, double x1, double y1, std::string_view colour, double thick) {
  return fmt::format(
      "<line x1=\"{:.2f}\" y1=\"{:.2f}\" x2=\"{:.2f}\" y2=\"{:.2f}\" stroke=\"{}\" stroke-width=\"{}\"/>\n", x0, y0, x1,
      y1, colour, thick);
}

std::string frame(const Panel& panel, double x_step, const std::string& x_title, const std::string& heading) {
  std::string text;
  for (const double value : ticks(panel.y0, panel.y1, nice_step(panel.y1 - panel.y0, 5))) {
    text += line(panel.left, panel.y(value), panel.right, panel.y(value), value == 0 ? grey : pale, 1);
    text += label(panel.left - 8, panel.y(value) + 4, "end", fmt::format("{:.6g}", value));
  }
  for (const double value : ticks(panel.x0, panel.x1, x_step)) {
    text += line(panel.x(value), panel.bottom, panel.x(value), panel.bottom + 5, grey, 1);
    text += label(panel.x(value), panel.bottom + 19, "middle", fmt::format("{:.6g}", value));
  }
  text += line(panel.left, panel.bottom, panel.right, panel.bottom, grey, 1);
  text += label((panel.left + panel.right) / 2, panel.bottom + 38, "middle", x_title);
  return text + label(panel.left, panel.top - 12, "start", heading, " font-weight=\"bold\"");
}

void fit(Panel& panel, double least, double most) {
  const double air = 0.06 * (most > least ? most - least : 1.0);
  panel.y0 = least < 0 ? least - air : 0;
  panel.y1 = most + air;
}

std::string page(double height) {
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" "
      "font-family=\"sans-serif\" font-size=\"13\" fill=\"#222222\">\n"
      "<rect width=\"{0}\" height=\"{1}\" fill=\"#ffffff\"/>\n",
      width, height);
}

}  // namespace gaussfilt::cli::plot
