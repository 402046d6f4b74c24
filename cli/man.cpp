// Floor 5. The manual page, in roff with the macros of man(7).
#include "documents.h"

#include <gaussfilt/gaussfilt.h>

#include <fmt/format.h>

namespace gaussfilt::cli {
namespace {

// Text that roff shows as it is.
std::string roff(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '\\': safe += "\\e"; break;
      case '-': safe += "\\-"; break;
      case '\'': safe += "\\(aq"; break;
      case '^': safe += "\\(ha"; break;
      case '~': safe += "\\(ti"; break;
      case '`': safe += "\\(ga"; break;
      default: safe += c;
    }
  }
  return safe.starts_with('.') ? "\\&" + safe : safe;
}

std::string example_lines(const Command& command) {
  std::string text;
  for (const Example& example : command.examples)
    text += fmt::format(".TP\n{}:\n.EX\ngaussfilt {}\n.EE\n", roff(example.about), roff(example.line));
  return text;
}

std::string option_entry(const OptionText& option) {
  std::string names = fmt::format("\\fB{}\\fR", roff(spoken_names(option)));
  if (const std::size_t comma = names.find(", "); comma != std::string::npos) names.replace(comma, 2, "\\fR, \\fB");
  std::string text = ".TP\n" + names;
  if (!option.shape.empty()) text += fmt::format(" \\fI{}\\fR", roff(option.shape));
  text += fmt::format("\n{}.\n", roff(option.brief));
  if (!option.more.empty()) text += roff(option.more) + "\n";
  return text;
}

std::string command_section(const Command& command) {
  std::string text =
      fmt::format(".SS gaussfilt {} {}\n{}.\n", roff(command.name), roff(command.usage), roff(command.summary));
  for (const WordText& word : command.words)
    text += fmt::format(".TP\n\\fI{}\\fR\n{}.\n", roff(word.name), roff(word.brief));
  for (const OptionText& option : command.options)
    if (option.topic != "Help") text += option_entry(option);
  for (const std::string& remark : command.remarks) text += fmt::format(".PP\n{}\n", roff(remark));
  return text + ".PP\nExamples:\n" + example_lines(command);
}

}  // namespace

std::string man_page(const Declaration& declaration) {
  const Command& program = declaration.program();
  std::string text = fmt::format(".TH GAUSSFILT 1 \"\" \"gaussfilt {}\" \"User Commands\"\n", roff(version()));
  text += ".SH NAME\ngaussfilt \\- Gaussian filtering of pictures, to a stated bound\n.SH SYNOPSIS\n";
  for (const Command& command : declaration.commands())
    text += fmt::format(".B gaussfilt {}\n{}\n.br\n", roff(command.name), roff(command.usage));
  text += ".B gaussfilt\n\\fB\\-\\-help\\fR | \\fB\\-\\-version\\fR\n.SH DESCRIPTION\n" + roff(program.summary) + "\n";
  text += ".SH OPTIONS\nEvery command takes \\fB\\-\\-help\\fR and \\fB\\-\\-help\\-all\\fR.\n";
  for (const OptionText& option : program.options) text += option_entry(option);
  text += ".SH COMMANDS\n";
  for (const Command& command : declaration.commands()) text += command_section(command);
  text += fmt::format(".SH \"EXIT STATUS\"\n{}\n.SH ENVIRONMENT\n{}\n", roff(exit_codes), roff(environment));
  text += fmt::format(".SH EXAMPLES\n{}", example_lines(program));
  return text + ".SH \"SEE ALSO\"\n.BR vips (1)\n";
}

}  // namespace gaussfilt::cli
