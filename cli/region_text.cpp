// Floor 5. Regions as text: X,Y,W,H and its kin.
#include "region_text.h"

#include "readers.h"

#include <cmath>

#include <fmt/format.h>

namespace gaussfilt::cli {
namespace {

[[noreturn]] void refuse_box(std::string_view why = "") {
  throw RegionRule(fmt::format(
      "must be X,Y,W,H in whole pixels or percent{} (--region 10,20,300,200 or --region 10%,10%,50%,50%)", why));
}

[[noreturn]] void refuse_polygon() {
  throw RegionRule(
      fmt::format("must have 3 to {} corners x,y with spaces between them "
                  "(--region 'polygon:10,10 200,40 90,150')",
                  max_corners));
}

// Takes "@sigma=..." off the end.
std::vector<double> take_sigma(std::string& text) {
  constexpr std::string_view mark = "@sigma=";
  const std::size_t at = text.rfind(mark);
  if (at == std::string::npos) return {};
  const auto sigma = numbers<double>(std::string_view(text).substr(at + mark.size()));
  if (!sigma) check_sigma({});
  check_sigma(*sigma);
  text.resize(at);
  return *sigma;
}

void read_box(const std::string& text, RegionArgument& region) {
  for (const std::string& part : split(text, ',')) {
    region.numbers.push_back(read_length(part));
    const Length& length = region.numbers.back();
    if (!length.percent && length.value != std::floor(length.value)) refuse_box();
  }
  check_box(region);
}

void read_corners(const std::string& text, RegionArgument& region) {
  for (const std::string& corner : split(text, ' ')) {
    if (corner.empty()) continue;
    const std::vector<std::string> parts = split(corner, ',');
    if (parts.size() != 2) refuse_polygon();
    for (const std::string& part : parts) region.numbers.push_back(read_length(part));
  }
  check_polygon(region);
}

}  // namespace

Length read_length(std::string_view text) {
  const bool percent = text.ends_with('%');
  const auto value = number<double>(text.substr(0, text.size() - (percent ? 1 : 0)));
  constexpr double far = 1e9;  // beyond any picture
  if (!value || !(std::fabs(*value) <= far))
    throw RegionRule(
        "must have numbers of pixels or percent up to 1e9 (--region 10,20,300,200 or --region "
        "10%,10%,50%,50%)");
  return {.value = *value, .percent = percent};
}

void check_sigma(std::span<const double> sigma) {
  bool good = sigma.size() == 1 || sigma.size() == 2;
  double sum = 0;
  for (const double value : sigma) {
    good = good && std::isfinite(value) && value >= 0;
    sum += value;
  }
  if (!good || !(sum > 0)) throw RegionRule("must have a sigma > 0, one or X,Y (--region 10,20,300,200@sigma=8)");
}

void check_box(const RegionArgument& region) {
  if (region.numbers.size() != 4) refuse_box();
  for (const std::size_t axis : {0U, 1U}) {
    const Length &start = region.numbers[axis], &size = region.numbers[axis + 2];
    if (!(size.value > 0)) refuse_box(", of a size > 0");
    if (start.percent && start.value >= 100) refuse_box(" that begins inside the picture");
    if (start.percent == size.percent && start.value + size.value <= 0) refuse_box(" that reaches into the picture");
  }
}

void check_polygon(const RegionArgument& region) {
  if (region.numbers.size() % 2 != 0 || region.numbers.size() < 6 || region.numbers.size() > 2 * max_corners)
    refuse_polygon();
}

RegionArgument read_region(const std::string& text) {
  RegionArgument region;
  region.text = text;
  std::string rest = text;
  region.sigma = take_sigma(rest);
  const std::size_t colon = rest.find(':');
  const std::string kind = colon == std::string::npos ? "" : rest.substr(0, colon);
  const std::string body = colon == std::string::npos ? rest : rest.substr(colon + 1);
  if (kind.empty() || kind == "rect") {
    read_box(body, region);
  } else if (kind == "ellipse") {
    region.shape = Region::Shape::ellipse;
    read_box(body, region);
  } else if (kind == "polygon") {
    region.shape = Region::Shape::polygon;
    read_corners(body, region);
  } else if (kind == "mask") {
    region.shape = Region::Shape::mask;
    region.mask = body;
    if (body.empty()) throw RegionRule("must name a file (--region mask:face.png)");
  } else {
    throw RegionRule("must begin with ellipse:, polygon: or mask:, or be X,Y,W,H (--region ellipse:10,20,300,200)");
  }
  return region;
}

}  // namespace gaussfilt::cli
