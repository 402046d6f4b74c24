// Measures what the methods' passes take on this machine and prints src/methods/cost.h with it.
//
// The model is linear: a plan's time a sample is the bytes that it moves times ns_per_byte, and for each pass what a
// sample takes and what each pair of taps takes. So every constant is a slope or an offset over plans that differ in
// that alone, found by least squares of the relative errors; times are medians, one thread, arrays beyond any cache.
#include "peaks.h"

#include <gaussfilt/gaussfilt.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fstream>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace gf = gaussfilt;
using gf::DType;
using std::int64_t;

const gf::Shape large{4096, 4096};

double median(std::vector<double> all) {
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
  std::ranges::nth_element(all, middle);
  return *middle;
}

// Numbers from 0 to 199, in any dtype: neither zeros nor constants.
gf::Array picture(DType dtype, const gf::Shape& shape) {
  gf::Array bytes(DType::u8, shape), array(dtype, shape);
  std::uint32_t state = 1;
  for (std::uint8_t& item : bytes.items<std::uint8_t>()) {
    state = state * 1664525U + 1013904223U;
    item = static_cast<std::uint8_t>((state >> 16) % 200);
  }
  gf::gaussian(bytes, array, {.axes = gf::Axes::none()});
  return array;
}

// Times of the same works, in the same order, in every round: what else the machine does changes from round to round,
// and the median of all of them forgets it.
class Stopwatch {
 public:
  void new_round() { at_ = 0; }

  double median_seconds(int times, auto&& work) {
    if (at_ == all_.size()) all_.emplace_back();
    std::vector<double>& mine = all_[at_++];
    work();
    for (int i = 0; i < times; ++i) {
      const auto start = std::chrono::steady_clock::now();
      work();
      mine.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    return median(mine);
  }

  double ns_a_sample(const gf::Plan& plan) {
    const gf::Shape& shape = plan.layout().shape;
    const gf::Array& in = kept(sources_, plan.layout().dtype, shape);
    gf::Array& out = kept(targets_, plan.out_dtype(), shape);
    const auto samples = static_cast<double>(in.size());
    return 1e9 * median_seconds(samples > 1e6 ? 3 : 501, [&] { plan.run(in, out); }) / samples;
  }

  double memcpy_ns_per_byte() {
    std::vector<char> from(std::size_t{64} << 20, 1), to(from.size());
    const double seconds = median_seconds(5, [&] { std::memcpy(to.data(), from.data(), from.size()); });
    return 1e9 * seconds / static_cast<double>(2 * from.size());
  }

 private:
  using Arrays = std::map<std::pair<DType, int64_t>, gf::Array>;

  static gf::Array& kept(Arrays& arrays, DType dtype, const gf::Shape& shape) {
    const auto key = std::pair(dtype, shape.product());
    const auto found = arrays.find(key);
    return found != arrays.end() ? found->second : arrays.emplace(key, picture(dtype, shape)).first->second;
  }

  std::vector<std::vector<double>> all_;
  std::size_t at_ = 0;
  Arrays sources_, targets_;
};

// One measurement: time = the sum of factor * unknown.
struct Equation {
  std::vector<double> factors;
  double time = 0;
  double weight = 1;  // 1 / measured time: errors count in proportion
};

// The unknowns that come nearest to all equations: the normal equations, solved by elimination.
std::vector<double> solve(const std::vector<Equation>& equations) {
  const std::size_t n = equations.front().factors.size();
  std::vector<std::vector<double>> rows(n, std::vector<double>(n + 1));
  for (const Equation& equation : equations) {
    for (std::size_t i = 0; i < n; ++i) {
      const double factor = equation.factors[i] * equation.weight * equation.weight;
      for (std::size_t k = 0; k < n; ++k) rows[i][k] += factor * equation.factors[k];
      rows[i][n] += factor * equation.time;
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t below = 0; below < n; ++below) {
      if (below == i) continue;
      const double times = rows[below][i] / rows[i][i];
      for (std::size_t k = i; k <= n; ++k) rows[below][k] -= times * rows[i][k];
    }
  }
  std::vector<double> unknowns;
  for (std::size_t i = 0; i < n; ++i) unknowns.push_back(rows[i][n] / rows[i][i]);
  return unknowns;
}

struct Pass {
  double sample = 0, pair = 0;
  double operator()(double pairs) const { return sample + pair * pairs; }
};

struct Conversion {
  double load = 0, store = 0;
};

struct Arithmetic {
  Pass column, long_column, row, long_row;
  double single = 0, multiply_add = 0;
  Conversion from_others, from_f16;
};

struct Resampled {
  Pass column, turned, phased;
  Conversion narrow;
};

class Calibration {
 public:
  void measure() {
    watch_.new_round();
    byte_ = watch_.memcpy_ns_per_byte();
    f32_ = floats(DType::f32, DType::u8, {});
    f64_ = floats(DType::f64, DType::i32, {});
    fused_ = f64_;
    measure_passes(fused_, DType::f64, 1e-9);
    measure_passes(whole_, DType::u8, {});
    f32_resampled_ = resampled(DType::f32, f32_);
    f64_resampled_ = resampled(DType::f64, fused_);
    measure_composites();
    measure_means();
    const double start = watch_.ns_a_sample(gaussian(DType::f32, DType::f32, 4, 4, {}, {64, 64}));
    const double without = watch_.ns_a_sample(gaussian(DType::f32, DType::f32, 4, 4, {}, {256, 256}));
    run_ = (start - without) / (1.0 / (64 * 64) - 1.0 / (256 * 256));
  }

