// Floor 5. `gaussfilt apply`: every filter of a recipe on every picture, and the proof of it.
#include "commands.h"
#include "crew.h"
#include "files.h"
#include "manifest.h"
#include "messages.h"
#include "plan_facts.h"
#include "progress.h"
#include "recipe_file.h"
#include "workload.h"

#include "faces/threads.h"

#include <gaussfilt/files.h>
#include <gaussfilt/gaussfilt.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <set>
#include <system_error>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace gaussfilt::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

// What is to be done, and how it goes.
struct Batch {
  const ApplyArguments& arguments;
  const Recipe& recipe;
  const Workload& load;
  Proofs proofs = {};
  Journal* journal = nullptr;
  int threads = 1;                                     // for a picture
  std::vector<std::vector<std::string>> records = {};  // of each work's tasks
  std::size_t count = 0;
  std::atomic<std::size_t> done{0}, skipped{0}, failed{0};
  std::mutex mutex = {};
  std::map<std::string, int> notes = {};  // how many pictures each was said of
};

std::string dumped(const ordered_json& value) {
  // A file's name may be any bytes; JSON is UTF-8.
  return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

double milliseconds(Clock::duration time) {
  return static_cast<double>(std::chrono::duration_cast<std::chrono::microseconds>(time).count()) / 1e3;
}

std::string hash_of(const fs::path& file) {
  std::error_code error;
  if (!fs::is_regular_file(file, error))
    throw IoError(fs::exists(file, error) ? fmt::format("{}: is no regular file.", file.string())
                                          : fmt::format("{}: there is no such file or folder.", file.string()));
  return sha256(file);
}

// The record of an earlier run that proves that this output is there already.
const std::string* proof_of(const Batch& batch, const Input& input, const Task& task, const std::string& input_sha256) {
  const auto found = batch.proofs.find(task.name);
  if (found == batch.proofs.end() || found->second.fingerprint != task.fingerprint) return nullptr;
  const Proof& proof = found->second;
  std::error_code error;
  if (!fs::is_regular_file(task.out, error)) return nullptr;
  // Done in place, the input is the output.
  const bool in_place = resolved(input.in) == resolved(task.out);
  if (!in_place && proof.input_sha256 != input_sha256) return nullptr;
  return proof.output_sha256 == (in_place ? input_sha256 : hash_of(task.out)) ? &proof.record : nullptr;
}

ordered_json head(const Batch& batch, const Input& input, const Task& task) {
  return {{"input", input.in.string()}, {"output", task.name}, {"filter", batch.recipe.filters[task.filter].name}};
}

// What is known of an input once it is read.
struct Read {
  std::string sha256;
  Clock::duration time{};
  std::vector<std::string> notes;
};

ordered_json steps_json(const Batch& batch, const NamedFilter& filter, const Picture& picture) {
  ordered_json steps = ordered_json::array();
  const std::vector<std::optional<Plan>> plans = plan_filter(picture, filter, batch.threads);
  for (std::size_t i = 0; i < plans.size(); ++i) {
    ordered_json step = ordered_json::parse(to_json(filter.steps[i]));
    if (plans[i]) step.update(plan_facts(*plans[i]));
    steps.push_back(std::move(step));
  }
  return steps;
}

// The record, which the journal has before the file is there: a file without a record would be done twice in place,
// a record without its file proves nothing and does no harm.
std::string do_task(Batch& batch, const Input& input, const Task& task, Picture picture, const Read& read) {
  const NamedFilter& filter = batch.recipe.filters[task.filter];
  const std::string extension = extension_of(task.out);
  naming(extension, task.out.string(), [&] { check_writable(picture, extension, task.save); });
  ordered_json record = head(batch, input, task);
  ordered_json steps = steps_json(batch, filter, picture);
  const auto start = Clock::now();
  apply(picture, filter, batch.threads);
  const auto filtered = Clock::now();
  std::vector<std::string> notes = read.notes;
  const std::vector<std::byte> bytes =
      naming(extension, task.out.string(), [&] { return picture.encode(extension, task.save, &notes); });
  record["input_sha256"] = read.sha256;
  record["output_sha256"] = sha256(bytes);
  record["fingerprint"] = task.fingerprint;
  record["picture"] = picture.describe();
  record["steps"] = std::move(steps);
  record["milliseconds"] = {{"read", milliseconds(read.time)},
                            {"filter", milliseconds(filtered - start)},
                            {"encode", milliseconds(Clock::now() - filtered)}};
  record["notes"] = notes;
  std::string text = dumped(record);
  make_folder(task.out.parent_path().empty() ? fs::path(".") : task.out.parent_path());
  batch.journal->add(text);
  std::error_code error;
  // What would be lost with the power is proven missing by the manifest; a file that is replaced must not be.
  write_whole(task.out, bytes, fs::exists(task.out, error) ? Sync::now : Sync::later);
  const std::scoped_lock lock(batch.mutex);
  for (const std::string& note : notes) ++batch.notes[note];
  return text;
}

void fail_task(Batch& batch, const Input& input, const Task& task, std::string& record, const std::string& sentence) {
  ordered_json failure = head(batch, input, task);
  failure["error"] = printable(sentence);
  record = dumped(failure);
  ++batch.failed;
  try {
    batch.journal->add(record);
  } catch (const IoError&) {
    // The disk is full, say: without a record the output is not proven either.
  }
}

void do_input(Batch& batch, std::size_t index, Progress& progress) {
  const Input& input = batch.load.inputs[index];
  std::vector<std::string>& records = batch.records[index];
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < input.tasks.size(); ++i) left.push_back(i);
  try {
    Read read{.sha256 = hash_of(input.in), .time = {}, .notes = {}};
    std::erase_if(left, [&](std::size_t i) {
      const std::string* proof = proof_of(batch, input, input.tasks[i], read.sha256);
      if (proof != nullptr) records[i] = *proof;
      return proof != nullptr;
    });
    batch.skipped += input.tasks.size() - left.size();
    if (left.empty()) return;
    const auto start = Clock::now();
    Picture picture = Picture::load(input.in, batch.arguments.read.options);
    read.time = Clock::now() - start;
    read.notes.assign(picture.notes().begin(), picture.notes().end());
    while (!left.empty()) {
      const Task& task = input.tasks[left.front()];
      const bool last = left.size() == 1;
      try {
        records[left.front()] = do_task(batch, input, task, last ? std::move(picture) : picture.copy(), read);
        ++batch.done;
      } catch (...) {
        const std::string subject =
            fmt::format("{} by '{}'", input.in.string(), batch.recipe.filters[task.filter].name);
        const std::string sentence = sentence_of_current_exception(subject);
        progress.print(stderr, error_line(sentence));
        fail_task(batch, input, task, records[left.front()], sentence);
      }
      left.erase(left.begin());
    }
  } catch (...) {
    const std::string sentence = sentence_of_current_exception(input.in.string());
    progress.print(stderr, error_line(sentence));
    for (const std::size_t i : left) fail_task(batch, input, input.tasks[i], records[i], sentence);
  }
}

