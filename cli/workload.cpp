// Floor 5. `gaussfilt apply`: which pictures become which files.
#include "workload.h"

#include "files.h"
#include "folder.h"
#include "pattern.h"
#include "save_choices.h"

#include <gaussfilt/error.h>
#include <gaussfilt/files.h>
#include <gaussfilt/runtime.h>

#include <glob.h>

#include <map>
#include <optional>
#include <set>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace gaussfilt::cli {
namespace {

namespace fs = std::filesystem;

// A picture, and its name below the folder that was named.
struct Source {
  fs::path file;
  fs::path name;
};

// What a shell that does not expand patterns hands over. A file that is there is itself, whatever it is called.
std::vector<std::string> expanded(const std::string& word) {
  std::error_code error;
  if (word.find_first_of("*?[") == word.npos || fs::exists(word, error)) return {word};
  glob_t found{};
  const int code = ::glob(word.c_str(), 0, nullptr, &found);
  std::vector<std::string> names;
  for (std::size_t i = 0; code == 0 && i < found.gl_pathc; ++i) names.emplace_back(found.gl_pathv[i]);
  ::globfree(&found);
  if (code == GLOB_NOSPACE) throw std::bad_alloc();
  if (names.empty()) throw IoError(fmt::format("{}: there is no file of such a name.", word));
  return names;
}

void add_folder(const std::string& folder, const ApplyArguments& arguments, Workload& load,
                std::vector<Source>& sources) {
  // The folder of the outputs, where it lies inside, is not entered; in place there is none.
  const fs::path out = arguments.in_place ? manifest_file(arguments) : fs::path(arguments.out);
  const Listing listing = list_pictures(folder, out, arguments.recursive);
  for (const fs::path& picture : listing.pictures) sources.push_back({fs::path(folder) / picture, picture});
  for (const fs::path& other : listing.others)
    if (!other.filename().string().starts_with(manifest_name)) load.others.push_back(other);
  load.unreadable.insert(load.unreadable.end(), listing.unreadable.begin(), listing.unreadable.end());
  load.folders += listing.folders;
}

std::vector<Source> list_sources(const ApplyArguments& arguments, Workload& load) {
  std::vector<Source> sources;
  for (const std::string& word : arguments.in) {
    if (word == standard)
      throw InvalidArgument("IN is '-', standard input, which has no name to make outputs' names of; name files.");
    for (const std::string& name : expanded(word)) {
      if (is_folder(name)) add_folder(name, arguments, load, sources);
      else sources.push_back({name, fs::path(name).filename()});
    }
  }
  return sources;
}

// Of all that decides the bytes of an output, beside those of the input.
std::string fingerprint(const NamedFilter& filter, const LoadOptions& read, const SaveOptions& save,
                        const std::string& extension) {
  using nlohmann::ordered_json;
  ordered_json all = {{"program", version()}, {"extension", extension}, {"salvage", read.salvage}};
  const auto put = [&all](const char* name, const auto& value) {
    if (value) all[name] = *value;
  };
  put("page", read.page);
  put("dpi", read.dpi);
  put("scale", read.scale);
  put("width", read.width);
  put("height", read.height);
  put("quality", save.quality);
  put("depth", save.depth);
  all["compression"] = save.compression;
  for (const Step& step : filter.steps) all["steps"].push_back(to_json(step));
  const std::string text = all.dump();
  return sha256(std::as_bytes(std::span(text)));
}

// Which files are read and which are written, where their links lead.
class Books {
 public:
  Books(const ApplyArguments& arguments, const Recipe& recipe) : in_place_(arguments.in_place), recipe_(recipe) {
    const fs::path manifest = manifest_file(arguments);
    kept_.emplace(resolved(arguments.recipe), "the recipe");
    kept_.emplace(resolved(manifest), "the manifest");
    kept_.emplace(resolved(journal_file(manifest)), "the manifest's journal");
  }

  // Whether the name is new; the same picture named twice is read once. A link to it is another one.
  bool read(const Source& source) {
    inputs_.emplace(resolved(source.file), source.file);
    return names_.insert(fs::absolute(source.file).lexically_normal()).second;
  }

  void write(const Source& source, const Task& task) {
    const fs::path target = resolved(task.out);
    const std::string said = fmt::format("{} by '{}'", source.file.string(), recipe_.filters[task.filter].name);
    if (const auto kept = kept_.find(target); kept != kept_.end())
      throw InvalidArgument(
          fmt::format("{}: would be written to {}, which is {}.", said, task.out.string(), kept->second));
    const auto [found, fresh] = targets_.emplace(target, said);
    if (!fresh)
      throw InvalidArgument(fmt::format("{} and {}: would both be written to {}; {}.", found->second, said,
                                        task.out.string(), "give --pattern what tells them apart, or name a folder"));
    sources_of_.emplace(target, resolved(source.file));
  }

  // Once all are known: no output over an input, but in place over its own.
  void check() const {
    for (const auto& [target, source] : sources_of_) {
      const auto found = inputs_.find(target);
      if (found == inputs_.end() || (in_place_ && source == target)) continue;
      throw InvalidArgument(fmt::format("{}: would be written over {}, which is an input; choose another -o{}.",
                                        targets_.at(target), found->second.string(),
                                        in_place_ ? "" : ", or say --in-place"));
    }
  }

 private:
  bool in_place_;
  const Recipe& recipe_;
  std::map<fs::path, std::string> kept_, targets_;
  std::map<fs::path, fs::path> inputs_, sources_of_;
  std::set<fs::path> names_;
};

void check_extension(const ApplyArguments& arguments, const fs::path& name) {
  if (can_be_written(extension_of(name))) return;
  throw InvalidArgument(
      fmt::format("--pattern: is '{}', which makes '{}', must end in {{ext}} or in a format that can be written: {}.",
                  arguments.pattern, name.string(), fmt::join(writable_extensions(), ", ")));
}

}  // namespace

fs::path manifest_file(const ApplyArguments& arguments) {
  return arguments.manifest.empty() ? fs::path(arguments.out) / manifest_name : fs::path(arguments.manifest);
}

fs::path journal_file(const fs::path& manifest) { return manifest.string() + "-journal"; }

Workload plan_work(const ApplyArguments& arguments, const Recipe& recipe) {
  Workload load;
  load.root = arguments.out;
  const Pattern pattern(arguments.pattern);
  if (recipe.filters.size() > 1 && !pattern.tells_filters())
    throw InvalidArgument(
        fmt::format("--pattern: is '{}', must have {{filter}} in it, since the recipe has {} filters (--pattern '{}').",
                    arguments.pattern, recipe.filters.size(), default_pattern));
  SaveChoices choices(recipe.save);
  Books books(arguments, recipe);
  for (const Source& source : list_sources(arguments, load)) {
    if (!books.read(source)) continue;
    Input input{.in = source.file, .tasks = {}};
    for (std::size_t i = 0; i < recipe.filters.size(); ++i) {
      Task task{.filter = i, .out = {}, .name = {}, .save = {}, .fingerprint = {}};
      const fs::path name = pattern.name(source.name, recipe.filters[i].name);
      check_extension(arguments, name);
      task.out = arguments.in_place ? source.file.parent_path() / name.filename() : load.root / name;
      task.name = arguments.in_place ? task.out.string() : name.string();
      task.save = choices.fit(task.out);
      task.fingerprint = fingerprint(recipe.filters[i], arguments.read.options, task.save, extension_of(task.out));
      books.write(source, task);
      input.tasks.push_back(std::move(task));
    }
    load.inputs.push_back(std::move(input));
  }
  books.check();
  return load;
}

}  // namespace gaussfilt::cli
