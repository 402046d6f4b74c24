// Floor 4. EXIF is a small TIFF file: directories of 12-byte entries (tag, type, count, value or its offset). It is
// read into a tree and written anew, so that bytes which no kept entry points to are gone. libvips' PNG writer would
// copy the block as it is, orientation and thumbnail included.
#include "exif.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace gaussfilt::pictures {
namespace {

constexpr std::string_view prefix("Exif\0\0", 6);
constexpr std::uint16_t exif_directory = 0x8769;
constexpr std::uint16_t x_resolution = 0x011a;
constexpr std::uint16_t y_resolution = 0x011b;

struct Directory;

struct Entry {
  std::uint16_t tag = 0;
  std::uint16_t type = 0;
  std::uint32_t count = 0;
  std::string value;                 // in the block's byte order
  std::vector<Directory> directory;  // one, where the value is its offset
};

struct Directory {
  std::vector<Entry> entries;
};

bool is_directory(std::uint16_t tag) {
  return tag == exif_directory || tag == 0x8825 /* GPS */ || tag == 0xa005 /* interoperability */;
}

// Bytes of one value of each type, 0 where there is no such type.
std::size_t type_size(std::uint16_t type) {
  constexpr std::array<std::size_t, 13> sizes = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8};
  return type < sizes.size() ? sizes[type] : 0;
}

bool must_go(std::uint16_t tag) {
  constexpr std::array<std::uint16_t, 21> tags = {
      0x0112,                          // orientation: applied
      0x0100, 0x0101, 0xa002, 0xa003,  // size of the stored picture
      0x0111, 0x0117, 0x0144, 0x0145,  // where pictures lie
      0x0201, 0x0202, 0x014a,          // thumbnails, directories of more pictures
      0x927c, 0xc634, 0x501b,          // maker notes, private data, another kind of thumbnail
      0x02bc, 0x83bb, 0x8649, 0x8773,  // XMP, IPTC, Photoshop, ICC: they travel by their own way, or not
      0x935c, 0x00fe};                 // Photoshop's layers; the kind of picture this directory describes
  return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

// Bytes without a meaning that we know may be a picture. Texts and short values may stay.
bool is_opaque_bulk(const Entry& entry) {
  constexpr std::uint16_t user_comment = 0x9286;
  const bool windows_text = entry.tag >= 0x9c9b && entry.tag <= 0x9c9f;
  const bool gps_text = entry.tag == 0x001b || entry.tag == 0x001c;
  return entry.type != 2 && entry.value.size() > 256 && entry.tag != user_comment && !windows_text && !gps_text;
}

class Reader {
 public:
  explicit Reader(std::string_view tiff) : tiff_(tiff), little_(tiff.starts_with("II")), budget_(tiff.size()) {}

  bool good() const { return tiff_.size() >= 8 && (little_ || tiff_.starts_with("MM")) && number(2, 2) == 42; }
  bool little() const { return little_; }

  std::optional<Directory> directory(std::size_t at, int depth) {
    if (at + 2 > tiff_.size()) return {};
    Directory read;
    const std::size_t entries = number(at, 2);
    for (std::size_t i = 0; i < entries && at + 2 + (i + 1) * 12 <= tiff_.size(); ++i)
      if (auto entry = this->entry(at + 2 + i * 12, depth)) read.entries.push_back(std::move(*entry));
    if (read.entries.empty()) return {};
    return read;
  }

  std::uint32_t number(std::size_t at, std::size_t bytes) const {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i)
      value |= std::uint32_t{static_cast<unsigned char>(tiff_[at + i])} << 8 * (little_ ? i : bytes - 1 - i);
    return value;
  }

 private:
  std::optional<Entry> entry(std::size_t at, int depth) {
    Entry entry{.tag = static_cast<std::uint16_t>(number(at, 2)),
                .type = static_cast<std::uint16_t>(number(at + 2, 2)),
                .count = number(at + 4, 4),
                .value = {},
                .directory = {}};
    if (must_go(entry.tag)) return {};
    if (is_directory(entry.tag)) {
      auto child = depth < 2 ? directory(number(at + 8, 4), depth + 1) : std::nullopt;
      if (!child) return {};
      entry.directory.push_back(std::move(*child));
      return entry;
    }
    const std::size_t size = type_size(entry.type) * entry.count;
    const std::size_t where = size <= 4 ? at + 8 : number(at + 8, 4);
    // The budget keeps entries that all point to the same bytes from multiplying them.
    if (size == 0 || where > tiff_.size() || size > tiff_.size() - where || size > budget_) return {};
    budget_ -= size;
    entry.value = tiff_.substr(where, size);
    if (is_opaque_bulk(entry)) return {};
    return entry;
  }

  std::string_view tiff_;
  bool little_;
  std::size_t budget_;
};

class Writer {
 public:
  explicit Writer(bool little) : little_(little) {}

  std::string number(std::uint64_t value, int bytes) const {
    std::string text;
    for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> 8 * (little_ ? i : bytes - 1 - i) & 0xff);
    return text;
  }

  // The directory as it stands at offset `at`, its values and the directories below it right behind.
  std::string directory(const Directory& directory, std::size_t at) const {
    std::string table = number(directory.entries.size(), 2);
    const std::size_t data_at = at + 2 + 12 * directory.entries.size() + 4;
    std::string data;
    for (const Entry& entry : directory.entries) {
      table += number(entry.tag, 2) + number(entry.type, 2) + number(entry.count, 4);
      if (entry.directory.empty() && entry.value.size() <= 4) {
        table += entry.value + std::string(4 - entry.value.size(), '\0');
        continue;
      }
      table += number(data_at + data.size(), 4);
      data += entry.directory.empty() ? entry.value : this->directory(entry.directory.front(), data_at + data.size());
      if (data.size() % 2 != 0) data += '\0';
    }
    return table + number(0, 4) + data;  // no directory follows: that would be the thumbnail's
  }

 private:
  bool little_;
};

void swap_resolutions(Directory& directory) {
  for (Entry& entry : directory.entries) {
    if (entry.tag == x_resolution) {
      entry.tag = y_resolution;
    } else if (entry.tag == y_resolution) {
      entry.tag = x_resolution;
    }
  }
}

}  // namespace

std::string clean_exif(std::string_view block, bool turned) {
  const std::string_view front = block.starts_with(prefix) ? prefix : std::string_view();
  Reader reader(block.substr(front.size()));
  if (!reader.good()) return {};
  std::optional<Directory> main = reader.directory(reader.number(4, 4), 0);
  if (!main) return {};
  if (turned) swap_resolutions(*main);
  std::stable_sort(main->entries.begin(), main->entries.end(),
                   [](const Entry& a, const Entry& b) { return a.tag < b.tag; });
  const Writer writer(reader.little());
  return std::string(front) + (reader.little() ? "II" : "MM") + writer.number(42, 2) + writer.number(8, 4) +
         writer.directory(*main, 8);
}

}  // namespace gaussfilt::pictures
