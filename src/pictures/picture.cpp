// Floor 4. The picture in memory.
#include "state.h"

#include <gaussfilt/error.h>

#include <algorithm>
#include <array>
#include <climits>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include <fmt/format.h>

namespace gaussfilt::inline v0 {

namespace {

Array copy_of(const Array& from) {
  Array to(from.dtype(), from.shape());
  if (from.size() > 0)
    std::memcpy(to.data(), from.data(), static_cast<std::size_t>(from.size()) * size_of(from.dtype()));
  return to;
}

// A second owner of the same fields: nobody writes to them after loading.
pictures::VipsImagePtr share(const pictures::VipsImagePtr& metadata) {
  if (metadata) g_object_ref(metadata.get());
  return pictures::VipsImagePtr(metadata.get());
}

void check_pixels(const Array& pixels, Colour colour) {
  constexpr std::array dtypes = {DType::u8,  DType::i8,  DType::u16, DType::i16,
                                 DType::u32, DType::i32, DType::f32, DType::f64};
  if (std::find(dtypes.begin(), dtypes.end(), pixels.dtype()) == dtypes.end())
    throw InvalidArgument(
        fmt::format("pixels: dtype is {}, must be u8, i8, u16, i16, u32, i32, f32 or f64.", name(pixels.dtype())));
  const int rank = pixels.rank();
  if (rank != 3 && rank != 4)
    throw InvalidArgument(fmt::format(
        "pixels: rank is {}, must be 3 (height x width x bands) or 4 (pages x height x width x bands).", rank));
  const Shape& shape = pixels.shape();
  const std::int64_t found = shape[rank - 1];
  const int bands = pictures::colour_bands(colour, static_cast<int>(std::min<std::int64_t>(found, INT_MAX)));
  if (found != bands && found != bands + 1)
    throw InvalidArgument(fmt::format("pixels: there are {} bands, must be {} or {} with alpha for this colour.", found,
                                      bands, bands + 1));
  constexpr std::int64_t longest = std::numeric_limits<int>::max();
  const std::int64_t pages = rank == 4 ? shape[0] : 1;
  const std::int64_t height = shape[rank - 3];
  const std::int64_t width = shape[rank - 2];
  if (height < 1 || width < 1 || pages < 1 || bands < 1 || width > longest || height > longest / pages)
    throw InvalidArgument(
        fmt::format("pixels: {} page(s) of {} x {} pixels, must be at least 1 x 1 and at most {} rows "
                    "together.",
                    pages, width, height, longest));
}

// The page of `shape` that begins at row index * height.
Shape page_shape(const Shape& shape, std::int64_t pages) { return {shape[0] / pages, shape[1], shape[2]}; }

}  // namespace

Picture::Picture(std::unique_ptr<State> state) : state_(std::move(state)) {}

Picture::Picture(Array pixels, Colour colour) : state_(std::make_unique<State>()) {
  check_pixels(pixels, colour);
  const Shape shape = pixels.shape();
  if (pixels.rank() == 4) {
    state_->pages = shape[0];
    Array flat(pixels.dtype(), {shape[0] * shape[1], shape[2], shape[3]});
    std::memcpy(flat.data(), pixels.data(), static_cast<std::size_t>(pixels.size()) * size_of(pixels.dtype()));
    pixels = std::move(flat);
  }
  const auto bands = static_cast<int>(pixels.shape()[2]);
  state_->alpha = bands != pictures::colour_bands(colour, bands);
  state_->pixels = std::move(pixels);
  state_->colour = colour;
}

Picture::Picture(Picture&& other) noexcept = default;
Picture& Picture::operator=(Picture&& other) noexcept = default;
Picture::~Picture() = default;

Picture Picture::copy() const {
  auto state = std::make_unique<State>();
  state->pixels = copy_of(state_->pixels);
  state->pages = state_->pages;
  state->colour = state_->colour;
  state->alpha = state_->alpha;
  state->lab_bits = state_->lab_bits;
  state->extension = state_->extension;
  state->x_res = state_->x_res;
  state->y_res = state_->y_res;
  state->metadata = share(state_->metadata);
  state->notes = state_->notes;
  return Picture(std::move(state));
}

std::int64_t Picture::width() const { return state_->pixels.shape()[1]; }
std::int64_t Picture::height() const { return state_->pixels.shape()[0] / state_->pages; }
std::int64_t Picture::pages() const { return state_->pages; }
int Picture::bands() const { return static_cast<int>(state_->pixels.shape()[2]); }
DType Picture::dtype() const { return state_->pixels.dtype(); }
Colour Picture::colour() const { return state_->colour; }
bool Picture::has_alpha() const { return state_->alpha; }
double Picture::max_level() const { return pictures::white(dtype()); }
std::string_view Picture::extension() const { return state_->extension; }
View Picture::pixels() const { return std::as_const(state_->pixels); }
MutableView Picture::pixels() { return state_->pixels; }

View Picture::page(std::int64_t index) const {
  const View all = pixels();
  return {static_cast<const std::byte*>(all.data()) + index * height() * all.strides()[0], all.dtype(),
          page_shape(all.shape(), pages()), all.strides()};
}

MutableView Picture::page(std::int64_t index) {
  const MutableView all = pixels();
  return {static_cast<std::byte*>(all.data()) + index * height() * all.strides()[0], all.dtype(),
          page_shape(all.shape(), pages()), all.strides()};
}

std::span<const std::string> Picture::notes() const { return state_->notes; }

std::string Picture::describe() const {
  const std::string kind = colour() == Colour::bands                ? fmt::format("{} bands", bands())
                           : colour() == Colour::rgb && has_alpha() ? "RGBA"
                                                                    : std::string(name(colour()));
  const std::string alpha = has_alpha() && colour() != Colour::rgb ? "+alpha" : "";
  const std::size_t bits = 8 * size_of(dtype());
  const std::string_view sort = is_floating(dtype()) ? " float" : is_unsigned(dtype()) ? "" : " signed";
  const bool animated = extension() == "gif" || extension() == "webp";
  const std::string several = pages() > 1 ? fmt::format(", {} {}", pages(), animated ? "frames" : "pages") : "";
  return fmt::format("{} x {} {}{} {} bit{}{}", width(), height(), kind, alpha, bits, sort, several);
}

}  // namespace gaussfilt::inline v0

namespace gaussfilt::pictures {

void check_constant(const Picture& picture, double level) {
  const bool unbounded = is_floating(picture.dtype()) && std::isfinite(level);
  if (!unbounded && !(level >= 0 && level <= picture.max_level()))
    throw InvalidArgument(fmt::format("border: the constant is {}, must be a level of the picture, 0 to {}.", level,
                                      picture.max_level()));
  if (picture.has_alpha() && level != 0)
    throw InvalidArgument(
        fmt::format("border: the constant is {}, must be 0 (transparent) for a picture with alpha.", level));
}

}  // namespace gaussfilt::pictures
