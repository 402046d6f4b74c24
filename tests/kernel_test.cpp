// Floor 0: kernels against the taps in long double.
#include "support.h"

#include <gtest/gtest.h>

#include <cmath>
#include <ostream>

namespace gaussfilt::test {
namespace {

constexpr double eps = std::numeric_limits<double>::epsilon();
constexpr Taps all_taps[] = {Taps::sampled, Taps::discrete, Taps::integrated};
constexpr double sigmas[] = {0.01, 0.1, 0.3, 0.5, 0.8, 1.0, 1.7, 3.0, 7.5, 20.0, 64.0, 300.0};

Real peak(const reference::Line& line) {
  Real largest = 0;
  for (Real tap : line.taps) largest = std::max(largest, std::fabs(tap));
  return largest;
}

struct Setting {
  Taps taps;
  int order;

  friend void PrintTo(const Setting& setting, std::ostream* out) {
    *out << name(setting.taps) << ", order " << setting.order;
  }
};

class KernelTest : public testing::TestWithParam<Setting> {};

TEST_P(KernelTest, IsTheReferenceToAFewUlpOfItsPeak) {
  const auto [taps, order] = GetParam();
  for (double sigma : sigmas) {
    const std::int64_t cut = truncated_radius(sigma, 4.0);
    for (std::int64_t radius : {std::int64_t{0}, std::int64_t{1}, cut, cut + 3}) {
      const Kernel kernel = gaussian_kernel(sigma, order, radius, taps);
      const reference::Line line = reference::gaussian_taps(sigma, order, radius, grid(taps));
      ASSERT_EQ(kernel.taps.size(), static_cast<std::size_t>(2 * radius + 1));
      EXPECT_EQ(kernel.centre, radius);
      // Terms of alternating sign in the derivatives' polynomials cost a few ulp more than a plain exponential.
      const Real allowed = (order == 0 ? 6 : 16) * eps * peak(line) + std::numeric_limits<double>::min();
      for (std::size_t k = 0; k < kernel.taps.size(); ++k) {
        ASSERT_NEAR(static_cast<double>((kernel.taps[k] - line.taps[k]) / allowed), 0, 1)
            << "sigma " << sigma << ", radius " << radius << ", tap " << k << ": " << kernel.taps[k] << " against "
            << static_cast<double>(line.taps[k]);
      }
    }
  }
}

TEST_P(KernelTest, IsSymmetricToTheBit) {
  const auto [taps, order] = GetParam();
  for (double sigma : sigmas) {
    const std::int64_t radius = truncated_radius(sigma, 4.0) + 1;
    const Kernel kernel = gaussian_kernel(sigma, order, radius, taps);
    if (kernel.taps[static_cast<std::size_t>(radius + 1)] != 0) {  // no neighbour in reach: nothing but zeros is odd
      EXPECT_EQ(symmetry(kernel), order % 2 == 0 ? Symmetry::even : Symmetry::odd) << sigma;
    }
    for (std::size_t k = 0; k < kernel.taps.size(); ++k) {
      const double twin = kernel.taps[kernel.taps.size() - 1 - k];
      ASSERT_EQ(kernel.taps[k], order % 2 == 0 ? twin : -twin) << "sigma " << sigma << " tap " << k;
    }
  }
}

// The cut's error is no less than what is really lost, no radius smaller would do, and it is not overstated.
TEST_P(KernelTest, IdealCutIsTheSmallestThatFits) {
  const auto [taps, order] = GetParam();
  const auto loss = [&, t = taps, n = order](const reference::Line& ideal, double sigma, std::int64_t radius) {
    const reference::Line cut = reference::gaussian_taps(sigma, n, radius, grid(t));
    const std::int64_t reach = std::max(ideal.centre, radius);
    const auto at = [](const reference::Line& line, std::int64_t x) {
      return std::abs(x) > line.centre ? Real{0} : line.taps[static_cast<std::size_t>(x + line.centre)];
    };
    Real lost = 0;
    for (std::int64_t x = -reach; x <= reach; ++x) lost += std::fabs(at(cut, x) - at(ideal, x));
    return static_cast<double>(lost / ideal.sum_abs());
  };
  for (double sigma : {0.3, 0.8, 1.0, 2.6, 9.0, 50.0}) {
    const reference::Line ideal = reference::gaussian_taps(sigma, order, reference::ideal, grid(taps));
    for (double budget : {0.1, 1e-2, 1e-3, 1e-5, 1e-8, 1e-12}) {
      const Cut cut = ideal_cut(sigma, order, budget, taps);
      const double real = loss(ideal, sigma, cut.radius);
      const std::string where = "sigma " + std::to_string(sigma) + " budget " + std::to_string(budget) + " radius " +
                                std::to_string(cut.radius);
      EXPECT_LE(cut.error, budget) << where;
      EXPECT_GE(cut.error, real * (1 - 1e-9) - 1e-15) << where;
      EXPECT_LE(cut.error, real * 1.01 + 1e-15) << where;
      if (cut.radius == 0) continue;
      EXPECT_GT(loss(ideal, sigma, cut.radius - 1) * 1.01 + 1e-15, budget) << where;
    }
  }
}

std::vector<Setting> settings() {
  std::vector<Setting> list;
  for (Taps taps : all_taps) {
    for (int order = 0; order <= 6; ++order) list.push_back({taps, order});
  }
  return list;
}

std::string setting_name(const testing::TestParamInfo<Setting>& setting) {
  return std::string(name(setting.param.taps)) + "_order" + std::to_string(setting.param.order);
}

INSTANTIATE_TEST_SUITE_P(All, KernelTest, testing::ValuesIn(settings()), setting_name);

TEST(Kernels, SumToOneAtOrderZero) {
  for (Taps taps : all_taps) {
    for (double sigma : sigmas) {
      long double sum = 0;
      for (double tap : gaussian_kernel(sigma, 0, truncated_radius(sigma, 4.0), taps).taps) sum += tap;
      EXPECT_NEAR(static_cast<double>(sum), 1, 4 * eps) << name(taps) << " " << sigma;
    }
  }
}

TEST(Kernels, OfSigmaZeroIsTheIdentity) {
  for (Taps taps : all_taps) {
    const Kernel kernel = gaussian_kernel(0, 0, 3, taps);
    double sum = 0;
    for (double tap : kernel.taps) sum += std::fabs(tap);
    EXPECT_EQ(kernel.taps[static_cast<std::size_t>(kernel.centre)], 1);
    EXPECT_EQ(sum, 1);
    EXPECT_THROW(gaussian_kernel(0, 1, 3, taps), InvalidArgument);
  }
}

// Correlation's orientation: order 1 of a rising line is positive, order 2 of a valley is positive.
TEST(Kernels, DifferentiateInTheRightDirection) {
  for (Taps taps : all_taps) {
    const Kernel first = gaussian_kernel(2, 1, 8, taps), second = gaussian_kernel(2, 2, 8, taps);
    double slope = 0, bend = 0;
    for (int x = -8; x <= 8; ++x) {
      slope += first.taps[static_cast<std::size_t>(x + 8)] * x;
      bend += second.taps[static_cast<std::size_t>(x + 8)] * x * x / 2;
    }
    EXPECT_NEAR(slope, 1, 0.01) << name(taps);
    EXPECT_NEAR(bend, 1, 0.05) << name(taps);
  }
}

TEST(Kernels, RefuseWhatHasNoMeaning) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (double sigma : {-1.0, nan, infinity, -infinity}) {
    EXPECT_THROW(gaussian_kernel(sigma, 0, 4), InvalidArgument) << sigma;
    EXPECT_THROW(ideal_cut(sigma, 0, 1e-3), InvalidArgument) << sigma;
  }
  EXPECT_THROW(gaussian_kernel(1, -1, 4), InvalidArgument);
  EXPECT_THROW(gaussian_kernel(1, 0, -1), InvalidArgument);
  EXPECT_THROW(ideal_cut(1, 0, 0), InvalidArgument);
  EXPECT_THROW(ideal_cut(1, 0, -1e-3), InvalidArgument);
  EXPECT_THROW(ideal_cut(1, 0, nan), InvalidArgument);
}

TEST(Radius, IsSciPys) {
  EXPECT_EQ(truncated_radius(1.0, 4.0), 4);
  EXPECT_EQ(truncated_radius(0.1, 4.0), 0);
  EXPECT_EQ(truncated_radius(0.125, 4.0), 1);  // 0.5 rounds up
  EXPECT_EQ(truncated_radius(2.5, 4.0), 10);
  EXPECT_EQ(truncated_radius(1.9, 2.5), 5);
  EXPECT_EQ(truncated_radius(0.0, 4.0), 0);
  EXPECT_EQ(truncated_radius(5e8, 4.0), 2000000000);
  EXPECT_THROW(truncated_radius(6e8, 4.0), InvalidArgument);
  EXPECT_THROW(truncated_radius(1e300, 4.0), InvalidArgument);
  EXPECT_THROW(truncated_radius(infinity, 4.0), InvalidArgument);
  EXPECT_THROW(truncated_radius(std::numeric_limits<double>::quiet_NaN(), 4.0), InvalidArgument);
}

TEST(Radius, ThatDoesNotFitNamesToleranceAsTheWayOut) {
  try {
    truncated_radius(1e12, 4.0);
    FAIL() << "accepted";
  } catch (const InvalidArgument& error) {
    EXPECT_NE(std::string(error.what()).find("tolerance"), std::string::npos) << error.what();
  }
}

TEST(DeliveredSigma, IsWhatTheContractStatesBelowPointEight) {
  const std::pair<double, double> known[] = {{0.6, 0.593}, {0.5, 0.464}, {0.4, 0.284}, {0.3, 0.088}};
  for (const auto& [asked, delivered] : known) {
    EXPECT_NEAR(delivered_sigma(gaussian_kernel(asked, 0, truncated_radius(asked, 8.0))), delivered, 0.0006) << asked;
  }
}

TEST(DeliveredSigma, OfDiscreteTapsIsTheOneAsked) {
  for (double sigma : {0.1, 0.3, 0.5, 1.0, 4.0, 30.0}) {
    const std::int64_t radius = ideal_cut(sigma, 0, 1e-15, Taps::discrete).radius + 4;
    EXPECT_NEAR(delivered_sigma(gaussian_kernel(sigma, 0, radius, Taps::discrete)) / sigma, 1, 1e-11) << sigma;
  }
}

TEST(DeliveredSigma, OfIntegratedTapsHasTheCellsVarianceOnTop) {
  for (double sigma : {1.0, 4.0, 30.0}) {
    const Kernel kernel = gaussian_kernel(sigma, 0, truncated_radius(sigma, 9.0), Taps::integrated);
    EXPECT_NEAR(delivered_sigma(kernel), std::sqrt(sigma * sigma + 1.0 / 12), 1e-7 * sigma) << sigma;
  }
}

TEST(DeliveredSigma, IsAboutTheCentreOfMass) {
  EXPECT_NEAR(delivered_sigma({{0, 0, 0.25, 0.5, 0.25}, 0}), std::sqrt(0.5), 1e-15);
}

TEST(SymmetryTest, IsReadFromTheTaps) {
  EXPECT_EQ(symmetry({{1, 2, 1}, 1}), Symmetry::even);
  EXPECT_EQ(symmetry({{-1, 0, 1}, 1}), Symmetry::odd);
  EXPECT_EQ(symmetry({{-1, 1, 1}, 1}), Symmetry::none);
  EXPECT_EQ(symmetry({{1, 1}, 0}), Symmetry::none);
  EXPECT_EQ(symmetry({{3}, 0}), Symmetry::even);
}

TEST(TapsNames, ParseBack) {
  for (Taps taps : all_taps) EXPECT_EQ(parse_taps(name(taps)), taps);
  EXPECT_THROW(parse_taps("smooth"), InvalidArgument);
}

}  // namespace
}  // namespace gaussfilt::test
