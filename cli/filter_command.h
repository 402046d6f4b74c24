// Floor 5. Commands that filter pictures: read, filter, write; one file, or every picture of a folder.
#pragma once

#include "report.h"

#include <gaussfilt/convolution.h>
#include <gaussfilt/plan.h>

#include <atomic>
#include <functional>
#include <string>

namespace gaussfilt::cli {

// Where the work on a picture stands, for whoever watches.
struct Stage {
  std::atomic<const char*> name = "reading";
  std::atomic<double> part = 0;  // of the filtering
  bool watched = false;
};

using Filter = std::function<void(Picture& picture, const RunOptions& run)>;

// "sharpen3x3, factor 1, below 0 clipped".
std::string told(const ConvolveOptions& options, const Convolution& settled);

// What a command does to a picture.
struct Work {
  std::string command;  // "gaussfilt blur"
  const char* stage;    // "blurring"
  std::string verb;     // "blur"
  // From the picture as it was read to what is done to it. Fills in regions, told, facts, plan and explanation.
  std::function<Filter(const Picture& picture, int threads, Report& report)> prepare;
};

struct Job {
  std::string in;
  std::string out;
  SaveOptions save;
  int threads = 0;
};

// One picture. Throws; the output is then as it was.
Report filter_picture(const Work& work, const FileArguments& arguments, const Job& job, Stage& stage);

// A picture, or a folder of them, as the arguments say: the exit code. Reads the regions into the arguments first,
// which work.prepare sees.
int run_work(const Work& work, FileArguments& arguments);

// Every picture in a folder. Throws only what is wrong before the work begins.
int run_folder(const Work& work, const FileArguments& arguments);

}  // namespace gaussfilt::cli
