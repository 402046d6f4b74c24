// Floor 5: `gaussfilt info` and `gaussfilt compare`.
#include "program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <sstream>

namespace {

using namespace picture_files;
using nlohmann::json;
using program::Result;
using program::run;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class Inspect : public testing::Test {
 protected:
  Folder folder;
};

TEST_F(Inspect, InfoIsALineForPeople) {
  write_bytes(folder / "photo.jpg", jpeg(noise(40, 30, 3, 8), {.segments = {{1, exif(6, "thumbnail", "maker")}}}));
  write_bytes(folder / "a.png", png(noise(24, 16, 4, 16), {.colour = rgba, .depth = 16}));
  const Result result = run(folder, {"info", "photo.jpg", "a.png"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.err, IsEmpty());
  EXPECT_THAT(result.out, StartsWith("photo.jpg  JPEG, 30 x 40 RGB 8 bit, 300 dpi"));
  EXPECT_THAT(result.out, AllOf(HasSubstr("; EXIF"), HasSubstr("; orientation 6 (shown turned)"),
                                HasSubstr("; holds a preview\n"), HasSubstr("\na.png      PNG, 24 x 16 RGBA 16 bit")));
}

TEST_F(Inspect, InfoTellsTheProfile) {
  const std::string profile = std::string("p\0\0", 3) + stored(rgb_profile());
  write_bytes(folder / "a.png", png(noise(24, 16, 3, 8), {.chunks = {{"iCCP", profile}}}));
  EXPECT_THAT(run(folder, {"info", "a.png"}).out, HasSubstr(", profile '"));
  EXPECT_TRUE(json::parse(run(folder, {"info", "a.png", "--json"}).out).at("profile").is_string());
}

TEST_F(Inspect, InfoAsJson) {
  write_bytes(folder / "photo.jpg", jpeg(noise(40, 30, 3, 8), {.segments = {{1, exif(6, "thumbnail", "maker")}}}));
  write_bytes(folder / "a.png", png(noise(24, 16, 1, 8), {.colour = grey}));
  const Result result = run(folder, {"info", "--json", "photo.jpg", "a.png"});
  EXPECT_EQ(result.code, 0) << result.err;
  std::istringstream lines(result.out);
  std::string line;
  ASSERT_TRUE(std::getline(lines, line));
  const json photo = json::parse(line);
  EXPECT_EQ(photo.at("file"), "photo.jpg");
  EXPECT_EQ(photo.at("format"), "JPEG");
  EXPECT_EQ(photo.at("width"), 30) << "as displayed";
  EXPECT_EQ(photo.at("height"), 40);
  EXPECT_EQ(photo.at("orientation"), 6);
  EXPECT_EQ(photo.at("preview"), true);
  EXPECT_NEAR(photo.at("x_dpi").get<double>(), 300, 0.1);
  ASSERT_TRUE(std::getline(lines, line));
  const json grey_picture = json::parse(line);
  EXPECT_EQ(grey_picture.at("colour"), "grey");
  EXPECT_EQ(grey_picture.at("bands"), 1);
  EXPECT_EQ(grey_picture.at("dtype"), "u8");
  EXPECT_EQ(grey_picture.at("alpha"), false);
  EXPECT_EQ(grey_picture.at("profile"), nullptr);
  EXPECT_FALSE(std::getline(lines, line));
}

TEST_F(Inspect, OneBadFileDoesNotStopTheRest) {
  write_bytes(folder / "a.png", png(noise(24, 16, 3, 8), {}));
  write_bytes(folder / "text.png", "words");
  const Result result = run(folder, {"info", "none.png", "text.png", "a.png"});
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.out, StartsWith("a.png     PNG, 24 x 16 RGB 8 bit"));
  EXPECT_THAT(result.err, AllOf(StartsWith("gaussfilt: none.png: "), HasSubstr("\ngaussfilt: text.png: ")));
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 2);
}

TEST_F(Inspect, InfoOfStandardInput) {
  EXPECT_THAT(run(folder, {"info", "-"}, {.input = png(noise(24, 16, 3, 8), {})}).out,
              StartsWith("standard input  PNG, 24 x 16 RGB 8 bit"));
  EXPECT_EQ(run(folder, {"info", "-", "-"}, {.input = ""}).code, 2) << "read only once";
}

