// Floor 5. What each command was asked for: plain data, filled by the declaration in options.cpp.
#pragma once

#include <gaussfilt/convolution.h>
#include <gaussfilt/pictures.h>
#include <gaussfilt/region_text.h>
#include <gaussfilt/sheets.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gaussfilt::cli {

enum ExitCode : int { done = 0, failed = 1, usage = 2 };

// How files are read, the same options for every command that reads some.
struct ReadArguments {
  LoadOptions options;
  std::vector<std::string> allow_loaders;
};

// From files to files: the same for every command that filters pictures.
struct FileArguments {
  std::string in;   // a file, a folder, or "-" for standard input
  std::string out;  // a file, a folder where IN is one, or "-" for standard output
  ReadArguments read;
  SaveOptions save;
  std::string format;  // extension for "-"; empty: as the input's, or PNG
  std::vector<RegionText> regions;
  std::string regions_file;                       // empty: none
  std::shared_ptr<const RegionFile> region_file;  // that file, read
  bool invert = false;                            // all but the regions
  double feather = 0;                             // pixels in which they fade out
  RegionSource source = RegionSource::context;
  std::string compare;                  // empty: not asked for
  std::optional<CompareAs> compare_as;  // default side
  bool show = false;
  bool explain = false;
  bool json = false;
  bool quiet = false;
  bool recursive = false;
  int jobs = 0;     // pictures at once in a folder; 0: as many as there are threads
  int threads = 0;  // in all; 0: as many as this process may use
};

struct BlurArguments : FileArguments {
  BlurOptions options;   // without regions and threads
  std::string strength;  // how it is told: "sigma 4", "sigma 1.1 (of --size 5)"
};

struct ConvolveArguments : FileArguments {
  ConvolveOptions options;  // without regions and threads
};

struct InfoArguments {
  std::vector<std::string> files;
  ReadArguments read;
  bool json = false;
};

struct CompareArguments {
  std::string a, b;
  ReadArguments read;
  std::string heatmap;  // empty: not asked for
  bool json = false;
};

struct ApplyArguments {
  std::string recipe;
  std::vector<std::string> in;  // files, folders, patterns of a shell
  std::string out;              // the folder of the outputs; empty: in place
  std::string pattern;          // of the outputs' names
  std::string manifest;         // empty: the usual name in `out`
  ReadArguments read;
  bool in_place = false;
  bool recursive = false;
  bool resume = false;
  bool dry_run = false;
  bool quiet = false;
  int jobs = 0;     // pictures at once; 0: as many as there are threads
  int threads = 0;  // in all; 0: all that this process may use
};

struct ContactArguments {
  std::string in;  // a file, or "-" for standard input
  std::string out;
  std::string recipe;
  SheetOptions sheet;
  ReadArguments read;
  bool quiet = false;
  int threads = 0;  // 0: all that this process may use
};

// The regions and how files are read; `out` was made from `in`.
struct ReportArguments : FileArguments {
  std::string page;  // the file to write
  // What made it: one of these, or nothing is known.
  std::optional<BlurOptions> blur;
  std::string strength;  // how it is told
  std::optional<ConvolveOptions> convolve;
  std::string recipe, filter;
  int longest = 1600;  // side of the pictures in the page
};

}  // namespace gaussfilt::cli
