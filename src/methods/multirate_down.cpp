// Floor 2. The way down: source rows to samples of the lower rate.
#include "methods/multirate_frame.h"

#include "passes/convert.h"

#include <algorithm>

namespace gaussfilt::methods {
namespace {

using base::ScratchFrame;

// Rows of a column that go down together: what is begun stays in registers, and no more rows at once come from memory
// than the caches have ways for.
constexpr std::int64_t column_rows = 8;

}  // namespace

template <class Full, class Low> class Down<Full, Low>::Task {
 public:
  Task(const Down& down, const std::byte* source, const LowAxis& strip, Low* z, std::byte* scratch)
      : down_(down),
        frame_(down.frame_),
        column_(frame_.column),
        row_(strip),
        load_(&passes::convert<Full>(frame_.walk.src_dtype)),
        source_(source + (strip.first - frame_.row.first) * frame_.walk.row.src_stride),
        z_(z + (strip.z_begin - frame_.row.z_begin) * frame_.run_inner()),
        scratch_(scratch) {
    take();
  }

  // What take() takes, for scratch_bytes().
  static std::size_t bytes(const Down& down, const LowAxis& strip) {
    Task task(down, strip);
    return task.taken_;
  }

  void run(std::int64_t begin, std::int64_t end) {
    if (!column_.resampled()) {
      for (std::int64_t j = begin; j < end; j += rows_together) {
        const std::int64_t count = std::min(rows_together, end - j);
        for (std::int64_t i = 0; i < count; ++i) {
          ready_[static_cast<std::size_t>(i)] =
              static_cast<const Full*>(source_row(j + i + column_.z_begin - column_.first, i));
        }
        flush(j, count);
      }
      return;
    }
    decimate_column(begin, end);
  }

 private:
  Task(const Down& down, const LowAxis& strip)
      : down_(down), frame_(down.frame_), column_(frame_.column), row_(strip), scratch_(nullptr) {
    take();
  }

  std::int64_t row_items() const { return row_.sample_count() * frame_.inner; }  // that are read of a source row
  Low* z_row(std::int64_t j) const { return z_ + j * frame_.low_row(); }

  template <class T> std::span<T> piece(std::int64_t count) {
    taken_ += ScratchFrame::padded(static_cast<std::size_t>(count) * sizeof(T));
    return load_ == nullptr ? std::span<T>() : scratch_.take<T>(static_cast<std::size_t>(count));
  }

  void take() {
    const bool measured = load_ == nullptr;
    pitch_ = padded_row<Full>(row_items());
    if (!down_.in_place_) panel_ = piece<Full>(pitch_ * std::max(group_rows(), rows_together)).data();
    rows_ = piece<const void*>(group_rows()).data();
    if (column_.resampled()) {
      z_rows_ = piece<Full>(pitch_ * (rows_together + down_.cells_together_)).data();
      pending_ = piece<Full>(pitch_ * column_.width);
      outs_ = piece<Full*>(down_.cells_together_).data();
      constant_ = piece<Full>(pitch_);
      if (!measured && column_.task->border == Border::constant) fill_with_constant(frame_, down_.cval_, constant_);
    }
    if (!row_.resampled()) return;
    row_.samples = piece<std::int64_t>(static_cast<std::int64_t>(row_.sample_entries()));
    if (!measured) fill_samples(row_);
    if (frame_.phased()) return take_phases();
    const std::int64_t columns = down_.cells_turned_ * row_.factor, inner = frame_.inner;
    turned_ = piece<Low>(columns * inner * rows_together).data();
    columns_ = piece<const void*>(columns).data();
    row_pending_ = piece<Low>(row_.width * inner * rows_together);
    ended_ = piece<Low>(down_.cells_turned_ * inner * rows_together).data();
    row_outs_ = piece<Low*>(down_.cells_turned_).data();
    row_constant_ = piece<Low>(inner * rows_together);
    dump_ = piece<Low>(down_.cells_turned_ * inner).data();
    if (measured || row_.task->border != Border::constant) return;
    for (std::int64_t i = 0; i < inner * rows_together; ++i) {
      row_constant_[static_cast<std::size_t>(i)] = constant_item<Low>(frame_, down_.cval_, i / rows_together);
    }
  }

  void take_phases() {
    phase_pitch_ = padded_row<Low>(row_.cells());
    phases_ = piece<Low>(phase_pitch_ * row_.factor).data();
    run_pitch_ = padded_row<Full>(row_.sample_count());
    if (frame_.inner > 1) runs_ = piece<Full>(run_pitch_ * frame_.inner).data();
    if (load_ != nullptr) find_whole_cells();
  }

  // Those that lie in the row: their samples follow each other.
  void find_whole_cells() {
    whole_begin_ = std::clamp<std::int64_t>(-row_.z_begin, 0, row_.cells());
    whole_end_ = std::clamp(row_.n / row_.factor - row_.z_begin, whole_begin_, row_.cells());
  }

  std::int64_t group_rows() const { return down_.cells_together_ * column_.factor; }

  // Source row `sample`, from the first one needed on; where it must be converted, in place `at` of the panel.
  const void* source_row(std::int64_t sample, std::int64_t at) {
    const std::byte* const from = source_ + sample * frame_.column_walk.src_stride;
    if (down_.in_place_) return from;
    Full* const to = panel_ + at * pitch_;
    load_->in(from, frame_.walk.row.src_stride, static_cast<std::size_t>(row_.sample_count()),
              static_cast<std::size_t>(frame_.inner), to);
    return to;
  }

  void decimate_column(std::int64_t begin, std::int64_t end) {
    std::ranges::fill(pending_, Full{0});
    const auto& taps = column_.task->resampling.template taps<Full>();
    const std::int64_t begun = column_.width - 1, cells = end - begin + begun;
    std::int64_t flushed = begin, ready = 0;
    for (std::int64_t cell = 0; cell < cells; cell += down_.cells_together_) {
      const std::int64_t count = std::min(down_.cells_together_, cells - cell);
      for (std::int64_t i = 0; i < count * column_.factor; ++i) {
        const std::int64_t sample = column_.samples[static_cast<std::size_t>((begin + cell) * column_.factor + i)];
        rows_[i] = sample < 0 ? constant_.data() : source_row(sample, i);
      }
      for (std::int64_t i = 0; i < count; ++i) {
        const bool ends = cell + i >= begun;
        outs_[i] = ends ? z_rows_ + ready * pitch_ : nullptr;
        if (ends) ready_[static_cast<std::size_t>(ready++)] = outs_[i];
      }
      down_.columns_->decimate(rows_, 0, static_cast<std::size_t>(count), taps, pending_.data(),
                               static_cast<std::size_t>(pitch_), outs_, 0, static_cast<std::size_t>(row_items()));
      if (ready >= rows_together) {
        flush(flushed, rows_together);
        flushed += rows_together, ready -= rows_together;
        // What is beyond them moves to the front; it is less than a group.
        for (std::int64_t i = 0; i < ready; ++i) {
          std::copy_n(ready_[static_cast<std::size_t>(rows_together + i)], row_items(), z_rows_ + i * pitch_);
          ready_[static_cast<std::size_t>(i)] = z_rows_ + i * pitch_;
        }
      }
    }
    if (ready > 0) flush(flushed, ready);
  }

  // Rows 0 ... count - 1 that are ready become rows j ... of z.
  void flush(std::int64_t j, std::int64_t count) {
    if (frame_.phased()) {
      for (std::int64_t i = 0; i < count; ++i) {
        decimate_runs(ready_[static_cast<std::size_t>(i)], z_row(j + i));
      }
      return;
    }
    if (row_.resampled()) return decimate_rows(j, count);
    const auto& convert = passes::convert<Low>(sizeof(Full) == sizeof(float) ? DType::f32 : DType::f64);
    const std::int64_t lead = (row_.z_begin - row_.first) * frame_.inner;
    for (std::int64_t i = 0; i < count; ++i) {
      const auto* const from = reinterpret_cast<const std::byte*>(ready_[static_cast<std::size_t>(i)] + lead);
      convert.in(from, sizeof(Full), static_cast<std::size_t>(row_.z_count() * frame_.inner), 1, z_row(j + i));
    }
  }

  void decimate_runs(const Full* row, Low* z) const {
    if (frame_.inner == 1) return decimate_run(row, z);
    passes::phases<Full, Full>().split(row, static_cast<std::size_t>(row_.sample_count()),
                                       static_cast<std::size_t>(frame_.inner), runs_,
                                       static_cast<std::size_t>(run_pitch_));
    for (std::int64_t c = 0; c < frame_.inner; ++c) decimate_run(runs_ + c * run_pitch_, z + c * frame_.row.z_count());
  }

  void decimate_run(const Full* row, Low* z) const {
    const std::int64_t factor = row_.factor;
    const auto phase_count = static_cast<std::size_t>(factor), pitch = static_cast<std::size_t>(phase_pitch_);
    const auto take_cells = [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin * factor; i < end * factor; ++i) {
        const std::int64_t sample = row_.samples[static_cast<std::size_t>(i)];
        const auto value = sample < 0 ? constant_item<Low>(frame_, down_.cval_, 0) : static_cast<Low>(row[sample]);
        phases_[i % factor * phase_pitch_ + i / factor] = value;
      }
    };
    take_cells(0, whole_begin_);
    if (whole_begin_ < whole_end_) {
      passes::phases<Full, Low>().split(row + row_.samples[static_cast<std::size_t>(whole_begin_ * factor)],
                                        static_cast<std::size_t>(whole_end_ - whole_begin_), phase_count,
                                        phases_ + whole_begin_, pitch);
    }
    take_cells(whole_end_, row_.cells());
    passes::phases<Full, Low>().decimate(phases_, pitch, row_.task->resampling.template taps<Low>(), z,
                                         static_cast<std::size_t>(row_.z_count()));
  }

