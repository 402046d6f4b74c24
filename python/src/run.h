// Floor 5. Runs of a plan from Python: without the GIL, ended by Ctrl-C, with progress; plans kept between calls.
#pragma once

#include "exchange.h"

#include <gaussfilt/filters.h>
#include <gaussfilt/plan.h>

#include <nanobind/nanobind.h>

#include <functional>
#include <string>
#include <vector>

namespace gaussfilt::python {

namespace nb = nanobind;

// What a run does: hands its options to Plan::run or Plan::run_region.
using Job = std::function<RunStatus(const RunOptions& options)>;

// Runs the job with the GIL released. `ns` is the time that it is predicted to take: a long one asks for signals every
// now and then. Rethrows what the progress callable or a signal handler raised; the output is then incomplete.
void run_job(double ns, nb::handle progress, const Job& job);
double predicted_ns(const Plan& plan, const Shape& outputs);

// Runs the plan on the whole of `in`.
void run_plan(const Plan& plan, const Borrowed& in, const Borrowed& target, nb::handle progress);

// Bytes that tell one call's options from another's.
class Key {
 public:
  template <class T> Key& add(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    text_.append(reinterpret_cast<const char*>(&value), sizeof(T));
    return *this;
  }
  Key& add(const Layout& layout);
  template <class T> Key& add(const PerAxis<T>& values) {
    add(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) add(values[i]);
    return *this;
  }
  template <class T> Key& add(const std::vector<T>& values) {
    static_assert(std::is_trivially_copyable_v<T>);
    add(values.size());
    text_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
    return *this;
  }
  Key& add(const Axes& axes) { return add(axes.list().has_value()).add(axes.list().value_or(std::vector<int>{})); }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// The plan for the key: kept from an earlier call, or made now. Small plans only are kept, the latest of them.
Plan kept_plan(const Key& key, const std::function<Plan()>& make);

// Where the result goes: `out` as given, or a new array like `in` of `shape` and `dtype` (None: `fallback`). Returns
// what the caller of the function gets.
struct Result {
  nb::object object;
  Borrowed target;
};
Result result_for(const Borrowed& in, const Shape& shape, nb::handle out, nb::handle dtype, DType fallback);

}  // namespace gaussfilt::python
