// Floor 4. Pictures that are made to be looked at: before and after in one, thumbnails, sheets of many. Installed with
// the component `pictures`; the rules of <gaussfilt/pictures.h> hold.
#pragma once

#include <gaussfilt/export.h>
#include <gaussfilt/pictures.h>

#include <cstdint>
#include <span>
#include <string_view>

namespace gaussfilt::inline v0 {

// How before and after come into one picture.
//   side        before | after, with a thin white bar between them
//   split       the left half before, the right half after, with a thin white line between them
//   difference  heatmap() of what is seen of them, u8 RGB
enum class CompareAs : std::uint8_t { side, split, difference };
GAUSSFILT_API std::string_view name(CompareAs how);
GAUSSFILT_API CompareAs parse_compare_as(std::string_view text);  // throws InvalidArgument
GAUSSFILT_API std::span<const std::string_view> compare_as_names();

// Size, pages, bands, colour and dtype must agree; every page is done. side, split: samples are those of the two, to
// the bit, metadata those of `after`.
GAUSSFILT_API Picture comparison(const Picture& before, const Picture& after, CompareAs how = CompareAs::side);

}  // namespace gaussfilt::inline v0
