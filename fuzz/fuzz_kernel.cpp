// Kernels as rows, as JSON and by name: read or refused in one sentence, and rectangular.
#include "refusal.h"

#include <gaussfilt/error.h>
#include <gaussfilt/kernel_text.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

using namespace gaussfilt;

void check(const KernelText& read) {
  if (read.unsharp) return;
  const DenseKernel& kernel = read.kernel;
  fuzz::require(kernel.shape.rank() == 2, "is no matrix: " + read.told);
  fuzz::require(static_cast<std::size_t>(kernel.shape.product()) == kernel.values.size(), "is no rectangle");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    check(parse_kernel(text));
  } catch (const InvalidArgument& error) {
    fuzz::check_refusal(error);
  }
  // As a name: only what looks like one, for anything else may be a file of this machine.
  if (text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-(), .") != std::string_view::npos) return 0;
  if (text.find('(') == std::string_view::npos) return 0;
  try {
    check(find_kernel(std::string(text)));
  } catch (const Error& error) {
    fuzz::check_refusal(error);
  }
  return 0;
}
