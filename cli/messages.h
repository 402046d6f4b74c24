// Floor 5. What the program says, and where.
#pragma once

#include <string>
#include <string_view>

namespace gaussfilt::cli {

// One line on standard error, "gaussfilt: " in front; returns `failed`.
int fail(const std::string& sentence);

// That line: a control character in it, a file's name can hold any, becomes '?'; "gaussfilt:" is red on a terminal.
std::string error_line(std::string_view sentence);

// The text with its control characters, but for the end of a line, as '?'.
std::string printable(std::string_view text);

// Standard output is flushed: `code`, or `failed` with a sentence where it did not take all of it.
int finish(int code);

// The sentence for the exception that is being handled. An IoError names its file, the others get `subject` in front.
std::string sentence_of_current_exception(const std::string& subject);

// Exit code and message for the exception that is being handled before any work was done: what the caller got wrong is
// a wrong command line.
int refuse_current_exception(const std::string& command);

}  // namespace gaussfilt::cli
