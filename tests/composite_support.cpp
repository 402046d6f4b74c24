// What the tests of composites share. The reference's Gaussians are put together here, in long double.
#include "composite_support.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace gaussfilt::test {
namespace {

template <class Options> Options options_of(const Spec& s) {
  Options options;
  options.border = s.border;
  options.cval = s.cval;
  options.axes = s.axes;
  options.truncate = s.truncate;
  options.taps = s.taps;
  options.tolerance = s.tolerance;
  options.threads = s.threads;
  if constexpr (std::is_same_v<Options, DifferenceOptions>) {
    options.sigma_low = s.sigma;
    options.sigma_high = s.second;
  } else {
    options.sigma = s.sigma;
  }
  if constexpr (std::is_same_v<Options, StructureTensorOptions>) options.rho = s.second;
  return options;
}

std::size_t axis_count(const Spec& s, int rank) {
  return s.axes.list() ? s.axes.list()->size() : static_cast<std::size_t>(rank);
}

GaussianOptions gaussian_of(const Spec& s, std::vector<int> order) {
  GaussianOptions options{.sigma = s.sigma,
                          .border = s.border,
                          .cval = s.cval,
                          .axes = s.axes,
                          .truncate = s.truncate,
                          .taps = s.taps,
                          .tolerance = s.tolerance};
  if (!order.empty()) options.order = PerAxis<int>(std::move(order));
  return options;
}

std::vector<int> order_of(std::size_t axes, std::size_t i, std::size_t j) {
  std::vector<int> order(axes, 0);
  ++order[i];
  ++order[j];
  return order;
}

std::vector<reference::Result> gradients(const View& in, const Spec& s, std::size_t axes) {
  std::vector<reference::Result> result;
  for (std::size_t i = 0; i < axes; ++i) {
    std::vector<int> order(axes, 0);
    order[i] = 1;
    result.push_back(expected(in, gaussian_of(s, order)));
  }
  return result;
}

std::size_t part_count(const View& in) {
  return static_cast<std::size_t>(in.shape().product()) * (is_complex(in.dtype()) ? 2 : 1);
}

Exact exact_laplace(const View& in, const Spec& s, std::size_t axes) {
  Exact exact{{std::vector<Real>(part_count(in), 0)}};
  for (std::size_t i = 0; i < axes; ++i) {
    const reference::Result field = expected(in, gaussian_of(s, order_of(axes, i, i)));
    for (std::size_t k = 0; k < field.values.size(); ++k) exact.outputs[0][k] += field.values[k];
    exact.n += field.n;
    exact.m = field.m;
  }
  return exact;
}

Exact exact_magnitude(const View& in, const Spec& s, std::size_t axes) {
  Exact exact{{std::vector<Real>(part_count(in), 0)}};
  for (const reference::Result& field : gradients(in, s, axes)) {
    for (std::size_t k = 0; k < field.values.size(); ++k) {
      exact.outputs[0][k] = std::hypot(exact.outputs[0][k], field.values[k]);
    }
    exact.n = std::hypot(exact.n, field.n);
    exact.m = field.m;
  }
  return exact;
}

Exact exact_difference(const View& in, const Spec& s) {
  const reference::Result low = expected(in, gaussian_of(s, {}));
  Spec wide = s;
  wide.sigma = s.second;
  const reference::Result high = expected(in, gaussian_of(wide, {}));
  Exact exact{{low.values}, low.n + high.n, low.m};
  for (std::size_t k = 0; k < low.values.size(); ++k) exact.outputs[0][k] -= high.values[k];
  return exact;
}

Exact exact_hessian(const View& in, const Spec& s, std::size_t axes) {
  Exact exact;
  for (std::size_t i = 0; i < axes; ++i) {
    for (std::size_t j = i; j < axes; ++j) {
      const reference::Result field = expected(in, gaussian_of(s, order_of(axes, i, j)));
      exact.outputs.push_back(field.values);
      exact.n = std::max(exact.n, field.n);
      exact.m = field.m;
    }
  }
  return exact;
}

// The products go through f64 on their way back into the reference: 1e-16 of them.
Exact exact_tensor(const View& in, const Spec& s, std::size_t axes) {
  Exact exact;
  const std::vector<reference::Result> fields = gradients(in, s, axes);
  Spec outer = s;
  outer.sigma = s.second;
  outer.cval = 0;
  for (std::size_t i = 0; i < axes; ++i) {
    for (std::size_t j = i; j < axes; ++j) {
      Array product(DType::f64, in.shape());
      const std::span<double> items = product.items<double>();
      for (std::size_t k = 0; k < items.size(); ++k) {
        items[k] = static_cast<double>(fields[i].values[k] * fields[j].values[k]);
      }
      const reference::Result smooth = expected(product, gaussian_of(outer, {}));
      exact.outputs.push_back(smooth.values);
      exact.m = fields[i].m;
      exact.n = std::max(exact.n, fields[i].n * fields[j].n * smooth.n * exact.m);
    }
  }
  return exact;
}

}  // namespace

const char* name(Kind kind) {
  constexpr const char* names[] = {"laplace", "magnitude", "difference", "hessian", "tensor"};
  return names[static_cast<int>(kind)];
}

Plan make_plan(Kind kind, const Layout& layout, DType out, const Spec& s) {
  switch (kind) {
    case Kind::laplace: return plan_laplace_of_gaussian(layout, out, options_of<LaplaceOptions>(s));
    case Kind::magnitude: return plan_gradient_magnitude(layout, out, options_of<GradientMagnitudeOptions>(s));
    case Kind::difference: return plan_difference_of_gaussians(layout, out, options_of<DifferenceOptions>(s));
    case Kind::hessian: return plan_hessian(layout, out, options_of<HessianOptions>(s));
    case Kind::tensor: break;
  }
  return plan_structure_tensor(layout, out, options_of<StructureTensorOptions>(s));
}

Exact exact_of(Kind kind, const View& in, const Spec& s) {
  const std::size_t axes = axis_count(s, in.rank());
  switch (kind) {
    case Kind::laplace: return exact_laplace(in, s, axes);
    case Kind::magnitude: return exact_magnitude(in, s, axes);
    case Kind::difference: return exact_difference(in, s);
    case Kind::hessian: return exact_hessian(in, s, axes);
    case Kind::tensor: break;
  }
  return exact_tensor(in, s, axes);
}

std::vector<Array> make_outputs(const Plan& plan, const Shape& shape) {
  std::vector<Array> arrays;
  for (int k = 0; k < plan.outputs(); ++k) arrays.push_back(constant_array(plan.out_dtype(), shape, 1));
  return arrays;
}

std::vector<Array> run(const Plan& plan, const View& in) {
  std::vector<Array> outputs = make_outputs(plan, plan.layout().shape);
  EXPECT_EQ(plan.run(in, views_of(outputs)), RunStatus::complete);
  return outputs;
}

std::string text(Kind kind, const View& in, DType out, const Spec& s) {
  std::ostringstream list;
  list << name(kind) << " of " << gaussfilt::name(in.dtype()) << " " << test::text(in.shape()) << " into "
       << gaussfilt::name(out);
  for (std::size_t i = 0; i < s.border.size(); ++i) list << " " << gaussfilt::name(s.border[i]);
  return list.str();
}

}  // namespace gaussfilt::test
