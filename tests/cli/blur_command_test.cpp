// Floor 5: `gaussfilt blur` as a user runs it, with good and with bad files.
#include "program.h"

#include <gaussfilt/pictures.h>

#include <sys/stat.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <thread>

namespace {

using namespace picture_files;
using program::Result;
using program::run;
using testing::AllOf;
using testing::ContainsRegex;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

#ifdef GAUSSFILT_SANITIZED
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

class BlurCommand : public testing::Test {
 protected:
  BlurCommand() { write_bytes(folder / "in.png", png(samples, {})); }

  // What the library makes of in.png.
  Samples expected(const gaussfilt::BlurOptions& options) const {
    gaussfilt::Picture picture = gaussfilt::Picture::load(folder / "in.png");
    gaussfilt::blur(picture, options);
    const Folder other;
    picture.save(other / "expected.png");
    return decode(other / "expected.png");
  }

  void expect_failure(const std::vector<std::string>& words, const std::string& part,
                      const program::Setting& setting = {}) {
    const Result result = run(folder, words, setting);
    EXPECT_EQ(result.code, 1) << part << result.err;
    EXPECT_EQ(result.signal, 0) << part;
    EXPECT_THAT(result.out, IsEmpty()) << part;
    EXPECT_THAT(result.err, AllOf(StartsWith("gaussfilt: "), HasSubstr(part)));
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    for (const std::string& name : folder.names()) EXPECT_THAT(name, Not(StartsWith(".gaussfilt"))) << part;
  }

