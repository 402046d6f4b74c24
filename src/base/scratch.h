// Floor 0. Working memory of one thread, kept from one tile to the next so that a prepared plan allocates nothing.
#pragma once

#include <cstddef>
#include <new>
#include <span>

namespace gaussfilt::base {

// A region of this thread's scratch, bumped forward; all pieces are 64-byte aligned and go when the next frame starts.
class ScratchFrame {
 public:
  // Makes room for `bytes` in all (the sum of padded() over the pieces). Throws std::bad_alloc.
  explicit ScratchFrame(std::size_t bytes);

  template <class T> std::span<T> take(std::size_t count) {
    T* piece = reinterpret_cast<T*>(next_);
    next_ += padded(count * sizeof(T));
    return {piece, count};
  }

  // One cache line is added to each piece so that rows of a power of two do not fall into the same cache sets.
  static constexpr std::size_t padded(std::size_t bytes) { return (bytes + 63) / 64 * 64 + 64; }

 private:
  std::byte* next_;
};

}  // namespace gaussfilt::base
