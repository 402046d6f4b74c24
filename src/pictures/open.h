// Floor 4. Opening a picture file: which loader, how large, how many pages; no pixel is read yet.
#pragma once

#include "libvips.h"

#include <gaussfilt/pictures.h>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gaussfilt::pictures {

// What a loader of libvips calls itself: "png", "gif", "heif" ..., and what people call the format.
struct FileFormat {
  std::string loader;     // "pngload"
  std::string name;       // "PNG"
  std::string extension;  // "png"
};

struct Opened {
  VipsSourcePtr source;  // what `image` reads from; null for the few loaders that want a file's name
  VipsImagePtr image;    // the wanted pages, one below the other; decoded as it is read, from top to bottom
  FileFormat format;
  std::int64_t pages = 1;      // in `image`
  std::int64_t all_pages = 1;  // in the file
  std::vector<std::string> notes;
};

// A file, or bytes in memory with a title for messages.
struct Input {
  std::filesystem::path file;
  std::span<const std::byte> bytes;
  std::string title;
};

// Throws IoError. The limits of `options` hold for what is opened.
Opened open_picture(const Input& input, const LoadOptions& options);

}  // namespace gaussfilt::pictures
