// Floor 5. What the program says, and where.
#include "messages.h"

#include "commands.h"

#include <gaussfilt/error.h>

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <exception>
#include <new>
#include <system_error>

#include <fmt/format.h>

namespace gaussfilt::cli {
namespace {

bool colours() {
  const auto text = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string_view(value == nullptr ? "" : value);
  };
  return isatty(STDERR_FILENO) != 0 && text("NO_COLOR").empty() && !text("TERM").empty() && text("TERM") != "dumb";
}

}  // namespace

std::string printable(std::string_view text) {
  std::string result(text);
  const auto control = [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7f; };
  std::replace_if(result.begin(), result.end(), control, '?');
  return result;
}

std::string error_line(std::string_view sentence) {
  std::string text = printable(sentence);
  while (text.ends_with('\n')) text.pop_back();
  std::replace(text.begin(), text.end(), '\n', '?');
  return fmt::format("{} {}\n", colours() ? "\x1b[31mgaussfilt:\x1b[0m" : "gaussfilt:", text);
}

int fail(const std::string& sentence) {
  std::fputs(error_line(sentence).c_str(), stderr);
  return failed;
}

int print(const Answer& answer) {
  constexpr std::string_view name = "gaussfilt: ";
  if (answer.code == done) {
    std::fputs(answer.text.c_str(), stdout);
    return finish(done);
  }
  const std::string_view text = answer.text;
  fail(std::string(text.substr(text.starts_with(name) ? name.size() : 0)));
  return answer.code;
}

int finish(int code) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return code;
  return fail(fmt::format("standard output: cannot be written: {}.", std::generic_category().message(errno)));
}

std::string sentence_of_current_exception(const std::string& subject) {
  try {
    throw;
  } catch (const IoError& error) {
    return error.what();
  } catch (const std::bad_alloc&) {
    return subject + ": there is not enough memory for it.";
  } catch (const std::exception& error) {
    return subject + ": " + error.what();
  }
}

int refuse_current_exception(const std::string& command) {
  try {
    throw;
  } catch (const InvalidArgument& error) {
    return print(usage_error(error.what(), command));
  } catch (const std::exception& error) {
    return fail(error.what());
  }
}

}  // namespace gaussfilt::cli
