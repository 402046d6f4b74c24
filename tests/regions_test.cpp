// Floor 3: the Gaussian in regions of arrays: against the whole array filtered and NumPy-like mixing by hand.
#include <gaussfilt/gaussfilt.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <random>
#include <string>

namespace gaussfilt {
namespace {

constexpr std::int64_t height = 23, width = 31;

// Integers of any bits, also those that no f64 holds; floats from 0 to 1.
Array noise(DType dtype, const Shape& shape) {
  Array out(dtype, shape);
  std::mt19937 draw(7);
  if (!is_floating(dtype) && dtype != DType::boolean) {
    auto* const bytes = static_cast<std::uint8_t*>(out.data());
    for (std::size_t i = 0; i < static_cast<std::size_t>(out.size()) * size_of(dtype); ++i)
      bytes[i] = static_cast<std::uint8_t>(draw());
    return out;
  }
  Array wide(DType::f64, shape);
  for (double& value : wide.items<double>()) value = double(draw()) / 4294967296.0;
  separable(wide, out, {.kernels = {{{1.0}, 0}}, .axes = Axes::none()});
  return out;
}

std::vector<double> doubles(const View& view) {
  Array wide(DType::f64, view.shape());
  separable(view, wide, {.kernels = {{{1.0}, 0}}, .axes = Axes::none()});
  return {wide.items<double>().begin(), wide.items<double>().end()};
}

const std::byte* item(const Array& array, std::int64_t index) {
  return static_cast<const std::byte*>(array.data()) + index * static_cast<std::int64_t>(size_of(array.dtype()));
}

bool same_item(const Array& a, const Array& b, std::int64_t index) {
  return std::memcmp(item(a, index), item(b, index), size_of(a.dtype())) == 0;
}

bool same(const Array& a, const Array& b) {
  return a.shape() == b.shape() && a.dtype() == b.dtype() &&
         std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * size_of(a.dtype())) == 0;
}

// The weights of a plane, 0 beyond the box.
std::vector<float> field(const Weights& weights) {
  std::vector<float> all(static_cast<std::size_t>(height * width), 0.0F);
  for (std::int64_t y = 0; y < weights.box.height; ++y)
    for (std::int64_t x = 0; x < weights.box.width; ++x)
      all[static_cast<std::size_t>((weights.box.y + y) * width + weights.box.x + x)] =
          weights.values.items<float>()[static_cast<std::size_t>(y * weights.box.width + x)];
  return all;
}

class RealDType : public testing::TestWithParam<DType> {};

// Bytes of the original where the weight is 0, of the whole blurred where it is 1, what lies between where it is
// between.
TEST_P(RealDType, ContextMixesTheWholeBlurred) {
  const DType dtype = GetParam();
  const Array in = noise(dtype, {height, width, 3});
  Array out(dtype, in.shape()), whole(dtype, in.shape());
  const Region region = ellipse_region({4, 3, 15, 13});
  const GaussianOptions options{.sigma = {1.5, 2.5}, .axes = {0, 1}};
  gaussian(in, whole, options);
  gaussian_regions(in, out, options, {.regions = {region}, .feather = 4});
  const std::vector<float> weights = field(region_weights(region, width, height, 4));
  const std::vector<double> before = doubles(in), blurred = doubles(whole), after = doubles(out);
  const double range =
      *std::max_element(before.begin(), before.end()) - *std::min_element(before.begin(), before.end());
  // Rounded once, or twice where blurred has its own rounding; f16 has 11 bits.
  const double close = !is_floating(dtype) ? std::max(1.01, range * 1e-15) : dtype == DType::f16 ? 1e-3 : 1e-6;
  int mixed = 0;
  for (std::int64_t i = 0; i < in.size(); ++i) {
    const auto at = static_cast<std::size_t>(i);
    const double weight = weights[at / 3];
    if (weight == 0) {
      ASSERT_TRUE(same_item(out, in, i)) << i;
    } else if (weight == 1) {
      ASSERT_TRUE(same_item(out, whole, i)) << i;
    } else {
      ++mixed;
      ASSERT_NEAR(after[at], weight * blurred[at] + (1 - weight) * before[at], close) << i;
    }
  }
  EXPECT_GT(mixed, 200);
}

INSTANTIATE_TEST_SUITE_P(All, RealDType,
                         testing::Values(DType::boolean, DType::u8, DType::u16, DType::u32, DType::u64, DType::i8,
                                         DType::i16, DType::i32, DType::i64, DType::f16, DType::f32, DType::f64),
                         [](const auto& tested) { return std::string(name(tested.param)); });

// u8 is mixed before it is rounded: between 10 and 11 at half the weight no level is lost twice.
TEST(GaussianRegions, BytesAreRoundedOnce) {
  const Array in = noise(DType::u8, {height, width});
  Array out(DType::u8, in.shape()), exact(DType::f64, in.shape());
  const Region region = ellipse_region({0, 0, width, height});
  const GaussianOptions options{.sigma = 2.0};
  gaussian(in, exact, options);
  gaussian_regions(in, out, options, {.regions = {region}});
  const std::vector<float> weights = field(region_weights(region, width, height));
  const std::vector<double> before = doubles(in);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double mixed = weights[i] * exact.items<double>()[i] + (1 - double{weights[i]}) * before[i];
    EXPECT_NEAR(out.items<std::uint8_t>()[i], mixed, 0.5 + 1e-4) << i;
  }
}

