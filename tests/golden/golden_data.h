// Reading the golden files: cases, one a line as "name key=value ...", and the arrays that they point into.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace gaussfilt::test {

inline std::string folder() {
  const char* given = std::getenv("GAUSSFILT_GOLDEN_DIR");
  return given != nullptr ? given : GAUSSFILT_GOLDEN_DIR;
}

inline std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

template <class Convert> auto list(const std::string& text, Convert convert) {
  std::vector<decltype(convert(text))> values;
  if (text == "-") return values;
  for (const std::string& part : split(text, ',')) values.push_back(convert(part));
  return values;
}

inline double to_double(const std::string& text) { return std::strtod(text.c_str(), nullptr); }
inline std::int64_t to_int(const std::string& text) { return std::strtoll(text.c_str(), nullptr, 10); }

// A file of arrays: little-endian, as every machine is that this project knows.
class Data {
 public:
  explicit Data(const std::string& name) {
    std::ifstream file(folder() + "/" + name, std::ios::binary);
    bytes_.assign(std::istreambuf_iterator<char>(file), {});
  }
  template <class T> std::vector<T> read(std::int64_t offset, std::int64_t count) const {
    std::vector<T> items(static_cast<std::size_t>(count));
    std::memcpy(items.data(), bytes_.data() + offset, items.size() * sizeof(T));
    return items;
  }

 private:
  std::vector<char> bytes_;
};

}  // namespace gaussfilt::test
