// Floor 4. Parts of a page.
#include "windows.h"

#include <cstring>

namespace gaussfilt::pictures {
namespace {

std::int64_t offset_of(const Strides& strides, const Window& window) {
  std::int64_t offset = 0;
  for (int axis = 0; axis < strides.rank(); ++axis) offset += window.origin[axis] * strides[axis];
  return offset;
}

}  // namespace

MutableView part(const MutableView& whole, const Window& window) {
  return {static_cast<std::byte*>(whole.data()) + offset_of(whole.strides(), window), whole.dtype(), window.shape,
          whole.strides()};
}

View part(const View& whole, const Window& window) {
  return {static_cast<const std::byte*>(whole.data()) + offset_of(whole.strides(), window), whole.dtype(), window.shape,
          whole.strides()};
}

void put(const View& from, const MutableView& to) {
  const Shape& shape = from.shape();
  const std::size_t row = static_cast<std::size_t>(shape[1] * shape[2]) * size_of(from.dtype());
  for (std::int64_t y = 0; y < shape[0]; ++y)
    std::memcpy(static_cast<std::byte*>(to.data()) + y * to.strides()[0],
                static_cast<const std::byte*>(from.data()) + y * from.strides()[0], row);
}

}  // namespace gaussfilt::pictures
