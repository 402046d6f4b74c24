// Floor 4. Recipes: from JSON to named filters and back, and the filters done.
#include "recipe_steps.h"

#include <gaussfilt/files.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <fstream>
#include <set>
#include <system_error>

#include <fmt/format.h>

namespace gaussfilt::pictures {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::size_t most_filters = 1000, most_steps = 100;
constexpr std::uintmax_t largest_file = std::uintmax_t{16} << 20;

constexpr std::array<std::string_view, 18> compressions = {"0",       "1",    "2",        "3",    "4",        "5",
                                                           "6",       "7",    "8",        "9",    "none",     "lzw",
                                                           "deflate", "zstd", "packbits", "jpeg", "lossless", "lossy"};

void read_compression(const Value& value, SaveOptions& save) {
  constexpr std::string_view rule = "a whole number from 0 to 9, or a name (\"compression\": \"lzw\")";
  if (value.json().is_number()) save.compression = std::to_string(whole(value, rule, 0, 9));
  else if (value.json().is_string())
    save.compression = named(value, compressions, [](std::string_view word) { return std::string(word); });
  else value.refuse(rule);
}

void read_depth(const Value& value, SaveOptions& save) {
  constexpr std::string_view rule = "8, 16 or 32 (\"depth\": 16)";
  const auto depth = static_cast<int>(whole(value, rule, 8, 32));
  if (depth != 8 && depth != 16 && depth != 32) value.refuse(rule);
  save.depth = depth;
}

void read_save(const Value& value, Recipe& recipe) {
  static const std::vector<Member<SaveOptions>> members = {
      {"quality",
       [](const Value& quality, SaveOptions& save) {
         save.quality = static_cast<int>(whole(quality, "a whole number from 1 to 100 (\"quality\": 90)", 1, 100));
       }},
      {"compression", read_compression},
      {"depth", read_depth}};
  read_members(value, "what is said of saving", members, recipe.save);
}

// A name becomes part of a file's name.
void read_name(const Value& value, NamedFilter& filter) {
  constexpr std::string_view rule =
      "1 to 64 letters without a slash and control characters, the first one no dot (\"name\": \"soft\")";
  filter.name = text(value, rule);
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '/'; };
  const auto starts = [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80; };  // a letter of UTF-8
  const auto letters = std::count_if(filter.name.begin(), filter.name.end(), starts);
  if (letters < 1 || letters > 64 || filter.name[0] == '.' ||
      std::any_of(filter.name.begin(), filter.name.end(), control))
    value.refuse(rule);
}

void read_chain(const Value& value, NamedFilter& filter) {
  static const std::vector<Member<NamedFilter>> members = [] {
    std::vector<Member<NamedFilter>> all;
    for (const StepKind& kind : step_kinds())
      all.push_back(
          {kind.name, [&kind](const Value& step, NamedFilter& into) { into.steps.push_back(kind.read(step)); }});
    return all;
  }();
  for (const Value& step : entries(value, "steps", 1, most_steps)) {
    read_members(step, "a step", members, filter);
    if (step.json().size() != 1) step.say("must have exactly one member, the kind of the step");
  }
}

void read_filter(const Value& value, Recipe& recipe) {
  static const std::vector<Member<NamedFilter>> members = [] {
    std::vector<Member<NamedFilter>> all = {{"name", read_name, true}};
    for (const StepKind& kind : step_kinds())
      all.push_back(
          {kind.name, [&kind](const Value& step, NamedFilter& into) { into.steps.push_back(kind.read(step)); }});
    all.push_back({"chain", read_chain});
    return all;
  }();
  NamedFilter filter;
  read_members(value, "a filter", members, filter);
  if (value.json().size() != 2) {
    std::string kinds;
    for (const StepKind& kind : step_kinds()) kinds += fmt::format("'{}', ", kind.name);
    value.say(fmt::format("must have 'name' and exactly one of {}'chain'", kinds));
  }
  recipe.filters.push_back(std::move(filter));
}

