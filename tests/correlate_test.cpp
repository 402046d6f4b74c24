// Kernels of any shape: random ones against the definition, on every dtype and border; which of them are found to be a
// product of lines; and that neither threads nor memory nor regions change a byte.
#include "support.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

namespace gaussfilt::test {
namespace {

constexpr Border all_borders[] = {Border::reflect, Border::mirror, Border::nearest, Border::wrap, Border::constant};

enum class Values : std::uint8_t { noise, whole, sparse, product, whole_product, smooth };
constexpr Values all_values[] = {Values::noise,   Values::whole,         Values::sparse,
                                 Values::product, Values::whole_product, Values::smooth};

struct Case {
  DType in = DType::f32, out = DType::f32;
  Shape shape = {};
  DenseKernel kernel = {};
  CorrelateOptions options = {};
  std::vector<int> axes = {};
  std::vector<std::int64_t> origins = {};
  std::vector<Border> borders = {};
  std::uint64_t seed = 0;
  Pattern pattern = Pattern::noise;

  Array input() const { return make_array(in, shape, seed, pattern); }
  std::string text() const {
    std::string all = std::string(name(in)) + " to " + std::string(name(out)) + ", " + test::text(shape) + ", kernel " +
                      test::text(kernel.shape) + ", seed " + std::to_string(seed) + ", pattern " +
                      std::to_string(static_cast<int>(pattern));
    for (std::size_t k = 0; k < axes.size(); ++k) {
      all += "; axis " + std::to_string(axes[k]) + " origin " + std::to_string(origins[k]) + " " +
             std::string(name(borders[k]));
    }
    return all;
  }
};

double value(Random& random, Values values) {
  const double unit = 2 * random.uniform() - 1;
  if (values == Values::whole || values == Values::whole_product) return std::nearbyint(4 * unit);
  if (values == Values::sparse) return random.below(3) == 0 ? unit : 0;
  return unit;
}

DenseKernel make_kernel(Random& random, const Shape& shape, Values values) {
  DenseKernel kernel{.values = std::vector<double>(static_cast<std::size_t>(shape.product()), 1.0), .shape = shape};
  const bool product = values == Values::product || values == Values::whole_product || values == Values::smooth;
  std::vector<std::vector<double>> lines;
  for (int axis = 0; product && axis < shape.rank(); ++axis) {
    std::vector<double> line;
    for (std::int64_t i = 0; i < shape[axis]; ++i) {
      const auto from_middle = static_cast<double>(2 * i + 1 - shape[axis]);
      line.push_back(values == Values::smooth ? std::exp(-0.05 * from_middle * from_middle) : value(random, values));
    }
    lines.push_back(line);
  }
  for (std::size_t place = 0; place < kernel.values.size(); ++place) {
    auto rest = static_cast<std::int64_t>(place);
    if (!product) kernel.values[place] = value(random, values);
    for (std::size_t axis = lines.size(); axis-- > 0;) {
      kernel.values[place] *= lines[axis][static_cast<std::size_t>(rest % shape[static_cast<int>(axis)])];
      rest /= shape[static_cast<int>(axis)];
    }
  }
  kernel.values[static_cast<std::size_t>(random.below(shape.product()))] += values == Values::sparse ? 1 : 0;
  return kernel;
}

DType output_of(Random& random, DType in) {
  const auto dtypes = all_dtypes();
  const DType out = dtypes[static_cast<std::size_t>(random.below(static_cast<std::int64_t>(dtypes.size())))];
  return is_complex(in) && !is_complex(out) ? in : out;
}

Case make_case(std::uint64_t seed) {
  Random random(seed);
  constexpr std::int64_t longest[] = {1, 90, 30, 11, 6, 4};
  Case c{.seed = seed};
  const int rank = static_cast<int>(random.below(6));
  Shape kernel;
  for (int axis = 0; axis < rank; ++axis) {
    c.shape.push_back(1 + random.below(longest[rank]));
    if (random.below(4) == 0) continue;
    c.axes.push_back(axis);
    kernel.push_back(1 + random.below(rank > 3 ? 4 : rank > 2 ? 6 : 20));
    c.borders.push_back(all_borders[random.below(5)]);
    const std::int64_t size = kernel[kernel.rank() - 1];
    c.origins.push_back(random.below(3) > 0 ? 0 : random.below(size) - size / 2);
  }
  const auto dtypes = all_dtypes();
  c.in = dtypes[static_cast<std::size_t>(random.below(static_cast<std::int64_t>(dtypes.size())))];
  c.out = output_of(random, c.in);
  c.pattern = all_patterns[random.below(5)];
  c.kernel = make_kernel(random, kernel, all_values[random.below(6)]);
  if (random.below(4) == 0 && c.axes.size() > 1) {  // the kernel's first axis lies along the array's last
    std::swap(c.axes.front(), c.axes.back());
  }
  c.options.axes = Axes(c.axes);
  if (!c.axes.empty()) {
    c.options.border = PerAxis<Border>(c.borders);
    c.options.origin = PerAxis<std::int64_t>(c.origins);
  }
  c.options.cval = random.below(2) == 0 ? 0.0 : 0.75;
  if (random.below(2) == 0) c.options.factor = random.below(2) == 0 ? 0.125 : -1.7;
  if (random.below(3) == 0) c.options.bias = 2.3;
  c.options.threads = static_cast<int>(1 + random.below(3));
  return c;
}

reference::Result expected(const Case& c, const View& in) {
  reference::Dense dense{.axes = c.axes, .borders = c.borders, .factor = c.options.factor, .bias = c.options.bias};
  dense.values.assign(c.kernel.values.begin(), c.kernel.values.end());
  for (std::size_t k = 0; k < c.axes.size(); ++k) {
    dense.shape.push_back(c.kernel.shape[static_cast<int>(k)]);
    dense.centre.push_back(dense.shape.back() / 2 + c.origins[k]);
  }
  return reference::correlate(in, dense, c.options.cval);
}

constexpr std::uint64_t rounds = 3000;

TEST(CorrelateTest, HoldsItsBoundOnRandomProblems) {
  int products = 0;
  for (std::uint64_t seed = 1; seed <= rounds; ++seed) {
    const Case c = make_case(seed);
    const Array in = c.input();
    Array out(c.out, c.shape);
    const Plan plan = plan_correlate(in.layout(), c.out, c.kernel, c.options);
    plan.run(in, out);
    products += plan.method() == Method::separable ? 1 : 0;
    const reference::Result exact = expected(c, in);
    const Real error = (plan.error_bound() + 1e-18L) * exact.n * exact.m + 1e-7L * static_cast<Real>(exact.n == 0);
    ASSERT_EQ(compare(out, exact.values, error).failure, "") << c.text() << "\n" << plan.explain();
    ASSERT_LT(plan.error_bound(), 1e-4) << c.text();
  }
  EXPECT_GT(products, static_cast<int>(rounds / 20));
}

TEST(CorrelateTest, ConvolvesWithTheKernelTurned) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Case c = make_case(seed);
    const Array in = c.input();
    Array out(c.out, c.shape), want(c.out, c.shape);
    convolve(in, out, c.kernel, c.options);
    std::ranges::reverse(c.kernel.values);
    for (std::size_t k = 0; k < c.axes.size(); ++k) {
      c.origins[k] = -c.origins[k] - (c.kernel.shape[static_cast<int>(k)] % 2 == 0 ? 1 : 0);
    }
    if (!c.axes.empty()) c.options.origin = PerAxis<std::int64_t>(c.origins);
    correlate(in, want, c.kernel, c.options);
    ASSERT_TRUE(bytes_of(out) == bytes_of(want)) << c.text();
  }
}

