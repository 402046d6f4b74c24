// Floor 4. Metadata: an allow-list on the way in, nothing added on the way out.
#pragma once

#include "libvips.h"

#include <string>
#include <vector>

namespace gaussfilt::pictures {

// A one-pixel image with the fields of `image` that may travel on, cleaned of previews and of the orientation;
// `turned`: width and height change places. Says in `notes` what it had to drop that somebody may miss.
VipsImagePtr keep_metadata(VipsImage* image, bool turned, std::vector<std::string>& notes);

// All fields of one image onto another.
void copy_fields(VipsImage* from, VipsImage* to);

}  // namespace gaussfilt::pictures
