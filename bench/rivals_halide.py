"""A large Gaussian by way of a lower rate, written in Halide: the rival of rivals.py where sigma is large.

The method is that of the Gaussian blur among the Halide project's own applications (A. Adams, 2026): decimate with a
B-spline, blur with a Gaussian of the variance that is left, interpolate with the B-spline again. Algorithm and schedule
below are ours; docs/performance.md tells how they compare with that application's. One thread, one plane of f32,
reflected at its edges, whose sides are multiples of the factor.

A B-spline of order o and factor f is o boxes of f samples and o - 1 pairs of samples: o f weights. Cells are f samples
long. For an odd order the samples at the lower rate lie amid the cells, for an even one between them, first and last
edge included; either way they mirror where the picture does. At the lower rate arrays are [block of 16 rows][column]
[row], so that a vector holds 16 rows; only the first and the last pass run along the rows of the picture.
"""

import functools
import math
import statistics

import halide as hl
import numpy as np

VECTOR = 16
DIRECT = 8  # B-splines of so many weights, or fewer, are summed at once; longer ones cell by cell
ORDERS = (2, 3, 4)
FACTORS = (2, 4, 8, 16, 32)
CLOSEST, WIDEST = 1.2, 16  # sigma at the lower rate: below, every order is far off; above, the factor saves too little


def bspline(order, factor):
    """Its weights; their sum is 1."""
    taps = np.ones(1)
    for length in [factor] * order + [2] * (order - 1):
        taps = np.convolve(taps, np.ones(length))
    return taps / taps.sum()


def low_taps(sigma, order, factor, reach=8.0):
    """The Gaussian at the lower rate, `reach` of its sigmas to each side; None where the B-splines are too wide."""
    taps = bspline(order, factor)
    x = np.arange(len(taps)) - (len(taps) - 1) / 2
    variance = (sigma**2 - 2 * float((taps * x * x).sum())) / factor**2
    if variance <= 0:
        return None
    radius = math.ceil(reach * math.sqrt(variance))
    low = np.exp(-0.5 * np.arange(-radius, radius + 1) ** 2 / variance)
    return low / low.sum()


