// Floor 0. Householder's reflections.
#include "base/least_squares.h"

#include <cmath>
#include <utility>

namespace gaussfilt::base {

using std::size_t;

LeastSquares::LeastSquares(Matrix a) : reflections_(std::move(a)), diagonal_(unknowns()), scale_(unknowns()) {
  for (size_t k = 0; k < unknowns(); ++k) {
    double* const column = reflections_.column(k);
    double square = 0;
    for (size_t i = k; i < rows(); ++i) square += column[i] * column[i];
    diagonal_[k] = column[k] > 0 ? -std::sqrt(square) : std::sqrt(square);
    column[k] -= diagonal_[k];
    scale_[k] = square > 0 ? 1 / (diagonal_[k] * column[k]) : 0;
    for (size_t j = k + 1; j < unknowns(); ++j) reflect(k, reflections_.column(j));
  }
}

void LeastSquares::reflect(size_t k, double* column) const {
  const double* const reflection = reflections_.column(k);
  double product = 0;
  for (size_t i = k; i < rows(); ++i) product += reflection[i] * column[i];
  product *= scale_[k];
  for (size_t i = k; i < rows(); ++i) column[i] += product * reflection[i];
}

std::vector<double> LeastSquares::solve(std::vector<double> b) const {
  for (size_t k = 0; k < unknowns(); ++k) reflect(k, b.data());
  b.resize(unknowns());
  for (size_t k = unknowns(); k-- > 0;) {
    b[k] = diagonal_[k] != 0 ? b[k] / diagonal_[k] : 0;
    for (size_t i = 0; i < k; ++i) b[i] -= reflections_.column(k)[i] * b[k];
  }
  return b;
}

std::vector<double> LeastSquares::left_over(std::vector<double> b) const {
  for (size_t k = 0; k < unknowns(); ++k) reflect(k, b.data());
  b.erase(b.begin(), b.begin() + static_cast<std::ptrdiff_t>(unknowns()));
  return b;
}

}  // namespace gaussfilt::base
