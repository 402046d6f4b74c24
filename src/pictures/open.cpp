// Floor 4. Opening a picture file.
#include "open.h"

#include "metadata.h"
#include "tiff.h"

#include <gaussfilt/error.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cmath>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace gaussfilt::pictures {
namespace {

namespace fs = std::filesystem;

constexpr double natural_dpi = 72;  // at which one unit of an SVG and one point of a PDF is a pixel

// Opened by us and handed over as a descriptor: libvips reads options out of file names ("a[page=1].png").
VipsSourcePtr source_of_file(const fs::path& file) {
  struct Descriptor {
    int value;
    ~Descriptor() {
      if (value >= 0) ::close(value);
    }
  };
  const Descriptor descriptor{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
  struct stat found {};
  if (descriptor.value < 0 || ::fstat(descriptor.value, &found) != 0)
    throw IoError(fmt::format("{}: cannot be read: {}.", shown(file), std::generic_category().message(errno)));
  if (S_ISDIR(found.st_mode)) throw IoError(fmt::format("{}: is a folder, not a picture.", shown(file)));
  if (S_ISREG(found.st_mode) && found.st_size == 0)
    throw IoError(fmt::format("{}: is empty, not a picture.", shown(file)));
  return VipsSourcePtr(vips_source_new_from_descriptor(descriptor.value));
}

VipsSourcePtr source_of(const Input& input) {
  if (input.file.empty() && input.bytes.empty())
    throw IoError(fmt::format("{}: is empty, not a picture.", input.title));
  VipsSourcePtr source(input.file.empty() ? vips_source_new_from_memory(input.bytes.data(), input.bytes.size())
                                          : source_of_file(input.file).release());
  if (!source) throw IoError(fmt::format("{}: cannot be read: {}.", input.title, take_vips_error()));
  return source;
}

std::string_view sniff(VipsSource* source, std::size_t bytes) {
  unsigned char* data = nullptr;
  const gint64 size = vips_source_sniff_at_most(source, &data, bytes);
  return size <= 0 ? std::string_view()
                   : std::string_view(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));
}

// Formats whose loader must be allowed by name, by how their files begin.
struct Guarded {
  std::string_view start;
  std::string_view name;
  std::string_view loader;
};
constexpr std::array guarded = {Guarded{"%PDF-", "PDF", "pdf"},
                                Guarded{{"\xff\x0a", 2}, "JPEG XL", "jxl"},
                                Guarded{{"\0\0\0\x0cJXL ", 8}, "JPEG XL", "jxl"},
                                Guarded{{"\0\0\0\x0cjP  ", 8}, "JPEG 2000", "jp2k"},
                                Guarded{"#?RADIANCE", "Radiance HDR", "rad"},
                                Guarded{"SIMPLE  =", "FITS", "fits"},
                                Guarded{"\x76\x2f\x31\x01", "OpenEXR", "openexr"},
                                Guarded{"P5", "PGM", "ppm"},
                                Guarded{"P6", "PPM", "ppm"}};

[[noreturn]] void refuse_unknown(std::string_view start, const std::string& title) {
  for (const Guarded& format : guarded)
    if (start.starts_with(format.start))
      throw IoError(
          fmt::format("{}: is {}, whose loader is off for files of strangers; "
                      "--allow-loader {} (in C++ allow_loader) turns it on.",
                      title, format.name, format.loader));
  throw IoError(fmt::format("{}: its content is not that of a picture.", title));
}

FileFormat format_of(const char* loader_type) {
  std::string nickname = vips_nickname_find(g_type_from_name(loader_type));
  const std::string family = nickname.substr(0, nickname.find("load"));
  struct Known {
    std::string_view family, name, extension;
  };
  constexpr std::array known = {Known{"jpeg", "JPEG", "jpg"},       Known{"webp", "WebP", "webp"},
                                Known{"tiff", "TIFF", "tif"},       Known{"heif", "HEIF", "heic"},
                                Known{"jxl", "JPEG XL", "jxl"},     Known{"jp2k", "JPEG 2000", "jp2"},
                                Known{"openexr", "OpenEXR", "exr"}, Known{"rad", "Radiance HDR", "hdr"}};
  for (const Known& format : known)
    if (family == format.family) return {std::move(nickname), std::string(format.name), std::string(format.extension)};
  std::string name = family;
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return {std::move(nickname), std::move(name), family};
}

// Which loader takes it; some want a file's name, the rest a source.
struct Loader {
  const char* type = nullptr;
  bool by_name = false;
};

// To be asked before a loader is made: some look into the file before libvips asks it.
bool may_be_used(const char* type) {
  return (static_cast<const VipsOperationClass*>(g_type_class_peek(g_type_from_name(type)))->flags &
          VIPS_OPERATION_BLOCKED) == 0;
}

Loader find_loader(VipsSource* source, const Input& input) {
  if (const char* type = vips_foreign_find_load_source(source))
    return may_be_used(type) ? Loader{type, false} : Loader{};
  vips_error_clear();
  // A trailing bracket would be taken for options.
  const std::string path = input.file.empty() ? "" : fs::absolute(input.file).string();
  if (!path.empty() && !path.ends_with(']'))
    if (const char* type = vips_foreign_find_load(path.c_str()))
      if (may_be_used(type) && std::string_view(vips_nickname_find(g_type_from_name(type))).ends_with("load"))
        return {type, true};
  vips_error_clear();
  return {};
}

struct Pages {
  int first = 0;
  int count = 1;  // -1: all
};

class Opener {
 public:
  Opener(const Input& input, const LoadOptions& options) : input_(input), options_(options) {
    opened_.source = source_of(input);
    const Loader loader = find_loader(opened_.source.get(), input);
    if (loader.type == nullptr) refuse_unknown(sniff(opened_.source.get(), 64), input.title);
    opened_.format = format_of(loader.type);
    by_name_ = loader.by_name;
  }

