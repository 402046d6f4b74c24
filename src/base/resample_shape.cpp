// Floor 0. The weights of a multirate axis: every phase fitted to one response. docs/decisions/0013-multirate.md
#include "base/least_squares.h"
#include "base/resampling.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

namespace gaussfilt::base {
namespace {

using std::size_t;

constexpr size_t frequencies = 16;
// The energy at theta = omega f counts exp(-spread (sigma / f * theta)^2), by order: derivatives lift high ones.
constexpr std::array<double, 3> spread{0.85, 0.75, 0.65};
// By width - 2: the widest Gaussian in factors that a shape is fitted to. There its error is rounding (up to width 3 it
// never is), and a spectrum still narrower would leave the weights undecided.
constexpr std::array<double, most_width - 1> most_ratio{1e3, 1e3, 100, 30, 12, 7, 5, 4};
constexpr double held = 1e3;     // the weight of frequency 0: there, all phases agree
constexpr double tiny = 1e-15;   // the weight of the response itself, where no phase decides it
constexpr size_t many = 16;      // phases; more are represented by
constexpr size_t a_few = 5;      // of them
constexpr size_t emphasis = 10;  // from so many phases on, the outermost are the worst and count more
double emphasised(double depth) { return 1 + 3 * std::pow(depth, 6); }

struct Node {
  double at, weight;
};

// Gauss and Legendre's on [0, 1].
std::vector<Node> quadrature(size_t count) {
  std::vector<Node> nodes(count);
  const auto n = static_cast<double>(count);
  for (size_t i = 0; i < count; ++i) {
    double x = std::cos(std::numbers::pi * (static_cast<double>(i) + 0.75) / (n + 0.5)), slope = 1;
    for (int step = 0; step < 6; ++step) {  // Newton's, from nearby
      double value = x, before = 1;
      for (double k = 2; k <= n; ++k) before = std::exchange(value, ((2 * k - 1) * x * value - (k - 1) * before) / k);
      slope = n * (x * value - before) / (x * x - 1);
      x -= value / slope;
    }
    nodes[i] = {(1 - x) / 2, 1 / ((1 - x * x) * slope * slope)};
  }
  return nodes;
}

// What is asked at some frequencies theta = omega f, the first one being 0; how much each counts, its root.
struct Spectrum {
  std::vector<double> theta{0}, weight{held};
  size_t size() const { return theta.size(); }
};

Spectrum spectrum_of(double ratio, int order) {
  Spectrum spectrum;
  const double top = std::min(1.6 * std::numbers::pi, 9 / ratio);
  for (const Node& node : quadrature(frequencies)) {
    const double theta = top * node.at, x = ratio * theta;
    spectrum.theta.push_back(theta);
    spectrum.weight.push_back(std::sqrt(top * node.weight * std::exp(-spread.at(static_cast<size_t>(order)) * x * x)));
  }
  return spectrum;
}

// A phase lies s factors off the middle of its weights' places, |s| <= 1/2. They stand at s + k, k = -(w - 1) / 2 ...
// (w - 1) / 2, and respond sum of c_k exp(i theta (s + k)). Turned by -s, the part of c that is even in k is asked for
// P(theta) cos(theta s), the odd one for -P(theta) sin(theta s): two systems, the same for all s.
class Phases {
 public:
  Phases(Spectrum spectrum, size_t width)
      : spectrum_(std::move(spectrum)), width_(width), even_(cosines()), odd_(sines()) {}

  size_t rows() const { return 2 * spectrum_.size() - width_; }
  // What is left over of the responses by which phase s counts, times the root of `mass`: rows() rows of `into` from
  // `row` on.
  void left_over(double s, double mass, Matrix& into, size_t row) const;
  // The weights of phase s that come nearest to the response.
  std::vector<double> weights(double s, const std::vector<double>& response) const;

 private:
  size_t even_count() const { return (width_ + 1) / 2; }
  size_t odd_count() const { return width_ / 2; }
  Matrix cosines() const;
  Matrix sines() const;

