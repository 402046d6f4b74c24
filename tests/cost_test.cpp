// Predicted prices: sane without a stopwatch.
#include <gaussfilt/gaussfilt.h>

#include "support.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

namespace {

using namespace gaussfilt;
using namespace gaussfilt::test;

const Shape shapes[] = {{4096, 4096}, {64, 64}, {7, 9}, {1000, 1001, 3}, {100, 120, 140}, {100000}};

std::optional<double> price(const Plan& plan, DType working) {
  for (const Candidate& candidate : plan.candidates()) {
    if (candidate.working == working && candidate.method != Method::multirate) return candidate.cost;
  }
  return {};
}

double chosen_price(const Plan& plan) {
  const auto chosen = std::ranges::find_if(plan.candidates(), [](const Candidate& one) { return one.why_not.empty(); });
  return chosen->cost;
}

TEST(Cost, GrowsWithTheRadius) {
  for (const Shape& shape : shapes) {
    for (const DType dtype : {DType::u8, DType::f16, DType::f32, DType::f64, DType::c64}) {
      for (const DType working : {DType::f32, DType::f64, DType::i32}) {
        double before = 0;
        for (std::int64_t radius = 1; radius <= 512; radius *= 2) {
          const double sigma = static_cast<double>(radius) / 4;
          const Plan plan = plan_gaussian({shape, dtype}, dtype, {.sigma = sigma, .radius = radius, .tolerance = 1e-2});
          const std::optional<double> now = price(plan, working);
          if (!now) continue;  // not every dtype is worked on in this precision
          EXPECT_TRUE(std::isfinite(*now));
          // Longer taps may make other tiles, which are read less often.
          EXPECT_GE(*now, 0.9 * before) << text(shape) << " " << name(dtype) << " in " << name(working) << ", "
                                        << radius;
          before = *now;
        }
      }
    }
  }
}

TEST(Cost, OfDoublesIsHigherThanOfFloats) {
  for (const Shape& shape : shapes) {
    for (const DType in : {DType::boolean, DType::u8, DType::i16, DType::f16, DType::f32}) {
      for (const DType out : {DType::u8, DType::u16, DType::f16, DType::f32}) {
        for (const double sigma : {0.0, 0.3, 1.0, 3.0, 10.0, 40.0}) {
          for (const bool loose : {false, true}) {
            GaussianOptions options{.sigma = sigma};
            if (loose) options.tolerance = 1e-2;
            const Plan plan = plan_gaussian({shape, in}, out, options);
            const std::string what = text(shape) + ": " + plan.explain();
            EXPECT_NE(plan.working_dtype(), DType::f64) << what;
            if (sigma == 0) continue;
            EXPECT_LT(*price(plan, DType::f32), *price(plan, DType::f64)) << what;
          }
        }
      }
    }
  }
}

TEST(Cost, OfWholeNumbersIsLowerThanOfFloatsUpToLongRows) {
  for (const double sigma : {0.5, 1.0, 2.0, 5.0, 20.0}) {
    const Plan plan = plan_gaussian({{4096, 4096}, DType::u8}, DType::u8, {.sigma = sigma, .tolerance = 1.0 / 8 / 255});
    EXPECT_EQ(plan.method(), sigma < 3 ? Method::integer : Method::multirate) << plan.explain();
    EXPECT_LT(*price(plan, DType::i32), *price(plan, DType::f32));
  }
}

TEST(Cost, GrowsWithWhatIsConverted) {
  const auto from = [](DType in, DType out) {
    return chosen_price(plan_gaussian({{4096, 4096}, in}, out, {.sigma = 2.0}));
  };
  EXPECT_GT(from(DType::f16, DType::f32), from(DType::u8, DType::f32));
  EXPECT_GT(from(DType::f32, DType::f16), from(DType::f32, DType::u8));
  EXPECT_GT(from(DType::f64, DType::f64), from(DType::f32, DType::f32));
  EXPECT_NEAR(from(DType::c64, DType::c64), 2 * from(DType::f32, DType::f32), 0.1 * from(DType::c64, DType::c64));
}

TEST(Cost, OfACompositeIsHigherThanOfItsFields) {
  const Layout layout{{4096, 4096}, DType::f32};
  const double one = chosen_price(plan_gaussian(layout, DType::f32, {.sigma = 2.0}));
  EXPECT_GT(chosen_price(plan_gradient_magnitude(layout, DType::f32, {.sigma = 2.0})), 1.5 * one);
  EXPECT_GT(chosen_price(plan_structure_tensor(layout, DType::f32, {.sigma = 2.0})), 3 * one);
}

TEST(Cost, OfEveryWeightGrowsWithTheKernel) {
  double before = 0;
  for (const std::int64_t side : {3, 5, 7, 9}) {
    DenseKernel kernel{{}, {side, side}};
    for (std::int64_t i = 0; i < side * side; ++i) kernel.values.push_back(static_cast<double>(1 + i * i % 7));
    const Plan plan = plan_correlate({{512, 512}, DType::f32}, DType::f32, kernel);
    EXPECT_GT(plan.candidates()[0].cost, before);
    before = plan.candidates()[0].cost;
  }
}

TEST(Cost, OfAWindowDoesNotDependOnIt) {
  const Layout layout{{512, 512}, DType::u8};
  EXPECT_EQ(chosen_price(plan_uniform(layout, DType::u8, {.size = 3})),
            chosen_price(plan_uniform(layout, DType::u8, {.size = 99})));
  EXPECT_LT(chosen_price(plan_box(layout, DType::u8, {.width = 31.0})),
            chosen_price(plan_box(layout, DType::f32, {.width = 31.0})));
}

TEST(Cost, IsThatOfOneThreadWhateverThePlanRunsOn) {
  for (const Shape& shape : shapes) {
    const Layout layout{shape, DType::f32};
    EXPECT_EQ(chosen_price(plan_gaussian(layout, DType::f32, {.sigma = 3.0, .threads = 1})),
              chosen_price(plan_gaussian(layout, DType::f32, {.sigma = 3.0, .threads = 7})));
  }
}

TEST(Cost, OfNothingIsNothing) {
  EXPECT_EQ(chosen_price(plan_gaussian({{0, 5}, DType::f32}, DType::f32, {.sigma = 2.0})), 0);
  for (const Shape& shape : {Shape{}, Shape{1}}) {
    const double one = chosen_price(plan_gaussian({shape, DType::f32}, DType::f32, {.sigma = 2.0}));
    EXPECT_TRUE(std::isfinite(one));
    EXPECT_GT(one, 0);
  }
}

TEST(Cost, IsTold) {
  const Plan plan = plan_gaussian({{4096, 4096}, DType::f32}, DType::f32, {.sigma = 2.0, .tolerance = 1e-4});
  EXPECT_NE(plan.explain().find(" ns a sample (predicted)"), std::string::npos) << plan.explain();
  const nlohmann::json json = nlohmann::json::parse(plan.explain_json());
  for (std::size_t i = 0; i < plan.candidates().size(); ++i) {
    EXPECT_EQ(json["candidates"][i]["cost_ns_per_sample"], plan.candidates()[i].cost);
  }
}

}  // namespace
