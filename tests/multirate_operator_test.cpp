// The operator of method multirate: how far it is from its target, sample by sample, at every phase and border; that it
// goes on evenly from sigma to sigma; and the signals that it must keep.
#include "support.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace gaussfilt::test {
namespace {

constexpr Border all_borders[] = {Border::reflect, Border::mirror, Border::nearest, Border::wrap, Border::constant};

// ---- the operator ------------------------------------------------------------------------------------------------

// Row by row what a plan's outputs make of each sample of a line of n, and what the target does.
struct Operator {
  Plan plan;
  std::vector<double> made;
  std::vector<Real> meant;
  Real mass = 1;

  std::int64_t n() const { return plan.layout().shape[1]; }
  Real error(std::int64_t output, std::int64_t sample) const {
    return made[static_cast<std::size_t>(sample * n() + output)] -
           meant[static_cast<std::size_t>(output * n() + sample)];
  }
  Real error_of(std::int64_t output) const {
    Real sum = 0;
    for (std::int64_t i = 0; i < n(); ++i) sum += std::fabs(error(output, i));
    return sum / mass;
  }
  // The infinity norm of (made - meant), relative to that of the target; every phase and both borders are in it.
  Real norm() const {
    Real most = 0;
    for (std::int64_t y = 0; y < n(); ++y) most = std::max(most, error_of(y));
    return most;
  }
};

std::vector<Real> meant_of(double sigma, int order, Border border, std::int64_t n) {
  const reference::Line line = reference::gaussian_taps(sigma, order, reference::ideal);
  std::vector<Real> meant(static_cast<std::size_t>(n * n));
  for (std::int64_t y = 0; y < n; ++y) {
    for (std::size_t k = 0; k < line.taps.size(); ++k) {
      const std::int64_t i = border_index(border, y + static_cast<std::int64_t>(k) - line.centre, n);
      if (i >= 0) meant[static_cast<std::size_t>(y * n + i)] += line.taps[k];
    }
  }
  return meant;
}

// A line of its own for each unit impulse. nullopt where the method has nothing to gain.
std::optional<Operator> scanned(DType dtype, std::int64_t n, const GaussianOptions& asked) {
  GaussianOptions options = asked;
  options.axes = {1};
  const Shape shape{n, n};
  const auto plan = plan_if_taken({shape, dtype}, dtype, options);
  if (!plan) return std::nullopt;
  Array in(dtype, shape), out(dtype, shape);
  auto* const at = static_cast<std::byte*>(in.data());
  for (std::int64_t i = 0; i < n; ++i) store(at + static_cast<std::size_t>(i * n + i) * size_of(dtype), dtype, 1);
  plan->run(in, out);
  const std::vector<Real> values = reference::values(out);
  const double sigma = options.sigma[0];
  const int order = options.order[0];
  return Operator{.plan = *plan,
                  .made = {values.begin(), values.end()},
                  .meant = meant_of(sigma, order, options.border[0], n),
                  .mass = reference::gaussian_taps(sigma, order, reference::ideal).sum_abs()};
}

// Never above the bound; and the approximation part is not too careful: it costs speed.
TEST(MultirateTest, HasTheNormThatItsBoundSays) {
  int looked_at = 0;
  for (const double tolerance : {1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-8, 1e-10}) {
    for (const double sigma : {3.0, 5.0, 8.0, 13.0, 20.0}) {
      for (const int order : {0, 1, 2}) {
        const std::int64_t n = static_cast<std::int64_t>(sigma * 18 + 90) / 2 * 2 + order;
        const auto made = scanned(
            DType::f64, n, {.sigma = sigma, .order = order, .tolerance = tolerance, .method = Method::multirate});
        if (!made) continue;
        ++looked_at;
        const Real norm = made->norm();
        const std::string what = made->plan.explain();
        EXPECT_LE(norm, made->plan.error_bound()) << what;
        EXPECT_TRUE(norm < 1e-13 || made->plan.approximation_bound() <= 3 * norm) << what << "norm " << norm;
      }
    }
  }
  EXPECT_GT(looked_at, 70);
}

TEST(MultirateTest, HasThatNormAtEveryBorder) {
  for (const Border border : all_borders) {
    for (const std::int64_t n : {7, 20, 37, 64, 101, 180}) {
      for (const double sigma : {4.0, 11.0, 90.0}) {
        for (const int order : {0, 1, 2}) {
          const auto made = scanned(
              DType::f64, n,
              {.sigma = sigma, .order = order, .border = border, .tolerance = 1e-4, .method = Method::multirate});
          if (!made) continue;
          EXPECT_LE(made->norm(), made->plan.error_bound()) << made->plan.explain();
        }
      }
    }
  }
}

// Every output gets the input that its own error sees at its worst.
TEST(MultirateTest, HoldsItsBoundOnTheSignsOfItsError) {
  for (const double tolerance : {1e-2, 1e-3, 1e-4, 1e-5, 1e-6}) {
    for (const double sigma : {4.0, 9.0, 21.0}) {
      for (const int order : {0, 1}) {
        const std::int64_t n = static_cast<std::int64_t>(sigma * 12 + 60);
        const GaussianOptions options{
            .sigma = sigma, .order = order, .tolerance = tolerance, .method = Method::multirate};
        const auto made = scanned(DType::f32, n, options);
        if (!made) continue;
        Array in(DType::f32, {n, n}), out(DType::f32, {n, n});
        for (std::int64_t y = 0; y < n; ++y) {
          for (std::int64_t i = 0; i < n; ++i) {
            in.items<float>()[static_cast<std::size_t>(y * n + i)] = made->error(y, i) < 0 ? -1 : 1;
          }
        }
        made->plan.run(in, out);
        Real worst = 0;
        for (std::int64_t y = 0; y < n; ++y) {
          Real exact = 0;
          for (std::int64_t i = 0; i < n; ++i) {
            const auto at = static_cast<std::size_t>(y * n + i);
            exact += made->meant[at] * in.items<float>()[at];
          }
          const Real got = out.items<float>()[static_cast<std::size_t>(y * n + y)];
          worst = std::max(worst, std::fabs(got - exact) - std::fabs(exact) * 0x1p-24L);
        }
        EXPECT_LE(worst / made->mass, made->plan.error_bound()) << made->plan.explain();
        EXPECT_GE(worst / made->mass, made->plan.approximation_bound() / 4 - 1e-6L) << made->plan.explain();
      }
    }
  }
}

// ---- continuity --------------------------------------------------------------------------------------------------

// What a sweep of sigma sees of a plan: which rate it took, and the sigma that it delivers.
struct Chosen {
  std::string rate;
  double delivered = 0;
  double slack = 0;  // of that sigma, relative: an error of the operator counts more the further out it lies
};

Chosen chosen(const Plan& plan) {
  const nlohmann::json axis = nlohmann::json::parse(plan.explain_json())["axes"][0];
  const std::string rate = axis.contains("lower_rate") ? axis["lower_rate"].dump() : "its own";
  return {std::string(name(plan.method())) + " " + rate.substr(0, rate.find("taps")), axis["delivered_sigma"],
          10 * plan.error_bound()};
}

// Neighbours' results differ by no more than their targets and both bounds; their sigmas follow those asked.
void expect_continuous(const Operator& a, const Operator& b) {
  Real results = 0, targets = 0;
  const std::int64_t n = a.n();
  for (std::int64_t y = 0; y < n; ++y) {
    Real result = 0, target = 0;
    for (std::int64_t i = 0; i < n; ++i) {
      const auto made = static_cast<std::size_t>(i * n + y), meant = static_cast<std::size_t>(y * n + i);
      result += std::fabs(Real{a.made[made]} - b.made[made]);
      target += std::fabs(a.meant[meant] - b.meant[meant]);
    }
    results = std::max(results, result), targets = std::max(targets, target);
  }
  EXPECT_LE(results, targets + a.plan.error_bound() + b.plan.error_bound()) << a.plan.explain() << "\n"
                                                                            << b.plan.explain();
}

// How often the plans of a sweep of sigma switch.
int expect_sweep_continuous(double tolerance) {
  constexpr std::int64_t n = 256;
  const auto options = [&](double sigma) {
    return GaussianOptions{.sigma = sigma, .axes = {1}, .tolerance = tolerance};
  };
  const auto plan_of = [&](double sigma) { return plan_gaussian({{n, n}, DType::f64}, DType::f64, options(sigma)); };
  int switches = 0;
  std::optional<Operator> last;
  double last_sigma = 0;
  for (double sigma = 1.2; sigma < 40; sigma *= 1.03) {
    const auto now = scanned(DType::f64, n, options(sigma));
    const Chosen here = chosen(now->plan);
    EXPECT_LE(std::fabs(here.delivered / sigma - 1), here.slack) << now->plan.explain();
    if (last) {
      expect_continuous(*last, *now);
      const Chosen before = chosen(last->plan);
      EXPECT_GE(here.delivered, before.delivered * (1 - here.slack - before.slack)) << sigma;
      if (before.rate != here.rate) {  // the switch itself, from both sides
        ++switches;
        double low = last_sigma, high = sigma;
        while (high - low > 1e-5 * high) {
          const double middle = (low + high) / 2;
          (chosen(plan_of(middle)).rate == before.rate ? low : high) = middle;
        }
        const auto below = scanned(DType::f64, n, options(low)), above = scanned(DType::f64, n, options(high));
        expect_continuous(*below, *above);
        const Chosen under = chosen(below->plan), over = chosen(above->plan);
        EXPECT_GE(over.delivered, under.delivered * (1 - over.slack - under.slack));
      }
    }
    last = now, last_sigma = sigma;
  }
  return switches;
}

TEST(MultirateTest, IsContinuousInSigma) {
  int switches = 0;
  for (const double tolerance : {1e-2, 1e-4, 1e-6}) switches += expect_sweep_continuous(tolerance);
  EXPECT_GE(switches, 8);
}

// ---- constants, means, slopes ------------------------------------------------------------------------------------

TEST(MultirateTest, KeepsConstants) {
  for (const Border border : all_borders) {
    for (const DType dtype : {DType::u8, DType::u16, DType::i16, DType::u32, DType::f16, DType::f32, DType::f64}) {
      for (const double sigma : {4.0, 21.0}) {
        for (const double tolerance : {1e-2, 1e-4}) {
          for (const Real value :
               {0.0L, 1.0L, 37.0L, is_integer(dtype) ? reference::largest_magnitude(dtype) : 100.0L}) {
            const Real constant = dtype == DType::i16 ? -value : value;
            const GaussianOptions options{.sigma = sigma,
                                          .border = border,
                                          .cval = static_cast<double>(constant),
                                          .tolerance = tolerance,
                                          .method = Method::multirate};
            const Array in = constant_array(dtype, {61, 83}, constant);
            const auto plan = plan_gaussian(in.layout(), dtype, options);
            Array out(dtype, in.shape());
            plan.run(in, out);
            // A narrow dtype's sums are of whole numbers of 16 bits at most: what is off by less than half comes back.
            if (is_integer(dtype)) {
              EXPECT_TRUE(bytes_of(out) == bytes_of(in))
                  << name(dtype) << " " << static_cast<double>(constant) << ", sigma " << sigma << ", " << name(border);
              continue;
            }
            const Real error = (plan.rounding_bound() + 1e-7) * std::fabs(constant);
            EXPECT_EQ(compare(out, reference::values(in), error).failure, "") << name(border) << ", sigma " << sigma;
          }
        }
      }
    }
  }
}

TEST(MultirateTest, OfASigmaFarBeyondTheAxisIsTheMean) {
  for (const Shape& shape : {Shape{300}, Shape{60, 300}, Shape{300, 6}}) {
    for (const DType dtype : {DType::f32, DType::u8, DType::f64}) {
      const int axis = shape[0] == 300 ? 0 : 1;
      const Array in = make_array(dtype, shape, 8);
      Array out(DType::f64, shape);
      const Plan plan = plan_gaussian(in.layout(), DType::f64,
                                      {.sigma = 1e4, .axes = {axis}, .tolerance = 1e-5, .method = Method::multirate});
      plan.run(in, out);
      const std::vector<Real> items = reference::values(in), means = reference::values(out);
      const std::int64_t step = axis == 0 ? shape.product() / 300 : 1;
      Real most = reference::largest_magnitude(dtype);
      for (const Real item : items) most = std::max(most, std::fabs(item));
      for (std::int64_t i = 0; i < in.size(); ++i) {
        const std::int64_t first = axis == 0 ? i % step : i / 300 * 300;
        Real sum = 0;
        for (std::int64_t k = 0; k < 300; ++k) sum += items[static_cast<std::size_t>(first + k * step)];
        ASSERT_NEAR(static_cast<double>(means[static_cast<std::size_t>(i)] - sum / 300), 0,
                    plan.error_bound() * static_cast<double>(most))
            << text(shape) << ", " << name(dtype);
      }
    }
  }
}

// Each phase has the same moments to the rounding of f64, whatever the tolerance.
TEST(MultirateTest, DerivativesHaveTheirMoments) {
  constexpr std::int64_t n = 3000;
  Array ramp(DType::f64, {n}), out(DType::f64, {n});
  const Array ones = constant_array(DType::f64, {n}, 1);
  for (std::int64_t i = 0; i < n; ++i) ramp.items<double>()[static_cast<std::size_t>(i)] = static_cast<double>(i) / 4;
  for (const double sigma : {5.0, 12.0, 20.0}) {
    for (const double tolerance : {1e-1, 1e-2, 1e-4}) {
      for (const int order : {0, 1, 2}) {
        const GaussianOptions options{
            .sigma = sigma, .order = order, .tolerance = tolerance, .method = Method::multirate};
        const Plan plan = plan_gaussian(ramp.layout(), DType::f64, options);
        plan.run(ones, out);
        for (const double item : out.items<double>()) ASSERT_NEAR(item, order == 0 ? 1 : 0, 1e-14) << plan.explain();
        if (order == 0) continue;
        plan.run(ramp, out);
        const std::int64_t reach = plan.halo()[0];
        ASSERT_LT(2 * reach + 20, n);
        const double slope = out.items<double>()[n / 2];
        EXPECT_NEAR(slope, order == 1 ? 0.25 : 0, 1e-12);
        for (std::int64_t i = reach; i < n - reach; ++i) {
          ASSERT_NEAR(out.items<double>()[static_cast<std::size_t>(i)], slope, 1e-12) << i << "\n" << plan.explain();
        }
      }
    }
  }
}

}  // namespace
}  // namespace gaussfilt::test
