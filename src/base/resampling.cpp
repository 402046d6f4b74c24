// Floor 0. The design of a multirate axis, in f64, and its error.
#include "base/resampling.h"

#include "base/resample_errors.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace gaussfilt::base {
namespace {

using std::size_t;

// The spectrum of what aliases counts as exp(-(sigma omega)^2 spread); under 1 as the taps at the lower rate lift what
// the shape has weakened.
constexpr double spread = 0.9;
// Added to the energy, relative to its mean, so that its matrix can be factored in f64.
constexpr double noise = 1e-15;
// What the taps at the lower rate lift, at the least, relative to what passes of a constant.
constexpr double lifted = 1e-12;

// Solves A x = b for a symmetric positive definite A of n rows, in place; false where it is not.
bool solve(std::vector<double>& a, std::vector<double>& b) {
  const size_t n = b.size();
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j <= i; ++j) {
      double sum = a[i * n + j];
      for (size_t k = 0; k < j; ++k) sum -= a[i * n + k] * a[j * n + k];
      if (i == j) {
        if (!(sum > 0)) return false;
        a[i * n + i] = std::sqrt(sum);
      } else {
        a[i * n + j] = sum / a[j * n + j];
      }
    }
  }
  for (size_t i = 0; i < n; ++i) {
    for (size_t k = 0; k < i; ++k) b[i] -= a[i * n + k] * b[k];
    b[i] /= a[i * n + i];
  }
  for (size_t i = n; i-- > 0;) {
    for (size_t k = i + 1; k < n; ++k) b[i] -= a[k * n + i] * b[k];
    b[i] /= a[i * n + i];
  }
  return true;
}

// The first half of the symmetric weights that sum to 1 with the least energy aliased: all energy, which is what
// multiples of f meet in, less that of the lower band.
std::vector<double> least_aliasing(size_t factor, size_t size, double sigma, double added) {
  const size_t half = (size + 1) / 2;
  std::vector<double> gauss(size);
  for (size_t i = 0; i < size; ++i) {
    const double x = static_cast<double>(i) / sigma;
    gauss[i] = std::exp(-x * x / (4 * spread));
  }
  const auto energy = [&](size_t x, size_t y) {
    const size_t apart = x > y ? x - y : y - x;
    return gauss[apart] * ((apart % factor == 0 ? static_cast<double>(factor) : 0.0) - 1);
  };
  const bool middle = size % 2 == 1;
  std::vector<double> matrix(half * half), weights(half);
  for (size_t i = 0; i < half; ++i) {
    const double share = middle && i + 1 == half ? 0.5 : 1;  // the middle one is its own mirror image
    weights[i] = 2 * share;
    for (size_t j = 0; j < half; ++j) {
      const double other = middle && j + 1 == half ? 0.5 : 1;
      matrix[i * half + j] = 2 * share * other * (energy(i, j) + energy(i, size - 1 - j));
    }
    matrix[i * half + i] += 2 * share * added * static_cast<double>(factor);
  }
  if (!solve(matrix, weights)) return {};
  return weights;
}

// Correlation of two lists at distance `apart` >= 0 of the second one.
double overlap_sum(const std::vector<double>& a, const std::vector<double>& b, std::int64_t apart) {
  double sum = 0;
  for (std::int64_t i = 0; i < static_cast<std::int64_t>(a.size()); ++i) {
    const std::int64_t j = i + apart;
    if (j >= 0 && j < static_cast<std::int64_t>(b.size())) sum += a[static_cast<size_t>(i)] * b[static_cast<size_t>(j)];
  }
  return sum;
}

// sum over e of (correlation of up and down at e) target(m f + e), for m = 0 ... count - 1.
std::vector<double> projected(const ResampleShape& shape, const Kernel& target, size_t count) {
  const auto size = static_cast<std::int64_t>(shape.down.size());
  std::vector<double> both(2 * shape.down.size() - 1);
  for (std::int64_t e = 1 - size; e < size; ++e) {
    both[static_cast<size_t>(e + size - 1)] = overlap_sum(shape.up, shape.down, e);
  }
  const auto taps = static_cast<std::int64_t>(target.taps.size());
  std::vector<double> sums(count);
  for (size_t m = 0; m < count; ++m) {
    const std::int64_t base = target.centre + static_cast<std::int64_t>(m * shape.factor);
    const std::int64_t from = std::max(1 - size, -base), to = std::min(size, taps - base);
    double sum = 0;
    for (std::int64_t e = from; e < to; ++e) {
      sum += both[static_cast<size_t>(e + size - 1)] * target.taps[static_cast<size_t>(base + e)];
    }
    sums[m] = sum;
  }
  return sums;
}

std::vector<double> self_overlap(const std::vector<double>& weights, const ResampleShape& shape) {
  std::vector<double> sums(shape.width);
  for (size_t j = 0; j < shape.width; ++j) {
    sums[j] = overlap_sum(weights, weights, static_cast<std::int64_t>(j * shape.factor));
  }
  return sums;
}

