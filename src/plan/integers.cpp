// Floor 3. Problems in integers, and the proof of their bound.
//
// Smoothing keeps constants, with the exact taps as with the whole ones, and so does every border whose constant is a
// sample. Hence an error of the taps sees a sample less 127.5, the middle of its range: half of M at most. Only the
// fractions between two axes are rounded, to half a unit of their last bit.
#include "base/taps.h"
#include "plan/problems.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace gaussfilt::plan {
namespace {

using base::AxisTask;
using base::IntegerTaps;
using base::Problem;

constexpr double largest_sample = 255;
constexpr int most_bits = 22;     // of weights: a sum of samples of 8 bits, with a sign, fits 32 with one to spare
constexpr int sum_bits = 24;      // of weights and fractions together: 8 more are the sample's own
constexpr int most_fraction = 8;  // 16 bits less a sample's own
constexpr int least_fraction = 4;

bool takes(const Problem& problem) {
  const auto usable = [](const AxisTask& task) {
    const std::complex<double> cval = task.cval;
    const bool sample =
        cval.imag() == 0 && cval.real() >= 0 && cval.real() <= largest_sample && cval.real() == std::floor(cval.real());
    return task.order == 0 && task.shift == 0 && task.before == task.after &&
           (task.border != Border::constant || sample);
  };
  return problem.in == DType::u8 && problem.out == DType::u8 && problem.combine == base::Combine::single &&
         !problem.cast && !problem.dense && problem.factor == 1 && problem.bias == 0 && !problem.axes.empty() &&
         problem.axes.size() <= 2 && std::ranges::all_of(problem.axes, usable);
}

// Taps of the last axis and the bits of the fractions that come before it: what is left of the sum is theirs.
struct LastAxis {
  IntegerTaps taps;
  int fraction = 0;
  double error = 0;  // relative to 255, the fractions' included
};

double taps_error(const Kernel& kernel, const IntegerTaps& taps) { return base::whole_taps_error(kernel, taps) / 2; }

std::optional<LastAxis> last_axis(const Kernel& kernel) {
  std::optional<LastAxis> best;
  for (int fraction = most_fraction; fraction >= least_fraction; --fraction) {
    const std::optional<IntegerTaps> taps = base::whole_taps(kernel, sum_bits - fraction);
    if (!taps) return std::nullopt;
    const double error = taps_error(kernel, *taps) + std::ldexp(0.5, -fraction) / largest_sample;
    if (!best || error < best->error) best = LastAxis{*taps, fraction, error};
    if (taps->bits < sum_bits - fraction) break;  // more room would not be used
  }
  return best;
}

// The taps as they are, in as many bits as there are, or nullopt.
std::optional<IntegerTaps> exact_taps(const Kernel& kernel, int bits) {
  std::optional<IntegerTaps> taps = base::whole_taps(kernel, bits);
  if (!taps || base::whole_taps_error(kernel, *taps) != 0) return std::nullopt;
  return taps;
}

}  // namespace

bool to_exact_integers(Problem& problem) {
  if (!takes(problem)) return false;
  AxisTask& first = problem.axes.front();
  AxisTask& last = problem.axes.back();
  const bool single = problem.axes.size() == 1;
  // What the first of two axes makes has no more bits than its taps.
  std::optional<IntegerTaps> taps = exact_taps(first.kernel, single ? most_bits : most_fraction);
  if (!taps) return false;
  problem.fraction = single ? std::min(most_fraction, sum_bits - taps->bits) : taps->bits;
  if (!single) {
    std::optional<IntegerTaps> of_last = exact_taps(last.kernel, sum_bits - problem.fraction);
    if (!of_last) return false;
    last.whole = *std::move(of_last);
  }
  first.whole = *std::move(taps);
  for (AxisTask& task : problem.axes) task.rounding = 0;
  problem.exact = true;
  problem.working = DType::i32;
  return true;
}

bool to_integers(Problem& problem) {
  if (!takes(problem)) return false;
  AxisTask& first = problem.axes.front();
  AxisTask& last = problem.axes.back();
  const bool single = problem.axes.size() == 1;
  std::optional<IntegerTaps> taps = base::whole_taps(first.kernel, most_bits);
  if (!taps) return false;
  if (single) {
    problem.fraction = std::min(most_fraction, sum_bits - taps->bits);
  } else {
    std::optional<LastAxis> chosen = last_axis(last.kernel);
    if (!chosen) return false;
    problem.fraction = chosen->fraction;
    last.whole = std::move(chosen->taps);
    last.rounding = chosen->error;
  }
  first.rounding = taps_error(first.kernel, *taps);
  first.whole = *std::move(taps);
  for (AxisTask& task : problem.axes) task.approximation /= 2;
  problem.working = DType::i32;
  return true;
}

}  // namespace gaussfilt::plan
