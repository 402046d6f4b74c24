// Floor 5: `gaussfilt apply --resume`: whatever ended the run before, the bytes are those of one run.
#include "program.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <csignal>
#include <random>
#include <thread>

namespace {

using namespace picture_files;
using nlohmann::json;
using program::Result;
using program::run;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;

constexpr const char* two_filters = R"({"version": 1, "filters": [
  {"name": "soft", "blur": {"sigma": 3}}, {"name": "cut", "blur": {"sigma": 1.5, "border": "mirror"}}]})";

class Resume : public testing::Test {
 protected:
  Resume() {
    write_bytes(folder / "r.json", two_filters);
    fs::create_directories(folder / "in/x");
    for (int i = 0; i < 8; ++i)
      write_bytes(folder / ("in/" + std::string(i % 2 == 0 ? "x/" : "") + std::to_string(i) + ".png"),
                  png(noise(200, 150, 3, 8, static_cast<std::uint32_t>(i)), {}));
  }

  // All that is in a folder, hidden files too, but for the manifest, which has times in it.
  std::map<std::string, std::string> files(const std::string& name) const {
    std::map<std::string, std::string> found;
    std::error_code error;
    for (const auto& entry : fs::recursive_directory_iterator(folder / name, error))
      if (!entry.is_directory() && entry.path().filename() != "gaussfilt-manifest.json")
        found[fs::relative(entry.path(), folder / name).string()] = read_bytes(entry.path());
    return found;
  }

  std::string apply(const std::string& out, const std::vector<std::string>& more = {}) {
    std::vector<std::string> words = {"apply", "r.json", "in", "-o", out, "-r"};
    words.insert(words.end(), more.begin(), more.end());
    const Result result = run(folder, words);
    EXPECT_EQ(result.code, 0) << result.err;
    return result.out;
  }

  // Until so many stand in the folder `out`, whatever the machine's pace.
  void wait_for_outputs(std::size_t count) const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    const auto there = [&] {
      std::size_t found = 0;
      std::error_code error;
      for (fs::recursive_directory_iterator at(folder / "out", error), last; !error && at != last; at.increment(error))
        found += at->path().extension() == ".png" && at->path().filename().string().front() != '.';
      return found;
    };
    while (there() < count && std::chrono::steady_clock::now() < end)
      std::this_thread::sleep_for(std::chrono::microseconds(200));
  }

  Folder folder;
};

TEST_F(Resume, KilledAnywhereItEndsAsOneRun) {
  apply("whole");
  const auto whole = files("whole");
  ASSERT_EQ(whole.size(), 16U);
  std::mt19937 random(99);
  int killed = 0, left = 0, proven = 0;
  for (int round = 0; round < 12; ++round) {
    fs::remove_all(folder / "out");
    for (std::size_t times = 0; times < 2; ++times) {  // killed, and killed again as it goes on
      program::Running running(folder.path(), {"apply", "r.json", "in", "-o", "out", "-r", "--resume"});
      wait_for_outputs(6 * times + random() % 6);
      std::this_thread::sleep_for(std::chrono::microseconds(random() % 2000));
      kill(running.pid(), SIGKILL);
      killed += running.wait().signal == SIGKILL;
    }
    const std::string said = apply("out", {"--resume"});
    int here = 0, before = 0;
    ASSERT_EQ(std::sscanf(said.c_str(), "%d done, %d done before, 0 failed", &here, &before), 2) << said;
    EXPECT_EQ(here + before, 16) << said;
    left += here > 0;
    proven += before > 0;
    ASSERT_TRUE(files("out") == whole) << "round " << round << ": " << files("out").size() << " files";
    const json manifest = json::parse(read_bytes(folder / "out/gaussfilt-manifest.json"));
    EXPECT_EQ(manifest.at("results").size(), 16U);
  }
  EXPECT_GT(killed, 12);
  EXPECT_GT(left, 3) << "some were killed before the end";
  EXPECT_GT(proven, 3) << "some had done a part";
}

