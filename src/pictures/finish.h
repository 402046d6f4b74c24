// Floor 4. From filtered samples, not yet rounded, to levels of a picture.
#pragma once

#include <gaussfilt/array.h>
#include <gaussfilt/convolution.h>

namespace gaussfilt::pictures {

// How alpha takes part.
//   none      there is none
//   weighted  filtered like the colours, which were weighted by it
//   kept      stays; of the neighbours that it leaves open the pixel's own colour takes the place
enum class Alpha : std::uint8_t { none, weighted, kept };

struct Finish {
  Alpha alpha = Alpha::none;
  Signed sign = Signed::clip;
  double gain = 1;  // of weighted colours; kept: what a plain picture is multiplied by, factor * sum
  double bias = 0;  // where the filter has not added it: with alpha
};

// `filtered`: f64, what the filter made of `original`, or of it weighted by alpha (to_weighted). All of one shape, rows
// of packed pixels; `out` may be `original`.
void finish_convolution(const View& original, const Array& filtered, const MutableView& out, const Finish& finish);

// `blurred`: f64, the Gaussian of `original`, or of it weighted by alpha. Alpha stays. `threshold` in levels.
void finish_unsharp(const View& original, const Array& blurred, const MutableView& out, bool alpha, double amount,
                    double threshold);

// Mixes `filtered`, of the picture's dtype, into `page`: weights, f32, of height x width; 0 leaves every bit. With
// alpha colours are mixed times it.
void mix(const Array& filtered, const View& weights, const MutableView& page, bool alpha);

}  // namespace gaussfilt::pictures
