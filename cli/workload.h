// Floor 5. `gaussfilt apply`: which pictures become which files, known before the work begins.
#pragma once

#include "arguments.h"

#include <gaussfilt/recipe.h>

#include <filesystem>
#include <string>
#include <vector>

namespace gaussfilt::cli {

// One output.
struct Task {
  std::size_t filter = 0;     // of the recipe
  std::filesystem::path out;  // the file
  std::string name;           // how the manifest names it: relative to the folder of the outputs
  SaveOptions save;
  std::string fingerprint;  // of all that decides the bytes beside the input
};

// One input, read once.
struct Input {
  std::filesystem::path in;
  std::vector<Task> tasks;
};

struct Workload {
  std::filesystem::path root;  // the folder of the outputs; empty: in place
  std::vector<Input> inputs;
  std::vector<std::filesystem::path> others;  // files in the folders that are no pictures
  std::vector<std::string> unreadable;        // a sentence for each folder that cannot be read
  int folders = 0;                            // inside, not entered
};

// Throws InvalidArgument or IoError where it cannot all be done as asked; nothing has been written then.
Workload plan_work(const ApplyArguments& arguments, const Recipe& recipe);

// Where the manifest goes, and what is written while it grows.
inline constexpr const char* manifest_name = "gaussfilt-manifest.json";
std::filesystem::path manifest_file(const ApplyArguments& arguments);
std::filesystem::path journal_file(const std::filesystem::path& manifest);

}  // namespace gaussfilt::cli
