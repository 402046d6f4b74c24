// Floor 4. The one spelling of the choices that a picture has.
#include <gaussfilt/error.h>
#include <gaussfilt/pictures.h>
#include <gaussfilt/sheets.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace gaussfilt::inline v0 {
namespace {

constexpr std::array<std::string_view, 5> colours = {"grey", "RGB", "CMYK", "Lab", "bands"};
constexpr std::array<std::string_view, 2> lights = {"encoded", "linear"};
constexpr std::array<std::string_view, 3> comparisons = {"side", "split", "difference"};

template <class Choice, std::size_t count>
Choice parse(std::string_view option, const std::array<std::string_view, count>& names, std::string_view text) {
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end())
    throw InvalidArgument(fmt::format("{}: is '{}', must be {} or {}.", option, text,
                                      fmt::join(names.begin(), names.end() - 1, ", "), names.back()));
  return static_cast<Choice>(found - names.begin());
}

}  // namespace

std::string_view name(Colour colour) { return colours[static_cast<std::size_t>(colour)]; }

std::string_view name(Light light) { return lights[static_cast<std::size_t>(light)]; }
Light parse_light(std::string_view text) { return parse<Light>("light", lights, text); }
std::span<const std::string_view> light_names() { return lights; }

std::string_view name(CompareAs how) { return comparisons[static_cast<std::size_t>(how)]; }
CompareAs parse_compare_as(std::string_view text) { return parse<CompareAs>("compare-as", comparisons, text); }
std::span<const std::string_view> compare_as_names() { return comparisons; }

}  // namespace gaussfilt::inline v0
