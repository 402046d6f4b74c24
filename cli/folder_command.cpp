// Floor 5. Commands that filter pictures, of a folder: every picture in a folder, several at once, each for itself.
#include "files.h"
#include "filter_command.h"
#include "folder.h"
#include "messages.h"
#include "progress.h"

#include <gaussfilt/error.h>

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

#include <fmt/format.h>

namespace gaussfilt::cli {
namespace {

namespace fs = std::filesystem;

void check_arguments(const FileArguments& arguments) {
  const auto refuse = [&](const char* option, const char* why) {
    throw InvalidArgument(fmt::format("{}: {} is a folder; {}.", option, arguments.in, why));
  };
  if (arguments.out == standard) refuse("OUT is '-', standard output", "name a folder to write to");
  if (!arguments.compare.empty()) refuse("--compare", "it goes with one picture");
  if (arguments.show) refuse("--show", "it goes with one picture");
  std::error_code error;
  if (fs::exists(arguments.out, error) && !is_folder(arguments.out))
    throw InvalidArgument(fmt::format("OUT: {} is a file, must be a folder as IN is one.", arguments.out));
}

// What is to be done, and how it went.
struct Batch {
  const Work& work;
  const FileArguments& arguments;
  std::vector<Job> jobs;
  std::atomic<std::size_t> next{0}, done{0}, failed{0};
  std::mutex mutex;
  std::map<std::string, int> notes;  // how many pictures each was said of

  Batch(const Work& done_to_each, const FileArguments& given) : work(done_to_each), arguments(given) {}
};

// The save options that were given, each by itself: in a folder of several formats each goes to the pictures whose
// format has it.
class Choices {
 public:
  explicit Choices(const SaveOptions& save) {
    if (save.quality) choices_.push_back({.only = {.quality = save.quality, .compression = {}, .depth = {}}});
    if (!save.compression.empty())
      choices_.push_back({.only = {.quality = {}, .compression = save.compression, .depth = {}}});
    if (save.depth) choices_.push_back({.only = {.quality = {}, .compression = {}, .depth = save.depth}});
  }

  // Those that fit the file's format.
  SaveOptions fit(const fs::path& out) {
    SaveOptions save;
    for (Choice& choice : choices_) {
      try {
        check_writable(out, choice.only);
      } catch (const InvalidArgument& error) {
        choice.refusal = error.what();
        continue;
      } catch (const IoError&) {
        // The folder is still to be made; a file that cannot be written is told when its turn comes.
      }
      choice.fits = true;
      if (choice.only.quality) save.quality = choice.only.quality;
      if (!choice.only.compression.empty()) save.compression = choice.only.compression;
      if (choice.only.depth) save.depth = choice.only.depth;
    }
    return save;
  }

  // Throws InvalidArgument where an option fitted none.
  void check() const {
    for (const Choice& choice : choices_)
      if (!choice.fits) throw InvalidArgument(choice.refusal);
  }