def norm(sigma, order, factor, low):
    """Infinity norm of the error of two axes, in exact arithmetic: the largest sum of magnitudes over the phases."""
    taps = bspline(order, factor)
    upsampled = np.zeros((len(low) - 1) * factor + 1)
    upsampled[::factor] = low
    down = np.convolve(upsampled, taps)  # what a sample is made of, at the lower rate
    middle = max(len(down) + len(taps), math.ceil(9 * sigma) + factor)
    x = np.arange(2 * middle + 1) - middle
    worst = 0.0
    for phase in range(factor):
        row = np.zeros(len(x))
        for k in range(order):
            start = middle - (k + len(low) // 2) * factor
            row[start : start + len(down)] += factor * taps[phase + k * factor] * down
        ideal = np.exp(-0.5 * ((x - phase) / sigma) ** 2)
        worst = max(worst, float(np.abs(row - ideal / ideal.sum()).sum()))
    return (1 + worst) ** 2 - 1


@functools.cache
def designs(sigma, height, width):
    """(order, factor) -> taps at the lower rate and the norm of the error, of all that fit sigma and the picture."""
    found = {}
    for order in ORDERS:
        for factor in FACTORS:
            low = low_taps(sigma, order, factor)
            if low is None or height % factor or width % factor or not CLOSEST <= sigma / factor <= WIDEST:
                continue
            whole = norm(sigma, order, factor, low)
            # No more taps than the rest of the error is worth.
            reach = statistics.NormalDist().inv_cdf(1 - min(whole, 0.5) / 80)
            low = low_taps(sigma, order, factor, reach)
            found[order, factor] = low, norm(sigma, order, factor, low)
    return found


def _mirrored(n, count, on_edge):
    """The index that n stands for; `on_edge`: the first and the last sample lie on the edges."""
    period = 2 * (count - 1) if on_edge else 2 * count
    folded = n % period
    return hl.min(folded, period - folded if on_edge else period - 1 - folded)


def _inside(n, count, on_edge=False):
    """The same for vectors, which rarely need it."""
    return hl.select((n >= 0) & (n < count), hl.likely(n), _mirrored(n, count, on_edge))


def _constants(values):
    """A buffer that owns its memory: one around an array may outlive it."""
    buffer = hl.Buffer(hl.Float(32), [len(values)])
    np.asarray(buffer)[:] = values
    return buffer


def _total(terms):
    return functools.reduce(lambda a, b: a + b, terms)


def _vars(names):
    return [hl.Var(name) for name in names.split()]


def _compiled(func, arguments):
    target = hl.get_host_target()
    for feature in (hl.TargetFeature.NoAsserts, hl.TargetFeature.NoBoundsQuery):
        target = target.with_feature(feature)
    return func.compile_to_callable(arguments, target)


def _sum_of_rows(source, order, factor, height, width):
    """Columns decimated, along the rows of the picture: the Func, and what schedules it within a block of `out`."""
    taps, half = _constants(bspline(order, factor)), order // 2
    x, row, cell, k, xo, xi, xv = _vars("x row cell k xo xi xv")
    lowered, part = hl.Func("lowered"), hl.Func("part")

    def sample(n):
        return source[_inside(x, width), _mirrored(n, height, False)]

    def schedule(out, block):
        lowered.compute_at(out, block).split(x, xo, xv, 4 * VECTOR, hl.TailStrategy.RoundUp)
        lowered.split(xv, xi, xv, VECTOR).reorder(xv, xi, xo, row).vectorize(xv).unroll(xi)
        if order * factor <= DIRECT:
            return
        part.compute_at(lowered, row).store_at(out, block).bound(k, 0, order)
        part.vectorize(x, VECTOR, hl.TailStrategy.RoundUp)
        outer, inner = hl.RVar("outer"), hl.RVar("inner")
        sums = part.update().split(r.x, outer, inner, min(8, factor))
        sums.split(x, xo, xv, 4 * VECTOR, hl.TailStrategy.RoundUp).split(xv, xi, xv, VECTOR)
        sums.reorder(xv, xi, k, inner, xo, outer, cell).vectorize(xv).unroll(xi).unroll(k).unroll(inner)

    if order * factor <= DIRECT:
        first = (row - half) * factor
        lowered[x, row] = _total([taps[i] * sample(first + i) for i in range(order * factor)])
    else:  # each row of the picture is read once, and goes into the sums of all rows that it is part of
        r = hl.RDom([(0, factor)])
        part[x, k, cell] = hl.f32(0)
        part[x, k, cell] += taps[r.x + k * factor] * sample(cell * factor + r.x)
        lowered[x, row] = _total([part[x, i, row - half + i] for i in range(order)])
    return lowered, schedule


def _down(height, width, order, factor):
    """From the picture to the lower rate along both axes."""
    source = hl.ImageParam(hl.Float(32), 2)
    lowered, schedule_lowered = _sum_of_rows(source, order, factor, height, width)
    taps, columns = _constants(bspline(order, factor)), width // factor + 1 - order % 2
    y, x, column, block, xo, xv, tile, group, one = _vars("y x column block xo xv tile group one")
    turned, acc, out = hl.Func("turned"), hl.Func("acc"), hl.Func("down")
    turned[y, x, block] = lowered[x, VECTOR * block + y]
    r = hl.RDom([(0, order * factor)])
    acc[y, column, block] = hl.f32(0)
    acc[y, column, block] += taps[r.x] * turned[y, (column - order // 2) * factor + r.x, block]
    out[y, column, block] = acc[y, column, block]

    guard = hl.TailStrategy.GuardWithIf
    out.bound(y, 0, VECTOR).bound(column, 0, columns)
    out.split(column, tile, group, min(64, columns), guard).split(group, group, one, 8, guard)
    out.reorder(y, one, group, tile, block).vectorize(y).unroll(one)
    acc.compute_at(out, group).vectorize(y).unroll(column)
    acc.update().reorder(y, column, r.x, block).vectorize(y).unroll(column)
    turned.compute_at(out, tile).bound_extent(y, VECTOR).split(x, xo, xv, VECTOR, hl.TailStrategy.RoundUp)
    turned.reorder(y, xv, xo).vectorize(y).vectorize(xv)
    schedule_lowered(out, block)
    return _compiled(out, [source])


def _filtered(low, source, line_of, name):
    """Sums along lines [row, column, block] of `line_of(source)`, eight columns at a time."""
    taps, radius = _constants(low), len(low) // 2
    y, column, block, group, one = _vars("y column block group one")
    line, at = line_of(source)
    r = hl.RDom([(0, len(low))])
    acc, out = hl.Func("acc"), hl.Func(name)
    acc[y, column, block] = hl.f32(0)
    acc[y, column, block] += taps[r.x] * line[at(y, column, block, r.x - radius)]
    out[y, column, block] = acc[y, column, block]
    out.bound(y, 0, VECTOR).split(column, group, one, 8, hl.TailStrategy.GuardWithIf).vectorize(y).unroll(one)
    acc.vectorize(y).unroll(column).update().reorder(y, column, r.x, block).vectorize(y).unroll(column)
    return out, acc, line, (y, one, group, block)


def _along_rows(low, columns, on_edge):
    source = hl.ImageParam(hl.Float(32), 3)
    y, column, block = _vars("y column block")

    def line_of(source):
        line = hl.Func("line")
        line[y, column, block] = source[y, _mirrored(column, columns, on_edge), block]
        return line, lambda y, column, block, k: (y, column + k, block)

    out, acc, line, (y_, one, group, block_) = _filtered(low, source, line_of, "along_rows")
    out.reorder(y_, one, group, block_)
    acc.compute_at(out, group)
    line.compute_at(out, block_).bound_extent(y, VECTOR).vectorize(y)
    return _compiled(out, [source])


def _along_columns(low, rows, columns, order, on_edge):
    """Its output has, on all sides, what interpolation reads beyond the edges."""
    source = hl.ImageParam(hl.Float(32), 3)
    y, column = _vars("y column")

    def line_of(source):
        line, near = hl.Func("line"), _inside(y, rows, on_edge)
        line[y, column] = source[near % VECTOR, _mirrored(column - order, columns, on_edge), near // VECTOR]
        return line, lambda y, column, block, k: (VECTOR * block + y - _beyond(order) + k, column)

    out, acc, line, (y_, one, group, block_) = _filtered(low, source, line_of, "along_columns")
    out.reorder(y_, one, block_, group)
    acc.compute_at(out, block_)
    line.compute_at(out, group).align_bounds(y, VECTOR).vectorize(y, VECTOR)
    return _compiled(out, [source])


def _beyond(order):
    """Samples before the first cell's own that the first cell is made of."""
    return order - 1 - order // 2


def _up(height, width, order, factor):
    """Back to the rate of the picture, which is written as [cell][row of the cell][x]."""
    taps, source = _constants(factor * bspline(order, factor)), hl.ImageParam(hl.Float(32), 3)
    x, y, p, cell, block, xo, xi, xu, xv, strip, one = _vars("x y p cell block xo xi xu xv strip one")
    wide, rows, out = hl.Func("wide"), hl.Func("rows"), hl.Func("up")
    wide[y, x, block] = _total(
        [taps[x % factor + k * factor] * source[y, x // factor + order // 2 - k + order, block] for k in range(order)]
    )
    rows[x, block, y] = wide[y, x, block]
    at = [cell + order - 1 - k for k in range(order)]
    out[x, p, cell] = _total(
        [taps[p + k * factor] * rows[x, at[k] // VECTOR, at[k] % VECTOR] for k in range(order)]
    )
    out.bound(x, 0, width).bound(p, 0, factor).bound(cell, 0, height // factor)
    # 112 cells and what they read beyond themselves are 8 blocks of rows.
    out.split(cell, strip, one, min(112, height // factor), hl.TailStrategy.GuardWithIf)
    out.split(x, xo, xi, min(1024, width)).split(xi, xi, xu, 4 * VECTOR, hl.TailStrategy.GuardWithIf)
    out.split(xu, xu, xv, VECTOR).reorder(xv, xu, xi, p, one, xo, strip).vectorize(xv).unroll(xu)
    rows.compute_at(out, xo).bound(y, 0, VECTOR).split(x, xi, xv, VECTOR, hl.TailStrategy.RoundUp)
    rows.reorder(xv, y, xi, block).reorder_storage(x, y, block).vectorize(xv).vectorize(y)
    wide.compute_at(rows, xi).bound_extent(y, VECTOR).vectorize(y)
    return _compiled(out, [source])


class Blur:
    """Compiled for one size, sigma, order and factor, with its arrays at the lower rate."""

    def __init__(self, height, width, sigma, order, factor):
        low, self.error_norm = designs(sigma, height, width)[order, factor]
        on_edge = order % 2 == 0
        rows, columns = height // factor + on_edge, width // factor + on_edge
        blocks, out_blocks = -(-rows // VECTOR), -(-(height // factor + order - 1) // VECTOR)
        self.shape = height // factor, factor, width
        self.passes = (
            _down(height, width, order, factor),
            _along_rows(low, columns, on_edge),
            _along_columns(low, rows, columns, order, on_edge),
            _up(height, width, order, factor),
        )
        shapes = [(blocks, columns)] * 2 + [(out_blocks, columns + 2 * order)]
        self.between = [hl.Buffer(np.zeros((*shape, VECTOR), np.float32)) for shape in shapes]

    def on(self, image, out):
        """The call that blurs one array into the other."""
        arrays = [hl.Buffer(image), *self.between, hl.Buffer(out.reshape(self.shape))]

        def call():
            for one, source, target in zip(self.passes, arrays[:-1], arrays[1:], strict=True):
                one(source, target)

        return call


@functools.cache
def blur(height, width, sigma, order, factor):
    return Blur(height, width, sigma, order, factor)
