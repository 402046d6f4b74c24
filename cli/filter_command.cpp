// Floor 5. Commands that filter pictures: read, filter, write, say what was done.
#include "filter_command.h"

#include "files.h"
#include "messages.h"
#include "progress.h"
#include "regions.h"
#include "show.h"

#include "faces/threads.h"

#include <gaussfilt/files.h>
#include <gaussfilt/gaussfilt.h>

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace gaussfilt::cli {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

// What can be known before a picture is read. Throws InvalidArgument (the command line is wrong) or IoError.
void check_out(const FileArguments& arguments) {
  if (arguments.out != standard) {
    const fs::path name = arguments.in == standard ? "picture.png" : fs::path(arguments.in).filename();
    if (is_folder(arguments.out))
      throw IoError(fmt::format("{}: is a folder, and {} is a file; name the file to write ({}).", arguments.out,
                                input_name(arguments.in), (fs::path(arguments.out) / name).string()));
    // A folder's name with a slip in it: that OUT has no extension would not help.
    std::error_code error;
    if (!name.has_extension() && !fs::exists(arguments.in, error) && !fs::path(arguments.out).has_extension())
      throw IoError(fmt::format("{}: there is no such file or folder.", arguments.in));
    return check_writable(arguments.out, arguments.save);
  }
  if (!arguments.format.empty() && !can_be_written(arguments.format))
    throw InvalidArgument(
        fmt::format("--format: is '{}', must be one of {}.", arguments.format, fmt::join(writable_extensions(), ", ")));
  if (isatty(STDOUT_FILENO) != 0)
    throw InvalidArgument("OUT is '-', standard output, which is a terminal here; name a file or pipe it on.");
  if (arguments.show && arguments.compare.empty())
    throw InvalidArgument("--show: OUT is '-', so there is no file to show; name one, or add --compare FILE.");
}

// --compare may be of another format, which has other options.
SaveOptions compare_options(const FileArguments& arguments) {
  return extension_of(arguments.compare) == extension_of(arguments.out) ? arguments.save : SaveOptions{};
}

void check_compare(const FileArguments& arguments) {
  if (arguments.compare.empty()) return;
  if (arguments.compare == standard) throw InvalidArgument("--compare: is '-', must be a file (--compare both.png).");
  check_writable(arguments.compare, compare_options(arguments));
  for (const std::string& other : {arguments.in, arguments.out})
    if (same_file(arguments.compare, other))
      throw InvalidArgument(
          fmt::format("--compare: is '{}', must be another file than IN and OUT.", arguments.compare));
}

// The extension that names the format.
std::string format_of(const FileArguments& arguments, const Job& job, const Picture& picture) {
  if (job.out != standard) return extension_of(job.out);
  if (!arguments.format.empty()) return arguments.format;
  return can_be_written(picture.extension()) ? std::string(picture.extension()) : "png";
}

// Whether the pictures that will be written fit their formats: told before the work, with the files' names.
void check_fit(const Picture& picture, const std::string& format, const Job& job) {
  naming(format, output_name(job.out), [&] { check_writable(picture, format, job.save); });
}

void check_compare_fit(const Picture& picture, const FileArguments& arguments) {
  const std::string format = extension_of(arguments.compare);
  const SaveOptions save = compare_options(arguments);
  naming(format, arguments.compare, [&] {
    if (arguments.compare_as != CompareAs::difference) return check_writable(picture, format, save);
    // It is RGB whatever the picture is; as many pages it has.
    check_writable(Picture(Array(DType::u8, {picture.pages(), 1, 1, 3}), Colour::rgb), format, save);
  });
}

std::vector<std::string> write(const Picture& picture, const std::string& format, const Job& job) {
  if (job.out != standard) return picture.save(job.out, job.save);
  std::vector<std::string> notes;
  write_standard_output(picture.encode(format, job.save, &notes));
  return notes;
}

// The bytes of --compare's file: made before anything is written, for it may not fit its format, twice as wide.
std::vector<std::byte> compare(const Picture& before, const Picture& after, const FileArguments& arguments,
                               Report& report) {
  const CompareAs how = arguments.compare_as.value_or(CompareAs::side);
  if (how == CompareAs::difference) report.largest = gaussfilt::compare(before, after, Compared::seen).largest;
  const std::string format = extension_of(arguments.compare);
  return naming(format, arguments.compare,
                [&] { return comparison(before, after, how).encode(format, compare_options(arguments)); });
}

void describe(const Picture& picture, Report& report) {
  report.description = picture.describe();
  report.width = picture.width();
  report.height = picture.height();
  report.pages = picture.pages();
  report.bands = picture.bands();
  report.dtype = picture.dtype();
  report.colour = picture.colour();
  report.alpha = picture.has_alpha();
  report.notes.assign(picture.notes().begin(), picture.notes().end());
}

std::string stage_text(const Stage& stage, const Work& work) {
  const char* name = stage.name;
  return name == work.stage ? fmt::format("{} {:.0f} %", name, 100 * stage.part.load()) : name;
}

int run_file(const Work& work, const FileArguments& arguments) {
  try {
    check_inputs(arguments.read, {&arguments.in, 1});
    check_out(arguments);
    check_compare(arguments);
  } catch (...) {
    return refuse_current_exception(work.command);
  }
  Stage stage;
  stage.watched = isatty(STDERR_FILENO) != 0;
  try {
    std::optional<Progress> progress(std::in_place, [&](double) { return stage_text(stage, work); });
    const Report report =
        filter_picture(work, arguments, {arguments.in, arguments.out, arguments.save, arguments.threads}, stage);
    progress.reset();
    std::FILE* const stream = arguments.out == standard ? stderr : stdout;
    std::fputs(report.explanation.c_str(), arguments.json ? stderr : stream);
    if (arguments.json) std::fputs(report_json(report, arguments, work.verb).c_str(), stream);
    else if (!arguments.quiet) std::fputs(report_text(report, arguments).c_str(), stream);
  } catch (...) {
    return fail(sentence_of_current_exception(input_name(arguments.in)));
  }
  if (arguments.show) {
    const std::string sentence = show(arguments.compare.empty() ? arguments.out : arguments.compare);
    if (!sentence.empty()) fmt::print(stderr, "gaussfilt: the picture is written, but {}.\n", sentence);
  }
  return finish(done);
}

}  // namespace

