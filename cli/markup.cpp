// Floor 5. Text and bytes inside HTML and SVG.
#include "markup.h"

#include "messages.h"

#include <gaussfilt/files.h>

#include <nlohmann/json.hpp>

#include <charconv>
#include <cstdint>
#include <vector>

namespace gaussfilt::cli {
namespace {

std::string valid_utf8(std::string_view text) {
  using nlohmann::json;
  return json::parse(json(text).dump(-1, ' ', false, json::error_handler_t::replace)).get<std::string>();
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : printable(valid_utf8(text))) {
    switch (c) {
      case '&': safe += "&amp;"; break;
      case '<': safe += "&lt;"; break;
      case '>': safe += "&gt;"; break;
      case '"': safe += "&quot;"; break;
      case '\'': safe += "&#39;"; break;
      default: safe += c;
    }
  }
  return safe;
}

std::string base64(std::span<const std::byte> bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t three = 0;
    for (std::size_t j = 0; j < 3; ++j)
      three = three << 8 | (i + j < bytes.size() ? std::to_integer<std::uint32_t>(bytes[i + j]) : 0);
    for (std::size_t j = 0; j < 4; ++j) text += i + j > bytes.size() ? '=' : digits[three >> (18 - 6 * j) & 63];
  }
  return text;
}

std::string data_uri(std::string_view type, std::span<const std::byte> bytes) {
  return "data:" + std::string(type) + ";base64," + base64(bytes);
}

std::string policy_hash(std::string_view text) {
  const std::string digits = sha256(std::as_bytes(std::span(text)));
  std::vector<std::byte> hash;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    std::uint8_t byte = 0;
    std::from_chars(digits.data() + i, digits.data() + i + 2, byte, 16);
    hash.push_back(std::byte{byte});
  }
  return "sha256-" + base64(hash);
}

}  // namespace gaussfilt::cli
