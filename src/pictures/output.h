// Floor 4. Files that appear whole or not at all.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace gaussfilt::pictures {

// Throws IoError where write_whole would fail for a reason that can be known beforehand.
void check_target(const std::filesystem::path& file);

// Writes a temporary file beside `file` (where its links lead), syncs it, renames it over and syncs the folder.
// Owner and permissions of a file that is replaced are kept. Throws IoError; the old file is then still there.
void write_whole(const std::filesystem::path& file, std::span<const std::byte> bytes);

}  // namespace gaussfilt::pictures
