// Floor 5. From files to files: the options that every command that filters pictures shares.
#include "readers.h"

#include <gaussfilt/pictures.h>

#include <fmt/format.h>

namespace gaussfilt::cli {
namespace {

void declare_writing(Command& command, FileArguments& arguments) {
  command.option({.names = "--quality",
                  .shape = "Q",
                  .topic = "Writing",
                  .brief = "1 to 100; default JPEG 95, WebP 90, AVIF HEIC JXL 80",
                  .shown = true},
                 [&arguments](const std::string& text) {
                   arguments.save.quality = static_cast<int>(whole("--quality", text, 1, 100, "90"));
                 });
  command.option(
      {.names = "--compression",
       .shape = "C",
       .topic = "Writing",
       .brief = "As the format has it: 0 to 9, lzw, lossless and others",
       .more = "PNG: 0 to 9 (default 4). TIFF: none, lzw, deflate (default), zstd, packbits, jpeg. WebP, AVIF, "
               "HEIC, JXL, JP2: lossless, or lossy (default)."},
      [&arguments](const std::string& text) {
        if (text.empty()) refuse("--compression", text, "a compression of OUT's format (--compression lzw)");
        arguments.save.compression = text;
      });
  command.option({.names = "--depth",
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
  command.option(
      {.names = "--format",
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

void declare_running(Command& command, FileArguments& arguments) {
  command.flag({.names = "--recursive",
                .shape = "",
                .topic = "Folders",
                .brief = "IN is a folder: its folders, too",
                .shown = true},
               arguments.recursive);
  command.option({.names = "--jobs",
                  .shape = "N",
                  .topic = "Folders",
                  .brief = "IN is a folder: pictures at once, default one a thread"},
                 [&arguments](const std::string& text) {
                   arguments.jobs = static_cast<int>(whole("--jobs", text, 1, 4096, "4"));
                 });
  declare_threads(command, "Folders", "Threads in all, default as many as this process may use", arguments.threads);
}

void declare_telling(Command& command, FileArguments& arguments) {
  command.option({.names = "--compare",
                  .shape = "FILE",
                  .topic = "Looking",
                  .brief = "Also write before | after, side by side",
                  .shown = true,
                  .takes = Takes::file},
                 [&arguments](const std::string& text) { arguments.compare = file_name("--compare", text); });
  command.option({.names = "--compare-as",
                  .shape = "HOW",
                  .topic = "Looking",
                  .brief = fmt::format("What --compare writes: {}", listed(strings(compare_as_names()))),
                  .more = "side, the default: before | after. split: one picture, its left half before, its right half "
                          "after. difference: black where nothing differs, then blue, red and yellow to white, the "
                          "largest.",
                  .values = [] { return strings(compare_as_names()); }},
                 [&arguments](const std::string& text) {
                   arguments.compare_as = named("--compare-as", text, strings(compare_as_names()), parse_compare_as);
                 });
  command.flag({.names = "--show",
                .shape = "",
                .topic = "Looking",
                .brief = "Open the result in the desktop's viewer",
                .more = "With --compare that file."},
               arguments.show);
  command.flag(
      {.names = "--explain", .shape = "", .topic = "Looking", .brief = "Say which method, what error bound, what cost"},
      arguments.explain);
  command.flag({.names = "--json", .shape = "", .topic = "Looking", .brief = "Report as JSON, one object a picture"},
               arguments.json);
  command.flag({.names = "-q,--quiet",
                .shape = "",
                .topic = "Looking",
                .brief = "Print nothing but errors and what was asked for",
                .shown = true},
               arguments.quiet);
}

}  // namespace

void declare_files(Command& command, FileArguments& arguments) {
  command.word({.name = "IN", .brief = "The picture to read, a folder, or - for standard input"}, arguments.in);
  command.word({.name = "OUT", .brief = "The picture to write, a folder, or - for standard output"}, arguments.out);
}

void declare_file_options(Command& command, FileArguments& arguments) {
  declare_writing(command, arguments);
  declare_reading(command, arguments.read, Reads::pixels);
  declare_running(command, arguments);
  declare_telling(command, arguments);
}

void settle_files(const FileArguments& arguments, std::string_view command) {
  for (const auto& [name, text] : {std::pair{"IN", &arguments.in}, std::pair{"OUT", &arguments.out}})
    if (text->empty()) refuse(name, *text, "a file, a folder or -");
  settle_reading(arguments.read);
  if (arguments.compare_as && arguments.compare.empty())
    throw Refusal(
        fmt::format("--compare-as: says how and needs --compare, which says where ({} {} {} --compare both.png "
                    "--compare-as {})",
                    command, arguments.in, arguments.out, name(*arguments.compare_as)));
  if (!arguments.format.empty() && arguments.out != "-")
    throw Refusal(fmt::format("--format: is for OUT -; of a file the extension says what is written ({} {} out.{})",
                              command, arguments.in, arguments.format));
}

void declare_threads(Command& command, const std::string& topic, const std::string& brief, int& threads) {
  command.option(
      {.names = "--threads",
       .shape = "N",
       .topic = topic,
       .brief = brief,
       .more = "The default heeds GAUSSFILT_NUM_THREADS, OMP_NUM_THREADS and the limits of a container. The "
               "result does not depend on it."},
      [&threads](const std::string& text) { threads = static_cast<int>(whole("--threads", text, 1, 65536, "2")); });
}

}  // namespace gaussfilt::cli
