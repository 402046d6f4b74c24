"""gaussfilt.correlate and convolve beside scipy.ndimage's."""

import gaussfilt
import numpy as np
import pytest
import scipy.ndimage
from hypothesis import given
from hypothesis import strategies as st

RNG = np.random.default_rng(4)
A = RNG.random((12, 15))
KERNEL = [[0.5, -1.0, 2.0, 0.25], [0.0, 3.0, 1.0, -0.5]]


@given(st.integers(0, 2**32), st.sampled_from(["reflect", "mirror", "nearest", "wrap", "constant"]))
def test_like_scipy(seed, border):
    rng = np.random.default_rng(seed)
    rank = int(rng.integers(1, 4))
    a = rng.standard_normal(rng.integers(1, 9, rank))
    kernel = rng.standard_normal(rng.integers(1, 5, rank))
    if rng.random() < 0.3:  # a product of lines
        kernel = np.ones(1)
        for size in rng.integers(1, 5, rank):
            kernel = np.multiply.outer(kernel, rng.standard_normal(size))
        kernel = kernel[0]
    origin = [int(rng.integers(-(n // 2), (n - 1) // 2 + 1)) for n in kernel.shape]
    for ours, theirs in ((gaussfilt.correlate, scipy.ndimage.correlate), (gaussfilt.convolve, scipy.ndimage.convolve)):
        expected = theirs(a, kernel, mode=border, cval=0.5, origin=origin)
        got = ours(a, kernel, border=border, cval=0.5, origin=origin)
        largest = max(np.abs(a).max(), 0.5) * np.abs(kernel).sum()
        np.testing.assert_allclose(got, expected, rtol=0, atol=1e-14 * largest)


def test_kernels_of_every_kind():
    expected = scipy.ndimage.correlate(A, np.array(KERNEL))
    for kernel in (KERNEL, tuple(map(tuple, KERNEL)), np.array(KERNEL), np.asfortranarray(KERNEL),
                   np.array(KERNEL, "f4"), np.array(KERNEL)[::-1][::-1]):
        np.testing.assert_allclose(gaussfilt.correlate(A, kernel), expected, rtol=1e-13)
    assert gaussfilt.correlate(np.float64(2.0), 3.0, bias=1) == 7
    colours = RNG.random((9, 11, 3))
    for channel in range(3):
        np.testing.assert_array_equal(gaussfilt.convolve(colours, KERNEL, channel_axis=-1)[..., channel],
                                      gaussfilt.convolve(colours[..., channel], KERNEL))


def test_one_rounding_of_factor_and_bias():
    levels = RNG.integers(0, 256, (20, 30), np.uint8)
    exact = scipy.ndimage.correlate(levels.astype(float), [[1, 2], [3, 4]]) * 0.125 + 3.25
    got = gaussfilt.correlate(levels, [[1, 2], [3, 4]], factor=0.125, bias=3.25)
    np.testing.assert_array_equal(got, np.clip(np.rint(exact), 0, 255))


@pytest.mark.parametrize(("kernel", "options", "error", "sentence"), [
    ([1, 2, 3], {}, ValueError, "kernel: has 1 axes for 2 filtered ones"),
    ([[1, 2], [3]], {}, ValueError, "kernel: its rows differ in length"),
    ([[1, 2], 3], {}, ValueError, "kernel: its rows differ in depth"),
    ([1, [2, 3]], {}, ValueError, "kernel: its rows differ in"),
    ([[]], {}, ValueError, "kernel: is 1 x 0, must hold a value"),
    ([], {}, ValueError, "kernel: has 1 axes"),
    ([[1, "a"]], {}, TypeError, "kernel: is 'a', must be a number"),
    ("abc", {}, TypeError, "kernel"),
    (None, {}, TypeError, "kernel"),
    (np.ones((2, 2), complex), {}, TypeError, "kernel: is complex"),
    ([[float("nan")]], {}, ValueError, "kernel: a value is not finite"),
    (KERNEL, {"origin": 5}, ValueError, "origin: axis 0 is 5, must be -1 ... 0 for a kernel of 2"),
    (KERNEL, {"factor": float("inf")}, ValueError, "factor: is inf, must be finite"),
    (KERNEL, {"bias": "x"}, TypeError, "bias: is 'x', must be a number"),
])
def test_bad_arguments(kernel, options, error, sentence):
    for function in (gaussfilt.correlate, gaussfilt.convolve):
        with pytest.raises(error) as raised:
            function(A, kernel, **options)
        assert sentence in str(raised.value)
