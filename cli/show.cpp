// Floor 5. Opening a picture in the desktop's viewer.
#include "show.h"

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace gaussfilt::cli {

std::string show(const std::string& file) {
  const auto set = [](const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0';
  };
  if (!set("DISPLAY") && !set("WAYLAND_DISPLAY")) return "there is no display to show it on";
  std::string command = "xdg-open";
  std::string path = std::filesystem::absolute(file).string();  // never taken for an option or an address
  char* const words[] = {command.data(), path.data(), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  if (posix_spawn_file_actions_init(&actions) != 0) return "the viewer does not start";
  if (posix_spawnattr_init(&attributes) != 0) {
    posix_spawn_file_actions_destroy(&actions);
    return "the viewer does not start";
  }
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
  pid_t child = 0;
  const int error = posix_spawnp(&child, command.c_str(), &actions, &attributes, words, environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error == ENOENT) return "there is no xdg-open to show it with (package xdg-utils)";
  return error == 0 ? "" : "xdg-open does not start: " + std::generic_category().message(error);
}

}  // namespace gaussfilt::cli
