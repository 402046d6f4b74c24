// Floor 2. Where rows lie between several column axes. A pass makes rows of all `planes` (outputs of its own axis and
// of those before it), at every place on the axes between it and the last one (touched samples of those).
#pragma once

#include "methods/spans.h"
#include "methods/tiling.h"

#include <cstddef>
#include <cstdint>

namespace gaussfilt::methods {

class SlabPlaces {
 public:
  SlabPlaces() = default;
  // `held`: rows of a plane at the last axis, in a ring.
  SlabPlaces(const base::AxisList<Span>& spans, std::int64_t held) : spans_(&spans), held_(held) {}

  // Outputs of the axes before `at`, and samples of those between it and the last one.
  std::int64_t planes(std::size_t at) const {
    std::int64_t count = 1;
    for (std::size_t i = 0; i < at; ++i) count *= span(i).outputs();
    return count;
  }
  std::int64_t places(std::size_t at) const {
    std::int64_t count = 1;
    for (std::size_t i = at + 1; i + 1 < spans_->size(); ++i) count *= span(i).count();
    return count;
  }

  // Which row of its slab the pass along axis `at` leaves there; `slot`: of the last axis.
  std::int64_t row(std::size_t at, std::int64_t plane, std::int64_t place, std::int64_t slot) const {
    return at + 2 == spans_->size() ? plane * held_ + slot % held_
                                    : (plane * places(at) + place) * rows_made_together + slot % rows_made_together;
  }

  // Bytes from the source's start to the row at `place` on axes 1, 2 ... and `slot` of the last one.
  std::ptrdiff_t source_offset(std::int64_t place, std::int64_t slot) const {
    if (spans_->size() == 1) return 0;
    std::ptrdiff_t offset = step(spans_->size() - 1, slot);
    for (std::size_t i = spans_->size() - 2; i >= 1; --i) {
      offset += step(i, place % span(i).count());
      place /= span(i).count();
    }
    return offset;
  }

  // Bytes from the output's start to the first row of a plane of the last axis.
  std::ptrdiff_t output_offset(std::int64_t plane) const {
    std::ptrdiff_t offset = 0;
    for (std::size_t i = spans_->size() - 1; i-- > 0;) {
      offset += (span(i).begin + plane % span(i).outputs() - span(i).axis->begin) * span(i).axis->dst_stride;
      plane /= span(i).outputs();
    }
    return offset;
  }

 private:
  const Span& span(std::size_t i) const { return (*spans_)[i]; }
  std::ptrdiff_t step(std::size_t i, std::int64_t slot) const {
    return (span(i).samples[static_cast<std::size_t>(slot)] - span(i).axis->src_origin) * span(i).axis->src_stride;
  }

  const base::AxisList<Span>* spans_ = nullptr;
  std::int64_t held_ = 0;
};

}  // namespace gaussfilt::methods
