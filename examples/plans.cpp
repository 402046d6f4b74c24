// Plans: made once, run often, stopped, watched, run by regions; and your own taps. Quoted by docs/guide.md.
#include <gaussfilt/gaussfilt.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <stop_token>
#include <vector>

namespace gf = gaussfilt;

namespace {

void fill(gf::Array& array) {
  std::uint32_t state = 1;
  for (float& item : array.items<float>()) {
    state = state * 1664525u + 1013904223u;
    item = static_cast<float>(state >> 8) / 16777216.0f;
  }
}

bool same(const gf::Array& a, const gf::Array& b) {
  return std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * gf::size_of(a.dtype())) == 0;
}

bool many_frames() {
  std::vector<gf::Array> frames;
  for (int i = 0; i < 3; ++i) frames.emplace_back(gf::DType::f32, gf::Shape{270, 480});
  gf::Array out(gf::DType::f32, {270, 480});

  gf::Plan plan = gf::plan_gaussian(frames[0].layout(), out.dtype(), {.sigma = 4.0, .threads = 1});
  for (const gf::Array& frame : frames) plan.run(frame, out);

  return plan.working_dtype() == gf::DType::f32;
}

bool tolerance() {
  gf::Array in(gf::DType::f32, {270, 480}), out(gf::DType::f32, {270, 480});
  fill(in);

  gf::Plan plan = gf::plan_gaussian(in.layout(), out.dtype(), {.sigma = 4.0, .tolerance = 1e-5});
  plan.run(in, out);
  std::printf("cut %g + rounding %g = %g\n", plan.approximation_bound(), plan.rounding_bound(), plan.error_bound());

  return plan.error_bound() <= 1e-5;
}

bool progress_and_stop() {
  gf::Array in(gf::DType::f32, {1000, 1000}), out(gf::DType::f32, {1000, 1000});
  gf::Plan plan = gf::plan_gaussian(in.layout(), out.dtype(), {.sigma = 8.0});

  std::stop_source stop;
  auto show = [](double share) { std::printf("%3.0f %%\n", 100 * share); };
  gf::RunStatus status = plan.run(in, out, {.stop = stop.get_token(), .progress = show});

  return status == gf::RunStatus::complete;
}

bool regions() {
  gf::Array whole(gf::DType::f32, {300, 400}), out(gf::DType::f32, {300, 400}), tile(gf::DType::f32, {100, 100});
  fill(whole);
  gf::Plan plan = gf::plan_gaussian(whole.layout(), gf::DType::f32, {.sigma = 3.0});
  plan.run(whole, out);

  const gf::Index origin = {50, 300};                          // the tile's place in the whole
  gf::Window need = plan.source_window(origin, tile.shape());  // what its outputs depend on
  gf::Array part(gf::DType::f32, need.shape);                  // fetch just that: from a file, a network ...
  for (std::int64_t y = 0; y < need.shape[0]; ++y) {
    for (std::int64_t x = 0; x < need.shape[1]; ++x) {
      part.items<float>()[static_cast<std::size_t>(y * need.shape[1] + x)] =
          whole.items<float>()[static_cast<std::size_t>((need.origin[0] + y) * 400 + need.origin[1] + x)];
    }
  }
  plan.run_region(part, need.origin, tile, origin);  // the same bytes as in the whole

  gf::Array cut(gf::DType::f32, {100, 100});
  for (std::size_t y = 0; y < 100; ++y) {
    std::copy_n(out.items<float>().begin() + static_cast<std::ptrdiff_t>((50 + y) * 400 + 300), 100,
                cut.items<float>().begin() + static_cast<std::ptrdiff_t>(y * 100));
  }
  return same(tile, cut);
}

bool own_taps() {
  gf::Array in(gf::DType::f32, {300, 400}), out(gf::DType::f32, {300, 400});
  fill(in);

  gf::Kernel binomial{.taps = {0.25, 0.5, 0.25}, .centre = 1};
  gf::Kernel identity{.taps = {1.0}, .centre = 0};
  gf::separable(in, out, {.kernels = {binomial, identity}, .border = gf::Border::mirror});

  const auto a = in.items<float>();
  return std::abs(out.items<float>()[400] - (a[0] + 2 * a[400] + a[800]) / 4) < 1e-6f;
}

bool embossed() {
  gf::Array in(gf::DType::u8, {300, 400}), out(gf::DType::u8, {300, 400});
  std::ranges::fill(in.items<std::uint8_t>(), std::uint8_t{100});

  const gf::DenseKernel emboss{{-2, -1, 0, -1, 1, 1, 0, 1, 2}, {3, 3}};
  gf::correlate(in, out, emboss, {.border = gf::Border::nearest, .factor = 0.5, .bias = 64});

  return std::ranges::all_of(out.items<std::uint8_t>(), [](int level) { return level == 114; });
}

bool means() {
  gf::Array in(gf::DType::f32, {300, 400}), out(gf::DType::f32, {300, 400});
  std::ranges::fill(in.items<float>(), 0.5F);

  gf::uniform(in, out, {.size = {9, 5}, .border = gf::Border::nearest});

  gf::box(in, out, {.width = {9.5, 4.0}});

  return std::ranges::all_of(out.items<float>(), [](float mean) { return mean == 0.5F; });
}

}  // namespace

int main() {
  const bool all =
      many_frames() && tolerance() && progress_and_stop() && regions() && own_taps() && embossed() && means();
  return all ? 0 : 1;
}
