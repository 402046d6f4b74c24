// Floor 5. Names of outputs.
#include "pattern.h"

#include "declaration.h"
#include "files.h"
#include "nearest.h"

#include <gaussfilt/error.h>

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace gaussfilt::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 4> field_names = {"dir", "stem", "filter", "ext"};
constexpr std::string_view rule = "the fields of a name are {dir}, {stem}, {filter} and {ext}";

[[noreturn]] void refuse(std::string_view text, std::string_view why) {
  throw Refusal(fmt::format("--pattern: is '{}', {} (--pattern '{}')", text, why, default_pattern));
}

}  // namespace

Pattern::Field Pattern::field(std::string_view whole, std::string_view name) {
  const auto found = std::find(field_names.begin(), field_names.end(), name);
  if (found != field_names.end()) return static_cast<Field>(1 + (found - field_names.begin()));
  const std::vector<std::string> names(field_names.begin(), field_names.end());
  const std::string meant = nearest(name, names), sentence = fmt::format("--pattern: is '{}', {}", whole, rule);
  if (meant.empty()) throw Refusal(sentence);
  std::string right(whole);
  right.replace(right.find(fmt::format("{{{}}}", name)) + 1, name.size(), meant);
  throw Refusal(sentence, std::string(whole), right);
}

Pattern::Pattern(std::string_view text) : text_(text) {
  std::string plain;
  const auto end_plain = [&] {
    if (!plain.empty()) parts_.push_back({Field::text, std::exchange(plain, {})});
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool twice = at + 1 < text.size() && text[at + 1] == text[at];
    if ((text[at] == '{' || text[at] == '}') && twice) {
      plain += text[at++];
    } else if (text[at] == '{') {
      const std::size_t end = text.find('}', at);
      if (end == text.npos) refuse(text, "must close every brace; a brace itself is {{ or }}");
      end_plain();
      parts_.push_back({field(text, text.substr(at + 1, end - at - 1)), {}});
      at = end;
    } else if (text[at] == '}') {
      refuse(text, "must open every brace that it closes; a brace itself is {{ or }}");
    } else {
      plain += text[at];
    }
  }
  end_plain();
  if (text.empty() || text.ends_with('/')) refuse(text, "must end as a file's name does");
  if (text.starts_with('/')) refuse(text, "must be relative, since the outputs stay below -o");
  for (const fs::path& component : fs::path(text))
    if (component == "..") refuse(text, "must not have '..' in it, since the outputs stay below -o");
}

bool Pattern::tells_filters() const {
  return std::any_of(parts_.begin(), parts_.end(), [](const Part& part) { return part.field == Field::filter; });
}

fs::path Pattern::name(const fs::path& picture, const std::string& filter) const {
  const bool kept = can_be_written(extension_of(picture));
  std::string text;
  for (const Part& part : parts_) switch (part.field) {
      case Field::text: text += part.text; break;
      case Field::dir: text += picture.parent_path().string(); break;
      case Field::stem: text += kept ? picture.stem().string() : picture.filename().string(); break;
      case Field::filter: text += filter; break;
      case Field::ext: text += kept ? picture.extension().string() : ".png"; break;
    }
  const fs::path name = fs::path(text.substr(std::min(text.find_first_not_of('/'), text.size()))).lexically_normal();
  if (!name.has_filename() || name == "." || *name.begin() == "..")
    throw InvalidArgument(fmt::format("--pattern: is '{}', which makes '{}' of {}, must make the name of a file.",
                                      text_, text, picture.string()));
  return name;
}

}  // namespace gaussfilt::cli
