// What a plan allocates: nothing once it is warm, and nothing is written where memory runs out. An executable of its
// own, since it replaces operator new.
#include "composite_support.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <thread>

namespace {

std::atomic<std::int64_t> allocations = 0;
std::atomic<std::int64_t> allocated = 0;  // bytes, of all that was ever asked for
std::atomic<std::int64_t> allowed = -1;   // further allocations before memory "runs out"; -1: no limit

void* allocate(std::size_t bytes, std::size_t alignment) {
  ++allocations;
  allocated += static_cast<std::int64_t>(bytes);
  if (allowed >= 0 && allowed-- == 0) {
    allowed = 0;
    throw std::bad_alloc();
  }
  void* memory = nullptr;
  if (posix_memalign(&memory, std::max(alignment, sizeof(void*)), std::max<std::size_t>(bytes, 1)) != 0) {
    throw std::bad_alloc();
  }
  return memory;
}

// Inlined, it would look to g++ like the mate of another new.
[[gnu::noinline]] void release(void* memory) noexcept { std::free(memory); }

}  // namespace

void* operator new(std::size_t bytes) { return allocate(bytes, alignof(std::max_align_t)); }
void* operator new[](std::size_t bytes) { return allocate(bytes, alignof(std::max_align_t)); }
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return allocate(bytes, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t bytes, std::align_val_t alignment) {
  return allocate(bytes, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
  try {
    return operator new(bytes);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}
void operator delete(void* memory) noexcept { release(memory); }
void operator delete[](void* memory) noexcept { release(memory); }
void operator delete(void* memory, std::size_t) noexcept { release(memory); }
void operator delete[](void* memory, std::size_t) noexcept { release(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { release(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { release(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { release(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { release(memory); }

namespace gaussfilt::test {
namespace {

struct Subject {
  DType dtype, out;
  Shape shape;
  GaussianOptions options;
};

std::vector<Subject> subjects() {
  return {{DType::f32, DType::f32, {301, 403}, {.sigma = 3.0, .threads = 1}},
          {DType::u8, DType::u8, {201, 203, 3}, {.sigma = 2.0, .axes = {0, 1}, .threads = 1}},
          {DType::u8, DType::u8, {201, 203, 3}, {.sigma = 2.0, .axes = {0, 1}, .tolerance = 5e-4, .threads = 1}},
          {DType::f64, DType::f64, {31, 43, 57}, {.sigma = 1.5, .border = Border::wrap, .threads = 1}},
          {DType::f32, DType::f32, {9, 5000}, {.sigma = 30.0, .border = Border::constant, .cval = 2.0, .threads = 1}},
          {DType::c64, DType::c64, {64, 65}, {.sigma = 2.0, .order = {0, 1}, .threads = 1}},
          {DType::f32, DType::c64, {90, 91}, {.sigma = 2.0, .threads = 1}}};
}

// At a lower rate: rows and columns, along one axis of either kind, outer axes, f64 between rows of f32.
std::vector<Subject> multirate_subjects() {
  const auto with = [](DType in, DType out, Shape shape, Axes axes, double sigma = 9, double tolerance = 1e-3) {
    const GaussianOptions options{
        .sigma = sigma, .axes = axes, .tolerance = tolerance, .threads = 1, .method = Method::multirate};
    return Subject{in, out, shape, options};
  };
  const DType f32 = DType::f32, f64 = DType::f64, u8 = DType::u8, c64 = DType::c64;
  return {with(f32, f32, {301, 403}, {0, 1}),
          with(u8, u8, {201, 203, 3}, {0, 1}),
          with(DType::u16, f64, {201, 203}, {1, 0}),
          with(f64, f64, {600}, {0}),
          with(f32, f32, {400, 90}, {0}),
          with(f32, f32, {90, 400}, {1}),
          with(f32, f32, {43, 61, 85}, {0, 1, 2}),
          with(c64, c64, {12, 43, 31, 60}, {3, 1, 2}),
          with(f32, f32, {301, 403}, {0, 1}, 9, 1e-6),
          with(f32, f32, {180, 170}, {0, 1}, 1e3),
          with(f32, f32, {8, 40000}, {0, 1}),
          with(u8, u8, {8, 20000, 3}, {0, 1}),
          with(u8, u8, {90000}, {0})};
}

// The same on two threads: every worker's scratch must be there before the first tile is stored. The executor is
// started beforehand: oneTBB's one-time start does not survive running out of memory (it waits for itself).
std::vector<Subject> subjects_on_two_threads() {
  const Array in = make_array(DType::f32, {512, 512}, 1);
  Array out(DType::f32, {512, 512});
  gaussian(in, out, {.sigma = 2.0, .threads = 2});
  std::vector<Subject> both = subjects();
  for (std::size_t i = 0; i < 2; ++i) {
    both.push_back(both[i]);
    both.back().options.threads = 2;
  }
  return both;
}

std::vector<Subject> all_subjects() {
  std::vector<Subject> all = subjects();
  for (const Subject& subject : multirate_subjects()) all.push_back(subject);
  return all;
}

TEST(Memory, AWarmPlanAllocatesNothing) {
  for (const Subject& subject : all_subjects()) {
    const Array in = make_array(subject.dtype, subject.shape, 1);
    Array out(subject.out, subject.shape);
    const Plan plan = plan_gaussian(in.layout(), subject.out, subject.options);
    plan.run(in, out);
    const std::int64_t before = allocations;
    for (int turn = 0; turn < 3; ++turn) plan.run(in, out);
    EXPECT_EQ(allocations - before, 0) << name(subject.dtype) << " " << text(subject.shape);
    plan.run_region(in, Extents::filled(in.rank(), 0), out, Extents::filled(in.rank(), 0));
    EXPECT_EQ(allocations - before, 0) << "by region, " << name(subject.dtype) << " " << text(subject.shape);
  }
}

// A cold thread's run takes its scratch and next to nothing else: a list of blocks, an index or two.
TEST(Memory, ARunTakesNoMoreThanItsScratch) {
  constexpr std::int64_t lists = 1024;
  for (const Subject& subject : all_subjects()) {
    const Array in = make_array(subject.dtype, subject.shape, 1);
    Array out(subject.out, subject.shape);
    const Plan plan = plan_gaussian(in.layout(), subject.out, subject.options);
    std::int64_t taken = 0;
    std::thread([&] {
      const std::int64_t before = allocated;
      plan.run(in, out);
      taken = allocated - before;
    }).join();
    EXPECT_LE(taken, plan.scratch_bytes() + lists) << plan.explain();
    EXPECT_GE(8 * taken, plan.scratch_bytes()) << plan.explain();
  }
}

// Several axes, through the output; in place too, where the Gaussian needs a copy.
TEST(Memory, AWarmUniformPlanAllocatesNothing) {
  for (const DType dtype : {DType::u8, DType::f32, DType::c128}) {
    const Shape shape{70, 90, 3};
    Array in = make_array(dtype, shape, 1), out(dtype, shape);
    const Plan plan = plan_uniform(in.layout(), dtype, {.size = 7, .threads = 1});
    plan.run(in, out);
    const std::int64_t before = allocations;
    plan.run(in, out);
    plan.run(in, in);
    EXPECT_EQ(allocations - before, 0) << name(dtype);
  }
}

// Full, sparse and product kernels, whatever the strides.
TEST(Memory, AWarmPlanOfAKernelAllocatesNothing) {
  const DenseKernel kernels[] = {
      {{1, 2, 3, 5, 4, 6}, {2, 3}}, {{0, 1, 0, 1, -4, 1, 0, 1, 0}, {3, 3}}, {{1, 1, 1, 1}, {2, 2}}};
  for (const DenseKernel& kernel : kernels) {
    const Array in = make_array(DType::u8, {301, 303, 3}, 1);
    Array out(DType::i16, in.shape());
    const Plan plan = plan_correlate(in.layout(), DType::i16, kernel, {.axes = {0, 1}, .bias = 2, .threads = 1});
    const Strided across(Style::transposed, in);
    plan.run(in, out);
    plan.run(across, out);
    const std::int64_t before = allocations;
    plan.run(in, out);
    plan.run(across, out);
    EXPECT_EQ(allocations - before, 0) << name(plan.method()) << " " << kernel.values.size();
  }
}

TEST(Memory, AWarmPlanOfSciPysIntegersAllocatesNothing) {
  const Array in = make_array(DType::i16, {201, 203}, 1);
  Array out(DType::u8, in.shape());
  const Plan plan =
      plan_separable(in.layout(), DType::u8, {.kernels = {{{-0.5, 0.25, 0.5}, 1}}, .like = Like::scipy, .threads = 1});
  plan.run(in, out);
  const std::int64_t before = allocations;
  plan.run(in, out);
  EXPECT_EQ(allocations - before, 0);
}

// Composites of every kind, with borders that make windows of all sizes.
std::vector<Plan> composites(int threads) {
  const auto plan = [threads](Kind kind, DType in, DType out, const Shape& shape, Spec spec) {
    spec.threads = threads;
    return make_plan(kind, {shape, in}, out, spec);
  };
  return {plan(Kind::laplace, DType::f32, DType::f32, {301, 403}, {.sigma = 2.0}),
          plan(Kind::laplace, DType::u8, DType::i16, {201, 203, 3}, {.sigma = 2.0, .axes = {0, 1}}),
          plan(Kind::magnitude, DType::f64, DType::f64, {31, 43, 57}, {.sigma = 1.5, .border = Border::wrap}),
          plan(Kind::difference, DType::c64, DType::c64, {164, 165}, {}),
          plan(Kind::hessian, DType::f32, DType::f32, {301, 303}, {.border = Border::constant, .cval = 2.0}),
          plan(Kind::hessian, DType::f32, DType::c64, {90, 91}, {}),
          plan(Kind::tensor, DType::f32, DType::f32, {301, 303}, {.second = 3.0, .border = Border::wrap}),
          plan(Kind::tensor, DType::u8, DType::f32, {201, 303, 3}, {.axes = {0, 1}})};
}

TEST(Memory, AWarmCompositeAllocatesNothing) {
  for (const Plan& plan : composites(1)) {
    const Shape& shape = plan.layout().shape;
    const Array in = make_array(plan.layout().dtype, shape, 1);
    std::vector<Array> outputs = make_outputs(plan, shape);
    const std::vector<MutableView> views = views_of(outputs);
    const Index origin = Extents::filled(shape.rank(), 0);
    plan.run(in, views);
    const std::int64_t before = allocations;
    for (int turn = 0; turn < 3; ++turn) plan.run(in, views);
    plan.run_region(in, origin, views, origin);
    EXPECT_EQ(allocations - before, 0) << plan.explain();
  }
}

// Runs `work` with memory for k allocations only, on a thread whose scratch is still cold. True where that sufficed.
template <class Work> bool suffices(std::int64_t k, const Work& work) {
  bool complete = false;
  std::thread([&] {
    allowed = k;
    try {
      work();
      complete = true;
    } catch (const std::bad_alloc&) {
    }
    allowed = -1;
  }).join();
  return complete;
}

// Which allocations to fail of all that `work` makes on a cold thread: the first and the last ones, which are those of
// the run, and some between. Planning a rate proves it, which takes thousands.
template <class Work> std::vector<std::int64_t> failing(const Work& work) {
  std::int64_t count = 0;
  std::thread([&] {
    const std::int64_t before = allocations;
    work();
    count = allocations - before;
  }).join();
  std::vector<std::int64_t> list;
  for (std::int64_t k = 0; k < count; ++k) {
    if (k < 40 || k >= count - 40 || k % 97 == 0) list.push_back(k);
  }
  return list;
}

// Planning and running.
TEST(Memory, RunningOutIsBadAllocAndWritesNothing) {
  for (const Subject& subject : subjects_on_two_threads()) {
    const Array in = make_array(subject.dtype, subject.shape, 1);
    const Array untouched = constant_array(subject.out, subject.shape, 3);
    Array out(subject.out, subject.shape);
    const auto work = [&] { gaussian(in, out, subject.options); };
    int ran_out = 0;
    for (const std::int64_t k : failing(work)) {
      out = constant_array(subject.out, subject.shape, 3);
      if (suffices(k, work)) continue;  // on two threads their number varies
      ++ran_out;
      ASSERT_TRUE(bytes_of(out) == bytes_of(untouched))
          << "allocation " << k << ", " << name(subject.dtype) << " to " << name(subject.out);
    }
    EXPECT_GT(ran_out, 5);
  }
}

TEST(Memory, RunningOutOfItLeavesTheOutputsOfComposites) {
  subjects_on_two_threads();  // starts the executor
  for (int threads : {1, 2}) {
    for (const Plan& plan : composites(threads)) {
      const Array in = make_array(plan.layout().dtype, plan.layout().shape, 1);
      std::int64_t k = 0;
      for (; k < 100; ++k) {
        std::vector<Array> outputs = make_outputs(plan, plan.layout().shape);
        const std::vector<std::byte> untouched = all_bytes(outputs);
        const std::vector<MutableView> views = views_of(outputs);
        if (suffices(k, [&] { plan.run(in, views); })) break;
        ASSERT_TRUE(all_bytes(outputs) == untouched) << "allocation " << k << "\n" << plan.explain();
      }
      EXPECT_GT(k, 0);
      EXPECT_LT(k, 100);
    }
  }
}

// Plans apart: making one proves rates, which takes many lists.
TEST(Memory, RunningOutOfItLeavesTheOutputOfMultirate) {
  subjects_on_two_threads();  // starts the executor
  for (Subject& subject : multirate_subjects()) {
    const Array in = make_array(subject.dtype, subject.shape, 1);
    const Array untouched = constant_array(subject.out, subject.shape, 3);
    for (const int threads : {1, 2}) {
      subject.options.threads = threads;
      const Plan plan = plan_gaussian(in.layout(), subject.out, subject.options);
      std::int64_t k = 0;
      for (; k < 100; ++k) {
        Array out = constant_array(subject.out, subject.shape, 3);
        if (suffices(k, [&] { plan.run(in, out); })) break;
        ASSERT_TRUE(bytes_of(out) == bytes_of(untouched)) << "allocation " << k << "\n" << plan.explain();
      }
      EXPECT_GT(k, 0);
      EXPECT_LT(k, 100);
    }
  }
}

// In place, what was there before is lost only if it is replaced.
TEST(Memory, RunningOutInPlaceKeepsTheInput) {
  for (const Subject& subject : subjects_on_two_threads()) {
    if (subject.out != subject.dtype) continue;
    const Array in = make_array(subject.dtype, subject.shape, 1);
    Array both(subject.dtype, subject.shape);
    const auto work = [&] { gaussian(both, both, subject.options); };
    for (const std::int64_t k : failing(work)) {
      both = make_array(subject.dtype, subject.shape, 1);
      if (suffices(k, work)) continue;
      ASSERT_TRUE(bytes_of(both) == bytes_of(in)) << "allocation " << k << ", " << name(subject.dtype);
    }
  }
}

}  // namespace
}  // namespace gaussfilt::test
