// Floor 5. The commands: from parsed arguments to an exit code.
#pragma once

#include "options.h"

namespace gaussfilt::cli {

int run_blur(const BlurArguments& arguments);
int run_convolve(const ConvolveArguments& arguments);
int run_apply(ApplyArguments arguments);
int run_contact(ContactArguments arguments);
int run_report(ReportArguments arguments);
int run_info(const InfoArguments& arguments);
int run_compare(const CompareArguments& arguments);
int run_kernel(const KernelArguments& arguments);
int run_plan(const PlanArguments& arguments);

// Prints an answer where it belongs and returns its code.
int print(const Answer& answer);

}  // namespace gaussfilt::cli