// Samples of transforms on a circle of `size` frequencies.
class Circle {
 public:
  explicit Circle(size_t size) : cosine_(size), sine_(size) {
    for (size_t i = 0; i < size; ++i) {
      const double angle = 2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(size);
      cosine_[i] = std::cos(angle), sine_[i] = std::sin(angle);
    }
  }
  size_t size() const { return cosine_.size(); }
  // Of an even sequence from its entries at 0, 1, 2 ...
  double even(const std::vector<double>& sequence, size_t frequency) const {
    double sum = sequence[0];
    for (size_t m = 1; m < sequence.size(); ++m) sum += 2 * sequence[m] * cosine_[m * frequency % size()];
    return sum;
  }
  // Of an odd one, less the factor i.
  double odd(const std::vector<double>& sequence, size_t frequency) const {
    double sum = 0;
    for (size_t m = 1; m < sequence.size(); ++m) sum += 2 * sequence[m] * sine_[m * frequency % size()];
    return sum;
  }

 private:
  std::vector<double> cosine_, sine_;
};

// Entries 0 ... count - 1 of the sequence whose transform is numerator / (a b).
std::vector<double> divided(const std::vector<double>& numerator, const std::vector<double>& a,
                            const std::vector<double>& b, bool is_odd, size_t count) {
  size_t size = 64;
  while (size < 4 * count) size *= 2;
  const Circle circle(size);
  // Where next to nothing passes, next to nothing is asked for; there rounding shall not be lifted.
  const double floor = lifted * circle.even(a, 0) * circle.even(b, 0), least = floor * floor;
  std::vector<double> half(size / 2 + 1);  // the other half mirrors it
  for (size_t p = 0; p < half.size(); ++p) {
    const double above = is_odd ? circle.odd(numerator, p) : circle.even(numerator, p);
    const double below = circle.even(a, p) * circle.even(b, p);
    half[p] = above * below / (below * below + least);
  }
  half.front() *= 0.5, half.back() *= 0.5;  // they have no mirror image; Circle counts all but the first twice
  std::vector<double> sequence(count);
  for (size_t m = 0; m < count; ++m) {
    double sum = 0;
    if (is_odd) {
      sum = circle.odd(half, m);
    } else {
      sum = circle.even(half, m) + half[0];
    }
    sequence[m] = sum / static_cast<double>(size);
  }
  return sequence;
}

// Where the tail of the taps falls under the budget.
size_t reach_of(const std::vector<double>& taps, double budget) {
  double tail = 0;
  size_t reach = taps.size() - 1;
  while (reach > 1 && tail + 2 * std::abs(taps[reach]) <= budget) tail += 2 * std::abs(taps[reach--]);
  return reach;
}

double sum_of(const std::vector<double>& values) {
  long double sum = 0;
  for (const double value : values) sum += value;
  return static_cast<double>(sum);
}

double first_moment(const Kernel& kernel) {
  long double sum = 0;
  for (size_t i = 0; i < kernel.taps.size(); ++i) {
    sum += static_cast<long double>(static_cast<std::int64_t>(i) - kernel.centre) * kernel.taps[i];
  }
  return static_cast<double>(sum);
}

// To the target's gain, first moment or the sum 0.
void settle(Kernel& low, const Kernel& target, const ResampleShape& shape, int order) {
  double& centre = low.taps[static_cast<size_t>(low.centre)];
  if (order == 1) {
    const double scale = first_moment(target) / (first_moment(low) * static_cast<double>(shape.factor));
    for (double& tap : low.taps) tap *= scale;
  } else if (order == 2) {
    centre -= sum_of(low.taps);
  } else {
    const double scale = 1 / sum_of(low.taps);
    for (double& tap : low.taps) tap *= scale;
    centre += 1 - sum_of(low.taps);
  }
}

}  // namespace

ResampleShape resample_shape(size_t factor, size_t width, double sigma) {
  ResampleShape shape{.factor = factor, .width = width, .down = {}, .up = {}};
  const size_t size = factor * width;
  std::vector<double> half;
  for (double added = noise; half.empty(); added *= 10) half = least_aliasing(factor, size, sigma, added);
  shape.down.resize(size);
  for (size_t i = 0; i < half.size(); ++i) shape.down[i] = shape.down[size - 1 - i] = half[i];
  const double sum = sum_of(shape.down);
  for (double& weight : shape.down) weight /= sum;
  shape.up = shape.down;
  for (size_t r = 0; r < factor; ++r) {
    double gain = 0;
    for (size_t k = 0; k < width; ++k) gain += shape.up[k * factor + r];
    for (size_t k = 0; k < width; ++k) shape.up[k * factor + r] /= gain;
  }
  return shape;
}

