// Floor 5. How strong, and where the kernel is cut: --sigma, --fwhm, --size, --radius, --truncate.
#include "readers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gaussfilt::cli {
namespace {

constexpr std::int64_t largest_radius = 0x7fffffff - 16;

const double fwhm_of_sigma_1 = 2 * std::sqrt(2 * std::numbers::ln2);  // full width at half maximum

std::vector<double> lengths(std::string_view option, const std::string& text, int axes) {
  const auto values = numbers<double>(text);
  const auto good = [](double value) { return std::isfinite(value) && value >= 0; };
  if (!values || values->size() > static_cast<std::size_t>(axes) || !std::ranges::all_of(*values, good))
    refuse(option, text,
           axes == 1 ? fmt::format("a finite number >= 0 ({} 4)", option)
                     : fmt::format("a finite number >= 0, or two of them for x and y ({} 4,2)", option));
  return *values;
}

std::string shortest(const std::vector<double>& values) {
  std::vector<std::string> texts;
  for (const double value : values) texts.push_back(fmt::format("{:.4g}", value));
  return fmt::format("{}", fmt::join(texts, ","));
}

void refuse_contradictions(const Strength& given, std::string_view call) {
  const auto both = [](const std::string& a, const std::string& b) { return !a.empty() && !b.empty(); };
  if (both(given.sigma_text, given.fwhm_text))
    throw Refusal(fmt::format("--fwhm: does not go with --sigma, both say how strong; leave one out ({} --sigma {})",
                              call, given.sigma_text));
  const std::string strong = !given.sigma_text.empty()  ? " --sigma " + given.sigma_text
                             : !given.fwhm_text.empty() ? " --fwhm " + given.fwhm_text
                                                        : "";
  if (both(given.size_text, given.radius_text))
    throw Refusal(
        fmt::format("--radius: does not go with --size, which is 2 radius + 1; leave one out ({}{} --size {})", call,
                    strong, given.size_text));
  if (both(given.size_text, given.truncate_text))
    throw Refusal(fmt::format(
        "--truncate: does not go with --size, both say where the kernel is cut; leave one out ({}{} --size {})", call,
        strong, given.size_text));
  if (!given.radius_text.empty() && strong.empty())
    throw Refusal(
        fmt::format("--radius: says where the kernel is cut and needs --sigma or --fwhm; a radius as Pillow's "
                    "GaussianBlur means it is the sigma ({} --sigma {})",
                    call, given.radius_text));
  if (both(given.radius_text, given.truncate_text))
    throw Refusal(fmt::format(
        "--truncate: does not go with --radius, both say where the kernel is cut; leave one out ({}{} --radius {})",
        call, strong, given.radius_text));
}

}  // namespace

Settled settle(const Strength& given, std::string_view call) {
  refuse_contradictions(given, call);
  Settled settled{.sigma = given.sigma, .radius = given.radius, .told = {}};
  if (given.size) settled.radius = {(*given.size - 1) / 2};
  if (given.size && given.sigma.empty()) {
    settled.sigma = {0.15 * static_cast<double>(*given.size) + 0.35};
    settled.told =
        fmt::format("sigma {} (0.15 N + 0.35, OpenCV's rule for --size {})", shortest(settled.sigma), given.size_text);
  } else if (!given.fwhm_text.empty()) {
    settled.told = fmt::format("sigma {} (--fwhm {})", shortest(settled.sigma), given.fwhm_text);
  } else if (!given.sigma_text.empty()) {
    settled.told = "sigma " + given.sigma_text;
  }
  if (given.size && !given.sigma.empty()) settled.told += ", size " + given.size_text;
  if (!given.radius_text.empty()) settled.told += ", radius " + given.radius_text;
  return settled;
}

void declare_strength(Command& command, Strength& given, int axes, const std::string& sigma_absent,
                      const std::string& truncate_absent) {
  const std::string each = axes == 1 ? "" : "|X,Y";
  command.option({.names = "-s,--sigma",
                  .shape = "S" + each,
                  .topic = "Blurring",
                  .brief = "Standard deviation in pixels" + sigma_absent,
                  .more = "0 leaves the picture as it is.",
                  .shown = true},
                 [&given, axes](const std::string& text) {
                   given.sigma = lengths("--sigma", text, axes);
                   given.sigma_text = text;
                 });
  command.option({.names = "--fwhm",
                  .shape = "F" + each,
                  .topic = "Blurring",
                  .brief = "Full width at half maximum instead: 2.355 sigma",
                  .shown = true},
                 [&given, axes](const std::string& text) {
                   given.sigma = lengths("--fwhm", text, axes);
                   for (double& value : given.sigma) value /= fwhm_of_sigma_1;
                   given.fwhm_text = text;
                 });
  command.option({.names = "--size",
                  .shape = "N",
                  .topic = "Blurring",
                  .brief = "Cut the kernel to N taps, N odd",
                  .more = "Without --sigma and --fwhm the sigma is 0.15 N + 0.35, OpenCV's rule; its fixed tables for "
                          "small sizes are not used.",
                  .shown = true},
                 [&given](const std::string& text) {
                   const auto size = number<std::int64_t>(text);
                   if (!size || *size < 1 || *size % 2 == 0 || *size / 2 > largest_radius)
                     refuse("--size", text, "an odd whole number >= 1 (--size 5)");
                   given.size = size;
                   given.size_text = text;
                 });
  command.option(
      {.names = "--radius",
       .shape = "R" + each,
       .topic = "Blurring",
       .brief = "Cut the kernel R pixels from its centre",
       .more = "Needs --sigma or --fwhm: what Pillow's GaussianBlur calls radius is the sigma."},
      [&given, axes](const std::string& text) {
        const auto values = numbers<std::int64_t>(text);
        const auto good = [](std::int64_t value) { return value >= 0 && value <= largest_radius; };
        if (!values || values->size() > static_cast<std::size_t>(axes) || !std::ranges::all_of(*values, good))
          refuse(
              "--radius", text,
              "a whole number >= 0" + std::string(axes == 1 ? "" : ", or two of them for x and y") + " (--radius 12)");
        given.radius = *values;
        given.radius_text = text;
      });
  command.option({.names = "--truncate",
                  .shape = "T",
                  .topic = "Blurring",
                  .brief = "Cut the kernel at T sigmas" + truncate_absent},
                 [&given](const std::string& text) {
                   const auto value = number<double>(text);
                   if (!value || !(*value > 0))
                     refuse("--truncate", text, "a number > 0 of sigmas, or inf (--truncate 4)");
                   given.truncate = *value;
                   given.truncate_text = text;
                 });
}

}  // namespace gaussfilt::cli
