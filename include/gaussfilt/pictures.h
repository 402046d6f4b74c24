// Floor 4. Pictures: PNG and JPEG files read, blurred and written. Installed with the component `pictures`.
//
// Rules for all of it:
//   pixels      height x width x bands, u8 or u16, gapless, in the orientation in which the picture is displayed
//   x, y        picture order everywhere in this header: x is the column and comes first, y the row
//   kept        ICC profile, resolution, EXIF, XMP, IPTC and PNG text, where the target format has a place for them
//   dropped     embedded previews and whatever may hide one (EXIF thumbnails and maker notes, Photoshop resources other
//               than IPTC, XMP that carries pictures): a sharp preview inside a blurred picture is a leak
//   alpha       colours are filtered weighted by their alpha, so what a transparent pixel hides never shows
//   errors      InvalidArgument, IoError (its sentence names the file), std::bad_alloc; nothing has been written then
#pragma once

#include <gaussfilt/array.h>
#include <gaussfilt/border.h>
#include <gaussfilt/export.h>
#include <gaussfilt/plan.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gaussfilt::inline v0 {

// What the bands mean; one more band than 1, 3 or 4 is alpha (grey and rgb only).
enum class Colour : std::uint8_t { grey, rgb, cmyk };

struct LoadOptions {
  std::int64_t max_pixels = std::int64_t{1} << 29;  // a header that claims more is refused before any pixel is read
};

struct SaveOptions {
  int quality = 95;  // JPEG: 1 to 100; from 90 on the colour is kept at full resolution. PNG ignores it
};

class GAUSSFILT_API Picture {
 public:
  // A picture without metadata. `pixels` is height x width x bands, u8 or u16; bands are those of `colour`, one more
  // where there is alpha.
  Picture(Array pixels, Colour colour);
  Picture(Picture&& other) noexcept;
  Picture& operator=(Picture&& other) noexcept;
  Picture(const Picture&) = delete;
  Picture& operator=(const Picture&) = delete;
  ~Picture();

  // Reads a whole PNG or JPEG file, told by its content and never by its name. PNG of 1, 2 and 4 bits and palettes
  // become 8 bits a band; the orientation tag is applied and reset.
  static Picture load(const std::filesystem::path& file, const LoadOptions& options = {});

  // Writes the format that the file's extension names (see writable_extensions), whole or not at all: a temporary file
  // beside the target, fsync, rename. Links are followed; permissions of a file that is replaced are kept. JPEG has no
  // alpha (flattened onto white) and 8 bits (reduced to the nearest level); PNG has no CMYK (converted to sRGB).
  // Returns one sentence for each thing that the format could not hold.
  std::vector<std::string> save(const std::filesystem::path& file, const SaveOptions& options = {}) const;

  Picture copy() const;

  std::int64_t width() const;
  std::int64_t height() const;
  int bands() const;  // alpha included
  DType dtype() const;
  Colour colour() const;
  bool has_alpha() const;
  int max_level() const;  // 255 or 65535

  View pixels() const;
  MutableView pixels();

  // "512 x 512 RGB 8 bit".
  std::string describe() const;
  // One sentence for each thing that reading changed or could not keep; empty for most pictures.
  std::span<const std::string> notes() const;

 private:
  struct State;
  explicit Picture(std::unique_ptr<State> state);
  friend struct PictureAccess;
  std::unique_ptr<State> state_;
};

// A box of displayed pixels; x and y may be negative, the part outside the picture is cut off.
struct Rect {
  std::int64_t x = 0;
  std::int64_t y = 0;
  std::int64_t width = 0;
  std::int64_t height = 0;
};

struct BlurOptions {
  PerAxis<double> sigma = 2.0;  // standard deviation in pixels, one for both or {x, y}
  Border border = Border::reflect;
  double cval = 0.0;                     // beyond a constant border, in levels; with alpha only 0: transparent
  std::optional<double> truncate = {};   // cut the taps at int(truncate * sigma + 0.5); default: the ideal Gaussian
  std::optional<double> tolerance = {};  // relative to the full range; default 1/8 of a grey level
  std::vector<Rect> regions = {};        // blur only these; the rest keeps its bits. Empty: the whole picture
  int threads = 0;                       // 0: all that this process may use; results do not depend on it
};

// Blurs in place. A region gets the bytes that it has in the whole picture blurred. With alpha: where the alpha comes
// out as 0, so do the colours; the tolerance is met by alpha and by colour times alpha, and is divided by 64 inside so
// that the colours themselves are within one level wherever the alpha is at least 1/255.
// Memory: without alpha that of the regions, or what Plan::run takes in place; with alpha 4 bytes a sample.
GAUSSFILT_API RunStatus blur(Picture& picture, const BlurOptions& options = {}, const RunOptions& run = {});
// The plan that blur() follows: for explain(). With alpha it is that of the weighted samples in f32.
GAUSSFILT_API Plan plan_blur(const Picture& picture, const BlurOptions& options = {});

// before | after, with a thin white bar between them; size, bands and dtype must agree. Metadata are those of `after`.
GAUSSFILT_API Picture side_by_side(const Picture& before, const Picture& after);

// "png", "jpg", "jpeg": what save() writes, in any letter case.
GAUSSFILT_API std::span<const std::string_view> writable_extensions();
// Throws what save() would throw before it writes: InvalidArgument where nobody writes the extension, IoError where the
// folder or the file cannot be written. To be asked before the work begins.
GAUSSFILT_API void check_writable(const std::filesystem::path& file);

// Removes the temporary files of saves that are under way in this process. Async-signal-safe: for the handler of a
// signal that ends the program.
GAUSSFILT_API void remove_unfinished_files() noexcept;

}  // namespace gaussfilt::inline v0
