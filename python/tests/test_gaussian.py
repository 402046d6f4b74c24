"""The native call: SciPy's operator rounded once, its options, plans and regions."""
import json

import gaussfilt
import hypothesis
import hypothesis.extra.numpy as arrays
import hypothesis.strategies as st
import numpy as np
import pytest
import scipy.ndimage

BORDERS = ["reflect", "mirror", "nearest", "wrap", "constant"]
FLOATS = st.floats(-1000, 1000, width=32)


@hypothesis.settings(max_examples=150)
@hypothesis.given(
    a=arrays.arrays(st.sampled_from(["f4", "f8"]), arrays.array_shapes(max_dims=4, max_side=9), elements=FLOATS),
    sigma=st.floats(0.3, 6),
    order=st.integers(0, 3),
    border=st.sampled_from(BORDERS),
    taps=st.just("sampled"),
)
def test_is_scipys_operator(a, sigma, order, border, taps):
    # A constant border of 0 continues as 0 whatever the order, so both definitions of constant agree.
    expected = scipy.ndimage.gaussian_filter(a.astype("f8"), sigma, order=order, mode=border)
    taps_mass = scipy.ndimage.gaussian_filter1d(np.eye(1, 201, 100)[0], sigma, order=order)
    scale = np.abs(taps_mass).sum() ** a.ndim * np.abs(a).max(initial=0)
    eps = np.finfo(a.dtype).eps
    np.testing.assert_allclose(gaussfilt.gaussian(a, sigma, order=order, border=border), expected,
                               rtol=0, atol=32 * eps * scale + 1e-300)  # fmt: skip


@pytest.mark.parametrize("dtype", ["u1", "i2", "u4"])
def test_integers_are_rounded_once(dtype):
    a = np.random.default_rng(3).integers(0, 120, (40, 50)).astype(dtype)
    exact = scipy.ndimage.gaussian_filter(a.astype("f8"), 1.7)
    off = np.abs(gaussfilt.gaussian(a, 1.7).astype("f8") - exact)
    assert off.max() <= 0.5 + 1e-4
    assert np.abs(scipy.ndimage.gaussian_filter(a, 1.7).astype("f8") - exact).max() > 0.9  # cut after every axis


def test_channel_axis_is_every_other_axis():
    a = np.random.default_rng(4).random((20, 30, 3), np.float32)
    np.testing.assert_array_equal(gaussfilt.gaussian(a, 2.0, channel_axis=-1), gaussfilt.gaussian(a, (2.0, 2.0, 0.0)))
    middle = gaussfilt.gaussian(a, (2.0, 1.0), channel_axis=1)
    np.testing.assert_array_equal(middle, gaussfilt.gaussian(a, (2.0, 0.0, 1.0)))


def test_options_reach_the_core():
    a = np.random.default_rng(5).random((31, 33))
    np.testing.assert_array_equal(gaussfilt.gaussian(a, 1.0, axes=0), gaussfilt.gaussian(a, (1.0, 0.0)))
    np.testing.assert_array_equal(gaussfilt.gaussian(a, 1.0, radius=4), gaussfilt.gaussian(a, 1.0, truncate=4.0))
    for other in ({"order": 1}, {"border": "wrap"}, {"border": "constant", "cval": 3.0}, {"truncate": 2.0},
                  {"radius": (1, 2)}, {"taps": "discrete"}, {"taps": "integrated"}):  # fmt: skip
        assert not np.array_equal(gaussfilt.gaussian(a, 1.0, **other), gaussfilt.gaussian(a, 1.0)), other
    np.testing.assert_array_equal(gaussfilt.gaussian(a, 1.0, border=["grid-mirror", "reflect_101"]),
                                  gaussfilt.gaussian(a, 1.0, border=("reflect", "mirror")))  # fmt: skip


def test_tolerance_is_held():
    a = np.random.default_rng(6).random((64, 80))
    ideal = gaussfilt.gaussian(a, 3.0, truncate=float("inf"), tolerance=1e-14)
    for tolerance in (1e-2, 1e-4, 1e-6):
        off = np.abs(gaussfilt.gaussian(a, 3.0, tolerance=tolerance) - ideal).max()
        assert off <= tolerance
    assert np.abs(gaussfilt.gaussian(a, 3.0, tolerance=1e-2) - ideal).max() > 1e-6


def test_method_insists():
    a = np.random.default_rng(8).integers(0, 256, (96, 128)).astype(np.uint8)
    tolerance = 1 / 8 / 255
    results = {}
    for method in ("separable", "integer", "multirate"):
        plan = gaussfilt.plan(a.shape, a.dtype, 5.0, tolerance=tolerance, method=method)
        assert plan.method == method and plan.error_bound <= tolerance
        results[method] = gaussfilt.gaussian(a, 5.0, tolerance=tolerance, method=method)
        assert results[method].tobytes() == plan(a).tobytes()
    assert len({result.tobytes() for result in results.values()}) > 1
    free = gaussfilt.plan(a.shape, a.dtype, 5.0, tolerance=tolerance)
    assert free(a).tobytes() == results[free.method].tobytes()
    assert gaussfilt.gaussian(a, 5.0, tolerance=tolerance, method=None).tobytes() == results[free.method].tobytes()
    box = [(0, 0, 128, 96)]
    for method, result in results.items():
        region = gaussfilt.gaussian_regions(a, 5.0, box, tolerance=tolerance, method=method)
        assert region.tobytes() == result.tobytes(), method


