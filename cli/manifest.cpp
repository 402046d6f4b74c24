// Floor 5. The manifest of `gaussfilt apply`, and its journal.
#include "manifest.h"

#include "workload.h"

#include <gaussfilt/error.h>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <system_error>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace gaussfilt::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

[[noreturn]] void fail(const fs::path& file, std::string_view what, int error) {
  throw IoError(fmt::format("{}: {}: {}.", file.string(), what, std::generic_category().message(error)));
}

std::string text_of(const ordered_json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

void take(const ordered_json& record, Proofs& proofs) {
  if (!record.is_object()) return;
  Proof proof{.fingerprint = text_of(record, "fingerprint"),
              .input_sha256 = text_of(record, "input_sha256"),
              .output_sha256 = text_of(record, "output_sha256"),
              .record = record.dump()};
  const std::string output = text_of(record, "output");
  if (proof.output_sha256.empty()) proofs.erase(output);  // it failed
  else proofs.insert_or_assign(output, std::move(proof));
}

void take_manifest(const fs::path& file, Proofs& proofs) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return;
  const ordered_json manifest = ordered_json::parse(stream, nullptr, false);
  const bool ours = manifest.is_object() && manifest.contains("gaussfilt") && manifest.contains("results");
  if (!ours)
    throw IoError(fmt::format("{}: is no manifest of gaussfilt apply; move it away, or name another one (--manifest).",
                              file.string()));
  for (const ordered_json& record : manifest.at("results")) take(record, proofs);
}

void take_journal(const fs::path& file, Proofs& proofs) {
  std::ifstream stream(file, std::ios::binary);
  for (std::string line; std::getline(stream, line);) {
    const ordered_json record = ordered_json::parse(line, nullptr, false);
    if (!record.is_discarded()) take(record, proofs);
  }
}

}  // namespace

Proofs read_proofs(const fs::path& manifest) {
  Proofs proofs;
  take_manifest(manifest, proofs);
  take_journal(journal_file(manifest), proofs);
  return proofs;
}

Journal::Journal(const fs::path& file, bool goes_on) : file_(file) {
  descriptor_ = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (descriptor_ < 0) cli::fail(file, "cannot be written", errno);
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    ::close(descriptor_);
    throw IoError(fmt::format(
        "{}: belongs to a gaussfilt apply that is at work; wait for its end, or name another manifest (--manifest).",
        file.string()));
  }
  if (!goes_on && ::ftruncate(descriptor_, 0) != 0) {
    const int error = errno;
    ::close(descriptor_);
    cli::fail(file, "cannot be written", error);
  }
  // A line that was cut off must not take the next one with it.
  if (goes_on && fs::file_size(file) > 0) add("");
}

Journal::~Journal() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void Journal::add(std::string record) {
  record += '\n';
  const std::scoped_lock lock(mutex_);
  for (std::string_view rest = record; !rest.empty();) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) cli::fail(file_, "cannot be written", errno);
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
}

void Journal::remove() {
  std::error_code error;
  fs::remove(file_, error);  // one that stays says nothing that the manifest does not
}

}  // namespace gaussfilt::cli
