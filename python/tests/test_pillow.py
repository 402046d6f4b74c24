"""gaussfilt.pillow: Pillow's own numbers bit for bit, and the true filters against SciPy in float64, in every mode."""

import doctest
import io

import numpy as np
import pytest
from gaussfilt import _pillow_memory as memory
from gaussfilt import pillow as ours
from hypothesis import given
from hypothesis import strategies as st

Image = pytest.importorskip("PIL.Image")
theirs = pytest.importorskip("PIL.ImageFilter")
ndimage = pytest.importorskip("scipy.ndimage")

MODES = [
    "1", "L", "LA", "La", "P", "PA", "RGB", "RGBX", "RGBA", "RGBa", "CMYK", "YCbCr", "LAB", "HSV", "I", "F",
    "I;16", "I;16L", "I;16B", "I;16N",
]  # fmt: skip
PILLOW_MODES = [
    "L", "LA", "La", "RGB", "RGBX", "RGBA", "RGBa", "CMYK",
]  # fmt: skip
KERNEL_MODES = [mode for mode in MODES if mode not in ("P", "F")]
OPAQUE = [
    "L", "La", "RGB", "RGBX", "RGBa", "CMYK", "YCbCr", "LAB", "I", "F", "I;16", "I;16L", "I;16B", "I;16N",
]  # fmt: skip
BANDS = dict.fromkeys(["LA", "La", "PA"], [0, 3]) | dict.fromkeys(["RGB", "YCbCr", "LAB", "HSV"], [0, 1, 2])


def make(mode, size, seed=0):
    """Noise over the whole range of the mode; a quarter of the alphas is 0, a quarter 255."""
    rng = np.random.default_rng(seed)
    image = Image.new(mode, size)
    if mode == "P":
        image.putpalette(rng.integers(0, 256, 768, dtype=np.uint8).tobytes())
    pixels = memory.pixels(image.im)
    if mode == "1":
        pixels[...] = rng.integers(0, 2, pixels.shape) * 255
    elif mode == "F":
        pixels[...] = rng.standard_normal(pixels.shape) * 100
    else:
        limits = np.iinfo(pixels.dtype)
        pixels[...] = rng.integers(limits.min, limits.max, pixels.shape, endpoint=True)
    if pixels.ndim == 3 and mode in ("LA", "La", "PA", "RGBA", "RGBa"):
        pixels[..., 3] = np.choose(rng.integers(0, 4, pixels.shape[:2]), [0, 255, pixels[..., 3], pixels[..., 3]])
    if mode in ("La", "RGBa"):
        pixels[..., :3] = np.minimum(pixels[..., :3], pixels[..., 3:])
    if mode in ("LA", "La", "PA"):
        pixels[..., 1] = pixels[..., 2] = pixels[..., 0]
    if mode in ("RGB", "YCbCr", "LAB", "HSV"):
        pixels[..., 3] = 255
    return image


def visible(image):
    """The bands that count, as an array of their own."""
    pixels = memory.pixels(image.im)
    return pixels[..., BANDS.get(image.mode, slice(None))].copy() if pixels.ndim == 3 else pixels.copy()


def apart(error):
    return float(np.abs(error).max(initial=0))


# Pillow's numbers

RADII = st.one_of(st.floats(0, 20), st.sampled_from([0.1, 1, 2, 50, 1234.5, 1e5, 2e9]))
SIZES = st.tuples(st.integers(1, 40), st.integers(1, 40))


@given(mode=st.sampled_from(PILLOW_MODES), size=SIZES, x=RADII, y=RADII, seed=st.integers(0, 99))
def test_blurs_like_pillow(mode, size, x, y, seed):
    image = make(mode, size, seed)
    for name in ("GaussianBlur", "BoxBlur"):
        expected = visible(image.filter(getattr(theirs, name)((x, y))))
        result = image.filter(getattr(ours, name)((x, y), like="pillow"))
        assert result.mode == mode
        np.testing.assert_array_equal(visible(result), expected, err_msg=name)


