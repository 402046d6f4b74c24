// Floor 5. The program: signals, the command table, exit codes.
#include "commands.h"

#include <gaussfilt/pictures.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <new>
#include <variant>

namespace {

// A program that is told to end leaves no temporary file behind; then it ends as if it had not listened.
extern "C" void end_cleanly(int signal) {
  gaussfilt::remove_unfinished_files();
  std::raise(signal);
}

void listen_to_signals() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE}) {
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

namespace gaussfilt::cli {
namespace {

// What is asked for, done.
struct Run {
  int operator()(const Answer& answer) const { return print(answer); }
  int operator()(const BlurArguments& arguments) const { return run_blur(arguments); }
  int operator()(const ConvolveArguments& arguments) const { return run_convolve(arguments); }
  int operator()(ApplyArguments& arguments) const { return run_apply(std::move(arguments)); }
  int operator()(ContactArguments& arguments) const { return run_contact(std::move(arguments)); }
  int operator()(ReportArguments& arguments) const { return run_report(std::move(arguments)); }
  int operator()(const InfoArguments& arguments) const { return run_info(arguments); }
  int operator()(const CompareArguments& arguments) const { return run_compare(arguments); }
  int operator()(const KernelArguments& arguments) const { return run_kernel(arguments); }
  int operator()(const PlanArguments& arguments) const { return run_plan(arguments); }
};

}  // namespace
}  // namespace gaussfilt::cli

int main(int argc, char** argv) {
  using namespace gaussfilt::cli;
  listen_to_signals();
  try {
    auto request = parse(argc, argv);
    return std::visit(Run{}, request);
  } catch (const std::bad_alloc&) {
    std::fputs("gaussfilt: there is not enough memory.\n", stderr);
    return failed;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "gaussfilt: %s\n", error.what());
    return failed;
  }
}
