// Floor 5. `gaussfilt plan`: what the planner would do, without a picture.
#include "commands.h"

#include <gaussfilt/gaussfilt.h>

namespace gaussfilt::cli {

int run_plan(const PlanArguments& arguments) {
  try {
    const Plan plan = plan_gaussian(arguments.layout, arguments.out_dtype, arguments.options);
    std::string text = arguments.json ? plan.explain_json() : plan.explain();
    if (!text.ends_with('\n')) text += '\n';
    return print({done, text});
  } catch (const Unsupported& error) {
    return print(usage_error(error.what(), "gaussfilt plan"));
  } catch (const InvalidArgument& error) {
    return print(usage_error(error.what(), "gaussfilt plan"));
  }
}

}  // namespace gaussfilt::cli
