// Floor 1. Bytes on their way into and out of a panel: samples anywhere in memory, in the panel a run of each channel.
#pragma once

#include <cstddef>
#include <cstdint>

namespace gaussfilt::passes {

// A row of `count` samples of `planes` * `group` gapless bytes, `stride` bytes apart. Item i of plane p is the group of
// bytes i * group ... of the run that starts at p * pitch.
struct PlanarRow {
  std::ptrdiff_t stride = 1;
  std::size_t count = 0, planes = 1, group = 1;  // planes > 1: group is 1
  std::size_t pitch = 0;
};

struct PlanePasses {
  void (*split)(const std::byte* src, const PlanarRow& row, std::uint8_t* runs) noexcept;
  void (*merge)(std::uint8_t* runs, const PlanarRow& row, std::byte* dst) noexcept;  // leaves anything in the runs
  // rows x columns single bytes: to[y * pitch + x] = from[y * row_stride + x * column_stride].
  void (*across)(const std::byte* from, std::ptrdiff_t row_stride, std::ptrdiff_t column_stride, std::size_t rows,
                 std::size_t columns, std::uint8_t* to, std::size_t pitch) noexcept;
};

// The passes of the active CPU target.
const PlanePasses& planes();

}  // namespace gaussfilt::passes
