// Floor 4. Regions as text: X,Y,W,H and its kin.
#include "region_text.h"

#include <gaussfilt/error.h>

#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace gaussfilt::pictures {
namespace {

std::optional<double> number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return {};
  return value;
}

[[noreturn]] void refuse_box(std::string_view why = "") {
  throw RegionRule(fmt::format("must be X,Y,W,H in whole pixels or percent{} (10,20,300,200 or 10%,10%,50%,50%)", why));
}

[[noreturn]] void refuse_polygon() {
  throw RegionRule(
      fmt::format("must have 3 to {} corners x,y with spaces between them "
                  "('polygon:10,10 200,40 90,150')",
                  max_corners));
}

// Takes "@sigma=..." off the end.
std::optional<PerAxis<double>> take_sigma(std::string& text) {
  constexpr std::string_view mark = "@sigma=";
  const std::size_t at = text.rfind(mark);
  if (at == std::string::npos) return {};
  std::vector<double> sigma;
  for (const std::string& part : split(std::string_view(text).substr(at + mark.size()), ','))
    sigma.push_back(number(part).value_or(NAN));
  text.resize(at);
  return read_sigma(sigma);
}

Region read_box(const std::string& text, Region::Shape shape) {
  std::vector<Length> lengths;
  for (const std::string& part : split(text, ',')) {
    lengths.push_back(read_length(part));
    if (!lengths.back().percent && lengths.back().value != std::floor(lengths.back().value)) refuse_box();
  }
  return box_region(shape, std::move(lengths));
}

Region read_corners(const std::string& text) {
  std::vector<Length> lengths;
  for (const std::string& corner : split(text, ' ')) {
    if (corner.empty()) continue;
    const std::vector<std::string> parts = split(corner, ',');
    if (parts.size() != 2) refuse_polygon();
    for (const std::string& part : parts) lengths.push_back(read_length(part));
  }
  return corners_region(std::move(lengths));
}

// What needs no picture to be known is settled at once.
Region settled(Region region) {
  for (const Length& length : region.lengths)
    if (length.percent) return region;
  return in_pixels(region, 0, 0);
}

}  // namespace

std::string RegionRule::without_example() const {
  const std::string sentence = what();
  return sentence.substr(0, sentence.find(" ("));
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t at = std::min(text.find(separator), text.size());
    parts.emplace_back(text.substr(0, at));
    if (at == text.size()) return parts;
    text.remove_prefix(at + 1);
  }
}

Length read_length(std::string_view text) {
  const bool percent = text.ends_with('%');
  const auto value = number(text.substr(0, text.size() - (percent ? 1 : 0)));
  constexpr double far = 1e9;  // beyond any picture
  if (!value || !(std::fabs(*value) <= far))
    throw RegionRule("must have numbers of pixels or percent up to 1e9 (10,20,300,200 or 10%,10%,50%,50%)");
  return {.value = *value, .percent = percent};
}

PerAxis<double> read_sigma(std::span<const double> sigma) {
  bool good = sigma.size() == 1 || sigma.size() == 2;
  double sum = 0;
  for (const double value : sigma) {
    good = good && std::isfinite(value) && value >= 0;
    sum += value;
  }
  if (!good || !(sum > 0)) throw RegionRule("must have a sigma > 0, one or X,Y (10,20,300,200@sigma=8)");
  return PerAxis<double>(std::vector<double>(sigma.begin(), sigma.end()));
}

Region box_region(Region::Shape shape, std::vector<Length> lengths) {
  if (lengths.size() != 4) refuse_box();
  for (const std::size_t axis : {0U, 1U}) {
    const Length &start = lengths[axis], &size = lengths[axis + 2];
    if (!(size.value > 0)) refuse_box(", of a size > 0");
    if (start.percent && start.value >= 100) refuse_box(" that begins inside the picture");
    if (start.percent == size.percent && start.value + size.value <= 0) refuse_box(" that reaches into the picture");
  }
  Region region;
  region.shape = shape;
  region.lengths = std::move(lengths);
  return settled(std::move(region));
}

Region corners_region(std::vector<Length> lengths) {
  if (lengths.size() % 2 != 0 || lengths.size() < 6 || lengths.size() > 2 * max_corners) refuse_polygon();
  Region region;
  region.shape = Region::Shape::polygon;
  region.lengths = std::move(lengths);
  return settled(std::move(region));
}

RegionText read_region_text(const std::string& text) {
  RegionText result;
  std::string rest = text;
  const std::optional<PerAxis<double>> sigma = take_sigma(rest);
  const std::size_t colon = rest.find(':');
  const std::string kind = colon == std::string::npos ? "" : rest.substr(0, colon);
  const std::string body = colon == std::string::npos ? rest : rest.substr(colon + 1);
  if (kind.empty() || kind == "rect") {
    result.region = read_box(body, Region::Shape::rect);
  } else if (kind == "ellipse") {
    result.region = read_box(body, Region::Shape::ellipse);
  } else if (kind == "polygon") {
    result.region = read_corners(body);
  } else if (kind == "mask") {
    result.region.shape = Region::Shape::mask;
    result.mask = body;
    if (body.empty()) throw RegionRule("must name a file (mask:face.png)");
  } else {
    throw RegionRule("must begin with ellipse:, polygon: or mask:, or be X,Y,W,H (ellipse:10,20,300,200)");
  }
  result.region.sigma = sigma;
  result.region.told = text;
  return result;
}

}  // namespace gaussfilt::pictures

namespace gaussfilt::inline v0 {

RegionText parse_region(std::string_view text) {
  try {
    return pictures::read_region_text(std::string(text));
  } catch (const pictures::RegionRule& rule) {
    throw InvalidArgument(fmt::format("region: is '{}', {}.", pictures::printable(std::string(text)), rule.what()));
  }
}

}  // namespace gaussfilt::inline v0
