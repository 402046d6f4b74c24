// Floor 5. `gaussfilt contact` as declared.
#include "readers.h"

#include <fmt/format.h>

namespace gaussfilt::cli {
namespace {

void declare_sheet(Command& contact, ContactArguments& arguments) {
  contact.option({.names = "-o,--output",
                  .shape = "FILE",
                  .topic = "Sheet",
                  .brief = "The sheet to write, in the format of its extension",
                  .shown = true,
                  .takes = Takes::file},
                 [&arguments](const std::string& text) { arguments.out = file_name("--output", text); });
  contact.option({.names = "--recipe",
                  .shape = "R",
                  .topic = "Sheet",
                  .brief = "The recipe, a file in JSON, whose filters are shown",
                  .shown = true,
                  .takes = Takes::file},
                 [&arguments](const std::string& text) { arguments.recipe = file_name("--recipe", text); });
  contact.option({.names = "--columns",
                  .shape = "N",
                  .topic = "Sheet",
                  .brief = "Pictures in a row, default about as many as rows",
                  .shown = true},
                 [&arguments](const std::string& text) {
                   arguments.sheet.columns = static_cast<int>(whole("--columns", text, 1, 1000, "4"));
                 });
  contact.option({.names = "--cell",
                  .shape = "PX",
                  .topic = "Sheet",
                  .brief = fmt::format("Longest side of a picture on it, default {}", SheetOptions{}.cell),
                  .more = "16 to 8192. The whole picture is filtered, then shrunk; smaller ones are not enlarged.",
                  .shown = true},
                 [&arguments](const std::string& text) {
                   arguments.sheet.cell = static_cast<int>(whole("--cell", text, 16, 8192, "400"));
                 });
}

void declare_running(Command& contact, ContactArguments& arguments) {
  declare_threads(contact, "Running", "Threads, default as many as this process may use", arguments.threads);
  contact.flag(
      {.names = "-q,--quiet", .shape = "", .topic = "Running", .brief = "Print nothing but errors", .shown = true},
      arguments.quiet);
}

}  // namespace

void declare_contact(Declaration& declaration) {
  const auto typed = std::make_shared<ContactArguments>();
  Command& contact = declaration.add(
      {.name = "contact",
       .usage = "IN -o SHEET --recipe R [OPTIONS]",
       .summary = "Show what the filters of a recipe make of a picture",
       .examples = {{"contact photo.jpg -o sheet.png --recipe recipe.json", "all of them"},
                    {"contact photo.jpg -o s.png --recipe r.json --columns 3", "3 in a row"},
                    {"contact logo.svg -o s.png --recipe r.json --cell 400", "larger"}},
       .remarks = {
           "The picture itself comes first, then what each filter makes of it, in the order of the recipe, each "
           "with its name below. Every filter is done to the whole picture, which is then shrunk into its cell.",
           "The sheet is 8 bit sRGB; what is transparent stands on white. Of an animation or a document the "
           "first page is shown, or that of --page."}});
  contact.word({.name = "IN", .brief = "The picture to read, or - for standard input"}, typed->in);
  declare_sheet(contact, *typed);
  declare_running(contact, *typed);
  declare_reading(contact, typed->read, Reads::pixels);
  contact.settle = [typed]() -> Request {
    file_name("IN", typed->in);
    const std::string call = fmt::format("gaussfilt contact {}", typed->in);
    if (typed->out.empty())
      throw Refusal(fmt::format("-o is missing, the sheet to write ({} -o sheet.png --recipe recipe.json)", call));
    if (typed->recipe.empty())
      throw Refusal(fmt::format("--recipe is missing ({} -o {} --recipe recipe.json)", call, typed->out));
    settle_reading(typed->read);
    return std::move(*typed);
  };
}

}  // namespace gaussfilt::cli
