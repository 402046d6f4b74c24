// Floor 4. Pictures: files read, blurred and written, by libvips. Installed with the component `pictures`.
//
// Rules for all of it:
//   pixels      height x width x bands, gapless, in the orientation in which the picture is displayed; the pages of a
//               document or the frames of an animation one below the other
//   samples     u8, u16 and f32 mostly; what TIFF alone can hold (i8 i16 u32 i32) stays what it is
//   x, y        picture order everywhere in this header: x is the column and comes first, y the row
//   kept        ICC profile, resolution, EXIF, XMP, IPTC, PNG text, timing and loop of an animation, where the target
//               format has a place for them
//   dropped     embedded previews and whatever may hide one (EXIF thumbnails and maker notes, Photoshop resources other
//               than IPTC, XMP that carries pictures): a sharp preview inside a blurred picture is a leak
//   alpha       colours are filtered weighted by their alpha, so what a transparent pixel hides never shows
//   threads     different pictures may be worked on at the same time
//   errors      InvalidArgument, IoError (its sentence names the file), std::bad_alloc; nothing has been written then
#pragma once

#include <gaussfilt/array.h>
#include <gaussfilt/border.h>
#include <gaussfilt/export.h>
#include <gaussfilt/kernel.h>
#include <gaussfilt/plan.h>
#include <gaussfilt/regions.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gaussfilt::inline v0 {

// What the bands mean; one more band than 1, 3, 4 or 3 is alpha. bands: any number of them, without a colour.
enum class Colour : std::uint8_t { grey, rgb, cmyk, lab, bands };
GAUSSFILT_API std::string_view name(Colour colour);

struct LoadOptions {
  std::int64_t max_pixels = std::int64_t{1} << 29;  // of all pages; a header that claims more is refused unread
  int max_pages = 10000;
  std::optional<int> page = {};  // this page or frame alone, the first is 1; default all (of a PDF the first)
  bool salvage = false;          // take what a damaged or truncated file still gives; default: refuse it
  // How large a drawing (SVG, PDF) becomes: by at most one of dpi (default 72, at which one unit of an SVG and one
  // point of a PDF is a pixel), scale (of that size), or the box of width x height that it fills without being
  // distorted; one of the two may be left out.
  std::optional<double> dpi = {};
  std::optional<double> scale = {};
  std::optional<int> width = {};
  std::optional<int> height = {};
};

// Lets load() use a loader that libvips holds unsafe for files of strangers ("pdf", "jxl", "ppm" ...), in this process
// from now on. InvalidArgument names those that there are. SVG needs none: other files that it names are never read.
GAUSSFILT_API void allow_loader(std::string_view name);
GAUSSFILT_API std::vector<std::string> loaders_to_allow();

struct SaveOptions {
  std::optional<int> quality = {};  // 1 to 100, of the lossy formats; default JPEG 95, WebP 90, AVIF, HEIC and JXL 80
  // PNG: 0 to 9 (default 4). TIFF: none, lzw, deflate (default), zstd, packbits, jpeg. WebP, JXL, JP2:
  // lossless, or lossy (default). InvalidArgument where the format has no such thing.
  std::string compression = {};
  std::optional<int> depth = {};  // bits a sample: 8, 16, or 32 for f32; default as the picture has it
};

class GAUSSFILT_API Picture {
 public:
  // A picture without metadata. `pixels` is height x width x bands or pages x height x width x bands; bands are those
  // of `colour`, one more where there is alpha.
  Picture(Array pixels, Colour colour);
  Picture(Picture&& other) noexcept;
  Picture& operator=(Picture&& other) noexcept;
  Picture(const Picture&) = delete;
  Picture& operator=(const Picture&) = delete;
  ~Picture();

  // Reads a whole file of any format that libvips reads and holds safe, told by its content and never by its name.
  // Samples of fewer than 8 bits and palettes become 8 bits a band; the orientation tag is applied and reset.
  static Picture load(const std::filesystem::path& file, const LoadOptions& options = {});
  // The same from memory; `title` stands in messages.
  static Picture decode(std::span<const std::byte> bytes, const LoadOptions& options = {},
                        const std::string& title = "picture");