  void decimate_rows(std::int64_t j, std::int64_t count) {
    for (std::int64_t i = count; i < rows_together; ++i) {
      ready_[static_cast<std::size_t>(i)] = ready_[static_cast<std::size_t>(count - 1)];
    }
    std::ranges::fill(row_pending_, Low{0});
    const std::int64_t begun = row_.width - 1;
    for (std::int64_t cell = 0; cell < row_.cells(); cell += down_.cells_turned_) {
      const std::int64_t cells = std::min(down_.cells_turned_, row_.cells() - cell);
      turn_columns(cell, cells);
      const std::int64_t skipped = std::clamp<std::int64_t>(begun - cell, 0, cells);
      decimate_turned(cells, skipped);
      put(j, count, std::max<std::int64_t>(cell - begun, 0), cells - skipped);
    }
  }

  // The columns of cells [cell, cell + cells), each a row of as many items as there are rows.
  void turn_columns(std::int64_t cell, std::int64_t cells) {
    const std::int64_t columns = cells * row_.factor, inner = frame_.inner;
    const std::int64_t* const samples = row_.samples.data() + cell * row_.factor;
    std::int64_t first = row_.sample_count(), last = 0;
    for (std::int64_t i = 0; i < columns; ++i) {
      if (samples[i] < 0) continue;
      first = std::min(first, samples[i]), last = std::max(last, samples[i] + 1);
    }
    const bool together = last - first <= columns;  // not where wrap goes from one edge to the other
    if (together && first < last) turn(first, last - first, turned_);
    for (std::int64_t i = 0; i < columns; ++i) {
      if (samples[i] < 0) {
        columns_[i] = row_constant_.data();
        continue;
      }
      Low* const column = turned_ + (together ? samples[i] - first : i) * inner * rows_together;
      if (!together) turn(samples[i], 1, column);
      columns_[i] = column;
    }
  }

