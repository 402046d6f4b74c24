// Floor 5. Names of outputs: a pattern with {dir}, {stem}, {filter} and {ext} in it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace gaussfilt::cli {

inline constexpr std::string_view default_pattern = "{dir}/{stem}-{filter}{ext}";

class Pattern {
 public:
  // Throws Refusal (of --pattern).
  explicit Pattern(std::string_view text);

  // The name of an output, relative to the folder of the outputs. `picture` is relative to the folder that was named.
  // A format that cannot be written: {stem} is the whole name, {ext} is ".png". Throws InvalidArgument where the name
  // would be none, or lead out of the folder.
  std::filesystem::path name(const std::filesystem::path& picture, const std::string& filter) const;

  // Whether the name depends on the filter.
  bool tells_filters() const;

 private:
  enum class Field { text, dir, stem, filter, ext };
  struct Part {
    Field field;
    std::string text;
  };
  static Field field(std::string_view whole, std::string_view name);
  std::string text_;
  std::vector<Part> parts_;
};

}  // namespace gaussfilt::cli
