// Floor 5. Runs of a plan from Python.
#include "run.h"

#include <gaussfilt/error.h>

#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <list>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>

namespace gaussfilt::python {
namespace {

constexpr double long_run = 2e6;  // ns
constexpr std::chrono::milliseconds between_signals{50};

// What goes on beside a long run. Called by the run, one call at a time, from any of its threads.
class Watch {
 public:
  explicit Watch(nb::handle progress) : progress_(progress) {}

  RunOptions options() {
    return {.stop = stop_.get_token(), .progress = [this](double done) { look(done); }};
  }

  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  void look(double done) {
    if (failure_) return;
    const auto now = std::chrono::steady_clock::now();
    const bool callers = std::this_thread::get_id() == caller_;  // signals reach Python's main thread alone
    if (progress_.is_none() && (!callers || now - last_ < between_signals)) return;
    last_ = now;
    const nb::gil_scoped_acquire held;
    try {
      if (callers && PyErr_CheckSignals() != 0) throw nb::python_error();
      if (!progress_.is_none()) progress_(done);
    } catch (...) {
      failure_ = std::current_exception();
      stop_.request_stop();
    }
  }

  nb::handle progress_;
  std::thread::id caller_ = std::this_thread::get_id();
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
  std::stop_source stop_;
  std::exception_ptr failure_;
};

// Plans of past calls, the latest used first.
class PlanCache {
 public:
  std::optional<Plan> find(const std::string& key) {
    const std::lock_guard lock(mutex_);
    const auto found = index_.find(key);
    if (found == index_.end()) return {};
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->second;
  }

  void keep(const std::string& key, const Plan& plan) {
    const std::lock_guard lock(mutex_);
    if (index_.contains(key)) return;
    entries_.emplace_front(key, plan);
    index_[key] = entries_.begin();
    if (entries_.size() <= most) return;
    index_.erase(entries_.back().first);
    entries_.pop_back();
  }

 private:
  static constexpr std::size_t most = 64;
  std::mutex mutex_;
  std::list<std::pair<std::string, Plan>> entries_;
  std::unordered_map<std::string, std::list<std::pair<std::string, Plan>>::iterator> index_;
};

// Never destroyed: threads may still filter while the process ends.
PlanCache& cache() {
  static auto* const cache = new PlanCache;
  return *cache;
}

std::int64_t taps_of(const Plan& plan) {
  std::int64_t taps = 0;
  for (const std::int64_t halo : plan.halo()) taps += 2 * halo + 1;
  return taps;
}

}  // namespace

double predicted_ns(const Plan& plan, const Shape& outputs) {
  for (const Candidate& candidate : plan.candidates()) {
    if (candidate.why_not.empty()) return candidate.cost * static_cast<double>(outputs.product());
  }
  return 0;
}

void run_job(double ns, nb::handle progress, const Job& job) {
  if (progress.is_none() && ns < long_run) {
    const nb::gil_scoped_release released;
    job({});
    return;
  }
  Watch watch(progress);
  {
    const nb::gil_scoped_release released;
    job(watch.options());
  }
  watch.rethrow();
}

void run_plan(const Plan& plan, const Borrowed& in, const Borrowed& target, nb::handle progress) {
  const View source = in.view();
  const MutableView sink = target.mutable_view();
  run_job(predicted_ns(plan, sink.shape()), progress,
          [&](const RunOptions& options) { return plan.run(source, sink, options); });
  target.finish();
}

Key& Key::add(const Layout& layout) {
  add(layout.dtype).add(layout.shape.rank());
  for (const std::int64_t extent : layout.shape) add(extent);
  return *this;
}

Plan kept_plan(const Key& key, const std::function<Plan()>& make) {
  constexpr std::int64_t most_taps = 4096;
  if (std::optional<Plan> kept = cache().find(key.text())) return *kept;
  Plan plan = make();
  if (taps_of(plan) <= most_taps) cache().keep(key.text(), plan);
  return plan;
}

Result result_for(const Borrowed& in, const Shape& shape, nb::handle out, nb::handle dtype, DType fallback) {
  const DType wanted = dtype.is_none() ? fallback : dtype_of("dtype", dtype);
  nb::object object = out.is_none() ? new_array(in, wanted, shape) : nb::borrow(out);
  // PyTorch writes into what from_dlpack shares, so its new tensors are targets as well.
  Borrowed target = Borrowed::output("out", object);
  if (!out.is_none() && !dtype.is_none() && target.layout().dtype != wanted) {
    throw InvalidArgument(fmt::format("dtype: is {} beside an out of {}, give one of the two", numpy_name(wanted),
                                      numpy_name(target.layout().dtype)));
  }
  return {std::move(object), std::move(target)};
}

}  // namespace gaussfilt::python
