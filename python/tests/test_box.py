"""gaussfilt.box beside NumPy's sums and SciPy's running mean."""

import gaussfilt
import numpy as np
import pytest
import scipy.ndimage

RANDOM = np.random.default_rng(20)


def means(a, width, axis, mode):
    full, end = divmod((width - 1) / 2, 1)
    reach = int(full) + (end > 0)
    weights = np.ones(2 * reach + 1)
    if end:
        weights[[0, -1]] = end
    return scipy.ndimage.correlate1d(a.astype(float), weights / width, axis, mode=mode)


@pytest.mark.parametrize("width", [1, 1.5, 2, 3, 4.25, 31])
@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.float32, np.float64])
@pytest.mark.parametrize("mode", ["reflect", "mirror", "nearest", "wrap"])
def test_it_is_the_mean(width, dtype, mode):
    a = RANDOM.integers(0, 120, (40, 50)).astype(dtype)
    expected = means(means(a, width, 0, mode), width, 1, mode)
    result = gaussfilt.box(a, width, border=mode)
    assert result.dtype == dtype
    if np.dtype(dtype).kind in "iu":
        assert np.abs(result - expected).max() <= 0.5 + 1e-9
    else:
        np.testing.assert_allclose(result, expected, rtol=1e-6 if dtype is np.float32 else 1e-13)


def test_colours_are_not_mixed_and_widths_are_per_axis():
    a = RANDOM.integers(0, 256, (30, 20, 3)).astype(np.uint8)
    result = gaussfilt.box(a, (3, 7.5), channel_axis=-1)
    for band in range(3):
        assert np.array_equal(result[..., band], gaussfilt.box(a[..., band].copy(), (3, 7.5)))


def test_a_running_mean_drifts_and_this_one_does_not():
    a = np.ones(100000)
    a[10] = 1e17
    assert (gaussfilt.box(a, 5)[20:] == 1).all()
    assert (scipy.ndimage.uniform_filter1d(a, 5)[20:] != 1).any()


def test_refusals():
    for width in (0, 0.5, -1, np.nan, np.inf, [1, 2, 3]):
        with pytest.raises(ValueError, match="width"):
            gaussfilt.box(np.ones((4, 5)), width)
    with pytest.raises(TypeError):
        gaussfilt.box(np.ones(5), "3")
