"""Regions of arrays, each against its definition in NumPy and SciPy."""

import gaussfilt
import numpy as np
import pytest
import scipy.ndimage

RNG = np.random.default_rng(11)
H, W = 34, 45
DTYPES = ["bool", "u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8", "f2", "f4", "f8"]
SHAPES = [(5, 4, 17, 12), {"ellipse": (12, 6, 23, 20)}, {"polygon": [(3, 2), (40, 9), (31.5, 30), (8, 25)]},
          {"mask": np.pad(RNG.random((9, 12)), ((10, H - 19), (20, W - 32)))}]  # fmt: skip


def noise(dtype, *shape):
    if dtype == "bool":
        return RNG.random(shape) < 0.4
    if dtype[0] == "f":
        return RNG.random(shape).astype(dtype)
    info = np.iinfo(dtype)
    return RNG.integers(info.min, info.max, shape, dtype, endpoint=True)


def scipys(a, sigma):
    return scipy.ndimage.gaussian_filter(np.asarray(a, float), sigma, axes=(0, 1))


def supersampled(inside, count=64):
    """The share of each pixel where inside(x, y) holds."""
    steps = (np.arange(count) + 0.5) / count
    x, y = np.arange(W)[:, None] + steps, np.arange(H)[:, None] + steps
    return inside(x.ravel()[None, :], y.ravel()[:, None]).reshape(H, count, W, count).mean((1, 3))


def test_weights_are_areas():
    box = gaussfilt.region_weights(SHAPES[0], (H, W))
    assert box.dtype == np.float32 and (box[4:16, 5:22] == 1).all() and box.sum() == 17 * 12
    ellipse = supersampled(lambda x, y: ((x - 23.5) / 11.5) ** 2 + ((y - 16) / 10) ** 2 < 1)
    np.testing.assert_allclose(gaussfilt.region_weights(SHAPES[1], (H, W)), ellipse, atol=2e-3)
    corners = SHAPES[2]["polygon"]

    def polygon(x, y):
        inside = np.zeros((y.size, x.size), bool)
        for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1]):
            crosses = (ay > y) != (by > y)
            inside ^= crosses & (x < ax + (y - ay) * (bx - ax) / (by - ay))
        return inside

    np.testing.assert_allclose(gaussfilt.region_weights(SHAPES[2], (H, W)), supersampled(polygon), atol=5e-3)
    np.testing.assert_array_equal(gaussfilt.region_weights(SHAPES[3], (H, W)), SHAPES[3]["mask"].astype("f4"))


def test_feather_is_the_smooth_step_of_the_distance():
    weights = gaussfilt.region_weights(SHAPES[0], (H, W), feather=7.5)
    distance = scipy.ndimage.distance_transform_edt(gaussfilt.region_weights(SHAPES[0], (H, W)) < 0.5)
    t = np.clip(1 - distance / 7.5, 0, 1)
    np.testing.assert_allclose(weights, t * t * (3 - 2 * t), atol=1e-6)


@pytest.mark.parametrize("shape", SHAPES, ids=["box", "ellipse", "polygon", "mask"])
@pytest.mark.parametrize("dtype", DTYPES)
def test_context(dtype, shape):
    a = noise(dtype, H, W, 2)
    got = gaussfilt.gaussian_regions(a, (1.5, 2.5), [shape], feather=3)
    weights = gaussfilt.region_weights(shape, (H, W), feather=3)
    assert got.dtype == a.dtype and (weights == 0).any() and (weights > 0.9).any()
    np.testing.assert_array_equal(got[weights == 0], a[weights == 0])
    whole = gaussfilt.gaussian(a, (1.5, 2.5), channel_axis=-1)
    np.testing.assert_array_equal(got[weights == 1], whole[weights == 1])
    blurred, original, weights = scipys(a, (1.5, 2.5)), a.astype(float), weights[..., None].astype(float)
    expected = weights * blurred + (1 - weights) * original
    if a.dtype.kind == "f":
        np.testing.assert_allclose(got, expected, rtol=0, atol={"f2": 1e-3, "f4": 1e-6, "f8": 1e-13}[dtype])
    else:  # 8 bits are rounded once, others where they are blurred, too
        close = 0.501 if a.dtype.itemsize == 1 else 1.01 + 1e-15 * float(np.abs(original).max())
        assert np.abs(got.astype(float) - expected).max() <= close


@pytest.mark.parametrize("dtype", ["u1", "u2", "i8", "f4"])
def test_crop(dtype):
    a = noise(dtype, H, W)
    got = gaussfilt.gaussian_regions(a, 2, [(5, 4, 17, 12), (15, 10, 20, 20)], source="crop", border="mirror")
    expected = a.copy()
    for x, y, w, h in ((5, 4, 17, 12), (15, 10, 20, 20)):
        expected[y:y + h, x:x + w] = gaussfilt.gaussian(expected[y:y + h, x:x + w], 2, border="mirror")
    np.testing.assert_array_equal(got, expected)


