// What this CPU can do at most, measured on one thread with the instructions that the library would use.
#pragma once

#include <gaussfilt/array.h>

namespace bench {

struct Peaks {
  double f32_pair = 0;   // seconds for an addition and a fused multiply-add of one f32: a pair of taps of one sample
  double f64_pair = 0;   // the same of f64
  double f64_exact = 0;  // with the product rounded before it is added
  double u8_pair = 0;    // 16-bit addition, half a multiplication of pairs and half a 32-bit addition
};

// Measured once a process, in about 0.2 s.
const Peaks& peaks();

}  // namespace bench
