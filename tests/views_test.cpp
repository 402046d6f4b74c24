// Floor 2: arrays that lie otherwise in memory, axes in any order, backwards, with gaps, anywhere in a cache line: the
// bytes of gapless ones, and nothing between the items is touched.
#include "support.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <numeric>
#include <random>
#include <vector>

namespace gaussfilt::test {
namespace {

constexpr std::byte untouched{0xA5};

// How the axes of an array lie: nearest first, with one step of several items or a gap after each.
struct Lie {
  std::vector<int> nearest;        // axes, by their distance in memory
  std::vector<bool> backwards;     // by axis
  std::int64_t step = 1, gap = 0;  // items from one to the next along the nearest axis; items between its lines
  std::int64_t first = 0;          // items before the first one
};

class Lying {
 public:
  Lying(const Layout& layout, const Lie& lie) : layout_(layout), strides_(Extents::filled(layout.shape.rank(), 0)) {
    const auto item = static_cast<std::int64_t>(size_of(layout.dtype));
    std::int64_t stride = item * lie.step, offset = item * lie.first;
    for (const int axis : lie.nearest) {
      strides_[axis] = stride;
      stride *= layout.shape[axis];
      if (axis == lie.nearest.front()) stride += item * lie.gap;
    }
    for (int axis = 0; axis < layout.shape.rank(); ++axis) {
      if (!lie.backwards[static_cast<std::size_t>(axis)]) continue;
      offset += strides_[axis] * (layout.shape[axis] - 1);
      strides_[axis] = -strides_[axis];
    }
    memory_.assign(static_cast<std::size_t>(stride + item * (lie.first + 1)) + 64, untouched);
    start_ = memory_.data() + (64 - reinterpret_cast<std::uintptr_t>(memory_.data()) % 64) % 64 + offset;
  }
  MutableView view() { return {start_, layout_.dtype, layout_.shape, strides_}; }

  void take(const Array& items) {
    std::size_t at = 0;
    const auto* const bytes = static_cast<const std::byte*>(items.data());
    each([&](std::byte* item, std::size_t size) { std::memcpy(item, bytes + at, size), at += size; });
  }

  // Whether it holds these items, and the memory between them what it held.
  bool holds(const Array& items) {
    std::size_t at = 0;
    bool same = true;
    const auto* const bytes = static_cast<const std::byte*>(items.data());
    each([&](std::byte* item, std::size_t size) {
      same = same && std::memcmp(item, bytes + at, size) == 0, at += size;
      std::memset(item, static_cast<int>(untouched), size);
    });
    return same && std::ranges::all_of(memory_, [](std::byte b) { return b == untouched; });
  }

 private:
  void each(const auto& visit) {
    const Shape& shape = layout_.shape;
    for (std::int64_t i = 0; i < shape.product(); ++i) {
      std::int64_t rest = i, offset = 0;
      for (int axis = shape.rank(); axis-- > 0; rest /= shape[axis]) offset += rest % shape[axis] * strides_[axis];
      visit(start_ + offset, size_of(layout_.dtype));
    }
  }

