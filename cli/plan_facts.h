// Floor 5. The few facts of a plan that a script asks for, and that prove something.
#pragma once

#include <gaussfilt/plan.h>

#include <nlohmann/json_fwd.hpp>

namespace gaussfilt::cli {

// method, delivered_sigma of x and y, error_bound. An axis that is not filtered has a sigma of 0.
nlohmann::ordered_json plan_facts(const Plan& plan);

}  // namespace gaussfilt::cli
