// Floor 0. Thread-local scratch: grows, is reused, is freed with its thread.
#include "base/scratch.h"

namespace gaussfilt::base {
namespace {

struct Block {
  std::byte* data = nullptr;
  std::size_t size = 0;
  ~Block() { ::operator delete (data, std::align_val_t{64}); }
};

thread_local Block block;

}  // namespace

ScratchFrame::ScratchFrame(std::size_t bytes) {
  if (block.size < bytes) {
    ::operator delete (block.data, std::align_val_t{64});
    block.data = nullptr;
    block.size = 0;
    block.data = static_cast<std::byte*>(::operator new (bytes, std::align_val_t{64}));
    block.size = bytes;
  }
  next_ = block.data;
}

}  // namespace gaussfilt::base
