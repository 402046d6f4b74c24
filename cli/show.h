// Floor 5. Opening a picture in the desktop's viewer.
#pragma once

#include <string>

namespace gaussfilt::cli {

// In a session of its own, silent; does not wait. A sentence's end where that cannot be.
std::string show(const std::string& file);

}  // namespace gaussfilt::cli
