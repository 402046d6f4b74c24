// Floor 2. A multirate axis further out than rows and columns, on arrays that are at the lower rate along those.
#include "methods/multirate_frame.h"

#include "passes/fir.h"

#include <algorithm>

namespace gaussfilt::methods {
namespace {

using base::ScratchFrame;

// Items of a chunk, all samples of the axis together: what a part of the L2 cache holds.
constexpr std::int64_t chunk_items = 64 * 1024;

std::int64_t rows_in_chunk(const LowAxis& axis) { return axis.z_count() + axis.q_count() + axis.sample_count(); }

}  // namespace

template <class Low>
Outer<Low>::Outer(const MultirateFrame& frame, const LowAxis& axis, std::int64_t items)
    : frame_(frame), axis_(axis), items_(items) {
  const std::int64_t fitting = std::max<std::int64_t>(64, chunk_items / rows_in_chunk(axis) / 64 * 64);
  chunk_ = std::min(items, fitting);
}

template <class Low> std::size_t Outer<Low>::scratch_bytes() const {
  const auto pointers = static_cast<std::int64_t>(axis_.slot_entries() + axis_.sample_entries());
  const std::int64_t lists = pointers + axis_.cells() * 2 + (axis_.q_count() + 1) * (axis_.factor + 2);
  const std::int64_t rows = axis_.z_count() + axis_.q_count() + axis_.width + 1;
  return 12 * ScratchFrame::padded(0) + static_cast<std::size_t>(lists) * sizeof(void*) +
         static_cast<std::size_t>(rows * padded_row<Low>(chunk_)) * sizeof(Low);
}

template <class Low>
void Outer<Low>::run(const Low* from, Low* to, std::int64_t begin, std::int64_t end, std::byte* scratch) const {
  ScratchFrame pieces(scratch);
  const auto take = [&](auto tag, std::int64_t count) {
    return pieces.take<decltype(tag)>(static_cast<std::size_t>(count));
  };
  const std::int64_t count = end - begin, pitch = padded_row<Low>(chunk_);
  const auto width = static_cast<std::size_t>(count);
  const auto constant = take(Low(), chunk_);
  for (std::int64_t i = 0; i < count; ++i) {
    constant[static_cast<std::size_t>(i)] = constant_item<Low>(frame_, axis_.task->cval, (begin + i) % frame_.inner);
  }
  const auto source = [&](std::int64_t sample) {
    return sample < 0 ? constant.data() : from + sample * items_ + begin;
  };

  // To the lower rate, or the samples as they are.
  const auto z = take(static_cast<const Low*>(nullptr), axis_.z_count());
  if (axis_.resampled()) {
    const auto& taps = axis_.task->resampling.template taps<Low>();
    const auto rows = take(static_cast<const void*>(nullptr), static_cast<std::int64_t>(axis_.samples.size()));
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = source(axis_.samples[i]);
    const auto values = take(Low(), axis_.z_count() * pitch);
    const auto pending = take(Low(), axis_.width * pitch);
    std::ranges::fill(pending, Low{0});
    const auto outs = take(static_cast<Low*>(nullptr), axis_.cells());
    for (std::int64_t i = 0; i < axis_.cells(); ++i) {
      const std::int64_t j = i - axis_.width + 1;
      outs[static_cast<std::size_t>(i)] = j < 0 ? nullptr : values.data() + j * pitch;
      if (j >= 0) z[static_cast<std::size_t>(j)] = outs[static_cast<std::size_t>(i)];
    }
    passes::resample<Low>().decimate(rows.data(), 0, outs.size(), taps, pending.data(), static_cast<std::size_t>(pitch),
                                     outs.data(), 0, width);
  } else {
    for (std::size_t i = 0; i < z.size(); ++i) z[i] = source(static_cast<std::int64_t>(i));
  }

  // Filtered there.
  const auto rows = take(static_cast<const Low*>(nullptr), static_cast<std::int64_t>(axis_.slots.size()));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i] = axis_.slots[i] < 0 ? constant.data() : z[static_cast<std::size_t>(axis_.slots[i])];
  }
  const auto targets = take(static_cast<Low*>(nullptr), axis_.q_count());
  Low* const values = axis_.resampled() ? take(Low(), axis_.q_count() * pitch).data() : to + begin;
  const std::int64_t apart = axis_.resampled() ? pitch : items_;
  for (std::int64_t i = 0; i < axis_.q_count(); ++i) targets[static_cast<std::size_t>(i)] = values + i * apart;
  const std::int64_t shift = axis_.resampled() ? 0 : axis_.task->shift;
  passes::fir<Low>().columns(rows.data() + axis_.before + shift, targets.data(), targets.size(), 0, width,
                             axis_.task->template taps<Low>());
  if (!axis_.resampled()) return;

  // And back.
  const std::int64_t cells = axis_.q_count() - axis_.width + 1, lead = axis_.begin % axis_.factor;
  const auto outs = take(static_cast<void*>(nullptr), cells * axis_.factor);
  for (std::int64_t i = 0; i < cells * axis_.factor; ++i) {
    const std::int64_t y = i - lead;
    outs[static_cast<std::size_t>(i)] = y >= 0 && y < axis_.outputs() ? to + y * items_ + begin : nullptr;
  }
  passes::resample<Low>().interpolate(targets.data(), 0, static_cast<std::size_t>(cells),
                                      axis_.task->resampling.template taps<Low>(), outs.data(), 0, width, false);
}

template class Outer<float>;
template class Outer<double>;

}  // namespace gaussfilt::methods
