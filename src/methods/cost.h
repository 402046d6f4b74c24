// Floor 2. What the passes take, measured: the constants from which the methods predict their time.
//
// machine: AMD EPYC, AVX3 instructions
// date:    2026-11-21
// command: make calibrate
// peaks:   a pair of taps takes 0.00866 ns a sample in f32, 0.0171 in f64, 0.0196 in f64 unfused, 0.00429 in 16 bits
//
// Written by bench/calibrate.cpp. All times are nanoseconds on one thread, for arrays that no cache holds. They are
// compiled in and the same on every machine: what a plan computes must not depend on where it runs.
#pragma once

namespace gaussfilt::methods::price {

// What one pass takes an item of its output.
struct Pass {
  double sample = 0;  // ns an item, whatever the taps
  double pair = 0;    // ns an item and pair of taps: an addition and a multiply-add
};

// Items of another dtype on their way to the working precision and back.
struct Conversion {
  double load = 0;   // ns an item
  double store = 0;  // ns an item
};

struct Arithmetic {
  Pass column;              // across rows
  Pass row;                 // along a row
  Pass turned;              // along many rows, turned on their side
  double single = 0;        // ns an item and tap, in passes whose taps do not mirror each other
  double multiply_add = 0;  // ns an item and multiply-add, many in a row on vectors: a weight of a dense kernel
  Conversion from_others;   // 8, 16 and 32 bits
  Conversion from_f16;
};

// ns a byte that comes from memory or goes there: memcpy
inline constexpr double ns_per_byte = 0.0249;

// ns a run: its call, its first tile
inline constexpr double ns_per_run = 1.57e+03;

// f32, products fused with sums
inline constexpr Arithmetic f32{
    .column = {.sample = 0.0546, .pair = 0.0216},
    .row = {.sample = 0.0546, .pair = 0.0247},
    .turned = {.sample = 0.432, .pair = 0.0127},
    .single = 0.0529,
    .multiply_add = 0.0137,
    .from_others = {.load = 0.0639, .store = 0.138},
    .from_f16 = {.load = 0.999, .store = 0.424},
};

// f64, each product rounded as SciPy does
inline constexpr Arithmetic f64{
    .column = {.sample = 0.0845, .pair = 0.0506},
    .row = {.sample = 0.0845, .pair = 0.0503},
    .turned = {.sample = 0.378, .pair = 0.0308},
    .single = 0.11,
    .multiply_add = 0.028,
    .from_others = {.load = 0.247, .store = 0.428},
    .from_f16 = {.load = 1.17, .store = 0.523},
};

// f64, products fused with sums
inline constexpr Arithmetic f64_fused{
    .column = {.sample = 0.095, .pair = 0.0457},
    .row = {.sample = 0.095, .pair = 0.0463},
    .turned = {.sample = 0.315, .pair = 0.0323},
    .single = 0.11,
    .multiply_add = 0.028,
    .from_others = {.load = 0.247, .store = 0.428},
    .from_f16 = {.load = 1.17, .store = 0.523},
};

// 8-bit samples as whole numbers; what moves and converts them is in `sample`
inline constexpr Arithmetic whole{
    .column = {.sample = 0.0444, .pair = 0.0101},
    .row = {.sample = 0.0444, .pair = 0.0163},
    .turned = {.sample = 0.0444, .pair = 0.0163},
    .single = 0,
    .multiply_add = 0,
    .from_others = {.load = 0, .store = 0},
    .from_f16 = {.load = 0, .store = 0},
};

// A field of a composite takes so many times what it takes by itself.
inline constexpr double composite = 1.71;

// ns an item and axis: means of windows, of integers and of floats, and running means
inline constexpr double whole_mean = 0.301;
inline constexpr double float_mean = 3.53;
inline constexpr double running_mean = 2.54;

}  // namespace gaussfilt::methods::price
