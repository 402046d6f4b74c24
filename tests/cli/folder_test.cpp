// Floor 5: `gaussfilt blur` of a folder: what is taken, where it goes, what stops it and what does not.
#include "program.h"

#include <sys/stat.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>
#include <sstream>

namespace {

using namespace picture_files;
using program::Result;
using program::run;
using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;
using testing::UnorderedElementsAre;

class FolderCommand : public testing::Test {
 protected:
  void put(const std::string& name, std::uint32_t seed = 1) {
    fs::create_directories((folder / name).parent_path());
    write_bytes(folder / name, png(noise(40, 30, 3, 8, seed), {}));
  }

  // Files below a folder, by their names relative to it.
  std::set<std::string> files(const std::string& name) const {
    std::set<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(folder / name))
      if (!entry.is_directory()) found.insert(fs::relative(entry.path(), folder / name).string());
    return found;
  }

  // What blurring one picture alone gives.
  std::string alone(const std::string& name, const std::vector<std::string>& options = {}) {
    std::vector<std::string> words = {"blur", name, "alone.png"};
    words.insert(words.end(), options.begin(), options.end());
    EXPECT_EQ(run(folder, words).code, 0);
    const std::string bytes = read_bytes(folder / "alone.png");
    fs::remove(folder / "alone.png");
    return bytes;
  }

  void expect_refused(const std::vector<std::string>& words, const std::string& part) {
    const Result result = run(folder, words);
    EXPECT_EQ(result.code, 2) << result.err;
    EXPECT_THAT(result.out, IsEmpty());
    EXPECT_THAT(result.err, AllOf(StartsWith("gaussfilt: "), HasSubstr(part), HasSubstr("gaussfilt blur --help")));
    EXPECT_FALSE(fs::exists(folder / "out"));
  }

  Folder folder;
};

