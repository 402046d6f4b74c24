// Floor 4. What a Picture holds.
#pragma once

#include "libvips.h"

#include <gaussfilt/pictures.h>

#include <string>
#include <vector>

namespace gaussfilt::inline v0 {

struct Picture::State {
  Array pixels;  // height x width x bands, the pages one below the other
  std::int64_t pages = 1;
  Colour colour = Colour::grey;
  bool alpha = false;
  int lab_bits = 0;       // of the file that f32 Lab was read from; 0: it is no Lab, or was made here
  std::string extension;  // of the format that it was read from
  double x_res = 1;       // pixels a millimetre, as libvips has it
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

// Bands that a colour has without alpha; `all` where the colour does not say.
constexpr int colour_bands(Colour colour, int all) {
  switch (colour) {
    case Colour::grey: return 1;
    case Colour::rgb:
    case Colour::lab: return 3;
    case Colour::cmyk: return 4;
    case Colour::bands: break;
  }
  return all;
}

// The ICC profile's bytes; empty where there is none.
std::string_view profile_of(const PictureState& state);

// Throws InvalidArgument where a constant border of `level` is none of the picture's, or with alpha not transparent.
void check_constant(const Picture& picture, double level);

// What is white: the largest level of an integer, 1 of a float.
double white(DType dtype);

}  // namespace gaussfilt::pictures
