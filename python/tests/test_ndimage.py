"""gaussfilt.ndimage: arrays that fill several tiles beside SciPy's, what it adds to SciPy, its examples."""

import doctest
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
import scipy.ndimage
from gaussfilt import ndimage
from ndimage_cases import MODES

SHAPES = [(50000,), (3, 7000), (260, 310), (2000, 9), (31, 40, 57), (6, 9, 11, 40)]
DTYPES = ["f8", "f4", "u1", "i2", "c16"]


def image(shape, dtype, seed=0):
    rng = np.random.default_rng(seed)
    if np.dtype(dtype).kind in "iu":
        return rng.integers(0, 256, shape).astype(dtype)
    values = rng.standard_normal(shape)
    return (values + 1j * rng.standard_normal(shape)).astype(dtype) if dtype == "c16" else values.astype(dtype)


def assert_like_scipy(name, array, *args, **kwargs):
    ours = getattr(ndimage, name)(array, *args, **kwargs)
    theirs = getattr(scipy.ndimage, name)(array, *args, **kwargs)
    assert ours.dtype == theirs.dtype
    if ours.dtype == np.float32:
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=4 * np.finfo("f4").eps * 8 * np.abs(array).max())
    else:
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_large_arrays(shape, dtype):
    """The same bits where an array is cut into tiles, filtered on several threads, and taken in other strides."""
    array = image(shape, dtype)
    mode = MODES[(len(shape) + len(dtype)) % len(MODES)]
    assert_like_scipy("gaussian_filter", array, 2.0, mode=mode, cval=0.5)
    assert_like_scipy("gaussian_filter", array[::-1], 1.3, order=1, mode=mode)
    assert_like_scipy("gaussian_filter", array.T, 0.8, order=2)
    assert_like_scipy("uniform_filter", array, 7, mode=mode, cval=0.5)
    assert_like_scipy("correlate1d", array, [0.1, -0.4, 0.7, 0.2], axis=0, mode=mode, cval=0.5)
    if dtype != "c16":
        assert_like_scipy("sobel", array, axis=0, mode=mode)


@pytest.mark.parametrize("sigma", [5, 20.0, 75])
@pytest.mark.parametrize("mode", MODES)
def test_wide_kernels(mode, sigma):
    """Also where the taps reach round the array several times."""
    array = image((90, 61), "f8")
    assert_like_scipy("gaussian_filter", array, sigma, mode=mode, cval=0.5)
    assert_like_scipy("gaussian_laplace", array, sigma, mode=mode)
    assert_like_scipy("gaussian_filter", image((90, 61), "u1"), sigma, mode=mode)


@pytest.mark.parametrize("dtype", ["f4", "f8", "c16"])
@pytest.mark.parametrize("tolerance", [1e-5, 1e-2])
@pytest.mark.parametrize("order", [0, (1, 0), 2])
def test_tolerance(dtype, tolerance, order):
    """The result lies that near to SciPy's, in any mode."""
    array = image((200, 150), dtype)
    for mode in MODES:
        near = ndimage.gaussian_filter(array, 3.0, order=order, mode=mode, cval=2.0, tolerance=tolerance)
        exact = ndimage.gaussian_filter(array.astype("c16" if dtype == "c16" else "f8"), 3.0, order=order, mode=mode,
                                        cval=2.0)
        assert near.dtype == array.dtype
        assert np.abs(near - exact).max() <= (tolerance + 1e-6) * max(2.0, np.abs(array).max())


def test_tolerance_of_integers():
    """With an integer result a tolerance is taken and changes nothing."""
    array = image((50, 60), "u1")
    np.testing.assert_array_equal(ndimage.gaussian_filter(array, 2, tolerance=0.1), ndimage.gaussian_filter(array, 2))


