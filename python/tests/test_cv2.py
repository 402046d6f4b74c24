"""gaussfilt.cv2 against OpenCV: numbers within its errors, taps, sizes, dtypes, refusals; and against exact sums."""

import doctest
import os
import pathlib
import subprocess
import sys

import numpy as np
import pytest
from gaussfilt import cv2 as ours
from hypothesis import given
from hypothesis import strategies as st

theirs = pytest.importorskip("cv2")
ndimage = pytest.importorskip("scipy.ndimage")

TAKEN = ["u1", "u2", "i2", "f4", "f8"]
REFUSED = ["i1", "i4", "u4", "i8", "f2", "bool", "c8"]
BORDERS = {0: "constant", 1: "nearest", 2: "reflect", 4: "mirror"}
# How far OpenCV is from the exact result: taps in units of 1/256 and 1/65536, float32 sums.
THEIR_ERROR = {"u1": 3.0, "u2": 3.0, "i2": 0.55, "f4": 2e-6, "f8": 1e-14}
OUR_ERROR = {"u1": 0.5001, "u2": 0.52, "i2": 0.52, "f4": 5e-7, "f8": 1e-14}


def make(dtype, shape, seed=0):
    rng = np.random.default_rng(seed)
    dtype = np.dtype(dtype)
    if dtype.kind == "f":
        return rng.standard_normal(shape).astype(dtype)
    limits = np.iinfo(dtype)
    return rng.integers(limits.min, limits.max, shape, dtype, endpoint=True)


def exact(image, kernel_x, kernel_y, border):
    values = image.astype(float)
    for axis, taps in ((0, kernel_y), (1, kernel_x)):
        values = ndimage.correlate1d(values, taps, axis, mode=BORDERS[border])
    return values


def apart(a, b):
    return float(np.abs(a.astype(float) - b).max())


def scale(image):
    return 1.0 if image.dtype.kind != "f" else max(1.0, float(np.abs(image).max()))


def refused(function, *args, **kwargs):
    """True where it raises its module's error, False where it gives a result."""
    try:
        function(*args, **kwargs)
    except (ours.error, theirs.error):
        return True
    return False


def test_constants():
    names = [name for name in vars(ours) if name.startswith(("BORDER_", "CV_", "ALGO_HINT_"))]
    assert len(names) >= 19
    for name in names:
        assert getattr(ours, name) == getattr(theirs, name), name


@given(
    ksize=st.integers(1, 60),
    sigma=st.one_of(st.floats(-2, 0), st.floats(0.1, 30), st.sampled_from([0.0, 1e-3, 1e5])),
    ktype=st.sampled_from([ours.CV_32F, ours.CV_64F]),
)
def test_kernels(ksize, sigma, ktype):
    result, expected = ours.getGaussianKernel(ksize, sigma, ktype), theirs.getGaussianKernel(ksize, sigma, ktype)
    assert result.dtype == expected.dtype and result.shape == expected.shape
    np.testing.assert_allclose(result, expected, rtol=2e-7 if ktype == ours.CV_32F else 1e-14, atol=1e-40)


@given(
    dtype=st.sampled_from(TAKEN),
    shape=st.one_of(
        st.tuples(st.integers(1, 20), st.integers(1, 20)),
        st.tuples(st.integers(1, 20), st.integers(1, 20), st.integers(1, 5)),
        st.tuples(st.integers(1, 20)),
    ),
    ksize=st.tuples(st.sampled_from([0, 1, 3, 5, 7, 9, 11, 15]), st.sampled_from([0, 1, 3, 5, 7, 9, 11, 15])),
    sigma_x=st.one_of(st.just(0), st.floats(0.2, 5), st.just(-1)),
    sigma_y=st.one_of(st.just(0), st.floats(0.2, 5), st.just(-1)),
    border=st.sampled_from([0, 1, 2, 4, 16, 18, 20]),
    seed=st.integers(0, 99),
)
def test_blur_like_theirs(dtype, shape, ksize, sigma_x, sigma_y, border, seed):
    image = make(dtype, shape, seed)
    options = {"sigmaY": sigma_y, "borderType": border}
    if refused(theirs.GaussianBlur, image, ksize, sigma_x, **options):
        assert refused(ours.GaussianBlur, image, ksize, sigma_x, **options)
        return
    expected = theirs.GaussianBlur(image, ksize, sigma_x, **options)
    for _ in range(2):  # the second call takes the prepared plan
        result = ours.GaussianBlur(image, ksize, sigma_x, **options)
        assert result.shape == expected.shape and result.dtype == expected.dtype
        assert apart(result, expected) <= (THEIR_ERROR[dtype] + OUR_ERROR[dtype]) * scale(image)


