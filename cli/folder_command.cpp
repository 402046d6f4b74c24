// Floor 5. Commands that filter pictures, of a folder: every picture in a folder, several at once, each for itself.
#include "crew.h"
#include "files.h"
#include "filter_command.h"
#include "folder.h"
#include "messages.h"
#include "progress.h"
#include "save_choices.h"

#include <gaussfilt/error.h>

#include <atomic>
#include <filesystem>
#include <map>
#include <mutex>
#include <system_error>

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
  std::atomic<std::size_t> done{0}, failed{0};
  std::mutex mutex;
  std::map<std::string, int> notes;  // how many pictures each was said of

  Batch(const Work& done_to_each, const FileArguments& given) : work(done_to_each), arguments(given) {}
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
  SaveChoices choices(arguments.save);
  for (std::size_t i = 0; i < in.size(); ++i) jobs.push_back({in[i].string(), out[i].string(), choices.fit(out[i]), 0});
  if (!jobs.empty()) choices.check();
  return jobs;
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

void do_all(Batch& batch, const Listing& listing) {
  const FileArguments& arguments = batch.arguments;
  const Crew crew = share_threads(batch.jobs.size(), arguments.jobs, arguments.threads);
  for (Job& job : batch.jobs) job.threads = crew.threads;
  Progress progress(
      [&](double seconds) { return progress_text(batch.done + batch.failed, batch.jobs.size(), seconds); });
  for (const std::string& sentence : listing.unreadable) progress.print(stderr, error_line(sentence));
  work_together(crew.at_once, batch.jobs.size(), [&](std::size_t i) { do_one(batch, batch.jobs[i], progress); });
}

std::string summary(const Batch& batch, const Listing& listing, bool in_place) {
  std::string text = notes_text(batch.notes, "--json tells them all");
  text += fmt::format("{} done{}, {} failed{}", batch.done.load(), in_place ? " in place" : "", batch.failed.load(),
                      others_text(listing.others));
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
