// Floor 4. Filtering a picture with any kernel: options in picture terms to a plan of the core, the whole or by
// regions, with alpha or without; unsharp on the Gaussian.
#include "colour.h"
#include "finish.h"
#include "pillow.h"
#include "progress.h"
#include "state.h"
#include "windows.h"

#include <gaussfilt/convolution.h>
#include <gaussfilt/error.h>
#include <gaussfilt/filters.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

namespace gaussfilt::pictures {
namespace {

constexpr std::array<std::string_view, 3> names_of_signs{"clip", "abs", "mid"};
constexpr std::array<std::string_view, 2> names_of_rules{"gaussfilt", "pillow"};

template <class Choice, std::size_t count>
Choice parse(std::string_view option, const std::array<std::string_view, count>& names, std::string_view text) {
  const auto found = std::ranges::find(names, text);
  if (found == names.end())
    throw InvalidArgument(fmt::format("{}: is '{}', must be {}.", option, text, fmt::join(names, " or ")));
  return static_cast<Choice>(found - names.begin());
}

double sum_of(const DenseKernel& kernel) { return std::accumulate(kernel.values.begin(), kernel.values.end(), 0.0); }

// How a page is filtered: by `plan`, from its samples or what is weighted, to its samples or to f64 that `finish`
// takes.
struct Way {
  bool direct = false;  // the plan writes the picture's own samples
  Finish finish = {};
  std::optional<Unsharp> unsharp = {};  // threshold in the picture's levels
  Plan plan;
};

void check_kernel(const DenseKernel& kernel, const Convolution& settled) {
  const Shape& shape = kernel.shape;
  if (shape.rank() != 2 || shape[0] < 1 || shape[1] < 1 || std::ssize(kernel.values) != shape.product())
    throw InvalidArgument(fmt::format("kernel: {} values of rank {}, must be a matrix of at least 1 x 1.",
                                      kernel.values.size(), shape.rank()));
  double gain = 0;
  for (const double value : kernel.values) gain += std::abs(value * settled.factor);
  if (!(gain <= 1e30))
    throw InvalidArgument(
        fmt::format("kernel: its weights times the factor {:g} come to {:g}, must be finite and at most 1e30.",
                    settled.factor, gain));
  const auto [x, y] = settled.anchor;
  if (x < 0 || y < 0 || x >= shape[1] || y >= shape[0])
    throw InvalidArgument(fmt::format("anchor: is {},{}, must be a cell of the matrix, from 0,0 to {},{}.", x, y,
                                      shape[1] - 1, shape[0] - 1));
}

void check_unsharp(const ConvolveOptions& options) {
  const Unsharp& unsharp = *options.kernel.unsharp;
  const auto refuse = [&](std::string_view option) {
    throw InvalidArgument(fmt::format("{}: does not go with {}, which is no matrix; leave it out.", option,
                                      options.kernel.told.empty() ? "unsharp" : options.kernel.told));
  };
  if (options.factor) refuse("factor");
  if (options.bias) refuse("bias");
  if (options.anchor) refuse("anchor");
  if (options.sign != Signed::clip) refuse("signed");
  if (!(unsharp.sigma > 0) || !std::isfinite(unsharp.sigma) || !std::isfinite(unsharp.amount) ||
      !(unsharp.threshold >= 0))
    throw InvalidArgument(
        fmt::format("unsharp: sigma {:g}, amount {:g}, threshold {:g}, must be finite, sigma > 0 and threshold >= 0.",
                    unsharp.sigma, unsharp.amount, unsharp.threshold));
}

void check(const Picture& picture, const ConvolveOptions& options, const Convolution& settled) {
  if (options.kernel.unsharp) check_unsharp(options);
  else check_kernel(options.kernel.kernel, settled);
  if (options.like == Rules::pillow) check_pillow(picture.page(0), options, settled);
  if (options.border == Border::constant) check_constant(picture, options.cval);
}

// As the core's correlation takes it.
struct Turned {
  DenseKernel kernel;
  PerAxis<std::int64_t> origin;
};
Turned turned(const ConvolveOptions& options, const Convolution& settled) {
  Turned result{.kernel = options.kernel.kernel, .origin = {}};
  const Shape& shape = result.kernel.shape;
  Anchor anchor = settled.anchor;
  if (options.turn == Turn::convolve) {
    std::ranges::reverse(result.kernel.values);
    anchor = {.x = shape[1] - 1 - anchor.x, .y = shape[0] - 1 - anchor.y};
  }
  result.origin = {anchor.y - shape[0] / 2, anchor.x - shape[1] / 2};
  return result;
}

Plan plan_of(const Shape& shape, DType in, DType out, const ConvolveOptions& options, const Convolution& settled,
             double factor, double bias) {
  const Turned kernel = turned(options, settled);
  return plan_correlate({shape, in}, out, kernel.kernel,
                        {.border = options.border,
                         .cval = options.cval,
                         .origin = kernel.origin,
                         .axes = {0, 1},
                         .factor = factor,
                         .bias = bias,
                         .threads = options.threads});
}

Way unsharp_way(const Picture& picture, const Shape& shape, const ConvolveOptions& options) {
  Unsharp unsharp = *options.kernel.unsharp;
  unsharp.threshold *= picture.max_level() / 255;
  constexpr double alpha_margin = 64;  // as blur() has it: colours are within a level wherever there is some alpha
  const double tolerance = is_floating(picture.dtype()) ? 1e-5 : 0.125 / picture.max_level();
  const bool alpha = picture.has_alpha();
  return {.unsharp = unsharp,
          .plan = plan_gaussian({shape, alpha ? DType::f64 : picture.dtype()}, DType::f64,
                                {.sigma = unsharp.sigma,
                                 .border = options.border,
                                 .cval = options.cval,
                                 .axes = {0, 1},
                                 .truncate = infinity,
                                 .tolerance = alpha ? tolerance / alpha_margin : tolerance,
                                 .threads = options.threads})};
}

Way way_of(const Picture& picture, const Shape& shape, const ConvolveOptions& options, const Convolution& settled) {
  if (options.kernel.unsharp) return unsharp_way(picture, shape, options);
  const double sum = sum_of(options.kernel.kernel), factor = settled.factor;
  const DType dtype = picture.dtype();
  if (!picture.has_alpha()) {
    const bool mid = options.sign == Signed::mid, abs = options.sign == Signed::abs;
    const double scale = mid ? 0.5 : 1, offset = mid ? picture.max_level() / 2 : 0;
    return {.direct = !abs,
            .finish = {.sign = options.sign},
            .plan = plan_of(shape, dtype, abs ? DType::f64 : dtype, options, settled, scale * factor,
                            scale * settled.bias + offset)};
  }
  const auto& values = options.kernel.kernel.values;
  const bool weighted = sum > 0 && std::ranges::none_of(values, [](double value) { return value < 0; });
  Finish finish{.alpha = weighted ? Alpha::weighted : Alpha::kept,
                .sign = options.sign,
                .gain = factor * sum,
                .bias = settled.bias};
  return {.finish = finish,
          .plan = plan_of(shape, DType::f64, DType::f64, options, settled, weighted ? 1 / sum : factor, 0)};
}

// The filtered samples of a window of the page, in `out`.
RunStatus filter_window(const Picture& picture, const Way& way, const View& page, const Window& window,
                        const MutableView& out, const RunOptions& run) {
  const Window source = way.plan.source_window(window.origin, window.shape);
  const View from = part(page, source);
  if (way.direct) return way.plan.run_region(from, source.origin, out, window.origin, run);
  Array filtered(DType::f64, window.shape);
  const auto run_from = [&](const View& samples) {
    return way.plan.run_region(samples, source.origin, filtered, window.origin, run);
  };
  const bool alpha = picture.has_alpha();
  const auto run_weighted = [&] {
    Array weighted(DType::f64, from.shape());
    to_weighted(from, weighted, {.alpha = true, .curves = nullptr, .working = DType::f64});
    return run_from(weighted);
  };
  if ((alpha ? run_weighted() : run_from(from)) == RunStatus::stopped) return RunStatus::stopped;
  const View original = part(page, window);
  if (way.unsharp) finish_unsharp(original, filtered, out, alpha, way.unsharp->amount, way.unsharp->threshold);
  else finish_convolution(original, filtered, out, way.finish);
  return RunStatus::complete;
}

// One picture's worth of filtering: the same for every page.
class Filter {
 public:
  Filter(const Picture& picture, const ConvolveOptions& options, const Convolution& settled)
      : picture_(picture), options_(options), settled_(settled) {
    if (options.like == Rules::gaussfilt) way_ = way_of(picture, picture.page(0).shape(), options, settled);
  }