TEST(CorrelateTest, AnImpulseGivesTheKernelBack) {
  Random random(3);
  const DenseKernel kernel = make_kernel(random, {3, 4, 5}, Values::noise);
  Array in(DType::f64, {9, 9, 9}), out(DType::f64, {9, 9, 9});
  in.items<double>()[4 * 81 + 4 * 9 + 4] = 1;
  convolve(in, out, kernel);
  const View middle = part(View(out), {3, 2, 2}, {3, 4, 5});  // an even kernel's centre is its middle's right
  EXPECT_TRUE(bytes_of(middle) == bytes_of(View(kernel.values.data(), DType::f64, kernel.shape)));
}

// ---- the same bytes ----

struct Subject {
  std::string name;
  DType in, out;
  Shape shape;
  std::vector<int> axes;
  Shape kernel;
  Border border;
  Like like = Like::gaussfilt;
  double factor = 1, bias = 0;
};

std::vector<Subject> subjects() {
  return {
      {"picture_u8", DType::u8, DType::u8, {611, 1407}, {0, 1}, {3, 3}, Border::reflect},
      {"picture_f32", DType::f32, DType::f32, {411, 2407}, {0, 1}, {5, 5}, Border::mirror},
      {"picture_f64", DType::f64, DType::f64, {301, 907}, {0, 1}, {7, 7}, Border::nearest},
      {"channels_u8", DType::u8, DType::i16, {403, 551, 3}, {0, 1}, {5, 4}, Border::wrap, Like::gaussfilt, 0.1, 12.5},
      {"columns", DType::u16, DType::u16, {500, 900}, {0}, {9}, Border::constant},
      {"rows", DType::u16, DType::f32, {300, 1900}, {1}, {11}, Border::reflect},
      {"volume_f32", DType::f32, DType::f32, {33, 60, 190}, {0, 1, 2}, {3, 5, 3}, Border::mirror},
      {"volume_outer_axes", DType::f32, DType::f32, {33, 60, 190}, {0, 1}, {3, 3}, Border::wrap},
      {"swapped_axes", DType::f32, DType::f32, {300, 310}, {1, 0}, {3, 5}, Border::constant},
      {"complex", DType::c64, DType::c64, {170, 330}, {0, 1}, {3, 3}, Border::constant, Like::gaussfilt, 2, 1},
      {"real_to_complex", DType::f64, DType::c128, {170, 330}, {0, 1}, {3, 4}, Border::reflect},
      {"scipy_i32", DType::i32, DType::i32, {190, 433}, {0, 1}, {4, 5}, Border::wrap, Like::scipy},
      {"scipy_bool", DType::u8, DType::boolean, {190, 433}, {0, 1}, {3, 3}, Border::mirror, Like::scipy},
      {"long_kernel", DType::f32, DType::f32, {40, 50}, {0, 1}, {61, 83}, Border::reflect},
      {"long_samples", DType::u8, DType::u8, {30, 40, 700}, {0, 1}, {3, 3}, Border::reflect},
      {"rank6", DType::f64, DType::f64, {4, 3, 5, 2, 6, 7}, {5, 2, 0}, {2, 3, 2}, Border::wrap},
  };
}

