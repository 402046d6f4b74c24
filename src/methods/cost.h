// Floor 2. What the passes take, measured: the constants from which the methods predict their time.
//
// machine: AMD EPYC, AVX3 instructions
// date:    2026-11-21
// command: make calibrate
// peaks:   a pair of taps takes 0.00863 ns a sample in f32, 0.0173 in f64, 0.0197 in f64 unfused, 0.00433 in 16 bits
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
inline constexpr double ns_per_byte = 0.0239;

// ns a run: its call, its first tile
inline constexpr double ns_per_run = 1.69e+03;

// f32, products fused with sums
inline constexpr Arithmetic f32{
    .column = {.sample = 0.0331, .pair = 0.0208},
    .long_column = {.sample = 0.198, .pair = 0.0149},
    .row = {.sample = 0.0331, .pair = 0.0373},
    .long_row = {.sample = 0.356, .pair = 0.0154},
    .single = 0.0658,
    .multiply_add = 0.0142,
    .from_others = {.load = 0.074, .store = 0.175},
    .from_f16 = {.load = 0.0888, .store = 0.153},
};

// f64, each product rounded as SciPy does
inline constexpr Arithmetic f64{
    .column = {.sample = 0.0669, .pair = 0.0563},
    .long_column = {.sample = 0.667, .pair = 0.0334},
    .row = {.sample = 0.0669, .pair = 0.0705},
    .long_row = {.sample = 0.609, .pair = 0.0311},
    .single = 0.138,
    .multiply_add = 0.0285,
    .from_others = {.load = 0.178, .store = 0.422},
    .from_f16 = {.load = 1.14, .store = 0.6},
};

// f64, products fused with sums
inline constexpr Arithmetic f64_fused{
    .column = {.sample = 0.0633, .pair = 0.0527},
    .long_column = {.sample = 0.503, .pair = 0.0301},
    .row = {.sample = 0.0633, .pair = 0.0659},
    .long_row = {.sample = 0.451, .pair = 0.0337},
    .single = 0.138,
    .multiply_add = 0.0285,
    .from_others = {.load = 0.178, .store = 0.422},
    .from_f16 = {.load = 1.14, .store = 0.6},
};

// 8-bit samples as whole numbers; what moves and converts them is in `sample`
inline constexpr Arithmetic whole{
    .column = {.sample = 0.0442, .pair = 0.0103},
    .long_column = {.sample = 0.0442, .pair = 0.0103},
    .row = {.sample = 0.0442, .pair = 0.0167},
    .long_row = {.sample = 0.0442, .pair = 0.0167},
    .single = 0,
    .multiply_add = 0,
    .from_others = {.load = 0, .store = 0},
    .from_f16 = {.load = 0, .store = 0},
};

inline constexpr Resampled f32_resampled{
    .column = {.sample = 0.0524, .pair = 0.0142},
    .turned = {.sample = 0.421, .pair = 0.0422},
    .phased = {.sample = 0.1, .pair = 0.02},
    .narrow = {.load = 0.02, .store = 0.05},
};
inline constexpr Resampled f64_resampled{
    .column = {.sample = 0.107, .pair = 0.0274},
    .turned = {.sample = 1.26, .pair = 0.0585},
    .phased = {.sample = 0.25, .pair = 0.05},
    .narrow = {.load = 0, .store = 0},
};

// A field of a composite takes so many times what it takes by itself.
inline constexpr double composite = 1.63;

// ns an item and axis: means of windows, of integers and of floats, and running means
inline constexpr double whole_mean = 0.312;
inline constexpr double float_mean = 3.6;
inline constexpr double running_mean = 2.54;

}  // namespace gaussfilt::methods::price
