// Floor 4. Kernels from names, rows and JSON.
#include <gaussfilt/kernel_text.h>

#include "json_reader.h"

#include <gaussfilt/error.h>
#include <gaussfilt/named_kernels.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <fstream>
#include <system_error>
#include <vector>

namespace gaussfilt::inline v0 {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t most_values = std::size_t{1} << 20;
constexpr std::size_t most_bytes = std::size_t{1} << 25;

// The text in a message: short, and on one line.
std::string in_quotes(std::string_view text) {
  constexpr std::size_t most = 40;
  return fmt::format("'{}{}'", pictures::printable(std::string(text.substr(0, most))), text.size() > most ? "..." : "");
}

// A value in a message; what holds others is not written out, it may hold them a million levels deep.
std::string shown(const json& value) {
  if (value.is_array()) return value.empty() ? "an empty array" : "an array";
  return value.is_object() ? "an object" : in_quotes(value.dump(-1, ' ', true, json::error_handler_t::replace));
}

[[noreturn]] void refuse(const std::string& title, const std::string& place, const std::string& why) {
  throw InvalidArgument(fmt::format("{}: {}{}{}.", title, place, place.empty() ? "" : " ", why));
}

void check_count(const std::string& title, std::size_t values) {
  if (values > most_values) refuse(title, "", fmt::format("has {} values, must have at most {}", values, most_values));
}

// ---- rows

class Rows {
 public:
  Rows(std::string_view text, const std::string& title)
      : text_(text), title_(title), lines_(text.find('\n') != std::string_view::npos) {}

  DenseKernel read() {
    while (at_ < text_.size()) read_row();
    if (width_ == 0) refuse(title_, "", "holds no value, must be a matrix such as \"1 2 1; 2 4 2; 1 2 1\"");
    const auto width = static_cast<std::int64_t>(width_), count = static_cast<std::int64_t>(values_.size());
    return {.values = std::move(values_), .shape = {count / width, width}};
  }

 private:
  static bool ends_row(char c) { return c == ';' || c == '\n'; }
  static bool blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

  std::size_t column() const { return at_ - line_start_ + 1; }

  void pass_blanks() {
    while (at_ < text_.size() && blank(text_[at_])) ++at_;
  }

  // A row without a value is passed over: the text may end with a semicolon or an empty line.
  void read_row() {
    const std::size_t before = values_.size();
    for (pass_blanks(); at_ < text_.size() && !ends_row(text_[at_]); pass_blanks()) {
      read_value();
      pass_blanks();
      if (at_ < text_.size() && text_[at_] == ',') read_comma();
    }
    const std::size_t width = values_.size() - before;
    if (width > 0) check_width(width);
    if (at_ < text_.size() && text_[at_++] == '\n') {
      ++line_;
      line_start_ = at_;
    }
  }

  void read_value() {
    std::size_t end = at_;
    while (end < text_.size() && !blank(text_[end]) && !ends_row(text_[end]) && text_[end] != ',') ++end;
    const std::string_view word = text_.substr(at_, end - at_);
    const std::string_view digits = word.substr(word.starts_with('+') ? 1 : 0);
    double value = 0;
    const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || stop != digits.data() + digits.size() || !std::isfinite(value))
      refuse(title_, fmt::format("line {}, column {}:", line_, column()),
             word.empty() ? "a value is missing" : fmt::format("is {}, must be a finite number", in_quotes(word)));
    values_.push_back(value);
    check_count(title_, values_.size());
    at_ = end;
  }

  void read_comma() {
    ++at_;
    pass_blanks();
    if (at_ == text_.size() || ends_row(text_[at_]))
      refuse(title_, fmt::format("line {}, column {}:", line_, column()), "a value is missing behind the comma");
  }

  void check_width(std::size_t width) {
    ++rows_;
    if (width_ == 0) width_ = width;
    if (width == width_) return;
    const std::string place = lines_ ? fmt::format("line {}", line_) : fmt::format("row {}", rows_);
    refuse(title_, place,
           fmt::format("has {} value{}, must have {} as the first row has", width, width == 1 ? "" : "s", width_));
  }

  std::string_view text_;
  const std::string& title_;
  bool lines_;
  std::size_t at_ = 0, line_ = 1, line_start_ = 0, rows_ = 0, width_ = 0;
  std::vector<double> values_;
};

// ---- JSON

class Document {
 public:
  Document(std::string_view text, const std::string& title) : text_(text), title_(title) {}

  KernelText read() {
    const json root = parsed();
    KernelText result;
    if (root.is_array()) {
      result.kernel = matrix(root, "");
      return result;
    }
    for (const auto& [key, value] : root.items()) read_key(key, value, result);
    if (!root.contains("kernel")) refuse(title_, "", "has no key \"kernel\", must be {\"kernel\": [[1, 2, 1], ...]}");
    check_anchor(result);
    return result;
  }

 private:
  json parsed() const {
    try {
      return json::parse(text_);
    } catch (const json::parse_error& error) {
      const std::string_view before = text_.substr(0, error.byte > 0 ? error.byte - 1 : 0);
      const auto line = std::ranges::count(before, '\n') + 1;
      const std::size_t start = before.rfind('\n') + 1;  // npos + 1 is 0
      refuse(title_, fmt::format("line {}, column {}:", line, before.size() - start + 1), "is not JSON from here on");
    } catch (const json::out_of_range&) {
      refuse(title_, "", "holds a number beyond the range of double");
    }
  }

  void read_key(const std::string& key, const json& value, KernelText& result) const {
    if (key == "kernel") result.kernel = matrix(value, "/kernel");
    else if (key == "factor") result.factor = number(value, "/factor");
    else if (key == "bias") result.bias = number(value, "/bias");
    else if (key == "anchor") result.anchor = anchor(value);
    else refuse(title_, in_quotes("/" + key), "is no key of a kernel, must be kernel, factor, bias or anchor");
  }

