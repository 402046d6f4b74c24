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
  const std::byte* next = nullptr;  // as many gapless samples that are taken apart later, fetched meanwhile
};

struct PlanePasses {
  void (*split)(const std::byte* src, const PlanarRow& row, std::uint8_t* runs) noexcept;
  void (*merge)(std::uint8_t* runs, const PlanarRow& row, std::byte* dst) noexcept;  // leaves anything in the runs
};

// The passes of the active CPU target.
const PlanePasses& planes();

}  // namespace gaussfilt::passes
