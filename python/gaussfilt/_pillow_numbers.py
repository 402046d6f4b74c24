"""Pillow's own arithmetic, bit for bit: what ``like="pillow"`` computes. 8-bit pixels unless it says otherwise.

GaussianBlur is three extended box filters along the rows, then three along the columns (Gwosdek et al., Theoretical
foundations of Gaussian convolution by extended box filtering, 2011), each rounded to 8 bits.
"""

import math

import numpy as np

_SAMPLES_AT_ONCE = 1 << 17  # of a block of lines: its sums stay in the cache


def gaussian_box(sigma, passes=3):
    """The radius, as float32 arithmetic gives it, of the box whose `passes`-fold use has the variance of `sigma`."""
    f32 = np.float32
    variance = f32(f32(sigma) * f32(sigma)) / f32(passes)
    length = f32(math.sqrt(12.0 * float(variance) + 1.0))
    whole = f32(math.floor((float(length) - 1.0) / 2.0))
    part = (f32(2) * whole + f32(1)) * (whole * (whole + f32(1)) - f32(3) * variance)
    part /= f32(6) * (variance - (whole + f32(1)) * (whole + f32(1)))
    return float(whole + part)


class _Box:
    """An extended box in fixed point with 24 bits for lines of `n` samples, edges repeated; sums modulo 2^32."""

    def __init__(self, radius, n):
        f32 = np.float32
        whole = int(radius)
        inner = int(f32(1 << 24) / f32(f32(radius) * f32(2) + f32(1)))
        self.n, self.reach = n, min(whole, n - 1)
        self.beyond = np.uint32(whole - self.reach)  # samples of the box on either side that are edges everywhere
        self.inner = np.uint32(inner)
        self.outer = np.uint32(((1 << 24) - (2 * whole + 1) * inner) // 2)

    def once(self, lines):
        """One pass along axis 1 of 8-bit lines."""
        n, margin = self.n, self.reach + 1
        padded = np.empty((len(lines), n + 2 * margin), np.uint32)
        padded[:, :margin], padded[:, margin + n :] = lines[:, :1], lines[:, -1:]
        padded[:, margin : margin + n] = lines
        sums = np.cumsum(padded, axis=1, dtype=np.uint32)
        total = sums[:, 2 * margin - 1 : 2 * margin - 1 + n] - sums[:, :n]
        if self.beyond:
            total += (padded[:, :1] + padded[:, -1:]) * self.beyond
        total *= self.inner
        sides = padded[:, :n] + padded[:, 2 * margin :]
        sides *= self.outer
        total += sides
        total += np.uint32(1 << 23)
        total >>= np.uint32(24)
        return total.astype(np.uint8)


def _box_lines(lines, radius, passes):
    """All passes along axis 1, in place."""
    box = _Box(radius, lines.shape[1])
    step = max(1, _SAMPLES_AT_ONCE // lines.shape[1])
    for first in range(0, len(lines), step):
        block = lines[first : first + step]
        for _ in range(passes):
            block = box.once(block)
        lines[first : first + step] = block


def box_blur(pixels, x_radius, y_radius, passes=1):
    """All passes along the rows, then all along the columns; a radius of 0 leaves its axis alone."""
    height, width = pixels.shape[:2]
    if pixels.size == 0:
        return pixels.copy()
    bands = pixels.reshape(height, width, -1).transpose(2, 0, 1).copy()
    if x_radius != 0:
        _box_lines(bands.reshape(-1, width), x_radius, passes)
    if y_radius != 0:
        bands = bands.transpose(0, 2, 1).copy()
        _box_lines(bands.reshape(-1, height), y_radius, passes)
        bands = bands.transpose(0, 2, 1)
    return bands.transpose(1, 2, 0).reshape(pixels.shape)


def gaussian_blur(pixels, x_sigma, y_sigma):
    return box_blur(pixels, gaussian_box(x_sigma), gaussian_box(y_sigma), 3)


def unsharp_mask(pixels, sigma, percent, threshold):
    """Where a pixel differs from its blurred self by more than `threshold`, `percent` of the difference is added."""
    blurred = gaussian_blur(pixels, sigma, sigma)
    difference = pixels.astype(np.int32) - blurred
    added = difference * percent
    added = np.abs(added) // 100 * np.sign(added)  # C divides towards 0
    sharp = np.clip(pixels + added, 0, 255)
    return np.where(np.abs(difference) > threshold, sharp, pixels).astype(np.uint8)


def kernel(pixels, size, weights, scale, offset):
    """3 x 3 or 5 x 5 weights, the last row on top, in float32; the pixels at the border are copied.

    `pixels` may be of 8, 16 or 32 bits; sums are rounded half up and cut to 0 and the largest integer.
    """
    side, reach = size[0], size[0] // 2
    result = pixels.copy()
    height, width = pixels.shape[:2]
    if height < side or width < side:
        return result
    values = pixels.astype(np.float32)
    taps = np.array(weights, np.float32) / np.float32(scale)
    total = np.full((height - 2 * reach, width - 2 * reach, *pixels.shape[2:]), np.float32(offset) + np.float32(0.5))
    for row in range(side):
        band = values[side - 1 - row :][: len(total)]
        sums = band[:, : total.shape[1]] * taps[row * side]
        for column in range(1, side):
            sums += band[:, column : column + total.shape[1]] * taps[row * side + column]
        total += sums
    inner = np.clip(total.astype(np.float64), 0, np.iinfo(pixels.dtype).max)
    result[reach : height - reach, reach : width - reach] = np.trunc(inner).astype(pixels.dtype)
    return result
