// What bad input gets: every row of the contract's table that concerns the core. Nothing is written.
#include "support.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace gaussfilt::test {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
const Layout layout{{8, 9}, DType::f32};

std::string message(const GaussianOptions& options, const Layout& from = layout, DType to = DType::f32) {
  try {
    plan_gaussian(from, to, options);
  } catch (const InvalidArgument& error) {
    return error.what();
  } catch (const Unsupported& error) {
    return std::string("Unsupported: ") + error.what();
  }
  return "accepted";
}

bool has(const std::string& text, const std::string& word) { return text.find(word) != std::string::npos; }

TEST(BadSigma, IsNamedWithAxisAndValue) {
  EXPECT_EQ(message({.sigma = {1.0, -2.0}}), "sigma: axis 1 is -2, must be a finite number >= 0");
  EXPECT_EQ(message({.sigma = {-0.5, 1.0}}), "sigma: axis 0 is -0.5, must be a finite number >= 0");
  EXPECT_EQ(message({.sigma = {1.0, nan}}), "sigma: axis 1 is nan, must be a finite number >= 0");
  EXPECT_EQ(message({.sigma = {infinity, 1.0}}), "sigma: axis 0 is inf, must be a finite number >= 0");
  EXPECT_TRUE(has(message({.sigma = -2.0}), "sigma: "));
}

TEST(BadSigma, ZeroWithADerivativeIsRefused) {
  EXPECT_EQ(message({.sigma = {0.0, 1.0}}), "accepted");
  const std::string text = message({.sigma = {1.0, 0.0}, .order = {0, 1}});
  EXPECT_TRUE(has(text, "sigma")) << text;
  EXPECT_TRUE(has(text, "order")) << text;
  EXPECT_EQ(message({.sigma = {1.0, 0.0}, .order = {1, 0}}), "accepted");
}

TEST(BadOptions, AreNamedWithTheirValue) {
  struct Row {
    GaussianOptions options;
    std::string word, value;
  };
  const Row rows[] = {
      {{.truncate = 0.0}, "truncate", "0"},
      {{.truncate = -1.5}, "truncate", "-1.5"},
      {{.truncate = nan}, "truncate", "nan"},
      {{.radius = -3}, "radius", "-3"},
      {{.radius = {2, -7}}, "radius", "-7"},
      {{.order = -2}, "order", "-2"},
      {{.order = {0, -4}}, "order", "-4"},
      {{.tolerance = 0.0}, "tolerance", "0"},
      {{.tolerance = -1e-3}, "tolerance", "-0.001"},
      {{.tolerance = nan}, "tolerance", "nan"},
      {{.sigma = {1.0, 2.0, 3.0}}, "sigma", "3"},
      {{.order = {0, 1, 0}}, "order", "3"},
      {{.border = {Border::wrap, Border::wrap, Border::wrap}}, "border", "3"},
      {{.radius = {1, 2, 3}}, "radius", "3"},
      {{.sigma = {1.0, 2.0}, .axes = {0}}, "sigma", "2"},
      {{.axes = {0, 0}}, "axes", "0"},
      {{.axes = {1, -1}}, "axes", "1"},
      {{.axes = {2}}, "axes", "2"},
      {{.axes = {-3}}, "axes", "-3"},
      {{.truncate = 3.0, .radius = 5}, "truncate", "radius"},
      {{.sigma = 1e12}, "tolerance", "31 bits"},
      {{.sigma = 1.0, .radius = std::int64_t{1} << 40}, "tolerance", "31 bits"},
      {{.cval = {1.0, 2.0}}, "cval", "complex"},
      {{.threads = -1}, "threads", "-1"},
  };
  for (const Row& row : rows) {
    const std::string text = message(row.options);
    EXPECT_NE(text, "accepted") << row.word << " " << row.value;
    EXPECT_TRUE(has(text, row.word) && has(text, row.value)) << row.word << " " << row.value << ": " << text;
    EXPECT_FALSE(has(text, "Unsupported")) << text;
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 0) << text;
  }
}

TEST(BadOptions, EmptyListsAreRefused) {
  EXPECT_NE(message({.sigma = PerAxis<double>()}), "accepted");
  EXPECT_NE(message({.order = PerAxis<int>()}), "accepted");
  EXPECT_NE(message({.border = PerAxis<Border>()}), "accepted");
}

