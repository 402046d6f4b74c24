// Floor 5. The whole command line.
#include "declaration.h"
#include "documents.h"
#include "readers.h"

#include <gaussfilt/error.h>

namespace gaussfilt::cli {
namespace {

std::vector<std::string> names_of(const Declaration& declaration) {
  std::vector<std::string> names;
  for (const Command& command : declaration.commands()) names.push_back(command.name);
  return names;
}

void declare_help(Declaration& declaration) {
  const auto wanted = std::make_shared<std::string>();
  Command& help = declaration.add({.name = "help",
                                   .usage = "[COMMAND]",
                                   .summary = "Show what a command can do",
                                   .examples = {{"help", "what there is"},
                                                {"help blur", "the options of a command"},
                                                {"blur --help-all", "all of them, explained"}},
                                   .remarks = {}});
  help.word({.name = "COMMAND",
             .brief = "The command",
             .required = false,
             .takes = Takes::text,
             .values = [&declaration] { return names_of(declaration); }},
            *wanted);
  help.settle = [wanted, &declaration]() -> Request {
    if (wanted->empty()) return Answer{done, short_help(declaration, declaration.program())};
    const Command* command = declaration.find(*wanted);
    const std::vector<std::string> names = names_of(declaration);
    if (command == nullptr) refuse_name("COMMAND", *wanted, names, "must be one of " + listed(names));
    return Answer{done, short_help(declaration, *command)};
  };
}

}  // namespace

void declare_all(Declaration& declaration) {
  declare_blur(declaration);
  declare_convolve(declaration);
  declare_apply(declaration);
  declare_contact(declaration);
  declare_report(declaration);
  declare_info(declaration);
  declare_compare(declaration);
  declare_kernel(declaration);
  declare_plan(declaration);
  declare_help(declaration);
}

}  // namespace gaussfilt::cli
