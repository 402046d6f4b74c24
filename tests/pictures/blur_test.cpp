// Floor 4: blurring, against the definition in long double.
#include "picture_files.h"
#include "picture_samples.h"
#include "reference.h"

#include <gaussfilt/gaussfilt.h>
#include <gaussfilt/pictures.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

namespace gaussfilt {
namespace {

using namespace picture_files;
using reference::Real;
using testing::HasSubstr;

Colour colour_for(int bands) { return bands <= 2 ? Colour::grey : Colour::rgb; }

Samples blurred(const Samples& samples, const BlurOptions& options) {
  Picture picture = picture_of(samples, colour_for(samples.bands));
  EXPECT_EQ(blur(picture, options), RunStatus::complete);
  return samples_of(picture);
}

// The exact result before rounding; alpha weights colours, which are 0 where alpha is.
std::vector<Real> exact(const Samples& samples, double sigma_x, double sigma_y, Border border = Border::reflect,
                        std::int64_t radius_x = reference::ideal, std::int64_t radius_y = reference::ideal,
                        double cval = 0) {
  const bool alpha = samples.bands % 2 == 0;
  const auto bands = static_cast<std::size_t>(samples.bands);
  std::vector<double> weighted(samples.values.begin(), samples.values.end());
  for (std::size_t i = 0; alpha && i < weighted.size(); i += bands)
    for (std::size_t band = 0; band + 1 < bands; ++band) weighted[i + band] *= weighted[i + bands - 1];
  std::vector<Real> result =
      reference::gaussian(View(weighted.data(), Shape{samples.height, samples.width, samples.bands}),
                          {{.axis = 0, .sigma = sigma_y, .order = 0, .radius = radius_y, .border = border},
                           {.axis = 1, .sigma = sigma_x, .order = 0, .radius = radius_x, .border = border}},
                          cval)
          .values;
  for (std::size_t i = 0; alpha && i < result.size(); i += bands)
    for (std::size_t band = 0; band + 1 < bands; ++band)
      result[i + band] = result[i + bands - 1] < 0.5L ? 0 : result[i + band] / result[i + bands - 1];
  return result;
}

// Rounded once: half a level, and the tolerance of 1/8 on top.
void expect_close(const Samples& got, const std::vector<Real>& expected, double tolerance = 0.625) {
  ASSERT_EQ(got.values.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i)
    ASSERT_LE(std::fabs(got.values[i] - expected[i]), tolerance)
        << "sample " << i << " of " << got.bands << " bands, " << got.bits << " bits";
}

TEST(Blur, OpaquePicturesOfEveryDepthAndBandMeetTheTolerance) {
  for (const int bits : {8, 16})
    for (const int bands : {1, 3})
      for (const double sigma : {0.4, 1.0, 2.5, 7.0}) {
        const Samples samples = noise(37, 29, bands, bits);
        expect_close(blurred(samples, {.sigma = sigma}), exact(samples, sigma, sigma));
      }
}

TEST(Blur, EveryBorder) {
  const Samples samples = noise(23, 9, 3, 8);
  for (const Border border : {Border::reflect, Border::mirror, Border::nearest, Border::wrap, Border::constant}) {
    SCOPED_TRACE(name(border));
    expect_close(blurred(samples, {.sigma = 6.0, .border = border}), exact(samples, 6, 6, border));
  }
  expect_close(blurred(samples, {.sigma = 6.0, .border = Border::constant, .cval = 200}),
               exact(samples, 6, 6, Border::constant, reference::ideal, reference::ideal, 200));
}

TEST(Blur, SigmaIsXThenY) {
  const Samples samples = noise(31, 33, 1, 8);
  expect_close(blurred(samples, {.sigma = {5.0, 1.0}}), exact(samples, 5, 1));
  expect_close(blurred(samples, {.sigma = {3.0, 0.0}}), exact(samples, 3, 0));
}

TEST(Blur, WithoutAnythingItIsSigmaTwo) {
  const Samples samples = noise(31, 33, 1, 8);
  expect_close(blurred(samples, {}), exact(samples, 2, 2));
}

TEST(Blur, TruncateCutsTheTaps) {
  const Samples samples = noise(41, 43, 1, 16);
  const Samples cut = blurred(samples, {.sigma = 4.0, .truncate = 1.0});
  expect_close(cut, exact(samples, 4, 4, Border::reflect, 4, 4));
  EXPECT_NE(cut, blurred(samples, {.sigma = 4.0}));
}

TEST(Blur, ToleranceIsHeeded) {
  const Samples samples = noise(41, 43, 1, 16);
  expect_close(blurred(samples, {.sigma = 4.0, .tolerance = 1e-3}), exact(samples, 4, 4), 65.535 + 0.5);
  EXPECT_NE(blurred(samples, {.sigma = 4.0, .tolerance = 1e-3}), blurred(samples, {.sigma = 4.0}));
}

TEST(Blur, ChannelsNeverMix) {
  Samples samples = noise(20, 20, 3, 8);
  for (std::size_t i = 0; i < samples.values.size(); ++i)
    samples.values[i] = i % 3 == 1 ? samples.values[i] : i % 3 == 0 ? 255 : 0;
  const Samples result = blurred(samples, {.sigma = 5.0});
  for (std::size_t i = 0; i < result.values.size(); i += 3) {
    ASSERT_EQ(result.values[i], 255);
    ASSERT_EQ(result.values[i + 2], 0);
  }
  Samples cmyk = noise(20, 20, 4, 8);
  for (std::size_t i = 3; i < cmyk.values.size(); i += 4) cmyk.values[i] = 0;
  Picture picture = picture_of(cmyk, Colour::cmyk);
  blur(picture, {.sigma = 5.0});
  const Samples inks = samples_of(picture);
  Samples three = cmyk;
  three.bands = 3;
  three.values.clear();
  for (std::size_t i = 0; i < cmyk.values.size(); ++i)
    if (i % 4 != 3) three.values.push_back(cmyk.values[i]);
  const Samples separate = blurred(three, {.sigma = 5.0});
  for (std::size_t i = 0; i < inks.values.size(); ++i)
    ASSERT_EQ(inks.values[i], i % 4 == 3 ? 0 : separate.values[i / 4 * 3 + i % 4]) << "black ink is no alpha";
}

TEST(Blur, ThreadsChangeNothing) {
  for (const int bands : {3, 4}) {
    const Samples samples = noise(200, 150, bands, 8);
    EXPECT_EQ(blurred(samples, {.sigma = 3.0, .threads = 1}), blurred(samples, {.sigma = 3.0, .threads = 3}));
  }
}

// ---- Alpha ----

TEST(BlurAlpha, RedOnTransparentBlackStaysRed) {
  for (const int bits : {8, 16})
    for (const double sigma : {1.0, 5.0, 20.0}) {
      const auto full = static_cast<std::uint16_t>(bits == 8 ? 255 : 65535);
      Samples samples{64, 64, 4, bits, std::vector<std::uint16_t>(64 * 64 * 4, 0)};
      for (int y = 24; y < 40; ++y)
        for (int x = 24; x < 40; ++x) {
          samples.values[static_cast<std::size_t>((y * 64 + x) * 4)] = full;
          samples.values[static_cast<std::size_t>((y * 64 + x) * 4 + 3)] = full;
        }
      const Samples result = blurred(samples, {.sigma = sigma});
      int visible = 0;
      for (std::size_t i = 0; i < result.values.size(); i += 4) {
        ASSERT_EQ(result.values[i + 1], 0);
        ASSERT_EQ(result.values[i + 2], 0);
        ASSERT_EQ(result.values[i], result.values[i + 3] > 0 ? full : 0)
            << bits << " bits, sigma " << sigma << ", pixel " << i / 4;
        visible += result.values[i + 3] > 0 ? 1 : 0;
      }
      EXPECT_GT(visible, 16 * 16);
    }
}

TEST(BlurAlpha, WhatATransparentPixelHidesNeverShows) {
  for (const int bits : {8, 16})
    for (const int bands : {2, 4}) {
      Samples hiding = noise(40, 30, bands, bits);
      for (std::size_t i = 0; i < hiding.values.size(); i += static_cast<std::size_t>(bands))
        if (i / static_cast<std::size_t>(bands) % 3 != 0) hiding.values[i + static_cast<std::size_t>(bands) - 1] = 0;
      Samples clean = hiding;
      for (std::size_t i = 0; i < clean.values.size(); i += static_cast<std::size_t>(bands))
        if (clean.values[i + static_cast<std::size_t>(bands) - 1] == 0)
          for (std::size_t band = 0; band + 1 < static_cast<std::size_t>(bands); ++band) clean.values[i + band] = 0;
      ASSERT_NE(hiding, clean);
      EXPECT_EQ(blurred(hiding, {.sigma = 3.0}), blurred(clean, {.sigma = 3.0}));
    }
}

TEST(BlurAlpha, EveryDepthIsTheWeightedMean) {
  for (const int bits : {8, 16})
    for (const int bands : {2, 4})
      for (const double sigma : {0.7, 3.0}) {
        SCOPED_TRACE(sigma);
        const Samples samples = noise(37, 29, bands, bits);
        expect_close(blurred(samples, {.sigma = sigma}), exact(samples, sigma, sigma));
      }
}

TEST(BlurAlpha, ColoursAreWithinALevelAsFarAsAlphaIsVisible) {
  // Opaque red beside green that is hardly there: four sigmas away a trace of red still shows in the green.
  for (const int bits : {8, 16}) {
    const int full = bits == 8 ? 255 : 65535;
    Samples samples{80, 40, 4, bits, {}};
    for (int i = 0; i < 80 * 40; ++i) {
      const bool red = i % 80 >= 40;
      for (const int level : {red ? full : 0, red ? 0 : full, 0, red ? full : full / 255})
        samples.values.push_back(static_cast<std::uint16_t>(level));
    }
    const Samples result = blurred(samples, {.sigma = 3.0});
    const std::vector<Real> expected = exact(samples, 3, 3);
    for (std::size_t i = 0; i < result.values.size(); ++i)
      ASSERT_LE(std::fabs(result.values[i] - expected[i]), 1.5) << bits << " bits, sample " << i;
  }
}

TEST(BlurAlpha, SigmaZeroLeavesEveryBit) {
  const Samples samples = noise(20, 20, 4, 8);
  EXPECT_EQ(blurred(samples, {.sigma = 0.0}), samples);
}

TEST(BlurAlpha, ConstantBorderIsTransparent) {
  const Samples white{20, 20, 4, 8, std::vector<std::uint16_t>(1600, 255)};
  const Samples result = blurred(white, {.sigma = 4.0, .border = Border::constant});
  EXPECT_LT(result.at(0, 0, 3), 100);
  EXPECT_EQ(result.at(0, 0, 0), 255);
}

// ---- Regions ----

class BlurRegions : public testing::TestWithParam<std::tuple<int, int, Border>> {};

TEST_P(BlurRegions, InsideTheWholeBlurredOutsideEveryBit) {
  const auto [bands, bits, border] = GetParam();
  const Samples samples = noise(61, 47, bands, bits);
  const Samples whole = blurred(samples, {.sigma = {4.0, 2.0}, .border = border});
  const std::vector<Rect> regions = {
      {3, 5, 20, 11}, {15, 10, 9, 30}, {50, 40, 100, 100}, {-5, -7, 9, 9}, {60, 0, 1, 1}};
  const Samples result =
      blurred(samples, {.sigma = {4.0, 2.0}, .border = border, .regions = {regions.begin(), regions.end()}});
  for (int y = 0; y < samples.height; ++y)
    for (int x = 0; x < samples.width; ++x) {
      const bool inside = std::any_of(regions.begin(), regions.end(), [&](const Rect& r) {
        return x >= r.x && x < r.x + r.width && y >= r.y && y < r.y + r.height;
      });
      for (int band = 0; band < bands; ++band)
        ASSERT_EQ(result.at(x, y, band), (inside ? whole : samples).at(x, y, band)) << x << "," << y << "," << band;
    }
}

std::string regions_name(const testing::TestParamInfo<BlurRegions::ParamType>& info) {
  const auto [bands, bits, border] = info.param;
  return std::to_string(bands) + "_bands_" + std::to_string(bits) + "_bits_" + std::string(name(border));
}

INSTANTIATE_TEST_SUITE_P(Every, BlurRegions,
                         testing::Combine(testing::Values(1, 2, 3, 4), testing::Values(8, 16),
                                          testing::Values(Border::reflect, Border::wrap, Border::constant)),
                         regions_name);

TEST(BlurRegion, LargerThanThePictureIsTheWhole) {
  const Samples samples = noise(30, 20, 3, 8);
  const std::int64_t huge = std::int64_t{1} << 62;
  EXPECT_EQ(blurred(samples, {.regions = {{-huge, -huge, 2 * (huge - 1) + 1, 2 * (huge - 1) + 1}}}),
            blurred(samples, {}));
  EXPECT_EQ(blurred(samples, {.regions = {{0, 0, INT64_MAX, INT64_MAX}}}), blurred(samples, {}));
}

TEST(BlurRegion, OutsideThePictureIsAnErrorThatNamesTheSize) {
  for (const Rect& region : {Rect{30, 0, 5, 5}, Rect{0, 20, 5, 5}, Rect{-5, 0, 5, 5}, Rect{INT64_MAX, 0, INT64_MAX, 1},
                             Rect{INT64_MIN, 0, 1, 1}}) {
    const Samples samples = noise(30, 20, 3, 8);
    Picture picture = picture_of(samples, Colour::rgb);
    try {
      blur(picture, {.regions = {{0, 0, 5, 5}, region}});
      ADD_FAILURE() << region.x << "," << region.y;
    } catch (const InvalidArgument& error) {
      EXPECT_THAT(error.what(), HasSubstr("30 x 20"));
    }
    EXPECT_EQ(samples_of(picture), samples);
  }
  Picture picture = picture_of(noise(4, 4, 1, 8), Colour::grey);
  EXPECT_THROW(blur(picture, {.regions = {{0, 0, 0, 3}}}), InvalidArgument);
  EXPECT_THROW(blur(picture, {.regions = {{0, 0, 3, -1}}}), InvalidArgument);
}

TEST(BlurRegion, IsInDisplayedPixels) {
  const Folder folder;
  const Samples samples = noise(40, 24, 3, 8);
  write_bytes(folder / "in.png",
              png(samples, {.colour = rgb, .depth = 8, .chunks = {{"eXIf", exif(6, "", "").substr(6)}}}));
  const Samples displayed = decode(folder / "in.png", true);
  ASSERT_EQ(displayed.width, 24);
  Picture picture = Picture::load(folder / "in.png");
  blur(picture, {.sigma = 3.0, .regions = {{2, 30, 10, 8}}});
  picture.save(folder / "out.png");
  EXPECT_EQ(decode(folder / "out.png"), blurred(displayed, {.sigma = 3.0, .regions = {{2, 30, 10, 8}}}));
}

// ---- Arguments and plans ----

TEST(BlurArguments, AreRefusedBeforeAnyPixelChanges) {
  const Samples samples = noise(12, 12, 4, 8);
  Picture picture = picture_of(samples, Colour::rgb);
  const double nan = std::nan("");
  for (const BlurOptions& options :
       {BlurOptions{.sigma = -2.0}, BlurOptions{.sigma = nan}, BlurOptions{.sigma = infinity},
        BlurOptions{.sigma = {1.0, 2.0, 3.0}}, BlurOptions{.sigma = PerAxis<double>()}, BlurOptions{.truncate = 0.0},
        BlurOptions{.truncate = -1.0}, BlurOptions{.tolerance = 0.0}, BlurOptions{.tolerance = -1.0},
        BlurOptions{.tolerance = nan}, BlurOptions{.border = Border::constant, .cval = 10},
        BlurOptions{.border = Border::constant, .cval = -1}, BlurOptions{.border = Border::constant, .cval = 256}})
    EXPECT_THROW(blur(picture, options), InvalidArgument);
  EXPECT_EQ(samples_of(picture), samples);
}

TEST(BlurPlan, SaysWhatItWillDo) {
  const Picture opaque = picture_of(noise(12, 12, 3, 16), Colour::rgb);
  const Plan plan = plan_blur(opaque, {.sigma = 3.0});
  EXPECT_EQ(plan.layout().dtype, DType::u16);
  EXPECT_LE(plan.error_bound(), 0.125 / 65535);
  EXPECT_FALSE(plan.explain().empty());
  const Picture alpha = picture_of(noise(12, 12, 4, 8), Colour::rgb);
  EXPECT_EQ(plan_blur(alpha, {}).layout().dtype, DType::f32);
}

TEST(Blur, StopsWhenAsked) {
  Picture picture = picture_of(noise(64, 64, 3, 8), Colour::rgb);
  std::stop_source source;
  source.request_stop();
  EXPECT_EQ(blur(picture, {}, {.stop = source.get_token(), .progress = {}}), RunStatus::stopped);
}

}  // namespace
}  // namespace gaussfilt
