// Floor 4. Progress of work that has several parts.
#pragma once

#include <gaussfilt/plan.h>

#include <cstdint>

namespace gaussfilt::pictures {

// What one of the parts reports, as a share of all. `run` must live as long.
inline RunOptions share_of(const RunOptions& run, std::int64_t part, std::int64_t parts) {
  if (parts == 1 || !run.progress) return run;
  return {.stop = run.stop, .progress = [&run, part, parts](double done) {
            run.progress((static_cast<double>(part) + done) / static_cast<double>(parts));
          }};
}

}  // namespace gaussfilt::pictures
