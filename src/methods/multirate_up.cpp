// Floor 2. Filtered at the lower rate, and the way back up: samples of the lower rate to output rows.
#include "methods/multirate_frame.h"

#include "passes/convert.h"
#include "passes/fir.h"

#include <algorithm>

namespace gaussfilt::methods {
namespace {

using base::ScratchFrame;

// Items of a row that are made and converted together.
constexpr std::int64_t stretch = 1024;

template <class T> constexpr std::int64_t margin = passes::row_margin / sizeof(T);

}  // namespace

template <class Full, class Low> class Up<Full, Low>::Task {
 public:
  Task(const Up& up, const Low* z, const LowAxis& strip, std::byte* output, std::byte* scratch)
      : up_(up),
        frame_(up.frame_),
        column_(frame_.column),
        row_(strip),
        store_(passes::convert<Full>(frame_.walk.dst_dtype).out),
        z_(z + (strip.z_begin - frame_.row.z_begin) * frame_.run_inner()),
        output_(output + (strip.begin - frame_.row.begin) * frame_.walk.row.dst_stride),
        scratch_(scratch) {
    take();
  }

  static std::size_t bytes(const Up& up, const LowAxis& strip) {
    Task task(up, strip);
    return task.taken_;
  }

  void run(std::int64_t begin, std::int64_t end) {
    if (!column_.resampled()) {
      for (std::int64_t y = begin; y < end; y += rows_together) {
        const std::int64_t count = std::min(rows_together, end - y);
        for (std::int64_t i = 0; i < count; ++i) {
          full_[static_cast<std::size_t>(i)] = up_.in_place_ ? output_row(y + i) : ring_ + i * ring_pitch_;
        }
        make_rows(y, count);
        for (std::int64_t i = 0; i < count && !up_.in_place_; ++i) {
          store(full_[static_cast<std::size_t>(i)], y + i, 0, output_items());
        }
      }
    } else {
      interpolate_column(begin, end);
    }
    if (up_.streamed_) passes::resample<Full>().end_streams();
  }

 private:
  Task(const Up& up, const LowAxis& strip)
      : up_(up), frame_(up.frame_), column_(frame_.column), row_(strip), scratch_(nullptr) {
    take();
  }

  std::int64_t low_items() const { return row_.z_count() * frame_.inner; }     // of a row of z, of the strip
  std::int64_t output_items() const { return row_.outputs() * frame_.inner; }  // of an output row
  const Low* z_row(std::int64_t j) const { return z_ + j * frame_.low_row(); }

  template <class T> std::span<T> piece(std::int64_t count) {
    taken_ += ScratchFrame::padded(static_cast<std::size_t>(count) * sizeof(T));
    return store_ == nullptr ? std::span<T>() : scratch_.take<T>(static_cast<std::size_t>(count));
  }

  std::int64_t ring_rows() const { return rows_together + column_.width - 1; }
  // Cells of the column that are interpolated together.
  std::int64_t cells_together() const { return std::max<std::int64_t>(1, rows_together / column_.factor); }
  std::int64_t group_rows() const { return cells_together() * column_.factor; }

  void take() {
    const bool measured = store_ == nullptr;
    const std::int64_t inner = frame_.inner;
    if (column_.resampled() || !up_.in_place_) {
      ring_pitch_ = padded_row<Full>(output_items());
      ring_ = piece<Full>(ring_pitch_ * ring_rows()).data();
    }
    if (column_.resampled()) {
      outs_ = piece<void*>(group_rows()).data();
      if (!up_.in_place_) results_ = piece<Full>(padded_row<Full>(stretch) * group_rows()).data();
    }
    if (column_.filtered()) {
      z_rows_ = piece<const Low*>(column_.before + column_.after + rows_together).data();
      column_pitch_ = padded_row<Low>(low_items());
      filtered_ = piece<Low>(column_pitch_ * rows_together).data();
      constant_ = piece<Low>(low_items());
      if (!measured && !column_.resampled() && column_.task->border == Border::constant) {
        fill_with_constant(frame_, column_.task->cval, constant_);
      }
    }
    if (row_.filtered()) {
      row_.slots = piece<std::int64_t>(static_cast<std::int64_t>(row_.slot_entries()));
      if (!measured) fill_slots(row_), find_run();
      extended_ = piece<Low>(static_cast<std::int64_t>(row_.slot_entries()) * inner + 2 * margin<Low> + 64).data();
      q_pitch_ = padded_row<Low>(row_.q_count() * inner);
      q_rows_ = piece<Low>(q_pitch_ * rows_together).data();
    }
    if (!row_.resampled()) return;
    if (frame_.phased()) {
      whole_cells_ = piece<Full>((row_.q_count() - row_.width + 1) * row_.factor).data();
      run_pitch_ = padded_row<Full>(row_.outputs());
      if (frame_.inner > 1) runs_ = piece<Full>(run_pitch_ * frame_.inner).data();
      return;
    }
    turned_ = piece<Low>(row_.q_count() * inner * rows_together).data();
    columns_ = piece<const Low*>(row_.q_count()).data();
    made_ = piece<Low>(up_.cells_turned_ * row_.factor * inner * rows_together).data();
    made_columns_ = piece<void*>(up_.cells_turned_ * row_.factor).data();
    dump_ = piece<Full>(up_.cells_turned_ * row_.factor * inner).data();
  }

  // The longest stretch of the extended row that is one of z as well: around the middle.
  void find_run() {
    const auto count = static_cast<std::int64_t>(row_.slots.size());
    const auto slot = [&](std::int64_t x) { return row_.slots[static_cast<std::size_t>(x)]; };
    run_begin_ = run_end_ = count / 2;
    if (slot(run_begin_) < 0) return;
    ++run_end_;
    while (run_begin_ > 0 && slot(run_begin_ - 1) >= 0 && slot(run_begin_ - 1) == slot(run_begin_) - 1) --run_begin_;
    while (run_end_ < count && slot(run_end_) == slot(run_end_ - 1) + 1) ++run_end_;
  }

  std::byte* output_place(std::int64_t y) const { return output_ + y * frame_.column_walk.dst_stride; }
  Full* output_row(std::int64_t y) const { return reinterpret_cast<Full*>(output_place(y)); }

  // Items [begin, end) of output row y.
  void store(const Full* from, std::int64_t y, std::int64_t begin, std::int64_t end) const {
    store_(from, output_place(y) + begin / frame_.inner * frame_.walk.row.dst_stride, frame_.walk.row.dst_stride,
           static_cast<std::size_t>((end - begin) / frame_.inner), static_cast<std::size_t>(frame_.inner));
  }

  // ---- the column ----

  void interpolate_column(std::int64_t begin, std::int64_t end) {
    const std::int64_t factor = column_.factor, begun = column_.width - 1;
    const std::int64_t first = (column_.begin + begin) / factor,
                       last = (column_.begin + end - 1) / factor + 1;  // cells
    const std::int64_t q_first = first - begun;
    std::int64_t made = q_first;  // rows of q, up to which the ring is full
    for (std::int64_t cell = first; cell < last;) {
      const std::int64_t room = std::min(made + rows_together, last);
      for (std::int64_t q = made; q < room; ++q) {
        full_[static_cast<std::size_t>(q - made)] = ring_row(q);
      }
      make_rows(made - column_.q_begin, room - made);
      made = room;
      while (cell < made) {
        const std::int64_t cells = std::min(cells_together(), made - cell);
        interpolate_cells(cell, cells, begin, end);
        cell += cells;
      }
    }
  }

  Full* ring_row(std::int64_t q) const { return ring_ + (q - column_.q_begin) % ring_rows() * ring_pitch_; }

  void interpolate_cells(std::int64_t cell, std::int64_t cells, std::int64_t begin, std::int64_t end) {
    const auto& taps = column_.task->resampling.template taps<Full>();
    const std::int64_t begun = column_.width - 1, rows = cells * column_.factor;
    for (std::int64_t i = 0; i < cells + begun; ++i) from_[static_cast<std::size_t>(i)] = ring_row(cell - begun + i);
    const std::int64_t y = cell * column_.factor - column_.begin;  // of the first row, which may lie before `begin`
    const auto pass = [&](std::int64_t from, std::int64_t to, std::ptrdiff_t offset, bool streamed) {
      up_.columns_->interpolate(from_.data(), offset, static_cast<std::size_t>(cells), taps, outs_,
                                static_cast<std::size_t>(from), static_cast<std::size_t>(to), streamed);
    };
    const auto wanted = [&](std::int64_t i) { return y + i >= begin && y + i < end; };
    if (up_.in_place_) {
      for (std::int64_t i = 0; i < rows; ++i) outs_[i] = wanted(i) ? output_place(y + i) : nullptr;
      return pass(0, output_items(), 0, up_.streamed_);
    }
    for (std::int64_t i = 0; i < rows; ++i) outs_[i] = wanted(i) ? results_ + i * padded_row<Full>(stretch) : nullptr;
    const std::int64_t step = std::max<std::int64_t>(1, stretch / frame_.inner) * frame_.inner;
    for (std::int64_t x = 0; x < output_items(); x += step) {
      const std::int64_t count = std::min(step, output_items() - x);
      pass(0, count, x, false);
      for (std::int64_t i = 0; i < rows; ++i) {
        if (outs_[i] != nullptr) store(static_cast<const Full*>(outs_[i]), y + i, x, x + count);
      }
    }
  }

  // ---- rows of q ----

  // Rows [q, q + count) of the column at the lower rate, counted from its first one: filtered along both axes, back
  // along the row, into full_.
  void make_rows(std::int64_t q, std::int64_t count) {
    filter_columns(q, count);
    for (std::int64_t i = 0; i < count && row_.filtered(); ++i) filter_row(i);
    if (frame_.phased()) {
      for (std::int64_t i = 0; i < count; ++i) {
        interpolate_runs(low_[static_cast<std::size_t>(i)], full_[static_cast<std::size_t>(i)]);
      }
      return;
    }
    if (row_.resampled()) return interpolate_rows(count);
    for (std::int64_t i = 0; i < count; ++i) widen(low_[static_cast<std::size_t>(i)], i);
  }

  // A row of q as it is, in the other precision.
  void widen(const Low* row, std::int64_t i) const {
    const auto& convert = passes::convert<Low>(sizeof(Full) == sizeof(float) ? DType::f32 : DType::f64);
    convert.out(row, reinterpret_cast<std::byte*>(full_[static_cast<std::size_t>(i)]), sizeof(Full),
                static_cast<std::size_t>(output_items()), 1);
  }

  void filter_columns(std::int64_t q, std::int64_t count) {
    if (!column_.filtered()) {
      for (std::int64_t i = 0; i < count; ++i) low_[static_cast<std::size_t>(i)] = z_row(q + i);
      return;
    }
    std::array<Low*, rows_together> to{};
    for (std::int64_t i = 0; i < count; ++i) {
      low_[static_cast<std::size_t>(i)] = to[static_cast<std::size_t>(i)] = filtered_ + i * column_pitch_;
    }
    // The runs of a whole row follow each other, those of a strip do not.
    const std::int64_t runs = row_.z_count() == frame_.row.z_count() ? 1 : frame_.runs();
    for (std::int64_t c = 0; c < runs; ++c) filter_column_run(q, count, c, low_items() / runs, to);
  }

  void filter_column_run(std::int64_t q, std::int64_t count, std::int64_t c, std::int64_t items,
                         std::array<Low*, rows_together> to) const {
    for (std::int64_t i = 0; i < column_.before + column_.after + count; ++i) {
      const std::int64_t slot = column_.slots[static_cast<std::size_t>(q + i)];
      z_rows_[i] = slot < 0 ? constant_.data() : z_row(slot) + c * frame_.row.z_count();
    }
    for (std::int64_t i = 0; i < count; ++i) to[static_cast<std::size_t>(i)] += c * items;
    const std::int64_t shift = column_.resampled() ? 0 : column_.task->shift;
    passes::fir<Low>().columns(z_rows_ + column_.before + shift, to.data(), static_cast<std::size_t>(count), 0,
                               static_cast<std::size_t>(items), column_.task->template taps<Low>());
  }

  void filter_row(std::int64_t i) {
    const Low* const from = low_[static_cast<std::size_t>(i)];
    Low* const to = q_rows_ + i * q_pitch_;
    const std::int64_t apart = column_.filtered() ? row_.z_count() : frame_.row.z_count();  // the runs
    for (std::int64_t c = 0; c < frame_.runs(); ++c) filter_run(from + c * apart, to + c * row_.q_count());
    low_[static_cast<std::size_t>(i)] = to;
  }

  void filter_run(const Low* from, Low* to) const {
    const std::int64_t inner = frame_.run_inner();
    Low* const extended = extended_ + margin<Low>;
    const auto put = [&](std::int64_t x) {
      const std::int64_t slot = row_.slots[static_cast<std::size_t>(x)];
      for (std::int64_t c = 0; c < inner; ++c) {
        extended[x * inner + c] = slot < 0 ? constant_item<Low>(frame_, row_.task->cval, c) : from[slot * inner + c];
      }
    };
    for (std::int64_t x = 0; x < run_begin_; ++x) put(x);
    if (run_begin_ < run_end_) {
      const std::int64_t slot = row_.slots[static_cast<std::size_t>(run_begin_)];
      std::copy_n(from + slot * inner, (run_end_ - run_begin_) * inner, extended + run_begin_ * inner);
    }
    for (auto x = run_end_; x < static_cast<std::int64_t>(row_.slots.size()); ++x) put(x);
    const std::int64_t shift = row_.resampled() ? 0 : row_.task->shift;
    passes::fir<Low>().row(extended + (row_.before + shift) * inner, to,
                           static_cast<std::size_t>(row_.q_count() * inner), inner, row_.task->template taps<Low>(),
                           false);
  }

  void interpolate_runs(const Low* from, Full* row) const {
    if (frame_.inner == 1) return interpolate_run(from, row);
    for (std::int64_t c = 0; c < frame_.inner; ++c) interpolate_run(from + c * row_.q_count(), runs_ + c * run_pitch_);
    passes::phases<Full, Full>().merge(runs_, static_cast<std::size_t>(run_pitch_),
                                       static_cast<std::size_t>(row_.outputs()), static_cast<std::size_t>(frame_.inner),
                                       row);
  }

  void interpolate_run(const Low* from, Full* row) const {
    const std::int64_t cells = row_.q_count() - row_.width + 1, lead = row_.begin % row_.factor;
    const bool whole = cells * row_.factor == row_.outputs();
    Full* const to = whole ? row : whole_cells_;
    passes::phases<Full, Low>().interpolate(from, row_.task->resampling.template taps<Low>(), to,
                                            static_cast<std::size_t>(cells));
    if (!whole) std::copy_n(to + lead, row_.outputs(), row);
  }

  void interpolate_rows(std::int64_t count) {
    const std::int64_t inner = frame_.inner, factor = row_.factor;
    std::array<const Low*, rows_together> from;
    for (std::int64_t i = 0; i < rows_together; ++i) {
      from[static_cast<std::size_t>(i)] = low_[static_cast<std::size_t>(std::min(i, count - 1))];
    }
    passes::turns<Low, Low>().turn(from.data(), static_cast<std::size_t>(row_.q_count() * inner), turned_);
    for (std::int64_t q = 0; q < row_.q_count(); ++q) columns_[q] = turned_ + q * inner * rows_together;
    const std::int64_t first = row_.begin / factor, cells = row_.q_count() - row_.width + 1;
    for (std::int64_t cell = 0; cell < cells; cell += up_.cells_turned_) {
      const std::int64_t some = std::min(up_.cells_turned_, cells - cell);
      const std::int64_t x = (first + cell) * factor;
      const std::int64_t begin = std::max(x, row_.begin), end = std::min(x + some * factor, row_.end);
      interpolate_turned(cell, some, x, begin, end);
      put(count, begin - row_.begin, end - begin);
    }
  }

  // Samples [begin, end) of what the cells, which start at sample x, hold.
  void interpolate_turned(std::int64_t cell, std::int64_t cells, std::int64_t x, std::int64_t begin,
                          std::int64_t end) const {
    const std::int64_t inner = frame_.inner;
    for (std::int64_t c = 0; c < inner; ++c) {
      for (std::int64_t i = 0; i < cells * row_.factor; ++i) {
        const bool wanted = x + i >= begin && x + i < end;
        made_columns_[i] = wanted ? made_ + ((x + i - begin) * inner + c) * rows_together : nullptr;
      }
      passes::resample<Low>().interpolate(columns_ + cell, c * rows_together, static_cast<std::size_t>(cells),
                                          row_.task->resampling.template taps<Low>(), made_columns_, 0, rows_together,
                                          false);
    }
  }

  void put(std::int64_t count, std::int64_t sample, std::int64_t samples) const {
    std::array<Full*, rows_together> to;
    for (std::int64_t i = 0; i < rows_together; ++i) {
      to[static_cast<std::size_t>(i)] = i < count ? full_[static_cast<std::size_t>(i)] + sample * frame_.inner : dump_;
    }
    passes::turns<Full, Low>().turn_back(made_, static_cast<std::size_t>(samples * frame_.inner), to.data());
  }

  const Up& up_;
  const MultirateFrame& frame_;
  const LowAxis& column_;
  LowAxis row_;  // of the strip
  decltype(passes::ConvertPasses<Full>::out) store_ = nullptr;
  const Low* z_ = nullptr;
  std::byte* output_ = nullptr;
  ScratchFrame scratch_;
  std::size_t taken_ = 0;
  std::int64_t ring_pitch_ = 0, column_pitch_ = 0, q_pitch_ = 0, run_pitch_ = 0;
  std::int64_t run_begin_ = 0, run_end_ = 0;  // of the extended row
  Full *ring_ = nullptr, *results_ = nullptr, *dump_ = nullptr, *whole_cells_ = nullptr, *runs_ = nullptr;
  void** outs_ = nullptr;
  const Low** z_rows_ = nullptr;
  Low *filtered_ = nullptr, *extended_ = nullptr, *q_rows_ = nullptr, *turned_ = nullptr, *made_ = nullptr;
  std::span<Low> constant_;
  const Low** columns_ = nullptr;
  void** made_columns_ = nullptr;
  std::array<const Low*, rows_together> low_{};
  std::array<Full*, rows_together> full_{};
  std::array<const Full*, 2 * rows_together> from_{};
};

template <class Full, class Low>
Up<Full, Low>::Up(const MultirateFrame& frame, bool streamed) : frame_(frame), streamed_(streamed) {
  columns_ = passes_in_place<Full>(frame, frame.walk.dst, frame.walk.dst_dtype, &base::WalkAxis::dst_stride,
                                   frame.column.resampled());
  in_place_ = columns_ != nullptr;
  if (!in_place_) columns_ = &passes::resample<Full>();
  streamed_ = streamed_ && in_place_ && frame.column.resampled();
  cells_turned_ = cells_turned(frame);
}

template <class Full, class Low> std::size_t Up<Full, Low>::scratch_bytes(const LowAxis& strip) const {
  return Task::bytes(*this, strip);
}

template <class Full, class Low>
void Up<Full, Low>::run(const Low* z, std::int64_t begin, std::int64_t end, const LowAxis& strip, std::byte* output,
                        std::byte* scratch) const {
  Task(*this, z, strip, output, scratch).run(begin, end);
}

template class Up<float, float>;
template class Up<float, double>;
template class Up<double, double>;

}  // namespace gaussfilt::methods