def test_calls_that_differ_in_one_option_get_plans_of_their_own():
    a = np.random.default_rng(7).random((24, 24))
    variants = [{}, {"order": (0, 1)}, {"order": (1, 0)}, {"border": "wrap"}, {"border": ("wrap", "reflect")},
                {"border": "constant"}, {"border": "constant", "cval": 1.0}, {"truncate": 3.0}, {"radius": 3},
                {"radius": (3, 2)}, {"taps": "discrete"}, {"tolerance": 1e-3}, {"truncate": 4.0, "tolerance": 1e-3},
                {"axes": 0}, {"axes": 1}, {"axes": (1, 0)}]  # fmt: skip
    first = [gaussfilt.gaussian(a, 1.5, **options) for options in variants]
    again = [gaussfilt.gaussian(a, 1.5, **options) for options in reversed(variants)][::-1]
    plans = [gaussfilt.plan(a.shape, a.dtype, 1.5, **options)(a) for options in variants]
    for options, one, two, three in zip(variants, first, again, plans, strict=True):
        assert one.tobytes() == two.tobytes() == three.tobytes(), options


@hypothesis.settings(max_examples=60)
@hypothesis.given(data=st.data(), shape=arrays.array_shapes(min_dims=1, max_dims=3, max_side=40),
                  border=st.sampled_from(BORDERS), sigma=st.floats(0.4, 8))  # fmt: skip
def test_regions_have_the_bytes_of_the_whole(data, shape, border, sigma):
    a = np.random.default_rng(8).random(shape, np.float32)
    plan = gaussfilt.plan(shape, a.dtype, sigma, border=border)
    whole = plan(a)
    origin = tuple(data.draw(st.integers(0, n - 1)) for n in shape)
    extent = tuple(data.draw(st.integers(1, n - at)) for n, at in zip(shape, origin, strict=True))
    at, size = plan.source_window(origin, extent)
    source = a[tuple(slice(i, i + n) for i, n in zip(at, size, strict=True))]
    part = plan.run_region(source, at, np.empty(extent, np.float32), origin)
    np.testing.assert_array_equal(part, whole[tuple(slice(i, i + n) for i, n in zip(origin, extent, strict=True))])


def test_plan_says_what_it_is():
    plan = gaussfilt.plan((480, 640), np.uint8, (2.0, 3.0), out_dtype="float32")
    assert (plan.shape, plan.dtype, plan.out_dtype, plan.working_dtype) == ((480, 640), "uint8", "float32", "float32")
    assert (plan.method, plan.halo, plan.approximation_bound) == ("separable", (8, 12), 0.0)
    assert 0 < plan.rounding_bound == plan.error_bound < 1e-6 and plan.scratch_bytes > 0
    assert "sigma 2" in plan.explain() and json.loads(plan.explain_json())
    assert repr(plan) == "<gaussfilt.Plan: gaussian of 480 x 640 u8 into f32>"


def test_plan_refuses_what_does_not_fit():
    plan = gaussfilt.plan((8, 8), np.float32, 1.0)
    with pytest.raises(ValueError, match="shape"):
        plan(np.zeros((8, 9), np.float32))
    with pytest.raises(ValueError, match="f64"):
        plan(np.zeros((8, 8)))
    with pytest.raises(ValueError, match="source_window"):
        plan.run_region(np.zeros((2, 8), np.float32), (0, 0), np.zeros((2, 8), np.float32), (0, 0))


def test_separable_works_in_the_precision_asked_for():
    a = np.random.default_rng(8).integers(0, 256, (40, 50), np.uint8)
    taps = [[0.3, 0.5, 0.1 / 255]]
    expected = gaussfilt.separable(a, taps, dtype=np.float64)
    for precision in (np.float32, "f4"):
        narrow = gaussfilt.separable(a, taps, dtype=np.float64, precision=precision)
        assert 1e-8 < abs(narrow - expected).max() < 255e-6
    assert (gaussfilt.separable(a, taps, dtype=np.float64, precision=np.float64) == expected).all()
    with pytest.raises(ValueError, match="precision: is f32, must be automatic or f64 for f64 input"):
        gaussfilt.separable(expected, taps, precision=np.float32)
    with pytest.raises(ValueError, match="precision: is uint8, must be float32, float64 or None"):
        gaussfilt.separable(a, taps, precision=np.uint8)


def test_separable_is_correlation():
    a = np.random.default_rng(9).random((12, 15))
    taps = [0.5, -1.0, 2.0, 0.25]
    expected = scipy.ndimage.correlate1d(a, taps, axis=1, mode="mirror")
    np.testing.assert_allclose(gaussfilt.separable(a, [taps], axes=1, border="mirror"), expected, rtol=1e-14)
    shifted = scipy.ndimage.correlate1d(a, taps, axis=0, origin=-2)
    np.testing.assert_allclose(gaussfilt.separable(a, [taps], axes=0, centres=0), shifted, rtol=1e-14)
