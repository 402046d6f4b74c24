// Floor 5. A recipe as it is named on the command line.
#include "recipe_file.h"

#include "nearest.h"

#include <gaussfilt/error.h>

#include <fmt/format.h>

namespace gaussfilt::cli {

Recipe read_recipe(const std::string& file) {
  try {
    return load_recipe(file);
  } catch (const RecipeError& error) {
    const std::string meant = nearest(error.word, error.known);
    std::string sentence = error.what();
    if (sentence.ends_with('.')) sentence.pop_back();
    throw InvalidArgument(meant.empty() ? sentence + "." : fmt::format("{}; did you mean '{}'.", sentence, meant));
  }
}

}  // namespace gaussfilt::cli
