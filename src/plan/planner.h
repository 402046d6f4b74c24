// Floor 3. The planner: options in, one plain Problem and the reasons for it out.
#pragma once

#include "base/problem.h"
#include "methods/method.h"

#include <gaussfilt/filters.h>

#include <optional>
#include <string>
#include <vector>

namespace gaussfilt::plan {

struct Decision {
  base::Problem problem;
  DType out = DType::f32;  // as asked; problem.out is a part of it where real input meets complex output
  Method method = Method::separable;
  const methods::Methods* methods = nullptr;
  std::vector<Candidate> candidates;
  std::string filter;  // "gaussian", "separable", "uniform"
  std::string target;  // in words
  std::string taps;
  std::optional<double> tolerance;
  double approximation = 0;  // relative to N * M
  double rounding = 0;
  double tap_mass = 1;  // N
};

// All throw InvalidArgument or Unsupported.
Decision decide(const Layout& layout, DType out, const GaussianOptions& options);
Decision decide(const Layout& layout, DType out, const SeparableOptions& options);
Decision decide(const Layout& layout, DType out, const UniformOptions& options);

std::string explain_text(const Decision& decision);
std::string explain_json(const Decision& decision);

// "512 x 512"; "scalar" for rank 0.
std::string shape_text(const Extents& extents);

}  // namespace gaussfilt::plan

namespace gaussfilt::inline v0 {

// The one door from floor 3 into a Plan.
struct PlanAccess {
  static Plan make(plan::Decision decision);
};

}  // namespace gaussfilt::inline v0
