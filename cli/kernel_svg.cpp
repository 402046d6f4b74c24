// Floor 5. `gaussfilt kernel --format svg`: taps as stems, below them the frequency response beside the Gaussian's.
#include "kernel_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace gaussfilt::cli {
namespace {

constexpr double width = 720, height = 660;
constexpr std::string_view blue = "#1f5fa8", orange = "#d9730d", grey = "#888888", pale = "#e4e4e4";

// A rectangle of the page and the values that its edges stand for.
struct Panel {
  double left = 76, right = width - 24;
  double top = 0, bottom = 0;
  double x0 = 0, x1 = 1, y0 = 0, y1 = 1;

  double x(double value) const { return left + (value - x0) / (x1 - x0) * (right - left); }
  double y(double value) const { return bottom - (value - y0) / (y1 - y0) * (bottom - top); }
};

// 1, 2 or 5 times a power of ten, so that about `count` steps make `range`.
double nice_step(double range, int count) {
  const double raw = range / count, power = std::pow(10.0, std::floor(std::log10(raw)));
  const double mantissa = raw / power;
  return power * (mantissa <= 1 ? 1 : mantissa <= 2 ? 2 : mantissa <= 5 ? 5 : 10);
}

std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : text) safe += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
  return safe;
}

std::string label(double x, double y, std::string_view anchor, const std::string& text, std::string_view more = "") {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\"{}>{}</text>\n", x, y, anchor, more,
                     escaped(text));
}

std::string line(double x0, double y0, double x1, double y1, std::string_view colour, double thick) {
  return fmt::format(
      "<line x1=\"{:.2f}\" y1=\"{:.2f}\" x2=\"{:.2f}\" y2=\"{:.2f}\" stroke=\"{}\" stroke-width=\"{}\"/>\n", x0, y0, x1,
      y1, colour, thick);
}

// Multiples of `step` from a to b; -0 is 0.
std::vector<double> ticks(double a, double b, double step) {
  std::vector<double> values;
  for (auto k = static_cast<std::int64_t>(std::ceil(a / step - 1e-9)); static_cast<double>(k) * step <= b + 1e-9 * step;
       ++k)
    values.push_back(static_cast<double>(k) * step);
  return values;
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

// A little air above and below.
void fit(Panel& panel, double least, double most) {
  const double air = 0.06 * (most > least ? most - least : 1.0);
  panel.y0 = least < 0 ? least - air : 0;
  panel.y1 = most + air;
}

std::string taps_panel(const KernelReport& report) {
  const Kernel used = used_kernel(report);
  const auto [least, most] = std::ranges::minmax(used.taps);
  const double reach = static_cast<double>(report.kernel.centre) + 0.7;
  Panel panel{.top = 90, .bottom = 320, .x0 = -reach, .x1 = reach};
  fit(panel, std::min(least, 0.0), std::max(most, 0.0));
  std::string heading = "Taps";
  if (!report.integers.empty()) heading = fmt::format("Integer taps, divided by {}", *report.asked.integers);
  std::string text = frame(panel, std::max(1.0, nice_step(2 * reach, 12)), "offset in samples", heading);
  const double step = (panel.right - panel.left) / (2 * reach);
  const double dot = std::clamp(step / 4, 0.6, 4.5), stem = std::clamp(step / 6, 0.3, 2.0);
  for (std::size_t i = 0; i < used.taps.size(); ++i) {
    const double x = panel.x(static_cast<double>(static_cast<std::int64_t>(i) - report.kernel.centre));
    text += line(x, panel.y(0), x, panel.y(used.taps[i]), blue, stem);
    text += fmt::format("<circle cx=\"{:.2f}\" cy=\"{:.2f}\" r=\"{:.2f}\" fill=\"{}\"/>\n", x, panel.y(used.taps[i]),
                        dot, blue);
  }
  return text;
}

std::string curve(const Panel& panel, const std::vector<Response>& points, double Response::*member,
                  std::string_view style) {
  std::string text = "<polyline fill=\"none\" " + std::string(style) + " points=\"";
  for (const Response& point : points)
    text += fmt::format("{:.2f},{:.2f} ", panel.x(point.frequency), panel.y(point.*member));
  text.back() = '"';
  return text + "/>\n";
}

std::string response_panel(const KernelReport& report) {
  const Kernel used = used_kernel(report);
  std::vector<Response> points;
  constexpr int steps = 320;
  for (int step = 0; step <= steps; ++step) points.push_back(response(report, used, 0.5 * step / steps));
  Panel panel{.top = 410, .bottom = 600, .x0 = 0, .x1 = 0.5};
  double least = 0, most = 0;
  for (const Response& point : points) {
    least = std::min({least, point.value, point.ideal});
    most = std::max({most, point.value, point.ideal});
  }
  fit(panel, least > -1e-3 * most ? 0.0 : least, most);
  std::string text = frame(panel, 0.05, "frequency in cycles per sample", "Frequency response");
  const std::string solid = fmt::format("stroke=\"{}\" stroke-width=\"2\"", blue);
  const std::string dashed = fmt::format("stroke=\"{}\" stroke-width=\"2\" stroke-dasharray=\"7 5\"", orange);
  text += curve(panel, points, &Response::value, solid) + curve(panel, points, &Response::ideal, dashed);
  const double y = panel.top - 16;
  text += fmt::format("<line x1=\"470\" y1=\"{0}\" x2=\"500\" y2=\"{0}\" {1}/>\n", y, solid);
  text += label(508, y + 4, "start", "these taps");
  text += fmt::format("<line x1=\"590\" y1=\"{0}\" x2=\"620\" y2=\"{0}\" {1}/>\n", y, dashed);
  return text + label(628, y + 4, "start", "Gaussian");
}

}  // namespace

std::string kernel_svg(const KernelReport& report) {
  std::string text = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" "
      "font-family=\"sans-serif\" font-size=\"13\" fill=\"#222222\">\n"
      "<rect width=\"{0}\" height=\"{1}\" fill=\"#ffffff\"/>\n",
      width, height);
  text += label(24, 30, "start", title(report), " font-size=\"17\"");
  if (report.asked.order == 0) {
    const double delivered = report.integers.empty() ? report.delivered : report.integers_delivered;
    text += label(24, 52, "start", fmt::format("delivered sigma {:.5g}", delivered));
  }
  return text + taps_panel(report) + response_panel(report) + "</svg>\n";
}

}  // namespace gaussfilt::cli