class Correlate : public testing::TestWithParam<Subject> {
 protected:
  DenseKernel kernel() const {
    Random random(5);
    DenseKernel kernel = make_kernel(random, GetParam().kernel, Values::noise);
    for (double& w : kernel.values) w /= static_cast<double>(kernel.values.size());
    return kernel;
  }
  Array input() const { return make_array(GetParam().in, GetParam().shape, 7, Pattern::noise); }
  Plan plan(DType in, int threads) const {
    return plan_correlate({GetParam().shape, in}, GetParam().out, kernel(),
                          {.border = GetParam().border,
                           .cval = 0.5,
                           .axes = Axes(GetParam().axes),
                           .like = GetParam().like,
                           .factor = GetParam().factor,
                           .bias = GetParam().bias,
                           .threads = threads});
  }
  std::vector<std::byte> whole() const {
    Array out(GetParam().out, GetParam().shape);
    plan(GetParam().in, 1).run(input(), out);
    return bytes_of(out);
  }
};

TEST_P(Correlate, GivesTheSameBytesOnAnyNumberOfThreads) {
  const std::vector<std::byte> want = whole();
  for (const int threads : {2, 3, 7}) {
    Array out(GetParam().out, GetParam().shape);
    plan(GetParam().in, threads).run(input(), out);
    EXPECT_TRUE(bytes_of(out) == want) << threads;
  }
}

