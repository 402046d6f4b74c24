// Floor 0 from the inside, linked without the shared library: threads, scratch, overlap, folding, what a region needs.
#include "base/inline_list.h"
#include "base/lines.h"
#include "base/scratch.h"
#include "base/taps.h"
#include "base/threads.h"
#include "support.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

namespace gaussfilt::test {
namespace {

constexpr Border all_borders[] = {Border::reflect, Border::mirror, Border::nearest, Border::wrap, Border::constant};

TEST(ParallelFor, CallsEveryTileOnce) {
  for (std::int64_t count : {0, 1, 2, 7, 1000}) {
    for (int threads : {0, 1, 2, 8}) {
      std::vector<std::atomic<int>> calls(static_cast<std::size_t>(count));
      base::parallel_for(count, threads, [&](std::int64_t i, int) { ++calls[static_cast<std::size_t>(i)]; });
      for (const std::atomic<int>& n : calls) ASSERT_EQ(n, 1) << count << " tiles, " << threads << " threads";
    }
  }
}

TEST(ParallelFor, RethrowsTheFirstException) {
  for (int threads : {0, 1, 2, 8}) {
    std::atomic<int> running = 0;
    const auto tile = [&](std::int64_t i, int) {
      ++running;
      if (i == 13) {
        --running;
        throw std::bad_alloc();
      }
      --running;
    };
    EXPECT_THROW(base::parallel_for(100, threads, tile), std::bad_alloc);
    EXPECT_EQ(running, 0) << "a tile was still running";
  }
}

TEST(ParallelFor, NumbersItsWorkersAndRunsNoneTwiceAtOnce) {
  for (int threads : {0, 1, 2, 8}) {
    const int workers = base::worker_count(500, threads);
    EXPECT_GE(workers, 1);
    std::vector<std::atomic<int>> inside(static_cast<std::size_t>(workers));
    std::atomic<int> wrong = 0;
    base::parallel_for(500, threads, [&](std::int64_t, int worker) {
      if (worker < 0 || worker >= workers) {
        ++wrong;
        return;
      }
      std::atomic<int>& own = inside[static_cast<std::size_t>(worker)];
      if (++own != 1) ++wrong;
      std::this_thread::yield();
      --own;
    });
    EXPECT_EQ(wrong, 0) << threads << " threads";
  }
}

TEST(Scratch, ARunInsideARunGetsBlocksOfItsOwn) {
  const base::Scratch outer(1000, 2);
  std::fill_n(outer.of(1), 1000, std::byte{7});
  {
    const base::Scratch inner(100000, 2);
    EXPECT_NE(inner.of(0), outer.of(0));
    std::fill_n(inner.of(1), 100000, std::byte{9});
  }
  EXPECT_EQ(std::count(outer.of(1), outer.of(1) + 1000, std::byte{7}), 1000);
}

TEST(Scratch, PiecesAreAlignedAndApart) {
  using base::ScratchFrame;
  for (std::size_t count : {1u, 100u, 5000u, 3u}) {
    const base::Scratch scratch(
        ScratchFrame::padded(count * sizeof(float)) + ScratchFrame::padded(count * sizeof(double)), 1);
    ScratchFrame frame(scratch.of(0));
    const std::span<float> one = frame.take<float>(count);
    const std::span<double> two = frame.take<double>(count);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(one.data()) % 64, 0u);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(two.data()) % 64, 0u);
    std::fill(one.begin(), one.end(), 1.0f);
    std::fill(two.begin(), two.end(), 2.0);
    EXPECT_EQ(std::count(one.begin(), one.end(), 1.0f), static_cast<std::ptrdiff_t>(count));
  }
}

TEST(InlineListTest, KeepsItsOrder) {
  base::InlineList<int, 4> list;
  for (int i : {1, 2, 3, 4}) list.push_back(i);
  list.erase(list.begin() + 1);
  EXPECT_EQ(std::vector<int>(list.begin(), list.end()), (std::vector<int>{1, 3, 4}));
  list.pop_back();
  EXPECT_EQ(list.front(), 1);
  EXPECT_EQ(list.back(), 3);
}

// ---- overlap against the set of bytes ------------------------------------------------------------------------

std::byte memory[4096];

