// Test support: runs the gaussfilt program in a folder and keeps what it said.
#pragma once

#include "pictures/picture_files.h"

#include <sys/resource.h>
#include <sys/types.h>

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace program {

struct Setting {
  std::map<std::string, std::string> environment = {};  // set on top of a small, fixed one
  std::optional<rlim_t> file_size = {};                 // RLIMIT_FSIZE
  std::optional<rlim_t> address_space = {};             // RLIMIT_AS
  std::optional<std::string> input = {};  // what comes through a pipe at standard input; without it that is /dev/null
  std::chrono::milliseconds pause{0};     // before the input comes
  std::set<int> terminal = {};            // which of 0, 1 and 2 are a pseudo terminal
};

struct Result {
  int code = -1;   // exit code
  int signal = 0;  // that ended it
  std::string out;
  std::string err;
  std::string terminal;  // what the pseudo terminal got, as bytes
};

// A program that was started and not yet waited for.
class Running {
 public:
  Running(const std::filesystem::path& folder, const std::vector<std::string>& words, const Setting& setting = {});
  Running(Running&&) = delete;
  ~Running();
  pid_t pid() const { return pid_; }
  bool ended();  // does not wait
  Result wait();

 private:
  picture_files::Folder logs_;
  pid_t pid_ = -1;
  int master_ = -1;  // of the pseudo terminal
  std::jthread writer_;
  std::optional<int> status_;
};

// Runs `gaussfilt words...` with `folder` as the current folder.
Result run(const picture_files::Folder& folder, const std::vector<std::string>& words, const Setting& setting = {});

}  // namespace program
