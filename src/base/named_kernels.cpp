// Floor 0. Kernels by name: a table of those that are fixed, and the few that are computed.
#include <gaussfilt/named_kernels.h>

#include "motion.h"

#include <gaussfilt/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

namespace gaussfilt::inline v0 {
namespace {

constexpr double largest_size = 1023;

// ---- parameters

enum class Rule : std::uint8_t { odd_size, size, sigma, finite, not_negative };

bool holds(Rule rule, double value) {
  const bool whole = std::isfinite(value) && value == std::floor(value) && value >= 1 && value <= largest_size;
  switch (rule) {
    case Rule::odd_size: return whole && std::fmod(value, 2) == 1;
    case Rule::size: return whole;
    case Rule::sigma: return std::isfinite(value) && value > 0;
    case Rule::finite: return std::isfinite(value);
    case Rule::not_negative: break;
  }
  return std::isfinite(value) && value >= 0;
}

std::string_view told(Rule rule) {
  switch (rule) {
    case Rule::odd_size: return "an odd whole number from 1 to 1023";
    case Rule::size: return "a whole number from 1 to 1023";
    case Rule::sigma: return "a finite number > 0";
    case Rule::finite: return "a finite number";
    case Rule::not_negative: break;
  }
  return "a finite number >= 0";
}

struct Parameter {
  std::string_view name;
  Rule rule;
};

// The parameters that may be left out stand last; `fill` adds them to those that were given.
struct Computed {
  std::string_view name;
  std::vector<Parameter> parameters;
  std::size_t required;
  void (*fill)(std::vector<double>& given);
};

double opencv_sigma(double size) { return 0.15 * size + 0.35; }

const std::array<Computed, 4>& computed() {
  static const std::array<Computed, 4> all{
      {{"gaussian",
        {{"size", Rule::odd_size}, {"sigma", Rule::sigma}},
        1,
        [](std::vector<double>& given) {
          if (given.size() < 2) given.push_back(opencv_sigma(given[0]));
        }},
       {"box", {{"size", Rule::size}}, 1, [](std::vector<double>&) {}},
       {"motion", {{"size", Rule::odd_size}, {"angle", Rule::finite}}, 2, [](std::vector<double>&) {}},
       {"unsharp",
        {{"sigma", Rule::sigma}, {"amount", Rule::finite}, {"threshold", Rule::not_negative}},
        1,
        [](std::vector<double>& given) {
          if (given.size() < 2) given.push_back(1.5);
          if (given.size() < 3) given.push_back(0);
        }}}};
  return all;
}

// ---- fixed matrices

struct Fixed {
  std::string_view name;
  std::int64_t size;
  double divisor;
  double bias;
  std::string_view orientation;
  std::vector<double> values;
};

constexpr std::string_view even = "the same from all four sides";
constexpr std::string_view upside_down =
    "Pillow applies its rows from the bottom up, so that --like pillow takes the lower left from each pixel; as a "
    "convolution it takes the lower right";

const std::vector<Fixed>& fixed() {
  static const std::vector<Fixed> all{
      {"gaussian3x3", 3, 16, 0, even, {1, 2, 1, 2, 4, 2, 1, 2, 1}},
      {"gaussian5x5", 5, 256, 0, even, {1,  4, 6, 4,  1,  4,  16, 24, 16, 4, 6, 24, 36,
                                        24, 6, 4, 16, 24, 16, 4,  1,  4,  6, 4, 1}},
      {"sharpen3x3", 3, 1, 0, even, {0, -1, 0, -1, 5, -1, 0, -1, 0}},
      {"sharpen5x5", 5, 256, 0, even, {-1,  -4, -6, -4,  -1,  -4,  -16, -24, -16, -4, -6, -24, 476,
                                       -24, -6, -4, -16, -24, -16, -4,  -1,  -4,  -6, -4, -1}},
      {"emboss3x3", 3, 1, 0, "convolved, the light comes from the upper left", {2, 1, 0, 1, 1, -1, 0, -1, -2}},
      {"emboss5x5", 5, 2, 0, "convolved, the light comes from the upper left", {1,  1,  1, 1,  0,  1,  1, 1, 0,
                                                                                -1, 1,  1, 2,  -1, -1, 1, 0, -1,
                                                                                -1, -1, 0, -1, -1, -1, -1}},
      {"edges", 3, 1, 0, even, {-1, -1, -1, -1, 8, -1, -1, -1, -1}},
      {"laplacian", 3, 1, 0, even, {0, 1, 0, 1, -4, 1, 0, 1, 0}},
      {"pillow-blur", 5, 16, 0, even, {1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1}},
      {"pillow-contour", 3, 1, 255, even, {-1, -1, -1, -1, 8, -1, -1, -1, -1}},
      {"pillow-detail", 3, 6, 0, even, {0, -1, 0, -1, 10, -1, 0, -1, 0}},
      {"pillow-edge-enhance", 3, 2, 0, even, {-1, -1, -1, -1, 10, -1, -1, -1, -1}},
      {"pillow-edge-enhance-more", 3, 1, 0, even, {-1, -1, -1, -1, 9, -1, -1, -1, -1}},
      {"pillow-emboss", 3, 1, 128, upside_down, {-1, 0, 0, 0, 1, 0, 0, 0, 0}},
      {"pillow-find-edges", 3, 1, 0, even, {-1, -1, -1, -1, 8, -1, -1, -1, -1}},
      {"pillow-sharpen", 3, 16, 0, even, {-2, -2, -2, -2, 32, -2, -2, -2, -2}},
      {"pillow-smooth", 3, 13, 0, even, {1, 1, 1, 1, 5, 1, 1, 1, 1}},
      {"pillow-smooth-more", 5, 100, 0, even, {1, 1, 1, 1, 1, 1, 5, 5, 5, 1, 1, 5, 44,
                                               5, 1, 1, 5, 5, 5, 1, 1, 1, 1, 1, 1}}};
  return all;
}

constexpr std::array families{
    KernelFamily{"gaussian", "size[, sigma]", "gaussian(5, 1.2)", "a sampled Gaussian; without sigma 0.15 size + 0.35"},
    KernelFamily{"gaussian3x3", "", "gaussian3x3", "1 2 1 squared, over 16"},
    KernelFamily{"gaussian5x5", "", "gaussian5x5", "1 4 6 4 1 squared, over 256"},
    KernelFamily{"box", "size", "box(5)", "the mean of size x size pixels"},
    KernelFamily{"motion", "size, angle", "motion(9, 30)", "a line, degrees counter-clockwise from the row"},
    KernelFamily{"sharpen3x3", "", "sharpen3x3", "5 less the four neighbours"},
    KernelFamily{"sharpen5x5", "", "sharpen5x5", "twice the picture less its gaussian5x5"},
    KernelFamily{"emboss3x3", "", "emboss3x3", "relief over the picture"},
    KernelFamily{"emboss5x5", "", "emboss5x5", "relief over the picture, softer and deeper"},
    KernelFamily{"edges", "", "edges", "8 less the eight neighbours"},
    KernelFamily{"laplacian", "", "laplacian", "the four neighbours less 4"},
    KernelFamily{"unsharp", "sigma[, amount[, threshold]]", "unsharp(2, 1.5, 3)",
                 "picture + amount * (picture - its Gaussian); 1.5 and 0"},
    KernelFamily{"pillow-blur", "", "pillow-blur", "Pillow's BLUR"},
    KernelFamily{"pillow-contour", "", "pillow-contour", "Pillow's CONTOUR"},
    KernelFamily{"pillow-detail", "", "pillow-detail", "Pillow's DETAIL"},
    KernelFamily{"pillow-edge-enhance", "", "pillow-edge-enhance", "Pillow's EDGE_ENHANCE"},
    KernelFamily{"pillow-edge-enhance-more", "", "pillow-edge-enhance-more", "Pillow's EDGE_ENHANCE_MORE"},
    KernelFamily{"pillow-emboss", "", "pillow-emboss", "Pillow's EMBOSS"},
    KernelFamily{"pillow-find-edges", "", "pillow-find-edges", "Pillow's FIND_EDGES"},
    KernelFamily{"pillow-sharpen", "", "pillow-sharpen", "Pillow's SHARPEN"},
    KernelFamily{"pillow-smooth", "", "pillow-smooth", "Pillow's SMOOTH"},
    KernelFamily{"pillow-smooth-more", "", "pillow-smooth-more", "Pillow's SMOOTH_MORE"}};

// ---- from text

std::string usage_of(const KernelFamily& family) {
  return family.parameters.empty() ? std::string(family.name) : fmt::format("{}({})", family.name, family.parameters);
}

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if ('A' <= c && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

const KernelFamily& family_of(std::string_view name) {
  const auto found = std::ranges::find(families, name, &KernelFamily::name);
  if (found != families.end()) return *found;
  std::vector<std::string> names;
  for (const KernelFamily& family : families) names.push_back(usage_of(family));
  throw InvalidArgument(fmt::format("kernel: \"{}\" is none of {}.", name, fmt::join(names, ", ")));
}

std::optional<double> number(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

// "name" or "name(a, b)": the name, and what stands between the brackets.
std::pair<std::string, std::vector<std::string_view>> taken_apart(std::string_view text) {
  const std::size_t open = text.find('(');
  if (open == std::string_view::npos) return {lower(text), {}};
  std::string name = lower(trimmed(text.substr(0, open)));
  const KernelFamily& family = family_of(name);
  if (!text.ends_with(')'))
    throw InvalidArgument(fmt::format("kernel: \"{}\" has no closing bracket, as in {}.", text, family.example));
  std::string_view inside = trimmed(text.substr(open + 1, text.size() - open - 2));
  std::vector<std::string_view> parts;
  while (!inside.empty()) {
    const std::size_t comma = std::min(inside.find(','), inside.size());
    parts.push_back(trimmed(inside.substr(0, comma)));
    if (comma + 1 == inside.size()) parts.emplace_back();  // nothing behind the last comma
    inside.remove_prefix(std::min(comma + 1, inside.size()));
  }
  return {std::move(name), std::move(parts)};
}

// ---- the kernels

DenseKernel square(std::int64_t size, std::vector<double> values) {
  return {.values = std::move(values), .shape = {size, size}};
}

DenseKernel gaussian(std::int64_t radius, double sigma) {
  const std::vector<double> taps = gaussian_kernel(sigma, 0, radius).taps;
  std::vector<double> values;
  for (const double down : taps)
    for (const double across : taps) values.push_back(down * across);
  return square(2 * radius + 1, std::move(values));
}

// picture + amount * (picture - Gaussian), as one matrix.
DenseKernel unsharp(double sigma, double amount) {
  constexpr double largest_sigma = largest_size / 8 - 1;
  if (sigma > largest_sigma)
    throw InvalidArgument(
        fmt::format("kernel: unsharp({0:g}, {1:g}) has sigma {0:g}, as a matrix must be at most {2:g}, as in "
                    "unsharp(2, {1:g}).",
                    sigma, amount, std::floor(largest_sigma)));
  DenseKernel kernel = gaussian(truncated_radius(sigma, 4), sigma);
  for (double& weight : kernel.values) weight *= -amount;
  kernel.values[kernel.values.size() / 2] += 1 + amount;
  return kernel;
}

NamedKernel made(const KernelCall& call) {
  const std::vector<double>& given = call.parameters;
  const auto size = static_cast<std::int64_t>(given[0]);
  NamedKernel result{.name = call.text, .kernel = {}, .orientation = std::string(even)};
  if (call.name == "gaussian") {
    result.kernel = gaussian(size / 2, given[1]);
  } else if (call.name == "box") {
    result.kernel = square(size, std::vector<double>(static_cast<std::size_t>(size * size), 1));
    result.factor = 1 / static_cast<double>(size * size);
    if (size % 2 == 0)
      result.orientation = "half a pixel off: convolved, it sees one pixel more below and on the right";
  } else if (call.name == "motion") {
    result.kernel = base::motion_kernel(size, given[1]);
    result.orientation =
        fmt::format("along a line {:g} degrees counter-clockwise from the row; both ways alike", given[1]);
  } else {
    if (given[2] > 0)
      throw InvalidArgument(
          fmt::format("kernel: {} has a threshold, which no matrix can have; leave it out, as in unsharp({:g}, {:g}), "
                      "or filter a picture with it.",
                      call.text, given[0], given[1]));
    result.kernel = unsharp(given[0], given[1]);
  }
  return result;
}

}  // namespace

std::span<const KernelFamily> named_kernels() { return families; }

KernelCall parse_kernel_name(std::string_view text) {
  text = trimmed(text);
  auto [name, parts] = taken_apart(text);
  const KernelFamily& family = family_of(name);
  KernelCall call{.name = std::move(name), .parameters = {}, .text = std::string(family.name)};
  const auto found = std::ranges::find(computed(), family.name, &Computed::name);
  const std::size_t most = found == computed().end() ? 0 : found->parameters.size();
  if (parts.size() > most || (most > 0 && parts.size() < found->required))
    throw InvalidArgument(fmt::format("kernel: \"{}\" has {} parameter{}, must be {}, as in {}.", text, parts.size(),
                                      parts.size() == 1 ? "" : "s", usage_of(family), family.example));
  if (most == 0) return call;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto value = number(parts[i]);
    const Parameter& parameter = found->parameters[i];
    if (!value || !holds(parameter.rule, *value))
      throw InvalidArgument(fmt::format("kernel: \"{}\" has the {} \"{}\", must be {}, as in {}.", text, parameter.name,
                                        parts[i], told(parameter.rule), family.example));
    call.parameters.push_back(*value);
  }
  found->fill(call.parameters);
  call.text = fmt::format("{}({})", call.name, fmt::join(call.parameters, ", "));
  return call;
}

NamedKernel named_kernel(std::string_view text) {
  const KernelCall call = parse_kernel_name(text);
  const auto found = std::ranges::find(fixed(), call.name, &Fixed::name);
  if (found == fixed().end()) return made(call);
  return {.name = call.text,
          .kernel = square(found->size, found->values),
          .factor = 1 / found->divisor,
          .bias = found->bias,
          .orientation = std::string(found->orientation)};
}

}  // namespace gaussfilt::inline v0
