"""gaussfilt.skimage against scikit-image itself: numbers, dtypes, range rules, exceptions."""

import doctest
import inspect
import subprocess
import sys

import numpy as np
import pytest
from gaussfilt import skimage as ours
from hypothesis import given
from hypothesis import strategies as st

theirs = pytest.importorskip("skimage.filters")

NARROW = ["bool", "u1", "u2", "i1", "i2", ">u2"]
EXACT = ["u4", "u8", "i4", "i8", "f8", ">f8", "g"]
SINGLE = ["f2", "f4"]
NAMES = ["gaussian", "difference_of_gaussians", "unsharp_mask"]


def make(dtype, shape, seed=0):
    """Values over the whole range of an integer dtype, its ends included; floats around the range of -1 to 1."""
    rng = np.random.default_rng(seed)
    dtype = np.dtype(dtype)
    if dtype.kind == "f":
        return rng.standard_normal(shape).astype(dtype)
    if dtype.kind == "b":
        return rng.random(shape) > 0.5
    limits = np.iinfo(dtype)
    values = rng.integers(limits.min, limits.max, shape, dtype.newbyteorder("="), endpoint=True)
    if values.size > 1:
        values.flat[0], values.flat[-1] = limits.min, limits.max
    return values.astype(dtype)


def assert_close(result, expected, dtype):
    """What the docstring promises for the dtype of the image."""
    assert result.dtype == expected.dtype and result.shape == expected.shape
    if dtype in EXACT:
        np.testing.assert_array_equal(result, expected)
        return
    top = max(1e-30, float(np.abs(expected).max(initial=0)))
    kind = np.dtype(dtype)
    if kind.kind in "ui":
        top = 1.0 if top <= 1.0 else float(np.iinfo(kind).max)
    np.testing.assert_allclose(result, expected, rtol=0, atol=1e-6 * max(top, 1.0 if kind.kind != "f" else top))


