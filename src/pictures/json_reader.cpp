// Floor 4. Reading JSON of strangers.
#include "json_reader.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace gaussfilt::pictures {
namespace {

using nlohmann::json;

// Nothing that we read is deeper; what nests for ever must not fill the memory with its places.
constexpr int deepest = 64;

// The start of a text, whole letters of UTF-8.
std::string cut(std::string text, std::size_t most = 60) {
  text = printable(std::move(text));
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80) --end;
  return text.substr(0, end) + "...";
}

// A value as it stands in messages: short, and without what it holds where it holds much.
std::string shown(const json& value) {
  switch (value.type()) {
    case json::value_t::object: return "an object";
    case json::value_t::array:
      if (value.size() > 4 || std::any_of(value.begin(), value.end(), [](const json& v) { return v.is_structured(); }))
        return fmt::format("an array of {}", value.size());
      break;
    default: break;
  }
  return cut(value.dump(-1, ' ', false, json::error_handler_t::replace));
}

std::string escaped(const std::string& name) {
  std::string result;
  for (const char c : name) result += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return result;
}

std::string start(const std::string& title, const std::string& pointer) {
  return pointer.empty() ? title + ": " : fmt::format("{}: {}: ", title, pointer);
}

std::string list(const std::vector<std::string>& names) {
  if (names.size() == 1) return names.front();
  return fmt::format("{} or {}", fmt::join(names.begin(), names.end() - 1, ", "), names.back());
}

// Where in the text a byte stands.
std::string position(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, std::min(byte == 0 ? 0 : byte - 1, text.size()));
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t last = before.rfind('\n');
  return fmt::format("line {}, column {}", line, before.size() - (last == before.npos ? 0 : last + 1) + 1);
}

// Watches a parser: the members of the objects that are open.
class Members {
 public:
  explicit Members(const std::string& title) : title_(title) {}

  bool operator()(int depth, json::parse_event_t event, const json& parsed) {
    if (depth > deepest) throw RecipeError(fmt::format("{}: nests deeper than {} levels.", title_, deepest), "");
    switch (event) {
      case json::parse_event_t::object_start: open_.emplace_back(); break;
      case json::parse_event_t::object_end: open_.pop_back(); break;
      case json::parse_event_t::key:
        if (!open_.back().insert(parsed.get<std::string>()).second)
          throw RecipeError(fmt::format("{}: the member '{}' stands twice in one object; leave one of them out.",
                                        title_, cut(parsed.get<std::string>())),
                            "");
        break;
      default: break;
    }
    return true;
  }

 private:
  const std::string& title_;
  std::vector<std::set<std::string>> open_;
};

}  // namespace

std::string printable(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  return text;
}

Value Value::member(const std::string& name) const {
  return {json_->at(name), pointer_ + "/" + escaped(cut(name)), *title_};
}

Value Value::entry(std::size_t index) const {
  return {json_->at(index), fmt::format("{}/{}", pointer_, index), *title_};
}

void Value::say(std::string_view said) const {
  throw RecipeError(fmt::format("{}{}.", start(*title_, pointer_), said), pointer_);
}

std::string Value::title_and_place() const {
  return pointer_.empty() ? *title_ : fmt::format("{} of {}", pointer_, *title_);
}

void Value::refuse(std::string_view rule) const { say(fmt::format("is {}, must be {}", shown(*json_), rule)); }

void Value::refuse_by(std::string_view rule) const { say(fmt::format("is {}, {}", shown(*json_), rule)); }

void Value::refuse_word(const std::string& word, std::vector<std::string> known) const {
  RecipeError error(
      fmt::format("{}is {}, must be {}.", start(*title_, pointer_), shown(nlohmann::json(word)), list(known)),
      pointer_);
  error.word = word;
  error.known = std::move(known);
  throw error;
}

void check_members(const Value& value, std::string_view what, std::vector<std::string> names,
                   const std::vector<std::string>& required) {
  if (!value.json().is_object()) value.refuse(fmt::format("{}: an object with {}", what, list(names)));
  for (const auto& [name, unused] : value.json().items()) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    try {
      value.say(fmt::format("has the member '{}', must be {} with {}", cut(name), what, list(names)));
    } catch (RecipeError& error) {
      error.word = name;
      error.known = std::move(names);
      throw;
    }
  }
  for (const std::string& name : required)
    if (!value.json().contains(name)) value.say(fmt::format("has no member '{}', which {} needs", name, what));
}

std::vector<Value> entries(const Value& value, std::string_view of, std::size_t least, std::size_t most) {
  const json& array = value.json();
  if (!array.is_array() || array.size() < least || array.size() > most)
    value.refuse(fmt::format("an array of {} to {} {}", least, most, of));
  std::vector<Value> all;
  for (std::size_t i = 0; i < array.size(); ++i) all.push_back(value.entry(i));
  return all;
}

double number(const Value& value, std::string_view rule, bool (*good)(double)) {
  if (!value.json().is_number()) value.refuse(rule);
  const auto found = value.json().get<double>();
  if (!std::isfinite(found) || !good(found)) value.refuse(rule);
  return found;
}

std::int64_t whole(const Value& value, std::string_view rule, std::int64_t least, std::int64_t most) {
  const auto any = [](double) { return true; };
  const double found = number(value, rule, any);
  // Compared as doubles: the limits are exact there, and what lies beyond must not be cast.
  if (found != std::floor(found) || found < static_cast<double>(least) || found > static_cast<double>(most))
    value.refuse(rule);
  return static_cast<std::int64_t>(found);
}

std::vector<Value> one_or_two(const Value& value, std::string_view rule) {
  if (!value.json().is_array()) return {value};
  if (value.json().size() != 2) value.refuse(rule);
  return {value.entry(0), value.entry(1)};
}

std::string text(const Value& value, std::string_view rule) {
  if (!value.json().is_string()) value.refuse(rule);
  return value.json().get<std::string>();
}

nlohmann::json parse_json(std::string_view text, const std::string& title) {
  try {
    return json::parse(text, Members(title));
  } catch (const json::parse_error& error) {
    // "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error while ...; last read: ...": the
    // part between.
    std::string why = error.what();
    why = why.substr(0, why.find("; last read"));
    const std::size_t at = why.find(": ");
    why = at == why.npos ? why : why.substr(at + 2);
    throw RecipeError(fmt::format("{}: {}: is no JSON: {}.", title, position(text, error.byte), cut(why, 120)), "");
  } catch (const json::exception&) {
    throw RecipeError(fmt::format("{}: has a number that is too large for any use, must be finite.", title), "");
  }
}

}  // namespace gaussfilt::pictures