std::optional<Kernel> low_rate_taps(const ResampleShape& shape, const Kernel& target, int order, double budget) {
  const size_t cells = target.taps.size() / 2 / shape.factor;
  const size_t count = cells + 3 * shape.width + 8;  // division spreads them
  const std::vector<double> taps = divided(projected(shape, target, count), self_overlap(shape.up, shape),
                                           self_overlap(shape.down, shape), order % 2 == 1, count);
  if (!std::all_of(taps.begin(), taps.end(), [](double tap) { return std::isfinite(tap); })) return std::nullopt;
  const size_t reach = reach_of(taps, budget);
  Kernel low{.taps = std::vector<double>(2 * reach + 1), .centre = static_cast<std::int64_t>(reach)};
  const double mirrored = order % 2 == 1 ? -1 : 1;
  for (size_t m = 0; m <= reach; ++m) {
    low.taps[reach - m] = mirrored * taps[m];
    low.taps[reach + m] = taps[m];
  }
  settle(low, target, shape, order);
  return low;
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

template <class T> double resample_error(const ResampleTaps<T>& taps, const Kernel& low, const Kernel& target) {
  const size_t factor = taps.factor, width = taps.width;
  // z and the taps at the lower rate together, from the first sample of the oldest cell on.
  std::vector<double> filtered((low.taps.size() - 1 + width) * factor);
  for (size_t m = 0; m < low.taps.size(); ++m) {
    for (size_t t = 0; t < width; ++t) {
      for (size_t r = 0; r < factor; ++r) {
        filtered[(m + t) * factor + r] += low.taps[m] * static_cast<double>(taps.down[r * width + width - 1 - t]);
      }
    }
  }
  std::vector<double> whole(filtered.size() + (width - 1) * factor);
  const auto first = -static_cast<std::int64_t>(width - 1 + static_cast<size_t>(low.centre)) *
                     static_cast<std::int64_t>(factor);  // index of whole[0], cell 0 being the output's
  const auto size = static_cast<std::int64_t>(whole.size()), reach = static_cast<std::int64_t>(target.taps.size());
  double worst = 0;
  for (size_t r = 0; r < factor; ++r) {
    std::fill(whole.begin(), whole.end(), 0.0);
    for (size_t k = 0; k < width; ++k) {
      const auto weight = static_cast<double>(taps.up[r * width + k]);
      for (size_t i = 0; i < filtered.size(); ++i) whole[k * factor + i] += weight * filtered[i];
    }
    const std::int64_t start = static_cast<std::int64_t>(r) - target.centre - first;  // of the target in whole
    double error = 0;
    for (std::int64_t i = std::min<std::int64_t>(start, 0); i < std::max(start + reach, size); ++i) {
      const double is = i >= 0 && i < size ? whole[static_cast<size_t>(i)] : 0;
      const double meant = i >= start && i < start + reach ? target.taps[static_cast<size_t>(i - start)] : 0;
      error += std::abs(is - meant);
    }
    worst = std::max(worst, error);
  }
  return worst;
}

double expected_error(size_t factor, size_t width, double sigma) {
  const double ratio = sigma / static_cast<double>(factor);
  const auto row = std::ranges::lower_bound(tabled_factors, static_cast<int>(factor));
  const auto above = std::ranges::upper_bound(tabled_ratios, ratio);
  if (above == tabled_ratios.begin() || width < 2 || width > most_width) return 1;
  const size_t at_factor =
      std::min<size_t>(static_cast<size_t>(row - tabled_factors.begin()), tabled_factors.size() - 1);
  const auto& digits = tabled_errors[width - 2][at_factor];
  const auto at = static_cast<size_t>(above - tabled_ratios.begin()) - 1;
  double ten_times = digits[at];
  if (at + 1 < tabled_ratios.size()) {
    const double part = (ratio - tabled_ratios[at]) / (tabled_ratios[at + 1] - tabled_ratios[at]);
    ten_times += part * (digits[at + 1] - digits[at]);
  }
  return std::pow(10, -ten_times / 10);
}

// A product is rounded when it is made, and with every sum that it then goes into.
template <class T> double down_roundings(const ResampleTaps<T>& taps, size_t rows_a_block) {
  const size_t blocks = (taps.factor + rows_a_block - 1) / rows_a_block;
  double sum = 0;
  for (size_t r = 0; r < taps.factor; ++r) {
    const size_t block = r / rows_a_block, end = std::min((block + 1) * rows_a_block, taps.factor);
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
    for (size_t i = 0; i < taps.width; ++i) {  // in the order of summation: from both ends to the middle
      const size_t k = i % 2 == 0 ? i / 2 : taps.width - 1 - i / 2;
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
template double resample_error(const ResampleTaps<float>& taps, const Kernel& low, const Kernel& target);
template double resample_error(const ResampleTaps<double>& taps, const Kernel& low, const Kernel& target);
template double down_roundings(const ResampleTaps<float>& taps, size_t rows_a_block);
template double down_roundings(const ResampleTaps<double>& taps, size_t rows_a_block);
template double up_roundings(const ResampleTaps<float>& taps);
template double up_roundings(const ResampleTaps<double>& taps);
template double down_mass(const ResampleTaps<float>& taps);
template double down_mass(const ResampleTaps<double>& taps);
template double up_mass(const ResampleTaps<float>& taps);
template double up_mass(const ResampleTaps<double>& taps);

}  // namespace gaussfilt::base
