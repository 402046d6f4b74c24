// Floor 0. Taps for integer arithmetic.
#include "base/taps.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace gaussfilt::base {
namespace {

constexpr std::int64_t largest_weight = std::numeric_limits<std::int16_t>::max();
constexpr double sum_slack = 1e-9;  // of the taps, about 1; the bound counts it

bool fits(const Kernel& kernel) {
  if (symmetry(kernel) != Symmetry::even || kernel.centre != static_cast<std::int64_t>(kernel.taps.size()) / 2) {
    return false;
  }
  double sum = 0;
  for (const double tap : kernel.taps) {
    if (!(tap >= 0)) return false;
    sum += tap;
  }
  return std::abs(sum - 1) <= sum_slack;
}

// As many bits as the largest tap leaves, and one to try.
int bits_for(const Kernel& kernel, int most_bits) {
  const double largest = *std::ranges::max_element(kernel.taps);
  return std::min(most_bits, std::ilogb(static_cast<double>(largest_weight) / largest) + 1);
}

std::int32_t packed(std::int16_t first, std::int16_t second) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(static_cast<std::uint16_t>(first)) |
                                   static_cast<std::uint32_t>(static_cast<std::uint16_t>(second)) << 16);
}

void pack(IntegerTaps& taps) {
  const auto weight = [&](std::int32_t k) {
    return std::abs(k) <= taps.reach ? taps.weights[static_cast<std::size_t>(std::abs(k))] : std::int16_t{0};
  };
  for (std::int32_t k = taps.reach; k >= 0; k -= 2) {
    taps.folded.push_back(packed(weight(k), k > 0 ? weight(k - 1) : std::int16_t{0}));
  }
  for (std::int32_t k = -taps.reach; k <= taps.reach; k += 2) {
    taps.even.push_back(packed(weight(k), weight(k + 1)));
    taps.odd.push_back(packed(weight(k - 1), weight(k)));
  }
}

}  // namespace

std::optional<IntegerTaps> whole_taps(const Kernel& kernel, int most_bits) {
  if (!fits(kernel)) return std::nullopt;
  IntegerTaps taps;
  std::vector<std::int64_t> whole;
  taps.bits = bits_for(kernel, most_bits);
  while (true) {
    whole = integer_taps(kernel, std::int64_t{1} << taps.bits);
    if (*std::ranges::max_element(whole) <= largest_weight) break;
    --taps.bits;
  }
  for (std::size_t i = static_cast<std::size_t>(kernel.centre); i < whole.size(); ++i) {
    taps.weights.push_back(static_cast<std::int16_t>(whole[i]));
  }
  while (taps.weights.size() > 1 && taps.weights.back() == 0) taps.weights.pop_back();
  taps.reach = static_cast<std::int32_t>(taps.weights.size()) - 1;
  pack(taps);
  return taps;
}

double whole_taps_error(const Kernel& kernel, const IntegerTaps& whole) {
  double error = 0, sum = 0;
  for (std::size_t i = 0; i < kernel.taps.size(); ++i) {
    const auto away = static_cast<std::size_t>(std::abs(static_cast<std::int64_t>(i) - kernel.centre));
    const double weight = away < whole.weights.size() ? std::ldexp(whole.weights[away], -whole.bits) : 0;
    error += std::abs(kernel.taps[i] - weight);
    sum += kernel.taps[i];
  }
  return error + std::abs(sum - 1);
}

}  // namespace gaussfilt::base