  // A window of the page, as it is in the whole page filtered.
  RunStatus in_context(const View& page, const Window& window, const MutableView& out, const RunOptions& run) const {
    if (way_) return filter_window(picture_, *way_, page, window, out, run);
    // What lies within the kernel's reach: Pillow leaves the outermost pixels alone, so beyond that nothing matters.
    Array whole(page.dtype(), page.shape());
    filter_like_pillow(page, whole, options_.kernel.kernel, settled_);
    put(part(View(whole), window), out);
    return RunStatus::complete;
  }

  // A window cut out, as a picture of its own.
  RunStatus cut_out(const View& page, const Window& window, const MutableView& out, const RunOptions& run) const {
    const View crop = part(page, window);
    if (!way_) {
      filter_like_pillow(crop, out, options_.kernel.kernel, settled_);
      return RunStatus::complete;
    }
    const Way way = way_of(picture_, window.shape, options_, settled_);
    return filter_window(picture_, way, crop, {.origin = {0, 0, 0}, .shape = window.shape}, out, run);
  }

 private:
  const Picture& picture_;
  const ConvolveOptions& options_;
  const Convolution& settled_;
  std::optional<Way> way_;
};

// Where a page is filtered, and how much; without weights wholly.
struct Place {
  Window window;
  Array weights;
};

std::vector<Place> places_of(const Picture& picture, const ConvolveOptions& options) {
  const std::int64_t width = picture.width(), height = picture.height(), bands = picture.bands();
  std::vector<Place> places;
  const auto add = [&](Weights weights) {
    const Rect& box = weights.box;
    places.push_back({.window = {.origin = {box.y, box.x, 0}, .shape = {box.height, box.width, bands}},
                      .weights = std::move(weights.values)});
  };
  if (options.source == RegionSource::masked)
    throw InvalidArgument("source: is masked, must be context or crop; only a blur can leave out what is not inside.");
  if (options.regions.size() > max_regions)
    throw InvalidArgument(
        fmt::format("regions: there are {}, must be at most {}.", options.regions.size(), max_regions));
  for (const Region& region : options.regions)
    if (region.sigma) throw InvalidArgument("region: has a sigma, which a kernel has not; leave it out.");
  if (options.invert) {
    add(inverted_weights(options.regions, width, height, options.feather));
    return places;
  }
  for (const Region& region : options.regions) add(region_weights(region, width, height, options.feather));
  if (places.empty())
    places.push_back({.window = {.origin = {0, 0, 0}, .shape = {height, width, bands}}, .weights = {}});
  return places;
}

void put_back(const Array& filtered, const Place& place, const MutableView& page, bool alpha) {
  const MutableView target = part(page, place.window);
  if (place.weights.rank() == 0) put(filtered, target);
  else mix(filtered, place.weights, target, alpha);
}

RunStatus filter_page(const Filter& filter, const MutableView& page, std::span<const Place> places,
                      const ConvolveOptions& options, bool alpha, const RunOptions& run) {
  const bool crop = options.source == RegionSource::crop;
  std::vector<Array> filtered;
  for (const Place& place : places) {
    const RunOptions share = share_of(run, &place - places.data(), std::ssize(places));
    Array& out = filtered.emplace_back(page.dtype(), place.window.shape);
    const RunStatus status =
        crop ? filter.cut_out(page, place.window, out, share) : filter.in_context(page, place.window, out, share);
    if (status == RunStatus::stopped) return status;
    if (!crop) continue;  // the other regions must still see the page as it was
    put_back(out, place, page, alpha);
    filtered.clear();
  }
  for (std::size_t i = 0; i < filtered.size(); ++i) put_back(filtered[i], places[i], page, alpha);
  return RunStatus::complete;
}

}  // namespace
}  // namespace gaussfilt::pictures

