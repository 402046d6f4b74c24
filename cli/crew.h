// Floor 5. Many pictures, several at once: who does how much, and what is said of it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace gaussfilt::cli {

// How many pictures at once, and how many threads for each.
struct Crew {
  int at_once = 1;
  int threads = 1;
};
// jobs, threads: as asked for, 0: not said.
Crew share_threads(std::size_t count, int jobs, int threads);

// Calls `work` once for every index below `count`, on at_once threads, or on as many as there are to be had. `work`
// does not throw.
void work_together(int at_once, std::size_t count, const std::function<void(std::size_t)>& work);

// "12 of 80, 3.4 a second, 20 s left".
std::string progress_text(std::size_t finished, std::size_t count, double seconds);

// A line for each note, with the number of pictures that it was said of; of many the first five and where to find the
// others.
std::string notes_text(const std::map<std::string, int>& notes, const std::string& others);
// ", 6 other files left out: a, b, c and 3 more".
std::string others_text(const std::vector<std::filesystem::path>& others);

// With all that lead to it. Throws IoError.
void make_folder(const std::filesystem::path& folder);
// The same, and it can be written to.
void make_out_folder(const std::filesystem::path& folder);

}  // namespace gaussfilt::cli
