// Floor 1. The CPU target that the passes run on: visible, listable, forcible.
#pragma once

#include <gaussfilt/export.h>

#include <string>
#include <string_view>
#include <vector>

namespace gaussfilt::inline v0 {

// "0.1.0": the version of the library that is loaded.
GAUSSFILT_API std::string_view version();

// Targets that were compiled in and that this CPU can run, best first ("AVX3", "AVX2", "SSE4" ...).
GAUSSFILT_API std::vector<std::string> cpu_targets();

// The target that passes run on now.
GAUSSFILT_API std::string active_cpu_target();

// Runs all further passes of this process on `target`, one of cpu_targets(); "" gives the choice back to the
// library. For tests and diagnosis: results differ between targets within the stated bound. Not to be called
// while a filter runs. Throws InvalidArgument.
GAUSSFILT_API void force_cpu_target(std::string_view target);

}  // namespace gaussfilt::inline v0
