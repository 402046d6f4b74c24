// Floor 5. `gaussfilt blur` of one picture: read, blur, write.
#pragma once

#include "report.h"

#include <atomic>
#include <string>

namespace gaussfilt::cli {

// Where the work on a picture stands, for whoever watches.
struct Stage {
  std::atomic<const char*> name = "reading";
  std::atomic<double> part = 0;  // of the blurring
  bool watched = false;
};

struct Job {
  std::string in;
  std::string out;
  SaveOptions save;
  int threads = 0;
};

// Throws; the output is then as it was.
Report blur_picture(const BlurArguments& arguments, const Job& job, Stage& stage);

// `gaussfilt blur DIR OUTDIR`: every picture in a folder. Throws only what is wrong before the work begins.
int run_folder(const BlurArguments& arguments);

}  // namespace gaussfilt::cli
