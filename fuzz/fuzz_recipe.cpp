// Recipes: read or refused in one sentence; what was read is written and read again as the same.
#include "refusal.h"

#include <gaussfilt/recipe.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gaussfilt;
  Recipe recipe;
  try {
    recipe = parse_recipe({reinterpret_cast<const char*>(data), size}, "recipe");
  } catch (const RecipeError& error) {
    fuzz::check_refusal(error);
    return 0;
  }
  const std::string once = to_json(recipe);
  fuzz::require(to_json(parse_recipe(once)) == once, "reads back as another one: " + once);
  return 0;
}
