// Sigma as large as the axis and far larger: the operator sample by sample, and the work that is planned for it.
#include "support.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace gaussfilt::test {
namespace {

constexpr Border all_borders[] = {Border::reflect, Border::mirror, Border::nearest, Border::wrap, Border::constant};
constexpr std::int64_t all_lengths[] = {1, 2, 3, 7, 13, 37, 300};

// Row by row what each sample of a line counts in an output.
using Operator = std::vector<Real>;

Operator meant_of(const reference::Line& line, Border border, std::int64_t n) {
  Operator meant(static_cast<std::size_t>(n * n));
  for (std::int64_t y = 0; y < n; ++y) {
    for (std::size_t k = 0; k < line.taps.size(); ++k) {
      const std::int64_t i = border_index(border, y + static_cast<std::int64_t>(k) - line.centre, n);
      if (i >= 0) meant[static_cast<std::size_t>(y * n + i)] += line.taps[k];
    }
  }
  return meant;
}

// sum |taps| of a Gaussian so large that its sums are integrals: off by 1 / sigma^2 of itself.
Real mass_of(Real sigma, int order) {
  const Real root = std::sqrt(2 * std::acos(Real{-1}));
  return order == 0 ? 1 : order == 1 ? 2 / (root * sigma) : 4 * std::exp(Real{-0.5}) / (root * sigma * sigma);
}

// The operator of such a sigma, as a formula.
Operator limit_of(Real sigma, int order, Border border, std::int64_t n) {
  Operator meant(static_cast<std::size_t>(n * n));
  const Real root = std::sqrt(2 * std::acos(Real{-1}));
  const auto density = [&](Real x) { return std::exp(-x * x / (2 * sigma * sigma)) / (root * sigma); };
  const auto tap = [&](std::int64_t at) {
    const Real x = static_cast<Real>(at), u = x / sigma;
    return density(x) * (order == 0 ? 1 : order == 1 ? u / sigma : (u * u - 1) / (sigma * sigma));
  };
  // Of the taps from half a sample before `at` on.
  const auto beyond = [&](std::int64_t at) {
    const Real x = static_cast<Real>(at) - Real{0.5};
    return order == 0 ? std::erfc(x / sigma / std::sqrt(Real{2})) / 2
                      : density(x) * (order == 1 ? 1 : x / (sigma * sigma));
  };
  const bool ends = border == Border::nearest || border == Border::constant;
  for (std::int64_t y = 0; y < n; ++y) {
    for (std::int64_t i = 0; i < n; ++i) {
      Real& weight = meant[static_cast<std::size_t>(y * n + i)];
      if (ends) {
        weight = tap(i - y);
      } else if (order == 0) {
        const bool end = i == 0 || i + 1 == n;
        weight = border == Border::mirror && n > 1 ? (end ? Real{1} : Real{2}) / static_cast<Real>(2 * n - 2)
                                                   : 1 / static_cast<Real>(n);
      }
    }
    if (border != Border::nearest) continue;
    meant[static_cast<std::size_t>(y * n)] += (order == 1 ? -1 : 1) * beyond(y + 1);
    meant[static_cast<std::size_t>(y * n + n - 1)] += beyond(n - y);
  }
  return meant;
}

// The largest error of an output, over sum |taps|: a line of its own for each unit impulse.
Real norm_of(const Plan& plan, const Operator& meant, Real mass) {
  const Shape& shape = plan.layout().shape;
  const std::int64_t n = shape[0];
  const DType dtype = plan.layout().dtype;
  Array in(dtype, shape), out(dtype, shape);
  for (std::int64_t i = 0; i < n; ++i) {
    store(static_cast<std::byte*>(in.data()) + static_cast<std::size_t>(i * n + i) * size_of(dtype), dtype, 1);
  }
  plan.run(in, out);
  const std::vector<Real> made = reference::values(out);
  Real worst = 0;
  for (std::int64_t y = 0; y < n; ++y) {
    Real sum = 0;
    for (std::int64_t i = 0; i < n; ++i) {
      sum += std::fabs(made[static_cast<std::size_t>(i * n + y)] - meant[static_cast<std::size_t>(y * n + i)]);
    }
    worst = std::max(worst, sum);
  }
  return worst / mass;
}

GaussianOptions options_of(double sigma, int order, Border border, double tolerance) {
  return {.sigma = sigma, .order = order, .border = border, .axes = {1}, .tolerance = tolerance};
}

// By the planner's choice, and at a lower rate where there is one. `doubt`: of what is meant.
void expect_within_bound(double sigma, int order, Border border, std::int64_t n, const Operator& meant, Real mass,
                         Real doubt) {
  for (const auto& [dtype, tolerance] : {std::pair{DType::f64, 1e-10}, {DType::f64, 1e-4}, {DType::f32, 1e-4}}) {
    for (const bool lower : {false, true}) {
      GaussianOptions options = options_of(sigma, order, border, tolerance);
      if (lower) options.method = Method::multirate;
      const auto plan = plan_if_taken({{n, n}, dtype}, dtype, options);
      if (!plan) {
        EXPECT_TRUE(lower);
        continue;
      }
      EXPECT_LE(plan->error_bound(), tolerance);
      EXPECT_LE(norm_of(*plan, meant, mass), plan->error_bound() + doubt) << plan->explain();
    }
  }
}

TEST(HugeSigmaTest, HoldsItsBoundAgainstTheReference) {
  for (const std::int64_t n : all_lengths) {
    for (const double times : {0.5, 1.0, 2.0, 10.0, 1000.0}) {
      const double sigma = times * static_cast<double>(n);
      if (sigma * static_cast<double>(n) > 3e5) continue;  // more than the reference can bear
      for (const int order : {0, 1, 2}) {
        const reference::Line line = reference::gaussian_taps(sigma, order, reference::ideal);
        for (const Border border : all_borders) {
          expect_within_bound(sigma, order, border, n, meant_of(line, border, n), line.sum_abs(), 1e-17L);
        }
      }
    }
  }
}

TEST(HugeSigmaTest, HoldsItsBoundAgainstTheLimit) {
  for (const std::int64_t n : all_lengths) {
    for (const double sigma : {1e3, 1e6, 1e9, 1e15}) {
      if (sigma < 10 * static_cast<double>(n)) continue;
      for (const int order : {0, 1, 2}) {
        if (order > 0 && sigma > 1e9) continue;  // f32 has no taps as small
        for (const Border border : all_borders) {
          const Real doubt = static_cast<Real>(1 / (sigma * sigma)) + 1e-15L;
          expect_within_bound(sigma, order, border, n, limit_of(sigma, order, border, n), mass_of(sigma, order), doubt);
        }
      }
    }
  }
}

// What is planned for an axis follows from the axis: the taps that are stored, and with them the work.
TEST(HugeSigmaTest, StoresNoMoreTapsThanTheAxisAsksFor) {
  for (const Border border : all_borders) {
    for (const std::int64_t n : {60, 300, 307, 4096}) {
      const auto taps_of = [&](double sigma) {
        GaussianOptions options = options_of(sigma, 0, border, 1e-4);
        options.method = Method::multirate;
        const Plan plan = plan_gaussian({{n, n}, DType::f32}, DType::f32, options);
        const nlohmann::json rate = nlohmann::json::parse(plan.explain_json())["axes"][0]["lower_rate"];
        EXPECT_LE(plan.halo()[1], 5 * n) << plan.explain();
        return std::int64_t{rate["taps"]} * std::int64_t{rate["factor"]};
      };
      const std::int64_t at_ten = taps_of(10.0 * static_cast<double>(n));
      EXPECT_LE(at_ten, 6 * n) << name(border) << " " << n;
      for (const double sigma : {1e4, 1e6, 1e9, 1e12}) {
        if (sigma < 10 * static_cast<double>(n)) continue;
        EXPECT_LE(taps_of(sigma), at_ten + n / 4) << name(border) << " " << n;
      }
    }
  }
}

// By the cost model, along both axes. (What lies beyond a long mirrored axis is read, where its taps reach it.)
TEST(HugeSigmaTest, CostsNoMoreThanSigma200) {
  for (const Border border : all_borders) {
    for (const std::int64_t n : {60, 300, 307, 4096}) {
      if (border == Border::mirror && n == 4096) continue;
      const auto cost = [&](double sigma) {
        const GaussianOptions options{.sigma = sigma, .border = border, .tolerance = 1e-4, .method = Method::multirate};
        const Plan plan = plan_gaussian({{n, n}, DType::f32}, DType::f32, options);
        double least = 1e9;
        for (const Candidate& candidate : plan.candidates()) least = std::min(least, candidate.cost);
        return least;
      };
      for (const double sigma : {1e4, 1e9}) EXPECT_LE(cost(sigma), 1.06 * cost(200)) << name(border) << " " << n;
    }
  }
}

TEST(HugeSigmaTest, GivesTheSameBytesByRegionsAndThreads) {
  Random random(3);
  for (const Border border : all_borders) {
    for (const Shape& shape : {Shape{61, 300}, Shape{128, 127}, Shape{24, 36, 40}}) {
      for (const double sigma : {300.0, 1e5}) {
        GaussianOptions options{
            .sigma = sigma, .border = border, .tolerance = 1e-3, .threads = 1, .method = Method::multirate};
        const Array in = make_array(DType::f32, shape, 4);
        Array whole(DType::f32, shape), other(DType::f32, shape);
        plan_gaussian(in.layout(), DType::f32, options).run(in, whole);
        options.threads = 3;
        const Plan plan = plan_gaussian(in.layout(), DType::f32, options);
        plan.run(in, other);
        EXPECT_TRUE(bytes_of(whole) == bytes_of(other));
        for (int turn = 0; turn < 6; ++turn) {
          Index origin = shape;
          Shape size = shape;
          for (int axis = 0; axis < shape.rank(); ++axis) {
            origin[axis] = random.below(shape[axis]);
            size[axis] = turn == 0 ? 1 : 1 + random.below(shape[axis] - origin[axis]);
          }
          const Window window = plan.source_window(origin, size);
          Array region(DType::f32, size);
          plan.run_region(part(View(in), window.origin, window.shape), window.origin, region, origin);
          EXPECT_TRUE(bytes_of(region) == bytes_of(part(View(whole), origin, size))) << name(border);
        }
      }
    }
  }
}

}  // namespace
}  // namespace gaussfilt::test
