// Floor 5. What became of a picture, as a line for people and as a JSON object for programs.
#pragma once

#include "arguments.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace gaussfilt::cli {

using Duration = std::chrono::steady_clock::duration;

struct Report {
  std::string in, out;      // as they stand in messages
  std::string description;  // "512 x 512 RGB 8 bit"
  std::int64_t width = 0, height = 0, pages = 1;
  int bands = 0;
  DType dtype = DType::u8;
  Colour colour = Colour::grey;
  bool alpha = false;
  std::string told;                 // what was done, in a line: "sigma 4"
  std::string remark;               // a sentence about it for people, without a full stop; or none
  std::string facts;                // the same for programs, the text of a JSON object; where it was asked for
  std::string explanation;          // Plan::explain, where it was asked for
  std::vector<RegionText> regions;  // in its pixels; empty: all of it
  double largest = 0;               // difference of before and after, where the comparison shows it
  Duration read{}, filter{}, write{};
  std::vector<std::string> notes;  // what somebody may want to know, one sentence each, without a full stop
};

// "photo.jpg -> soft.jpg  4000 x 3000 RGB 8 bit, sigma 4, 31 ms", then the notes, each on a line of its own.
std::string report_text(const Report& report, const FileArguments& arguments);
// One line. `verb`: what the time between reading and writing is called, "blur".
std::string report_json(const Report& report, const FileArguments& arguments, const std::string& verb);

}  // namespace gaussfilt::cli
