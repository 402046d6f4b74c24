// How long a Gaussian takes, beside memcpy of the same picture, checked against the definition first.
//
// Each iteration copies the picture with memcpy and then filters it, so that both meet the same machine. Time is the
// filter's. Counters:
//   median_us median time of the filter
//   x_memcpy  median time of the filter / median time of memcpy on one thread, in this run
//   error     largest error in three patches, relative to N * M (floats) or in grey levels (integers: <= 0.5)
//   bound     the plan's proven bound, relative to N * M
//   predicted what the plan predicts / median time (one thread)
//   roofline  how much of the median is the longer of memcpy and the arithmetic of the plan's method at this CPU's peak
//             (Gaussian, one thread)
#include "case.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace bench;

double seconds(auto&& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double predicted_seconds(const gf::Plan& plan) {
  const auto chosen = std::ranges::find_if(plan.candidates(), [](const auto& one) { return one.why_not.empty(); });
  return 1e-9 * chosen->cost * static_cast<double>(plan.layout().shape.product());
}

// The arrays of the subject that is timed now; the next subject replaces them.
struct Arrays {
  std::string name;
  gf::Array in, out;
};

Arrays& arrays(const Subject& subject) {
  static std::optional<Arrays> now;
  if (!now || now->name != subject.name) {
    now.reset();
    now = Arrays{subject.name, picture(subject), gf::Array(subject.dtype, subject.shape)};
  }
  return *now;
}

void run(benchmark::State& state, Filter filter, const Subject& subject, double sigma, int threads) {
  Arrays& now = arrays(subject);
  const gf::Plan plan = bench::plan(filter, subject, sigma, threads);
  const gf::View in = lying(now.in, subject.in);
  const gf::MutableView out = lying(now.out, subject.out);
  plan.run(in, out);
  const double off = error(filter, subject, sigma, in, out);
  if (!(off <= allowed_error(subject))) {
    state.SkipWithError(("error " + std::to_string(off) + " is more than the contract allows").c_str());
    return;
  }
  const auto bytes = static_cast<std::size_t>(now.in.size()) * gf::size_of(subject.dtype);
  std::vector<double> copies, filters;
  for (auto _ : state) {
    copies.push_back(seconds([&] {
      std::memcpy(now.out.data(), now.in.data(), bytes);
      benchmark::DoNotOptimize(now.out.data());
      benchmark::ClobberMemory();
    }));
    filters.push_back(seconds([&] { plan.run(in, out); }));
    state.SetIterationTime(filters.back());
  }
  state.counters["median_us"] = 1e6 * median(filters);
  state.counters["x_memcpy"] = median(filters) / median(copies);
  state.counters["error"] = off;
  state.counters["bound"] = plan.error_bound();
  if (threads == 1) state.counters["predicted"] = predicted_seconds(plan) / median(filters);
  if (filter == Filter::gaussian && threads == 1)
    state.counters["roofline"] = std::max(median(copies), least_arithmetic(plan, subject)) / median(filters);
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * now.in.size());
}

void add(const Subject& subject, Filter filter = Filter::gaussian,
         std::initializer_list<double> sigmas = {0.8, 1.0, 2.0, 5.0, 20.0}) {
  const int all = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  for (double sigma : sigmas) {
    for (int threads = 1; threads <= all; threads += std::max(1, all - 1)) {
      char name[96];
      const bool sided = filter == Filter::correlate || filter == Filter::product;
      std::snprintf(name, sizeof name, "%s/%s/%s:%g/threads:%d", bench::name(filter), subject.name.c_str(),
                    sided ? "side" : "sigma", sigma, threads);
      benchmark::RegisterBenchmark(name, [=](benchmark::State& state) { run(state, filter, subject, sigma, threads); })
          ->UseManualTime()
          ->Unit(benchmark::kMicrosecond)
          ->MinTime(0.4);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  using gf::DType;
  for (DType dtype : {DType::f32, DType::f64, DType::u8}) {
    const std::string prefix(gf::name(dtype));
    add({prefix + "/512x512", dtype, {512, 512}, 2});
    add({prefix + "/4096x4096", dtype, {4096, 4096}, 2});
  }
  const double eighth_of_a_level = 1.0 / 8 / 255, eighth_of_a_u16 = 1.0 / 8 / 65535;
  add({"u8-eighth/4096x4096", DType::u8, {4096, 4096}, 2, eighth_of_a_level});
  add({"u8-eighth/4096x4096xRGB", DType::u8, {4096, 4096, 3}, 2, eighth_of_a_level});
  add({"u8-eighth/1600x2560xRGB", DType::u8, {1600, 2560, 3}, 2, eighth_of_a_level});
  add({"u16-eighth/4096x4096", DType::u16, {4096, 4096}, 2, eighth_of_a_u16});
  add({"f64-1e-12/512x512", DType::f64, {512, 512}, 2, 1e-12});
  add({"f32/64x64", DType::f32, {64, 64}, 2});
  const auto seen = [](const char* name, Lie in, Lie out) {
    add({std::string("f32/4096x4096-") + name, DType::f32, {4096, 4096}, 2, 0, in, out}, Filter::gaussian, {1, 2, 5});
  };
  seen("transposed", Lie::transposed, Lie::transposed);
  seen("in-transposed", Lie::transposed, Lie::gapless);
  seen("out-transposed", Lie::gapless, Lie::transposed);
  seen("in-reversed", Lie::reversed, Lie::gapless);
  seen("out-reversed", Lie::gapless, Lie::reversed);
  add({"f32/256x256x256", DType::f32, {256, 256, 256}, 3});
  add({"f32/2048x2048", DType::f32, {2048, 2048}, 2}, Filter::laplace_of_gaussian, {2.0});
  for (DType dtype : {DType::u8, DType::f32}) {
    const Subject plane{std::string(gf::name(dtype)) + "/4096x4096", dtype, {4096, 4096}, 2};
    add(plane, Filter::correlate, {3, 5, 7});
    add(plane, Filter::product, {5});
  }
  const Subject colours{"u8/4096x4096xRGB", DType::u8, {4096, 4096, 3}, 2};
  add(colours, Filter::correlate, {3, 5});

  benchmark::AddCustomContext("gaussfilt", std::string(gf::version()));
  benchmark::AddCustomContext("cpu_target", gf::active_cpu_target());
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
