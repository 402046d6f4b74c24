// Floor 5. Limits on threads that oneTBB does not see: variables and control groups (it heeds affinity alone).
#include "threads.h"

#include <sched.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace gaussfilt::faces {
namespace {

namespace fs = std::filesystem;

// "4" or OpenMP's list "4,2": the first number, where it is one and >= 1.
std::optional<int> count(const char* text) {
  if (text == nullptr) return {};
  const std::string_view all = text;
  int value = 0;
  const auto [end, error] = std::from_chars(all.data(), all.data() + all.size(), value);
  const bool whole = end == all.data() + all.size() || *end == ',';
  if (error != std::errc() || !whole || value < 1) return {};
  return value;
}

// CPUs that a quota is worth, rounded up; nothing where there is no limit ("max", -1).
std::optional<int> quota_cpus(const std::string& quota, double period) {
  double microseconds = 0;
  const auto [end, error] = std::from_chars(quota.data(), quota.data() + quota.size(), microseconds);
  if (error != std::errc() || end == quota.data() || !(microseconds > 0) || !(period > 0)) return {};
  const double cpus = microseconds / period;
  return cpus >= std::numeric_limits<int>::max() ? std::optional<int>()
                                                 : static_cast<int>(cpus) + (cpus > static_cast<int>(cpus));
}

std::optional<int> read_v2(const fs::path& folder) {
  std::ifstream file(folder / "cpu.max");
  std::string quota;
  double period = 0;
  if (!(file >> quota >> period)) return {};
  return quota_cpus(quota, period);
}

std::optional<int> read_v1(const fs::path& folder) {
  std::ifstream quota_file(folder / "cpu.cfs_quota_us");
  std::ifstream period_file(folder / "cpu.cfs_period_us");
  std::string quota;
  double period = 0;
  if (!(quota_file >> quota) || !(period_file >> period)) return {};
  return quota_cpus(quota, period);
}

std::optional<int> least(std::optional<int> a, std::optional<int> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

// A group is bound by all that it lies in. Inside a container the path may not exist under the mount; the mount's own
// files are then those of the container.
template <class Read> std::optional<int> least_upwards(const fs::path& mount, std::string group, Read read) {
  std::optional<int> cpus;
  while (true) {
    while (!group.empty() && group.front() == '/') group.erase(0, 1);
    cpus = least(cpus, read(mount / group));
    if (group.empty()) return cpus;
    const std::size_t slash = group.rfind('/');
    group = slash == std::string::npos ? "" : group.substr(0, slash);
  }
}

bool lists(std::string_view controllers, std::string_view name) {
  while (!controllers.empty()) {
    const std::size_t comma = std::min(controllers.find(','), controllers.size());
    if (controllers.substr(0, comma) == name) return true;
    controllers.remove_prefix(std::min(comma + 1, controllers.size()));
  }
  return false;
}

// Lines of /proc/self/cgroup: "0::/group" (version 2), "4:cpu,cpuacct:/group" (version 1).
std::optional<int> cgroup_cpus(const fs::path& root) {
  const fs::path mounts = root / "sys/fs/cgroup";
  std::ifstream file(root / "proc/self/cgroup");
  std::optional<int> cpus;
  for (std::string line; std::getline(file, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first == std::string::npos ? first : first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const std::string group = line.substr(second + 1);
    if (controllers.empty()) {
      cpus = least(cpus, least_upwards(mounts, group, read_v2));
    } else if (lists(controllers, "cpu")) {
      for (const char* mount : {"cpu", "cpu,cpuacct", "cpuacct,cpu"})
        cpus = least(cpus, least_upwards(mounts / mount, group, read_v1));
    }
  }
  return cpus;
}

int allowed_cpus() {
  cpu_set_t set;
  return sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : std::numeric_limits<int>::max();
}

}  // namespace

int thread_limit(const Environment& environment, const fs::path& root) {
  const std::optional<int> ours = count(environment("GAUSSFILT_NUM_THREADS"));
  const std::optional<int> asked = ours ? ours : count(environment("OMP_NUM_THREADS"));
  const std::optional<int> limit = least(asked, cgroup_cpus(root));
  return limit ? std::min(*limit, allowed_cpus()) : 0;
}

}  // namespace gaussfilt::faces
