// Floor 4. How two pictures differ, in numbers and as a picture.
#include "state.h"

#include <gaussfilt/error.h>
#include <gaussfilt/filters.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>

#include <fmt/format.h>

namespace gaussfilt::pictures {
namespace {

// What both pictures can be brought to: RGB where one of them is, alpha where one of them has it.
struct Common {
  std::int64_t colours = 0;
  bool alpha = false;
  std::int64_t bands() const { return colours + (alpha ? 1 : 0); }
};

Common common(const Picture& a, const Picture& b) {
  const auto colours = [](const Picture& picture) { return picture.bands() - int(picture.has_alpha()); };
  const auto plain = [](const Picture& picture) {
    return picture.colour() == Colour::grey || picture.colour() == Colour::rgb;
  };
  const bool alike = a.width() == b.width() && a.height() == b.height() && a.pages() == b.pages() &&
                     ((plain(a) && plain(b)) || (a.colour() == b.colour() && colours(a) == colours(b)));
  if (!alike)
    throw InvalidArgument(fmt::format("compare: the pictures are {} and {}, must agree in size, pages and channels.",
                                      a.describe(), b.describe()));
  return {std::max(colours(a), colours(b)), a.has_alpha() || b.has_alpha()};
}

// Samples in f64 (an identity filter converts every dtype), grey repeated and opaque alpha added where that is wanted.
Array samples(const Picture& picture, const Common& wanted) {
  const Shape shape = picture.pixels().shape();
  Array own(DType::f64, shape);
  gaussian(picture.pixels(), own, {.sigma = 0.0, .axes = Axes::none()});
  if (shape[2] == wanted.bands()) return own;
  Array out(DType::f64, {shape[0], shape[1], wanted.bands()});
  const std::int64_t colours = shape[2] - (picture.has_alpha() ? 1 : 0);
  const double* from = own.items<double>().data();
  double* to = out.items<double>().data();
  for (std::int64_t pixel = 0; pixel < shape[0] * shape[1]; ++pixel, from += shape[2], to += wanted.bands()) {
    for (std::int64_t band = 0; band < wanted.colours; ++band) to[band] = from[std::min(band, colours - 1)];
    if (wanted.alpha) to[wanted.colours] = picture.has_alpha() ? from[colours] : picture.max_level();
  }
  return out;
}

// Colours times alpha, which is the last band; of integers alpha is a share of the full range.
void weigh(Array& samples, double full) {
  const std::int64_t bands = samples.shape()[2];
  const auto values = samples.items<double>();
  for (std::size_t pixel = 0; pixel < values.size(); pixel += static_cast<std::size_t>(bands)) {
    const std::size_t alpha = pixel + static_cast<std::size_t>(bands - 1);
    for (std::size_t i = pixel; i < alpha; ++i) values[i] *= values[alpha] / full;
  }
}

// |a - b| in levels of a.
Array differences(const Picture& a, const Picture& b, Compared what) {
  const Common wanted = common(a, b);
  Array result = samples(a, wanted);
  Array other = samples(b, wanted);
  if (what == Compared::seen && wanted.alpha) {
    weigh(result, a.max_level());
    weigh(other, b.max_level());
  }
  const double scale = a.max_level() / b.max_level();
  const auto to = result.items<double>();
  const auto from = other.items<double>();
  for (std::size_t i = 0; i < to.size(); ++i) {
    const double difference = std::abs(to[i] - from[i] * scale);
    // Where only one of them is a number they could not differ more; where neither is, they agree.
    const bool both = std::isnan(to[i]) && std::isnan(from[i]);
    to[i] = both || to[i] == from[i] * scale ? 0
            : std::isnan(difference)         ? std::numeric_limits<double>::infinity()
                                             : difference;
  }
  return result;
}

// Black, blue, red, yellow, white at quarters.
std::array<std::uint8_t, 3> heat(double share) {
  constexpr std::array<std::array<double, 3>, 5> stops = {
      {{0, 0, 0}, {0, 0, 200}, {220, 0, 60}, {255, 220, 0}, {255, 255, 255}}};
  const double at = std::clamp(share, 0.0, 1.0) * (stops.size() - 1);
  const auto below = std::min(static_cast<std::size_t>(at), stops.size() - 2);
  std::array<std::uint8_t, 3> colour{};
  for (std::size_t i = 0; i < 3; ++i) {
    const double level = std::lerp(stops.at(below).at(i), stops.at(below + 1).at(i), at - static_cast<double>(below));
    colour.at(i) = static_cast<std::uint8_t>(std::lround(level));
  }
  return colour;
}

}  // namespace
}  // namespace gaussfilt::pictures

namespace gaussfilt::inline v0 {

Difference compare(const Picture& a, const Picture& b, Compared what) {
  const Array array = pictures::differences(a, b, what);
  const auto values = array.items<double>();
  const auto bands = static_cast<std::size_t>(array.shape()[2]);
  Difference result;
  double squares = 0;
  double sum = 0;
  std::size_t largest = 0;
  for (std::size_t pixel = 0; pixel < values.size(); pixel += bands) {
    bool differs = false;
    for (std::size_t i = pixel; i < pixel + bands; ++i) {
      differs = differs || values[i] != 0;
      sum += values[i];
      squares += values[i] * values[i];
      if (values[i] > values[largest]) largest = i;
    }
    result.differing += differs ? 1 : 0;
  }
  const auto count = static_cast<double>(values.size());
  result.largest = values[largest];
  result.mean = sum / count;
  result.rms = std::sqrt(squares / count);
  result.psnr = 10 * std::log10(a.max_level() * a.max_level() / (squares / count));
  result.band = static_cast<int>(largest % bands);
  const auto pixel = static_cast<std::int64_t>(largest / bands);
  result.x = pixel % a.width();
  result.y = pixel / a.width() % a.height();
  result.page = pixel / a.width() / a.height();
  return result;
}

Picture heatmap(const Picture& a, const Picture& b, Compared what) {
  const Array array = pictures::differences(a, b, what);
  const auto values = array.items<double>();
  const auto bands = static_cast<std::size_t>(array.shape()[2]);
  const double largest = *std::max_element(values.begin(), values.end());
  Array out(DType::u8, {a.pages(), a.height(), a.width(), 3});
  auto to = out.items<std::uint8_t>().begin();
  for (std::size_t pixel = 0; pixel < values.size(); pixel += bands) {
    const double here = *std::max_element(values.begin() + static_cast<std::ptrdiff_t>(pixel),
                                          values.begin() + static_cast<std::ptrdiff_t>(pixel + bands));
    const double share = largest == 0 ? 0 : std::isinf(largest) ? (std::isinf(here) ? 1 : 0) : here / largest;
    to = std::copy_n(pictures::heat(share).begin(), 3, to);
  }
  return {std::move(out), Colour::rgb};
}

}  // namespace gaussfilt::inline v0
