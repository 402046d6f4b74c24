// The whole idea in eight lines: one call, then a plan. Quoted by README.md.
#include <cmath>
#include <cstdio>

#include <gaussfilt/gaussfilt.h>
namespace gf = gaussfilt;

int main() {
  gf::Array in(gf::DType::f32, {300, 400}), out(gf::DType::f32, {300, 400});
  for (int i = 0; i < 300 * 400; ++i) in.items<float>()[static_cast<std::size_t>(i)] = i % 400 < 200 ? 0.0f : 1.0f;

  gf::gaussian(in, out, {.sigma = {2.0, 0.5}, .border = gf::Border::reflect});  // one call, SciPy's operator
  gf::Plan plan = gf::plan_gaussian(in.layout(), out.dtype(), {.sigma = 40.0, .tolerance = 1e-4});
  plan.run(in, out);                  // reusable, thread-safe
  std::puts(plan.explain().c_str());  // which method, what error bound, what cost, why not the others

  // An edge: the first bright column keeps the kernel's right half and its centre, 1/2 + 1 / (2 sqrt(2 pi) sigma).
  const double expected = 0.5 + 0.5 / (std::sqrt(2 * std::acos(-1.0)) * 40);
  return std::fabs(out.items<float>()[150 * 400 + 200] - expected) <= 1e-4 ? 0 : 1;
}