TEST_P(Correlate, GivesTheSameBytesInAnyMemory) {
  const std::vector<std::byte> want = whole();
  for (const Style style : all_styles) {
    Strided out(style, GetParam().out, GetParam().shape);
    plan(GetParam().in, 2).run(Strided(style, input()), out);
    EXPECT_TRUE(bytes_of(out) == want) << static_cast<int>(style);
    EXPECT_TRUE(out.gaps_untouched());
  }
}

TEST_P(Correlate, GivesTheSameBytesInPlace) {
  Array apart(GetParam().out, GetParam().shape), both = make_array(GetParam().out, GetParam().shape, 5);
  const Plan plan = this->plan(GetParam().out, 2);
  plan.run(both, apart);
  plan.run(both, both);
  EXPECT_TRUE(bytes_of(both) == bytes_of(apart));
}

TEST_P(Correlate, GivesTheSameBytesByRegions) {
  const Array in = input();
  const Plan plan = this->plan(GetParam().in, 2);
  const std::vector<std::byte> want = whole();
  const View all(want.data(), GetParam().out, GetParam().shape);
  Random random(11);
  for (int round = 0; round < 12; ++round) {
    Index origin = Extents::filled(in.rank(), 0);
    Shape shape = GetParam().shape;
    for (int axis = 0; axis < in.rank(); ++axis) {
      if (random.below(3) == 0) continue;
      origin[axis] = random.below(GetParam().shape[axis]);
      shape[axis] = 1 + random.below(GetParam().shape[axis] - origin[axis]);
    }
    const Window need = plan.source_window(origin, shape);
    Array out(GetParam().out, shape);
    plan.run_region(part(View(in), need.origin, need.shape), need.origin, out, origin);
    EXPECT_TRUE(bytes_of(out) == bytes_of(part(all, origin, shape))) << text(origin) << " + " << text(shape);
  }
}

TEST_P(Correlate, HoldsItsBoundOnEveryTarget) {
  const Subject& subject = GetParam();
  if (subject.like == Like::scipy) return;  // cut towards zero
  Case c{.in = subject.in, .out = subject.out, .shape = subject.shape, .kernel = kernel(), .axes = subject.axes};
  c.options.cval = 0.5;
  c.options.factor = subject.factor, c.options.bias = subject.bias;
  c.origins.assign(subject.axes.size(), 0);
  c.borders.assign(subject.axes.size(), subject.border);
  c.shape[0] = std::min<std::int64_t>(c.shape[0], 40);  // the definition is slow
  const Array in = make_array(subject.in, c.shape, 7, Pattern::noise);
  const reference::Result exact = expected(c, in);
  for (const std::string& target : cpu_targets()) {
    force_cpu_target(target);
    Array out(subject.out, c.shape);
    c.options.axes = Axes(c.axes);
    c.options.border = subject.border;
    const Plan plan = plan_correlate(in.layout(), subject.out, c.kernel, c.options);
    plan.run(in, out);
    EXPECT_EQ(compare(out, exact.values, plan.error_bound() * exact.n * exact.m).failure, "") << target;
  }
  force_cpu_target("");
}

INSTANTIATE_TEST_SUITE_P(Subjects, Correlate, testing::ValuesIn(subjects()),
                         [](const auto& param) { return param.param.name; });

// ---- products of lines ----

Plan plan_of(const DenseKernel& kernel, DType dtype = DType::f32, const CorrelateOptions& options = {}) {
  return plan_correlate({{64, 64}, dtype}, dtype, kernel, options);
}

TEST(CorrelateProducts, AreFoundWithoutAResidualInWholeNumbers) {
  const DenseKernel binomial{{1, 4, 6, 4, 1, 4, 16, 24, 16, 4, 6, 24, 36, 24, 6, 4, 16, 24, 16, 4, 1, 4, 6, 4, 1},
                             {5, 5}};
  const Plan plan = plan_of(binomial, DType::u8, {.factor = 1.0 / 256});
  EXPECT_EQ(plan.method(), Method::separable);
  EXPECT_EQ(plan.approximation_bound(), 0);
  EXPECT_NE(plan.explain().find("a product of one line an axis"), std::string::npos) << plan.explain();
  const DenseKernel edge{{-1, -2, 0, 2, 1, -4, -8, 0, 8, 4, -6, -12, 0, 12, 6, -4, -8, 0, 8, 4, -1, -2, 0, 2, 1},
                         {5, 5}};
  EXPECT_EQ(plan_of(edge).method(), Method::separable);
  EXPECT_EQ(plan_of(edge).approximation_bound(), 0);
}

