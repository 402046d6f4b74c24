// Floor 4. Regions as people and files write them. Installed with the component `pictures`. What they look like is
// described in docs/regions.md.
#pragma once

#include <gaussfilt/export.h>
#include <gaussfilt/regions.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace gaussfilt::inline v0 {

// A region; of shape mask it has no levels yet, and `mask` names the file that mask_region() makes them of.
struct RegionText {
  Region region;
  std::string mask;
};

// "X,Y,W,H", "ellipse:X,Y,W,H", "polygon:x,y x,y x,y", "mask:FILE", each with "@sigma=S" or "@sigma=X,Y" behind it; in
// pixels or percent. Throws InvalidArgument: "region: is '7', must be ...".
GAUSSFILT_API RegionText parse_region(std::string_view text);
// An entry of a JSON list of regions that says the same.
GAUSSFILT_API std::string to_json(const RegionText& region);

// What a COCO file says of one picture; a size of 0 is not said.
struct RegionImage {
  std::string file_name;
  std::int64_t width = 0;
  std::int64_t height = 0;
  std::vector<RegionText> regions;
};

struct RegionFile {
  std::string name;
  std::vector<RegionText> regions;                // of every picture
  std::vector<RegionImage> images;                // COCO with images: each has its own
  std::multimap<std::string, std::size_t> names;  // of the images, without folders
};

// JSON (a list, or COCO) or CSV, told by the content. At most 32 MiB, and max_regions for one picture. Throws IoError,
// with the file, the JSON pointer or the line.
GAUSSFILT_API RegionFile load_regions(const std::filesystem::path& file);
// The same from memory; `name` stands in messages, and masks are looked for beside it.
GAUSSFILT_API RegionFile parse_regions(std::string_view text, const std::string& name = "regions");

// Those of a picture of this name and size: of the one image there is, else of the image whose file_name ends as the
// name does. Throws InvalidArgument where there is none, or several, or the sizes differ.
GAUSSFILT_API const std::vector<RegionText>& regions_for(const RegionFile& file, const std::string& picture,
                                                         std::int64_t width, std::int64_t height);

}  // namespace gaussfilt::inline v0
