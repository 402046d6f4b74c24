// Floor 5. What `gaussfilt apply` leaves behind to prove what it did: a manifest, and while it works a journal.
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace gaussfilt::cli {

// What an earlier run says of an output.
struct Proof {
  std::string fingerprint;  // of all that decided its bytes, beside the input's
  std::string input_sha256;
  std::string output_sha256;
  std::string record;  // all of it, JSON
};
using Proofs = std::map<std::string, Proof>;  // by the outputs' names

// Of a manifest and of a journal, where there are any; the last record of an output holds. A line of the journal that
// was cut off is passed over. Throws IoError where the manifest is none.
Proofs read_proofs(const std::filesystem::path& manifest);

// Records that survive whatever ends the process, each a line of JSON. One process at a time has it.
class Journal {
 public:
  // Where it goes on, what is there stays. Throws IoError.
  Journal(const std::filesystem::path& file, bool goes_on);
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  ~Journal();

  void add(std::string record);  // throws IoError
  void remove();                 // once the manifest is written

 private:
  std::filesystem::path file_;
  std::mutex mutex_;
  int descriptor_ = -1;
};

}  // namespace gaussfilt::cli