  std::string text() const;

 private:
  static gf::Plan gaussian(DType in, DType out, int64_t column, int64_t row, std::optional<double> tolerance = {},
                           const gf::Shape& shape = large) {
    gf::GaussianOptions options{.sigma = {spread(column), spread(row)}, .radius = {column, row}, .threads = 1};
    options.tolerance = tolerance;
    options.method = gf::Method::separable;
    return gf::plan_gaussian({shape, in}, out, options);
  }
  static double spread(int64_t radius) { return std::max(0.3, static_cast<double>(radius) / 4); }

  // Taps that whole numbers hold exactly, so that the planner takes integers for u8 at any price.
  static gf::Kernel exact_taps(int64_t radius) {
    gf::Kernel kernel{std::vector<double>(static_cast<std::size_t>(2 * radius + 1), 1.0 / 256), radius};
    kernel.taps[static_cast<std::size_t>(radius)] = static_cast<double>(256 - 2 * radius) / 256;
    return kernel;
  }

  // Radii of the two axes, none where an axis is not filtered.
  struct Radii {
    std::optional<int64_t> column, row;
  };

  static gf::Plan plan_for(DType dtype, const Radii& radii, std::optional<double> tolerance) {
    const gf::Axes axes = !radii.row ? gf::Axes{0} : !radii.column ? gf::Axes{1} : gf::Axes{0, 1};
    std::vector<int64_t> each;
    if (radii.column) each.push_back(*radii.column);
    if (radii.row) each.push_back(*radii.row);
    if (dtype == DType::u8) {
      gf::SeparableOptions options{.kernels = {}, .axes = axes, .threads = 1};
      for (const int64_t radius : each) options.kernels.push_back(exact_taps(radius));
      return gf::plan_separable({large, dtype}, dtype, options);
    }
    std::vector<double> sigma;
    for (const int64_t radius : each) sigma.push_back(spread(radius));
    gf::GaussianOptions options{
        .sigma = gf::PerAxis<double>(sigma), .axes = axes, .radius = gf::PerAxis<int64_t>(each), .threads = 1};
    options.tolerance = tolerance;
    options.method = gf::Method::separable;
    return gf::plan_gaussian({large, dtype}, dtype, options);
  }

  double passes_of(const gf::Plan& plan) {
    const auto bytes = static_cast<double>(gf::size_of(plan.layout().dtype) + gf::size_of(plan.out_dtype()));
    return watch_.ns_a_sample(plan) - byte_ * bytes;
  }

  static void add(std::vector<Equation>& equations, std::vector<double> factors, double time) {
    equations.push_back({std::move(factors), time, 1 / time});
  }

