// Floor 5: whatever ends the program, the file is the old one or the new one, whole.
#include "program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <random>
#include <thread>

namespace {

using namespace picture_files;
using program::Result;
using program::run;
using testing::ElementsAre;
using testing::HasSubstr;

class Interrupted : public testing::Test {
 protected:
  Interrupted() { write_bytes(folder / "large.png", large); }

  // What a file ends as that the program was writing when it was killed, 30 times, at moments spread over its work.
  void kill_at_random(const std::vector<std::string>& words, const std::string& file, const std::string& old) {
    write_bytes(folder / file, old);
    const auto start = std::chrono::steady_clock::now();
    ASSERT_EQ(run(folder, words).code, 0);
    const auto whole = std::chrono::duration<double>(std::chrono::steady_clock::now() - start);
    const std::string fresh = read_bytes(folder / file);
    std::mt19937 random(4711);
    std::uniform_real_distribution<double> moment(0, 1.1);
    int killed = 0;
    for (int round = 0; round < 30; ++round) {
      write_bytes(folder / file, old);
      program::Running running(folder.path(), words);
      std::this_thread::sleep_for(whole * moment(random));
      kill(running.pid(), SIGKILL);
      killed += running.wait().signal == SIGKILL;
      const std::string found = read_bytes(folder / file);
      ASSERT_TRUE(found == old || found == fresh) << "round " << round << ": " << found.size() << " bytes";
    }
    EXPECT_GT(killed, 10);
  }

  const std::string large = png(noise(1000, 800, 3, 16), {.colour = rgb, .depth = 16});
  Folder folder;
};

TEST_F(Interrupted, KilledWhileItWritesAnother) {
  kill_at_random({"blur", "large.png", "out.png", "--sigma", "1", "--quiet"}, "out.png", "old file");
}

TEST_F(Interrupted, KilledWhileItWritesInPlace) {
  kill_at_random({"blur", "large.png", "large.png", "--sigma", "1", "--quiet"}, "large.png", large);
}

TEST_F(Interrupted, AFileSizeLimitInAFolderLeavesTheOldFilesAndNoLitter) {
  fs::create_directories(folder / "in");
  fs::create_directories(folder / "out");
  for (const char* name : {"a.png", "b.png"}) {
    write_bytes(folder / "in" / name, png(noise(60, 40, 3, 8), {}));
    write_bytes(folder / "out" / name, "old file");
  }
  write_bytes(folder / "in/small.png", png(noise(4, 4, 1, 8), {.colour = grey}));
  const Result result = run(folder, {"blur", "in", "out"}, {.file_size = 2000});
  EXPECT_EQ(result.code, 1);
  EXPECT_EQ(result.out, "1 done, 2 failed\n");
  EXPECT_THAT(result.err, HasSubstr("out/a.png: cannot be written: File too large"));
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder / "out")) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  EXPECT_THAT(names, ElementsAre("a.png", "b.png", "small.png"));
  EXPECT_EQ(read_bytes(folder / "out/a.png"), "old file");
}

TEST_F(Interrupted, ASignalInAFolderLeavesNoLitter) {
  fs::create_directories(folder / "in");
  for (const char* name : {"a.png", "b.png", "c.png"}) fs::copy_file(folder / "large.png", folder / "in" / name);
  program::Running running(folder.path(), {"blur", "in", "out", "--sigma", "1", "--jobs", "3"});
  const auto names = [&](bool hidden) {
    std::vector<std::string> found;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder / "out", error))
      if (entry.path().filename().string().starts_with('.') == hidden) found.push_back(entry.path().filename());
    return found;
  };
  bool seen = false;
  while (!seen && !running.ended()) seen = !names(true).empty();
  ASSERT_TRUE(seen) << "temporary files while it works";
  kill(running.pid(), SIGINT);
  EXPECT_EQ(running.wait().signal, SIGINT);
  EXPECT_THAT(names(true), testing::IsEmpty());
  for (const std::string& name : names(false)) EXPECT_EQ(decode(folder / ("out/" + name)).width, 1000) << "whole";
}

}  // namespace