  Spectrum spectrum_;
  size_t width_;
  LeastSquares even_, odd_;
};

Matrix Phases::cosines() const {
  Matrix rows(spectrum_.size(), even_count());
  for (size_t j = 0; j < even_count(); ++j) {
    const double k = static_cast<double>(j) + (width_ % 2 == 0 ? 0.5 : 0);
    for (size_t i = 0; i < spectrum_.size(); ++i) {
      rows.column(j)[i] = spectrum_.weight[i] * std::cos(spectrum_.theta[i] * k) * (k > 0 ? 2 : 1);
    }
  }
  return rows;
}

Matrix Phases::sines() const {
  Matrix rows(spectrum_.size(), odd_count());
  for (size_t j = 0; j < odd_count(); ++j) {
    const double k = static_cast<double>(j) + (width_ % 2 == 0 ? 0.5 : 1);
    for (size_t i = 0; i < spectrum_.size(); ++i) {
      rows.column(j)[i] = spectrum_.weight[i] * std::sin(spectrum_.theta[i] * k) * 2;
    }
  }
  return rows;
}

void Phases::left_over(double s, double mass, Matrix& into, size_t row) const {
  std::vector<double> one(spectrum_.size());
  for (size_t i = 0; i < spectrum_.size(); ++i) {
    const double weight = std::sqrt(mass) * spectrum_.weight[i], angle = spectrum_.theta[i] * s;
    one[i] = 1;
    double* to = into.column(i) + row;
    for (const double value : even_.left_over(one)) *to++ = value * weight * std::cos(angle);
    for (const double value : odd_.left_over(one)) *to++ = value * weight * std::sin(angle);
    one[i] = 0;
  }
}

std::vector<double> Phases::weights(double s, const std::vector<double>& response) const {
  std::vector<double> even(spectrum_.size()), odd(spectrum_.size());
  for (size_t i = 0; i < spectrum_.size(); ++i) {
    const double asked = spectrum_.weight[i] * response[i], angle = spectrum_.theta[i] * s;
    even[i] = asked * std::cos(angle), odd[i] = -asked * std::sin(angle);
  }
  even = even_.solve(std::move(even)), odd = odd_.solve(std::move(odd));
  std::vector<double> weights(width_);
  for (size_t j = 0; j < odd_count(); ++j) {
    const double mean = even[even_count() - odd_count() + j];
    weights[width_ / 2 - 1 - j] = mean - odd[j];
    weights[(width_ + 1) / 2 + j] = mean + odd[j];
  }
  if (width_ % 2 == 1) weights[width_ / 2] = even[0];
  return weights;
}

double offset(size_t phase, size_t factor) {
  const auto f = static_cast<double>(factor);
  return (static_cast<double>(phase) - (f - 1) / 2) / f;
}

// Phases s >= 0 and their masses, for all.
std::vector<Node> representatives(size_t factor) {
  std::vector<Node> phases;
  if (factor > many) {
    for (const Node& node : quadrature(a_few)) phases.push_back({node.at / 2, node.weight});
  } else {
    for (size_t r = factor / 2; r < factor; ++r) {
      const double s = offset(r, factor);
      phases.push_back({s, 2 * r + 1 == factor ? 0.5 : 1});  // the middle one has no mirror image
    }
  }
  if (factor >= emphasis) {
    for (Node& phase : phases) phase.weight *= emphasised(2 * phase.at);
  }
  return phases;
}

// The response that all phases together come nearest to, 1 at frequency 0.
std::vector<double> common_response(const Phases& phases, size_t factor) {
  const std::vector<Node> fitted = representatives(factor);
  const size_t rows = fitted.size() * phases.rows();
  Matrix left(rows, frequencies + 1);
  for (size_t i = 0; i < fitted.size(); ++i) {
    phases.left_over(fitted[i].at, fitted[i].weight, left, i * phases.rows());
  }
  Matrix free(rows + frequencies, frequencies);
  for (size_t i = 0; i < frequencies; ++i) {
    std::copy_n(left.column(i + 1), rows, free.column(i));
    free.column(i)[rows + i] = tiny;
  }
  std::vector<double> fixed(rows + frequencies);
  for (size_t i = 0; i < rows; ++i) fixed[i] = -left.column(0)[i];
  std::vector<double> response = LeastSquares(std::move(free)).solve(std::move(fixed));
  response.insert(response.begin(), 1.0);
  return response;
}

double sum_of(const std::vector<double>& values) {
  long double sum = 0;
  for (const double value : values) sum += value;
  return static_cast<double>(sum);
}

}  // namespace

ResampleShape resample_shape(size_t factor, size_t width, double sigma, int order) {
  const double ratio = std::min(sigma / static_cast<double>(factor), most_ratio.at(width - 2));
  const Phases phases(spectrum_of(ratio, order), width);
  const std::vector<double> response = common_response(phases, factor);
  const size_t size = factor * width;
  ResampleShape shape{.factor = factor, .width = width, .down = std::vector<double>(size), .up = {}};
  shape.up = shape.down;
  for (size_t r = 0; 2 * r < factor; ++r) {
    const std::vector<double> weights = phases.weights(offset(r, factor), response);
    const double gain = sum_of(weights);
    for (size_t j = 0; j < width; ++j) {
      const size_t i = j * factor + r, mirrored = size - 1 - i;
      shape.down[i] = shape.down[mirrored] = weights[j];
      shape.up[i] = shape.up[mirrored] = weights[j] / gain;
    }
  }
  const double sum = sum_of(shape.down);
  for (double& weight : shape.down) weight /= sum;
  return shape;
}

}  // namespace gaussfilt::base
