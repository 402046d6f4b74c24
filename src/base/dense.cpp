// Floor 0. Kernels of any shape.
#include "base/dense.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace gaussfilt::base {
namespace {

// Calls visit(index, place) for every index of the shape in C order.
template <class Visit> void for_each_index(const Shape& shape, const Visit& visit) {
  Index index = Extents::filled(shape.rank(), 0);
  const std::int64_t count = shape.product();
  for (std::int64_t place = 0; place < count; ++place) {
    visit(index, static_cast<std::size_t>(place));
    for (int axis = shape.rank() - 1; axis >= 0; --axis) {
      if (++index[axis] < shape[axis]) break;
      index[axis] = 0;
    }
  }
}

// A weight too small for f32 still reaches its sample.
float stored(double weight) {
  const auto w = static_cast<float>(weight);
  if (w == 0 && weight != 0) return std::copysign(std::numeric_limits<float>::denorm_min(), w);
  return w;
}

using Line = std::vector<double>;

// The values along each axis through `pivot`.
std::vector<Line> lines_through(const DenseKernel& kernel, std::size_t pivot) {
  std::vector<Line> lines(static_cast<std::size_t>(kernel.shape.rank()));
  std::size_t step = 1;
  for (int axis = kernel.shape.rank() - 1; axis >= 0; --axis) {
    const auto extent = static_cast<std::size_t>(kernel.shape[axis]);
    const std::size_t first = pivot - pivot / step % extent * step;
    for (std::size_t i = 0; i < extent; ++i) {
      lines[static_cast<std::size_t>(axis)].push_back(kernel.values[first + i * step]);
    }
    step *= extent;
  }
  return lines;
}

// The power of two that makes all values whole numbers below 2^53; none where there is no such.
std::optional<int> whole_scale(const std::vector<double>& values) {
  int lowest = 4096, highest = -4096;
  for (const double value : values) {
    if (value == 0) continue;
    int exponent = 0;
    auto digits = static_cast<std::int64_t>(std::ldexp(std::frexp(std::abs(value), &exponent), 53));
    highest = std::max(highest, exponent);
    for (exponent -= 53; digits % 2 == 0; digits /= 2) ++exponent;
    lowest = std::min(lowest, exponent);
  }
  if (highest - lowest > 53) return std::nullopt;
  return -lowest;
}

// Lines of whole numbers whose product is that of `lines` over the pivot's powers; false where there are none.
bool make_whole(std::vector<Line>& lines, double pivot, int scale) {
  std::vector<Line> whole = lines;
  std::int64_t rest = 1;  // the product of the other lines at the pivot
  for (std::size_t axis = 0; axis < whole.size(); ++axis) {
    std::int64_t divisor = rest;
    const bool last = axis + 1 == whole.size();
    if (!last) {
      divisor = 0;
      for (const double value : lines[axis]) {
        divisor = std::gcd(divisor, static_cast<std::int64_t>(std::ldexp(value, scale)));
      }
    }
    for (double& value : whole[axis]) {
      const auto number = static_cast<std::int64_t>(std::ldexp(value, scale));
      if (number % divisor != 0) return false;
      value = static_cast<double>(number / divisor);
      if (last) value = std::ldexp(value, -scale);
    }
    const std::int64_t at_pivot = static_cast<std::int64_t>(std::ldexp(pivot, scale)) / divisor;
    if (!last && std::abs(at_pivot) > (std::int64_t{1} << 53) / std::abs(rest)) return false;
    if (!last) rest *= at_pivot;
  }
  lines = std::move(whole);
  return true;
}

// Every line but the last divided by the pivot.
void normalise(std::vector<Line>& lines, double pivot) {
  for (std::size_t axis = 0; axis + 1 < lines.size(); ++axis) {
    for (double& value : lines[axis]) value /= pivot;
  }
}

void compare(Lines& lines, const DenseKernel& kernel) {
  long double difference = 0, mass = 0;
  lines.same_zeros = true;
  for_each_index(kernel.shape, [&](const Index& index, std::size_t place) {
    long double product = 1;
    for (int axis = 0; axis < index.rank(); ++axis) {
      product *= lines.taps[static_cast<std::size_t>(axis)][static_cast<std::size_t>(index[axis])];
    }
    const double value = kernel.values[place];
    difference += std::abs(product - value);
    mass += std::abs(static_cast<long double>(value));
    lines.same_zeros = lines.same_zeros && (product == 0) == (value == 0);
  });
  lines.residual = static_cast<double>(difference / mass);
}

}  // namespace

DenseTaps dense_taps(const DenseKernel& kernel, std::span<const std::int64_t> centre, double negligible) {
  DenseTaps taps;
  taps.offsets.resize(centre.size());
  for_each_index(kernel.shape, [&](const Index& index, std::size_t place) {
    const double weight = kernel.values[place];
    if (!(std::abs(weight) > negligible)) return;
    for (std::size_t axis = 0; axis < centre.size(); ++axis) {
      taps.offsets[axis].push_back(static_cast<std::int32_t>(index[static_cast<int>(axis)] - centre[axis]));
    }
    taps.f32.push_back(stored(weight));
    taps.f64.push_back(weight);
  });
  return taps;
}

double rounding_bound(const DenseTaps& taps, DType working, int more) {
  const double unit = working == DType::f32 ? 0x1p-24 : 0x1p-53;
  const auto terms = static_cast<double>(taps.size());
  double bound = 0, mass = 0, position = 1;
  for (const double weight : taps.f64) {
    // As a stored weight or a stored sample, as a product, with every later partial sum, and with what follows.
    const double roundings = 2 + (terms - std::max(position, 2.0) + 1) + more;
    bound += std::abs(weight) * roundings * unit / (1 - roundings * unit);
    mass += std::abs(weight);
    position += 1;
  }
  return mass > 0 ? bound / mass : 0;
}

std::optional<Lines> lines_of(const DenseKernel& kernel) {
  const auto largest = std::ranges::max_element(kernel.values, {}, [](double value) { return std::abs(value); });
  if (kernel.shape.rank() == 0 || largest == kernel.values.end() || *largest == 0) return std::nullopt;
  Lines lines;
  lines.taps = lines_through(kernel, static_cast<std::size_t>(largest - kernel.values.begin()));
  const std::optional<int> scale = whole_scale(kernel.values);
  if (!scale || !make_whole(lines.taps, *largest, *scale)) normalise(lines.taps, *largest);
  compare(lines, kernel);
  return lines;
}

}  // namespace gaussfilt::base
