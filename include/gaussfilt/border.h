// Floor 0. Borders: how a line goes on beyond its two ends.
//
//   rule      a line "a b c d" goes on as            SciPy                    OpenCV        libvips
//   reflect   d c b a | a b c d | d c b a (default)  reflect, grid-mirror     REFLECT       mirror
//   mirror      d c b | a b c d | c b a              mirror                   REFLECT_101   -
//   nearest     a a a | a b c d | d d d              nearest                  REPLICATE     copy
//   wrap      a b c d | a b c d | a b c d            grid-wrap, wrap          WRAP          repeat
//   constant    k k k | a b c d | k k k (cval)       grid-constant, constant  CONSTANT      black
//
// Every rule repeats as often as it must, so a kernel may be longer than the line; a line of one sample is
// all its neighbours under every rule but constant.
#pragma once

#include <gaussfilt/export.h>

#include <cstdint>
#include <span>
#include <string_view>

namespace gaussfilt::inline v0 {

enum class Border : std::uint8_t { reflect, mirror, nearest, wrap, constant };

struct BorderRule {
  Border border;
  std::string_view name;     // the one spelling in all faces
  std::string_view formula;  // sample at index i of a line of n
  std::string_view picture;
  std::span<const std::string_view> aliases;  // names that SciPy and OpenCV use for it
};

GAUSSFILT_API std::span<const BorderRule> border_rules();
GAUSSFILT_API std::string_view name(Border border);
// Understands name() and every alias, in any letter case. Throws InvalidArgument with the list of names.
GAUSSFILT_API Border parse_border(std::string_view text);

// The sample that stands at index i (any integer) of a line of n >= 1 samples: an index in [0, n), or -1 where
// the answer is the constant.
GAUSSFILT_API std::int64_t border_index(Border border, std::int64_t i, std::int64_t n);

}  // namespace gaussfilt::inline v0