  void turn(std::int64_t sample, std::int64_t count, Low* to) const {
    std::array<const Full*, rows_together> from;
    for (std::size_t i = 0; i < from.size(); ++i) from[i] = ready_[i] + sample * frame_.inner;
    passes::turns<Full, Low>().turn(from.data(), static_cast<std::size_t>(count * frame_.inner), to);
  }

  void decimate_turned(std::int64_t cells, std::int64_t skipped) {
    const std::int64_t inner = frame_.inner;
    const auto& taps = row_.task->resampling.template taps<Low>();
    for (std::int64_t c = 0; c < inner; ++c) {
      for (std::int64_t i = 0; i < cells; ++i) {
        row_outs_[i] = i < skipped ? nullptr : ended_ + ((i - skipped) * inner + c) * rows_together;
      }
      passes::resample<Low>().decimate(columns_, c * rows_together, static_cast<std::size_t>(cells), taps,
                                       row_pending_.data() + c * row_.width * rows_together, rows_together, row_outs_,
                                       0, rows_together);
    }
  }

  // `ended` samples from `sample` on into rows j ... of z.
  void put(std::int64_t j, std::int64_t count, std::int64_t sample, std::int64_t ended) const {
    std::array<Low*, rows_together> to;
    for (std::int64_t i = 0; i < rows_together; ++i) {
      to[static_cast<std::size_t>(i)] = i < count ? z_row(j + i) + sample * frame_.inner : dump_;
    }
    passes::turns<Low, Low>().turn_back(ended_, static_cast<std::size_t>(ended * frame_.inner), to.data());
  }

