// Floor 5. "Did you mean": the word that was probably meant.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace gaussfilt::cli {

// How many letters must be added, dropped, changed or swapped with their neighbour to make `b` of `a`.
int edit_distance(std::string_view a, std::string_view b);

// The candidate that `word` is most likely a slip of; empty where none is near. Letter case and leading dashes do not
// count; of two equally near ones the first.
std::string nearest(std::string_view word, std::span<const std::string> candidates);

}  // namespace gaussfilt::cli
