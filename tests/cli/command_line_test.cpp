// Floor 5: what may be typed, and what is said where it is wrong: one line, exit code 2, nothing written.
#include "program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace {

using namespace picture_files;
using program::Result;
using program::run;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class CommandLine : public testing::Test {
 protected:
  CommandLine() { write_bytes(folder / "in.png", png(noise(24, 16, 3, 8), {})); }

  void expect_usage_error(const std::vector<std::string>& words, const std::string& part,
                          const std::string& help = "gaussfilt blur --help") {
    const Result result = run(folder, words);
    EXPECT_EQ(result.code, 2) << part;
    EXPECT_THAT(result.out, IsEmpty()) << part;
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    EXPECT_THAT(result.err, AllOf(StartsWith("gaussfilt: "), HasSubstr(part), HasSubstr("see '" + help + "'")));
    EXPECT_THAT(folder.names(), testing::ElementsAre("in.png")) << part;
  }

  Folder folder;
};

TEST_F(CommandLine, VersionIsOneLine) {
  const Result result = run(folder, {"--version"});
  EXPECT_EQ(result.code, 0);
  EXPECT_EQ(result.out, "gaussfilt " GAUSSFILT_PROJECT_VERSION "\n");
  EXPECT_THAT(result.err, IsEmpty());
}

TEST_F(CommandLine, HelpTellsEveryOptionAndExamples) {
  const Result general = run(folder, {"--help"});
  EXPECT_EQ(general.code, 0);
  EXPECT_THAT(general.out, AllOf(HasSubstr("blur"), HasSubstr("Example")));
  for (const char* flag : {"--help", "-h"}) {
    const Result result = run(folder, {"blur", flag});
    EXPECT_EQ(result.code, 0);
    EXPECT_THAT(result.err, IsEmpty());
    for (const char* word :
         {"IN", "OUT", "--sigma", "--border", "--truncate", "--tolerance", "--region", "--threads", "--compare",
          "--show", "--explain", "--quiet", "gaussfilt blur photo.jpg soft.jpg --sigma 4", "Exit codes"})
      EXPECT_THAT(result.out, HasSubstr(word));
  }
}

TEST_F(CommandLine, NeedsACommand) {
  expect_usage_error({}, "command is missing", "gaussfilt --help");
  expect_usage_error({"blurr", "in.png", "out.png"}, "'blurr' is not a command", "gaussfilt --help");
  expect_usage_error({"--nonsense"}, "nonsense", "gaussfilt --help");
}

TEST_F(CommandLine, NeedsInAndOutAndNothingMore) {
  expect_usage_error({"blur"}, "IN");
  expect_usage_error({"blur", "in.png"}, "OUT");
  expect_usage_error({"blur", "in.png", "out.png", "more.png"}, "more.png");
  expect_usage_error({"blur", "in.png", "out.png", "--nonsense"}, "--nonsense");
}

TEST_F(CommandLine, SigmaIsChecked) {
  for (const char* text : {"-2", "nan", "inf", "x", "", "4,", "4,5,6", "4;5", "1e999", "4 px"})
    expect_usage_error({"blur", "in.png", "out.png", "--sigma", text},
                       std::string("--sigma: is '") + text + "', must be a finite number >= 0");
  expect_usage_error({"blur", "in.png", "out.png", "--sigma", "4,-1"}, "--sigma: is '4,-1'");
  expect_usage_error({"blur", "in.png", "out.png", "--sigma"}, "--sigma");
  expect_usage_error({"blur", "in.png", "out.png", "--sigma", "2", "--sigma", "3"}, "--sigma");
}

TEST_F(CommandLine, BorderIsChecked) {
  for (const char* text : {"mirrored", "", "reflect:3", "constant:", "constant:red", "constant:-1", "constant:nan"})
    expect_usage_error({"blur", "in.png", "out.png", "--border", text},
                       std::string("--border: is '") + text + "', must be");
}

TEST_F(CommandLine, NumbersAreChecked) {
  for (const char* text : {"0", "-4", "nan", "x"})
    expect_usage_error({"blur", "in.png", "out.png", "--truncate", text}, "--truncate: is '");
  for (const char* text : {"0", "-1e-3", "nan", "inf", "x"})
    expect_usage_error({"blur", "in.png", "out.png", "--tolerance", text}, "--tolerance: is '");
  for (const char* text : {"0", "-1", "1.5", "x", "99999999999"})
    expect_usage_error({"blur", "in.png", "out.png", "--threads", text}, "--threads: is '");
  for (const char* text :
       {"1,2,3", "1,2,3,4,5", "1,2,0,4", "1,2,3,-4", "1.5,2,3,4", "a,b,c,d", "99999999999999999999,0,1,1"})
    expect_usage_error({"blur", "in.png", "out.png", "--region", text}, "--region: is '");
}

TEST_F(CommandLine, AnExtensionThatNobodyWritesIsRefusedBeforeTheInputIsRead) {
  expect_usage_error({"blur", "in.png", "out.xyz"}, "out.xyz: its extension is 'xyz', must be one of png, jpg, jpeg");
  expect_usage_error({"blur", "missing.png", "out"}, "out: its extension is ''");
  expect_usage_error({"blur", "in.png", "out.png", "--compare", "both.xyz"}, "both.xyz: its extension is 'xyz'");
}

TEST_F(CommandLine, CompareNeedsAFileOfItsOwn) {
  expect_usage_error({"blur", "in.png", "out.png", "--compare", "./out.png"},
                     "--compare: is './out.png', must be another file");
  expect_usage_error({"blur", "in.png", "out.png", "--compare", "in.png"},
                     "--compare: is 'in.png', must be another file");
}

}  // namespace