// The same planes, wherever their axes stand.
TEST(GaussianRegions, AxesMayStandAnywhere) {
  const RegionsOptions regions{.regions = {ellipse_region({4, 3, 15, 13}), Region(2, 9, 20, 11)}, .feather = 3};
  for (const RegionSource source : {RegionSource::context, RegionSource::crop, RegionSource::masked}) {
    RegionsOptions asked = regions;
    asked.source = source;
    const Array plane = noise(DType::f64, {height, width});
    Array expected(DType::f64, plane.shape());
    gaussian_regions(plane, expected, {.sigma = {1.5, 2.5}}, asked);
    // Each axis order of an array that holds the plane twice.
    for (const auto& axes : {std::pair{0, 1}, {1, 2}, {0, 2}, {1, 0}, {2, 0}, {2, 1}}) {
      const int row = axes.first, column = axes.second;
      Shape shape{2, 2, 2};
      shape[row] = height, shape[column] = width;
      Array in(DType::f64, shape), out(DType::f64, shape);
      const Strides strides = contiguous_strides(shape, DType::f64);
      const auto each = [&](auto visit) {
        for (std::int64_t copy = 0; copy < 2; ++copy)
          for (std::int64_t y = 0; y < height; ++y)
            for (std::int64_t x = 0; x < width; ++x)
              visit(static_cast<std::size_t>(
                        (y * strides[row] + x * strides[column] + copy * strides[3 - row - column]) / 8),
                    static_cast<std::size_t>(y * width + x));
      };
      each([&](std::size_t at, std::size_t from) { in.items<double>()[at] = plane.items<double>()[from]; });
      gaussian_regions(in, out, {.sigma = {1.5, 2.5}, .axes = {row, column}}, asked);
      each([&](std::size_t at, std::size_t from) {
        ASSERT_NEAR(out.items<double>()[at], expected.items<double>()[from], 1e-13)
            << name(source) << " " << row << column;
      });
    }
  }
}

TEST(GaussianRegions, InPlaceAndStridedAreTheSame) {
  const RegionsOptions regions{
      .regions = {ellipse_region({4, 3, 15, 13}), ellipse_region({9, 5, 20, 17}), Region(0, 0, width, height)}};
  for (std::size_t count = 1; count <= 3; ++count) {
    const RegionsOptions asked{.regions = {regions.regions.begin(), regions.regions.begin() + std::ptrdiff_t(count)},
                               .feather = 2};
    const Array in = noise(DType::u16, {height, width});
    Array out(DType::u16, in.shape()), same_memory = noise(DType::u16, {height, width});
    gaussian_regions(in, out, {.sigma = 1.5}, asked);
    gaussian_regions(same_memory, same_memory, {.sigma = 1.5}, asked);
    EXPECT_TRUE(same(out, same_memory)) << count;
    // Upside down, every other column.
    Array room(DType::u16, {height, 2 * width});
    const MutableView turned(static_cast<std::byte*>(room.data()) + (height - 1) * width * 4, DType::u16,
                             {height, width}, {-width * 4, 4});
    gaussian_regions(in, turned, {.sigma = 1.5}, asked);
    for (std::int64_t y = 0; y < height; ++y)
      for (std::int64_t x = 0; x < width; ++x)
        ASSERT_EQ(room.items<std::uint16_t>()[static_cast<std::size_t>((height - 1 - y) * 2 * width + 2 * x)],
                  out.items<std::uint16_t>()[static_cast<std::size_t>(y * width + x)]);
  }
}

