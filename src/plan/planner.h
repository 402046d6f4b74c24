// Floor 3. The planner: options in, one plain Problem and the reasons for it out.
#pragma once

#include "base/problem.h"
#include "methods/method.h"

#include <gaussfilt/filters.h>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gaussfilt::plan {

struct Decision {
  base::Problem problem;
  DType out = DType::f32;  // as asked; problem.out is a part of it where real input meets complex output
  Method method = Method::separable;
  const methods::Methods* methods = nullptr;
  std::vector<Candidate> candidates;
  std::string filter;  // "gaussian", "separable", "uniform" ...
  std::string target;  // in words
  std::string taps;
  std::optional<double> tolerance;
  double approximation = 0;  // relative to N * M
  double rounding = 0;
  double tap_mass = 1;      // N
  std::string scale = "M";  // what N is multiplied with

  // A composite's fields as they were decided, for explain(); their problems stand in `problem`, too. Of products: then
  // the smoothing.
  std::string reduction;  // in words
  std::vector<Decision> fields;
};

// All of them throw InvalidArgument or Unsupported.
Decision decide(const Layout& layout, DType out, const GaussianOptions& options);
Decision decide(const Layout& layout, DType out, const SeparableOptions& options);
Decision decide(const Layout& layout, DType out, const UniformOptions& options);
Decision decide(const Layout& layout, DType out, const BoxOptions& options);
Decision decide(const Layout& layout, DType out, const DenseKernel& kernel, const CorrelateOptions& options);
Decision decide_convolve(const Layout& layout, DType out, const DenseKernel& kernel, const CorrelateOptions& options);
Decision decide(const Layout& layout, DType out, const LaplaceOptions& options);
Decision decide(const Layout& layout, DType out, const GradientMagnitudeOptions& options);
Decision decide(const Layout& layout, DType out, const DifferenceOptions& options);
Decision decide(const Layout& layout, DType out, const HessianOptions& options);
Decision decide(const Layout& layout, DType out, const StructureTensorOptions& options);
Decision decide(const Layout& layout, DType out, std::span<const SeparableOptions> fields, Reduction reduction);

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