@pytest.mark.parametrize("shape", SHAPES, ids=["box", "ellipse", "polygon", "mask"])
@pytest.mark.parametrize("dtype", ["u1", "u2", "i8", "f4", "f8"])
def test_masked(dtype, shape):
    a = noise(dtype, H, W)
    got = gaussfilt.gaussian_regions(a, 2.0, [shape], source="masked")
    share = gaussfilt.region_weights(shape, (H, W)).astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        inside = scipys(a.astype(float) * share, 2.0) / scipys(share, 2.0)
    expected = np.where(share > 0, share * inside + (1 - share) * a, a.astype(float))
    np.testing.assert_array_equal(got[share == 0], a[share == 0])
    close = 1e-5 if a.dtype.kind == "f" else 0.51 + 1e-14 * float(np.abs(expected).max())
    np.testing.assert_allclose(got.astype(float), expected, rtol=0, atol=close)


def test_a_nan_outside_stays_outside():
    a = np.full((H, W), np.nan)
    a[4:16, 5:22] = 3
    got = gaussfilt.gaussian_regions(a, 2.0, [(5, 4, 17, 12)], source="masked")
    assert np.allclose(got[4:16, 5:22], 3) and np.isnan(got).sum() == H * W - 12 * 17


def test_invert_and_overlap():
    a = noise("u1", H, W, 3)
    whole = gaussfilt.gaussian(a, 3, channel_axis=-1)
    got = gaussfilt.gaussian_regions(a, 3, [(5, 4, 17, 12), (15, 10, 20, 20)], invert=True)
    inside = np.zeros((H, W), bool)
    inside[4:16, 5:22] = inside[10:30, 15:35] = True
    np.testing.assert_array_equal(got, np.where(inside[..., None], a, whole))
    # Of those that overlap the last one holds, and each sees the array as it was.
    regions = [(0, 0, W, H), (5, 4, 17, 12, 1.5), {"box": (15, 10, 20, 20), "sigma": [4, 1]}]
    got = gaussfilt.gaussian_regions(a, 3, regions)
    expected = whole.copy()
    expected[4:16, 5:22] = gaussfilt.gaussian(a, 1.5, channel_axis=-1)[4:16, 5:22]
    expected[10:30, 15:35] = gaussfilt.gaussian(a, (1, 4), channel_axis=-1)[10:30, 15:35]
    np.testing.assert_array_equal(got, expected)


def test_ways_to_say_the_same():
    a = noise("f4", H, W)
    mask = np.zeros((H, W), bool)
    mask[4:16, 5:22] = True
    expected = gaussfilt.gaussian_regions(a, 2, [(5, 4, 17, 12)])
    for regions in (mask, [mask], [{"mask": mask}], [{"mask": mask.astype(float)}], np.array([[5, 4, 17, 12]]),
                    np.array([[5.2, 4.9, 16.5, 11.0]]), ((5, 4, 17, 12),), [[5, 4, 17, 12]], iter([(5, 4, 17, 12)]),
                    [np.array([5, 4, 17, 12])], [{"box": np.array([5, 4, 17, 12])}], mask[::-1][::-1],
                    [{"polygon": np.array([[5, 4], [22, 4], [22, 16], [5, 16]])}], [(5, 4, 17, 12, 2.0)]):
        np.testing.assert_array_equal(gaussfilt.gaussian_regions(a, 2, regions), expected)
    for nothing in ([], (), np.zeros((0, 4), int)):
        np.testing.assert_array_equal(gaussfilt.gaussian_regions(a, 2, nothing), a)
        np.testing.assert_array_equal(gaussfilt.gaussian_regions(a, 2, nothing, invert=True), gaussfilt.gaussian(a, 2))


def test_axes_out_threads_and_other_libraries():
    stack = noise("u1", 3, H, W)
    regions, options = [SHAPES[1], (0, 0, 20, 30)], {"feather": 2, "tolerance": 1e-4}
    each = np.stack([gaussfilt.gaussian_regions(plane, (1, 2), regions, **options) for plane in stack])
    for threads in (1, 2):
        got = gaussfilt.gaussian_regions(stack, (1, 2), regions, axes=(1, 2), threads=threads, **options)
        np.testing.assert_array_equal(got, each)
    turned, expected = np.moveaxis(stack, 0, -1), np.moveaxis(each, 0, -1)
    np.testing.assert_array_equal(gaussfilt.gaussian_regions(turned, (1, 2), regions, **options), expected)
    out = np.zeros_like(turned)[::-1]
    assert gaussfilt.gaussian_regions(turned, (1, 2), regions, out=out, **options) is out
    np.testing.assert_array_equal(out, expected)
    gaussfilt.gaussian_regions(turned, (1, 2), regions, out=turned, **options)
    np.testing.assert_array_equal(stack, each)
    plain = gaussfilt.gaussian_regions(memoryview(each[0].copy()), 2, [(1, 2, 3, 4)])
    assert isinstance(plain, gaussfilt.Array)
    np.testing.assert_array_equal(plain, gaussfilt.gaussian_regions(each[0], 2, [(1, 2, 3, 4)]))


