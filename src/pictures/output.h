// Floor 4. Files that appear whole or not at all.
#pragma once

#include <filesystem>

namespace gaussfilt::pictures {

// Throws IoError where write_whole() would fail for a reason that can be known beforehand.
void check_target(const std::filesystem::path& file);

}  // namespace gaussfilt::pictures
