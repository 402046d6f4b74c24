// One picture to filter, its plan, and the check that comes before any timing.
#pragma once

#include <gaussfilt/gaussfilt.h>

#include <cstdint>
#include <string>

namespace bench {

namespace gf = gaussfilt;

// How a plane's samples lie in memory: row by row, column by column, or each row backwards.
enum class Lie : std::uint8_t { gapless, transposed, reversed };

// What is filtered: an array of `shape`, along its first `axes` axes (all but the channels of a picture).
struct Subject {
  std::string name;  // "f32/4096x4096"
  gf::DType dtype = gf::DType::f32;
  gf::Shape shape;
  int axes = 2;
  double tolerance = 0;                       // 0: none. The kernel is cut at 4 sigma without one and in f64
  Lie in = Lie::gapless, out = Lie::gapless;  // square planes
};

// The same memory, seen so.
gf::MutableView lying(gf::Array& array, Lie lie);

// Noise on a ramp, the same in every run: neither zeros nor constants, which flatter some methods.
gf::Array picture(const Subject& subject);

gf::GaussianOptions options(const Subject& subject, double sigma, int threads);

// correlate: a kernel of sigma x sigma weights, none of them 0, that is no product of lines; product: one that is.
enum class Filter : std::uint8_t { gaussian, laplace_of_gaussian, correlate, product };
const char* name(Filter filter);
gf::Plan plan(Filter filter, const Subject& subject, double sigma, int threads);

// The largest error of `out` in three patches (both far corners and the middle), against the definition in long
// double: relative to N * M for floats, in grey levels for integers.
double error(Filter filter, const Subject& subject, double sigma, const gf::View& in, const gf::View& out);

// What that error may be: the contract's 1e-6 and 8 eps, and half a level plus the working precision's own error or the
// tolerance.
double allowed_error(const Subject& subject);

// The least time that `plan` could take on one thread, in seconds: what its pairs of taps, and the
// multiply-adds to a lower rate and back, cost at this CPU's peak.
double least_arithmetic(const gf::Plan& plan, const Subject& subject);

}  // namespace bench