// The bytes of each item, one after another.
std::vector<std::ptrdiff_t> bytes_touched(const View& view) {
  std::vector<std::ptrdiff_t> offsets{static_cast<const std::byte*>(view.data()) - memory};
  for (int axis = 0; axis < view.rank(); ++axis) {
    std::vector<std::ptrdiff_t> next;
    for (std::ptrdiff_t offset : offsets) {
      for (std::int64_t i = 0; i < view.shape()[axis]; ++i) next.push_back(offset + i * view.strides()[axis]);
    }
    offsets = next;
  }
  std::vector<std::ptrdiff_t> bytes;
  for (std::ptrdiff_t offset : offsets) {
    for (std::size_t b = 0; b < size_of(view.dtype()); ++b) bytes.push_back(offset + static_cast<std::ptrdiff_t>(b));
  }
  return bytes;
}

bool share_a_byte(const View& a, const View& b) {
  const std::vector<std::ptrdiff_t> one = bytes_touched(a), two = bytes_touched(b);
  const std::set<std::ptrdiff_t> set(one.begin(), one.end());
  return std::any_of(two.begin(), two.end(), [&](std::ptrdiff_t byte) { return set.contains(byte); });
}

bool distinct_bytes(const View& view) {
  const std::vector<std::ptrdiff_t> bytes = bytes_touched(view);
  return std::set<std::ptrdiff_t>(bytes.begin(), bytes.end()).size() == bytes.size();
}

// Every n-th item of a crop of one 8 x 9 x 3 array of f32, perhaps reversed.
View slice(Random& random) {
  const Shape whole{8, 9, 3};
  const Strides strides = contiguous_strides(whole, DType::f32);
  Shape shape = whole;
  Strides step = strides;
  std::byte* at = memory + 1024;
  for (int axis = 0; axis < 3; ++axis) {
    const std::int64_t first = random.below(whole[axis]), every = 1 + random.below(3);
    shape[axis] = 1 + random.below((whole[axis] - 1 - first) / every + 1);
    step[axis] = every * strides[axis];
    at += first * strides[axis];
    if (random.below(3) == 0) {
      at += (shape[axis] - 1) * step[axis];
      step[axis] = -step[axis];
    }
  }
  return {at, DType::f32, shape, step};
}

View anything(Random& random) {
  Shape shape = Extents::filled(static_cast<int>(random.below(4)), 0);
  Strides strides = shape;
  for (int axis = 0; axis < shape.rank(); ++axis) {
    shape[axis] = random.below(5);
    strides[axis] = random.below(61) - 30;
  }
  return {memory + 2048 + random.below(200), random.below(2) == 0 ? DType::u8 : DType::f32, shape, strides};
}

TEST(OverlapTest, IsExactForSlicesOfOneArray) {
  Random random(1);
  int shared = 0;
  for (int turn = 0; turn < 4000; ++turn) {
    const View a = slice(random), b = slice(random);
    shared += share_a_byte(a, b) ? 1 : 0;
    ASSERT_EQ(base::overlap(a, b), share_a_byte(a, b)) << "turn " << turn;
    ASSERT_TRUE(base::items_disjoint(a)) << "turn " << turn;
  }
  EXPECT_GT(shared, 100);
  EXPECT_LT(shared, 3900);
}

TEST(OverlapTest, IsNeverMissed) {
  Random random(2);
  for (int turn = 0; turn < 20000; ++turn) {
    const View a = anything(random), b = anything(random);
    if (share_a_byte(a, b)) {
      ASSERT_TRUE(base::overlap(a, b)) << "turn " << turn;
    }
    if (!distinct_bytes(a)) {
      ASSERT_FALSE(base::items_disjoint(a)) << "turn " << turn;
    }
  }
}

// ---- what a region needs -------------------------------------------------------------------------------------

TEST(SamplesNeeded, CoverWhatTheBorderShowsAndNoMore) {
  for (Border border : all_borders) {
    for (std::int64_t n = 1; n <= 8; ++n) {
      for (std::int64_t low = -20; low < 20; ++low) {
        for (std::int64_t high = low + 1; high < 22; ++high) {
          std::int64_t first = n, last = 0;
          for (std::int64_t i = low; i < high; ++i) {
            const std::int64_t at = border_index(border, i, n);
            if (at < 0) continue;
            first = std::min(first, at);
            last = std::max(last, at + 1);
          }
          const auto needed = base::samples_needed(border, low, high, n);
          if (first >= last) {
            ASSERT_GE(needed.first, needed.second);
            continue;
          }
          ASSERT_LE(needed.first, first) << name(border) << " " << low << " to " << high << " of " << n;
          ASSERT_GE(needed.second, last) << name(border) << " " << low << " to " << high << " of " << n;
          ASSERT_GE(needed.first, 0);
          ASSERT_LE(needed.second, n);
          if (border != Border::wrap && low < n && high > 0) {  // a region's own samples are among them
            ASSERT_EQ(needed, std::make_pair(first, last)) << name(border) << " " << low << " to " << high;
          }
        }
      }
    }
  }
}

