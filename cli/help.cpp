// Floor 5. Help for a terminal: the short one on a screen, the full one with every option.
#include "documents.h"

#include <fmt/format.h>

#include <algorithm>

namespace gaussfilt::cli {
namespace {

constexpr std::size_t columns = 80;
constexpr std::size_t text_column = 24;

// Words of `text` in lines that begin at `indent`; the first continues `start`.
std::string wrapped(const std::string& text, std::size_t indent, std::string start) {
  std::string result, line = std::move(start);
  std::size_t at = 0;
  bool fresh = true;  // no word on this line yet
  while (at < text.size()) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string word = text.substr(at, end - at);
    at = end + 1;
    if (!fresh && line.size() + 1 + word.size() > columns) {
      result += line + "\n";
      line.assign(indent, ' ');
      fresh = true;
    }
    line += (fresh ? "" : " ") + word;
    fresh = false;
  }
  return result + line + "\n";
}

std::string examples(const Command& command) {
  std::size_t longest = 0;
  for (const Example& example : command.examples) longest = std::max(longest, example.line.size());
  std::string text;
  for (const Example& example : command.examples)
    text += fmt::format("  gaussfilt {:<{}}   {}\n", example.line, longest, example.about);
  return text + "\n";
}

// "  -s, --sigma S|X,Y", long names below each other.
std::string left_side(const OptionText& option) {
  const std::string names = option.names.starts_with("--") ? "    " + option.names : spoken_names(option);
  return fmt::format("  {}{}{}", names, option.shape.empty() ? "" : " ", option.shape);
}

// The left side, and the text in its column: on the next line where the left side is long.
std::string entry(const std::string& left, const std::string& text) {
  if (left.size() + 2 <= text_column) return wrapped(text, text_column, fmt::format("{:<{}}", left, text_column));
  return left + "\n" + wrapped(text, text_column, std::string(text_column, ' '));
}

std::vector<std::string> topics(const Command& command) {
  std::vector<std::string> names;
  for (const OptionText& option : command.options)
    if (std::ranges::find(names, option.topic) == names.end()) names.push_back(option.topic);
  std::rotate(names.begin(), names.begin() + (command.options.empty() ? 0 : 1), names.end());  // that of --help is last
  return names;
}

std::string named_by_topic(const Command& command) {
  std::string text;
  for (const std::string& topic : topics(command)) {
    std::string names;
    for (const OptionText& option : command.options)
      if (option.topic == topic && !option.shown && topic != "Help")
        names += fmt::format("{}{}", names.empty() ? "" : " ", spoken_names(option));
    if (!names.empty()) text += wrapped(names, 12, fmt::format("  {:<10}", topic));
  }
  return text.empty() ? text : fmt::format("More, explained by --help-all:\n{}", text);
}

std::string command_list(const Declaration& declaration) {
  std::string text = "Commands:\n";
  for (const Command& command : declaration.commands())
    text += fmt::format("  {:<10}{}\n", command.name, command.summary);
  return text;
}

std::string usage_line(const Command& command) {
  return fmt::format("Usage: gaussfilt{}{} {}\n", command.name.empty() ? "" : " ", command.name, command.usage);
}

std::string sentences(const OptionText& option) {
  return option.more.empty() ? option.brief + "." : option.brief + ". " + option.more;
}

std::string program_help(const Declaration& declaration) {
  const Command& program = declaration.program();
  return examples(program) + wrapped(program.summary, 0, "") + "\n" + usage_line(program) + "\n" +
         command_list(declaration) +
         "\n'gaussfilt COMMAND --help' shows what a command can do, --help-all all of it.\n" +
         "'gaussfilt --version' prints the version.\n";
}

}  // namespace

std::string short_help(const Declaration& declaration, const Command& command) {
  if (command.name.empty()) return program_help(declaration);
  std::string text = examples(command) + usage_line(command);
  for (const OptionText& option : command.options)
    if (option.shown) text += entry(left_side(option), option.brief);
  text += entry("  -h, --help", "This help; --help-all explains every option");
  return text + named_by_topic(command);
}

std::string full_help(const Declaration& declaration, const Command& command) {
  std::string text;
  if (command.name.empty()) {
    text = program_help(declaration) + "\n";
    for (const OptionText& option : command.options) text += entry(left_side(option), sentences(option));
  } else {
    text = examples(command) + wrapped(command.summary + ".", 0, "") + usage_line(command) + "\n";
    for (const WordText& word : command.words) text += entry("  " + word.name, word.brief + ".");
    for (const std::string& topic : topics(command)) {
      text += fmt::format("\n{}:\n", topic);
      for (const OptionText& option : command.options)
        if (option.topic == topic) text += entry(left_side(option), sentences(option));
    }
  }
  for (const std::string& remark : command.remarks) text += fmt::format("\n{}", wrapped(remark, 0, ""));
  return text + "\n" + wrapped(exit_codes, 0, "");
}

}  // namespace gaussfilt::cli