def test_tolerance_of_the_other_filters():
    array = image((80, 70), "f8")
    for name in ("gaussian_laplace", "gaussian_gradient_magnitude"):
        function = getattr(ndimage, name)
        near, exact = function(array, 2.0, tolerance=1e-4, threads=1), function(array, 2.0)
        assert np.abs(near - exact).max() <= 2e-4 * np.abs(array).max()
    near = ndimage.gaussian_filter1d(array, 2.0, tolerance=1e-4)
    assert np.abs(near - ndimage.gaussian_filter1d(array, 2.0)).max() <= 1e-4 * np.abs(array).max()


@pytest.mark.parametrize("tolerance", [0, -1e-3, np.nan])
@pytest.mark.parametrize("dtype", ["f8", "u1"])
def test_bad_tolerance(dtype, tolerance):
    with pytest.raises(ValueError, match="tolerance"):
        ndimage.gaussian_filter(image((9, 9), dtype), 1, tolerance=tolerance)


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_threads(threads):
    """The result does not depend on them."""
    array = image((300, 301), "f8")
    for call in (lambda **more: ndimage.gaussian_filter(array, 3, **more),
                 lambda **more: ndimage.gaussian_laplace(array, 3, **more),
                 lambda **more: ndimage.uniform_filter(array, 9, **more),
                 lambda **more: ndimage.sobel(array, **more), lambda **more: ndimage.laplace(array, **more),
                 lambda **more: ndimage.convolve1d(array, [1, 2, 3j], **more)):
        np.testing.assert_array_equal(call(threads=threads), call())


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads the memory in use from /proc")
@pytest.mark.parametrize("name", ["gaussian_filter", "uniform_filter"])
def test_memory_stays(name):
    """Calls on two threads leave nothing behind."""
    array = image((200, 200), "f4")
    result = np.empty_like(array)

    def pages():
        return int(Path("/proc/self/statm").read_text().split()[1])

    def call(times):
        for _ in range(times):
            getattr(ndimage, name)(array, 3, output=result, threads=2)

    call(300)
    before = pages()
    call(3000)
    assert pages() - before < 512


@pytest.mark.parametrize("threads", [0, -1])
def test_bad_threads(threads):
    with pytest.raises(ValueError, match="threads"):
        ndimage.gaussian_filter(image((9, 9), "f8"), 1, threads=threads)


def test_scipy_stays_away():
    """Nothing of SciPy is imported."""
    code = "import sys, gaussfilt; gaussfilt.ndimage.gaussian_filter([1.0, 2.0], 1); sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_warning_names_the_caller():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        ndimage.correlate1d([1.0, 2.0], [1j], output=float)
    assert [warning.filename for warning in caught] == [__file__]


@pytest.mark.parametrize("move", [-3, -1, 1, 2])
def test_overlap(move):
    """An output that overlaps the input is written as if the input had been copied; SciPy's small ones are, too."""
    calls = {"gaussian_filter": (1.5,), "uniform_filter": (4,), "sobel": (), "correlate1d": ([1, 2],)}
    for name, args in calls.items():
        results = []
        for module in (ndimage, scipy.ndimage):
            memory = image((30, 20), "f8")
            low, high = memory[: 30 - abs(move)], memory[abs(move) :]
            source, target = (low, high) if move > 0 else (high, low)
            results.append(getattr(module, name)(source, *args, output=target))
        np.testing.assert_array_equal(*results)


@pytest.mark.parametrize("shape", [(), (0,), (3, 0, 2)])
def test_nothing_to_filter(shape):
    """Arrays without axes and without samples come back as copies."""
    array = np.ones(shape)
    result = ndimage.gaussian_filter(array, 2)
    assert result is not array
    np.testing.assert_array_equal(result, array)


def test_bool_is_normal():
    """SciPy leaves bytes such as 255 in arrays of bool; here True is 1."""
    edge = np.array([True, True, False, False])
    assert ndimage.sobel(edge).view(np.uint8).tolist() == [0, 1, 1, 0]


@pytest.mark.parametrize("name", ndimage.__all__)
def test_examples(name):
    """Every function has one that runs."""
    tests = doctest.DocTestFinder(recurse=False).find(getattr(ndimage, name), name)
    assert sum(len(test.examples) for test in tests) > 0
    for test in tests:
        assert doctest.DocTestRunner().run(test).failed == 0
