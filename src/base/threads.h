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

// How many workers parallel_for(count, threads, ...) may use; threads 0: all that the process may use.
int worker_count(std::int64_t count, int threads);

// Calls tile(i, worker) for every i in [0, count), in any order, on at most worker_count(count, threads) threads, the
// caller's among them; `worker` numbers them from 0, and no two calls run at once with the same number. Who runs a tile
// never changes what it computes. The first exception is rethrown here after all threads have stopped.
void parallel_for(std::int64_t count, int threads, FunctionRef<void(std::int64_t, int)> tile);

}  // namespace gaussfilt::base
