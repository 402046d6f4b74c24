// Floor 4. Kernels as people write them: by name, in a file, or as a matrix.
//
//   name    what named_kernels() lists, unsharp with its threshold as well
//   rows    "1 2 1; 2 4 2; 1 2 1": rows end with a semicolon or a line, values are divided by blanks or a comma (CSV)
//   JSON    [[1, 2, 1], [2, 4, 2], [1, 2, 1]], or {"kernel": [[...]], "factor": F, "bias": B, "anchor": [x, y]}, of
//   which
//           "kernel" alone must be there
//
// What cannot be read is refused in one sentence with the place: line and column of rows, a JSON pointer of JSON.
#pragma once

#include <gaussfilt/export.h>
#include <gaussfilt/kernel.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace gaussfilt::inline v0 {

// A cell of a matrix, both from 0: column and row.
struct Anchor {
  std::int64_t x = 0;
  std::int64_t y = 0;
};

// picture + amount * (picture - its Gaussian) where the difference is larger than `threshold` levels (of 8 bits), the
// picture elsewhere. No kernel: it is a filter, and done on the engine of the Gaussian, whose cost does not grow as
// that of a matrix does.
struct Unsharp {
  double sigma = 2;
  double amount = 1.5;
  double threshold = 3;
};

struct KernelText {
  std::string told;         // "motion(9, 30)", "kernel.json", "3 x 3"
  DenseKernel kernel;       // rank 2, height x width; empty for `unsharp`
  std::string orientation;  // of a named one
  std::optional<double> factor = {};
  std::optional<double> bias = {};  // in levels; of a named one in levels of 8 bits
  std::optional<Anchor> anchor = {};
  std::optional<Unsharp> unsharp = {};
  int version = 0;  // of a named one; 0: it has no name
};

// Rows or JSON. `title` stands in messages. Throws InvalidArgument.
GAUSSFILT_API KernelText parse_kernel(std::string_view text, const std::string& title = "kernel");
// The same from a file. Throws InvalidArgument, IoError.
GAUSSFILT_API KernelText load_kernel(const std::filesystem::path& file);
// A name, else a file where there is one of that name, else rows or JSON.
GAUSSFILT_API KernelText find_kernel(const std::string& text);

}  // namespace gaussfilt::inline v0
