// Floor 5. The options that say which filter: what `blur` and `convolve` have of their own, for every command that is
// told of one.
#pragma once

#include "readers.h"

#include <gaussfilt/convolution.h>

#include <string>
#include <string_view>

namespace gaussfilt::cli {

// Of blurring, beside the strength and the border.
void declare_light(Command& command, BlurOptions& options);
void declare_accuracy(Command& command, BlurOptions& options);
// How strong, and where the kernel is cut. Returns how it is told: "sigma 4". Throws Refusal.
std::string settle_blurring(const Strength& strength, std::string_view call, BlurOptions& options);

// Of convolving: what was given, beside what it is.
struct MatrixOptions {
  std::string kernel;  // as typed; empty: not given
  bool convolve = false, correlate = false;
};
void declare_matrix(Command& command, MatrixOptions& typed, ConvolveOptions& options);
void declare_rules(Command& command, ConvolveOptions& options);
// Throws Refusal.
void settle_matrix(const MatrixOptions& typed, std::string_view call, ConvolveOptions& options);

}  // namespace gaussfilt::cli
