// Floor 0. How far it is to a region. The exact Euclidean distance: first along columns, then along each row the lower
// envelope of the parabolas that stand in its columns, in linear time (P. F. Felzenszwalb and D. P. Huttenlocher,
// Distance Transforms of Sampled Functions, Theory of Computing 8, 2012).
#include "base/region.h"

#include <gaussfilt/error.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <fmt/format.h>

namespace gaussfilt::base {
namespace {

constexpr float inside = 0.5F;  // a share from which on a pixel is inside

// In each column the distance to the nearest pixel inside, `far` where there is none.
Array column_distances(const Array& shares, float far) {
  const std::int64_t height = shares.shape()[0], width = shares.shape()[1];
  Array out(DType::f32, shares.shape());
  const float* share = shares.items<float>().data();
  float* const distance = out.items<float>().data();
  for (std::int64_t i = 0; i < height * width; ++i) {
    const float above = i < width ? far : distance[i - width];
    distance[i] = share[i] >= inside ? 0.0F : std::min(above + 1, far);
  }
  for (std::int64_t i = (height - 1) * width - 1; i >= 0; --i)
    distance[i] = std::min(distance[i], distance[i + width] + 1);
  return out;
}

// A parabola of the envelope: its column, its squared height there, and from where on it is the lowest.
struct Parabola {
  double column, height, from;
};

void build_envelope(const float* distance, std::int64_t width, float far, std::vector<Parabola>& envelope) {
  envelope.clear();
  for (std::int64_t i = 0; i < width; ++i) {
    if (distance[i] >= far) continue;
    Parabola next{static_cast<double>(i), double{distance[i]} * distance[i], -1};
    while (!envelope.empty()) {
      const Parabola& last = envelope.back();
      next.from = (next.height - last.height + next.column * next.column - last.column * last.column) /
                  (2 * (next.column - last.column));
      if (next.from > last.from) break;
      envelope.pop_back();
      next.from = -1;
    }
    envelope.push_back(next);
  }
}

float smooth_step(double t) { return t <= 0 ? 0.0F : static_cast<float>(t * t * (3 - 2 * t)); }

}  // namespace

void check_feather(double feather) {
  if (!(feather >= 0) || !std::isfinite(feather))
    throw InvalidArgument(fmt::format("feather: is {}, must be a number of pixels >= 0.", feather));
}

Array feathered(const Array& shares, double feather) {
  const std::int64_t height = shares.shape()[0], width = shares.shape()[1];
  const auto far = static_cast<float>(std::min(std::ceil(feather), static_cast<double>(height)) + 1);
  const Array columns = column_distances(shares, far);
  Array out(DType::f32, shares.shape());
  std::vector<Parabola> envelope;
  for (std::int64_t y = 0; y < height; ++y) {
    const float* share = shares.items<float>().data() + y * width;
    float* weight = out.items<float>().data() + y * width;
    std::copy(share, share + width, weight);
    build_envelope(columns.items<float>().data() + y * width, width, far, envelope);
    for (std::size_t i = 0, x = 0; !envelope.empty() && x < static_cast<std::size_t>(width); ++x) {
      const auto column = static_cast<double>(x);
      while (i + 1 < envelope.size() && envelope[i + 1].from <= column) ++i;
      const double across = column - envelope[i].column;
      const double distance = std::sqrt(across * across + envelope[i].height);
      weight[x] = std::max(share[x], smooth_step(1 - distance / feather));
    }
  }
  return out;
}

}  // namespace gaussfilt::base
