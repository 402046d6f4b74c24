// Floor 5. `gaussfilt info` and `gaussfilt compare`: what pictures are, and how two of them differ.
#include "commands.h"
#include "files.h"
#include "messages.h"

#include <gaussfilt/error.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace gaussfilt::cli {
namespace {

using nlohmann::ordered_json;

void put_line(const ordered_json& value) {
  const std::string text = value.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
  std::fputs(text.c_str(), stdout);
}

// ---- info ----

// As Picture::describe has it.
std::string colour_text(const PictureInfo& info) {
  if (info.colour == Colour::bands) return fmt::format("{} bands", info.bands);
  if (info.colour == Colour::rgb && info.alpha) return "RGBA";
  return std::string(name(info.colour)) + (info.alpha ? "+alpha" : "");
}

std::string depth_text(DType dtype) {
  const std::size_t bits = 8 * size_of(dtype);
  return fmt::format("{} bit{}", bits, is_floating(dtype) ? " float" : is_unsigned(dtype) ? "" : " signed");
}

std::string pages_text(const PictureInfo& info) {
  if (info.delays.empty()) return info.pages == 1 ? "" : fmt::format(", {} pages", info.pages);
  const std::vector<int>& delays = info.delays;
  const bool even = std::all_of(delays.begin(), delays.end(), [&](int delay) { return delay == delays.front(); });
  std::string text = fmt::format(", {} frame{}", info.pages, info.pages == 1 ? "" : "s");
  text += even ? fmt::format(" of {} ms", delays.front())
               : fmt::format(" in {:.3g} s", std::accumulate(delays.begin(), delays.end(), 0.0) / 1000);
  if (!info.loop) return text;
  return text + (*info.loop == 0   ? std::string(", for ever")
                 : *info.loop == 1 ? std::string(", once")
                                   : fmt::format(", {} times", *info.loop));
}

std::string resolution_text(const PictureInfo& info) {
  if (info.x_dpi <= 0 || info.y_dpi <= 0) return "";
  const std::string x = fmt::format("{:.4g}", info.x_dpi), y = fmt::format("{:.4g}", info.y_dpi);
  return x == y ? fmt::format(", {} dpi", x) : fmt::format(", {} x {} dpi", x, y);
}

// "JPEG, 4000 x 3000 RGB 8 bit, 300 dpi, profile 'sRGB'; EXIF XMP; orientation 6 (shown turned); holds a preview".
std::string info_text(const PictureInfo& info) {
  std::string text = fmt::format("{}, {} x {} {} {}{}{}", info.format, info.width, info.height, colour_text(info),
                                 depth_text(info.dtype), pages_text(info), resolution_text(info));
  if (!info.profile.empty()) text += fmt::format(", profile '{}'", info.profile);
  if (!info.metadata.empty()) text += fmt::format("; {}", fmt::join(info.metadata, " "));
  if (info.orientation != 1) {
    constexpr std::array how = {"mirrored", "upside down", "mirrored", "mirrored", "turned", "mirrored", "turned"};
    const auto which = static_cast<std::size_t>(std::clamp(info.orientation, 2, 8) - 2);
    text += fmt::format("; orientation {} (shown {})", info.orientation, how[which]);
  }
  if (info.preview) text += "; holds a preview";
  return text;
}

ordered_json info_json(const std::string& file, const PictureInfo& info) {
  const auto known = [](double dpi) { return dpi > 0 ? ordered_json(dpi) : ordered_json(nullptr); };
  return {{"file", file},
          {"format", info.format},
          {"width", info.width},
          {"height", info.height},
          {"pages", info.pages},
          {"bands", info.bands},
          {"dtype", name(info.dtype)},
          {"colour", name(info.colour)},
          {"alpha", info.alpha},
          {"orientation", info.orientation},
          {"x_dpi", known(info.x_dpi)},
          {"y_dpi", known(info.y_dpi)},
          {"profile", info.profile.empty() ? ordered_json(nullptr) : ordered_json(info.profile)},
          {"delays", info.delays},
          {"loop", info.loop ? ordered_json(*info.loop) : ordered_json(nullptr)},
          {"metadata", info.metadata},
          {"preview", info.preview},
          {"notes", info.notes}};
}

void put_info(const std::string& file, const PictureInfo& info, std::size_t column) {
  const std::string text = fmt::format("{:<{}}  {}\n", printable(file), column, info_text(info));
  std::fputs(printable(text).c_str(), stdout);
  for (const std::string& note : info.notes) std::fputs(printable(fmt::format("  {}.\n", note)).c_str(), stdout);
}

// The width of the names, so that what follows stands below each other; a very long name has its line to itself.
std::size_t name_column(const std::vector<std::string>& files) {
  std::size_t column = 0;
  for (const std::string& file : files) column = std::max(column, input_name(file).size());
  return std::min<std::size_t>(column, 40);
}

// ---- compare ----

double percent(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : 100 * static_cast<double>(part) / static_cast<double>(whole);
}

std::int64_t pixel_count(const Picture& picture) { return picture.width() * picture.height() * picture.pages(); }

int colour_bands(const Picture& picture) { return picture.bands() - (picture.has_alpha() ? 1 : 0); }

// The bands that are compared are those of the picture that has more.
std::string band_text(const Picture& a, const Picture& b, int band) {
  const Picture& picture = colour_bands(b) > colour_bands(a) ? b : a;
  if (band == colour_bands(picture) && picture.colour() != Colour::bands) return "alpha";
  constexpr std::array rgb = {"red", "green", "blue"};
  constexpr std::array cmyk = {"cyan", "magenta", "yellow", "black"};
  const auto index = static_cast<std::size_t>(std::max(band, 0));
  if (picture.colour() == Colour::rgb && index < rgb.size()) return rgb[index];
  if (picture.colour() == Colour::cmyk && index < cmyk.size()) return cmyk[index];
  return picture.colour() == Colour::grey ? "grey" : fmt::format("band {}", band);
}

std::string difference_text(const Picture& a, const Picture& b, const Difference& difference) {
  if (difference.differing == 0) return "identical\n";
  const char* unit = is_floating(a.dtype()) ? "" : difference.largest == 1 ? " level" : " levels";
  std::string where = fmt::format("{} at {},{}", band_text(a, b, difference.band), difference.x, difference.y);
  if (a.pages() > 1) where += fmt::format(" of page {}", difference.page + 1);
  std::string text = fmt::format("largest    {:.6g}{}, {}\n", difference.largest, unit, where);
  text += fmt::format("mean       {:.6g}{}\n", difference.mean, is_floating(a.dtype()) ? "" : " levels");
  text += fmt::format("PSNR       {:.2f} dB\n", difference.psnr);
  return text + fmt::format("differing  {} of {} pixels ({:.3g} %)\n", difference.differing, pixel_count(a),
                            percent(difference.differing, pixel_count(a)));
}

ordered_json difference_json(const CompareArguments& arguments, const Picture& a, const Difference& difference) {
  const bool finite = std::isfinite(difference.psnr);
  ordered_json result = {{"a", input_name(arguments.a)},
                         {"b", input_name(arguments.b)},
                         {"identical", difference.differing == 0},
                         {"largest", difference.largest},
                         {"mean", difference.mean},
                         {"psnr", finite ? ordered_json(difference.psnr) : ordered_json(nullptr)},
                         {"differing", difference.differing},
                         {"pixels", pixel_count(a)}};
  if (difference.differing > 0)
    result["where"] = {
        {"x", difference.x}, {"y", difference.y}, {"band", difference.band}, {"page", difference.page + 1}};
  if (!arguments.heatmap.empty()) result["heatmap"] = arguments.heatmap;
  return result;
}

void check_heatmap(const CompareArguments& arguments) {
  if (arguments.heatmap.empty()) return;
  check_writable(arguments.heatmap);
  for (const std::string& other : {arguments.a, arguments.b})
    if (same_file(arguments.heatmap, other))
      throw InvalidArgument(
          fmt::format("--heatmap: is '{}', must be another file than the two that are compared.", arguments.heatmap));
}

}  // namespace

