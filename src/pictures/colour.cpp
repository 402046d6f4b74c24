// Floor 4. Alpha weights, light, flattening and depth. Plain loops: they stream, the filter between them does the work.
#include "colour.h"

#include "samples.h"
#include "state.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <type_traits>
#include <utility>

namespace gaussfilt::pictures {
namespace {

// A row as pixels, and which of its bands is alpha (bands where there is none).
struct Row {
  std::int64_t width, bands, colours;
};

// Products in f64: level x alpha of 16 bits does not fit an f32, and opaque levels must stay what they are.
template <class T, class Working> void weight_row(const T* in, Working* out, const Row& row) {
  for (std::int64_t x = 0; x < row.width; ++x, in += row.bands, out += row.bands) {
    const double alpha = in[row.bands - 1];
    for (std::int64_t band = 0; band < row.colours; ++band)
      out[band] = static_cast<Working>(in[band] * alpha / full<T>);
    out[row.bands - 1] = static_cast<Working>(alpha);
  }
}

template <class T, class Working> void widen_row(const T* in, Working* out, const Row& row) {
  for (std::int64_t i = 0; i < row.width * row.bands; ++i) out[i] = static_cast<Working>(in[i]);
}

template <class T, class Working> void round_row(const Working* in, T* out, const Row& row) {
  for (std::int64_t i = 0; i < row.width * row.bands; ++i) out[i] = to_level<T>(in[i]);
}

template <class T, class Working> void unweight_row(const Working* in, T* out, const Row& row) {
  for (std::int64_t x = 0; x < row.width; ++x, in += row.bands, out += row.bands) {
    const double weight = in[row.bands - 1];
    const T alpha = to_level<T>(weight);
    for (std::int64_t band = 0; band < row.colours; ++band)
      out[band] = alpha <= T{0} ? T{0} : to_level<T>(in[band] * full<T> / weight);
    out[row.bands - 1] = alpha;
  }
}

// In light everything runs from 0 to 1, alpha too, so that one tolerance fits both.
template <class T, class Working> void light_row(const T* in, Working* out, const Row& row, const Curves& curves) {
  for (std::int64_t x = 0; x < row.width; ++x, in += row.bands, out += row.bands) {
    const double alpha = row.colours < row.bands ? in[row.bands - 1] / full<T> : 1.0;
    for (std::int64_t band = 0; band < row.colours; ++band)
      out[band] = static_cast<Working>(curves.bands[static_cast<std::size_t>(band)]->light(in[band]) * alpha);
    if (row.colours < row.bands) out[row.bands - 1] = static_cast<Working>(alpha);
  }
}

template <class T, class Working> void unlight_row(const Working* in, T* out, const Row& row, const Curves& curves) {
  for (std::int64_t x = 0; x < row.width; ++x, in += row.bands, out += row.bands) {
    const double weight = row.colours < row.bands ? double{in[row.bands - 1]} : 1.0;
    const T alpha = to_level<T>(weight * full<T>);
    for (std::int64_t band = 0; band < row.colours; ++band)
      out[band] =
          alpha == 0 ? T{0} : static_cast<T>(curves.bands[static_cast<std::size_t>(band)]->level(in[band] / weight));
    if (row.colours < row.bands) out[row.bands - 1] = alpha;
  }
}

Row row_of(const Shape& shape, bool alpha) { return {shape[1], shape[2], shape[2] - (alpha ? 1 : 0)}; }

template <class T> void flatten_row(const T* in, T* out, std::int64_t width, std::int64_t bands) {
  for (std::int64_t x = 0; x < width; ++x, in += bands, out += bands - 1) {
    const double alpha = in[bands - 1] / full<T>;
    for (std::int64_t band = 0; band + 1 < bands; ++band)
      out[band] = to_level<T>(in[band] * alpha + full<T> * (1 - alpha));
  }
}

template <class From, class To> void depth_row(const From* in, To* out, const Row& row, bool linear) {
  const bool encode = linear && std::is_floating_point_v<From>;
  const bool decode = linear && std::is_floating_point_v<To>;
  for (std::int64_t x = 0; x < row.width; ++x, in += row.bands, out += row.bands)
    for (std::int64_t band = 0; band < row.bands; ++band) {
      const double share = in[band] / full<From>;
      const bool colour = band < row.colours;
      const double curved = colour && encode ? light_to_srgb(share) : colour && decode ? srgb_to_light(share) : share;
      // Beyond the range, NaN included, there is no level: the nearest, or 0.
      const double bounded = std::is_floating_point_v<To> ? curved : curved >= 0 ? std::min(curved, 1.0) : 0.0;
      out[band] = to_level<To>(bounded * full<To>);
    }
}

}  // namespace

double white(DType dtype) {
  double level = 1;
  with_dtype(dtype, [&]<class T>(T) { level = full<T>; });
  return level;
}

void to_weighted(const View& pixels, const MutableView& weighted, const Weighting& weighting) {
  const Row line = row_of(pixels.shape(), weighting.alpha);
  with_dtype(pixels.dtype(), [&]<class T>(T) {
    with_working(weighting.working, [&]<class Working>(Working) {
      for (std::int64_t y = 0; y < pixels.shape()[0]; ++y) {
        const T* from = row<T>(pixels, y);
        auto* to = row<Working>(weighted, y);
        if constexpr (std::is_unsigned_v<T> && sizeof(T) <= 2) {
          if (weighting.curves != nullptr) {
            light_row(from, to, line, *weighting.curves);
            continue;
          }
        }
        if (weighting.alpha) {
          weight_row(from, to, line);
        } else {
          widen_row(from, to, line);
        }
      }
    });
  });
}

void from_weighted(const View& in, const MutableView& pixels, const Weighting& weighting) {
  const Row line = row_of(pixels.shape(), weighting.alpha);
  with_dtype(pixels.dtype(), [&]<class T>(T) {
    with_working(weighting.working, [&]<class Working>(Working) {
      for (std::int64_t y = 0; y < pixels.shape()[0]; ++y) {
        const auto* from = row<Working>(in, y);
        T* to = row<T>(pixels, y);
        if constexpr (std::is_unsigned_v<T> && sizeof(T) <= 2) {
          if (weighting.curves != nullptr) {
            unlight_row(from, to, line, *weighting.curves);
            continue;
          }
        }
        if (weighting.alpha) {
          unweight_row(from, to, line);
        } else {
          round_row(from, to, line);
        }
      }
    });
  });
}

Array flatten_onto_white(const Array& pixels) {
  const Shape& shape = pixels.shape();
  Array out(pixels.dtype(), {shape[0], shape[1], shape[2] - 1});
  const View from = pixels;
  const MutableView to = out;
  with_dtype(pixels.dtype(), [&]<class T>(T) {
    for (std::int64_t y = 0; y < shape[0]; ++y) flatten_row(row<T>(from, y), row<T>(to, y), shape[1], shape[2]);
  });
  return out;
}

Array to_depth(const Array& pixels, DType depth, bool linear, bool alpha) {
  Array out(depth, pixels.shape());
  const View from = pixels;
  const MutableView to = out;
  const Row line = row_of(pixels.shape(), alpha);
  with_dtype(pixels.dtype(), [&]<class From>(From) {
    with_dtype(depth, [&]<class To>(To) {
      for (std::int64_t y = 0; y < pixels.shape()[0]; ++y) depth_row(row<From>(from, y), row<To>(to, y), line, linear);
    });
  });
  return out;
}

}  // namespace gaussfilt::pictures