void do_all(Batch& batch) {
  const Crew crew = share_threads(batch.load.inputs.size(), batch.arguments.jobs, batch.arguments.threads);
  batch.threads = crew.threads;
  Progress progress([&](double seconds) {
    const std::size_t worked = batch.done + batch.failed;
    return progress_text(worked, batch.count - batch.skipped, seconds);
  });
  for (const std::string& sentence : batch.load.unreadable) progress.print(stderr, error_line(sentence));
  work_together(crew.at_once, batch.load.inputs.size(), [&](std::size_t i) { do_input(batch, i, progress); });
}

// Whole and at once, the results in the order of the inputs.
void write_manifest(const Batch& batch) {
  std::string text = fmt::format("{{\"gaussfilt\": \"{}\",\n \"recipe\": {},\n \"pattern\": {},\n", version(),
                                 to_json(batch.recipe), dumped(batch.arguments.pattern));
  text += fmt::format(" \"done\": {}, \"skipped\": {}, \"failed\": {},\n \"results\": [", batch.done.load(),
                      batch.skipped.load(), batch.failed.load());
  const char* before = "\n  ";
  for (const std::vector<std::string>& records : batch.records)
    for (const std::string& record : records) {
      text += before + record;
      before = ",\n  ";
    }
  text += "\n ]}\n";
  write_whole(manifest_file(batch.arguments), std::as_bytes(std::span(text)));
}