Report filter_picture(const Work& work, const FileArguments& arguments, const Job& job, Stage& stage) {
  Report report;
  report.in = input_name(job.in);
  report.out = output_name(job.out);
  const auto start = Clock::now();
  Picture picture = load_picture(job.in, arguments.read);
  const auto loaded = Clock::now();
  describe(picture, report);
  const std::string format = format_of(arguments, job, picture);
  check_fit(picture, format, job);
  if (!arguments.compare.empty()) check_compare_fit(picture, arguments);
  const Filter filter = work.prepare(picture, job.threads, report);
  if (!report.explanation.empty() && !report.explanation.ends_with('\n')) report.explanation += '\n';
  std::optional<Picture> before;
  if (!arguments.compare.empty()) before = picture.copy();

  stage.name = work.stage;
  RunOptions run;
  if (stage.watched) run.progress = [&stage](double part) { stage.part = part; };
  const auto prepared = Clock::now();
  filter(picture, run);
  const auto filtered = Clock::now();
  stage.name = "writing";
  const std::vector<std::byte> compared =
      before ? compare(*before, picture, arguments, report) : std::vector<std::byte>{};
  const std::vector<std::string> lost = write(picture, format, job);
  report.notes.insert(report.notes.end(), lost.begin(), lost.end());
  if (before) write_whole(arguments.compare, compared);
  report.read = loaded - start;
  report.filter = filtered - prepared;
  report.write = Clock::now() - filtered;
  return report;
}

int run_work(const Work& work, FileArguments& arguments) {
  if (arguments.threads == 0)
    arguments.threads = faces::thread_limit([](const char* name) { return std::getenv(name); });
  try {
    read_regions(arguments);
    if (is_folder(arguments.in)) return run_folder(work, arguments);
  } catch (...) {
    return refuse_current_exception(work.command);
  }
  return run_file(work, arguments);
}

}  // namespace gaussfilt::cli
