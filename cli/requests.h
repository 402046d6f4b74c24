// Floor 5. What a command line asks for: the arguments of one command.
#pragma once

#include "arguments.h"

#include <gaussfilt/array.h>
#include <gaussfilt/filters.h>
#include <gaussfilt/kernel.h>
#include <gaussfilt/kernel_text.h>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace gaussfilt::cli {

enum class KernelFormat : std::uint8_t { text, json, csv, svg };

struct KernelArguments {
  double sigma = 1;
  int order = 0;
  std::int64_t radius = 0;
  Taps taps = Taps::sampled;
  std::string strength;                  // how it is told: "sigma 2", "sigma 1.1 (of --size 5)"
  std::optional<std::int64_t> integers;  // the sum of the whole numbers that are wanted
  KernelFormat format = KernelFormat::text;
  std::optional<KernelText> matrix;  // a kernel of two dimensions; then none of the above but the format
};

struct PlanArguments {
  Layout layout;
  DType out_dtype = DType::f32;
  GaussianOptions options;
  bool json = false;
};

// What ends the program without work: help or the version (done), or a wrong command line (usage).
struct Answer {
  ExitCode code = done;
  std::string text;
};

using Request = std::variant<Answer, BlurArguments, ConvolveArguments, ApplyArguments, ContactArguments,
                             ReportArguments, InfoArguments, CompareArguments, KernelArguments, PlanArguments>;

}  // namespace gaussfilt::cli
