// Golden tests of SciPy's own rules (Like::scipy): the same bytes as scipy.ndimage, for every CPU target, thread count,
// memory layout and cut into regions.
#include "golden_data.h"
#include "support.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <fstream>

namespace gaussfilt::test {
namespace {

struct ScipyCase {
  std::string name, filter;
  DType in = DType::f64, out = DType::f64;
  Shape shape;
  SeparableOptions separable;
  UniformOptions uniform;
  DenseKernel kernel;
  CorrelateOptions dense;
  std::vector<std::byte> input, expected;

  Plan plan(int threads) const {
    if (filter == "uniform") {
      UniformOptions options = uniform;
      options.threads = threads;
      return plan_uniform({shape, in}, out, options);
    }
    if (filter == "dense") {
      CorrelateOptions options = dense;
      options.threads = threads;
      return plan_correlate({shape, in}, out, kernel, options);
    }
    SeparableOptions options = separable;
    options.threads = threads;
    return plan_separable({shape, in}, out, options);
  }
};

ScipyCase parse(const std::string& line, const Data& data) {
  ScipyCase result;
  std::int64_t input = 0, expected = 0, kernel = 0;
  std::vector<std::string> fields = split(line, ' ');
  result.name = fields.front();
  fields.erase(fields.begin());
  SeparableOptions& options = result.separable;
  options.like = Like::scipy;
  for (const std::string& field : fields) {
    const std::size_t equals = field.find('=');
    const std::string key = field.substr(0, equals), value = field.substr(equals + 1);
    if (key == "filter") result.filter = value;
    if (key == "in") result.in = parse_dtype(value);
    if (key == "out") result.out = parse_dtype(value);
    if (key == "shape") result.shape = Shape(std::span<const std::int64_t>(list(value, to_int)));
    if (key == "border") {
      options.border = PerAxis<Border>(list(value, [](const std::string& v) { return parse_border(v); }));
    }
    if (key == "cval") options.cval = {list(value, to_double)[0], list(value, to_double)[1]};
    if (key == "axes") {
      options.axes = Axes(list(value, [](const std::string& v) { return static_cast<int>(to_int(v)); }));
    }
    if (key == "taps") {
      options.kernels = list(value, [&](const std::string& v) {
        const std::vector<std::string> parts = split(v, ':');
        return Kernel{data.read<double>(to_int(parts[0]), to_int(parts[1])), to_int(parts[2])};
      });
    }
    if (key == "size") result.uniform.size = PerAxis<std::int64_t>(list(value, to_int));
    if (key == "origin") result.uniform.origin = PerAxis<std::int64_t>(list(value, to_int));
    if (key == "kernel") kernel = to_int(value);
    if (key == "extents") result.kernel.shape = Shape(std::span<const std::int64_t>(list(value, to_int)));
    if (key == "input") input = to_int(value);
    if (key == "expected") expected = to_int(value);
  }
  result.uniform.border = options.border, result.uniform.cval = options.cval, result.uniform.axes = options.axes;
  CorrelateOptions& dense = result.dense;
  dense.like = Like::scipy;
  dense.border = options.border, dense.cval = options.cval, dense.axes = options.axes;
  dense.origin = result.uniform.origin;
  if (result.filter == "dense") result.kernel.values = data.read<double>(kernel, result.kernel.shape.product());
  const std::int64_t count = result.shape.product();
  result.input = data.read<std::byte>(input, count * static_cast<std::int64_t>(size_of(result.in)));
  result.expected = data.read<std::byte>(expected, count * static_cast<std::int64_t>(size_of(result.out)));
  return result;
}

const std::vector<ScipyCase>& cases() {
  static const std::vector<ScipyCase> all = [] {
    std::vector<ScipyCase> list;
    const Data data("scipy_data.bin");
    std::ifstream file(folder() + "/scipy_cases.txt");
    for (std::string line; std::getline(file, line);) list.push_back(parse(line, data));
    return list;
  }();
  return all;
}

// The bytes, with one NaN for all.
template <class T> void unify_nans(std::vector<std::byte>& bytes) {
  for (std::size_t i = 0; i < bytes.size(); i += sizeof(T)) {
    T value;
    std::memcpy(&value, bytes.data() + i, sizeof value);
    if (value == value) continue;
    value = std::numeric_limits<T>::quiet_NaN();
    std::memcpy(bytes.data() + i, &value, sizeof value);
  }
}

std::vector<std::byte> comparable(std::vector<std::byte> bytes, DType dtype) {
  if (dtype == DType::f64 || dtype == DType::c128) unify_nans<double>(bytes);
  if (dtype == DType::f32 || dtype == DType::c64) unify_nans<float>(bytes);
  return bytes;
}

class ScipyRules : public testing::TestWithParam<std::size_t> {
 protected:
  const ScipyCase& golden() const { return cases()[GetParam()]; }
  View input() const { return {golden().input.data(), golden().in, golden().shape}; }
  std::vector<std::byte> expected() const { return comparable(golden().expected, golden().out); }
  std::vector<std::byte> got(const View& out) const { return comparable(bytes_of(out), golden().out); }
};

TEST_P(ScipyRules, GiveItsBytes) {
  for (const std::string& target : cpu_targets()) {
    force_cpu_target(target);
    Array out(golden().out, golden().shape);
    golden().plan(0).run(input(), out);
    EXPECT_EQ(got(out), expected()) << target;
  }
  force_cpu_target("");
}

TEST_P(ScipyRules, WhateverTheThreadsAndStrides) {
  for (const int threads : {1, 3}) {
    for (const Style style : all_styles) {
      Strided out(style, golden().out, golden().shape);
      golden().plan(threads).run(Strided(style, input()), out);
      EXPECT_EQ(got(out), expected()) << threads << " threads, style " << static_cast<int>(style);
      EXPECT_TRUE(out.gaps_untouched());
    }
  }
}

TEST_P(ScipyRules, InPlaceAsApart) {
  if (golden().in != golden().out) return;  // only items of one size can be overwritten
  Strided both(Style::contiguous, input());
  golden().plan(2).run(View(both), both);
  EXPECT_EQ(got(both), expected());
}

TEST_P(ScipyRules, ByRegionsAsWhole) {
  const Plan plan = golden().plan(1);
  Array out(golden().out, golden().shape);
  const int last = golden().shape.rank() - 1;
  const std::int64_t rows = golden().shape[0], columns = golden().shape[last];
  for (const bool lower : {false, true}) {
    for (const bool right : {false, true}) {
      Index origin = Extents::filled(last + 1, 0);
      Shape shape = golden().shape;
      origin[0] = lower ? rows / 3 : 0;
      shape[0] = lower ? rows - rows / 3 : rows / 3;
      if (last > 0) {
        origin[last] = right ? columns / 2 : 0;
        shape[last] = right ? columns - columns / 2 : columns / 2;
      }
      const Window need = plan.source_window(origin, shape);
      plan.run_region(part(input(), need.origin, need.shape), need.origin, part(MutableView(out), origin, shape),
                      origin);
    }
  }
  EXPECT_EQ(got(out), expected());
}

std::string case_name(const testing::TestParamInfo<std::size_t>& info) { return cases()[info.param].name; }

INSTANTIATE_TEST_SUITE_P(SciPy, ScipyRules, testing::Range(std::size_t{0}, cases().size()), case_name);

TEST(ScipyRulesData, IsComplete) { EXPECT_GE(cases().size(), 100u) << "no cases in " << folder(); }

}  // namespace
}  // namespace gaussfilt::test
