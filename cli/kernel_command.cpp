// Floor 5. `gaussfilt kernel`: taps, the sigma that they deliver, their frequency response.
#include "commands.h"
#include "kernel_report.h"
#include "matrix_report.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace gaussfilt::cli {
namespace {

std::int64_t offset(const KernelReport& report, std::size_t index) {
  return static_cast<std::int64_t>(index) - report.kernel.centre;
}

double largest_magnitude(const std::vector<double>& values) {
  double largest = 0;
  for (const double value : values) largest = std::max(largest, std::abs(value));
  return largest;
}

// A bar of `value` where `largest` fills the width; with negative values around the middle.
std::string bar(double value, double largest, bool signed_values, int width) {
  if (!(largest > 0)) return "";
  const int half = signed_values ? width / 2 : width;
  const int length = static_cast<int>(std::lround(std::abs(value) / largest * half));
  if (!signed_values) return std::string(static_cast<std::size_t>(length), '#');
  const std::string marks(static_cast<std::size_t>(length), '#');
  return value < 0 ? fmt::format("{:>{}}|", marks, half) : fmt::format("{:>{}}|{}", "", half, marks);
}

std::string row(std::string text) {
  while (text.ends_with(' ')) text.pop_back();
  return text + "\n";
}

std::string delivered_line(std::string_view what, double delivered, double asked) {
  const std::string off = asked > 0 ? fmt::format(" ({:+.2f} %)", 100 * (delivered / asked - 1)) : "";
  return fmt::format("{}: {:.6g}{}\n", what, delivered, off);
}

std::string taps_table(const KernelReport& report) {
  const bool whole = !report.integers.empty();
  const int width = 80 - (whole ? 40 : 26);
  const double largest = largest_magnitude(report.kernel.taps);
  const bool negative = std::ranges::any_of(report.kernel.taps, [](double tap) { return tap < 0; });
  std::string text = fmt::format("  offset  {:>14}{}\n", "tap",
                                 whole ? fmt::format("  {:>12}", fmt::format("of {}", *report.asked.integers)) : "");
  for (std::size_t i = 0; i < report.kernel.taps.size(); ++i) {
    const double tap = report.kernel.taps[i];
    const std::string integer = whole ? fmt::format("  {:>12}", report.integers[i]) : "";
    text += row(
        fmt::format("  {:>6}  {:>14.8g}{}  {}", offset(report, i), tap, integer, bar(tap, largest, negative, width)));
  }
  return text;
}

std::string response_table(const KernelReport& report) {
  const Kernel used = used_kernel(report);
  std::vector<Response> rows;
  for (int step = 0; step <= 10; ++step) rows.push_back(response(report, used, 0.05 * step));
  double largest = 0;
  for (const Response& one : rows) largest = std::max(largest, std::abs(one.value));
  std::string text =
      fmt::format("  {:>6}  {:>14}  {:>12}   of a wave, cycles a sample\n", "cycles", "response", "Gaussian");
  for (const Response& one : rows)
    text += row(fmt::format("  {:>6.2f}  {:>14.6g}  {:>12.6g}  {}", one.frequency, one.value, one.ideal,
                            bar(std::max(one.value, 0.0), largest, false, 38)));
  return text;
}

}  // namespace

KernelReport make_report(const KernelArguments& arguments) {
  KernelReport report{.asked = arguments, .kernel = {}, .integers = {}};
  report.kernel = gaussian_kernel(arguments.sigma, arguments.order, arguments.radius, arguments.taps);
  report.sum = std::accumulate(report.kernel.taps.begin(), report.kernel.taps.end(), 0.0);
  if (arguments.order == 0) report.delivered = delivered_sigma(report.kernel);
  if (!arguments.integers) return report;
  report.integers = integer_taps(report.kernel, *arguments.integers);
  const Kernel used = used_kernel(report);
  report.integers_delivered = delivered_sigma(used);
  for (std::size_t i = 0; i < used.taps.size(); ++i)
    report.integers_error = std::max(report.integers_error, std::abs(used.taps[i] - report.kernel.taps[i]));
  return report;
}

Kernel used_kernel(const KernelReport& report) {
  Kernel used = report.kernel;
  for (std::size_t i = 0; i < report.integers.size(); ++i)
    used.taps[i] = static_cast<double>(report.integers[i]) / static_cast<double>(*report.asked.integers);
  return used;
}

