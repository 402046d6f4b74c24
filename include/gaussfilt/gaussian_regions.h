// Floor 3. The Gaussian in regions of an array: what <gaussfilt/regions.h> describes, on two axes of any array.
//
//   axes      two of them, which a region's y and x count along, in this order; default the first two, rows and
//   columns.
//             Along all others (colours, time) the array has the same regions
//   result    weight * blurred + (1 - weight) * original, not rounded between (of integers over 8 bits blurred is).
//             Where the weight is 0 every bit stays; where it is 1 stands what `source` says, with context the bytes
//             that gaussian() gives of the whole. Where regions overlap the last one is mixed over what the ones before
//             made
//   dtypes    all real ones; the output's is the input's
//   options   those of gaussian(), without orders. Each region's own sigma stands as {x, y}, as its box does
#pragma once

#include <gaussfilt/array.h>
#include <gaussfilt/export.h>
#include <gaussfilt/filters.h>
#include <gaussfilt/plan.h>
#include <gaussfilt/regions.h>

#include <functional>
#include <memory>
#include <vector>

namespace gaussfilt::inline v0 {

struct RegionsOptions {
  std::vector<Region> regions = {};  // none: nothing is blurred, or with `invert` everything
  RegionSource source = RegionSource::context;
  bool invert = false;  // blur all but the regions, which have no sigma of their own then
  double feather = 0;   // samples around each region in which the blur fades out
};

// What is averaged in place of the samples, such as light, or colours times alpha. For arrays of rank 3 whose first two
// axes are filtered; tolerance and cval then are in its units.
struct Averaged {
  DType working = DType::f32;                                                       // f32 or f64
  std::function<void(const View& samples, const MutableView& averaged)> take = {};  // none: the samples themselves
  std::function<void(const View& averaged, const MutableView& samples)> give = {};  // the inverse, rounded once
};

// Prepared for a shape and a dtype; immutable, may run on many threads at once.
class GAUSSFILT_API RegionsPlan {
 public:
  // `out` may be the same view as `in`; any other overlap throws InvalidArgument. Memory: that of the boxes; of regions
  // that overlap, in place, that of the array. RunStatus::stopped: the output is only partly written.
  RunStatus run(const View& in, const MutableView& out, const RunOptions& options = {}) const;

 private:
  struct State;
  explicit RegionsPlan(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  friend GAUSSFILT_API RegionsPlan plan_gaussian_regions(const Layout& layout, const GaussianOptions& gaussian,
                                                         const RegionsOptions& regions, const Averaged& averaged);
  std::shared_ptr<const State> state_;
};

// Throws InvalidArgument, Unsupported.
GAUSSFILT_API RegionsPlan plan_gaussian_regions(const Layout& layout, const GaussianOptions& gaussian,
                                                const RegionsOptions& regions, const Averaged& averaged = {});
GAUSSFILT_API void gaussian_regions(const View& in, const MutableView& out, const GaussianOptions& gaussian,
                                    const RegionsOptions& regions);

}  // namespace gaussfilt::inline v0
