// Method integer: its bound against the reference, the same bytes on every target and in any memory, and when it is
// chosen.
#include "support.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace gaussfilt::test {
namespace {

constexpr double eighth = 0.125 / 255;  // of a grey level
constexpr double endless = std::numeric_limits<double>::infinity();
constexpr Border all_borders[] = {Border::reflect, Border::mirror, Border::nearest, Border::wrap, Border::constant};

template <class Value> Array filled(const Shape& shape, const Value& value) {
  Array array(DType::u8, shape);
  auto* const items = static_cast<std::uint8_t*>(array.data());
  for (std::int64_t i = 0; i < array.size(); ++i) items[i] = static_cast<std::uint8_t>(value(i));
  return array;
}

// What brings out the worst of whole taps: extremes side by side, at every period of a few samples.
std::vector<Array> hard_pictures(std::int64_t height, std::int64_t width) {
  const Shape shape{height, width};
  Random random(3);
  std::vector<Array> list;
  for (std::int64_t period : {1, 2, 3, 5}) {
    list.push_back(filled(shape, [&](std::int64_t i) { return (i / width / period + i % width / period) % 2 * 255; }));
    list.push_back(filled(shape, [&](std::int64_t i) { return i % width / period % 2 * 255; }));
    list.push_back(filled(shape, [&](std::int64_t i) { return i / width / period % 2 * 255; }));
  }
  list.push_back(filled(shape, [&](std::int64_t) { return random.below(2) * 255; }));
  list.push_back(filled(shape, [&](std::int64_t) { return random.below(256); }));
  list.push_back(filled(shape, [&](std::int64_t) { return 127 + random.below(2); }));
  list.push_back(filled(shape, [&](std::int64_t i) { return i == height / 2 * width + width / 2 ? 255 : 0; }));
  list.push_back(filled(shape, [&](std::int64_t i) { return i == 0 ? 0 : 255; }));
  return list;
}

void expect_within_bound(const Plan& plan, const View& in, const GaussianOptions& options, const std::string& what) {
  Array out(DType::u8, in.shape());
  plan.run(in, out);
  const reference::Result want = expected(in, options);
  const Comparison result = compare(out, want.values, static_cast<Real>(plan.error_bound()) * want.n * want.m);
  EXPECT_EQ(result.failure, "") << what;
  EXPECT_LE(result.worst, 0.5 + plan.error_bound() * 255) << what;
}

std::string text(const GaussianOptions& options, const Shape& shape) {
  return test::text(shape) + ", sigma " + std::to_string(options.sigma[0]) + ", border " +
         std::string(name(options.border[0]));
}

TEST(IntegerTest, HoldsItsBoundAtEverySigma) {
  for (double sigma : {0.01, 0.3, 0.5, 0.7, 0.8, 1.0, 1.3, 2.0, 3.3, 5.0, 8.0, 13.0, 20.0, 60.0, 200.0}) {
    for (double truncate : {endless, 4.0}) {
      const GaussianOptions options{
          .sigma = sigma, .truncate = truncate, .tolerance = eighth, .method = Method::integer};
      const Shape shape{23, 41};
      const Plan plan = plan_gaussian({shape, DType::u8}, DType::u8, options);
      ASSERT_EQ(plan.method(), Method::integer) << sigma;
      ASSERT_LE(plan.error_bound(), eighth) << sigma;
      for (const Array& in : hard_pictures(shape[0], shape[1])) {
        expect_within_bound(plan, in, options, text(options, shape));
      }
    }
  }
}

// The input that an error of the taps sees at its worst: each sample at the end of its range that the sign of the error
// asks for. The cut's share is left out, so that the rest is what is tested.
TEST(IntegerTest, HoldsItsBoundWhereTheTapsAreMostWrong) {
  for (double sigma : {0.8, 1.0, 2.0, 5.0, 12.0}) {
    const std::int64_t radius = static_cast<std::int64_t>(4 * sigma + 0.5), n = 2 * radius + 1;
    const GaussianOptions options{.sigma = sigma, .truncate = 4.0, .tolerance = eighth, .method = Method::integer};
    const Kernel kernel = gaussian_kernel(sigma, 0, radius);
    for (int bits = 14; bits <= 22; ++bits) {
      const std::vector<std::int64_t> whole = integer_taps(kernel, std::int64_t{1} << bits);
      const auto wrong = [&](std::int64_t i) {
        const auto at = static_cast<std::size_t>(i);
        return std::ldexp(static_cast<double>(whole[at]), -bits) > kernel.taps[at];
      };
      const Array both = filled({n, n}, [&](std::int64_t i) { return wrong(i / n) != wrong(i % n) ? 255 : 0; });
      const Array along = filled({n, n}, [&](std::int64_t i) { return wrong(i % n) ? 255 : 0; });
      const Plan plan = plan_gaussian(both.layout(), DType::u8, options);
      ASSERT_EQ(plan.method(), Method::integer);
      ASSERT_LT(plan.error_bound(), eighth / 2) << "without a cut";
      expect_within_bound(plan, both, options, text(options, both.shape()));
      expect_within_bound(plan, along, options, text(options, both.shape()));
    }
  }
}

TEST(IntegerTest, HoldsItsBoundAtEveryBorderAndLength) {
  for (Border border : all_borders) {
    for (std::int64_t n : {1, 2, 3, 5, 8, 17, 31, 33, 63, 64, 65, 130, 200}) {
      for (double cval : {0.0, 37.0, 255.0}) {
        if (border != Border::constant && cval != 0) continue;
        const GaussianOptions options{.sigma = 2.5, .border = border, .cval = cval, .tolerance = eighth};
        for (const Shape& shape : {Shape{n, 7}, Shape{7, n}, Shape{n}, Shape{3, n, 2}}) {
          GaussianOptions picture = options;
          if (shape.rank() == 3) picture.axes = {0, 1};
          const Array in = make_array(DType::u8, shape, 9, Pattern::noise);
          const Plan plan = plan_gaussian(in.layout(), DType::u8, picture);
          ASSERT_EQ(plan.method(), Method::integer);
          expect_within_bound(plan, in, picture, text(picture, shape));
        }
      }
    }
  }
}

TEST(IntegerTest, KeepsConstants) {
  for (double sigma : {0.01, 0.6, 1.0, 4.0, 30.0}) {
    for (int value = 0; value <= 255; ++value) {
      const Array in = constant_array(DType::u8, {9, 70}, value);
      Array out(DType::u8, in.shape());
      gaussian(in, out, {.sigma = sigma, .border = Border::constant, .cval = value, .tolerance = eighth});
      EXPECT_TRUE(bytes_of(out) == bytes_of(in)) << value << ", sigma " << sigma;
    }
  }
}

struct Case {
  Shape shape;
  GaussianOptions options;
};

std::vector<Case> cases() {
  std::vector<Case> list;
  for (std::int64_t channels = 1; channels <= 6; ++channels) {
    list.push_back({{37, 83, channels}, {.sigma = 1.7, .axes = {0, 1}, .tolerance = eighth}});
  }
  list.push_back({{37, 83, 40}, {.sigma = 3.0, .border = Border::wrap, .axes = {0, 1}, .tolerance = eighth}});
  list.push_back({{45, 83, 3}, {.sigma = 30.0, .border = Border::mirror, .axes = {0, 1}, .tolerance = eighth}});
  list.push_back({{5, 47, 90}, {.sigma = {1.0, 2.0}, .axes = {1, 2}, .tolerance = eighth}});
  list.push_back({{5, 47, 90}, {.sigma = {1.0, 2.0}, .axes = {2, 0}, .tolerance = eighth}});
  list.push_back({{90, 70}, {.sigma = 2.0, .axes = {0}, .tolerance = eighth}});
  list.push_back({{90, 70}, {.sigma = 2.0, .axes = {1}, .tolerance = eighth}});
  list.push_back({{300}, {.sigma = 5.0, .border = Border::nearest, .tolerance = eighth}});
  list.push_back({{70, 300}, {.sigma = {0.0, 4.0}, .border = Border::constant, .cval = 9.0, .tolerance = eighth}});
  return list;
}

// On every target, on any number of threads, whatever the strides, in place.
TEST(IntegerTest, GivesTheSameBytesEverywhere) {
  for (Case test : cases()) {
    const Array in = make_array(DType::u8, test.shape, 21);
    test.options.threads = 1;
    test.options.method = Method::integer;
    const Plan plan = plan_gaussian(in.layout(), DType::u8, test.options);
    expect_within_bound(plan, in, test.options, text(test.options, test.shape));
    Array out(DType::u8, test.shape);
    plan.run(in, out);
    const std::vector<std::byte> want = bytes_of(out);
    for (const std::string& target : cpu_targets()) {
      force_cpu_target(target);
      for (Style style : all_styles) {
        Strided from(style, in), to(style, DType::u8, test.shape);
        plan.run(from, to);
        EXPECT_TRUE(bytes_of(to) == want)
            << target << ", style " << static_cast<int>(style) << ", " << text(test.options, test.shape);
        EXPECT_TRUE(to.gaps_untouched()) << target << ", style " << static_cast<int>(style);
        plan.run(from, from);
        EXPECT_TRUE(bytes_of(from) == want) << target << ", in place, style " << static_cast<int>(style);
      }
      force_cpu_target("");
    }
    test.options.threads = 3;
    plan_gaussian(in.layout(), DType::u8, test.options).run(in, out);
    EXPECT_TRUE(bytes_of(out) == want) << "three threads, " << text(test.options, test.shape);
  }
}

// Taps that are multiples of a power of two: nothing is lost before the result, ties go to even as they do in f64.
void expect_exact(const Array& in, const Kernel& first, const Kernel& second, Border border) {
  SeparableOptions options{.kernels = {first, second}, .border = border, .cval = 7.0, .axes = {0, 1}};
  const Plan plan = plan_separable(in.layout(), DType::u8, options);
  ASSERT_EQ(plan.method(), Method::integer) << plan.explain();
  EXPECT_EQ(plan.error_bound(), 0);
  options.precision = Precision::f64;
  Array out(DType::u8, in.shape()), want(DType::u8, in.shape());
  separable(in, want, options);
  for (const std::string& target : cpu_targets()) {
    force_cpu_target(target);
    plan.run(in, out);
    force_cpu_target("");
    EXPECT_TRUE(bytes_of(out) == bytes_of(want)) << target << ", border " << name(border);
  }
}

TEST(IntegerTest, IsExactWhereTheTapsAre) {
  const Kernel identity{{1}, 0}, half{{0.25, 0.5, 0.25}, 1}, cubic{{1 / 16., 4 / 16., 6 / 16., 4 / 16., 1 / 16.}, 2},
      binomial{{1 / 64., 6 / 64., 15 / 64., 20 / 64., 15 / 64., 6 / 64., 1 / 64.}, 3}, gap{{0.25, 0, 0.5, 0, 0.25}, 2};
  for (const Kernel& first : {identity, half, cubic, binomial, gap}) {
    for (const Kernel& second : {identity, half, cubic, binomial, gap}) {
      for (const Shape& shape : {Shape{41, 83}, Shape{13, 29, 3}, Shape{2, 3}}) {
        expect_exact(make_array(DType::u8, shape, 4), first, second, Border::reflect);
      }
    }
  }
  for (Border border : all_borders) {
    for (const Array& in : hard_pictures(23, 41)) expect_exact(in, cubic, binomial, border);
  }
}

TEST(IntegerTest, IsExactAlongOneAxis) {
  for (const Shape& shape : {Shape{41, 83}, Shape{13, 29, 3}, Shape{300}}) {
    for (int axis = 0; axis < std::min(shape.rank(), 2); ++axis) {
      const Array in = make_array(DType::u8, shape, 4);
      SeparableOptions options{.kernels = {{{0.25, 0.5, 0.25}, 1}}, .axes = {axis}};
      ASSERT_EQ(plan_separable(in.layout(), DType::u8, options).method(), Method::integer);
      Array out(DType::u8, shape), want(DType::u8, shape);
      separable(in, out, options);
      options.precision = Precision::f64;
      separable(in, want, options);
      EXPECT_TRUE(bytes_of(out) == bytes_of(want)) << test::text(shape) << ", axis " << axis;
    }
  }
}

TEST(IntegerTest, TakesProductsThatAreExact) {
  const double line[] = {1, 4, 6, 4, 1};
  for (double scale : {256.0, 255.0}) {
    DenseKernel kernel{{}, {5, 5}};
    for (double u : line) {
      for (double v : line) kernel.values.push_back(u * v / scale);
    }
    const Array in = make_array(DType::u8, {41, 83}, 4);
    const Plan plan = plan_correlate(in.layout(), DType::u8, kernel, {});
    EXPECT_EQ(plan.method(), scale == 256 ? Method::integer : Method::separable) << plan.explain();
    Array out(DType::u8, in.shape()), want(DType::u8, in.shape());
    plan.run(in, out);
    correlate(in, want, kernel, {.precision = Precision::f64});
    EXPECT_TRUE(bytes_of(out) == bytes_of(want)) << scale;
  }
}

TEST(IntegerTest, LeavesOtherTapsToFloats) {
  const auto method = [](const Kernel& kernel, DType out = DType::u8, Like like = Like::gaussfilt) {
    const SeparableOptions options{.kernels = {kernel}, .like = like};
    return plan_separable({{64, 64}, DType::u8}, out, options).method();
  };
  const Kernel half{{0.25, 0.5, 0.25}, 1};
  EXPECT_EQ(method(half), Method::integer);
  EXPECT_EQ(method(half, DType::i16), Method::separable);
  EXPECT_EQ(method(half, DType::u8, Like::scipy), Method::separable);
  EXPECT_EQ(method({{1 / 3., 1 / 3., 1 / 3.}, 1}), Method::separable) << "no multiples of a power of two";
  EXPECT_EQ(method({{0.5, 0.5}, 0}), Method::separable) << "not even";
  EXPECT_EQ(method({{0.25, 0.5, 0.25}, 0}), Method::separable) << "not about the centre";
  EXPECT_EQ(method({{-0.25, 1.5, -0.25}, 1}), Method::separable) << "negative";
  EXPECT_EQ(method({{0.25, 0.25, 0.25}, 1}), Method::separable) << "of another sum";
  EXPECT_EQ(method({{1 / 512., 510 / 512., 1 / 512.}, 1}), Method::separable) << "too fine between two axes";
}

Method method_for(DType in, DType out, const GaussianOptions& options, const Shape& shape = {64, 64}) {
  return plan_gaussian({shape, in}, out, options).method();
}

TEST(IntegerTest, IsChosenByTheProblemAlone) {
  const GaussianOptions usual{.sigma = 2.0, .tolerance = eighth};
  EXPECT_EQ(method_for(DType::u8, DType::u8, usual), Method::integer);
  GaussianOptions other = usual;
  other.tolerance = std::nullopt;
  EXPECT_EQ(method_for(DType::u8, DType::u8, other), Method::separable) << "without a tolerance";
  other.tolerance = 1e-5;
  EXPECT_EQ(method_for(DType::u8, DType::u8, other), Method::separable) << "a bound that integers do not meet";
  EXPECT_EQ(method_for(DType::u8, DType::f32, usual), Method::separable);
  EXPECT_EQ(method_for(DType::u16, DType::u8, usual), Method::separable);
  EXPECT_EQ(method_for(DType::u8, DType::u8, usual, {9, 9, 9}), Method::separable) << "three axes";
  other = usual;
  other.border = Border::constant;
  EXPECT_EQ(method_for(DType::u8, DType::u8, other), Method::integer);
  for (double cval : {0.5, -1.0, 256.0}) {
    other.cval = cval;
    EXPECT_EQ(method_for(DType::u8, DType::u8, other), Method::separable) << "cval " << cval;
  }
}

TEST(IntegerTest, SaysWhatItIs) {
  const Plan plan = plan_gaussian({{64, 48}, DType::u8}, DType::u8, {.sigma = 2.0, .tolerance = eighth});
  EXPECT_EQ(plan.working_dtype(), DType::i32);
  EXPECT_NE(plan.explain().find("chosen: integer in i32"), std::string::npos) << plan.explain();
  EXPECT_NE(plan.explain().find("weights of 17 bits"), std::string::npos) << plan.explain();
  EXPECT_NE(plan.explain().find("fractions of"), std::string::npos) << plan.explain();
  const nlohmann::json json = nlohmann::json::parse(plan.explain_json());
  EXPECT_EQ(json["working"], "i32");
  EXPECT_EQ(json["axes"][0]["weight_bits"], 17);
  for (const Candidate& candidate : plan.candidates()) {
    EXPECT_EQ(candidate.why_not.empty(), candidate.method == Method::integer);
  }
}

}  // namespace
}  // namespace gaussfilt::test
