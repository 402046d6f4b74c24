// Floor 0. The multirate Gaussian of one axis: down to a lower rate, filtered there, and back.
//
//   z[j] = sum over i of down(i) x[j f + i],  i in [0, w f)      f the factor, w the width
//   q[j] = sum over m of low(m) z[j + m]
//   y[n] = sum over j of up(n - j f) q[j]
//
// Cells of f samples start at index 0; sample j of the lower rate is made of the cells j ... j + w - 1, and what lies
// in cell c is made of the samples c - w + 1 ... c. docs/methods.md has the mathematics, docs/decisions the
// measurements.
#pragma once

#include <gaussfilt/border.h>
#include <gaussfilt/kernel.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gaussfilt::base {

// Weights in the precision T, row by row of a cell: entry [r * width + k] belongs to row r and to the k-th of the
// samples that the cell is a part of, the oldest first.
template <class T> struct ResampleTaps {
  std::size_t factor = 1, width = 1;
  std::vector<T> down, up;
};

// The order in which the weights of the way up are summed: from both ends to the middle, where they are largest.
constexpr std::size_t from_outside(std::size_t i, std::size_t width) { return i % 2 == 0 ? i / 2 : width - 1 - i / 2; }

// down and up alike but for their scale: symmetric, of sum 1; up's phases of sum 1 each.
struct ResampleShape {
  std::size_t factor = 1, width = 1;
  std::vector<double> down, up;  // width * factor weights
};

// The widest shape.
inline constexpr std::size_t most_width = 9;

// The shape whose phases come nearest to one response where a Gaussian of this sigma and order has its spectrum.
ResampleShape resample_shape(std::size_t factor, std::size_t width, double sigma, int order);

// The taps at the lower rate that bring the whole nearest to the target, a Gaussian of this order, in the least squares
// over all phases: the fewest with which the error is under `limit`, or most where it never is. They have the target's
// gain (order 0), first moment (1) or sum 0 (2). Correlated, as the target is.
Kernel low_rate_taps(const ResampleShape& shape, const Kernel& target, int order, double limit);

// After so many samples of the lower rate it repeats, on an axis of n samples under reflect, mirror and wrap: 0 where
// the factor does not divide the period, and under the other borders.
std::int64_t low_period(Border border, std::int64_t n, std::int64_t factor);

// The taps at the lower rate folded onto what there is of it.
Kernel folded_low_rate_taps(const Kernel& low, Border border, std::int64_t n, std::int64_t factor, std::int64_t width);

template <class T> ResampleTaps<T> resample_taps(const ResampleShape& shape);

// sum |the whole - the target| of the outputs in one row of a cell, by the weights as they are stored; and the largest
// of all rows, the infinity norm of the error.
template <class T>
double phase_error(const ResampleTaps<T>& taps, const Kernel& low, const Kernel& target, std::size_t phase);
template <class T> double resample_error(const ResampleTaps<T>& taps, const Kernel& low, const Kernel& target);

// About the error of an axis, relative to its target, from a table: 1 where there is none.
double expected_error(std::size_t factor, std::size_t width, double sigma, int order);
// The smallest sigma with which it is expected to be no more than this: infinite where it never is.
double expected_sigma(std::size_t factor, std::size_t width, int order, double error);

// The rows of a cell are summed in blocks, as even as can be, of at most eight: rounding then grows with the number of
// blocks only.
constexpr std::size_t rows_a_block(std::size_t factor) {
  const std::size_t blocks = (factor + 7) / 8;
  return (factor + blocks - 1) / blocks;
}

// Bounds of the rounding in units of T, relative to the largest sample: of z, and of what is made of it.
template <class T> double down_roundings(const ResampleTaps<T>& taps);
template <class T> double up_roundings(const ResampleTaps<T>& taps);

// The standard deviation that the whole delivers, over all phases.
double delivered_sigma(const ResampleShape& shape, const Kernel& low);

// sum |down|, and the largest sum |up| of a phase.
template <class T> double down_mass(const ResampleTaps<T>& taps);
template <class T> double up_mass(const ResampleTaps<T>& taps);

}  // namespace gaussfilt::base
