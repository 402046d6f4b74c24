// Floor 5. A kernel of two dimensions and what it does, for the four formats of `gaussfilt kernel NAME`.
#pragma once

#include "requests.h"

#include <complex>
#include <string>
#include <vector>

namespace gaussfilt::cli {

struct MatrixReport {
  KernelText asked;
  DenseKernel kernel;
  double factor = 1;
  double bias = 0;
  Anchor anchor;
  double sum = 0;      // of the matrix as written
  bool signs = false;  // has negative weights
  // Where no weight is negative: the centre of mass from the anchor, and the standard deviation about it.
  double x = 0, y = 0, sigma_x = 0, sigma_y = 0;

  std::int64_t width() const { return kernel.shape[1]; }
  std::int64_t height() const { return kernel.shape[0]; }
  double at(std::int64_t column, std::int64_t row) const {
    return kernel.values[static_cast<std::size_t>(row * width() + column)];
  }
};

MatrixReport make_report(const KernelText& asked);
// What is left of waves of `x` and `y` cycles a pixel along a row and a column: the magnitude.
double response(const MatrixReport& report, double x, double y);
std::string title(const MatrixReport& report);
// "factor 0.0625, bias 0, ..." and their like: a line each.
std::vector<std::string> facts(const MatrixReport& report);

std::string matrix_text(const MatrixReport& report);
std::string matrix_json(const MatrixReport& report);
std::string matrix_csv(const MatrixReport& report);
std::string matrix_svg(const MatrixReport& report);

}  // namespace gaussfilt::cli
