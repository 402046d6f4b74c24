// Composites: Laplacian, gradient magnitude, difference of Gaussians, Hessian, structure tensor, fields of the caller's
// own. Their values against the reference, their bits against their parts, what they say and refuse.
#include "composite_support.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace gaussfilt::test {
namespace {

constexpr Border all_borders[] = {Border::reflect, Border::mirror, Border::nearest, Border::wrap, Border::constant};

void hold(Kind kind, const View& in, DType out, const Spec& s) {
  const Plan plan = make_plan(kind, in.layout(), out, s);
  const std::vector<Array> got = run(plan, in);
  const Exact exact = exact_of(kind, in, s);
  ASSERT_EQ(got.size(), exact.outputs.size()) << text(kind, in, out, s);
  const Real own = kind == Kind::tensor ? 4e-16L : 1e-17L;  // the reference's
  const Real bound = (static_cast<Real>(plan.error_bound()) + own) * exact.n * exact.m;
  for (std::size_t k = 0; k < got.size(); ++k) {
    const Comparison result = compare(got[k], exact.outputs[k], bound);
    EXPECT_EQ(result.failure, "") << "output " << k << ", " << text(kind, in, out, s) << "\n" << plan.explain();
  }
}

bool makes_sense(Kind kind, DType in, DType out) {
  if (is_complex(in) && (kind == Kind::magnitude || kind == Kind::tensor || !is_complex(out))) return false;
  return kind == Kind::magnitude || !is_unsigned(out);
}

template <class Exception, class Work> std::string refusal(Work work) {
  try {
    work();
  } catch (const Exception& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Composite, HoldsToTheReferenceForEveryDtype) {
  for (Kind kind : all_kinds) {
    for (DType in : all_dtypes()) {
      for (DType out : all_dtypes()) {
        if (!makes_sense(kind, in, out)) continue;
        // 64-bit integers beyond 2^53 are rounded as they are read; products of whole ranges overflow the narrow ones.
        hold(kind, make_array(in, {11, 13}, 7, Pattern::narrow), out, {.sigma = {0.9, 1.3}});
      }
    }
  }
}

TEST(Composite, HoldsToTheReferenceForEveryRankAndBorder) {
  const Shape shapes[] = {{37}, {17, 23}, {9, 7, 11}, {5, 6, 4, 7}};
  for (Kind kind : all_kinds) {
    for (const Shape& shape : shapes) {
      for (Border border : all_borders) {
        for (DType dtype : {DType::f32, DType::f64}) {
          hold(kind, make_array(dtype, shape, 3), dtype, {.sigma = 0.8, .border = border, .cval = 0.5});
        }
      }
    }
  }
}

TEST(Composite, HoldsToTheReferenceOnShortAxes) {
  const Shape shapes[] = {{1}, {2}, {1, 9}, {9, 1}, {3, 2}, {1, 1, 1}, {2, 5, 1}};
  for (Kind kind : all_kinds) {
    for (const Shape& shape : shapes) {
      for (Border border : all_borders) {
        for (DType dtype : {DType::f32, DType::f64}) {
          hold(kind, make_array(dtype, shape, 4), dtype, {.sigma = 1.5, .second = 3.0, .border = border, .cval = 2});
        }
      }
    }
  }
}

TEST(Composite, FiltersTheNamedAxesOnly) {
  for (Kind kind : all_kinds) {
    for (const Axes& axes : {Axes{0}, Axes{1}, Axes{2}, Axes{2, 0}, Axes{-1, 1}, Axes{1, 0}, Axes{0, 1}}) {
      for (Border border : {Border::wrap, Border::mirror}) {
        hold(kind, make_array(DType::f32, {12, 9, 3}, 5), DType::f32, {.sigma = 1.1, .border = border, .axes = axes});
        hold(kind, make_array(DType::f64, {5, 9, 30}, 5), DType::f64, {.sigma = 1.1, .border = border, .axes = axes});
      }
    }
  }
}

TEST(Composite, TakesOptionsPerAxis) {
  const Spec spec{.sigma = {1.2, 0.7},
                  .second = {1.3, 2.0},
                  .border = {Border::wrap, Border::constant},
                  .cval = -1.5,
                  .axes = {1, 0}};
  for (Kind kind : all_kinds) {
    for (DType dtype : {DType::f32, DType::f64}) hold(kind, make_array(dtype, {19, 16}, 6), dtype, spec);
  }
}

TEST(Composite, TakesEveryTargetAndTaps) {
  for (Kind kind : all_kinds) {
    for (Taps taps : {Taps::sampled, Taps::discrete, Taps::integrated}) {
      for (DType dtype : {DType::f32, DType::f64}) {
        const Array in = make_array(dtype, {21, 30}, 8);
        hold(kind, in, dtype, {.sigma = 1.4, .truncate = 2.5, .taps = taps});
        hold(kind, in, dtype, {.sigma = 1.4, .truncate = infinity, .taps = taps});
      }
    }
  }
}

TEST(Composite, MeetsItsTolerance) {
  for (Kind kind : all_kinds) {
    for (double tolerance : {0.5, 1e-2, 1e-4, 1e-6, 3e-7, 1e-10, 1e-13}) {
      const Spec spec{.sigma = 2.0, .second = 3.0, .tolerance = tolerance};
      const Array in = make_array(DType::f32, {33, 41}, 9);
      const Plan plan = make_plan(kind, in.layout(), DType::f32, spec);
      EXPECT_LE(plan.error_bound(), tolerance) << name(kind);
      EXPECT_EQ(plan.working_dtype(), tolerance < 2e-7 ? DType::f64 : plan.working_dtype()) << name(kind);
      hold(kind, in, DType::f32, spec);
    }
    EXPECT_EQ(make_plan(kind, {{33, 41}, DType::f32}, DType::f32, {.second = 2.0, .tolerance = 1e-3}).working_dtype(),
              DType::f32);
    const std::string message = refusal<InvalidArgument>([&] {
      make_plan(kind, {{33, 41}, DType::f64}, DType::f64, {.tolerance = 1e-17});
    });
    EXPECT_NE(message.find("tolerance: 1e-17 cannot be proven"), std::string::npos) << message;
  }
}

// What a seed makes of a kind: any shape, dtypes, axes in any order, sigmas, borders and threads that make sense.
void hold_random(Kind kind, std::uint64_t seed) {
  Random random(seed);
  const int rank = 1 + static_cast<int>(random.below(4));
  constexpr std::int64_t longest[] = {0, 120, 30, 11, 7};
  Shape shape;
  std::vector<int> axes;
  std::vector<double> sigma, second;
  std::vector<Border> border;
  for (int axis = 0; axis < rank; ++axis) {
    shape.push_back(random.below(12) == 0 ? 1 : 1 + random.below(longest[rank]));
    if (random.below(4) == 0) continue;
    axes.push_back(random.below(2) == 0 ? axis : axis - rank);
    sigma.push_back(0.4 + 2 * random.uniform());
    second.push_back(sigma.back() + 2 * random.uniform());
    border.push_back(all_borders[random.below(5)]);
  }
  if (random.below(2) == 0) std::reverse(axes.begin(), axes.end());
  Spec spec{
      .cval = random.below(2) == 0 ? 0.0 : -0.75, .axes = Axes(axes), .threads = 1 + static_cast<int>(random.below(3))};
  if (!axes.empty()) {
    spec.sigma = PerAxis<double>(sigma);
    spec.second = PerAxis<double>(second);
    spec.border = PerAxis<Border>(border);
  }
  DType in{}, out{};
  do {
    in = all_dtypes()[static_cast<std::size_t>(random.below(14))];
    out = all_dtypes()[static_cast<std::size_t>(random.below(14))];
  } while (!makes_sense(kind, in, out));
  SCOPED_TRACE("seed " + std::to_string(seed));
  hold(kind, Strided(all_styles[random.below(6)], make_array(in, shape, seed, Pattern::narrow)), out, spec);
}

TEST(Composite, HoldsToTheReferenceAtRandom) {
  for (Kind kind : all_kinds) {
    for (std::uint64_t seed = 0; seed < 150; ++seed) hold_random(kind, seed);
  }
}

TEST(Composite, OfNoAxesIsNothing) {
  const Array in = make_array(DType::f32, {4, 5}, 1);
  const Spec none{.sigma = 1.0, .axes = Axes::none()};
  for (Kind kind : {Kind::laplace, Kind::magnitude, Kind::difference}) {
    const std::vector<Array> out = run(make_plan(kind, in.layout(), DType::f64, none), in);
    for (const double v : out[0].items<double>()) EXPECT_EQ(v, 0.0) << name(kind);
  }
  for (Kind kind : {Kind::hessian, Kind::tensor}) {
    const Plan plan = make_plan(kind, in.layout(), DType::f64, none);
    EXPECT_EQ(plan.outputs(), 0);
    EXPECT_TRUE(run(plan, in).empty());
  }
}

TEST(Composite, TakesScalarsAndEmptyArrays) {
  for (Kind kind : all_kinds) {
    for (const Shape& shape : {Shape{}, Shape{0}, Shape{0, 5}, Shape{5, 0, 2}}) {
      const Array in = make_array(DType::f32, shape, 1);
      const Plan plan = make_plan(kind, in.layout(), DType::f32, {});
      run(plan, in);
      EXPECT_GE(plan.scratch_bytes(), 0);
      EXPECT_FALSE(plan.explain().empty());
    }
  }
}

// ---- what it is made of ----

// f64 sums in the order of the axes, each operation rounded by itself: what SciPy does with the same taps.
TEST(CompositeBits, AreThoseOfTheFieldsCombinedInF64) {
  const Array in = make_array(DType::f64, {33, 27, 19}, 12);
  const auto field = [&](std::vector<int> order) {
    Array out(DType::f64, in.shape());
    gaussian(in, out, {.sigma = 1.5, .order = PerAxis<int>(std::move(order))});
    return out;
  };
  Array laplace(DType::f64, in.shape()), length(DType::f64, in.shape());
  laplace_of_gaussian(in, laplace, {.sigma = 1.5});
  gradient_magnitude(in, length, {.sigma = 1.5});
  const Array xx = field({2, 0, 0}), yy = field({0, 2, 0}), zz = field({0, 0, 2});
  const Array x = field({1, 0, 0}), y = field({0, 1, 0}), z = field({0, 0, 1});
  for (std::size_t i = 0; i < laplace.items<double>().size(); ++i) {
    const auto at = [i](const Array& array) { return array.items<double>()[i]; };
    EXPECT_EQ(at(laplace), (at(xx) + at(yy)) + at(zz));
    const double squares = at(x) * at(x) + at(y) * at(y);
    EXPECT_EQ(at(length), std::sqrt(squares + at(z) * at(z)));
  }
}

TEST(CompositeBits, OfTheHessianAreThoseOfGaussianDerivatives) {
  for (DType dtype : {DType::u8, DType::f32, DType::f64}) {
    const Array in = make_array(dtype, {65, 87}, 12);
    const DType out = dtype == DType::u8 ? DType::i16 : dtype;
    const std::vector<Array> outputs = run(plan_hessian(in.layout(), out, {.sigma = 2.0}), in);
    const int orders[][2] = {{2, 0}, {1, 1}, {0, 2}};
    for (std::size_t k = 0; k < 3; ++k) {
      Array want(out, in.shape());
      gaussian(in, want, {.sigma = 2.0, .order = {orders[k][0], orders[k][1]}});
      EXPECT_TRUE(bytes_of(outputs[k]) == bytes_of(want)) << k;
    }
  }
}

TEST(CompositeBits, TheDefaultOfSigmaHighIsWhatItSays) {
  const Array in = make_array(DType::f32, {40, 50}, 2);
  Array a(DType::f32, {40, 50}), b(DType::f32, {40, 50});
  difference_of_gaussians(in, a, {.sigma_low = {1.0, 1.5}});
  difference_of_gaussians(in, b, {.sigma_low = {1.0, 1.5}, .sigma_high = {1.6 * 1.0, 1.6 * 1.5}});
  EXPECT_TRUE(bytes_of(a) == bytes_of(b));
}

TEST(SeparableFields, AreReducedInTheirOrder) {
  const Array in = make_array(DType::f64, {31, 29}, 2);
  const Kernel one{{0.25, 0.5, 0.25}, 1}, two{{1, -2, 0.5, 3}, 2}, three{{-1, 0, 1}, 1};
  const std::vector<SeparableOptions> fields{
      {.kernels = {one, two}}, {.kernels = {three}, .border = Border::wrap}, {.kernels = {two}, .axes = {1}}};
  std::vector<Array> apart;
  for (const SeparableOptions& field : fields) {
    apart.emplace_back(DType::f64, Shape{31, 29});
    separable(in, apart.back(), field);
  }
  const auto reduced = [&](Reduction reduction) {
    return run(plan_separable_fields(in.layout(), DType::f64, fields, reduction), in);
  };
  EXPECT_TRUE(all_bytes(reduced(Reduction::none)) == all_bytes(apart));
  const std::vector<Array> sum = reduced(Reduction::sum), difference = reduced(Reduction::difference);
  const std::vector<Array> length = reduced(Reduction::root_sum_squares);
  for (std::size_t i = 0; i < sum[0].items<double>().size(); ++i) {
    const double a = apart[0].items<double>()[i], b = apart[1].items<double>()[i], c = apart[2].items<double>()[i];
    EXPECT_EQ(sum[0].items<double>()[i], (a + b) + c);
    EXPECT_EQ(difference[0].items<double>()[i], (a - b) - c);
    EXPECT_EQ(length[0].items<double>()[i], std::sqrt((a * a + b * b) + c * c));
  }
  Array single(DType::f64, {31, 29});
  const MutableView out = single;
  separable_fields(in, {&out, 1}, std::span(fields).first(1), Reduction::sum);
  EXPECT_TRUE(bytes_of(single) == bytes_of(apart[0]));
  separable_fields(in, {&out, 1}, std::span(fields).first(1), Reduction::root_sum_squares);
  for (std::size_t i = 0; i < single.items<double>().size(); ++i) {
    EXPECT_EQ(single.items<double>()[i], std::abs(apart[0].items<double>()[i]));
  }
}

TEST(SeparableFields, WorkInOnePrecision) {
  const std::vector<SeparableOptions> fields{{.kernels = {Kernel{{1}, 0}}},
                                             {.kernels = {Kernel{{1, 1}, 0}}, .precision = Precision::f64}};
  const Plan plan = plan_separable_fields({{9, 9}, DType::f32}, DType::f32, fields, Reduction::sum);
  EXPECT_EQ(plan.working_dtype(), DType::f64);
  std::vector<SeparableOptions> narrow(2, fields[0]);
  narrow[1].precision = Precision::f32;
  const Array in = make_array(DType::u8, {9, 9}, 4);
  Array out(DType::f64, in.shape()), twice(DType::f64, in.shape());
  const MutableView target = out;
  separable_fields(in, {&target, 1}, narrow, Reduction::sum);
  separable(in, twice, {.kernels = {Kernel{{2}, 0}}, .axes = {0}});
  EXPECT_TRUE(bytes_of(out) == bytes_of(twice));
  EXPECT_EQ(plan_separable_fields({{9, 9}, DType::u8}, DType::f64, narrow, Reduction::sum).working_dtype(), DType::f32);
}

// ---- what it says ----

TEST(CompositePlan, SaysWhatItWillDo) {
  const Plan plan = plan_structure_tensor({{200, 300}, DType::u8}, DType::f32, {.sigma = 1.0, .rho = {2.0, 3.0}});
  EXPECT_EQ(plan.method(), Method::composite);
  EXPECT_EQ(gaussfilt::name(plan.method()), "composite");
  EXPECT_EQ(plan.outputs(), 3);
  EXPECT_EQ(plan.halo(), (Extents{4 + 8, 4 + 12}));
  const Window window = plan.source_window({50, 60}, {10, 20});
  EXPECT_EQ(window.origin, (Index{38, 44}));
  EXPECT_EQ(window.shape, (Shape{34, 52}));
  EXPECT_NE(plan.explain().find("smoothing"), std::string::npos) << plan.explain();
  const nlohmann::json json = nlohmann::json::parse(plan.explain_json());
  EXPECT_EQ(json["fields"].size(), 2u);
  EXPECT_EQ(json["smoothing"]["axes"].size(), 2u);
  EXPECT_EQ(json["outputs"], 3);
  const Plan laplace = plan_laplace_of_gaussian({{64, 48, 20}, DType::f32}, DType::f32, {.sigma = 2.0});
  EXPECT_EQ(laplace.outputs(), 1);
  const nlohmann::json sum = nlohmann::json::parse(laplace.explain_json());
  EXPECT_EQ(sum["fields"].size(), 3u);
  EXPECT_EQ(sum["fields"][1]["axes"][1]["order"], 2);
  EXPECT_EQ(sum["reduction"], "their sum");
  EXPECT_NE(laplace.explain().find("3 fields, their sum"), std::string::npos) << laplace.explain();
}

TEST(CompositePlan, StatesTheNOfItsBound) {
  const Array in = make_array(DType::f64, {30, 20, 10}, 1);
  const Spec spec{.sigma = {1.0, 1.3, 0.8}, .second = {1.5, 2.0, 3.0}};
  for (Kind kind : all_kinds) {
    const Plan plan = make_plan(kind, in.layout(), DType::f64, spec);
    const Exact exact = exact_of(kind, in, spec);
    const Real n = kind == Kind::tensor ? exact.n / exact.m : exact.n;
    EXPECT_NEAR(nlohmann::json::parse(plan.explain_json())["N"].get<double>(), static_cast<double>(n), 1e-12)
        << name(kind);
  }
}

// ---- what it refuses ----

TEST(CompositeErrors, NameTheArgument) {
  const Layout layout{{8, 9}, DType::f32};
  const auto has = [](const std::string& message, const char* word) {
    EXPECT_NE(message.find(word), std::string::npos) << word << ": " << message;
    EXPECT_EQ(message.find('\n'), std::string::npos);
  };
  for (Kind kind : all_kinds) {
    const auto bad = [&](const Spec& spec, const char* word) {
      has(refusal<InvalidArgument>([&] { make_plan(kind, layout, DType::f32, spec); }), word);
    };
    bad({.sigma = -1.0}, "sigma");
    bad({.sigma = {1.0, 2.0, 3.0}}, "sigma");
    bad({.border = {Border::wrap, Border::wrap, Border::wrap}}, "border");
    bad({.axes = {3}}, "axes");
    bad({.truncate = -1.0}, "truncate");
    bad({.tolerance = -1.0}, "tolerance");
    bad({.threads = -1}, "threads");
    if (kind != Kind::difference) bad({.sigma = {1.0, 0.0}}, "sigma");
    const DType out = DType::u8;
    if (kind != Kind::magnitude) has(refusal<Unsupported>([&] { make_plan(kind, layout, out, {}); }), "signed");
    if (kind != Kind::magnitude && kind != Kind::tensor) continue;
    const Layout complex{{8, 9}, DType::c64};
    has(refusal<Unsupported>([&] { make_plan(kind, complex, DType::c64, {}); }), "complex");
  }
  has(refusal<InvalidArgument>([&] { make_plan(Kind::difference, layout, DType::f32, {.sigma = 2.0, .second = 1.0}); }),
      "sigma_high");
  has(refusal<InvalidArgument>([&] { make_plan(Kind::tensor, layout, DType::f32, {.second = -1.0}); }), "rho");
  has(refusal<InvalidArgument>([&] { plan_separable_fields(layout, DType::f32, {}, Reduction::sum); }), "fields");
}

TEST(CompositeErrors, OutputsAreCountedAndApart) {
  const Array in = make_array(DType::f32, {20, 20}, 1);
  const Plan plan = plan_hessian(in.layout(), DType::f32, {});
  std::vector<float> memory(1600, 0);
  const auto view = [&](std::ptrdiff_t at) { return MutableView(memory.data() + at, Shape{20, 20}); };
  const auto refused = [&](std::vector<MutableView> outs) {
    return refusal<InvalidArgument>([&] { plan.run(in, outs); });
  };
  EXPECT_NE(refused({view(0), view(400)}).find("hessian makes 3"), std::string::npos);
  EXPECT_NE(refusal<InvalidArgument>([&] { plan.run(in, view(0)); }).find("3"), std::string::npos);
  EXPECT_NE(refused({view(0), view(400), view(799)}).find("share memory"), std::string::npos);
  Array both = make_array(DType::f32, {20, 20}, 1);
  EXPECT_THROW(plan.run(both, std::vector<MutableView>{view(0), both, view(800)}), InvalidArgument);
  EXPECT_THROW(plan.run(in, std::vector<MutableView>{view(0), view(400), MutableView(memory.data() + 800, {20, 19})}),
               InvalidArgument);
  EXPECT_TRUE(std::all_of(memory.begin(), memory.end(), [](float v) { return v == 0; }));
  // Components interleaved in one array.
  const Strides strides{240, 12};
  std::vector<MutableView> inside;
  for (int k = 0; k < 3; ++k) inside.emplace_back(memory.data() + k, DType::f32, Shape{20, 20}, strides);
  hessian(in, inside, {});
  EXPECT_TRUE(all_bytes(inside) == all_bytes(run(plan, in)));
}

}  // namespace
}  // namespace gaussfilt::test
