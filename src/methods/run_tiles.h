// Floor 2. Tiles on threads: scratch taken before the first one, stop and progress between them.
#pragma once

#include "base/problem.h"
#include "base/threads.h"
#include "methods/method.h"

#include <cstddef>
#include <cstdint>

namespace gaussfilt::methods {

// Calls tile(index, scratch) for every index in [0, tiles), each call with `bytes` of scratch that are its own.
Outcome run_tiles(const base::Job& job, std::int64_t tiles, int threads, std::size_t bytes,
                  base::FunctionRef<void(std::int64_t, std::byte*)> tile);

}  // namespace gaussfilt::methods
