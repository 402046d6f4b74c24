// Floor 5. `gaussfilt blur`: read, blur, write, say what was done.
#include "commands.h"

#include "faces/threads.h"

#include <gaussfilt/gaussfilt.h>

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <new>
#include <string>
#include <system_error>

#include <fmt/format.h>

namespace gaussfilt::cli {
namespace {

namespace fs = std::filesystem;

int fail(const std::string& sentence) { return print({failed, fmt::format("gaussfilt: {}\n", sentence)}); }

bool same_file(const fs::path& a, const fs::path& b) {
  std::error_code error;
  return fs::weakly_canonical(fs::absolute(a), error) == fs::weakly_canonical(fs::absolute(b), error);
}

// What can be known before a picture is read. Throws InvalidArgument (the command line is wrong) or IoError.
void check_outputs(const BlurArguments& arguments) {
  check_writable(arguments.out, arguments.save);
  if (arguments.compare.empty()) return;
  check_writable(arguments.compare);
  for (const std::string& other : {arguments.in, arguments.out})
    if (same_file(arguments.compare, other))
      throw InvalidArgument(
          fmt::format("--compare: is '{}', must be another file than IN and OUT.", arguments.compare));
}

std::string duration(std::chrono::steady_clock::duration time) {
  const double ms = std::chrono::duration<double, std::milli>(time).count();
  return ms < 10      ? fmt::format("{:.1f} ms", ms)
         : ms < 10000 ? fmt::format("{:.0f} ms", ms)
                      : fmt::format("{:.1f} s", ms / 1000);
}

std::string area(const BlurArguments& arguments) {
  const std::size_t regions = arguments.regions.size();
  return regions == 0 ? "" : regions == 1 ? ", 1 region" : fmt::format(", {} regions", regions);
}

// Opens a file in the desktop's viewer, in a session of its own, silent. A sentence where that cannot be.
std::string show(const std::string& file) {
  const auto set = [](const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0';
  };
  if (!set("DISPLAY") && !set("WAYLAND_DISPLAY")) return "there is no display to show it on";
  std::string command = "xdg-open";
  std::string path = fs::absolute(file).string();  // never taken for an option or an address
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

// The pictures: read, blurred, written. Notes are what somebody may want to know, one sentence each.
struct Outcome {
  std::string picture;
  std::chrono::steady_clock::duration time{};
  std::vector<std::string> notes;
};

// The boxes as typed, in pixels of this picture.
std::vector<Rect> boxes(const BlurArguments& arguments, const Picture& picture) {
  const auto pixels = [](const Length& length, std::int64_t whole) {
    return std::llround(length.percent ? length.value / 100 * static_cast<double>(whole) : length.value);
  };
  std::vector<Rect> rects;
  for (const RegionArgument& region : arguments.regions)
    rects.push_back({.x = pixels(region.box[0], picture.width()),
                     .y = pixels(region.box[1], picture.height()),
                     .width = pixels(region.box[2], picture.width()),
                     .height = pixels(region.box[3], picture.height())});
  return rects;
}

Outcome blur_file(BlurArguments arguments) {
  Outcome outcome;
  Picture picture = Picture::load(arguments.in, arguments.read.options);
  arguments.options.regions = boxes(arguments, picture);
  outcome.picture = picture.describe();
  outcome.notes.assign(picture.notes().begin(), picture.notes().end());
  if (arguments.explain) {
    std::string text = plan_blur(picture, arguments.options).explain();
    if (!text.ends_with('\n')) text += '\n';
    std::fputs(text.c_str(), stdout);
  }
  std::optional<Picture> before;
  if (!arguments.compare.empty()) before = picture.copy();
  const auto start = std::chrono::steady_clock::now();
  blur(picture, arguments.options);
  outcome.time = std::chrono::steady_clock::now() - start;
  const std::vector<std::string> lost = picture.save(arguments.out, arguments.save);
  outcome.notes.insert(outcome.notes.end(), lost.begin(), lost.end());
  if (before) side_by_side(*before, picture).save(arguments.compare);
  return outcome;
}

void report(const BlurArguments& arguments, const Outcome& outcome) {
  fmt::print("{} -> {}  {}, {}{}, {}\n", arguments.in, arguments.out, outcome.picture, arguments.strength,
             area(arguments), duration(outcome.time));
  for (const std::string& note : outcome.notes) fmt::print("  {}.\n", note);
  if (!arguments.compare.empty()) fmt::print("  before | after: {}\n", arguments.compare);
}

}  // namespace

int print(const Answer& answer) {
  std::fputs(answer.text.c_str(), answer.code == done ? stdout : stderr);
  return answer.code;
}

int run_blur(BlurArguments arguments) {
  try {
    check_outputs(arguments);
  } catch (const InvalidArgument& error) {
    return print(usage_error(error.what(), "gaussfilt blur"));
  } catch (const std::exception& error) {
    return fail(error.what());
  }
  if (arguments.options.threads == 0)
    arguments.options.threads = faces::thread_limit([](const char* name) { return std::getenv(name); });
  try {
    const Outcome outcome = blur_file(arguments);
    if (!arguments.quiet) report(arguments, outcome);
  } catch (const IoError& error) {
    return fail(error.what());  // names its file
  } catch (const std::bad_alloc&) {
    return fail(arguments.in + ": there is not enough memory for it.");
  } catch (const std::exception& error) {
    return fail(arguments.in + ": " + error.what());
  }
  if (arguments.show) {
    const std::string sentence = show(arguments.compare.empty() ? arguments.out : arguments.compare);
    if (!sentence.empty()) fmt::print(stderr, "gaussfilt: the picture is written, but {}.\n", sentence);
  }
  return done;
}

}  // namespace gaussfilt::cli
