// Floor 5. What became of a picture.
#include "report.h"

#include "messages.h"

#include <cmath>

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

std::string area(const Report& report, const FileArguments& options) {
  const std::size_t regions = report.regions.size();
  if (regions == 0) return "";
  return fmt::format(", {}{} region{}{}", options.invert ? "all but " : "", regions, regions == 1 ? "" : "s",
                     options.feather > 0 ? fmt::format(", feather {}", options.feather) : "");
}

std::string compared_text(const Report& report, const FileArguments& arguments) {
  switch (arguments.compare_as.value_or(CompareAs::side)) {
    case CompareAs::side: return fmt::format("before | after: {}", arguments.compare);
    case CompareAs::split: return fmt::format("left half before, right half after: {}", arguments.compare);
    case CompareAs::difference: break;
  }
  const bool floats = is_floating(report.dtype);
  const std::string white = report.largest == 0 ? "there is none"
                                                : fmt::format("white is {:.6g}{}", report.largest,
                                                              floats                ? ""
                                                              : report.largest == 1 ? " level"
                                                                                    : " levels");
  return fmt::format("difference, {}: {}", white, arguments.compare);
}

}  // namespace

std::string report_text(const Report& report, const FileArguments& arguments) {
  std::string text = fmt::format("{} -> {}  {}, {}{}, {}\n", report.in, report.out, report.description, report.told,
                                 area(report, arguments), duration(report.filter));
  if (!report.remark.empty()) text += fmt::format("  {}.\n", report.remark);
  for (const std::string& note : report.notes) text += fmt::format("  {}.\n", note);
  if (!arguments.compare.empty()) text += fmt::format("  {}\n", compared_text(report, arguments));
  return printable(text);
}

std::string report_json(const Report& report, const FileArguments& arguments, const std::string& verb) {
  ordered_json regions = ordered_json::array();
  for (const RegionText& region : report.regions) regions.push_back(ordered_json::parse(to_json(region)));
  ordered_json result = {{"input", report.in},
                         {"output", report.out},
                         {"picture",
                          {{"width", report.width},
                           {"height", report.height},
                           {"pages", report.pages},
                           {"bands", report.bands},
                           {"dtype", name(report.dtype)},
                           {"colour", name(report.colour)},
                           {"alpha", report.alpha}}}};
  result.update(ordered_json::parse(report.facts));
  result["regions"] = regions;
  result["invert"] = arguments.invert;
  result["feather"] = arguments.feather;
  result["source"] = name(arguments.source);
  result["milliseconds"] = {
      {"read", rounded(report.read)}, {verb, rounded(report.filter)}, {"write", rounded(report.write)}};
  result["notes"] = report.notes;
  if (!arguments.compare.empty()) {
    result["compare"] = arguments.compare;
    result["compare_as"] = name(arguments.compare_as.value_or(CompareAs::side));
    if (arguments.compare_as == CompareAs::difference) result["largest_difference"] = report.largest;
  }
  // A file's name may be any bytes; JSON is UTF-8.
  return result.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace gaussfilt::cli