TEST(CorrelateProducts, OfFewWeightsAreSummedDirectly) {
  const DenseKernel sobel{{-1, 0, 1, -2, 0, 2, -1, 0, 1}, {3, 3}};
  const Plan plan = plan_of(sobel);
  EXPECT_EQ(plan.method(), Method::dense);
  ASSERT_EQ(plan.candidates().size(), 2U);
  EXPECT_EQ(plan.candidates()[1].why_not, "it costs no less");
  EXPECT_GE(plan.candidates()[1].cost, plan.candidates()[0].cost);
}

TEST(CorrelateProducts, AreFoundToRoundingInRealNumbers) {
  const Kernel line = gaussian_kernel(1.3, 0, 4);
  DenseKernel kernel{{}, {9, 9}};
  for (const double a : line.taps) {
    for (const double b : line.taps) kernel.values.push_back(a * b);
  }
  const Plan plan = plan_of(kernel, DType::f64);
  EXPECT_EQ(plan.method(), Method::separable);
  EXPECT_GT(plan.approximation_bound(), 0);
  EXPECT_LT(plan.approximation_bound(), 1e-15);
  EXPECT_EQ(plan_of(kernel, DType::f64, {.like = Like::scipy}).method(), Method::dense);
  // Off by more than the sum's rounding in f64, by less in f32.
  kernel.values[0] += 1e-9 * kernel.values[40];
  EXPECT_EQ(plan_of(kernel, DType::f64).method(), Method::dense);
  EXPECT_NE(plan_of(kernel, DType::f64).explain().find("no product of one line an axis"), std::string::npos);
  EXPECT_EQ(plan_of(kernel, DType::f32).method(), Method::separable);
}

TEST(CorrelateProducts, AreNotSeenWhereAWeightWouldAppear) {
  const double tiny = 1e-12;
  const DenseKernel kernel{{1, tiny, tiny, 0}, {2, 2}};  // the product would reach the fourth sample
  EXPECT_EQ(plan_of(kernel).method(), Method::dense);
}

TEST(CorrelateTest, NonFiniteSamplesReachAsFarAsTheWeights) {
  Array in(DType::f32, {9, 9}), out(DType::f32, {9, 9});
  in.items<float>()[4 * 9 + 4] = std::numeric_limits<float>::infinity();
  correlate(in, out, {{0, -1, 0, -1, 4, -1, 0, -1, 0}, {3, 3}});
  int touched = 0;
  for (const float item : out.items<float>()) touched += std::isfinite(item) ? 0 : 1;
  EXPECT_EQ(touched, 5);
  for (const float item : out.items<float>()) EXPECT_FALSE(std::isnan(item));
}

TEST(CorrelateTest, TakesScalarsAndKernelsOfZeros) {
  const double in = 2.5;
  double out = 0;
  correlate(View(&in, DType::f64, {}), MutableView(&out, DType::f64, {}), {{3.0}, {}}, {.factor = 2, .bias = 1});
  EXPECT_EQ(out, 16);
  const Array picture = make_array(DType::f32, {6, 7}, 1);
  Array flat(DType::f32, {6, 7});
  correlate(picture, flat, {{0, 0, 0, 0}, {2, 2}}, {.bias = 0.5});
  for (const float item : flat.items<float>()) EXPECT_EQ(item, 0.5F);
  Array none(DType::f32, {0, 7}), same(DType::f32, {0, 7});
  correlate(none, same, {{1, 2}, {1, 2}});
}

TEST(CorrelateTest, LeavesConstantIntegersAlone) {
  for (const DType dtype : {DType::u8, DType::u16, DType::i16, DType::i32}) {
    const Real top = reference::largest_magnitude(dtype) - 1;
    const Array in = constant_array(dtype, {40, 70}, top);
    Array out(dtype, {40, 70});
    correlate(in, out, {std::vector<double>(25, 1.0), {5, 5}}, {.factor = 1.0 / 25});
    EXPECT_TRUE(bytes_of(out) == bytes_of(in)) << name(dtype);
  }
}

