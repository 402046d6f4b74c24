// Floor 3. Options checked and brought to one entry per filtered axis.
#pragma once

#include <gaussfilt/filters.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace gaussfilt::plan {

// The axes to filter, in order, as indices 0 ... rank - 1.
std::vector<int> resolve_axes(const Axes& axes, int rank);

// Throws unless an option holds one value or one per axis.
void check_count(std::string_view option, std::size_t values, std::size_t axes);

// Rules that every filter shares: dtypes, cval, threads. `is_signed`: derivatives and differences.
void check_common(DType in, DType out, bool is_signed, std::complex<double> cval, int threads);

enum class Target : std::uint8_t { radius, truncate, ideal };

struct GaussianAxis {
  int axis = 0;
  double sigma = 0;
  int order = 0;
  Border border = Border::reflect;
  std::int64_t radius = 0;  // of the truncated targets
};

struct GaussianRequest {
  Target target = Target::truncate;
  double truncate = 4.0;
  std::vector<GaussianAxis> axes;  // without those whose sigma is 0
};

GaussianRequest resolve(const Layout& layout, DType out, const GaussianOptions& options);

}  // namespace gaussfilt::plan