void read_filters(const Value& value, Recipe& recipe) {
  std::set<std::string> names;
  for (const Value& one : entries(value, "filters", 1, most_filters)) {
    read_filter(one, recipe);
    const std::string& name = recipe.filters.back().name;
    if (!names.insert(name).second)
      one.member("name").say(fmt::format("'{}' is the name of a filter before it, too, must be another one", name));
  }
}

ordered_json written(const Step& step) { return {{kind_of(step).name, kind_of(step).write(step)}}; }

ordered_json written(const SaveOptions& save) {
  ordered_json result = ordered_json::object();
  if (save.quality) result["quality"] = *save.quality;
  if (!save.compression.empty()) result["compression"] = save.compression;
  if (save.depth) result["depth"] = *save.depth;
  return result;
}

ordered_json written(const NamedFilter& filter) {
  ordered_json result = {{"name", filter.name}};
  if (filter.steps.size() == 1) {
    result.update(written(filter.steps.front()));
    return result;
  }
  for (const Step& step : filter.steps) result["chain"].push_back(written(step));
  return result;
}

}  // namespace
}  // namespace gaussfilt::pictures

namespace gaussfilt::inline v0 {

RecipeError::RecipeError(const std::string& sentence, std::string where)
    : InvalidArgument(sentence), pointer_(std::move(where)) {}
RecipeError::~RecipeError() = default;

Recipe parse_recipe(std::string_view json, const std::string& title) {
  using namespace pictures;
  static const std::vector<Member<Recipe>> members = {
      {"version",
       [](const Value& value, Recipe&) { whole(value, "1, the version of this format (\"version\": 1)", 1, 1); }, true},
      {"filters", read_filters, true},
      {"save", read_save}};
  const nlohmann::json document = parse_json(json, title);
  Recipe recipe;
  read_members(Value(document, "", title), "a recipe", members, recipe);
  return recipe;
}

Recipe load_recipe(const std::filesystem::path& file) {
  std::error_code error;
  if (std::filesystem::is_directory(file, error))
    throw IoError(fmt::format("{}: is a folder, must be a recipe.", file.string()));
  std::ifstream stream(file, std::ios::binary);
  std::string text;
  std::array<char, std::size_t{1} << 16> buffer;
  while (stream.read(buffer.data(), buffer.size()), stream.gcount() > 0) {
    text.append(buffer.data(), static_cast<std::size_t>(stream.gcount()));
    if (text.size() > pictures::largest_file)
      throw IoError(fmt::format("{}: is larger than 16 MiB, which no recipe is.", file.string()));
  }
  if (!stream.eof())
    throw IoError(fmt::format("{}: cannot be read: {}.", file.string(), std::generic_category().message(errno)));
  return parse_recipe(text, file.string());
}

std::string to_json(const Recipe& recipe) {
  nlohmann::ordered_json result = {{"version", 1}, {"filters", nlohmann::ordered_json::array()}};
  for (const NamedFilter& filter : recipe.filters) result["filters"].push_back(pictures::written(filter));
  if (const nlohmann::ordered_json save = pictures::written(recipe.save); !save.empty()) result["save"] = save;
  return result.dump();
}

std::string to_json(const Step& step) { return pictures::written(step).dump(); }

std::string_view kind(const Step& step) { return pictures::kind_of(step).name; }

RunStatus apply(Picture& picture, const NamedFilter& filter, int threads, const RunOptions& run) {
  const auto count = static_cast<double>(filter.steps.size());
  double before = 0;
  for (const Step& step : filter.steps) {
    RunOptions share{.stop = run.stop, .progress = {}};
    if (run.progress) share.progress = [&](double part) { run.progress((before + part) / count); };
    if (pictures::kind_of(step).run(picture, step, threads, share) == RunStatus::stopped) return RunStatus::stopped;
    ++before;
  }
  return RunStatus::complete;
}

std::vector<std::optional<Plan>> plan_filter(const Picture& picture, const NamedFilter& filter, int threads) {
  std::vector<std::optional<Plan>> plans;
  for (const Step& step : filter.steps) plans.push_back(pictures::kind_of(step).plan(picture, step, threads));
  return plans;
}

}  // namespace gaussfilt::inline v0