  const Samples samples = noise(60, 40, 3, 8);
  Folder folder;
};

TEST_F(BlurCommand, SaysWhatItDidInOneLine) {
  const Result result = run(folder, {"blur", "in.png", "out.png", "--sigma", "4"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.err, IsEmpty());
  EXPECT_THAT(result.out, ContainsRegex("^in.png -> out.png  60 x 40 RGB 8 bit, sigma 4, [0-9.]+ m?s\n$"));
  EXPECT_EQ(decode(folder / "out.png"), expected({.sigma = 4.0}));
  EXPECT_THAT(folder.names(), ElementsAre("in.png", "out.png"));
}

TEST_F(BlurCommand, WithoutStrengthItIsPillowsAndSaysSo) {
  const Result result = run(folder, {"blur", "in.png", "out.png"});
  EXPECT_EQ(result.code, 0);
  EXPECT_THAT(result.out, HasSubstr("sigma 2 (Pillow's default"));
  EXPECT_EQ(decode(folder / "out.png"), expected({.sigma = 2.0}));
}

TEST_F(BlurCommand, OptionsReachTheFilter) {
  using gaussfilt::Border;
  const std::vector<std::pair<std::vector<std::string>, gaussfilt::BlurOptions>> cases = {
      {{"--sigma", "6,1.5"}, {.sigma = {6.0, 1.5}}},
      {{"-s", "0"}, {.sigma = 0.0}},
      {{"--sigma=3", "--border=wrap"}, {.sigma = 3.0, .border = Border::wrap}},
      {{"--border", "REPLICATE"}, {.border = Border::nearest}},
      {{"--border", "constant"}, {.border = Border::constant}},
      {{"--border", "constant:200"}, {.border = Border::constant, .cval = 200}},
      {{"--sigma", "5", "--truncate", "1"}, {.sigma = 5.0, .truncate = 1.0}},
      {{"--sigma", "5", "--tolerance", "0.02"}, {.sigma = 5.0, .tolerance = 0.02}},
      {{"--region", "5,6,20,10"}, {.regions = {{5, 6, 20, 10}}}},
      {{"--region", "-5,-6,20,10", "--region", "30,20,500,5"}, {.regions = {{-5, -6, 20, 10}, {30, 20, 500, 5}}}},
      {{"--threads", "1"}, {}}};
  for (const auto& [words, options] : cases) {
    std::vector<std::string> all = {"blur", "in.png", "out.png"};
    all.insert(all.end(), words.begin(), words.end());
    const Result result = run(folder, all);
    EXPECT_EQ(result.code, 0) << words[0] << result.err;
    EXPECT_EQ(decode(folder / "out.png"), expected(options)) << words[0];
  }
}

TEST_F(BlurCommand, RegionsAreCounted) {
  EXPECT_THAT(run(folder, {"blur", "in.png", "out.png", "--region", "0,0,5,5"}).out, HasSubstr(", 1 region, "));
  EXPECT_THAT(run(folder, {"blur", "in.png", "out.png", "--region", "0,0,5,5", "--region", "9,9,5,5"}).out,
              HasSubstr(", 2 regions, "));
}

TEST_F(BlurCommand, RegionsInPercentMeetWithoutAGap) {
  // 34 % of 40 rows are none of whole pixels: edges at 13.6 and 27.2.
  const std::vector<std::pair<std::vector<std::string>, std::vector<gaussfilt::Region>>> cases = {
      {{"50%,25%,25%,50%"}, {{30, 10, 15, 20}}},
      {{"0,34%,100%,34%"}, {{0, 14, 60, 13}}},
      {{"0,0,100%,34%", "0,34%,100%,34%"}, {{0, 0, 60, 14}, {0, 14, 60, 13}}},
      {{"10,50%,20,100%"}, {{10, 20, 20, 20}}},
      {{"-50%,-50%,100%,100%"}, {{0, 0, 30, 20}}}};
  for (const auto& [texts, boxes] : cases) {
    std::vector<std::string> words = {"blur", "in.png", "out.png", "--sigma", "4"};
    for (const std::string& text : texts) words.insert(words.end(), {"--region", text});
    EXPECT_EQ(run(folder, words).code, 0) << texts[0];
    EXPECT_EQ(decode(folder / "out.png"), expected({.sigma = 4.0, .regions = boxes})) << texts[0];
  }
}

TEST_F(BlurCommand, QuietSaysNothing) {
  const Result result = run(folder, {"blur", "in.png", "out.png", "--quiet"});
  EXPECT_EQ(result.code, 0);
  EXPECT_THAT(result.out + result.err, IsEmpty());
}

TEST_F(BlurCommand, ExplainShowsThePlan) {
  const Result result = run(folder, {"blur", "in.png", "out.png", "--explain", "--quiet"});
  EXPECT_EQ(result.code, 0);
  EXPECT_THAT(result.out, HasSubstr("separable"));
}

TEST_F(BlurCommand, SaysWhereTheTapsDeliverAnotherSigma) {
  EXPECT_THAT(run(folder, {"blur", "in.png", "out.png", "--sigma", "0.5"}).out,
              HasSubstr("\n  the taps deliver sigma 0.4637 (-7.3 %); --taps discrete delivers it.\n"));
  EXPECT_THAT(run(folder, {"blur", "in.png", "out.png", "--sigma", "3", "--radius", "3"}).out,
              HasSubstr(", since they are cut.\n"));
  EXPECT_THAT(run(folder, {"blur", "in.png", "out.png", "--sigma", "3"}).out, Not(HasSubstr("deliver")));
  EXPECT_THAT(run(folder, {"blur", "in.png", "out.png", "--sigma", "0.5", "--taps", "discrete"}).out,
              Not(HasSubstr("deliver")));
}

TEST_F(BlurCommand, SaysWhichLight) {
  EXPECT_THAT(run(folder, {"blur", "in.png", "out.png", "-s", "3", "--light", "linear"}).out,
              HasSubstr("sigma 3 in linear light"));
}

TEST_F(BlurCommand, AComparisonThatCannotHoldThePictureIsRefusedBeforeAnythingIsWritten) {
  ASSERT_EQ(run(folder, {"blur", "in.png", "out.tif", "--depth", "32"}).code, 0);
  const std::string before = read_bytes(folder / "out.tif");
  const Result result = run(folder, {"blur", "out.tif", "out.tif", "--sigma", "5", "--compare", "both.png"});
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.err, HasSubstr("both.png: PNG has no float samples"));
  EXPECT_EQ(read_bytes(folder / "out.tif"), before);
}

TEST_F(BlurCommand, APageBeyondTheLastIsToldWithTheirNumber) {
  ASSERT_EQ(run(folder, {"blur", "in.png", "out.gif"}).code, 0);
  EXPECT_THAT(run(folder, {"blur", "out.gif", "x.png", "--page", "3"}).err,
              HasSubstr("out.gif: has 1 page, so there is no page 3."));
}

TEST_F(BlurCommand, TwoSigmasWithABlankAreTakenForXAndY) {
  EXPECT_THAT(run(folder, {"blur", "in.png", "out.png", "--sigma", "8", "2"}).err, HasSubstr("(--sigma 8,2)"));
  EXPECT_THAT(run(folder, {"blur", "-s", "8", "2", "in.png", "out.png"}).err, HasSubstr("(--sigma 8,2)"));
}

TEST_F(BlurCommand, OptionsStandAnywhere) {
  const std::vector<std::vector<std::string>> orders = {
      {"--sigma", "3", "in.png", "out.png", "--border", "wrap"},
      {"-s", "3", "in.png", "--border", "wrap", "out.png"},
      {"in.png", "-s", "3", "out.png", "--border", "wrap"},
      {"--sigma", "3", "--border", "wrap", "in.png", "out.png", "-q"}};
  for (std::vector<std::string> words : orders) {
    words.insert(words.begin(), "blur");
    const Result result = run(folder, words);
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(decode(folder / "out.png"), expected({.sigma = 3.0, .border = gaussfilt::Border::wrap})) << words[1];
  }
}

TEST_F(BlurCommand, NotesArePrintedOneALine) {
  write_bytes(folder / "grey.png", png(noise(16, 16, 1, 2), {.colour = grey, .depth = 2}));
  EXPECT_THAT(run(folder, {"blur", "grey.png", "out.png"}).out, HasSubstr("\n  2 bits a sample are read as 8.\n"));
  write_bytes(folder / "alpha.png", png(noise(16, 16, 4, 16), {.colour = rgba, .depth = 16}));
  EXPECT_THAT(run(folder, {"blur", "alpha.png", "out.jpg"}).out,
              AllOf(HasSubstr("RGBA 16 bit"), HasSubstr("JPEG has no alpha"), HasSubstr("reduced from 16")));
}

TEST_F(BlurCommand, CompareWritesBeforeAndAfter) {
  const Result result = run(folder, {"blur", "in.png", "out.png", "--sigma", "3", "--compare", "both.png"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("both.png"));
  const Samples both = decode(folder / "both.png");
  const Samples after = decode(folder / "out.png");
  ASSERT_EQ(both.height, 40);
  ASSERT_EQ(both.width, 60 + 2 + 60);
  for (int y = 0; y < 40; ++y)
    for (int x = 0; x < 60; ++x)
      for (int band = 0; band < 3; ++band) {
        ASSERT_EQ(both.at(x, y, band), samples.at(x, y, band));
        ASSERT_EQ(both.at(x + 62, y, band), after.at(x, y, band));
      }
  EXPECT_EQ(run(folder, {"blur", "in.png", "out.png", "--compare", "both.jpg"}).code, 0);
  EXPECT_TRUE(read_bytes(folder / "both.jpg").starts_with("\xff\xd8"));
}

TEST_F(BlurCommand, CompareAsSplitAndDifference) {
  Result result =
      run(folder, {"blur", "in.png", "out.png", "-s", "3", "--compare", "both.png", "--compare-as", "split"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("\n  left half before, right half after: both.png\n"));
  const Samples both = decode(folder / "both.png"), after = decode(folder / "out.png");
  ASSERT_EQ(both.width, 60);
  for (int y = 0; y < 40; ++y)
    for (int x = 0; x < 60; ++x)
      ASSERT_EQ(both.at(x, y, 1), x < 29 ? samples.at(x, y, 1) : x == 29 ? 255 : after.at(x, y, 1)) << x;

  const std::vector<std::string> words = {"blur",      "in.png",   "out.png",      "-s",        "3",
                                          "--compare", "diff.png", "--compare-as", "difference"};
  int largest = 0;
  for (std::size_t i = 0; i < samples.values.size(); ++i)
    largest = std::max(largest, std::abs(int{samples.values[i]} - int{after.values[i]}));
  EXPECT_THAT(run(folder, words).out,
              HasSubstr("\n  difference, white is " + std::to_string(largest) + " levels: diff.png\n"));
  const Samples map = decode(folder / "diff.png");
  EXPECT_EQ(map.width, 60);
  EXPECT_EQ(*std::max_element(map.values.begin(), map.values.end()), 255);
}

TEST_F(BlurCommand, CompareAsDifferenceOfFloatsIsAnOrdinaryPicture) {
  ASSERT_EQ(run(folder, {"blur", "in.png", "in.tif", "--sigma", "0", "--depth", "32"}).code, 0);
  const std::vector<std::string> words = {"blur",      "in.tif",   "out.tif",      "-s",        "3",
                                          "--compare", "diff.png", "--compare-as", "difference"};
  const Result result = run(folder, words);
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(decode(folder / "diff.png").bits, 8);
}

TEST_F(BlurCommand, AnAnimationIsComparedFrameByFrame) {
  const auto refused = [&](const std::string& how) {
    return run(folder, {"blur", "in.gif", "out.gif", "--compare", "both.png", "--compare-as", how}).err;
  };
  gaussfilt::Array frames(gaussfilt::DType::u8, {2, 8, 16, 3});
  gaussfilt::Picture(std::move(frames), gaussfilt::Colour::rgb).save(folder / "in.gif");
  for (const std::string how : {"side", "split", "difference"}) {
    EXPECT_THAT(refused(how), AllOf(HasSubstr("both.png: PNG holds one picture"), HasSubstr("has 2 pages"))) << how;
    EXPECT_THAT(folder.names(), ElementsAre("in.gif", "in.png"));
  }
  ASSERT_EQ(run(folder, {"blur", "in.gif", "out.gif", "--compare", "both.gif", "--compare-as", "split"}).code, 0);
  EXPECT_EQ(gaussfilt::inspect(folder / "both.gif").pages, 2);
}

TEST_F(BlurCommand, CompareAsIsToldInJsonAndNeedsAFile) {
  const std::string said = run(folder, {"blur", "in.png", "out.png", "-s", "0", "--compare", "both.png", "--compare-as",
                                        "difference", "--json"})
                               .out;
  EXPECT_THAT(said, HasSubstr(R"("compare":"both.png","compare_as":"difference","largest_difference":0.0)"));
  const Result result = run(folder, {"convolve", "in.png", "out.png", "-k", "edges", "--compare-as", "split"});
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.err, HasSubstr("(gaussfilt convolve in.png out.png --compare both.png --compare-as split)"));
  EXPECT_THAT(run(folder, {"blur", "in.png", "out.png", "--compare", "b.png", "--compare-as", "spilt"}).err,
              HasSubstr("must be side, split or difference; did you mean: "));
}

TEST_F(BlurCommand, InMayBeOutAlsoThroughLinks) {
  const Samples once = expected({});
  ASSERT_EQ(chmod((folder / "in.png").c_str(), 0640), 0);
  fs::create_symlink("in.png", folder / "link.png");
  const Result result = run(folder, {"blur", "in.png", "./link.png"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(decode(folder / "in.png"), once);
  EXPECT_TRUE(fs::is_symlink(folder / "link.png"));
  struct stat found {};
  ASSERT_EQ(stat((folder / "in.png").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 07777, 0640u);
  EXPECT_EQ(run(folder, {"blur", "in.png", "in.png", "--sigma", "0"}).code, 0);
  EXPECT_EQ(decode(folder / "in.png"), once);
  EXPECT_THAT(folder.names(), ElementsAre("in.png", "link.png"));
}

TEST_F(BlurCommand, NamesWithSpacesBracketsAndUtf8) {
  for (const char* name : {"with space.png", "Grüße 写真.png", "a[page=2].png", "100%d.png"}) {
    fs::copy_file(folder / "in.png", folder / name);
    const Result result = run(folder, {"blur", name, std::string("out ") + name});
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_THAT(result.out, StartsWith(std::string(name) + " -> out " + name));
    EXPECT_EQ(decode(folder / (std::string("out ") + name)), expected({}));
  }
  fs::copy_file(folder / "in.png", folder / "-dash.png");
  EXPECT_EQ(run(folder, {"blur", "--", "-dash.png", "-out.png"}).code, 0);
  EXPECT_EQ(run(folder, {"blur", "./-dash.png", "./-out.png"}).code, 0);
}

TEST_F(BlurCommand, ThreadsFromTheEnvironmentChangeNothingButTheTime) {
  const Samples whole = expected({.sigma = 5.0});
  for (const char* name : {"GAUSSFILT_NUM_THREADS", "OMP_NUM_THREADS"})
    for (const char* value : {"1", "3", "nonsense"}) {
      EXPECT_EQ(run(folder, {"blur", "in.png", "out.png", "--sigma", "5"}, {.environment = {{name, value}}}).code, 0);
      EXPECT_EQ(decode(folder / "out.png"), whole);
    }
}

// ---- Showing ----

TEST_F(BlurCommand, ShowWithoutADisplayIsASentence) {
  const Result result = run(folder, {"blur", "in.png", "out.png", "--show"});
  EXPECT_EQ(result.code, 0);
  EXPECT_THAT(result.err, AllOf(HasSubstr("there is no display"), HasSubstr("is written")));
  EXPECT_TRUE(fs::exists(folder / "out.png"));
}

TEST_F(BlurCommand, ShowWithoutAViewerIsASentence) {
  const Result result = run(folder, {"blur", "in.png", "out.png", "--show"},
                            {.environment = {{"DISPLAY", ":99"}, {"PATH", folder.path()}}});
  EXPECT_EQ(result.code, 0);
  EXPECT_THAT(result.err, HasSubstr("there is no xdg-open"));
}

TEST_F(BlurCommand, ShowOpensTheResultAndDoesNotWait) {
  // A viewer that stays until a file appears, or the folder goes: if the program waited for it, so would this test.
  write_bytes(folder / "xdg-open",
              "#!/bin/sh\nprintf '%s' \"$1\" > seen.tmp\nmv seen.tmp seen\nwhile test -e seen && ! test -e go; do "
              "sleep 0.05; done\n");
  ASSERT_EQ(chmod((folder / "xdg-open").c_str(), 0755), 0);
  const program::Setting setting = {
      .environment = {{"WAYLAND_DISPLAY", "wayland-9"}, {"PATH", folder.path().string() + ":/usr/bin:/bin"}}};
  const Result result = run(folder, {"blur", "in.png", "out.png", "--show"}, setting);
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.err, IsEmpty());
  for (int i = 0; i < 1000 && !fs::exists(folder / "seen"); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(fs::path(read_bytes(folder / "seen")).filename(), "out.png");
  EXPECT_TRUE(fs::path(read_bytes(folder / "seen")).is_absolute());
  write_bytes(folder / "go", "");
}

// ---- Bad files ----

TEST_F(BlurCommand, InputsThatAreNoPictures) {
  const std::string good = read_bytes(folder / "in.png");
  write_bytes(folder / "old.png", "old file");
  write_bytes(folder / "empty.png", "");
  write_bytes(folder / "cut.png", good.substr(0, good.size() / 2));
  write_bytes(folder / "cut.jpg", jpeg(samples).substr(0, 800));
  write_bytes(folder / "text.png", "no picture at all");
  write_bytes(folder / "bomb.png",
              png_header(100000, 100000, 8, rgb) + png_chunk("IDAT", stored("x")) + png_chunk("IEND", ""));
  for (const char* name : {"empty.png", "cut.png", "cut.jpg", "text.png", "bomb.png", "missing.png"}) {
    expect_failure({"blur", name, "old.png"}, std::string("gaussfilt: ") + name + ": ");
    EXPECT_EQ(read_bytes(folder / "old.png"), "old file") << name;
  }
}

TEST_F(BlurCommand, BrokenPictureInPlaceIsLeftAsItWas) {
  const std::string cut = read_bytes(folder / "in.png").substr(0, 3000);
  write_bytes(folder / "cut.png", cut);
  expect_failure({"blur", "cut.png", "cut.png"}, "cut.png: is damaged or cut short");
  EXPECT_EQ(read_bytes(folder / "cut.png"), cut);
}

TEST_F(BlurCommand, ContentDecides) {
  write_bytes(folder / "really.jpg", png(samples, {}));
  EXPECT_EQ(run(folder, {"blur", "really.jpg", "out.png"}).code, 0);
  EXPECT_EQ(decode(folder / "out.png"), expected({}));
}

TEST_F(BlurCommand, OutputsThatCannotBe) {
  fs::create_directory(folder / "folder.png");
  expect_failure({"blur", "in.png", "folder.png"}, "folder.png: is a folder");
  fs::create_directory(folder / "folder");
  expect_failure({"blur", "in.png", "folder"},
                 "folder: is a folder, and in.png is a file; name the file to write (folder/in.png)");
  expect_failure({"blur", "in.png", "none/out.png"}, "none/out.png: cannot be written, since none is not a folder");
  expect_failure({"blur", "in.png", "in.png/out.png"}, "in.png/out.png: ");
  expect_failure({"blur", "in.png", "/proc/out.png"}, "/proc/out.png: cannot be written");
  expect_failure({"blur", "in.png", "out.png", "--compare", "none/both.png"}, "none/both.png: ");
  EXPECT_FALSE(fs::exists(folder / "out.png"));
  if (geteuid() == 0) return;  // the superuser may write everywhere
  fs::create_directory(folder / "locked");
  ASSERT_EQ(chmod((folder / "locked").c_str(), 0555), 0);
  expect_failure({"blur", "in.png", "locked/out.png"}, "locked/out.png: cannot be written");
}

TEST_F(BlurCommand, FullDiskLeavesTheOldFile) {
  write_bytes(folder / "old.png", "old file");
  // Writing beyond the limit raises a signal whose default ends the program.
  expect_failure({"blur", "in.png", "old.png"}, "old.png: cannot be written: File too large", {.file_size = 2000});
  EXPECT_EQ(read_bytes(folder / "old.png"), "old file");
  expect_failure({"blur", "in.png", "new.png"}, "new.png: cannot be written: File too large", {.file_size = 2000});
  EXPECT_FALSE(fs::exists(folder / "new.png"));
  const std::string before = read_bytes(folder / "in.png");
  expect_failure({"blur", "in.png", "in.png"}, "in.png: cannot be written: File too large", {.file_size = 2000});
  EXPECT_EQ(read_bytes(folder / "in.png"), before);
}

TEST_F(BlurCommand, TooLittleMemoryIsOneLine) {
  if (sanitized) GTEST_SKIP() << "a sanitizer's shadow memory does not fit the limit";
  // 1.5 GiB of pixels, if the header were true.
  write_bytes(folder / "large.png",
              png_header(23000, 23000, 8, rgb) + png_chunk("IDAT", stored("x")) + png_chunk("IEND", ""));
  write_bytes(folder / "old.png", "old file");
  expect_failure({"blur", "large.png", "old.png"}, "large.png: there is not enough memory",
                 {.address_space = rlim_t{1} << 30});
  EXPECT_EQ(read_bytes(folder / "old.png"), "old file");
}

TEST_F(BlurCommand, RegionOutsideNamesTheSize) {
  expect_failure({"blur", "in.png", "out.png", "--region", "60,0,5,5"},
                 "in.png: region: 60,0,5,5 lies outside the picture, which is 60 x 40 pixels");
  expect_failure({"blur", "in.png", "out.png", "--region", "-9,1000,500,500"}, "region: -9,1000,500,500 lies outside");
  expect_failure({"blur", "in.png", "out.png", "--region", "1%,1%,0.1%,50%"},
                 "region: 1%,1%,0.1%,50% is 0 x 20 pixels of the picture, which is 60 x 40, must be at least 1 x 1");
  EXPECT_FALSE(fs::exists(folder / "out.png"));
}

TEST_F(BlurCommand, WhatOnlyThePictureCanTellIsAFailureOfThatPicture) {
  expect_failure({"blur", "in.png", "out.png", "--border", "constant:256"}, "in.png: border: the constant is 256");
  expect_failure({"blur", "in.png", "out.png", "--tolerance", "1e-30"}, "in.png: tolerance");
  EXPECT_FALSE(fs::exists(folder / "out.png"));
}

TEST_F(BlurCommand, AnySigmaIsDelivered) {
  for (const char* const sigma : {"1e4", "1e15", "1e16", "1e30", "1e300"}) {
    const Result result = run(folder, {"blur", "in.png", "out.png", "--sigma", sigma});
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_THAT(result.out, Not(HasSubstr("deliver"))) << sigma;
  }
}

TEST_F(BlurCommand, SignalLeavesTheOldFileOrTheNewOneAndNothingElse) {
  const Samples large = noise(1500, 1200, 3, 16);
  write_bytes(folder / "large.png", png(large, {.colour = rgb, .depth = 16}));
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGPIPE}) {
    write_bytes(folder / "out.png", "old file");
    program::Running running(folder.path(), {"blur", "large.png", "out.png", "--sigma", "0.3", "--quiet"});
    // As soon as the temporary file is there: the moment in which there is most to clean up.
    bool seen = false;
    while (!seen && !running.ended())
      for (const std::string& name : folder.names()) seen = seen || name.starts_with(".gaussfilt-");
    if (seen) kill(running.pid(), signal);
    const Result result = running.wait();
    EXPECT_TRUE(result.signal == signal || result.code == 0) << result.signal << " " << result.code;
    EXPECT_THAT(folder.names(), ElementsAre("in.png", "large.png", "out.png"));
    if (result.signal != 0 && read_bytes(folder / "out.png") == "old file") continue;
    EXPECT_EQ(decode(folder / "out.png").width, 1500) << "whole";
  }
}

}  // namespace
