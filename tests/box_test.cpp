// Means of windows of any width against their definition, and what must never change a byte: threads, memory, regions,
// CPU targets; nor the length of the line.
#include "support.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace gaussfilt::test {
namespace {

constexpr Border all_borders[] = {Border::reflect, Border::mirror, Border::nearest, Border::wrap, Border::constant};
constexpr DType integers[] = {DType::u8, DType::i8, DType::u16, DType::i16, DType::u32, DType::i32};

// The items of a view of real numbers.
std::vector<Real> numbers(const View& view) {
  Array wide(DType::f64, view.shape());
  separable(view, wide, {.kernels = {{{1.0}, 0}}, .axes = Axes::none()});
  const auto items = std::as_const(wide).items<double>();
  return {items.begin(), items.end()};
}

// Sums of one axis in units of 2^-17, which long double holds, and the unit of the next one.
std::vector<Real> sums(const std::vector<Real>& items, const Shape& shape, int axis, double width, Border border,
                       Real constant) {
  std::int64_t inner = 1;
  for (int k = axis + 1; k < shape.rank(); ++k) inner *= shape[k];
  const std::int64_t n = shape[axis];
  const auto full = static_cast<std::int64_t>(std::floor((width - 1) / 2));
  const Real end = (static_cast<Real>(width) - 1) / 2 - static_cast<Real>(full);
  std::vector<Real> result(items.size());
  for (std::size_t at = 0; at < items.size(); ++at) {
    const auto flat = static_cast<std::int64_t>(at);
    const std::int64_t i = flat / inner % n;
    const auto item = [&](std::int64_t k) {
      const std::int64_t sample = border_index(border, i + k, n);
      return sample < 0 ? constant : items[static_cast<std::size_t>(flat + (sample - i) * inner)];
    };
    Real sum = 0;
    for (std::int64_t k = -full; k <= full; ++k) sum += item(k);
    if (end > 0) sum += end * (item(-full - 1) + item(full + 1));
    result[at] = sum;
  }
  return result;
}

std::vector<Real> defined(const View& in, const std::vector<int>& axes, const std::vector<double>& widths,
                          Border border, double cval) {
  std::vector<Real> items = numbers(in);
  Real total = 1;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    items = sums(items, in.shape(), axes[i], widths[i], border, static_cast<Real>(cval) * total);
    total *= static_cast<Real>(widths[i]);
  }
  for (Real& item : items) item /= total;
  return items;
}

std::vector<std::byte> filtered(const View& in, DType out_dtype, const BoxOptions& options) {
  Array out(out_dtype, in.shape());
  box(in, out, options);
  return bytes_of(out);
}

// ---- what it is ----

class BoxTest : public testing::TestWithParam<double> {};

TEST_P(BoxTest, IntegersAreTheExactMeanRoundedOnce) {
  const double width = GetParam();
  const Shape shape{23, 31, 3};
  for (const DType dtype : integers) {
    const Array in = make_array(dtype, shape, 5);
    for (const Border border : all_borders) {
      for (const DType out_dtype : {dtype, DType::i16, DType::f32}) {
        Array out(out_dtype, shape);
        const BoxOptions options{.width = width, .border = border, .cval = 7.0, .axes = {0, 1}};
        const Plan plan = plan_box(in.layout(), out_dtype, options);
        plan.run(in, out);
        const bool exact = is_integer(out_dtype) && plan.working_dtype() != DType::f64;
        EXPECT_EQ(plan.error_bound() == 0, exact || width == 1);
        const Real allowed = plan.error_bound() * 0x1p32L;
        EXPECT_EQ(compare(out, defined(in, {0, 1}, {width, width}, border, 7), allowed).failure, "")
            << name(dtype) << " to " << name(out_dtype) << ", " << name(border);
      }
    }
  }
}

