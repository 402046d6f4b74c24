// Floor 5. Text and bytes inside HTML and SVG.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace gaussfilt::cli {

// As it reads, in an element or between quotes of an attribute: no letter of it is markup, control characters are '?',
// bytes that are no UTF-8 are U+FFFD.
std::string escaped(std::string_view text);

std::string base64(std::span<const std::byte> bytes);

// "data:image/png;base64,...".
std::string data_uri(std::string_view type, std::span<const std::byte> bytes);

// What a Content-Security-Policy allows by its hash: "sha256-...".
std::string policy_hash(std::string_view text);

}  // namespace gaussfilt::cli