TEST(GaussianRegions, CropIsTheBoxByItself) {
  const Array in = noise(DType::f32, {height, width});
  Array out(DType::f32, in.shape()), box(DType::f32, {8, 9}), blurred(DType::f32, {8, 9});
  gaussian_regions(in, out, {.sigma = 2.0}, {.regions = {Region(5, 4, 9, 8)}, .source = RegionSource::crop});
  const auto at = [](std::int64_t y, std::int64_t x) { return static_cast<std::size_t>(y * width + x); };
  for (std::int64_t i = 0; i < 72; ++i)
    box.items<float>()[static_cast<std::size_t>(i)] = in.items<float>()[at(4 + i / 9, 5 + i % 9)];
  gaussian(box, blurred, {.sigma = 2.0});
  for (std::int64_t i = 0; i < 72; ++i)
    EXPECT_EQ(out.items<float>()[at(4 + i / 9, 5 + i % 9)], blurred.items<float>()[static_cast<std::size_t>(i)]);
}

TEST(GaussianRegions, MaskedSeesOnlyWhatIsInside) {
  Array in(DType::i64, {height, width}), out(DType::i64, in.shape());
  std::fill(in.items<std::int64_t>().begin(), in.items<std::int64_t>().end(), 1000000);
  const Region region = ellipse_region({5, 4, 15, 12});
  const std::vector<float> weights = field(region_weights(region, width, height));
  for (std::size_t i = 0; i < weights.size(); ++i)
    if (weights[i] > 0) in.items<std::int64_t>()[i] = -7;
  for (const bool tolerant : {false, true}) {
    gaussian_regions(in, out, {.sigma = 3.0, .tolerance = tolerant ? std::optional(1e-9) : std::nullopt},
                     {.regions = {region}, .source = RegionSource::masked});
    for (std::size_t i = 0; i < weights.size(); ++i)
      EXPECT_EQ(out.items<std::int64_t>()[i], weights[i] > 0 ? -7 : 1000000);
  }
}

TEST(GaussianRegions, NoRegionsAndAllButNone) {
  const Array in = noise(DType::u8, {height, width});
  Array out(DType::u8, in.shape()), whole(DType::u8, in.shape());
  gaussian_regions(in, out, {.sigma = 2.0}, {});
  EXPECT_TRUE(same(out, in));
  gaussian_regions(in, out, {.sigma = 2.0}, {.invert = true});
  gaussian(in, whole, {.sigma = 2.0});
  EXPECT_TRUE(same(out, whole));
}

TEST(GaussianRegions, ARegionHasItsSigmaAsXAndY) {
  const Array in = noise(DType::f32, {height, width});
  Array out(DType::f32, in.shape()), whole(DType::f32, in.shape());
  Region region(0, 0, width, height);
  region.sigma = PerAxis<double>{3.0, 0.5};
  gaussian_regions(in, out, {.sigma = 0.0}, {.regions = {region}});
  gaussian(in, whole, {.sigma = {0.5, 3.0}});
  EXPECT_TRUE(same(out, whole));
}

TEST(GaussianRegions, ProgressEndsAtOneAndStopEndsTheRun) {
  const Array in = noise(DType::u8, {height, width});
  Array out(DType::u8, in.shape());
  const RegionsPlan plan = plan_gaussian_regions(in.layout(), {.sigma = 2.0},
                                                 {.regions = {Region(0, 0, 9, 9), ellipse_region({4, 4, 9, 9})}});
  double last = 0;
  EXPECT_EQ(plan.run(in, out, {.progress = [&](double done) { last = done; }}), RunStatus::complete);
  EXPECT_EQ(last, 1);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(plan.run(in, out, {.stop = stop.get_token()}), RunStatus::stopped);
}

