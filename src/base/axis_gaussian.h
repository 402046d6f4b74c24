// Floor 0. A Gaussian along an axis: its taps one by one and in sums, also where sigma is so large that nobody would
// list them, and what stands for them on an axis that they reach beyond.
#pragma once

#include <gaussfilt/border.h>
#include <gaussfilt/kernel.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace gaussfilt::base {

// A Gaussian as it is meant: cut at a radius, or ideal. In correlation's order, normalised as gaussian_kernel() is.
struct MeantGaussian {
  double sigma = 1;
  int order = 0;
  Taps taps = Taps::sampled;
  std::optional<std::int64_t> radius = {};
};

// Whether its taps reach so far beyond an axis of n samples that they are better summed than listed.
bool better_summed(const MeantGaussian& meant, Border border, std::int64_t n);

class AxisGaussian {
 public:
  // Lists the taps; an ideal Gaussian is cut beyond `cut` of its mass.
  AxisGaussian(const MeantGaussian& meant, Border border, std::int64_t n, double cut);
  // Of taps that are better summed.
  AxisGaussian(const MeantGaussian& meant, Border border, std::int64_t n);

  bool listed() const { return !list_.taps.empty(); }
  const Kernel& list() const { return list_; }
  std::int64_t reach() const;            // of the taps, or 2^52 where it is longer
  double mass() const { return mass_; }  // sum |taps|
  double deviation() const;              // of the Gaussian of order 0: what it delivers

  // As fold() in taps.h gives it.
  Kernel folded() const;
  // A kernel that does to the axis what the Gaussian does, and reaches but little beyond it, with nothing in it that is
  // steeper than a Gaussian of deviation `soft` or sigma.
  Kernel softly_folded(double soft) const;

 private:
  // The taps are sum of weight x the derivative of that order of the sampled Gaussian, before normalisation.
  struct Term {
    double weight;
    int order;
  };
  static std::vector<Term> terms_of(const MeantGaussian& meant, int order);

  double tap(std::int64_t x) const;
  double from(std::int64_t x) const;                         // sum of tap(x), tap(x + 1) ..., x > 0
  double images(std::int64_t x, std::int64_t period) const;  // sum of tap(x + k period), k any integer
  double derivative(int order, double x) const;
  double sum(const std::vector<Term>& terms, double first, double last, double step) const;
  double sum_within(double x, double step, double from) const;
  double mass_of_sums() const;
  Kernel folded_sums() const;
  std::vector<double> through_window(double soft) const;
  std::vector<double> with_ends(double soft) const;
  Kernel both_sides(const std::vector<double>& half) const;

  MeantGaussian meant_;
  Border border_;
  std::int64_t n_;
  double reach_ = 0, norm_ = 1, mass_ = 1;
  Kernel list_{};  // where they are listed; else
  std::vector<Term> terms_{};
  Kernel folded_{};
};

// The standard deviation of a Gaussian's taps within a radius.
double delivered_sigma(double sigma, std::int64_t radius, Taps taps);

// How far softly_folded() reaches, up to a part of about `missing` of its mass.
double softly_folded_reach(Border border, std::int64_t n, double soft, double missing);

}  // namespace gaussfilt::base
