// Floor 5. A recipe as it is named on the command line.
#pragma once

#include <gaussfilt/recipe.h>

#include <string>

namespace gaussfilt::cli {

// Throws InvalidArgument, with the word that was probably meant where one is none, or IoError.
Recipe read_recipe(const std::string& file);

}  // namespace gaussfilt::cli
