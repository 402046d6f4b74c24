// Floor 1: every CPU target that this machine has is forced and held to the reference.
#include "composite_support.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace gaussfilt::test {
namespace {

class TargetTest : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    force_cpu_target(GetParam());
    ASSERT_EQ(active_cpu_target(), GetParam()) << "the target was forced but is not active";
  }
  void TearDown() override {
    EXPECT_EQ(active_cpu_target(), GetParam()) << "the target changed on the way";
    force_cpu_target("");
  }
};

std::string target_name(const testing::TestParamInfo<std::string>& target) { return target.param; }
INSTANTIATE_TEST_SUITE_P(Forced, TargetTest, testing::ValuesIn(cpu_targets()), target_name);

void hold(DType in_dtype, DType out_dtype, const Shape& shape, const GaussianOptions& options) {
  const Array in = make_array(in_dtype, shape, 17, Pattern::narrow);
  Array out(out_dtype, shape);
  gaussian(in, out, options);
  const reference::Result want = expected(in, options);
  const Real error = std::max<Real>(precision_error(in_dtype, out_dtype), options.tolerance.value_or(0));
  const Comparison result = compare(out, want.values, error * want.n * want.m);
  EXPECT_EQ(result.failure, "") << name(in_dtype) << " to " << name(out_dtype) << ", " << text(shape) << ", order "
                                << options.order[0] << ", border " << name(options.border[0]);
}

TEST_P(TargetTest, HoldsEveryDtype) {
  for (DType in : all_dtypes()) {
    for (DType out : all_dtypes()) {
      if (is_complex(in) && !is_complex(out)) continue;
      hold(in, out, {11, 37}, {.sigma = 1.2});
    }
  }
}

// Every count of items from 1 to more than four vectors: the tails.
TEST_P(TargetTest, HoldsEveryLength) {
  for (DType dtype : {DType::f32, DType::f64, DType::u8, DType::i16, DType::f16}) {
    for (std::int64_t n = 1; n <= 70; ++n) {
      hold(dtype, dtype, {n}, {.sigma = 0.8});
      hold(dtype, dtype, {5, n}, {.sigma = 0.8, .border = Border::wrap});
      hold(dtype, dtype, {n, 3}, {.sigma = 0.8, .border = Border::mirror});
    }
  }
}

TEST_P(TargetTest, HoldsEveryOrderAndBorder) {
  for (Border border : {Border::reflect, Border::mirror, Border::nearest, Border::wrap, Border::constant}) {
    for (int order = 0; order <= 3; ++order) {
      for (DType dtype : {DType::f32, DType::f64}) {
        hold(dtype, dtype, {23, 41}, {.sigma = 1.5, .order = order, .border = border, .cval = 0.5});
        hold(dtype, dtype, {6, 9, 11}, {.sigma = {0.7, 3.0, 1.0}, .order = {0, order, 0}, .border = border});
      }
    }
  }
}

// Combining fields: every tail, every operation.
TEST_P(TargetTest, CombinesFields) {
  for (DType dtype : {DType::f32, DType::f64, DType::u8}) {
    const DType out = dtype == DType::u8 ? DType::f32 : dtype;
    for (std::int64_t n = 1; n <= 40; ++n) {
      const Array in = make_array(dtype, {3, n}, 17);
      for (Kind kind : all_kinds) {
        const Plan plan = make_plan(kind, in.layout(), out, {.sigma = 0.9});
        const std::vector<Array> got = run(plan, in);
        const Exact exact = exact_of(kind, in, {.sigma = 0.9});
        for (std::size_t k = 0; k < got.size(); ++k) {
          const Real bound = (static_cast<Real>(plan.error_bound()) + 4e-16L) * exact.n * exact.m;
          EXPECT_EQ(compare(got[k], exact.outputs[k], bound).failure, "") << text(kind, in, out, {});
        }
      }
    }
  }
}

TEST_P(TargetTest, HoldsATolerance) {
  for (DType dtype : {DType::f32, DType::u8, DType::u16, DType::f64}) {
    for (double tolerance : {1e-2, 1e-4, 1e-6, 1e-10}) {
      hold(dtype, DType::f64, {40, 50}, {.sigma = 4.0, .tolerance = tolerance});
    }
  }
}

