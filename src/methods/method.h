// Floor 2. What every method offers to the planner. One row of the planner's table each.
#pragma once

#include "base/problem.h"

#include <cstdint>

namespace gaussfilt::methods {

enum class Outcome : std::uint8_t { complete, stopped };

struct Methods {
  double (*cost)(const base::Problem& problem);           // predicted nanoseconds per sample, see cost.h
  std::int64_t (*scratch)(const base::Problem& problem);  // bytes one thread takes, for a gapless array
  Outcome (*run)(const base::Problem& problem, const base::Job& job);
  bool in_place = false;  // run() may be given the input as the output
};

// A run of the whole problem on gapless arrays, for scratch(): `src` says how they are aligned and is not read.
base::Job gapless_job(const base::Problem& problem, const void* src = nullptr);

// Separable FIR: one pass along each axis, fused over cache tiles. Supports every single problem.
extern const Methods separable;
// The same in integers, for 8-bit samples: problems whose working dtype is i32.
extern const Methods integer;
// Each axis to a lower rate, filtered there, and back: problems whose axes have resamplings.
extern const Methods multirate;
// Several separable fields of one input, combined tile by tile. Supports every composite.
extern const Methods composite;

// Every weight of a kernel of any shape (Problem::dense), summed in their order.
extern const Methods dense;

// Running means along each axis of windows of AxisTask::window samples, through the output array.
extern const Methods box;

// Means of windows of any width (AxisTask::mean): integers exactly, in Problem::working u32 or u64; else in f64, where
// nothing reaches further than its window.
extern const Methods mean;
// The largest magnitude that samples of an integer dtype and the constants beyond borders have.
double mean_level(const base::Problem& problem);

}  // namespace gaussfilt::methods
