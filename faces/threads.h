// Floor 5, shared by the faces. How many threads this process should use: what the environment and the control groups
// say.
#pragma once

#include <filesystem>
#include <functional>

namespace gaussfilt::faces {

using Environment = std::function<const char*(const char* name)>;

// The least of GAUSSFILT_NUM_THREADS (or else OMP_NUM_THREADS), the CPU quota of the control groups (versions 1 and 2)
// and the CPUs that the process may run on. 0 where neither of the first two says anything: the core then decides.
// `root` stands for "/", so that a test can bring its own files.
int thread_limit(const Environment& environment, const std::filesystem::path& root = "/");

}  // namespace gaussfilt::faces
