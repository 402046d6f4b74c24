// Floor 2. Tiles on threads.
#include "methods/run_tiles.h"

#include "base/scratch.h"

#include <atomic>
#include <mutex>

namespace gaussfilt::methods {

Outcome run_tiles(const base::Job& job, std::int64_t tiles, int threads, std::size_t bytes,
                  base::FunctionRef<void(std::int64_t, std::byte*)> tile) {
  std::atomic<bool> stopped{false};
  std::mutex progress_mutex;
  std::int64_t done = 0;
  const base::Scratch scratch(bytes, base::worker_count(tiles, threads));
  const auto run_tile = [&](std::int64_t index, int worker) {
    if (stopped.load(std::memory_order_relaxed)) return;
    if (job.stop.stop_requested()) {
      stopped.store(true, std::memory_order_relaxed);
      return;
    }
    tile(index, scratch.of(worker));
    if (job.progress == nullptr || !*job.progress) return;
    const std::lock_guard lock(progress_mutex);
    (*job.progress)(static_cast<double>(++done) / static_cast<double>(tiles));
  };
  base::parallel_for(tiles, threads, run_tile);
  return stopped.load() ? Outcome::stopped : Outcome::complete;
}

base::Job gapless_job(const base::Problem& problem, const void* src) {
  const Index origin = Extents::filled(problem.shape.rank(), 0);
  return {.src = View(src, problem.in, problem.shape),
          .src_origin = origin,
          .dst = MutableView(nullptr, problem.out, problem.shape),
          .dst_origin = origin,
          .stop = {},
          .progress = nullptr};
}

}  // namespace gaussfilt::methods