TEST(MaskRegion, TakesWeightsOfAnyStride) {
  Array weights(DType::f64, {height, width});
  for (std::size_t i = 0; i < weights.items<double>().size(); ++i) weights.items<double>()[i] = double(i % 5) / 4;
  const Region region = mask_region(View(weights.items<double>().data() + width, DType::f64, {height - 1, width}));
  EXPECT_EQ(region.levels->shape(), (Shape{height - 1, width}));
  EXPECT_EQ(region.levels->items<float>()[0], float(width % 5) / 4);
  weights.items<double>()[3] = 1.5;
  EXPECT_THROW(mask_region(weights), InvalidArgument);
  weights.items<double>()[3] = std::nan("");
  EXPECT_THROW(mask_region(weights), InvalidArgument);
  EXPECT_THROW(mask_region(Array(DType::u8, {3, 3})), Unsupported);
  EXPECT_THROW(mask_region(Array(DType::f32, {3})), InvalidArgument);
}

template <class Kind = InvalidArgument> std::string refusal(const std::function<void()>& call) {
  try {
    call();
  } catch (const Kind& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST(GaussianRegions, WhatCannotBeIsRefused) {
  const Array in(DType::u8, {height, width});
  Array out(DType::u8, in.shape());
  const RegionsOptions box{.regions = {Region(1, 1, 5, 5)}};
  const auto with = [&](const GaussianOptions& gaussian, const RegionsOptions& regions) {
    return refusal([&] { gaussian_regions(in, out, gaussian, regions); });
  };
  const auto has = [](const std::string& sentence, const char* piece) { return sentence.find(piece) != sentence.npos; };
  EXPECT_PRED2(has, with({.order = 1}, box), "order: is 1, must be 0");
  EXPECT_PRED2(has, with({.sigma = -1.0}, box), "sigma");
  EXPECT_PRED2(has, with({.sigma = {1.0, 2.0, 3.0}}, box), "sigma: ");
  EXPECT_PRED2(has, with({.axes = {0}}, box), "axes: there are 1, must be the two");
  EXPECT_PRED2(has, with({.axes = {0, 0}}, box), "axes");
  EXPECT_PRED2(has, with({}, {.regions = {Region(99, 1, 5, 5)}}), "lies outside");
  EXPECT_PRED2(has, with({}, {.regions = {Region(1, 1, 5, 0)}}), "is 5 x 0 pixels of the picture");
  EXPECT_PRED2(has, with({}, {.regions = {Region(1, 1, 5, 5)}, .feather = -1}), "feather: is -1");
  EXPECT_PRED2(has, with({}, {.regions = {Region(1, 1, 5, 5)}, .source = RegionSource::masked, .feather = 9}),
               "feather: is 9, must be at most 3");
  const Array line(DType::u8, {5});
  Array line_out(DType::u8, {5});
  EXPECT_PRED2(has, refusal([&] { gaussian_regions(line, line_out, {}, box); }), "in: has rank 1, must have two axes");
  Array other(DType::f32, in.shape());
  EXPECT_PRED2(has, refusal([&] { gaussian_regions(in, other, {}, box); }), "out: is f32, must be u8");
  Array small(DType::u8, {height, width - 1});
  EXPECT_PRED2(has, refusal([&] { gaussian_regions(in, small, {}, box); }), "out: is 23 x 30, must be 23 x 31");
  const MutableView shifted(out.items<std::uint8_t>().data(), {height - 1, width});
  const View from(out.items<std::uint8_t>().data() + width, {height - 1, width});
  EXPECT_PRED2(has, refusal([&] { gaussian_regions(from, shifted, {}, box); }), "shares memory");
  const Array complex_in(DType::c64, in.shape());
  Array complex_out(DType::c64, in.shape());
  EXPECT_PRED2(has, refusal<Unsupported>([&] { gaussian_regions(complex_in, complex_out, {}, box); }), "in: is c64");
}

}  // namespace
}  // namespace gaussfilt