// ---- taps ----------------------------------------------------------------------------------------------------

// A kernel and its fold onto n samples give the same sums.
void expect_same_sums(const Kernel& kernel, Border border, std::int64_t n, std::uint64_t seed) {
  const Kernel folded = base::fold(kernel, border, n);
  EXPECT_LE(folded.centre, std::max(n, std::int64_t{1}));
  const Array in = make_array(DType::f64, {n}, seed);
  const auto line = [](const Kernel& k) { return reference::Line{{k.taps.begin(), k.taps.end()}, k.centre}; };
  const reference::Result straight = reference::correlate(in, {{0, line(kernel), border}}, 0.5);
  const reference::Result short_cut = reference::correlate(in, {{0, line(folded), border}}, 0.5);
  for (std::size_t i = 0; i < straight.values.size(); ++i) {
    ASSERT_NEAR(static_cast<double>(straight.values[i] - short_cut.values[i]), 0,
                4e-16 * static_cast<double>(straight.n))
        << name(border) << " n " << n << " taps " << kernel.taps.size() << " centre " << kernel.centre;
  }
}

TEST(Fold, GivesTheSameSums) {
  Random random(3);
  for (Border border : all_borders) {
    for (std::int64_t n = 1; n <= 9; ++n) {
      for (int order = 0; order <= 3; ++order) {
        for (double sigma : {0.8, 2.0, 7.0, 40.0}) {
          const Kernel kernel = gaussian_kernel(sigma, order, truncated_radius(sigma, 4));
          expect_same_sums(kernel, border, n, random.bits());
          EXPECT_TRUE(order % 2 == 1 || symmetry(base::fold(kernel, border, n)) == Symmetry::even);
        }
      }
    }
  }
}

// Odd about its middle is not odd about its centre.
TEST(Fold, GivesTheSameSumsOffTheMiddle) {
  for (Border border : all_borders) {
    for (std::int64_t n = 1; n <= 9; ++n) {
      for (std::int64_t centre = 0; centre < 7; ++centre) {
        expect_same_sums({.taps = {-1, 0, 2, 0, -2, 0, 1}, .centre = centre}, border, n, 5);
        expect_same_sums({.taps = {1, 3, 2, 7, 2, 3, 1}, .centre = centre}, border, n, 6);
      }
    }
  }
}

TEST(Fold, LeavesAShortKernelAlone) {
  const Kernel kernel = gaussian_kernel(1.0, 0, 4);
  for (Border border : all_borders) EXPECT_EQ(base::fold(kernel, border, 100).taps, kernel.taps);
}

TEST(ListTaps, GoFromTheOutsideIn) {
  base::AxisTask task;
  task.kernel = gaussian_kernel(1.0, 0, 4);
  base::list_taps(task, false);
  EXPECT_EQ(task.f64.offsets, (std::vector<std::int32_t>{4, 3, 2, 1}));
  EXPECT_TRUE(task.f64.has_centre);
  EXPECT_TRUE(task.f64.dense);
  EXPECT_EQ(task.f64.centre, task.kernel.taps[4]);
  EXPECT_EQ(task.before, 4);
  EXPECT_EQ(task.after, 4);
}

TEST(ListTaps, LeaveZerosOutUnlessAsked) {
  base::AxisTask task;
  task.kernel = gaussian_kernel(1.0, 2, 4);
  base::list_taps(task, false);
  EXPECT_EQ(task.f64.offsets, (std::vector<std::int32_t>{4, 3, 2}));
  base::list_taps(task, true);
  EXPECT_EQ(task.f64.offsets, (std::vector<std::int32_t>{4, 3, 2, 1}));
}

// A tap too small for the working precision still reaches its sample.
TEST(ListTaps, KeepWhatUnderflows) {
  base::AxisTask task;
  task.kernel = {.taps = {1e-60, 1, 1e-60}, .centre = 1};
  base::list_taps(task, false);
  ASSERT_EQ(task.f32.weights.size(), 1u);
  EXPECT_GT(task.f32.weights[0], 0.0f);
}

TEST(CopyItems, MovesBetweenAnyStrides) {
  for (DType dtype : all_dtypes()) {
    const Array in = make_array(dtype, {3, 4, 5}, 6);
    for (Style style : all_styles) {
      for (Style other : all_styles) {
        Strided from(style, in), to(other, dtype, in.shape());
        base::copy_items(from, to);
        EXPECT_EQ(bytes_of(to), bytes_of(in));
        EXPECT_TRUE(to.gaps_untouched());
      }
    }
  }
}

}  // namespace
}  // namespace gaussfilt::test
