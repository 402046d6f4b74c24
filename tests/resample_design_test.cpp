// Floor 0 from the inside: the design of a multirate axis, and the least squares that it is made of.
#include "base/least_squares.h"
#include "base/resampling.h"

#include <gaussfilt/kernel.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <numeric>
#include <random>

namespace gaussfilt::test {
namespace {

using base::LeastSquares;
using base::Matrix;
using base::ResampleShape;

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

std::vector<double> residual(const Matrix& a, const std::vector<double>& x, std::vector<double> b) {
  for (std::size_t j = 0; j < a.columns; ++j) {
    for (std::size_t i = 0; i < a.rows; ++i) b[i] -= a.column(j)[i] * x[j];
  }
  return b;
}

TEST(LeastSquares, LeavesWhatNoUnknownReaches) {
  std::mt19937 random(3);
  std::normal_distribution<double> normal;
  for (const std::size_t columns : {1U, 4U, 16U, 17U}) {
    Matrix a(17, columns);
    std::vector<double> b(17);
    for (double& entry : a.entries) entry = normal(random);
    for (double& entry : b) entry = normal(random);
    const LeastSquares system(a);
    const std::vector<double> rest = residual(a, system.solve(b), b);
    for (std::size_t j = 0; j < columns; ++j) {
      EXPECT_NEAR(dot(rest, {a.column(j), a.column(j) + a.rows}), 0, 1e-12) << columns << " columns";
    }
    const std::vector<double> left = system.left_over(b);
    EXPECT_EQ(left.size(), 17 - columns);
    EXPECT_NEAR(dot(left, left), dot(rest, rest), 1e-12) << columns << " columns";
  }
}

TEST(LeastSquares, DoesNotSquareSmallColumns) {
  Matrix a(3, 2);  // its normal equations are singular in f64
  a.entries = {1, 1e-9, 0, 1, 0, 1e-9};
  const std::vector<double> x = LeastSquares(a).solve({3, 1e-9, 2e-9});
  EXPECT_NEAR(x[0], 1, 1e-6);
  EXPECT_NEAR(x[1], 2, 1e-6);
}

// An axis as it is planned, in factors.
struct Design {
  std::size_t width, factor;
  double ratio;
  int order;