@given(
    mode=st.sampled_from(PILLOW_MODES),
    size=SIZES,
    radius=st.floats(-3, 12),
    percent=st.integers(-200, 400),
    threshold=st.integers(-1, 60),
)
def test_unsharp_like_pillow(mode, size, radius, percent, threshold):
    image = make(mode, size)
    expected = image.filter(theirs.UnsharpMask(radius, percent, threshold))
    result = image.filter(ours.UnsharpMask(radius, percent, threshold, like="pillow"))
    np.testing.assert_array_equal(visible(result), visible(expected))


@given(
    mode=st.sampled_from(KERNEL_MODES),
    size=st.tuples(st.integers(1, 12), st.integers(1, 12)),
    side=st.sampled_from([3, 5]),
    whole=st.booleans(),
    scale=st.sampled_from([None, 1, 7.5, -3]),
    offset=st.sampled_from([0, 3.3, -20, 1000]),
    seed=st.integers(0, 99),
)
def test_kernel_like_pillow(mode, size, side, whole, scale, offset, seed):
    rng = np.random.default_rng(seed)
    weights = rng.integers(-5, 12, side * side) if whole else rng.standard_normal(side * side)
    weights = [float(weight) for weight in weights]
    if scale is None and sum(weights) == 0:
        scale = 1
    image = make(mode, size, seed)
    expected = image.filter(theirs.Kernel((side, side), weights, scale, offset))
    result = image.filter(ours.Kernel((side, side), weights, scale, offset, like="pillow"))
    assert result.mode == mode
    np.testing.assert_array_equal(visible(result), visible(expected))


@pytest.mark.parametrize("mode", MODES)
def test_like_pillow_refuses_what_pillow_refuses(mode):
    image = make(mode, (9, 7))
    cases = {"GaussianBlur": (2,), "BoxBlur": (2,), "UnsharpMask": (2,), "Kernel": ((3, 3), [1] * 9)}
    for name, args in cases.items():
        try:
            image.filter(getattr(theirs, name)(*args))
        except ValueError:
            with pytest.raises(ValueError, match="mode"):
                image.filter(getattr(ours, name)(*args, like="pillow"))
        else:
            image.filter(getattr(ours, name)(*args, like="pillow"))


# The true filters


def true_gaussian(values, x, y):
    """Ideal to float64: cut at 10 sigma."""
    values = values.astype(float)
    return ndimage.gaussian_filter(values, (y, x), axes=(0, 1), mode="nearest", truncate=10)


def straight_truth(image, x, y):
    """Colours and alpha of a picture with straight alpha, filtered premultiplied, in levels."""
    pixels = visible(image).astype(float)
    colours = true_gaussian(pixels[..., :-1] * pixels[..., -1:] / 255, x, y)
    alpha = true_gaussian(pixels[..., -1], x, y)
    with np.errstate(invalid="ignore", divide="ignore"):
        return colours * 255 / alpha[..., None], alpha


@pytest.mark.parametrize("radius", [0.4, 1.0, (3.0, 0.7), (0, 2.5), 11.0])
@pytest.mark.parametrize("mode", OPAQUE)
def test_gaussian_is_the_true_one(mode, radius):
    image = make(mode, (43, 31))
    x, y = radius if isinstance(radius, tuple) else (radius, radius)
    result = image.filter(ours.GaussianBlur(radius))
    assert result.mode == mode and result.size == image.size
    error = apart(visible(result) - true_gaussian(visible(image), x, y))
    assert error <= (1e-5 * apart(visible(image)) if mode == "F" else 0.5 + 1 / 8)


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
@pytest.mark.parametrize("radius", [0.5, 2.0, (4.0, 1.0)])
def test_straight_alpha_is_filtered_premultiplied(mode, radius):
    image = make(mode, (43, 31))
    x, y = radius if isinstance(radius, tuple) else (radius, radius)
    result = visible(image.filter(ours.GaussianBlur(radius)))
    colours, alpha = straight_truth(image, x, y)
    assert apart(result[..., -1] - alpha) <= 0.5 + 1 / 8
    shown = alpha >= 1
    assert apart((result[..., :-1] - colours)[shown]) <= 0.5 + 1 / 4
    assert not result[..., :-1][alpha < 0.25].any()