TEST_F(FolderCommand, EveryPictureKeepsItsNameAndTheFolderIsMade) {
  put("in/a.png", 1);
  put("in/b c.PNG", 2);
  write_bytes(folder / "in/d.jpeg", jpeg(noise(40, 30, 3, 8, 3)));
  const Result result = run(folder, {"blur", "in", "new/out", "--sigma", "3"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.out, "3 done, 0 failed\n");
  EXPECT_THAT(result.err, IsEmpty());
  EXPECT_THAT(files("new/out"), ElementsAre("a.png", "b c.PNG", "d.jpeg"));
  EXPECT_EQ(read_bytes(folder / "new/out/a.png"), alone("in/a.png", {"--sigma", "3"}));
  EXPECT_EQ(read_bytes(folder / "new/out/b c.PNG"), alone("in/b c.PNG", {"--sigma", "3"}));
}

TEST_F(FolderCommand, ContentSaysWhatAPictureIsAndOtherFilesAreLeftOut) {
  put("in/photo");
  put("in/drawing.svg");
  put("in/page.pdf");
  put("in/.hidden.png");
  for (const char* name : {"in/e.txt", "in/f.png", "in/g", "in/h.csv"}) write_bytes(folder / name, "words");
  ASSERT_EQ(mkfifo((folder / "in/pipe").c_str(), 0600), 0) << "opening it would wait for ever";
  fs::create_symlink("nowhere", folder / "in/broken");
  const Result result = run(folder, {"blur", "in", "out"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.out, "3 done, 0 failed, 6 other files left out: broken, e.txt, f.png and 3 more\n");
  EXPECT_THAT(files("out"), ElementsAre("drawing.svg.png", "page.pdf.png", "photo.png"));
  EXPECT_EQ(png_type(read_bytes(folder / "out/drawing.svg.png")), std::make_pair(8, int{rgb}));
}

TEST_F(FolderCommand, OneBadFileDoesNotStopTheRest) {
  for (const char* name : {"in/a.png", "in/b.png", "in/c.png", "in/d.png"}) put(name);
  write_bytes(folder / "in/b.png", read_bytes(folder / "in/a.png").substr(0, 2000));
  fs::create_directories(folder / "out/c.png");  // in the way of an output
  for (const char* jobs : {"1", "4"}) {
    const Result result = run(folder, {"blur", "in", "out", "--jobs", jobs});
    EXPECT_EQ(result.code, 1);
    EXPECT_EQ(result.out, "2 done, 2 failed\n");
    EXPECT_THAT(result.err, AllOf(HasSubstr("gaussfilt: in/b.png: "), HasSubstr("gaussfilt: out/c.png: is a folder")));
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 2) << result.err;
    EXPECT_THAT(files("out"), ElementsAre("a.png", "d.png"));
    fs::remove(folder / "out/a.png");
    fs::remove(folder / "out/d.png");
  }
}

TEST_F(FolderCommand, TwoInputsForOneOutputAreRefusedBeforeTheWork) {
  put("in/a.svg");
  put("in/a.svg.png");
  put("in/b.png");
  expect_refused({"blur", "in", "out"}, "in/a.svg and in/a.svg.png: would both be written to out/a.svg.png");
  const std::string before = read_bytes(folder / "in/b.png");
  EXPECT_EQ(run(folder, {"blur", "in", "in"}).code, 2);
  EXPECT_EQ(read_bytes(folder / "in/b.png"), before);
}

TEST_F(FolderCommand, OutputsThatMeetThroughLinksAreRefused) {
  put("in/a.png");
  fs::create_symlink("a.png", folder / "in/link.png");
  expect_refused({"blur", "in", "in"}, "in/a.png and in/link.png: would both be written to ");
  EXPECT_EQ(run(folder, {"blur", "in", "out"}).code, 0);
  EXPECT_THAT(files("out"), ElementsAre("a.png", "link.png"));
}

TEST_F(FolderCommand, AnOutputOverAnotherInputIsRefused) {
  put("in/sub/a.png", 1);
  put("in/sub/sub/a.png", 2);
  const std::string before = read_bytes(folder / "in/sub/a.png");
  expect_refused({"blur", "in/sub", "in", "--recursive"}, "in/sub/sub/a.png: would be written over in/sub/a.png");
  EXPECT_EQ(read_bytes(folder / "in/sub/a.png"), before);
  EXPECT_THAT(files("in"), ElementsAre("sub/a.png", "sub/sub/a.png"));
}

TEST_F(FolderCommand, InPlace) {
  put("in/a.png", 1);
  put("in/b.png", 2);
  const std::string a = alone("in/a.png"), b = alone("in/b.png");
  const Result result = run(folder, {"blur", "in", "./in/"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(files("in"), ElementsAre("a.png", "b.png"));
  EXPECT_EQ(read_bytes(folder / "in/a.png"), a);
  EXPECT_EQ(read_bytes(folder / "in/b.png"), b);
}

TEST_F(FolderCommand, RecursiveKeepsTheTree) {
  for (const char* name : {"in/a.png", "in/x/b.png", "in/x/y/c.png", "in/.git/d.png", "elsewhere/e.png"}) put(name);
  fs::create_directory_symlink("../elsewhere", folder / "in/link");
  fs::create_directory_symlink("..", folder / "in/x/loop");
  EXPECT_EQ(run(folder, {"blur", "in", "flat"}).out,
            "1 done, 0 failed, 1 other file left out: link; 1 folder not entered (--recursive does)\n");
  EXPECT_THAT(files("flat"), ElementsAre("a.png"));
  const Result result = run(folder, {"blur", "in", "out", "--recursive"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.out, "3 done, 0 failed, 2 other files left out: link, x/loop\n");
  EXPECT_THAT(files("out"), ElementsAre("a.png", "x/b.png", "x/y/c.png"));
}

TEST_F(FolderCommand, AnOutputFolderInsideIsNotEntered) {
  put("in/a.png", 1);
  put("in/x/b.png", 2);
  for (int time = 0; time < 2; ++time) {
    const Result result = run(folder, {"blur", "in", "in/x/out", "--recursive"});
    EXPECT_EQ(result.out, "2 done, 0 failed\n") << result.err;
    EXPECT_THAT(files("in"), ElementsAre("a.png", "x/b.png", "x/out/a.png", "x/out/x/b.png"));
  }
}

TEST_F(FolderCommand, JobsChangeNothingButTheTime) {
  for (int i = 0; i < 9; ++i) put(fs::path("in") / (std::to_string(i) + ".png"), static_cast<std::uint32_t>(i));
  for (const char* jobs : {"1", "4", "100"}) {
    EXPECT_EQ(run(folder, {"blur", "in", std::string("out") + jobs, "--jobs", jobs, "--sigma", "5"}).code, 0);
    for (int i = 0; i < 9; ++i) {
      const std::string name = std::to_string(i) + ".png";
      EXPECT_EQ(read_bytes(folder / (std::string("out") + jobs) / name), read_bytes(folder / "out1" / name));
    }
  }
}

TEST_F(FolderCommand, AnOutputFolderThatCannotBeIsToldBeforeTheWork) {
  put("in/a.png");
  write_bytes(folder / "file", "in the way");
  const Result result = run(folder, {"blur", "in", "file/out"});
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.err, AllOf(StartsWith("gaussfilt: file/out: "), Not(HasSubstr("a.png"))));
  EXPECT_THAT(result.out, IsEmpty());
  expect_refused({"blur", "in", "file"}, "OUT: file is a file, must be a folder as IN is one");
  EXPECT_EQ(read_bytes(folder / "file"), "in the way");
}

TEST_F(FolderCommand, OneThatIsNotThereIsToldAsSuch) {
  for (const char* name : {"none", "none/"}) {
    const Result result = run(folder, {"blur", name, "out"});
    EXPECT_EQ(result.code, 1);
    EXPECT_EQ(result.err, "gaussfilt: " + std::string(name) + ": there is no such file or folder.\n");
  }
}

TEST_F(FolderCommand, WhatGoesWithOnePictureIsRefused) {
  put("in/a.png");
  expect_refused({"blur", "in", "out", "--compare", "both.png"}, "--compare: in is a folder");
  expect_refused({"blur", "in", "out", "--show"}, "--show: in is a folder");
  expect_refused({"blur", "in", "-"}, "in is a folder; name a folder to write to");
}

TEST_F(FolderCommand, NothingToDoIsNoError) {
  fs::create_directories(folder / "in/x");
  write_bytes(folder / "in/a.txt", "words");
  const Result result = run(folder, {"blur", "in", "out"});
  EXPECT_EQ(result.code, 0);
  EXPECT_EQ(result.out, "0 done, 0 failed, 1 other file left out: a.txt; 1 folder not entered (--recursive does)\n");
  EXPECT_FALSE(fs::exists(folder / "out"));
}

TEST_F(FolderCommand, QuietSaysNothingButErrors) {
  put("in/a.png");
  EXPECT_THAT(run(folder, {"blur", "in", "out", "--quiet"}).out, IsEmpty());
  write_bytes(folder / "in/b.png", read_bytes(folder / "in/a.png").substr(0, 2000));
  const Result result = run(folder, {"blur", "in", "out", "--quiet"});
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_THAT(result.err, StartsWith("gaussfilt: in/b.png: "));
}

TEST_F(FolderCommand, NotesAreCounted) {
  fs::create_directory(folder / "in");
  for (const char* name : {"in/a.png", "in/b.png"})
    write_bytes(folder / name, png(noise(16, 16, 1, 2), {.colour = grey, .depth = 2}));
  put("in/c.png");
  EXPECT_EQ(run(folder, {"blur", "in", "out"}).out, "  2 pictures: 2 bits a sample are read as 8.\n3 done, 0 failed\n");
}

TEST_F(FolderCommand, JsonIsOneObjectForEachPictureAndNothingElse) {
  for (const char* name : {"in/a.png", "in/b.png", "in/c.png"}) put(name);
  write_bytes(folder / "in/c.png", read_bytes(folder / "in/a.png").substr(0, 2000));
  const Result result = run(folder, {"blur", "in", "out", "--json", "--jobs", "2"});
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.err, AllOf(HasSubstr("gaussfilt: in/c.png: "), EndsWith("\n2 done, 1 failed\n")));
  std::istringstream lines(result.out);
  std::vector<std::string> inputs;
  for (std::string line; std::getline(lines, line);)
    inputs.push_back(nlohmann::json::parse(line).at("input").get<std::string>());
  EXPECT_THAT(inputs, UnorderedElementsAre("in/a.png", "in/b.png"));
}

TEST_F(FolderCommand, RegionsAreThoseOfEachPicture) {
  put("in/a.png");
  fs::create_directories(folder / "in");
  write_bytes(folder / "in/small.png", png(noise(8, 8, 3, 8), {}));
  const Result result = run(folder, {"blur", "in", "out", "--region", "20,20,5,5"});
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.err, HasSubstr("in/small.png: region: 20,20,5,5 lies outside the picture, which is 8 x 8"));
  EXPECT_EQ(run(folder, {"blur", "in", "out", "--region", "50%,50%,50%,50%"}).code, 0);
}

TEST_F(FolderCommand, SaveOptionsGoToTheFormatsThatHaveThem) {
  put("in/a.png");
  write_bytes(folder / "in/b.jpg", jpeg(noise(40, 30, 3, 8)));
  ASSERT_EQ(run(folder, {"blur", "in", "fine"}).code, 0);
  const Result result = run(folder, {"blur", "in", "coarse", "--quality", "10"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(read_bytes(folder / "coarse/a.png"), read_bytes(folder / "fine/a.png"));
  EXPECT_LT(read_bytes(folder / "coarse/b.jpg").size(), read_bytes(folder / "fine/b.jpg").size());
  fs::remove(folder / "in/b.jpg");
  expect_refused({"blur", "in", "out", "--quality", "10"}, "quality: is 10, but PNG has no such choice");
}

TEST_F(FolderCommand, ExplainTellsThePlanOfEach) {
  put("in/a.png");
  put("in/b.png");
  const Result result = run(folder, {"blur", "in", "out", "--explain", "--jobs", "1"});
  EXPECT_THAT(result.out, AllOf(StartsWith("in/a.png:\n"), HasSubstr("\nin/b.png:\n"), HasSubstr("separable"),
                                EndsWith("\n2 done, 0 failed\n")));
}

TEST_F(FolderCommand, OddNamesStayOneLine) {
  put("in/a\nb\x1b[31m.png");
  put("in/bad\xff.png");
  write_bytes(folder / "in/c\x1b[31m", "words");
  const Result result = run(folder, {"blur", "in", "out"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.out, "2 done, 0 failed, 1 other file left out: c?[31m\n");
  write_bytes(folder / "in/a\nb\x1b[31m.png", read_bytes(folder / "in/bad\xff.png").substr(0, 2000));
  const Result failing = run(folder, {"blur", "in", "out", "--json"});
  EXPECT_THAT(failing.err, AllOf(StartsWith("gaussfilt: in/a?b?[31m.png: "), Not(HasSubstr("\x1b"))));
  EXPECT_EQ(nlohmann::json::parse(failing.out).at("input"), "in/bad\xef\xbf\xbd.png");
}

}  // namespace
