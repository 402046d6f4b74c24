// Floor 0. The table of border rules and the index formula.
#include <gaussfilt/border.h>

#include <gaussfilt/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

namespace gaussfilt::inline v0 {
namespace {

constexpr std::array<std::string_view, 2> reflect_aliases{"grid-mirror", "symmetric"};
constexpr std::array<std::string_view, 2> mirror_aliases{"reflect_101", "reflect101"};
constexpr std::array<std::string_view, 2> nearest_aliases{"replicate", "edge"};
constexpr std::array<std::string_view, 1> wrap_aliases{"grid-wrap"};
constexpr std::array<std::string_view, 1> constant_aliases{"grid-constant"};

constexpr std::array<BorderRule, 5> rules{{
    {Border::reflect, "reflect", "m = i mod 2n; m < n ? m : 2n - 1 - m", "d c b a | a b c d | d c b a",
     reflect_aliases},
    {Border::mirror, "mirror", "m = i mod (2n - 2); m < n ? m : 2n - 2 - m", "d c b | a b c d | c b a", mirror_aliases},
    {Border::nearest, "nearest", "min(max(i, 0), n - 1)", "a a a | a b c d | d d d", nearest_aliases},
    {Border::wrap, "wrap", "i mod n", "a b c d | a b c d | a b c d", wrap_aliases},
    {Border::constant, "constant", "0 <= i < n ? i : cval", "k k k | a b c d | k k k", constant_aliases},
}};

std::int64_t modulo(std::int64_t i, std::int64_t n) {
  const std::int64_t m = i % n;
  return m < 0 ? m + n : m;
}

}  // namespace

std::span<const BorderRule> border_rules() { return rules; }

std::string_view name(Border border) { return rules[static_cast<std::size_t>(border)].name; }

Border parse_border(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return 'A' <= c && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  for (const BorderRule& rule : rules) {
    if (lower == rule.name || std::ranges::find(rule.aliases, lower) != rule.aliases.end()) return rule.border;
  }
  throw InvalidArgument(fmt::format("border: \"{}\" is none of reflect, mirror, nearest, wrap, constant", text));
}

std::int64_t border_index(Border border, std::int64_t i, std::int64_t n) {
  if (0 <= i && i < n) return i;
  switch (border) {
    case Border::reflect: {
      const std::int64_t m = modulo(i, 2 * n);
      return m < n ? m : 2 * n - 1 - m;
    }
    case Border::mirror: {
      if (n == 1) return 0;
      const std::int64_t m = modulo(i, 2 * n - 2);
      return m < n ? m : 2 * n - 2 - m;
    }
    case Border::nearest: return i < 0 ? 0 : n - 1;
    case Border::wrap: return modulo(i, n);
    case Border::constant: break;
  }
  return -1;
}

}  // namespace gaussfilt::inline v0