@pytest.mark.parametrize("mode", ["LA", "RGBA", "PA"])
@pytest.mark.parametrize(
    "make_filter",
    [
        lambda: ours.GaussianBlur(2),
        lambda: ours.BoxBlur(2.5),
        lambda: ours.UnsharpMask(2),
        lambda: ours.Kernel((3, 3), [1] * 9),
        lambda: ours.Kernel((3, 3), [-1, -1, -1, -1, 9, -1, -1, -1, -1], offset=10),
    ],
)
def test_hidden_colours_stay_hidden(mode, make_filter):
    image = make(mode, (40, 30), 1)
    other = make(mode, (40, 30), 2)
    here, there = memory.pixels(image.im), memory.pixels(other.im)
    there[..., 3] = here[..., 3]
    seen = here[..., 3] > 0
    there[seen] = here[seen]
    assert not np.array_equal(here, there)
    a, b = image.filter(make_filter()), other.filter(make_filter())
    result, expected = visible(a), visible(b)
    shown = result[..., -1] > 0
    np.testing.assert_array_equal(result[shown], expected[shown])


def test_one_colour_stays_that_colour():
    image = make("RGBA", (50, 40))
    memory.pixels(image.im)[..., :3] = (200, 10, 77)
    result = visible(image.filter(ours.GaussianBlur(3)))
    shown = result[..., 3] > 0
    assert shown.any() and apart(result[shown][:, :3].astype(int) - (200, 10, 77)) <= 1


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_opaque_is_filtered_as_without_alpha(mode):
    plain = make(mode[:-1], (40, 30))
    image = plain.copy()
    image.putalpha(255)
    for make_filter in (lambda: ours.GaussianBlur(2), lambda: ours.BoxBlur(1), lambda: ours.UnsharpMask(1)):
        result = image.filter(make_filter())
        assert result.getchannel("A").getextrema() == (255, 255)
        assert result.convert(mode[:-1]) == plain.filter(make_filter())


def true_box(values, x, y):
    for axis, radius in ((0, y), (1, x)):
        whole = int(radius)
        taps = np.array([radius - whole] + [1.0] * (2 * whole + 1) + [radius - whole]) / (2 * radius + 1)
        values = ndimage.correlate1d(values.astype(float), taps, axis, mode="nearest")
    return values


@pytest.mark.parametrize("radius", [0.3, 1, (2.5, 0), (0, 7), 30.25])
@pytest.mark.parametrize("mode", OPAQUE)
def test_box_is_the_true_one(mode, radius):
    image = make(mode, (23, 31))
    x, y = radius if isinstance(radius, tuple) else (radius, radius)
    error = apart(visible(image.filter(ours.BoxBlur(radius))) - true_box(visible(image), x, y))
    assert error <= (1e-6 * apart(visible(image)) * 100 if mode == "F" else 0.5 + 0.03)


@pytest.mark.parametrize("threshold", [0, 3])
@pytest.mark.parametrize("mode", OPAQUE)
def test_unsharp_is_the_true_one(mode, threshold):
    image = make(mode, (23, 31))
    values = visible(image).astype(float)
    difference = values - true_gaussian(values, 2, 2)
    sharp = values + np.where(np.abs(difference) > threshold, difference * 1.5, 0)
    result = visible(image.filter(ours.UnsharpMask(2, 150, threshold)))
    if mode != "F":
        limits = np.iinfo(result.dtype)
        sharp = np.clip(sharp, limits.min, limits.max)
    near = np.abs(np.abs(difference) - threshold) < 0.5  # either side of the threshold is right
    error = apart((result - sharp)[~near])
    assert error <= (4e-5 * apart(values) if mode == "F" else 0.75)


