// Floor 2: outputs that no cache keeps are written past the caches; the bytes are those of small ones.
#include <gaussfilt/gaussfilt.h>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>
#include <random>
#include <vector>

namespace {

using namespace gaussfilt;

struct Large {
  const char* name;
  Shape shape;
  double sigma;
  Border border;
};

// The plan's result, by strips of 37 rows, which are small.
template <class T> std::vector<T> by_strips(const Plan& plan, const View& in, const Shape& shape) {
  std::vector<T> result(static_cast<std::size_t>(shape.product()));
  const std::int64_t row = shape.product() / shape[0];
  Index origin = Extents::filled(shape.rank(), 0);
  for (std::int64_t y = 0; y < shape[0]; y += 37) {
    Shape part = shape;
    part[0] = std::min<std::int64_t>(37, shape[0] - y);
    origin[0] = y;
    plan.run_region(in, Extents::filled(shape.rank(), 0), MutableView(result.data() + y * row, part), origin);
  }
  return result;
}

// Whole results that begin anywhere in a cache line, on one and on two threads.
template <class T> void expect_same_bytes(const Large& large) {
  std::mt19937 random(7);
  const auto count = static_cast<std::size_t>(large.shape.product());
  std::vector<T> in(count), out(count + 16);
  for (T& item : in) item = static_cast<T>(random() % 1000);
  const View source(in.data(), large.shape);
  ASSERT_GT(count * sizeof(T), std::size_t{16} << 20) << "small outputs are not streamed";
  for (const int threads : {1, 2}) {
    const Plan plan = plan_gaussian(source.layout(), source.dtype(),
                                    {.sigma = large.sigma, .border = large.border, .axes = {0, 1}, .threads = threads});
    const std::vector<T> want = by_strips<T>(plan, source, large.shape);
    for (const std::size_t offset : {0u, 1u, 4u, 15u}) {
      plan.run(source, MutableView(out.data() + offset, large.shape));
      EXPECT_EQ(std::memcmp(out.data() + offset, want.data(), count * sizeof(T)), 0)
          << large.name << ", " << threads << " threads, from item " << offset;
    }
  }
}

TEST(Streamed, F32HasTheBytesOfSmallOutputs) {
  for (const Large& large : {Large{"rows of odd length", {2100, 2111}, 2.0, Border::reflect},
                             Large{"whole cache lines", {2050, 2112}, 0.8, Border::wrap},
                             Large{"a reach of several blocks", {2100, 2111}, 4.0, Border::nearest},
                             Large{"turned rows", {2100, 2111}, 6.0, Border::mirror},
                             Large{"three channels", {1250, 1201, 3}, 2.0, Border::reflect},
                             Large{"four channels", {1050, 1037, 4}, 1.0, Border::constant}})
    expect_same_bytes<float>(large);
}

TEST(Streamed, F64HasTheBytesOfSmallOutputs) {
  for (const Large& large :
       {Large{"near", {1500, 1511}, 2.0, Border::reflect}, Large{"several blocks", {1500, 1511}, 3.5, Border::mirror},
        Large{"three channels", {900, 877, 3}, 1.0, Border::nearest}})
    expect_same_bytes<double>(large);
}

TEST(Streamed, AnotherDtypeHasTheBytesOfSmallOutputs) {
  const Shape shape{900, 877, 3};
  std::mt19937 random(7);
  const auto count = static_cast<std::size_t>(shape.product());
  std::vector<std::uint8_t> in(count);
  std::vector<double> out(count + 1);
  for (std::uint8_t& item : in) item = static_cast<std::uint8_t>(random());
  const View source(in.data(), shape);
  const Plan plan =
      plan_separable(source.layout(), DType::f64,
                     {.kernels = {gaussian_kernel(2.0, 0, 8)}, .axes = {0, 1}, .precision = Precision::f32});
  const std::vector<double> want = by_strips<double>(plan, source, shape);
  for (const std::size_t offset : {0u, 1u}) {
    plan.run(source, MutableView(out.data() + offset, shape));
    EXPECT_EQ(std::memcmp(out.data() + offset, want.data(), count * sizeof(double)), 0) << "from item " << offset;
  }
}

}  // namespace
