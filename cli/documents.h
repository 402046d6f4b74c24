// Floor 5. What the declaration says to a reader and to a shell.
#pragma once

#include "declaration.h"

#include <string>

namespace gaussfilt::cli {

inline constexpr const char* exit_codes =
    "Exit codes: 0 done, 1 a picture failed (its old output is still there, whole), 2 the command line is wrong.";
inline constexpr const char* environment =
    "GAUSSFILT_NUM_THREADS, or else OMP_NUM_THREADS, limits the threads. NO_COLOR leaves colours out.";

// At most 24 lines of 80 columns.
std::string short_help(const Declaration& declaration, const Command& command);
// Every option with all that is said of it, in 80 columns.
std::string full_help(const Declaration& declaration, const Command& command);

// Pages in the language of roff (man), completions in those of the three shells.
std::string man_page(const Declaration& declaration);
std::string bash_completion(const Declaration& declaration);
std::string zsh_completion(const Declaration& declaration);
std::string fish_completion(const Declaration& declaration);

}  // namespace gaussfilt::cli
