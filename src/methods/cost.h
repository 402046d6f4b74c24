// Floor 2. What the passes take, measured: the constants from which the methods predict their time.
//
// machine: AMD EPYC, AVX3 instructions
// date:    2026-11-22
// command: make calibrate
// peaks:   a pair of taps takes 0.00911 ns a sample in f32, 0.018 in f64, 0.0206 in f64 unfused, 0.00451 in 16 bits
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

// An axis that goes to a lower rate and back, an item at the full rate: down the columns, along rows that are turned on
// their side, or along rows in phases.
struct Resampled {
  Pass column, turned, phased;  // a pair is a weight of the way down and one of the way back
  Conversion narrow;            // of columns: 8 and 16 bits
};

// ns a byte that comes from memory or goes there: memcpy
inline constexpr double ns_per_byte = 0.0253;

// ns a run: its call, its first tile
inline constexpr double ns_per_run = 1.62e+03;

// f32, products fused with sums
inline constexpr Arithmetic f32{
    .column = {.sample = 0.0194, .pair = 0.0209},
    .long_column = {.sample = 0.112, .pair = 0.0172},
    .row = {.sample = 0.0194, .pair = 0.0371},
    .long_row = {.sample = 0.298, .pair = 0.0164},
    .single = 0.0674,
    .multiply_add = 0.0144,
    .from_others = {.load = 0.131, .store = 0.177},
    .from_f16 = {.load = 0.133, .store = 0.171},
};

// f64, each product rounded as SciPy does
inline constexpr Arithmetic f64{
    .column = {.sample = 0.0166, .pair = 0.0453},
    .long_column = {.sample = 0.263, .pair = 0.049},
    .row = {.sample = 0.0166, .pair = 0.0766},
    .long_row = {.sample = 0.619, .pair = 0.0337},
    .single = 0.143,
    .multiply_add = 0.0314,
    .from_others = {.load = 0.29, .store = 0.546},
    .from_f16 = {.load = 1.32, .store = 0.743},
};

// f64, products fused with sums
inline constexpr Arithmetic f64_fused{
    .column = {.sample = 0.0281, .pair = 0.0527},
    .long_column = {.sample = 0.383, .pair = 0.0337},
    .row = {.sample = 0.0281, .pair = 0.0705},
    .long_row = {.sample = 0.457, .pair = 0.0361},
    .single = 0.143,
    .multiply_add = 0.0314,
    .from_others = {.load = 0.29, .store = 0.546},
    .from_f16 = {.load = 1.32, .store = 0.743},
};

// 8-bit samples as whole numbers; what moves and converts them is in `sample`
inline constexpr Arithmetic whole{
    .column = {.sample = 0.0422, .pair = 0.0107},
    .long_column = {.sample = 0.0422, .pair = 0.0107},
    .row = {.sample = 0.0422, .pair = 0.0173},
    .long_row = {.sample = 0.0422, .pair = 0.0173},
    .single = 0,
    .multiply_add = 0,
    .from_others = {.load = 0, .store = 0},
    .from_f16 = {.load = 0, .store = 0},
};

inline constexpr Resampled f32_resampled{
    .column = {.sample = 0.046, .pair = 0.012},
    .turned = {.sample = 0.49, .pair = 0.0253},
    .phased = {.sample = 0.184, .pair = 0.0213},
    .narrow = {.load = 0, .store = 0.0191},
};
inline constexpr Resampled f64_resampled{
    .column = {.sample = 0.103, .pair = 0.0334},
    .turned = {.sample = 1.35, .pair = 0.0583},
    .phased = {.sample = 0.378, .pair = 0.0676},
    .narrow = {.load = 0, .store = 0},
};

// A field of a composite takes so many times what it takes by itself.
inline constexpr double composite = 1.65;

// ns an item and axis: means of windows, of integers and of floats, and running means
inline constexpr double whole_mean = 0.334;
inline constexpr double float_mean = 4;
inline constexpr double running_mean = 2.78;

}  // namespace gaussfilt::methods::price
