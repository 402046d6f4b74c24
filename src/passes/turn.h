// Floor 1. Items that lie across the memory: blocks of them turned on their side, whatever they hold.
#pragma once

#include <cstddef>

namespace gaussfilt::passes {

// Bytes from an item to the next one down and to the next one to the right. Any sign.
struct Steps {
  std::ptrdiff_t down = 0, right = 0;
};

// Copies rows x columns items of `item` bytes. Fast where items are gapless (either way round) down the columns of the
// source and along the rows of the copy, and 1, 2, 4, 8 or 16 bytes long. `streamed`: whole cache lines are written
// past the caches where the target can; then FirPasses::end_streams() before another thread reads them.
using Turn = void(const std::byte* from, Steps from_steps, std::byte* to, Steps to_steps, std::size_t rows,
                  std::size_t columns, std::size_t item, bool streamed) noexcept;

// The pass of the active CPU target.
Turn* turn();

// Rows or columns of items of that size that fill a cache line, one at least.
constexpr std::size_t items_of_line(std::size_t item) { return item < 64 ? 64 / item : 1; }

}  // namespace gaussfilt::passes
