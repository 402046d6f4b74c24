// Floor 5. `gaussfilt apply` as declared.
#include "pattern.h"
#include "readers.h"
#include "workload.h"

#include <fmt/format.h>

namespace gaussfilt::cli {
namespace {

void declare_outputs(Command& apply, ApplyArguments& arguments) {
  apply.option({.names = "-o,--output",
                .shape = "DIR",
                .topic = "Outputs",
                .brief = "The folder to write to; it is made",
                .shown = true,
                .takes = Takes::folder},
               [&arguments](const std::string& text) {
                 if (text.empty()) refuse("--output", text, "the name of a folder (-o out)");
                 arguments.out = text;
               });
  apply.flag({.names = "--in-place",
              .shape = "",
              .topic = "Outputs",
              .brief = "Instead of -o: replace each picture; one filter alone",
              .shown = true},
             arguments.in_place);
  apply.option({.names = "--pattern",
                .shape = "P",
                .topic = "Outputs",
                .brief = fmt::format("Names below DIR, default {}", default_pattern),
                .more = "{dir} is the picture's folder below the one that was named. Of a format that cannot be "
                        "written {stem} is the whole name (a.svg) and {ext} is .png; {{ and }} are braces. An ending "
                        "of your own, .webp, chooses the format.",
                .shown = true},
               [&arguments](const std::string& text) {
                 const Pattern checked(text);
                 arguments.pattern = text;
               });
  apply.option({.names = "--manifest",
                .shape = "FILE",
                .topic = "Outputs",
                .brief = fmt::format("What was done, default DIR/{}", manifest_name),
                .more = "JSON: of each output its input, filter, hashes, plan, delivered sigma, error bound and time. "
                        "While the work goes on FILE-journal stands beside it.",
                .shown = true,
                .takes = Takes::file},
               [&arguments](const std::string& text) { arguments.manifest = file_name("--manifest", text); });
}

void declare_running(Command& apply, ApplyArguments& arguments) {
  apply.flag({.names = "-r,--recursive",
              .shape = "",
              .topic = "Running",
              .brief = "Enter the folders in folders; the tree is kept",
              .shown = true},
             arguments.recursive);
  apply.flag({.names = "-n,--dry-run",
              .shape = "",
              .topic = "Running",
              .brief = "Print what would be done, and write nothing",
              .shown = true},
             arguments.dry_run);
  apply.flag({.names = "--resume",
              .shape = "",
              .topic = "Running",
              .brief = "Leave out what the manifest proves done",
              .more = "That is: hashes of the input, of the filter with its options and of the output, and the "
                      "version of this program, all agree.",
              .shown = true},
             arguments.resume);
  apply.option({.names = "-j,--jobs",
                .shape = "N",
                .topic = "Running",
                .brief = "Pictures at once, default one a thread",
                .shown = true},
               [&arguments](const std::string& text) {
                 arguments.jobs = static_cast<int>(whole("--jobs", text, 1, 4096, "4"));
               });
  declare_threads(apply, "Running", "Threads in all, default as many as this process may use", arguments.threads);
  apply.flag({.names = "-q,--quiet",
              .shape = "",
              .topic = "Running",
              .brief = "Print nothing but errors and what was asked for",
              .shown = true},
             arguments.quiet);
}

ApplyArguments settle_apply(ApplyArguments& arguments) {
  file_name("RECIPE", arguments.recipe);
  for (const std::string& in : arguments.in)
    if (in.empty()) refuse("IN", in, "a file or a folder");
  const std::string call = fmt::format("gaussfilt apply {} {}", arguments.recipe, arguments.in.front());
  if (arguments.in_place && !arguments.out.empty())
    throw Refusal(fmt::format("--in-place: does not go with -o; leave one out ({} -o {})", call, arguments.out));
  if (!arguments.in_place && arguments.out.empty())
    throw Refusal(fmt::format("-o is missing, the folder to write to ({} -o out)", call));
  if (arguments.in_place && !arguments.pattern.empty())
    throw Refusal(
        fmt::format("--pattern: does not go with --in-place, where every picture keeps its name ({} -o out "
                    "--pattern '{}')",
                    call, arguments.pattern));
  if (arguments.pattern.empty()) arguments.pattern = arguments.in_place ? "{dir}/{stem}{ext}" : default_pattern;
  settle_reading(arguments.read);
  return std::move(arguments);
}

}  // namespace

void declare_apply(Declaration& declaration) {
  const auto typed = std::make_shared<ApplyArguments>();
  Command& apply = declaration.add(
      {.name = "apply",
       .usage = "RECIPE IN... -o DIR [OPTIONS]",
       .summary = "Do the filters of a recipe to many pictures",
       .examples = {{"apply recipe.json holiday/ -o out -r", "every filter, every file"},
                    {"apply recipe.json *.svg -o out --dry-run", "what would be done"},
                    {"apply recipe.json *.jpg -o out --resume", "go on where it ended"}},
       .remarks = {
           "RECIPE is a file in JSON: {\"version\": 1, \"filters\": [{\"name\": \"soft\", \"blur\": {\"sigma\": 4}}]}. "
           "A filter has one step or a \"chain\" of them. Every IN, a file, a folder or a pattern that the shell left "
           "alone, is read once and goes through every filter.",
           "Two outputs of one name, and an output over an input, are refused before the work begins. A file that "
           "fails does not stop the rest. Whatever ends the program, --resume does what is left: the bytes are those "
           "of one run."}});
  apply.word({.name = "RECIPE", .brief = "The recipe, a file in JSON"}, typed->recipe);
  apply.word({.name = "IN", .brief = "The pictures: files, and folders of them", .many = true}, typed->in);
  declare_outputs(apply, *typed);
  declare_running(apply, *typed);
  declare_reading(apply, typed->read, Reads::pixels);
  apply.settle = [typed]() -> Request { return settle_apply(*typed); };
}

}  // namespace gaussfilt::cli
