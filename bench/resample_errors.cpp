// Prints src/base/resample_errors.h: the errors of the shapes that base/resampling.h designs, which the planner looks
// up before it designs and proves the few that it needs.   resample_errors > src/base/resample_errors.h
#include "base/resampling.h"

#include <gaussfilt/kernel.h>

#include <cmath>
#include <cstdint>
#include <cstdio>

namespace {

using namespace gaussfilt;

// -10 log10 of the error of sigma = ratio * factor, rounded towards a larger error.
int digits(std::size_t width, std::size_t factor, double ratio) {
  const double sigma = ratio * static_cast<double>(factor);
  const Kernel target = gaussian_kernel(sigma, 0, ideal_cut(sigma, 0, 1e-16).radius);
  const base::ResampleShape shape = base::resample_shape(factor, width, sigma);
  const auto low = base::low_rate_taps(shape, target, 0, 1e-13);
  const double error = low ? base::resample_error(base::resample_taps<double>(shape), *low, target) : 1;
  return static_cast<int>(std::floor(-10 * std::log10(error)));
}

}  // namespace

int main() {
  std::puts(
      "// Floor 0. Made by bench/resample_errors.cpp: -10 log10 of the infinity norm of the error of a multirate "
      "axis.\n"
      "#pragma once\n\n#include <array>\n#include <cstdint>\n\nnamespace gaussfilt::base {\n\n// clang-format off");
  const auto list = [](const char* type, const char* name, const auto& values, const char* format) {
    std::printf("inline constexpr std::array<%s, %zu> %s{", type, std::size(values), name);
    for (std::size_t i = 0; i < std::size(values); ++i)
      std::printf("%s", i > 0 ? ", " : ""), std::printf(format, values[i]);
    std::puts("};");
  };
  const int widths[] = {2, 3, 4, 5, 6, 7, 8}, factors[] = {2, 3, 4, 6, 8, 16, 32};
  const double ratios[] = {1, 1.125, 1.25, 1.375, 1.5, 1.75, 2, 2.5, 3, 4, 6, 8, 12, 16};
  list("int", "tabled_widths", widths, "%d");
  list("int", "tabled_factors", factors, "%d");
  list("double", "tabled_ratios", ratios, "%g");
  std::printf("inline constexpr std::int8_t tabled_errors[%zu][%zu][%zu] = {  // by width, factor, sigma / factor\n",
              std::size(widths), std::size(factors), std::size(ratios));
  for (const int width : widths) {
    std::puts("  {");
    for (const int factor : factors) {
      std::printf("    {");
      for (std::size_t i = 0; i < std::size(ratios); ++i) {
        std::printf("%s%d", i > 0 ? ", " : "",
                    digits(static_cast<std::size_t>(width), static_cast<std::size_t>(factor), ratios[i]));
      }
      std::puts("},");
    }
    std::puts("  },");
  }
  std::puts("};\n// clang-format on\n\n}  // namespace gaussfilt::base");
}
