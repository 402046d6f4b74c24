// Floor 4. The curve between the numbers in a picture and the light that they mean.
#pragma once

#include <gaussfilt/array.h>

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace gaussfilt::pictures {

// sRGB's (IEC 61966-2-1), from 0..1 to 0..1; beyond that the straight piece and the power go on.
double srgb_to_light(double encoded);
double light_to_srgb(double light);

// One band's curve at the levels of an integer picture: rising, 0..1.
class Curve {
 public:
  // to_light(e) for an encoded value e in [0, 1]; levels 256 or 65536.
  template <class Function> Curve(int levels, Function to_light);

  double light(int level) const { return light_[static_cast<std::size_t>(level)]; }
  // The level whose encoded value is nearest to that of this light.
  int level(double of_light) const;
  // The steepest slope of the way back, from light to encoded values, between neighbouring levels.
  double steepest() const;

 private:
  void prepare();

  std::vector<double> light_;        // of level i
  std::vector<double> border_;       // light half way, as encoded, between level i and i + 1
  std::vector<std::int32_t> start_;  // the lowest level that light in this bin can have
};

// The curves of the colour bands; bands with the same curve share it.
struct Curves {
  std::vector<std::shared_ptr<const Curve>> bands;
  double steepest() const;
};

// Of an ICC profile with one curve for each of `bands` (1 or 3) colour bands; empty bytes: sRGB's. Throws
// InvalidArgument where the profile is of another kind.
Curves light_curves(std::string_view profile, int bands, DType dtype);

}  // namespace gaussfilt::pictures
