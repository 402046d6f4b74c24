// Floor 5. `gaussfilt convolve`.
#include "commands.h"
#include "filter_command.h"
#include "regions.h"

#include <gaussfilt/convolution.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace gaussfilt::cli {
namespace {

using nlohmann::ordered_json;

// What becomes of results below 0, where there can be any.
std::string signs(const ConvolveOptions& options, const Convolution& settled) {
  const auto& values = options.kernel.kernel.values;
  const bool negative =
      settled.bias < 0 || std::ranges::any_of(values, [&](double v) { return v * settled.factor < 0; });
  if (options.kernel.unsharp || !negative) return "";
  switch (options.sign) {
    case Signed::clip: return ", below 0 clipped";
    case Signed::abs: return ", magnitudes";
    case Signed::mid: break;
  }
  return ", around mid-grey";
}

ordered_json facts(const ConvolveOptions& options, const Convolution& settled) {
  const KernelText& asked = options.kernel;
  ordered_json kernel{{"name", asked.told}};
  if (asked.version > 0) kernel["version"] = asked.version;
  if (asked.unsharp) {
    kernel["sigma"] = asked.unsharp->sigma;
    kernel["amount"] = asked.unsharp->amount;
    kernel["threshold"] = asked.unsharp->threshold;
    return kernel;
  }
  kernel["width"] = asked.kernel.shape[1];
  kernel["height"] = asked.kernel.shape[0];
  kernel["factor"] = settled.factor;
  kernel["bias"] = settled.bias;
  kernel["anchor"] = {settled.anchor.x, settled.anchor.y};
  kernel["turn"] = options.turn == Turn::convolve ? "convolve" : "correlate";
  kernel["signed"] = name(options.sign);
  kernel["like"] = name(options.like);
  return kernel;
}

Filter prepare(const ConvolveArguments& arguments, const Picture& picture, int threads, Report& report) {
  ConvolveOptions options = arguments.options;
  options.threads = threads;
  const bool something = settle_places(arguments, picture, options, report);
  const Convolution settled = settle(picture, options);
  report.told = told(options, settled);
  ordered_json answer{{"kernel", facts(options, settled)}};
  if (options.like == Rules::pillow) {
    if (arguments.explain) report.explanation = "Pillow's sums, in f32, from the lowest row up; there is no plan.";
  } else if (arguments.explain || arguments.json) {
    const Plan plan = plan_convolve(picture, options);
    answer["plan"] = {{"method", name(plan.method())}, {"error_bound", plan.error_bound()}};
    if (arguments.explain) report.explanation = plan.explain();
  }
  if (arguments.json) report.facts = answer.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  if (!something) return [](Picture&, const RunOptions&) {};
  return [options](Picture& target, const RunOptions& run) { convolve(target, options, run); };
}

}  // namespace

std::string told(const ConvolveOptions& options, const Convolution& settled) {
  std::string text = options.kernel.told;
  if (!options.kernel.unsharp) text += fmt::format(", factor {:.6g}", settled.factor);
  if (settled.bias != 0) text += fmt::format(", bias {:.6g}", settled.bias);
  if (options.turn == Turn::correlate) text += ", correlated";
  if (options.like == Rules::pillow) text += ", like Pillow";
  return text + signs(options, settled);
}

int run_convolve(const ConvolveArguments& asked) {
  ConvolveArguments arguments = asked;
  const Work work{.command = "gaussfilt convolve",
                  .stage = "filtering",
                  .verb = "filter",
                  .prepare = [&](const Picture& picture, int threads, Report& report) {
                    return prepare(arguments, picture, threads, report);
                  }};
  return run_work(work, arguments);
}

}  // namespace gaussfilt::cli
