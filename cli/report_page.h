// Floor 5. The page that `gaussfilt report` writes: one file of HTML that asks for no other.
#pragma once

#include <gaussfilt/regions.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace gaussfilt::cli {

// A table's rows: what, and how much. Text, not yet markup, as everything here but the plots.
using Facts = std::vector<std::pair<std::string, std::string>>;

struct PagePicture {
  std::string name;
  std::string uri;  // of its pixels: data_uri()
};

// One step of the filter.
struct PageStep {
  std::string title;  // "blur, sigma 4"
  Facts facts;
  std::vector<std::string> plots;  // SVG documents
  std::string plot_note;           // where there is none, or it is cut: why
  std::string explanation;         // Plan::explain
  std::string recipe;              // the step as a recipe has it; empty: none can
};

struct PageRegion {
  Region region;
  Rect box;          // all that has a weight
  std::string told;  // "ellipse in 10,20 80 x 60, sigma 4"
};

struct Page {
  PagePicture before, after;
  std::int64_t width = 0, height = 0;     // of the pictures, in their own pixels
  int shown_width = 0, shown_height = 0;  // in those of the page
  std::string filter;                     // of a recipe: its name
  std::string caption;                    // how the pictures are shown
  Facts facts;
  std::vector<PageStep> steps;
  std::vector<PageRegion> regions;
  std::string regions_note;  // "all but these"
  std::vector<std::string> notes;
};

std::string page_html(const Page& page);

}  // namespace gaussfilt::cli
