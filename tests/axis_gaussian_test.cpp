// What stands for a Gaussian on an axis that it reaches beyond: sums of taps beside their list, and the kernels folded
// from them.
#include "base/axis_gaussian.h"

#include "base/taps.h"
#include "support.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace gaussfilt::test {
namespace {

using base::AxisGaussian;
using base::MeantGaussian;

constexpr Border all_borders[] = {Border::reflect, Border::mirror, Border::nearest, Border::wrap, Border::constant};
constexpr Taps all_taps[] = {Taps::sampled, Taps::discrete, Taps::integrated};

double mass_of(const Kernel& kernel) {
  double sum = 0;
  for (const double tap : kernel.taps) sum += std::abs(tap);
  return sum;
}

// sum |a - b|, centre on centre.
double distance(const Kernel& a, const Kernel& b) {
  const std::int64_t reach = std::max(a.centre, b.centre);
  double sum = 0;
  for (std::int64_t x = -reach; x <= reach; ++x) {
    const auto at = [&](const Kernel& k) {
      return std::abs(x) > k.centre ? 0 : k.taps[static_cast<std::size_t>(k.centre + x)];
    };
    sum += std::abs(at(a) - at(b));
  }
  return sum;
}

struct Length {
  Border border;
  std::int64_t n;
};

std::vector<Length> lengths() {
  std::vector<Length> all;
  for (const Border border : all_borders) {
    for (const std::int64_t n : {1, 2, 3, 7, 37, 300, 1500}) all.push_back({border, n});
  }
  return all;
}

void expect_sums_of(const MeantGaussian& meant) {
  const AxisGaussian listed(meant, Border::reflect, 1, 1e-17);
  const double mass = mass_of(listed.list());
  for (const auto [border, n] : lengths()) {
    const AxisGaussian summed(meant, border, n);
    SCOPED_TRACE(testing::Message() << name(border) << " " << n << ", " << name(meant.taps) << ", order " << meant.order
                                    << ", sigma " << meant.sigma << ", cut at " << meant.radius.value_or(0));
    EXPECT_NEAR(summed.mass() / mass, 1, 1e-13);
    EXPECT_NEAR(summed.deviation() / listed.deviation(), 1, 1e-6);
    EXPECT_LT(distance(summed.folded(), base::fold(listed.list(), border, n)), 1e-13 * mass);
  }
}

TEST(AxisGaussianTest, SumsWhatItDoesNotList) {
  for (const Taps taps : all_taps) {
    for (const int order : {0, 1, 2}) {
      expect_sums_of({.sigma = 2345.6, .order = order, .taps = taps});
      for (const std::int64_t radius : {700, 1501, 3900}) {
        expect_sums_of({.sigma = 1000, .order = order, .taps = taps, .radius = radius});
      }
    }
  }
}

// The same operator, whatever the softness; the axis alone says how far it reaches.
TEST(AxisGaussianTest, SoftlyFoldedDoesTheSame) {
  for (const auto [border, n] : lengths()) {
    if (n < 2) continue;
    for (const int order : {0, 1, 2}) {
      for (const double sigma : {0.7, 2.0, 100.0}) {
        const MeantGaussian meant{.sigma = sigma * static_cast<double>(n), .order = order};
        const AxisGaussian gaussian =
            meant.sigma < 2000 ? AxisGaussian(meant, border, n, 1e-17) : AxisGaussian(meant, border, n);
        for (const double soft : {3.0, 50.0}) {
          const Kernel softly = gaussian.softly_folded(soft);
          EXPECT_LT(distance(base::fold(softly, border, n), base::fold(gaussian.folded(), border, n)),
                    3e-13 * gaussian.mass())
              << name(border) << " " << n << ", order " << order << ", sigma " << meant.sigma << ", soft " << soft;
          EXPECT_LE(static_cast<double>(softly.centre), static_cast<double>(n) + 16 * soft);
        }
      }
    }
  }
}

TEST(AxisGaussianTest, StaysFiniteHoweverLargeSigmaIs) {
  for (const auto [border, n] : lengths()) {
    for (const double sigma : {1e9, 1e18, 1e100, 1e300}) {
      for (const int order : {0, 1, 2}) {
        const AxisGaussian gaussian({.sigma = sigma, .order = order}, border, n);
        EXPECT_TRUE(std::isfinite(gaussian.mass()) && std::isfinite(gaussian.deviation()));
        double sum = 0;
        for (const double tap : gaussian.folded().taps) sum += tap;
        EXPECT_NEAR(sum, order == 0 ? 1 : 0, 1e-12);
      }
    }
  }
}

}  // namespace
}  // namespace gaussfilt::test
