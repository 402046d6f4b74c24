// How wrong is it? For every tolerance, sigma and number of axes: the bound that the plan states, the infinity norm of
// (result - target) as an operator, measured by impulses at every phase, and the error that the worst input makes.
//
//   accuracy [largest sigma]     a Markdown table; ends with 1 where a measured error is over its bound
//
// Along each axis an impulse (constant along the others) is filtered at every place within a cell of the lower rate.
// The borders wrap round a whole number of cells, so these are all rows of the operator that there are. With several
// axes the norm is that of the product of each axis's worst rows. The worst input is the sign of that product's error.
#include "reference.h"

#include <gaussfilt/gaussfilt.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace gaussfilt;
using reference::Real;

// One axis: what an output of the worst phase makes of the samples 0 ... n - 1, and what it should.
struct Row {
  std::int64_t output = 0;
  std::vector<Real> made, meant;
  Real error() const {
    Real sum = 0;
    for (std::size_t i = 0; i < made.size(); ++i) sum += std::fabs(made[i] - meant[i]);
    return sum;
  }
};

struct Case {
  int axes = 1;
  double sigma = 1, tolerance = 1e-3;
  DType dtype = DType::f32;
};

std::int64_t factor_of(const Plan& plan, int axis) {
  const nlohmann::json json = nlohmann::json::parse(plan.explain_json())["axes"][static_cast<std::size_t>(axis)];
  return json.contains("lower_rate") ? json["lower_rate"]["factor"].get<std::int64_t>() : 1;
}

std::string rate_of(const Plan& plan) {
  std::string text(name(plan.method()));
  const nlohmann::json json = nlohmann::json::parse(plan.explain_json());
  for (const auto& axis : json["axes"]) {
    if (!axis.contains("lower_rate")) continue;
    const auto& rate = axis["lower_rate"];
    text += fmt::format(" {}x{}", rate["factor"].get<int>(), rate["width"].get<int>());
  }
  return text;
}

// Whole cells along every axis: the plan and its shape settle each other.
Plan plan_for(const Case& test) {
  const GaussianOptions options{.sigma = test.sigma, .border = Border::wrap, .tolerance = test.tolerance, .threads = 0};
  Shape shape = Extents::filled(test.axes, static_cast<std::int64_t>(14 * test.sigma) + 32);
  Plan plan = plan_gaussian({shape, test.dtype}, test.dtype, options);
  for (int turn = 0; turn < 8; ++turn) {
    bool whole = true;
    for (int axis = 0; axis < test.axes; ++axis) {
      const std::int64_t factor = factor_of(plan, axis), rest = shape[axis] % factor;
      if (rest == 0) continue;
      shape[axis] += factor - rest;
      whole = false;
    }
    if (whole) return plan;
    plan = plan_gaussian({shape, test.dtype}, test.dtype, options);
  }
  std::fprintf(stderr, "accuracy: no shape of whole cells found for sigma %g, tolerance %g\n", test.sigma,
               test.tolerance);
  std::exit(2);
}

template <class Body> void with_items(Array& array, const Body& body) {
  if (array.dtype() == DType::f32) body(array.items<float>());
  else body(array.items<double>());
}

std::int64_t step_of(const Shape& shape, int axis) {
  std::int64_t step = 1;
  for (int inner = axis + 1; inner < shape.rank(); ++inner) step *= shape[inner];
  return step;
}

// Sample `place` along the axis is 1, the others are 0.
void fill_impulse(Array& in, int axis, std::int64_t place) {
  const std::int64_t step = step_of(in.shape(), axis), n = in.shape()[axis];
  with_items(in, [&](auto items) {
    for (std::size_t i = 0; i < items.size(); ++i) items[i] = static_cast<std::int64_t>(i) / step % n == place ? 1 : 0;
  });
}

std::vector<Real> meant_row(double sigma, std::int64_t output, std::int64_t n) {
  const reference::Line line = reference::gaussian_taps(sigma, 0, reference::ideal);
  std::vector<Real> row(static_cast<std::size_t>(n));
  for (std::size_t k = 0; k < line.taps.size(); ++k) {
    const std::int64_t sample = output + static_cast<std::int64_t>(k) - line.centre;
    row[static_cast<std::size_t>(border_index(Border::wrap, sample, n))] += line.taps[k];
  }
  return row;
}

