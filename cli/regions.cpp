// Floor 5. Regions as typed become regions of pixels.
#include "regions.h"

#include "files.h"

#include <gaussfilt/error.h>

#include <map>
#include <span>

#include <fmt/format.h>

namespace gaussfilt::cli {
namespace {

void load_masks(std::vector<RegionText>& regions, const ReadArguments& read, std::map<std::string, Region>& loaded) {
  for (RegionText& region : regions) {
    if (region.region.shape != Region::Shape::mask) continue;
    auto found = loaded.find(region.mask);
    if (found == loaded.end()) {
      ReadArguments options = read;
      options.options.page.reset();
      const Picture mask = load_picture(region.mask, options);
      try {
        found = loaded.emplace(region.mask, mask_region(mask)).first;
      } catch (const InvalidArgument& error) {
        throw IoError(fmt::format("{}: {}", region.mask, error.what()));
      }
    }
    region.region.levels = found->second.levels;
  }
}

}  // namespace

void read_regions(FileArguments& arguments) {
  std::map<std::string, Region> masks;
  load_masks(arguments.regions, arguments.read, masks);
  if (arguments.regions_file.empty()) return;
  auto file = std::make_shared<RegionFile>(load_regions(arguments.regions_file));
  load_masks(file->regions, arguments.read, masks);
  arguments.region_file = std::move(file);
}

std::vector<RegionText> place_regions(const FileArguments& arguments, const std::string& name, const Picture& picture) {
  std::vector<RegionText> placed;
  const auto add = [&](std::span<const RegionText> regions) {
    for (const RegionText& text : regions)
      placed.push_back({.region = place(text.region, picture.width(), picture.height()), .mask = text.mask});
  };
  add(arguments.regions);
  if (arguments.region_file) add(regions_for(*arguments.region_file, name, picture.width(), picture.height()));
  return placed;
}

}  // namespace gaussfilt::cli
