// Floor 0. Folding, ordering and the error of summation.
#include "base/taps.h"

#include <algorithm>
#include <cmath>

namespace gaussfilt::base {
namespace {

// Adds taps to the slots of a folded kernel, far ones first, in long double: thousands may meet in one slot.
class Folder {
 public:
  Folder(Border border, std::int64_t n)
      : reach_(folded_reach(border, n)), sums_(2 * static_cast<std::size_t>(reach_) + 1, 0.0L) {
    if (border == Border::reflect || border == Border::mirror || border == Border::wrap) period_ = period(border, n);
  }

  void add(std::int64_t offset, double weight) {
    if (period_ == 0) {
      at(std::clamp(offset, -reach_, reach_)) += weight;
      return;
    }
    std::int64_t slot = (offset + reach_) % period_;
    if (slot < 0) slot += period_;
    slot -= reach_;
    // An even period has one slot at both ends: half each keeps a symmetric kernel symmetric, exactly.
    if (slot == -reach_ && period_ == 2 * reach_) {
      at(-reach_) += weight / 2.0L;
      at(reach_) += weight / 2.0L;
    } else {
      at(slot) += weight;
    }
  }

  Kernel result(bool odd) {
    Kernel kernel{.taps = std::vector<double>(sums_.size()), .centre = reach_};
    for (std::size_t i = 0; i < sums_.size(); ++i) kernel.taps[i] = static_cast<double>(sums_[i]);
    if (odd) {
      // Slots that are their own mirror images: +w and -w met there.
      kernel.taps[static_cast<std::size_t>(reach_)] = 0;
      if (period_ == 2 * reach_) kernel.taps.front() = kernel.taps.back() = 0;
    }
    return kernel;
  }

 private:
  long double& at(std::int64_t offset) { return sums_[static_cast<std::size_t>(offset + reach_)]; }

