// Floor 5. Many pictures, several at once: who does how much, and what is said of it.
#include "crew.h"

#include "progress.h"

#include <gaussfilt/error.h>

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <system_error>
#include <thread>

#include <fmt/format.h>

namespace gaussfilt::cli {

Crew share_threads(std::size_t count, int jobs, int threads) {
  const int all = threads > 0 ? threads : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  const auto most = static_cast<int>(std::min<std::size_t>(count, 1024));
  const int at_once = std::clamp(jobs > 0 ? jobs : all, 1, std::max(most, 1));
  return {.at_once = at_once, .threads = std::max(1, all / at_once)};
}

void work_together(int at_once, std::size_t count, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  const auto work_on = [&] {
    for (std::size_t i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::jthread> helpers;
  try {
    for (int i = 1; i < at_once; ++i) helpers.emplace_back(work_on);
  } catch (const std::system_error&) {
    // No more threads to be had: those that there are do it all.
  }
  work_on();
}

std::string progress_text(std::size_t finished, std::size_t count, double seconds) {
  std::string text = fmt::format("{} of {}", finished, count);
  if (finished == 0) return text;
  const double rate = static_cast<double>(finished) / seconds;
  return text + fmt::format(", {:.{}f} a second, {}", rate, rate < 10 ? 1 : 0,
                            time_left(static_cast<double>(count - finished) / rate));
}

std::string notes_text(const std::map<std::string, int>& notes, const std::string& others) {
  constexpr std::size_t most = 5;
  std::string text;
  std::size_t told = 0;
  for (const auto& [note, count] : notes)
    if (told++ < most) text += fmt::format("  {} picture{}: {}.\n", count, count == 1 ? "" : "s", note);
  if (told > most) text += fmt::format("  {} more notes; {}.\n", told - most, others);
  return text;
}

std::string others_text(const std::vector<std::filesystem::path>& others) {
  const std::size_t count = others.size();
  if (count == 0) return "";
  std::string text = fmt::format(", {} other file{} left out: ", count, count == 1 ? "" : "s");
  for (std::size_t i = 0; i < std::min<std::size_t>(count, 3); ++i) text += (i == 0 ? "" : ", ") + others[i].string();
  return count > 3 ? text + fmt::format(" and {} more", count - 3) : text;
}

void make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw IoError(fmt::format("{}: cannot be made: {}.", folder.string(), error.message()));
}

void make_out_folder(const std::filesystem::path& folder) {
  make_folder(folder);
  if (access(folder.c_str(), W_OK | X_OK) != 0)
    throw IoError(fmt::format("{}: cannot be written: {}.", folder.string(), std::generic_category().message(errno)));
}

}  // namespace gaussfilt::cli
