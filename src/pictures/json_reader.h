// Floor 4. Reading JSON of strangers: every value knows where it stands, and what is wrong with it is one sentence.
#pragma once

#include <gaussfilt/recipe.h>

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace gaussfilt::pictures {

// A stranger's text in a message: control characters, which would end it or break its line, as question marks.
std::string printable(std::string text);

// A value and its place.
class Value {
 public:
  Value(const nlohmann::json& json, std::string pointer, const std::string& title)
      : json_(&json), pointer_(std::move(pointer)), title_(&title) {}

  const nlohmann::json& json() const { return *json_; }
  Value member(const std::string& name) const;
  Value entry(std::size_t index) const;

  // "/filters/0 of recipe.json", for messages of later.
  std::string title_and_place() const;
  const std::string& title() const { return *title_; }
  const std::string& pointer() const { return pointer_; }

  // "recipe.json: /filters/0: is 3, must be RULE."
  [[noreturn]] void refuse(std::string_view rule) const;
  // "recipe.json: /filters/0: is 3, RULE."
  [[noreturn]] void refuse_by(std::string_view rule) const;
  // "recipe.json: /filters/0: SAID."
  [[noreturn]] void say(std::string_view said) const;
  // A word that is none of `known`; the rule names them.
  [[noreturn]] void refuse_word(const std::string& word, std::vector<std::string> known) const;

 private:
  const nlohmann::json* json_;
  std::string pointer_;
  const std::string* title_;
};

// What may stand in an object, and who reads it into a T.
template <class T> struct Member {
  std::string_view name;
  std::function<void(const Value&, T&)> read;
  bool required = false;
};

// `what` is what the object is: "a blur".
void check_members(const Value& value, std::string_view what, std::vector<std::string> names,
                   const std::vector<std::string>& required);

template <class T>
void read_members(const Value& value, std::string_view what, const std::vector<Member<T>>& members, T& into) {
  std::vector<std::string> names, required;
  for (const Member<T>& member : members) {
    names.emplace_back(member.name);
    if (member.required) required.emplace_back(member.name);
  }
  check_members(value, what, names, required);
  for (const Member<T>& member : members)
    if (value.json().contains(member.name)) member.read(value.member(std::string(member.name)), into);
}

// An array of least to most entries.
std::vector<Value> entries(const Value& value, std::string_view of, std::size_t least, std::size_t most);
// A finite number; 2.0 is a whole one.
double number(const Value& value, std::string_view rule, bool (*good)(double));
std::int64_t whole(const Value& value, std::string_view rule, std::int64_t least, std::int64_t most);
// One value, or two of them for x and y.
std::vector<Value> one_or_two(const Value& value, std::string_view rule);
std::string text(const Value& value, std::string_view rule);
// One of the names that a parse function of the library knows.
template <class Parse> auto named(const Value& value, std::span<const std::string_view> names, Parse parse) {
  const std::string word = text(value, "a name");
  for (const std::string_view name : names)
    if (name == word) return parse(name);
  value.refuse_word(word, {names.begin(), names.end()});
}

// The whole text. Throws RecipeError: what is no JSON, a member that stands twice in one object.
nlohmann::json parse_json(std::string_view text, const std::string& title);

}  // namespace gaussfilt::pictures
