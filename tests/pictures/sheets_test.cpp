// Floor 4: pictures that are made to be looked at.
#include "picture_samples.h"

#include <gaussfilt/error.h>
#include <gaussfilt/sheets.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
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

}  // namespace
}  // namespace gaussfilt