class Compare : public Inspect {
 protected:
  // b differs from a by 3, 1 and 7 levels in two pixels.
  Compare() {
    Samples samples = noise(20, 10, 3, 8);
    std::replace_if(
        samples.values.begin(), samples.values.end(), [](auto value) { return value > 200; }, 200);
    write_bytes(folder / "a.png", png(samples, {}));
    const auto add = [&](int x, int y, int band, int levels) {
      samples.values[static_cast<std::size_t>((y * 20 + x) * 3 + band)] += static_cast<std::uint16_t>(levels);
    };
    add(4, 2, 0, 3);
    add(4, 2, 2, 1);
    add(11, 7, 1, 7);
    write_bytes(folder / "b.png", png(samples, {}));
  }
};

TEST_F(Compare, TellsHowMuchAndWhere) {
  const Result result = run(folder, {"compare", "a.png", "b.png"});
  EXPECT_EQ(result.code, 0) << result.err;
  // The mean of 11 levels over 600 samples; 10 log10(255^2 600 / 59).
  EXPECT_EQ(result.out,
            "largest    7 levels, green at 11,7\n"
            "mean       0.0183333 levels\n"
            "PSNR       58.20 dB\n"
            "differing  2 of 200 pixels (1 %)\n");
}

TEST_F(Compare, AsJson) {
  const json object = json::parse(run(folder, {"compare", "a.png", "b.png", "--json"}).out);
  EXPECT_EQ(object.at("a"), "a.png");
  EXPECT_EQ(object.at("b"), "b.png");
  EXPECT_EQ(object.at("identical"), false);
  EXPECT_EQ(object.at("largest"), 7.0);
  EXPECT_NEAR(object.at("mean").get<double>(), 11.0 / 600, 1e-12);
  EXPECT_NEAR(object.at("psnr").get<double>(), 58.204, 0.001);
  EXPECT_EQ(object.at("differing"), 2);
  EXPECT_EQ(object.at("pixels"), 200);
  EXPECT_EQ(object.at("where"), json::parse(R"({"x": 11, "y": 7, "band": 1, "page": 1})"));
}

TEST_F(Compare, IdenticalIsOneWord) {
  EXPECT_EQ(run(folder, {"compare", "a.png", "a.png"}).out, "identical\n");
  const json object = json::parse(run(folder, {"compare", "a.png", "a.png", "--json"}).out);
  EXPECT_EQ(object.at("identical"), true);
  EXPECT_EQ(object.at("psnr"), nullptr) << "JSON has no infinity";
  EXPECT_FALSE(object.contains("where"));
}

TEST_F(Compare, OneOfThemThroughAPipe) {
  EXPECT_EQ(run(folder, {"compare", "a.png", "-"}, {.input = read_bytes(folder / "a.png")}).out, "identical\n");
}

TEST_F(Compare, HeatmapIsBlackWhereNothingDiffers) {
  const Result result = run(folder, {"compare", "a.png", "b.png", "--heatmap", "heat.png"});
  EXPECT_EQ(result.code, 0) << result.err;
  const Samples heat = decode(folder / "heat.png");
  ASSERT_EQ(heat.width, 20);
  ASSERT_EQ(heat.bands, 3);
  const auto lit = [&](int x, int y) { return heat.at(x, y, 0) + heat.at(x, y, 1) + heat.at(x, y, 2); };
  std::vector<std::pair<int, int>> where;
  for (int y = 0; y < 10; ++y)
    for (int x = 0; x < 20; ++x)
      if (lit(x, y) > 0) where.emplace_back(x, y);
  EXPECT_THAT(where, ElementsAre(std::pair(4, 2), std::pair(11, 7)));
  EXPECT_GT(lit(11, 7), lit(4, 2));
}

TEST_F(Compare, WhatCannotBeComparedIsASentence) {
  write_bytes(folder / "small.png", png(noise(19, 10, 3, 8), {}));
  const Result result = run(folder, {"compare", "a.png", "small.png", "--heatmap", "heat.png"});
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_THAT(result.err,
              AllOf(StartsWith("gaussfilt: a.png and small.png: "), HasSubstr("20 x 10"), HasSubstr("19 x 10")));
  EXPECT_THAT(run(folder, {"compare", "a.png", "none.png"}).err, StartsWith("gaussfilt: none.png: "));
  EXPECT_EQ(run(folder, {"compare", "a.png", "b.png", "--heatmap", "./b.png"}).code, 2);
  EXPECT_EQ(run(folder, {"compare", "a.png", "b.png", "--heatmap", "heat.xyz"}).code, 2);
  EXPECT_THAT(folder.names(), ElementsAre("a.png", "b.png", "small.png"));
}

}  // namespace