@pytest.mark.parametrize("mode", OPAQUE)
def test_kernel_is_the_correlation_it_says(mode):
    image = make(mode, (13, 17))
    weights = np.random.default_rng(5).integers(-3, 9, (3, 7)).astype(float)
    values = visible(image).astype(float)
    table = weights if values.ndim == 2 else weights[..., None]
    expected = ndimage.correlate(values, table / weights.sum(), mode="nearest") + 5
    result = visible(image.filter(ours.Kernel((7, 3), weights.ravel().tolist(), offset=5)))
    if mode != "F":
        limits = np.iinfo(result.dtype)
        expected = np.clip(expected, limits.min, limits.max)
    assert apart(result - expected) <= (1e-4 * apart(values) if mode == "F" else 0.53)


# Modes

RESULTS = {"1": "L", "P": "RGB", "PA": "RGBA"}


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_has_a_result(mode):
    image = make(mode, (24, 20))
    before = image.tobytes()
    image.info["note"] = "kept"
    filters = [
        ours.GaussianBlur(2),
        ours.GaussianBlur,
        ours.BoxBlur(1.5),
        ours.UnsharpMask(1),
        ours.Kernel((3, 3), [1] * 9),
    ]
    for one in filters:
        result = image.filter(one)
        assert result.mode == RESULTS.get(mode, mode) and result.size == image.size
        assert result.info["note"] == "kept"
        result.load()
        result.copy().tobytes()
    assert image.tobytes() == before


@pytest.mark.parametrize(("mode", "same"), [("1", "L"), ("P", "RGB"), ("PA", "RGBA")])
def test_converted_modes_are_filtered_as_what_they_become(mode, same):
    image = make(mode, (24, 20))
    assert image.filter(ours.GaussianBlur(2)) == image.convert(same).filter(ours.GaussianBlur(2))


def test_hsv_is_filtered_as_rgb():
    image = make("HSV", (24, 20))
    assert image.filter(ours.GaussianBlur(2)) == image.convert("RGB").filter(ours.GaussianBlur(2)).convert("HSV")


@pytest.mark.parametrize("transparency", [3, bytes(range(0, 250, 10))])
def test_a_palettes_transparency_is_alpha(transparency):
    image = make("P", (24, 20))
    memory.pixels(image.im)[...] %= 8
    image.info["transparency"] = transparency
    file = io.BytesIO()
    image.save(file, "PNG")
    read = Image.open(file)
    result = read.filter(ours.GaussianBlur(2))
    assert result.mode == "RGBA"
    assert result.tobytes() == read.convert("RGBA").filter(ours.GaussianBlur(2)).tobytes()
    assert result.getchannel("A").getextrema()[0] < 255
    result.save(io.BytesIO(), "PNG")


@pytest.mark.parametrize("size", [(0, 5), (5, 0), (1, 1), (1, 9), (9, 1), (2, 2)])
@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "HSV", "I;16B", "F"])
def test_small_and_empty(mode, size):
    image = make(mode, size)
    for one in (ours.GaussianBlur(3), ours.BoxBlur(3), ours.UnsharpMask(3), ours.Kernel((5, 5), [1] * 25)):
        assert image.filter(one).size == size
    if mode in ("L", "LA", "RGB", "RGBA"):
        for one in (ours.GaussianBlur(3, like="pillow"), ours.BoxBlur(3, like="pillow")):
            assert image.filter(one).size == size


def test_memory_is_pillows_own():
    for mode in MODES:
        for size in ((7, 5), (8, 3), (1, 4)):
            image = make(mode, size)
            expected = np.asarray(image)
            pixels = memory.pixels(image.im)
            if mode == "1":
                np.testing.assert_array_equal(pixels > 0, expected)
            elif mode != "LAB":  # Pillow writes its signed bands in another way
                np.testing.assert_array_equal(visible(image), expected)


