// Floor 3. The rules of the options, each with its sentence.
#include "plan/options.h"

#include <gaussfilt/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace gaussfilt::plan {
namespace {

void check_axis(const GaussianAxis& entry) {
  if (!(entry.sigma >= 0) || !std::isfinite(entry.sigma)) {
    throw InvalidArgument(fmt::format("sigma: axis {} is {}, must be a finite number >= 0", entry.axis, entry.sigma));
  }
  if (entry.order < 0)
    throw InvalidArgument(fmt::format("order: axis {} is {}, must be >= 0", entry.axis, entry.order));
  if (entry.sigma == 0 && entry.order > 0) {
    throw InvalidArgument(
        fmt::format("sigma: axis {} is 0 with order {}, a derivative needs sigma > 0", entry.axis, entry.order));
  }
}

void check_target(const GaussianOptions& options) {
  if (options.truncate && !(*options.truncate > 0)) {
    throw InvalidArgument(fmt::format("truncate: is {}, must be > 0", *options.truncate));
  }
  if (options.truncate && !options.radius.empty()) {
    throw InvalidArgument(fmt::format("truncate: is {} beside a radius, must be one of the two", *options.truncate));
  }
  if (options.tolerance && !(*options.tolerance > 0 && std::isfinite(*options.tolerance))) {
    throw InvalidArgument(fmt::format("tolerance: is {}, must be a finite number > 0", *options.tolerance));
  }
}

}  // namespace

std::vector<int> resolve_axes(const Axes& axes, int rank) {
  std::vector<int> result;
  if (!axes.list()) {
    for (int axis = 0; axis < rank; ++axis) result.push_back(axis);
    return result;
  }
  for (const int given : *axes.list()) {
    const int axis = given < 0 ? given + rank : given;
    if (axis < 0 || axis >= rank) {
      throw InvalidArgument(fmt::format("axes: {} is no axis of an array of rank {}", given, rank));
    }
    if (std::ranges::find(result, axis) != result.end()) {
      throw InvalidArgument(fmt::format("axes: axis {} stands twice, each may stand once", axis));
    }
    result.push_back(axis);
  }
  return result;
}

void check_count(std::string_view option, std::size_t values, std::size_t axes) {
  if (values == 1 || values == axes) return;
  throw InvalidArgument(
      fmt::format("{}: {} values for {} filtered axes, must be one for all or one each", option, values, axes));
}

void check_common(DType in, DType out, bool is_signed, std::complex<double> cval, int threads) {
  if (is_complex(in) && !is_complex(out)) {
    throw Unsupported(
        fmt::format("out: {} cannot hold the imaginary part of {} input, give c64 or c128", name(out), name(in)));
  }
  if (is_signed && is_unsigned(out)) {
    throw Unsupported(
        fmt::format("out: the result is signed and {} is not, give a signed or floating output", name(out)));
  }
  if (!is_complex(in) && cval.imag() != 0) {
    throw InvalidArgument(
        fmt::format("cval: {} + {}i is complex, must be real for {} input", cval.real(), cval.imag(), name(in)));
  }
  if (threads < 0) throw InvalidArgument(fmt::format("threads: is {}, must be >= 0 (0: all)", threads));
}

GaussianRequest resolve(const Layout& layout, DType out, const GaussianOptions& options) {
  const std::vector<int> axes = resolve_axes(options.axes, layout.shape.rank());
  check_count("sigma", options.sigma.size(), axes.size());
  check_count("order", options.order.size(), axes.size());
  check_count("border", options.border.size(), axes.size());
  if (!options.radius.empty()) check_count("radius", options.radius.size(), axes.size());
  check_target(options);

  GaussianRequest request;
  if (!options.radius.empty()) {
    request.target = Target::radius;
  } else if (options.truncate ? std::isinf(*options.truncate) : options.tolerance.has_value()) {
    request.target = Target::ideal;
  } else {
    request.truncate = options.truncate.value_or(4.0);
  }
  bool derivative = false;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    GaussianAxis entry{
        .axis = axes[i], .sigma = options.sigma[i], .order = options.order[i], .border = options.border[i]};
    check_axis(entry);
    if (request.target == Target::radius) {
      entry.radius = options.radius[i];
      if (entry.radius < 0) {
        throw InvalidArgument(fmt::format("radius: axis {} is {}, must be >= 0", entry.axis, entry.radius));
      }
    } else if (request.target == Target::truncate) {
      entry.radius = truncated_radius(entry.sigma, request.truncate);
    }
    derivative = derivative || entry.order > 0;
    if (entry.sigma > 0) request.axes.push_back(entry);
  }
  check_common(layout.dtype, out, derivative, options.cval, options.threads);
  return request;
}

}  // namespace gaussfilt::plan
