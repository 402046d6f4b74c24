// Floor 5. Save options for pictures of several formats.
#include "save_choices.h"

#include <gaussfilt/error.h>

namespace gaussfilt::cli {

SaveChoices::SaveChoices(const SaveOptions& save) {
  if (save.quality) choices_.push_back({.only = {.quality = save.quality, .compression = {}, .depth = {}}});
  if (!save.compression.empty())
    choices_.push_back({.only = {.quality = {}, .compression = save.compression, .depth = {}}});
  if (save.depth) choices_.push_back({.only = {.quality = {}, .compression = {}, .depth = save.depth}});
}

SaveOptions SaveChoices::fit(const std::filesystem::path& out) {
  SaveOptions save;
  for (Choice& choice : choices_) {
    try {
      check_writable(out, choice.only);
    } catch (const InvalidArgument& error) {
      choice.refusal = error.what();
      continue;
    } catch (const IoError&) {
      // The folder is still to be made; a file that cannot be written is told when its turn comes.
    }
    choice.fits = true;
    if (choice.only.quality) save.quality = choice.only.quality;
    if (!choice.only.compression.empty()) save.compression = choice.only.compression;
    if (choice.only.depth) save.depth = choice.only.depth;
  }
  return save;
}

void SaveChoices::check() const {
  for (const Choice& choice : choices_)
    if (!choice.fits) throw InvalidArgument(choice.refusal);
}

}  // namespace gaussfilt::cli
