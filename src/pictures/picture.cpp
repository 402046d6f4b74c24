// Floor 4. The picture in memory, and two of them side by side.
#include "state.h"

#include <gaussfilt/error.h>

#include <algorithm>
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

void check_shape(const Array& pixels, Colour colour) {
  const int bands = pictures::colour_bands(colour);
  const Shape& shape = pixels.shape();
  constexpr std::int64_t longest = std::numeric_limits<int>::max();
  if (pixels.dtype() != DType::u8 && pixels.dtype() != DType::u16)
    throw InvalidArgument(fmt::format("pixels: dtype is {}, must be u8 or u16.", name(pixels.dtype())));
  if (pixels.rank() != 3)
    throw InvalidArgument(fmt::format("pixels: rank is {}, must be 3 (height x width x bands).", pixels.rank()));
  const bool alpha = shape[2] == bands + 1 && colour != Colour::cmyk;
  if (shape[2] != bands && !alpha)
    throw InvalidArgument(fmt::format("pixels: there are {} bands, must be {}{} for this colour.", shape[2], bands,
                                      colour == Colour::cmyk ? "" : fmt::format(" or {} with alpha", bands + 1)));
  if (shape[0] < 1 || shape[1] < 1 || shape[0] > longest || shape[1] > longest)
    throw InvalidArgument(
        fmt::format("pixels: the shape is {} x {}, must be 1 to {} each.", shape[0], shape[1], longest));
}

}  // namespace

Picture::Picture(std::unique_ptr<State> state) : state_(std::move(state)) {}

Picture::Picture(Array pixels, Colour colour) : state_(std::make_unique<State>()) {
  check_shape(pixels, colour);
  state_->alpha = pixels.shape()[2] != pictures::colour_bands(colour);
  state_->pixels = std::move(pixels);
  state_->colour = colour;
}

Picture::Picture(Picture&& other) noexcept = default;
Picture& Picture::operator=(Picture&& other) noexcept = default;
Picture::~Picture() = default;

Picture Picture::copy() const {
  auto state = std::make_unique<State>();
  state->pixels = copy_of(state_->pixels);
  state->colour = state_->colour;
  state->alpha = state_->alpha;
  state->x_res = state_->x_res;
  state->y_res = state_->y_res;
  state->metadata = share(state_->metadata);
  state->notes = state_->notes;
  return Picture(std::move(state));
}

std::int64_t Picture::width() const { return state_->pixels.shape()[1]; }
std::int64_t Picture::height() const { return state_->pixels.shape()[0]; }
int Picture::bands() const { return static_cast<int>(state_->pixels.shape()[2]); }
DType Picture::dtype() const { return state_->pixels.dtype(); }
Colour Picture::colour() const { return state_->colour; }
bool Picture::has_alpha() const { return state_->alpha; }
int Picture::max_level() const { return dtype() == DType::u8 ? 255 : 65535; }
View Picture::pixels() const { return std::as_const(state_->pixels); }
MutableView Picture::pixels() { return state_->pixels; }
std::span<const std::string> Picture::notes() const { return state_->notes; }

std::string Picture::describe() const {
  const std::string_view colour_name = colour() == Colour::grey  ? (has_alpha() ? "grey+alpha" : "grey")
                                       : colour() == Colour::rgb ? (has_alpha() ? "RGBA" : "RGB")
                                                                 : "CMYK";
  return fmt::format("{} x {} {} {} bit", width(), height(), colour_name, dtype() == DType::u8 ? 8 : 16);
}

Picture side_by_side(const Picture& before, const Picture& after) {
  if (before.height() != after.height() || before.bands() != after.bands() || before.dtype() != after.dtype() ||
      before.colour() != after.colour())
    throw InvalidArgument(
        fmt::format("side_by_side: the pictures are {} and {}, must agree in height, bands and depth.",
                    before.describe(), after.describe()));
  const std::int64_t bar = std::clamp<std::int64_t>((before.width() + after.width()) / 256, 2, 16);
  Picture result = after.copy();
  pictures::PictureState& state = PictureAccess::state(result);
  state.pixels = Array(after.dtype(), {after.height(), before.width() + bar + after.width(), after.bands()});
  // White and opaque; in CMYK white is no ink.
  std::memset(state.pixels.data(), after.colour() == Colour::cmyk ? 0 : 0xff,
              static_cast<std::size_t>(state.pixels.size()) * size_of(after.dtype()));
  const auto place = [&](const Array& from, std::int64_t x) {
    const std::size_t pixel = static_cast<std::size_t>(from.shape()[2]) * size_of(from.dtype());
    const std::size_t row = pixel * static_cast<std::size_t>(from.shape()[1]);
    const std::size_t wide_row = pixel * static_cast<std::size_t>(state.pixels.shape()[1]);
    for (std::size_t y = 0; y < static_cast<std::size_t>(from.shape()[0]); ++y)
      std::memcpy(static_cast<std::byte*>(state.pixels.data()) + y * wide_row + static_cast<std::size_t>(x) * pixel,
                  static_cast<const std::byte*>(from.data()) + y * row, row);
  };
  place(PictureAccess::state(before).pixels, 0);
  place(PictureAccess::state(after).pixels, before.width() + bar);
  return result;
}

}  // namespace gaussfilt::inline v0
