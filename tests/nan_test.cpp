// NaN and infinity spread exactly as far as the taps reach.
#include "support.h"

#include <gtest/gtest.h>

#include <limits>

namespace gaussfilt::test {
namespace {

constexpr Border all_borders[] = {Border::reflect, Border::mirror, Border::nearest, Border::wrap, Border::constant};
constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr float inf = std::numeric_limits<float>::infinity();

void poison(Array& array, std::int64_t item, float value) {
  store(static_cast<std::byte*>(array.data()) + item * static_cast<std::int64_t>(size_of(array.dtype())), array.dtype(),
        value);
}

void hold(const Array& in, const GaussianOptions& options) {
  Array out(in.dtype(), in.shape());
  gaussian(in, out, options);
  const reference::Result want = expected(in, options);
  Real largest = 1;
  for (Real value : reference::values(in)) {
    if (std::isfinite(value)) largest = std::max(largest, std::fabs(value));
  }
  const Comparison result = compare(out, want.values, 2e-6L * want.n * largest);
  EXPECT_EQ(result.failure, "") << name(in.dtype()) << " " << text(in.shape()) << " sigma " << options.sigma[0]
                                << " order " << options.order[0] << " border " << name(options.border[0]);
}

TEST(NonFinite, SpreadAsFarAsTheTapsReach) {
  for (DType dtype : {DType::f32, DType::f64, DType::f16}) {
    for (float value : {nan, inf, -inf}) {
      for (int order = 0; order <= 3; ++order) {
        for (Border border : all_borders) {
          Array line = make_array(dtype, {41}, 3);
          poison(line, 17, value);
          hold(line, {.sigma = 1.3, .order = order, .border = border});
          poison(line, 17, 0);
          poison(line, 2, value);
          hold(line, {.sigma = 1.3, .order = order, .border = border});
          Array picture = make_array(dtype, {17, 23}, 3);
          poison(picture, 8 * 23 + 11, value);
          hold(picture, {.sigma = {0.8, 1.1}, .order = {0, order}, .border = border});
          hold(picture, {.sigma = {1.1, 0.8}, .order = {order, 0}, .border = border});
        }
      }
    }
  }
}

// Order 2 at sigma 1 has zero taps at -1 and +1, between taps that are not zero; odd orders have one at 0.
TEST(NonFinite, PassZeroTapsBy) {
  for (DType dtype : {DType::f32, DType::f64}) {
    for (float value : {nan, inf}) {
      Array in(dtype, {21});
      poison(in, 10, value);
      Array out(dtype, {21});
      gaussian(in, out, {.sigma = 1.0, .order = 2});
      const std::vector<Real> values = reference::values(out);
      for (std::size_t i = 0; i < values.size(); ++i) {
        const auto distance = std::abs(static_cast<int>(i) - 10);
        EXPECT_EQ(std::isfinite(values[i]), distance > 4 || distance == 1) << name(dtype) << " order 2 at " << i;
      }
      gaussian(in, out, {.sigma = 1.0, .order = 1});
      EXPECT_EQ(reference::values(out)[10], 0) << name(dtype) << " order 1 at the sample itself";
    }
  }
}

TEST(NonFinite, OneSampleBeyondTheRadiusLeavesTheOutputFinite) {
  for (DType dtype : {DType::f32, DType::f64}) {
    for (double sigma : {0.5, 1.0, 2.0, 7.0}) {
      const std::int64_t radius = truncated_radius(sigma, 4);
      for (std::int64_t distance = 0; distance <= radius + 40; ++distance) {
        Array in = make_array(dtype, {150}, 5);
        poison(in, 75 + distance, nan);
        Array out(dtype, {150});
        gaussian(in, out, {.sigma = sigma});
        EXPECT_EQ(std::isfinite(reference::values(out)[75]), distance > radius) << sigma << " at " << distance;
      }
    }
  }
}

// Vectors and tiles read more than they use: a poisoned frame must not reach the middle of a large picture.
TEST(NonFinite, StayWhereTheyAreInALargePicture) {
  for (DType dtype : {DType::f32, DType::f64}) {
    Array in(dtype, {401, 703});
    for (std::int64_t i = 0; i < in.size(); ++i) poison(in, i, 1);
    const std::int64_t row = 200, column = 351;
    poison(in, row * 703 + column, nan);
    Array out(dtype, in.shape());
    gaussian(in, out, {.sigma = 3.0});
    const std::vector<Real> values = reference::values(out);
    std::int64_t count = 0;
    for (std::int64_t i = 0; i < out.size(); ++i) {
      const bool inside = std::abs(i / 703 - row) <= 12 && std::abs(i % 703 - column) <= 12;
      count += std::isnan(values[static_cast<std::size_t>(i)]) != inside ? 1 : 0;
    }
    EXPECT_EQ(count, 0) << name(dtype);
  }
}

TEST(NonFinite, FollowTheFoldOfAShortAxis) {
  for (DType dtype : {DType::f32, DType::f64}) {
    for (Border border : all_borders) {
      for (std::int64_t n : {1, 2, 5, 9}) {
        Array in = make_array(dtype, {n, 3}, 3);
        poison(in, 0, nan);
        hold(in, {.sigma = 6.0, .border = border, .axes = {0}});
      }
    }
  }
}

TEST(NonFinite, BecomeZeroOrTheLimitInIntegers) {
  const float in[] = {nan, inf, -inf, 1};
  std::uint8_t out[4] = {9, 9, 9, 9};
  gaussian(View(in, Shape{4}), MutableView(out, Shape{4}), {.sigma = 0.0});
  EXPECT_EQ(out[0], 0);
  EXPECT_EQ(out[1], 255);
  EXPECT_EQ(out[2], 0);
  EXPECT_EQ(out[3], 1);
}

// Without a Gaussian's guarantee, in the caller's taps, zeros take part.
TEST(NonFinite, MeetZeroTapsOfTheCaller) {
  Array in(DType::f64, {9}), out(DType::f64, {9});
  poison(in, 4, inf);
  separable(in, out, {.kernels = {Kernel{{1, 0, 0, 0, 1}, 2}}, .precision = Precision::f64});
  const std::vector<Real> values = reference::values(out);
  for (std::size_t i = 0; i < 9; ++i) {
    const auto distance = std::abs(static_cast<int>(i) - 4);
    if (distance <= 1) {
      EXPECT_TRUE(std::isnan(values[i])) << i;
    } else if (distance == 2) {
      EXPECT_EQ(values[i], inf) << i;
    } else {
      EXPECT_EQ(values[i], 0) << i;
    }
  }
}

}  // namespace
}  // namespace gaussfilt::test
