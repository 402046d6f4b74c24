// Floor 2. The separable method as a part of others: one box, on the calling thread, in scratch that they hand in.
#pragma once

#include "base/problem.h"

#include <cstddef>

namespace gaussfilt::methods {

// Bytes that run_box takes for this job, wherever its arrays lie.
std::size_t box_scratch(const base::Problem& problem, const base::Job& job);

// Makes the outputs of job.dst as one tile: the caller sees to it that they and their sources fit the cache.
void run_box(const base::Problem& problem, const base::Job& job, std::byte* scratch);

}  // namespace gaussfilt::methods
