// Floor 4: blurring in linear light, with pages, with floats, in crops; against the definition in long double.
#include "picture_files.h"
#include "picture_samples.h"
#include "reference.h"

#include <gaussfilt/gaussfilt.h>
#include <gaussfilt/pictures.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>

namespace gaussfilt {
namespace {

using namespace picture_files;
using reference::Real;
using testing::HasSubstr;
using Curve = std::function<double(double)>;

double srgb_to_light(double encoded) {
  return encoded <= 0.04045 ? encoded / 12.92 : std::pow((encoded + 0.055) / 1.055, 2.4);
}
double light_to_srgb(double light) {
  return light <= 0.0031308 ? light * 12.92 : 1.055 * std::pow(light, 1 / 2.4) - 0.055;
}

std::vector<Real> filtered(const std::vector<double>& values, const Samples& samples, double sigma) {
  return reference::gaussian(View(values.data(), Shape{samples.height, samples.width, samples.bands}),
                             {{.axis = 0, .sigma = sigma, .order = 0, .radius = reference::ideal},
                              {.axis = 1, .sigma = sigma, .order = 0, .radius = reference::ideal}},
                             0)
      .values;
}

// In encoded levels, before rounding.
std::vector<Real> exact_in_light(const Samples& samples, double sigma, const Curve& to_light, const Curve& back) {
  const double full = samples.bits == 8 ? 255 : 65535;
  const bool alpha = samples.bands % 2 == 0;
  const auto bands = static_cast<std::size_t>(samples.bands);
  std::vector<double> light;
  for (std::size_t i = 0; i < samples.values.size(); ++i) {
    const bool is_alpha = alpha && i % bands == bands - 1;
    light.push_back(is_alpha ? samples.values[i] / full : to_light(samples.values[i] / full));
  }
  for (std::size_t i = 0; alpha && i < light.size(); i += bands)
    for (std::size_t band = 0; band + 1 < bands; ++band) light[i + band] *= light[i + bands - 1];
  std::vector<Real> result = filtered(light, samples, sigma);
  for (std::size_t i = 0; i < result.size(); ++i) {
    const bool is_alpha = alpha && i % bands == bands - 1;
    const Real weight = alpha ? result[i / bands * bands + bands - 1] : 1;
    result[i] = is_alpha ? result[i] * full : back(static_cast<double>(result[i] / weight)) * full;
  }
  return result;
}

void expect_close(const Samples& got, const std::vector<Real>& expected, double tolerance = 0.63) {
  ASSERT_EQ(got.values.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i)
    ASSERT_LE(std::fabs(got.values[i] - expected[i]), tolerance)
        << "sample " << i << " of " << got.bands << " bands, " << got.bits << " bits";
}

// Dark and light next to each other, where the curve matters most; alpha, if any, never small.
Samples checkered(int bands, int bits) {
  Samples samples = noise(24, 19, bands, bits, 7);
  for (std::size_t i = 0; i < samples.values.size(); ++i) {
    const bool is_alpha = bands % 2 == 0 && i % static_cast<std::size_t>(bands) == static_cast<std::size_t>(bands) - 1;
    const int high = bits == 8 ? 0x80 : 0x8000;
    if (is_alpha) samples.values[i] = static_cast<std::uint16_t>(samples.values[i] | high);
    if (!is_alpha && i / 40 % 3 == 0) samples.values[i] = static_cast<std::uint16_t>(samples.values[i] / 64);
  }
  return samples;
}

TEST(Light, LinearIsTheMeanOfTheLight) {
  for (const int bits : {8, 16})
    for (const int bands : {1, 2, 3, 4}) {
      const Samples samples = checkered(bands, bits);
      Picture picture = picture_of(samples, bands <= 2 ? Colour::grey : Colour::rgb);
      blur(picture, {.sigma = 1.7, .light = Light::linear});
      expect_close(samples_of(picture), exact_in_light(samples, 1.7, srgb_to_light, light_to_srgb),
                   bands % 2 == 0 ? 1.0 : 0.63);
    }
}

TEST(Light, TheProfileSaysTheCurve) {
  const Folder folder;
  for (const int bits : {8, 16}) {
    const Samples samples = checkered(3, bits);
    write_bytes(folder / "in.png",
                png(samples, {.depth = bits, .chunks = {{"iCCP", std::string("p\0\0", 3) + stored(rgb_profile())}}}));
    Picture picture = Picture::load(folder / "in.png");
    blur(picture, {.sigma = 1.7, .light = Light::linear});
    const Curve to_light = [](double encoded) { return std::pow(encoded, rgb_profile_gamma); };
    const Curve back = [](double light) { return std::pow(light, 1 / rgb_profile_gamma); };
    expect_close(samples_of(picture), exact_in_light(samples, 1.7, to_light, back));
  }
}

TEST(Light, EncodedIsTheDefaultAndAnotherThing) {
  const Samples samples = checkered(3, 8);
  Picture encoded = picture_of(samples, Colour::rgb);
  Picture linear = encoded.copy();
  Picture usual = encoded.copy();
  blur(usual, {.sigma = 3.0});
  blur(encoded, {.sigma = 3.0, .light = Light::encoded});
  blur(linear, {.sigma = 3.0, .light = Light::linear});
  EXPECT_EQ(samples_of(encoded), samples_of(usual));
  EXPECT_NE(samples_of(linear), samples_of(usual));
}

TEST(Light, ConstantsStayInEveryLight) {
  for (int level = 0; level < 256; ++level) {
    Samples samples{9, 9, 3, 8, std::vector<std::uint16_t>(243, static_cast<std::uint16_t>(level))};
    Picture picture = picture_of(samples, Colour::rgb);
    blur(picture, {.sigma = 2.0, .light = Light::linear});
    ASSERT_EQ(samples_of(picture), samples);
  }
}

TEST(Light, ARegionHasTheBytesOfTheWhole) {
  const Samples samples = checkered(4, 8);
  Picture whole = picture_of(samples, Colour::rgb);
  Picture part = whole.copy();
  blur(whole, {.sigma = 2.0, .light = Light::linear});
  blur(part, {.sigma = 2.0, .light = Light::linear, .regions = {Rect{.x = 3, .y = 4, .width = 10, .height = 8}}});
  const Samples wanted = samples_of(whole);
  const Samples got = samples_of(part);
  for (int y = 0; y < samples.height; ++y)
    for (int x = 0; x < samples.width; ++x)
      for (int band = 0; band < 4; ++band) {
        const bool inside = x >= 3 && x < 13 && y >= 4 && y < 12;
        ASSERT_EQ(got.at(x, y, band), inside ? wanted.at(x, y, band) : samples.at(x, y, band)) << x << ' ' << y;
      }
}

TEST(Light, IsRefusedWhereThereIsNoCurve) {
  const auto error = [](Picture picture) -> std::string {
    try {
      blur(picture, {.light = Light::linear});
    } catch (const InvalidArgument& refused) {
      return refused.what();
    }
    return "(it was blurred)";
  };
  EXPECT_THAT(error(picture_of(noise(5, 5, 4, 8), Colour::cmyk)),
              HasSubstr("light: is linear, and the picture is CMYK, must be grey or RGB"));
  EXPECT_THAT(error(Picture(Array(DType::f32, {5, 5, 3}), Colour::lab)), HasSubstr("the picture is Lab"));
  EXPECT_THAT(error(Picture(Array(DType::i16, {5, 5, 3}), Colour::rgb)), HasSubstr("i16 samples, must have u8 or u16"));
  EXPECT_EQ(error(Picture(Array(DType::f32, {5, 5, 3}), Colour::rgb)), "(it was blurred)");  // floats are light
}

Picture float_picture(const Samples& samples, Colour colour, double scale) {
  Array pixels(DType::f32, {samples.height, samples.width, samples.bands});
  std::transform(samples.values.begin(), samples.values.end(), pixels.items<float>().begin(),
                 [&](std::uint16_t level) { return static_cast<float>((level - 20000) * scale); });
  return {std::move(pixels), colour};
}

TEST(BlurFloats, MeetTheToleranceAtAnyScale) {
  for (const double scale : {1e-12, 1.0, 1e20}) {
    const Samples samples = noise(31, 22, 3, 16);
    Picture picture = float_picture(samples, Colour::lab, scale);
    const auto before = picture.copy();
    blur(picture, {.sigma = 2.5});
    const auto* values = static_cast<const float*>(before.pixels().data());
    const std::vector<double> exact_in(values, values + samples.values.size());
    const std::vector<Real> wanted = filtered(exact_in, samples, 2.5);
    const auto* got = static_cast<const float*>(picture.pixels().data());
    for (std::size_t i = 0; i < wanted.size(); ++i)
      ASSERT_LE(std::fabs(got[i] - wanted[i]), 1e-5 * 45535 * scale) << scale;
  }
}

TEST(BlurFloats, AlphaWeighs) {
  Array pixels(DType::f32, {1, 9, 4});
  auto items = pixels.items<float>();
  std::fill(items.begin(), items.end(), 0.0F);
  for (std::size_t x = 0; x < 9; ++x) items[4 * x] = x < 5 ? 7.5F : -3.0F;  // hidden colours differ
  for (std::size_t x = 0; x < 5; ++x) items[4 * x + 3] = 0.5F;
  Picture picture(std::move(pixels), Colour::rgb);
  blur(picture, {.sigma = 1.0});
  const auto* got = static_cast<const float*>(picture.pixels().data());
  for (std::size_t x = 0; x < 9; ++x) {
    if (got[4 * x + 3] <= 1e-3F) continue;
    EXPECT_NEAR(got[4 * x], 7.5, 1e-3) << x;
  }
}

TEST(BlurPages, EachForItself) {
  const Samples first = noise(15, 8, 3, 8, 1);
  const Samples second = noise(15, 8, 3, 8, 2);
  for (const std::vector<Rect>& regions : {std::vector<Rect>{}, std::vector<Rect>{{2, 1, 6, 20}}}) {
    Array both(DType::u8, {2, 8, 15, 3});
    std::copy(first.values.begin(), first.values.end(), both.items<std::uint8_t>().begin());
    std::copy(second.values.begin(), second.values.end(), both.items<std::uint8_t>().begin() + 360);
    Picture pages(std::move(both), Colour::rgb);
    double progress = 0;
    blur(pages, {.sigma = 3.0, .regions = {regions.begin(), regions.end()}}, {.progress = [&](double done) {
           EXPECT_GE(done, progress);
           progress = done;
         }});
    EXPECT_EQ(progress, 1.0);
    for (const auto& [samples, index] : {std::pair(first, 0), std::pair(second, 1)}) {
      Picture alone = picture_of(samples, Colour::rgb);
      blur(alone, {.sigma = 3.0, .regions = {regions.begin(), regions.end()}});
      EXPECT_EQ(std::memcmp(alone.pixels().data(), pages.page(index).data(), 360), 0) << index;
    }
  }
}

// Cut out, blurred alone, put back; the second sees what the first one left.
TEST(BlurCrops, AreCutBlurredAndPasted) {
  for (const int bands : {3, 4}) {
    const Samples samples = noise(30, 20, bands, 8);
    const std::vector<Rect> regions = {{2, 3, 12, 10}, {8, 5, 40, 9}};
    Picture picture = picture_of(samples, Colour::rgb);
    blur(picture, {.sigma = 4.0, .regions = {regions.begin(), regions.end()}, .source = RegionSource::crop});
    Samples wanted = samples;
    for (const Rect& region : regions) {
      const int width = static_cast<int>(std::min<std::int64_t>(region.width, 30 - region.x));
      const int height = static_cast<int>(region.height);
      Samples crop{width, height, bands, 8, {}};
      const auto index = [&](int x, int y, int band) {
        return static_cast<std::size_t>(((y + region.y) * 30 + x + region.x) * bands + band);
      };
      for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
          for (int band = 0; band < bands; ++band) crop.values.push_back(wanted.values[index(x, y, band)]);
      Picture alone = picture_of(crop, Colour::rgb);
      blur(alone, {.sigma = 4.0});
      const Samples blurred = samples_of(alone);
      for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
          for (int band = 0; band < bands; ++band) wanted.values[index(x, y, band)] = blurred.at(x, y, band);
    }
    EXPECT_EQ(samples_of(picture), wanted) << bands;
  }
}

TEST(BlurKernel, RadiusAndTapsAreHeeded) {
  const Samples samples = noise(30, 20, 1, 16);
  const auto with = [&](const BlurOptions& options) {
    Picture picture = picture_of(samples, Colour::grey);
    blur(picture, options);
    return samples_of(picture);
  };
  EXPECT_EQ(with({.sigma = 4.0, .radius = 16}), with({.sigma = 4.0, .truncate = 4.0}));
  EXPECT_EQ(with({.sigma = 4.0, .radius = {0, 0}}), samples);
  EXPECT_NE(with({.sigma = 4.0, .radius = {16, 0}}), with({.sigma = 4.0, .radius = {0, 16}}));
  EXPECT_NE(with({.sigma = 0.5, .taps = Taps::discrete}), with({.sigma = 0.5, .taps = Taps::sampled}));
  EXPECT_THROW(with({.sigma = 4.0, .truncate = 2.0, .radius = 3}), InvalidArgument);
  EXPECT_THROW(with({.sigma = 4.0, .radius = -1}), InvalidArgument);
}

}  // namespace
}  // namespace gaussfilt
