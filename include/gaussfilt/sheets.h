// Floor 4. Pictures that are made to be looked at: before and after in one, thumbnails, sheets of many. Installed with
// the component `pictures`; the rules of <gaussfilt/pictures.h> hold.
#pragma once

#include <gaussfilt/export.h>
#include <gaussfilt/pictures.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
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

// The first page as it is seen, for a sheet or a page of text: u8 RGB in sRGB, alpha flattened onto white, shrunk into
// a box of width x height, undistorted and never enlarged. Of bands without a colour the first three, or the first
// alone.
GAUSSFILT_API Picture thumbnail(const Picture& picture, int width, int height);

struct SheetCell {
  Picture picture;  // shrunk to the cell: hand over thumbnails where memory matters
  std::string caption;
};

struct SheetOptions {
  std::optional<int> columns = {};  // default: as many as make the sheet about as wide as high
  int cell = 256;                   // pixels of a cell, which is a square at most; 16 to 8192
};

// Pictures in rows on a plain light ground, their captions centred below, in as many lines as they need. u8 RGB; at
// most 2^28 pixels. Throws InvalidArgument.
GAUSSFILT_API Picture contact_sheet(std::span<const SheetCell> cells, const SheetOptions& options = {});

}  // namespace gaussfilt::inline v0
