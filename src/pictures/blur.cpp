// Floor 4. Blurring a picture: options in picture terms to a plan of the core, the whole or by regions, with alpha or
// without.
#include "colour.h"
#include "metadata.h"
#include "state.h"

#include <gaussfilt/error.h>
#include <gaussfilt/filters.h>
#include <gaussfilt/kernel.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <iterator>
#include <utility>

#include <fmt/format.h>

namespace gaussfilt::pictures {
namespace {

// With alpha the tolerance is divided by this: the quotient of two samples that are off by t has an error of up to
// 2 t / alpha, and below that colours stay within one level down to an alpha of 1/255.
constexpr double alpha_margin = 64;

// How a picture is filtered: its samples as they are, or in place of them what `weighting` makes.
struct Approach {
  bool weighted = false;
  Weighting weighting;
  Curves curves;
  double tolerance = 0;
};

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

// A constant beyond the border, in the units of what is filtered.
double cval_of(const BlurOptions& options, const Approach& way) {
  if (way.curves.bands.empty()) return options.cval;
  return way.curves.bands.front()->light(static_cast<int>(std::nearbyint(options.cval)));
}

Plan plan_page(const Picture& picture, const Shape& shape, const BlurOptions& options, const Approach& way) {
  const DType dtype = way.weighted ? way.weighting.working : picture.dtype();
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
  return plan_gaussian({shape, dtype}, dtype, gaussian);
}

void check_border(const Picture& picture, const BlurOptions& options) {
  if (options.border != Border::constant) return;
  const bool unbounded = is_floating(picture.dtype()) && std::isfinite(options.cval);
  if (!unbounded && !(options.cval >= 0 && options.cval <= picture.max_level()))
    throw InvalidArgument(fmt::format("border: the constant is {}, must be a level of the picture, 0 to {}.",
                                      options.cval, picture.max_level()));
  if (picture.has_alpha() && options.cval != 0)
    throw InvalidArgument(
        fmt::format("border: the constant is {}, must be 0 (transparent) for a picture with alpha.", options.cval));
}

// Regions cut to the picture, as windows of its pixels array.
std::vector<Window> cut_regions(const Picture& picture, std::span<const Rect> regions) {
  std::vector<Window> windows;
  for (const Rect& region : regions) {
    const auto cut = [](std::int64_t first, std::int64_t count, std::int64_t limit) {
      const std::int64_t begin = std::clamp<std::int64_t>(first, 0, limit);
      // first + count may not fit; with first < 0 it does, else limit - begin is what can be left.
      const std::int64_t end =
          first < 0 ? std::clamp<std::int64_t>(first + count, 0, limit) : begin + std::min(count, limit - begin);
      return std::pair(begin, end - begin);
    };
    if (region.width < 1 || region.height < 1)
      throw InvalidArgument(
          fmt::format("region: the size is {} x {}, must be at least 1 x 1.", region.width, region.height));
    const auto [x, width] = cut(region.x, region.width, picture.width());
    const auto [y, height] = cut(region.y, region.height, picture.height());
    if (width < 1 || height < 1)
      throw InvalidArgument(fmt::format("region: {},{},{},{} lies outside the picture, which is {} x {} pixels.",
                                        region.x, region.y, region.width, region.height, picture.width(),
                                        picture.height()));
    windows.push_back({.origin = {y, x, 0}, .shape = {height, width, picture.bands()}});
  }
  return windows;
}

MutableView part(const MutableView& whole, const Window& window) {
  std::int64_t offset = 0;
  for (int axis = 0; axis < whole.rank(); ++axis) offset += window.origin[axis] * whole.strides()[axis];
  return {static_cast<std::byte*>(whole.data()) + offset, whole.dtype(), window.shape, whole.strides()};
}

// One page: progress of its share of the work.
RunOptions share_of(const RunOptions& run, std::int64_t part, std::int64_t parts) {
  if (parts == 1 || !run.progress) return run;
  return {.stop = run.stop, .progress = [&run, part, parts](double done) {
            run.progress((static_cast<double>(part) + done) / static_cast<double>(parts));
          }};
}

RunStatus blur_page(const Plan& plan, const MutableView& page, const Approach& way, const RunOptions& run) {
  if (!way.weighted) return plan.run(page, page, run);
  Array weighted = to_weighted(page, weighting_of(way));
  const RunStatus status = plan.run(weighted, weighted, run);
  if (status == RunStatus::complete) from_weighted(weighted, page, weighting_of(way));
  return status;
}

// The blurred bytes of one region, apart: other regions must still see the picture as it was.
RunStatus blur_window(const Plan& plan, const MutableView& page, const Window& window, Array& out, const Approach& way,
                      const RunOptions& run) {
  const Window source = plan.source_window(window.origin, window.shape);
  const View from = part(page, source);
  if (!way.weighted) return plan.run_region(from, source.origin, out, window.origin, run);
  const Array weighted = to_weighted(from, weighting_of(way));
  Array blurred(weighted.dtype(), window.shape);
  const RunStatus status = plan.run_region(weighted, source.origin, blurred, window.origin, run);
  if (status == RunStatus::complete) from_weighted(blurred, out, weighting_of(way));
  return status;
}

void put(const Array& from, const MutableView& to) {
  const Shape& shape = from.shape();
  const std::size_t row = static_cast<std::size_t>(shape[1] * shape[2]) * size_of(from.dtype());
  for (std::int64_t y = 0; y < shape[0]; ++y)
    std::memcpy(static_cast<std::byte*>(to.data()) + y * to.strides()[0],
                static_cast<const std::byte*>(from.data()) + static_cast<std::size_t>(y) * row, row);
}

// Every region from the page as it was.
RunStatus blur_in_context(const Plan& plan, const MutableView& page, std::span<const Window> windows,
                          const Approach& way, const RunOptions& run) {
  std::vector<Array> blurred;
  for (const Window& window : windows) {
    blurred.emplace_back(page.dtype(), window.shape);
    const auto done = static_cast<std::int64_t>(blurred.size() - 1);
    const RunOptions share = share_of(run, done, std::ssize(windows));
    if (blur_window(plan, page, window, blurred.back(), way, share) == RunStatus::stopped) return RunStatus::stopped;
  }
  for (std::size_t i = 0; i < windows.size(); ++i) put(blurred[i], part(page, windows[i]));
  return RunStatus::complete;
}

// Every region cut out of what the ones before it left.
RunStatus blur_crops(const Picture& picture, const MutableView& page, std::span<const Window> windows,
                     const BlurOptions& options, const Approach& way, const RunOptions& run) {
  std::int64_t done = 0;
  for (const Window& window : windows) {
    const Plan plan = plan_page(picture, window.shape, options, way);
    if (blur_page(plan, part(page, window), way, share_of(run, done++, std::ssize(windows))) == RunStatus::stopped)
      return RunStatus::stopped;
  }
  return RunStatus::complete;
}

void check(const Picture& picture, const BlurOptions& options) {
  if (options.sigma.size() != 1 && options.sigma.size() != 2)
    throw InvalidArgument(fmt::format("sigma: there are {} values, must be one or two (x, y).", options.sigma.size()));
  if (options.radius.size() > 2)
    throw InvalidArgument(
        fmt::format("radius: there are {} values, must be one or two (x, y).", options.radius.size()));
  check_border(picture, options);
}

}  // namespace
}  // namespace gaussfilt::pictures

