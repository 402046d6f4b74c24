// Floor 5. `gaussfilt blur` as declared.
#include "readers.h"

#include <gaussfilt/gaussfilt.h>

#include <fmt/format.h>

#include <cmath>

namespace gaussfilt::cli {
namespace {

struct Typed {
  BlurArguments arguments;
  Strength strength;
  RegionOptions regions;
};

void read_border(const std::string& text, BlurArguments& arguments) {
  const std::vector<std::string> names = border_names();
  const std::size_t colon = std::min(text.find(':'), text.size());
  const std::string rule = fmt::format("must be {} or constant:VALUE", fmt::join(names, ", "));
  try {
    arguments.options.border = parse_border(text.substr(0, colon));
  } catch (const InvalidArgument&) {
    refuse_name("--border", text, names, rule);
  }
  if (colon == text.size()) return;
  const auto value = number<double>(std::string_view(text).substr(colon + 1));
  if (arguments.options.border != Border::constant || !value || !std::isfinite(*value) || *value < 0)
    refuse("--border", text, "a name alone, or constant:VALUE with a level >= 0 (--border constant:255)");
  arguments.options.cval = *value;
}

void declare_where(Command& blur, Typed& typed) {
  blur.option({.names = "--border",
               .shape = "NAME",
               .topic = "Blurring",
               .brief = fmt::format("Edges: {}[:VALUE]", fmt::join(border_names(), ", ")),
               .more = "reflect is the default; VALUE is a level, default 0; with transparency only 0.",
               .shown = true,
               .values = border_names},
              [&typed](const std::string& text) { read_border(text, typed.arguments); });
  blur.option({.names = "--light",
               .shape = "LIGHT",
               .topic = "Blurring",
               .brief = fmt::format("Which light is averaged: {}", listed(strings(light_names()))),
               .more = "encoded, the default: the numbers as they stand in the file, as nearly every program does. "
                       "linear: through the curve of the picture's profile to light and back.",
               .shown = true,
               .values = [] { return strings(light_names()); }},
              [&typed](const std::string& text) {
                typed.arguments.options.light = named("--light", text, strings(light_names()), parse_light);
              });
}

void declare_accuracy(Command& blur, Typed& typed) {
  blur.option({.names = "--taps",
               .shape = "TAPS",
               .topic = "Blurring",
               .brief = fmt::format("How the Gaussian meets the grid: {}", listed(strings(taps_names()))),
               .more = "sampled is the default; below sigma 0.8 only discrete delivers the sigma that was asked for.",
               .values = [] { return strings(taps_names()); }},
              [&typed](const std::string& text) {
                typed.arguments.options.taps = named("--taps", text, strings(taps_names()), parse_taps);
              });
  blur.option({.names = "--tolerance",
               .shape = "T",
               .topic = "Blurring",
               .brief = "Largest error relative to the full range",
               .more = "Default: 1/8 of a grey level; for floats 1e-5."},
              [&typed](const std::string& text) {
                typed.arguments.options.tolerance =
                    positive("--tolerance", text, ", relative to the full range", "1e-4");
              });
}

void declare_writing(Command& blur, BlurArguments& arguments) {
  blur.option({.names = "--quality",
               .shape = "Q",
               .topic = "Writing",
               .brief = "1 to 100; default JPEG 95, WebP 90, AVIF HEIC JXL 80",
               .shown = true},
              [&arguments](const std::string& text) {
                arguments.save.quality = static_cast<int>(whole("--quality", text, 1, 100, "90"));
              });
  blur.option({.names = "--compression",
               .shape = "C",
               .topic = "Writing",
               .brief = "As the format has it: 0 to 9, lzw, lossless and others",
               .more = "PNG: 0 to 9 (default 6). TIFF: none, lzw, deflate (default), zstd, packbits, jpeg. WebP, AVIF, "
                       "HEIC, JXL, JP2: lossless, or lossy (default)."},
              [&arguments](const std::string& text) {
                if (text.empty()) refuse("--compression", text, "a compression of OUT's format (--compression lzw)");
                arguments.save.compression = text;
              });
  blur.option({.names = "--depth",
               .shape = "BITS",
               .topic = "Writing",
               .brief = "Bits a sample: 8, 16, or 32 for floats",
               .more = "Default: as the picture has it.",
               .values =
                   [] {
                     return std::vector<std::string>{"8", "16", "32"};
                   }},
              [&arguments](const std::string& text) {
                const auto depth = number<int>(text);
                if (!depth || (*depth != 8 && *depth != 16 && *depth != 32))
                  refuse("--depth", text, "8, 16 or 32 (--depth 16)");
                arguments.save.depth = depth;
              });
  blur.option({.names = "--format",
               .shape = "EXT",
               .topic = "Writing",
               .brief = "What to write to OUT -: png, jpg, tif and others",
               .more = "Default: the format of the input, or PNG where that cannot be written. A file's name says it "
                       "else.",
               .values = [] { return strings(writable_extensions()); }},
              [&arguments](const std::string& text) {
                if (text.empty()) refuse("--format", text, "an extension (--format png)");
                arguments.format = text.starts_with('.') ? text.substr(1) : text;
              });
}

void declare_running(Command& blur, BlurArguments& arguments) {
  blur.flag({.names = "--recursive",
             .shape = "",
             .topic = "Folders",
             .brief = "IN is a folder: its folders, too",
             .shown = true},
            arguments.recursive);
  blur.option({.names = "--jobs",
               .shape = "N",
               .topic = "Folders",
               .brief = "IN is a folder: pictures at once, default one a thread"},
              [&arguments](const std::string& text) {
                arguments.jobs = static_cast<int>(whole("--jobs", text, 1, 4096, "4"));
              });
  blur.option({.names = "--threads",
               .shape = "N",
               .topic = "Folders",
               .brief = "Threads in all, default as many as this process may use",
               .more = "The default heeds GAUSSFILT_NUM_THREADS, OMP_NUM_THREADS and the limits of a container. The "
                       "result does not depend on it."},
              [&arguments](const std::string& text) {
                arguments.options.threads = static_cast<int>(whole("--threads", text, 1, 65536, "2"));
              });
}

void declare_telling(Command& blur, BlurArguments& arguments) {
  blur.option({.names = "--compare",
               .shape = "FILE",
               .topic = "Looking",
               .brief = "Also write before | after, side by side",
               .shown = true,
               .takes = Takes::file},
              [&arguments](const std::string& text) { arguments.compare = file_name("--compare", text); });
  blur.flag({.names = "--show",
             .shape = "",
             .topic = "Looking",
             .brief = "Open the result in the desktop's viewer",
             .more = "With --compare both sides."},
            arguments.show);
  blur.flag(
      {.names = "--explain", .shape = "", .topic = "Looking", .brief = "Say which method, what error bound, what cost"},
      arguments.explain);
  blur.flag({.names = "--json", .shape = "", .topic = "Looking", .brief = "Report as JSON, one object a picture"},
            arguments.json);
  blur.flag({.names = "-q,--quiet",
             .shape = "",
             .topic = "Looking",
             .brief = "Print nothing but errors and what was asked for",
             .shown = true},
            arguments.quiet);
}

BlurArguments settle_blur(Typed& typed) {
  BlurArguments& arguments = typed.arguments;
  for (const auto& [name, text] : {std::pair{"IN", &arguments.in}, std::pair{"OUT", &arguments.out}})
    if (text->empty()) refuse(name, *text, "a file, a folder or -");
  const std::string call = fmt::format("gaussfilt blur {} {}", arguments.in, arguments.out);
  const Settled settled = settle(typed.strength, call);
  arguments.options.sigma = settled.sigma.empty() ? PerAxis<double>(2.0) : PerAxis<double>(settled.sigma);
  arguments.options.radius = PerAxis<std::int64_t>(settled.radius);
  arguments.options.truncate = typed.strength.truncate;
  arguments.strength = settled.told.empty() ? "sigma 2 (Pillow's default, since no --sigma was given)" : settled.told;
  settle_reading(arguments.read);
  settle_regions(typed.regions, arguments, call);
  if (!arguments.format.empty() && arguments.out != "-")
    throw Refusal(
        fmt::format("--format: is for OUT -; of a file the extension says what is written (gaussfilt blur {} "
                    "out.{})",
                    arguments.in, arguments.format));
  return std::move(arguments);
}

}  // namespace

void declare_blur(Declaration& declaration) {
  const auto typed = std::make_shared<Typed>();
  Command& blur = declaration.add(
      {.name = "blur",
       .usage = "IN OUT [OPTIONS]",
       .summary = "Blur a picture, or every picture in a folder",
       .examples = {{"blur photo.jpg soft.jpg --sigma 4", "a picture"},
                    {"blur team.jpg out.jpg -s 12 --region 210,80,96,96", "a part of it"},
                    {"blur holiday/ soft/ --fwhm 5 --recursive", "a folder"}},
       .remarks = {
           "IN is read by its content; the extension of OUT says what is written. OUT appears whole or not at all, and "
           "may be IN. IN - is standard input, OUT - standard output. Where IN is a folder, OUT is one, too: every "
           "picture in it is blurred, names are kept.",
           "Depth, channels, profile, resolution, EXIF and XMP are kept where the format of OUT can hold them; the "
           "orientation is applied; embedded previews are dropped. Colours are weighted by their alpha.",
           "A blurred text or face may still be recognised: to hide something for good, paint over it."}});
  blur.word({.name = "IN", .brief = "The picture to read, a folder, or - for standard input"}, typed->arguments.in);
  blur.word({.name = "OUT", .brief = "The picture to write, a folder, or - for standard output"}, typed->arguments.out);
  declare_strength(blur, typed->strength, 2, ", default 2", ", default uncut");
  declare_accuracy(blur, *typed);
  declare_where(blur, *typed);
  declare_regions(blur, typed->regions, typed->arguments);
  declare_writing(blur, typed->arguments);
  declare_reading(blur, typed->arguments.read, Reads::pixels);
  declare_running(blur, typed->arguments);
  declare_telling(blur, typed->arguments);
  blur.settle = [typed]() -> Request { return settle_blur(*typed); };
}

}  // namespace gaussfilt::cli
