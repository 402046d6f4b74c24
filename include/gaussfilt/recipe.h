// Floor 4. Recipes: named filters for pictures as plain data, and the JSON that they are written in. Installed with the
// component `pictures`. The format is described in docs/recipes.md and docs/recipe.schema.json.
#pragma once

#include <gaussfilt/convolution.h>
#include <gaussfilt/error.h>
#include <gaussfilt/export.h>
#include <gaussfilt/pictures.h>
#include <gaussfilt/plan.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace gaussfilt::inline v0 {

// One thing that is done to a picture: the options of a picture filter. A new kind is one more alternative here and one
// more row in the tables of src/pictures/recipe_steps.cpp.
using Step = std::variant<BlurOptions, ConvolveOptions>;

// Steps done one after the other, each on what the one before it left, in the samples of the picture.
struct NamedFilter {
  std::string name;
  std::vector<Step> steps;
};

struct Recipe {
  std::vector<NamedFilter> filters;
  SaveOptions save;  // each option goes to the pictures whose format has it
};

// What is wrong with a recipe, and where: what() is "title: /filters/0/blur/sigma: is -2, must be ...".
class GAUSSFILT_API RecipeError : public InvalidArgument {
 public:
  RecipeError(const std::string& sentence, std::string where);
  ~RecipeError() override;
  const std::string& pointer() const { return pointer_; }  // RFC 6901; "" for the whole, and where it is no JSON at all
  // Where a word is none of those that may stand there: the word, and these.
  std::string word;
  std::vector<std::string> known;

 private:
  std::string pointer_;
};

// Reads JSON. Nothing is passed over in silence: an unknown or repeated member is an error. `title` stands in messages.
// Throws RecipeError.
GAUSSFILT_API Recipe parse_recipe(std::string_view json, const std::string& title = "recipe");
// The same from a file of at most 16 MiB. Throws RecipeError or IoError.
GAUSSFILT_API Recipe load_recipe(const std::filesystem::path& file);

// JSON in one form: two recipes, or lists of steps, that do the same thing with the same numbers are written alike.
// parse_recipe(to_json(recipe)) is the recipe. Throws InvalidArgument for a step that no recipe can hold.
GAUSSFILT_API std::string to_json(const Recipe& recipe);
GAUSSFILT_API std::string to_json(const Step& step);

// "blur".
GAUSSFILT_API std::string_view kind(const Step& step);

// Does the steps of a filter in place. threads: 0: all that this process may use; results do not depend on it.
GAUSSFILT_API RunStatus apply(Picture& picture, const NamedFilter& filter, int threads = 0, const RunOptions& run = {});
// The plan that apply() follows in each step on such a picture, for explain(); none where it follows none.
GAUSSFILT_API std::vector<std::optional<Plan>> plan_filter(const Picture& picture, const NamedFilter& filter,
                                                           int threads = 0);

}  // namespace gaussfilt::inline v0
