// Floor 5. What became of a picture.
#include "report.h"

#include "messages.h"

#include <cmath>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace gaussfilt::cli {
namespace {

using nlohmann::ordered_json;

// Microseconds are the last digits that mean something.
double rounded(Duration time) { return std::round(1e6 * std::chrono::duration<double>(time).count()) / 1e3; }

double milliseconds(Duration time) { return std::chrono::duration<double, std::milli>(time).count(); }

std::string duration(Duration time) {
  const double ms = milliseconds(time);
  return ms < 10      ? fmt::format("{:.1f} ms", ms)
         : ms < 10000 ? fmt::format("{:.0f} ms", ms)
                      : fmt::format("{:.1f} s", ms / 1000);
}

std::string area(const Report& report, const BlurOptions& options) {
  const std::size_t regions = report.regions.size();
  if (regions == 0) return "";
  return fmt::format(", {}{} region{}{}", options.invert ? "all but " : "", regions, regions == 1 ? "" : "s",
                     options.feather > 0 ? fmt::format(", feather {}", options.feather) : "");
}

// As a file of regions has it.
ordered_json region_json(const PlacedRegion& placed) {
  const Region& region = placed.region;
  const ordered_json box = {region.box.x, region.box.y, region.box.width, region.box.height};
  if (region.shape == Region::Shape::rect && !region.sigma) return box;
  ordered_json result;
  if (region.shape == Region::Shape::mask) result["mask"] = placed.mask;
  else if (region.shape != Region::Shape::polygon)
    result[region.shape == Region::Shape::ellipse ? "ellipse" : "box"] = box;
  else
    for (const Point& corner : region.corners) result["polygon"].push_back({corner.x, corner.y});
  if (region.sigma) result["sigma"] = {(*region.sigma)[0], (*region.sigma)[1]};
  return result;
}

// The few facts of a plan that a script asks for. Axis 0 of a page is y, axis 1 is x; one that is not filtered is not
// in the plan.
ordered_json plan_json(const std::string& text) {
  const ordered_json plan = ordered_json::parse(text);
  ordered_json delivered = {{"x", 0.0}, {"y", 0.0}};
  for (const ordered_json& axis : plan.at("axes"))
    if (axis.contains("delivered_sigma")) delivered[axis.at("axis") == 1 ? "x" : "y"] = axis.at("delivered_sigma");
  ordered_json method;
  for (const ordered_json& candidate : plan.at("candidates"))
    if (candidate.at("chosen").get<bool>()) method = candidate.at("method");
  return {{"method", method}, {"delivered_sigma", delivered}, {"error_bound", plan.at("error_bound")}};
}

// Where the taps deliver a sigma that is more than 1 % off: which, and for uncut sampled taps the way out.
std::string delivered_text(const Report& report, const BlurArguments& arguments) {
  const ordered_json delivered = plan_json(report.plan).at("delivered_sigma");
  for (const auto& [axis, index] : {std::pair{"x", 0}, std::pair{"y", 1}}) {
    const double asked = arguments.options.sigma[index];
    const double given = delivered.at(axis);
    if (asked == 0 || std::abs(given - asked) <= 0.01 * asked) continue;
    const bool cut = arguments.options.truncate || arguments.options.radius.size() != 0;
    return fmt::format("  the taps deliver sigma {:.4g} ({:+.1f} %){}.\n", given, 100 * (given - asked) / asked,
                       cut                                        ? ", since they are cut"
                       : arguments.options.taps == Taps::discrete ? ""
                                                                  : "; --taps discrete delivers it");
  }
  return "";
}

}  // namespace

std::string report_text(const Report& report, const BlurArguments& arguments) {
  const char* const light = arguments.options.light == Light::linear ? " in linear light" : "";
  std::string text = fmt::format("{} -> {}  {}, {}{}{}, {}\n", report.in, report.out, report.description,
                                 arguments.strength, light, area(report, arguments.options), duration(report.blur));
  text += delivered_text(report, arguments);
  for (const std::string& note : report.notes) text += fmt::format("  {}.\n", note);
  if (!arguments.compare.empty()) text += fmt::format("  before | after: {}\n", arguments.compare);
  return printable(text);
}

std::string report_json(const Report& report, const BlurArguments& arguments) {
  ordered_json regions = ordered_json::array();
  for (const PlacedRegion& region : report.regions) regions.push_back(region_json(region));
  ordered_json result = {
      {"input", report.in},
      {"output", report.out},
      {"picture",
       {{"width", report.width},
        {"height", report.height},
        {"pages", report.pages},
        {"bands", report.bands},
        {"dtype", name(report.dtype)},
        {"colour", name(report.colour)},
        {"alpha", report.alpha}}},
      {"plan", plan_json(report.plan)},
      {"strength", arguments.strength},
      {"regions", regions},
      {"invert", arguments.options.invert},
      {"feather", arguments.options.feather},
      {"source", name(arguments.options.source)},
      {"milliseconds",
       {{"read", rounded(report.read)}, {"blur", rounded(report.blur)}, {"write", rounded(report.write)}}},
      {"notes", report.notes}};
  if (!arguments.compare.empty()) result["compare"] = arguments.compare;
  // A file's name may be any bytes; JSON is UTF-8.
  return result.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace gaussfilt::cli
