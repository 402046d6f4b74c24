// Floor 4: shapes, feather, inversion and sources of regions, each against its definition computed directly.
#include "picture_files.h"
#include "picture_samples.h"
#include "reference.h"

#include <gaussfilt/gaussfilt.h>
#include <gaussfilt/pictures.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numbers>

namespace gaussfilt {
namespace {

using namespace picture_files;
using reference::Real;
using testing::HasSubstr;

constexpr int width = 40, height = 32;

// ---- Definitions ----

// Weights of a picture, one for each pixel.
using Field = std::vector<Real>;
constexpr std::size_t index_of(int x, int y) { return static_cast<std::size_t>(y * width + x); }

Field field_of(const Weights& weights) {
  Field field(width * height, 0);
  const Rect& box = weights.box;
  for (std::int64_t y = 0; y < box.height; ++y)
    for (std::int64_t x = 0; x < box.width; ++x)
      field[index_of(static_cast<int>(box.x + x), static_cast<int>(box.y + y))] =
          weights.values.items<float>()[static_cast<std::size_t>(y * box.width + x)];
  return field;
}

// The share of each pixel's area that is inside: along x exactly, in `lines` lines a pixel along y. `spans` gives where
// a line is inside, begin and end in turn.
Field covered(const std::function<std::vector<double>(double y)>& spans, int lines = 2000) {
  Field field(width * height, 0);
  for (int line = 0; line < height * lines; ++line) {
    const std::vector<double> ends = spans((line + 0.5) / lines);
    for (std::size_t i = 0; i + 1 < ends.size(); i += 2)
      for (int x = 0; x < width; ++x)
        field[index_of(x, line / lines)] +=
            std::max<Real>(0, std::min<Real>(ends[i + 1], x + 1) - std::max<Real>(ends[i], x)) / lines;
  }
  return field;
}

std::vector<double> ellipse_spans(const Rect& box, double y) {
  const double a = static_cast<double>(box.width) / 2, b = static_cast<double>(box.height) / 2;
  const double v = (y - static_cast<double>(box.y) - b) / b, middle = static_cast<double>(box.x) + a;
  if (std::fabs(v) >= 1) return {};
  return {middle - a * std::sqrt(1 - v * v), middle + a * std::sqrt(1 - v * v)};
}

std::vector<double> polygon_spans(const std::vector<Point>& corners, double y) {
  std::vector<double> ends;
  for (std::size_t i = 0; i < corners.size(); ++i) {
    const Point &a = corners[i], &b = corners[(i + 1) % corners.size()];
    if ((a.y <= y) != (b.y <= y)) ends.push_back(a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y));
  }
  std::sort(ends.begin(), ends.end());
  return ends;
}

// Every pixel against every other.
Field with_feather(const Field& shares, Real feather) {
  Field weights = shares;
  if (feather == 0) return weights;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      Real nearest = 1e9L;
      for (int v = 0; v < height; ++v)
        for (int u = 0; u < width; ++u)
          if (shares[index_of(u, v)] >= 0.5L) nearest = std::min(nearest, std::hypot(Real(u - x), Real(v - y)));
      const Real t = std::max<Real>(0, 1 - nearest / feather);
      weights[index_of(x, y)] = std::max(weights[index_of(x, y)], t * t * (3 - 2 * t));
    }
  return weights;
}

void expect_field(const Field& got, const Field& wanted, Real within) {
  for (std::size_t i = 0; i < wanted.size(); ++i)
    ASSERT_NEAR(static_cast<double>(got[i]), static_cast<double>(wanted[i]), static_cast<double>(within))
        << i % width << "," << i / width;
}

// A shape with what each of its pixels covers.
struct Example {
  std::string title;
  Region region;
  Field shares;
};

Field rect_field(const Rect& box) {
  return covered(
      [&](double y) {
        const bool within = y > static_cast<double>(box.y) && y < static_cast<double>(box.y + box.height);
        return within ? std::vector<double>{static_cast<double>(box.x), static_cast<double>(box.x + box.width)}
                      : std::vector<double>{};
      },
      2);
}

Example ellipse(const std::string& title, const Rect& box) {
  return {title, ellipse_region(box), covered([&](double y) { return ellipse_spans(box, y); })};
}

