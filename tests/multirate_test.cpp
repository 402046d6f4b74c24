// Method multirate: its bound against the reference, the same bytes in any memory, and when it is chosen. Its operator
// sample by sample: multirate_operator_test.cpp. What it is made of: resampling_test.cpp. Its memory: memory_test.cpp.
#include "support.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <ostream>

namespace gaussfilt::test {
namespace {

constexpr Border all_borders[] = {Border::reflect, Border::mirror, Border::nearest, Border::wrap, Border::constant};
constexpr Real own_error = 1e-17L;  // of the reference, which rounds too: this much of N * M

// ---- random problems ---------------------------------------------------------------------------------------------

struct Problem {
  DType in = DType::f32, out = DType::f32;
  Shape shape;
  GaussianOptions options;
  Pattern pattern = Pattern::noise;
  std::uint64_t seed = 0;

  Array input() const { return make_array(in, shape, seed, pattern); }
};

std::ostream& operator<<(std::ostream& stream, const Problem& p) {
  const GaussianOptions& o = p.options;
  stream << "seed " << p.seed << ": " << name(p.in) << " to " << name(p.out) << ", " << text(p.shape) << ", pattern "
         << static_cast<int>(p.pattern) << ", tolerance " << o.tolerance.value_or(0) << ", cval " << o.cval.real();
  for (std::size_t k = 0; k < o.axes.list()->size(); ++k) {
    stream << "; axis " << (*o.axes.list())[k] << ": sigma " << o.sigma[k] << " order " << o.order[k] << " "
           << name(o.border[k]);
  }
  return stream;
}

template <class T> T one_of(Random& random, std::initializer_list<T> values) {
  return values.begin()[random.below(static_cast<std::int64_t>(values.size()))];
}

double between(Random& random, double low, double high) { return low * std::pow(high / low, random.uniform()); }

// Primes among them, and what factors divide.
std::int64_t extent(Random& random, int rank) {
  constexpr std::int64_t most[] = {600, 90, 30, 14};
  const std::int64_t limit = most[rank - 1];
  if (random.below(3) == 0) {
    const std::int64_t drawn =
        one_of<std::int64_t>(random, {1, 2, 3, 5, 7, 11, 13, 23, 29, 31, 61, 64, 80, 89, 127, 240, 251, 383, 512, 599});
    if (drawn <= limit) return drawn;
  }
  return 1 + random.below(limit);
}

// Also far beyond the axis, where the reference can bear it.
double strength(Random& random, std::int64_t n, std::int64_t items) {
  switch (random.below(10)) {
    case 0: return 0;
    case 1: return 1;
    case 2: return items < 3000 ? 200 : 40;
    case 3: return items < 40 ? 1e4 : between(random, 1.5, 4);
    default: return between(random, 1.5, std::max(6.0, (items < 3000 ? 1.5 : 0.5) * static_cast<double>(n)));
  }
}

Problem random_problem(std::uint64_t seed) {
  Random random(seed);
  Problem p;
  p.seed = seed;
  const int rank = 1 + static_cast<int>(random.below(4));
  for (int axis = 0; axis < rank; ++axis) p.shape.push_back(extent(random, rank));
  const std::int64_t items = p.shape.product();

  p.in = one_of(random, {DType::f32, DType::f32, DType::f32, DType::u8, DType::u16, DType::i16, DType::f16, DType::f64,
                         DType::c64, DType::u32});
  const bool wide = works_in_f64(p.in, p.in);
  p.out = random.below(3) > 0 || is_complex(p.in) ? p.in : one_of(random, {DType::f32, DType::f64, DType::i16});
  std::vector<int> axes;
  for (int axis = 0; axis < rank; ++axis) {
    if (random.below(4) > 0 || rank == 1) axes.push_back(axis);
  }
  if (random.below(2) == 0) std::reverse(axes.begin(), axes.end());
  std::vector<double> sigma;
  std::vector<int> order;
  std::vector<Border> border;
  const bool derivatives = random.below(3) == 0 && !is_unsigned(p.out);
  for (const int axis : axes) {
    sigma.push_back(strength(random, p.shape[axis], items));
    order.push_back(derivatives && sigma.back() > 0 ? static_cast<int>(random.below(3)) : 0);
    border.push_back(all_borders[random.below(5)]);
  }
  p.options = {.cval = random.below(2) == 0 ? 0.0 : 0.75,
               .axes = Axes(axes),
               .tolerance = between(random, wide && random.below(2) == 0 ? 1e-10 : 1e-6, 1e-2),
               .threads = 1 + static_cast<int>(random.below(3)),
               .method = Method::multirate};
  if (!axes.empty()) {
    p.options.sigma = PerAxis<double>(sigma);
    p.options.order = PerAxis<int>(order);
    p.options.border = PerAxis<Border>(border);
  }
  p.pattern = one_of(random, {Pattern::noise, Pattern::offset, Pattern::alternating, Pattern::sparse, Pattern::narrow});
  return p;
}

// Whether what `plan` makes of `in` is right within its bound.
std::string failure(const Plan& plan, const View& in, const GaussianOptions& options) {
  Array out(plan.out_dtype(), in.shape());
  plan.run(in, out);
  const reference::Result want = expected(in, options);
  return compare(out, want.values, (plan.error_bound() + own_error) * want.n * want.m).failure;
}

constexpr int shards = 8, problems_a_shard = 80;

class MultirateProblems : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Random, MultirateProblems, testing::Range(0, shards));

TEST_P(MultirateProblems, HoldTheirBound) {
  int taken = 0;
  for (int i = 0; i < problems_a_shard; ++i) {
    const Problem p = random_problem(static_cast<std::uint64_t>(GetParam() * problems_a_shard + i));
    const std::optional<Plan> plan = plan_if_taken({p.shape, p.in}, p.out, p.options);
    if (!plan) continue;
    ++taken;
    EXPECT_EQ(plan->method(), Method::multirate) << p;
    EXPECT_LE(plan->error_bound(), *p.options.tolerance) << p;
    EXPECT_EQ(failure(*plan, p.input(), p.options), "") << p << "\n" << plan->explain();
  }
  EXPECT_GT(taken, problems_a_shard / 3);
}

TEST(MultirateTest, HoldsItsBoundAtEveryLengthAndBorder) {
  for (const Border border : all_borders) {
    for (std::int64_t n = 1; n <= 130; n = n < 40 ? n + 1 : n + 9) {
      for (const double sigma : {4.0, 17.0, 200.0}) {
        for (const Shape& shape : {Shape{n}, Shape{n, 40}, Shape{40, n}}) {
          if (shape.rank() == 2 && sigma == 200) continue;
          const GaussianOptions options{.sigma = sigma,
                                        .border = border,
                                        .cval = 0.5,
                                        .tolerance = 1e-3,
                                        .threads = 1,
                                        .method = Method::multirate};
          const auto plan = plan_if_taken({shape, DType::f32}, DType::f32, options);
          if (!plan) continue;
          EXPECT_EQ(failure(*plan, make_array(DType::f32, shape, 7), options), "")
              << text(shape) << ", sigma " << sigma << ", " << name(border);
        }
      }
    }
  }
}

// Which constant lies beyond an edge depends on what has been done along the other axes by then.
TEST(MultirateTest, HoldsItsBoundBeyondConstantsOfDerivatives) {
  const double sigmas[][3] = {{6, 1, 5}, {1, 6, 5}, {5, 6, 1}, {6, 5, 4}, {1, 1, 6}, {6, 1, 1}};
  for (const auto& sigma : sigmas) {
    for (const std::vector<int>& axes : {std::vector{0, 1, 2}, {2, 1, 0}, {1, 2, 0}, {0, 2}, {2, 0}, {1, 0}, {0, 1}}) {
      for (std::size_t derived = 0; derived < axes.size(); ++derived) {
        for (const int degree : {1, 2}) {
          std::vector<double> strengths;
          for (const int axis : axes) strengths.push_back(sigma[axis]);
          std::vector<int> orders(axes.size(), 0);
          orders[derived] = degree;
          const Problem p{.shape = {15, 21, 24},
                          .options = {.sigma = PerAxis<double>(strengths),
                                      .order = PerAxis<int>(orders),
                                      .border = Border::constant,
                                      .cval = 3.0,
                                      .axes = Axes(axes),
                                      .tolerance = 1e-4,
                                      .method = Method::multirate}};
          const auto plan = plan_if_taken({p.shape, p.in}, p.out, p.options);
          if (plan) {
            EXPECT_EQ(failure(*plan, p.input(), p.options), "") << p;
          }
        }
      }
    }
  }
}

TEST(MultirateTest, HoldsItsBoundOnEveryTarget) {
  for (const std::string& target : cpu_targets()) {
    force_cpu_target(target);
    int taken = 0;
    for (const DType dtype : {DType::f32, DType::u8, DType::u16, DType::f64, DType::c64}) {
      for (const double tolerance : {1e-2, 1e-4, 1e-6}) {
        for (const Shape& shape : {Shape{53, 71}, Shape{331}, Shape{12, 40, 3}}) {
          GaussianOptions options{
              .sigma = 7.0, .border = Border::mirror, .tolerance = tolerance, .method = Method::multirate};
          if (shape.rank() == 3) options.axes = {0, 1};
          const auto plan = plan_if_taken({shape, dtype}, dtype, options);
          if (!plan) continue;
          ++taken;
          EXPECT_EQ(failure(*plan, make_array(dtype, shape, 3), options), "")
              << target << ", " << name(dtype) << ", " << text(shape) << ", tolerance " << tolerance;
        }
      }
    }
    force_cpu_target("");
    EXPECT_GT(taken, 25);
  }
}

// ---- the same bytes ----------------------------------------------------------------------------------------------

std::vector<Problem> cases() {
  const auto with = [](Shape shape, DType in, DType out, GaussianOptions options) {
    options.method = Method::multirate;
    if (!options.tolerance) options.tolerance = 1e-3;
    return Problem{.in = in, .out = out, .shape = shape, .options = options, .seed = 31};
  };
  const DType f32 = DType::f32, u8 = DType::u8;
  return {with({97, 131}, f32, f32, {.sigma = 9.0, .axes = {0, 1}}),
          with({96, 160}, f32, f32, {.sigma = 9.0, .border = Border::wrap, .axes = {0, 1}, .tolerance = 1e-6}),
          with({700}, f32, f32, {.sigma = 20.0, .border = Border::mirror, .axes = {0}}),
          with({61, 45, 3}, u8, u8, {.sigma = 6.0, .border = Border::nearest, .axes = {0, 1}}),
          with({61, 45, 3}, u8, u8, {.sigma = 6.0, .border = Border::constant, .cval = 9.5, .axes = {0, 1}}),
          with({61, 345}, DType::u16, DType::u16, {.sigma = {19.0, 6.0}, .axes = {0, 1}}),
          with({61, 345}, f32, DType::u16, {.sigma = {19.0, 6.0}, .axes = {0, 1}}),
          with({61, 45, 2}, DType::u16, f32, {.sigma = 6.0, .border = Border::constant, .cval = 9.0, .axes = {1, 0}}),
          with({23, 31, 29}, f32, f32, {.sigma = {4.0, 5.0, 6.0}, .border = Border::reflect, .axes = {0, 1, 2}}),
          with({9, 60, 13, 48}, f32, f32, {.sigma = {4.0, 12.0, 4.0}, .border = Border::wrap, .axes = {3, 1, 0}}),
          with({83, 57}, DType::f64, DType::f64, {.sigma = {1.0, 14.0}, .axes = {0, 1}, .tolerance = 1e-6}),
          with({83, 57}, DType::c64, DType::c64, {.sigma = {12.0, 1.0}, .order = {1, 0}, .axes = {0, 1}}),
          with({83, 57}, f32, f32, {.sigma = 10.0, .border = Border::constant, .cval = 0.5, .axes = {0}}),
          with({83, 57}, f32, f32, {.sigma = 10.0, .order = 2, .border = Border::mirror, .axes = {1}})};
}

TEST(MultirateTest, GivesTheSameBytesInAnyMemory) {
  for (const Problem& p : cases()) {
    const Array in = p.input();
    SCOPED_TRACE(testing::Message() << p);
    const Plan plan = plan_gaussian(in.layout(), p.out, p.options);
    EXPECT_EQ(failure(plan, in, p.options), "");
    Array out(p.out, p.shape);
    plan.run(in, out);
    const std::vector<std::byte> want = bytes_of(out);
    for (const Style style : all_styles) {
      for (const Style other : {style, Style::contiguous, Style::transposed}) {
        Strided from(style, in), to(other, p.out, p.shape);
        plan.run(from, to);
        EXPECT_TRUE(bytes_of(to) == want) << static_cast<int>(style) << " to " << static_cast<int>(other) << ", " << p;
        EXPECT_TRUE(to.gaps_untouched()) << static_cast<int>(style) << ", " << p;
      }
      if (p.in != p.out) continue;
      Strided both(style, in);
      plan.run(both, both);
      EXPECT_TRUE(bytes_of(both) == want) << "in place, " << static_cast<int>(style) << ", " << p;
      EXPECT_TRUE(both.gaps_untouched()) << static_cast<int>(style) << ", " << p;
    }
  }
}

TEST(MultirateTest, GivesTheSameBytesOnAnyNumberOfThreads) {
  std::vector<Problem> list = cases();
  list.push_back(list.front());
  list.back().shape = {1500, 67};  // more than one band of outputs, and of the lower rate
  list.push_back(list.back());
  list.back().options.sigma = {2.0, 40.0};
  for (Problem& p : list) {
    const Array in = p.input();
    std::vector<std::byte> want;
    for (const int threads : {1, 2, 3}) {
      p.options.threads = threads;
      Array out(p.out, p.shape);
      gaussian(in, out, p.options);
      if (threads == 1) want = bytes_of(out);
      EXPECT_TRUE(bytes_of(out) == want) << threads << " threads, " << p;
    }
  }
}

// A whole of over 16 MiB is written past the caches, a third of it is not.
TEST(MultirateTest, GivesTheSameBytesWhereTheyAreStreamed) {
  const Shape shape{2111, 2113};
  const Array in = make_array(DType::f32, shape, 6);
  for (const double tolerance : {1e-2, 1e-6}) {
    const GaussianOptions options{.sigma = 14.0, .tolerance = tolerance, .method = Method::multirate};
    const Plan plan = plan_gaussian(in.layout(), DType::f32, options);
    std::vector<float> memory(static_cast<std::size_t>(shape.product()) + 7);
    for (const std::size_t shift : {0u, 1u, 7u}) {
      const MutableView out(memory.data() + shift, shape);
      plan.run(in, out);
      const Index origin{703, 0};
      Array third(DType::f32, {704, 2113});
      plan.run_region(in, Index{0, 0}, third, origin);
      EXPECT_TRUE(bytes_of(third) == bytes_of(part(View(out), origin, third.shape()))) << shift << ", " << tolerance;
    }
  }
}

// Boxes at random, single samples and edges among them, from no more than source_window().
TEST(MultirateTest, GivesTheSameBytesByRegions) {
  Random random(5);
  std::vector<Problem> list = cases();
  for (std::uint64_t seed = 1000; seed < 1120; ++seed) list.push_back(random_problem(seed));
  for (const Problem& p : list) {
    const Array in = p.input();
    const auto plan = plan_if_taken(in.layout(), p.out, p.options);
    if (!plan) continue;
    Array whole(p.out, p.shape);
    plan->run(in, whole);
    for (int turn = 0; turn < 8; ++turn) {
      Index origin = p.shape;
      Shape size = p.shape;
      for (int axis = 0; axis < p.shape.rank(); ++axis) {
        origin[axis] = random.below(p.shape[axis]);
        const std::int64_t rest = p.shape[axis] - origin[axis];
        size[axis] = turn % 4 == 0 ? 1 : turn % 4 == 1 ? rest : 1 + random.below(rest);
      }
      const Window window = plan->source_window(origin, size);
      const Strided source(Style::contiguous, part(View(in), window.origin, window.shape));
      Array region(p.out, size);
      plan->run_region(source, window.origin, region, origin);
      EXPECT_TRUE(bytes_of(region) == bytes_of(part(View(whole), origin, size)))
          << text(size) << " from " << text(origin) << ", " << p;
    }
  }
}

// ---- wide rows, which are walked in strips ----------------------------------------------------------------------

std::vector<Problem> wide_cases() {
  const auto with = [](Shape shape, DType dtype, GaussianOptions options) {
    options.method = Method::multirate;
    options.tolerance = 1e-3;
    return Problem{.in = dtype, .out = dtype, .shape = shape, .options = options, .seed = 17};
  };
  const DType f32 = DType::f32, u8 = DType::u8;
  std::vector<Problem> list;
  for (const Border border : all_borders) {
    list.push_back(with({5, 20011}, f32, {.sigma = 9.0, .border = border, .axes = {0, 1}}));
    list.push_back(with({3, 7000, 3}, u8, {.sigma = 6.0, .border = border, .axes = {0, 1}}));
    list.push_back(with({40, 12000}, f32, {.sigma = {12.0, 1.0}, .border = border, .axes = {0, 1}}));
    list.push_back(with({50021}, f32, {.sigma = 20.0, .border = border, .axes = {0}}));
  }
  list.push_back(with({40, 9000}, DType::f64, {.sigma = 12.0, .axes = {0}}));
  list.push_back(with({2, 16000}, f32, {.sigma = {2.0, 9000.0}, .axes = {0, 1}}));
  return list;
}

TEST(MultirateTest, GivesTheSameBytesInStrips) {
  Random random(8);
  for (Problem& p : wide_cases()) {
    SCOPED_TRACE(testing::Message() << p);
    const Array in = p.input();
    const Plan plan = plan_gaussian(in.layout(), p.out, p.options);
    if (const double along = p.options.sigma[p.options.axes.list()->size() - 1]; along < 100) {
      EXPECT_EQ(failure(plan, in, p.options), "");
    }
    Array whole(p.out, p.shape), threaded(p.out, p.shape);
    plan.run(in, whole);
    p.options.threads = 3;
    gaussian(in, threaded, p.options);
    EXPECT_TRUE(bytes_of(threaded) == bytes_of(whole));
    for (int turn = 0; turn < 6; ++turn) {
      Index origin = Extents::filled(p.shape.rank(), 0);
      Shape size = p.shape;
      const int axis = p.shape.rank() == 3 ? 1 : p.shape.rank() - 1;
      origin[axis] = random.below(p.shape[axis]);
      size[axis] = 1 + random.below(turn % 2 == 0 ? 100 : p.shape[axis] - origin[axis]);
      size[axis] = std::min(size[axis], p.shape[axis] - origin[axis]);
      const Window window = plan.source_window(origin, size);
      const Strided source(Style::contiguous, part(View(in), window.origin, window.shape));
      Array region(p.out, size);
      plan.run_region(source, window.origin, region, origin);
      EXPECT_TRUE(bytes_of(region) == bytes_of(part(View(whole), origin, size))) << text(size) << " " << text(origin);
    }
  }
}

// The low-rate array, and a part of the L2 cache; a wrapped row is taken whole.
TEST(MultirateTest, TakesTheCacheAndTheLowRateArray) {
  for (const Border border : {Border::reflect, Border::mirror, Border::nearest, Border::constant}) {
    for (const bool bytes : {false, true}) {
      const Shape shape = bytes ? Shape{8, 4'000'000, 3} : Shape{8, 4'000'000};
      const GaussianOptions options{
          .sigma = 20.0, .border = border, .axes = {0, 1}, .tolerance = 1e-4, .method = Method::multirate};
      const DType dtype = bytes ? DType::u8 : DType::f32;
      const Plan plan = plan_gaussian({shape, dtype}, dtype, options);
      const nlohmann::json axes = nlohmann::json::parse(plan.explain_json())["axes"];
      std::int64_t low = bytes ? 12 : 4;
      for (const int axis : {0, 1}) {
        const nlohmann::json rate = axes[static_cast<std::size_t>(axis)].value("lower_rate", nlohmann::json());
        if (rate.is_null()) low *= shape[axis];
        else
          low *=
              shape[axis] / std::int64_t{rate["factor"]} + 2 * std::int64_t{rate["width"]} + std::int64_t{rate["taps"]};
      }
      EXPECT_LE(plan.scratch_bytes(), low + 1024 * 1024) << plan.explain();
    }
  }
}

// ---- the planner -------------------------------------------------------------------------------------------------

Method method_for(const Shape& shape, DType dtype, const GaussianOptions& options) {
  return plan_gaussian({shape, dtype}, dtype, options).method();
}

TEST(MultirateTest, IsChosenForLargeSigmasWithATolerance) {
  for (const DType dtype : {DType::f32, DType::f64, DType::u8, DType::u16, DType::f16, DType::c64}) {
    EXPECT_EQ(method_for({512, 512}, dtype, {.sigma = 20.0, .tolerance = 1e-3}), Method::multirate) << name(dtype);
    EXPECT_EQ(method_for({512, 512}, dtype, {.sigma = 20.0}), Method::separable) << name(dtype);
    EXPECT_NE(method_for({512, 512}, dtype, {.sigma = 1.0, .tolerance = 1e-3}), Method::multirate) << name(dtype);
  }
  EXPECT_EQ(method_for({64, 512, 512}, DType::f32, {.sigma = 10.0, .tolerance = 1e-4}), Method::multirate);
  EXPECT_EQ(method_for({512, 512}, DType::f32, {.sigma = {1.0, 40.0}, .tolerance = 1e-4}), Method::multirate);
  EXPECT_EQ(method_for({512, 512}, DType::f32, {.sigma = 20.0, .tolerance = 1e-6}), Method::multirate);
  EXPECT_EQ(method_for({512, 512}, DType::f32, {.sigma = 20.0, .order = {1, 0}, .tolerance = 1e-4}), Method::multirate);
}

// The same for every place that a problem's bytes must not depend on.
// Turned on its side it would take as long as sixteen.
TEST(MultirateTest, TakesALineToARateThatNeedsNoTurning) {
  const auto factor = [](const Shape& shape) {
    const GaussianOptions options{.sigma = 20.0, .axes = {-1}, .tolerance = 1e-4, .method = Method::multirate};
    const Plan plan = plan_gaussian({shape, DType::f32}, DType::f32, options);
    return nlohmann::json::parse(plan.explain_json())["axes"][0]["lower_rate"]["factor"].get<int>();
  };
  EXPECT_LE(factor({100'000}), 4);
  EXPECT_LE(factor({3, 100'000}), 4);
}

TEST(MultirateTest, IsChosenByTheProblemAlone) {
  GaussianOptions options{.sigma = 9.0, .tolerance = 1e-4, .threads = 1};
  const std::string one = plan_gaussian({{200, 300}, DType::f32}, DType::f32, options).explain();
  options.threads = 4;
  EXPECT_EQ(plan_gaussian({{200, 300}, DType::f32}, DType::f32, options).explain(), one);
}

TEST(MultirateTest, RefusesWhatItCannotDo) {
  const auto refused = [](const Shape& shape, GaussianOptions options) {
    options.method = Method::multirate;
    try {
      plan_gaussian({shape, DType::f32}, DType::f32, options);
    } catch (const InvalidArgument& error) {
      const std::string sentence = error.what();
      EXPECT_EQ(sentence.substr(0, sentence.find(':')), "method") << sentence;
      EXPECT_NE(sentence.find("must be"), std::string::npos) << sentence;
      EXPECT_EQ(sentence.find('\n'), std::string::npos) << sentence;
      return true;
    }
    return false;
  };
  EXPECT_TRUE(refused({64, 64}, {.sigma = 9.0})) << "without a tolerance";
  EXPECT_TRUE(refused({64, 64}, {.sigma = 1.0, .tolerance = 1e-3})) << "too small a sigma";
  EXPECT_TRUE(refused({64, 64}, {.sigma = 9.0, .order = 3, .tolerance = 1e-3})) << "a third derivative";
  EXPECT_TRUE(refused({1, 1}, {.sigma = 9.0, .tolerance = 1e-3})) << "axes of one sample";
  EXPECT_TRUE(refused({64, 64}, {.sigma = 0.0, .tolerance = 1e-3})) << "nothing to filter";
  EXPECT_TRUE(refused({64, 64}, {.sigma = 9.0, .tolerance = 1e-30})) << "beyond what f64 can prove";
  EXPECT_FALSE(refused({64, 64}, {.sigma = 9.0, .tolerance = 1e-3}));
  EXPECT_FALSE(refused({64, 64}, {.sigma = {9.0, 0.0}, .order = {0, 0}, .tolerance = 1e-3}));
}

TEST(MultirateTest, SaysWhatItIs) {
  const Plan plan = plan_gaussian({{512, 512}, DType::f32}, DType::f32, {.sigma = {1.0, 30.0}, .tolerance = 1e-4});
  ASSERT_EQ(plan.method(), Method::multirate);
  const nlohmann::json json = nlohmann::json::parse(plan.explain_json());
  EXPECT_FALSE(json["axes"][0].contains("lower_rate")) << plan.explain_json();
  const nlohmann::json rate = json["axes"][1]["lower_rate"];
  const int factor = rate["factor"], width = rate["width"], taps = rate["taps"];
  EXPECT_GT(factor, 1);
  EXPECT_GT(width, 1);
  EXPECT_EQ(taps % 2, 1);
  EXPECT_NEAR(json["axes"][1]["delivered_sigma"], 30.0, 0.01);
  const std::string text = plan.explain();
  EXPECT_NE(text.find("factor " + std::to_string(factor) + ", weights " + std::to_string(width) + " factors wide, " +
                      std::to_string(taps) + " taps"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("chosen: multirate in f32"), std::string::npos) << text;
  EXPECT_NE(text.find("not: separable in f32"), std::string::npos) << text;
  EXPECT_NE(text.find("in f32; NaN and infinity reach as far as the halo"), std::string::npos) << text;
  EXPECT_EQ(json["low_rate"], "f32");
  EXPECT_EQ(plan.error_bound(), plan.approximation_bound() + plan.rounding_bound());
  int chosen = 0;
  for (const Candidate& candidate : plan.candidates()) chosen += candidate.why_not.empty() ? 1 : 0;
  EXPECT_EQ(chosen, 1);
}

}  // namespace
}  // namespace gaussfilt::test
