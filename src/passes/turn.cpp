// Floor 1. Turning blocks of items on their side, compiled once per CPU target.
//
// A block is as many columns as a vector has items. Each is read as one vector, so that its cache line is touched once:
// neighbouring columns are often a power of two apart and share the sets of the L1. Then 16-byte parts are transposed
// by interleaving, and the parts among the vectors.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "passes/turn.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "passes/turn.h"

#include <hwy/cache_control.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>

HWY_BEFORE_NAMESPACE();
namespace gaussfilt::passes {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Fetches `columns` columns that come next, where their items are near each other.
HWY_INLINE void fetch_columns(const std::byte* from, Steps f, std::size_t rows, std::size_t columns) {
  if (std::abs(f.down) >= 64) return;
  const std::ptrdiff_t bytes = static_cast<std::ptrdiff_t>(rows) * f.down, line = f.down < 0 ? -64 : 64;
  for (std::size_t i = 0; i < columns; ++i, from += f.right) {
    for (std::ptrdiff_t at = 0; std::abs(at) < std::abs(bytes); at += line) hwy::Prefetch(from + at);
  }
}

// Items one by one, in blocks small enough for both sides to stay in the L1.
HWY_INLINE void copy_items(const std::byte* from, Steps f, std::byte* to, Steps t, std::size_t rows,
                           std::size_t columns, const auto& copy) {
  constexpr std::size_t width = 8, height = 64;
  for (std::size_t y = 0; y < rows; y += height) {
    for (std::size_t x = 0; x < columns; x += width) {
      const auto top = static_cast<std::ptrdiff_t>(y), left = static_cast<std::ptrdiff_t>(x);
      const std::byte* source = from + top * f.down + left * f.right;
      std::byte* target = to + top * t.down + left * t.right;
      const std::size_t across = std::min(width, columns - x), down = std::min(height, rows - y);
      if (x + width < columns) fetch_columns(source + static_cast<std::ptrdiff_t>(width) * f.right, f, down, across);
      for (std::size_t k = down; k > 0; --k, source += f.down, target += t.down) {
        const std::byte* p = source;
        std::byte* q = target;
        for (std::size_t i = 0; i < across; ++i, p += f.right, q += t.right) copy(q, p);
      }
    }
  }
}

template <std::size_t item> struct CopyItem {
  HWY_INLINE void operator()(std::byte* to, const std::byte* from) const { std::memcpy(to, from, item); }
};

void turn_any(const std::byte* from, Steps f, std::byte* to, Steps t, std::size_t rows, std::size_t columns,
              std::size_t item) {
  const auto with = [&](const auto& copy) HWY_ATTR { copy_items(from, f, to, t, rows, columns, copy); };
  switch (item) {
    case 1: return with(CopyItem<1>());
    case 2: return with(CopyItem<2>());
    case 3: return with(CopyItem<3>());
    case 4: return with(CopyItem<4>());
    case 6: return with(CopyItem<6>());
    case 8: return with(CopyItem<8>());
    case 12: return with(CopyItem<12>());
    case 16: return with(CopyItem<16>());
    case 24: return with(CopyItem<24>());
    default: with([item](std::byte* q, const std::byte* p) { std::memcpy(q, p, item); });
  }
}

#if HWY_HAVE_SCALABLE || HWY_TARGET == HWY_SCALAR  // no vectors, or none that can be put together from parts

template <std::size_t item>
void turn_gapless(const std::byte* from, Steps f, std::byte* to, Steps t, std::size_t rows, std::size_t columns, bool,
                  std::ptrdiff_t) {
  turn_any(from, f, to, t, rows, columns, item);
}

#else

template <std::size_t item> using Lane = hwy::UnsignedFromSize<std::min<std::size_t>(item, 8)>;

// The first, second ... 16-byte part of each of `parts` vectors, put together.
template <class D, class V> HWY_INLINE void transpose_parts(D d, V* v) {
  constexpr std::size_t parts = hn::MaxLanes(D()) * sizeof(hn::TFromD<D>) / 16;
  if constexpr (parts == 2) {
    const auto low = hn::ConcatLowerLower(d, v[1], v[0]);
    v[1] = hn::ConcatUpperUpper(d, v[1], v[0]);
    v[0] = low;
  } else if constexpr (parts == 4) {
#if HWY_TARGET <= HWY_AVX3 && HWY_ARCH_X86
    const auto a = _mm512_shuffle_i64x2(v[0].raw, v[1].raw, 0x44), b = _mm512_shuffle_i64x2(v[2].raw, v[3].raw, 0x44);
    const auto c = _mm512_shuffle_i64x2(v[0].raw, v[1].raw, 0xEE), e = _mm512_shuffle_i64x2(v[2].raw, v[3].raw, 0xEE);
    v[0] = V{_mm512_shuffle_i64x2(a, b, 0x88)}, v[1] = V{_mm512_shuffle_i64x2(a, b, 0xDD)};
    v[2] = V{_mm512_shuffle_i64x2(c, e, 0x88)}, v[3] = V{_mm512_shuffle_i64x2(c, e, 0xDD)};
#endif
  } else {
    static_assert(parts == 1, "a vector of 16, 32 or 64 bytes");
  }
}

// A block of as many rows as columns: `from` holds gapless columns, `to` gets gapless rows.
template <std::size_t item>
HWY_INLINE void turn_block(const std::byte* from, std::ptrdiff_t right, std::byte* to, std::ptrdiff_t down,
                           bool streamed) {
  using T = Lane<item>;
  const hn::ScalableTag<T> d;
  using V = hn::VFromD<decltype(d)>;
  constexpr std::size_t in_part = 16 / item, parts = hn::MaxLanes(decltype(d)()) * sizeof(T) / 16;
  constexpr int rounds = in_part == 16 ? 4 : in_part == 8 ? 3 : in_part == 4 ? 2 : in_part == 2 ? 1 : 0;
  V turned[in_part][parts];
  HWY_UNROLL(4) for (std::size_t part = 0; part < parts; ++part) {
    V v[in_part], w[in_part];
    HWY_UNROLL(16) for (std::size_t i = 0; i < in_part; ++i) {
      v[i] = hn::LoadU(d, reinterpret_cast<const T*>(from + static_cast<std::ptrdiff_t>(part * in_part + i) * right));
    }
    // A perfect shuffle of the vectors' items, until each stands on its side.
    HWY_UNROLL(4) for (int round = 0; round < rounds; ++round) {
      HWY_UNROLL(8) for (std::size_t i = 0; i < in_part / 2; ++i) {
        w[2 * i] = hn::InterleaveLower(d, v[i], v[i + in_part / 2]);
        w[2 * i + 1] = hn::InterleaveUpper(d, v[i], v[i + in_part / 2]);
      }
      HWY_UNROLL(16) for (std::size_t i = 0; i < in_part; ++i) v[i] = w[i];
    }
    HWY_UNROLL(16) for (std::size_t i = 0; i < in_part; ++i) turned[i][part] = v[i];
  }
  HWY_UNROLL(16) for (std::size_t i = 0; i < in_part; ++i) {
    transpose_parts(d, turned[i]);
    HWY_UNROLL(4) for (std::size_t part = 0; part < parts; ++part) {
      T* const row = reinterpret_cast<T*>(to + static_cast<std::ptrdiff_t>(part * in_part + i) * down);
      if (streamed) hn::Stream(turned[i][part], d, row);
      else hn::StoreU(turned[i][part], d, row);
    }
  }
}

// Fetches a line of each of some columns.
HWY_INLINE void fetch(const std::byte* from, std::ptrdiff_t right, std::size_t columns) {
  for (std::size_t i = 0; i < columns; ++i) {
    hwy::Prefetch(from + static_cast<std::ptrdiff_t>(i) * right);
  }
}

// Calls body(begin) for stretches of `side` that cover [0, count), the last one moved back to end with it.
template <std::size_t side> HWY_INLINE void cover_blocks(std::size_t count, const auto& body) {
  for (std::size_t i = 0; i + side <= count; i += side) body(i);
  if (count % side != 0) body(count - side);
}

constexpr std::size_t most_of_band = 64;  // rows: the next band is fetched early

// Both sides gapless forwards; `next`: 1 where what is turned next lies further down, -1 further up. The side whose
// lines lie farther apart has runs of them read or written at a time: single ones take several times as long.
template <std::size_t item>
void turn_gapless(const std::byte* from, Steps f, std::byte* to, Steps t, std::size_t rows, std::size_t columns,
                  bool streamed, std::ptrdiff_t next) {
  constexpr std::size_t side = hn::MaxLanes(hn::ScalableTag<Lane<item>>()) * sizeof(Lane<item>) / item;
  if (rows < side || columns < side) return turn_any(from, f, to, t, rows, columns, item);
  const bool lines =
      streamed && side * item == 64 && reinterpret_cast<std::uintptr_t>(to) % 64 == 0 && t.down % 64 == 0;
  const auto block = [&](std::size_t y, std::size_t x) HWY_ATTR {
    turn_block<item>(from + static_cast<std::ptrdiff_t>(x) * f.right + y * item, f.right,
                     to + static_cast<std::ptrdiff_t>(y) * t.down + x * item, t.down, lines && x % side == 0);
  };
  if (std::abs(t.down) > std::abs(f.right)) {
    cover_blocks<side>(rows, [&](std::size_t y) HWY_ATTR {
      cover_blocks<side>(columns, [&](std::size_t x) HWY_ATTR { block(y, x); });
    });
    return;
  }
  const bool band = rows <= most_of_band;
  const auto ahead = static_cast<std::ptrdiff_t>(rows * item) * next;
  cover_blocks<side>(columns, [&](std::size_t x) HWY_ATTR {
    const std::byte* const column = from + static_cast<std::ptrdiff_t>(x) * f.right;
    const std::size_t fetches = band || x + 2 * side <= columns ? side : 0;
    if (band)
      for (std::size_t i = 0; i < side; ++i)
        for (std::size_t at = 0; at < rows * item; at += 64)
          hwy::Prefetch(column + ahead + static_cast<std::ptrdiff_t>(i) * f.right + at);
    cover_blocks<side>(rows, [&](std::size_t y) HWY_ATTR {
      if (!band) fetch(column + static_cast<std::ptrdiff_t>(side) * f.right + y * item, f.right, fetches);
      block(y, x);
    });
  });
}

#endif

template <std::size_t item>
void turn_by_step(const std::byte* from, Steps f, std::byte* to, Steps t, std::size_t rows, std::size_t columns,
                  bool streamed) {
  constexpr auto gapless = static_cast<std::ptrdiff_t>(item);
  const std::ptrdiff_t next = f.down < 0 ? -1 : 1;
  if (f.down == -gapless) {  // the same columns from their other end
    const auto last = static_cast<std::ptrdiff_t>(rows - 1);
    from += last * f.down, to += last * t.down;
    f.down = -f.down, t.down = -t.down;
  }
  if (t.right == -gapless) {
    const auto last = static_cast<std::ptrdiff_t>(columns - 1);
    from += last * f.right, to += last * t.right;
    f.right = -f.right, t.right = -t.right;
  }
  if (f.down == gapless && t.right == gapless) turn_gapless<item>(from, f, to, t, rows, columns, streamed, next);
  else turn_any(from, f, to, t, rows, columns, item);
}

void turn_items(const std::byte* from, Steps f, std::byte* to, Steps t, std::size_t rows, std::size_t columns,
                std::size_t item, bool streamed) noexcept {
  if (rows == 0 || columns == 0) return;
  switch (item) {
    case 1: return turn_by_step<1>(from, f, to, t, rows, columns, streamed);
    case 2: return turn_by_step<2>(from, f, to, t, rows, columns, streamed);
    case 4: return turn_by_step<4>(from, f, to, t, rows, columns, streamed);
    case 8: return turn_by_step<8>(from, f, to, t, rows, columns, streamed);
    case 16: return turn_by_step<16>(from, f, to, t, rows, columns, streamed);
    default: return turn_any(from, f, to, t, rows, columns, item);
  }
}

Turn* turn_of_target() { return &turn_items; }

}  // namespace HWY_NAMESPACE
}  // namespace gaussfilt::passes
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gaussfilt::passes {

HWY_EXPORT(turn_of_target);

Turn* turn() { return HWY_DYNAMIC_DISPATCH(turn_of_target)(); }

}  // namespace gaussfilt::passes
#endif
