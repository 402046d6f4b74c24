// Gaussians with a tolerance: what is planned holds its bound against the reference, and gives the same bytes by
// regions and in place; what is not is refused.
#include "refusal.h"
#include "support.h"

#include <gaussfilt/gaussfilt.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace gaussfilt;
using reference::Real;

// The input, decision by decision; zeros where it has ended.
class Decisions {
 public:
  Decisions(const std::uint8_t* data, std::size_t size) : data_(data), left_(size) {}
  int below(int n) {
    if (left_ == 0) return 0;
    --left_;
    return *data_++ % n;
  }
  template <class T, std::size_t size> T one_of(const T (&values)[size]) {
    return values[static_cast<std::size_t>(below(static_cast<int>(size)))];
  }
  // Evenly over the magnitudes.
  double between(double low, double high) { return low * std::pow(high / low, below(256) / 255.0); }

 private:
  const std::uint8_t* data_;
  std::size_t left_;
};

struct Problem {
  DType in = DType::f32, out = DType::f32;
  Shape shape;
  GaussianOptions options;
};

constexpr DType dtypes[] = {DType::f32, DType::f32, DType::f64, DType::u8,  DType::u16,
                            DType::i16, DType::f16, DType::c64, DType::u32, DType::boolean};
constexpr Border borders[] = {Border::reflect, Border::mirror, Border::nearest, Border::wrap, Border::constant};
constexpr std::optional<Method> methods[] = {Method::multirate, std::nullopt, Method::multirate, Method::integer};
constexpr double most_work = 60000;  // samples times sigma: the reference is slow

Problem problem_of(Decisions& take) {
  Problem p;
  constexpr int most[] = {256, 70, 20, 9};
  const int rank = 1 + take.below(4);
  for (int axis = 0; axis < rank; ++axis) p.shape.push_back(1 + take.below(most[rank - 1]));
  p.in = take.one_of(dtypes);
  p.out = take.below(2) == 0 ? p.in : take.one_of(dtypes);
  std::vector<int> axes;
  std::vector<double> sigma;
  std::vector<int> order;
  std::vector<Border> border;
  const double largest = std::max(6.0, most_work / static_cast<double>(p.shape.product()));
  for (int axis = 0; axis < rank; ++axis) {
    if (take.below(4) == 0) continue;
    axes.push_back(axis);
    sigma.push_back(take.below(8) == 0 ? 0 : std::min(take.between(0.4, 500), largest));
    order.push_back(std::max(0, take.below(6) - 3));
    border.push_back(take.one_of(borders));
  }
  if (take.below(2) == 0) std::reverse(axes.begin(), axes.end());
  p.options = {.cval = take.below(2) == 0 ? 0.0 : 3.0,
               .axes = Axes(axes),
               .tolerance = take.between(1e-10, 1e-1),
               .threads = 1,
               .method = take.one_of(methods)};
  if (axes.empty()) return p;
  p.options.sigma = PerAxis<double>(sigma);
  p.options.order = PerAxis<int>(order);
  p.options.border = PerAxis<Border>(border);
  return p;
}

void check_bound(const Plan& plan, const Array& in, const Array& out, const Problem& p) {
  const reference::Result want = test::expected(in, p.options);
  const Real error = (static_cast<Real>(plan.error_bound()) + 1e-17L) * want.n * want.m;
  const test::Comparison result = test::compare(out, want.values, error);
  fuzz::require(result.failure.empty(), result.failure + "\n" + plan.explain());
}

// One box, from no more than it says it needs.
void check_region(const Plan& plan, const Array& in, const Array& out, Decisions& take) {
  Index origin = in.shape();
  Shape size = in.shape();
  for (int axis = 0; axis < in.rank(); ++axis) {
    origin[axis] = take.below(256) % in.shape()[axis];
    size[axis] = 1 + take.below(256) % (in.shape()[axis] - origin[axis]);
  }
  const Window window = plan.source_window(origin, size);
  const test::Strided source(test::Style::contiguous, test::part(View(in), window.origin, window.shape));
  Array region(out.dtype(), size);
  plan.run_region(source, window.origin, region, origin);
  fuzz::require(
      test::bytes_of(region) == test::bytes_of(test::part(View(out), origin, size)),
      "a region of " + test::text(size) + " from " + test::text(origin) + " has other bytes\n" + plan.explain());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Decisions take(data, size);
  const Problem p = problem_of(take);
  std::optional<Plan> plan;
  try {
    plan = plan_gaussian({p.shape, p.in}, p.out, p.options);
  } catch (const Error&) {
    return 0;
  }
  fuzz::require(plan->error_bound() <= *p.options.tolerance, "the bound is over the tolerance\n" + plan->explain());
  const Array in =
      test::make_array(p.in, p.shape, static_cast<std::uint64_t>(take.below(256)), take.one_of(test::all_patterns));
  Array out(p.out, p.shape);
  plan->run(in, out);
  check_bound(*plan, in, out, p);
  check_region(*plan, in, out, take);
  // In memory whose gaps must not change, and in place.
  test::Strided from(take.one_of(test::all_styles), in), to(take.one_of(test::all_styles), p.out, p.shape);
  plan->run(from, to);
  fuzz::require(test::bytes_of(to) == test::bytes_of(out), "strides change the bytes\n" + plan->explain());
  fuzz::require(to.gaps_untouched(), "the gaps between the items were written\n" + plan->explain());
  if (p.in == p.out) {
    plan->run(from, from);
    fuzz::require(test::bytes_of(from) == test::bytes_of(out), "in place changes the bytes\n" + plan->explain());
  }
  return 0;
}
