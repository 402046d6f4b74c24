// Floor 5. Regions as typed, and those of files, become regions of pixels when the picture's size is known.
#pragma once

#include "report.h"

#include <string>
#include <vector>

namespace gaussfilt::cli {

// Reads the file of regions and all masks, before the work begins. Throws IoError and InvalidArgument.
void read_regions(BlurArguments& arguments);

// The regions of a picture: those of the command line, then those of the file. Boxes are clipped to the picture.
// Percent are rounded to the nearest pixel edge, so that boxes that meet in percent meet in pixels; fractions of pixels
// grow a box to whole ones. Throws InvalidArgument, with the picture's size in it, where nothing is left.
std::vector<PlacedRegion> place_regions(const BlurArguments& arguments, const std::string& name,
                                        const Picture& picture);

}  // namespace gaussfilt::cli