Example polygon(const std::string& title, const std::vector<Point>& corners) {
  return {title, polygon_region(corners), covered([&](double y) { return polygon_spans(corners, y); })};
}

Example mask() {
  const Samples levels = noise(width, height, 1, 16);
  Example example{"mask", mask_region(picture_of(levels, Colour::grey)), Field(width * height)};
  for (std::size_t i = 0; i < example.shares.size(); ++i) example.shares[i] = levels.values[i] / 65535.0L;
  return example;
}

std::vector<Example> examples() {
  std::vector<Example> all;
  all.push_back({"rect", Region(9, 7, 14, 12), rect_field({9, 7, 14, 12})});
  all.push_back(ellipse("ellipse", {6, 5, 21, 16}));
  all.push_back(ellipse("ellipse over the edge", {-9, 20, 30, 25}));
  all.push_back(polygon("triangle", {{5.25, 4.5}, {33.125, 9.75}, {14.5, 28.0}}));
  all.push_back(mask());
  return all;
}

// ---- Weights ----

TEST(RegionWeights, EllipsesOfEverySizeCoverTheirArea) {
  for (const Rect& box : {Rect{4, 3, 30, 20}, Rect{10, 10, 1, 1}, Rect{10, 10, 2, 3}, Rect{3, 3, 30, 1},
                          Rect{-20, -20, 80, 70}, Rect{30, 5, 40, 9}}) {
    SCOPED_TRACE(box.width);
    expect_field(field_of(region_weights(ellipse_region(box), width, height)),
                 covered([&](double y) { return ellipse_spans(box, y); }), 1e-4L);
  }
  Real sum = 0;
  const Weights large = region_weights(ellipse_region({100, 50, 1000, 600}), 1200, 800);
  for (const float share : large.values.items<float>()) sum += share;
  EXPECT_NEAR(static_cast<double>(sum), std::numbers::pi * 500 * 300, 0.05);
}

TEST(RegionWeights, PolygonsCoverTheirAreaByTheEvenOddRule) {
  const std::vector<std::vector<Point>> polygons = {
      {{5, 4}, {20, 4}, {20, 12}, {5, 12}},                        // a box
      {{5.25, 4.5}, {5.25, 12.125}, {20.5, 12.125}, {20.5, 4.5}},  // the other way round, beside the grid
      {{2, 2}, {38, 3}, {3, 4.5}},                                 // nearly flat
      {{20, 1}, {27, 30}, {3, 11}, {37, 11}, {13, 30}},            // a star: its middle is outside
      {{4, 4}, {30, 28}, {30, 4}, {4, 28}},                        // a bow tie
      {{-50, -40}, {90, 10}, {20, 90}},                            // beyond every edge
      {{10.1, 10.1}, {10.4, 10.1}, {10.4, 10.6}, {10.1, 10.6}},    // less than a pixel
      {{5, 5}, {15, 5}, {15, 15}, {5, 15}, {5, 5}, {8, 8}, {12, 8}, {12, 12}, {8, 12}, {8, 8}}};  // a hole
  for (const std::vector<Point>& corners : polygons) {
    SCOPED_TRACE(corners.size());
    expect_field(field_of(region_weights(polygon_region(corners), width, height)),
                 covered([&](double y) { return polygon_spans(corners, y); }), 5e-4L);
  }
}

TEST(RegionWeights, APolygonOnTheGridIsABox) {
  const Weights weights = region_weights(polygon_region({{5, 4}, {20, 4}, {20, 12}, {5, 12}}), width, height);
  for (const float share : weights.values.items<float>()) ASSERT_EQ(share, 1.0F);
  EXPECT_EQ(weights.values.shape(), (Shape{8, 15}));
}

TEST(RegionWeights, RandomPolygonsWithManyCrossings) {
  std::uint64_t state = 7;
  const auto draw = [&](double most) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return static_cast<double>(state >> 33) / static_cast<double>(std::uint64_t{1} << 31) * most;
  };
  for (int round = 0; round < 10; ++round) {
    std::vector<Point> corners;
    for (int i = 0; i < 3 + 3 * round; ++i) corners.push_back({draw(width), draw(height)});
    expect_field(field_of(region_weights(polygon_region(corners), width, height)),
                 covered([&](double y) { return polygon_spans(corners, y); }), 2e-3L);
  }
}