 private:
  struct Choice {
    SaveOptions only;
    bool fits = false;
    std::string refusal = {};
  };
  std::vector<Choice> choices_;
};

// The jobs, in the order of their names. Throws InvalidArgument where they cannot all be done as asked.
std::vector<Job> plan_jobs(const FileArguments& arguments, const Listing& listing) {
  std::vector<fs::path> in, out;
  for (const fs::path& picture : listing.pictures) {
    in.push_back(fs::path(arguments.in) / picture);
    out.push_back(fs::path(arguments.out) / output_of(picture));
  }
  check_apart(in, out);
  std::vector<Job> jobs;
  Choices choices(arguments.save);
  for (std::size_t i = 0; i < in.size(); ++i) jobs.push_back({in[i].string(), out[i].string(), choices.fit(out[i]), 0});
  if (!jobs.empty()) choices.check();
  return jobs;
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw IoError(fmt::format("{}: cannot be made: {}.", folder.string(), error.message()));
}

void make_out_folder(const std::string& folder) {
  make_folder(folder);
  if (access(folder.c_str(), W_OK | X_OK) != 0)
    throw IoError(fmt::format("{}: cannot be written: {}.", folder, std::generic_category().message(errno)));
}

// How many pictures at once, and how many threads for each.
int share_threads(Batch& batch) {
  const int asked = batch.arguments.threads;
  const int threads = asked > 0 ? asked : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  const auto most = static_cast<int>(std::min<std::size_t>(batch.jobs.size(), 1024));
  const int at_once = std::clamp(batch.arguments.jobs > 0 ? batch.arguments.jobs : threads, 1, std::max(most, 1));
  for (Job& job : batch.jobs) job.threads = std::max(1, threads / at_once);
  return at_once;
}

void do_one(Batch& batch, const Job& job, Progress& progress) {
  const FileArguments& arguments = batch.arguments;
  try {
    Stage stage;
    make_folder(fs::path(job.out).parent_path());
    const Report report = filter_picture(batch.work, arguments, job, stage);
    const std::scoped_lock lock(batch.mutex);
    for (const std::string& note : report.notes) ++batch.notes[note];
    if (arguments.explain)
      progress.print(arguments.json ? stderr : stdout, printable(job.in) + ":\n" + report.explanation);
    if (arguments.json) progress.print(stdout, report_json(report, arguments, batch.work.verb));
    ++batch.done;
  } catch (...) {
    const std::string sentence = sentence_of_current_exception(job.in);
    progress.print(stderr, error_line(sentence));
    ++batch.failed;
  }
}

std::string progress_text(const Batch& batch, double seconds) {
  const std::size_t finished = batch.done + batch.failed;
  std::string text = fmt::format("{} of {}", finished, batch.jobs.size());
  if (finished == 0) return text;
  const double rate = static_cast<double>(finished) / seconds;
  return text + fmt::format(", {:.{}f} a second, {}", rate, rate < 10 ? 1 : 0,
                            time_left(static_cast<double>(batch.jobs.size() - finished) / rate));
}

void do_all(Batch& batch, const Listing& listing) {
  Progress progress([&](double seconds) { return progress_text(batch, seconds); });
  for (const std::string& sentence : listing.unreadable) progress.print(stderr, error_line(sentence));
  const auto work = [&] {
    for (std::size_t i = batch.next++; i < batch.jobs.size(); i = batch.next++) do_one(batch, batch.jobs[i], progress);
  };
  std::vector<std::jthread> helpers;
  try {
    for (int i = 1, at_once = share_threads(batch); i < at_once; ++i) helpers.emplace_back(work);
  } catch (const std::system_error&) {
    // No more threads to be had: those that there are do it all.
  }
  work();
}

std::string others_text(const Listing& listing) {
  const std::size_t count = listing.others.size();
  if (count == 0) return "";
  std::string text = fmt::format(", {} other file{} left out: ", count, count == 1 ? "" : "s");
  for (std::size_t i = 0; i < std::min<std::size_t>(count, 3); ++i)
    text += (i == 0 ? "" : ", ") + listing.others[i].string();
  return count > 3 ? text + fmt::format(" and {} more", count - 3) : text;
}

std::string summary(const Batch& batch, const Listing& listing, bool in_place) {
  constexpr std::size_t most = 5;
  std::string text;
  std::size_t told = 0;
  for (const auto& [note, count] : batch.notes)
    if (told++ < most) text += fmt::format("  {} picture{}: {}.\n", count, count == 1 ? "" : "s", note);
  if (told > most) text += fmt::format("  {} more notes; --json tells them all.\n", told - most);
  text += fmt::format("{} done{}, {} failed{}", batch.done.load(), in_place ? " in place" : "", batch.failed.load(),
                      others_text(listing));
  if (listing.folders > 0)
    text +=
        fmt::format("; {} folder{} not entered (--recursive does)", listing.folders, listing.folders == 1 ? "" : "s");
  return printable(text + "\n");
}

}  // namespace

int run_folder(const Work& work, const FileArguments& arguments) {
  check_inputs(arguments.read, {});
  check_arguments(arguments);
  const Listing listing = list_pictures(arguments.in, arguments.out, arguments.recursive);
  Batch batch(work, arguments);
  batch.jobs = plan_jobs(arguments, listing);
  if (!batch.jobs.empty()) make_out_folder(arguments.out);
  do_all(batch, listing);
  batch.failed += listing.unreadable.size();
  if (!arguments.quiet)
    std::fputs(summary(batch, listing, same_file(arguments.in, arguments.out)).c_str(),
               arguments.json ? stderr : stdout);
  return finish(batch.failed == 0 ? done : failed);
}

}  // namespace gaussfilt::cli
