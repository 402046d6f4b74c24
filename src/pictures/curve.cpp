// Floor 4. Curves of light, from ICC profiles (read by Little CMS) and sRGB's own.
#include "curve.h"

#include <gaussfilt/error.h>

#include <lcms2.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <memory>
#include <utility>

namespace gaussfilt::pictures {
namespace {

constexpr std::size_t bins = 65536;

std::size_t bin_of(double light) {
  return static_cast<std::size_t>(std::clamp(light, 0.0, 1.0) * static_cast<double>(bins - 1));
}

struct CloseProfile {
  void operator()(void* profile) const noexcept { cmsCloseProfile(profile); }
};
using ProfilePtr = std::unique_ptr<void, CloseProfile>;

[[noreturn]] void refuse(std::string_view why) {
  throw InvalidArgument("light: is linear, and the picture's profile " + std::string(why) +
                        "; convert the picture to sRGB first, or filter it encoded.");
}

// Little CMS reads sampled curves in 16 bits; between its entries we interpolate in f64.
double evaluate(const cmsToneCurve* curve, double encoded) {
  if (cmsGetToneCurveParametricType(curve) != 0) return cmsEvalToneCurveFloat(curve, static_cast<float>(encoded));
  const cmsUInt32Number count = cmsGetToneCurveEstimatedTableEntries(curve);
  const cmsUInt16Number* table = cmsGetToneCurveEstimatedTable(curve);
  const double at = encoded * (count - 1);
  const auto below = std::min(static_cast<cmsUInt32Number>(at), count - 2);
  const double share = at - below;
  return (table[below] * (1 - share) + table[below + 1] * share) / 65535.0;
}

int levels_of(DType dtype) { return dtype == DType::u8 ? 256 : 65536; }

}  // namespace

double srgb_to_light(double encoded) {
  return encoded <= 0.04045 ? encoded / 12.92 : std::pow((encoded + 0.055) / 1.055, 2.4);
}

double light_to_srgb(double light) {
  return light <= 0.0031308 ? light * 12.92 : 1.055 * std::pow(light, 1 / 2.4) - 0.055;
}

template <class Function> Curve::Curve(int levels, Function to_light) {
  const double top = levels - 1;
  for (int i = 0; i < levels; ++i) light_.push_back(to_light(i / top));
  for (int i = 0; i + 1 < levels; ++i) border_.push_back(to_light((i + 0.5) / top));
  prepare();
}

// Rising, whatever a profile says, so that there is a way back.
void Curve::prepare() {
  for (std::size_t i = 1; i < light_.size(); ++i) light_[i] = std::max(light_[i], light_[i - 1]);
  for (std::size_t i = 0; i < border_.size(); ++i) border_[i] = std::clamp(border_[i], light_[i], light_[i + 1]);
  start_.resize(bins);
  std::int32_t lowest_level = 0;
  for (std::size_t bin = 0; bin < bins; ++bin) {
    const double lowest = static_cast<double>(bin) / static_cast<double>(bins - 1);
    while (static_cast<std::size_t>(lowest_level) < border_.size() &&
           border_[static_cast<std::size_t>(lowest_level)] < lowest)
      ++lowest_level;
    start_[bin] = lowest_level;
  }
}

int Curve::level(double of_light) const {
  if (!(of_light > border_.front())) return 0;
  auto found = static_cast<std::size_t>(start_[bin_of(of_light)]);
  while (found < border_.size() && border_[found] < of_light) ++found;
  return static_cast<int>(found);
}

double Curve::steepest() const {
  double least = 1;
  for (std::size_t i = 1; i < light_.size(); ++i)
    if (light_[i] > light_[i - 1]) least = std::min(least, light_[i] - light_[i - 1]);
  return 1 / (least * static_cast<double>(light_.size() - 1));
}

double Curves::steepest() const {
  double steepest = 1;
  for (const auto& curve : bands) steepest = std::max(steepest, curve->steepest());
  return steepest;
}

Curves light_curves(std::string_view profile, int bands, DType dtype) {
  const int levels = levels_of(dtype);
  if (profile.empty())
    return {std::vector(static_cast<std::size_t>(bands), std::make_shared<const Curve>(levels, srgb_to_light))};
  const ProfilePtr opened(cmsOpenProfileFromMem(profile.data(), static_cast<cmsUInt32Number>(profile.size())));
  if (!opened) refuse("cannot be read");
  if (cmsIsTag(opened.get(), cmsSigAToB0Tag)) refuse("is a table, not one curve for each colour");
  constexpr std::array rgb = {cmsSigRedTRCTag, cmsSigGreenTRCTag, cmsSigBlueTRCTag};
  Curves curves;
  for (std::size_t band = 0; band < static_cast<std::size_t>(bands); ++band) {
    const cmsTagSignature tag = bands == 1 ? cmsSigGrayTRCTag : rgb.at(band);
    const auto* curve = static_cast<const cmsToneCurve*>(cmsReadTag(opened.get(), tag));
    if (curve == nullptr || cmsGetToneCurveEstimatedTableEntries(curve) < 2)
      refuse("does not have one curve for each colour");
    curves.bands.push_back(
        std::make_shared<const Curve>(levels, [curve](double encoded) { return evaluate(curve, encoded); }));
  }
  return curves;
}

}  // namespace gaussfilt::pictures