  // Both axes and each by itself with few pairs, then each with many. A sample takes the same in columns and rows: only
  // their sum can be told with certainty.
  void measure_passes(Arithmetic& arithmetic, DType dtype, std::optional<double> tolerance) {
    const bool whole = dtype == DType::u8;
    const DType working = whole ? DType::i32 : dtype;
    std::vector<Radii> few{{2, 2}, {4, 4},  {8, 8},  {4, 2},  {8, 2},  {10, 2}, {2, 4},
                           {2, 8}, {2, 12}, {2, 16}, {2, {}}, {8, {}}, {{}, 2}, {{}, 8}};
    if (whole) few.insert(few.end(), {{16, 2}, {32, 2}, {64, 2}, {2, 24}, {2, 32}, {2, 64}});
    std::vector<Equation> equations;
    for (const Radii& radii : few) {
      const gf::Plan plan = plan_for(dtype, radii, tolerance);
      if (plan.working_dtype() != working) throw std::logic_error("calibrate: " + plan.explain());
      const double axes = radii.column && radii.row ? 2 : 1;
      add(equations, {axes, static_cast<double>(radii.column.value_or(0)), static_cast<double>(radii.row.value_or(0))},
          passes_of(plan));
    }
    const std::vector<double> found = solve(equations);
    arithmetic.column = arithmetic.long_column = {found[0], found[1]};
    arithmetic.row = arithmetic.long_row = {found[0], found[2]};
    if (whole) return;
    std::vector<Equation> columns, rows;
    for (const int64_t radius : {16, 24, 32, 48, 64}) {
      const double pairs = static_cast<double>(radius);
      add(columns, {1, pairs}, passes_of(plan_for(dtype, {radius, 2}, tolerance)) - arithmetic.row(2));
      add(rows, {1, pairs + 4}, passes_of(plan_for(dtype, {2, radius + 4}, tolerance)) - arithmetic.column(2));
    }
    const auto line = [](const std::vector<Equation>& all) {
      const std::vector<double> fit = solve(all);
      return Pass{fit[0], fit[1]};
    };
    arithmetic.long_column = line(columns);
    arithmetic.long_row = line(rows);
  }

  // `other`: a dtype that is converted.
  Arithmetic floats(DType dtype, DType other, std::optional<double> tolerance) {
    Arithmetic result;
    measure_passes(result, dtype, tolerance);
    result.single = single(result, dtype);
    result.multiply_add = multiply_add(dtype);
    const double passes = result.column(2) + result.row(2);
    const auto from = [&](DType item) {
      return Conversion{passes_of(gaussian(item, dtype, 2, 2)) - passes,
                        passes_of(gaussian(dtype, item, 2, 2)) - passes};
    };
    result.from_others = from(other);
    result.from_f16 = from(DType::f16);
    return result;
  }

  static gf::Plan multirate(DType in, DType out, double sigma, double tolerance, int axis) {
    gf::GaussianOptions options{.sigma = sigma, .axes = {axis}, .threads = 1};
    options.tolerance = tolerance;
    options.method = gf::Method::multirate;
    return gf::plan_gaussian({large, in}, out, options);
  }

  // One axis to a lower rate and back, down the columns and along the rows: what is left when the taps at the lower
  // rate and the bytes there are paid for.
  Resampled resampled(DType dtype, const Arithmetic& arithmetic) {
    const auto along = [&](int axis, double least_factor, double most_factor) {
      std::vector<Equation> equations;
      for (const double sigma : {4.0, 6.0, 9.0, 16.0, 40.0, 100.0}) {
        for (const double tolerance : {1e-2, 1e-3, 1e-4, 1e-5}) {
          const gf::Plan plan = multirate(dtype, dtype, sigma, tolerance, axis);
          const auto rate = nlohmann::json::parse(plan.explain_json())["axes"][0]["lower_rate"];
          const double factor = rate["factor"].get<double>();
          if (factor < least_factor || factor > most_factor) continue;
          const double part = 1 / factor, pairs = (rate["taps"].get<double>() - 1) / 2;
          const Pass& few = axis == 0 ? arithmetic.column : arithmetic.row;
          const Pass& many = axis == 0 ? arithmetic.long_column : arithmetic.long_row;
          const double there =
              part * (std::min(few(pairs), many(pairs)) + 2 * byte_ * static_cast<double>(gf::size_of(dtype)));
          add(equations, {1, rate["width"].get<double>()}, passes_of(plan) - there);
        }
      }
      const std::vector<double> found = solve(equations);
      return Pass{found[0], found[1]};
    };
    constexpr double any = 1e9;
    Resampled result{along(0, 1, any), along(1, 5, any), along(1, 1, 4), {}};
    if (dtype != DType::f32) return result;
    const auto converting = [&](DType in, DType out) { return passes_of(multirate(in, out, 16, 1e-2, 0)); };
    const double plain = converting(dtype, dtype);
    // Nothing, where fewer bytes save more than converting takes.
    result.narrow = {std::max(0.0, converting(DType::u8, dtype) - plain),
                     std::max(0.0, converting(dtype, DType::u8) - plain)};
    return result;
  }

