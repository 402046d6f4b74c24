// Floor 5. The program: signals, the command table, exit codes.
#include "commands.h"

#include <gaussfilt/pictures.h>

#include <csignal>
#include <cstdio>
#include <exception>

namespace {

// A program that is told to end leaves no temporary file behind; then it ends as if it had not listened.
extern "C" void end_cleanly(int signal) {
  gaussfilt::remove_unfinished_files();
  std::raise(signal);
}

void listen_to_signals() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
    struct sigaction before {};
    if (sigaction(signal, nullptr, &before) != 0 || before.sa_handler == SIG_IGN) continue;  // nohup
    struct sigaction action {};
    action.sa_handler = end_cleanly;
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    sigemptyset(&action.sa_mask);
    sigaction(signal, &action, nullptr);
  }
}

}  // namespace

int main(int argc, char** argv) {
  using namespace gaussfilt::cli;
  listen_to_signals();
  try {
    auto parsed = parse(argc, argv);
    if (const Answer* answer = std::get_if<Answer>(&parsed)) return print(*answer);
    return run_blur(std::get<BlurArguments>(std::move(parsed)));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "gaussfilt: %s\n", error.what());
    return failed;
  }
}
