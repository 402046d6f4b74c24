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

TEST_F(CommandLine, NeedsACommand) {
  expect_usage_error({}, "command is missing", "gaussfilt --help");
  expect_usage_error({"blurr", "in.png", "out.png"}, "'blurr' is not a command", "gaussfilt --help");
  expect_usage_error({"in.png", "out.png"}, "'in.png' is not a command", "gaussfilt --help");
  expect_usage_error({"--nonsense"}, "nonsense", "gaussfilt --help");
}

TEST_F(CommandLine, NeedsInAndOutAndNothingMore) {
  expect_usage_error({"blur"}, "IN");
  expect_usage_error({"blur", "in.png"}, "OUT");
  expect_usage_error({"blur", "in.png", "out.png", "more.png"}, "more.png");
  expect_usage_error({"blur", "in.png", "out.png", "--nonsense"}, "--nonsense");
}

TEST_F(CommandLine, SaysWhatWasProbablyMeant) {
  const auto meant = [&](const std::vector<std::string>& words, const std::string& line, const std::string& help) {
    expect_usage_error(words, "did you mean: gaussfilt " + line + "; see", help);
  };
  const std::string blur = "gaussfilt blur --help";
  meant({"blurr", "in.png", "out.png"}, "blur in.png out.png", "gaussfilt --help");
  meant({"--hepl"}, "--help", "gaussfilt --help");
  meant({"blur", "in.png", "out.png", "--simga", "4"}, "blur in.png out.png --sigma 4", blur);
  meant({"blur", "--simga", "4", "in.png", "out.png"}, "blur --sigma 4 in.png out.png", blur);
  meant({"blur", "in.png", "out.png", "--simga=4"}, "blur in.png out.png --sigma=4", blur);
  meant({"blur", "--simga"}, "blur --sigma", blur);
  meant({"blur", "in.png", "out.png", "--border", "miror"}, "blur in.png out.png --border mirror", blur);
  meant({"blur", "in.png", "out.png", "--border=miror"}, "blur in.png out.png --border=mirror", blur);
  meant({"blur", "in.png", "out.png", "--taps", "descrete"}, "blur in.png out.png --taps discrete", blur);
  meant({"blur", "in.png", "out.png", "--light", "liner"}, "blur in.png out.png --light linear", blur);
  meant({"blur", "my picture.png", "it's.png", "--quite"}, "blur 'my picture.png' 'it'\\''s.png' --quiet", blur);
  meant({"kernel", "--sigma", "2", "--format", "jsn"}, "kernel --sigma 2 --format json", "gaussfilt kernel --help");
  meant({"plan", "--shape", "9", "--dtype", "u9"}, "plan --shape 9 --dtype u8", "gaussfilt plan --help");
  meant({"help", "blru"}, "help blur", "gaussfilt help --help");
  const Result far = run(folder, {"blur", "in.png", "out.png", "--unheard-of"});
  EXPECT_THAT(far.err, testing::Not(HasSubstr("did you mean")));
}

TEST_F(CommandLine, WhatContradictsIsRefusedWithTheCorrectedCall) {
  const auto refused = [&](std::vector<std::string> words, const std::string& part) {
    words.insert(words.begin(), {"blur", "in.png", "out.png"});
    expect_usage_error(words, part);
  };
  refused({"--sigma", "4", "--fwhm", "9"}, "--fwhm: does not go with --sigma");
  refused({"--sigma", "4", "--fwhm", "9"}, "(gaussfilt blur in.png out.png --sigma 4)");
  refused({"--size", "5", "--sigma", "4", "--radius", "2"}, "(gaussfilt blur in.png out.png --sigma 4 --size 5)");
  refused({"--size", "5", "--truncate", "4"}, "(gaussfilt blur in.png out.png --size 5)");
  refused({"--fwhm", "4", "--radius", "9", "--truncate", "4"}, "(gaussfilt blur in.png out.png --fwhm 4 --radius 9)");
  refused({"--radius", "5"},
          "a radius as Pillow's GaussianBlur means it is the sigma (gaussfilt blur in.png out.png "
          "--sigma 5)");
  refused({"--dpi", "300", "--scale", "2"}, "--scale: does not go with --dpi");
  refused({"--dpi", "300", "--width", "200"}, "--width: does not go with --dpi");
  refused({"--scale", "2", "--height", "200"}, "--height: does not go with --scale");
  refused({"--source", "crop"}, "--source: says what a region sees and needs --region");
  refused({"--format", "png"}, "--format: is for OUT -");
  refused({"--border", "reflect", "--border", "wrap"}, "--border: is given 2 times");
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
  for (const char* text : {"2", "4", "-3", "0", "x", "3.0"})
    expect_usage_error({"blur", "in.png", "out.png", "--size", text},
                       std::string("--size: is '") + text + "', must be an odd");
  for (const char* text : {"-1", "x", "1,2,3", "1.5", "99999999999"})
    expect_usage_error({"blur", "in.png", "out.png", "--sigma", "2", "--radius", text}, "--radius: is '");
  for (const char* text : {"0", "101", "x"})
    expect_usage_error({"blur", "in.png", "out.png", "--quality", text}, "--quality: is '");
  for (const char* text : {"12", "0", "x"})
    expect_usage_error({"blur", "in.png", "out.png", "--depth", text}, "--depth: is '");
  for (const char* option :
       {"--page", "--max-pixels", "--max-pages", "--width", "--height", "--dpi", "--scale", "--jobs"})
    for (const char* text : {"0", "-1", "x", ""})
      expect_usage_error({"blur", "in.png", "out.png", option, text},
                         std::string(option) + ": is '" + text + "', must be");
  for (const char* text :
       {"1,2,3", "1,2,3,4,5", "1,2,0,4", "1,2,3,-4", "1.5,2,3,4", "a,b,c,d", "99999999999999999999,0,1,1",
        "10%,10%,0%,5%", "100%,0,10,10", "0,0,nan%,5", "-10%,0,10%,5", "-5,0,5,5", "1%%,0,5,5", ""})
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
