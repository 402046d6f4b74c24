// Floor 2: volumes of several tiles, whose planes are held in rings of rows: the bytes of parts that are cut otherwise,
// and the values of one axis after the other.
#include "support.h"

#include <gtest/gtest.h>

#include <vector>

namespace gaussfilt::test {
namespace {

struct Volume {
  const char* name;
  DType dtype;
  Shape shape;
  double sigma;
  Border border = Border::reflect;
  Style in = Style::contiguous, out = Style::contiguous;
};

const Volume volumes[] = {
    {"rings", DType::f32, {70, 150, 90}, 2, Border::reflect},
    {"a wrapped axis has no ring", DType::f32, {70, 150, 90}, 2, Border::wrap},
    {"constants", DType::f32, {70, 150, 90}, 1.5, Border::constant},
    {"nearest", DType::f32, {70, 150, 90}, 3, Border::nearest},
    {"a reach beyond every axis", DType::f32, {20, 30, 40}, 12, Border::mirror},
    {"turned rows", DType::f32, {40, 90, 70}, 5, Border::mirror},
    {"slabs that no L2 holds", DType::f64, {120, 100, 130}, 8, Border::reflect},
    {"converted rows", DType::u8, {70, 150, 91}, 2, Border::reflect},
    {"complex rows", DType::c64, {40, 80, 50}, 2, Border::constant},
    {"rows that are cut", DType::f32, {12, 40, 3000}, 1, Border::reflect},
    {"four axes", DType::f32, {20, 30, 40, 50}, 1.5, Border::reflect},
    {"five axes", DType::f64, {9, 20, 11, 12, 13}, 1, Border::nearest},
    {"filtered along the memory first",
     DType::f32,
     {60, 70, 130},
     2,
     Border::reflect,
     Style::transposed,
     Style::transposed},
    {"rows across the memory come in bands", DType::f32, {60, 70, 130}, 2, Border::reflect, Style::transposed},
    {"results wait for their neighbours",
     DType::f32,
     {60, 71, 133},
     2,
     Border::reflect,
     Style::contiguous,
     Style::transposed},
    {"unaligned rows", DType::f32, {60, 71, 133}, 2, Border::nearest, Style::unaligned, Style::unaligned},
    {"backwards", DType::f64, {40, 71, 65}, 1, Border::reflect, Style::reversed, Style::reversed},
};

// The plan's result by slices along `axis`, which are cut into other tiles.
std::vector<std::byte> by_slices(const Plan& plan, const View& in, DType out, int axis, std::int64_t thickness) {
  Array result(out, in.shape());
  const MutableView all(result);
  const Index start = Extents::filled(in.rank(), 0);
  for (std::int64_t at = 0; at < in.shape()[axis]; at += thickness) {
    Index origin = start;
    Shape shape = in.shape();
    origin[axis] = at;
    shape[axis] = std::min(thickness, shape[axis] - at);
    plan.run_region(in, start, part(all, origin, shape), origin);
  }
  return bytes_of(result);
}

TEST(Volumes, HaveTheBytesOfTheirSlices) {
  for (const Volume& volume : volumes) {
    const Array items = make_array(volume.dtype, volume.shape, 3);
    const Strided in(volume.in, items);
    for (const int threads : {1, 2}) {
      const GaussianOptions options{
          .sigma = volume.sigma, .border = volume.border, .cval = 3, .threads = threads, .method = Method::separable};
      const Plan plan = plan_gaussian({volume.shape, volume.dtype}, volume.dtype, options);
      Strided out(volume.out, volume.dtype, volume.shape);
      plan.run(in, out);
      const std::vector<std::byte> whole = bytes_of(View(out));
      EXPECT_TRUE(out.gaps_untouched()) << volume.name;
      for (int axis = 0; axis < static_cast<int>(volume.shape.rank()); ++axis) {
        EXPECT_TRUE(whole == by_slices(plan, items, volume.dtype, axis, 7)) << volume.name << ", axis " << axis;
      }
    }
  }
}

// Sums of f64 are the same whether axes are filtered together or one by one.
TEST(Volumes, AreFilteredAxisByAxis) {
  for (const Volume& volume : volumes) {
    if (volume.dtype != DType::f64) continue;
    const Array in = make_array(volume.dtype, volume.shape, 4);
    const GaussianOptions options{.sigma = volume.sigma, .border = volume.border};
    Array together(volume.dtype, volume.shape), one(volume.dtype, volume.shape), other(volume.dtype, volume.shape);
    gaussian(in, together, options);
    for (int axis = 0; axis < static_cast<int>(volume.shape.rank()); ++axis) {
      GaussianOptions along = options;
      along.axes = {axis};
      gaussian(axis == 0 ? in : one, other, along);
      std::swap(one, other);
    }
    EXPECT_TRUE(bytes_of(together) == bytes_of(one)) << volume.name;
  }
}

}  // namespace
}  // namespace gaussfilt::test
