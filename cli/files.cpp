// Floor 5. Files as they are named on the command line.
#include "files.h"

#include <gaussfilt/error.h>

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <csignal>
#include <system_error>

#include <fmt/format.h>

namespace gaussfilt::cli {
namespace {

namespace fs = std::filesystem;

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

fs::path path_of(const std::string& file) { return file == standard ? "/dev/stdin" : file; }

}  // namespace

std::string input_name(const std::string& file) { return file == standard ? "standard input" : file; }
std::string output_name(const std::string& file) { return file == standard ? "standard output" : file; }

void check_inputs(const ReadArguments& arguments, std::span<const std::string> files) {
  for (const std::string& name : arguments.allow_loaders) allow_loader(name);
  const auto count = std::count(files.begin(), files.end(), standard);
  if (count > 1) throw InvalidArgument("'-' stands for standard input, which can be read only once.");
  if (count == 1 && isatty(STDIN_FILENO) != 0)
    throw InvalidArgument("'-' stands for standard input, which is a terminal here; name a file or pipe one in.");
}

Picture load_picture(const std::string& file, const ReadArguments& arguments) {
  return Picture::load(path_of(file), arguments.options);
}

PictureInfo inspect_picture(const std::string& file, const ReadArguments& arguments) {
  return inspect(path_of(file), arguments.options);
}

void write_standard_output(std::span<const std::byte> bytes) {
  std::signal(SIGXFSZ, SIG_IGN);  // a file that has grown to its limit is an error to tell, not an end
  while (!bytes.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0)
      throw IoError(fmt::format("standard output: cannot be written: {}.", std::generic_category().message(errno)));
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

std::string extension_of(const fs::path& file) {
  const std::string text = file.extension().string();
  return text.empty() ? "" : lower(text.substr(1));
}

bool can_be_written(std::string_view extension) {
  const auto all = writable_extensions();
  return std::find(all.begin(), all.end(), lower(std::string(extension))) != all.end();
}

std::string with_name(std::string sentence, const std::string& extension, const std::string& name) {
  const std::string title = fmt::format("the {} picture", extension);
  if (sentence.starts_with(title)) sentence.replace(0, title.size(), name);
  return sentence;
}

bool is_folder(const std::string& file) {
  std::error_code error;
  return file != standard && fs::is_directory(file, error);
}

bool same_file(const std::string& a, const std::string& b) {
  if (a == standard || b == standard) return false;
  return resolved(a) == resolved(b);
}

fs::path resolved(const fs::path& file) {
  std::error_code error;
  return fs::weakly_canonical(fs::absolute(file), error);
}

}  // namespace gaussfilt::cli
