// Floor 0. The taps of a multirate axis at its lower rate: least squares of the whole over all phases.
#include "base/resampling.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

namespace gaussfilt::base {
namespace {

using std::size_t;

// Of what a pivot is made of: less than this is rounding.
constexpr double least_pivot = 1e-15;

// sum over i of a[i] b[i + apart]
double overlap_sum(const std::vector<double>& a, const std::vector<double>& b, std::int64_t apart) {
  const auto start = static_cast<size_t>(std::max<std::int64_t>(-apart, 0));
  const auto other = static_cast<size_t>(std::max<std::int64_t>(apart, 0));
  const size_t count = std::min(a.size() - start, b.size() - other);
  double sums[4]{};
  for (size_t i = 0; i < count; ++i) sums[i % 4] += a[start + i] * b[other + i];
  return sums[0] + sums[1] + sums[2] + sums[3];
}

// A symmetric positive matrix whose entries further than `band` from the diagonal are 0, factored from the top: the
// factor of its first rows is the first rows of its factor.
class Banded {
 public:
  // entry(i, j), j <= i. Ends where the rest is rounding.
  template <class Entry> Banded(size_t rows, size_t band, const Entry& entry) : band_(band) {
    for (size_t i = 0; i < rows; ++i) {
      lower_.resize((i + 1) * (band_ + 1));
      for (size_t j = first(i); j <= i; ++j) {
        double sum = entry(i, j);
        const double whole = sum;
        for (size_t k = first(i); k < j; ++k) sum -= at(i, k) * at(j, k);
        if (i == j && !(sum > least_pivot * whole)) return;
        at(i, j) = i == j ? std::sqrt(sum) : sum / at(j, j);
      }
      ++rows_;
    }
  }
  size_t rows() const { return rows_; }

  // One half of the solution, for as many rows as there are. The other one, for the first ones of them.
  std::vector<double> forward(std::vector<double> b) const {
    for (size_t i = 0; i < rows_; ++i) {
      for (size_t k = first(i); k < i; ++k) b[i] -= at(i, k) * b[k];
      b[i] /= at(i, i);
    }
    return b;
  }
  std::vector<double> backward(std::vector<double> b, size_t rows) const {
    b.resize(rows);
    for (size_t i = rows; i-- > 0;) {
      b[i] /= at(i, i);
      for (size_t k = first(i); k < i; ++k) b[k] -= at(i, k) * b[i];
    }
    return b;
  }

 private:
  size_t first(size_t i) const { return i > band_ ? i - band_ : 0; }
  double& at(size_t i, size_t j) { return lower_[i * band_ + j + band_]; }
  double at(size_t i, size_t j) const { return lower_[i * band_ + j + band_]; }

  size_t band_, rows_ = 0;
  std::vector<double> lower_;
};

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

// sum over e of (correlation of up and down at e) target(m f + e), for m = 0 ... count - 1.
std::vector<double> projected(const ResampleShape& shape, const Kernel& target, size_t count) {
  const auto size = static_cast<std::int64_t>(shape.down.size());
  std::vector<double> both(2 * shape.down.size() - 1);
  for (std::int64_t e = 1 - size; e < size; ++e) {
    both[static_cast<size_t>(e + size - 1)] = overlap_sum(shape.up, shape.down, e);
  }
  std::vector<double> sums(count);
  for (size_t m = 0; m < count; ++m) {
    const std::int64_t start = target.centre + static_cast<std::int64_t>(m * shape.factor) - (size - 1);
    sums[m] = overlap_sum(both, target.taps, start);
  }
  return sums;
}

// Correlation of up and of down, at multiples of the factor, convolved: from 0 on, none beyond the last.
std::vector<double> both_overlaps(const ResampleShape& shape) {
  const auto width = static_cast<std::int64_t>(shape.width), factor = static_cast<std::int64_t>(shape.factor);
  std::vector<double> sums(2 * shape.width - 1);
  for (std::int64_t a = 1 - width; a < width; ++a) {
    const double up = overlap_sum(shape.up, shape.up, a * factor);
    for (std::int64_t b = std::max(-a, 1 - width); b < width; ++b) {
      sums[static_cast<size_t>(a + b)] += up * overlap_sum(shape.down, shape.down, b * factor);
    }
  }
  return sums;
}

// The normal equations of the taps 0 ... R, for they mirror each other: t[-m] = t[m], or -t[m] where the order is odd,
// which has no t[0]. The moment that the order asks for is held by a multiplier.
class NormalEquations {
 public:
  NormalEquations(const ResampleShape& shape, const Kernel& target, int order, size_t most);

