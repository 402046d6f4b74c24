// Floor 0. Working memory of a run: a block for each worker, taken before the first tile, so that running out of memory
// finds nothing half-written; kept by the calling thread, so that a prepared plan allocates nothing the next time.
#pragma once

#include <cstddef>
#include <new>
#include <span>
#include <vector>

namespace gaussfilt::base {

// 64-byte aligned memory that grows when asked for more and forgets what it held.
class ScratchBlock {
 public:
  ScratchBlock() = default;
  ScratchBlock(ScratchBlock&& other) noexcept;
  ScratchBlock& operator=(ScratchBlock&& other) noexcept;
  ~ScratchBlock();
  void reserve(std::size_t bytes);  // throws std::bad_alloc, then the old block is gone
  std::byte* data() const { return data_; }

 private:
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

// The blocks of one run.
class Scratch {
 public:
  // Throws std::bad_alloc. `shared`: bytes of one block more, for all workers.
  Scratch(std::size_t bytes, int workers, std::size_t shared = 0);
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch();
  std::byte* shared() const { return blocks_->front().data(); }
  std::byte* of(int worker) const { return (*blocks_)[static_cast<std::size_t>(worker) + 1].data(); }

 private:
  std::vector<ScratchBlock> own_;  // of a run inside a run of the same thread (from a progress callback)
  std::vector<ScratchBlock>* blocks_;
};

// One worker's block, handed out piece by piece; all pieces are 64-byte aligned.
class ScratchFrame {
 public:
  explicit ScratchFrame(std::byte* block) : next_(block) {}

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
