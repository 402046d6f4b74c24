// Floor 0. Least squares of a few unknowns, by Householder's reflections: what survives in the residual is not squared
// on its way, as it would be by normal equations.
#pragma once

#include <cstddef>
#include <vector>

namespace gaussfilt::base {

// Column by column.
struct Matrix {
  Matrix(std::size_t rows_, std::size_t columns_) : rows(rows_), columns(columns_), entries(rows_ * columns_) {}
  double* column(std::size_t j) { return entries.data() + j * rows; }
  const double* column(std::size_t j) const { return entries.data() + j * rows; }

  std::size_t rows, columns;
  std::vector<double> entries;
};

class LeastSquares {
 public:
  explicit LeastSquares(Matrix a);  // at least as many rows as columns

  std::size_t rows() const { return reflections_.rows; }
  std::size_t unknowns() const { return reflections_.columns; }

  // The x with the least |A x - b|.
  std::vector<double> solve(std::vector<double> b) const;
  // What no A x reaches of b: rows() - unknowns() coordinates, of the length of A x - b.
  std::vector<double> left_over(std::vector<double> b) const;

 private:
  void reflect(std::size_t k, double* column) const;

  Matrix reflections_;  // on and below the diagonal; above it, the triangle
  std::vector<double> diagonal_, scale_;
};

}  // namespace gaussfilt::base
