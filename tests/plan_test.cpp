// Floor 3: plans. Made once, run often: whole, by regions, in place, on many threads, stopped.
#include "support.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <ostream>
#include <thread>

namespace gaussfilt::test {
namespace {

constexpr Border all_borders[] = {Border::reflect, Border::mirror, Border::nearest, Border::wrap, Border::constant};

std::vector<std::byte> run(const Plan& plan, const View& in) {
  Array out(plan.out_dtype(), plan.layout().shape);
  EXPECT_EQ(plan.run(in, out), RunStatus::complete);
  return bytes_of(out);
}

// Large enough for many tiles of any sensible size, with ragged ends.
struct Large {
  const char* name;
  DType in, out;
  Shape shape;
  GaussianOptions options;

  friend void PrintTo(const Large& large, std::ostream* to) { *to << large.name; }
};

std::vector<Large> large_problems() {
  const Axes picture = {0, 1};
  return {
      {"f32", DType::f32, DType::f32, {1203, 1009}, {.sigma = 5.0}},
      {"f32_wide_kernel", DType::f32, DType::f32, {707, 811}, {.sigma = 40.0, .border = Border::mirror}},
      {"f64", DType::f64, DType::f64, {811, 709}, {.sigma = {2.0, 3.0}, .border = Border::wrap}},
      {"u8", DType::u8, DType::u8, {1511, 1203}, {.sigma = 2.0, .border = Border::nearest}},
      {"u8_colour", DType::u8, DType::u8, {607, 811, 3}, {.sigma = 3.0, .axes = picture}},
      {"u8_integers", DType::u8, DType::u8, {1511, 1203}, {.sigma = 2.0, .border = Border::nearest, .tolerance = 5e-4}},
      {"u8_integers_colour",
       DType::u8,
       DType::u8,
       {607, 811, 3},
       {.sigma = 9.0, .border = Border::wrap, .axes = picture, .tolerance = 5e-4}},
      {"u8_integers_rows_only", DType::u8, DType::u8, {503, 2011}, {.sigma = 4.0, .axes = {1}, .tolerance = 5e-4}},
      {"u8_integers_columns_only", DType::u8, DType::u8, {2011, 503}, {.sigma = 4.0, .axes = {0}, .tolerance = 5e-4}},
      {"u16_to_f32", DType::u16, DType::f32, {903, 1109}, {.sigma = 1.5, .border = Border::constant, .cval = 99.0}},
      {"f32_tolerance", DType::f32, DType::f32, {907, 1109}, {.sigma = 12.0, .tolerance = 1e-4}},
      {"f32_derivative", DType::f32, DType::f32, {907, 1109}, {.sigma = 3.0, .order = {1, 0}}},
      {"f16", DType::f16, DType::f16, {700, 900}, {.sigma = 2.0}},
      {"c64", DType::c64, DType::c64, {500, 603}, {.sigma = 2.0}},
      {"f32_volume", DType::f32, DType::f32, {67, 91, 203}, {.sigma = {1.0, 2.0, 3.0}}},
      {"f64_volume_wrap", DType::f64, DType::f64, {53, 61, 131}, {.sigma = 2.0, .border = Border::wrap}},
      {"f32_rows_only", DType::f32, DType::f32, {503, 2011}, {.sigma = 4.0, .axes = {1}}},
      {"f32_columns_only", DType::f32, DType::f32, {2011, 503}, {.sigma = 4.0, .axes = {0}}},
      {"f32_outer_axes", DType::f32, DType::f32, {40, 50, 200}, {.sigma = 3.0, .axes = {1, 0}}},
      {"f32_long_line", DType::f32, DType::f32, {700001}, {.sigma = 9.0}},
      {"f32_short_axis", DType::f32, DType::f32, {30000, 20}, {.sigma = 30.0}},
  };
}

class LargePlan : public testing::TestWithParam<Large> {
 protected:
  Plan plan(int threads = 0) const {
    GaussianOptions options = GetParam().options;
    options.threads = threads;
    return plan_gaussian({GetParam().shape, GetParam().in}, GetParam().out, options);
  }
  const Shape& shape() const { return GetParam().shape; }
  Array input() const { return make_array(GetParam().in, shape(), 11); }
};

std::string large_name(const testing::TestParamInfo<Large>& large) { return large.param.name; }
INSTANTIATE_TEST_SUITE_P(Tiles, LargePlan, testing::ValuesIn(large_problems()), large_name);

TEST_P(LargePlan, GivesTheSameBytesOnAnyNumberOfThreads) {
  const Array in = input();
  const std::vector<std::byte> one = run(plan(1), in);
  for (int threads : {2, 3, 8, 0}) EXPECT_TRUE(run(plan(threads), in) == one) << threads << " threads";
}

TEST_P(LargePlan, GivesTheSameBytesInPlace) {
  if (GetParam().in != GetParam().out) return;
  const Array in = input();
  for (int threads : {1, 4}) {
    Array both = input();
    plan(threads).run(both, both);
    EXPECT_TRUE(bytes_of(both) == run(plan(threads), in)) << threads << " threads";
  }
}

TEST_P(LargePlan, GivesTheSameBytesInAnyMemory) {
  const Array in = input();
  const std::vector<std::byte> whole = run(plan(), in);
  for (Style style : all_styles) {
    Strided from(style, in), to(style, GetParam().out, shape());
    plan().run(from, to);
    EXPECT_TRUE(bytes_of(to) == whole) << "style " << static_cast<int>(style);
    EXPECT_TRUE(to.gaps_untouched()) << "style " << static_cast<int>(style);
    if (GetParam().in != GetParam().out) continue;
    plan().run(from, from);
    EXPECT_TRUE(bytes_of(from) == whole) << "in place, style " << static_cast<int>(style);
  }
}

// A region at a corner, one in the middle, one thin slab along each axis.
TEST_P(LargePlan, GivesTheSameBytesByRegions) {
  const Array in = input();
  Array whole(GetParam().out, shape());
  const Plan p = plan();
  p.run(in, whole);
  Random random(5);
  for (int turn = 0; turn < 8; ++turn) {
    Index origin = Extents::filled(shape().rank(), 0);
    Shape size = shape();
    for (int axis = 0; axis < shape().rank(); ++axis) {
      if (turn == axis) size[axis] = 1;
      if (turn > shape().rank()) size[axis] = 1 + random.below(shape()[axis]);
      origin[axis] = random.below(shape()[axis] - size[axis] + 1);
    }
    const Window window = p.source_window(origin, size);
    Array source(GetParam().in, window.shape);
    const std::vector<std::byte> bytes = bytes_of(part(View(in), window.origin, window.shape));
    std::copy(bytes.begin(), bytes.end(), static_cast<std::byte*>(source.data()));
    Array region(GetParam().out, size);
    EXPECT_EQ(p.run_region(source, window.origin, region, origin), RunStatus::complete);
    EXPECT_TRUE(bytes_of(region) == bytes_of(part(View(whole), origin, size))) << text(size) << " at " << text(origin);
  }
}

// A few items of the large answer against the reference: at both ends and anywhere.
TEST_P(LargePlan, HoldsToTheReference) {
  const Array in = input();
  Array out(GetParam().out, shape());
  const Plan p = plan();
  p.run(in, out);
  const int rank = shape().rank();
  Random random(8);
  for (int turn = 0; turn < 6; ++turn) {
    Index origin = Extents::filled(rank, 0);
    Shape size = origin;
    for (int axis = 0; axis < rank; ++axis) {
      size[axis] = std::min<std::int64_t>(shape()[axis], axis == turn % rank ? 9 : 2);
      const std::int64_t last = shape()[axis] - size[axis];
      origin[axis] = turn == 0 ? 0 : turn == 1 ? last : random.below(last + 1);
    }
    const reference::Result want = expected_part(in, GetParam().options, origin, size);
    const Comparison result = compare(part(View(out), origin, size), want.values, p.error_bound() * want.n * want.m);
    EXPECT_EQ(result.failure, "") << text(size) << " at " << text(origin);
  }
}

TEST_P(LargePlan, ReportsProgressUpToOne) {
  const Array in = input();
  for (int threads : {1, 4}) {
    Array out(GetParam().out, shape());
    std::atomic<int> inside = 0;
    std::vector<double> seen;
    RunOptions options;
    options.progress = [&](double done) {
      EXPECT_EQ(++inside, 1) << "two calls at a time";
      seen.push_back(done);
      --inside;
    };
    EXPECT_EQ(plan(threads).run(in, out, options), RunStatus::complete);
    ASSERT_FALSE(seen.empty());
    EXPECT_GT(*std::min_element(seen.begin(), seen.end()), 0);
    EXPECT_EQ(*std::max_element(seen.begin(), seen.end()), 1);
  }
}

TEST_P(LargePlan, StopsBetweenTiles) {
  const Array in = input();
  for (int threads : {1, 4}) {
    Array out(GetParam().out, shape());
    std::stop_source before;
    before.request_stop();
    EXPECT_EQ(plan(threads).run(in, out, {.stop = before.get_token()}), RunStatus::stopped);
    EXPECT_TRUE(bytes_of(out) == bytes_of(Array(GetParam().out, shape()))) << "stopped before it began, yet wrote";
    std::stop_source during;
    int tiles = 0;
    double done = 0;
    RunOptions options{.stop = during.get_token(), .progress = {}};
    options.progress = [&](double part) {
      ++tiles;
      done = std::max(done, part);
      during.request_stop();
    };
    const RunStatus status = plan(threads).run(in, out, options);
    EXPECT_LE(tiles, threads) << "a tile began after the request";
    EXPECT_EQ(status, done < 1 ? RunStatus::stopped : RunStatus::complete);
  }
}

TEST(PlanTest, RunsOnManyThreadsAtOnce) {
  const Array in = make_array(DType::f32, {301, 257}, 3);
  const Plan plan = plan_gaussian(in.layout(), DType::f32, {.sigma = 3.0, .threads = 2});
  const std::vector<std::byte> alone = run(plan, in);
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int k = 0; k < 8; ++k) {
    threads.emplace_back([&] {
      for (int turn = 0; turn < 10; ++turn) {
        Array out(DType::f32, {301, 257});
        plan.run(in, out);
        if (bytes_of(out) != alone) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST(PlanTest, OutlivesItsCopies) {
  const Array in = make_array(DType::u8, {20, 30}, 3);
  const Plan copy = [&] {
    const Plan original = plan_gaussian(in.layout(), DType::u8, {.sigma = 2.0});
    return Plan(original);
  }();
  Array out(DType::u8, {20, 30});
  gaussian(in, out, {.sigma = 2.0});
  EXPECT_EQ(run(copy, in), bytes_of(out));
}

TEST(PlanTest, MethodsHaveNames) {
  for (const Method method : {Method::separable, Method::box, Method::composite, Method::dense, Method::mean,
                              Method::integer, Method::multirate}) {
    EXPECT_EQ(parse_method(name(method)), method);
  }
  EXPECT_EQ(name(Method::multirate), "multirate");
  EXPECT_THROW(parse_method("recursive"), InvalidArgument);
}

TEST(PlanTest, SaysWhatItWillDo) {
  const Plan plan = plan_gaussian({{200, 300}, DType::u8}, DType::f32, {.sigma = {2.0, 0.5}});
  EXPECT_EQ(plan.layout().shape, (Shape{200, 300}));
  EXPECT_EQ(plan.layout().dtype, DType::u8);
  EXPECT_EQ(plan.out_dtype(), DType::f32);
  EXPECT_EQ(plan.method(), Method::separable);
  EXPECT_EQ(name(plan.method()), "separable");
  EXPECT_EQ(plan.working_dtype(), DType::f32);
  EXPECT_EQ(plan.halo(), (Extents{8, 2}));
  EXPECT_GE(plan.scratch_bytes(), 0);
  EXPECT_GT(plan.error_bound(), 0);
  EXPECT_LE(plan.error_bound(), 1e-6);
  EXPECT_GE(plan.error_bound() * (1 + 1e-12), plan.approximation_bound() + plan.rounding_bound());
  const std::string text = plan.explain();
  EXPECT_NE(text.find("separable"), std::string::npos) << text;
  EXPECT_NE(text.find("0.46"), std::string::npos) << "sigma 0.5 delivers 0.464: " << text;
}

TEST(PlanTest, ExplainsItselfAsJson) {
  const GaussianOptions requests[] = {
      {.sigma = 2.0}, {.sigma = 30.0, .tolerance = 1e-3}, {.order = {1, 0}}, {.sigma = 0.0}, {.axes = Axes::none()}};
  for (const GaussianOptions& options : requests) {
    const Plan plan = plan_gaussian({{64, 48}, DType::f32}, DType::f32, options);
    const nlohmann::json json = nlohmann::json::parse(plan.explain_json());
    EXPECT_TRUE(json.is_object());
    EXPECT_NE(json.dump().find("separable"), std::string::npos) << json.dump();
    EXPECT_FALSE(plan.explain().empty());
  }
}

TEST(PlanTest, ListsItsCandidatesWithReasons) {
  for (double tolerance : {1e-2, 1e-4, 1e-9}) {
    const Plan plan = plan_gaussian({{64, 48}, DType::f32}, DType::f32, {.sigma = 3.0, .tolerance = tolerance});
    int chosen = 0;
    for (const Candidate& candidate : plan.candidates()) {
      EXPECT_GT(candidate.cost, 0);
      if (!candidate.why_not.empty()) continue;
      ++chosen;
      EXPECT_EQ(candidate.method, plan.method());
      EXPECT_EQ(candidate.working, plan.working_dtype());
      EXPECT_LE(candidate.error_bound, tolerance);
    }
    EXPECT_EQ(chosen, 1);
    EXPECT_LE(plan.error_bound(), tolerance);
    EXPECT_EQ(plan.working_dtype(), tolerance < 1e-8 ? DType::f64 : DType::f32);
  }
}

TEST(PlanTest, WorksInThePrecisionOfTheRule) {
  for (DType in : all_dtypes()) {
    for (DType out : all_dtypes()) {
      if (is_complex(in) && !is_complex(out)) continue;
      const Plan plan = plan_gaussian({{9, 9}, in}, out, {.sigma = 1.0});
      EXPECT_EQ(plan.working_dtype(), works_in_f64(in, out) ? DType::f64 : DType::f32) << name(in) << name(out);
      EXPECT_LE(plan.error_bound(), works_in_f64(in, out) ? 1e-13 : 1e-5) << name(in) << " to " << name(out);
    }
  }
}

TEST(PlanTest, StatesItsHalo) {
  const auto halo = [](const GaussianOptions& options) {
    return plan_gaussian({{90, 80, 70}, DType::f32}, DType::f32, options).halo();
  };
  EXPECT_EQ(halo({.sigma = 2.0}), (Extents{8, 8, 8}));
  EXPECT_EQ(halo({.sigma = {0.0, 1.0, 3.0}}), (Extents{0, 4, 12}));
  EXPECT_EQ(halo({.sigma = 2.0, .axes = {2}}), (Extents{0, 0, 8}));
  EXPECT_EQ(halo({.sigma = 2.0, .radius = {3, 1, 0}}), (Extents{3, 1, 0}));
  EXPECT_EQ(halo({.sigma = {1.0, 3.0}, .axes = {-1, 0}}), (Extents{12, 0, 4}));
}

TEST(SourceWindow, IsTheHaloAroundTheRegion) {
  const Plan plan = plan_gaussian({{100, 100}, DType::f32}, DType::f32, {.sigma = {1.0, 2.0}});
  const Window inside = plan.source_window({40, 50}, {10, 20});
  EXPECT_EQ(inside.origin, (Index{36, 42}));
  EXPECT_EQ(inside.shape, (Shape{18, 36}));
  const Window corner = plan.source_window({0, 90}, {2, 10});
  EXPECT_EQ(corner.origin, (Index{0, 82}));
  EXPECT_EQ(corner.shape, (Shape{6, 18}));
}

TEST(SourceWindow, IsTheWholeAxisWhereWrapCrossesAnEdge) {
  const Plan plan =
      plan_gaussian({{100, 100}, DType::f32}, DType::f32, {.sigma = 1.0, .border = {Border::wrap, Border::reflect}});
  const Window edge = plan.source_window({2, 2}, {5, 5});
  EXPECT_EQ(edge.origin, (Index{0, 0}));
  EXPECT_EQ(edge.shape, (Shape{100, 11}));
  const Window inside = plan.source_window({20, 20}, {5, 5});
  EXPECT_EQ(inside.origin, (Index{16, 16}));
  EXPECT_EQ(inside.shape, (Shape{13, 13}));
}

TEST(SourceWindow, ReachesWhatTheMirrorShows) {
  // One output at the far end of a short axis whose kernel is longer than the axis.
  for (Border border : all_borders) {
    const Array in = make_array(DType::f64, {12}, 4);
    const Plan plan = plan_gaussian(in.layout(), DType::f64, {.sigma = 5.0, .border = border, .cval = 0.5});
    const Window window = plan.source_window({11}, {1});
    EXPECT_GE(window.origin[0], 0);
    EXPECT_EQ(window.origin[0] + window.shape[0], 12);
    Array out(DType::f64, {1}), whole(DType::f64, {12});
    plan.run(in, whole);
    plan.run_region(part(View(in), window.origin, window.shape), window.origin, out, {11});
    EXPECT_EQ(out.items<double>()[0], whole.items<double>()[11]) << name(border);
  }
}

TEST(SourceWindow, LessOfItIsRefused) {
  for (Border border : all_borders) {
    const Array in = make_array(DType::f32, {40, 50}, 4);
    const Plan plan = plan_gaussian(in.layout(), DType::f32, {.sigma = 2.0, .border = border});
    for (const Index& origin : {Index{15, 20}, Index{0, 0}, Index{30, 40}}) {
      const Shape size{7, 8};
      const Window window = plan.source_window(origin, size);
      Array out(DType::f32, size);
      EXPECT_NO_THROW(plan.run_region(part(View(in), window.origin, window.shape), window.origin, out, origin));
      for (int axis = 0; axis < 2; ++axis) {
        Window less = window;
        --less.shape[axis];
        EXPECT_THROW(plan.run_region(part(View(in), less.origin, less.shape), less.origin, out, origin),
                     InvalidArgument)
            << name(border);
        ++less.origin[axis];
        EXPECT_THROW(plan.run_region(part(View(in), less.origin, less.shape), less.origin, out, origin),
                     InvalidArgument)
            << name(border);
      }
    }
  }
}

TEST(SourceWindow, MoreThanItIsFine) {
  const Array in = make_array(DType::f32, {40, 50}, 4);
  const Plan plan = plan_gaussian(in.layout(), DType::f32, {.sigma = 2.0});
  Array whole(DType::f32, {40, 50}), region(DType::f32, {5, 6});
  plan.run(in, whole);
  plan.run_region(in, {0, 0}, region, {17, 21});
  EXPECT_EQ(bytes_of(region), bytes_of(part(View(whole), {17, 21}, {5, 6})));
  plan.run_region(part(View(in), {5, 4}, {30, 40}), {5, 4}, region, {17, 21});
  EXPECT_EQ(bytes_of(region), bytes_of(part(View(whole), {17, 21}, {5, 6})));
}

TEST(SourceWindow, OutsideTheArrayIsRefused) {
  const Plan plan = plan_gaussian({{40, 50}, DType::f32}, DType::f32, {.sigma = 2.0});
  EXPECT_THROW(plan.source_window({38, 0}, {5, 5}), InvalidArgument);
  EXPECT_THROW(plan.source_window({-1, 0}, {5, 5}), InvalidArgument);
  EXPECT_THROW(plan.source_window({0}, {5}), InvalidArgument);
  const Array in = make_array(DType::f32, {40, 50}, 4);
  Array out(DType::f32, {5, 5});
  EXPECT_THROW(plan.run_region(in, {0, 0}, out, {38, 0}), InvalidArgument);
  EXPECT_THROW(plan.run_region(in, {0, 0}, out, {-1, 0}), InvalidArgument);
  EXPECT_THROW(plan.run_region(in, {3, 0}, out, {20, 20}), InvalidArgument) << "src leaves the planned array";
}

TEST(PlanTest, LeavesArraysWithoutItemsAlone) {
  for (const Shape& shape : {Shape{0}, Shape{0, 5}, Shape{5, 0}, Shape{3, 0, 4}}) {
    for (Border border : all_borders) {
      const Plan plan = plan_gaussian({shape, DType::u8}, DType::f32, {.sigma = 2.0, .border = border});
      Array in(DType::u8, shape), out(DType::f32, shape);
      EXPECT_EQ(plan.run(in, out), RunStatus::complete);
      EXPECT_EQ(plan.run(View(nullptr, DType::u8, shape), MutableView(nullptr, DType::f32, shape)),
                RunStatus::complete);
    }
  }
}

TEST(PlanTest, ConvertsASingleValue) {
  const float in = 2.5f;
  std::uint8_t out = 0;
  gaussian(View(&in, Shape{}), MutableView(&out, Shape{}));
  EXPECT_EQ(out, 2);  // half to even
}

TEST(PlanTest, ConvertsWhereNothingIsFiltered) {
  const float in[] = {-3.0f, 0.5f, 1.5f, 2.5f, 254.5f, 255.5f, 300.0f, 1e30f};
  std::uint8_t out[8] = {};
  const std::uint8_t want[] = {0, 0, 2, 2, 254, 255, 255, 255};
  for (const GaussianOptions& options :
       {GaussianOptions{.sigma = 0.0}, GaussianOptions{.axes = Axes::none()}, GaussianOptions{.sigma = 0.1}}) {
    std::fill(std::begin(out), std::end(out), std::uint8_t{77});
    gaussian(View(in, Shape{8}), MutableView(out, Shape{8}), options);
    EXPECT_TRUE(std::equal(std::begin(out), std::end(out), want));
  }
}

TEST(PlanTest, ReadsAViewWithStrideZero) {
  const float one = 3.25f;
  Array out(DType::f32, {9, 17});
  gaussian(View(&one, DType::f32, {9, 17}, {0, 0}), out, {.sigma = 2.0});
  for (float value : out.items<float>()) EXPECT_NEAR(value, 3.25, 4 * 2.4e-7);
}

TEST(SeparableTest, CorrelatesWithTheCallersTaps) {
  const double in[] = {1, 2, 4, 8, 16};
  double out[5] = {};
  const Kernel kernel{.taps = {1, 10, 100, 1000}, .centre = 1};
  separable(View(in, Shape{5}), MutableView(out, Shape{5}), {.kernels = {kernel}, .border = Border::nearest});
  const double want[] = {1 + 10 + 200 + 4000, 1 + 20 + 400 + 8000, 2 + 40 + 800 + 16000, 4 + 80 + 1600 + 16000,
                         8 + 160 + 1600 + 16000};
  for (int i = 0; i < 5; ++i) EXPECT_EQ(out[i], want[i]) << i;
}

TEST(SeparableTest, HoldsToTheReference) {
  Random random(21);
  for (DType dtype : {DType::f64, DType::f32, DType::u8, DType::i16, DType::c64}) {
    for (Border border : all_borders) {
      for (int turn = 0; turn < 12; ++turn) {
        const Array in = make_array(dtype, {1 + random.below(20), 1 + random.below(30)}, random.bits());
        std::vector<Kernel> kernels;
        std::vector<reference::Task> tasks;
        for (int axis = 0; axis < 2; ++axis) {
          Kernel kernel;
          const std::int64_t count = 1 + random.below(turn < 6 ? 5 : 40);
          for (std::int64_t k = 0; k < count; ++k) kernel.taps.push_back((2 * random.uniform() - 1) / 4);
          kernel.centre = random.below(count);
          tasks.push_back({axis, {{kernel.taps.begin(), kernel.taps.end()}, kernel.centre}, border});
          kernels.push_back(kernel);
        }
        const DType out_dtype = dtype == DType::u8 ? DType::f32 : dtype;
        Array out(out_dtype, in.shape());
        separable(in, out, {.kernels = kernels, .border = border, .cval = 0.75});
        const reference::Result want = reference::correlate(in, tasks, 0.75);
        const Comparison result = compare(out, want.values, 2 * precision_error(dtype, out_dtype) * want.n * want.m);
        EXPECT_EQ(result.failure, "") << name(dtype) << " " << name(border) << " " << text(in.shape());
      }
    }
  }
}

TEST(Separable, WorksInF32WhateverTheOutput) {
  const std::vector<double> taps{0.3, 0.5, 0.1};
  const SeparableOptions options{.kernels = {Kernel{taps, 0}}, .cval = 1.5, .precision = Precision::f32};
  const reference::Line own{{taps.begin(), taps.end()}, 0};
  for (DType dtype : all_dtypes()) {
    const Array in = make_array(dtype, {13, 21}, 3);
    for (DType out_dtype : all_dtypes()) {
      if (is_complex(dtype) && !is_complex(out_dtype)) continue;
      if (works_in_f64(dtype, dtype)) {
        EXPECT_THROW(plan_separable({in.shape(), dtype}, out_dtype, options), InvalidArgument) << name(dtype);
        continue;
      }
      EXPECT_EQ(plan_separable({in.shape(), dtype}, out_dtype, options).working_dtype(), DType::f32);
      Array out(out_dtype, in.shape());
      separable(in, out, options);
      const reference::Result want =
          reference::correlate(in, {{0, own, Border::reflect}, {1, own, Border::reflect}}, 1.5);
      EXPECT_EQ(compare(out, want.values, 1e-6L * want.n * want.m).failure, "") << name(dtype) << name(out_dtype);
    }
  }
  EXPECT_THROW(plan_separable({{9}, DType::u8}, DType::f64,
                              {.kernels = {Kernel{taps, 0}}, .precision = Precision::f32, .like = Like::scipy}),
               InvalidArgument);
}

}  // namespace
}  // namespace gaussfilt::test
