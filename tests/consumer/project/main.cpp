// A user of the installed library: blurs an impulse, and a picture where the component is there; checks the numbers.
#include <gaussfilt/gaussfilt.h>
#ifdef WITH_PICTURES
#include <gaussfilt/pictures.h>
#endif

#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

namespace gf = gaussfilt;

int main() {
  // sigma 1 on an impulse: the middle tap of SciPy's kernel, 0.39894346935609776 cut at 4.
  std::vector<double> line(21), blurred(21);
  line[10] = 1;
  gf::gaussian(gf::View(line.data(), {21}), gf::MutableView(blurred.data(), {21}), {.sigma = 1.0});
  std::printf("gaussfilt %s: middle tap %.17g\n", std::string(gf::version()).c_str(), blurred[10]);
  if (std::abs(blurred[10] - 0.39894346935609776) > 1e-15) return 1;
  try {
    gf::plan_gaussian({{21}, gf::DType::f64}, gf::DType::f64, {.sigma = -1.0});
    return 2;
  } catch (const gf::InvalidArgument&) {  // thrown by one library, caught in another
  }
#ifdef WITH_PICTURES
  gf::Array pixels(gf::DType::u8, {8, 8, 1});
  for (auto& level : pixels.items<std::uint8_t>()) level = 200;
  gf::Picture picture(std::move(pixels), gf::Colour::grey);
  gf::blur(picture, {.sigma = 3.0});
  const int level = static_cast<const std::uint8_t*>(picture.pixels().data())[27];
  std::printf("pictures: a constant of 200 blurred is %d\n", level);
  if (level != 200) return 3;
#endif
  return 0;
}
