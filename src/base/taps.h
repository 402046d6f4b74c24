// Floor 0. From a kernel to the list of taps that a pass sums, and what that order of summation costs in rounding.
#pragma once

#include "base/problem.h"

#include <optional>

namespace gaussfilt::base {

// Folds a kernel onto an axis of n samples: the result gives the same sums with a reach of at most n. reflect, mirror
// and wrap extend a line periodically (2n, 2n - 2, n), so taps a period apart meet the same sample; under nearest
// and constant all taps at n or beyond do. A kernel that is short enough comes back as it is.
Kernel fold(const Kernel& kernel, Border border, std::int64_t n);

// How far a folded kernel reaches; and the period of the line under reflect, mirror and wrap.
std::int64_t folded_reach(Border border, std::int64_t n);
std::int64_t period(Border border, std::int64_t n);

// The taps of an even kernel, none negative and of sum 1, as whole numbers of 2^-bits: as many bits as weights of 16
// bits with a sign hold, `most_bits` at most. nullopt for other kernels.
std::optional<IntegerTaps> whole_taps(const Kernel& kernel, int most_bits);

// sum |taps - whole taps|, what is missing in the sum of the taps included.
double whole_taps_error(const Kernel& kernel, const IntegerTaps& whole);

// Lists the taps of task.kernel in task.f32 and task.f64 and sets shift, before, after. Pairs go from the outside in;
// f64 starts with the centre (SciPy's order), f32 ends with it (smaller partial sums). `keep_zeros`: zero taps
// multiply too, as in SciPy.
void list_taps(AxisTask& task, bool keep_zeros);

// A-priori bound of the rounding of one axis in precision `working`, relative to sum |taps|.
double rounding_bound(const AxisTask& task, DType working);

}  // namespace gaussfilt::base