TEST(RegionWeights, FeatherIsTheSmoothStepOfTheDistance) {
  for (const Example& example : examples())
    for (const double feather : {0.5, 1.0, 3.0, 7.5, 200.0}) {
      SCOPED_TRACE(example.title + " feather " + std::to_string(feather));
      expect_field(field_of(region_weights(example.region, width, height, feather)),
                   with_feather(example.shares, feather), 5e-4L);
    }
}

TEST(RegionWeights, InvertedWeightsAreTheRest) {
  const std::vector<Example> all = examples();
  const std::vector<Region> regions = {all[0].region, all[1].region, all[3].region};
  Field rest(width * height, 1);
  for (const std::size_t i : {0U, 1U, 3U})
    for (std::size_t j = 0; j < rest.size(); ++j) rest[j] = std::min(rest[j], 1 - all[i].shares[j]);
  for (const double feather : {0.0, 4.0})
    expect_field(field_of(inverted_weights(regions, width, height, feather)), with_feather(rest, feather), 5e-4L);
}

TEST(RegionMask, AlphaWeighsWhereItIsNotOpaqueElseTheGreyLevel) {
  Samples samples{2, 1, 4, 8, {255, 0, 0, 255, 51, 51, 51, 255}};
  const auto weights = [](const Samples& of) {
    const Weights got = region_weights(mask_region(picture_of(of, Colour::rgb)), of.width, of.height);
    return std::vector<float>(got.values.items<float>().begin(), got.values.items<float>().end());
  };
  EXPECT_THAT(weights(samples), testing::ElementsAre(testing::FloatEq(0.2126F), testing::FloatEq(0.2F)));
  samples.values[3] = 102;
  EXPECT_THAT(weights(samples), testing::ElementsAre(testing::FloatEq(0.4F), testing::FloatEq(1.0F)));
  Array floats(DType::f32, {1, 3, 1});
  floats.items<float>()[0] = std::nanf("");
  floats.items<float>()[1] = -2;
  floats.items<float>()[2] = 1.5F;
  const Weights got = region_weights(mask_region(Picture(std::move(floats), Colour::grey)), 3, 1);
  EXPECT_THAT(std::vector<float>(got.values.items<float>().begin(), got.values.items<float>().end()),
              testing::ElementsAre(0.0F, 0.0F, 1.0F));
}

// ---- Blurred ----

// A picture as it is averaged: colours times alpha.
struct Layers {
  std::vector<double> values;
  std::size_t bands;
  bool alpha;
};

Layers layers_of(const std::vector<double>& samples, std::size_t bands, bool alpha) {
  Layers layers{samples, bands, alpha};
  for (std::size_t i = 0; alpha && i < samples.size(); i += bands)
    for (std::size_t band = 0; band + 1 < bands; ++band) layers.values[i + band] *= samples[i + bands - 1];
  return layers;
}

std::vector<Real> gaussian(const std::vector<double>& values, std::size_t bands, double sigma_x, double sigma_y) {
  return reference::gaussian(View(values.data(), Shape{height, width, static_cast<std::int64_t>(bands)}),
                             {{.axis = 0, .sigma = sigma_y, .order = 0, .radius = reference::ideal},
                              {.axis = 1, .sigma = sigma_x, .order = 0, .radius = reference::ideal}},
                             0)
      .values;
}

// What a region's pixels become before they are mixed.
std::vector<Real> averages(const Layers& layers, const Field& shares, RegionSource source, double sigma_x,
                           double sigma_y) {
  if (source == RegionSource::context) return gaussian(layers.values, layers.bands, sigma_x, sigma_y);
  std::vector<double> counted = layers.values;
  for (std::size_t i = 0; i < counted.size(); ++i) counted[i] *= static_cast<double>(shares[i / layers.bands]);
  const std::vector<double> counts(shares.begin(), shares.end());
  const std::vector<Real> sum = gaussian(counts, 1, sigma_x, sigma_y);
  std::vector<Real> result = gaussian(counted, layers.bands, sigma_x, sigma_y);
  for (std::size_t i = 0; i < result.size(); ++i) result[i] /= sum[i / layers.bands];
  return result;
}

