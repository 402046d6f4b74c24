// Floor 3. A plan in words and as JSON.
#include "base/axis_gaussian.h"
#include "plan/planner.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace gaussfilt::plan {
namespace {

using base::AxisTask;

double delivered(const AxisTask& task, const std::string& taps) {
  if (task.resampling.factor > 1) return task.resampling.sigma;
  return base::delivered_sigma(task.sigma, task.radius, parse_taps(taps));
}

bool smooths(const Decision& decision, const AxisTask& task) {
  return decision.filter == "gaussian" && task.order == 0;
}

std::string axis_text(const Decision& decision, const AxisTask& task) {
  std::string text = fmt::format("axis {}: ", task.axis);
  if (task.mean.full > 0) return text + fmt::format("width {}, border {}", task.mean.width(), name(task.border));
  if (task.window > 0) {
    return text + fmt::format("window of {} samples, {} before and {} after, border {}", task.window, task.before,
                              task.after, name(task.border));
  }
  if (decision.problem.dense) {
    return text + fmt::format("{} before and {} after, border {}", task.before, task.after, name(task.border));
  }
  if (decision.filter == "gaussian") text += fmt::format("sigma {}, order {}, ", task.sigma, task.order);
  text += fmt::format("radius {}, {} taps, border {}", task.radius, 2 * task.radius + 1, name(task.border));
  if (task.folded) {
    text +=
        fmt::format(", folded to {} taps on {} samples", task.kernel.taps.size(), decision.problem.shape[task.axis]);
  }
  if (decision.method == Method::integer) text += fmt::format(", weights of {} bits", task.whole.bits);
  const base::Resampling& resampling = task.resampling;
  if (resampling.factor > 1) {
    text += fmt::format(", at a lower rate: factor {}, weights {} factors wide, {} taps there", resampling.factor,
                        resampling.width, 2 * resampling.reach + 1);
  }
  if (smooths(decision, task)) {
    const double got = delivered(task, decision.taps);
    text += fmt::format(", delivered sigma {:.4g}", got);
    if (std::abs(got - task.sigma) > 0.01 * task.sigma) {
      text += fmt::format(" ({:+.1f} %: {})", 100 * (got / task.sigma - 1),
                          decision.taps == "sampled" ? "discrete taps deliver it exactly" : "the cut is short");
    }
  }
  return text;
}

// A composite's fields, each with its axes.
std::string fields_text(const Decision& decision) {
  const std::size_t count = decision.problem.fields.size();
  std::string text = fmt::format("{} field{}, {}\n", count, count == 1 ? "" : "s", decision.reduction);
  for (std::size_t k = 0; k < decision.fields.size(); ++k) {
    const Decision& field = decision.fields[k];
    text += k < count ? fmt::format("field {}", k) : "smoothing";
    text += fmt::format(": {}, N = {:.6g}\n", field.filter, field.tap_mass);
    for (const AxisTask& task : field.problem.axes) text += "  " + axis_text(field, task) + "\n";
  }
  return text;
}

nlohmann::json axes_json(const Decision& decision) {
  nlohmann::json axes = nlohmann::json::array();
  for (const AxisTask& task : decision.problem.axes) {
    nlohmann::json axis{{"axis", task.axis},           {"radius", task.radius},
                        {"border", name(task.border)}, {"taps", 2 * task.radius + 1},
                        {"folded", task.folded},       {"halo", std::max(task.before, task.after)},
                        {"tap_mass", task.tap_mass}};
    if (task.mean.full > 0) {
      axis.erase("taps");
      axis["width"] = task.mean.width();
    }
    if (task.window > 0) {
      axis.erase("taps");
      axis.update({{"size", task.window}, {"before", task.before}, {"after", task.after}});
    }
    if (decision.problem.dense) {
      for (const char* const key : {"taps", "folded", "tap_mass"}) axis.erase(key);
      axis.update({{"before", task.before}, {"after", task.after}});
    }
    if (decision.filter == "gaussian") axis.update({{"sigma", task.sigma}, {"order", task.order}});
    if (decision.method == Method::integer) axis["weight_bits"] = task.whole.bits;
    if (task.resampling.factor > 1) {
      axis["lower_rate"] = {{"factor", task.resampling.factor},
                            {"width", task.resampling.width},
                            {"taps", 2 * task.resampling.reach + 1}};
    }
    if (smooths(decision, task)) axis["delivered_sigma"] = delivered(task, decision.taps);
    axes.push_back(std::move(axis));
  }
  return axes;
}

std::string candidate_text(const Candidate& candidate) {
  return fmt::format("{} in {}, cost {:.2g} ns a sample (predicted), bound {:.3g}", name(candidate.method),
                     name(candidate.working), candidate.cost, candidate.error_bound);
}

double bytes_in_kib(std::int64_t bytes) { return static_cast<double>(bytes) / 1024; }

}  // namespace

