// Floor 4. The kinds of steps that a recipe may have.
#pragma once

#include "json_reader.h"

#include <gaussfilt/recipe.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gaussfilt::pictures {

// A row for each alternative of Step, in their order. To have a new kind: one more alternative, one more row, and its
// part of docs/recipe.schema.json and docs/recipes.md.
struct StepKind {
  std::string_view name;             // the member of the recipe that holds its options
  Step (*read)(const Value& value);  // throws RecipeError
  nlohmann::ordered_json (*write)(const Step& step);
  RunStatus (*run)(Picture& picture, const Step& step, int threads, const RunOptions& options);
  // Nothing where the step follows no plan.
  std::optional<Plan> (*plan)(const Picture& picture, const Step& step, int threads);
};
const std::vector<StepKind>& step_kinds();
StepKind convolve_kind();
const StepKind& kind_of(const Step& step);

}  // namespace gaussfilt::pictures
