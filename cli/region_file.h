// Floor 5. Files of regions: JSON (a list, or COCO) and CSV.
#pragma once

#include "arguments.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace gaussfilt::cli {

// What a COCO file says of one picture; a size of 0 is not said.
struct RegionImage {
  std::string file_name;
  std::int64_t width = 0;
  std::int64_t height = 0;
  std::vector<RegionArgument> regions;
};

struct RegionFile {
  std::string name;
  std::vector<RegionArgument> regions;            // of every picture
  std::vector<RegionImage> images;                // COCO with images: each has its own
  std::multimap<std::string, std::size_t> names;  // of the images, without folders
};

// At most 32 MiB, and max_regions for one picture. Throws IoError, with the file, the JSON pointer or the line.
RegionFile read_region_file(const std::string& name);

// Those of a picture of this name and size: of the one image there is, else of the image whose file_name ends as the
// name does. Throws InvalidArgument where there is none, or several, or the sizes differ.
const std::vector<RegionArgument>& regions_for(const RegionFile& file, const std::string& picture, std::int64_t width,
                                               std::int64_t height);

}  // namespace gaussfilt::cli