int run_info(const InfoArguments& arguments) {
  try {
    check_inputs(arguments.read, arguments.files);
  } catch (...) {
    return refuse_current_exception("gaussfilt info");
  }
  int code = done;
  const std::size_t column = name_column(arguments.files);
  for (const std::string& file : arguments.files) {
    try {
      const PictureInfo info = inspect_picture(file, arguments.read);
      if (arguments.json) put_line(info_json(input_name(file), info));
      else put_info(input_name(file), info, column);
    } catch (...) {
      std::fflush(stdout);  // in the order of the files where both go to one place
      code = fail(sentence_of_current_exception(input_name(file)));
    }
  }
  return finish(code);
}

int run_compare(const CompareArguments& arguments) {
  try {
    check_inputs(arguments.read, std::array{arguments.a, arguments.b});
    check_heatmap(arguments);
  } catch (...) {
    return refuse_current_exception("gaussfilt compare");
  }
  std::string subject = input_name(arguments.a);
  try {
    const Picture a = load_picture(arguments.a, arguments.read);
    subject = input_name(arguments.b);
    const Picture b = load_picture(arguments.b, arguments.read);
    subject = fmt::format("{} and {}", input_name(arguments.a), subject);
    const Difference difference = compare(a, b);
    if (!arguments.heatmap.empty()) heatmap(a, b).save(arguments.heatmap);
    if (arguments.json) put_line(difference_json(arguments, a, difference));
    else std::fputs(difference_text(a, b, difference).c_str(), stdout);
  } catch (...) {
    return fail(sentence_of_current_exception(subject));
  }
  return finish(done);
}

}  // namespace gaussfilt::cli
