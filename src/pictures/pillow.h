// Floor 4. Pillow's ImageFilter.Kernel, to the bit.
#pragma once

#include <gaussfilt/array.h>
#include <gaussfilt/convolution.h>

namespace gaussfilt::pictures {

// Throws InvalidArgument where Pillow has no such filter, or the options ask for what it has not.
void check_pillow(const View& page, const ConvolveOptions& options, const Convolution& settled);

// Same shape and dtype; no overlap.
void filter_like_pillow(const View& in, const MutableView& out, const DenseKernel& kernel, const Convolution& settled);

}  // namespace gaussfilt::pictures
