// Floor 5. From the words of a command line to what they ask for; what is wrong with it, in one line.
#include "options.h"

#include "declaration.h"
#include "documents.h"
#include "nearest.h"
#include "readers.h"

#include <gaussfilt/error.h>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>

namespace gaussfilt::cli {
namespace {

using Words = std::vector<std::string>;

std::string one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < ' ' || c == 127; }, ' ');
  while (!text.empty() && (text.back() == ' ' || text.back() == '.')) text.pop_back();
  return text;
}

// A word as one types it to a shell.
std::string shell_word(const std::string& word) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=+,./:%@^";
  if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? "'\\''" : std::string(1, c);
  return text + "'";
}

// The command line as typed, with one word, or the part of it behind "--option=", replaced.
std::string corrected(const Words& words, const std::string& wrong, const std::string& right) {
  std::string line = "gaussfilt";
  bool done_once = false;
  for (std::string word : words) {
    if (!done_once && (word == wrong || (word.starts_with("--") && word.ends_with("=" + wrong)))) {
      word.replace(word.size() - wrong.size(), wrong.size(), right);
      done_once = true;
    } else if (!done_once && wrong.starts_with("--") && word.starts_with(wrong + "=")) {
      word.replace(0, wrong.size(), right);
      done_once = true;
    }
    line += fmt::format(" {}", shell_word(word));
  }
  return line;
}

std::string help_of(const Command& command) { return command.name.empty() ? "gaussfilt" : "gaussfilt " + command.name; }

Answer refusal(const Command& command, const Words& words, const Refusal& refusal) {
  std::string sentence = refusal.what();
  if (!refusal.right.empty())
    sentence += fmt::format("; did you mean: {}", corrected(words, refusal.wrong, refusal.right));
  return usage_error(sentence, help_of(command));
}

Words option_names(const Command& command) {
  Words names;
  for (const OptionText& option : command.options)
    for (const auto& name : CLI::detail::split(option.names, ',')) names.push_back(name);
  return names;
}

Words command_names(const Declaration& declaration) {
  Words names;
  for (const Command& command : declaration.commands()) names.push_back(command.name);
  return names;
}

std::string list_of(const Words& names) { return fmt::format("{}", fmt::join(names, ", ")); }

// The command that the words chose: nullptr where there is none.
const Command* chosen(Declaration& declaration) {
  const auto commands = declaration.parser().get_subcommands();
  return commands.empty() ? nullptr : declaration.find(commands.front()->get_name());
}

[[noreturn]] void refuse_command(const Declaration& declaration, const std::string& word) {
  const Words names = command_names(declaration);
  throw Refusal(fmt::format("'{}' is not a command, must be one of {}", word, list_of(names)), word,
                nearest(word, names));
}

// "--sigma 8 2" means 8,2.
void refuse_pairs(const Command& command, const Words& words) {
  const auto is_number = [](const std::string& word) { return number<double>(word).has_value(); };
  for (const OptionText& option : command.options) {
    if (option.shape.find("X,Y") == std::string::npos) continue;
    for (std::size_t i = 0; i + 2 < words.size(); ++i)
      if ((words[i] == long_name(option) || option.names.starts_with(words[i] + ",")) && is_number(words[i + 1]) &&
          is_number(words[i + 2]))
        throw Refusal(fmt::format("{0}: is given two values, must be one word, with a comma for x and y ({0} {1},{2})",
                                  long_name(option), words[i + 1], words[i + 2]));
  }
}

// Words that nothing takes: an option that there is not, or a word too many.
void refuse_extras(const Command& command, const Words& extras, const Words& words) {
  if (extras.empty()) return;
  refuse_pairs(command, words);
  const auto dashed = std::ranges::find_if(extras, [](const std::string& word) {
    return word.size() > 1 && word.front() == '-' && !(word[1] >= '0' && word[1] <= '9') && word != "--";
  });
  if (dashed == extras.end()) {
    Words names;
    for (const WordText& word : command.words) names.push_back(word.name);
    throw Refusal(fmt::format("'{}' is one word too many, must be gaussfilt {} {}; quote a name that has blanks",
                              extras.front(), command.name, command.usage));
  }
  const std::string name = dashed->substr(0, dashed->find('='));
  throw Refusal(fmt::format("{} is not an option of '{}'", name, help_of(command)), name,
                nearest(name, option_names(command)));
}

