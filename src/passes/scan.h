// Floor 1. The running mean of many lines at once, one line a lane.
#pragma once

#include <cstddef>

namespace gaussfilt::passes {

// The lanes of a row: `pitch` below is a multiple of it, or 1.
inline constexpr std::size_t scan_lanes = 8;

// Row i of `rows` starts at i * pitch. On entry rows 1 ... samples + size - 1 hold the extended lines; on return row i
// holds the mean of rows i + 1 ... i + size of the entry, i in [0, samples), as SciPy's uniform_filter1d sums it: the
// first sum from its terms, each other from the one before by adding entering - leaving; the means are these sums
// divided by size. samples, size >= 1.
void running_mean(double* rows, std::size_t pitch, std::size_t samples, std::size_t size) noexcept;

}  // namespace gaussfilt::passes
