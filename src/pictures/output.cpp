// Floor 4. Files that appear whole or not at all, and the list of temporaries that a dying program removes.
#include "output.h"

#include <gaussfilt/error.h>
#include <gaussfilt/files.h>
#include <gaussfilt/pictures.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <climits>
#include <csignal>
#include <cstring>
#include <optional>
#include <random>
#include <string>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace gaussfilt::pictures {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& file, std::string_view what, int error) {
  throw IoError(fmt::format("{}: {}: {}.", file.string(), what, std::generic_category().message(error)));
}

// Where the name leads once every link is followed, also where the last one leads to nothing yet.
fs::path follow_links(const fs::path& file) {
  fs::path path = file;
  for (int links = 0; links < 40; ++links) {
    std::error_code error;
    if (!fs::is_symlink(fs::symlink_status(path, error)) || error) return path;
    const fs::path next = fs::read_symlink(path, error);
    if (error) return path;
    path = next.is_absolute() ? next : path.parent_path() / next;
  }
  fail(file, "cannot be written", ELOOP);
}

constexpr std::string_view temporary_start = ".gaussfilt-";

fs::path folder_of(const fs::path& file) { return file.has_parent_path() ? file.parent_path() : fs::path("."); }

// The file that is about to be replaced; nothing where there is none. Refuses what must not be replaced.
std::optional<struct stat> existing(const fs::path& file, const fs::path& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) {
    if (errno == ENOENT) return {};
    fail(file, "cannot be written", errno);
  }
  if (S_ISDIR(found.st_mode))
    throw IoError(fmt::format("{}: is a folder, so no picture can be written there.", file.string()));
  if (!S_ISREG(found.st_mode))
    throw IoError(fmt::format("{}: is not a regular file, so it cannot be replaced by a picture.", file.string()));
  if (::access(path.c_str(), W_OK) != 0) fail(file, "cannot be replaced", errno);
  return found;
}

// The process that a temporary of this name belongs to; 0 where it is no such name.
pid_t owner_of(std::string_view name) {
  if (!name.starts_with(temporary_start)) return 0;
  name.remove_prefix(temporary_start.size());
  pid_t owner = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), owner);
  const bool ours = error == std::errc() && end != name.data() + name.size() && *end == '-';
  return ours && owner > 0 ? owner : 0;
}

// Names of temporaries under way, in memory that is never given back: a signal handler reads it at any moment.
struct Slot {
  enum State : int { unused, claimed, named };
  std::atomic<int> state{unused};
  std::array<char, PATH_MAX> name{};
};
static_assert(std::atomic<int>::is_always_lock_free);
constinit std::array<Slot, 16> slots{};

// Enters a name for the time of its life. With all slots taken (16 saves at once) or a longer name it enters nothing.
class Unfinished {
 public:
  explicit Unfinished(const std::string& path) {
    if (path.size() >= PATH_MAX) return;
    for (Slot& slot : slots) {
      int expected = Slot::unused;
      if (!slot.state.compare_exchange_strong(expected, Slot::claimed)) continue;
      std::memcpy(slot.name.data(), path.c_str(), path.size() + 1);
      slot.state = Slot::named;
      slot_ = &slot;
      return;
    }
  }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;
  ~Unfinished() {
    if (slot_ != nullptr) slot_->state = Slot::unused;
  }

 private:
  Slot* slot_ = nullptr;
};

