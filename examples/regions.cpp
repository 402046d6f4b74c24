// Regions of arrays: only a box, with a soft rim. Quoted by docs/regions.md.
#include <gaussfilt/gaussian_regions.h>

int main() {
  gaussfilt::Array in(gaussfilt::DType::u8, {240, 320}), out(gaussfilt::DType::u8, {240, 320});
  in.items<std::uint8_t>()[100 * 320 + 200] = 255;

  gaussfilt::gaussian_regions(in, out, {.sigma = 1.0},
                              {.regions = {gaussfilt::Rect{160, 30, 130, 170}}, .feather = 24});

  return out.items<std::uint8_t>()[100 * 320 + 200] < 255 && out.items<std::uint8_t>()[0] == 0 ? 0 : 1;
}
