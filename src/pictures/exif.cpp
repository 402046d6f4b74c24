// Floor 4. EXIF is read by libexif and written anew, so that bytes which no kept entry holds are gone. libvips' PNG
// writer would copy the block as it is, orientation and thumbnail included.
#include "exif.h"

#include <libexif/exif-data.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <new>

namespace gaussfilt::pictures {
namespace {

struct Deleter {
  void operator()(ExifData* data) const noexcept { exif_data_unref(data); }
  void operator()(unsigned char* bytes) const noexcept { std::free(bytes); }
};
using DataPtr = std::unique_ptr<ExifData, Deleter>;
using BlockPtr = std::unique_ptr<unsigned char, Deleter>;

constexpr std::string_view prefix("Exif\0\0", 6);
constexpr std::size_t largest_block = 65533;  // what a JPEG segment holds; libexif reads no more either

// The directories kept. The one left out describes the thumbnail.
constexpr std::array kept_directories = {EXIF_IFD_0, EXIF_IFD_EXIF, EXIF_IFD_GPS, EXIF_IFD_INTEROPERABILITY};

bool must_go(ExifTag tag) {
  constexpr std::array tags = {
      EXIF_TAG_ORIENTATION,  // applied
      // Size and kind of the stored picture, and where it lies.
      EXIF_TAG_IMAGE_WIDTH, EXIF_TAG_IMAGE_LENGTH, EXIF_TAG_PIXEL_X_DIMENSION, EXIF_TAG_PIXEL_Y_DIMENSION,
      EXIF_TAG_NEW_SUBFILE_TYPE, EXIF_TAG_STRIP_OFFSETS, EXIF_TAG_STRIP_BYTE_COUNTS,
      EXIF_TAG_SUB_IFDS,  // more pictures
      EXIF_TAG_MAKER_NOTE,
      // XMP, IPTC, Photoshop and ICC travel by their own way, or not.
      EXIF_TAG_XML_PACKET, EXIF_TAG_IPTC_NAA, EXIF_TAG_IMAGE_RESOURCES, EXIF_TAG_INTER_COLOR_PROFILE};
  return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

// Bytes without a meaning that we know may be a picture. Texts and short values may stay.
bool is_opaque_bulk(const ExifEntry& entry) {
  const bool windows_text = entry.tag >= EXIF_TAG_XP_TITLE && entry.tag <= EXIF_TAG_XP_SUBJECT;
  const bool gps_text = entry.tag == EXIF_TAG_GPS_PROCESSING_METHOD || entry.tag == EXIF_TAG_GPS_AREA_INFORMATION;
  return entry.format != EXIF_FORMAT_ASCII && entry.size > 256 && entry.tag != EXIF_TAG_USER_COMMENT && !windows_text &&
         !gps_text;
}

template <class Predicate> void remove_if(ExifContent* directory, Predicate goes) {
  for (unsigned i = directory->count; i-- > 0;)
    if (goes(*directory->entries[i])) exif_content_remove_entry(directory, directory->entries[i]);
}

void swap_resolutions(ExifContent* directory) {
  ExifEntry* const x = exif_content_get_entry(directory, EXIF_TAG_X_RESOLUTION);
  ExifEntry* const y = exif_content_get_entry(directory, EXIF_TAG_Y_RESOLUTION);
  if (x != nullptr) x->tag = EXIF_TAG_Y_RESOLUTION;
  if (y != nullptr) y->tag = EXIF_TAG_X_RESOLUTION;
}

// Tags unknown to libexif are skipped, since they may hold anything; nothing is added to make the block conform.
DataPtr read(std::string_view tiff) {
  DataPtr data(exif_data_new());
  if (!data) throw std::bad_alloc();
  exif_data_unset_option(data.get(), EXIF_DATA_OPTION_FOLLOW_SPECIFICATION);
  const std::string block = std::string(prefix) + std::string(tiff.substr(0, largest_block - prefix.size()));
  exif_data_load_data(data.get(), reinterpret_cast<const unsigned char*>(block.data()),
                      static_cast<unsigned>(block.size()));
  return data;
}

// The block without "Exif\0\0" in front.
std::string_view tiff_part(std::string_view block) {
  return block.substr(block.starts_with(prefix) ? prefix.size() : 0);
}

}  // namespace

bool has_thumbnail(std::string_view block) {
  const DataPtr data = read(tiff_part(block));
  return data->size > 0 || data->ifd[EXIF_IFD_1]->count > 0;
}

std::string clean_exif(std::string_view block, bool turned) {
  const bool prefixed = block.starts_with(prefix);
  const DataPtr data = read(tiff_part(block));
  data->size = 0;  // of the thumbnail, which is then not written
  remove_if(data->ifd[EXIF_IFD_1], [](const ExifEntry&) { return true; });
  for (const ExifIfd ifd : kept_directories)
    remove_if(data->ifd[ifd], [](const ExifEntry& entry) { return must_go(entry.tag) || is_opaque_bulk(entry); });
  if (std::all_of(kept_directories.begin(), kept_directories.end(),
                  [&](ExifIfd ifd) { return data->ifd[ifd]->count == 0; }))
    return {};
  if (turned) swap_resolutions(data->ifd[EXIF_IFD_0]);

  unsigned char* bytes = nullptr;
  unsigned size = 0;
  exif_data_save_data(data.get(), &bytes, &size);
  const BlockPtr owner(bytes);
  // Many entries that point to the same bytes could make it grow beyond any use.
  if (size < prefix.size() || size > largest_block) return {};
  const std::string_view written(reinterpret_cast<const char*>(bytes), size);
  return std::string(written.substr(prefixed ? 0 : prefix.size()));
}

}  // namespace gaussfilt::pictures