  Layout layout_;
  Strides strides_;
  std::vector<std::byte> memory_;
  std::byte* start_ = nullptr;
};

using Engine = std::mt19937;

std::int64_t one_of(Engine& random, std::initializer_list<std::int64_t> values) {
  return values.begin()[random() % values.size()];
}

// Channels, where there are any, mostly stay the nearest axis.
Lie any_lie(Engine& random, const Shape& shape, bool channels) {
  Lie lie;
  for (int axis = shape.rank(); axis-- > 0;) lie.nearest.push_back(axis);
  const bool keeps_first = channels && random() % 4 != 0;
  std::shuffle(lie.nearest.begin() + (keeps_first ? 1 : 0), lie.nearest.end(), random);
  for (int axis = 0; axis < shape.rank(); ++axis) {
    const bool stays = channels && axis + 1 == shape.rank();
    lie.backwards.push_back(!stays && random() % 4 == 0);
  }
  lie.step = keeps_first ? 1 : one_of(random, {1, 1, 1, 1, 2, 3});
  lie.gap = one_of(random, {0, 0, 3, 64});
  lie.first = one_of(random, {0, 0, 1, 5, 16});
  return lie;
}

std::string told(const Lie& lie) {
  std::string text = "axes";
  for (const int axis : lie.nearest) {
    text += ' ' + std::string(lie.backwards[static_cast<std::size_t>(axis)] ? "-" : "") + std::to_string(axis);
  }
  return text + ", step " + std::to_string(lie.step) + ", gap " + std::to_string(lie.gap) + ", from " +
         std::to_string(lie.first);
}

void expect_same_bytes(const Plan& plan, const Array& in, const Lie& of_in, const Lie& of_out) {
  Array want(in.dtype(), in.shape());
  plan.run(in, want);
  Lying from(in.layout(), of_in), to(in.layout(), of_out);
  from.take(in);
  plan.run(from.view(), to.view());
  EXPECT_TRUE(to.holds(want)) << text(in.shape()) << " " << name(in.dtype()) << "; in: " << told(of_in)
                              << "; out: " << told(of_out) << "\n"
                              << plan.explain();
}

GaussianOptions any_options(Engine& random, DType dtype, bool channels) {
  constexpr Border borders[] = {Border::reflect, Border::mirror, Border::nearest, Border::wrap, Border::constant};
  constexpr double sigmas[] = {0.6, 1.0, 2.5, 6.0};
  GaussianOptions options{.sigma = sigmas[random() % 4], .border = borders[random() % 5], .threads = 2};
  if (channels) options.axes = {0, 1};
  if (dtype == DType::u8 && random() % 2 == 0) options.tolerance = 1.0 / 8 / 255;
  return options;
}

TEST(Views, HaveTheBytesOfGaplessArrays) {
  Engine random(11);
  const std::vector<std::string> targets = cpu_targets();
  for (int i = 0; i < 500; ++i) {
    const auto extent = [&] { return one_of(random, {1, 3, 16, 17, 63, 64, 65, 100, 130, 257, 530}); };
    const bool channels = random() % 3 == 0, volume = !channels && random() % 6 == 0;
    Shape shape{extent(), extent()};
    if (channels) shape.push_back(one_of(random, {2, 3, 4, 5}));
    if (volume) shape = {one_of(random, {1, 5, 19, 40}), one_of(random, {1, 16, 33}), one_of(random, {1, 17, 70})};
    constexpr DType dtypes[] = {DType::u8,  DType::u8,  DType::u16, DType::f16, DType::f32,
                                DType::f32, DType::f64, DType::i64, DType::c64, DType::c128};
    const DType dtype = dtypes[random() % std::size(dtypes)];
    const Array in = make_array(dtype, shape, static_cast<std::uint64_t>(i), Pattern::noise);
    force_cpu_target(targets[random() % targets.size()]);
    const Plan plan = plan_gaussian(in.layout(), dtype, any_options(random, dtype, channels));
    expect_same_bytes(plan, in, any_lie(random, shape, channels), any_lie(random, shape, channels));
    force_cpu_target("");
  }
}

// Rows that run backwards on both sides, whole and by parts: taps that mirror themselves and others, every border.
TEST(Views, HaveTheBytesOfGaplessArraysWhereRowsRunBackwards) {
  const Shape shape{21, 131};
  for (const DType dtype : {DType::f32, DType::f64, DType::c64}) {
    const Array in = make_array(dtype, shape, 8);
    const Strided backwards(Style::reversed, in);
    for (const int order : {0, 1, 2}) {
      for (const Border border : {Border::reflect, Border::wrap, Border::constant}) {
        const Plan plan = plan_gaussian(
            in.layout(), dtype, {.sigma = {1.0, 2.0}, .order = {0, order}, .border = border, .cval = 2, .threads = 1});
        Array want(dtype, shape);
        plan.run(in, want);
        for (std::int64_t x = 0; x < shape[1]; x += 50) {
          const Index origin{0, x};
          const Shape size{shape[0], std::min<std::int64_t>(50, shape[1] - x)};
          const Window window = plan.source_window(origin, size);
          Strided out(Style::reversed, dtype, size);
          plan.run_region(part(View(backwards), window.origin, window.shape), window.origin, out, origin);
          EXPECT_TRUE(bytes_of(View(out)) == bytes_of(part(View(want), origin, size)))
              << name(dtype) << ", order " << order << ", from " << x;
        }
        Strided out(Style::reversed, dtype, shape);
        plan.run(backwards, out);
        EXPECT_TRUE(bytes_of(View(out)) == bytes_of(want)) << name(dtype) << ", order " << order;
      }
    }
  }
}

// More than what is streamed past the caches, in one direction and in both.
TEST(Views, HaveTheBytesOfGaplessArraysWhereTheyAreLarge) {
  const Lie gapless{{1, 0}, {false, false}}, turned{{0, 1}, {false, false}}, apart{{0, 1}, {false, true}, 1, 5, 3};
  for (const DType dtype : {DType::f32, DType::u8}) {
    const Array in = make_array(dtype, dtype == DType::f32 ? Shape{2111, 2100} : Shape{2111, 2101}, 5);
    for (const double sigma : {1.0, 5.0}) {
      const Plan plan = plan_gaussian(in.layout(), dtype, {.sigma = sigma, .tolerance = 1e-3, .threads = 2});
      for (const auto& [of_in, of_out] : {std::pair{gapless, turned},
                                          {turned, gapless},
                                          {turned, turned},
                                          {turned, apart},
                                          {apart, turned},
                                          {gapless, apart}}) {
        expect_same_bytes(plan, in, of_in, of_out);
      }
    }
  }
}

}  // namespace
}  // namespace gaussfilt::test
