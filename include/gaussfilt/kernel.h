// Floor 0. Kernels: the taps of a Gaussian and its derivatives, and how far they reach.
//
// All taps are in the order of correlation: out[i] = sum over k of taps[k] * in[i + k - centre].
#pragma once

#include <gaussfilt/array.h>
#include <gaussfilt/export.h>

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

namespace gaussfilt::inline v0 {

// How a continuous Gaussian meets the grid.
//   sampled     exp(-x^2 / 2 sigma^2) at integers, normalised: SciPy, OpenCV (SciPy's recurrence for derivatives).
//   discrete    e^-t I_n(t), t = sigma^2: Lindeberg's kernel, whose variance is sigma^2 at every sigma
//               (T. Lindeberg, Scale-space for discrete signals, 1990). Derivatives are its central differences.
//   integrated  the mean over each sample's cell; derivatives are the cell's mean of the derivative.
enum class Taps : std::uint8_t { sampled, discrete, integrated };

GAUSSFILT_API std::string_view name(Taps taps);
GAUSSFILT_API Taps parse_taps(std::string_view text);  // throws InvalidArgument
GAUSSFILT_API std::span<const std::string_view> taps_names();

enum class Symmetry : std::uint8_t { none, even, odd };

struct Kernel {
  std::vector<double> taps;
  std::int64_t centre = 0;  // index of the tap that meets the output's own sample; 0 <= centre < taps.size()
};

// A kernel of any shape, values in C order. Rank 0 is a single value.
struct DenseKernel {
  std::vector<double> values;
  Shape shape;
};

// even: taps mirror about their middle exactly; odd: with the sign changed; none: neither, or an even count.
GAUSSFILT_API Symmetry symmetry(const Kernel& kernel);

inline constexpr double infinity = std::numeric_limits<double>::infinity();

// SciPy's radius: int(truncate * sigma + 0.5). Throws InvalidArgument where it does not fit 31 bits.
GAUSSFILT_API std::int64_t truncated_radius(double sigma, double truncate);

// The taps of one axis, cut at `radius` and (order 0's weight) normalised after the cut.
//   sigma   standard deviation in samples, finite, >= 0 (0: the identity; then order must be 0)
//   order   0 smooths, n > 0 is the n-th derivative
// 2 radius + 1 taps, zeros included. Cost: one exp (sampled) per tap. Throws InvalidArgument.
GAUSSFILT_API Kernel gaussian_kernel(double sigma, int order, std::int64_t radius, Taps taps = Taps::sampled);

// The cut of the ideal (endless) operator.
struct Cut {
  std::int64_t radius = 0;
  double error = 0;  // sum |cut - ideal| / sum |ideal|: the worst error relative to N * M
};

// The smallest radius whose cut costs no more than `budget` (relative to the sum of |taps|); budget > 0.
GAUSSFILT_API Cut ideal_cut(double sigma, int order, double budget, Taps taps = Taps::sampled);

// The standard deviation that an order-0 kernel really has, about its centre of mass.
GAUSSFILT_API double delivered_sigma(const Kernel& kernel);

// Whole numbers that sum to `sum` exactly and, divided by it, come as near to the taps (brought to sum 1) as whole
// numbers do: what is cut off is given back by largest remainder. An even kernel stays even: pairs are rounded
// together and the centre takes the rest. For taps whose sum is positive; 1 <= sum <= 2^40. Throws InvalidArgument.
GAUSSFILT_API std::vector<std::int64_t> integer_taps(const Kernel& kernel, std::int64_t sum);

}  // namespace gaussfilt::inline v0