std::vector<Real> mixed(const Layers& layers, const std::vector<Real>& blurred, const Field& weights) {
  std::vector<Real> result(blurred.size());
  for (std::size_t i = 0; i < result.size(); ++i) {
    const Real weight = weights[i / layers.bands];
    result[i] = weight == 0 ? layers.values[i] : weight * blurred[i] + (1 - weight) * layers.values[i];
  }
  for (std::size_t i = 0; layers.alpha && i < result.size(); i += layers.bands)
    for (std::size_t band = 0; band + 1 < layers.bands; ++band)
      result[i + band] = result[i + layers.bands - 1] < 0.5L ? 0 : result[i + band] / result[i + layers.bands - 1];
  return result;
}

void expect_region(const Samples& got, const Samples& before, const std::vector<Real>& wanted, const Field& weights) {
  // Half a level, the tolerance, and what weights are off by.
  const Real within = got.bits == 8 ? 0.75L : 40.0L;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const std::size_t pixel = i / static_cast<std::size_t>(got.bands);
    if (weights[pixel] == 0) {
      ASSERT_EQ(got.values[i], before.values[i]) << "outside, pixel " << pixel;
      continue;
    }
    ASSERT_LE(std::fabs(got.values[i] - wanted[i]), within) << "pixel " << pixel % width << "," << pixel / width;
  }
}

class RegionBlur : public testing::TestWithParam<std::tuple<int, int, RegionSource, double>> {};

TEST_P(RegionBlur, IsItsDefinition) {
  const auto [bands, bits, source, feather] = GetParam();
  Samples samples = noise(width, height, bands, bits);
  const bool alpha = bands % 2 == 0;
  for (std::size_t i = 0; alpha && i < samples.values.size(); i += static_cast<std::size_t>(bands))
    if (i % 7 == 0) samples.values[i + static_cast<std::size_t>(bands) - 1] = 0;
  const Layers layers =
      layers_of({samples.values.begin(), samples.values.end()}, static_cast<std::size_t>(bands), alpha);
  for (const Example& example : examples()) {
    SCOPED_TRACE(example.title);
    // The weights are tested above; here they are what they are.
    const Field shares = field_of(region_weights(example.region, width, height));
    const Field weights = field_of(region_weights(example.region, width, height, feather));
    Region region = example.region;
    region.sigma = {2.5, 3.0};
    Picture picture = picture_of(samples, bands <= 2 ? Colour::grey : Colour::rgb);
    ASSERT_EQ(blur(picture, {.sigma = 9.0, .regions = {region}, .feather = feather, .source = source}),
              RunStatus::complete);
    const std::vector<Real> wanted = mixed(layers, averages(layers, shares, source, 2.5, 3.0), weights);
    const Samples got = samples_of(picture);
    expect_region(got, samples, wanted, weights);
  }
}

INSTANTIATE_TEST_SUITE_P(Every, RegionBlur,
                         testing::Combine(testing::Values(1, 2, 3, 4), testing::Values(8, 16),
                                          testing::Values(RegionSource::context, RegionSource::masked),
                                          testing::Values(0.0, 5.0)),
                         [](const auto& param) {
                           return std::to_string(std::get<0>(param.param)) + "_bands_" +
                                  std::to_string(std::get<1>(param.param)) + "_bits_" +
                                  std::string(name(std::get<2>(param.param))) +
                                  (std::get<3>(param.param) > 0 ? "_feather" : "");
                         });

TEST(RegionBlurFloat, IsItsDefinition) {
  for (const RegionSource source : {RegionSource::context, RegionSource::masked})
    for (const Example& example : examples()) {
      SCOPED_TRACE(example.title);
      const Samples samples = noise(width, height, 3, 16);
      std::vector<double> values(samples.values.begin(), samples.values.end());
      Array pixels(DType::f32, {height, width, 3});
      for (std::size_t i = 0; i < values.size(); ++i)
        pixels.items<float>()[i] = static_cast<float>(values[i] = values[i] / 4096 - 3);
      Picture picture(std::move(pixels), Colour::rgb);
      blur(picture, {.sigma = 2.0, .regions = {example.region}, .feather = 5, .source = source});
      const Field shares = field_of(region_weights(example.region, width, height));
      const Field weights = field_of(region_weights(example.region, width, height, 5));
      const Layers layers = layers_of(values, 3, false);
      const std::vector<Real> wanted = mixed(layers, averages(layers, shares, source, 2, 2), weights);
      const auto* got = static_cast<const float*>(picture.pixels().data());
      for (std::size_t i = 0; i < wanted.size(); ++i)
        if (weights[i / 3] == 0) {
          ASSERT_EQ(got[i], static_cast<float>(values[i]));
        } else {
          ASSERT_LE(std::fabs(got[i] - wanted[i]), 2e-4L) << i;
        }
    }
}

