// Floor 4. What the steps of a recipe have in common.
#include "recipe_where.h"

#include <gaussfilt/error.h>

#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace gaussfilt::pictures {
namespace {

constexpr std::int64_t farthest = std::int64_t{1} << 40;  // beyond any picture, and exact in double
constexpr std::size_t most_regions = 10000;

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
  constexpr std::string_view rule = "[x, y, width, height] in whole pixels, of a size > 0";
  for (const Value& box : entries(value, "boxes [x, y, width, height]", 1, most_regions)) {
    if (!box.json().is_array() || box.json().size() != 4) box.refuse(rule);
    const auto side = [&](std::size_t index, std::int64_t least) {
      return whole(box.entry(index), index < 2 ? "a whole number of pixels" : "a whole number of pixels > 0", least,
                   farthest);
    };
    where.regions.emplace_back(
        Rect{.x = side(0, -farthest), .y = side(1, -farthest), .width = side(2, 1), .height = side(3, 1)});
  }
}

void read_source(const Value& value, Where& where) {
  where.source = named(value, region_source_names(), parse_region_source);
}

void check_where(const Value& value) {
  if (value.json().contains("source") && !value.json().contains("regions"))
    value.say("has a 'source', which says what a region sees, and no 'regions'");
}

void write_where(const Where& where, nlohmann::ordered_json& step) {
  const std::string constant = where.cval == 0 ? "" : fmt::format(":{}", where.cval);
  if (where.border != Border::reflect)
    step["border"] = std::string(name(where.border)) + (where.border == Border::constant ? constant : "");
  for (const Region& region : where.regions) {
    if (region.shape != Region::Shape::rect || region.sigma)
      throw InvalidArgument("recipe: holds regions that are boxes, without a sigma of their own, and no others.");
    step["regions"].push_back({region.box.x, region.box.y, region.box.width, region.box.height});
  }
  if (!where.regions.empty() && where.source != RegionSource::context) step["source"] = name(where.source);
}

}  // namespace gaussfilt::pictures
