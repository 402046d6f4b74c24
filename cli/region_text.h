// Floor 5. Regions as text: X,Y,W,H and its kin.
#pragma once

#include "arguments.h"

#include <stdexcept>
#include <string>
#include <string_view>

namespace gaussfilt::cli {

// What a text, or one entry of a file, must be instead: "must be X,Y,W,H ...".
struct RegionRule : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// "X,Y,W,H", "ellipse:X,Y,W,H", "polygon:x,y x,y x,y", "mask:FILE", each with "@sigma=S" or "@sigma=X,Y" behind it; in
// pixels or percent. Throws RegionRule.
RegionArgument read_region(const std::string& text);

// A number of pixels, or with % of percent. Throws RegionRule.
Length read_length(std::string_view text);
// X, Y, W, H and what can be said of them before the picture's size is known. Throws RegionRule.
void check_box(const RegionArgument& region);
void check_polygon(const RegionArgument& region);
void check_sigma(std::span<const double> sigma);

}  // namespace gaussfilt::cli