Samples blurred(const Samples& samples, const BlurOptions& options) {
  Picture picture = picture_of(samples, samples.bands <= 2 ? Colour::grey : Colour::rgb);
  blur(picture, options);
  return samples_of(picture);
}

TEST(RegionBlurContext, HasTheBytesOfTheWholeWhereTheWeightIsOne) {
  for (const Light light : {Light::encoded, Light::linear})
    for (const int bands : {1, 3, 4})
      for (const int bits : {8, 16})
        for (const double sigma : {0.6, 3.0, 25.0}) {
          const Samples samples = noise(width, height, bands, bits);
          const Samples whole = blurred(samples, {.sigma = sigma, .light = light});
          const Region region = ellipse_region({4, 6, 27, 20});
          const Samples part = blurred(samples, {.sigma = sigma, .light = light, .regions = {region}, .feather = 6});
          const Field weights = field_of(region_weights(region, width, height, 6));
          for (std::size_t i = 0; i < part.values.size(); ++i) {
            const Real weight = weights[i / static_cast<std::size_t>(bands)];
            if (weight == 1) {
              ASSERT_EQ(part.values[i], whole.values[i]) << sigma << " " << bands << " " << bits;
            }
            if (weight == 0) {
              ASSERT_EQ(part.values[i], samples.values[i]);
            }
          }
        }
}

TEST(RegionBlurLinear, MixesLight) {
  // Half of white light is level 188, not 128.
  Samples samples{width, height, 1, 8, std::vector<std::uint16_t>(width * height, 255)};
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      if ((x + y) % 2 == 0) samples.values[index_of(x, y)] = 0;
  const Samples half{width, height, 1, 16, std::vector<std::uint16_t>(width * height, 32768)};
  const Region region = mask_region(picture_of(half, Colour::grey));
  const Samples result = blurred(samples, {.sigma = 5.0, .light = Light::linear, .regions = {region}});
  EXPECT_NEAR(result.at(20, 16, 0), 137, 1);  // a quarter of the light
  EXPECT_NEAR(result.at(21, 16, 0), 225, 1);  // three quarters
}

TEST(RegionBlurMasked, NothingCrossesTheEdge) {
  for (const int bands : {3, 4})
    for (const bool invert : {false, true}) {
      const Region region = ellipse_region({6, 5, 21, 16});
      const Field shares =
          field_of(invert ? inverted_weights({&region, 1}, width, height) : region_weights(region, width, height));
      const Samples one = noise(width, height, bands, 8);
      Samples other = one;
      for (std::size_t i = 0; i < other.values.size(); ++i)
        if (shares[i / static_cast<std::size_t>(bands)] == 0) other.values[i] = static_cast<std::uint16_t>(i % 251);
      const BlurOptions options{
          .sigma = 4.0, .regions = {region}, .invert = invert, .feather = 8, .source = RegionSource::masked};
      const Samples a = blurred(one, options), b = blurred(other, options);
      for (std::size_t i = 0; i < a.values.size(); ++i)
        if (shares[i / static_cast<std::size_t>(bands)] == 1) {
          ASSERT_EQ(a.values[i], b.values[i]) << i;
        }
    }
}

TEST(RegionBlurMasked, ANanOutsideStaysOutside) {
  Array pixels(DType::f32, {height, width, 1});
  std::fill(pixels.items<float>().begin(), pixels.items<float>().end(), 0.25F);
  pixels.items<float>()[index_of(3, 16)] = std::nanf("");
  Picture picture(std::move(pixels), Colour::grey);
  blur(picture, {.sigma = 6.0, .regions = {{5, 5, 20, 20}}, .source = RegionSource::masked});
  const auto* got = static_cast<const float*>(picture.pixels().data());
  for (int y = 5; y < 25; ++y)
    for (int x = 5; x < 25; ++x) ASSERT_NEAR(got[index_of(x, y)], 0.25F, 1e-5F);
  EXPECT_TRUE(std::isnan(got[index_of(3, 16)]));
}

