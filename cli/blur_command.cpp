// Floor 5. `gaussfilt blur`.
#include "commands.h"
#include "filter_command.h"
#include "plan_facts.h"
#include "regions.h"

#include <gaussfilt/pictures.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <utility>

namespace gaussfilt::cli {
namespace {

using nlohmann::ordered_json;

// Where the taps deliver a sigma that is more than 1 % off: which, and for uncut sampled taps the way out.
std::string delivered_text(const ordered_json& delivered, const BlurOptions& options) {
  for (const auto& [axis, index] : {std::pair{"x", std::size_t{0}}, std::pair{"y", std::size_t{1}}}) {
    const double asked = options.sigma[index];
    const double given = delivered.at(axis);
    if (asked == 0 || std::abs(given - asked) <= 0.01 * asked) continue;
    const bool cut = options.truncate || options.radius.size() != 0;
    return fmt::format("the taps deliver sigma {:.4g} ({:+.1f} %){}", given, 100 * (given - asked) / asked,
                       cut                              ? ", since they are cut"
                       : options.taps == Taps::discrete ? ""
                                                        : "; --taps discrete delivers it");
  }
  return "";
}

Filter prepare(const BlurArguments& arguments, const Picture& picture, int threads, Report& report) {
  BlurOptions options = arguments.options;
  options.threads = threads;
  const bool something = settle_places(arguments, picture, options, report);
  const Plan plan = plan_blur(picture, options);
  const ordered_json known = plan_facts(plan);
  report.told = arguments.strength + (options.light == Light::linear ? " in linear light" : "");
  report.remark = delivered_text(known.at("delivered_sigma"), options);
  report.facts = ordered_json({{"plan", known}, {"strength", arguments.strength}}).dump();
  if (arguments.explain) report.explanation = plan.explain();
  if (!something) return [](Picture&, const RunOptions&) {};
  return [options](Picture& target, const RunOptions& run) { blur(target, options, run); };
}

}  // namespace

int run_blur(const BlurArguments& asked) {
  BlurArguments arguments = asked;
  const Work work{.command = "gaussfilt blur",
                  .stage = "blurring",
                  .verb = "blur",
                  .prepare = [&](const Picture& picture, int threads, Report& report) {
                    return prepare(arguments, picture, threads, report);
                  }};
  return run_work(work, arguments);
}

}  // namespace gaussfilt::cli