// Correlation makes of e^(iwx) the sum of taps[k] e^(iwk) times itself, the n-th derivative of a Gaussian
// (iw)^n e^(-sigma^2 w^2 / 2): both without the power of i.
Response response(const KernelReport& report, const Kernel& used, double frequency) {
  const double w = 2 * std::numbers::pi * frequency;
  const int order = report.asked.order;
  double value = 0;
  for (std::size_t i = 0; i < used.taps.size(); ++i) {
    const double angle = w * static_cast<double>(offset(report, i));
    value += used.taps[i] * (order % 2 == 0 ? std::cos(angle) : std::sin(angle));
  }
  if ((order / 2) % 2 == 1) value = -value;
  const double sw = report.asked.sigma * w;
  return {.frequency = frequency, .value = value, .ideal = std::pow(w, order) * std::exp(-0.5 * sw * sw)};
}

std::string title(const KernelReport& report) {
  const int order = report.asked.order;
  const std::string what = order == 0   ? "Gaussian"
                           : order == 1 ? "First derivative of a Gaussian"
                           : order == 2 ? "Second derivative of a Gaussian"
                                        : fmt::format("Derivative {} of a Gaussian", order);
  const std::size_t taps = report.kernel.taps.size();
  return fmt::format("{}, {}: {} {} tap{}", what, report.asked.strength, taps, name(report.asked.taps),
                     taps == 1 ? "" : "s");
}

std::string kernel_text(const KernelReport& report) {
  std::string text = title(report) + "\n";
  if (report.asked.order == 0) text += delivered_line("delivered sigma", report.delivered, report.asked.sigma);
  if (!report.integers.empty()) {
    text += delivered_line("delivered by the integers", report.integers_delivered, report.asked.sigma);
    text += fmt::format("largest error of an integer tap: {:.3g} of the sum\n", report.integers_error);
  }
  text += fmt::format("\n{}\n", taps_table(report));
  if (!report.integers.empty()) text += fmt::format("of the integers, divided by {}:\n", *report.asked.integers);
  return text + response_table(report);
}

std::string kernel_json(const KernelReport& report) {
  using nlohmann::ordered_json;
  const Kernel used = used_kernel(report);
  ordered_json frequency = ordered_json::array();
  for (int step = 0; step <= 64; ++step) {
    const Response one = response(report, used, step / 128.0);
    frequency.push_back({{"cycles", one.frequency}, {"response", one.value}, {"gaussian", one.ideal}});
  }
  ordered_json json{{"sigma", report.asked.sigma},          {"order", report.asked.order},
                    {"taps_kind", name(report.asked.taps)}, {"radius", report.kernel.centre},
                    {"taps", report.kernel.taps},           {"sum", report.sum}};
  if (report.asked.order == 0) json["delivered_sigma"] = report.delivered;
  if (!report.integers.empty())
    json["integers"] = {{"sum", *report.asked.integers},
                        {"taps", report.integers},
                        {"delivered_sigma", report.integers_delivered},
                        {"largest_error", report.integers_error}};
  json["frequency_response"] = std::move(frequency);
  return json.dump(2) + "\n";
}

std::string kernel_csv(const KernelReport& report) {
  const bool whole = !report.integers.empty();
  std::string text = whole ? "offset,tap,integer\n" : "offset,tap\n";
  for (std::size_t i = 0; i < report.kernel.taps.size(); ++i)
    text += fmt::format("{},{}{}\n", offset(report, i), report.kernel.taps[i],
                        whole ? fmt::format(",{}", report.integers[i]) : "");
  return text;
}

namespace {

std::string matrix_answer(const MatrixReport& report, KernelFormat format) {
  switch (format) {
    case KernelFormat::text: return matrix_text(report);
    case KernelFormat::json: return matrix_json(report);
    case KernelFormat::csv: return matrix_csv(report);
    case KernelFormat::svg: break;
  }
  return matrix_svg(report);
}

}  // namespace

int run_kernel(const KernelArguments& arguments) {
  try {
    if (arguments.matrix) return print({done, matrix_answer(make_report(*arguments.matrix), arguments.format)});
    const KernelReport report = make_report(arguments);
    switch (arguments.format) {
      case KernelFormat::text: return print({done, kernel_text(report)});
      case KernelFormat::json: return print({done, kernel_json(report)});
      case KernelFormat::csv: return print({done, kernel_csv(report)});
      case KernelFormat::svg: break;
    }
    return print({done, kernel_svg(report)});
  } catch (const InvalidArgument& error) {
    return print(usage_error(error.what(), "gaussfilt kernel"));
  }
}

}  // namespace gaussfilt::cli
