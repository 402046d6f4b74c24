// Floor 1. The running mean, compiled once per CPU target. Sums take the place of rows that have left the window, each
// row made from the one before it, which is then divided; so lanes are independent and only the division limits the
// speed.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "passes/scan.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "passes/scan.h"

#include <bit>

HWY_BEFORE_NAMESPACE();
namespace gaussfilt::passes {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// divide(vector) gives the vector / size.
template <class D, class Divide>
HWY_INLINE void scan_with(D d, double* rows, std::size_t pitch, std::size_t samples, std::size_t size,
                          const Divide& divide) {
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t x = 0; x < pitch; x += lanes) {
    auto sum = hn::Zero(d);
    for (std::size_t k = 1; k <= size; ++k) sum = hn::Add(sum, hn::LoadU(d, rows + k * pitch + x));
    hn::StoreU(sum, d, rows + x);
  }
  for (std::size_t i = 1; i < samples; ++i) {
    double* const leaving = rows + i * pitch;
    double* const before = leaving - pitch;
    const double* const entering = leaving + size * pitch;
    for (std::size_t x = 0; x < pitch; x += lanes) {
      const auto change = hn::Sub(hn::LoadU(d, entering + x), hn::LoadU(d, leaving + x));
      const auto sum = hn::LoadU(d, before + x);
      hn::StoreU(divide(sum), d, before + x);
      hn::StoreU(hn::Add(sum, change), d, leaving + x);
    }
  }
  double* const last = rows + (samples - 1) * pitch;
  for (std::size_t x = 0; x < pitch; x += lanes) hn::StoreU(divide(hn::LoadU(d, last + x)), d, last + x);
}

template <class D> HWY_INLINE void scan(D d, double* rows, std::size_t pitch, std::size_t samples, std::size_t size) {
  const auto count = static_cast<double>(size);
  if (std::has_single_bit(size)) {  // the inverse is exact, and so the product is the quotient
    const auto inverse = hn::Set(d, 1 / count);
    scan_with(d, rows, pitch, samples, size, [&](auto v) HWY_ATTR { return hn::Mul(v, inverse); });
  } else {
    const auto divisor = hn::Set(d, count);
    scan_with(d, rows, pitch, samples, size, [&](auto v) HWY_ATTR { return hn::Div(v, divisor); });
  }
}

void scan_rows(double* rows, std::size_t pitch, std::size_t samples, std::size_t size) {
  if (pitch == 1) return scan(hn::CappedTag<double, 1>(), rows, pitch, samples, size);
  scan(hn::CappedTag<double, scan_lanes>(), rows, pitch, samples, size);
}

}  // namespace HWY_NAMESPACE
}  // namespace gaussfilt::passes
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gaussfilt::passes {

HWY_EXPORT(scan_rows);

void running_mean(double* rows, std::size_t pitch, std::size_t samples, std::size_t size) noexcept {
  HWY_DYNAMIC_DISPATCH(scan_rows)(rows, pitch, samples, size);
}

}  // namespace gaussfilt::passes
#endif
