// What the tests of composites share: one set of options for all of them, their plans, and what they must give.
#pragma once

#include "support.h"

namespace gaussfilt::test {

enum class Kind : std::uint8_t { laplace, magnitude, difference, hessian, tensor };
inline constexpr Kind all_kinds[] = {Kind::laplace, Kind::magnitude, Kind::difference, Kind::hessian, Kind::tensor};
const char* name(Kind kind);

// One set of options for all kinds.
struct Spec {
  PerAxis<double> sigma = 1.0;
  PerAxis<double> second = 1.7;  // sigma_high, rho
  PerAxis<Border> border = Border::reflect;
  double cval = 0;
  Axes axes = {};
  std::optional<double> truncate = {};
  Taps taps = Taps::sampled;
  std::optional<double> tolerance = {};
  int threads = 1;
};

Plan make_plan(Kind kind, const Layout& layout, DType out, const Spec& spec);

// The outputs' exact values, N and M; `n` is that of the bound: N, of the tensor with M instead of M^2 taken in.
struct Exact {
  std::vector<std::vector<Real>> outputs;
  Real n = 0, m = 0;
};

Exact exact_of(Kind kind, const View& in, const Spec& spec);

// As many as the plan makes, full of ones.
std::vector<Array> make_outputs(const Plan& plan, const Shape& shape);
std::vector<Array> run(const Plan& plan, const View& in);

template <class Arrays> std::vector<MutableView> views_of(Arrays& arrays) {
  std::vector<MutableView> views;
  for (auto& array : arrays) views.push_back(array);
  return views;
}

template <class Arrays> std::vector<std::byte> all_bytes(const Arrays& arrays) {
  std::vector<std::byte> all;
  for (const View view : arrays) {
    const std::vector<std::byte> bytes = bytes_of(view);
    all.insert(all.end(), bytes.begin(), bytes.end());
  }
  return all;
}

std::string text(Kind kind, const View& in, DType out, const Spec& spec);

}  // namespace gaussfilt::test