  double sigma() const { return ratio * static_cast<double>(factor); }
  Kernel target() const { return gaussian_kernel(sigma(), order, ideal_cut(sigma(), order, 1e-16).radius); }
  ResampleShape shape() const { return base::resample_shape(factor, width, sigma(), order); }
};

std::ostream& operator<<(std::ostream& stream, const Design& d) {
  return stream << "width " << d.width << ", factor " << d.factor << ", ratio " << d.ratio << ", order " << d.order;
}

double mass(const Kernel& kernel) {
  double sum = 0;
  for (const double tap : kernel.taps) sum += std::abs(tap);
  return sum;
}

double error(const Design& design, double limit) {
  const Kernel target = design.target();
  const ResampleShape shape = design.shape();
  const Kernel low = base::low_rate_taps(shape, target, design.order, limit * mass(target));
  return base::resample_error(base::resample_taps<double>(shape), low, target) / mass(target);
}

// Row r of a cell of the whole, weight by weight from the definition in resampling.h: by distance from the output.
std::map<std::int64_t, double> whole_row(const ResampleShape& shape, const Kernel& low, std::size_t r) {
  const auto f = static_cast<std::int64_t>(shape.factor);
  std::map<std::int64_t, double> row;
  for (std::size_t k = 0; k < shape.width; ++k) {
    for (std::size_t m = 0; m < low.taps.size(); ++m) {
      for (std::size_t i = 0; i < shape.down.size(); ++i) {
        const std::int64_t sample = static_cast<std::int64_t>(m) - low.centre - static_cast<std::int64_t>(k);
        row[sample * f + static_cast<std::int64_t>(i) - static_cast<std::int64_t>(r)] +=
            shape.up[k * shape.factor + r] * low.taps[m] * shape.down[i];
      }
    }
  }
  return row;
}

void subtract(std::map<std::int64_t, double>& row, const Kernel& target) {
  for (std::size_t i = 0; i < target.taps.size(); ++i) {
    row[static_cast<std::int64_t>(i) - target.centre] -= target.taps[i];
  }
}

double squares_over_all_phases(const ResampleShape& shape, const Kernel& low, const Kernel& target) {
  double sum = 0;
  for (std::size_t r = 0; r < shape.factor; ++r) {
    std::map<std::int64_t, double> row = whole_row(shape, low, r);
    subtract(row, target);
    for (const auto& [distance, difference] : row) sum += difference * difference;
  }
  return sum;
}

// As docs/decisions/multirate_design.py has them, in NumPy.
TEST(ResampleDesign, HasTheErrorsOfTheDecision) {
  const std::pair<Design, double> cases[] = {
      {{2, 2, 2, 0}, 2.356e-3},    {{3, 2, 2, 1}, 2.714e-4},    {{4, 3, 2, 2}, 1.785e-4},   {{5, 7, 2.5, 0}, 1.347e-6},
      {{5, 64, 3, 1}, 1.653e-6},   {{6, 16, 2, 0}, 9.647e-7},   {{7, 24, 3, 2}, 1.936e-8},  {{8, 5, 3, 0}, 1.399e-10},
      {{8, 64, 4, 0}, 1.211e-11},  {{3, 40, 10, 0}, 5.609e-6},  {{9, 40, 3, 1}, 9.007e-11}, {{9, 32, 2, 0}, 1.348e-8},
      {{7, 8, 1.75, 2}, 1.924e-5}, {{4, 12, 1.25, 0}, 1.37e-3}, {{2, 64, 3.1, 2}, 2.358e-2}};
  for (const auto& [design, expected] : cases) {
    EXPECT_NEAR(error(design, 1e-15) / expected, 1, 0.03) << design;
  }
}

TEST(ResampleDesign, StaysAtRoundingForTheWidestGaussians) {
  for (std::size_t width = 5; width <= base::most_width; ++width) {
    for (const double ratio : {15.0, 40.0, 100.0}) {
      const Design design{width, 4, ratio, 0};
      EXPECT_LT(error(design, 1e-15), width == 5 ? 1e-10 : 1e-11) << design;
    }
  }
}

TEST(ResampleDesign, ShapesMirrorAndSumToOne) {
  for (const Design& design :
       {Design{2, 2, 1, 0}, Design{3, 5, 2, 1}, Design{4, 11, 3, 2}, Design{8, 64, 3, 0}, Design{9, 17, 2, 0}}) {
    const ResampleShape shape = design.shape();
    ASSERT_EQ(shape.down.size(), design.width * design.factor) << design;
    EXPECT_TRUE(std::equal(shape.down.begin(), shape.down.end(), shape.down.rbegin())) << design;
    EXPECT_TRUE(std::equal(shape.up.begin(), shape.up.end(), shape.up.rbegin())) << design;
    EXPECT_NEAR(std::accumulate(shape.down.begin(), shape.down.end(), 0.0), 1, 1e-15) << design;
    for (std::size_t r = 0; r < design.factor; ++r) {
      double gain = 0;
      for (std::size_t k = 0; k < design.width; ++k) gain += shape.up[k * design.factor + r];
      EXPECT_NEAR(gain, 1, 1e-15) << design << ", phase " << r;
    }
  }
}

TEST(LowRateTaps, HoldTheMomentOfTheirOrder) {
  for (const Design& design : {Design{5, 7, 2, 0}, Design{5, 7, 2, 1}, Design{4, 12, 2, 2}, Design{8, 3, 3, 2}}) {
    const Kernel target = design.target();
    for (const double limit : {1e-2, 1e-5, 1e-15}) {
      const Kernel low = base::low_rate_taps(design.shape(), target, design.order, limit);
      double sum = 0, moment = 0, meant = 0;
      for (std::size_t i = 0; i < low.taps.size(); ++i) {
        sum += low.taps[i];
        moment += static_cast<double>((static_cast<std::int64_t>(i) - low.centre)) * low.taps[i];
      }
      for (std::size_t i = 0; i < target.taps.size(); ++i) {
        meant += static_cast<double>((static_cast<std::int64_t>(i) - target.centre)) * target.taps[i];
      }
      EXPECT_NEAR(sum, design.order == 0 ? 1 : 0, 3e-16) << design;
      if (design.order == 1) {
        EXPECT_NEAR(moment * static_cast<double>(design.factor) / meant, 1, 1e-14) << design;
      }
    }
  }
}

TEST(LowRateTaps, AreTheLeastSquaresOfTheirMoment) {
  for (const Design& design : {Design{3, 3, 2, 0}, Design{4, 2, 1.75, 1}, Design{3, 4, 2, 2}}) {
    const Kernel target = design.target();
    const ResampleShape shape = design.shape();
    const Kernel low = base::low_rate_taps(shape, target, design.order, 0.02 * mass(target));
    const double least = squares_over_all_phases(shape, low, target);
    const auto centre = static_cast<std::size_t>(low.centre);
    for (std::size_t m = 2; m <= centre; ++m) {
      for (const double step : {1e-4, -1e-4}) {
        // Taps m and 1 or 0, and their mirror images, so that the moment stays.
        Kernel moved = low;
        moved.taps[centre + m] += step;
        moved.taps[centre - m] += design.order == 1 ? -step : step;
        moved.taps[centre + 1] -= design.order == 1 ? static_cast<double>(m) * step : step;
        moved.taps[centre - 1] -= design.order == 1 ? -static_cast<double>(m) * step : step;
        EXPECT_GT(squares_over_all_phases(shape, moved, target), least) << design << ", tap " << m;
      }
    }
  }
}

TEST(LowRateTaps, AreAsFewAsTheLimitAllows) {
  for (const Design& design : {Design{5, 8, 2.5, 0}, Design{4, 12, 3, 1}, Design{6, 3, 3, 2}, Design{9, 4, 3, 0}}) {
    std::size_t before = 0;
    for (const double part : {30.0, 5.0, 1.1}) {
      const double limit = part * error(design, 1e-15);
      const Kernel target = design.target();
      const Kernel low = base::low_rate_taps(design.shape(), target, design.order, limit * mass(target));
      EXPECT_LE(error(design, limit), 1.02 * limit) << design;  // only two phases are looked at
      double beyond = 0;                                        // what the tails of a Gaussian that is cut there have
      while (std::erfc(beyond / std::sqrt(2.0)) > limit) beyond += 0.01;
      EXPECT_LE(static_cast<double>(low.centre), 1.15 * beyond * design.ratio + 1) << design << ", limit " << limit;
      EXPECT_GT(low.taps.size(), before) << design;
      before = low.taps.size();
    }
  }
}

TEST(ResampleError, IsTheWorstRowsOwn) {
  const Design design{4, 5, 1.5, 1};
  const Kernel target = design.target();
  const ResampleShape shape = design.shape();
  const Kernel low = base::low_rate_taps(shape, target, design.order, 1e-3 * mass(target));
  const base::ResampleTaps<double> taps = base::resample_taps<double>(shape);
  double worst = 0;
  for (std::size_t r = 0; r < design.factor; ++r) {
    std::map<std::int64_t, double> row = whole_row(shape, low, r);
    subtract(row, target);
    double sum = 0;
    for (const auto& [distance, difference] : row) sum += std::abs(difference);
    EXPECT_NEAR(base::phase_error(taps, low, target, r), sum, 1e-14) << "row " << r;
    worst = std::max(worst, sum);
  }
  EXPECT_NEAR(base::resample_error(taps, low, target), worst, 1e-14);
}

TEST(ResampleError, TakesNoSymmetryForGranted) {
  const Design design{4, 6, 2, 0};
  const Kernel target = design.target();
  const ResampleShape shape = design.shape();
  const Kernel low = base::low_rate_taps(shape, target, design.order, 1e-3);
  base::ResampleTaps<double> taps = base::resample_taps<double>(shape);
  taps.up.back() += 0.5;  // of the last row, which would not be looked at otherwise
  EXPECT_GT(base::resample_error(taps, low, target), 0.4);
}

TEST(ExpectedError, IsMetBetweenTheTabledPlaces) {
  for (std::size_t width = 2; width <= base::most_width; ++width) {
    for (const std::size_t factor : {2U, 7U, 10U, 40U}) {
      for (const double ratio : {1.07, 1.7, 2.1, 3.3, 7.0, 11.0}) {
        for (int order = 0; order <= 2; ++order) {
          const Design design{width, factor, ratio, order};
          const double expected = base::expected_error(factor, width, design.sigma(), order);
          const double got = error(design, 1e-15);
          EXPECT_LT(got, std::max(1.1 * expected, 3e-11)) << design;
          if (got > 1e-10 && factor != 7) {
            EXPECT_GT(got, 0.4 * expected) << design;
          }
        }
      }
    }
  }
  EXPECT_EQ(base::expected_error(4, base::most_width + 1, 20, 0), 1);
  EXPECT_EQ(base::expected_error(4, 3, 3.9, 0), 1);
  EXPECT_EQ(base::expected_error(4, 3, 20, 3), 1);
}

}  // namespace
}  // namespace gaussfilt::test
