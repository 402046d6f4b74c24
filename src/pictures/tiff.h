// Floor 4. What a TIFF says of its samples and libvips passes over without a word.
#pragma once

#include "libvips.h"

namespace gaussfilt::pictures {

struct TiffSamples {
  int bits = 8;
  bool palette = false;
};

// Of the page with this number, from 0. The source is left rewound.
TiffSamples tiff_samples(VipsSource* source, int page);

}  // namespace gaussfilt::pictures
