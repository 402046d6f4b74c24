// Floor 5. What each command was asked for: plain data, filled by the declaration in options.cpp.
#pragma once

#include <gaussfilt/pictures.h>

#include <array>
#include <string>
#include <vector>

namespace gaussfilt::cli {

enum ExitCode : int { done = 0, failed = 1, usage = 2 };

// A number of pixels, or of percent of the picture's width or height.
struct Length {
  double value = 0;
  bool percent = false;
};

// X, Y, W, H as typed; becomes a Rect when the picture's size is known.
struct RegionArgument {
  std::array<Length, 4> box{};
  std::string text;  // as typed, for messages
};

// How files are read, the same options for every command that reads some.
struct ReadArguments {
  LoadOptions options;
  std::vector<std::string> allow_loaders;
};

struct BlurArguments {
  std::string in;   // a file, a folder, or "-" for standard input
  std::string out;  // a file, a folder where IN is one, or "-" for standard output
  ReadArguments read;
  SaveOptions save;
  std::string format;   // extension for "-"; empty: as the input's, or PNG
  BlurOptions options;  // without regions, which `regions` holds
  std::vector<RegionArgument> regions;
  std::string strength;  // how it is told: "sigma 4", "sigma 1.1 (of --size 5)"
  std::string compare;   // empty: not asked for
  bool show = false;
  bool explain = false;
  bool json = false;
  bool quiet = false;
  bool recursive = false;
  int jobs = 0;  // pictures at once in a folder; 0: as many as there are threads
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

}  // namespace gaussfilt::cli
