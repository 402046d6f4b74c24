// Floor 5. Regions as typed, and those of files, become regions of pixels when the picture's size is known.
#pragma once

#include "report.h"

#include <string>
#include <vector>

namespace gaussfilt::cli {

// Reads the file of regions and all masks, before the work begins. Throws IoError and InvalidArgument.
void read_regions(FileArguments& arguments);

// The regions of a picture in its pixels: those of the command line, then those of the file. Throws InvalidArgument.
std::vector<RegionText> place_regions(const FileArguments& arguments, const std::string& name, const Picture& picture);

// Puts them into the report, and what there is of them into the options of a filter. false: there is a file of regions,
// and none of them is of this picture, so that nothing is to be done; the report's notes say so.
template <class Options>
bool settle_places(const FileArguments& arguments, const Picture& picture, Options& options, Report& report) {
  report.regions = place_regions(arguments, report.in, picture);
  for (const RegionText& placed : report.regions) options.regions.push_back(placed.region);
  options.invert = arguments.invert;
  options.feather = arguments.feather;
  options.source = arguments.source;
  if (!report.regions.empty() || !arguments.region_file || arguments.invert) return true;
  report.notes.push_back(arguments.regions_file + " has no region of it, so nothing is filtered");
  return false;
}

}  // namespace gaussfilt::cli
