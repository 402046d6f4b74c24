// Floor 0. The kernel of a straight motion.
#pragma once

#include <gaussfilt/kernel.h>

namespace gaussfilt::base {

// A line through the middle of size x size pixels (size odd), `size` long and one pixel wide, at `angle` degrees
// counter-clockwise from the row: each weight is the part of its pixel that the line covers, divided by their sum.
// Exact to rounding, and even: turned by 180 degrees it is the same.
DenseKernel motion_kernel(std::int64_t size, double angle);

}  // namespace gaussfilt::base