TEST_P(TargetTest, RoundsHalfToEvenAndSaturates) {
  std::vector<double> values;
  for (int k = -600; k <= 600; ++k) values.push_back(k / 2.0);
  for (int bits : {7, 8, 15, 16, 31, 32, 40}) {
    for (double step : {-1.0, -0.5, 0.0, 0.5, 1.0}) {
      values.push_back(std::ldexp(1.0, bits) + step);
      values.push_back(-std::ldexp(1.0, bits) + step);
    }
  }
  for (double huge : {1e19, -1e19, 1e30, -1e30, 1e300, -1e300, infinity, -infinity}) values.push_back(huge);
  const auto count = static_cast<std::int64_t>(values.size());
  for (DType out : all_dtypes()) {
    if (!is_integer(out)) continue;
    for (DType in : {DType::f32, DType::f64}) {
      Array from(in, {count}), to(out, {count});
      auto* at = static_cast<std::byte*>(from.data());
      for (double value : values) {
        store(at, in, value);
        at += size_of(in);
      }
      gaussian(from, to, {.sigma = 0.0});
      const std::vector<Real> exact = reference::values(from), got = reference::values(to);
      for (std::size_t i = 0; i < got.size(); ++i) {
        ASSERT_EQ(got[i], rounded(out, exact[i])) << static_cast<double>(exact[i]) << " as " << name(out);
      }
    }
  }
}

// Every binary16 value survives a trip through f32, and every f32 is rounded half to even on the way back.
TEST_P(TargetTest, ConvertsEveryHalf) {
  constexpr std::int64_t count = 65536;
  Array halves(DType::f16, {count}), floats(DType::f32, {count}), back(DType::f16, {count});
  for (std::int64_t i = 0; i < count; ++i) {
    halves.items<float16>()[static_cast<std::size_t>(i)].bits = static_cast<std::uint16_t>(i);
  }
  gaussian(halves, floats, {.sigma = 0.0});
  gaussian(floats, back, {.sigma = 0.0});
  const std::vector<Real> want = reference::values(halves), got = reference::values(floats);
  for (std::size_t i = 0; i < want.size(); ++i) {
    const float16 half = back.items<float16>()[i];
    if (std::isnan(want[i])) {
      ASSERT_TRUE(std::isnan(got[i])) << i;
      ASSERT_TRUE((half.bits & 0x7C00) == 0x7C00 && (half.bits & 0x3FF) != 0) << i;
    } else {
      ASSERT_EQ(got[i], want[i]) << i;
      ASSERT_EQ(half.bits, i) << i;
    }
  }
  Random random(4);
  Array in(DType::f32, {20000}), out(DType::f16, {20000});
  for (float& value : in.items<float>()) {
    value = static_cast<float>(std::ldexp(2 * random.uniform() - 1, static_cast<int>(random.below(46)) - 27));
    if (random.below(4) == 0) value = static_cast<float>(std::nearbyint(value * 2048) / 2048 + 1.0 / 2048);  // ties
  }
  gaussian(in, out, {.sigma = 0.0});
  const std::vector<Real> from = reference::values(in), to = reference::values(out);
  for (std::size_t i = 0; i < from.size(); ++i) {
    ASSERT_EQ(to[i], rounded(DType::f16, from[i])) << static_cast<double>(from[i]);
  }
}

TEST(Targets, AreListedBestFirst) {
  const std::vector<std::string> targets = cpu_targets();
  ASSERT_FALSE(targets.empty());
  EXPECT_EQ(active_cpu_target(), targets.front());
}

TEST(Targets, UnknownOnesAreRefusedWithTheList) {
  const std::string active = active_cpu_target();
  try {
    force_cpu_target("MMX");
    FAIL() << "accepted";
  } catch (const InvalidArgument& error) {
    EXPECT_NE(std::string(error.what()).find("MMX"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find(cpu_targets().front()), std::string::npos) << error.what();
  }
  EXPECT_EQ(active_cpu_target(), active);
}

TEST(Targets, VersionIsTheHeaders) { EXPECT_EQ(version(), GAUSSFILT_VERSION); }

}  // namespace
}  // namespace gaussfilt::test