  // A tap of an axis whose taps do not mirror each other, beside an axis of 1 2 1.
  double single(const Arithmetic& arithmetic, DType dtype) {
    const gf::Kernel smooth{{0.25, 0.5, 0.25}, 1};
    std::vector<Equation> equations;
    for (const int taps : {3, 5, 9, 17}) {
      gf::Kernel ramp{{}, taps / 2};
      for (int i = 1; i <= taps; ++i) ramp.taps.push_back(2.0 * i / taps / (taps + 1));
      for (const bool along : {false, true}) {
        gf::SeparableOptions options{.kernels = {ramp, smooth}, .threads = 1};
        if (along) std::swap(options.kernels[0], options.kernels[1]);
        const double known =
            arithmetic.column.sample + arithmetic.row.sample + (along ? arithmetic.column : arithmetic.row).pair;
        add(equations, {static_cast<double>(taps)},
            passes_of(gf::plan_separable({large, dtype}, dtype, options)) - known);
      }
    }
    return solve(equations)[0];
  }

  double multiply_add(DType dtype) {
    std::vector<Equation> equations;
    for (const int64_t side : {5, 7, 9}) {
      gf::DenseKernel kernel{{}, {side, side}};
      for (int64_t i = 0; i < side * side; ++i)
        kernel.values.push_back(static_cast<double>(1 + (7 * i * i + 3 * i) % 11));
      const gf::Plan plan = gf::plan_correlate({large, dtype}, dtype, kernel, {.threads = 1});
      add(equations, {static_cast<double>(side * side)}, passes_of(plan));
    }
    return solve(equations)[0];
  }

  double field(double sigma) const {
    const double radius = std::floor(4 * sigma + 0.5);
    return std::min(f32_.column(radius), f32_.long_column(radius)) + std::min(f32_.row(radius), f32_.long_row(radius));
  }

  // How much longer than by itself a field of a composite takes, all that goes with it included.
  void measure_composites() {
    const gf::Layout layout{large, DType::f32};
    std::vector<Equation> equations;
    for (const double sigma : {1.0, 2.0, 5.0}) {
      const gf::Plan laplace = gf::plan_laplace_of_gaussian(layout, DType::f32, {.sigma = sigma, .threads = 1});
      const gf::Plan magnitude = gf::plan_gradient_magnitude(layout, DType::f32, {.sigma = sigma, .threads = 1});
      const gf::Plan difference =
          gf::plan_difference_of_gaussians(layout, DType::f32, {.sigma_low = sigma, .threads = 1});
      add(equations, {2 * field(sigma)}, passes_of(laplace));
      add(equations, {2 * field(sigma)}, passes_of(magnitude));
      add(equations, {field(sigma) + field(1.6 * sigma)}, passes_of(difference));
    }
    composite_ = solve(equations)[0];
  }

  void measure_means() {
    std::vector<Equation> running, whole, floating;
    for (const DType dtype : {DType::u8, DType::u16, DType::f32, DType::f64}) {
      for (const double width : {5.5, 31.0}) {
        const double mean = passes_of(gf::plan_box({large, dtype}, dtype, {.width = width, .threads = 1}));
        add(gf::is_floating(dtype) ? floating : whole, {2}, mean);
      }
      add(running, {2}, passes_of(gf::plan_uniform({large, dtype}, dtype, {.size = 9, .threads = 1})));
    }
    whole_mean_ = solve(whole)[0], float_mean_ = solve(floating)[0], running_mean_ = solve(running)[0];
  }

  Stopwatch watch_;
  double byte_ = 0, run_ = 0, composite_ = 0, whole_mean_ = 0, float_mean_ = 0, running_mean_ = 0;
  Arithmetic f32_, f64_, fused_, whole_;
  Resampled f32_resampled_, f64_resampled_;
};

std::string cpu() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown CPU";
}

std::string today() {
  const std::time_t now = std::time(nullptr);
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", std::gmtime(&now));
  return text;
}

std::string pass_text(const char* name, const Pass& pass) {
  return fmt::format("    .{} = {{.sample = {:.3g}, .pair = {:.3g}}},\n", name, pass.sample, pass.pair);
}

std::string conversion_text(const char* name, const Conversion& conversion) {
  return fmt::format("    .{} = {{.load = {:.3g}, .store = {:.3g}}},\n", name, conversion.load, conversion.store);
}

std::string arithmetic_text(const char* comment, const char* name, const Arithmetic& arithmetic) {
  std::string text = fmt::format("// {}\ninline constexpr Arithmetic {}{{\n", comment, name);
  text += pass_text("column", arithmetic.column) + pass_text("long_column", arithmetic.long_column);
  text += pass_text("row", arithmetic.row) + pass_text("long_row", arithmetic.long_row);
  text +=
      fmt::format("    .single = {:.3g},\n    .multiply_add = {:.3g},\n", arithmetic.single, arithmetic.multiply_add);
  text += conversion_text("from_others", arithmetic.from_others) + conversion_text("from_f16", arithmetic.from_f16);
  return text + "};\n";
}