  // Writes the format that the file's extension names (see writable_extensions), whole or not at all: a temporary file
  // beside the target, fsync, rename. Links are followed; permissions of a file that is replaced are kept. What a
  // format cannot hold is converted: alpha is flattened onto white, samples are reduced to the nearest level, CMYK
  // becomes sRGB; samples that are neither u8 nor u16 are reduced only where options.depth asks for it. Returns one
  // sentence for each thing that the format could not hold.
  std::vector<std::string> save(const std::filesystem::path& file, const SaveOptions& options = {}) const;
  // The file's bytes, of the format that `extension` ("png") names. `notes` gets the sentences.
  std::vector<std::byte> encode(std::string_view extension, const SaveOptions& options = {},
                                std::vector<std::string>* notes = nullptr) const;

  Picture copy() const;

  std::int64_t width() const;   // of a page
  std::int64_t height() const;  // of a page
  std::int64_t pages() const;
  int bands() const;  // alpha included
  DType dtype() const;
  Colour colour() const;
  bool has_alpha() const;
  double max_level() const;            // what is white: 255, 65535 ...; 1 for floats
  std::string_view extension() const;  // of the format that it was read from: "png", "svg"; "" where it was made

  View pixels() const;  // all pages
  MutableView pixels();
  View page(std::int64_t index) const;  // from 0
  MutableView page(std::int64_t index);

  // "512 x 512 RGB 8 bit", "512 x 512 RGBA 8 bit, 12 pages".
  std::string describe() const;
  // One sentence for each thing that reading changed or could not keep; empty for most pictures.
  std::span<const std::string> notes() const;

 private:
  struct State;
  explicit Picture(std::unique_ptr<State> state);
  friend struct PictureAccess;
  std::unique_ptr<State> state_;
};

// Which light is averaged.
//   encoded  the numbers as they stand in the picture, what every other program does
//   linear   through the curve of the profile (sRGB's where there is none) to light and back: grey and RGB. Floats
//            without a profile are linear as they are
enum class Light : std::uint8_t { encoded, linear };
GAUSSFILT_API std::string_view name(Light light);
GAUSSFILT_API Light parse_light(std::string_view text);  // throws InvalidArgument
GAUSSFILT_API std::span<const std::string_view> light_names();

// A picture of one page weighs each pixel of another one of its size: by its alpha where that is not opaque
// everywhere, else by its grey level, of RGB the luma (Rec. 709) of the numbers as they stand.
GAUSSFILT_API Region mask_region(const Picture& mask);

struct BlurOptions {
  PerAxis<double> sigma = 2.0;  // standard deviation in pixels, one for both or {x, y}
  Border border = Border::reflect;
  double cval = 0.0;                    // beyond a constant border, in levels; with alpha only 0: transparent
  std::optional<double> truncate = {};  // cut the taps at int(truncate * sigma + 0.5); default: the ideal Gaussian
  PerAxis<std::int64_t> radius = {};    // cut the taps there, one for both or {x, y}; not together with truncate
  Taps taps = Taps::sampled;
  std::optional<double> tolerance = {};  // relative to the full range; default 1/8 of a grey level, for floats 1e-5
  Light light = Light::encoded;
  std::vector<Region> regions = {};  // of each page: blur only these; the rest keeps its bits. Empty: all of it
  bool invert = false;               // blur all but the regions, which have no sigma of their own then
  double feather = 0;                // pixels around each region in which the blur fades out
  RegionSource source = RegionSource::context;
  int threads = 0;  // 0: all that this process may use; results do not depend on it
};

