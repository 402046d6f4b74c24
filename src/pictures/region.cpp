// Floor 4. Blurring a picture: options in picture terms to a plan of the core, the whole or by regions, with alpha or
// without.
#include "colour.h"
#include "state.h"

#include <gaussfilt/error.h>
#include <gaussfilt/filters.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include <fmt/format.h>

namespace gaussfilt::pictures {
namespace {

// With alpha the tolerance is divided by this: the quotient of two samples that are off by t has an error of up to
// 2 t / alpha, and below that colours stay within one level down to an alpha of 1/255.
constexpr double alpha_margin = 64;

double default_tolerance(const Picture& picture) { return 0.125 / picture.max_level(); }

void check_border(const Picture& picture, const BlurOptions& options) {
  if (options.border != Border::constant) return;
  if (!(options.cval >= 0 && options.cval <= picture.max_level()))
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

RunStatus blur_whole(const Plan& plan, Picture& picture, const RunOptions& run) {
  if (!picture.has_alpha()) return plan.run(picture.pixels(), picture.pixels(), run);
  Array weighted = premultiply(picture.pixels());
  const RunStatus status = plan.run(weighted, weighted, run);
  if (status == RunStatus::complete) unpremultiply(weighted, picture.pixels());
  return status;
}

// The blurred bytes of one region, apart: other regions must still see the picture as it was.
RunStatus blur_region(const Plan& plan, Picture& picture, const Window& window, Array& out, const RunOptions& run) {
  const Window source = plan.source_window(window.origin, window.shape);
  const View from = part(picture.pixels(), source);
  if (!picture.has_alpha()) return plan.run_region(from, source.origin, out, window.origin, run);
  const Array weighted = premultiply(from);
  Array blurred(DType::f32, window.shape);
  const RunStatus status = plan.run_region(weighted, source.origin, blurred, window.origin, run);
  if (status == RunStatus::complete) unpremultiply(blurred, out);
  return status;
}

void put(const Array& from, const MutableView& to) {
  const Shape& shape = from.shape();
  const std::size_t row = static_cast<std::size_t>(shape[1] * shape[2]) * size_of(from.dtype());
  for (std::int64_t y = 0; y < shape[0]; ++y)
    std::memcpy(static_cast<std::byte*>(to.data()) + y * to.strides()[0],
                static_cast<const std::byte*>(from.data()) + static_cast<std::size_t>(y) * row, row);
}

}  // namespace
}  // namespace gaussfilt::pictures

namespace gaussfilt::inline v0 {

Plan plan_blur(const Picture& picture, const BlurOptions& options) {
  if (options.sigma.size() != 1 && options.sigma.size() != 2)
    throw InvalidArgument(fmt::format("sigma: there are {} values, must be one or two (x, y).", options.sigma.size()));
  pictures::check_border(picture, options);
  const double tolerance = options.tolerance.value_or(pictures::default_tolerance(picture));
  const DType working = picture.has_alpha() ? DType::f32 : picture.dtype();
  return plan_gaussian({picture.pixels().shape(), working}, working,
                       {.sigma = {options.sigma[1], options.sigma[0]},
                        .border = options.border,
                        .cval = options.cval,
                        .axes = {0, 1},
                        .truncate = options.truncate,
                        .tolerance = picture.has_alpha() ? tolerance / pictures::alpha_margin : tolerance,
                        .threads = options.threads});
}

RunStatus blur(Picture& picture, const BlurOptions& options, const RunOptions& run) {
  const Plan plan = plan_blur(picture, options);
  const std::vector<Window> windows = pictures::cut_regions(picture, options.regions);
  // Nothing to do, and colours under alpha 0 would not come back from being weighted with it.
  if (options.sigma[0] == 0 && options.sigma[1] == 0) return RunStatus::complete;
  if (windows.empty()) return pictures::blur_whole(plan, picture, run);
  std::vector<Array> blurred;
  for (const Window& window : windows) {
    blurred.emplace_back(picture.dtype(), window.shape);
    if (pictures::blur_region(plan, picture, window, blurred.back(), run) == RunStatus::stopped)
      return RunStatus::stopped;
  }
  for (std::size_t i = 0; i < windows.size(); ++i)
    pictures::put(blurred[i], pictures::part(picture.pixels(), windows[i]));
  return RunStatus::complete;
}

}  // namespace gaussfilt::inline v0