TEST_F(Resume, InPlaceKilledAnywhereNothingIsBlurredTwice) {
  write_bytes(folder / "r.json", R"({"version": 1, "filters": [{"name": "soft", "blur": {"sigma": 3}}]})");
  const auto originals = files("in");
  const auto restore = [&] {
    for (const auto& [name, bytes] : originals) write_bytes(folder / ("in/" + name), bytes);
    fs::remove(folder / "gaussfilt-manifest.json");
    fs::remove(folder / "gaussfilt-manifest.json-journal");
  };
  const std::vector<std::string> words = {"apply", "r.json", "in", "--in-place", "-r", "--resume"};
  const auto start = std::chrono::steady_clock::now();
  ASSERT_EQ(run(folder, words).code, 0);
  const auto time = std::chrono::duration<double>(std::chrono::steady_clock::now() - start);
  const auto whole = files("in");
  std::mt19937 random(7);
  std::uniform_real_distribution<double> moment(0, 0.9);
  for (int round = 0; round < 12; ++round) {
    restore();
    program::Running running(folder.path(), words);
    std::this_thread::sleep_for(time * moment(random));
    kill(running.pid(), SIGKILL);
    running.wait();
    const Result result = run(folder, words);
    EXPECT_EQ(result.code, 0) << result.err;
    ASSERT_TRUE(files("in") == whole) << "round " << round;
  }
}

TEST_F(Resume, OnlyWhatIsProvenIsLeftOut) {
  apply("whole");
  apply("out");
  EXPECT_THAT(apply("out", {"--resume"}), HasSubstr("0 done, 16 done before, 0 failed"));
  const auto bytes = [&](const std::string& name) { return read_bytes(folder / name); };
  // A damaged output, one that is gone, an input that is another one.
  std::string damaged = bytes("out/1-soft.png");
  damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 1);
  write_bytes(folder / "out/1-soft.png", damaged);
  fs::remove(folder / "out/x/2-cut.png");
  EXPECT_THAT(apply("out", {"--resume"}), HasSubstr("2 done, 14 done before"));
  EXPECT_TRUE(files("out") == files("whole"));
  write_bytes(folder / "in/3.png", png(noise(200, 150, 3, 8, 77), {}));
  EXPECT_THAT(apply("out", {"--resume"}), HasSubstr("2 done, 14 done before"));
  // Another filter, and another way to read.
  write_bytes(folder / "r.json", R"({"version": 1, "filters": [
    {"name": "soft", "blur": {"sigma": 3.0}}, {"name": "cut", "blur": {"sigma": 1.6, "border": "mirror"}}]})");
  EXPECT_THAT(apply("out", {"--resume"}), HasSubstr("8 done, 8 done before"));
  EXPECT_THAT(apply("out", {"--resume", "--salvage"}), HasSubstr("16 done, 0 done before"));
}

TEST_F(Resume, WithoutItAllIsDoneAgain) {
  apply("out");
  EXPECT_EQ(apply("out"), "16 done, 0 failed\n");
}

TEST_F(Resume, AJournalThatWasCutOffIsUsedAsFarAsItGoes) {
  apply("out");
  const json manifest = json::parse(read_bytes(folder / "out/gaussfilt-manifest.json"));
  std::string journal;
  for (std::size_t i = 0; i < 3; ++i) journal += manifest.at("results").at(i).dump() + "\n";
  const std::string last = manifest.at("results").at(3).dump();
  fs::remove(folder / "out/gaussfilt-manifest.json");
  write_bytes(folder / "out/gaussfilt-manifest.json-journal", journal + last.substr(0, last.size() / 2));
  EXPECT_THAT(apply("out", {"--resume"}), HasSubstr("13 done, 3 done before, 0 failed"));
  EXPECT_FALSE(fs::exists(folder / "out/gaussfilt-manifest.json-journal"));
}

TEST_F(Resume, AManifestThatIsNoneIsRefused) {
  fs::create_directories(folder / "out");
  for (const char* text : {"[1, 2", "{}", "{\"gaussfilt\": 1}", ""}) {
    write_bytes(folder / "out/gaussfilt-manifest.json", text);
    const Result result = run(folder, {"apply", "r.json", "in", "-o", "out", "--resume"});
    EXPECT_EQ(result.code, 1);
    EXPECT_THAT(result.err, HasSubstr("out/gaussfilt-manifest.json: is no manifest of gaussfilt apply"));
    EXPECT_EQ(read_bytes(folder / "out/gaussfilt-manifest.json"), text);
  }
}

TEST_F(Resume, OneRunAtATime) {
  fs::create_directories(folder / "out");
  const int other = open((folder / "out/gaussfilt-manifest.json-journal").c_str(), O_WRONLY | O_CREAT, 0600);
  ASSERT_EQ(flock(other, LOCK_EX), 0);
  const Result result = run(folder, {"apply", "r.json", "in", "-o", "out"});
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.err, HasSubstr("belongs to a gaussfilt apply that is at work"));
  close(other);
  apply("out");
}

}  // namespace
