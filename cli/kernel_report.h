// Floor 5. A kernel and what it does, for the four formats of `gaussfilt kernel`.
#pragma once

#include "requests.h"

#include <string>
#include <vector>

namespace gaussfilt::cli {

// Of a wave of `frequency` cycles a sample: what the taps leave of it, and what the Gaussian itself leaves.
struct Response {
  double frequency = 0;
  double value = 0;
  double ideal = 0;
};

struct KernelReport {
  KernelArguments asked;
  Kernel kernel;
  double sum = 0;
  double delivered = 0;                // sigma; of order 0 alone
  std::vector<std::int64_t> integers;  // empty: not asked for
  double integers_delivered = 0;
  double integers_error = 0;  // the largest of a tap
};

KernelReport make_report(const KernelArguments& arguments);
// What is used of the kernel: the integers where they were asked for, divided by their sum.
Kernel used_kernel(const KernelReport& report);
Response response(const KernelReport& report, const Kernel& used, double frequency);
// "first derivative of a Gaussian of sigma 2: 17 sampled taps, radius 8".
std::string title(const KernelReport& report);

std::string kernel_text(const KernelReport& report);
std::string kernel_json(const KernelReport& report);
std::string kernel_csv(const KernelReport& report);
std::string kernel_svg(const KernelReport& report);

}  // namespace gaussfilt::cli