  Opened open() {
    check_options();
    if (opened_.format.loader == "pngload_source") read_png_header();
    if (opened_.format.loader == "tiffload_source") read_tiff_header();
    image_ = load_first();
    if (is_drawing()) fit_drawing();
    check_size(vips_image_get_page_height(image_.get()), 1);
    find_pages();
    note_palette();
    const char* codec = nullptr;
    if (vips_image_get_typeof(image_.get(), "heif-compression") != 0 &&
        vips_image_get_string(image_.get(), "heif-compression", &codec) == 0 && std::string_view(codec) == "av1") {
      opened_.format.name = "AVIF";
      opened_.format.extension = "avif";
    }
    opened_.image = std::move(image_);
    return std::move(opened_);
  }

 private:
  [[noreturn]] void fail(const std::string& sentence) const {
    throw IoError(fmt::format("{}: {}.", input_.title, sentence));
  }

  void check_options() const {
    const int sizes = int(options_.dpi.has_value()) + int(options_.scale.has_value()) +
                      int(options_.width.has_value() || options_.height.has_value());
    if (sizes > 1)
      throw InvalidArgument(
          "dpi, scale and width or height are given together, must be one of them, since each says "
          "how large a drawing becomes.");
    const auto positive = [](std::string_view name, const auto& value) {
      if (value && !(*value > 0 && std::isfinite(static_cast<double>(*value))))
        throw InvalidArgument(fmt::format("{}: is {}, must be a finite number > 0.", name, *value));
    };
    positive("dpi", options_.dpi);
    positive("scale", options_.scale);
    positive("width", options_.width);
    positive("height", options_.height);
    if (options_.page && *options_.page < 1)
      throw InvalidArgument(fmt::format("page: is {}, must be at least 1, the first.", *options_.page));
    if (sizes > 0 && !is_drawing()) fail("is no drawing, so dpi, scale, width and height have no meaning for it");
  }

  bool is_drawing() const { return opened_.format.name == "SVG" || opened_.format.name == "PDF"; }

  // A loader knows the pages that it can count; what it does not know is left out.
  VipsImagePtr load(Pages pages, double scale = 1) const {
    VipsImagePtr image = try_load(pages, scale);
    if (!image) fail(fmt::format("cannot be read as {}: {}", opened_.format.name, take_vips_error()));
    return image;
  }

