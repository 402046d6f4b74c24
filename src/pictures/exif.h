// Floor 4. EXIF blocks rewritten without what must not travel.
#pragma once

#include <string>
#include <string_view>

namespace gaussfilt::pictures {

// `block` (with or without "Exif\0\0" in front) built anew from its readable tags: without the thumbnail's directory,
// maker notes, other opaque data in bulk, the orientation and the size of the stored picture. `turned`: width and
// height have changed places, so the two resolutions do too. "" where nothing is left or nothing can be read.
std::string clean_exif(std::string_view block, bool turned);

// Whether the block holds a thumbnail.
bool has_thumbnail(std::string_view block);

}  // namespace gaussfilt::pictures