// What CLI11 says, in our words.
[[noreturn]] void refuse_error(const Declaration& declaration, const Command& command, const Words& words,
                               const CLI::ParseError& error) {
  if (command.name.empty()) {
    const auto word = std::ranges::find_if(words, [](const std::string& one) { return one != "--"; });
    if (word == words.end()) throw Refusal("a command is missing (gaussfilt blur IN OUT)");
    if (word->front() != '-') refuse_command(declaration, *word);
    refuse_extras(command, {*word}, words);
  }
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr)
    for (const WordText& word : command.words)
      if (word.required && command.parser->get_option(word.name)->count() == 0)
        throw Refusal(fmt::format("{} is missing (gaussfilt {} {})", word.name, command.name, command.usage));
  for (const OptionText& option : command.options)
    if (!words.empty() && words.back() == long_name(option) && !option.shape.empty())
      throw Refusal(fmt::format("{}: its value {} is missing", long_name(option), option.shape));
  throw Refusal(error.what());
}

// The man page and the completions, for the build. Not told in the help: it is of no use to who uses the program.
Answer generate(const Declaration& declaration, const std::string& kind) {
  using Writer = std::string (*)(const Declaration&);
  const std::vector<std::pair<std::string, Writer>> writers = {
      {"man", man_page}, {"bash", bash_completion}, {"zsh", zsh_completion}, {"fish", fish_completion}};
  Words names;
  for (const auto& [name, writer] : writers) {
    if (name == kind) return {done, writer(declaration)};
    names.push_back(name);
  }
  throw Refusal(fmt::format("--generate: is '{}', must be one of {}", kind, list_of(names)), kind,
                nearest(kind, names));
}

Request read(Declaration& declaration, const Words& words) {
  if (words.size() == 2 && words[0] == "--generate") return generate(declaration, words[1]);
  CLI::App& parser = declaration.parser();
  const auto extras = [&] {
    if (const Command* command = chosen(declaration)) refuse_extras(*command, parser.remaining(true), words);
  };
  const auto here = [&]() -> const Command& {
    const Command* command = chosen(declaration);
    return command != nullptr ? *command : declaration.program();
  };
  try {
    Words backwards(words.rbegin(), words.rend());
    parser.parse(std::move(backwards));
    return chosen(declaration)->settle();
  } catch (const CLI::CallForVersion& version) {
    return Answer{done, std::string(version.what()) + "\n"};
  } catch (const CLI::CallForHelp&) {
    return Answer{done, short_help(declaration, here())};
  } catch (const CLI::CallForAllHelp&) {
    return Answer{done, full_help(declaration, here())};
  } catch (const CLI::ParseError& error) {
    extras();
    refuse_error(declaration, here(), words, error);
  } catch (const Refusal&) {
    extras();  // a slip in an option's name may be why its value landed elsewhere
    throw;
  }
}

}  // namespace

Answer usage_error(std::string sentence, const std::string& command) {
  return {usage, fmt::format("gaussfilt: {}; see '{} --help'.\n", one_line(std::move(sentence)), command)};
}

Request parse(int argc, const char* const* argv) {
  const Words words(argv + std::min(argc, 1), argv + argc);
  Declaration declaration;
  declare_all(declaration);
  try {
    return read(declaration, words);
  } catch (const Refusal& error) {
    const Command* command = chosen(declaration);
    return refusal(command != nullptr ? *command : declaration.program(), words, error);
  } catch (const InvalidArgument& error) {
    const Command* command = chosen(declaration);
    return usage_error(error.what(), help_of(command != nullptr ? *command : declaration.program()));
  }
}

}  // namespace gaussfilt::cli
