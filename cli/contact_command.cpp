// Floor 5. `gaussfilt contact`: what the filters of a recipe make of a picture, on one sheet.
#include "commands.h"
#include "files.h"
#include "messages.h"
#include "progress.h"
#include "recipe_file.h"

#include "faces/threads.h"

#include <gaussfilt/gaussfilt.h>

#include <atomic>
#include <cstdlib>
#include <optional>

#include <fmt/format.h>

namespace gaussfilt::cli {
namespace {

void check_out(const ContactArguments& arguments) {
  if (arguments.out == standard) throw InvalidArgument("-o: is '-', must be a file (-o sheet.png).");
  check_writable(arguments.out);
  for (const auto& [file, what] : {std::pair{&arguments.in, "IN"}, std::pair{&arguments.recipe, "the recipe"}})
    if (same_file(arguments.out, *file))
      throw InvalidArgument(fmt::format("-o: is '{}', must be another file than {}.", arguments.out, what));
}

// As many pixels as are seen of it, so that a thousand filters need no thousand pictures.
SheetCell cell_of(const Picture& picture, std::string caption, int cell) {
  return {.picture = thumbnail(picture, cell, cell), .caption = std::move(caption)};
}

std::vector<SheetCell> make_cells(const ContactArguments& arguments, const Recipe& recipe, const Picture& picture,
                                  std::atomic<std::size_t>& finished) {
  std::vector<SheetCell> cells;
  cells.push_back(cell_of(picture, "original", arguments.sheet.cell));
  for (const NamedFilter& filter : recipe.filters) {
    Picture filtered = picture.copy();
    try {
      apply(filtered, filter, arguments.threads);
    } catch (...) {
      const std::string subject = fmt::format("{} by '{}'", input_name(arguments.in), filter.name);
      throw IoError(sentence_of_current_exception(subject));
    }
    cells.push_back(cell_of(filtered, filter.name, arguments.sheet.cell));
    ++finished;
  }
  return cells;
}

void make_sheet(const ContactArguments& arguments, const Recipe& recipe) {
  ReadArguments read = arguments.read;
  if (!read.options.page) read.options.page = 1;
  const Picture picture = load_picture(arguments.in, read);
  std::atomic<std::size_t> finished = 0;
  std::optional<Progress> progress(std::in_place, [&](double) {
    return fmt::format("filtering, {} of {}", finished.load(), recipe.filters.size());
  });
  const std::vector<SheetCell> cells = make_cells(arguments, recipe, picture, finished);
  const Picture sheet = contact_sheet(cells, arguments.sheet);
  sheet.save(arguments.out);
  progress.reset();
  if (arguments.quiet) return;
  const std::size_t count = recipe.filters.size();
  const std::string text =
      fmt::format("{} -> {}  {}, the original and {} filter{}, sheet of {} x {}\n", input_name(arguments.in),
                  arguments.out, picture.describe(), count, count == 1 ? "" : "s", sheet.width(), sheet.height());
  std::fputs(printable(text).c_str(), stdout);
}

}  // namespace

int run_contact(ContactArguments arguments) {
  if (arguments.threads == 0)
    arguments.threads = faces::thread_limit([](const char* name) { return std::getenv(name); });
  Recipe recipe;
  try {
    check_inputs(arguments.read, {&arguments.in, 1});
    recipe = read_recipe(arguments.recipe);
    check_out(arguments);
  } catch (...) {
    return refuse_current_exception("gaussfilt contact");
  }
  try {
    make_sheet(arguments, recipe);
  } catch (...) {
    return fail(sentence_of_current_exception(input_name(arguments.in)));
  }
  return finish(done);
}

}  // namespace gaussfilt::cli