// The worst of the rows that the axis has: outputs of one cell in the middle, each made of shifted impulses.
Row worst_row(const Plan& plan, int axis, double sigma, Array& in, Array& out) {
  const Shape& shape = plan.layout().shape;
  const std::int64_t n = shape[axis], factor = factor_of(plan, axis), step = step_of(shape, axis);
  const std::int64_t middle = n / 2 / factor * factor;
  std::vector<Row> rows;
  for (std::int64_t r = 0; r < factor; ++r) {
    rows.push_back({middle + r, std::vector<Real>(static_cast<std::size_t>(n)), meant_row(sigma, middle + r, n)});
  }
  for (std::int64_t p = 0; p < factor; ++p) {
    fill_impulse(in, axis, middle + p);
    plan.run(in, out);
    with_items(out, [&](auto items) {
      for (std::int64_t y = 0; y < n;
           ++y) {  // output y stands for the one of its phase in the middle, cells further on
        const std::int64_t r = y % factor, sample = ((middle + p + middle + r - y) % n + n) % n;
        rows[static_cast<std::size_t>(r)].made[static_cast<std::size_t>(sample)] =
            items[static_cast<std::size_t>(y * step)];
      }
    });
  }
  return *std::max_element(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.error() < b.error(); });
}

// Calls body(item, product of made, product of meant) for every sample of the array.
template <class Body> void for_products(const Shape& shape, const std::vector<Row>& rows, const Body& body) {
  for (std::int64_t item = 0; item < shape.product(); ++item) {
    Real made = 1, meant = 1;
    std::int64_t rest = item;
    for (int axis = shape.rank(); axis-- > 0; rest /= shape[axis]) {
      const Row& row = rows[static_cast<std::size_t>(axis)];
      made *= row.made[static_cast<std::size_t>(rest % shape[axis])];
      meant *= row.meant[static_cast<std::size_t>(rest % shape[axis])];
    }
    body(static_cast<std::size_t>(item), made, meant);
  }
}

// The error of the one output whose error the input is made for, less its own rounding.
Real error_of_signs(const Plan& plan, const std::vector<Row>& rows, Array& in, Array& out) {
  Real exact = 0, got = 0;
  with_items(in, [&](auto items) {
    for_products(in.shape(), rows, [&](std::size_t item, Real made, Real meant) {
      items[item] = made < meant ? -1 : 1;
      exact += made < meant ? -meant : meant;
    });
  });
  plan.run(in, out);
  std::int64_t place = 0;
  for (std::size_t axis = 0; axis < rows.size(); ++axis) {
    place += rows[axis].output * step_of(in.shape(), static_cast<int>(axis));
  }
  with_items(out, [&](auto items) { got = items[static_cast<std::size_t>(place)]; });
  const Real unit = plan.out_dtype() == DType::f32 ? 0x1p-24L : 0x1p-53L;
  return std::max<Real>(0, std::fabs(got - exact) - std::fabs(exact) * unit);
}

bool measure(const Case& test) {
  const Plan plan = plan_for(test);
  Array in(test.dtype, plan.layout().shape), out(test.dtype, plan.layout().shape);
  std::vector<Row> rows;
  for (int axis = 0; axis < test.axes; ++axis) rows.push_back(worst_row(plan, axis, test.sigma, in, out));
  Real norm = 0;
  for_products(in.shape(), rows, [&](std::size_t, Real made, Real meant) { norm += std::fabs(made - meant); });
  const Real signs = error_of_signs(plan, rows, in, out);
  const auto bound = static_cast<Real>(plan.error_bound());
  // An impulse's response is rounded to the output's dtype where it is read.
  const Real unit = test.dtype == DType::f32 ? 0x1p-24L : 0x1p-53L;
  const bool good = norm <= bound + unit && signs <= bound && plan.error_bound() <= test.tolerance;
  fmt::print("| {} | {} | {} {:.0e} | {} | {:.2e} | {:.2e} | {:.2e} | {:.2e} |{}\n", test.axes, test.sigma,
             name(test.dtype), test.tolerance, rate_of(plan), plan.error_bound(), plan.approximation_bound(),
             static_cast<double>(norm), static_cast<double>(signs), good ? "" : " over its bound");
  std::fflush(stdout);
  return good;
}

}  // namespace

int main(int argc, char** argv) {
  const double largest = argc > 1 ? std::atof(argv[1]) : 200;
  const std::vector<std::pair<DType, double>> asked = {{DType::f32, 1e-2}, {DType::f32, 1e-3}, {DType::f32, 1e-4},
                                                       {DType::f32, 1e-5}, {DType::f32, 1e-6}, {DType::f64, 1e-10}};
  bool good = true;
  std::puts(
      "| axes | sigma | tolerance | method, factor x width an axis | bound | of it approximation | norm | worst input "
      "|");
  std::puts("|---|---|---|---|---|---|---|---|");
  for (int axes = 1; axes <= 3; ++axes) {
    for (const double sigma : {0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 200.0}) {
      if (sigma > largest || (axes == 3 && sigma > 8)) continue;  // volumes: what fits memory and patience
      for (const auto& [dtype, tolerance] : asked) good &= measure({axes, sigma, tolerance, dtype});
    }
  }
  return good ? 0 : 1;
}
