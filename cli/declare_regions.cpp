// Floor 5. --region and its kin as declared.
#include "readers.h"

#include <fmt/format.h>

#include <cmath>

namespace gaussfilt::cli {
namespace {

void declare_shapes(Command& command, FileArguments& arguments) {
  command.option({.names = "--region",
                  .shape = "REGION",
                  .topic = "Regions",
                  .brief = "Only this: X,Y,W,H or another shape; repeatable",
                  .more = "X,Y,W,H; ellipse:X,Y,W,H; 'polygon:x,y x,y x,y'; mask:FILE, a picture of the same size "
                          "whose alpha, or without one whose grey level, weighs. In pixels or percent of what one "
                          "sees, from the upper left corner; clipped to the picture. @sigma=S or @sigma=X,Y behind "
                          "it: a strength of its own. Of an animation or a document every page has them.",
                  .shown = true,
                  .repeatable = true},
                 [&arguments](const std::string& text) {
                   try {
                     arguments.regions.push_back(parse_region(text));
                   } catch (const InvalidArgument& error) {
                     std::string sentence = error.what();  // "region: is ..."
                     if (sentence.ends_with('.')) sentence.pop_back();
                     throw Refusal("--" + sentence);
                   }
                 });
  command.option({.names = "--regions",
                  .shape = "FILE",
                  .topic = "Regions",
                  .brief = "Regions from a file: JSON, COCO or CSV",
                  .more = fmt::format("JSON: a list of [x, y, width, height], of texts as --region has them, or of "
                                      "objects; or COCO with boxes and polygons, where the file_name says of which "
                                      "picture they are. CSV: x,y,w,h or x,y,w,h,sigma in a line. At most {} for a "
                                      "picture.",
                                      max_regions),
                  .takes = Takes::file},
                 [&arguments](const std::string& text) { arguments.regions_file = file_name("--regions", text); });
}

}  // namespace

void declare_regions(Command& command, RegionOptions& typed, FileArguments& arguments) {
  declare_shapes(command, arguments);
  command.flag({.names = "--invert", .shape = "", .topic = "Regions", .brief = "Filter all but the regions"},
               typed.invert);
  command.option({.names = "--feather",
                  .shape = "PX",
                  .topic = "Regions",
                  .brief = "Fade out over so many pixels around a region",
                  .more = "Inside the region nothing of the original stays; with --invert the fading lies within the "
                          "regions, for what is filtered is the rest."},
                 [&typed, &arguments](const std::string& text) {
                   const auto value = number<double>(text);
                   if (!value || !std::isfinite(*value) || *value < 0)
                     refuse("--feather", text, "a number of pixels >= 0 (--feather 12)");
                   arguments.feather = *value;
                   typed.feather = text;
                 });
  command.option(
      {.names = "--source",
       .shape = "WHAT",
       .topic = "Regions",
       .brief = fmt::format("What a region sees: {}", listed(strings(region_source_names()))),
       .more = "context, the default: the region gets the bytes that it has in the whole picture filtered; where "
               "regions overlap the last holds. crop: the box of it is cut out, filtered with the border at its own "
               "edges, and pasted back, one after the other, as is done with Pillow. masked: only pixels inside "
               "count, nothing crosses the edge; a feather is then at most 3 sigma.",
       .values = [] { return strings(region_source_names()); }},
      [&typed, &arguments](const std::string& text) {
        arguments.source = named("--source", text, strings(region_source_names()), parse_region_source);
        typed.source = text;
      });
}

void settle_regions(const RegionOptions& typed, FileArguments& arguments, std::string_view call) {
  arguments.invert = typed.invert;
  if (!arguments.regions.empty() || !arguments.regions_file.empty()) return;
  const auto needed = [&](std::string_view option, std::string_view what, const std::string& value) {
    throw Refusal(fmt::format("{0}: says {1} and needs --region ({2} --region 10,20,300,200 {0}{3})", option, what,
                              call, value.empty() ? "" : " " + value));
  };
  if (!typed.source.empty()) needed("--source", "what a region sees", typed.source);
  if (!typed.feather.empty()) needed("--feather", "how a region fades out", typed.feather);
  if (typed.invert) needed("--invert", "to filter all but regions", "");
}

}  // namespace gaussfilt::cli
