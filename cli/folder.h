// Floor 5. Folders of pictures: what is in them, and where each picture goes.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace gaussfilt::cli {

struct Listing {
  std::vector<std::filesystem::path> pictures;  // relative to the folder, sorted
  std::vector<std::filesystem::path> others;    // what is no picture
  std::vector<std::string> unreadable;          // a sentence for each folder inside that cannot be read
  int folders = 0;                              // inside, not entered
};

// Hidden files are passed over, links to folders are not followed, and `out`, where it lies inside, is not entered.
// Throws IoError where the folder itself cannot be read.
Listing list_pictures(const std::filesystem::path& folder, const std::filesystem::path& out, bool recursive);

// The name under which a picture is written: its own where that format can be written, else with .png behind it.
std::filesystem::path output_of(const std::filesystem::path& picture);

// Throws InvalidArgument where two pictures would be written to one file, or one over another that is still to be read.
void check_apart(const std::vector<std::filesystem::path>& in, const std::vector<std::filesystem::path>& out);

}  // namespace gaussfilt::cli
