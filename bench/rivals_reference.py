"""What every result is checked against: Gaussians computed in float64 from their definition, by NumPy alone.

An axis of n samples becomes an n x n matrix whose row i holds the weights of output i, the border folded in; a filter
of several axes is a product of such matrices. Nothing here is shared with gaussfilt or with any rival.
"""

import functools
import math

import numpy as np

IDEAL_SIGMAS = 9  # where the ideal Gaussian is cut: what lies beyond weighs less than 1e-17
IMPULSE_SIGMAS = 6.5  # beyond this, impulses do not meet


def _folded(index, n, border):
    """Indices of any size as indices of samples."""
    if border == "nearest":
        return np.clip(index, 0, n - 1)
    period, last = {"reflect": (2 * n, 2 * n - 1), "mirror": (max(1, 2 * n - 2), 2 * n - 2)}[border]
    index = index % period
    return np.where(index < n, index, last - index)


def _matrix(n, taps, border):
    """Correlation with an odd number of taps."""
    radius = len(taps) // 2
    matrix = np.zeros((n, n))
    row = np.arange(n)
    for k, weight in enumerate(taps, -radius):
        matrix[row, _folded(row + k, n, border)] += weight
    return matrix


def gaussian_taps(sigma, radius):
    """Samples of the Gaussian, normalised."""
    x = np.arange(-radius, radius + 1)
    taps = np.exp(-0.5 * (x / sigma) ** 2)
    return taps / taps.sum()


def box_taps(sigma, passes):
    """The extended box whose `passes`-fold use has the variance of `sigma`: Gwosdek et al., 2011."""
    variance = sigma * sigma / passes
    whole = math.floor((math.sqrt(12 * variance + 1) - 1) / 2)
    part = (2 * whole + 1) * (whole * (whole + 1) - 3 * variance) / (6 * (variance - (whole + 1) ** 2))
    taps = np.array([part] + [1] * (2 * whole + 1) + [part])
    return taps / taps.sum()


BOX_PASSES = 3


@functools.lru_cache(maxsize=4)
def _weights(n, sigma, operator, border):
    """`operator`: "ideal", "boxes" (one of Pillow's three passes) or where the sampled Gaussian is cut."""
    if operator == "boxes":
        return _matrix(n, box_taps(sigma, BOX_PASSES), border)
    radius = math.ceil(IDEAL_SIGMAS * sigma) if operator == "ideal" else operator
    return _matrix(n, gaussian_taps(sigma, radius), border)


def windows(n, most):
    """Slices of axis 0 that are checked: all of it, or its two ends and its middle."""
    if n <= most:
        return [slice(0, n)]
    part = most // 3
    return [slice(0, part), slice((n - part) // 2, (n + part) // 2), slice(n - part, n)]


def exact(image, axes, sigma, operator, border, rows):
    """The filtered rows (a slice of axis 0) in float64; axis 0 is filtered first."""
    passes = BOX_PASSES if operator == "boxes" else 1
    weights = _weights(image.shape[0], sigma, operator, border)
    wanted = weights[rows]
    for _ in range(1, passes):
        wanted = wanted @ weights
    used = np.flatnonzero(wanted.any(axis=0))  # only the rows that they need
    used = slice(used[0], used[-1] + 1)
    result = np.tensordot(wanted[:, used], image[used].astype(np.float64), 1)
    for axis in axes[1:]:
        weights = _weights(image.shape[axis], sigma, operator, border)
        for _ in range(passes):
            result = np.moveaxis(np.tensordot(weights, result, (1, axis)), 0, axis)
    return result


def impulses(shape, sigma, shift):
    """A picture of impulses, each far from the others, and their places along both axes; `shift` moves them on."""
    places = []
    for n in shape:
        count = max(1, min(32, int(n / (2 * IMPULSE_SIGMAS * sigma))))
        places.append((np.arange(count) * 2 + 1) * n // (2 * count) + shift % max(1, n // count // 2))
    image = np.zeros(shape, np.float32)
    image[np.ix_(*places)] = 1
    return image, places


def impulse_error(result, places, sigma, border):
    """The largest sum of |error| around any impulse, from the ideal Gaussian.

    That is how much any input of the range can be off, where an operator treats all samples alike, or is symmetric and
    all the samples that it treats apart have an impulse.
    """
    columns, rows = (_weights(n, sigma, "ideal", border)[:, at].sum(axis=1) for n, at in zip(result.shape, places))
    middles = [np.concatenate([[0], (at[1:] + at[:-1]) // 2]) for at in places]
    worst = 0.0
    for start, end in zip(middles[0], [*middles[0][1:], len(columns)]):
        off = np.abs(result[start:end] - np.outer(columns[start:end], rows)).sum(axis=0)
        worst = max(worst, float(np.add.reduceat(off, middles[1]).max()))
    return worst


class Reference:
    """Exact results for one image, kept where they are asked for again."""

    def __init__(self, image, axes, sigma, scale=1.0, most_rows=144):
        self.image, self.axes, self.sigma, self.scale = image, axes, sigma, scale
        self.windows = windows(image.shape[0], most_rows)
        self._kept = {}

    def _rows(self, operator, border, number):
        key = operator, border, number
        if key not in self._kept:
            values = exact(self.image, self.axes, self.sigma, operator, border, self.windows[number])
            self._kept[key] = values * self.scale
        return self._kept[key]

    def error(self, result, operator, border):
        """The largest error of a result on the rows checked, in the result's own unit."""
        if result.shape != self.image.shape:
            raise ValueError(f"result: shape is {result.shape}, must be {self.image.shape}")
        return max(
            float(np.abs(result[rows] - self._rows(operator, border, number)).max())
            for number, rows in enumerate(self.windows)
        )