  // The page asked for, or the first; a number beyond the last is told with the count.
  VipsImagePtr load_first() const {
    const int page = options_.page.value_or(1);
    if (page == 1) return load({.first = 0, .count = 1});
    if (VipsImagePtr image = try_load({.first = page - 1, .count = 1})) return image;
    vips_error_clear();
    const int count = page_count(load({.first = 0, .count = 1}).get());
    if (page > count) fail(fmt::format("has {} page{}, so there is no page {}", count, count == 1 ? "" : "s", page));
    return load({.first = page - 1, .count = 1});
  }

  // vips_image_get_n_pages would make 1 of 10000 and more.
  static int page_count(VipsImage* image) {
    int count = 1;
    if (vips_image_get_typeof(image, VIPS_META_N_PAGES) != 0) vips_image_get_int(image, VIPS_META_N_PAGES, &count);
    return std::max(count, 1);
  }

  VipsImagePtr try_load(Pages pages, double scale = 1) const {
    if (!by_name_ && vips_source_rewind(opened_.source.get()) != 0) fail("cannot be read: " + take_vips_error());
    Operation operation(opened_.format.loader.c_str());
    if (by_name_) {
      operation.set("filename", fs::absolute(input_.file).c_str());
    } else {
      operation.set("source", opened_.source.get());
    }
    operation.set("access", VIPS_ACCESS_SEQUENTIAL)
        .set("fail_on", options_.salvage ? VIPS_FAIL_ON_NONE : VIPS_FAIL_ON_ERROR);
    if (is_drawing()) operation.set("dpi", natural_dpi).set("scale", scale);
    // An animation's picture is made of the frames before it, so its loaders count n; HEIF picks its main one.
    if (pages.first > 0 || options_.page) operation.set("page", pages.first);
    operation.set("n", pages.count);
    return operation.out();
  }

  void fit_drawing() {
    double scale = options_.scale.value_or(options_.dpi.value_or(natural_dpi) / natural_dpi);
    if (options_.width || options_.height) {
      const double across = options_.width ? *options_.width / static_cast<double>(image_->Xsize) : HUGE_VAL;
      const double down = options_.height ? *options_.height / static_cast<double>(image_->Ysize) : HUGE_VAL;
      scale = std::min(across, down);
    }
    const double pixels = static_cast<double>(image_->Xsize) * image_->Ysize * scale * scale;
    if (pixels > 1.01 * static_cast<double>(options_.max_pixels))
      refuse_size(image_->Xsize * scale, image_->Ysize * scale);
    if (scale != 1) image_ = load({.first = options_.page.value_or(1) - 1, .count = 1}, scale);
  }

  [[noreturn]] void refuse_size(double width, double height) const {
    fail(fmt::format("claims {:.0f} x {:.0f} pixels, more than the limit of {}", width, height, options_.max_pixels));
  }

  void check_size(std::int64_t height, std::int64_t pages) const {
    const auto limit = static_cast<double>(std::max<std::int64_t>(options_.max_pixels, 0));
    if (static_cast<double>(image_->Xsize) * static_cast<double>(height) * static_cast<double>(pages) <= limit) return;
    if (pages == 1) refuse_size(image_->Xsize, static_cast<double>(height));
    fail(fmt::format("claims {} pages of {} x {} pixels, more than the limit of {} pixels together", pages,
                     image_->Xsize, height, options_.max_pixels));
  }

  // How many pages there are, and all of them opened where more than one is wanted.
  void find_pages() {
    const int count = page_count(image_.get());
    opened_.all_pages = count;
    if (options_.page || count <= 1) return;
    if (opened_.format.name == "PDF") {
      opened_.notes.push_back(fmt::format("only the first of {} pages was read", count));
      return;
    }
    if (opened_.format.loader.starts_with("heif")) {
      opened_.notes.push_back(fmt::format("only the main one of {} pictures was read", count));
      return;
    }
    constexpr int most_frames = 4096;
    if (opened_.format.name == "GIF" && count > most_frames)
      fail(fmt::format("has more than {} frames, which libvips does not read; choose one of them (--page 1)",
                       most_frames));
    if (count > options_.max_pages)
      fail(fmt::format("claims {} pages, more than the limit of {}", count, options_.max_pages));
    check_size(vips_image_get_page_height(image_.get()), count);
    VipsImagePtr all = try_load({.first = 0, .count = -1});
    if (!all) vips_error_clear();
    if (!all && opened_.format.name == "TIFF" && is_pyramid(count)) {
      opened_.notes.emplace_back("the smaller copies of the picture (a pyramid) were dropped");
      return;
    }
    if (!all) fail("its pages differ in size or cannot be read; choose one of them (--page 1)");
    if (all->Ysize % count != 0) fail("its pages differ in height; choose one of them (--page 1)");
    image_ = std::move(all);
    opened_.pages = count;
  }