std::string summary(const Batch& batch) {
  std::string text = notes_text(batch.notes, "the manifest has them all");
  text += fmt::format("{} done", batch.done.load());
  if (batch.arguments.resume) text += fmt::format(", {} done before", batch.skipped.load());
  text +=
      fmt::format(", {} failed{}", batch.failed.load() + batch.load.unreadable.size(), others_text(batch.load.others));
  const int folders = batch.load.folders;
  if (folders > 0)
    text += fmt::format("; {} folder{} not entered (--recursive does)", folders, folders == 1 ? "" : "s");
  return printable(text + "\n");
}

// What would be done, and nothing else.
void tell(Batch& batch) {
  for (const std::string& sentence : batch.load.unreadable) fail(sentence);
  for (const Input& input : batch.load.inputs) {
    std::string input_sha256;
    try {
      input_sha256 = hash_of(input.in);
    } catch (const IoError& error) {
      fail(error.what());
      batch.failed += input.tasks.size();
      continue;
    }
    for (const Task& task : input.tasks) {
      const bool there = proof_of(batch, input, task, input_sha256) != nullptr;
      ++(there ? batch.skipped : batch.done);
      std::fputs(printable(fmt::format("{} -> {}  {}{}\n", input.in.string(), task.out.string(),
                                       batch.recipe.filters[task.filter].name, there ? ", done before" : ""))
                     .c_str(),
                 stdout);
    }
  }
  std::fputs(
      printable(fmt::format("{} to do, {} done before, {} cannot be read{}\n", batch.done.load(), batch.skipped.load(),
                            batch.failed.load() + batch.load.unreadable.size(), others_text(batch.load.others)))
          .c_str(),
      stdout);
}

// Throws only what is wrong before the work begins.
void do_batch(Batch& batch) {
  const fs::path manifest = manifest_file(batch.arguments);
  if (!batch.load.root.empty()) make_out_folder(batch.load.root);
  if (batch.arguments.resume) {
    std::set<fs::path> folders;
    for (const Input& input : batch.load.inputs)
      for (const Task& task : input.tasks) folders.insert(task.out.parent_path());
    for (const fs::path& folder : folders) remove_abandoned_files(folder.empty() ? fs::path(".") : folder);
  }
  Journal journal(journal_file(manifest), batch.arguments.resume);
  if (batch.arguments.resume) batch.proofs = read_proofs(manifest);
  batch.journal = &journal;
  do_all(batch);
  sync_folder(batch.load.root.empty() ? fs::path(".") : batch.load.root);
  write_manifest(batch);
  journal.remove();
}

void check(const ApplyArguments& arguments, const Recipe& recipe) {
  if (arguments.in_place && recipe.filters.size() > 1)
    throw InvalidArgument(
        fmt::format("--in-place: the recipe has {} filters, must have one; write the others to a folder with -o.",
                    recipe.filters.size()));
  std::error_code error;
  if (!arguments.out.empty() && fs::exists(arguments.out, error) && !is_folder(arguments.out))
    throw InvalidArgument(fmt::format("-o: {} is a file, must be a folder.", arguments.out));
}

}  // namespace

int run_apply(ApplyArguments arguments) {
  if (arguments.threads == 0)
    arguments.threads = faces::thread_limit([](const char* name) { return std::getenv(name); });
  try {
    check_inputs(arguments.read, {});
    const Recipe recipe = read_recipe(arguments.recipe);
    check(arguments, recipe);
    const Workload load = plan_work(arguments, recipe);
    Batch batch{.arguments = arguments, .recipe = recipe, .load = load};
    for (const Input& input : load.inputs) {
      batch.records.emplace_back(input.tasks.size());
      batch.count += input.tasks.size();
    }
    if (arguments.dry_run) {
      if (arguments.resume) batch.proofs = read_proofs(manifest_file(arguments));
      tell(batch);
    } else if (!load.inputs.empty()) {
      do_batch(batch);
    }
    if (!arguments.dry_run && !arguments.quiet) std::fputs(summary(batch).c_str(), stdout);
    return finish(batch.failed + load.unreadable.size() == 0 ? done : failed);
  } catch (...) {
    return refuse_current_exception("gaussfilt apply");
  }
}

}  // namespace gaussfilt::cli