  double number(const json& value, const std::string& place) const {
    if (!value.is_number()) refuse(title_, place, fmt::format("is {}, must be a finite number", shown(value)));
    return value.get<double>();
  }

  DenseKernel matrix(const json& value, const std::string& place) const {
    if (!value.is_array() || value.empty())
      refuse(title_, place.empty() ? "" : place + ":",
             "must be an array of rows, as in [[1, 2, 1], [2, 4, 2], [1, 2, 1]]");
    DenseKernel kernel;
    const std::size_t width = value[0].size();
    for (std::size_t y = 0; y < value.size(); ++y) {
      const std::string row = fmt::format("{}/{}", place, y);
      if (!value[y].is_array() || value[y].empty())
        refuse(title_, row, fmt::format("is {}, must be an array of numbers", shown(value[y])));
      if (value[y].size() != width)
        refuse(title_, row,
               fmt::format("has {} value{}, must have {} as the first row has", value[y].size(),
                           value[y].size() == 1 ? "" : "s", width));
      for (std::size_t x = 0; x < width; ++x)
        kernel.values.push_back(number(value[y][x], fmt::format("{}/{}", row, x)));
      check_count(title_, kernel.values.size());
    }
    kernel.shape = {static_cast<std::int64_t>(value.size()), static_cast<std::int64_t>(width)};
    return kernel;
  }

  Anchor anchor(const json& value) const {
    const auto whole = [](const json& one) { return one.is_number_integer(); };
    if (!value.is_array() || value.size() != 2 || !std::ranges::all_of(value, whole))
      refuse(title_, "/anchor", fmt::format("is {}, must be two whole numbers, column and row", shown(value)));
    return {.x = value[0].get<std::int64_t>(), .y = value[1].get<std::int64_t>()};
  }

  void check_anchor(const KernelText& result) const {
    if (!result.anchor) return;
    const auto [x, y] = *result.anchor;
    const Shape& shape = result.kernel.shape;
    if (x < 0 || y < 0 || x >= shape[1] || y >= shape[0])
      refuse(title_, "/anchor",
             fmt::format("is [{}, {}], must lie in the matrix, from [0, 0] to [{}, {}]", x, y, shape[1] - 1,
                         shape[0] - 1));
  }

  std::string_view text_;
  const std::string& title_;
};

// ---- which of them it is

bool is_json(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  return start != std::string_view::npos && (text[start] == '[' || text[start] == '{');
}

std::string read_file(const fs::path& file) {
  std::error_code none;
  if (fs::is_directory(file, none)) throw IoError(fmt::format("{}: is a folder, must be a file.", file.string()));
  std::ifstream stream(file, std::ios::binary);
  if (!stream)
    throw IoError(fmt::format("{}: cannot be read: {}.", file.string(), std::generic_category().message(errno)));
  std::string text(most_bytes + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad()) throw IoError(fmt::format("{}: cannot be read to its end.", file.string()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (text.size() > most_bytes)
    throw InvalidArgument(fmt::format("{}: is larger than {} bytes, which no kernel is.", file.string(), most_bytes));
  return text;
}

bool is_name(std::string_view text) {
  std::string name(text.substr(0, text.find('(')));
  std::erase_if(name, [](char c) { return c == ' ' || c == '\t'; });
  std::ranges::transform(name, name.begin(), [](char c) { return 'A' <= c && c <= 'Z' ? char(c + 32) : c; });
  return std::ranges::find(named_kernels(), name, &KernelFamily::name) != named_kernels().end();
}

KernelText from_name(const std::string& text) {
  const KernelCall call = parse_kernel_name(text);
  KernelText result;
  result.told = call.text;
  if (call.name == "unsharp") {
    result.unsharp = {.sigma = call.parameters[0], .amount = call.parameters[1], .threshold = call.parameters[2]};
    result.orientation = "the same from all sides";
    result.version = 1;
    return result;
  }
  NamedKernel named = named_kernel(text);
  result.kernel = std::move(named.kernel);
  result.orientation = std::move(named.orientation);
  result.factor = named.factor;
  result.bias = named.bias;
  result.version = named.version;
  return result;
}

}  // namespace

KernelText parse_kernel(std::string_view text, const std::string& title) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // the mark with which Windows begins a text
  KernelText result;
  if (is_json(text)) result = Document(text, title).read();
  else result.kernel = Rows(text, title).read();
  result.told = fmt::format("{} x {}", result.kernel.shape[1], result.kernel.shape[0]);
  return result;
}

KernelText load_kernel(const fs::path& file) {
  KernelText result = parse_kernel(read_file(file), file.string());
  result.told = file.string();
  return result;
}

KernelText find_kernel(const std::string& text) {
  if (is_name(text)) return from_name(text);
  std::error_code none;
  if (text.find_first_of(";\n") == std::string::npos && fs::exists(text, none)) return load_kernel(text);
  const bool matrix = is_json(text) || text.find_first_of(";\n") != std::string::npos ||
                      text.find_first_not_of("0123456789+-.eE, \t") == std::string::npos;
  if (matrix) return parse_kernel(text);
  std::vector<std::string_view> names;
  for (const KernelFamily& family : named_kernels()) names.push_back(family.name);
  throw InvalidArgument(
      fmt::format("kernel: '{}' is neither a matrix (\"1 2 1; 2 4 2; 1 2 1\"), nor a file, nor one of {}.", text,
                  fmt::join(names, ", ")));
}

}  // namespace gaussfilt::inline v0
