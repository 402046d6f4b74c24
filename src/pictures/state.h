// Floor 4. What a Picture holds.
#pragma once

#include "libvips.h"

#include <gaussfilt/pictures.h>

#include <string>
#include <vector>

namespace gaussfilt::inline v0 {

struct Picture::State {
  Array pixels;  // height x width x bands
  Colour colour = Colour::grey;
  bool alpha = false;
  double x_res = 1;  // pixels a millimetre, as libvips has it
  double y_res = 1;
  pictures::VipsImagePtr metadata;  // one pixel that carries the fields worth keeping; null: none
  std::vector<std::string> notes;
};

struct PictureAccess {
  using State = Picture::State;
  static Picture make(std::unique_ptr<Picture::State> state) { return Picture(std::move(state)); }
  static const Picture::State& state(const Picture& picture) { return *picture.state_; }
  static Picture::State& state(Picture& picture) { return *picture.state_; }
};

}  // namespace gaussfilt::inline v0

namespace gaussfilt::pictures {

using PictureState = PictureAccess::State;

// Bands that a colour has without alpha.
constexpr int colour_bands(Colour colour) { return colour == Colour::grey ? 1 : colour == Colour::rgb ? 3 : 4; }

}  // namespace gaussfilt::pictures
