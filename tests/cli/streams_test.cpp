// Floor 5: "-" for standard input and output, and what --json says of one picture.
#include "program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace {

using namespace picture_files;
using nlohmann::json;
using program::Result;
using program::run;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class Streams : public testing::Test {
 protected:
  Streams() {
    write_bytes(folder / "in.png", bytes);
    EXPECT_EQ(run(folder, {"blur", "in.png", "expected.png"}).code, 0);
    expected = read_bytes(folder / "expected.png");
  }

  const std::string bytes = png(noise(400, 300, 3, 8), {});  // larger than a pipe holds
  std::string expected;
  Folder folder;
};

TEST_F(Streams, ThroughBoth) {
  const Result result = run(folder, {"blur", "-", "-"}, {.input = bytes});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.out, expected);
  EXPECT_THAT(result.err, StartsWith("standard input -> standard output  400 x 300 RGB 8 bit, sigma 2"));
  EXPECT_THAT(run(folder, {"blur", "-", "-", "--quiet"}, {.input = bytes}).err, IsEmpty());
}

TEST_F(Streams, InAlone) {
  const Result result = run(folder, {"blur", "-", "out.png"}, {.input = bytes});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, StartsWith("standard input -> out.png  "));
  EXPECT_EQ(read_bytes(folder / "out.png"), expected);
}

TEST_F(Streams, AFolderIsNoPlaceForStandardInput) {
  fs::create_directory(folder / "out");
  EXPECT_THAT(run(folder, {"blur", "-", "out"}, {.input = bytes}).err,
              HasSubstr("out: is a folder, and standard input is a file; name the file to write (out/picture.png)"));
}

TEST_F(Streams, OutHasTheFormatOfTheInputOrTheOneAskedFor) {
  write_bytes(folder / "in.jpg", jpeg(noise(40, 30, 3, 8)));
  EXPECT_THAT(run(folder, {"blur", "in.jpg", "-"}).out, StartsWith("\xff\xd8\xff"));
  EXPECT_THAT(run(folder, {"blur", "in.jpg", "-", "--format", "png"}).out, StartsWith("\x89PNG"));
  EXPECT_THAT(run(folder, {"blur", "in.png", "-"}).out, StartsWith("\x89PNG"));
}

TEST_F(Streams, AFormatThatNobodyWritesIsRefused) {
  const Result result = run(folder, {"blur", "in.png", "-", "--format", "xyz"});
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.err, AllOf(HasSubstr("--format: is 'xyz', must be one of "), HasSubstr("png")));
  EXPECT_EQ(run(folder, {"blur", "in.png", "out.png", "--format", "png"}).code, 2);
  EXPECT_THAT(folder.names(), ElementsAre("expected.png", "in.png"));
}

TEST_F(Streams, ATerminalIsNeither) {
  const Result out = run(folder, {"blur", "in.png", "-"}, {.terminal = {1}});
  EXPECT_EQ(out.code, 2);
  EXPECT_THAT(out.err, HasSubstr("standard output, which is a terminal"));
  EXPECT_THAT(out.terminal, IsEmpty());
  const Result in = run(folder, {"blur", "-", "out.png"}, {.terminal = {0}});
  EXPECT_EQ(in.code, 2);
  EXPECT_THAT(in.err, HasSubstr("standard input, which is a terminal"));
}

TEST_F(Streams, BrokenInputNamesStandardInput) {
  for (const std::string& broken : {std::string(), std::string("words"), bytes.substr(0, 5000)}) {
    const Result result = run(folder, {"blur", "-", "-"}, {.input = broken});
    EXPECT_EQ(result.code, 1);
    EXPECT_THAT(result.out, IsEmpty());
    EXPECT_THAT(result.err, AllOf(StartsWith("gaussfilt: standard input: "), Not(HasSubstr("/dev/"))));
  }
}

TEST_F(Streams, CompareBesideStandardOutput) {
  EXPECT_EQ(run(folder, {"blur", "in.png", "-", "--compare", "both.png"}).out, expected);
  EXPECT_EQ(decode(folder / "both.png").width, 400 + 3 + 400);
  EXPECT_EQ(run(folder, {"blur", "in.png", "out.png", "--compare", "-"}).code, 2);
  EXPECT_EQ(run(folder, {"blur", "in.png", "-", "--show"}).code, 2);
}

TEST_F(Streams, AFullStandardOutputIsAFailure) {
  const Result result = run(folder, {"blur", "in.png", "-"}, {.file_size = 2000});
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.err, HasSubstr("standard output: cannot be written: File too large"));
}

TEST_F(Streams, APictureThatTheFormatCannotHoldIsToldByItsName) {
  write_bytes(folder / "wide.png", png(noise(66000, 1, 1, 8), {.colour = grey}));
  EXPECT_THAT(run(folder, {"blur", "wide.png", "-", "--format", "jpg"}).err,
              StartsWith("gaussfilt: standard output: JPEG holds at most "));
  EXPECT_THAT(run(folder, {"blur", "wide.png", "out.jpg"}).err, StartsWith("gaussfilt: out.jpg: JPEG holds at most "));
}

// ---- JSON ----

TEST_F(Streams, JsonTellsAll) {
  const Result result = run(folder, {"blur", "in.png", "out.png", "--json", "--sigma", "3,1.5", "--region",
                                     "-5,10,20,10", "--region", "50%,50%,100%,25%"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 1);
  const json object = json::parse(result.out);
  EXPECT_EQ(object.at("input"), "in.png");
  EXPECT_EQ(object.at("output"), "out.png");
  const json picture = {{"width", 400},  {"height", 300},   {"pages", 1},    {"bands", 3},
                        {"dtype", "u8"}, {"colour", "RGB"}, {"alpha", false}};
  EXPECT_EQ(object.at("picture"), picture);
  EXPECT_NEAR(object.at("plan").at("delivered_sigma").at("x").get<double>(), 3, 0.03);
  EXPECT_NEAR(object.at("plan").at("delivered_sigma").at("y").get<double>(), 1.5, 0.015);
  EXPECT_EQ(object.at("plan").at("method"), "integer");
  EXPECT_GT(object.at("plan").at("error_bound").get<double>(), 0);
  EXPECT_LT(object.at("plan").at("error_bound").get<double>(), 1.0 / 255);
  EXPECT_EQ(object.at("strength"), "sigma 3,1.5");
  EXPECT_EQ(object.at("regions"), json::parse("[[0,10,15,10],[200,150,200,75]]"));
  for (const char* step : {"read", "blur", "write"}) EXPECT_GE(object.at("milliseconds").at(step).get<double>(), 0);
  EXPECT_EQ(object.at("notes"), json::array());
}

TEST_F(Streams, JsonGoesToStandardErrorBesideThePicture) {
  const Result result = run(folder, {"blur", "-", "-", "--json", "--quiet"}, {.input = bytes});
  EXPECT_EQ(result.out, expected);
  EXPECT_EQ(json::parse(result.err).at("output"), "standard output");
}

TEST_F(Streams, JsonKeepsTheExplanationApart) {
  const Result result = run(folder, {"blur", "in.png", "out.png", "--json", "--explain"});
  EXPECT_TRUE(json::accept(result.out));
  EXPECT_THAT(result.err, HasSubstr("separable"));
}

}  // namespace
