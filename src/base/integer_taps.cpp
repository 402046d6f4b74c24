// Floor 0. Taps as whole numbers of a given sum.
//
// Every tap is cut to the whole number below it; what is missing in the sum is given back, one unit each, to those
// that lost most. In an even kernel two taps lose alike, so units are given back in pairs, and the centre takes
// what is left: of all numbers of pairs the one whose sum of squared errors is least.
#include <gaussfilt/kernel.h>

#include <gaussfilt/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace gaussfilt::inline v0 {
namespace {

constexpr std::int64_t largest_sum = std::int64_t{1} << 40;  // a tap's share is then still exact to 1e-3

struct Shares {
  std::vector<std::int64_t> whole;
  std::vector<double> rest;  // in [0, 1)
  std::int64_t missing = 0;  // in the sum
};

Shares cut(const std::vector<double>& taps, double total, std::int64_t sum) {
  Shares shares;
  shares.missing = sum;
  for (const double tap : taps) {
    const double share = tap / total * static_cast<double>(sum), below = std::floor(share);
    shares.whole.push_back(static_cast<std::int64_t>(below));
    shares.rest.push_back(share - below);
    shares.missing -= shares.whole.back();
  }
  return shares;
}

// The first `count` indices in the order of what they lost, the largest first; of equal ones the nearest to the centre.
std::vector<std::size_t> by_rest(const Shares& shares, std::size_t count, std::int64_t centre) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto away = [centre](std::size_t i) { return std::abs(static_cast<std::int64_t>(i) - centre); };
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
    return shares.rest[a] != shares.rest[b] ? shares.rest[a] > shares.rest[b] : away(a) < away(b);
  });
  return order;
}

std::vector<std::int64_t> round_pairs(Shares shares) {
  const std::size_t middle = shares.whole.size() / 2;
  const std::vector<std::size_t> order = by_rest(shares, middle, static_cast<std::int64_t>(middle));
  const double lost = shares.rest[middle];
  // One pair more while that lessens the sum of squared errors; a centre that is not negative stays so.
  std::size_t pairs = 0;
  std::int64_t centre = shares.missing;  // units that the centre gets
  while (pairs < order.size()) {
    if (shares.whole[middle] >= 0 && shares.whole[middle] + centre < 2) break;
    const double rest = shares.rest[order[pairs]], before = static_cast<double>(centre) - lost, after = before - 2;
    const double change = 2 * ((1 - rest) * (1 - rest) - rest * rest) + after * after - before * before;
    if (!(change < 0)) break;
    ++pairs;
    centre -= 2;
  }
  for (std::size_t k = 0; k < pairs; ++k) {
    ++shares.whole[order[k]];
    ++shares.whole[shares.whole.size() - 1 - order[k]];
  }
  shares.whole[middle] += centre;
  return std::move(shares.whole);
}

std::vector<std::int64_t> round_each(Shares shares, std::int64_t centre) {
  const std::vector<std::size_t> order = by_rest(shares, shares.whole.size(), centre);
  for (std::int64_t k = 0; k < shares.missing; ++k) ++shares.whole[order[static_cast<std::size_t>(k) % order.size()]];
  return std::move(shares.whole);
}

}  // namespace

std::vector<std::int64_t> integer_taps(const Kernel& kernel, std::int64_t sum) {
  if (sum < 1 || sum > largest_sum) throw InvalidArgument(fmt::format("sum: is {}, must be 1 to {}", sum, largest_sum));
  double total = 0, mass = 0;
  for (const double tap : kernel.taps) {
    total += tap;
    mass += std::abs(tap);
  }
  if (!(total > 1e-9 * mass) || !std::isfinite(total))  // the taps of a derivative sum to 0 but for rounding
    throw InvalidArgument(
        fmt::format("kernel: its taps sum to {}, must sum to more than 0, as those of order 0 do", total));
  Shares shares = cut(kernel.taps, total, sum);
  return symmetry(kernel) == Symmetry::even ? round_pairs(std::move(shares))
                                            : round_each(std::move(shares), kernel.centre);
}

}  // namespace gaussfilt::inline v0