TEST(BadTolerance, BeyondF64NamesTheSmallest) {
  const std::string text = message({.sigma = 3.0, .tolerance = 1e-18}, {{64, 64}, DType::f64}, DType::f64);
  EXPECT_TRUE(has(text, "tolerance")) << text;
  EXPECT_TRUE(has(text, "1e-18")) << text;
  EXPECT_TRUE(has(text, "e-1")) << "no smallest tolerance named: " << text;
}

TEST(BadDtypes, AreUnsupported) {
  for (DType complex : {DType::c64, DType::c128}) {
    for (DType real : {DType::f32, DType::f64, DType::u8, DType::boolean}) {
      const std::string text = message({}, {{8, 9}, complex}, real);
      EXPECT_TRUE(has(text, "Unsupported")) << text;
      EXPECT_TRUE(has(text, std::string(name(real)))) << text;
    }
  }
}

TEST(BadDtypes, DerivativesOfIntegersDoNotWrap) {
  for (DType in : {DType::u8, DType::i16, DType::boolean, DType::u64}) {
    for (DType out : {DType::boolean, DType::u8, DType::u16, DType::u32, DType::u64}) {
      EXPECT_THROW(plan_gaussian({{8, 9}, in}, out, {.order = {0, 1}}), Error) << name(in) << " to " << name(out);
    }
    for (DType out : {DType::i8, DType::i16, DType::i32, DType::i64, DType::f16, DType::f32, DType::f64}) {
      EXPECT_NO_THROW(plan_gaussian({{8, 9}, in}, out, {.order = {0, 1}})) << name(in) << " to " << name(out);
    }
  }
  const std::string text = message({.order = 1}, {{8, 9}, DType::u8}, DType::u8);
  EXPECT_TRUE(has(text, "u8")) << text;
}

TEST(BadArrays, OfAnotherShapeOrDtypeAreRefused) {
  const Plan plan = plan_gaussian(layout, DType::u8, {});
  const Array in = make_array(DType::f32, {8, 9}, 1), other = make_array(DType::f32, {9, 8}, 1);
  const Array wide = make_array(DType::f64, {8, 9}, 1);
  Array out(DType::u8, {8, 9}), other_out(DType::u8, {9, 8}), wide_out(DType::f32, {8, 9});
  EXPECT_THROW(plan.run(other, out), InvalidArgument);
  EXPECT_THROW(plan.run(wide, out), InvalidArgument);
  EXPECT_THROW(plan.run(in, other_out), InvalidArgument);
  EXPECT_THROW(plan.run(in, wide_out), InvalidArgument);
  EXPECT_THROW(gaussian(in, other_out), InvalidArgument);
  EXPECT_THROW(gaussian(in, Array(DType::u8, {8, 9, 1})), InvalidArgument);
  EXPECT_EQ(bytes_of(out), std::vector<std::byte>(72)) << "something was written";
}

class Overlap : public testing::Test {
 protected:
  static MutableView view(float* at, const Shape& shape, const Strides& strides) {
    return {at, DType::f32, shape, strides};
  }
  float items_[400] = {};
};

TEST_F(Overlap, InPartIsRefused) {
  const Shape shape{10, 10};
  const Strides rows{80, 4};
  const auto refused = [&](const View& in, const MutableView& out) {
    EXPECT_THROW(gaussian(in, out, {.sigma = 1.0}), InvalidArgument);
    EXPECT_TRUE(std::all_of(std::begin(items_), std::end(items_), [](float v) { return v == 0; }));
  };
  refused(view(items_, shape, rows), view(items_ + 1, shape, rows));
  refused(view(items_, shape, rows), view(items_ + 20, shape, rows));
  refused(view(items_ + 9, shape, rows), view(items_, shape, rows));
  refused(view(items_, shape, {40, 4}), view(items_, shape, {4, 40}));
  refused(view(items_, shape, {40, 4}), view(items_ + 90, shape, {-40, 4}));
  refused(View(reinterpret_cast<char*>(items_) + 2, DType::f32, shape, rows), view(items_, shape, rows));
  // One item in common.
  refused(view(items_, shape, {40, 4}), view(items_ + 99, shape, {40, 4}));
}

