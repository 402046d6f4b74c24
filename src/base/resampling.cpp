// Floor 0. The stored weights of a multirate axis, their errors and bounds.
#include "base/resampling.h"

#include "base/resample_errors.h"
#include "base/taps.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

namespace gaussfilt::base {
namespace {

using std::size_t;

// The whole, phase by phase, beside its target.
template <class T> class Whole {
 public:
  Whole(const ResampleTaps<T>& taps, const Kernel& low, const Kernel& target);

  // sum |the whole - the target| of the outputs in row r of a cell.
  double error(size_t r) const;

 private:
  const ResampleTaps<T>& taps_;
  const Kernel& target_;
  std::int64_t first_;            // index of the row's first sample, cell 0 being the output's
  std::vector<double> filtered_;  // z and the taps at the lower rate together, between zeros on either side
};

template <class T>
Whole<T>::Whole(const ResampleTaps<T>& taps, const Kernel& low, const Kernel& target) : taps_(taps), target_(target) {
  const size_t factor = taps.factor, width = taps.width, beyond = (width - 1) * factor;
  first_ = -static_cast<std::int64_t>((width - 1 + static_cast<size_t>(low.centre)) * factor);
  filtered_.resize((low.taps.size() - 1 + width) * factor + 2 * beyond);
  std::vector<double> down(factor * width);  // as they stand along the axis
  for (size_t t = 0; t < width; ++t) {
    for (size_t r = 0; r < factor; ++r) {
      down[t * factor + r] = static_cast<double>(taps.down[r * width + width - 1 - t]);
    }
  }
  for (size_t m = 0; m < low.taps.size(); ++m) {
    double* const to = filtered_.data() + beyond + m * factor;
    for (size_t i = 0; i < down.size(); ++i) to[i] += low.taps[m] * down[i];
  }
}

// Stretch by stretch, each in the L1 cache and with several sums, so that one need not wait for another.
template <class T> double Whole<T>::error(size_t r) const {
  constexpr std::int64_t stretch = 512;
  constexpr size_t apart = 16;
  const std::int64_t target_begin = static_cast<std::int64_t>(r) - target_.centre - first_;  // in the row
  const auto target_end = target_begin + static_cast<std::int64_t>(target_.taps.size());
  const auto size = static_cast<std::int64_t>(filtered_.size() - (taps_.width - 1) * taps_.factor);
  std::array<double, stretch> row;
  std::array<double, apart> sums{};
  for (std::int64_t i = 0; i < std::min(target_end, std::int64_t{0}) - target_begin; ++i) {
    sums[0] += std::abs(target_.taps[static_cast<size_t>(i)]);
  }
  for (std::int64_t begin = 0; begin < size; begin += stretch) {
    const std::int64_t end = std::min(begin + stretch, size);
    const auto count = static_cast<size_t>(end - begin);
    row.fill(0);
    for (size_t k = 0; k < taps_.width; ++k) {
      const auto weight = static_cast<double>(taps_.up[r * taps_.width + k]);
      const double* const from = filtered_.data() + begin + (taps_.width - 1 - k) * taps_.factor;
      for (size_t i = 0; i < count; ++i) row[i] += weight * from[i];
    }
    for (std::int64_t i = std::max(begin, target_begin); i < std::min(end, target_end); ++i) {
      row[static_cast<size_t>(i - begin)] -= target_.taps[static_cast<size_t>(i - target_begin)];
    }
    for (size_t i = 0; i < count; i += apart) {  // beyond `count` there are zeros
      for (size_t j = 0; j < apart; ++j) sums[j] += std::abs(row[i + j]);
    }
  }
  for (std::int64_t i = std::max(size, target_begin); i < target_end; ++i) {
    sums[0] += std::abs(target_.taps[static_cast<size_t>(i - target_begin)]);
  }
  double error = 0;
  for (const double sum : sums) error += sum;
  return error;
}

// Whether row r of a cell has the weights of row f - 1 - r in the opposite order.
template <class T> bool mirrors(const ResampleTaps<T>& taps) {
  return std::equal(taps.down.begin(), taps.down.end(), taps.down.rbegin()) &&
         std::equal(taps.up.begin(), taps.up.end(), taps.up.rbegin());
}

}  // namespace

std::int64_t low_period(Border border, std::int64_t n, std::int64_t factor) {
  if (border == Border::nearest || border == Border::constant) return 0;
  const std::int64_t all = period(border, n);
  return all % factor == 0 ? all / factor : 0;
}

// Under nearest and constant all samples that lie wholly beyond an edge are alike, and no sample that an output is made
// of is further from them than this.
Kernel folded_low_rate_taps(const Kernel& low, Border border, std::int64_t n, std::int64_t factor, std::int64_t width) {
  if (border == Border::nearest || border == Border::constant) {
    return fold(low, Border::nearest, (n + factor - 1) / factor + width - 1);
  }
  const std::int64_t repeats = low_period(border, n, factor);
  return repeats > 0 ? fold(low, Border::wrap, repeats) : low;
}

template <class T> ResampleTaps<T> resample_taps(const ResampleShape& shape) {
  const size_t factor = shape.factor, width = shape.width;
  ResampleTaps<T> taps{.factor = factor, .width = width, .down = {}, .up = {}};
  taps.down.resize(factor * width), taps.up.resize(factor * width);
  for (size_t r = 0; r < factor; ++r) {
    for (size_t k = 0; k < width; ++k) {
      taps.down[r * width + k] = static_cast<T>(shape.down[(width - 1 - k) * factor + r]);
      taps.up[r * width + k] = static_cast<T>(shape.up[(width - 1 - k) * factor + r]);
    }
  }
  return taps;
}

template <class T>
double phase_error(const ResampleTaps<T>& taps, const Kernel& low, const Kernel& target, std::size_t phase) {
  return Whole(taps, low, target).error(phase);
}

template <class T> double resample_error(const ResampleTaps<T>& taps, const Kernel& low, const Kernel& target) {
  const Whole whole(taps, low, target);
  // Phases that mirror each other, as their target does, err alike.
  const bool half = mirrors(taps) && symmetry(low) != Symmetry::none && symmetry(low) == symmetry(target);
  double worst = 0;
  for (size_t r = 0; r < (half ? (taps.factor + 1) / 2 : taps.factor); ++r) worst = std::max(worst, whole.error(r));
  return worst;
}

namespace {

bool tabled(size_t width, int order) { return order >= 0 && order <= 2 && width >= 2 && width <= most_width; }

// By how many decibels the error is under the target, at each of the ratios.
const auto& decibels_of(size_t factor, size_t width, int order) {
  const auto found = std::ranges::lower_bound(tabled_factors, static_cast<int>(factor));
  const auto at = std::min<size_t>(static_cast<size_t>(found - tabled_factors.begin()), tabled_factors.size() - 1);
  return tabled_errors[static_cast<size_t>(order)][width - 2][at];
}

}  // namespace

double expected_error(size_t factor, size_t width, double sigma, int order) {
  const double ratio = sigma / static_cast<double>(factor);
  const auto above = std::ranges::upper_bound(tabled_ratios, ratio);
  if (above == tabled_ratios.begin() || !tabled(width, order)) return 1;
  const auto& row = decibels_of(factor, width, order);
  const auto at = static_cast<size_t>(above - tabled_ratios.begin()) - 1;
  double decibels = row[at];
  if (at + 1 < tabled_ratios.size()) {
    const double part = (ratio - tabled_ratios[at]) / (tabled_ratios[at + 1] - tabled_ratios[at]);
    decibels += part * (row[at + 1] - row[at]);
  }
  return std::pow(10, -decibels / 20);
}

double expected_sigma(size_t factor, size_t width, int order, double error) {
  const double least = -20 * std::log10(error);
  if (!tabled(width, order)) return std::numeric_limits<double>::infinity();
  const auto& row = decibels_of(factor, width, order);
  const auto found = std::ranges::find_if(row, [&](double decibels) { return decibels >= least; });
  if (found == std::end(row)) return std::numeric_limits<double>::infinity();
  const auto at = static_cast<size_t>(found - std::begin(row));
  double ratio = tabled_ratios[at];
  if (at > 0) ratio -= (ratio - tabled_ratios[at - 1]) * (row[at] - least) / (row[at] - row[at - 1]);
  return ratio * static_cast<double>(factor);
}

// A product is rounded when it is made, and with every sum that it then goes into.
template <class T> double down_roundings(const ResampleTaps<T>& taps) {
  const size_t rows = rows_a_block(taps.factor), blocks = (taps.factor + rows - 1) / rows;
  double sum = 0;
  for (size_t r = 0; r < taps.factor; ++r) {
    const size_t block = r / rows, end = std::min((block + 1) * rows, taps.factor);
    for (size_t k = 0; k < taps.width; ++k) {
      const size_t cell = taps.width - 1 - k;  // the oldest sample's last weights come first
      const size_t additions = taps.width * blocks - (cell * blocks + block);
      sum += std::abs(static_cast<double>(taps.down[r * taps.width + k])) * static_cast<double>(end - r + additions);
    }
  }
  return sum;
}

template <class T> double up_roundings(const ResampleTaps<T>& taps) {
  double most = 0;
  for (size_t r = 0; r < taps.factor; ++r) {
    double sum = 0;
    for (size_t i = 0; i < taps.width; ++i) {
      const size_t k = from_outside(i, taps.width);
      sum += std::abs(static_cast<double>(taps.up[r * taps.width + k])) * static_cast<double>(taps.width - i);
    }
    most = std::max(most, sum);
  }
  return most;
}

double delivered_sigma(const ResampleShape& shape, const Kernel& low) {
  const auto variance = [](const std::vector<double>& weights) {
    const double middle = (static_cast<double>(weights.size()) - 1) / 2;
    double sum = 0, all = 0;
    for (size_t i = 0; i < weights.size(); ++i) {
      const double x = static_cast<double>(i) - middle;
      sum += weights[i] * x * x, all += weights[i];
    }
    return sum / all;
  };
  const auto factor = static_cast<double>(shape.factor);
  return std::sqrt(variance(shape.down) + variance(shape.up) + factor * factor * variance(low.taps));
}

template <class T> double down_mass(const ResampleTaps<T>& taps) {
  double sum = 0;
  for (const T weight : taps.down) sum += std::abs(static_cast<double>(weight));
  return sum;
}

template <class T> double up_mass(const ResampleTaps<T>& taps) {
  double most = 0;
  for (size_t r = 0; r < taps.factor; ++r) {
    double sum = 0;
    for (size_t k = 0; k < taps.width; ++k) sum += std::abs(static_cast<double>(taps.up[r * taps.width + k]));
    most = std::max(most, sum);
  }
  return most;
}

template ResampleTaps<float> resample_taps(const ResampleShape& shape);
template ResampleTaps<double> resample_taps(const ResampleShape& shape);
template double phase_error(const ResampleTaps<double>& taps, const Kernel& low, const Kernel& target, size_t phase);
template double resample_error(const ResampleTaps<float>& taps, const Kernel& low, const Kernel& target);
template double resample_error(const ResampleTaps<double>& taps, const Kernel& low, const Kernel& target);
template double down_roundings(const ResampleTaps<float>& taps);
template double down_roundings(const ResampleTaps<double>& taps);
template double up_roundings(const ResampleTaps<float>& taps);
template double up_roundings(const ResampleTaps<double>& taps);
template double down_mass(const ResampleTaps<float>& taps);
template double down_mass(const ResampleTaps<double>& taps);
template double up_mass(const ResampleTaps<float>& taps);
template double up_mass(const ResampleTaps<double>& taps);

}  // namespace gaussfilt::base
