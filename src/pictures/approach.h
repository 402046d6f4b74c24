// Floor 4. How a picture is filtered: what blurring the whole and blurring regions share.
#pragma once

#include "colour.h"

#include <gaussfilt/pictures.h>

namespace gaussfilt::pictures {

// Its samples as they are, or in place of them what `weighting` makes.
struct Approach {
  bool weighted = false;
  Weighting weighting;  // its working dtype holds sums before they are rounded, weighted or not
  Curves curves;
  double tolerance = 0;
};

Approach approach(const Picture& picture, const BlurOptions& options);

// Points into the approach itself, which may have moved since it was made.
Weighting weighting_of(const Approach& way);

// What is read and made, and how strong and how exact that is.
struct Work {
  Layout layout;
  DType out = DType::f32;
  PerAxis<double> sigma;
  double tolerance = 0;
  double cval = 0;  // in the units of what is filtered
};

// A page, or a part of it cut out, as `way` has it.
Work page_work(const Picture& picture, const Shape& shape, const BlurOptions& options, const Approach& way);
Plan plan_work(const Work& work, const BlurOptions& options);

RunStatus blur_page(const Plan& plan, const MutableView& page, const Approach& way, const RunOptions& run);

// Progress of one part of the work.
RunOptions share_of(const RunOptions& run, std::int64_t part, std::int64_t parts);

bool is_nothing(const PerAxis<double>& sigma);

}  // namespace gaussfilt::pictures