TEST_P(BoxTest, FloatsHoldTheirBound) {
  const double width = GetParam();
  const Shape shape{17, 5, 26};
  for (const DType dtype : {DType::f16, DType::f32, DType::f64, DType::boolean, DType::i64, DType::u64}) {
    const Array in = make_array(dtype, shape, 6, is_integer(dtype) ? Pattern::narrow : Pattern::offset);
    for (const Border border : all_borders) {
      Array out(dtype, shape);
      const Plan plan = plan_box(in.layout(), dtype, {.width = width, .border = border, .cval = 0.5});
      plan.run(in, out);
      Real largest = 0.5L;
      for (const Real item : numbers(in)) largest = std::max(largest, std::abs(item));
      EXPECT_EQ(compare(out, defined(in, {0, 1, 2}, {width, width, width}, border, 0.5),
                        plan.error_bound() * largest + 1e-17L * largest)
                    .failure,
                "")
          << name(dtype) << ", " << name(border);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Widths, BoxTest, testing::Values(1.0, 1.5, 2.0, 3.0, 4.25, 5.0, 7.75, 24.0, 101.0),
                         [](const auto& param) {
                           return "hundredths_" + std::to_string(std::lround(param.param * 100));
                         });

TEST(Box, EveryAxisHasItsWidth) {
  const Shape shape{9, 14, 11};
  for (const DType dtype : {DType::u8, DType::i32, DType::f32}) {
    const Array in = make_array(dtype, shape, 8, Pattern::narrow);
    Array out(DType::f64, shape);
    const Plan plan = plan_box(in.layout(), DType::f64, {.width = PerAxis<double>({2.5, 1.0, 6.0}), .axes = {2, 0, 1}});
    plan.run(in, out);
    EXPECT_EQ(compare(out, defined(in, {2, 1}, {2.5, 6}, Border::reflect, 0), plan.error_bound() * 0x1p21L).failure,
              "");
    EXPECT_EQ(plan.halo(), (Extents{0, 3, 1}));
  }
}

TEST(Box, ComplexPartsAreFilteredEachByItself) {
  const Shape shape{12, 20};
  const Array in = make_array(DType::c64, shape, 9);
  const BoxOptions options{.width = 4.25, .border = Border::constant, .cval = {2.0, -3.0}};
  Array out(DType::c64, shape);
  box(in, out, options);
  for (const int part : {0, 1}) {
    const View component(static_cast<const std::byte*>(in.data()) + 4 * part, DType::f32, shape, {160, 8});
    Array single(DType::f32, shape);
    box(component, single, {.width = 4.25, .border = Border::constant, .cval = part == 0 ? 2.0 : -3.0});
    const View both(static_cast<const std::byte*>(out.data()) + 4 * part, DType::f32, shape, {160, 8});
    EXPECT_TRUE(bytes_of(both) == bytes_of(single)) << part;
  }
}

TEST(Box, TiesGoToTheEvenNeighbour) {
  const std::uint8_t in[] = {0, 2, 0, 0, 1, 1, 2, 2, 255, 255};  // of width 2: (left + 2 own + right) / 4
  std::uint8_t out[10] = {};
  box(View(in, {10}), MutableView(out, {10}), {.width = 2.0});
  const std::uint8_t want[] = {0, 1, 0, 0, 1, 1, 2, 65, 192, 255};  // 0.5, 1, 0.5, 0.25, 0.75, 1.25, 1.75, 65.25 ...
  EXPECT_TRUE(std::equal(out, out + 10, want)) << int(out[0]) << ' ' << int(out[2]) << ' ' << int(out[7]);
}

// Sums that double does not hold: eleven axes, which together count in units of 2^-22.
TEST(Box, TiesOfVeryLargeSumsGoToTheEvenNeighbour) {
  const Shape shape = Extents::filled(11, 2);
  Array in(DType::i32, shape), out(DType::i32, shape);
  const auto items = in.items<std::int32_t>();
  for (std::size_t i = 0; i < items.size(); ++i) items[i] = i < items.size() / 2 ? -2147483646 : -2147483644;
  EXPECT_EQ(plan_box(in.layout(), DType::i32, {.width = 2.0}).working_dtype(), DType::u64);
  box(in, out, {.width = 2.0});
  EXPECT_EQ(out.items<std::int32_t>().front(), -2147483646);  // -2147483645.5
  EXPECT_EQ(out.items<std::int32_t>().back(), -2147483644);   // -2147483644.5
}

// Every product of odd widths that a shortcut divides by, at every sum.
TEST(Box, SmallWindowsOfBytesRoundEverySumRight) {
  for (const std::int64_t a : {3, 5, 7, 9, 11, 13, 15}) {
    for (const std::int64_t b : {1, 3, 5, 7, 9, 11, 13, 15}) {
      const std::int64_t n = a * b;
      // Line s holds n bytes whose sum is s, with others beside them that no window of the middle meets.
      const std::int64_t lines = 255 * n + 1;
      Array in(DType::u8, {lines, a, b}), out(DType::u8, {lines, a, b});
      const auto items = in.items<std::uint8_t>();
      for (std::int64_t s = 0; s < lines; ++s)
        for (std::int64_t i = 0; i < n; ++i)
          items[static_cast<std::size_t>(s * n + i)] = static_cast<std::uint8_t>(s / n + (i < s % n ? 1 : 0));
      box(in, out, {.width = PerAxis<double>({static_cast<double>(a), static_cast<double>(b)}), .axes = {1, 2}});
      const auto middle = static_cast<std::size_t>(a / 2 * b + b / 2);
      for (std::int64_t s = 0; s < lines; ++s)
        ASSERT_EQ(out.items<std::uint8_t>()[static_cast<std::size_t>(s * n) + middle], (2 * s + n) / (2 * n)) << a << b;
    }
  }
}

TEST(Box, AWidthOfOneLeavesEveryBit) {
  const Array in = make_array(DType::f64, {5, 7}, 3);
  EXPECT_TRUE(filtered(in, DType::f64, {.width = 1.0}) == bytes_of(in));
}

TEST(Box, WindowsMayBeMuchLongerThanTheAxis) {
  for (const DType dtype : {DType::u8, DType::f64}) {
    const Array in = make_array(dtype, {7, 5}, 4, Pattern::narrow);
    for (const Border border : all_borders) {
      Array out(DType::f64, {7, 5});
      const Plan plan = plan_box(in.layout(), DType::f64, {.width = 1000.5, .border = border, .cval = 3.0});
      plan.run(in, out);
      EXPECT_EQ(compare(out, defined(in, {0, 1}, {1000.5, 1000.5}, border, 3), plan.error_bound() * 0x1p21L).failure,
                "")
          << name(dtype) << name(border);
    }
  }
}

// ---- no drift ----

// A running sum that has met 1e20 has lost the digits of what follows.
TEST(Box, ASpikeLeavesNoTraceBehindItsWindow) {
  constexpr std::int64_t n = 1000000;
  Array in = make_array(DType::f64, {n}, 12), spiked = make_array(DType::f64, {n}, 12);
  spiked.items<double>()[100] = 1e20;
  for (const double width : {3.0, 50.5}) {
    const BoxOptions options{.width = width};
    Array plain(DType::f64, {n}), out(DType::f64, {n});
    box(in, plain, options);
    box(spiked, out, options);
    const auto reach = static_cast<std::int64_t>(std::ceil((width - 1) / 2));
    for (std::int64_t i = 0; i < n; ++i) {
      const bool near = std::abs(i - 100) <= reach;
      const auto at = static_cast<std::size_t>(i);
      ASSERT_EQ(std::as_const(out).items<double>()[at] == std::as_const(plain).items<double>()[at], !near) << i;
    }
  }
}

TEST(Box, IntegersDoNotDriftEither) {
  constexpr std::int64_t n = 1000000;
  Array in(DType::u16, {n}), out(DType::u16, {n});
  std::fill(in.items<std::uint16_t>().begin(), in.items<std::uint16_t>().end(), std::uint16_t{40001});
  in.items<std::uint16_t>()[0] = 0;
  box(in, out, {.width = 4.25});
  EXPECT_EQ(out.items<std::uint16_t>()[n - 1], 40001);
  EXPECT_TRUE(std::ranges::all_of(out.items<std::uint16_t>().subspan(3), [](std::uint16_t v) { return v == 40001; }));
}

TEST(Box, WhatIsNotFiniteReachesItsWindow) {
  for (const double bad : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    for (const double width : {3.0, 4.25, 9.0}) {
      const Shape shape{40, 60};
      Array in = make_array(DType::f64, shape, 2), out(DType::f64, shape);
      in.items<double>()[20 * 60 + 30] = bad;
      box(in, out, {.width = width});
      const auto reach = static_cast<std::int64_t>(std::ceil((width - 1) / 2));
      for (std::int64_t y = 0; y < 40; ++y)
        for (std::int64_t x = 0; x < 60; ++x) {
          const bool near = std::abs(y - 20) <= reach && std::abs(x - 30) <= reach;
          ASSERT_EQ(std::isfinite(out.items<double>()[static_cast<std::size_t>(y * 60 + x)]), !near) << y << ' ' << x;
        }
    }
  }
}

// ---- what never changes a byte ----

struct Subject {
  std::string name;
  DType in, out;
  Shape shape;
  std::vector<int> axes;
  std::vector<double> widths;
  Border border = Border::reflect;
};

const std::vector<Subject>& subjects() {
  static const std::vector<Subject> all{
      {"picture", DType::u8, DType::u8, {301, 407}, {0, 1}, {5, 5}},
      {"colours", DType::u8, DType::u8, {203, 151, 3}, {0, 1}, {4.25, 11}, Border::wrap},
      {"colours_u16", DType::u16, DType::u16, {203, 151, 3}, {0, 1}, {7.5, 40}, Border::constant},
      {"channels_last_axis", DType::i16, DType::u8, {203, 151, 3}, {1, 2}, {9, 2}, Border::mirror},
      {"volume", DType::i32, DType::i32, {40, 61, 52}, {0, 1, 2}, {3, 8.5, 5}, Border::nearest},
      {"batch", DType::u8, DType::f32, {20, 40, 50}, {1, 2}, {3, 6.5}},
      {"floats", DType::f32, DType::f32, {301, 407}, {0, 1}, {5, 12.5}},
      {"outer_axes", DType::f64, DType::f64, {33, 20, 90}, {2, 0}, {4, 101}, Border::wrap},
      {"complex", DType::c64, DType::c128, {70, 130}, {0, 1}, {6.5, 3}, Border::constant},
      {"real_to_complex", DType::f64, DType::c128, {70, 130}, {1, 0}, {3, 3}},
      {"line_u8", DType::u8, DType::u8, {100000}, {0}, {31}},
      {"line", DType::f64, DType::f64, {100000}, {0}, {31.5}},
      {"columns", DType::u8, DType::u8, {5000, 40}, {0}, {5.5}},
      {"columns_f64", DType::f64, DType::f64, {5000, 40}, {0}, {55}},
      {"rank6", DType::f64, DType::f64, {4, 3, 5, 2, 6, 7}, {5, 2, 0}, {3, 2, 4}},
  };
  return all;
}

class BoxBytes : public testing::TestWithParam<std::size_t> {
 protected:
  const Subject& subject() const { return subjects()[GetParam()]; }
  Array input() const { return make_array(subject().in, subject().shape, 7); }
  Plan plan(int threads, DType in) const {
    return plan_box({subject().shape, in}, subject().out,
                    {.width = PerAxis<double>(subject().widths),
                     .border = subject().border,
                     .cval = 9.0,
                     .axes = Axes(subject().axes),
                     .threads = threads});
  }
  Plan plan(int threads) const { return plan(threads, subject().in); }
  std::vector<std::byte> whole() const {
    const Array in = input();
    Array out(subject().out, subject().shape);
    plan(1).run(in, out);
    return bytes_of(out);
  }
};

TEST_P(BoxBytes, AreTheSameOnAnyNumberOfThreads) {
  const Array in = input();
  for (const int threads : {2, 3, 7}) {
    Array out(subject().out, subject().shape);
    plan(threads).run(in, out);
    EXPECT_TRUE(bytes_of(out) == whole()) << threads;
  }
}

TEST_P(BoxBytes, AreTheSameInAnyMemory) {
  for (const Style style : all_styles) {
    Strided out(style, subject().out, subject().shape);
    plan(2).run(Strided(style, input()), out);
    EXPECT_TRUE(bytes_of(out) == whole()) << static_cast<int>(style);
    EXPECT_TRUE(out.gaps_untouched());
  }
}

TEST_P(BoxBytes, AreTheSameInPlace) {
  const Array in = make_array(subject().out, subject().shape, 5);
  Array apart(subject().out, subject().shape), both = make_array(subject().out, subject().shape, 5);
  const Plan both_ways = plan(2, subject().out);
  both_ways.run(in, apart);
  both_ways.run(both, both);
  EXPECT_TRUE(bytes_of(both) == bytes_of(apart));
}

TEST_P(BoxBytes, AreTheSameByRegions) {
  const Array in = input();
  const Plan parts = plan(2);
  const std::vector<std::byte> want = whole();
  const View all(want.data(), subject().out, subject().shape);
  Random random(11);
  for (int round = 0; round < 12; ++round) {
    Index origin = Extents::filled(in.rank(), 0);
    Shape shape = subject().shape;
    for (int axis = 0; axis < in.rank(); ++axis) {
      if (random.below(3) == 0) continue;
      origin[axis] = random.below(subject().shape[axis]);
      shape[axis] = 1 + random.below(subject().shape[axis] - origin[axis]);
    }
    const Window need = parts.source_window(origin, shape);
    Array out(subject().out, shape);
    parts.run_region(part(View(in), need.origin, need.shape), need.origin, out, origin);
    EXPECT_TRUE(bytes_of(out) == bytes_of(part(all, origin, shape))) << text(origin) << " + " << text(shape);
  }
}

TEST_P(BoxBytes, AreTheSameOnEveryCpuTarget) {
  const std::vector<std::byte> want = whole();
  for (const std::string& target : cpu_targets()) {
    force_cpu_target(target);
    EXPECT_TRUE(whole() == want) << target;
  }
  force_cpu_target("");
}

INSTANTIATE_TEST_SUITE_P(Subjects, BoxBytes, testing::Range(std::size_t{0}, subjects().size()),
                         [](const auto& param) { return subjects()[param.param].name; });

// ---- the plan ----

TEST(BoxPlan, SaysWhatItDoes) {
  const auto plan = [](DType in, DType out, const BoxOptions& options) {
    return plan_box({{100, 90}, in}, out, options);
  };
  const Plan exact = plan(DType::u8, DType::u8, {.width = 4.25});
  EXPECT_EQ(exact.method(), Method::mean);
  EXPECT_EQ(exact.working_dtype(), DType::u32);
  EXPECT_EQ(exact.error_bound(), 0);
  EXPECT_NE(exact.explain().find("width 4.25"), std::string::npos) << exact.explain();
  EXPECT_NE(exact.explain_json().find("\"width\""), std::string::npos);
  EXPECT_EQ(plan(DType::u8, DType::u8, {.width = 5.0}).working_dtype(), DType::u16);
  EXPECT_EQ(plan(DType::u16, DType::u16, {.width = 999.1}).working_dtype(), DType::f64);
  EXPECT_EQ(plan(DType::u16, DType::u16, {.width = 999.0}).working_dtype(), DType::u64);
  EXPECT_EQ(plan(DType::i32, DType::i32, {.width = 101.0}).working_dtype(), DType::u64);
  EXPECT_EQ(plan(DType::u8, DType::u8, {.border = Border::constant, .cval = 0.5}).working_dtype(), DType::f64);
  const Plan floats = plan(DType::f32, DType::f32, {.width = 9.0});
  EXPECT_EQ(floats.working_dtype(), DType::f64);
  EXPECT_GT(floats.error_bound(), 0);
  EXPECT_LT(floats.error_bound(), 1e-14);
  EXPECT_GT(floats.scratch_bytes(), 0);
}

TEST(BoxPlan, RefusesWhatIsNoWidth) {
  const Array in = make_array(DType::f32, {8, 9}, 1);
  Array out(DType::f32, {8, 9});
  for (const double width :
       {0.0, 0.99, -3.0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(), 0x1p31}) {
    EXPECT_THROW(box(in, out, {.width = width}), InvalidArgument) << width;
  }
  EXPECT_THROW(box(in, out, {.width = PerAxis<double>({1.0, 2.0, 3.0})}), InvalidArgument);
}

TEST(BoxPlan, StopsWhenAskedTo) {
  const Array in = make_array(DType::u8, {600, 700}, 1);
  Array out(DType::u8, {600, 700});
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(plan_box(in.layout(), DType::u8, {}).run(in, out, {.stop = stop.get_token(), .progress = {}}),
            RunStatus::stopped);
}

TEST(BoxPlan, TakesEmptyArraysAndSinglePoints) {
  Array none(DType::u8, {0, 5}), out_none(DType::u8, {0, 5});
  EXPECT_NO_THROW(box(none, out_none));
  const Array one = make_array(DType::u8, {1, 1}, 3);
  EXPECT_TRUE(filtered(one, DType::u8, {.width = 9.0}) == bytes_of(one));
}

}  // namespace
}  // namespace gaussfilt::test
