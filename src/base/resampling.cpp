// Floor 0. The stored weights of a multirate axis, their errors and bounds.
#include "base/resampling.h"

#include "base/resample_errors.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace gaussfilt::base {
namespace {

using std::size_t;

// The whole, phase by phase, beside its target.
template <class T> class Whole {
 public:
  Whole(const ResampleTaps<T>& taps, const Kernel& low, const Kernel& target);

  // sum |the whole - the target| of the outputs in row r of a cell.
  double error(size_t r);

 private:
  const ResampleTaps<T>& taps_;
  const Kernel& target_;
  std::int64_t first_;            // index of row_[0], cell 0 being the output's
  std::vector<double> filtered_;  // z and the taps at the lower rate together, from the oldest cell's first sample on
  std::vector<double> row_;
};

template <class T>
Whole<T>::Whole(const ResampleTaps<T>& taps, const Kernel& low, const Kernel& target) : taps_(taps), target_(target) {
  const size_t factor = taps.factor, width = taps.width;
  first_ = -static_cast<std::int64_t>((width - 1 + static_cast<size_t>(low.centre)) * factor);
  filtered_.resize((low.taps.size() - 1 + width) * factor);
  std::vector<double> down(factor * width);  // as they stand along the axis
  for (size_t t = 0; t < width; ++t) {
    for (size_t r = 0; r < factor; ++r) {
      down[t * factor + r] = static_cast<double>(taps.down[r * width + width - 1 - t]);
    }
  }
  for (size_t m = 0; m < low.taps.size(); ++m) {
    for (size_t i = 0; i < down.size(); ++i) filtered_[m * factor + i] += low.taps[m] * down[i];
  }
  row_.resize(filtered_.size() + (width - 1) * factor);
}

template <class T> double Whole<T>::error(size_t r) {
  std::fill(row_.begin(), row_.end(), 0.0);
  for (size_t k = 0; k < taps_.width; ++k) {
    const auto weight = static_cast<double>(taps_.up[r * taps_.width + k]);
    double* const to = row_.data() + k * taps_.factor;
    for (size_t i = 0; i < filtered_.size(); ++i) to[i] += weight * filtered_[i];
  }
  const std::int64_t start = static_cast<std::int64_t>(r) - target_.centre - first_;  // of the target in the row
  const auto size = static_cast<std::int64_t>(row_.size());
  const auto end = start + static_cast<std::int64_t>(target_.taps.size());
  double error = 0;
  for (std::int64_t i = start; i < end; ++i) {
    if (i >= 0 && i < size) row_[static_cast<size_t>(i)] -= target_.taps[static_cast<size_t>(i - start)];
    else error += std::abs(target_.taps[static_cast<size_t>(i - start)]);
  }
  for (const double difference : row_) error += std::abs(difference);
  return error;
}

// Whether row r of a cell has the weights of row f - 1 - r in the opposite order.
template <class T> bool mirrors(const ResampleTaps<T>& taps) {
  return std::equal(taps.down.begin(), taps.down.end(), taps.down.rbegin()) &&
         std::equal(taps.up.begin(), taps.up.end(), taps.up.rbegin());
}

}  // namespace

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
  Whole whole(taps, low, target);
  // Phases that mirror each other, as their target does, err alike.
  const bool half = mirrors(taps) && symmetry(low) != Symmetry::none && symmetry(low) == symmetry(target);
  double worst = 0;
  for (size_t r = 0; r < (half ? (taps.factor + 1) / 2 : taps.factor); ++r) worst = std::max(worst, whole.error(r));
  return worst;
}

double expected_error(size_t factor, size_t width, double sigma, int order) {
  const double ratio = sigma / static_cast<double>(factor);
  const auto tabled = std::ranges::lower_bound(tabled_factors, static_cast<int>(factor));
  const auto above = std::ranges::upper_bound(tabled_ratios, ratio);
  if (above == tabled_ratios.begin() || order < 0 || order > 2 || width < 2 || width > most_width) return 1;
  const size_t at_factor =
      std::min<size_t>(static_cast<size_t>(tabled - tabled_factors.begin()), tabled_factors.size() - 1);
  const auto& row = tabled_errors[static_cast<size_t>(order)][width - 2][at_factor];
  const auto at = static_cast<size_t>(above - tabled_ratios.begin()) - 1;
  double decibels = row[at];
  if (at + 1 < tabled_ratios.size()) {
    const double part = (ratio - tabled_ratios[at]) / (tabled_ratios[at + 1] - tabled_ratios[at]);
    decibels += part * (row[at + 1] - row[at]);
  }
  return std::pow(10, -decibels / 20);
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
