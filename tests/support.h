// What the tests share: arrays full of something, odd strides, comparison with the reference.
#pragma once

#include "reference.h"

#include <gaussfilt/gaussfilt.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gaussfilt::test {

using reference::Real;

// A small generator that gives the same numbers everywhere (splitmix64).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t bits();
  double uniform();  // [0, 1)
  std::int64_t below(std::int64_t n) { return static_cast<std::int64_t>(bits() % static_cast<std::uint64_t>(n)); }

 private:
  std::uint64_t state_;
};

// noise: integers over their whole range, floats in [-1, 1). offset: noise on a large constant. alternating: the
// largest magnitudes with changing sign. sparse: mostly 0, a few large. narrow: integers within +-2^20, so that
// 64-bit ones stay exact in f64.
enum class Pattern : std::uint8_t { noise, offset, alternating, sparse, narrow };
inline constexpr Pattern all_patterns[] = {Pattern::noise, Pattern::offset, Pattern::alternating, Pattern::sparse,
                                           Pattern::narrow};

// Writes one item; values beyond an integer dtype saturate.
void store(void* at, DType dtype, Real re, Real im = 0);
Array make_array(DType dtype, const Shape& shape, std::uint64_t seed, Pattern pattern = Pattern::noise);
Array constant_array(DType dtype, const Shape& shape, Real value);

// The items of a view as bytes in C order: equal bytes are equal answers.
std::vector<std::byte> bytes_of(const View& view);

// The same items in memory of another shape.
enum class Style : std::uint8_t { contiguous, transposed, reversed, padded, unaligned, spread };
inline constexpr Style all_styles[] = {Style::contiguous, Style::transposed, Style::reversed,
                                       Style::padded,     Style::unaligned,  Style::spread};
class Strided {
 public:
  Strided(Style style, DType dtype, const Shape& shape);
  Strided(Style style, const View& items);
  operator View() const { return {start_, layout_.dtype, layout_.shape, strides_}; }
  operator MutableView() { return {start_, layout_.dtype, layout_.shape, strides_}; }
  // Whether the memory between the items still holds what the constructor put there.
  bool gaps_untouched() const;

 private:
  Layout layout_;
  Strides strides_;
  std::vector<std::byte> memory_;
  std::byte* start_ = nullptr;
};

// A part of a view: `shape` items from `origin` on.
View part(const View& view, const Index& origin, const Shape& shape);
MutableView part(const MutableView& view, const Index& origin, const Shape& shape);

bool is_integer(DType dtype);  // bool included
// The rule of the working precision, and what it may cost relative to N * M.
bool works_in_f64(DType in, DType out);
Real precision_error(DType in, DType out);

// What `out` holds once `exact` is rounded to it: half to even, saturating.
Real rounded(DType out, Real exact);

struct Comparison {
  std::string failure;    // empty: every item is right
  std::int64_t ties = 0;  // integer items where `error` allows two neighbours
  Real worst = 0;         // largest |item - exact|
};
// Holds each item of `out` to rounded(exact + e), |e| <= error. NaN and infinity must be met exactly. Exact values of
// a real filter may be compared with a complex view: its imaginary part is then 0.
Comparison compare(const View& out, const std::vector<Real>& exact, Real error);

// The reference's answer to the library's options, its target included.
reference::Result expected(const View& in, const GaussianOptions& options);
// The same for the items from `origin` on, `size` of them, of an array too large for the reference as a whole. Order 0
// beyond a constant border only.
reference::Result expected_part(const View& in, const GaussianOptions& options, const Index& origin, const Shape& size);
reference::Grid grid(Taps taps);

// A plan by options.method alone; none where that refuses (multirate, where it has nothing to gain).
inline std::optional<Plan> plan_if_taken(const Layout& layout, DType out, const GaussianOptions& options) {
  try {
    return plan_gaussian(layout, out, options);
  } catch (const InvalidArgument&) {
    return std::nullopt;
  }
}

// For messages and names of parameterised tests.
std::string text(const Shape& shape);

}  // namespace gaussfilt::test
