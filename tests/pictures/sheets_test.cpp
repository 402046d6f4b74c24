// Floor 4: pictures that are made to be looked at.
#include "picture_samples.h"

#include <gaussfilt/error.h>
#include <gaussfilt/sheets.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace gaussfilt {
namespace {

using namespace picture_files;
using testing::Each;
using testing::ElementsAre;

// ---- Before and after ----

TEST(Comparison, SideHoldsBothWithABarBetween) {
  const Samples a = noise(10, 6, 4, 16, 1);
  const Samples b = noise(10, 6, 4, 16, 2);
  const Picture both = comparison(picture_of(a, Colour::rgb), picture_of(b, Colour::rgb));
  EXPECT_EQ(both.describe(), "22 x 6 RGBA 16 bit");
  const Samples found = samples_of(both);
  for (int y = 0; y < 6; ++y)
    for (int x = 0; x < 22; ++x)
      for (int band = 0; band < 4; ++band) {
        const int expected = x < 10 ? a.at(x, y, band) : x < 12 ? 65535 : b.at(x - 12, y, band);
        ASSERT_EQ(found.at(x, y, band), expected) << x << "," << y << "," << band;
      }
}

TEST(Comparison, SplitHasTheLeftOfOneAndTheRightOfTheOther) {
  for (const auto& [width, left, line] : {std::array{520, 259, 2}, {9, 4, 1}, {8, 3, 1}, {7, 3, 0}, {1, 0, 0}}) {
    const Samples a = noise(width, 3, 4, 16, 1);
    const Samples b = noise(width, 3, 4, 16, 2);
    const Picture both = comparison(picture_of(a, Colour::rgb), picture_of(b, Colour::rgb), CompareAs::split);
    const Samples found = samples_of(both);
    ASSERT_EQ(found.width, width);
    for (int y = 0; y < 3; ++y)
      for (int x = 0; x < width; ++x)
        for (int band = 0; band < 4; ++band) {
          const int expected = x < left ? a.at(x, y, band) : x < left + line ? 65535 : b.at(x, y, band);
          ASSERT_EQ(found.at(x, y, band), expected) << width << ": " << x << "," << y << "," << band;
        }
  }
}

TEST(Comparison, TheLineIsWhiteInEveryKindOfPicture) {
  const auto line = [](DType dtype, int bands, Colour colour) {
    const Picture picture(Array(dtype, {1, 8, bands}), colour);
    const Picture both = comparison(picture, picture, CompareAs::split);
    std::vector<double> levels;
    for (int band = 0; band < bands; ++band) {
      const auto at = static_cast<std::size_t>(3 * bands + band);
      const void* data = both.pixels().data();
      levels.push_back(dtype == DType::f32   ? static_cast<double>(static_cast<const float*>(data)[at])
                       : dtype == DType::i16 ? static_cast<const std::int16_t*>(data)[at]
                                             : static_cast<const std::uint8_t*>(data)[at]);
    }
    return levels;
  };
  EXPECT_THAT(line(DType::u8, 1, Colour::grey), ElementsAre(255));
  EXPECT_THAT(line(DType::i16, 2, Colour::grey), ElementsAre(32767, 32767));
  EXPECT_THAT(line(DType::f32, 4, Colour::rgb), ElementsAre(1, 1, 1, 1));
  EXPECT_THAT(line(DType::u8, 5, Colour::cmyk), ElementsAre(0, 0, 0, 0, 255));
  EXPECT_THAT(line(DType::f32, 3, Colour::lab), ElementsAre(100, 0, 0));
}

TEST(Comparison, EveryPageIsDone) {
  Array one(DType::u8, {2, 1, 8, 1}), two(DType::u8, {2, 1, 8, 1});
  for (std::size_t i = 0; i < 16; ++i) one.items<std::uint8_t>()[i] = 1, two.items<std::uint8_t>()[i] = 2;
  const Picture a(std::move(one), Colour::grey), b(std::move(two), Colour::grey);
  const Picture both = comparison(a, b, CompareAs::split);
  EXPECT_EQ(both.pages(), 2);
  const auto* levels = static_cast<const std::uint8_t*>(both.page(1).data());
  EXPECT_THAT(std::vector<int>(levels, levels + 8), ElementsAre(1, 1, 1, 255, 2, 2, 2, 2));
  EXPECT_EQ(comparison(a, b, CompareAs::difference).pages(), 2);
  EXPECT_EQ(comparison(a, b, CompareAs::side).describe(), "18 x 1 grey 8 bit, 2 pages");
}

TEST(Comparison, DifferenceIsAHeatMap) {
  const Picture a = picture_of({3, 1, 1, 8, {10, 20, 30}}, Colour::grey);
  const Picture b = picture_of({3, 1, 1, 8, {10, 21, 32}}, Colour::grey);
  EXPECT_THAT(samples_of(comparison(a, b, CompareAs::difference)).values,
              ElementsAre(0, 0, 0, 220, 0, 60, 255, 255, 255));
}

TEST(Comparison, WhatATransparentPixelHidesIsNoDifference) {
  const Picture a = picture_of({2, 1, 4, 8, {250, 0, 0, 0, 9, 9, 9, 255}}, Colour::rgb);
  const Picture b = picture_of({2, 1, 4, 8, {0, 0, 90, 0, 9, 9, 9, 255}}, Colour::rgb);
  EXPECT_THAT(samples_of(comparison(a, b, CompareAs::difference)).values, Each(0));
  EXPECT_EQ(compare(a, b, Compared::seen).largest, 0);
  EXPECT_EQ(compare(a, b).largest, 250);
  const Picture half = picture_of({2, 1, 4, 8, {0, 0, 0, 51, 9, 9, 9, 255}}, Colour::rgb);
  const Picture red = picture_of({2, 1, 4, 8, {200, 0, 0, 51, 9, 9, 9, 255}}, Colour::rgb);
  EXPECT_EQ(compare(half, red, Compared::seen).largest, 40);
}

TEST(Comparison, RefusesPicturesThatDoNotMatch) {
  const Picture a = picture_of(noise(4, 4, 3, 8), Colour::rgb);
  for (const CompareAs how : {CompareAs::side, CompareAs::split, CompareAs::difference}) {
    EXPECT_THROW(comparison(a, picture_of(noise(4, 5, 3, 8), Colour::rgb), how), InvalidArgument);
    EXPECT_THROW(comparison(a, picture_of(noise(5, 4, 3, 8), Colour::rgb), how), InvalidArgument);
    EXPECT_THROW(comparison(a, picture_of(noise(4, 4, 3, 16), Colour::rgb), how), InvalidArgument);
    EXPECT_THROW(comparison(a, picture_of(noise(4, 4, 4, 8), Colour::rgb), how), InvalidArgument);
  }
}

// ---- Thumbnails ----

std::vector<int> levels_of(const Picture& picture) {
  const std::vector<std::uint16_t> values = samples_of(picture).values;
  return {values.begin(), values.end()};
}

TEST(Thumbnail, IsShrunkIntoTheBoxAndNeverEnlarged) {
  const Picture picture = picture_of(noise(60, 40, 3, 8), Colour::rgb);
  EXPECT_EQ(thumbnail(picture, 30, 30).describe(), "30 x 20 RGB 8 bit");
  EXPECT_EQ(thumbnail(picture, 30, 10).describe(), "15 x 10 RGB 8 bit");
  EXPECT_EQ(thumbnail(picture, 1, 1).describe(), "1 x 1 RGB 8 bit");
  EXPECT_EQ(samples_of(thumbnail(picture, 60, 400)), samples_of(picture));
  EXPECT_EQ(thumbnail(picture_of(noise(1, 900, 1, 8), Colour::grey), 30, 30).describe(), "1 x 30 RGB 8 bit");
  EXPECT_THROW(thumbnail(picture, 0, 5), InvalidArgument);
}

TEST(Thumbnail, KeepsAFlatColourAndTheMean) {
  Samples flat{200, 100, 3, 8, {}};
  for (int i = 0; i < 200 * 100; ++i) flat.values.insert(flat.values.end(), {10, 200, 99});
  for (const int size : {7, 64, 199}) {
    const Samples found = samples_of(thumbnail(picture_of(flat, Colour::rgb), size, size));
    for (std::size_t i = 0; i < found.values.size(); ++i)
      ASSERT_EQ(found.values[i], (std::array{10, 200, 99}[i % 3])) << size;
  }
  Samples halves{128, 64, 1, 8, std::vector<std::uint16_t>(128 * 64, 0)};
  for (std::size_t i = 0; i < halves.values.size(); ++i) halves.values[i] = i % 128 < 64 ? 40 : 240;
  const Samples found = samples_of(thumbnail(picture_of(halves, Colour::grey), 32, 32));
  EXPECT_EQ(found.at(4, 8, 0), 40);
  EXPECT_EQ(found.at(28, 8, 2), 240);
}

TEST(Thumbnail, EveryKindOfPictureIsSeen) {
  const auto seen = [](const Picture& picture) { return levels_of(thumbnail(picture, 9, 9)); };
  EXPECT_THAT(seen(picture_of({1, 1, 1, 16, {0x8080}}, Colour::grey)), ElementsAre(128, 128, 128));
  EXPECT_THAT(seen(picture_of({1, 1, 2, 8, {0, 51}}, Colour::grey)), ElementsAre(204, 204, 204));
  EXPECT_THAT(seen(picture_of({1, 1, 4, 16, {9, 99, 999, 0}}, Colour::rgb)), ElementsAre(255, 255, 255));
  EXPECT_THAT(seen(picture_of({1, 1, 5, 8, {1, 2, 3, 4, 5}}, Colour::bands)), ElementsAre(1, 2, 3));
  EXPECT_THAT(seen(picture_of({1, 1, 2, 8, {7, 2}}, Colour::bands)), ElementsAre(7, 7, 7));
  const std::vector<int> paper = seen(picture_of({1, 1, 4, 8, {0, 0, 0, 0}}, Colour::cmyk));
  EXPECT_THAT(paper, Each(testing::Ge(250)));
  Array light(DType::f32, {1, 1, 3});
  light.items<float>()[0] = 0.2158605F;  // half of sRGB's range
  light.items<float>()[1] = 7;
  const Picture floats(std::move(light), Colour::rgb);
  EXPECT_THAT(seen(floats), ElementsAre(128, 255, 0));
  Array lab(DType::f32, {1, 1, 3});
  lab.items<float>()[0] = 100;
  EXPECT_THAT(seen(Picture(std::move(lab), Colour::lab)), Each(testing::Ge(253)));
}

TEST(Thumbnail, IsTheFirstPage) {
  Array pages(DType::u8, {2, 1, 1, 1});
  pages.items<std::uint8_t>()[0] = 3;
  pages.items<std::uint8_t>()[1] = 4;
  const Picture small = thumbnail(Picture(std::move(pages), Colour::grey), 9, 9);
  EXPECT_EQ(small.pages(), 1);
  EXPECT_THAT(levels_of(small), ElementsAre(3, 3, 3));
}

// ---- Contact sheets ----

constexpr int margin = 16, gap = 6, ground = 0xf2;

Picture flat(int width, int height, std::uint8_t level) {
  Array pixels(DType::u8, {height, width, 3});
  for (std::uint8_t& sample : pixels.items<std::uint8_t>()) sample = level;
  return {std::move(pixels), Colour::rgb};
}

std::vector<SheetCell> cells_of(const std::vector<std::string>& captions, int width = 40, int height = 20) {
  std::vector<SheetCell> cells;
  for (const std::string& caption : captions)
    cells.push_back({flat(width, height, static_cast<std::uint8_t>(10 + cells.size())), caption});
  return cells;
}

// How dark the darkest pixel of a box is.
int darkest(const Samples& sheet, int x, int y, int width, int height) {
  int least = 255;
  for (int i = 0; i < height; ++i)
    for (int j = 0; j < width; ++j) least = std::min<int>(least, sheet.at(x + j, y + i, 0));
  return least;
}

TEST(ContactSheet, PutsPicturesInRowsWithTheirNamesBelow) {
  const auto cells = cells_of({"one", "two", "three", "four", "five"});
  const Samples sheet = samples_of(contact_sheet(cells, {.cell = 40}));
  ASSERT_EQ(sheet.width, margin + 3 * (40 + margin));
  const int row = 20 + gap + 18 + margin;
  ASSERT_EQ(sheet.height, margin + 2 * row);
  for (int i = 0; i < 5; ++i) {
    const int x = margin + i % 3 * (40 + margin), y = margin + i / 3 * row;
    for (int band = 0; band < 3; ++band) {
      EXPECT_EQ(sheet.at(x, y, band), 10 + i);
      EXPECT_EQ(sheet.at(x + 39, y + 19, band), 10 + i);
      EXPECT_EQ(sheet.at(x - 1, y, band), ground);
      EXPECT_EQ(sheet.at(x + 40, y + 19, band), ground);
    }
    EXPECT_LT(darkest(sheet, x, y + 20 + gap, 40, 18), 0x60) << "no caption";
    EXPECT_EQ(darkest(sheet, x, y + 20, 40, gap), ground);
  }
  EXPECT_EQ(darkest(sheet, margin + 2 * (40 + margin), margin + row, 40, row - margin), ground) << "no sixth cell";
}

TEST(ContactSheet, ColumnsAsAskedForButNoMoreThanCells) {
  const auto cells = cells_of({"a", "b", "c"});
  EXPECT_EQ(contact_sheet(cells, {.columns = 1, .cell = 40}).width(), margin + 40 + margin);
  EXPECT_EQ(contact_sheet(cells, {.columns = 9, .cell = 40}).width(), margin + 3 * (40 + margin));
}

TEST(ContactSheet, SmallPicturesStandInTheMiddleLargeOnesAreShrunk) {
  std::vector<SheetCell> cells = cells_of({"large"}, 400, 300);
  cells.push_back({flat(10, 6, 77), "small"});
  const Samples sheet = samples_of(contact_sheet(cells, {.cell = 100}));
  EXPECT_EQ(sheet.at(margin + 99, margin + 74, 0), 10);
  EXPECT_EQ(sheet.at(margin + 99, margin + 75, 0), ground);
  const int x = 100 + 2 * margin + 45, y = margin + (75 - 6) / 2;
  EXPECT_EQ(sheet.at(x, y, 1), 77);
  EXPECT_EQ(sheet.at(x + 9, y + 5, 1), 77);
  EXPECT_EQ(sheet.at(x - 1, y, 1), ground);
  EXPECT_EQ(sheet.at(x + 10, y + 6, 1), ground);
}

TEST(ContactSheet, ALongCaptionStaysInItsCell) {
  const auto cells = cells_of({"a", "several words that need some lines", std::string(64, 'W')}, 80, 20);
  const Samples sheet = samples_of(contact_sheet(cells, {.columns = 3, .cell = 80}));
  EXPECT_GT(sheet.height, margin + 20 + gap + 2 * 18 + margin);
  for (int column = 0; column <= 3; ++column)
    EXPECT_EQ(darkest(sheet, column * (80 + margin), 0, margin, sheet.height), ground) << column;
}

TEST(ContactSheet, ACaptionIsNoMarkupAndMayBeBlank) {
  const auto ink = [](const std::string& caption) {
    return samples_of(contact_sheet(cells_of({caption}, 200, 20), {.cell = 200})).values;
  };
  EXPECT_NE(ink("<b>x</b> & y"), ink("x & y"));
  EXPECT_EQ(ink(" "), ink(""));
  EXPECT_NE(ink("x"), ink(""));
}

TEST(ContactSheet, RefusesWhatMakesNoSheet) {
  const auto cells = cells_of({"a"});
  EXPECT_THROW(contact_sheet({}), InvalidArgument);
  EXPECT_THROW(contact_sheet(cells, {.cell = 15}), InvalidArgument);
  EXPECT_THROW(contact_sheet(cells, {.columns = 0}), InvalidArgument);
  EXPECT_THROW(contact_sheet(cells_of(std::vector<std::string>(70, "a"), 1, 8192), {.columns = 70, .cell = 8192}),
               InvalidArgument);
}

}  // namespace
}  // namespace gaussfilt
