// Floor 2. One axis of a multirate run: which samples of the lower rate a box of outputs needs, which of them stand for
// others beyond the edges, and which samples of the axis they are made of.
#pragma once

#include "base/lines.h"

#include <cstdint>
#include <span>

namespace gaussfilt::methods {

struct LowAxis {
  const base::AxisTask* task = nullptr;  // null: its samples are only copied
  std::int64_t n = 1, begin = 0, end = 1;
  std::int64_t factor = 1, width = 1;
  std::int64_t before = 0, after = 0;   // reach of the taps at the lower rate
  std::int64_t q_begin = 0, q_end = 1;  // samples of the lower rate that the outputs are made of
  std::int64_t z_begin = 0, z_end = 1;  // those that are computed
  std::int64_t first = 0, last = 1;     // samples of the axis that they are made of

  std::span<std::int64_t> slots;    // of q_begin - before + i: its place in z, or -1 for the constant
  std::span<std::int64_t> samples;  // of z_begin * factor + i at the full rate: its place from `first` on, or -1

  bool resampled() const { return factor > 1; }
  bool filtered() const { return task != nullptr; }
  std::int64_t q_count() const { return q_end - q_begin; }
  std::int64_t z_count() const { return z_end - z_begin; }
  std::int64_t outputs() const { return end - begin; }
  std::int64_t sample_count() const { return last - first; }
  std::int64_t cells() const { return z_end - z_begin + width - 1; }
  std::size_t slot_entries() const { return static_cast<std::size_t>(q_end - q_begin + before + after); }
  std::size_t sample_entries() const { return static_cast<std::size_t>(cells() * factor); }
};

// Its ranges; the two tables come later, in memory of slot_entries() and sample_entries().
LowAxis low_axis(const base::WalkAxis& axis);
// The same axis, of which samples [z_begin, z_end) of the lower rate are computed.
LowAxis computed_part(const LowAxis& axis, std::int64_t z_begin, std::int64_t z_end);
void fill_slots(LowAxis& axis);
void fill_samples(LowAxis& axis);

}  // namespace gaussfilt::methods
