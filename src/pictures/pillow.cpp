// Floor 4. Pillow's ImageFilter.Kernel, to the bit: sums of f32, row by row from the lowest up, begun with offset +
// 0.5.
#include "pillow.h"

#include "samples.h"

#include <gaussfilt/error.h>

#include <fmt/format.h>

#include <array>
#include <cstring>

namespace gaussfilt::pictures {
namespace {

struct Weights {
  std::array<float, 25> values{};
  float start = 0;
};

// What Pillow divides by is a float, and so is each quotient.
Weights weights_of(const DenseKernel& kernel, const Convolution& settled) {
  Weights weights;
  const auto scale = static_cast<float>(1 / settled.factor);
  for (std::size_t i = 0; i < kernel.values.size(); ++i)
    weights.values[i] = static_cast<float>(kernel.values[i]) / scale;
  weights.start = static_cast<float>(static_cast<double>(static_cast<float>(settled.bias)) + 0.5);
  return weights;
}

template <class T> T cut_off(float value) {
  constexpr auto white = static_cast<float>(std::numeric_limits<T>::max());
  return static_cast<T>(std::clamp(value, 0.0F, white));
}

// One row of the kernel: products from the left, summed before they are added.
template <class T> float line(const T* in, const float* weights, std::int64_t size, std::int64_t bands) {
  float sum = static_cast<float>(in[0]) * weights[0];
  for (std::int64_t i = 1; i < size; ++i) sum += static_cast<float>(in[i * bands]) * weights[i];
  return sum;
}

template <class T> void filter(const View& in, const MutableView& out, std::int64_t size, const Weights& weights) {
  const Shape& shape = in.shape();
  const std::int64_t radius = size / 2, bands = shape[2];
  for (std::int64_t y = radius; y < shape[0] - radius; ++y) {
    T* const to = row<T>(out, y);
    for (std::int64_t i = radius * bands; i < (shape[1] - radius) * bands; ++i) {
      float sum = weights.start;
      for (std::int64_t k = 0; k < size; ++k)
        sum += line(row<T>(in, y + radius - k) + i - radius * bands, weights.values.data() + k * size, size, bands);
      to[i] = cut_off<T>(sum);
    }
  }
}

}  // namespace

void check_pillow(const View& page, const ConvolveOptions& options, const Convolution& settled) {
  const Shape& shape = options.kernel.kernel.shape;
  if (options.kernel.unsharp || shape.rank() != 2 || shape[0] != shape[1] || (shape[0] != 3 && shape[0] != 5))
    throw InvalidArgument(fmt::format("like: is pillow, and the kernel is {}, must be 3 x 3 or 5 x 5.",
                                      options.kernel.told.empty() ? "of another size" : options.kernel.told));
  const bool deep = page.dtype() == DType::u16 && page.shape()[2] == 1;
  if (page.dtype() != DType::u8 && !deep)
    throw InvalidArgument(
        fmt::format("like: is pillow, and the picture has {} {} bands, must be u8, or u16 with one band.",
                    page.shape()[2], name(page.dtype())));
  if (options.sign != Signed::clip)
    throw InvalidArgument(
        fmt::format("like: is pillow, and signed is {}, must be clip; Pillow has nothing else.", name(options.sign)));
  if (settled.anchor.x != shape[1] / 2 || settled.anchor.y != shape[0] / 2)
    throw InvalidArgument(fmt::format("like: is pillow, and the anchor is {},{}, must be the middle, {},{}.",
                                      settled.anchor.x, settled.anchor.y, shape[1] / 2, shape[0] / 2));
}

void filter_like_pillow(const View& in, const MutableView& out, const DenseKernel& kernel, const Convolution& settled) {
  const Shape& shape = in.shape();
  for (std::int64_t y = 0; y < shape[0]; ++y)
    std::memcpy(row<std::byte>(out, y), row<std::byte>(in, y),
                static_cast<std::size_t>(shape[1] * shape[2]) * size_of(in.dtype()));
  const std::int64_t size = kernel.shape[0];
  if (shape[0] < size || shape[1] < size) return;
  const Weights weights = weights_of(kernel, settled);
  if (in.dtype() == DType::u8) filter<std::uint8_t>(in, out, size, weights);
  else filter<std::uint16_t>(in, out, size, weights);
}

}  // namespace gaussfilt::pictures