std::string resampled_text(const char* name, const Resampled& resampled) {
  return fmt::format("inline constexpr Resampled {}{{\n", name) + pass_text("column", resampled.column) +
         pass_text("turned", resampled.turned) + pass_text("phased", resampled.phased) +
         conversion_text("narrow", resampled.narrow) + "};\n";
}

constexpr const char* head =
    R"(// Floor 2. What the passes take, measured: the constants from which the methods predict their time.
//
// machine: {}, {} instructions
// date:    {}
// command: make calibrate
// peaks:   a pair of taps takes {:.3g} ns a sample in f32, {:.3g} in f64, {:.3g} in f64 unfused, {:.3g} in 16 bits
//
// Written by bench/calibrate.cpp. All times are nanoseconds on one thread, for arrays that no cache holds. They are
// compiled in and the same on every machine: what a plan computes must not depend on where it runs.
#pragma once

namespace gaussfilt::methods::price {{

// What one pass takes an item of its output.
struct Pass {{
  double sample = 0;  // ns an item, whatever the taps
  double pair = 0;    // ns an item and pair of taps: an addition and a multiply-add
}};

// Items of another dtype on their way to the working precision and back.
struct Conversion {{
  double load = 0;   // ns an item
  double store = 0;  // ns an item
}};

struct Arithmetic {{
  Pass column;              // across rows that stay where they are
  Pass long_column;         // across rows that are copied first: less a pair, more a sample
  Pass row;                 // along a row
  Pass long_row;            // along many rows, turned on their side: less a pair, more a sample
  double single = 0;        // ns an item and tap, in passes whose taps do not mirror each other
  double multiply_add = 0;  // ns an item and multiply-add, many in a row on vectors: a weight of a dense kernel
  Conversion from_others;   // 8, 16 and 32 bits
  Conversion from_f16;
}};

// An axis that goes to a lower rate and back, an item at the full rate: down the columns, along rows that are turned on
// their side, or along rows in phases.
struct Resampled {{
  Pass column, turned, phased;  // a pair is a weight of the way down and one of the way back
  Conversion narrow;            // of columns: 8 and 16 bits
}};

)";

std::string Calibration::text() const {
  const bench::Peaks& peak = bench::peaks();
  std::string text = fmt::format(fmt::runtime(head), cpu(), gf::active_cpu_target(), today(), 1e9 * peak.f32_pair,
                                 1e9 * peak.f64_pair, 1e9 * peak.f64_exact, 1e9 * peak.u8_pair);
  text += "// ns a byte that comes from memory or goes there: memcpy\n";
  text += fmt::format("inline constexpr double ns_per_byte = {:.3g};\n\n", byte_);
  text += "// ns a run: its call, its first tile\n";
  text += fmt::format("inline constexpr double ns_per_run = {:.3g};\n\n", run_);
  text += arithmetic_text("f32, products fused with sums", "f32", f32_) + "\n";
  text += arithmetic_text("f64, each product rounded as SciPy does", "f64", f64_) + "\n";
  text += arithmetic_text("f64, products fused with sums", "f64_fused", fused_) + "\n";
  text +=
      arithmetic_text("8-bit samples as whole numbers; what moves and converts them is in `sample`", "whole", whole_);
  text += "\n" + resampled_text("f32_resampled", f32_resampled_) + resampled_text("f64_resampled", f64_resampled_);
  text += "\n// A field of a composite takes so many times what it takes by itself.\n";
  text += fmt::format("inline constexpr double composite = {:.3g};\n\n", composite_);
  text += "// ns an item and axis: means of windows, of integers and of floats, and running means\n";
  text += fmt::format("inline constexpr double whole_mean = {:.3g};\n", whole_mean_);
  text += fmt::format("inline constexpr double float_mean = {:.3g};\n", float_mean_);
  text += fmt::format("inline constexpr double running_mean = {:.3g};\n\n", running_mean_);
  return text + "}  // namespace gaussfilt::methods::price\n";
}

}  // namespace

int main() {
  Calibration calibration;
  for (int round = 0; round < 5; ++round) calibration.measure();
  const std::string text = calibration.text();
  if (text.find("= -") != std::string::npos) {
    fmt::print(stderr, "calibrate: a time came out below 0: let the machine rest and run it again (make calibrate)\n{}",
               text);
    return 1;
  }
  fmt::print("{}", text);
}
