// Floor 5. Completions for bash, zsh and fish: commands, options, the values of enumerations, files.
#include "documents.h"

#include <fmt/format.h>

#include <algorithm>

namespace gaussfilt::cli {
namespace {

std::vector<std::string> names_of(const OptionText& option) {
  const std::size_t comma = option.names.find(',');
  if (comma == std::string::npos) return {option.names};
  return {option.names.substr(0, comma), option.names.substr(comma + 1)};
}

std::string values_of(const std::function<std::vector<std::string>()>& values) {
  return !values ? "" : fmt::format("{}", fmt::join(values(), " "));
}

// Between the single quotes of any of the three shells.
std::string quoted(const std::string& text, std::string_view quote) {
  std::string safe;
  for (const char c : text) safe += c == '\'' ? std::string(quote) : std::string(1, c);
  return "'" + safe + "'";
}

std::string all_names(const Command& command) {
  std::string names;
  for (const OptionText& option : command.options)
    for (const std::string& name : names_of(option)) names += (names.empty() ? "" : " ") + name;
  return names;
}

std::string command_names(const Declaration& declaration) {
  std::string names;
  for (const Command& command : declaration.commands()) names += (names.empty() ? "" : " ") + command.name;
  return names;
}

// bash: what the word after an option may be.
std::string bash_values(const Command& command) {
  std::string text;
  for (const OptionText& option : command.options) {
    if (option.shape.empty()) continue;
    std::string patterns;
    for (const std::string& name : names_of(option))
      patterns += fmt::format("{}'{} {}'", patterns.empty() ? "" : "|", command.name, name);
    const std::string values = values_of(option.values);
    text += fmt::format("    {}) {} ;;\n", patterns,
                        !values.empty()                 ? fmt::format("values={}; kind=values", quoted(values, "'\\''"))
                        : option.takes == Takes::file   ? "kind=files"
                        : option.shape.starts_with('[') ? "kind=words"
                                                        : "kind=nothing");
  }
  return text;
}

std::string bash_words(const Command& command) {
  std::string values;
  for (const WordText& word : command.words) values += values_of(word.values);
  return fmt::format("    {}) options='{}'; words='{}'{} ;;\n", command.name, all_names(command), values,
                     values.empty() && !command.words.empty() ? "; files=yes" : "");
}

// zsh: brackets and colons mean something in a specification.
std::string zsh_text(const std::string& text) {
  std::string safe;
  for (const char c : text)
    safe += c == '[' || c == ']' || c == ':' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return safe;
}

std::string zsh_action(Takes takes, const std::string& values) {
  return !values.empty() ? fmt::format("({})", values) : takes == Takes::text ? " " : "_files";
}

std::string zsh_option(const OptionText& option) {
  const std::vector<std::string> names = names_of(option);
  std::string text;
  for (const std::string& name : names) {
    std::string spec = option.repeatable ? "*" : names.size() > 1 ? fmt::format("({})", fmt::join(names, " ")) : "";
    spec += name;
    if (!option.shape.empty()) spec += name.starts_with("--") ? "=" : "+";
    spec += fmt::format("[{}]", zsh_text(option.brief));
    if (!option.shape.empty())
      spec += fmt::format("{}{}:{}", option.shape.starts_with('[') ? "::" : ":", zsh_text(option.shape),
                          zsh_action(option.takes, values_of(option.values)));
    text += fmt::format(" \\\n        {}", quoted(spec, "'\\''"));
  }
  return text;
}

std::string zsh_command(const Command& command) {
  std::string text = fmt::format("      {})\n        _arguments -s", command.name);
  for (const OptionText& option : command.options) text += zsh_option(option);
  int position = 1;
  for (const WordText& word : command.words)
    text += fmt::format(" \\\n        '{}:{}:{}'", word.many ? "*" : std::to_string(position++), zsh_text(word.name),
                        zsh_action(word.takes, values_of(word.values)));
  return text + " ;;\n";
}

std::string fish_quoted(const std::string& text) { return quoted(text, "\\'"); }

std::string fish_option(const OptionText& option, const std::string& condition) {
  std::string text = fmt::format("complete -c gaussfilt -n {}", condition);
  for (const std::string& name : names_of(option))
    text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  const std::string values = values_of(option.values);
  if (!values.empty()) text += fmt::format(" -x -a {}", fish_quoted(values));
  else if (option.takes == Takes::file) text += " -r -F";
  else if (!option.shape.empty() && !option.shape.starts_with('[')) text += " -x";
  return fmt::format("{} -d {}\n", text, fish_quoted(option.brief));
}

}  // namespace

std::string bash_completion(const Declaration& declaration) {
  std::string values, words;
  for (const Command& command : declaration.commands()) {
    values += bash_values(command);
    words += bash_words(command);
  }
  return fmt::format(R"(# bash completion for gaussfilt. Made by gaussfilt --generate bash.
_gaussfilt() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}}
  local command= kind=words values= options= words= files= word
  # an option, an equals sign and a value come as three words
  if [[ $current == '=' ]]; then
    current=
  elif [[ $previous == '=' ]]; then
    previous=${{COMP_WORDS[COMP_CWORD - 2]}}
  fi
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    if [[ $word != -* ]]; then
      command=$word
      break
    fi
  done
  case "$command $previous" in
{}  esac
  case $command in
    '') options='{}'; words='{}' ;;
{}  esac
  COMPREPLY=()
  if [[ $kind == values ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$values" -- "$current")
  elif [[ $kind == words && $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
  elif [[ $kind == files || ($kind == words && $files) ]]; then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  elif [[ $kind == words ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  fi
}}
complete -F _gaussfilt gaussfilt
)",
                     values, all_names(declaration.program()), command_names(declaration), words);
}

std::string zsh_completion(const Declaration& declaration) {
  std::string commands, arguments, options;
  for (const Command& command : declaration.commands()) {
    commands += fmt::format("        {}\n", quoted(command.name + ":" + zsh_text(command.summary), "'\\''"));
    arguments += zsh_command(command);
  }
  for (const OptionText& option : declaration.program().options) options += zsh_option(option);
  return fmt::format(R"(#compdef gaussfilt
# zsh completion for gaussfilt. Made by gaussfilt --generate zsh.
_gaussfilt() {{
  local curcontext="$curcontext" context state state_descr line
  local -a commands
  typeset -A opt_args
  _arguments -C{} \
        '1:command:->command' \
        '*::arguments:->arguments'
  case $state in
    command)
      commands=(
{}      )
      _describe -t commands command commands ;;
    arguments)
      case $words[1] in
{}      esac ;;
  esac
}}
_gaussfilt "$@"
)",
                     options, commands, arguments);
}

std::string fish_completion(const Declaration& declaration) {
  std::string text = "# fish completion for gaussfilt. Made by gaussfilt --generate fish.\ncomplete -c gaussfilt -f\n";
  for (const OptionText& option : declaration.program().options) text += fish_option(option, "__fish_use_subcommand");
  for (const Command& command : declaration.commands()) {
    text += fmt::format("complete -c gaussfilt -n __fish_use_subcommand -a {} -d {}\n", command.name,
                        fish_quoted(command.summary));
    const std::string condition = fmt::format("'__fish_seen_subcommand_from {}'", command.name);
    for (const WordText& word : command.words) {
      const std::string values = values_of(word.values);
      const std::string line =
          fmt::format("complete -c gaussfilt -n {} {}\n", condition,
                      values.empty() ? std::string("-F") : fmt::format("-a {}", fish_quoted(values)));
      if (!text.ends_with(line)) text += line;
    }
    for (const OptionText& option : command.options) text += fish_option(option, condition);
  }
  return text;
}

}  // namespace gaussfilt::cli
