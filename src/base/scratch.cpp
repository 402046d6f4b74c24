// Floor 0. Scratch blocks, kept by the thread that runs a plan.
#include "base/scratch.h"

#include <utility>

namespace gaussfilt::base {
namespace {

constexpr std::align_val_t alignment{64};

struct Kept {
  std::vector<ScratchBlock> blocks;
  bool in_use = false;
};

thread_local Kept kept;

// The shared block and one for each worker.
void prepare(std::vector<ScratchBlock>& blocks, std::size_t bytes, int workers, std::size_t shared) {
  const auto count = static_cast<std::size_t>(workers) + 1;
  if (blocks.size() < count) blocks.resize(count);
  blocks[0].reserve(shared);
  for (std::size_t i = 1; i < count; ++i) blocks[i].reserve(bytes);
}

}  // namespace

ScratchBlock::ScratchBlock(ScratchBlock&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

ScratchBlock& ScratchBlock::operator=(ScratchBlock&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

ScratchBlock::~ScratchBlock() { ::operator delete(data_, alignment); }

void ScratchBlock::reserve(std::size_t bytes) {
  if (bytes <= size_) return;
  ::operator delete(std::exchange(data_, nullptr), alignment);
  size_ = 0;
  data_ = static_cast<std::byte*>(::operator new(bytes, alignment));
  size_ = bytes;
}

Scratch::Scratch(std::size_t bytes, int workers, std::size_t shared) : blocks_(kept.in_use ? &own_ : &kept.blocks) {
  prepare(*blocks_, bytes, workers, shared);
  if (blocks_ != &own_) kept.in_use = true;
}

Scratch::~Scratch() {
  if (blocks_ != &own_) kept.in_use = false;
}

}  // namespace gaussfilt::base
