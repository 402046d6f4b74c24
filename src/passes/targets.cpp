// Floor 1. Which CPU target the passes run on.
#include <gaussfilt/error.h>
#include <gaussfilt/runtime.h>
#include <gaussfilt/version.h>

#include <hwy/highway.h>
#include <hwy/targets.h>

#include <fmt/format.h>

#include <algorithm>

namespace gaussfilt::inline v0 {
namespace {

// Targets that this build holds and this CPU has. The lower the bit, the better the target.
std::vector<std::int64_t> usable_targets() {
  std::vector<std::int64_t> targets;
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) targets.push_back(target);
  return targets;
}

void choose(std::int64_t mask) {
  hwy::SetSupportedTargetsForTest(mask);  // 0: as detected
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

}  // namespace

std::string_view version() { return GAUSSFILT_VERSION; }

std::vector<std::string> cpu_targets() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const std::int64_t target : usable_targets()) list.emplace_back(hwy::TargetName(target));
    return list;
  }();
  return names;
}

std::string active_cpu_target() {
  const std::int64_t usable = hwy::SupportedTargets() & HWY_TARGETS;
  return hwy::TargetName(usable & -usable);
}

void force_cpu_target(std::string_view target) {
  cpu_targets();  // remembers all before any is hidden
  if (target.empty()) return choose(0);
  choose(0);
  for (const std::int64_t candidate : usable_targets()) {
    if (target == hwy::TargetName(candidate)) return choose(candidate);
  }
  throw InvalidArgument(
      fmt::format("target: \"{}\" is none of this machine's {}", target, fmt::join(cpu_targets(), ", ")));
}

}  // namespace gaussfilt::inline v0