TEST(RegionBlurMasked, APixelByItselfStaysWhatItIs) {
  const Samples samples = noise(width, height, 3, 16);
  for (const double sigma : {2.0, 300.0})
    EXPECT_EQ(blurred(samples, {.sigma = sigma, .regions = {{7, 9, 1, 1}}, .source = RegionSource::masked}), samples);
}

TEST(RegionBlurCrop, IsTheBoxOfAllWeightsCutBlurredAndPasted) {
  for (const int bands : {1, 4})
    for (const double feather : {0.0, 3.0}) {
      const Samples samples = noise(width, height, bands, 8);
      const Region region = ellipse_region({8, 6, 20, 14});
      const Weights weights = region_weights(region, width, height, feather);
      const auto grown = static_cast<std::int64_t>(feather);
      ASSERT_EQ(weights.box.x, 8 - grown);
      // Blurring the box as a plain one first gives what is pasted.
      const Samples box = blurred(samples, {.sigma = 4.0, .regions = {weights.box}, .source = RegionSource::crop});
      const Samples got =
          blurred(samples, {.sigma = 4.0, .regions = {region}, .feather = feather, .source = RegionSource::crop});
      const Field field = field_of(weights);
      for (std::size_t i = 0; i < got.values.size(); ++i) {
        const Real weight = field[i / static_cast<std::size_t>(bands)];
        if (weight == 1) {
          ASSERT_EQ(got.values[i], box.values[i]);
        } else if (weight == 0) {
          ASSERT_EQ(got.values[i], samples.values[i]);
        } else if (bands == 1) {
          ASSERT_LE(std::fabs(got.values[i] - weight * box.values[i] - (1 - weight) * samples.values[i]), 1.01L);
        }
      }
    }
}

TEST(RegionBlurSeveral, EachHasItsSigmaAndTheLastHolds) {
  const Samples samples = noise(width, height, 3, 8);
  Region first = Region(2, 2, 25, 20), second = ellipse_region({12, 8, 24, 20});
  second.sigma = 6.0;
  const Samples weak = blurred(samples, {.sigma = 1.5}), strong = blurred(samples, {.sigma = 6.0});
  const Field weights = field_of(region_weights(second, width, height));
  // Once, so that boxes fit beside each other in memory, and many times over.
  for (const std::size_t times : {1U, 6U}) {
    std::vector<Region> regions;
    for (std::size_t i = 0; i < times; ++i) regions.insert(regions.end(), {first, second});
    const Samples got = blurred(samples, {.sigma = 1.5, .regions = regions});
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) {
        const Real weight = weights[index_of(x, y)];
        const bool in_first = x >= 2 && x < 27 && y >= 2 && y < 22;
        if (weight > 0 && weight < 1) continue;
        ASSERT_EQ(got.at(x, y, 1), (weight == 1 ? strong : in_first ? weak : samples).at(x, y, 1)) << x << "," << y;
      }
  }
}

TEST(RegionBlurSeveral, SigmaZeroForAllLeavesThoseWithoutTheirOwn) {
  const Samples samples = noise(width, height, 4, 8);
  Region own = Region(20, 3, 8, 8);
  own.sigma = 3.0;
  const Samples got = blurred(samples, {.sigma = 0.0, .regions = {{2, 2, 10, 10}, own}});
  EXPECT_EQ(got, blurred(samples, {.sigma = 3.0, .regions = {{20, 3, 8, 8}}}));
}

TEST(RegionBlurInvert, BlursTheRest) {
  for (const int bands : {3, 4}) {
    const Samples samples = noise(width, height, bands, 16);
    const Samples whole = blurred(samples, {.sigma = 3.0});
    const Samples got = blurred(samples, {.sigma = 3.0, .regions = {{10, 8, 20, 12}, {2, 2, 3, 3}}, .invert = true});
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) {
        const bool kept = (x >= 10 && x < 30 && y >= 8 && y < 20) || (x >= 2 && x < 5 && y >= 2 && y < 5);
        for (int band = 0; band < bands; ++band)
          ASSERT_EQ(got.at(x, y, band), (kept ? samples : whole).at(x, y, band)) << x << "," << y;
      }
  }
}

