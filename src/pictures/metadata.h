// Floor 4. Metadata: an allow-list on the way in, nothing added on the way out.
#pragma once

#include "libvips.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gaussfilt::pictures {

// The number that up to four bytes of a file spell, highest first.
std::uint32_t big_endian(std::string_view bytes);

// The bytes of a field that holds some; empty where it does not.
std::string_view blob(VipsImage* image, const char* field);

// A one-pixel image with the fields of `image` that may travel on, cleaned of previews and of the orientation;
// `turned`: width and height change places. Says in `notes` what it had to drop that somebody may miss.
VipsImagePtr keep_metadata(VipsImage* image, bool turned, std::vector<std::string>& notes);

// All fields of one image onto another.
void copy_fields(VipsImage* from, VipsImage* to);

}  // namespace gaussfilt::pictures
