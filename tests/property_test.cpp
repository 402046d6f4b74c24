// Properties, held on random problems by RapidCheck. The seed is fixed, so that a failure comes back; RapidCheck prints
// it, and RC_PARAMS="seed=... max_success=20000" in the environment asks for another campaign.
#include "support.h"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <ostream>

namespace gaussfilt::test {
namespace {

constexpr Border all_borders[] = {Border::reflect, Border::mirror, Border::nearest, Border::wrap, Border::constant};

// A problem, plain enough to print: everything random about it follows from these members.
struct Problem {
  DType in = DType::f32, out = DType::f32;
  Shape shape;
  std::vector<int> axes;
  std::vector<double> sigma;
  std::vector<int> order;
  std::vector<Border> border;
  double cval = 0;
  Taps taps = Taps::sampled;
  std::optional<double> tolerance;
  Pattern pattern = Pattern::noise;
  std::uint64_t seed = 0;
  int threads = 1;

  GaussianOptions options() const {
    GaussianOptions result{.cval = cval, .axes = Axes(axes), .taps = taps, .tolerance = tolerance, .threads = threads};
    if (!axes.empty()) {
      result.sigma = PerAxis<double>(sigma);
      result.order = PerAxis<int>(order);
      result.border = PerAxis<Border>(border);
    }
    return result;
  }
  Array input() const { return make_array(in, shape, seed, pattern); }
  int highest_order() const { return order.empty() ? 0 : *std::max_element(order.begin(), order.end()); }
};

std::ostream& operator<<(std::ostream& stream, const Problem& p) {
  stream << name(p.in) << " to " << name(p.out) << ", " << text(p.shape) << ", seed " << p.seed << ", pattern "
         << static_cast<int>(p.pattern) << ", taps " << name(p.taps) << ", cval " << p.cval << ", threads "
         << p.threads;
  if (p.tolerance) stream << ", tolerance " << *p.tolerance;
  for (std::size_t k = 0; k < p.axes.size(); ++k) {
    stream << "; axis " << p.axes[k] << ": sigma " << p.sigma[k] << " order " << p.order[k] << " " << name(p.border[k]);
  }
  return stream;
}

// What a property asks of its problems.
struct Wanted {
  std::vector<DType> in{all_dtypes().begin(), all_dtypes().end()};
  bool same_dtype = false;
  int min_rank = 0, max_rank = 5;
  std::int64_t min_extent = 0;
  int max_order = 3;
  double max_sigma = 6;
  bool any_taps = true;
  bool constant_border = true;
};

// Any of [from, to), evenly, however early in the campaign (RapidCheck's own ranges grow with it).
template <class T> T draw(T from, T to) { return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<T>(from, to)); }

template <class T> T one_of(const std::vector<T>& values) { return *rc::gen::elementOf(values); }

// Sizes shrink with the rank, so that no array has more than some thousand items.
std::int64_t extent(int rank, std::int64_t least) {
  constexpr int limit[] = {1, 150, 40, 13, 8, 6};
  return draw<std::int64_t>(least, limit[rank] + 1);
}

double strength(double largest) {
  // Evenly over the magnitudes: as many below 1 as from 1 on.
  const double u = draw(0, 1000) / 1000.0;
  return draw(0, 12) == 0 ? 0.0 : 0.2 * std::pow(largest / 0.2, u);
}

// Derivatives are signed.
DType output_of(DType in, bool derivative, bool same) {
  if (same) return in;
  std::vector<DType> fitting;
  for (DType out : all_dtypes()) {
    if (is_complex(in) && !is_complex(out)) continue;
    if (derivative && is_unsigned(out)) continue;
    fitting.push_back(out);
  }
  return one_of(fitting);
}

Problem make_problem(const Wanted& wanted) {
  Problem p;
  const int rank = draw(wanted.min_rank, wanted.max_rank + 1);
  for (int axis = 0; axis < rank; ++axis) p.shape.push_back(extent(rank, wanted.min_extent));
  for (int axis = 0; axis < rank; ++axis) {
    if (draw(0, 4) > 0) p.axes.push_back(draw(0, 2) == 0 ? axis : axis - rank);
  }
  if (draw(0, 3) == 0) std::reverse(p.axes.begin(), p.axes.end());
  for (std::size_t k = 0; k < p.axes.size(); ++k) {
    p.sigma.push_back(strength(wanted.max_sigma));
    p.order.push_back(p.sigma[k] < 0.5 ? 0 : std::max(0, draw(-3, wanted.max_order + 1)));
    p.border.push_back(all_borders[draw(0, wanted.constant_border ? 5 : 4)]);
  }
  p.in = one_of(wanted.in);
  if (wanted.same_dtype && is_integer(p.in) && is_unsigned(p.in)) std::fill(p.order.begin(), p.order.end(), 0);
  p.out = output_of(p.in, p.highest_order() > 0, wanted.same_dtype);
  p.cval = draw(0, 2) == 0 ? 0.0 : 0.75;
  if (wanted.any_taps) p.taps = one_of<Taps>({Taps::sampled, Taps::discrete, Taps::integrated});
  p.pattern = one_of<Pattern>({std::begin(all_patterns), std::end(all_patterns)});
  p.seed = draw<std::uint64_t>(0, 1u << 30);
  p.threads = draw(1, 5);
  return p;
}

Problem any_problem(const Wanted& wanted = {}) {
  const Problem p = *rc::gen::exec([wanted] { return make_problem(wanted); });  // by value: it shrinks later
  RC_LOG() << p << "\n";
  return p;
}

std::vector<std::byte> run(const Problem& p, const View& in) {
  Array out(p.out, p.shape);
  gaussian(in, out, p.options());
  return bytes_of(out);
}

// The reference rounds too, in long double: this much of N * M.
constexpr Real own_error = 1e-17L;

void hold(const View& out, const std::vector<Real>& exact, Real error) {
  const Comparison result = compare(out, exact, error);
  if (!result.failure.empty()) RC_FAIL(result.failure);
}

// ---- the definition ------------------------------------------------------------------------------------------

RC_GTEST_PROP(Definition, IsTheReference, ()) {
  const Problem p = any_problem();
  const Array in = p.input();
  Array out(p.out, p.shape);
  gaussian(in, out, p.options());
  const reference::Result want = expected(in, p.options());
  hold(out, want.values, precision_error(p.in, p.out) * want.n * want.m);
}

RC_GTEST_PROP(Definition, IsTheReferenceOnShortAxesAtAnySigma, ()) {
  const Problem p = any_problem({.max_rank = 3, .max_order = 1, .max_sigma = 300, .any_taps = false});
  const Array in = p.input();
  Array out(p.out, p.shape);
  gaussian(in, out, p.options());
  const reference::Result want = expected(in, p.options());
  // The stated error of f32 work grows with the number of taps; the plan says by how much.
  const Plan plan = plan_gaussian({p.shape, p.in}, p.out, p.options());
  const Real error = std::max<Real>(precision_error(p.in, p.out), plan.error_bound());
  hold(out, want.values, error * want.n * want.m);
}

RC_GTEST_PROP(Definition, HoldsThePlansOwnBound, ()) {
  const Problem p = any_problem({.max_rank = 3, .max_sigma = 30});
  const Array in = p.input();
  Array out(is_complex(p.in) ? DType::c128 : DType::f64, p.shape);
  const Plan plan = plan_gaussian(in.layout(), out.dtype(), p.options());
  plan.run(in, out);
  const reference::Result want = expected(in, p.options());
  hold(out, want.values, (plan.error_bound() + own_error) * want.n * want.m);
}

// f32 work in f32 output, whose own rounding is allowed for by compare().
RC_GTEST_PROP(Definition, HoldsThePlansOwnBoundInF32, ()) {
  const Problem p =
      any_problem({.in = {DType::f32, DType::u8, DType::i16, DType::f16}, .max_rank = 3, .max_sigma = 60});
  const Array in = p.input();
  Array out(DType::f32, p.shape);
  const Plan plan = plan_gaussian(in.layout(), DType::f32, p.options());
  RC_ASSERT(plan.working_dtype() == DType::f32);
  plan.run(in, out);
  const reference::Result want = expected(in, p.options());
  hold(out, want.values, (plan.error_bound() + own_error) * want.n * want.m);
}

RC_GTEST_PROP(Definition, HoldsATolerance, ()) {
  Problem p = any_problem({.in = {DType::u8, DType::u16, DType::f32, DType::f64},
                           .min_rank = 1,
                           .max_rank = 3,
                           .max_order = 2,
                           .max_sigma = 300});
  p.tolerance = std::pow(10.0, -draw(2, 41) / 4.0);
  p.out = p.in == DType::f64 ? DType::f64 : DType::f32;
  RC_LOG() << "tolerance " << *p.tolerance << "\n";
  const Array in = p.input();
  const Plan plan = plan_gaussian(in.layout(), p.out, p.options());
  RC_ASSERT(plan.error_bound() <= *p.tolerance);
  Array out(p.out, p.shape);
  plan.run(in, out);
  const reference::Result want = expected(in, p.options());
  hold(out, want.values, *p.tolerance * want.n * want.m);
}

// The worst input for one output: the signs of the taps themselves, at the largest magnitude.
RC_GTEST_PROP(Definition, HoldsAToleranceOnTheSignsOfTheTaps, ()) {
  const int order = draw(0, 4);
  const double sigma = 0.5 + strength(40), tolerance = std::pow(10.0, -draw(1, 9));
  const DType dtype = one_of<DType>({DType::f32, DType::f64});
  const GaussianOptions options{
      .sigma = sigma, .order = order, .border = all_borders[draw(0, 4)], .tolerance = tolerance};
  RC_LOG() << "sigma " << sigma << " order " << order << " tolerance " << tolerance << " " << name(dtype) << "\n";
  const reference::Line line = reference::gaussian_taps(sigma, order, reference::ideal);
  const std::int64_t n = 2 * line.centre + 1;
  Array in(dtype, {n}), out(dtype, {n});
  auto* at = static_cast<std::byte*>(in.data());
  for (Real tap : line.taps) {
    store(at, dtype, tap < 0 ? -1 : 1);
    at += size_of(dtype);
  }
  gaussian(in, out, options);
  const reference::Result want = expected(in, options);
  hold(out, want.values, tolerance * want.n * want.m);
}

RC_GTEST_PROP(Definition, OfAnImpulseIsTheKernel, ()) {
  const int order = draw(0, 4);
  const double sigma = 0.3 + strength(20);
  const Taps taps = one_of<Taps>({Taps::sampled, Taps::discrete, Taps::integrated});
  const std::int64_t radius = truncated_radius(sigma, 4);
  const Kernel kernel = gaussian_kernel(sigma, order, radius, taps);
  const std::int64_t n = 2 * radius + 9, middle = radius + 4;
  Array in(DType::f64, {n}), out(DType::f64, {n});
  in.items<double>()[static_cast<std::size_t>(middle)] = 1;
  gaussian(in, out, {.sigma = sigma, .order = order, .taps = taps});
  for (std::int64_t i = 0; i < n; ++i) {
    const std::int64_t k = middle - i + radius;  // correlation mirrors the kernel
    const double want = k < 0 || k > 2 * radius ? 0 : kernel.taps[static_cast<std::size_t>(k)];
    RC_ASSERT(out.items<double>()[static_cast<std::size_t>(i)] == want);
  }
}

RC_GTEST_PROP(Definition, SeparableIsTheDirectSum, ()) {
  Problem p = any_problem({.in = {DType::f32, DType::f64, DType::i16},
                           .min_rank = 2,
                           .max_rank = 3,
                           .min_extent = 1,
                           .max_order = 2,
                           .max_sigma = 1.3,
                           .any_taps = false,
                           .constant_border = false});
  p.out = DType::f64;
  const Array in = p.input();
  Array out(DType::f64, p.shape);
  gaussian(in, out, p.options());
  std::vector<reference::Line> lines(static_cast<std::size_t>(p.shape.rank()), reference::Line{{1}, 0});
  std::vector<Border> borders(lines.size(), Border::reflect);
  Real n = 1;
  for (std::size_t k = 0; k < p.axes.size(); ++k) {
    const auto axis = static_cast<std::size_t>(p.axes[k] < 0 ? p.axes[k] + p.shape.rank() : p.axes[k]);
    lines[axis] = reference::gaussian_taps(p.sigma[k], p.order[k], reference::truncated_radius(p.sigma[k], 4));
    borders[axis] = p.border[k];
    n *= lines[axis].sum_abs();
  }
  const std::vector<Real> items = reference::values(in);
  Random random(p.seed);
  for (int turn = 0; turn < 5; ++turn) {
    Index at = p.shape;
    for (int axis = 0; axis < at.rank(); ++axis) at[axis] = random.below(p.shape[axis]);
    Index count = p.shape;  // taps along each axis; one flat loop over all of their combinations
    for (int axis = 0; axis < at.rank(); ++axis) {
      count[axis] = static_cast<std::int64_t>(lines[static_cast<std::size_t>(axis)].taps.size());
    }
    Real sum = 0, m = 0;
    for (std::int64_t combination = 0; combination < count.product(); ++combination) {
      std::int64_t rest = combination, item = 0, step = 1;
      Real weight = 1;
      for (int axis = at.rank(); axis-- > 0;) {
        const reference::Line& line = lines[static_cast<std::size_t>(axis)];
        const std::int64_t k = rest % count[axis];
        rest /= count[axis];
        weight *= line.taps[static_cast<std::size_t>(k)];
        item += step * border_index(borders[static_cast<std::size_t>(axis)], at[axis] + k - line.centre, p.shape[axis]);
        step *= p.shape[axis];
      }
      sum += weight * items[static_cast<std::size_t>(item)];
    }
    for (Real value : items) m = std::max(m, std::fabs(value));
    hold(part(View(out), at, Extents::filled(at.rank(), 1)), {sum}, 8 * 2.3e-16L * n * m);
  }
}

// ---- constants -----------------------------------------------------------------------------------------------

RC_GTEST_PROP(Constants, OfIntegersComeBackUnchanged, ()) {
  std::vector<DType> integers;
  for (DType dtype : all_dtypes()) {
    if (is_integer(dtype)) integers.push_back(dtype);
  }
  Problem p =
      any_problem({.in = integers, .same_dtype = true, .max_order = 0, .max_sigma = 300, .constant_border = false});
  const Real sign = is_unsigned(p.in) ? 1 : *rc::gen::elementOf(std::vector<int>{-1, 1});
  const auto magnitude = draw<std::int64_t>(0, (std::int64_t{1} << 45) + 1);
  const Real top = reference::largest_magnitude(p.in) - (is_unsigned(p.in) ? 0 : 1);
  const Real value = sign * std::min(top, static_cast<Real>(magnitude));
  for (Real constant : {value, sign * std::min(top, std::ldexp(Real{1}, 45)), Real{0}}) {
    const Array in = constant_array(p.in, p.shape, constant);
    RC_ASSERT(run(p, in) == bytes_of(in));
  }
}

RC_GTEST_PROP(Constants, OfFloatsStayWithinTheirUlps, ()) {
  const bool strong = draw(0, 2) == 1;
  Problem p = any_problem({.in = {DType::f32},
                           .same_dtype = true,
                           .min_rank = 2,
                           .max_rank = 2,
                           .min_extent = 1,
                           .max_order = 0,
                           .max_sigma = strong ? 300.0 : 5.0,
                           .constant_border = false});
  const auto value = static_cast<float>(std::ldexp(1 + draw(0, 1 << 23) / 8388608.0, draw(-30, 30)));
  const float ulp = std::nextafter(value, HUGE_VALF) - value;
  Array out(DType::f32, p.shape);
  gaussian(constant_array(DType::f32, p.shape, value), out, p.options());
  for (float item : out.items<float>()) RC_ASSERT(std::fabs(item - value) <= (strong ? 32 : 4) * ulp);
}

// A constant border that continues a constant picture is no border at all, and a derivative of it is 0 outside too.
RC_GTEST_PROP(Constants, ContinueThroughTheConstantBorder, ()) {
  Problem p = any_problem({.in = {DType::f64}, .same_dtype = true, .min_extent = 1, .any_taps = false});
  p.cval = 2.5;
  std::fill(p.border.begin(), p.border.end(), Border::constant);
  const Array in = constant_array(DType::f64, p.shape, 2.5);
  Array out(DType::f64, p.shape);
  gaussian(in, out, p.options());
  const reference::Result want = expected(in, p.options());
  Real s = 2.5;
  for (std::size_t k = 0; k < p.axes.size(); ++k) {
    s *= reference::gaussian_taps(p.sigma[k], p.order[k], reference::truncated_radius(p.sigma[k], 4)).sum();
  }
  for (double item : out.items<double>()) RC_ASSERT(std::fabs(item - s) <= 2e-15L * want.n * want.m);
}

// ---- symmetries ----------------------------------------------------------------------------------------------

RC_GTEST_PROP(Symmetries, LinearCombinationsPass, ()) {
  Problem p = any_problem({.in = {DType::f64, DType::f32}, .same_dtype = true});
  p.cval = 0;
  const Real a = draw(-8, 9) / 4.0L, b = draw(-8, 9) / 4.0L;
  Array one = make_array(p.in, p.shape, p.seed), two = make_array(p.in, p.shape, p.seed + 1), sum(p.in, p.shape);
  const std::vector<Real> ones = reference::values(one), twos = reference::values(two);
  auto* at = static_cast<std::byte*>(sum.data());
  for (std::size_t i = 0; i < ones.size(); ++i, at += size_of(p.in)) store(at, p.in, a * ones[i] + b * twos[i]);
  Array one_out(p.in, p.shape), two_out(p.in, p.shape), sum_out(p.in, p.shape);
  gaussian(one, one_out, p.options());
  gaussian(two, two_out, p.options());
  gaussian(sum, sum_out, p.options());
  std::vector<Real> want = reference::values(one_out);
  const std::vector<Real> others = reference::values(two_out);
  for (std::size_t i = 0; i < want.size(); ++i) want[i] = a * want[i] + b * others[i];
  const Real n = expected(one, p.options()).n;
  hold(sum_out, want, 2 * precision_error(p.in, p.out) * n * (std::fabs(a) + std::fabs(b) + 1));
}

// The array reversed along one axis gives the answer reversed, odd orders with the sign changed, bit for bit.
RC_GTEST_PROP(Symmetries, FlippedInIsFlippedOut, ()) {
  const Problem p = any_problem({.in = {DType::f32, DType::f64, DType::u8}, .min_rank = 1, .min_extent = 1});
  const int axis = draw(0, p.shape.rank());
  int order = 0;
  for (std::size_t k = 0; k < p.axes.size(); ++k) {
    if ((p.axes[k] + p.shape.rank()) % p.shape.rank() == axis) order = p.order[k];
  }
  const Array in = p.input();
  const auto flipped = [&](const View& view) {
    Index last = Extents::filled(view.rank(), 0);
    last[axis] = view.shape()[axis] - 1;
    Strides strides = view.strides();
    strides[axis] = -strides[axis];
    return View(part(view, last, view.shape()).data(), view.dtype(), view.shape(), strides);
  };
  Array straight(p.out, p.shape), mirrored(p.out, p.shape);
  gaussian(in, straight, p.options());
  gaussian(flipped(in), mirrored, p.options());
  const std::vector<Real> one = reference::values(straight), two = reference::values(flipped(mirrored));
  const Real sign = order % 2 == 0 ? 1 : -1;
  const bool unsigned_ends = is_integer(p.out) && sign < 0;  // -128 saturates where 128 would have to stand
  const reference::Result want = expected(in, p.options());
  const Real error = 2 * precision_error(p.in, p.out) * want.n * want.m;
  for (std::size_t i = 0; i < one.size() && !unsigned_ends; ++i) {
    RC_ASSERT(std::fabs(one[i] - sign * two[i]) <=
              error + std::fabs(one[i]) * 1e-3L * (p.out == DType::f16) + (is_integer(p.out) ? 1 : 0));
  }
}

// ---- the same answer everywhere ------------------------------------------------------------------------------

RC_GTEST_PROP(SameBytes, ByRegions, ()) {
  const Problem p = any_problem({.min_extent = 1, .max_sigma = 30});
  const Array in = p.input();
  Array whole(p.out, p.shape);
  const Plan plan = plan_gaussian(in.layout(), p.out, p.options());
  plan.run(in, whole);
  for (int turn = 0; turn < 3; ++turn) {
    Index origin = p.shape;
    Shape size = p.shape;
    for (int axis = 0; axis < p.shape.rank(); ++axis) {
      origin[axis] = draw<std::int64_t>(0, p.shape[axis]);
      size[axis] = draw<std::int64_t>(0, p.shape[axis] - origin[axis] + 1);
    }
    const Window window = plan.source_window(origin, size);
    Strided source(Style::contiguous, part(View(in), window.origin, window.shape));
    Array region(p.out, size);
    plan.run_region(source, window.origin, region, origin);
    RC_ASSERT(bytes_of(region) == bytes_of(part(View(whole), origin, size)));
  }
}

RC_GTEST_PROP(SameBytes, OnAnyNumberOfThreads, ()) {
  Problem p = any_problem({.max_sigma = 30});
  const Array in = p.input();
  p.threads = 1;
  const std::vector<std::byte> one = run(p, in);
  for (int threads : {2, 7, 0}) {
    p.threads = threads;
    RC_ASSERT(run(p, in) == one);
  }
}

RC_GTEST_PROP(SameBytes, InPlace, ()) {
  const Problem p = any_problem({.same_dtype = true, .max_sigma = 30});
  Array both = p.input();
  const std::vector<std::byte> apart = run(p, both);
  gaussian(both, both, p.options());
  RC_ASSERT(bytes_of(both) == apart);
}

RC_GTEST_PROP(SameBytes, InAnyMemory, ()) {
  const Problem p = any_problem({.max_sigma = 30});
  const Array in = p.input();
  const std::vector<std::byte> contiguous = run(p, in);
  for (Style style : all_styles) {
    Strided from(style, in), to(one_of<Style>({std::begin(all_styles), std::end(all_styles)}), p.out, p.shape);
    const std::vector<std::byte> before = bytes_of(from);
    gaussian(from, to, p.options());
    RC_ASSERT(bytes_of(to) == contiguous);
    RC_ASSERT(to.gaps_untouched());
    RC_ASSERT(bytes_of(from) == before);
  }
}

RC_GTEST_PROP(SameBytes, InPlaceInAnyMemory, ()) {
  const Problem p = any_problem({.same_dtype = true, .max_sigma = 30});
  const Array in = p.input();
  const std::vector<std::byte> contiguous = run(p, in);
  for (Style style : all_styles) {
    Strided both(style, in);
    gaussian(both, both, p.options());
    RC_ASSERT(bytes_of(both) == contiguous);
    RC_ASSERT(both.gaps_untouched());
  }
}

// The gap between an array's axes and its flat neighbours: two axes that may be taken as one give the same answer.
RC_GTEST_PROP(SameBytes, WithAxesThatAreNotFilteredMerged, ()) {
  const std::int64_t a = draw<std::int64_t>(1, 6), b = draw<std::int64_t>(1, 6);
  const std::int64_t n = draw<std::int64_t>(1, 40);
  const DType dtype = one_of<DType>({DType::f32, DType::f64, DType::u8, DType::c64});
  const double sigma = 0.3 + strength(10);
  const Array in = make_array(dtype, {n, a * b}, 77);
  Array flat(dtype, {n, a * b}), split(dtype, {n, a, b});
  gaussian(in, flat, {.sigma = sigma, .axes = {0}});
  gaussian(View(in.data(), dtype, {n, a, b}), split, {.sigma = sigma, .axes = {0}});
  RC_ASSERT(bytes_of(flat) == bytes_of(split));
}

}  // namespace
}  // namespace gaussfilt::test

int main(int argc, char** argv) {
  // Where long double is wider than the x87's it is software, and the reference a hundred times slower.
  const bool slow = std::numeric_limits<long double>::digits > 64;
  setenv("RC_PARAMS", slow ? "seed=20240915 max_success=20" : "seed=20240915 max_success=1000", 0);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
