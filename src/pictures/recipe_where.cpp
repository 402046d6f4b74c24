// Floor 4. What the steps of a recipe have in common.
#include "recipe_where.h"

#include "region_text.h"

#include <gaussfilt/error.h>

#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace gaussfilt::pictures {
namespace {

// A level as JSON writes a number: no sign, no infinity.
std::optional<double> level(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool digits = !text.empty() && text.find_first_not_of("0123456789.eE+-") == text.npos && text[0] != '-';
  if (!digits || error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

}  // namespace

void read_border(const Value& value, Where& where) {
  std::vector<std::string_view> names;
  for (const BorderRule& rule : border_rules()) names.push_back(rule.name);
  constexpr std::string_view rule = "the name of a border, or constant:LEVEL (\"border\": \"constant:255\")";
  const std::string word = text(value, rule);
  if (!word.starts_with("constant:")) {
    where.border = named(value, names, parse_border);
    return;
  }
  const std::optional<double> found = level(std::string_view(word).substr(word.find(':') + 1));
  if (!found) value.refuse(rule);
  where.border = Border::constant;
  where.cval = *found;
}

void read_regions(const Value& value, Where& where) {
  for (const Value& entry : entries(value, "regions", 1, max_regions)) {
    RegionText read = read_region_entry(entry);
    if (read.region.shape == Region::Shape::mask)
      entry.refuse("a box, an ellipse or a polygon; files of masks do not go into recipes");
    where.regions.push_back(std::move(read.region));
  }
}

void read_invert(const Value& value, Where& where) {
  if (!value.json().is_boolean()) value.refuse("true or false (\"invert\": true)");
  where.invert = value.json().get<bool>();
}

void read_feather(const Value& value, Where& where) {
  where.feather = number(value, "a number of pixels >= 0 (\"feather\": 12)", [](double width) { return width >= 0; });
}

void read_source(const Value& value, Where& where) {
  where.source = named(value, region_source_names(), parse_region_source);
}

void check_where(const Value& value, const Where& where) {
  const auto has = [&](const char* name) { return value.json().contains(name); };
  if (has("regions")) {
    for (std::size_t i = 0; where.invert && i < where.regions.size(); ++i)
      if (where.regions[i].sigma)
        value.member("regions").entry(i).say(
            "has a sigma of its own, must have none where all but the regions is blurred");
    return;
  }
  const auto needs = [&](const char* name, std::string_view what) {
    if (has(name)) value.say(fmt::format("has '{}', which says {}, and no 'regions'", name, what));
  };
  needs("source", "what a region sees");
  needs("feather", "how a region fades out");
  needs("invert", "whether all but the regions is filtered");
}

void write_where(const Where& where, nlohmann::ordered_json& step) {
  const std::string constant = where.cval == 0 ? "" : fmt::format(":{}", where.cval);
  if (where.border != Border::reflect)
    step["border"] = std::string(name(where.border)) + (where.border == Border::constant ? constant : "");
  if (where.regions.empty()) return;
  for (const Region& region : where.regions) {
    if (region.shape == Region::Shape::mask)
      throw InvalidArgument("recipe: holds regions that are boxes, ellipses and polygons, and no masks.");
    step["regions"].push_back(region_json({.region = region, .mask = {}}));
  }
  if (where.invert) step["invert"] = true;
  if (where.feather != 0) step["feather"] = where.feather;
  if (where.source != RegionSource::context) step["source"] = name(where.source);
}

}  // namespace gaussfilt::pictures
