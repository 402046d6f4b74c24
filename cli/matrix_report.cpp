// Floor 5. A kernel of two dimensions as text, JSON and CSV.
#include "matrix_report.h"

#include <gaussfilt/named_kernels.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace gaussfilt::cli {
namespace {

constexpr std::int64_t widest_text = 25;

void weigh(MatrixReport& report) {
  double xx = 0, yy = 0;
  for (std::int64_t row = 0; row < report.height(); ++row)
    for (std::int64_t column = 0; column < report.width(); ++column) {
      const double share = report.at(column, row) / report.sum;
      const auto x = static_cast<double>(column - report.anchor.x), y = static_cast<double>(row - report.anchor.y);
      report.x += share * x;
      report.y += share * y;
      xx += share * x * x;
      yy += share * y * y;
    }
  report.sigma_x = std::sqrt(std::max(0.0, xx - report.x * report.x));
  report.sigma_y = std::sqrt(std::max(0.0, yy - report.y * report.y));
}

std::string cell(double value) { return fmt::format("{:.6g}", value); }

std::string matrix_table(const MatrixReport& report) {
  if (report.width() > widest_text)
    return fmt::format("  {} x {} values: --format csv prints them\n", report.width(), report.height());
  std::size_t widest = 0;
  for (const double value : report.kernel.values) widest = std::max(widest, cell(value).size());
  std::string text;
  for (std::int64_t row = 0; row < report.height(); ++row) {
    text += "  ";
    for (std::int64_t column = 0; column < report.width(); ++column)
      text += fmt::format("{}{:>{}}", column == 0 ? "" : "  ", cell(report.at(column, row)), widest);
    text += '\n';
  }
  return text;
}

std::string response_table(const MatrixReport& report) {
  std::string text = fmt::format("  {:>6}  {:>12}  {:>12}  {:>12}   of a wave, cycles a pixel\n", "cycles",
                                 "along rows", "columns", "diagonal");
  for (int step = 0; step <= 10; ++step) {
    const double f = 0.05 * step, d = f / std::numbers::sqrt2;
    text += fmt::format("  {:>6.2f}  {:>12.6g}  {:>12.6g}  {:>12.6g}\n", f, response(report, f, 0),
                        response(report, 0, f), response(report, d, d));
  }
  return text;
}

}  // namespace

MatrixReport make_report(const KernelText& asked) {
  MatrixReport report;
  report.asked = asked;
  report.kernel = asked.kernel;
  if (asked.unsharp) {
    const NamedKernel linear =
        named_kernel(fmt::format("unsharp({}, {})", asked.unsharp->sigma, asked.unsharp->amount));
    report.kernel = linear.kernel;
    report.asked.factor = 1;
  }
  const std::vector<double>& values = report.kernel.values;
  report.sum = std::accumulate(values.begin(), values.end(), 0.0);
  report.factor = report.asked.factor.value_or(report.sum == 0 ? 1 : 1 / report.sum);
  report.bias = asked.bias.value_or(0);
  report.anchor = asked.anchor.value_or(Anchor{.x = report.width() / 2, .y = report.height() / 2});
  report.signs = std::ranges::any_of(values, [](double value) { return value < 0; });
  if (!report.signs && report.sum > 0) weigh(report);
  return report;
}

double response(const MatrixReport& report, double x, double y) {
  std::complex<double> sum = 0;
  for (std::int64_t row = 0; row < report.height(); ++row)
    for (std::int64_t column = 0; column < report.width(); ++column) {
      const double value = report.at(column, row);
      if (value == 0) continue;
      const double cycles = x * static_cast<double>(column) + y * static_cast<double>(row);
      sum += std::polar(1.0, -2 * std::numbers::pi * cycles) * value;
    }
  return std::abs(report.factor) * std::abs(sum);
}

std::string title(const MatrixReport& report) {
  const std::string version = report.asked.version > 0 ? fmt::format(", version {}", report.asked.version) : "";
  return fmt::format("{}: {} x {}{}", report.asked.told, report.width(), report.height(), version);
}

std::vector<std::string> facts(const MatrixReport& report) {
  std::vector<std::string> lines{fmt::format("sum {:.6g}, factor {:.6g}, bias {:.6g}, anchor {},{}", report.sum,
                                             report.factor, report.bias, report.anchor.x, report.anchor.y)};
  if (!report.asked.orientation.empty()) lines.push_back("orientation: " + report.asked.orientation);
  if (!report.signs && report.sum > 0) {
    // What rounding leaves of nothing is nothing.
    const auto clean = [](double value) { return std::abs(value) < 1e-12 ? 0.0 : value; };
    lines.push_back(fmt::format("centre of mass {:.6g},{:.6g} from the anchor, sigma {:.6g},{:.6g}", clean(report.x),
                                clean(report.y), clean(report.sigma_x), clean(report.sigma_y)));
  }
  if (report.asked.unsharp && report.asked.unsharp->threshold > 0)
    lines.push_back(
        fmt::format("the matrix is that of the pixels that differ from their Gaussian by more than {:g} "
                    "levels; the others stay",
                    report.asked.unsharp->threshold));
  return lines;
}

std::string matrix_text(const MatrixReport& report) {
  std::string text = title(report) + "\n";
  for (const std::string& fact : facts(report)) text += fact + "\n";
  return text + "\n" + matrix_table(report) + "\n" + response_table(report);
}

std::string matrix_json(const MatrixReport& report) {
  using nlohmann::ordered_json;
  ordered_json rows = ordered_json::array();
  for (std::int64_t row = 0; row < report.height(); ++row) {
    ordered_json values = ordered_json::array();
    for (std::int64_t column = 0; column < report.width(); ++column) values.push_back(report.at(column, row));
    rows.push_back(std::move(values));
  }
  ordered_json frequency = ordered_json::array();
  for (int step = 0; step <= 64; ++step) {
    const double f = step / 128.0, d = f / std::numbers::sqrt2;
    frequency.push_back({{"cycles", f},
                         {"rows", response(report, f, 0)},
                         {"columns", response(report, 0, f)},
                         {"diagonal", response(report, d, d)}});
  }
  ordered_json json{{"name", report.asked.told},
                    {"version", report.asked.version},
                    {"orientation", report.asked.orientation},
                    {"kernel", std::move(rows)},
                    {"factor", report.factor},
                    {"bias", report.bias},
                    {"anchor", {report.anchor.x, report.anchor.y}},
                    {"sum", report.sum}};
  if (report.asked.version == 0) json.erase("version"), json.erase("orientation");
  if (!report.signs && report.sum > 0) {
    json["centre"] = {report.x, report.y};
    json["sigma"] = {report.sigma_x, report.sigma_y};
  }
  if (report.asked.unsharp) json["threshold"] = report.asked.unsharp->threshold;
  json["frequency_response"] = std::move(frequency);
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string matrix_csv(const MatrixReport& report) {
  std::string text;
  for (std::int64_t row = 0; row < report.height(); ++row)
    for (std::int64_t column = 0; column < report.width(); ++column)
      text += fmt::format("{}{}", report.at(column, row), column + 1 < report.width() ? "," : "\n");
  return text;
}

}  // namespace gaussfilt::cli
