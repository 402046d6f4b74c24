// Floor 4. Blurring a picture: options in picture terms to a plan of the core, the whole or by regions, with alpha or
// without.
#include "colour.h"
#include "metadata.h"
#include "progress.h"
#include "state.h"

#include <gaussfilt/error.h>
#include <gaussfilt/filters.h>
#include <gaussfilt/gaussian_regions.h>
#include <gaussfilt/kernel.h>
#include <gaussfilt/pictures.h>

#include <cmath>
#include <optional>

#include <fmt/format.h>

namespace gaussfilt::pictures {
namespace {

// How its samples are filtered: as they are, or in place of them what `weighting` makes.
struct Approach {
  bool weighted = false;
  Weighting weighting;  // its working dtype holds sums before they are rounded
  Curves curves;
  double tolerance = 0;
};

// With alpha the tolerance is divided by this: the quotient of two samples that are off by t has an error of up to
// 2 t / alpha, and below that colours stay within one level down to an alpha of 1/255.
constexpr double alpha_margin = 64;

bool is_light(const Picture& picture, const BlurOptions& options) {
  if (options.light == Light::encoded) return false;
  if (picture.colour() != Colour::grey && picture.colour() != Colour::rgb)
    throw InvalidArgument(
        fmt::format("light: is linear, and the picture is {}, must be grey or RGB; filter it encoded.",
                    picture.colour() == Colour::bands ? "of bands without a colour" : name(picture.colour())));
  const bool profile = !profile_of(PictureAccess::state(picture)).empty();
  if (picture.dtype() == DType::u8 || picture.dtype() == DType::u16) return true;
  if (profile || !is_floating(picture.dtype()))
    throw InvalidArgument(
        fmt::format("light: is linear, and the picture has {} samples{}, must have u8 or u16; save it "
                    "with a depth of 16 first.",
                    name(picture.dtype()), profile ? " and a profile" : ""));
  return false;  // floats without a profile are light
}

// f32 holds what has 16 bits; of light at 16 bits, of wider samples and of tight tolerances only f64 does.
DType working_dtype(const Picture& picture, bool light) {
  const bool wide = picture.dtype() == DType::u32 || picture.dtype() == DType::i32 || picture.dtype() == DType::f64;
  return wide || (light && picture.dtype() == DType::u16) ? DType::f64 : DType::f32;
}

// A constant beyond the border, in the units of what is filtered.
double cval_of(const BlurOptions& options, const Approach& way) {
  if (way.curves.bands.empty()) return options.cval;
  return way.curves.bands.front()->light(static_cast<int>(std::nearbyint(options.cval)));
}

void check(const Picture& picture, const BlurOptions& options) {
  if (options.sigma.size() != 1 && options.sigma.size() != 2)
    throw InvalidArgument(fmt::format("sigma: there are {} values, must be one or two (x, y).", options.sigma.size()));
  if (options.radius.size() > 2)
    throw InvalidArgument(
        fmt::format("radius: there are {} values, must be one or two (x, y).", options.radius.size()));
  if (options.border == Border::constant) check_constant(picture, options.cval);
}

Approach approach(const Picture& picture, const BlurOptions& options) {
  const bool light = is_light(picture, options);
  Approach way{.weighted = light || picture.has_alpha(), .weighting = {}, .curves = {}, .tolerance = 0};
  way.tolerance = options.tolerance.value_or(is_floating(picture.dtype()) ? 1e-5 : 0.125 / picture.max_level());
  way.weighting = {.alpha = picture.has_alpha(), .curves = nullptr, .working = working_dtype(picture, light)};
  if (picture.has_alpha()) way.tolerance /= alpha_margin;
  if (light) {
    way.curves = light_curves(profile_of(PictureAccess::state(picture)), picture.bands() - int(picture.has_alpha()),
                              picture.dtype());
    way.tolerance /= way.curves.steepest();
  }
  return way;
}

// Points into the approach itself, which may have moved since it was made.
Weighting weighting_of(const Approach& way) {
  Weighting weighting = way.weighting;
  if (!way.curves.bands.empty()) weighting.curves = &way.curves;
  return weighting;
}

// A page as it is filtered.
Layout layout_of(const Picture& picture, const Approach& way) {
  return {picture.page(0).shape(), way.weighted ? way.weighting.working : picture.dtype()};
}

GaussianOptions gaussian_of(const BlurOptions& options, const Approach& way) {
  GaussianOptions gaussian{.sigma = {options.sigma[1], options.sigma[0]},
                           .border = options.border,
                           .cval = cval_of(options, way),
                           .axes = {0, 1},
                           .truncate = options.truncate,
                           .taps = options.taps,
                           .tolerance = way.tolerance,
                           .threads = options.threads};
  if (options.radius.size() != 0) {
    gaussian.radius = {options.radius[1], options.radius[0]};
  } else if (!options.truncate) {
    gaussian.truncate = infinity;
  }
  return gaussian;
}

Plan plan_page(const Picture& picture, const BlurOptions& options, const Approach& way) {
  const Layout layout = layout_of(picture, way);
  return plan_gaussian(layout, layout.dtype, gaussian_of(options, way));
}

// The approach must live as long as the plan.
RegionsPlan plan_regions(const Picture& picture, const BlurOptions& options, const Approach& way) {
  Averaged averaged;
  if (way.weighted)
    averaged = {.working = way.weighting.working,
                .take = [&way](const View& in, const MutableView& out) { to_weighted(in, out, weighting_of(way)); },
                .give = [&way](const View& in, const MutableView& out) { from_weighted(in, out, weighting_of(way)); }};
  return plan_gaussian_regions(
      {picture.page(0).shape(), picture.dtype()}, gaussian_of(options, way),
      {.regions = options.regions, .source = options.source, .invert = options.invert, .feather = options.feather},
      averaged);
}

RunStatus blur_page(const Plan& plan, const MutableView& page, const Approach& way, const RunOptions& run) {
  if (!way.weighted) return plan.run(page, page, run);
  Array weighted(way.weighting.working, page.shape());
  to_weighted(page, weighted, weighting_of(way));
  const RunStatus status = plan.run(weighted, weighted, run);
  if (status == RunStatus::complete) from_weighted(weighted, page, weighting_of(way));
  return status;
}

bool is_nothing(const PerAxis<double>& sigma) { return sigma[0] == 0 && sigma[1] == 0; }

}  // namespace
}  // namespace gaussfilt::pictures

namespace gaussfilt::inline v0 {

Plan plan_blur(const Picture& picture, const BlurOptions& options) {
  pictures::check(picture, options);
  return pictures::plan_page(picture, options, pictures::approach(picture, options));
}

RunStatus blur(Picture& picture, const BlurOptions& options, const RunOptions& run) {
  using namespace pictures;
  check(picture, options);
  const Approach way = approach(picture, options);
  const bool whole = options.regions.empty();
  std::optional<Plan> plan;
  std::optional<RegionsPlan> regions;
  if (whole) plan = plan_page(picture, options, way);
  else regions = plan_regions(picture, options, way);
  // Nothing to do, and colours under alpha 0 would not come back from being weighted with it.
  if (whole && is_nothing(options.sigma)) return RunStatus::complete;
  for (std::int64_t i = 0; i < picture.pages(); ++i) {
    const MutableView page = picture.page(i);
    const RunOptions share = share_of(run, i, picture.pages());
    const RunStatus status = whole ? blur_page(*plan, page, way, share) : regions->run(page, page, share);
    if (status == RunStatus::stopped) return status;
  }
  return RunStatus::complete;
}

}  // namespace gaussfilt::inline v0