  const Down& down_;
  const MultirateFrame& frame_;
  const LowAxis& column_;
  LowAxis row_;  // of the strip
  const passes::ConvertPasses<Full>* load_ = nullptr;
  const std::byte* source_ = nullptr;
  Low* z_ = nullptr;
  ScratchFrame scratch_;
  std::size_t taken_ = 0;
  std::int64_t pitch_ = 0;
  Full *panel_ = nullptr, *z_rows_ = nullptr;
  const void** rows_ = nullptr;
  Full** outs_ = nullptr;
  std::span<Full> pending_, constant_;
  std::array<const Full*, 2 * rows_together> ready_{};
  Low *turned_ = nullptr, *ended_ = nullptr, *dump_ = nullptr;
  const void** columns_ = nullptr;
  Low** row_outs_ = nullptr;
  std::span<Low> row_pending_, row_constant_;
  Full* runs_ = nullptr;
  Low* phases_ = nullptr;
  std::int64_t run_pitch_ = 0, phase_pitch_ = 0;
  std::int64_t whole_begin_ = 0, whole_end_ = 0;  // cells of the row
};

template <class Full, class Low>
Down<Full, Low>::Down(const MultirateFrame& frame, std::complex<double> cval) : frame_(frame), cval_(cval) {
  // The columns' passes convert as they read; but the constant beyond an edge is a row of Full.
  const bool converting = frame.column.resampled() && frame.column.task->border != Border::constant;
  columns_ =
      passes_in_place<Full>(frame, frame.walk.src, frame.walk.src_dtype, &base::WalkAxis::src_stride, converting);
  in_place_ = columns_ != nullptr;
  if (!in_place_) columns_ = &passes::resample<Full>();
  cells_together_ = std::max<std::int64_t>(1, column_rows / frame.column.factor);
  cells_turned_ = cells_turned(frame);
}

template <class Full, class Low> std::size_t Down<Full, Low>::scratch_bytes(const LowAxis& strip) const {
  return Task::bytes(*this, strip);
}

template <class Full, class Low>
void Down<Full, Low>::run(const std::byte* source, std::int64_t begin, std::int64_t end, const LowAxis& strip, Low* z,
                          std::byte* scratch) const {
  Task(*this, source, strip, z, scratch).run(begin, end);
}

template class Down<float, float>;
template class Down<float, double>;
template class Down<double, double>;

}  // namespace gaussfilt::methods
