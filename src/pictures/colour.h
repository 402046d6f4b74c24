// Floor 4. Arithmetic on pixels that is no filter: what a filter averages in place of the samples, flattening, depth.
#pragma once

#include "curve.h"

#include <gaussfilt/array.h>

namespace gaussfilt::pictures {

// What is averaged in place of the samples: colours as light (where there is a curve), times alpha (where there is);
// with neither the samples as they are.
struct Weighting {
  bool alpha = false;              // the last band is alpha
  const Curves* curves = nullptr;  // of the colour bands; u8 and u16 alone
  DType working = DType::f32;      // f32 or f64
};

// Both height x width x bands, pixels of a row packed; `weighted` of the working dtype. An integer alpha counts as a
// share of its full range.
void to_weighted(const View& pixels, const MutableView& weighted, const Weighting& weighting);
// The inverse, rounded once, half to even (with curves: to the nearest level as encoded); where alpha comes out as 0 or
// less, so do the colours.
void from_weighted(const View& weighted, const MutableView& pixels, const Weighting& weighting);

// Over white; the last band, alpha, goes away. Rounded once.
Array flatten_onto_white(const Array& pixels);

// Another depth, u8, u16 or f32: full range to full range, the nearest level, saturating. `linear`: floats are light
// and integers stand on sRGB's curve; without it the scale is straight.
Array to_depth(const Array& pixels, DType depth, bool linear, bool alpha);

}  // namespace gaussfilt::pictures
