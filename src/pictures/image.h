// Floor 4. Between the samples of a picture and an image of libvips.
#pragma once

#include "libvips.h"

#include <gaussfilt/pictures.h>

#include <string_view>

namespace gaussfilt::pictures {

// Throws IoError: "the picture cannot be encoded: " and what libvips complains about.
[[noreturn]] void fail_picture(std::string_view what);

// An image whose pixels are ours: it must not outlive them. height x width x bands.
VipsImagePtr wrap(const Array& pixels, Colour colour);

// The pixels of an image of u8, computed now. `what` cannot be done where that fails: "encoded".
Array bytes_of(VipsImage* image, std::string_view what);

// To 8 bit sRGB, alpha kept, through the profile where there is one in `metadata`, which may be null.
Array to_srgb(const Array& pixels, Colour colour, VipsImage* metadata);

}  // namespace gaussfilt::pictures
