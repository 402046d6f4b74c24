// Floor 4. The kinds of steps that a recipe may have: how each is read, written and done.
#include "recipe_steps.h"

#include "recipe_where.h"

#include <cmath>
#include <numbers>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace gaussfilt::pictures {
namespace {

using nlohmann::ordered_json;

constexpr std::int64_t largest_radius = 0x7fffffff - 16;

const double fwhm_of_sigma_1 = 2 * std::sqrt(2 * std::numbers::ln2);  // full width at half maximum

// A blur as it is written: the strength in one of three ways.
struct BlurDraft : Where {
  BlurOptions options;
  std::optional<PerAxis<double>> sigma, fwhm;
  std::optional<std::int64_t> size;
};

PerAxis<double> lengths(const Value& value, std::string_view rule) {
  std::vector<double> all;
  for (const Value& one : one_or_two(value, rule))
    all.push_back(number(one, rule, [](double length) { return length >= 0; }));
  return PerAxis<double>(std::move(all));
}

void read_sigma(const Value& value, BlurDraft& draft) {
  draft.sigma = lengths(value, "a finite number >= 0, or two of them for x and y (\"sigma\": 4)");
}

void read_fwhm(const Value& value, BlurDraft& draft) {
  draft.fwhm = lengths(value, "a finite number >= 0, or two of them for x and y (\"fwhm\": 9)");
}

void read_size(const Value& value, BlurDraft& draft) {
  constexpr std::string_view rule = "an odd whole number >= 1 (\"size\": 5)";
  draft.size = whole(value, rule, 1, 2 * largest_radius + 1);
  if (*draft.size % 2 == 0) value.refuse(rule);
}

void read_radius(const Value& value, BlurDraft& draft) {
  constexpr std::string_view rule = "a whole number from 0 to 2147483631, or two of them for x and y (\"radius\": 12)";
  std::vector<std::int64_t> all;
  for (const Value& one : one_or_two(value, rule)) all.push_back(whole(one, rule, 0, largest_radius));
  draft.options.radius = PerAxis<std::int64_t>(std::move(all));
}

bool positive(double value) { return value > 0; }

void read_truncate(const Value& value, BlurDraft& draft) {
  draft.options.truncate =
      number(value, "a number > 0 of sigmas; without it there is no cut (\"truncate\": 4)", positive);
}

void read_tolerance(const Value& value, BlurDraft& draft) {
  draft.options.tolerance = number(value, "a number > 0, relative to the full range (\"tolerance\": 1e-4)", positive);
}

void read_taps(const Value& value, BlurDraft& draft) { draft.options.taps = named(value, taps_names(), parse_taps); }
void read_light(const Value& value, BlurDraft& draft) {
  draft.options.light = named(value, light_names(), parse_light);
}
const std::vector<Member<BlurDraft>>& blur_members() {
  static const std::vector<Member<BlurDraft>> members = [] {
    std::vector<Member<BlurDraft>> own = {{"sigma", read_sigma},   {"fwhm", read_fwhm},          {"size", read_size},
                                          {"radius", read_radius}, {"truncate", read_truncate},  {"taps", read_taps},
                                          {"light", read_light},   {"tolerance", read_tolerance}};
    add_where(own);
    return own;
  }();
  return members;
}

// Members that say the same thing twice, or nothing without another one.
void check_blur(const Value& value, const BlurDraft& draft) {
  const auto has = [&](const char* name) { return value.json().contains(name); };
  const auto both = [&](const char* one, const char* other, const char* why) {
    if (has(one) && has(other))
      value.say(fmt::format("has both '{}' and '{}', which {}; leave one out", one, other, why));
  };
  both("sigma", "fwhm", "both say how strong");
  both("size", "radius", "both say where the kernel is cut");
  both("size", "truncate", "both say where the kernel is cut");
  both("radius", "truncate", "both say where the kernel is cut");
  if (!draft.sigma && !draft.fwhm && !draft.size)
    value.say("does not say how strong it is, must have 'sigma', 'fwhm' or 'size' (\"blur\": {\"sigma\": 4})");
  if (has("radius") && !draft.sigma && !draft.fwhm)
    value.say("has a 'radius', which says where the kernel is cut, and no 'sigma' or 'fwhm'");
  check_where(value, draft);
}

Step read_blur(const Value& value) {
  BlurDraft draft;
  read_members(value, "a blur", blur_members(), draft);
  check_blur(value, draft);
  BlurOptions& options = draft.options;
  put_where(draft, options);
  if (draft.sigma) options.sigma = *draft.sigma;
  if (draft.fwhm) {
    std::vector<double> sigma;
    for (std::size_t i = 0; i < draft.fwhm->size(); ++i) sigma.push_back((*draft.fwhm)[i] / fwhm_of_sigma_1);
    options.sigma = PerAxis<double>(std::move(sigma));
  }
  if (draft.size) options.radius = (*draft.size - 1) / 2;
  if (draft.size && !draft.sigma && !draft.fwhm)
    options.sigma = 0.15 * static_cast<double>(*draft.size) + 0.35;  // OpenCV's rule
  return options;
}

// One value where both are the same.
template <class T> ordered_json per_axis(const PerAxis<T>& values) {
  if (values[0] == values[values.size() - 1]) return values[0];
  return {values[0], values[1]};
}

ordered_json write_blur(const Step& step) {
  const auto& options = std::get<BlurOptions>(step);
  const BlurOptions defaults;
  ordered_json result = {{"sigma", per_axis(options.sigma)}};
  if (!options.radius.empty()) result["radius"] = per_axis(options.radius);
  if (options.truncate && std::isfinite(*options.truncate)) result["truncate"] = *options.truncate;
  if (options.taps != defaults.taps) result["taps"] = name(options.taps);
  if (options.light != defaults.light) result["light"] = name(options.light);
  if (options.tolerance) result["tolerance"] = *options.tolerance;
  write_where(options, result);
  return result;
}

BlurOptions on_threads(const Step& step, int threads) {
  BlurOptions options = std::get<BlurOptions>(step);
  if (threads > 0) options.threads = threads;
  return options;
}

RunStatus run_blur(Picture& picture, const Step& step, int threads, const RunOptions& run) {
  return blur(picture, on_threads(step, threads), run);
}

std::optional<Plan> plan_of_blur(const Picture& picture, const Step& step, int threads) {
  return plan_blur(picture, on_threads(step, threads));
}

}  // namespace

const std::vector<StepKind>& step_kinds() {
  static const std::vector<StepKind> kinds = {
      {.name = "blur", .read = read_blur, .write = write_blur, .run = run_blur, .plan = plan_of_blur}, convolve_kind()};
  return kinds;
}

const StepKind& kind_of(const Step& step) { return step_kinds()[step.index()]; }

}  // namespace gaussfilt::pictures
