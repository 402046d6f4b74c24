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

using TileRef = FunctionRef<void(std::int64_t, int)>;

#if GAUSSFILT_EXECUTOR_STD

int available() { return static_cast<int>(std::max(1U, std::thread::hardware_concurrency())); }

// More threads than the machine has are started when asked for: tests want the interleavings.
int limit(int threads) { return threads > 0 ? threads : available(); }

void run_on_workers(std::int64_t count, int workers, TileRef tile) {
  std::atomic<std::int64_t> next{0};
  std::exception_ptr failure;
  std::mutex failure_mutex;
  const auto work = [&](int worker) {
    try {
      for (std::int64_t i = next++; i < count; i = next++) tile(i, worker);
    } catch (...) {
      next = count;
      const std::lock_guard lock(failure_mutex);
      if (!failure) failure = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> helpers;
    for (int worker = 1; worker < workers; ++worker) helpers.emplace_back(work, worker);
    work(0);
  }
  if (failure) std::rethrow_exception(failure);
}

#else

namespace tbb = oneapi::tbb;

// More threads than the process may use would gain nothing, and oneTBB warns of them on stderr.
int limit(int threads) {
  const int available = tbb::info::default_concurrency();
  return threads > 0 ? std::min(threads, available) : available;
}

// The arena of this thread's runs: it bounds them and leaves the host program's other use of oneTBB alone. It is kept
// from run to run, since an arena that ends while workers still look into it stays in memory. A run inside a run (from
// a progress callback) has one of its own: in a common one, its thread would take tiles of the run that it interrupts.
class Arena {
 public:
  explicit Arena(int workers) {
    if (kept_.in_use) {
      own_ = std::make_unique<tbb::task_arena>(workers);
      return;
    }
    if (kept_.arena == nullptr || kept_.workers != workers) {
      kept_.arena = std::make_unique<tbb::task_arena>(workers);
      kept_.workers = workers;
    }
    kept_.in_use = true;
  }
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  ~Arena() {
    if (own_ == nullptr) kept_.in_use = false;
  }
  tbb::task_arena& get() { return own_ != nullptr ? *own_ : *kept_.arena; }

 private:
  struct Kept {
    std::unique_ptr<tbb::task_arena> arena;
    int workers = 0;
    bool in_use = false;
  };
  static thread_local Kept kept_;
  std::unique_ptr<tbb::task_arena> own_;
};

thread_local Arena::Kept Arena::kept_;

void run_on_workers(std::int64_t count, int workers, TileRef tile) {
  Arena arena(workers);
  arena.get().execute([&] {
    tbb::parallel_for(
        tbb::blocked_range<std::int64_t>(0, count, 1),
        [&](const tbb::blocked_range<std::int64_t>& range) {
          const int worker = tbb::this_task_arena::current_thread_index();
          for (std::int64_t i = range.begin(); i != range.end(); ++i) tile(i, worker);
        },
        tbb::simple_partitioner{});
  });
}

#endif

}  // namespace

int worker_count(std::int64_t count, int threads) {
  if (threads == 1 || count <= 1) return 1;
  return static_cast<int>(std::min<std::int64_t>(limit(threads), count));
}

void parallel_for(std::int64_t count, int threads, TileRef tile) {
  const int workers = worker_count(count, threads);
  if (workers > 1) return run_on_workers(count, workers, tile);
  for (std::int64_t i = 0; i < count; ++i) tile(i, 0);
}

}  // namespace gaussfilt::base
