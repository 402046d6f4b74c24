// Floor 0. A list of at most N items held inline: what a run needs one of per axis, without allocation.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

namespace gaussfilt::base {

template <class T, std::size_t N> class InlineList {
 public:
  void push_back(const T& item) { items_[size_++] = item; }
  void pop_back() { --size_; }
  void erase(T* item) {
    std::copy(item + 1, end(), item);
    --size_;
  }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T* begin() { return items_.data(); }
  T* end() { return items_.data() + size_; }
  const T* begin() const { return items_.data(); }
  const T* end() const { return items_.data() + size_; }
  T& operator[](std::size_t i) { return items_[i]; }
  const T& operator[](std::size_t i) const { return items_[i]; }
  T& front() { return items_[0]; }
  const T& front() const { return items_[0]; }
  T& back() { return items_[size_ - 1]; }
  const T& back() const { return items_[size_ - 1]; }

 private:
  std::array<T, N> items_{};
  std::size_t size_ = 0;
};

}  // namespace gaussfilt::base