TEST_F(Overlap, OfTheSameBytesInAnotherDtypeIsRefused) {
  const View in(items_, DType::u32, {10, 10});
  EXPECT_THROW(gaussian(in, MutableView(items_, Shape{10, 10}), {.sigma = 1.0}), InvalidArgument);
}

TEST_F(Overlap, DisjointItemsInterleavedAreFine) {
  for (float& item : items_) item = 1;
  const auto fine = [&](const View& in, const MutableView& out) { EXPECT_NO_THROW(gaussian(in, out)); };
  fine(view(items_, {10, 10}, {80, 8}), view(items_ + 1, {10, 10}, {80, 8}));                  // even and odd columns
  fine(view(items_, {10, 10}, {80, 4}), view(items_ + 10, {10, 10}, {80, 4}));                 // left and right halves
  fine(view(items_, {10, 10}, {160, 4}), view(items_ + 20, {10, 10}, {160, 4}));               // even and odd rows
  fine(view(items_, {5, 6, 2}, {72, 12, 4}), view(items_ + 2, {5, 6, 2}, {72, 12, 4 * 100}));  // two of three channels
  fine(view(items_, {10, 10}, {40, 4}), view(items_ + 100, {10, 10}, {40, 4}));                // one after the other
  fine(view(items_ + 99, {10, 10}, {-40, -4}), view(items_ + 100, {10, 10}, {40, 4}));
}

TEST_F(Overlap, OfTheSameViewIsInPlace) {
  Random random(2);
  for (float& item : items_) item = static_cast<float>(random.uniform());
  const MutableView both = view(items_ + 190, {10, 10}, {-40, 4});
  Array want(DType::f32, {10, 10});
  gaussian(both, want, {.sigma = 2.0});
  gaussian(both, both, {.sigma = 2.0});
  EXPECT_EQ(bytes_of(both), bytes_of(want));
}

TEST_F(Overlap, OfItemsWithinTheOutputIsRefused) {
  const Array in = make_array(DType::f32, {10, 10}, 1);
  EXPECT_THROW(gaussian(in, view(items_, {10, 10}, {0, 4})), InvalidArgument);
  EXPECT_THROW(gaussian(in, view(items_, {10, 10}, {40, 0})), InvalidArgument);
  EXPECT_THROW(gaussian(in, view(items_, {10, 10}, {4, 4})), InvalidArgument);
  EXPECT_THROW(gaussian(in, view(items_, {10, 10}, {40, 2})), InvalidArgument);
  EXPECT_THROW(gaussian(in, view(items_, {10, 10}, {36, 4})), InvalidArgument);
  EXPECT_TRUE(std::all_of(std::begin(items_), std::end(items_), [](float v) { return v == 0; }));
  // A stride never taken is of no account.
  const Array row = make_array(DType::f32, {1, 10}, 1);
  EXPECT_NO_THROW(gaussian(row, view(items_, {1, 10}, {0, 4})));
}

TEST_F(Overlap, OfRegionAndSourceIsRefused) {
  const Plan plan = plan_gaussian({{20, 20}, DType::f32}, DType::f32, {.sigma = 1.0});
  const View whole(items_, Shape{20, 20});
  EXPECT_THROW(plan.run_region(whole, {0, 0}, view(items_ + 84, {5, 5}, {80, 4}), {4, 4}), InvalidArgument);
}

TEST(BadSeparable, IsRefused) {
  const auto refused = [](const SeparableOptions& options) {
    EXPECT_THROW(plan_separable(layout, DType::f32, options), InvalidArgument);
  };
  refused({});
  refused({.kernels = {Kernel{}}});
  refused({.kernels = {Kernel{{1, 2, 1}, 3}}});
  refused({.kernels = {Kernel{{1, 2, 1}, -1}}});
  refused({.kernels = {Kernel{{1}, 0}, Kernel{{1}, 0}, Kernel{{1}, 0}}});
  refused({.kernels = {Kernel{{1}, 0}}, .axes = {4}});
  refused({.kernels = {Kernel{{1, nan, 1}, 1}}});
}

}  // namespace
}  // namespace gaussfilt::test
