// Floor 5: the progress line: on a terminal alone, after a second, gone at the end; and colours.
#include "program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

namespace {

using namespace picture_files;
using program::Result;
using program::run;
using testing::AllOf;
using testing::ContainsRegex;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

using namespace std::chrono_literals;

// What somebody sees at the end, who looks at a terminal that got these bytes: its lines.
std::string screen(const std::string& bytes) {
  std::string all, line;
  std::size_t column = 0;
  for (const char c : bytes) {
    if (c == '\r') {
      column = 0;
    } else if (c == '\n') {
      all += line + "\n";
      line.clear();
      column = 0;
    } else {
      if (column == line.size()) line += ' ';
      line[column++] = c;
    }
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return all + line;
}

class ProgressLine : public testing::Test {
 protected:
  Folder folder;
  const std::string bytes = png(noise(60, 40, 3, 8), {});
};

TEST_F(ProgressLine, ComesAfterASecondAndGoesWithoutATrace) {
  const Result result = run(folder, {"blur", "-", "out.png"}, {.input = bytes, .pause = 1700ms, .terminal = {2}});
  EXPECT_EQ(result.code, 0) << result.terminal;
  EXPECT_THAT(result.terminal, AllOf(StartsWith("\rreading"), EndsWith("\r"), Not(HasSubstr("\x1b"))));
  EXPECT_THAT(screen(result.terminal), IsEmpty());
}

TEST_F(ProgressLine, IsGoneBeforeAnythingElseIsPrinted) {
  const Result both = run(folder, {"blur", "-", "out.png"}, {.input = bytes, .pause = 1700ms, .terminal = {1, 2}});
  EXPECT_THAT(both.terminal, HasSubstr("reading"));
  EXPECT_THAT(screen(both.terminal), AllOf(StartsWith("standard input -> out.png"), Not(HasSubstr("reading"))));
  const Result error = run(folder, {"blur", "-", "out.png"}, {.input = "no", .pause = 1700ms, .terminal = {2}});
  EXPECT_THAT(error.terminal, HasSubstr("reading"));
  EXPECT_THAT(screen(error.terminal), StartsWith("gaussfilt: standard input: "));
}

TEST_F(ProgressLine, IsNotThereForShortWork) {
  const Result result = run(folder, {"blur", "-", "out.png"}, {.input = bytes, .terminal = {2}});
  EXPECT_EQ(result.code, 0);
  EXPECT_THAT(result.terminal, IsEmpty());
}

TEST_F(ProgressLine, IsNotThereInAPipe) {
  const Result result = run(folder, {"blur", "-", "out.png", "--quiet"}, {.input = bytes, .pause = 1700ms});
  EXPECT_EQ(result.code, 0);
  EXPECT_THAT(result.out + result.err, IsEmpty());
}

TEST_F(ProgressLine, TellsHowFarTheBlurringIs) {
  write_bytes(folder / "large.png", png(noise(900, 600, 3, 8), {}));
  program::Running running(folder.path(),
                           {"blur", "large.png", "out.png", "--sigma", "300", "--tolerance", "1e-13", "--threads", "1"},
                           {.terminal = {2}});  // so near that every tap is summed, in f64
  // However fast the machine is: the work takes ten times as long.
  while (!running.ended()) {
    std::this_thread::sleep_for(10ms);
    kill(running.pid(), SIGSTOP);
    std::this_thread::sleep_for(90ms);
    kill(running.pid(), SIGCONT);
  }
  const Result result = running.wait();
  EXPECT_EQ(result.code, 0);
  EXPECT_THAT(result.terminal, ContainsRegex("\rblurring [0-9]+ %"));
  EXPECT_THAT(screen(result.terminal), IsEmpty());
}

TEST_F(ProgressLine, OfAFolderCountsAndForetells) {
  fs::create_directory(folder / "in");
  for (const char* name : {"in/a.png", "in/b.png", "in/c.png", "in/d.png"})
    write_bytes(folder / name, png(noise(1200, 900, 3, 8), {}));
  write_bytes(folder / "in/b.png", bytes.substr(0, 4000));
  program::Running running(folder.path(), {"blur", "in", "out", "--jobs", "1", "--threads", "1"}, {.terminal = {2}});
  while (!fs::exists(folder / "out/a.png") && !running.ended()) std::this_thread::sleep_for(1ms);
  // However fast the machine is: a second goes by while there is work left.
  kill(running.pid(), SIGSTOP);
  std::this_thread::sleep_for(1200ms);
  kill(running.pid(), SIGCONT);
  const Result result = running.wait();
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.terminal, ContainsRegex("\r[123] of 4, [0-9.]+ a second, [0-9]+ s left"));
  EXPECT_THAT(screen(result.terminal), AllOf(StartsWith("gaussfilt: in/b.png: "), EndsWith("\n")));
}

TEST_F(ProgressLine, ErrorsAreRedOnATerminalThatWantsIt) {
  const auto said = [&](const std::map<std::string, std::string>& environment, std::set<int> terminal) {
    const Result result =
        run(folder, {"blur", "none.png", "out.png"}, {.environment = environment, .terminal = std::move(terminal)});
    EXPECT_EQ(result.code, 1);
    return result.terminal + result.err;
  };
  EXPECT_THAT(said({{"TERM", "xterm"}}, {2}), StartsWith("\x1b[31mgaussfilt:\x1b[0m none.png: "));
  EXPECT_THAT(said({{"TERM", "xterm"}, {"NO_COLOR", "1"}}, {2}), StartsWith("gaussfilt: none.png: "));
  EXPECT_THAT(said({{"TERM", "dumb"}}, {2}), StartsWith("gaussfilt: none.png: "));
  EXPECT_THAT(said({{"TERM", "xterm"}}, {}), StartsWith("gaussfilt: none.png: "));
}

}  // namespace
