// Files of regions and regions as text: read or refused in one sentence; what was read lies in a picture, or is
// refused, and is written and read again as the same.
#include "refusal.h"

#include <gaussfilt/error.h>
#include <gaussfilt/region_text.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace gaussfilt;

constexpr std::int64_t width = 40, height = 30;

void check(const RegionText& read) {
  const std::string once = to_json(read);
  const RegionFile again = parse_regions("[" + once + "]", "again");
  fuzz::require(again.regions.size() == 1 && to_json(again.regions[0]) == once, "reads back as another one: " + once);
  if (read.region.shape == Region::Shape::mask) return;
  try {
    const Weights weights = region_weights(read.region, width, height, 2);
    fuzz::require(weights.box.x >= 0 && weights.box.x + weights.box.width <= width, "leaves the picture: " + once);
  } catch (const InvalidArgument& error) {
    fuzz::check_refusal(error);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const RegionFile file = parse_regions(text, "file");
    for (std::size_t i = 0; i < file.regions.size() && i < 8; ++i) check(file.regions[i]);
    if (!file.images.empty()) regions_for(file, "a/b.png", width, height);
  } catch (const Error& error) {
    fuzz::check_refusal(error);
  }
  if (text.find('\n') != std::string_view::npos) return 0;  // a text of the command line comes back in its refusal
  try {
    check(parse_region(text.substr(0, 200)));
  } catch (const InvalidArgument& error) {
    fuzz::check_refusal(error);
  }
  return 0;
}