// A write beyond RLIMIT_FSIZE raises SIGXFSZ, whose default ends the process. Held back for a while in this thread,
// and taken away again, so that write() answers EFBIG instead.
class HoldFileSizeSignal {
 public:
  HoldFileSizeSignal() {
    sigemptyset(&signal_);
    sigaddset(&signal_, SIGXFSZ);
    pthread_sigmask(SIG_BLOCK, &signal_, &before_);
  }
  HoldFileSizeSignal(const HoldFileSizeSignal&) = delete;
  HoldFileSizeSignal& operator=(const HoldFileSizeSignal&) = delete;
  ~HoldFileSizeSignal() {
    if (sigismember(&before_, SIGXFSZ) == 1) return;
    const struct timespec now {};
    while (sigtimedwait(&signal_, nullptr, &now) > 0) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t signal_{};
  sigset_t before_{};
};

// The temporary: created with a name that nobody has, removed unless it was renamed.
class Temporary {
 public:
  Temporary(const fs::path& file, const fs::path& path)
      : path_(free_name(path)), unfinished_(path_.string()), file_(file) {
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ < 0) fail(file, "cannot be written", errno);
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  ~Temporary() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!renamed_) ::unlink(path_.c_str());
  }

  // Best effort for the owner (only root may give files away), then the mode, which chown may have narrowed.
  void inherit(const struct stat& old) const {
    if (::fchown(descriptor_, old.st_uid, old.st_gid) != 0 && ::fchown(descriptor_, uid_t(-1), old.st_gid) != 0)
      errno = 0;
    if (::fchmod(descriptor_, old.st_mode & 07777) != 0) fail(file_, "cannot keep the permissions", errno);
  }

  void write(std::span<const std::byte> bytes, Sync sync) const {
    const HoldFileSizeSignal hold;
    while (!bytes.empty()) {
      const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail(file_, "cannot be written", errno);
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    if (sync == Sync::now && ::fsync(descriptor_) != 0) fail(file_, "cannot be written", errno);
  }

  void close() {
    const int descriptor = std::exchange(descriptor_, -1);
    if (::close(descriptor) != 0) fail(file_, "cannot be written", errno);
  }

  void rename_to(const fs::path& path) {
    if (::rename(path_.c_str(), path.c_str()) != 0) fail(file_, "cannot be written", errno);
    renamed_ = true;
  }

 private:
  // Short, so that any name that fits the folder has a temporary that fits; with the process that writes it and the
  // target's suffix.
  static fs::path free_name(const fs::path& path) {
    std::random_device random;
    return folder_of(path) /
           fmt::format("{}{}-{:08x}{}", temporary_start, ::getpid(), random(), path.extension().string());
  }

  fs::path path_;
  Unfinished unfinished_;  // before the file: a signal may come in between
  const fs::path& file_;
  int descriptor_ = -1;
  bool renamed_ = false;
};

// The rename itself must survive a power cut. File systems that cannot sync a folder keep what they keep.
void sync_names(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

void check_target(const fs::path& file) {
  const fs::path path = follow_links(file);
  const fs::path folder = folder_of(path);
  std::error_code error;
  if (!fs::is_directory(folder, error))
    throw IoError(fmt::format("{}: cannot be written, since {} is not a folder.", file.string(), folder.string()));
  if (::access(folder.c_str(), W_OK | X_OK) != 0) fail(file, "cannot be written into that folder", errno);
  existing(file, path);
}

}  // namespace gaussfilt::pictures

namespace gaussfilt::inline v0 {

void write_whole(const std::filesystem::path& file, std::span<const std::byte> bytes, Sync sync) {
  using namespace pictures;
  const fs::path path = follow_links(file);
  const std::optional<struct stat> old = existing(file, path);
  Temporary temporary(file, path);
  if (old) temporary.inherit(*old);
  temporary.write(bytes, sync);
  temporary.close();
  temporary.rename_to(path);
  if (sync == Sync::now) sync_names(folder_of(path));
}

void sync_folder(const std::filesystem::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::syncfs(descriptor);
  ::close(descriptor);
}

void remove_abandoned_files(const std::filesystem::path& folder) {
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error); !error && entry != decltype(entry)();
       entry.increment(error)) {
    const pid_t owner = pictures::owner_of(entry->path().filename().native());
    if (owner != 0 && ::kill(owner, 0) != 0 && errno == ESRCH) ::unlink(entry->path().c_str());
  }
}

void remove_unfinished_files() noexcept {
  const int error = errno;
  for (const pictures::Slot& slot : pictures::slots)
    if (slot.state == pictures::Slot::named) ::unlink(slot.name.data());
  errno = error;
}

}  // namespace gaussfilt::inline v0
