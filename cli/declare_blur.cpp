// Floor 5. `gaussfilt blur` as declared.
#include "filter_options.h"

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

BlurArguments settle_blur(Typed& typed) {
  BlurArguments& arguments = typed.arguments;
  settle_files(arguments, "gaussfilt blur");
  const std::string call = fmt::format("gaussfilt blur {} {}", arguments.in, arguments.out);
  arguments.strength = settle_blurring(typed.strength, call, arguments.options);
  settle_regions(typed.regions, arguments, call);
  return std::move(arguments);
}

}  // namespace

void declare_light(Command& command, BlurOptions& options) {
  command.option({.names = "--light",
                  .shape = "LIGHT",
                  .topic = "Blurring",
                  .brief = fmt::format("Which light is averaged: {}", listed(strings(light_names()))),
                  .more = "encoded, the default: the numbers as they stand in the file, as nearly every program does. "
                          "linear: through the curve of the picture's profile to light and back.",
                  .shown = true,
                  .values = [] { return strings(light_names()); }},
                 [&options](const std::string& text) {
                   options.light = named("--light", text, strings(light_names()), parse_light);
                 });
}

void declare_accuracy(Command& command, BlurOptions& options) {
  command.option(
      {.names = "--taps",
       .shape = "TAPS",
       .topic = "Blurring",
       .brief = fmt::format("How the Gaussian meets the grid: {}", listed(strings(taps_names()))),
       .more = "sampled is the default; below sigma 0.8 only discrete delivers the sigma that was asked for.",
       .values = [] { return strings(taps_names()); }},
      [&options](const std::string& text) { options.taps = named("--taps", text, strings(taps_names()), parse_taps); });
  command.option({.names = "--tolerance",
                  .shape = "T",
                  .topic = "Blurring",
                  .brief = "Largest error relative to the full range",
                  .more = "Default: 1/8 of a grey level; for floats 1e-5."},
                 [&options](const std::string& text) {
                   options.tolerance = positive("--tolerance", text, ", relative to the full range", "1e-4");
                 });
}

std::string settle_blurring(const Strength& strength, std::string_view call, BlurOptions& options) {
  const Settled settled = settle(strength, call);
  options.sigma = settled.sigma.empty() ? PerAxis<double>(2.0) : PerAxis<double>(settled.sigma);
  options.radius = PerAxis<std::int64_t>(settled.radius);
  options.truncate = strength.truncate;
  return settled.told.empty() ? "sigma 2 (Pillow's default, since no --sigma was given)" : settled.told;
}

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
  declare_files(blur, typed->arguments);
  declare_strength(blur, typed->strength, 2, ", default 2", ", default uncut");
  declare_accuracy(blur, typed->arguments.options);
  declare_border(blur, "Blurring", typed->arguments.options.border, typed->arguments.options.cval);
  declare_regions(blur, typed->regions, typed->arguments);
  declare_light(blur, typed->arguments.options);
  declare_file_options(blur, typed->arguments);
  blur.settle = [typed]() -> Request { return settle_blur(*typed); };
}

}  // namespace gaussfilt::cli
