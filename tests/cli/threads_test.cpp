// Floor 5: how many threads the environment and the control groups allow. The files of a machine are made here.
#include "faces/threads.h"
#include "pictures/picture_files.h"

#include <gtest/gtest.h>

#include <map>

namespace {

using gaussfilt::faces::thread_limit;
using picture_files::Folder;
using picture_files::write_bytes;

class ThreadLimit : public testing::Test {
 protected:
  int limit(const std::map<std::string, std::string>& variables = {}) const {
    return thread_limit(
        [&](const char* name) {
          const auto found = variables.find(name);
          return found == variables.end() ? nullptr : found->second.c_str();
        },
        root.path());
  }

  void put(const std::string& file, const std::string& text) const {
    std::filesystem::create_directories((root / file).parent_path());
    write_bytes(root / file, text);
  }

  Folder root;
};

// One CPU is always there, so limits of 1 come through whatever the machine; larger ones meet its own number.
TEST_F(ThreadLimit, NothingSaidIsNoLimit) { EXPECT_EQ(limit(), 0); }

TEST_F(ThreadLimit, VariablesOursFirst) {
  EXPECT_EQ(limit({{"GAUSSFILT_NUM_THREADS", "1"}}), 1);
  EXPECT_EQ(limit({{"OMP_NUM_THREADS", "1"}}), 1);
  EXPECT_EQ(limit({{"OMP_NUM_THREADS", "1,4"}}), 1);
  EXPECT_EQ(limit({{"GAUSSFILT_NUM_THREADS", "1"}, {"OMP_NUM_THREADS", "64"}}), 1);
  EXPECT_GE(limit({{"GAUSSFILT_NUM_THREADS", "1000000"}, {"OMP_NUM_THREADS", "1"}}), 1);
  EXPECT_LT(limit({{"GAUSSFILT_NUM_THREADS", "1000000"}}), 1000000) << "no more than CPUs";
}

TEST_F(ThreadLimit, NonsenseIsNoLimit) {
  for (const char* text : {"", "0", "-3", "many", "1.5", "2x", "99999999999999999999"})
    EXPECT_EQ(limit({{"GAUSSFILT_NUM_THREADS", text}, {"OMP_NUM_THREADS", text}}), 0) << text;
}

TEST_F(ThreadLimit, QuotaOfVersionTwo) {
  put("proc/self/cgroup", "0::/a/b\n");
  put("sys/fs/cgroup/a/b/cpu.max", "max 100000\n");
  EXPECT_EQ(limit(), 0);
  put("sys/fs/cgroup/a/b/cpu.max", "50000 100000\n");
  EXPECT_EQ(limit(), 1) << "half a CPU is one thread";
}

TEST_F(ThreadLimit, QuotaOfAGroupAboveCounts) {
  put("proc/self/cgroup", "0::/a/b\n");
  put("sys/fs/cgroup/a/b/cpu.max", "max 100000\n");
  put("sys/fs/cgroup/a/cpu.max", "100000 100000\n");
  EXPECT_EQ(limit(), 1);
}

TEST_F(ThreadLimit, QuotaAtTheMountOfAContainer) {
  put("proc/self/cgroup", "0::/kubepods/pod1234\n");
  put("sys/fs/cgroup/cpu.max", "100000 100000\n");
  EXPECT_EQ(limit(), 1);
}

TEST_F(ThreadLimit, QuotaOfVersionOne) {
  put("proc/self/cgroup", "5:memory:/a\n4:cpu,cpuacct:/a\n1:cpuset:/a\n");
  put("sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us", "-1\n");
  put("sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(limit(), 0);
  put("sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us", "100000\n");
  EXPECT_EQ(limit(), 1);
}

TEST_F(ThreadLimit, VersionOneAlsoUnderTheShortMount) {
  put("proc/self/cgroup", "4:cpu:/\n");
  put("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "90000\n");
  put("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(limit(), 1);
}

TEST_F(ThreadLimit, TheLeastWins) {
  put("proc/self/cgroup", "0::/\n");
  put("sys/fs/cgroup/cpu.max", "100000 100000\n");
  EXPECT_EQ(limit({{"GAUSSFILT_NUM_THREADS", "8"}}), 1);
  put("sys/fs/cgroup/cpu.max", "800000 100000\n");
  EXPECT_EQ(limit({{"GAUSSFILT_NUM_THREADS", "1"}}), 1);
}

TEST_F(ThreadLimit, BrokenFilesAreNoLimit) {
  put("proc/self/cgroup", "nonsense\n0::\n:::\n7:cpu\n");
  put("sys/fs/cgroup/cpu.max", "nonsense\n");
  EXPECT_EQ(limit(), 0);
}

}  // namespace
