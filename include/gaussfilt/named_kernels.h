// Floor 0. Kernels by name: "gaussian(5, 1.2)", "emboss3x3", "motion(9, 30)", "pillow-blur" ...
//
// Each has a version, which grows whenever a weight of it changes. A matrix is written as one reads it, row 0 above,
// column 0 on the left, and is meant for convolution: turned by 180 degrees, then laid over each pixel with its centre
// (size / 2). Result = factor * sum + bias.
#pragma once

#include <gaussfilt/export.h>
#include <gaussfilt/kernel.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gaussfilt::inline v0 {

struct NamedKernel {
  std::string name;    // with all parameters: "motion(9, 30)"
  DenseKernel kernel;  // rank 2, height x width
  double factor = 1;
  double bias = 0;          // in levels of 8 bits
  std::string orientation;  // which way it points, in words
  int version = 1;
};

// What there is, for lists.
struct KernelFamily {
  std::string_view name;         // "motion"
  std::string_view parameters;   // "size, angle", in brackets those that may be left out: "size[, sigma]"; or empty
  std::string_view example;      // "motion(9, 30)"
  std::string_view description;  // one line
};
GAUSSFILT_API std::span<const KernelFamily> named_kernels();

// A name and all its parameters, those that were left out filled in.
struct KernelCall {
  std::string name;
  std::vector<double> parameters;
  std::string text;  // "motion(9, 30)", with the shortest numbers that mean the same
};
// Letter case and blanks do not count. Throws InvalidArgument: an unknown name, too few or too many parameters, one
// that is out of its range.
GAUSSFILT_API KernelCall parse_kernel_name(std::string_view text);

// The kernel of that name. unsharp with a threshold > 0 is no kernel, its result not being linear: InvalidArgument.
// Cost: that of the matrix; sizes are at most 1023.
GAUSSFILT_API NamedKernel named_kernel(std::string_view text);

}  // namespace gaussfilt::inline v0