namespace gaussfilt::inline v0 {

Plan plan_blur(const Picture& picture, const BlurOptions& options) {
  pictures::check(picture, options);
  return pictures::plan_page(picture, picture.page(0).shape(), options, pictures::approach(picture, options));
}

RunStatus blur(Picture& picture, const BlurOptions& options, const RunOptions& run) {
  pictures::check(picture, options);
  const pictures::Approach way = pictures::approach(picture, options);
  const Plan plan = pictures::plan_page(picture, picture.page(0).shape(), options, way);
  const std::vector<Window> windows = pictures::cut_regions(picture, options.regions);
  // Nothing to do, and colours under alpha 0 would not come back from being weighted with it.
  if (options.sigma[0] == 0 && options.sigma[1] == 0) return RunStatus::complete;
  for (std::int64_t i = 0; i < picture.pages(); ++i) {
    const MutableView page = picture.page(i);
    const RunOptions share = pictures::share_of(run, i, picture.pages());
    const RunStatus status = windows.empty() ? pictures::blur_page(plan, page, way, share)
                             : options.source == RegionSource::crop
                                 ? pictures::blur_crops(picture, page, windows, options, way, share)
                                 : pictures::blur_in_context(plan, page, windows, way, share);
    if (status == RunStatus::stopped) return status;
  }
  return RunStatus::complete;
}

}  // namespace gaussfilt::inline v0
