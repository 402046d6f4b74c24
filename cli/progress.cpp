// Floor 5. The line that tells how far the work is.
#include "progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace gaussfilt::cli {
namespace {

using namespace std::chrono_literals;

// A line that wraps could not be erased.
std::size_t columns() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 2) return 79;
  return static_cast<std::size_t>(size.ws_col - 1);
}

}  // namespace

Progress::Progress(std::function<std::string(double)> text) : text_(std::move(text)) {
  if (isatty(STDERR_FILENO) == 0) return;
  try {
    ticker_ = std::jthread([this](const std::stop_token& stop) { tick(stop); });
  } catch (const std::system_error&) {
    return;  // no thread to be had: the work matters more than the line
  }
}

Progress::~Progress() {
  ticker_.request_stop();
  if (ticker_.joinable()) ticker_.join();
  erase();
}

void Progress::print(std::FILE* stream, std::string_view lines) {
  const std::scoped_lock lock(mutex_);
  erase();
  std::fwrite(lines.data(), 1, lines.size(), stream);
  if (ticker_.joinable()) std::fflush(stream);
}

void Progress::tick(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  const auto pause = [&](auto time) { return wake_.wait_for(lock, stop, time, [] { return false; }); };
  try {
    for (pause(1s); !stop.stop_requested(); pause(200ms))
      paint(text_(std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count()));
  } catch (const std::exception&) {
    return;  // no memory for the line: the same
  }
}

void Progress::paint(const std::string& text) {
  const std::string cut = text.substr(0, columns());
  painted_ = cut + std::string(painted_.size() > cut.size() ? painted_.size() - cut.size() : 0, ' ');
  const std::string line = fmt::format("\r{}", painted_);
  std::fwrite(line.data(), 1, line.size(), stderr);
}

void Progress::erase() {
  if (painted_.empty()) return;
  const std::string line = fmt::format("\r{:{}}\r", "", painted_.size());
  std::fwrite(line.data(), 1, line.size(), stderr);
  painted_.clear();
}

std::string time_left(double seconds) {
  if (seconds < 90) return fmt::format("{:.0f} s left", std::ceil(seconds));
  if (seconds < 90 * 60) return fmt::format("{:.0f} min left", seconds / 60);
  return fmt::format("{:.0f} h left", seconds / 3600);
}

}  // namespace gaussfilt::cli