  std::int64_t reach_;
  std::int64_t period_ = 0;
  std::vector<long double> sums_;
};

template <class T> T stored(double weight) {
  const T w = static_cast<T>(weight);
  // A tap too small for T still reaches its sample: NaN must spread as far as in the operator that was asked for.
  if (w == 0 && weight != 0) return std::copysign(std::numeric_limits<T>::denorm_min(), static_cast<T>(weight));
  return w;
}

// As symmetry(), but mirrored pairs of opposite sign are pairs whatever the centre's weight: SciPy's order.
Symmetry symmetry_of_pairs(const Kernel& kernel) {
  if (kernel.taps.size() % 2 == 0) return Symmetry::none;
  Kernel pairs = kernel;
  pairs.taps[pairs.taps.size() / 2] = 0;
  return symmetry(pairs);
}

template <class T> void list_in(TapList<T>& list, const AxisTask& task, bool keep_zeros) {
  list = {};
  list.symmetry = symmetry_of_pairs(task.kernel);
  const auto& w = task.kernel.taps;
  const auto add = [&](std::int64_t offset, double weight) {
    if (weight == 0 && !keep_zeros) return;
    list.offsets.push_back(static_cast<std::int32_t>(offset));
    list.weights.push_back(stored<T>(weight));
  };
  const auto size = static_cast<std::int64_t>(w.size());
  if (list.symmetry == Symmetry::none) {
    // SciPy's order: the last tap, then the others from the first on.
    const auto middle = size / 2;
    const auto single = [&](std::int64_t i) { add(i - middle, w[static_cast<std::size_t>(i)]); };
    single(size - 1);
    for (std::int64_t i = 0; i + 1 < size; ++i) single(i);
    return;
  }
  const auto middle = size / 2;
  for (std::int64_t k = middle; k >= 1; --k) add(k, w[static_cast<std::size_t>(middle - k)]);
  const double centre = w[static_cast<std::size_t>(middle)];
  list.has_centre = centre != 0 || keep_zeros;
  list.centre = stored<T>(centre);
  list.dense = !list.offsets.empty() && list.offsets.front() == static_cast<std::int32_t>(list.offsets.size());
}

}  // namespace

std::int64_t folded_reach(Border border, std::int64_t n) {
  switch (border) {
    case Border::wrap: return n / 2;
    case Border::mirror: return n - 1;
    default: return n;
  }
}

std::int64_t period(Border border, std::int64_t n) {
  return border == Border::wrap ? n : border == Border::reflect ? 2 * n : 2 * n - 2;
}

Kernel fold(const Kernel& kernel, Border border, std::int64_t n) {
  const auto above = static_cast<std::int64_t>(kernel.taps.size()) - 1 - kernel.centre;
  if (n == 1 && border != Border::constant) {
    long double sum = 0;
    if (symmetry(kernel) != Symmetry::odd) {
      for (const double w : kernel.taps) sum += w;
    }
    return {.taps = {static_cast<double>(sum)}, .centre = 0};
  }
  if (std::max(kernel.centre, above) <= folded_reach(border, n)) return kernel;
  Folder folder(border, n);
  // Mirrored slots receive mirrored terms in the same order, so symmetry survives to the last bit.
  for (std::int64_t k = std::max(kernel.centre, above); k >= 1; --k) {
    if (k <= kernel.centre) folder.add(-k, kernel.taps[static_cast<std::size_t>(kernel.centre - k)]);
    if (k <= above) folder.add(k, kernel.taps[static_cast<std::size_t>(kernel.centre + k)]);
  }
  folder.add(0, kernel.taps[static_cast<std::size_t>(kernel.centre)]);
  // A kernel that is odd about its middle stays odd where that is what lies on the output's own sample.
  const bool odd = symmetry(kernel) == Symmetry::odd && kernel.centre == above;
  return folder.result(odd);
}

void list_taps(AxisTask& task, bool keep_zeros) {
  list_in(task.f32, task, keep_zeros);
  list_in(task.f64, task, keep_zeros);
  task.shift = static_cast<std::int64_t>(task.kernel.taps.size()) / 2 - task.kernel.centre;
  const bool pairs = task.f64.symmetry != Symmetry::none;
  std::int64_t low = 0, high = 0;
  for (const std::int64_t offset : task.f64.offsets) {
    low = std::min(low, pairs ? -offset : offset);
    high = std::max(high, offset);
  }
  task.before = std::max<std::int64_t>(0, -(low + task.shift));
  task.after = std::max<std::int64_t>(0, high + task.shift);
}

double rounding_bound(const AxisTask& task, DType working) {
  const bool f32 = working == DType::f32;
  const double unit = f32 ? 0x1p-24 : 0x1p-53;
  const auto& list = task.f64;
  const bool pairs = list.symmetry != Symmetry::none;
  const bool centre_first = !f32;
  const auto terms = static_cast<double>(list.weights.size()) + (list.has_centre ? 1 : 0);
  // A term is rounded as a weight (f32: stored; f64: a few units of exp and normalisation), as the sum of a pair, as a
  // product, and with every later partial sum.
  const double as_weight = f32 ? 1 : 4 + 4 * task.order;
  double bound = 0, mass = 0, position = 1;
  const auto take = [&](double weight, bool pair) {
    const double additions = terms - std::max(position, 2.0) + 1;
    const double roundings = as_weight + (pair ? 1 : 0) + 1 + additions;
    const double magnitude = std::abs(weight) * (pair ? 2 : 1);
    bound += magnitude * roundings * unit / (1 - roundings * unit);
    mass += magnitude;
    position += 1;
  };
  if (list.has_centre && centre_first) take(list.centre, false);
  for (const double weight : list.weights) take(weight, pairs);
  if (list.has_centre && !centre_first) take(list.centre, false);
  return mass > 0 ? bound / task.tap_mass : 0;
}

}  // namespace gaussfilt::base