TEST(CorrelateTest, RoundsOnceAndHalfToEven) {
  const std::uint8_t in[] = {1, 2, 3, 4, 5, 6};
  std::uint8_t out[6] = {};
  correlate(View(in, {6}), MutableView(out, {6}), {{0, 0, 1}, {3}}, {.factor = 0.5});
  EXPECT_EQ(std::vector<int>(out, out + 6), (std::vector<int>{1, 2, 2, 2, 3, 3}));
}

TEST(CorrelateTest, SaysWhatItWillDo) {
  const Plan plan = plan_of({{0, -1, 0, -1, 4, -1, 0, -1, 0}, {3, 3}}, DType::u8, {.factor = 0.5, .bias = 128});
  EXPECT_EQ(name(plan.method()), "dense");
  EXPECT_EQ(plan.working_dtype(), DType::f32);
  EXPECT_EQ(plan.halo(), (Extents{1, 1}));
  EXPECT_NE(plan.explain().find("5 weights, summed in their order"), std::string::npos) << plan.explain();
  EXPECT_NE(plan.explain().find("times 0.5, plus 128"), std::string::npos) << plan.explain();
  EXPECT_NE(plan.explain_json().find("\"weights\": 5"), std::string::npos);
  EXPECT_GT(plan.scratch_bytes(), 0);
  const Window need = plan.source_window({3, 4}, {2, 2});
  EXPECT_EQ(need.origin, (Index{2, 3}));
  EXPECT_EQ(need.shape, (Shape{4, 4}));
}

TEST(CorrelateTest, ReportsProgressAndStops) {
  const Array in = make_array(DType::f32, {900, 900}, 1);
  Array out(DType::f32, {900, 900});
  const DenseKernel kernel{{1, 2, 3, 4}, {2, 2}};
  const Plan plan = plan_correlate(in.layout(), DType::f32, kernel, {.threads = 1});
  std::vector<double> seen;
  EXPECT_EQ(plan.run(in, out, {.progress = [&](double done) { seen.push_back(done); }}), RunStatus::complete);
  ASSERT_GT(seen.size(), 4u);
  EXPECT_EQ(seen.back(), 1.0);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(plan.run(in, out, {.stop = stop.get_token()}), RunStatus::stopped);
}

std::string refusal(const DenseKernel& kernel, const CorrelateOptions& options = {}, DType in = DType::f32,
                    DType out = DType::f32) {
  try {
    plan_convolve({{8, 9}, in}, out, kernel, options);
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(CorrelateTest, RefusesWhatHasNoMeaning) {
  const DenseKernel good{{1, 2, 3, 4, 5, 6}, {2, 3}};
  EXPECT_EQ(refusal(good), "accepted");
  EXPECT_EQ(refusal({{1, 2, 3}, {3}}), "kernel: has 1 axes for 2 filtered ones, must have one for each");
  EXPECT_EQ(refusal({{}, {0, 3}}), "kernel: is 0 x 3, must hold a value or more along each axis");
  EXPECT_EQ(refusal({{1, 2, 3}, {2, 2}}), "kernel: 3 values for a shape of 2 x 2, must be 4");
  EXPECT_EQ(refusal({{1}, {1 << 20, 1 << 20}}), "kernel: is 1048576 x 1048576, must hold under 2^31 values");
  EXPECT_EQ(refusal({{1, NAN, 3, 4}, {2, 2}}), "kernel: a value is not finite, all must be");
  EXPECT_EQ(refusal(good, {.origin = {1, 0}}), "origin: axis 0 is 1, must be -1 ... 0 for a kernel of 2");
  EXPECT_EQ(refusal(good, {.origin = {0, 0, 0}}),
            "origin: 3 values for 2 filtered axes, must be one for all or one each");
  EXPECT_EQ(refusal(good, {.factor = INFINITY}), "factor: is inf, must be finite");
  EXPECT_EQ(refusal(good, {.bias = NAN}), "bias: is nan, must be finite");
  EXPECT_NE(refusal(good, {}, DType::c64, DType::f32).find("imaginary"), std::string::npos);
}

}  // namespace
}  // namespace gaussfilt::test
