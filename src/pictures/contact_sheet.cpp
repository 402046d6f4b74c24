// Floor 4. Many pictures on one sheet, each with its name below.
#include "image.h"

#include <gaussfilt/error.h>
#include <gaussfilt/sheets.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace gaussfilt::pictures {
namespace {

constexpr std::uint8_t ground = 0xf2, ink = 0x22;
constexpr std::int64_t margin = 16;       // around the cells and between them
constexpr std::int64_t gap = 6;           // between a picture and its caption
constexpr std::int64_t line_height = 18;  // of a caption, at least
constexpr std::int64_t most_pixels = std::int64_t{1} << 28;

// How much of each pixel is ink; `top`: of its first row below the line's own top.
struct Caption {
  Array cover;
  std::int64_t top = 0;
  std::int64_t width() const { return cover.rank() == 0 ? 0 : cover.shape()[1]; }
  std::int64_t height() const { return cover.rank() == 0 ? 0 : cover.shape()[0]; }
};

// Pango's markup means nothing here.
std::string plain(std::string_view text) {
  std::string safe;
  for (const char c : text) safe += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
  return safe;
}

Caption draw(const std::string& text, int width) {
  if (text.find_first_not_of(" \t\n") == std::string::npos) return {};
  const VipsImagePtr image = Operation("text")
                                 .set("text", plain(text).c_str())
                                 .set("font", "sans 10")
                                 .set("dpi", 96)
                                 .set("width", width)
                                 .set("align", VIPS_ALIGN_CENTRE)
                                 .set("wrap", 2)  // at words, within words that are too long
                                 .out();
  if (!image) throw IoError(fmt::format("the caption '{}' cannot be drawn: {}.", text, take_vips_error()));
  return {.cover = bytes_of(image.get(), "drawn"), .top = std::max(0, image->Yoffset)};
}

// Where the cells stand. Rows are as high as their captions need.
struct Grid {
  std::int64_t columns = 1, cell = 0, picture_height = 0;
  std::vector<std::int64_t> tops;  // of the rows, and where the next one would be
  std::int64_t width() const { return margin + columns * (cell + margin); }
  std::int64_t height() const { return tops.back(); }
};

// The pictures of a sheet as they stand on it.
struct Drawn {
  std::vector<Picture> pictures;
  std::vector<Caption> captions;
};

Grid grid_of(const Drawn& drawn, const SheetOptions& options) {
  const std::size_t count = drawn.pictures.size();
  const auto square = static_cast<std::int64_t>(std::ceil(std::sqrt(static_cast<double>(count))));
  Grid grid{.cell = options.cell, .tops = {margin}};
  grid.columns = std::min(options.columns ? std::int64_t{*options.columns} : square, static_cast<std::int64_t>(count));
  for (const Picture& picture : drawn.pictures) grid.picture_height = std::max(grid.picture_height, picture.height());
  for (std::size_t first = 0; first < count; first += static_cast<std::size_t>(grid.columns)) {
    std::int64_t caption_height = line_height;
    for (std::size_t i = first; i < std::min(count, first + static_cast<std::size_t>(grid.columns)); ++i)
      caption_height = std::max(caption_height, drawn.captions[i].top + drawn.captions[i].height());
    grid.tops.push_back(grid.tops.back() + grid.picture_height + gap + caption_height + margin);
  }
  if (grid.width() > most_pixels / grid.height())
    throw InvalidArgument(
        fmt::format("contact_sheet: {} cells of {} pixels make a sheet of {} x {}, must be at most {} "
                    "pixels; make the cells smaller.",
                    count, options.cell, grid.width(), grid.height(), most_pixels));
  return grid;
}

void paste(const Picture& picture, std::int64_t x, std::int64_t y, Array& sheet) {
  const auto from = static_cast<const std::uint8_t*>(picture.pixels().data());
  const std::int64_t bytes = 3 * picture.width(), sheet_row = 3 * sheet.shape()[1];
  for (std::int64_t i = 0; i < picture.height(); ++i)
    std::memcpy(sheet.items<std::uint8_t>().data() + (y + i) * sheet_row + 3 * x, from + i * bytes,
                static_cast<std::size_t>(bytes));
}

// No wider than the cell: what does not fit is cut off.
void write(const Caption& caption, std::int64_t x, std::int64_t y, std::int64_t cell, Array& sheet) {
  const std::int64_t width = std::min(caption.width(), cell), left = x + (cell - width) / 2;
  for (std::int64_t i = 0; i < caption.height(); ++i) {
    const std::uint8_t* cover = caption.cover.items<std::uint8_t>().data() + i * caption.width();
    std::uint8_t* to = sheet.items<std::uint8_t>().data() + 3 * ((y + caption.top + i) * sheet.shape()[1] + left);
    for (std::int64_t j = 0; j < 3 * width; ++j)
      to[j] = static_cast<std::uint8_t>(std::lround(std::lerp(double{ground}, double{ink}, cover[j / 3] / 255.0)));
  }
}

void check(std::span<const SheetCell> cells, const SheetOptions& options) {
  if (cells.empty()) throw InvalidArgument("contact_sheet: there are no cells, must be at least one.");
  if (options.cell < 16 || options.cell > 8192)
    throw InvalidArgument(
        fmt::format("contact_sheet: cell is {}, must be from 16 to 8192 pixels (cell = 256).", options.cell));
  if (options.columns && *options.columns < 1)
    throw InvalidArgument(fmt::format("contact_sheet: columns is {}, must be at least 1.", *options.columns));
}

}  // namespace
}  // namespace gaussfilt::pictures

namespace gaussfilt::inline v0 {

Picture contact_sheet(std::span<const SheetCell> cells, const SheetOptions& options) {
  using namespace pictures;
  check(cells, options);
  start_vips();
  Drawn drawn;
  for (const SheetCell& cell : cells) {
    drawn.pictures.push_back(thumbnail(cell.picture, options.cell, options.cell));
    drawn.captions.push_back(draw(cell.caption, options.cell));
  }
  const Grid grid = grid_of(drawn, options);
  Array sheet(DType::u8, {grid.height(), grid.width(), 3});
  std::ranges::fill(sheet.items<std::uint8_t>(), ground);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::size_t columns = static_cast<std::size_t>(grid.columns);
    const std::int64_t x = margin + static_cast<std::int64_t>(i % columns) * (grid.cell + margin);
    const std::int64_t y = grid.tops[i / columns];
    const Picture& picture = drawn.pictures[i];
    paste(picture, x + (grid.cell - picture.width()) / 2, y + (grid.picture_height - picture.height()) / 2, sheet);
    write(drawn.captions[i], x, y + grid.picture_height + gap, grid.cell, sheet);
  }
  return {std::move(sheet), Colour::rgb};
}

}  // namespace gaussfilt::inline v0
