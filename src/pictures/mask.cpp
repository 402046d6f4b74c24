// Floor 4. A picture as the weights of another.
#include "state.h"

#include <gaussfilt/error.h>
#include <gaussfilt/pictures.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include <fmt/format.h>

namespace gaussfilt::inline v0 {
namespace {

template <class T> void take_levels(const T* in, std::int64_t bands, double white, std::span<float> out) {
  const bool colour = bands >= 3;
  const bool alpha = bands % 2 == 0;
  const auto share = [&](T level) {
    const double value = static_cast<double>(level) / white;
    return std::isnan(value) ? 0.0 : std::clamp(value, 0.0, 1.0);
  };
  bool opaque = true;
  for (std::size_t i = 0; alpha && opaque && i < out.size(); ++i)
    opaque = share(in[(static_cast<std::int64_t>(i) + 1) * bands - 1]) >= 1;
  for (float& weight : out) {
    const bool grey = !colour || (in[0] == in[1] && in[1] == in[2]);
    weight = static_cast<float>(!opaque ? share(in[bands - 1])
                                : grey  ? share(in[0])
                                        : 0.2126 * share(in[0]) + 0.7152 * share(in[1]) + 0.0722 * share(in[2]));
    in += bands;
  }
}

}  // namespace

Region mask_region(const Picture& mask) {
  if (mask.pages() != 1)
    throw InvalidArgument(fmt::format("mask: has {} pages, must have one; choose one of them.", mask.pages()));
  if (mask.colour() != Colour::grey && mask.colour() != Colour::rgb)
    throw InvalidArgument(fmt::format("mask: is {}, must be grey or RGB.", mask.describe()));
  auto levels = std::make_shared<Array>(DType::f32, Shape{mask.height(), mask.width()});
  const std::span<float> out = levels->items<float>();
  const void* data = mask.pixels().data();
  const double white = mask.max_level();
  switch (mask.dtype()) {
    case DType::u8: take_levels(static_cast<const std::uint8_t*>(data), mask.bands(), white, out); break;
    case DType::u16: take_levels(static_cast<const std::uint16_t*>(data), mask.bands(), white, out); break;
    case DType::f32: take_levels(static_cast<const float*>(data), mask.bands(), white, out); break;
    default:
      throw InvalidArgument(fmt::format("mask: is {}, must have samples of 8 or 16 bits or f32.", mask.describe()));
  }
  Region region;
  region.shape = Region::Shape::mask;
  region.box = {0, 0, mask.width(), mask.height()};
  region.levels = std::move(levels);
  return region;
}

}  // namespace gaussfilt::inline v0
