// Golden tests: what SciPy computed in float64, held against the library in every dtype. Needs the core only.
//
// Stated errors of the working precision: f64 8 eps * N * M, f32 1e-6 * N * M, with N and M of the case's own data
// (M is the largest input, also for integers: sharper than the contract). An integer output must be the correctly
// rounded value wherever no tie lies within that error; the items where one does are counted and printed.
#include "golden_data.h"
#include "support.h"

#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <iostream>

namespace gaussfilt::test {
namespace {

struct Golden {
  std::string name;
  DType in = DType::f64, out = DType::f64;
  Shape shape;
  GaussianOptions options;
  std::vector<Kernel> taps;  // SciPy's own, for each axis that it filtered
  std::vector<int> filtered;
  Real error = 0;
  std::vector<std::byte> input;
  std::vector<double> expected;
};

Golden parse(const std::string& line, const Data& data) {
  Golden golden;
  Real n = 1, m = 0;
  std::int64_t input = 0, expected = 0;
  std::vector<std::string> fields = split(line, ' ');
  golden.name = fields.front();
  fields.erase(fields.begin());
  GaussianOptions& options = golden.options;
  for (const std::string& field : fields) {
    const std::size_t equals = field.find('=');
    const std::string key = field.substr(0, equals), value = field.substr(equals + 1);
    if (key == "in") golden.in = parse_dtype(value);
    if (key == "out") golden.out = parse_dtype(value);
    if (key == "shape") golden.shape = Shape(std::span<const std::int64_t>(list(value, to_int)));
    if (key == "sigma") options.sigma = PerAxis<double>(list(value, to_double));
    if (key == "order") {
      options.order = PerAxis<int>(list(value, [](const std::string& v) { return static_cast<int>(to_int(v)); }));
    }
    if (key == "border") {
      options.border = PerAxis<Border>(list(value, [](const std::string& v) { return parse_border(v); }));
    }
    if (key == "cval") options.cval = {list(value, to_double)[0], list(value, to_double)[1]};
    if (key == "axes") {
      options.axes = Axes(list(value, [](const std::string& v) { return static_cast<int>(to_int(v)); }));
    }
    if (key == "truncate" && value != "-") options.truncate = to_double(value);
    if (key == "radius") options.radius = PerAxis<std::int64_t>(list(value, to_int));
    if (key == "n") n = to_double(value);
    if (key == "m") m = to_double(value);
    if (key == "taps") {
      golden.taps = list(value, [&](const std::string& v) {
        const std::int64_t count = to_int(v.substr(v.find(':') + 1));
        return Kernel{data.read<double>(to_int(v), count), count / 2};
      });
    }
    if (key == "input") input = to_int(value);
    if (key == "expected") expected = to_int(value);
  }
  for (std::size_t k = 0; k < options.axes.list()->size(); ++k) {
    if (options.sigma[k] != 0) golden.filtered.push_back((*options.axes.list())[k]);
  }
  const std::int64_t count = golden.shape.product();
  golden.input = data.read<std::byte>(input, count * static_cast<std::int64_t>(size_of(golden.in)));
  golden.expected = data.read<double>(expected, is_complex(golden.in) ? 2 * count : count);
  golden.error = precision_error(golden.in, golden.out) * n * m;
  return golden;
}

const std::vector<Golden>& cases() {
  static const std::vector<Golden> all = [] {
    std::vector<Golden> list;
    const Data data("data.bin");
    std::ifstream file(folder() + "/cases.txt");
    for (std::string line; std::getline(file, line);) list.push_back(parse(line, data));
    return list;
  }();
  return all;
}

std::vector<Real> exact(const Golden& golden) { return {golden.expected.begin(), golden.expected.end()}; }

class GoldenTest : public testing::TestWithParam<std::size_t> {
 protected:
  const Golden& golden() const { return cases()[GetParam()]; }
};

std::string case_name(const testing::TestParamInfo<std::size_t>& info) { return cases()[info.param].name; }

TEST_P(GoldenTest, Matches) {
  const View in(golden().input.data(), golden().in, golden().shape);
  Array out(golden().out, golden().shape);
  gaussian(in, out, golden().options);
  const Comparison result = compare(out, exact(golden()), golden().error);
  EXPECT_EQ(result.failure, "");
  if (is_integer(golden().out)) {
    std::cout << result.ties << " of " << out.size() << " items lie within the stated error, "
              << static_cast<double>(golden().error) << ", of a tie\n";
    RecordProperty("ties", static_cast<int>(result.ties));
  }
}

// SciPy's taps give SciPy's bits.
class GoldenBits : public GoldenTest {};

TEST_P(GoldenBits, AreSciPys) {
  const View in(golden().input.data(), golden().in, golden().shape);
  Array out(is_complex(golden().in) ? DType::c128 : DType::f64, golden().shape);
  PerAxis<Border> border = golden().options.border;
  if (border.size() > 1 && golden().taps.size() == 1) border = border[golden().options.sigma[0] != 0 ? 0 : 1];
  separable(in, out,
            {.kernels = golden().taps, .border = border, .axes = Axes(golden().filtered), .precision = Precision::f64});
  std::vector<double> items(golden().expected.size());
  std::memcpy(items.data(), out.data(), items.size() * sizeof(double));
  EXPECT_EQ(items, golden().expected);
}

// A constant other than 0 is continued by the library and padded anew by SciPy: no bits are promised there.
std::vector<std::size_t> cases_with_bits() {
  std::vector<std::size_t> list;
  for (std::size_t k = 0; k < cases().size(); ++k) {
    if (cases()[k].options.cval == 0.0 && !cases()[k].filtered.empty()) list.push_back(k);
  }
  return list;
}

INSTANTIATE_TEST_SUITE_P(SciPy, GoldenBits, testing::ValuesIn(cases_with_bits()), case_name);
INSTANTIATE_TEST_SUITE_P(SciPy, GoldenTest, testing::Range(std::size_t{0}, cases().size()), case_name);

TEST(GoldenData, IsComplete) {
  EXPECT_GE(cases().size(), 200u) << "no cases in " << folder();
  std::int64_t ties = 0, items = 0;
  for (const Golden& golden : cases()) {
    if (!is_integer(golden.out)) continue;
    for (Real value : exact(golden)) {
      ++items;
      ties += rounded(golden.out, value - golden.error) != rounded(golden.out, value + golden.error) ? 1 : 0;
    }
  }
  std::cout << cases().size() << " cases; of " << items << " integer items " << ties
            << " lie within the stated error of a tie\n";
}

}  // namespace
}  // namespace gaussfilt::test
