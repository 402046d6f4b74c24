// Floor 5. From the words of a command line to what they ask for.
#pragma once

#include "requests.h"

#include <string>

namespace gaussfilt::cli {

Request parse(int argc, const char* const* argv);

// The one line for a wrong command line, with the way to help.
Answer usage_error(std::string sentence, const std::string& command);

}  // namespace gaussfilt::cli
