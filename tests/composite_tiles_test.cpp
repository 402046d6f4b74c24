// Composites large enough for many tiles: the same bytes whole and by regions, on any number of threads, in any memory.
#include "composite_support.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <ostream>
#include <thread>

namespace gaussfilt::test {
namespace {

struct Large {
  const char* name;
  Kind kind;
  DType in, out;
  Shape shape;
  Spec spec;

  friend void PrintTo(const Large& large, std::ostream* to) { *to << large.name; }
};

std::vector<Large> large_problems() {
  const Axes picture = {0, 1};
  const PerAxis<Border> mixed{Border::wrap, Border::reflect};
  return {
      {"laplace_f32", Kind::laplace, DType::f32, DType::f32, {703, 809}, {.sigma = 2.0}},
      {"laplace_f64_wrap", Kind::laplace, DType::f64, DType::f64, {401, 509}, {.sigma = 3.0, .border = Border::wrap}},
      {"laplace_volume", Kind::laplace, DType::f32, DType::f32, {61, 67, 103}, {.sigma = 1.5}},
      {"laplace_u8_colour", Kind::laplace, DType::u8, DType::i16, {307, 411, 3}, {.sigma = 2.0, .axes = picture}},
      {"laplace_c64", Kind::laplace, DType::c64, DType::c64, {307, 311}, {.sigma = 2.0}},
      {"laplace_line", Kind::laplace, DType::f32, DType::f32, {300001}, {.sigma = 4.0}},
      {"laplace_to_complex", Kind::laplace, DType::f32, DType::c64, {301, 401}, {.sigma = 2.0}},
      {"magnitude_f32", Kind::magnitude, DType::f32, DType::f32, {703, 809}, {.sigma = 2.0, .border = mixed}},
      {"magnitude_u8", Kind::magnitude, DType::u8, DType::u8, {603, 1009}, {.sigma = 1.0}},
      {"magnitude_f16", Kind::magnitude, DType::f16, DType::f16, {303, 409}, {.sigma = 1.0}},
      {"difference_f32", Kind::difference, DType::f32, DType::f32, {703, 809}, {.sigma = 2.0, .second = 3.2}},
      {"difference_long", Kind::difference, DType::f32, DType::f32, {9001, 31}, {.sigma = 9.0, .second = 20.0}},
      {"hessian_f32", Kind::hessian, DType::f32, DType::f32, {503, 609}, {.sigma = 2.0}},
      {"hessian_volume", Kind::hessian, DType::f64, DType::f64, {41, 47, 63}, {.sigma = 1.0}},
      {"hessian_to_complex", Kind::hessian, DType::f32, DType::c64, {203, 309}, {.sigma = 2.0}},
      {"tensor_f32", Kind::tensor, DType::f32, DType::f32, {503, 609}, {.sigma = 1.0, .second = 3.0}},
      {"tensor_wrap", Kind::tensor, DType::f32, DType::f32, {403, 509}, {.second = 4.0, .border = Border::wrap}},
      {"tensor_mixed", Kind::tensor, DType::f64, DType::f64, {403, 309}, {.second = 2.0, .border = mixed}},
      {"tensor_volume", Kind::tensor, DType::f32, DType::f32, {43, 57, 71}, {.second = 1.5, .border = Border::wrap}},
      {"tensor_colour", Kind::tensor, DType::u8, DType::f32, {203, 301, 3}, {.axes = picture}},
      {"tensor_constant", Kind::tensor, DType::f32, DType::f32, {303, 401}, {.border = Border::constant, .cval = 2}},
  };
}

class LargeComposite : public testing::TestWithParam<Large> {
 protected:
  Plan plan(int threads = 0) const {
    Spec spec = GetParam().spec;
    spec.threads = threads;
    return make_plan(GetParam().kind, {GetParam().shape, GetParam().in}, GetParam().out, spec);
  }
  const Shape& shape() const { return GetParam().shape; }
  Array input() const { return make_array(GetParam().in, shape(), 11); }
};

std::string large_name(const testing::TestParamInfo<Large>& large) { return large.param.name; }
INSTANTIATE_TEST_SUITE_P(Tiles, LargeComposite, testing::ValuesIn(large_problems()), large_name);

TEST_P(LargeComposite, GivesTheSameBytesOnAnyNumberOfThreads) {
  const Array in = input();
  const std::vector<std::byte> one = all_bytes(run(plan(1), in));
  for (int threads : {2, 5, 0}) EXPECT_TRUE(all_bytes(run(plan(threads), in)) == one) << threads << " threads";
}

TEST_P(LargeComposite, GivesTheSameBytesInPlace) {
  if (GetParam().in != GetParam().out || plan().outputs() != 1) return;
  const std::vector<std::byte> apart = all_bytes(run(plan(), input()));
  Array both = input();
  plan().run(both, both);
  EXPECT_TRUE(bytes_of(both) == apart);
}

TEST_P(LargeComposite, GivesTheSameBytesInAnyMemory) {
  const Array in = input();
  const std::vector<std::byte> whole = all_bytes(run(plan(), in));
  for (Style from_style : all_styles) {
    for (Style to_style : {from_style, Style::contiguous, Style::transposed}) {
      Strided from(from_style, in);
      std::vector<Strided> to;
      for (int k = 0; k < plan().outputs(); ++k) to.emplace_back(to_style, GetParam().out, shape());
      std::vector<MutableView> views;
      for (Strided& one : to) views.push_back(one);
      plan().run(from, views);
      EXPECT_TRUE(all_bytes(views) == whole)
          << "styles " << static_cast<int>(from_style) << " to " << static_cast<int>(to_style);
      for (const Strided& one : to) EXPECT_TRUE(one.gaps_untouched()) << static_cast<int>(to_style);
    }
  }
}

TEST_P(LargeComposite, GivesTheSameBytesByRegions) {
  const Array in = input();
  const Plan p = plan();
  const std::vector<Array> whole = run(p, in);
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
    std::vector<Array> region = make_outputs(p, size);
    EXPECT_EQ(p.run_region(source, window.origin, views_of(region), origin), RunStatus::complete);
    for (std::size_t k = 0; k < region.size(); ++k) {
      EXPECT_TRUE(bytes_of(region[k]) == bytes_of(part(View(whole[k]), origin, size)))
          << "output " << k << ", " << test::text(size) << " at " << test::text(origin);
    }
    if (window.shape[0] < 2) continue;
    Shape less = window.shape;
    --less[0];
    EXPECT_THROW(p.run_region(part(View(source), Extents::filled(size.rank(), 0), less), window.origin,
                              views_of(region), origin),
                 InvalidArgument);
  }
}

TEST_P(LargeComposite, HoldsToTheReferenceOnAPart) {
  // A few items in the middle, cut out with all that they depend on: the borders of that window are not theirs.
  const Plan p = plan();
  const Array in = input();
  const std::vector<Array> whole = run(p, in);
  Shape size = shape();
  Index origin = Extents::filled(size.rank(), 0);
  for (int axis = 0; axis < size.rank(); ++axis) {
    size[axis] = std::min<std::int64_t>(size[axis], 5);
    origin[axis] = shape()[axis] / 2 - size[axis] / 2;
  }
  const Window window = p.source_window(origin, size);
  const View source = part(View(in), window.origin, window.shape);
  if (source.shape().product() > 100000) GTEST_SKIP() << "too large for the reference";
  const Exact exact = exact_of(GetParam().kind, source, GetParam().spec);
  Array small(GetParam().out, window.shape);
  Index inside = origin;
  for (int axis = 0; axis < size.rank(); ++axis) inside[axis] -= window.origin[axis];
  for (std::size_t k = 0; k < whole.size(); ++k) {
    std::vector<Real> want;
    const std::size_t parts = is_complex(GetParam().in) ? 2 : 1;
    for (std::int64_t item = 0; item < size.product(); ++item) {
      std::int64_t rest = item, at = 0, step = 1;
      for (int axis = size.rank(); axis-- > 0; rest /= size[axis], step *= window.shape[axis]) {
        at += (rest % size[axis] + inside[axis]) * step;
      }
      for (std::size_t c = 0; c < parts; ++c) {
        want.push_back(exact.outputs[k][static_cast<std::size_t>(at) * parts + c]);
      }
    }
    const Comparison result = compare(part(View(whole[k]), origin, size), want,
                                      (static_cast<Real>(p.error_bound()) + 4e-16L) * exact.n * exact.m);
    EXPECT_EQ(result.failure, "") << "output " << k;
  }
}

TEST_P(LargeComposite, ReportsProgressAndStops) {
  const Array in = input();
  for (int threads : {1, 4}) {
    const Plan p = plan(threads);
    std::vector<Array> outputs = make_outputs(p, shape());
    std::vector<double> seen;
    RunOptions options;
    options.progress = [&](double done) { seen.push_back(done); };
    EXPECT_EQ(p.run(in, views_of(outputs), options), RunStatus::complete);
    ASSERT_FALSE(seen.empty());
    EXPECT_EQ(*std::max_element(seen.begin(), seen.end()), 1);
    std::stop_source before;
    before.request_stop();
    outputs = make_outputs(p, shape());
    const std::vector<std::byte> untouched = all_bytes(outputs);
    EXPECT_EQ(p.run(in, views_of(outputs), {.stop = before.get_token()}), RunStatus::stopped);
    const bool widened = is_complex(GetParam().out) && !is_complex(GetParam().in);  // imaginary parts are 0 then
    EXPECT_TRUE(widened || all_bytes(outputs) == untouched);
  }
}

TEST(CompositePlan, RunsOnManyThreadsAtOnce) {
  const Array in = make_array(DType::f32, {301, 257}, 3);
  for (Kind kind : all_kinds) {
    const Plan plan = make_plan(kind, in.layout(), DType::f32, {.sigma = 2.0, .second = 2.5, .threads = 2});
    const std::vector<std::byte> alone = all_bytes(run(plan, in));
    std::atomic<int> wrong = 0;
    std::vector<std::thread> threads;
    for (int k = 0; k < 4; ++k) {
      threads.emplace_back([&] {
        for (int turn = 0; turn < 3; ++turn) {
          std::vector<Array> outputs = make_outputs(plan, {301, 257});
          plan.run(in, views_of(outputs));
          if (all_bytes(outputs) != alone) ++wrong;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(wrong, 0);
  }
}

}  // namespace
}  // namespace gaussfilt::test
