// Floor 4. Hashes of bytes and of files, by GLib, which libvips brings.
#include <gaussfilt/files.h>

#include <gaussfilt/error.h>

#include <glib.h>

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <system_error>

#include <fmt/format.h>

namespace gaussfilt::inline v0 {
namespace {

struct FreeChecksum {
  void operator()(GChecksum* checksum) const noexcept { g_checksum_free(checksum); }
};

class Sha256 {
 public:
  Sha256() : checksum_(g_checksum_new(G_CHECKSUM_SHA256)) {}
  void add(const void* bytes, std::size_t size) {
    g_checksum_update(checksum_.get(), static_cast<const guchar*>(bytes), static_cast<gssize>(size));
  }
  std::string digits() { return g_checksum_get_string(checksum_.get()); }

 private:
  std::unique_ptr<GChecksum, FreeChecksum> checksum_;
};

struct Descriptor {
  int number;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

[[noreturn]] void fail(const std::filesystem::path& file) {
  throw IoError(fmt::format("{}: cannot be read: {}.", file.string(), std::generic_category().message(errno)));
}

}  // namespace

std::string sha256(std::span<const std::byte> bytes) {
  Sha256 hash;
  hash.add(bytes.data(), bytes.size());
  return hash.digits();
}

std::string sha256(const std::filesystem::path& file) {
  const Descriptor descriptor{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
  if (descriptor.number < 0) fail(file);
  Sha256 hash;
  std::array<std::byte, std::size_t{1} << 16> buffer;
  while (true) {
    const ssize_t got = ::read(descriptor.number, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(file);
    if (got == 0) return hash.digits();
    hash.add(buffer.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace gaussfilt::inline v0
