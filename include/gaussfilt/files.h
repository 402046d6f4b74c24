// Floor 4. Files that appear whole or not at all, and hashes that prove what is in them. Installed with the component
// `pictures`.
#pragma once

#include <gaussfilt/export.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace gaussfilt::inline v0 {

// SHA-256 in 64 hexadecimal digits.
GAUSSFILT_API std::string sha256(std::span<const std::byte> bytes);
GAUSSFILT_API std::string sha256(const std::filesystem::path& file);  // throws IoError

// When the bytes of a file reach the disk.
//   now    before the function returns: they survive a power cut
//   later  when the system likes: they survive the end of the process, but a power cut only after sync_folder()
enum class Sync : std::uint8_t { now, later };

// As Picture::save() writes: a temporary file beside the target, then a rename; links are followed, owner and
// permissions of a file that is replaced are kept. Throws IoError; the old file is then still there.
GAUSSFILT_API void write_whole(const std::filesystem::path& file, std::span<const std::byte> bytes,
                               Sync sync = Sync::now);

// Brings what was written to the file system of `folder` to the disk. Best effort.
GAUSSFILT_API void sync_folder(const std::filesystem::path& folder);

// Removes the temporary files in `folder` that processes left there which were killed and are gone. Best effort.
GAUSSFILT_API void remove_abandoned_files(const std::filesystem::path& folder);

}  // namespace gaussfilt::inline v0