TEST(RegionBlur, EveryPageHasTheRegions) {
  const Samples one = noise(width, height, 3, 8);
  Array pixels(DType::u8, {3, height, width, 3});
  for (std::size_t i = 0; i < 3 * one.values.size(); ++i)
    pixels.items<std::uint8_t>()[i] = static_cast<std::uint8_t>(one.values[i % one.values.size()]);
  const BlurOptions options{.sigma = 3.0, .regions = {ellipse_region({5, 5, 20, 20})}, .feather = 4};
  Picture pages(std::move(pixels), Colour::rgb);
  blur(pages, options);
  const Samples wanted = blurred(one, options);
  const auto* got = static_cast<const std::uint8_t*>(pages.pixels().data());
  for (std::size_t i = 0; i < 3 * one.values.size(); ++i) ASSERT_EQ(got[i], wanted.values[i % one.values.size()]);
}

TEST(RegionBlur, WhatCannotBeIsRefusedBeforeAnyPixelChanges) {
  const Samples samples = noise(width, height, 3, 8);
  const double nan = std::nan("");
  Region with_sigma(0, 0, 5, 5), zero = with_sigma, many = with_sigma;
  with_sigma.sigma = 2.0;
  zero.sigma = 0.0;
  many.sigma = {1.0, 2.0, 3.0};
  Region bare;
  bare.shape = Region::Shape::mask;
  const Region good(1, 1, 5, 5);
  const auto masked = RegionSource::masked;
  const std::vector<std::pair<BlurOptions, std::string>> cases = {
      {{.regions = {good}, .feather = -1}, "feather: is -1"},
      {{.regions = {good}, .feather = nan}, "feather: is nan"},
      {{.regions = {good}, .feather = infinity}, "feather: is inf"},
      {{.regions = {good, polygon_region({{0, 0}, {5, 5}})}}, "has 2 corners"},
      {{.regions = {polygon_region(std::vector<Point>(max_corners + 1))}}, "has 10001 corners"},
      {{.regions = {polygon_region({{0, 0}, {5, nan}, {3, 3}})}}, "a corner of the polygon is 5,nan"},
      {{.regions = {polygon_region({{0, 0}, {5, 5}, {10, 10}})}}, "covers nothing"},
      {{.regions = {polygon_region({{50, 0}, {55, 5}, {50, 10}})}}, "lies outside"},
      {{.regions = {ellipse_region({40, 0, 5, 5})}}, "40 x 32"},
      {{.regions = {ellipse_region({0, 0, 5, 0})}}, "must be at least 1 x 1"},
      {{.regions = {ellipse_region({0, 0, 1000001, 5})}}, "must be at most 1000000"},
      {{.regions = {mask_region(picture_of(noise(4, 4, 1, 8), Colour::grey))}}, "the mask is 4 x 4"},
      {{.regions = {bare}}, "the mask is 0 x 0"},
      {{.regions = {good, zero}}, "sigma is 0"},
      {{.regions = {many}}, "sigma has 3 values"},
      {{.regions = {with_sigma}, .invert = true}, "has a sigma of its own"},
      {{.sigma = 2.0, .regions = {good}, .feather = 6.1, .source = masked}, "must be at most 6"},
      {{.sigma = 2.0, .truncate = 1.0, .regions = {good}, .feather = 3, .source = masked}, "must be at most 2"},
      {{.sigma = 2.0, .radius = 1, .regions = {good}, .feather = 3, .source = masked}, "must be at most 1"},
      {{.regions = std::vector<Region>(max_regions + 1, good)}, "there are 10001"}};
  for (const auto& [options, sentence] : cases) {
    Picture picture = picture_of(samples, Colour::rgb);
    try {
      blur(picture, options);
      ADD_FAILURE() << sentence;
    } catch (const InvalidArgument& error) {
      EXPECT_THAT(error.what(), HasSubstr(sentence));
    }
    EXPECT_EQ(samples_of(picture), samples);
  }
  EXPECT_THROW(mask_region(picture_of(noise(4, 4, 4, 8), Colour::cmyk)), InvalidArgument);
  EXPECT_THROW(mask_region(Picture(Array(DType::u8, {2, 4, 4, 1}), Colour::grey)), InvalidArgument);
}

}  // namespace
}  // namespace gaussfilt
