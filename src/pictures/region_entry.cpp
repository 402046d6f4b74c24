// Floor 4. Regions as entries of JSON, read and written.
#include "region_text.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace gaussfilt::pictures {
namespace {

using nlohmann::ordered_json;

// Calls `read`; what it finds wrong is told of the value. The example is one of a text.
template <class Read> auto with_rule(const Value& value, Read read) {
  try {
    return read();
  } catch (const RegionRule& rule) {
    value.refuse_by(rule.without_example());
  }
}

Length length_of(const Value& value) {
  return {.value = number(value, "a number up to 1e9", [](double length) { return std::fabs(length) <= 1e9; })};
}

// The first four entries.
Region box_of(const Value& value, Region::Shape shape) {
  std::vector<Length> lengths;
  for (const std::size_t i : {0U, 1U, 2U, 3U}) {
    lengths.push_back(length_of(value.entry(i)));
    if (i > 1 && !(lengths[i].value > 0)) value.entry(i).refuse("a size > 0");
  }
  Region region = with_rule(value, [&] { return box_region(shape, std::move(lengths)); });
  region.told = value.title_and_place();
  return region;
}

Region box_of_four(const Value& value, Region::Shape shape) {
  if (!value.json().is_array() || value.json().size() != 4) value.refuse("[x, y, width, height]");
  return box_of(value, shape);
}

RegionText text_of(const Value& value) {
  const auto text = value.json().get<std::string>();
  RegionText read = with_rule(value, [&] { return read_region_text(text); });
  read.region.told = value.title_and_place();
  return read;
}

PerAxis<double> sigma_of(const Value& value) {
  std::vector<double> sigma;
  const auto any = [](double) { return true; };
  constexpr std::string_view rule = "a sigma > 0, one or [x, y]";
  for (const Value& one : one_or_two(value, rule)) sigma.push_back(number(one, rule, any));
  return with_rule(value, [&] { return read_sigma(sigma); });
}

std::string file_of(const Value& value) {
  constexpr std::string_view rule = R"(the name of a file ("mask": "face.png"))";
  const std::string name = text(value, rule);
  if (name.empty()) value.refuse(rule);
  return name;
}

RegionText object_of(const Value& value) {
  constexpr std::string_view rule =
      R"(must hold one of "box", "ellipse", "polygon" and "mask", and may hold "sigma" beside it)";
  RegionText read;
  std::optional<PerAxis<double>> sigma;
  int shapes = 0;
  for (const auto& item : value.json().items()) {
    const Value member = value.member(item.key());
    if (item.key() == "sigma") {
      sigma = sigma_of(member);
      continue;
    }
    ++shapes;
    if (item.key() == "box") read.region = read_json_box(member);
    else if (item.key() == "ellipse") read.region = box_of_four(member, Region::Shape::ellipse);
    else if (item.key() == "polygon") read.region = read_json_polygon(member);
    else if (item.key() == "mask") read.mask = file_of(member);
    else value.refuse_by(rule);
  }
  if (shapes != 1) value.refuse_by(rule);
  if (!read.mask.empty()) read.region.shape = Region::Shape::mask;
  read.region.sigma = sigma;
  read.region.told = value.title_and_place();
  return read;
}

std::string written(const Length& length) { return fmt::format("{}{}", length.value, length.percent ? "%" : ""); }

// Percent can only be said in a text.
std::string text_of(const Region& region) {
  std::string text;
  const bool polygon = region.shape == Region::Shape::polygon;
  if (region.shape != Region::Shape::rect) text = std::string(name(region.shape)) + ":";
  for (std::size_t i = 0; i < region.lengths.size(); ++i) {
    if (i > 0) text += polygon && i % 2 == 0 ? ' ' : ',';
    text += written(region.lengths[i]);
  }
  if (region.sigma) text += fmt::format("@sigma={},{}", (*region.sigma)[0], (*region.sigma)[1]);
  return text;
}

}  // namespace

Region read_json_box(const Value& value) { return box_of_four(value, Region::Shape::rect); }

// x and y in turn, as COCO has them, or [x, y] each.
Region read_json_polygon(const Value& value) {
  if (!value.json().is_array()) value.refuse("a list of corners");
  std::vector<Length> lengths;
  for (std::size_t i = 0; i < value.json().size(); ++i) {
    const Value corner = value.entry(i);
    if (!corner.json().is_array()) {
      lengths.push_back(length_of(corner));
      continue;
    }
    if (corner.json().size() != 2) corner.refuse("[x, y]");
    for (const std::size_t axis : {0U, 1U}) lengths.push_back(length_of(corner.entry(axis)));
  }
  Region region = with_rule(value, [&] { return corners_region(std::move(lengths)); });
  region.told = value.title_and_place();
  return region;
}

RegionText read_region_entry(const Value& value) {
  if (value.json().is_string()) return text_of(value);
  if (value.json().is_object()) return object_of(value);
  if (!value.json().is_array() || value.json().size() < 4 || value.json().size() > 5)
    value.refuse(R"([x, y, width, height], "ellipse:X,Y,W,H" or {"polygon": [[x, y], ...]})");
  RegionText read{.region = box_of(value, Region::Shape::rect), .mask = {}};
  if (value.json().size() == 5) read.region.sigma = sigma_of(value.entry(4));
  return read;
}

ordered_json region_json(const RegionText& written) {
  const Region& region = written.region;
  if (!region.lengths.empty()) return text_of(region);
  const ordered_json box = {region.box.x, region.box.y, region.box.width, region.box.height};
  if (region.shape == Region::Shape::rect && !region.sigma) return box;
  ordered_json result;
  if (region.shape == Region::Shape::mask) result["mask"] = written.mask;
  else if (region.shape != Region::Shape::polygon)
    result[region.shape == Region::Shape::ellipse ? "ellipse" : "box"] = box;
  else
    for (const Point& corner : region.corners) result["polygon"].push_back({corner.x, corner.y});
  if (region.sigma) result["sigma"] = {(*region.sigma)[0], (*region.sigma)[1]};
  return result;
}

}  // namespace gaussfilt::pictures

namespace gaussfilt::inline v0 {

std::string to_json(const RegionText& region) { return pictures::region_json(region).dump(); }

}  // namespace gaussfilt::inline v0
