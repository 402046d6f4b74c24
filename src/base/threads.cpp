// Floor 0. parallel_for on oneTBB or, for ThreadSanitizer (which cannot see into oneTBB), on std::thread.
#include "base/threads.h"

#include <algorithm>

#if GAUSSFILT_EXECUTOR_STD
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>
#else
#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/info.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>
#endif

namespace gaussfilt::base {
namespace {

#if GAUSSFILT_EXECUTOR_STD

void run_on_threads(std::int64_t count, int threads, FunctionRef<void(std::int64_t)> tile) {
  std::atomic<std::int64_t> next{0};
  std::exception_ptr failure;
  std::mutex failure_mutex;
  const auto work = [&] {
    try {
      for (std::int64_t i = next++; i < count; i = next++) tile(i);
    } catch (...) {
      next = count;
      const std::lock_guard lock(failure_mutex);
      if (!failure) failure = std::current_exception();
    }
  };
  const auto limit = static_cast<std::int64_t>(threads > 0 ? threads : std::thread::hardware_concurrency());
  std::vector<std::jthread> helpers;
  for (std::int64_t i = 1; i < std::min(limit, count); ++i) helpers.emplace_back(work);
  work();
  helpers.clear();
  if (failure) std::rethrow_exception(failure);
}

#else

void run_on_threads(std::int64_t count, int threads, FunctionRef<void(std::int64_t)> tile) {
  namespace tbb = oneapi::tbb;
  // An arena a call: it bounds this call and leaves the host program's other use of oneTBB alone. More threads than
  // the process may use would gain nothing, and oneTBB warns of them on stderr.
  const int available = tbb::info::default_concurrency();
  tbb::task_arena arena(threads > 0 ? std::min(threads, available) : available);
  arena.execute([&] {
    tbb::parallel_for(
        tbb::blocked_range<std::int64_t>(0, count, 1),
        [&](const tbb::blocked_range<std::int64_t>& range) {
          for (std::int64_t i = range.begin(); i != range.end(); ++i) tile(i);
        },
        tbb::simple_partitioner{});
  });
}

#endif

}  // namespace

void parallel_for(std::int64_t count, int threads, FunctionRef<void(std::int64_t)> tile) {
  if (threads == 1 || count <= 1) {
    for (std::int64_t i = 0; i < count; ++i) tile(i);
    return;
  }
  run_on_threads(count, threads, tile);
}

}  // namespace gaussfilt::base