// Blurs in place, each page for itself; sigma 0 changes nothing. With alpha: where it comes out as 0, so do the
// colours; the tolerance is met by alpha and by colour times alpha, and is divided by 64 inside so that the colours
// themselves are within one level wherever the alpha is at least 1/255. In linear light the tolerance is divided by the
// steepest slope of the curve back (sRGB: 12.92). Floats: the tolerance is relative to the largest magnitude in the
// picture. Where a weight is between 0 and 1, blurred and original are mixed as they are averaged: times alpha, as
// light, not yet rounded. Memory: without alpha, in encoded light, that of boxes, or what Plan::run takes in place;
// else 4 bytes (where the tolerance needs f64, 8) a sample of a page or of what its regions see; for regions that
// overlap a copy of the page.
GAUSSFILT_API RunStatus blur(Picture& picture, const BlurOptions& options = {}, const RunOptions& run = {});
// The plan that blur() follows on a page: for explain(). With alpha and in linear light it is that of the weighted
// samples.
GAUSSFILT_API Plan plan_blur(const Picture& picture, const BlurOptions& options = {});

// What a file says of itself, read without its pixels.
struct PictureInfo {
  std::string format;      // "PNG", "JPEG", "TIFF" ...
  std::int64_t width = 0;  // as displayed
  std::int64_t height = 0;
  std::int64_t pages = 1;
  int bands = 0;
  DType dtype = DType::u8;
  Colour colour = Colour::grey;
  bool alpha = false;
  int orientation = 1;  // EXIF's, 1 to 8
  double x_dpi = 0;     // 0: not said
  double y_dpi = 0;
  std::string profile;                // the ICC profile's own description; empty: none
  std::vector<int> delays;            // of an animation's frames, in ms
  std::optional<int> loop;            // how often it is shown; 0: for ever
  std::vector<std::string> metadata;  // "EXIF", "XMP", "IPTC" ...
  bool preview = false;               // holds a thumbnail of itself
  std::vector<std::string> notes;     // as Picture::notes
};
GAUSSFILT_API PictureInfo inspect(const std::filesystem::path& file, const LoadOptions& options = {});

// What of a pixel is compared.
//   stored  every sample as it stands
//   seen    colours times their alpha, and alpha: what a transparent pixel hides does not count
enum class Compared : std::uint8_t { stored, seen };

// How two pictures differ; size, pages and colour must agree, depths need not; grey counts as RGB and a missing alpha
// as opaque where the other one has more. In levels of `a`.
struct Difference {
  double largest = 0;
  double mean = 0;                      // of the absolute differences of all samples
  double rms = 0;                       // root of the mean of their squares
  double psnr = 0;                      // decibels, against the full range; infinite where nothing differs
  std::int64_t differing = 0;           // pixels in which any band differs
  std::int64_t x = 0, y = 0, page = 0;  // where it is largest first; page from 0
  int band = 0;
};
GAUSSFILT_API Difference compare(const Picture& a, const Picture& b, Compared what = Compared::stored);
// The largest difference of each pixel's bands as a colour: black none, then blue, red and yellow to white, the largest
// of all. u8 RGB.
GAUSSFILT_API Picture heatmap(const Picture& a, const Picture& b, Compared what = Compared::stored);

// What save() writes on this machine ("png", "jpg" ...), in any letter case.
GAUSSFILT_API std::span<const std::string_view> writable_extensions();
// Throws what save() would throw before it writes: InvalidArgument where nobody writes the extension or the options do
// not fit it, IoError where the folder or the file cannot be written. To be asked before the work begins.
GAUSSFILT_API void check_writable(const std::filesystem::path& file, const SaveOptions& options = {});
// The same for a picture in memory: InvalidArgument or IoError where the format that `extension` names cannot hold it.
GAUSSFILT_API void check_writable(const Picture& picture, std::string_view extension, const SaveOptions& options = {});
// Whether load() would find a picture in this file by its first bytes. Never throws for what is in the file.
GAUSSFILT_API bool is_picture(const std::filesystem::path& file);

// Removes the temporary files of saves that are under way in this process. Async-signal-safe: for the handler of a
// signal that ends the program.
GAUSSFILT_API void remove_unfinished_files() noexcept;

}  // namespace gaussfilt::inline v0