std::string shape_text(const Extents& extents) {
  return extents.rank() == 0 ? "scalar" : fmt::format("{}", fmt::join(extents.begin(), extents.end(), " x "));
}

std::string explain_text(const Decision& decision) {
  const base::Problem& problem = decision.problem;
  std::string text = fmt::format("{} of {} {} into {}\n", decision.filter, shape_text(problem.shape), name(problem.in),
                                 name(decision.out));
  text += fmt::format("target: {}; taps {}", decision.target, decision.taps);
  text += decision.tolerance ? fmt::format("; tolerance {:.3g}\n", *decision.tolerance) : "; no tolerance\n";
  for (const AxisTask& task : problem.axes) text += axis_text(decision, task) + "\n";
  if (decision.method == Method::integer) {
    text += "whole numbers, sums of 32 bits";
    text += problem.axes.size() > 1 ? fmt::format(", fractions of {} bits between the axes\n", problem.fraction) : "\n";
  }
  if (decision.method == Method::multirate) {
    text += fmt::format("whole rows in {}, what is at a lower rate in {}; NaN and infinity reach as far as the halo\n",
                        name(problem.working), name(problem.low_rate));
  }
  if (problem.dense) text += fmt::format("{} weights, summed in their order\n", problem.dense->size());
  if (problem.factor != 1 || problem.bias != 0)
    text += fmt::format("times {}, plus {}\n", problem.factor, problem.bias);
  if (problem.combine != base::Combine::single) {
    text += fields_text(decision);
  } else if (!problem.dense && problem.axes.empty()) {
    text += "no axis is filtered: a copy\n";
  }
  text +=
      fmt::format("error bound: {:.3g} N {} = {:.3g} approximation + {:.3g} rounding, N = {:.6g}, M = max |input|\n",
                  decision.approximation + decision.rounding, decision.scale, decision.approximation, decision.rounding,
                  decision.tap_mass);
  for (const Candidate& candidate : decision.candidates) {
    text += candidate.why_not.empty() ? fmt::format("chosen: {}\n", candidate_text(candidate))
                                      : fmt::format("not: {}: {}\n", candidate_text(candidate), candidate.why_not);
  }
  text += fmt::format("scratch: {:.0f} KiB a thread", bytes_in_kib(decision.methods->scratch(problem)));
  text += base::output_count(problem) > 1 ? "\n"
          : decision.methods->in_place    ? "; in place: nothing more\n"
                                          : "; in place: one copy of the input more\n";
  return text;
}

std::string explain_json(const Decision& decision) {
  using nlohmann::json;
  const base::Problem& problem = decision.problem;
  json candidates = json::array();
  for (const Candidate& candidate : decision.candidates) {
    candidates.push_back({{"method", name(candidate.method)},
                          {"working", name(candidate.working)},
                          {"cost_ns_per_sample", candidate.cost},
                          {"error_bound", candidate.error_bound},
                          {"chosen", candidate.why_not.empty()},
                          {"why_not", candidate.why_not}});
  }
  json result{{"filter", decision.filter},
              {"shape", std::vector<std::int64_t>(problem.shape.begin(), problem.shape.end())},
              {"in", name(problem.in)},
              {"out", name(decision.out)},
              {"working", name(problem.working)},
              {"target", decision.target},
              {"taps", decision.taps},
              {"axes", axes_json(decision)},
              {"candidates", candidates},
              {"error_bound", decision.approximation + decision.rounding},
              {"approximation_bound", decision.approximation},
              {"rounding_bound", decision.rounding},
              {"N", decision.tap_mass},
              {"scale", "N " + decision.scale},
              {"scratch_bytes", decision.methods->scratch(problem)}};
  if (problem.combine != base::Combine::single) {
    result["fields"] = json::array();
    for (const Decision& field : decision.fields) {
      json part{{"filter", field.filter}, {"axes", axes_json(field)}, {"N", field.tap_mass}};
      if (result["fields"].size() < problem.fields.size()) result["fields"].push_back(std::move(part));
      else result["smoothing"] = std::move(part);
    }
    result["reduction"] = decision.reduction;
    result["outputs"] = base::output_count(problem);
  }
  if (decision.method == Method::multirate) result["low_rate"] = name(problem.low_rate);
  if (problem.dense) result["weights"] = problem.dense->size();
  if (problem.factor != 1 || problem.bias != 0) result.update({{"factor", problem.factor}, {"bias", problem.bias}});
  result["tolerance"] = decision.tolerance ? json(*decision.tolerance) : json(nullptr);
  return result.dump(2);
}

}  // namespace gaussfilt::plan
