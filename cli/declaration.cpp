// Floor 5. The declaration handed to CLI11: which words there are, and who reads them.
#include "declaration.h"

#include <gaussfilt/gaussfilt.h>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include <algorithm>

namespace gaussfilt::cli {
namespace {

const OptionText help_text{.names = "-h,--help", .shape = "", .topic = "Help", .brief = "This help"};
const OptionText help_all_text{.names = "--help-all", .shape = "", .topic = "Help", .brief = "Every option, explained"};

}  // namespace

std::string long_name(const OptionText& option) { return option.names.substr(option.names.find("--")); }

std::string spoken_names(const OptionText& option) {
  std::string names = option.names;
  if (const std::size_t comma = names.find(','); comma != std::string::npos) names.insert(comma + 1, " ");
  return names;
}

void Command::word(WordText text, std::string& target) {
  parser->add_option(text.name, target)->required(text.required);
  words.push_back(std::move(text));
}

void Command::word(WordText text, std::vector<std::string>& target) {
  parser->add_option(text.name, target)->required(text.required);
  words.push_back(std::move(text));
}

void Command::option(OptionText text, std::function<void(const std::string&)> read) {
  const auto all = [name = long_name(text), once = !text.repeatable,
                    read = std::move(read)](const std::vector<std::string>& texts) {
    if (once && texts.size() > 1)
      throw Refusal(
          fmt::format("{}: is given {} times, must be given once ({} {})", name, texts.size(), name, texts.back()));
    for (const std::string& one : texts) read(one);
  };
  CLI::Option* option = parser->add_option_function<std::vector<std::string>>(text.names, all);
  // One value each time: CLI11 would else take the words that follow for more of them.
  option->expected(text.shape.starts_with('[') ? 0 : 1, 1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->allow_extra_args(false);
  if (!text.absent.empty()) option->default_str(text.absent);
  options.push_back(std::move(text));
}

void Command::flag(OptionText text, bool& target) {
  parser->add_flag_callback(text.names, [&target] { target = true; });
  options.push_back(std::move(text));
}

Declaration::Declaration() : parser_(std::make_unique<CLI::App>("", "gaussfilt")) {
  parser_->require_subcommand(1);
  parser_->set_help_flag(help_text.names);
  parser_->set_help_all_flag(help_all_text.names);
  parser_->set_version_flag("--version", "gaussfilt " + std::string(version()));
  program_ = {
      .name = "",
      .usage = "COMMAND ...",
      .summary = "Gaussian filtering of pictures: the sigma you ask for is the sigma you get, to a stated bound.",
      .examples = {{"blur photo.jpg soft.jpg --sigma 4", "blur a picture"},
                   {"compare photo.jpg soft.jpg --heatmap where.png", "what changed"},
                   {"kernel --sigma 2 --integers 256", "print the taps"}},
      .remarks = {},
      .options = {help_text,
                  help_all_text,
                  {.names = "--version", .shape = "", .topic = "Help", .brief = "Print the version"}},
      .parser = parser_.get()};
}

Declaration::~Declaration() = default;

Command& Declaration::add(Command command) {
  command.parser = parser_->add_subcommand(command.name, command.summary);
  command.options = {help_text, help_all_text};
  return commands_.emplace_back(std::move(command));
}

const Command* Declaration::find(std::string_view name) const {
  const auto found = std::ranges::find(commands_, name, &Command::name);
  return found == commands_.end() ? nullptr : &*found;
}

}  // namespace gaussfilt::cli
