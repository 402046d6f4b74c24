// Floor 4. Arithmetic on pixels that is no filter: alpha weights, fewer bits, flattening.
#pragma once

#include <gaussfilt/array.h>

namespace gaussfilt::pictures {

// Colours times alpha (alpha / full range), alpha as it is; last band is alpha. u8 or u16, pixels of a row packed, to
// f32.
Array premultiply(const View& pixels);
// The inverse, rounded once, half to even; where alpha comes out as 0 so do the colours.
void unpremultiply(const Array& weighted, const MutableView& pixels);

// Over white; the last band, alpha, goes away. Rounded once.
Array flatten_onto_white(const Array& pixels);
// u16 to u8: the nearest level.
Array to_8_bits(const Array& pixels);

}  // namespace gaussfilt::pictures
