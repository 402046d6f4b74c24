// Floor 5. The command line as typed: one declaration from which parsing and help follow.
#pragma once

#include <gaussfilt/pictures.h>

#include <optional>
#include <string>
#include <variant>

namespace gaussfilt::cli {

enum ExitCode : int { done = 0, failed = 1, usage = 2 };

struct BlurArguments {
  std::string in;
  std::string out;
  BlurOptions options;
  std::string sigma_text;  // as typed; empty: not given
  std::string compare;     // empty: not asked for
  bool show = false;
  bool explain = false;
  bool quiet = false;
};

// What ends the program without work: help or the version (done), or a wrong command line (usage).
struct Answer {
  ExitCode code = done;
  std::string text;
};

std::variant<BlurArguments, Answer> parse(int argc, const char* const* argv);

// The one line for a wrong command line, with the way to help.
Answer usage_error(std::string sentence, const std::string& command);

}  // namespace gaussfilt::cli
