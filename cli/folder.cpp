// Floor 5. Folders of pictures: what is in them, and where each picture goes.
#include "folder.h"

#include "files.h"

#include <gaussfilt/error.h>

#include <algorithm>
#include <map>
#include <system_error>

#include <fmt/format.h>

namespace gaussfilt::cli {
namespace {

namespace fs = std::filesystem;

struct Walk {
  fs::path root;
  fs::path excluded;  // resolved
  bool recursive;
  Listing listing;

  void enter(const fs::path& relative) {
    std::error_code error;
    fs::directory_iterator entries(root / relative, error);
    std::vector<fs::path> names;
    for (; !error && entries != fs::directory_iterator(); entries.increment(error))
      names.push_back(entries->path().filename());
    if (error) {
      const std::string sentence = fmt::format("{}: cannot be read: {}.", (root / relative).string(), error.message());
      if (relative.empty()) throw IoError(sentence);
      listing.unreadable.push_back(sentence);
    }
    std::sort(names.begin(), names.end());
    for (const fs::path& name : names)
      if (!name.string().starts_with('.')) visit(relative / name);
  }

  void visit(const fs::path& relative) {
    const fs::path file = root / relative;
    std::error_code error;
    if (fs::is_directory(fs::symlink_status(file, error))) {
      if (resolved(file) == excluded) return;
      if (recursive) enter(relative);
      else ++listing.folders;
    } else if (fs::is_regular_file(file, error) && is_picture(file)) {  // a pipe is not even opened
      listing.pictures.push_back(relative);
    } else {
      listing.others.push_back(relative);
    }
  }
};

}  // namespace

Listing list_pictures(const fs::path& folder, const fs::path& out, bool recursive) {
  Walk walk{.root = folder, .excluded = resolved(out), .recursive = recursive, .listing = {}};
  walk.enter({});
  return std::move(walk.listing);
}

fs::path output_of(const fs::path& picture) {
  fs::path out = picture;
  if (!can_be_written(extension_of(picture))) out += ".png";
  return out;
}

void check_apart(const std::vector<fs::path>& in, const std::vector<fs::path>& out) {
  std::map<fs::path, std::size_t> sources, targets;
  for (std::size_t i = 0; i < in.size(); ++i) sources.emplace(resolved(in[i]), i);
  for (std::size_t i = 0; i < in.size(); ++i) {
    const fs::path target = resolved(out[i]);
    const auto [found, fresh] = targets.emplace(target, i);
    if (!fresh)
      throw InvalidArgument(fmt::format("{} and {}: would both be written to {}; rename one of them.",
                                        in[found->second].string(), in[i].string(), out[i].string()));
    const auto source = sources.find(target);
    if (source != sources.end() && resolved(in[i]) != target)
      throw InvalidArgument(
          fmt::format("{}: would be written over {}, which is a picture of the same folder; choose "
                      "another OUT.",
                      in[i].string(), in[source->second].string()));
  }
}

}  // namespace gaussfilt::cli