@pytest.mark.parametrize("sigma", [0.5, 1, 3, 10, 50])
@pytest.mark.parametrize("dtype", TAKEN)
def test_blur_is_rounded_once(dtype, sigma):
    image = make(dtype, (200, 210))
    taps = ours.getGaussianKernel(round(sigma * (6 if dtype == "u1" else 8) + 1) | 1, sigma).ravel()
    expected = exact(image, taps, taps, 4)
    error = apart(ours.GaussianBlur(image, (0, 0), sigma), expected)
    assert error <= OUR_ERROR[dtype] * scale(image)
    if dtype == "u1":
        assert apart(theirs.GaussianBlur(image, (0, 0), sigma), expected) > error + 0.2  # as the docstring says


@pytest.mark.parametrize("sigma", [0.4, 0.5, 0.75, 1, 1.25, 2, 2.5, 3.1, 7.3])
def test_sizes_from_sigma(sigma):
    for dtype in ("u1", "f8"):
        image = np.zeros((1, 201), dtype)
        image[0, 100] = 255
        reach = np.flatnonzero(theirs.GaussianBlur(image.astype("f8"), (0, 0), sigma)) if dtype == "f8" else None
        result = np.flatnonzero(ours.GaussianBlur(image, (0, 0), sigma))
        if reach is not None:
            np.testing.assert_array_equal(result, reach)
        else:
            assert len(result) <= round(6 * sigma + 1) | 1


def test_uint8_is_cut_at_3_sigma_and_float_at_4():
    spike = np.zeros((1, 99))
    spike[0, 49] = 2e4
    wide = ours.GaussianBlur(spike, (0, 0), 4)
    assert np.count_nonzero(wide) == 33
    narrow = ours.GaussianBlur(np.uint8(255 * (spike > 0)), (25, 1), 4)
    np.testing.assert_array_equal(ours.GaussianBlur(np.uint8(255 * (spike > 0)), (0, 0), 4), narrow)


@given(
    dtype=st.sampled_from(TAKEN),
    shape=st.sampled_from([(1, 1), (7, 9), (12, 5), (6, 7, 3), (9,)]),
    lengths=st.tuples(st.integers(1, 7), st.integers(1, 7)),
    anchor=st.sampled_from([(-1, -1), (0, 0), (2, 1), (-2, 4), (6, 0)]),
    ddepth=st.sampled_from([-1, -3, 0, 1, 2, 3, 4, 5, 6, 7, 12]),
    delta=st.sampled_from([0, 0.25, -17.5]),
    border=st.sampled_from([0, 1, 2, 3, 4, 5, 16, 20, -1]),
    kernel=st.sampled_from(["f8", "f4", "i4"]),
    seed=st.integers(0, 99),
)
def test_separable_like_theirs(dtype, shape, lengths, anchor, ddepth, delta, border, kernel, seed):
    rng = np.random.default_rng(seed)
    image = make(dtype, shape, seed)
    lines = [(rng.standard_normal(n) * 2).astype(kernel) for n in lengths]
    options = {"anchor": anchor, "delta": delta, "borderType": border}
    if refused(theirs.sepFilter2D, image, ddepth, *lines, **options):
        assert refused(ours.sepFilter2D, image, ddepth, *lines, **options)
        return
    expected = theirs.sepFilter2D(image, ddepth, *lines, **options)
    result = ours.sepFilter2D(image, ddepth, *lines, **options)
    assert result.shape == expected.shape and result.dtype == expected.dtype
    mass = float(np.abs(lines[0]).sum() * np.abs(lines[1]).sum()) + 1
    size = float(np.abs(image.astype(float)).max()) * mass + abs(delta)
    bound = 1e-13 * size if dtype == "f8" else 1e-6 * size
    # OpenCV rounds taps for uint8 into uint8 to 1/256 where they all are close to such numbers
    bound += 0 if result.dtype.kind == "f" else 1.01
    assert apart(result, expected) <= bound