def test_progress_and_what_it_raises():
    a, seen = noise("f4", 200, 300), []
    gaussfilt.gaussian_regions(a, 3, [SHAPES[0], (50, 50, 100, 90)], progress=seen.append)
    assert seen == sorted(seen) and seen[-1] == 1

    def fail(share):
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        gaussfilt.gaussian_regions(a, 3, [SHAPES[0]], progress=fail)


@pytest.mark.parametrize(("regions", "options", "error", "sentence"), [
    ([(1, 2, 3)], {}, ValueError, "regions[0]: is (1, 2, 3), must be (x, y, width, height)"),
    ((1, 2, 3, 4), {}, ValueError, "regions[0]: is 1, must be (x, y, width, height)"),
    ([(1, 2, 3, 0)], {}, ValueError, "regions[0]: is (1, 2, 3, 0), must be (x, y, width, height) within 1e9"),
    ([(1, 2, float("nan"), 4)], {}, ValueError, "regions[0]: is (1, 2, nan, 4)"),
    ([(1, 2, 3, "x")], {}, TypeError, "regions[0]: is 'x', must be a number"),
    ([(99, 2, 3, 4)], {}, ValueError, "region: 99,2,3,4 lies outside the picture, which is 45 x 34 pixels."),
    ("1,2,3,4", {}, ValueError, "regions: is '1,2,3,4', must be a list"),
    (["1,2,3,4"], {}, ValueError, "regions[0]: is '1,2,3,4', must be (x, y"),
    (None, {}, ValueError, "regions: is None, must be a list"),
    ({"box": (1, 2, 3, 4)}, {}, ValueError, "must be a list of regions"),
    ([{"bx": (1, 2, 3, 4)}], {}, ValueError, "regions[0]: has the member 'bx', must have one of box, ellipse"),
    ([{"sigma": 3}], {}, ValueError, "regions[0]: is {'sigma': 3}, must be a shape: box"),
    ([{"box": (1, 2, 3, 4), "ellipse": (1, 2, 3, 4)}], {}, ValueError, "must be one shape"),
    ([{"box": 3}], {}, ValueError, "regions[0]['box']: is 3, must be (x, y, width, height)"),
    ([{"polygon": [(1, 2), (3, 4)]}], {}, ValueError, "region: the polygon has 2 corners, must have 3 to 10000."),
    ([{"polygon": [(1, 2), (3, 4), 5]}], {}, ValueError, "regions[0]['polygon'][2]: is 5, must be a corner (x, y)"),
    ([{"box": (1, 2, 3, 4), "sigma": 0}], {}, ValueError, "region: sigma is 0, must be > 0"),
    ([{"box": (1, 2, 3, 4), "sigma": (1, 2, 3)}], {}, ValueError, "region: sigma has 3 values"),
    ([{"mask": np.zeros((H, W), "u1")}], {}, TypeError, "mask: is u8, must be bool, f32 or f64"),
    ([{"mask": np.full((H, W), 1.5)}], {}, ValueError, "mask: the weight in column 0, row 0 is 1.5, must be"),
    (np.zeros((H, W - 1), bool), {}, ValueError, "region: the mask is 44 x 34 pixels, must be 45 x 34"),
    ([(1, 2, 3, 4)], {"source": "content"}, ValueError, "source: is 'content', must be context, crop or masked."),
    ([(1, 2, 3, 4)], {"feather": -1}, ValueError, "feather: is -1"),
    ([(1, 2, 3, 4)], {"feather": 9, "source": "masked"}, ValueError, "feather: is 9, must be at most 6"),
    ([(1, 2, 3, 4, 5)], {"invert": True}, ValueError, "region: has a sigma of its own"),
    ([(1, 2, 3, 4)], {"axes": 0}, ValueError, "axes: there are 1, must be the two"),
    ([(1, 2, 3, 4)], {"out": np.zeros((H, W))}, ValueError, "out: is f64, must be f32"),
    ([(0, 0, 1, 1)] * 10001, {}, ValueError, "regions: there are 10001, must be at most 10000"),
])
def test_bad_arguments(regions, options, error, sentence):
    with pytest.raises(error) as raised:
        gaussfilt.gaussian_regions(np.zeros((H, W), "f4"), 2.0, regions, **options)
    assert sentence in str(raised.value)


def test_complex_and_lines_are_refused():
    with pytest.raises(TypeError, match="in: is c64, must be real"):
        gaussfilt.gaussian_regions(np.zeros((3, 3), "c8"), 1, [(0, 0, 1, 1)])
    with pytest.raises(ValueError, match="in: has rank 1, must have two axes"):
        gaussfilt.gaussian_regions(np.zeros(3), 1, [])
