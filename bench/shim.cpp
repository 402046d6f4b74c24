// The library behind five C functions, so that rivals.py can time it in the same process as its rivals, on the same
// arrays. For the bench only: not installed, not an interface.
#include <gaussfilt/gaussfilt.h>

#include <exception>
#include <span>
#include <string>

#define GAUSSFILT_SHIM extern "C" __attribute__((visibility("default")))

namespace {

namespace gf = gaussfilt;

thread_local std::string last_error;

}  // namespace

// Plans a Gaussian of SciPy's target along the first `axes` axes. Returns null on error; see shim_error().
GAUSSFILT_SHIM void* shim_plan(int rank, const std::int64_t* shape, const char* dtype, int axes, double sigma,
                               int threads) {
  try {
    std::vector<int> list;
    for (int axis = 0; axis < axes; ++axis) list.push_back(axis);
    const gf::DType type = gf::parse_dtype(dtype);
    const gf::Shape extents(std::span(shape, static_cast<std::size_t>(rank)));
    return new gf::Plan(
        gf::plan_gaussian({extents, type}, type, {.sigma = sigma, .axes = gf::Axes(list), .threads = threads}));
  } catch (const std::exception& error) {
    last_error = error.what();
    return nullptr;
  }
}

// Filters one gapless array in C order into another. Returns 0, or 1 on error.
GAUSSFILT_SHIM int shim_run(const void* plan, const void* in, void* out) {
  try {
    const gf::Plan& it = *static_cast<const gf::Plan*>(plan);
    it.run(gf::View(in, it.layout().dtype, it.layout().shape), gf::MutableView(out, it.out_dtype(), it.layout().shape));
    return 0;
  } catch (const std::exception& error) {
    last_error = error.what();
    return 1;
  }
}

GAUSSFILT_SHIM void shim_free(void* plan) { delete static_cast<gf::Plan*>(plan); }

GAUSSFILT_SHIM const char* shim_error() { return last_error.c_str(); }

// "0.1.0 on AVX3"
GAUSSFILT_SHIM const char* shim_version() {
  static const std::string text = std::string(gf::version()) + " on " + gf::active_cpu_target();
  return text.c_str();
}
