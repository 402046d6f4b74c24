// Floor 4: what a file says of itself, and how two pictures differ.
#include "picture_files.h"
#include "picture_samples.h"

#include <gaussfilt/pictures.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace gaussfilt {
namespace {

using namespace picture_files;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Inspect, APngWithItsProfile) {
  const Folder folder;
  write_bytes(folder / "in.png",
              png(noise(21, 13, 4, 16), {.colour = rgba,
                                         .depth = 16,
                                         .chunks = {{"iCCP", std::string("p\0\0", 3) + stored(rgb_profile())},
                                                    {"pHYs", std::string("\0\0\x17\x12\0\0\x17\x12\1", 9)}}}));
  const PictureInfo info = inspect(folder / "in.png");
  EXPECT_EQ(info.format, "PNG");
  EXPECT_EQ(info.width, 21);
  EXPECT_EQ(info.height, 13);
  EXPECT_EQ(info.pages, 1);
  EXPECT_EQ(info.bands, 4);
  EXPECT_EQ(info.dtype, DType::u16);
  EXPECT_EQ(info.colour, Colour::rgb);
  EXPECT_TRUE(info.alpha);
  EXPECT_NEAR(info.x_dpi, 150, 0.1);
  EXPECT_FALSE(info.profile.empty());
  EXPECT_FALSE(info.preview);
  EXPECT_FALSE(info.loop);
}

TEST(Inspect, AJpegOnItsSideWithAPreview) {
  const Folder folder;
  write_bytes(folder / "in.jpg",
              jpeg(noise(21, 13, 3, 8), {.segments = {{1, exif(6, std::string("\xff\xd8 small \xff\xd9"), "maker")}}}));
  const PictureInfo info = inspect(folder / "in.jpg");
  EXPECT_EQ(info.format, "JPEG");
  EXPECT_EQ(info.orientation, 6);
  EXPECT_EQ(info.width, 13);  // as displayed
  EXPECT_EQ(info.height, 21);
  EXPECT_NEAR(info.x_dpi, 300, 0.5);
  EXPECT_TRUE(info.preview);
  EXPECT_THAT(info.metadata, ElementsAre("EXIF"));
  Picture::load(folder / "in.jpg").save(folder / "out.jpg");
  EXPECT_FALSE(inspect(folder / "out.jpg").preview);
  EXPECT_EQ(inspect(folder / "out.jpg").orientation, 1);
}

TEST(Inspect, LooksAtWhatItWouldNotLoad) {
  const Folder folder;
  write_bytes(folder / "bomb.png",
              png_header(60000, 60000, 8, rgb) + png_chunk("IDAT", stored("x")) + png_chunk("IEND", ""));
  EXPECT_EQ(inspect(folder / "bomb.png").width, 60000);
  EXPECT_THROW(inspect(folder / "none.png"), IoError);
}

Picture levels(std::vector<std::uint16_t> values, int width, int height, int bands) {
  return picture_of({width, height, bands, 8, std::move(values)}, bands == 1 ? Colour::grey : Colour::rgb);
}

TEST(Compare, SaysHowMuchAndWhere) {
  const Picture a = levels({10, 20, 30, 40, 50, 60}, 3, 2, 1);
  const Picture b = levels({10, 22, 30, 40, 45, 60}, 3, 2, 1);
  const Difference difference = compare(a, b);
  EXPECT_EQ(difference.largest, 5);
  EXPECT_DOUBLE_EQ(difference.mean, 7.0 / 6);
  EXPECT_DOUBLE_EQ(difference.rms, std::sqrt(29.0 / 6));
  EXPECT_NEAR(difference.psnr, 10 * std::log10(255.0 * 255 / (29.0 / 6)), 1e-12);
  EXPECT_EQ(difference.differing, 2);
  EXPECT_EQ(difference.x, 1);
  EXPECT_EQ(difference.y, 1);
  EXPECT_EQ(difference.band, 0);
  EXPECT_EQ(difference.page, 0);
}

TEST(Compare, FindsTheBandAndThePage) {
  Array one(DType::u8, {2, 2, 2, 3});
  Array two(DType::u8, {2, 2, 2, 3});
  for (auto* array : {&one, &two}) std::fill_n(array->items<std::uint8_t>().begin(), 24, std::uint8_t{9});
  two.items<std::uint8_t>()[12 + 3 * 3 + 2] = 200;
  const Difference difference = compare(Picture(std::move(one), Colour::rgb), Picture(std::move(two), Colour::rgb));
  EXPECT_EQ(difference.page, 1);
  EXPECT_EQ(difference.x, 1);
  EXPECT_EQ(difference.y, 1);
  EXPECT_EQ(difference.band, 2);
  EXPECT_EQ(difference.differing, 1);
}

TEST(Compare, EqualPicturesDifferByNothing) {
  const Picture a = levels({1, 2, 3, 4, 5, 6}, 2, 1, 3);
  const Difference difference = compare(a, a.copy());
  EXPECT_EQ(difference.largest, 0);
  EXPECT_EQ(difference.differing, 0);
  EXPECT_EQ(difference.psnr, std::numeric_limits<double>::infinity());
}

TEST(Compare, DepthsAreComparedByTheirFullRange) {
  const Picture narrow = levels({0, 128, 255}, 3, 1, 1);
  const Picture wide = picture_of({3, 1, 1, 16, {0, 128 * 257, 65535}}, Colour::grey);
  EXPECT_EQ(compare(narrow, wide).largest, 0);
  EXPECT_EQ(compare(wide, levels({0, 127, 255}, 3, 1, 1)).largest, 257);
}

TEST(Compare, RefusesWhatCannotBeCompared) {
  const Picture a = levels({1, 2, 3, 4, 5, 6}, 2, 1, 3);
  EXPECT_THROW(compare(a, levels({1, 2, 3, 4, 5, 6}, 1, 2, 3)), InvalidArgument);
  EXPECT_THROW(compare(a, picture_of(noise(2, 1, 4, 8), Colour::cmyk)), InvalidArgument);
}

TEST(Compare, GreyCountsAsRgbAndNoAlphaAsOpaque) {
  const Picture grey = levels({10, 20}, 2, 1, 1);
  EXPECT_EQ(compare(grey, levels({10, 10, 10, 20, 20, 20}, 2, 1, 3)).largest, 0);
  const Difference difference = compare(grey, levels({10, 10, 10, 255, 20, 20, 23, 250}, 2, 1, 4));
  EXPECT_EQ(difference.largest, 5);
  EXPECT_EQ(difference.band, 3);
  EXPECT_DOUBLE_EQ(difference.mean, 8.0 / 8);
}

TEST(Heatmap, BlackWhereNothingDiffersWhiteWhereMost) {
  const Picture map = heatmap(levels({10, 20, 30}, 3, 1, 1), levels({10, 21, 32}, 3, 1, 1));
  EXPECT_THAT(samples_of(map).values, ElementsAre(0, 0, 0, 220, 0, 60, 255, 255, 255));
}

}  // namespace
}  // namespace gaussfilt