def test_rows_in_several_blocks():
    block = Image.core.get_block_size()
    image = make("RGB", (2500, block // (2500 * 4) + 300))
    with pytest.raises(ValueError, match="contiguous"):
        image.im.__arrow_c_array__()
    part = (1000, 1500, 1040, 1540)
    around = image.crop((950, 1450, 1090, 1590)).filter(ours.GaussianBlur(2)).crop((50, 50, 90, 90))
    assert image.filter(ours.GaussianBlur(2)).crop(part) == around
    assert ours.blur_region(image, part, 2).crop(part) == around


# Regions


@given(
    mode=st.sampled_from(MODES),
    box=st.tuples(st.integers(-5, 30), st.integers(-5, 30), st.integers(0, 40), st.integers(0, 40)),
    radius=st.one_of(st.floats(0, 8), st.tuples(st.floats(0, 4), st.floats(0, 4))),
)
def test_a_region_is_cut_from_the_whole(mode, box, radius):
    image = make(mode, (37, 29))
    before = image.tobytes()
    box = (box[0], box[1], box[0] + box[2], box[1] + box[3])
    result = ours.blur_region(image, box, radius)
    whole = image.filter(ours.GaussianBlur(radius))
    inside = (max(0, box[0]), max(0, box[1]), min(37, box[2]), min(29, box[3]))
    expected = image.convert(whole.mode) if image.mode != whole.mode else image.copy()
    if whole.mode == "L" and mode == "1" and radius in (0, (0, 0)):
        whole = whole.convert("L")
    if inside[0] < inside[2] and inside[1] < inside[3]:
        expected.im.paste(whole.im.crop(inside), inside)
    if radius not in (0, (0, 0)):
        assert result.mode == whole.mode
        np.testing.assert_array_equal(visible(result), visible(expected))
    assert image.tobytes() == before


def test_many_regions():
    image = make("RGB", (60, 50))
    boxes = [(0, 0, 10, 10), (5, 5, 30, 20), (40, 30, 60, 50)]
    result = ours.blur_region(image, boxes, 3)
    expected = image.copy()
    for box in boxes:
        expected.paste(image.filter(ours.GaussianBlur(3)).crop(box), box)
    assert result == expected
    assert ours.blur_region(image, [], 3) == image


# Bad input


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda i: i.filter(ours.GaussianBlur(-1)), ValueError, "radius"),
        (lambda i: i.filter(ours.GaussianBlur(float("nan"))), ValueError, "finite"),
        (lambda i: i.filter(ours.GaussianBlur(float("inf"), like="pillow")), ValueError, "finite"),
        (lambda i: i.filter(ours.GaussianBlur(1e10, like="pillow")), ValueError, "too large"),
        (lambda i: i.filter(ours.GaussianBlur((1, 2, 3))), TypeError, "two"),
        (lambda i: i.filter(ours.GaussianBlur("2")), TypeError, "number"),
        (lambda i: ours.GaussianBlur(2, like="opencv"), ValueError, "like"),
        (lambda i: ours.BoxBlur(-1), ValueError, "radius"),
        (lambda i: i.filter(ours.BoxBlur(1e6)), ValueError, "like"),
        (lambda i: ours.Kernel((3, 3), [1] * 8), ValueError, "kernel"),
        (lambda i: i.filter(ours.Kernel((2, 2), [1] * 4)), ValueError, "odd"),
        (lambda i: i.filter(ours.Kernel((3, 3), [0] * 9)), ValueError, "scale"),
        (lambda i: i.filter(ours.Kernel((7, 7), [1] * 49, like="pillow")), ValueError, "size"),
        (lambda i: i.filter(ours.UnsharpMask((1, 2), like="pillow")), TypeError, "radius"),
        (lambda i: ours.blur_region(i, (5, 5, 1, 1), 2), ValueError, "box"),
        (lambda i: ours.blur_region(i, (0, 0, 5, 5), -2), ValueError, "radius"),
    ],
)
def test_bad_input(call, error, words):
    with pytest.raises(error, match=words):
        call(Image.new("L", (9, 9)))


def test_examples():
    done = doctest.testmod(ours)
    assert done.attempted > 0 and done.failed == 0
