// Floor 5. Save options for pictures of several formats.
#pragma once

#include <gaussfilt/pictures.h>

#include <filesystem>
#include <string>
#include <vector>

namespace gaussfilt::cli {

// The save options that were given, each by itself: of several formats each goes to the pictures whose format has it.
class SaveChoices {
 public:
  explicit SaveChoices(const SaveOptions& save);
  // Those that fit the file's format.
  SaveOptions fit(const std::filesystem::path& out);
  // Throws InvalidArgument where an option fitted none.
  void check() const;

 private:
  struct Choice {
    SaveOptions only;
    bool fits = false;
    std::string refusal = {};
  };
  std::vector<Choice> choices_;
};

}  // namespace gaussfilt::cli
