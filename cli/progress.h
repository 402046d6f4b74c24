// Floor 5. The line that tells how far the work is.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

namespace gaussfilt::cli {

// A line at the bottom of the terminal that standard error is, from one second after it was made until it goes; nothing
// where standard error is no terminal. Made of letters, spaces and carriage returns, which every terminal knows.
class Progress {
 public:
  // `text` is called again and again, from another thread, with the seconds since the start.
  explicit Progress(std::function<std::string(double seconds)> text);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

  // Prints whole lines, with the progress line out of their way.
  void print(std::FILE* stream, std::string_view lines);

 private:
  void tick(const std::stop_token& stop);
  void paint(const std::string& text);
  void erase();

  std::function<std::string(double)> text_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::string painted_;
  std::jthread ticker_;
};

// "20 s left", "3 min left".
std::string time_left(double seconds);

}  // namespace gaussfilt::cli
