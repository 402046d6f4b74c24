// Floor 5. From the text of an option to its value; what cannot be read is refused in one sentence.
#include "readers.h"

#include "nearest.h"

#include <gaussfilt/border.h>
#include <gaussfilt/named_kernels.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace gaussfilt::cli {

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t at = std::min(text.find(separator), text.size());
    parts.emplace_back(text.substr(0, at));
    if (at == text.size()) return parts;
    text.remove_prefix(at + 1);
  }
}

void refuse(std::string_view option, std::string_view text, std::string_view rule) {
  throw Refusal(fmt::format("{}: is '{}', must be {}", option, text, rule));
}

std::int64_t whole(std::string_view option, std::string_view text, std::int64_t least, std::int64_t most,
                   std::string_view example) {
  const auto value = number<std::int64_t>(text);
  const bool endless = most == std::numeric_limits<int>::max() || most == std::numeric_limits<std::int64_t>::max();
  if (!value || *value < least || *value > most)
    refuse(option, text,
           fmt::format("a whole number {} ({} {})",
                       endless ? fmt::format(">= {}", least) : fmt::format("from {} to {}", least, most), option,
                       example));
  return *value;
}

double positive(std::string_view option, std::string_view text, std::string_view unit, std::string_view example) {
  const auto value = number<double>(text);
  if (!value || !(*value > 0) || !std::isfinite(*value))
    refuse(option, text, fmt::format("a number > 0{} ({} {})", unit, option, example));
  return *value;
}

std::string file_name(std::string_view option, const std::string& text) {
  if (text.empty()) refuse(option, text, "the name of a file");
  return text;
}

std::string listed(const std::vector<std::string>& names, std::string_view last_word) {
  if (names.size() < 2) return names.empty() ? "" : names.front();
  return fmt::format("{} {} {}", fmt::join(names.begin(), names.end() - 1, ", "), last_word, names.back());
}

std::vector<std::string> strings(std::span<const std::string_view> names) { return {names.begin(), names.end()}; }

std::vector<std::string> border_names() {
  std::vector<std::string> names;
  for (const BorderRule& rule : border_rules()) names.emplace_back(rule.name);
  return names;
}

void refuse_name(std::string_view option, const std::string& text, const std::vector<std::string>& names,
                 std::string_view rule) {
  const std::string meant = nearest(text.substr(0, text.find(':')), names);
  throw Refusal(fmt::format("{}: is '{}', {}", option, text, rule), text, meant);
}

std::vector<std::string> kernel_names() {
  std::vector<std::string> names;
  for (const KernelFamily& family : named_kernels()) names.emplace_back(family.name);
  return names;
}

KernelText kernel_text(std::string_view option, const std::string& text) {
  try {
    return find_kernel(text);
  } catch (const InvalidArgument& error) {
    std::string_view sentence = error.what();
    if (constexpr std::string_view subject = "kernel: "; sentence.starts_with(subject))
      sentence.remove_prefix(subject.size());
    if (sentence.ends_with('.')) sentence.remove_suffix(1);
    const std::size_t open = std::min(text.find('('), text.size());
    const std::string name = text.substr(0, open);
    const std::vector<std::string> names = kernel_names();
    const bool known = std::ranges::find(names, name) != names.end();
    // Digits are no name: a matrix is not a slip of one.
    const bool word = name.find_first_of("0123456789 \n;[{") != 0 && name.find(';') == std::string::npos;
    const std::string meant = known || !word ? "" : nearest(name, names);
    throw Refusal(fmt::format("{}: {}", option, sentence), text, meant.empty() ? "" : meant + text.substr(open));
  }
}

}  // namespace gaussfilt::cli