namespace gaussfilt::inline v0 {

std::string_view name(Signed choice) { return pictures::names_of_signs[static_cast<std::size_t>(choice)]; }
Signed parse_signed(std::string_view text) { return pictures::parse<Signed>("signed", pictures::names_of_signs, text); }
std::span<const std::string_view> signed_names() { return pictures::names_of_signs; }

std::string_view name(Rules rules) { return pictures::names_of_rules[static_cast<std::size_t>(rules)]; }
Rules parse_rules(std::string_view text) { return pictures::parse<Rules>("like", pictures::names_of_rules, text); }
std::span<const std::string_view> rules_names() { return pictures::names_of_rules; }

Convolution settle(const Picture& picture, const ConvolveOptions& options) {
  const KernelText& kernel = options.kernel;
  Convolution settled;
  if (!kernel.unsharp && kernel.kernel.shape.rank() == 2)
    settled.anchor = options.anchor.value_or(
        kernel.anchor.value_or(Anchor{.x = kernel.kernel.shape[1] / 2, .y = kernel.kernel.shape[0] / 2}));
  const double sum = pictures::sum_of(kernel.kernel);
  settled.factor = options.factor.value_or(kernel.factor.value_or(sum == 0 ? 1 : 1 / sum));
  if (options.bias) settled.bias = *options.bias;
  else if (kernel.bias && kernel.version > 0 && options.like == Rules::gaussfilt)
    settled.bias = *kernel.bias * (picture.max_level() / 255);
  else settled.bias = kernel.bias.value_or(0);
  for (const auto& [option, value] : {std::pair{"factor", settled.factor}, {"bias", settled.bias}})
    if (!std::isfinite(value)) throw InvalidArgument(fmt::format("{}: is {}, must be a finite number.", option, value));
  return settled;
}

Plan plan_convolve(const Picture& picture, const ConvolveOptions& options) {
  const Convolution settled = settle(picture, options);
  pictures::check(picture, options, settled);
  if (options.like == Rules::pillow)
    throw Unsupported("like: is pillow, whose sums follow no plan: rows from the bottom up, in f32.");
  return pictures::way_of(picture, picture.page(0).shape(), options, settled).plan;
}

RunStatus convolve(Picture& picture, const ConvolveOptions& options, const RunOptions& run) {
  const Convolution settled = settle(picture, options);
  pictures::check(picture, options, settled);
  const std::vector<pictures::Place> places = pictures::places_of(picture, options);
  const pictures::Filter filter(picture, options, settled);
  for (std::int64_t i = 0; i < picture.pages(); ++i) {
    const RunOptions share = pictures::share_of(run, i, picture.pages());
    if (pictures::filter_page(filter, picture.page(i), places, options, picture.has_alpha(), share) ==
        RunStatus::stopped)
      return RunStatus::stopped;
  }
  return RunStatus::complete;
}

}  // namespace gaussfilt::inline v0
