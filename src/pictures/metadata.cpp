// Floor 4. Which metadata travel from the file read to the file written.
//
// An allow-list, because each of EXIF, Photoshop resources, XMP and PNG text can hold a second, sharp copy of the
// picture.
#include "metadata.h"

#include "exif.h"
#include "state.h"

#include <gaussfilt/error.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>

namespace gaussfilt::pictures {
namespace {

// Name spaces in XMP under which programs store pictures (Adobe thumbnails, Google's depth and original images).
constexpr std::array<std::string_view, 4> picture_spaces = {
    "http://ns.adobe.com/xap/1.0/g/img/", "http://ns.google.com/photos/1.0/image/",
    "http://ns.google.com/photos/1.0/depthmap/", "http://ns.google.com/photos/1.0/container/"};

void set_blob(VipsImage* image, const char* field, const std::string& bytes) {
  if (!bytes.empty()) vips_image_set_blob_copy(image, field, bytes.data(), bytes.size());
}

bool has_exif_tag(std::string_view field, std::string_view tag) {
  return field.starts_with("exif-ifd") && field.size() > 10 && field.substr(10) == tag;
}

bool travels(std::string_view field) {
  constexpr std::array harmless = {std::string_view(VIPS_META_ICC_NAME), std::string_view(VIPS_META_RESOLUTION_UNIT),
                                   std::string_view(VIPS_META_IMAGEDESCRIPTION),
                                   // An animation's timing, and the colour it stands on.
                                   std::string_view("delay"), std::string_view("loop"), std::string_view("background")};
  if (std::find(harmless.begin(), harmless.end(), field) != harmless.end()) return true;
  if (field.starts_with("exif-ifd")) {
    // The JPEG writer lays these over the block that clean_exif leaves; so they are cleaned alike.
    return !field.starts_with("exif-ifd1-") && !has_exif_tag(field, "MakerNote") && !has_exif_tag(field, "Orientation");
  }
  // "png-comment-<n>-<key>"; ImageMagick hides whole EXIF and Photoshop blocks under "Raw profile type ...", and
  // desktop programs keep the path of a preview under "Thumb::...".
  return field.starts_with("png-comment-") && field.find("Raw profile type") == std::string_view::npos &&
         field.find("Thumb::") == std::string_view::npos && field.find("XML:com.adobe.xmp") == std::string_view::npos;
}

// Blobs with their bytes: those of a HEIF file's profile are gone when the file has been read to its end.
void* copy_if_it_travels(VipsImage* from, const char* field, GValue* value, void* to) {
  auto* const image = static_cast<VipsImage*>(to);
  if (!travels(field)) return nullptr;
  if (G_VALUE_TYPE(value) == VIPS_TYPE_BLOB) {
    set_blob(image, field, std::string(blob(from, field)));
  } else {
    vips_image_set(image, field, value);
  }
  return nullptr;
}

void* copy_any(VipsImage*, const char* field, GValue* value, void* to) {
  // The map also names the image's own numbers ("width" ...), which vips_image_set leaves alone; skip them.
  if (vips_image_get_typeof(static_cast<VipsImage*>(to), field) == 0)
    vips_image_set(static_cast<VipsImage*>(to), field, value);
  return nullptr;
}

// XMP tells the orientation too: as an attribute tiff:Orientation="6" or an element >6<.
std::string reset_xmp_orientation(std::string xmp) {
  constexpr std::string_view name = "tiff:Orientation";
  for (std::size_t at = xmp.find(name); at != std::string::npos; at = xmp.find(name, at)) {
    at += name.size();
    std::size_t digit = at;
    while (digit < xmp.size() && std::strchr(" \t\r\n=>\"'", xmp[digit]) != nullptr) ++digit;
    if (digit > at && digit < xmp.size() && xmp[digit] >= '2' && xmp[digit] <= '8') xmp[digit] = '1';
  }
  return xmp;
}

void keep_xmp(VipsImage* from, VipsImage* to, std::vector<std::string>& notes) {
  const std::string_view xmp = blob(from, VIPS_META_XMP_NAME);
  if (xmp.empty()) return;
  const bool pictures = std::any_of(picture_spaces.begin(), picture_spaces.end(),
                                    [&](std::string_view space) { return xmp.find(space) != std::string_view::npos; });
  if (pictures) {
    notes.emplace_back("XMP metadata that can hold pictures were dropped");
    return;
  }
  set_blob(to, VIPS_META_XMP_NAME, reset_xmp_orientation(std::string(xmp)));
}

// Photoshop's block is a list of resources: "8BIM", id (2 bytes), padded Pascal name, size (4), padded data. Of these
// only IPTC (0x0404: captions, copyright) travels; 0x0409 and 0x040C are thumbnails, others refer to a file that is
// gone.
std::string iptc_resources(std::string_view block) {
  constexpr std::string_view header("Photoshop 3.0\0", 14);
  std::string kept;
  if (!block.starts_with(header)) return kept;
  std::size_t at = header.size();
  while (at + 12 <= block.size() && block.substr(at, 4) == "8BIM") {
    const std::uint32_t id = big_endian(block.substr(at + 4, 2));
    const std::size_t name = (static_cast<unsigned char>(block[at + 6]) + 2u) / 2 * 2;
    const std::size_t size_at = at + 6 + name;
    if (size_at + 4 > block.size()) break;
    const std::size_t size = big_endian(block.substr(size_at, 4));
    if (size > block.size() - size_at - 4) break;
    const std::size_t padded = std::min(size + size % 2, block.size() - size_at - 4);
    if (id == 0x0404) kept += block.substr(at, size_at + 4 + padded - at);
    at = size_at + 4 + padded;
  }
  return kept.empty() ? kept : std::string(header) + kept;
}

}  // namespace

std::string_view blob(VipsImage* image, const char* field) {
  const void* data = nullptr;
  std::size_t size = 0;
  if (vips_image_get_typeof(image, field) != VIPS_TYPE_BLOB || vips_image_get_blob(image, field, &data, &size) != 0)
    return {};
  return {static_cast<const char*>(data), size};
}

std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

VipsImagePtr keep_metadata(VipsImage* image, bool turned, std::vector<std::string>& notes) {
  const unsigned char pixel = 0;
  VipsImagePtr kept(vips_image_new_from_memory_copy(&pixel, 1, 1, 1, 1, VIPS_FORMAT_UCHAR));
  if (!kept) throw std::bad_alloc();
  vips_image_map(image, copy_if_it_travels, kept.get());
  set_blob(kept.get(), VIPS_META_EXIF_NAME, clean_exif(blob(image, VIPS_META_EXIF_NAME), turned));
  keep_xmp(image, kept.get(), notes);
  set_blob(kept.get(), VIPS_META_IPTC_NAME, iptc_resources(blob(image, VIPS_META_IPTC_NAME)));
  return kept;
}

std::string_view profile_of(const PictureState& state) {
  return state.metadata ? blob(state.metadata.get(), VIPS_META_ICC_NAME) : std::string_view();
}

void copy_fields(VipsImage* from, VipsImage* to) { vips_image_map(from, copy_any, to); }

}  // namespace gaussfilt::pictures
