// Test support: runs the gaussfilt program.
#include "program.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <stdexcept>

namespace program {
namespace {

void limit(int resource, const std::optional<rlim_t>& value) {
  if (!value) return;
  const rlimit both{*value, *value};
  if (setrlimit(static_cast<__rlimit_resource>(resource), &both) != 0) _exit(126);
}

// A pseudo terminal of 60 columns.
int open_terminal() {
  const int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  const winsize size{.ws_row = 24, .ws_col = 60, .ws_xpixel = 0, .ws_ypixel = 0};
  if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0 || ioctl(master, TIOCSWINSZ, &size) != 0)
    throw std::runtime_error("pseudo terminal");
  return master;
}

// Until the program has let go of the other end.
std::string read_all(int descriptor) {
  std::string text;
  char buffer[4096];
  for (ssize_t got = 0; (got = read(descriptor, buffer, sizeof buffer)) > 0;)
    text.append(buffer, static_cast<std::size_t>(got));
  return text;
}

void feed(int pipe, const std::string& bytes, std::chrono::milliseconds pause) {
  sigset_t broken;  // a program that does not read to the end is no error of the test
  sigemptyset(&broken);
  sigaddset(&broken, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &broken, nullptr);
  std::this_thread::sleep_for(pause);
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t written = write(pipe, bytes.data() + done, bytes.size() - done);
    if (written < 0) break;
    done += static_cast<std::size_t>(written);
  }
  close(pipe);
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

  std::string slave = "/dev/null";
  if (!setting.terminal.empty()) {
    master_ = open_terminal();
    slave = ptsname(master_);
  }
  int ends[2] = {-1, -1};
  if (setting.input && pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe");

  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error("fork");
  if (pid_ > 0) {
    if (!setting.input) return;
    close(ends[0]);
    writer_ = std::jthread(feed, ends[1], *setting.input, setting.pause);
    return;
  }
  // Between fork and exec: system calls alone.
  const int out_file = open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  const int err_file = open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  const int null = open("/dev/null", O_RDONLY);
  if (chdir(folder.c_str()) != 0 || dup2(setting.input ? ends[0] : null, STDIN_FILENO) < 0 ||
      dup2(out_file, STDOUT_FILENO) < 0 || dup2(err_file, STDERR_FILENO) < 0)
    _exit(126);
  const int terminal = open(slave.c_str(), O_RDWR | O_NOCTTY);
  for (const int descriptor : setting.terminal)
    if (dup2(terminal, descriptor) < 0) _exit(126);
  close(terminal);
  limit(RLIMIT_FSIZE, setting.file_size);
  limit(RLIMIT_AS, setting.address_space);
  execve(GAUSSFILT_PROGRAM, argv.data(), envp.data());
  _exit(127);
}

Running::~Running() {
  if (master_ >= 0) close(master_);
}

bool Running::ended() {
  int status = 0;
  if (!status_ && waitpid(pid_, &status, WNOHANG) == pid_) status_ = status;
  return status_.has_value();
}

Result Running::wait() {
  Result result;
  if (master_ >= 0) result.terminal = read_all(master_);
  int status = 0;
  if (!status_ && waitpid(pid_, &status, 0) == pid_) status_ = status;
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
