// Floor 5. How files are read: the options that every command on pictures shares.
#include "readers.h"

#include <fmt/format.h>

#include <limits>

namespace gaussfilt::cli {
namespace {

constexpr int most = std::numeric_limits<int>::max();

int count(std::string_view option, const std::string& text, std::string_view example) {
  return static_cast<int>(whole(option, text, 1, most, example));
}

void declare_drawing(Command& command, LoadOptions& options) {
  command.option(
      {.names = "--dpi", .shape = "D", .topic = "Reading", .brief = "SVG and PDF: dots per inch, default 72"},
      [&options](const std::string& text) { options.dpi = positive("--dpi", text, "", "300"); });
  command.option(
      {.names = "--scale", .shape = "S", .topic = "Reading", .brief = "SVG and PDF: times the size at 72 dpi"},
      [&options](const std::string& text) { options.scale = positive("--scale", text, "", "2"); });
  command.option({.names = "--width",
                  .shape = "W",
                  .topic = "Reading",
                  .brief = "SVG and PDF: pixels across",
                  .more = "With --height: the largest that fits both, undistorted."},
                 [&options](const std::string& text) { options.width = count("--width", text, "1024"); });
  command.option({.names = "--height", .shape = "H", .topic = "Reading", .brief = "SVG and PDF: pixels down"},
                 [&options](const std::string& text) { options.height = count("--height", text, "768"); });
}

}  // namespace

void declare_reading(Command& command, ReadArguments& read, Reads reads) {
  LoadOptions& options = read.options;
  command.option({.names = "--page",
                  .shape = "N",
                  .topic = "Reading",
                  .brief = "This page or frame alone, the first is 1",
                  .more = "Without it all of them; of a PDF the first."},
                 [&options](const std::string& text) { options.page = count("--page", text, "1"); });
  declare_drawing(command, options);
  if (reads == Reads::pixels)
    command.flag({.names = "--salvage",
                  .shape = "",
                  .topic = "Reading",
                  .brief = "Take what a damaged or truncated file still gives",
                  .more = "Without it such a file is refused."},
                 options.salvage);
  command.option({.names = "--allow-loader",
                  .shape = "NAME",
                  .topic = "Reading",
                  .brief = "Read a kind of file that libvips holds unsafe",
                  .more = "pdf, jxl, ppm and others; for files that you trust.",
                  .repeatable = true},
                 [&read](const std::string& text) {
                   if (text.empty()) refuse("--allow-loader", text, "the name of a loader (--allow-loader pdf)");
                   read.allow_loaders.push_back(text);
                 });
  command.option({.names = "--max-pixels",
                  .shape = "N",
                  .topic = "Reading",
                  .brief = fmt::format("Refuse larger pictures unread, default {}", LoadOptions{}.max_pixels),
                  .more = "Counts the pixels of all pages."},
                 [&options](const std::string& text) {
                   options.max_pixels =
                       whole("--max-pixels", text, 1, std::numeric_limits<std::int64_t>::max(), "100000000");
                 });
  command.option({.names = "--max-pages",
                  .shape = "N",
                  .topic = "Reading",
                  .brief = fmt::format("Refuse more pages or frames, default {}", LoadOptions{}.max_pages)},
                 [&options](const std::string& text) { options.max_pages = count("--max-pages", text, "100"); });
}

void settle_reading(const ReadArguments& read) {
  const LoadOptions& options = read.options;
  const bool box = options.width || options.height;
  const auto refuse_pair = [](std::string_view a, std::string_view b, const std::string& call) {
    throw Refusal(
        fmt::format("{}: does not go with {}, both say how large a drawing becomes; leave one out ({})", a, b, call));
  };
  if (options.dpi && options.scale) refuse_pair("--scale", "--dpi", fmt::format("--dpi {}", *options.dpi));
  if (options.dpi && box)
    refuse_pair(options.width ? "--width" : "--height", "--dpi", fmt::format("--dpi {}", *options.dpi));
  if (options.scale && box)
    refuse_pair(options.width ? "--width" : "--height", "--scale", fmt::format("--scale {}", *options.scale));
}

}  // namespace gaussfilt::cli
