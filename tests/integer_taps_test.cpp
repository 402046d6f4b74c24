// Floor 0: taps as whole numbers, held to an exhaustive search where the kernels are small.
#include <gaussfilt/error.h>
#include <gaussfilt/kernel.h>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

namespace gaussfilt::test {
namespace {

std::int64_t sum_of(const std::vector<std::int64_t>& values) {
  return std::accumulate(values.begin(), values.end(), std::int64_t{0});
}

double squared_error(const Kernel& kernel, const std::vector<std::int64_t>& integers, std::int64_t sum) {
  const double total = std::accumulate(kernel.taps.begin(), kernel.taps.end(), 0.0);
  double error = 0;
  for (std::size_t i = 0; i < integers.size(); ++i) {
    const double off = static_cast<double>(integers[i]) - kernel.taps[i] / total * static_cast<double>(sum);
    error += off * off;
  }
  return error;
}

// The least squared error of any even, non-negative list of that sum: pairs a, b, c ... and a centre that takes the
// rest.
double best_even(const Kernel& kernel, std::int64_t sum, std::vector<std::int64_t> pairs, std::int64_t left) {
  if (pairs.size() == kernel.taps.size() / 2) {
    std::vector<std::int64_t> all = pairs;
    all.push_back(left);
    all.insert(all.end(), pairs.rbegin(), pairs.rend());
    return squared_error(kernel, all, sum);
  }
  double best = std::numeric_limits<double>::infinity();
  pairs.push_back(0);
  for (; 2 * pairs.back() <= left; ++pairs.back())
    best = std::min(best, best_even(kernel, sum, pairs, left - 2 * pairs.back()));
  return best;
}

TEST(IntegerTaps, SumExactlyAndStayEven) {
  for (const Taps taps : {Taps::sampled, Taps::discrete, Taps::integrated})
    for (const double sigma : {0.0, 0.3, 0.5, 1.0, 2.0, 7.5, 40.0})
      for (const std::int64_t radius : {0, 1, 2, 9, 160}) {
        const Kernel kernel = gaussian_kernel(sigma, 0, radius, taps);
        for (const std::int64_t sum : {1, 2, 3, 16, 255, 256, 1000, 65536, 1 << 30}) {
          const std::vector<std::int64_t> integers = integer_taps(kernel, sum);
          ASSERT_EQ(integers.size(), kernel.taps.size());
          EXPECT_EQ(sum_of(integers), sum) << sigma << " " << radius;
          for (std::size_t i = 0; i < integers.size(); ++i) {
            EXPECT_EQ(integers[i], integers[integers.size() - 1 - i]) << sigma << " " << radius << " " << sum;
            EXPECT_GE(integers[i], 0);
          }
        }
      }
}

TEST(IntegerTaps, NoOtherEvenWholeNumbersAreNearer) {
  std::vector<Kernel> kernels = {{{0.9, 0.1, 0.9}, 1}, {{0.1, 0.9, 0.0, 0.9, 0.1}, 2}, {{1, 1, 1, 1, 1}, 2}};
  for (const double sigma : {0.4, 0.5, 0.8, 1.0, 1.3, 2.5})
    for (const std::int64_t radius : {1, 2, 3}) kernels.push_back(gaussian_kernel(sigma, 0, radius));
  for (const Kernel& kernel : kernels)
    for (std::int64_t sum = 1; sum <= 24; ++sum)
      EXPECT_NEAR(squared_error(kernel, integer_taps(kernel, sum), sum), best_even(kernel, sum, {}, sum), 1e-9)
          << kernel.taps[0] << " " << kernel.taps.size() << " " << sum;
}

TEST(IntegerTaps, KnownOnes) {
  EXPECT_EQ(integer_taps({{1, 2, 1}, 1}, 16), (std::vector<std::int64_t>{4, 8, 4}));
  EXPECT_EQ(integer_taps({{1, 1, 1}, 1}, 16), (std::vector<std::int64_t>{5, 6, 5}));
  EXPECT_EQ(integer_taps({{1, 1}, 0}, 3), (std::vector<std::int64_t>{2, 1}));
  EXPECT_EQ(integer_taps({{3, 2, 1}, 1}, 10), (std::vector<std::int64_t>{5, 3, 2}));
  EXPECT_EQ(integer_taps({{-1, 6, -1}, 1}, 4), (std::vector<std::int64_t>{-1, 6, -1}));
}

TEST(IntegerTaps, RefusesWhatHasNoSuchNumbers) {
  const Kernel smooth = gaussian_kernel(2, 0, 8);
  for (const std::int64_t sum : {std::int64_t{0}, std::int64_t{-256}, (std::int64_t{1} << 40) + 1})
    EXPECT_THROW(integer_taps(smooth, sum), InvalidArgument);
  EXPECT_EQ(sum_of(integer_taps(smooth, std::int64_t{1} << 40)), std::int64_t{1} << 40);
  EXPECT_THROW(integer_taps(gaussian_kernel(2, 1, 8), 256), InvalidArgument);
  EXPECT_THROW(integer_taps({{1, -2, 1}, 1}, 256), InvalidArgument);
  EXPECT_THROW(integer_taps({{-1, -2, -1}, 1}, 256), InvalidArgument);
  EXPECT_THROW(integer_taps(Kernel{}, 256), InvalidArgument);
}

TEST(TapsNames, AreThoseThatParse) {
  for (const std::string_view text : taps_names()) EXPECT_EQ(name(parse_taps(text)), text);
  EXPECT_EQ(taps_names().size(), 3U);
}

}  // namespace
}  // namespace gaussfilt::test
