// What the fuzz targets ask of a refusal: one sentence.
#pragma once

#include <gaussfilt/error.h>

#include <cstdlib>
#include <iostream>
#include <string>

namespace gaussfilt::fuzz {

inline void require(bool good, const std::string& what) {
  if (good) return;
  std::cerr << "fuzz: " << what << '\n';
  std::abort();
}

inline void check_refusal(const Error& error) {
  const std::string sentence = error.what();
  require(sentence.ends_with('.'), "no full stop: " + sentence);
  require(sentence.find('\n') == std::string::npos, "more than a line: " + sentence);
  require(sentence.size() < 1000, "longer than anyone reads: " + sentence);
}

}  // namespace gaussfilt::fuzz
