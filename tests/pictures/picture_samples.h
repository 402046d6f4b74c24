// Test support: between the samples of a test and a Picture.
#pragma once

#include "picture_files.h"

#include <gaussfilt/pictures.h>

#include <algorithm>
#include <utility>

namespace gaussfilt {

using picture_files::Samples;

inline Picture picture_of(const Samples& samples, Colour colour) {
  Array pixels(samples.bits == 8 ? DType::u8 : DType::u16, {samples.height, samples.width, samples.bands});
  if (samples.bits == 8) {
    std::copy(samples.values.begin(), samples.values.end(), pixels.items<std::uint8_t>().begin());
  } else {
    std::copy(samples.values.begin(), samples.values.end(), pixels.items<std::uint16_t>().begin());
  }
  return Picture(std::move(pixels), colour);
}

inline Samples samples_of(const Picture& picture) {
  Samples samples{static_cast<int>(picture.width()),
                  static_cast<int>(picture.height()),
                  picture.bands(),
                  picture.dtype() == DType::u8 ? 8 : 16,
                  {}};
  const std::size_t count = static_cast<std::size_t>(samples.width * samples.height * samples.bands);
  const void* data = picture.pixels().data();
  if (samples.bits == 8) {
    samples.values.assign(static_cast<const std::uint8_t*>(data), static_cast<const std::uint8_t*>(data) + count);
  } else {
    samples.values.assign(static_cast<const std::uint16_t*>(data), static_cast<const std::uint16_t*>(data) + count);
  }
  return samples;
}

}  // namespace gaussfilt
