// Test support: runs the gaussfilt program.
#include "program.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

namespace program {
namespace {

void limit(int resource, const std::optional<rlim_t>& value) {
  if (!value) return;
  const rlimit both{*value, *value};
  if (setrlimit(static_cast<__rlimit_resource>(resource), &both) != 0) _exit(126);
}

}  // namespace

Running::Running(const std::filesystem::path& folder, const std::vector<std::string>& words, const Setting& setting) {
  const std::string out = (logs_ / "out").string();
  const std::string err = (logs_ / "err").string();
  std::vector<std::string> all = {"gaussfilt"};
  all.insert(all.end(), words.begin(), words.end());
  std::vector<char*> argv;
  for (std::string& word : all) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::map<std::string, std::string> variables = {{"PATH", "/usr/bin:/bin"}, {"LC_ALL", "C.UTF-8"}};
  for (const char* passed : {"LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS"})
    if (const char* value = std::getenv(passed)) variables[passed] = value;
  for (const auto& [name, value] : setting.environment) variables[name] = value;
  std::vector<std::string> lines;
  for (const auto& [name, value] : variables) lines.push_back(name + "=" + value);
  std::vector<char*> envp;
  for (std::string& line : lines) envp.push_back(line.data());
  envp.push_back(nullptr);

  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error("fork");
  if (pid_ > 0) return;
  // Between fork and exec: system calls alone.
  const int out_file = open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  const int err_file = open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (chdir(folder.c_str()) != 0 || dup2(out_file, STDOUT_FILENO) < 0 || dup2(err_file, STDERR_FILENO) < 0) _exit(126);
  limit(RLIMIT_FSIZE, setting.file_size);
  limit(RLIMIT_AS, setting.address_space);
  execve(GAUSSFILT_PROGRAM, argv.data(), envp.data());
  _exit(127);
}

bool Running::ended() {
  int status = 0;
  if (!status_ && waitpid(pid_, &status, WNOHANG) == pid_) status_ = status;
  return status_.has_value();
}

Result Running::wait() {
  int status = 0;
  if (!status_ && waitpid(pid_, &status, 0) == pid_) status_ = status;
  Result result;
  if (WIFEXITED(*status_)) result.code = WEXITSTATUS(*status_);
  if (WIFSIGNALED(*status_)) result.signal = WTERMSIG(*status_);
  result.out = picture_files::read_bytes(logs_ / "out");
  result.err = picture_files::read_bytes(logs_ / "err");
  return result;
}

Result run(const picture_files::Folder& folder, const std::vector<std::string>& words, const Setting& setting) {
  return Running(folder.path(), words, setting).wait();
}

}  // namespace program
