// Floor 2. What the passes take, measured: the constants from which the methods predict their time.
//
// machine: AMD EPYC, AVX3 instructions
// date:    2026-11-21
// command: make calibrate
// peaks:   a pair of taps takes 0.00852 ns a sample in f32, 0.017 in f64, 0.0194 in f64 unfused, 0.00424 in 16 bits
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
  Pass column;              // across rows that stay where they are
  Pass long_column;         // across rows that are copied first: less a pair, more a sample
  Pass row;                 // along a row
  Pass long_row;            // along many rows, turned on their side: less a pair, more a sample
  double single = 0;        // ns an item and tap, in passes whose taps do not mirror each other
  double multiply_add = 0;  // ns an item and multiply-add, many in a row on vectors: a weight of a dense kernel
  Conversion from_others;   // 8, 16 and 32 bits
  Conversion from_f16;
};

// An axis that goes to a lower rate and back, an item at the full rate: down the columns, or along rows that are turned
// on their side.
struct Resampled {
  Pass column, turned;  // a pair is a weight of the way down and one of the way back
};

// ns a byte that comes from memory or goes there: memcpy
inline constexpr double ns_per_byte = 0.0239;

// ns a run: its call, its first tile
inline constexpr double ns_per_run = 1.57e+03;

// f32, products fused with sums
inline constexpr Arithmetic f32{
    .column = {.sample = 0.064, .pair = 0.0214},
    .long_column = {.sample = 0.251, .pair = 0.0158},
    .row = {.sample = 0.064, .pair = 0.0245},
    .long_row = {.sample = 0.459, .pair = 0.012},
    .single = 0.0539,
    .multiply_add = 0.0143,
    .from_others = {.load = 0.0778, .store = 0.133},
    .from_f16 = {.load = 0.99, .store = 0.439},
};

// f64, each product rounded as SciPy does
inline constexpr Arithmetic f64{
    .column = {.sample = 0.0722, .pair = 0.0677},
    .long_column = {.sample = 0.413, .pair = 0.0376},
    .row = {.sample = 0.0722, .pair = 0.0514},
    .long_row = {.sample = 0.456, .pair = 0.029},
    .single = 0.111,
    .multiply_add = 0.0285,
    .from_others = {.load = 0.261, .store = 0.417},
    .from_f16 = {.load = 1.17, .store = 0.538},
};

// f64, products fused with sums
inline constexpr Arithmetic f64_fused{
    .column = {.sample = 0.07, .pair = 0.0624},
    .long_column = {.sample = 0.451, .pair = 0.0313},
    .row = {.sample = 0.07, .pair = 0.05},
    .long_row = {.sample = 0.312, .pair = 0.0317},
    .single = 0.111,
    .multiply_add = 0.0285,
    .from_others = {.load = 0.261, .store = 0.417},
    .from_f16 = {.load = 1.17, .store = 0.538},
};

// 8-bit samples as whole numbers; what moves and converts them is in `sample`
inline constexpr Arithmetic whole{
    .column = {.sample = 0.0447, .pair = 0.0101},
    .long_column = {.sample = 0.0447, .pair = 0.0101},
    .row = {.sample = 0.0447, .pair = 0.0163},
    .long_row = {.sample = 0.0447, .pair = 0.0163},
    .single = 0,
    .multiply_add = 0,
    .from_others = {.load = 0, .store = 0},
    .from_f16 = {.load = 0, .store = 0},
};

inline constexpr Resampled f32_resampled{
    .column = {.sample = 0.03, .pair = 0.008},
    .turned = {.sample = 0.4, .pair = 0.04},
};
inline constexpr Resampled f64_resampled{
    .column = {.sample = 0.06, .pair = 0.016},
    .turned = {.sample = 0.8, .pair = 0.08},
};

// A field of a composite takes so many times what it takes by itself.
inline constexpr double composite = 1.68;

// ns an item and axis: means of windows, of integers and of floats, and running means
inline constexpr double whole_mean = 0.309;
inline constexpr double float_mean = 3.54;
inline constexpr double running_mean = 2.55;

}  // namespace gaussfilt::methods::price