  // A TIFF whose pages halve one after the other is one picture and smaller copies of it.
  bool is_pyramid(int count) {
    constexpr int most_levels = 32;
    std::pair<int, int> size{image_->Xsize, image_->Ysize};
    for (int page = 1; page < count; ++page) {
      const VipsImagePtr next = count > most_levels ? VipsImagePtr() : try_load({.first = page, .count = 1});
      const auto halved = [](int from, int to) { return to <= from / 2 + 1 && to >= std::max(from / 2 - 1, 1); };
      if (!next || !halved(size.first, next->Xsize) || !halved(size.second, next->Ysize)) {
        vips_error_clear();
        return false;
      }
      size = {next->Xsize, next->Ysize};
    }
    return true;
  }

  void note_palette() {
    constexpr std::array names = {"grey", "grey+alpha", "RGB", "RGBA"};
    if (vips_image_get_typeof(image_.get(), "palette-bit-depth") != 0)
      vips_image_get_int(image_.get(), "palette-bit-depth", &palette_bits_);
    if (palette_bits_ != 0 && image_->Bands <= 4)
      opened_.notes.push_back(fmt::format("a palette of {} bits is read as 8 bit {}", palette_bits_,
                                          names.at(static_cast<std::size_t>(image_->Bands - 1))));
  }

  void note_depth(int bits, bool palette) {
    if (palette) palette_bits_ = bits;
    if (!palette && bits < 8)
      opened_.notes.push_back(
          fmt::format("{} bit{} a sample {} read as 8", bits, bits == 1 ? "" : "s", bits == 1 ? "is" : "are"));
  }

  void read_tiff_header() {
    const auto [bits, palette] = tiff_samples(opened_.source.get(), options_.page.value_or(1) - 1);
    note_depth(bits, palette);
  }

  // What a PNG says before its pixels and libvips passes over without a word; at fixed places, or found by length and
  // name.
  void read_png_header() {
    const std::string_view start = sniff(opened_.source.get(), 65536);
    if (start.size() < 33 || start.substr(12, 4) != "IHDR") return;
    const auto has = [&](std::string_view chunk) { return start.find(chunk) != std::string_view::npos; };
    note_depth(start[24], start[25] == 3);
    if (has({"\0\0\0\bacTL", 8})) opened_.notes.emplace_back("only the first frame of an animated PNG was read");
    constexpr std::string_view gamma("\0\0\0\4gAMA", 8);
    if (!has(gamma) || has({"\0\0\0\1sRGB", 8}) || has("iCCP")) return;
    const std::uint32_t value = big_endian(start.substr(start.find(gamma) + gamma.size(), 4));
    constexpr std::uint32_t like_srgb = 45455;
    if (value + 500 < like_srgb || value > like_srgb + 500)
      opened_.notes.push_back(fmt::format("the gamma chunk ({:.5f}) is not kept", value / 100000.0));
  }

  const Input& input_;
  const LoadOptions& options_;
  bool by_name_ = false;
  int palette_bits_ = 0;  // 0: no palette that we know of
  VipsImagePtr image_;
  Opened opened_;
};

}  // namespace

Opened open_picture(const Input& input, const LoadOptions& options) {
  start_vips();
  return Opener(input, options).open();
}

}  // namespace gaussfilt::pictures

namespace gaussfilt::inline v0 {

bool is_picture(const std::filesystem::path& file) {
  using namespace pictures;
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) return false;
  try {
    start_vips();
    const Input input{.file = file, .bytes = {}, .title = shown(file)};
    const VipsSourcePtr source = source_of(input);
    return find_loader(source.get(), input).type != nullptr;
  } catch (const IoError&) {
    return false;
  }
}

}  // namespace gaussfilt::inline v0
