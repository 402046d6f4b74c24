// Floor 5. "Did you mean": the word that was probably meant.
#include "nearest.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace gaussfilt::cli {
namespace {

std::string plain(std::string_view word) {
  const std::size_t start = std::min(word.find_first_not_of('-'), word.size());
  std::string letters(word.substr(start));
  std::ranges::transform(letters, letters.begin(),
                         [](char c) { return 'A' <= c && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return letters;
}

}  // namespace

int edit_distance(std::string_view a, std::string_view b) {
  // rows[i][j]: from the first i letters of a to the first j of b. Three rows are enough for swaps.
  std::vector<int> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = static_cast<int>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const int changed = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({changed, above[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

std::string nearest(std::string_view word, std::span<const std::string> candidates) {
  const std::string typed = plain(word);
  if (typed.empty() || typed.size() > 64) return {};
  std::string best;
  int least = typed.size() < 4 ? 2 : typed.size() < 8 ? 3 : 4;  // one slip in a short word, three in a long one
  for (const std::string& candidate : candidates) {
    const std::string meant = plain(candidate);
    // A word that was cut short ("--tol") or said with a tail ("mirrored") is near, too.
    const bool prefix =
        typed.size() >= 3 && meant.size() >= 3 && (meant.starts_with(typed) || typed.starts_with(meant));
    const int distance = prefix ? std::min(1, edit_distance(typed, meant)) : edit_distance(typed, meant);
    if (distance < least && distance < static_cast<int>(std::max(typed.size(), meant.size()))) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace gaussfilt::cli
