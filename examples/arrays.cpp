// Arrays and options: memory of your own, channels, dtypes, derivatives, borders. Quoted by docs/guide.md.
#include <gaussfilt/gaussfilt.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <vector>

namespace gf = gaussfilt;

namespace {

bool own_memory() {
  const std::int64_t height = 480, width = 640;
  std::vector<float> image(480 * 640, 0.5f), blurred(image.size());

  gf::View in(image.data(), {height, width});  // no copy: the vector stays the owner
  gf::MutableView out(blurred.data(), {height, width});
  gf::gaussian(in, out, {.sigma = 3.0});

  return std::all_of(blurred.begin(), blurred.end(), [](float v) { return std::fabs(v - 0.5f) < 1e-6f; });
}

bool channels() {
  std::vector<std::uint8_t> rgb(480 * 640 * 3, 7);

  gf::MutableView picture(rgb.data(), {480, 640, 3});              // interleaved channels are the last axis
  gf::gaussian(picture, picture, {.sigma = 2.0, .axes = {0, 1}});  // in place; axis 2 is left alone

  return std::all_of(rgb.begin(), rgb.end(), [](std::uint8_t v) { return v == 7; });
}

bool strides() {
  std::vector<float> rgb(480 * 640 * 3, 0.25f), green(480 * 640);

  gf::View channel(rgb.data() + 1, gf::DType::f32, {480, 640}, {640 * 12, 12});  // every third float
  gf::gaussian(channel, gf::MutableView(green.data(), {480, 640}), {.sigma = 1.5});

  return std::fabs(green[0] - 0.25f) < 1e-6f;
}

bool derivative() {
  std::vector<std::uint8_t> image(480 * 640);
  for (std::size_t i = 0; i < image.size(); ++i) image[i] = static_cast<std::uint8_t>(i % 640 / 4);
  std::vector<float> slope(image.size());

  // d/dx of an 8-bit picture, in float: order per axis, any output dtype.
  gf::gaussian(gf::View(image.data(), {480, 640}), gf::MutableView(slope.data(), {480, 640}),
               {.sigma = 2.0, .order = {0, 1}, .border = gf::Border::nearest});

  return std::fabs(slope[100 * 640 + 300] - 0.25f) < 0.01f;
}

bool borders() {
  gf::Array volume(gf::DType::f64, {20, 30, 40}), out(gf::DType::f64, {20, 30, 40});

  gf::gaussian(
      volume, out,
      {.sigma = {1.0, 2.0, 2.0}, .border = {gf::Border::constant, gf::Border::wrap, gf::Border::mirror}, .cval = 1.0});

  return out.items<double>()[0] > 0.1;  // the ones beyond the first plane came in
}

bool refusal() {
  gf::Array in(gf::DType::f32, {4, 4}), out(gf::DType::f32, {4, 4});
  try {
    gf::gaussian(in, out, {.sigma = {1.0, -2.0}});
  } catch (const gf::InvalidArgument& error) {
    std::puts(error.what());  // sigma: axis 1 is -2, must be a finite number >= 0
    return true;
  }
  return false;
}

}  // namespace

int main() { return own_memory() && channels() && strides() && derivative() && borders() && refusal() ? 0 : 1; }
