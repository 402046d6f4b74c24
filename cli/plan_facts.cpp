// Floor 5. The few facts of a plan that a script asks for.
#include "plan_facts.h"

#include <nlohmann/json.hpp>

namespace gaussfilt::cli {

using nlohmann::ordered_json;

// Axis 0 of a page is y, axis 1 is x; one that is not filtered is not in the plan.
ordered_json plan_facts(const Plan& plan) {
  const ordered_json all = ordered_json::parse(plan.explain_json());
  ordered_json delivered = {{"x", 0.0}, {"y", 0.0}};
  for (const ordered_json& axis : all.at("axes"))
    if (axis.contains("delivered_sigma")) delivered[axis.at("axis") == 1 ? "x" : "y"] = axis.at("delivered_sigma");
  return {{"method", name(plan.method())}, {"delivered_sigma", delivered}, {"error_bound", all.at("error_bound")}};
}

}  // namespace gaussfilt::cli
