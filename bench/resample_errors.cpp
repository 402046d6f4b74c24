// Prints src/base/resample_errors.h: the errors of the shapes that base/resampling.h designs, which the planner looks
// up before it designs and proves the few that it needs.   resample_errors > src/base/resample_errors.h
#include "base/resampling.h"

#include <gaussfilt/kernel.h>

#include <cmath>
#include <cstdio>

namespace {

using namespace gaussfilt;

// Decibels by which the error of sigma = ratio * factor lies under the target, rounded towards a larger error.
int decibels(int order, std::size_t width, std::size_t factor, double ratio) {
  const double sigma = ratio * static_cast<double>(factor);
  const Kernel target = gaussian_kernel(sigma, order, ideal_cut(sigma, order, 1e-16).radius);
  double mass = 0;
  for (const double tap : target.taps) mass += std::abs(tap);
  const base::ResampleShape shape = base::resample_shape(factor, width, sigma, order);
  const Kernel low = base::low_rate_taps(shape, target, order, 1e-15 * mass);
  const double error = base::resample_error(base::resample_taps<double>(shape), low, target) / mass;
  return static_cast<int>(std::floor(-20 * std::log10(error)));
}

}  // namespace

int main() {
  std::puts(
      "// Floor 0. Made by bench/resample_errors.cpp: by how many decibels the error of a multirate axis, its "
      "infinity\n"
      "// norm, lies under the target.\n"
      "#pragma once\n\n#include <array>\n#include <cstdint>\n\nnamespace gaussfilt::base {\n\n// clang-format off");
  const int orders = 3, widths = static_cast<int>(base::most_width) - 1, factors[] = {2, 3, 4, 5, 6, 8, 12, 16, 64};
  const double ratios[] = {1, 1.125, 1.25, 1.375, 1.5, 1.625, 1.75, 1.875, 2,  2.25, 2.5, 2.75,
                           3, 3.5,   4,    5,     6,   8,     12,   16,    24, 40,   64};
  const auto list = [](const char* type, const char* name, const auto& values, const char* format) {
    std::printf("inline constexpr std::array<%s, %zu> %s{\n    ", type, std::size(values), name);
    for (std::size_t i = 0; i < std::size(values); ++i)
      std::printf("%s", i > 0 ? ", " : ""), std::printf(format, values[i]);
    std::puts("};");
  };
  list("int", "tabled_factors", factors, "%d");
  list("double", "tabled_ratios", ratios, "%g");
  std::puts("// by order, width - 2, factor, sigma / factor");
  std::printf("inline constexpr std::int16_t tabled_errors[%d][%d][%zu][%zu] = {\n", orders, widths, std::size(factors),
              std::size(ratios));
  for (int order = 0; order < orders; ++order) {
    std::puts("  {");
    for (int width = 2; width < 2 + widths; ++width) {
      std::puts("    {");
      for (const int factor : factors) {
        std::printf("      {");
        for (std::size_t i = 0; i < std::size(ratios); ++i) {
          const int tabled =
              decibels(order, static_cast<std::size_t>(width), static_cast<std::size_t>(factor), ratios[i]);
          std::printf("%s%d", i > 0 ? ", " : "", tabled);
        }
        std::puts("},");
      }
      std::puts("    },");
    }
    std::puts("  },");
  }
  std::puts("};\n// clang-format on\n\n}  // namespace gaussfilt::base");
}