def outcome(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except (ValueError, TypeError, RuntimeError, OverflowError) as error:
        return type(error)


@pytest.mark.parametrize("name", NAMES)
def test_signatures(name):
    expected = inspect.signature(getattr(theirs, name)).parameters.values()
    result = inspect.signature(getattr(ours, name)).parameters.values()
    assert [(p.name, p.kind, p.default) for p in result] == [(p.name, p.kind, p.default) for p in expected]


@pytest.mark.parametrize("preserve_range", [False, True])
@pytest.mark.parametrize("dtype", NARROW + EXACT + SINGLE)
def test_every_dtype(dtype, preserve_range):
    image = make(dtype, (37, 29, 3))
    options = {"channel_axis": -1, "preserve_range": preserve_range}
    assert_close(ours.gaussian(image, 1.7, **options), theirs.gaussian(image, 1.7, **options), dtype)


@pytest.mark.parametrize("channel_axis", [None, 0, 1, -1])
@pytest.mark.parametrize("dtype", ["u1", "i2", "f8"])
def test_channel_axis(dtype, channel_axis):
    image = make(dtype, (17, 18, 19))
    for name in NAMES:
        # scikit-image 0.26 takes a negative axis of unsharp_mask for axis 0 of its slices
        theirs_axis = 2 if channel_axis == -1 else channel_axis
        expected = getattr(theirs, name)(image, 1.5, channel_axis=theirs_axis)
        assert_close(getattr(ours, name)(image, 1.5, channel_axis=channel_axis), expected, dtype)


@given(
    dtype=st.sampled_from(NARROW + EXACT + SINGLE),
    shape=st.lists(st.integers(0, 12), min_size=1, max_size=4),
    sigma=st.floats(0, 6),
    mode=st.sampled_from(["nearest", "reflect", "mirror", "wrap", "constant", "grid-wrap", "grid-constant"]),
    cval=st.sampled_from([0, 0.5, -2.0]),
    truncate=st.sampled_from([4.0, 2.5, 0.0]),
    preserve_range=st.booleans(),
    seed=st.integers(0, 1000),
)
def test_gaussian_like_theirs(dtype, shape, sigma, mode, cval, truncate, preserve_range, seed):
    image = make(dtype, tuple(shape), seed)
    options = {"mode": mode, "cval": cval, "truncate": truncate, "preserve_range": preserve_range}
    result = ours.gaussian(image, sigma, **options)
    expected = theirs.gaussian(image, sigma, **options)
    if dtype in SINGLE:  # a border of 2 stands out of an image of small values
        np.testing.assert_allclose(result, expected, rtol=0, atol=4e-6)
        assert result.dtype == expected.dtype
    else:
        assert_close(result, expected, dtype)


@given(
    dtype=st.sampled_from(["u1", "i1", "u2", "i4", "f4", "f8"]),
    low=st.floats(0, 3),
    ratio=st.floats(0.5, 3),
    channel_axis=st.sampled_from([None, 0, -1]),
)
def test_difference_like_theirs(dtype, low, ratio, channel_axis):
    image = make(dtype, (9, 14, 5))
    args = (image, low, low * ratio)
    result = outcome(ours.difference_of_gaussians, *args, channel_axis=channel_axis)
    expected = outcome(theirs.difference_of_gaussians, *args, channel_axis=channel_axis)
    if isinstance(expected, type):
        assert result is expected
    else:
        assert result.dtype == expected.dtype
        np.testing.assert_allclose(result, expected, rtol=0, atol=0 if dtype in EXACT else 2e-6)


@given(
    dtype=st.sampled_from(["bool", "u1", "i1", "u2", "i4", "f2", "f4", "f8"]),
    radius=st.floats(0, 4),
    amount=st.floats(-2, 3),
    preserve_range=st.booleans(),
    channel_axis=st.sampled_from([None, 0, 2]),
)
def test_unsharp_like_theirs(dtype, radius, amount, preserve_range, channel_axis):
    image = make(dtype, (11, 8, 6))
    options = {"preserve_range": preserve_range, "channel_axis": channel_axis}
    result = ours.unsharp_mask(image, radius, amount, **options)
    expected = theirs.unsharp_mask(image, radius, amount, **options)
    assert result.dtype == expected.dtype
    wide = 1.0 if not preserve_range or image.dtype.kind in "bf" else float(np.iinfo(image.dtype).max)
    np.testing.assert_allclose(result, expected, rtol=0, atol=0 if dtype in EXACT else 2e-5 * wide)


@pytest.mark.parametrize("sigma", [1, 20, 100])
@pytest.mark.parametrize("dtype", ["u1", "u2"])
def test_narrow_integers_within_a_millionth(dtype, sigma):
    high = np.iinfo(dtype).max
    for image in (make(dtype, (300, 200)), np.full((300, 200), high, dtype), make(dtype, (300, 200)) // high * high):
        error = np.abs(ours.gaussian(image, sigma) - theirs.gaussian(image, sigma))
        assert error.max() <= 1e-6


def test_strips_are_the_whole():
    image = make("u1", (2000, 700, 3))  # several strips, the last one short
    result = ours.gaussian(image, (3, 1), channel_axis=-1)
    expected = theirs.gaussian(image, (3, 1), channel_axis=-1)
    assert np.abs(result - expected).max() <= 1e-6


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("source", ["u1", "i4", "f4", "f8"])
def test_out(source, dtype):
    image = make(source, (40, 50))
    out = np.full((40, 100), np.nan, dtype)[:, ::2]
    expected = theirs.gaussian(image, 2, out=np.empty((40, 50), dtype))
    assert ours.gaussian(image, 2, out=out) is out
    np.testing.assert_allclose(out, expected, rtol=0, atol=2e-6)


def test_out_is_the_image():
    image = make("f8", (40, 50))
    expected = theirs.gaussian(image, 2)
    assert ours.gaussian(image, 2, out=image) is image
    np.testing.assert_array_equal(image, expected)


def test_out_overlaps_the_image():
    line = make("f8", (90,))
    expected = theirs.gaussian(line[:80].copy(), 2)
    ours.gaussian(line[:80], 2, out=line[10:])
    np.testing.assert_array_equal(line[10:], expected)


@pytest.mark.parametrize(
    ("function", "args", "options"),
    [
        ("gaussian", ("f8", -1), {}),
        ("gaussian", ("f8", (1, -1)), {}),
        ("gaussian", ("f8", (1, 2, 3)), {}),
        ("gaussian", ("f8", float("inf")), {}),
        ("gaussian", ("f8", 1), {"mode": "mean"}),
        ("gaussian", ("f8", 1), {"mode": ["wrap"]}),
        ("gaussian", ("f8", 1), {"truncate": -4}),
        ("gaussian", ("f8", 1), {"out": np.empty((5, 6), "u1")}),
        ("gaussian", ("f8", 1), {"out": np.empty((5, 6), "f2")}),
        ("gaussian", ("f8", 1), {"out": np.empty((6, 5))}),
        ("gaussian", ("c8", 1), {}),
        ("gaussian", ("f8", "a"), {}),
        ("difference_of_gaussians", ("f8", 2, 1), {}),
        ("difference_of_gaussians", ("f8", (1, 2, 3)), {}),
        ("difference_of_gaussians", ("f8", 1, (2, 3, 4)), {}),
        ("difference_of_gaussians", ("c8", 1), {}),
        ("unsharp_mask", ("c8", 1), {}),
        ("unsharp_mask", ("c8", 1, 1, True), {}),
        ("unsharp_mask", ("f8", -1), {}),
        ("unsharp_mask", ("f8", (1, 2, 3)), {}),
        ("unsharp_mask", ("f8", (1, 2)), {"channel_axis": 0}),
    ],
)
def test_bad_input_raises_what_theirs_raises(function, args, options):
    image = np.ones((5, 6), args[0])
    expected = outcome(getattr(theirs, function), image, *args[1:], **options)
    assert isinstance(expected, type)
    assert outcome(getattr(ours, function), image, *args[1:], **options) is expected


def test_read_only_out_is_refused():
    out = np.zeros((5, 5))
    out.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        ours.gaussian(np.zeros((5, 5)), 1, out=out)


def test_the_image_is_left_alone():
    for dtype in ("u1", "i1", "f4", "f8"):
        image = make(dtype, (20, 20))
        before = image.copy()
        for name in NAMES:
            getattr(ours, name)(image, 1)
        np.testing.assert_array_equal(image, before)


def test_scikit_image_is_not_needed():
    code = "import sys, gaussfilt.skimage; assert 'skimage' not in sys.modules and 'scipy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("dtype", NARROW + EXACT + SINGLE)
def test_rank_0_is_converted_alone(dtype):
    image = make(dtype, ())
    expected = theirs.gaussian(image.reshape(1), 0)[0]
    assert ours.gaussian(image, 2) == pytest.approx(float(expected), rel=1e-6)


def test_examples():
    done = doctest.testmod(ours)
    assert done.attempted > 0 and done.failed == 0


@pytest.mark.parametrize("dtype", ["u1", "i1", "u2", "i4", "f4", "f8"])
@pytest.mark.parametrize("preserve_range", [False, True])
def test_cval_is_in_the_units_of_the_result(dtype, preserve_range):
    image = make(dtype, (20, 21))
    options = {"mode": "constant", "cval": 0.7, "preserve_range": preserve_range}
    assert_close(ours.gaussian(image, 3, **options), theirs.gaussian(image, 3, **options), dtype)