  size_t most_reach() const { return matrix_.rows() - 1 + skipped_; }
  Kernel taps(size_t reach) const;

 private:
  size_t skipped_;
  Banded matrix_;
  std::vector<double> moments_, halfway_target_, halfway_moments_;
  double moment_;
};

Banded folded_matrix(const ResampleShape& shape, bool odd, size_t most) {
  const std::vector<double> overlaps = both_overlaps(shape);
  const auto overlap = [&](size_t apart) { return apart < overlaps.size() ? overlaps[apart] : 0; };
  const size_t skipped = odd ? 1 : 0;
  return {most + 1 - skipped, overlaps.size() - 1, [&, skipped, odd](size_t i, size_t j) {
            const size_t m = i + skipped, n = j + skipped;
            const double times = (m == 0 ? 0.5 : 1) * (n == 0 ? 1 : 2);
            return times * (overlap(m - n) + (odd ? -1 : 1) * overlap(m + n));
          }};
}

NormalEquations::NormalEquations(const ResampleShape& shape, const Kernel& target, int order, size_t most)
    : skipped_(order % 2 == 1 ? 1 : 0),
      matrix_(folded_matrix(shape, order % 2 == 1, most)),
      moment_(order == 0   ? 1
              : order == 1 ? first_moment(target)
                           : 0) {
  std::vector<double> aims = projected(shape, target, most_reach() + 1);
  for (size_t m = skipped_; m <= most_reach(); ++m) {
    const double times = m == 0 ? 1 : 2;
    moments_.push_back(order == 1 ? times * static_cast<double>(m * shape.factor) : times);
    aims[m - skipped_] = times * aims[m];
  }
  halfway_target_ = matrix_.forward(std::move(aims));
  halfway_moments_ = matrix_.forward(moments_);
}

Kernel NormalEquations::taps(size_t reach) const {
  const size_t count = reach + 1 - skipped_;
  std::vector<double> nearest = matrix_.backward(halfway_target_, count);
  const std::vector<double> lever = matrix_.backward(halfway_moments_, count);
  double missing = moment_, by = 0;
  for (size_t i = 0; i < count; ++i) missing -= moments_[i] * nearest[i], by += moments_[i] * lever[i];
  Kernel low{.taps = std::vector<double>(2 * reach + 1), .centre = static_cast<std::int64_t>(reach)};
  for (size_t i = 0; i < count; ++i) {
    const double tap = nearest[i] + missing / by * lever[i];
    low.taps[reach - i - skipped_] = skipped_ == 1 ? -tap : tap;
    low.taps[reach + i + skipped_] = tap;
  }
  return low;
}

// To the moment, as it is in f64.
void settle(Kernel& low, const Kernel& target, const ResampleShape& shape, int order) {
  double& centre = low.taps[static_cast<size_t>(low.centre)];
  if (order == 1) {
    const double made = first_moment(low) * static_cast<double>(shape.factor);
    const double scale = made != 0 ? first_moment(target) / made : 1;
    for (double& tap : low.taps) tap *= scale;
  } else {
    centre += (order == 0 ? 1 : 0) - sum_of(low.taps);
  }
}

// The tap of an even or odd kernel beyond which there is this part of its mass and no more.
size_t reach_but_for(const Kernel& kernel, double part) {
  double beyond = 0;
  auto reach = static_cast<size_t>(kernel.centre);
  for (size_t i = 0; reach > 0; ++i, --reach) {
    beyond += 2 * std::abs(kernel.taps[i]);
    if (beyond > part) break;
  }
  return reach;
}

}  // namespace

Kernel low_rate_taps(const ResampleShape& shape, const Kernel& target, int order, double limit) {
  const size_t most = target.taps.size() / 2 / shape.factor + shape.width;
  const NormalEquations equations(shape, target, order, most);
  const ResampleTaps<double> taps = resample_taps<double>(shape);
  // Wide shapes reach for a part of the target's tails themselves.
  const size_t few = reach_but_for(target, limit) / shape.factor, themselves = shape.width / 2 + 1;
  size_t reach = std::clamp<size_t>(few > themselves ? few - themselves : 1, 1, equations.most_reach());
  while (true) {
    Kernel low = equations.taps(reach);
    settle(low, target, shape, order);
    const size_t middle = shape.factor / 2;
    const bool fits = phase_error(taps, low, target, 0) <= limit && phase_error(taps, low, target, middle) <= limit;
    if (fits || reach >= equations.most_reach()) return low;
    reach = std::min(equations.most_reach(), reach + 1 + reach / 32);
  }
}

}  // namespace gaussfilt::base
