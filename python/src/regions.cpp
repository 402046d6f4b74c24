// Floor 5. Regions: boxes, shapes and masks of Python, and the Gaussian in them.
#include "arguments.h"
#include "bindings.h"
#include "docs_regions.h"
#include "exchange.h"
#include "run.h"

#include <gaussfilt/error.h>
#include <gaussfilt/gaussian_regions.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

namespace gaussfilt::python {
namespace {

constexpr double few_ns = 10;  // a sample: about what a region with a feather takes

std::string words_of(nb::handle value) {
  std::string text = nb::repr(value).c_str();
  if (text.size() <= 60) return text;
  return text.substr(0, 57) + "...";
}

[[noreturn]] void refuse(const std::string& place, nb::handle value, std::string_view rule) {
  throw InvalidArgument(fmt::format("{}: is {}, must be {}", place, words_of(value), rule));
}

bool is_list(nb::handle value) { return PyList_Check(value.ptr()) || PyTuple_Check(value.ptr()); }

// Numbers of a tuple, a list or a row of an array.
std::vector<double> list_of(const std::string& place, nb::handle value, std::string_view rule) {
  if (PyUnicode_Check(value.ptr()) || !PySequence_Check(value.ptr())) refuse(place, value, rule);
  const PerAxis<double> given = numbers(place, value);
  std::vector<double> list;
  for (std::size_t i = 0; i < given.size(); ++i) list.push_back(given[i]);
  return list;
}

// Grown to whole pixels, so that nothing is left out.
Rect box_of(const std::string& place, nb::handle value, const std::vector<double>& sides) {
  constexpr double far = 1e9;
  for (std::size_t i = 0; i < 4; ++i)
    if (!(std::fabs(sides[i]) <= far) || (i > 1 && !(sides[i] > 0)))
      refuse(place, value, "(x, y, width, height) within 1e9 pixels, of a size > 0");
  const double left = std::floor(sides[0]), top = std::floor(sides[1]);
  return {static_cast<std::int64_t>(left), static_cast<std::int64_t>(top),
          static_cast<std::int64_t>(std::ceil(sides[0] + sides[2]) - left),
          static_cast<std::int64_t>(std::ceil(sides[1] + sides[3]) - top)};
}

Rect box_of(const std::string& place, nb::handle value) {
  constexpr std::string_view rule = "(x, y, width, height)";
  const std::vector<double> sides = list_of(place, value, rule);
  if (sides.size() != 4) refuse(place, value, rule);
  return box_of(place, value, sides);
}

Region polygon_of(const std::string& place, nb::handle value) {
  if (PyUnicode_Check(value.ptr()) || !PySequence_Check(value.ptr())) refuse(place, value, "corners (x, y)");
  std::vector<Point> corners;
  for (const nb::handle corner : value) {
    const std::string at = fmt::format("{}[{}]", place, corners.size());
    const std::vector<double> both = list_of(at, corner, "a corner (x, y)");
    if (both.size() != 2) refuse(at, corner, "a corner (x, y)");
    corners.push_back({both[0], both[1]});
  }
  return polygon_region(std::move(corners));
}

Region mask_of(const std::string& place, nb::handle value) { return mask_region(Borrowed::input(place, value).view()); }

Region shape_of(const std::string& place, std::string_view kind, nb::handle value) {
  if (kind == "box") return box_of(place, value);
  if (kind == "ellipse") return ellipse_region(box_of(place, value));
  if (kind == "polygon") return polygon_of(place, value);
  return mask_of(place, value);
}

Region region_of_dict(const std::string& place, nb::dict members) {
  constexpr std::array<std::string_view, 4> kinds = {"box", "ellipse", "polygon", "mask"};
  std::optional<Region> region;
  nb::object sigma = nb::none();
  for (const auto& [key, value] : members) {
    const std::string name = PyUnicode_Check(key.ptr()) ? nb::cast<std::string>(key) : words_of(key);
    const bool shape = std::find(kinds.begin(), kinds.end(), name) != kinds.end();
    if (!shape && name != "sigma")
      throw InvalidArgument(
          fmt::format("{}: has the member '{}', must have one of box, ellipse, polygon and mask, and "
                      "sigma if wanted",
                      place, name));
    if (shape && region) refuse(place, members, "one shape: box, ellipse, polygon or mask");
    if (shape) region = shape_of(fmt::format("{}['{}']", place, name), name, value);
    else sigma = nb::borrow(value);
  }
  if (!region) refuse(place, members, "a shape: box, ellipse, polygon or mask ({'box': (x, y, width, height)})");
  if (!sigma.is_none()) region->sigma = numbers(place + "['sigma']", sigma);
  return *std::move(region);
}

// A mask where it is an array of bool, else numbers.
std::optional<Region> mask_in(const std::string& place, nb::handle value) {
  if (is_list(value) || PyUnicode_Check(value.ptr()) || PyLong_Check(value.ptr()) || PyFloat_Check(value.ptr()))
    return {};
  const Borrowed array = Borrowed::input(place, value);
  if (array.layout().dtype != DType::boolean) return {};
  return mask_region(array.view());
}

Region region_of(const std::string& place, nb::handle value) {
  constexpr std::string_view rule =
      "(x, y, width, height), the same and a sigma, a dict with a shape ({'ellipse': (x, y, width, height)}), or a "
      "mask "
      "of bool";
  if (PyDict_Check(value.ptr())) return region_of_dict(place, nb::cast<nb::dict>(value));
  if (std::optional<Region> mask = mask_in(place, value)) return *std::move(mask);
  const std::vector<double> sides = list_of(place, value, rule);
  if (sides.size() != 4 && sides.size() != 5) refuse(place, value, rule);
  Region region = box_of(place, value, sides);
  if (sides.size() == 5) region.sigma = PerAxis<double>(sides[4]);
  return region;
}

// A list of regions, or rows of an array; a mask by itself is one.
std::vector<Region> regions_of(nb::handle value) {
  constexpr std::string_view rule = "a list of regions ([(x, y, width, height)]), or a mask of bool";
  if (PyDict_Check(value.ptr()) || PyUnicode_Check(value.ptr()) || value.is_none()) refuse("regions", value, rule);
  if (!PyIter_Check(value.ptr())) {
    if (std::optional<Region> mask = mask_in("regions", value)) return {*std::move(mask)};
    if (!PySequence_Check(value.ptr())) refuse("regions", value, rule);
  }
  std::vector<Region> regions;
  for (const nb::handle item : value) {
    if (regions.size() > max_regions) break;  // the core says what is wrong
    regions.push_back(region_of(fmt::format("regions[{}]", regions.size()), item));
  }
  return regions;
}

nb::object regions_function(nb::handle a, nb::handle sigma, nb::handle regions, std::string_view source, bool invert,
                            double feather, nb::handle axes, nb::handle border, nb::handle cval, nb::handle truncate,
                            nb::handle radius, nb::handle taps, nb::handle tolerance, nb::handle out,
                            nb::handle threads, nb::handle method, nb::handle progress) {
  const Borrowed in = Borrowed::input("a", a);
  const Layout& layout = in.layout();
  const GaussianOptions gaussian = gaussian_options(
      {sigma, nb::int_(0), axes, nb::none(), border, cval, truncate, radius, taps, tolerance, threads, method},
      layout.shape.rank());
  const RegionsPlan plan = plan_gaussian_regions(
      layout, gaussian,
      {.regions = regions_of(regions), .source = parse_region_source(source), .invert = invert, .feather = feather});
  Result result = result_for(in, layout.shape, out, nb::none(), layout.dtype);
  const View from = in.view();
  const MutableView to = result.target.mutable_view();
  run_job(few_ns * static_cast<double>(layout.shape.product()), progress,
          [&](const RunOptions& options) { return plan.run(from, to, options); });
  result.target.finish();
  return std::move(result.object);
}

nb::object weights_function(nb::handle region, nb::handle shape, double feather) {
  const Extents extents = to_extents("shape", shape);
  if (extents.rank() != 2)
    throw InvalidArgument(fmt::format("shape: has {} extents, must be (height, width)", extents.rank()));
  const Weights weights = region_weights(region_of("region", region), extents[1], extents[0], feather);
  Array whole(DType::f32, extents);
  const Rect& box = weights.box;
  const float* from = weights.values.items<float>().data();
  for (std::int64_t y = 0; y < box.height; ++y, from += box.width)
    std::copy_n(from, box.width, whole.items<float>().data() + (box.y + y) * extents[1] + box.x);
  return numpy_array(std::move(whole));
}

}  // namespace

void bind_regions(nb::module_& module) {
  using namespace nb::literals;
  module.def(
      "gaussian_regions", &regions_function, nb::arg("a").none(), nb::arg("sigma").none(), nb::arg("regions").none(),
      nb::kw_only(), "source"_a = "context", "invert"_a = false, "feather"_a = 0.0, "axes"_a = nb::none(),
      "border"_a = "reflect", "cval"_a = 0.0, "truncate"_a = nb::none(), "radius"_a = nb::none(), "taps"_a = "sampled",
      "tolerance"_a = nb::none(), "out"_a = nb::none(), "threads"_a = nb::none(), "method"_a = nb::none(),
      "progress"_a = nb::none(), docs::gaussian_regions,
      nb::sig(
          "def gaussian_regions(a: typing.Any, sigma: float | collections.abc.Sequence[float], regions: typing.Any, "
          "*, source: str = 'context', invert: bool = False, feather: float = 0.0, axes: "
          "collections.abc.Sequence[int] | None = None, border: str | collections.abc.Sequence[str] = 'reflect', "
          "cval: float = 0.0, truncate: float | None = None, radius: int | collections.abc.Sequence[int] | None = "
          "None, taps: str = 'sampled', tolerance: float | None = None, out: typing.Any = None, threads: int | None "
          "= None, method: str | None = None, progress: collections.abc.Callable[[float], object] | None = None) -> "
          "typing.Any"));
  module.def("region_weights", &weights_function, nb::arg("region").none(), "shape"_a, nb::kw_only(), "feather"_a = 0.0,
             docs::region_weights,
             nb::sig("def region_weights(region: typing.Any, shape: collections.abc.Sequence[int], *, feather: float = "
                     "0.0) -> typing.Any"));
}

}  // namespace gaussfilt::python
