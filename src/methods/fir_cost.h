// Floor 2. What a plan takes, predicted: nanoseconds a sample of the output, on one thread and a large array, from the
// constants of cost.h. It follows from the problem alone, whatever CPU and strides it meets.
#pragma once

#include "base/problem.h"
#include "methods/cost.h"

namespace gaussfilt::methods {

// The constants for the arithmetic of a problem.
const price::Arithmetic& arithmetic_of(const base::Problem& problem);

// One pass along an axis, an item: of both ways to make it the cheaper one, on any CPU, whichever it takes.
double pass_cost(const price::Arithmetic& arithmetic, const base::AxisTask& task, bool along, bool whole = false);

// Items that a sample has: 2 where it is complex.
double items_of(DType dtype);

// Moving the source into the working precision and the result out of it: conversions where the dtypes differ.
double load_cost(const price::Arithmetic& arithmetic, DType working, DType in);
double store_cost(const price::Arithmetic& arithmetic, DType working, DType out);

// Bytes that come from memory and go there, when each sample is read `reads` times, and the start of the run.
double traffic_cost(const base::Problem& problem, double reads = 1, double outputs = 1);

// Separable FIR with the tiles that a gapless array is cut into. `passes`: without the traffic between memory and
// cache.
struct FirTime {
  double passes = 0, traffic = 0;
};
FirTime fir_time(const base::Problem& problem);
double fir_cost(const base::Problem& problem);

}  // namespace gaussfilt::methods
