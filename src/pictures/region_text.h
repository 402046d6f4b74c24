// Floor 4. Regions as written: X,Y,W,H and its kin, and entries of JSON.
#pragma once

#include "json_reader.h"

#include <gaussfilt/region_text.h>

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace gaussfilt::pictures {

// What a text, or one entry of a file, must be instead: "must be X,Y,W,H ...", and behind it an example in brackets.
struct RegionRule : std::runtime_error {
  using std::runtime_error::runtime_error;
  std::string without_example() const;
};

// The parts between separators; of an empty text one, empty.
std::vector<std::string> split(std::string_view text, char separator);

// A number of pixels, or with % of percent. Throws RegionRule.
Length read_length(std::string_view text);
PerAxis<double> read_sigma(std::span<const double> sigma);  // throws RegionRule
// A box or an ellipse of X, Y, W, H: as much as can be said before the picture's size is known. Throws RegionRule.
Region box_region(Region::Shape shape, std::vector<Length> lengths);
Region corners_region(std::vector<Length> lengths);
// As parse_region. Throws RegionRule.
RegionText read_region_text(const std::string& text);

// Entries of JSON lists of regions, and what COCO has instead. Throw RecipeError.
RegionText read_region_entry(const Value& value);
Region read_json_box(const Value& value);
Region read_json_polygon(const Value& value);
nlohmann::ordered_json region_json(const RegionText& region);

}  // namespace gaussfilt::pictures
