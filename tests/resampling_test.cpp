// The operator that the stored weights of a multirate axis make, row by row from its definition: its error, its moments
// and what it delivers. How the weights come about: resample_design_test.cpp.
#include "base/resampling.h"

#include "support.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace gaussfilt::test {
namespace {

using base::ResampleShape;
using base::ResampleTaps;

Kernel target_of(double sigma, int order) {
  return gaussian_kernel(sigma, order, ideal_cut(sigma, order, 1e-16).radius);
}

// Row r of the composite, from the definition in base/resampling.h: what output r of cell 0 makes of the sample
// i - `before`.
template <class T> struct Composite {
  std::int64_t before = 0;
  std::vector<std::vector<Real>> rows;  // one for each phase

  Composite(const ResampleTaps<T>& taps, const Kernel& low) {
    const auto f = static_cast<std::int64_t>(taps.factor), w = static_cast<std::int64_t>(taps.width);
    const std::int64_t count = static_cast<std::int64_t>(low.taps.size()), reach = count - 1 - low.centre;
    before = (w - 1 + low.centre) * f;
    for (std::int64_t r = 0; r < f; ++r) {
      std::vector<Real> row(static_cast<std::size_t>(before + (reach + w) * f));
      for (std::int64_t k = 0; k < w; ++k) {  // q of the cells 1 - w ... 0
        const Real up = taps.up[static_cast<std::size_t>(r * w + k)];
        for (std::int64_t m = 0; m < count; ++m) {
          const std::int64_t j = k - (w - 1) + m - low.centre;  // z[j], of the cells j ... j + w - 1
          for (std::int64_t cell = 0; cell < w; ++cell) {
            for (std::int64_t s = 0; s < f; ++s) {  // sample j is the (w - 1 - cell)-th that the cell is a part of
              const Real down = taps.down[static_cast<std::size_t>(s * w + w - 1 - cell)];
              row[static_cast<std::size_t>((j + cell) * f + s + before)] +=
                  up * low.taps[static_cast<std::size_t>(m)] * down;
            }
          }
        }
      }
      rows.push_back(std::move(row));
    }
  }

  // sum |row - target|, the largest of all phases.
  Real error(const Kernel& target) const {
    Real most = 0;
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const auto size = static_cast<std::int64_t>(rows[r].size());
      const auto taps = static_cast<std::int64_t>(target.taps.size());
      const std::int64_t first = static_cast<std::int64_t>(r) + before - target.centre;  // of the target in the row
      Real sum = 0;
      for (std::int64_t i = std::min<std::int64_t>(first, 0); i < std::max(size, first + taps); ++i) {
        const Real made = i >= 0 && i < size ? rows[r][static_cast<std::size_t>(i)] : 0;
        const Real meant =
            i >= first && i < first + taps ? static_cast<Real>(target.taps[static_cast<std::size_t>(i - first)]) : 0;
        sum += std::fabs(made - meant);
      }
      most = std::max(most, sum);
    }
    return most;
  }

  // sum of row * distance^power about the output's own sample.
  Real moment(std::size_t r, int power) const {
    Real sum = 0;
    for (std::size_t i = 0; i < rows[r].size(); ++i) {
      const Real x = static_cast<Real>(i) - static_cast<Real>(r) - static_cast<Real>(before);
      sum += rows[r][i] * (power == 0 ? 1 : power == 1 ? x : x * x);
    }
    return sum;
  }
};

struct Design {
  std::size_t factor, width;
  double sigma;
};

std::vector<Design> designs() {
  return {{2, 2, 2.5},  {2, 5, 3.0},   {3, 3, 5.0},   {4, 4, 9.0}, {5, 6, 9.0}, {7, 5, 11.0},
          {8, 7, 11.0}, {12, 4, 30.0}, {10, 2, 40.0}, {3, 9, 8.0}, {2, 8, 3.0}};
}

template <class T> void expect_error_as_stored(const Design& design, int order) {
  const Kernel target = target_of(design.sigma, order);
  const ResampleShape shape = base::resample_shape(design.factor, design.width, design.sigma, order);
  const Kernel low = base::low_rate_taps(shape, target, order, 1e-9);
  const ResampleTaps<T> taps = base::resample_taps<T>(shape);
  const Real error = Composite<T>(taps, low).error(target);
  EXPECT_NEAR(base::resample_error(taps, low, target), static_cast<double>(error),
              1e-3 * static_cast<double>(error) + 1e-14)
      << design.factor << " wide " << design.width << " order " << order;
}

TEST(Resampling, ErrorIsThatOfTheStoredWeights) {
  for (const Design& design : designs()) {
    for (const int order : {0, 1, 2}) {
      expect_error_as_stored<float>(design, order);
      expect_error_as_stored<double>(design, order);
    }
  }
}

TEST(Resampling, EveryPhaseKeepsTheMoments) {
  for (const Design& design : designs()) {
    for (const int order : {0, 1, 2}) {
      const Kernel target = target_of(design.sigma, order);
      const ResampleShape shape = base::resample_shape(design.factor, design.width, design.sigma, order);
      const Kernel low = base::low_rate_taps(shape, target, order, 1e-6);
      const Composite<double> made(base::resample_taps<double>(shape), low);
      Real first = 0;
      for (std::size_t i = 0; i < target.taps.size(); ++i) {
        first += (static_cast<Real>(i) - static_cast<Real>(target.centre)) * target.taps[i];
      }
      for (std::size_t r = 0; r < design.factor; ++r) {
        EXPECT_NEAR(static_cast<double>(made.moment(r, 0)), order == 0 ? 1 : 0, 2e-14);
        if (order > 0) {
          EXPECT_NEAR(static_cast<double>(made.moment(r, 1)), order == 1 ? static_cast<double>(first) : 0, 1e-13);
        }
      }
    }
  }
}

TEST(Resampling, DeliversTheSigmaThatItSays) {
  for (const Design& design : designs()) {
    const ResampleShape shape = base::resample_shape(design.factor, design.width, design.sigma, 0);
    const Kernel low = base::low_rate_taps(shape, target_of(design.sigma, 0), 0, 1e-9);
    const Composite<double> made(base::resample_taps<double>(shape), low);
    Real variance = 0;  // of all phases together: about their common mean, which is 0
    for (std::size_t r = 0; r < design.factor; ++r) variance += made.moment(r, 2);
    const double sigma = static_cast<double>(std::sqrt(variance / static_cast<Real>(design.factor)));
    EXPECT_NEAR(base::delivered_sigma(shape, low), sigma, 1e-9 * sigma) << design.factor << " wide " << design.width;
  }
}

// What the masses bound: no input within [-1, 1] makes more of it.
TEST(Resampling, MassesAreThoseOfTheWeights) {
  for (const Design& design : designs()) {
    const ResampleShape shape = base::resample_shape(design.factor, design.width, design.sigma, 0);
    const ResampleTaps<double> taps = base::resample_taps<double>(shape);
    double down = 0, up = 0;
    for (const double weight : shape.down) down += std::abs(weight);
    for (std::size_t r = 0; r < design.factor; ++r) {
      double phase = 0;
      for (std::size_t k = 0; k < design.width; ++k) phase += std::abs(shape.up[k * design.factor + r]);
      up = std::max(up, phase);
    }
    EXPECT_NEAR(base::down_mass(taps), down, 1e-14);
    EXPECT_NEAR(base::up_mass(taps), up, 1e-14);
  }
}

}  // namespace
}  // namespace gaussfilt::test
