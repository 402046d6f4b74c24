// A recipe from a file, done to a picture. Quoted by docs/recipes.md.
#include <gaussfilt/recipe.h>

#include <fstream>

int main(int, char** arguments) {
  const std::filesystem::path file = arguments[1];
  std::ofstream("recipe.json") << R"({"version": 1, "filters": [{"name": "soft", "blur": {"sigma": 3}}]})";

  gaussfilt::Recipe recipe = gaussfilt::load_recipe("recipe.json");  // or made of plain structs
  gaussfilt::Picture picture = gaussfilt::Picture::load(file);
  gaussfilt::apply(picture, recipe.filters[0]);

  return gaussfilt::compare(gaussfilt::Picture::load(file), picture).largest > 0 ? 0 : 1;
}
