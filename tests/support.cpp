// What the tests share.
#include "support.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <sstream>
#include <utility>

namespace gaussfilt::test {
namespace {

constexpr std::byte untouched{0xA5};

struct Range {
  Real low, high;
};

Range integer_range(DType dtype) {
  const Real high = reference::largest_magnitude(dtype);
  return is_unsigned(dtype) ? Range{0, high} : Range{-high, high - 1};
}

// Half to even whatever the current rounding mode's library does: nearbyint in the default mode.
Real nearest_multiple(Real value, Real unit) { return std::nearbyint(value / unit) * unit; }

Real rounded_half(Real exact) {
  if (!std::isfinite(exact)) return exact;
  const int exponent = exact == 0 ? -14 : std::max(std::ilogb(exact), -14);
  const Real value = nearest_multiple(exact, std::ldexp(Real{1}, exponent - 10));
  return std::fabs(value) > 65504 ? std::copysign(HUGE_VALL, exact) : value;
}

std::uint16_t half_bits(Real exact) {
  const Real value = rounded_half(exact);
  const auto sign = static_cast<std::uint16_t>(std::signbit(exact) ? 0x8000 : 0);
  if (std::isnan(value)) return 0x7E00;
  if (std::isinf(value)) return static_cast<std::uint16_t>(sign | 0x7C00);
  const Real magnitude = std::fabs(value);
  if (magnitude < std::ldexp(Real{1}, -14)) {
    return static_cast<std::uint16_t>(sign | static_cast<int>(std::ldexp(magnitude, 24)));
  }
  const int exponent = std::ilogb(magnitude);
  const int fraction = static_cast<int>(std::ldexp(magnitude, 10 - exponent)) - 1024;
  return static_cast<std::uint16_t>(sign | ((exponent + 15) << 10) | fraction);
}

template <class T> void put(void* at, T value) { std::memcpy(at, &value, sizeof value); }

std::int64_t offset_of(const Shape& shape, const Strides& strides, std::int64_t item) {
  std::int64_t offset = 0;
  for (int axis = shape.rank(); axis-- > 0;) {
    offset += item % shape[axis] * strides[axis];
    item /= shape[axis];
  }
  return offset;
}

template <class Visit> void for_each_item(const Shape& shape, const Strides& strides, Visit visit) {
  const std::int64_t count = shape.product();
  for (std::int64_t item = 0; item < count; ++item) visit(item, offset_of(shape, strides, item));
}

Real pattern_value(Random& random, DType dtype, Pattern pattern, std::int64_t item) {
  const Real unit = 2 * static_cast<Real>(random.uniform()) - 1;
  const bool whole = is_integer(dtype);
  const Real top = whole ? integer_range(dtype).high : 1;
  const Real bottom = whole ? integer_range(dtype).low : -1;
  const auto scaled = [&](Real u) { return whole ? std::nearbyint(bottom + (u + 1) / 2 * (top - bottom)) : u; };
  switch (pattern) {
    case Pattern::noise: return scaled(unit);
    case Pattern::offset: return whole ? std::nearbyint(top * (1 - (unit + 1) / 64)) : 1000 + unit;
    case Pattern::alternating: return item % 2 == 0 ? top : bottom;
    case Pattern::sparse: return random.below(16) == 0 ? scaled(unit) : 0;
    case Pattern::narrow: break;
  }
  const Real limit = std::ldexp(Real{1}, 20);
  return whole ? std::nearbyint(std::clamp(unit * limit, bottom, top)) : unit;
}

// What the library's options ask of the reference.
std::vector<reference::Task> tasks_of(int rank, const GaussianOptions& options) {
  std::vector<int> axes;
  for (int axis = 0; axis < rank; ++axis) axes.push_back(axis);
  if (options.axes.list()) axes = *options.axes.list();
  const double truncate = options.truncate.value_or(options.tolerance ? infinity : 4.0);
  std::vector<reference::Task> tasks;
  for (std::size_t k = 0; k < axes.size(); ++k) {
    const double sigma = options.sigma[k];
    if (sigma == 0) continue;
    std::int64_t radius = reference::ideal;
    if (!options.radius.empty()) {
      radius = options.radius[k];
    } else if (std::isfinite(truncate)) {
      radius = reference::truncated_radius(sigma, truncate);
    }
    const reference::Line line = reference::gaussian_taps(sigma, options.order[k], radius, grid(options.taps));
    tasks.push_back({axes[k], line, options.border[k]});
  }
  return tasks;
}

}  // namespace

std::uint64_t Random::bits() {
  std::uint64_t z = state_ += 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

double Random::uniform() { return std::ldexp(static_cast<double>(bits() >> 11), -53); }

void store(void* at, DType dtype, Real re, Real im) {
  const Real value = is_integer(dtype) ? rounded(dtype, re) : re;
  switch (dtype) {
    case DType::boolean: put(at, static_cast<std::uint8_t>(value)); break;
    case DType::u8: put(at, static_cast<std::uint8_t>(value)); break;
    case DType::u16: put(at, static_cast<std::uint16_t>(value)); break;
    case DType::u32: put(at, static_cast<std::uint32_t>(value)); break;
    case DType::u64: put(at, static_cast<std::uint64_t>(value)); break;
    case DType::i8: put(at, static_cast<std::int8_t>(value)); break;
    case DType::i16: put(at, static_cast<std::int16_t>(value)); break;
    case DType::i32: put(at, static_cast<std::int32_t>(value)); break;
    case DType::i64: put(at, static_cast<std::int64_t>(value)); break;
    case DType::f16: put(at, half_bits(value)); break;
    case DType::f32: put(at, static_cast<float>(value)); break;
    case DType::f64: put(at, static_cast<double>(value)); break;
    case DType::c64: put(at, std::complex<float>(static_cast<float>(re), static_cast<float>(im))); break;
    case DType::c128: put(at, std::complex<double>(static_cast<double>(re), static_cast<double>(im))); break;
  }
}

Array make_array(DType dtype, const Shape& shape, std::uint64_t seed, Pattern pattern) {
  Array array(dtype, shape);
  Random random(seed);
  auto* at = static_cast<std::byte*>(array.data());
  for (std::int64_t item = 0; item < array.size(); ++item, at += size_of(dtype)) {
    const Real re = pattern_value(random, dtype, pattern, item);
    store(at, dtype, re, is_complex(dtype) ? pattern_value(random, dtype, pattern, item) : 0);
  }
  return array;
}

Array constant_array(DType dtype, const Shape& shape, Real value) {
  Array array(dtype, shape);
  auto* at = static_cast<std::byte*>(array.data());
  for (std::int64_t item = 0; item < array.size(); ++item, at += size_of(dtype)) store(at, dtype, value, -value);
  return array;
}

std::vector<std::byte> bytes_of(const View& view) {
  const std::size_t size = size_of(view.dtype());
  std::vector<std::byte> bytes(static_cast<std::size_t>(view.shape().product()) * size);
  const auto* from = static_cast<const std::byte*>(view.data());
  for_each_item(view.shape(), view.strides(), [&](std::int64_t item, std::int64_t offset) {
    std::memcpy(bytes.data() + static_cast<std::size_t>(item) * size, from + offset, size);
  });
  return bytes;
}

Strided::Strided(Style style, DType dtype, const Shape& shape) : layout_{shape, dtype} {
  const auto item = static_cast<std::int64_t>(size_of(dtype));
  strides_ = contiguous_strides(shape, dtype);
  std::int64_t step = style == Style::spread ? 3 * item : style == Style::unaligned ? item + 1 : item;
  for (int k = 0; k < shape.rank(); ++k) {
    const int axis = style == Style::transposed ? k : shape.rank() - 1 - k;
    strides_[axis] = step;
    step *= std::max<std::int64_t>(shape[axis], 1);
    if (style == Style::padded) step += 5 * item;
  }
  const std::int64_t shift = style == Style::unaligned ? 1 : 0;
  memory_.assign(static_cast<std::size_t>(step + shift), untouched);
  start_ = memory_.data() + shift;
  if (style != Style::reversed) return;
  for (int axis = 0; axis < shape.rank(); ++axis) {
    start_ += std::max<std::int64_t>(shape[axis] - 1, 0) * strides_[axis];
    strides_[axis] = -strides_[axis];
  }
}

Strided::Strided(Style style, const View& items) : Strided(style, items.dtype(), items.shape()) {
  const std::size_t size = size_of(layout_.dtype);
  const std::vector<std::byte> bytes = bytes_of(items);
  for_each_item(layout_.shape, strides_, [&](std::int64_t item, std::int64_t offset) {
    std::memcpy(start_ + offset, bytes.data() + static_cast<std::size_t>(item) * size, size);
  });
}

bool Strided::gaps_untouched() const {
  std::vector<std::byte> rest = memory_;
  const std::ptrdiff_t start = start_ - memory_.data();
  for_each_item(layout_.shape, strides_, [&](std::int64_t, std::int64_t offset) {
    std::fill_n(rest.begin() + start + offset, size_of(layout_.dtype), untouched);
  });
  return std::all_of(rest.begin(), rest.end(), [](std::byte b) { return b == untouched; });
}

View part(const View& view, const Index& origin, const Shape& shape) {
  const auto* at = static_cast<const std::byte*>(view.data());
  for (int axis = 0; axis < view.rank(); ++axis) at += origin[axis] * view.strides()[axis];
  return {at, view.dtype(), shape, view.strides()};
}

MutableView part(const MutableView& view, const Index& origin, const Shape& shape) {
  auto* at = static_cast<std::byte*>(view.data());
  for (int axis = 0; axis < view.rank(); ++axis) at += origin[axis] * view.strides()[axis];
  return {at, view.dtype(), shape, view.strides()};
}

bool is_integer(DType dtype) { return !is_floating(dtype); }

bool works_in_f64(DType in, DType out) {
  const auto wide = [](DType d) { return d == DType::f64 || d == DType::c128 || (is_integer(d) && size_of(d) >= 4); };
  return wide(in) || wide(out);
}

Real precision_error(DType in, DType out) {
  return works_in_f64(in, out) ? 8 * std::numeric_limits<double>::epsilon() : 1e-6L;
}

Real rounded(DType out, Real exact) {
  if (is_integer(out)) {
    const Range range = integer_range(out);
    return std::clamp(std::nearbyint(exact), range.low, range.high);
  }
  if (out == DType::f16) return rounded_half(exact);
  if (out == DType::f32 || out == DType::c64) return static_cast<float>(exact);
  return static_cast<double>(exact);
}

Comparison compare(const View& out, const std::vector<Real>& exact, Real error) {
  const std::vector<Real> items = reference::values(out);
  const std::size_t parts = is_complex(out.dtype()) && items.size() == 2 * exact.size() ? 2 : 1;
  Comparison result;
  if (items.size() != parts * exact.size()) result.failure = "the sizes differ";
  for (std::size_t i = 0; i < items.size() && result.failure.empty(); ++i) {
    const Real want = parts == 2 && i % 2 == 1 ? 0 : exact[i / parts];
    const Real got = items[i];
    bool right = std::isnan(want) ? std::isnan(got) : got == want;
    if (std::isfinite(want)) {
      const Real low = rounded(out.dtype(), want - error), high = rounded(out.dtype(), want + error);
      right = low <= got && got <= high;
      result.ties += is_integer(out.dtype()) && low != high ? 1 : 0;
      result.worst = std::max(result.worst, std::fabs(got - want));
    }
    if (right) continue;
    std::ostringstream message;
    message.precision(21);
    message << "item " << i << " of " << text(out.shape()) << " " << name(out.dtype()) << " is " << got << ", must be "
            << want << " within " << error << " (off by " << got - want << ")";
    result.failure = message.str();
  }
  return result;
}

reference::Grid grid(Taps taps) {
  if (taps == Taps::discrete) return reference::Grid::discrete;
  return taps == Taps::integrated ? reference::Grid::integrated : reference::Grid::sampled;
}

reference::Result expected(const View& in, const GaussianOptions& options) {
  return reference::correlate(in, tasks_of(in.rank(), options), options.cval);
}

// Gathers what the region's taps reach, borders applied, and filters that with a border that is never met.
reference::Result expected_part(const View& in, const GaussianOptions& options, const Index& origin,
                                const Shape& size) {
  std::vector<reference::Task> tasks = tasks_of(in.rank(), options);
  Shape needed = size;
  Index first = origin, margin = Extents::filled(in.rank(), 0);
  std::vector<Border> borders(static_cast<std::size_t>(in.rank()), Border::constant);
  for (reference::Task& task : tasks) {
    const int axis = task.axis < 0 ? task.axis + in.rank() : task.axis;
    margin[axis] = task.line.centre;
    first[axis] -= task.line.centre;
    needed[axis] += 2 * task.line.centre;
    borders[static_cast<std::size_t>(axis)] = std::exchange(task.border, Border::constant);
  }
  const bool complex = is_complex(in.dtype());
  Array gathered(complex ? DType::c128 : DType::f64, needed);
  auto* to = static_cast<std::byte*>(gathered.data());
  for (std::int64_t item = 0; item < gathered.size(); ++item, to += size_of(gathered.dtype())) {
    Index at = needed;
    bool outside = false;
    std::int64_t rest = item;
    for (int axis = in.rank(); axis-- > 0; rest /= needed[axis]) {
      const Border border = borders[static_cast<std::size_t>(axis)];
      at[axis] = border_index(border, first[axis] + rest % needed[axis], in.shape()[axis]);
      outside = outside || at[axis] < 0;
    }
    std::vector<Real> value{options.cval.real(), options.cval.imag()};
    if (!outside) value = reference::values(part(in, at, Extents::filled(in.rank(), 1)));
    store(to, gathered.dtype(), value[0], complex ? value[1] : 0);
  }
  reference::Result result = reference::correlate(gathered, tasks);
  result.m = std::max(result.m, reference::largest_magnitude(in.dtype()));
  std::vector<Real> middle;
  const std::int64_t parts = complex ? 2 : 1;
  for (std::int64_t item = 0; item < size.product(); ++item) {
    std::int64_t rest = item, offset = 0, step = parts;
    for (int axis = in.rank(); axis-- > 0; rest /= size[axis], step *= needed[axis]) {
      offset += (rest % size[axis] + margin[axis]) * step;
    }
    for (std::int64_t k = 0; k < parts; ++k) middle.push_back(result.values[static_cast<std::size_t>(offset + k)]);
  }
  result.values = middle;
  return result;
}

std::string text(const Shape& shape) {
  std::ostringstream list;
  for (int axis = 0; axis < shape.rank(); ++axis) list << (axis == 0 ? "" : "x") << shape[axis];
  return shape.rank() == 0 ? "scalar" : list.str();
}

}  // namespace gaussfilt::test
