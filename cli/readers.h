// Floor 5. From the text of an option to its value; what cannot be read is refused in one sentence. Numbers are read
// alike in every locale.
#pragma once

#include "declaration.h"

#include <gaussfilt/array.h>
#include <gaussfilt/error.h>
#include <gaussfilt/kernel_text.h>

#include <charconv>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gaussfilt::cli {

// The whole text as a number; nothing where it is none.
template <class T> std::optional<T> number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return {};
  return value;
}

// The parts between separators; of an empty text one, empty.
std::vector<std::string> split(std::string_view text, char separator);

template <class T> std::optional<std::vector<T>> numbers(std::string_view text, char separator = ',') {
  std::vector<T> values;
  for (const std::string& part : split(text, separator)) {
    const auto value = number<T>(part);
    if (!value) return {};
    values.push_back(*value);
  }
  return values;
}

// "--sigma: is '-2', must be RULE".
[[noreturn]] void refuse(std::string_view option, std::string_view text, std::string_view rule);

// A whole number from least to most; `example` is a value that would do.
std::int64_t whole(std::string_view option, std::string_view text, std::int64_t least, std::int64_t most,
                   std::string_view example);
// A finite number > 0.
double positive(std::string_view option, std::string_view text, std::string_view unit, std::string_view example);
// A file's name: not empty.
std::string file_name(std::string_view option, const std::string& text);

// "a, b or c".
std::string listed(const std::vector<std::string>& names, std::string_view last_word = "or");
std::vector<std::string> strings(std::span<const std::string_view> names);
std::vector<std::string> border_names();

// Refuses a word that is none of `names`, and says which one was probably meant. `rule`: how the names are told.
[[noreturn]] void refuse_name(std::string_view option, const std::string& text, const std::vector<std::string>& names,
                              std::string_view rule);

// One of the names that the library's parse function understands.
template <class Parse>
auto named(std::string_view option, const std::string& text, const std::vector<std::string>& names, Parse parse) {
  try {
    return parse(std::string_view(text));
  } catch (const InvalidArgument&) {
    refuse_name(option, text, names, "must be " + listed(names));
  }
}

// A kernel by name, from a file or written out: what find_kernel understands. Throws Refusal.
KernelText kernel_text(std::string_view option, const std::string& text);
std::vector<std::string> kernel_names();

// --sigma, --fwhm, --size, --radius, --truncate as given: how strong, and where the kernel is cut.
struct Strength {
  std::string sigma_text, fwhm_text, size_text, radius_text, truncate_text;  // as typed; empty: not given
  std::vector<double> sigma;                                                 // of --sigma or --fwhm
  std::optional<std::int64_t> size;
  std::vector<std::int64_t> radius;
  std::optional<double> truncate;
};

// What they come to. Throws Refusal where two of them contradict each other.
struct Settled {
  std::vector<double> sigma;         // empty: not said
  std::vector<std::int64_t> radius;  // empty: not said
  std::string told;                  // "sigma 4", "sigma 1.1 (0.15 N + 0.35 of --size 5, as OpenCV has it)"
};
Settled settle(const Strength& strength, std::string_view call);

// Declares the five. `axes`: how many values --sigma, --fwhm and --radius may have, 1 or 2.
void declare_strength(Command& command, Strength& strength, int axes, const std::string& sigma_absent,
                      const std::string& truncate_absent);

// --region and its kin: what was given, beside what it is.
struct RegionOptions {
  bool invert = false;
  std::string feather, source;  // as typed; empty: not given
};
void declare_regions(Command& command, RegionOptions& typed, FileArguments& arguments);
// Throws Refusal where they say something of regions, and there are none.
void settle_regions(const RegionOptions& typed, FileArguments& arguments, std::string_view call);

// --page, --dpi and their like, for every command that reads pictures. Truncated files make sense only where pixels
// are read.
enum class Reads { pixels, headers };
void declare_reading(Command& command, ReadArguments& read, Reads reads);
void settle_reading(const ReadArguments& read);

// IN and OUT, first of all; then how files are read and written, several at once, and what is told of it.
void declare_files(Command& command, FileArguments& arguments);
void declare_file_options(Command& command, FileArguments& arguments);
// Throws Refusal. `command`: "gaussfilt blur".
void settle_files(const FileArguments& arguments, std::string_view command);

// --threads of a command whose result does not depend on them.
void declare_threads(Command& command, const std::string& topic, const std::string& brief, int& threads);

// --border, a level behind it.
void declare_border(Command& command, const std::string& topic, Border& border, double& cval);

}  // namespace gaussfilt::cli