def test_separable_is_rounded_once():
    image = make("u1", (40, 50))
    x, y = np.array([0.1, 0.7, 0.3]), np.array([0.25, 0.5, 0.125, 0.125])
    expected = exact(image, x, np.append(y, 0.0), 4)
    assert apart(ours.sepFilter2D(image, -1, x, y), np.clip(expected, 0, 255)) <= 0.5001
    assert apart(ours.sepFilter2D(image, -1, x, y, delta=0.4), np.clip(expected + 0.4, 0, 255)) <= 0.5001
    assert ours.sepFilter2D(image, -1, x, y, delta=1e9).min() == 255


@pytest.mark.parametrize("dtype", TAKEN)
def test_dst(dtype):
    image = make(dtype, (30, 20, 3))
    for call in (
        lambda dst=None: ours.sepFilter2D(image, -1, taps := ours.getGaussianKernel(5, 1), taps, dst),
        lambda dst=None: ours.GaussianBlur(image, (5, 5), 1, dst),
    ):
        expected = call()
        dst = np.empty_like(image)
        assert call(dst) is dst
        np.testing.assert_array_equal(dst, expected)
        other = np.zeros((3, 3), dtype)
        result = call(other)
        assert result is not other and not other.any()
        np.testing.assert_array_equal(result, expected)
    inside = image.copy()
    assert ours.GaussianBlur(inside, (5, 5), 1, inside) is inside
    np.testing.assert_array_equal(inside, expected)
    inside = image.copy()
    assert ours.GaussianBlur(inside, (1, 1), 1, inside) is inside
    np.testing.assert_array_equal(inside, image)


def test_strides_and_byte_order():
    image = make("f4", (60, 40, 3))
    expected = ours.GaussianBlur(np.ascontiguousarray(image[::-2, ::2]), (0, 0), 2)
    np.testing.assert_array_equal(ours.GaussianBlur(image[::-2, ::2], (0, 0), 2), expected)
    foreign = image.astype(">f4")
    for _ in range(2):
        result = ours.GaussianBlur(foreign, (0, 0), 2)
        assert result.dtype == np.float32
        np.testing.assert_array_equal(result, ours.GaussianBlur(image, (0, 0), 2))


def test_a_change_of_threads_is_seen():
    import gaussfilt

    image = make("f4", (300, 300))
    expected = ours.GaussianBlur(image, (0, 0), 3)
    before = gaussfilt.get_num_threads()
    try:
        for threads in (1, 2, 3):
            gaussfilt.set_num_threads(threads)
            np.testing.assert_array_equal(ours.GaussianBlur(image, (0, 0), 3), expected)
    finally:
        gaussfilt.set_num_threads(before)


@pytest.mark.parametrize("dtype", REFUSED)
def test_refused_dtypes(dtype):
    image, line = np.zeros((6, 7), dtype), np.ones(3)
    assert refused(ours.GaussianBlur, image, (3, 3), 1) and refused(ours.sepFilter2D, image, -1, line, line)


Z = np.zeros((6, 7), np.float32)
LINE = np.ones(3)


