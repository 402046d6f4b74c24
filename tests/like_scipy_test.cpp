// SciPy's rules on arrays of many tiles and blocks: several axes at once are the axes one after the other, and neither
// threads nor memory nor regions change a byte. What SciPy itself computes is in golden/.
#include "support.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

namespace gaussfilt::test {
namespace {

struct Subject {
  std::string name;
  DType in, out;
  Shape shape;
  std::vector<int> axes;
  std::vector<Border> borders;
  double cval = 0;
};

const std::vector<Subject>& subjects() {
  constexpr Border reflect = Border::reflect, mirror = Border::mirror, nearest = Border::nearest, wrap = Border::wrap,
                   constant = Border::constant;
  static const std::vector<Subject> all{
      {"picture_u8", DType::u8, DType::u8, {301, 407}, {0, 1}, {reflect, reflect}},
      {"channels_u8", DType::u8, DType::u8, {203, 151, 3}, {0, 1}, {mirror, nearest}},
      {"channels_last_axis", DType::u16, DType::u16, {203, 151, 3}, {1, 2}, {wrap, constant}, 77.5},
      {"signed_to_unsigned", DType::i16, DType::u8, {190, 333}, {1, 0}, {constant, wrap}, -3.5},
      {"volume_i32", DType::i32, DType::i32, {40, 61, 52}, {0, 1, 2}, {nearest, reflect, mirror}},
      {"volume_outer_axes", DType::f64, DType::f64, {33, 20, 90}, {2, 0}, {wrap, constant}, 0.25},
      {"floats_to_bool", DType::f32, DType::boolean, {120, 140}, {0, 1}, {reflect, wrap}},
      {"to_u64", DType::f64, DType::u64, {90, 80}, {0, 1}, {reflect, mirror}},
      {"complex", DType::c128, DType::c128, {70, 130}, {0, 1}, {constant, reflect}, 1.5},
      {"real_to_complex", DType::f64, DType::c128, {70, 130}, {1, 0}, {mirror, reflect}},
      {"line", DType::f64, DType::f64, {50000}, {0}, {reflect}},
      {"lines_i8", DType::i8, DType::i8, {3, 20000}, {1}, {nearest}},
      {"columns_i64", DType::i64, DType::i64, {5000, 6}, {0}, {mirror}},
      {"rank6", DType::f64, DType::f64, {4, 3, 5, 2, 6, 7}, {5, 2, 0}, {wrap, reflect, nearest}},
  };
  return all;
}

enum class Filter : std::uint8_t { separable, uniform };

Plan plan_of(Filter filter, const Subject& subject, const std::vector<std::size_t>& entries, DType in, DType out,
             int threads) {
  std::vector<int> axes;
  std::vector<Border> borders;
  std::vector<Kernel> kernels;
  std::vector<std::int64_t> sizes, origins;
  const Kernel known[] = {{{-0.75, 0.5, 0.75}, 1}, {{0.3, -0.9, 0.2, 1.1}, 3}, {{0.2, 0.4, 0.7, 0.4, 0.2}, 1}};
  const std::int64_t widths[] = {7, 4, 12};
  for (const std::size_t entry : entries) {
    axes.push_back(subject.axes[entry]);
    borders.push_back(subject.borders[entry]);
    kernels.push_back(known[entry]);
    sizes.push_back(widths[entry]);
    origins.push_back(entry == 1 ? -2 : 1);
  }
  if (filter == Filter::uniform) {
    return plan_uniform({subject.shape, in}, out,
                        {.size = PerAxis<std::int64_t>(sizes),
                         .origin = PerAxis<std::int64_t>(origins),
                         .border = PerAxis<Border>(borders),
                         .cval = subject.cval,
                         .axes = Axes(axes),
                         .threads = threads});
  }
  return plan_separable({subject.shape, in}, out,
                        {.kernels = kernels,
                         .border = PerAxis<Border>(borders),
                         .cval = subject.cval,
                         .axes = Axes(axes),
                         .like = Like::scipy,
                         .threads = threads});
}

class LikeScipy : public testing::TestWithParam<std::tuple<Filter, std::size_t>> {
 protected:
  Filter filter() const { return std::get<0>(GetParam()); }
  const Subject& subject() const { return subjects()[std::get<1>(GetParam())]; }
  Array input() const { return make_array(subject().in, subject().shape, 7, Pattern::noise); }
  Plan plan(int threads) const { return plan_from(subject().in, threads); }
  Plan plan_from(DType in, int threads) const {
    std::vector<std::size_t> entries;
    for (std::size_t k = 0; k < subject().axes.size(); ++k) entries.push_back(k);
    return plan_of(filter(), subject(), entries, in, subject().out, threads);
  }
  std::vector<std::byte> whole() const {
    const Array in = input();
    Array out(subject().out, subject().shape);
    plan(1).run(in, out);
    return bytes_of(out);
  }
};

TEST_P(LikeScipy, IsOneAxisAfterTheOther) {
  // Between the axes a bool is a byte, as in SciPy.
  const DType between = subject().out == DType::boolean ? DType::u8 : subject().out;
  const Array in = input();
  std::vector<std::byte> bytes = bytes_of(in);
  DType dtype = subject().in;
  Array out(between, subject().shape);
  for (std::size_t k = 0; k < subject().axes.size(); ++k) {
    plan_of(filter(), subject(), {k}, dtype, between, 1).run(View(bytes.data(), dtype, subject().shape), out);
    bytes = bytes_of(out);
    dtype = between;
  }
  if (subject().out == DType::boolean) {
    for (std::byte& byte : bytes) byte = byte == std::byte{0} ? std::byte{0} : std::byte{1};
  }
  EXPECT_TRUE(bytes == whole());
}

TEST_P(LikeScipy, GivesTheSameBytesOnAnyNumberOfThreads) {
  const Array in = input();
  for (const int threads : {2, 3, 7}) {
    Array out(subject().out, subject().shape);
    plan(threads).run(in, out);
    EXPECT_TRUE(bytes_of(out) == whole()) << threads;
  }
}

TEST_P(LikeScipy, GivesTheSameBytesInAnyMemory) {
  for (const Style style : all_styles) {
    Strided out(style, subject().out, subject().shape);
    plan(2).run(Strided(style, input()), out);
    EXPECT_TRUE(bytes_of(out) == whole()) << static_cast<int>(style);
    EXPECT_TRUE(out.gaps_untouched());
  }
}

TEST_P(LikeScipy, GivesTheSameBytesInPlace) {
  const Array in = make_array(subject().out, subject().shape, 5);
  Array apart(subject().out, subject().shape), both = make_array(subject().out, subject().shape, 5);
  const Plan plan = plan_from(subject().out, 2);
  plan.run(in, apart);
  plan.run(both, both);
  EXPECT_TRUE(bytes_of(both) == bytes_of(apart));
}

TEST_P(LikeScipy, GivesTheSameBytesByRegions) {
  const Array in = input();
  const Plan plan = this->plan(2);
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
    const Window need = plan.source_window(origin, shape);
    Array out(subject().out, shape);
    plan.run_region(part(View(in), need.origin, need.shape), need.origin, out, origin);
    EXPECT_TRUE(bytes_of(out) == bytes_of(part(all, origin, shape))) << text(origin) << " + " << text(shape);
  }
}

std::string case_name(const testing::TestParamInfo<LikeScipy::ParamType>& param) {
  const bool uniform = std::get<0>(param.param) == Filter::uniform;
  return (uniform ? "uniform_" : "separable_") + subjects()[std::get<1>(param.param)].name;
}

INSTANTIATE_TEST_SUITE_P(Filters, LikeScipy,
                         testing::Combine(testing::Values(Filter::separable, Filter::uniform),
                                          testing::Range(std::size_t{0}, subjects().size())),
                         case_name);

// ---- separable ----

TEST(LikeScipySeparable, PadsTheSameConstantAtEveryAxis) {
  const double in[] = {1, 1, 1, 1};
  double out[4] = {};
  SeparableOptions options{.kernels = {{{0, 0, 2}, 1}}, .border = Border::constant, .cval = 5.0};
  separable(View(in, {2, 2}), MutableView(out, {2, 2}), options);
  EXPECT_EQ(out[1], 20.0);  // the constant beyond the rows has been filtered once
  options.like = Like::scipy;
  separable(View(in, {2, 2}), MutableView(out, {2, 2}), options);
  EXPECT_EQ(out[1], 10.0);
}

TEST(LikeScipySeparable, LeavesFloatsInTheirPrecision) {
  SeparableOptions options{.kernels = {{{0.25, 0.5, 0.25}, 1}}, .like = Like::scipy};
  EXPECT_EQ(plan_separable({{4, 5}, DType::f32}, DType::f32, options).working_dtype(), DType::f32);
  EXPECT_EQ(plan_separable({{4, 5}, DType::u8}, DType::u8, options).working_dtype(), DType::f64);
  EXPECT_NE(plan_separable({{4, 5}, DType::u8}, DType::u8, options).explain().find("cast"), std::string::npos);
}

TEST(LikeScipySeparable, CastsWhereNothingIsFiltered) {
  const double in[] = {-1.5, 300.7, 255.9};
  std::uint8_t out[3] = {};
  separable(View(in, {3}), MutableView(out, {3}), {.kernels = {{{1.0}, 0}}, .axes = Axes::none(), .like = Like::scipy});
  EXPECT_EQ(out[0], 255);
  EXPECT_EQ(out[1], 44);
  EXPECT_EQ(out[2], 255);
}

// ---- uniform ----

// The means themselves, in long double.
std::vector<Real> means(std::vector<Real> items, const Shape& shape, int axis, std::int64_t size, Border border) {
  std::int64_t inner = 1;
  for (int k = axis + 1; k < shape.rank(); ++k) inner *= shape[k];
  const std::int64_t n = shape[axis];
  std::vector<Real> result(items.size());
  for (std::size_t at = 0; at < items.size(); ++at) {
    const auto flat = static_cast<std::int64_t>(at);
    const std::int64_t i = flat / inner % n;
    Real sum = 0;
    for (std::int64_t k = 0; k < size; ++k) {
      const std::int64_t sample = border_index(border, i + k - size / 2, n);
      sum += items[static_cast<std::size_t>(flat + (sample - i) * inner)];
    }
    result[at] = sum / static_cast<Real>(size);
  }
  return result;
}

TEST(UniformTest, HoldsItsBound) {
  const Shape shape{30, 3, 400};
  for (const DType dtype : {DType::f64, DType::f32, DType::f16}) {
    for (const std::int64_t size : {1, 2, 5, 64, 901}) {
      const Array in = make_array(dtype, shape, 3, Pattern::offset);
      Array out(dtype, shape);
      const Plan plan = plan_uniform(in.layout(), dtype, {.size = size, .axes = {0, 2}});
      plan.run(in, out);
      Array wide(DType::f64, shape);
      separable(in, wide, {.kernels = {{{1.0}, 0}}, .axes = Axes::none()});
      std::vector<Real> exact(wide.items<double>().begin(), wide.items<double>().end());
      Real largest = 0;
      for (const Real value : exact) largest = std::max(largest, std::abs(value));
      exact = means(means(exact, shape, 0, size, Border::reflect), shape, 2, size, Border::reflect);
      EXPECT_EQ(compare(out, exact, plan.error_bound() * largest + 1e-17L * largest).failure, "")
          << name(dtype) << " " << size;
      EXPECT_LT(plan.error_bound(), dtype == DType::f64 ? 1e-12 : 1e-3);
    }
  }
}

TEST(UniformTest, NonFiniteSamplesReachTheRestOfTheirLine) {
  double in[10] = {1, 2, 3, 4, std::numeric_limits<double>::quiet_NaN(), 6, 7, 8, 9, 10};
  double out[10] = {};
  uniform(View(in, {10}), MutableView(out, {10}));
  for (int i = 0; i < 10; ++i) EXPECT_EQ(std::isnan(out[i]), i >= 3) << i;
}

TEST(UniformTest, LeavesEmptyArraysAndSingleValuesAlone) {
  Array none(DType::f32, {4, 0, 3});
  Array same(DType::f32, {4, 0, 3});
  uniform(none, same, {.size = 5});
  const float value = 2.5F;
  std::int32_t cut = 0;
  uniform(View(&value, DType::f32, {}), MutableView(&cut, DType::i32, {}));
  EXPECT_EQ(cut, 2);
  const Array in = make_array(DType::u8, {5, 6}, 1);
  Array out(DType::u8, {5, 6});
  uniform(in, out, {.axes = Axes::none()});
  EXPECT_EQ(bytes_of(out), bytes_of(in));
}

TEST(UniformTest, SaysWhatItWillDo) {
  const Plan plan = plan_uniform({{30, 40}, DType::u8}, DType::u8, {.size = {4, 1}, .origin = {1, 0}});
  EXPECT_EQ(plan.method(), Method::box);
  EXPECT_EQ(name(plan.method()), "box");
  EXPECT_EQ(plan.working_dtype(), DType::f64);
  EXPECT_NE(plan.explain().find("axis 0: window of 4 samples, 3 before and 0 after"), std::string::npos)
      << plan.explain();
  EXPECT_NE(plan.explain_json().find("\"size\": 4"), std::string::npos);
  EXPECT_GT(plan.scratch_bytes(), 0);
  EXPECT_EQ(plan.halo(), (Extents{29, 39}));
  const Window need = plan.source_window({3, 4}, {2, 2});
  EXPECT_EQ(need.origin, (Index{0, 0}));
  EXPECT_EQ(need.shape, (Shape{30, 40}));
}

TEST(UniformTest, ReportsProgressAndStops) {
  const Array in = make_array(DType::f32, {300, 300}, 1);
  Array out(DType::f32, {300, 300});
  const Plan plan = plan_uniform(in.layout(), DType::f32, {.size = 5, .threads = 1});
  std::vector<double> seen;
  std::stop_source stop;
  EXPECT_EQ(plan.run(in, out, {.progress = [&](double part) { seen.push_back(part); }}), RunStatus::complete);
  ASSERT_GT(seen.size(), 4u);
  EXPECT_EQ(seen.back(), 1.0);
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
  stop.request_stop();
  EXPECT_EQ(plan.run(in, out, {.stop = stop.get_token()}), RunStatus::stopped);
}

std::string refusal(const UniformOptions& options, DType in = DType::f32, DType out = DType::f32) {
  try {
    plan_uniform({{8, 9}, in}, out, options);
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(UniformTest, RefusesWhatHasNoMeaning) {
  EXPECT_EQ(refusal({.size = 0}), "size: axis 0 is 0, must be 1 ... 2^31 - 1");
  EXPECT_EQ(refusal({.size = {3, -2}}), "size: axis 1 is -2, must be 1 ... 2^31 - 1");
  EXPECT_EQ(refusal({.size = 4, .origin = {0, 2}}), "origin: axis 1 is 2, must be -2 ... 1 for a window of 4");
  EXPECT_EQ(refusal({.size = 5, .origin = -3}), "origin: axis 0 is -3, must be -2 ... 2 for a window of 5");
  EXPECT_EQ(refusal({.size = {3, 3, 3}}), "size: 3 values for 2 filtered axes, must be one for all or one each");
  EXPECT_NE(refusal({}, DType::c64, DType::f32).find("imaginary"), std::string::npos);
  EXPECT_EQ(refusal({.size = 4, .origin = 1}, DType::i8, DType::u8), "accepted");
}

}  // namespace
}  // namespace gaussfilt::test
