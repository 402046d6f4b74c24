// Several Gaussians in one call: edges, blobs, second derivatives, structure. Quoted by docs/guide.md.
#include <gaussfilt/gaussfilt.h>

#include <cmath>
#include <cstdint>
#include <vector>

namespace gf = gaussfilt;

namespace {

// A bright disc of radius 20 in the middle of 200 x 200.
gf::Array disc() {
  gf::Array image(gf::DType::u8, {200, 200});
  auto pixels = image.items<std::uint8_t>();
  for (int y = 0; y < 200; ++y) {
    for (int x = 0; x < 200; ++x) {
      pixels[static_cast<std::size_t>(200 * y + x)] = std::hypot(y - 100, x - 100) < 20 ? 200 : 0;
    }
  }
  return image;
}

float at(const gf::Array& array, int y, int x) {
  return array.items<float>()[static_cast<std::size_t>(y * array.shape()[1] + x)];
}

bool single_outputs() {
  gf::Array in = disc(), edges(gf::DType::u8, {200, 200}), blobs(gf::DType::f32, {200, 200}),
            band(gf::DType::f32, {200, 200});

  gf::gradient_magnitude(in, edges, {.sigma = 2.0});                             // never negative: u8 will do
  gf::laplace_of_gaussian(in, blobs, {.sigma = 14.0});                           // deepest in blobs of radius 14 sqrt 2
  gf::difference_of_gaussians(in, band, {.sigma_low = 2.0, .sigma_high = 8.0});  // what lies between two scales

  return edges.items<std::uint8_t>()[200 * 100 + 120] > 30 && at(blobs, 100, 100) < -0.5f && at(band, 100, 115) > 1;
}

bool several_outputs() {
  gf::Array in = disc(), xx(gf::DType::f32, {200, 200}), xy(gf::DType::f32, {200, 200}), yy(gf::DType::f32, {200, 200});

  gf::hessian(in, std::vector<gf::MutableView>{yy, xy, xx}, {.sigma = 3.0});  // (0, 0), (0, 1), (1, 1): axis 0 is y

  std::vector<float> tensor(200 * 200 * 3);  // the three of a pixel side by side
  std::vector<gf::MutableView> parts;
  for (int k = 0; k < 3; ++k)
    parts.emplace_back(tensor.data() + k, gf::DType::f32, gf::Shape{200, 200}, gf::Strides{2400, 12});
  gf::structure_tensor(in, parts, {.sigma = 1.0, .rho = 3.0});

  const float* edge = &tensor[3 * (200 * 100 + 120)];  // at the disc's right end the gradient lies along x
  return at(xx, 100, 100) <= 0 && edge[2] > 100 * std::fabs(edge[1]) && edge[2] > 3 * edge[0];
}

bool own_fields() {
  gf::Array in = disc(), length(gf::DType::f32, {200, 200});

  const gf::Kernel smooth{.taps = {0.25, 0.5, 0.25}, .centre = 1}, slope{.taps = {-0.5, 0.0, 0.5}, .centre = 1};
  const std::vector<gf::SeparableOptions> sobel{{.kernels = {slope, smooth}}, {.kernels = {smooth, slope}}};
  const gf::MutableView out = length;
  gf::separable_fields(in, {&out, 1}, sobel, gf::Reduction::root_sum_squares);

  return at(length, 100, 120) > 50;
}

}  // namespace

int main() { return single_outputs() && several_outputs() && own_fields() ? 0 : 1; }