ARGUMENTS = [
    ("GaussianBlur", (Z, (2, 2), 1), {}),
    ("GaussianBlur", (Z, (0, 0), 0), {}),
    ("GaussianBlur", (Z, (0, 0), -1), {}),
    ("GaussianBlur", (Z, (3, 0), 0), {}),
    ("GaussianBlur", (Z, (0, 0), float("nan")), {}),
    ("GaussianBlur", (Z, (0, 0), 1e9), {}),
    ("GaussianBlur", (Z, 3, 1), {}),
    ("GaussianBlur", (Z, (3,), 1), {}),
    ("GaussianBlur", (Z, (3, 3, 3), 1), {}),
    ("GaussianBlur", (Z, (3.5, 3.5), 1), {}),
    ("GaussianBlur", (Z, (3, 3), "1"), {}),
    ("GaussianBlur", (Z, (3, 3), 1), {"sigmaY": "1"}),
    ("GaussianBlur", (Z, (3, 3), 1), {"hint": "fast"}),
    ("GaussianBlur", (Z, (3, 3), 1), {"borderType": 3}),
    ("GaussianBlur", (Z, (3, 3), 1), {"borderType": 5}),
    ("GaussianBlur", (Z, (3, 3), 1), {"borderType": -1}),
    ("GaussianBlur", (Z, (3, 3), 1), {"dst": [1, 2]}),
    ("GaussianBlur", (None, (3, 3), 1), {}),
    ("GaussianBlur", ([[1.0, 2.0]], (3, 3), 1), {}),
    ("GaussianBlur", (np.zeros((0, 5)), (3, 3), 1), {}),
    ("sepFilter2D", (Z, -1, [1, 2, 1], LINE), {}),
    ("sepFilter2D", (Z, -1, np.ones((2, 3)), LINE), {}),
    ("sepFilter2D", (Z, -1, np.ones(0), LINE), {}),
    ("sepFilter2D", (Z, -1, np.ones(3, "f4"), LINE), {}),
    ("sepFilter2D", (Z, -1, LINE, LINE), {"anchor": (3, 0)}),
    ("sepFilter2D", (Z, -1, LINE, LINE), {"anchor": 1}),
    ("sepFilter2D", (Z, -1, LINE, LINE), {"delta": "1"}),
    ("sepFilter2D", (Z, 4, LINE, LINE), {}),
    ("getGaussianKernel", (0, 1), {}),
    ("getGaussianKernel", (-3, 1), {}),
    ("getGaussianKernel", (3, 1, 0), {}),
]


@pytest.mark.parametrize(("name", "args", "options"), ARGUMENTS)
def test_refused_arguments(name, args, options):
    with pytest.raises(ours.error, match=r"^\w+: "):
        getattr(ours, name)(*args, **options)


def print_what_opencv_takes():
    """Run by a process of its own: OpenCV 5.0 refuses all of these, but leaves its heap damaged after some."""
    cases = [(name, *args) for name, args, options in ARGUMENTS if not refused(getattr(theirs, name), *args, **options)]
    for dtype in REFUSED:
        image = np.zeros((6, 7), dtype)
        cases += [] if refused(theirs.GaussianBlur, image, (3, 3), 1) else [dtype]
        cases += [] if refused(theirs.sepFilter2D, image, -1, LINE, LINE) else [dtype]
    print(f"takes: {cases}", flush=True)
    os._exit(0)


def test_opencv_refuses_the_same():
    code = "import test_cv2; test_cv2.print_what_opencv_takes()"
    folder = pathlib.Path(__file__).parent
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "takes: []", done.stdout + done.stderr


@pytest.mark.parametrize("shape", [(2, 3, 4, 5), (4, 5, 129)])
def test_more_than_channels(shape):
    # OpenCV 5.0 refuses these as well, but damages its heap when it does, so it is not asked
    for call in (lambda a: ours.GaussianBlur(a, (3, 3), 1), lambda a: ours.sepFilter2D(a, -1, LINE, LINE)):
        with pytest.raises(ours.error, match="channels"):
            call(np.zeros(shape))


def test_masked_arrays_are_refused():
    with pytest.raises(ours.error, match="masked"):
        ours.GaussianBlur(np.ma.masked_array(Z), (3, 3), 1)


def test_opencv_is_not_needed():
    code = "import sys, gaussfilt.cv2; assert 'cv2' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_examples():
    done = doctest.testmod(ours)
    assert done.attempted > 0 and done.failed == 0


def test_calls_that_differ_in_one_argument_are_kept_apart():
    images = [make(dtype, shape) for dtype in ("f4", "f8", "u1") for shape in ((20, 30), (30, 20))]
    calls = [((5, 5), 1, 1, 4), ((5, 5), 1, 2, 4), ((5, 5), 2, 1, 4), ((5, 7), 1, 1, 4), ((5, 5), 1, 1, 1)]
    for _ in range(2):
        for image in images:
            results = [ours.GaussianBlur(image, k, sx, sigmaY=sy, borderType=border) for k, sx, sy, border in calls]
            for i, result in enumerate(results):
                assert all(not np.array_equal(result, other) for other in results[:i])
