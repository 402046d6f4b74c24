// One picture to filter, its plan, and the check that comes before any timing.
#include "case.h"
#include "peaks.h"

#include <reference.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

namespace bench {
namespace {

constexpr std::int64_t patch_side = 6;

template <class T> void fill(gf::Array& array) {
  const double top = gf::is_floating(gf::DTypeOf<T>::value) ? 1.0 : static_cast<double>(std::numeric_limits<T>::max());
  std::uint32_t state = 1;
  std::int64_t i = 0;
  const std::int64_t row = array.shape()[array.rank() - 1];
  for (T& item : array.items<T>()) {
    state = state * 1664525u + 1013904223u;
    const double noise = static_cast<double>(state >> 8) / 16777216.0;
    const double ramp = static_cast<double>(i++ % row) / static_cast<double>(row);
    item = static_cast<T>(top * (0.7 * noise + 0.3 * ramp));
  }
}

// The part of one axis that decides the outputs [first, first + patch_side): their neighbours within the radius. A
// window's end that is not the array's own falsifies only outputs closer to it than the radius, so never the patch's.
struct Span {
  std::int64_t origin = 0, length = 0;  // of the window
  std::int64_t first = 0, count = 0;    // of the patch
};

Span window(std::int64_t extent, std::int64_t first, std::int64_t count, std::int64_t radius) {
  const std::int64_t begin = std::max<std::int64_t>(first - radius, 0);
  const std::int64_t end = std::min(first + count + radius, extent);
  return {begin, end - begin, first, count};
}

std::vector<Span> spans(const Subject& subject, std::int64_t radius, int where) {
  std::vector<Span> all;
  for (int axis = 0; axis < subject.shape.rank(); ++axis) {
    const std::int64_t extent = subject.shape[axis];
    const std::int64_t count = std::min(axis < subject.axes ? patch_side : extent, extent);
    const std::int64_t first = (extent - count) * where / 2;
    all.push_back(window(extent, first, count, axis < subject.axes ? radius : 0));
  }
  return all;
}

gf::View box(const gf::View& whole, const std::vector<Span>& spans, bool patch) {
  gf::Shape shape;
  const auto* at = static_cast<const std::byte*>(whole.data());
  for (int axis = 0; axis < whole.rank(); ++axis) {
    const Span& span = spans[static_cast<std::size_t>(axis)];
    shape.push_back(patch ? span.count : span.length);
    at += (patch ? span.first : span.origin) * whole.strides()[axis];
  }
  return {at, whole.dtype(), shape, whole.strides()};
}

// Walks the patch in C order and says where each of its items lies in the window.
std::vector<std::size_t> places(const std::vector<Span>& spans) {
  std::vector<std::size_t> list{0};
  for (const Span& span : spans) {
    std::vector<std::size_t> next;
    for (std::size_t place : list) {
      for (std::int64_t i = 0; i < span.count; ++i) {
        next.push_back(place * static_cast<std::size_t>(span.length) +
                       static_cast<std::size_t>(span.first - span.origin + i));
      }
    }
    list = std::move(next);
  }
  return list;
}

// SciPy's kernel, at 4 sigma; a tolerance is of the uncut one, but in f64, which is timed beside SciPy.
bool truncated(const Subject& subject) { return subject.tolerance == 0 || subject.dtype == gf::DType::f64; }

bool has_kernel(Filter filter) { return filter == Filter::correlate || filter == Filter::product; }

gf::DenseKernel kernel(Filter filter, double sigma) {
  const auto side = static_cast<std::int64_t>(sigma);
  gf::DenseKernel kernel{{}, {side, side}};
  for (std::int64_t i = 0; i < side; ++i) {
    for (std::int64_t k = 0; k < side; ++k) {
      const std::int64_t any = (7 * i + 3 * k * k + i * k) % 5 + 1, product = (1 + i % 3) * (1 + k % 2);
      kernel.values.push_back(static_cast<double>(filter == Filter::product ? product : any));
    }
  }
  const double sum = std::accumulate(kernel.values.begin(), kernel.values.end(), 0.0);
  for (double& value : kernel.values) value /= sum;
  return kernel;
}

// The sum over the fields, with the sum of their N.
gf::reference::Result definition(Filter filter, const Subject& subject, double sigma, std::int64_t radius,
                                 const gf::View& in) {
  if (has_kernel(filter)) {
    const gf::DenseKernel given = kernel(filter, sigma);
    const std::int64_t side = given.shape[0];
    return gf::reference::correlate(in, gf::reference::Dense{.values = {given.values.begin(), given.values.end()},
                                                             .shape = {side, side},
                                                             .centre = {side / 2, side / 2},
                                                             .axes = {0, 1},
                                                             .borders = {gf::Border::reflect, gf::Border::reflect}});
  }
  gf::reference::Result total;
  for (int field = 0; field < (filter == Filter::gaussian ? 1 : subject.axes); ++field) {
    std::vector<gf::reference::Gaussian> axes;
    for (int axis = 0; axis < subject.axes; ++axis) {
      const int order = filter != Filter::gaussian && axis == field ? 2 : 0;
      axes.push_back({axis, sigma, order, radius, gf::Border::reflect});
    }
    gf::reference::Result result = gf::reference::gaussian(in, axes);
    if (field > 0) {
      result.n += total.n;
      for (std::size_t i = 0; i < result.values.size(); ++i) result.values[i] += total.values[i];
    }
    total = std::move(result);
  }
  return total;
}

}  // namespace

gf::Array picture(const Subject& subject) {
  gf::Array array(subject.dtype, subject.shape);
  switch (subject.dtype) {
    case gf::DType::f32: fill<float>(array); break;
    case gf::DType::f64: fill<double>(array); break;
    case gf::DType::u8: fill<std::uint8_t>(array); break;
    case gf::DType::u16: fill<std::uint16_t>(array); break;
    default: throw gf::Unsupported("bench: this dtype has no test picture");
  }
  return array;
}

gf::MutableView lying(gf::Array& array, Lie lie) {
  const gf::MutableView whole = array;
  gf::Strides strides = whole.strides();
  auto* first = static_cast<std::byte*>(whole.data());
  if (lie == Lie::transposed) std::swap(strides[0], strides[1]);
  if (lie == Lie::reversed) {
    first += (whole.shape()[1] - 1) * strides[1];
    strides[1] = -strides[1];
  }
  return {first, whole.dtype(), whole.shape(), strides};
}

gf::GaussianOptions options(const Subject& subject, double sigma, int threads) {
  std::vector<int> axes;
  for (int axis = 0; axis < subject.axes; ++axis) axes.push_back(axis);
  gf::GaussianOptions all{.sigma = sigma, .axes = gf::Axes(axes), .threads = threads};
  if (subject.tolerance > 0) all.tolerance = subject.tolerance;
  if (truncated(subject)) all.truncate = 4.0;
  return all;
}

const char* name(Filter filter) {
  switch (filter) {
    case Filter::gaussian: return "gaussian";
    case Filter::laplace_of_gaussian: return "laplace_of_gaussian";
    case Filter::correlate: return "correlate";
    case Filter::product: return "correlate_product";
  }
  return "";
}

gf::Plan plan(Filter filter, const Subject& subject, double sigma, int threads) {
  const gf::Layout layout{subject.shape, subject.dtype};
  const gf::GaussianOptions all = options(subject, sigma, threads);
  if (filter == Filter::gaussian) return gf::plan_gaussian(layout, subject.dtype, all);
  if (has_kernel(filter)) {
    return gf::plan_correlate(layout, subject.dtype, kernel(filter, sigma), {.axes = all.axes, .threads = threads});
  }
  return gf::plan_laplace_of_gaussian(layout, subject.dtype, {.sigma = sigma, .axes = all.axes, .threads = threads});
}

double error(Filter filter, const Subject& subject, double sigma, const gf::View& in, const gf::View& out) {
  const double truncate = truncated(subject) ? 4.0 : 8.0;
  const std::int64_t radius =
      has_kernel(filter) ? static_cast<std::int64_t>(sigma) : gf::truncated_radius(sigma, truncate);
  double worst = 0;
  for (int where = 0; where <= 2; ++where) {
    const std::vector<Span> part = spans(subject, radius, where);
    const gf::reference::Result exact = definition(filter, subject, sigma, radius, box(in, part, false));
    const std::vector<gf::reference::Real> got = gf::reference::values(box(out, part, true));
    const std::vector<std::size_t> at = places(part);
    const gf::reference::Real unit = gf::is_floating(subject.dtype) ? exact.n * exact.m : 1;
    for (std::size_t i = 0; i < got.size(); ++i) {
      const gf::reference::Real off = std::fabs(got[i] - exact.values[at[i]]) / unit;
      worst = std::max(worst, std::isnan(off) ? std::numeric_limits<double>::infinity() : static_cast<double>(off));
    }
  }
  return worst;
}

double allowed_error(const Subject& subject) {
  if (subject.dtype == gf::DType::f64) return 8 * std::numeric_limits<double>::epsilon() + subject.tolerance;
  if (gf::is_floating(subject.dtype)) return 1e-6 + subject.tolerance;
  const double largest = subject.dtype == gf::DType::u16 ? 65535 : 255;
  return 0.5 + largest * (subject.tolerance > 0 ? subject.tolerance : 1e-6);
}

namespace {

// Of taps; where an axis is brought to a lower rate, a sample takes `width` multiply-adds down and as many up, half a
// pair apiece; what the axes before it left is all that reaches the next one.
double pairs_a_sample(const gf::Plan& plan) {
  const nlohmann::json json = nlohmann::json::parse(plan.explain_json());
  double pairs = 0, share = 1;
  for (const nlohmann::json& axis : json.at("axes")) {
    if (!axis.contains("lower_rate")) {
      pairs += share * (axis.at("halo").get<double>() + 0.5);
      continue;
    }
    const nlohmann::json& rate = axis.at("lower_rate");
    pairs += share * rate.at("width").get<double>();
    share /= rate.at("factor").get<double>();
    pairs += share * rate.at("taps").get<double>() / 2;
  }
  return pairs;
}

}  // namespace

double least_arithmetic(const gf::Plan& plan, const Subject& subject) {
  const bool f32 = plan.working_dtype() == gf::DType::f32, exact = subject.tolerance == 0;
  const double pair = plan.method() == gf::Method::integer ? peaks().u8_pair
                      : f32                                ? peaks().f32_pair
                      : exact                              ? peaks().f64_exact
                                                           : peaks().f64_pair;
  return pairs_a_sample(plan) * pair * static_cast<double>(subject.shape.product());
}

}  // namespace bench
