// Floor 4. Pictures filtered with any kernel. Installed with the component `pictures`.
//
//   result = factor * sum + bias, rounded once, half to even; integers saturate
//   alpha    a transparent pixel never shows. Where no weight is negative and their sum is positive, alpha is averaged
//            like the colours (without factor and bias), and these are weighted by it, as blur() does. Otherwise alpha
//            stays as it is, and a neighbour counts by its alpha: what it does not cover counts as the pixel's own
//            colour. Where alpha is 0, so are the colours
#pragma once

#include <gaussfilt/kernel_text.h>
#include <gaussfilt/pictures.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace gaussfilt::inline v0 {

// How the matrix lies on the picture: turned by 180 degrees, or as it is written.
enum class Turn : std::uint8_t { convolve, correlate };

// What becomes of results below 0.
//   clip  0; floats keep them
//   abs   their magnitude
//   mid   mid-grey + result / 2, so that nothing between -white and white is lost (mid-grey: white / 2)
enum class Signed : std::uint8_t { clip, abs, mid };
GAUSSFILT_API std::string_view name(Signed choice);
GAUSSFILT_API Signed parse_signed(std::string_view text);  // throws InvalidArgument
GAUSSFILT_API std::span<const std::string_view> signed_names();

// Whose rules. pillow: those of Pillow's ImageFilter.Kernel, to the bit: 3 x 3 or 5 x 5 of u8, and of u16 with one
// band; rows from the bottom up, columns as they stand; summed in f32; size / 2 pixels at each edge stay; so does a
// picture that is smaller than the kernel; alpha is a band like any other.
enum class Rules : std::uint8_t { gaussfilt, pillow };
GAUSSFILT_API std::string_view name(Rules rules);
GAUSSFILT_API Rules parse_rules(std::string_view text);  // throws InvalidArgument
GAUSSFILT_API std::span<const std::string_view> rules_names();

struct ConvolveOptions {
  KernelText kernel = {};             // from find_kernel(), or .kernel alone
  std::optional<double> factor = {};  // default the kernel's own, else 1 / sum of it, or 1 where that is 0
  std::optional<double> bias = {};    // in levels; default the kernel's own, else 0
  std::optional<Anchor> anchor = {};  // cell that meets the pixel itself; default the kernel's own, else size / 2
  Turn turn = Turn::convolve;
  Signed sign = Signed::clip;
  Rules like = Rules::gaussfilt;
  Border border = Border::reflect;
  double cval = 0.0;                 // beyond a constant border, in levels; with alpha only 0: transparent
  std::vector<Region> regions = {};  // of each page: filter only these; the rest keeps its bits. Empty: all of it
  bool invert = false;               // filter all but the regions
  double feather = 0;                // pixels around each region in which the filter fades out
  RegionSource source = RegionSource::context;  // not masked, which is of blurring alone
  int threads = 0;                              // 0: all that this process may use; results do not depend on it
};

// What the options come to for a picture: a named kernel's bias, meant for 8 bits, in its levels.
struct Convolution {
  double factor = 1;
  double bias = 0;
  Anchor anchor = {};
};
GAUSSFILT_API Convolution settle(const Picture& picture, const ConvolveOptions& options);

// In place, each page for itself. Where a region's weight is between 0 and 1, filtered and original are mixed, times
// alpha, as levels; a region has no sigma here. An unsharp takes neither factor, bias, anchor nor `sign`. Memory: a
// copy of what the regions see, or of a page; with alpha 8 bytes a sample of it.
GAUSSFILT_API RunStatus convolve(Picture& picture, const ConvolveOptions& options, const RunOptions& run = {});
// The plan that convolve() follows on a page, for explain(). Throws Unsupported where it follows Pillow's rules.
GAUSSFILT_API Plan plan_convolve(const Picture& picture, const ConvolveOptions& options);

}  // namespace gaussfilt::inline v0
