// Floor 0. The one way to run tiles on several threads.
#pragma once

#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

namespace gaussfilt::base {

template <class Signature> class FunctionRef;

// A borrowed callable: no allocation, valid while the callable lives.
template <class R, class... Args> class FunctionRef<R(Args...)> {
 public:
  template <class F>
    requires(!std::is_same_v<std::remove_cvref_t<F>, FunctionRef>)
  FunctionRef(F&& f)
      : object_(const_cast<void*>(static_cast<const void*>(std::addressof(f)))),
        call_([](void* object, Args... args) -> R {
          return (*static_cast<std::remove_reference_t<F>*>(object))(std::forward<Args>(args)...);
        }) {}
  R operator()(Args... args) const { return call_(object_, std::forward<Args>(args)...); }

 private:
  void* object_;
  R (*call_)(void*, Args...);
};

// Calls tile(i) for every i in [0, count), in any order, on at most `threads` threads (0: all that the process may
// use), the caller's among them. Who runs a tile never changes what it computes. The first exception is rethrown
// here after all threads have stopped.
void parallel_for(std::int64_t count, int threads, FunctionRef<void(std::int64_t)> tile);

}  // namespace gaussfilt::base
