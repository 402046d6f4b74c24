// Floor 4. Two tags of a TIFF, by libtiff reading from libvips' source.
#include "tiff.h"

#include <tiffio.h>

#include <cstdint>
#include <memory>

namespace gaussfilt::pictures {
namespace {

VipsSource* source_of(thandle_t handle) { return static_cast<VipsSource*>(handle); }

tmsize_t read(thandle_t handle, void* data, tmsize_t size) {
  return vips_source_read(source_of(handle), data, static_cast<std::size_t>(size));
}
tmsize_t write(thandle_t, void*, tmsize_t) { return 0; }
toff_t seek(thandle_t handle, toff_t offset, int whence) {
  return static_cast<toff_t>(vips_source_seek(source_of(handle), static_cast<gint64>(offset), whence));
}
int leave_open(thandle_t) { return 0; }
toff_t length(thandle_t handle) { return static_cast<toff_t>(vips_source_length(source_of(handle))); }

struct Close {
  void operator()(TIFF* tiff) const noexcept { TIFFClose(tiff); }
};

}  // namespace

TiffSamples tiff_samples(VipsSource* source, int page) {
  TiffSamples samples;
  vips_source_rewind(source);
  const std::unique_ptr<TIFF, Close> tiff(
      TIFFClientOpen("source", "rm", source, read, write, seek, leave_open, length, nullptr, nullptr));
  if (tiff && TIFFSetDirectory(tiff.get(), static_cast<tdir_t>(page)) != 0) {
    std::uint16_t bits = 8;
    std::uint16_t meaning = 0;
    TIFFGetFieldDefaulted(tiff.get(), TIFFTAG_BITSPERSAMPLE, &bits);
    if (TIFFGetField(tiff.get(), TIFFTAG_PHOTOMETRIC, &meaning) != 0) samples.palette = meaning == PHOTOMETRIC_PALETTE;
    samples.bits = bits;
  }
  vips_error_clear();
  vips_source_rewind(source);
  return samples;
}

}  // namespace gaussfilt::pictures
