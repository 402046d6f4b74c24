// Floor 0. Kernels of any shape: as taps in the order of summation, and as a product of lines.
#pragma once

#include "base/problem.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace gaussfilt::base {

// The kernel's values in C order without those whose magnitude is `negligible` or less; offsets[k] counts along the
// kernel's axis k from `centre[k]`.
DenseTaps dense_taps(const DenseKernel& kernel, std::span<const std::int64_t> centre, double negligible);

// Rounding of a sum in the taps' order, in `working` precision, relative to sum |taps|; `more` roundings follow it.
double rounding_bound(const DenseTaps& taps, DType working, int more);

// A kernel as the product of a line along each axis.
struct Lines {
  std::vector<std::vector<double>> taps;
  double residual = 0;      // sum |kernel - product| / sum |kernel|
  bool same_zeros = false;  // the product is 0 where the kernel is, and nowhere else
};

// The lines through the largest value, with whole taps where the kernel allows them: then a product that has no
// residual is found as such. None for a kernel of zeros, or of rank 0.
std::optional<Lines> lines_of(const DenseKernel& kernel);

}  // namespace gaussfilt::base
