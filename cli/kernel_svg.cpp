// Floor 5. `gaussfilt kernel --format svg`: taps as stems, below them the frequency response beside the Gaussian's.
#include "kernel_report.h"
#include "plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace gaussfilt::cli {
namespace {

using namespace plot;

constexpr double height = 660;

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
  std::string text = page(height);
  text += label(24, 30, "start", title(report), " font-size=\"17\"");
  if (report.asked.order == 0) {
    const double delivered = report.integers.empty() ? report.delivered : report.integers_delivered;
    text += label(24, 52, "start", fmt::format("delivered sigma {:.5g}", delivered));
  }
  return text + taps_panel(report) + response_panel(report) + "</svg>\n";
}

}  // namespace gaussfilt::cli
