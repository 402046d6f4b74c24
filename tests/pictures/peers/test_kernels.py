"""Pictures under `gaussfilt convolve`: every named kernel against SciPy's sums in f64, on every depth and border, and
Pillow's presets against Pillow, bit for bit."""
import json

import numpy as np
import png
import pytest
import tiff
import tifffile
from PIL import Image, ImageFilter
from scipy import ndimage
from support import LEVELS, assert_close, noise, run, with_alpha

NAMES = ["gaussian(5, 1.2)", "gaussian3x3", "gaussian5x5", "box(5)", "box(4)", "motion(9, 30)", "sharpen3x3",
         "sharpen5x5", "emboss3x3", "emboss5x5", "edges", "laplacian"]
PRESETS = {"pillow-" + name.lower().replace("_", "-"): getattr(ImageFilter, name) for name in (
    "BLUR", "CONTOUR", "DETAIL", "EDGE_ENHANCE", "EDGE_ENHANCE_MORE", "EMBOSS", "FIND_EDGES", "SHARPEN", "SMOOTH",
    "SMOOTH_MORE")}
BORDERS = ["reflect", "mirror", "nearest", "wrap", "constant:40"]
DTYPES = [np.uint8, np.uint16, np.float32]


def write(file, levels):
    if file.suffix == ".png":
        file.write_bytes(png.encode(levels, 8 * levels.dtype.itemsize))
    else:
        tifffile.imwrite(file, levels, photometric="rgb" if levels.ndim == 3 else "minisblack", metadata=None)


def read(file):
    return png.decode(file.read_bytes()) if file.suffix == ".png" else tiff.pages(file)[0]


def convolved(folder, levels, *options):
    """The levels of what the program makes of a picture of `levels`."""
    extension = "tif" if levels.dtype.kind == "f" else "png"
    source, target = folder / f"in.{extension}", folder / f"out.{extension}"
    write(source, levels)
    done = run("convolve", source, target, *options)
    assert done.returncode == 0, done.stderr
    return read(target).reshape(levels.shape)


def named(kernel):
    return json.loads(run("kernel", kernel, "--format", "json").stdout)


def summed(levels, kernel, border="reflect", turn=True, anchor=None):
    """SciPy's sum in f64 of every band; `anchor`: row and column of the matrix as written."""
    mode, _, level = border.partition(":")
    kernel = np.asarray(kernel, np.float64)
    anchor = anchor or [size // 2 for size in kernel.shape]
    if turn:
        kernel, anchor = kernel[::-1, ::-1], [size - 1 - at for size, at in zip(kernel.shape, anchor)]
    origin = [at - size // 2 for at, size in zip(anchor, kernel.shape)]
    bands = levels.reshape(*levels.shape[:2], -1).astype(np.float64)
    return np.stack([ndimage.correlate(bands[..., band], kernel, mode=mode, cval=float(level or 0), origin=origin)
                     for band in range(bands.shape[-1])], axis=-1).reshape(levels.shape)


def rounded(values, dtype):
    if np.dtype(dtype).kind == "f":
        return values
    return np.clip(values, 0, np.iinfo(dtype).max)


def assert_rounded(result, values):
    """Within rounding: half a level, and what f32 sums are off; floats within 1e-5 of the largest."""
    if result.dtype.kind == "f":
        assert_close(result, values)
        return
    off = np.abs(result.astype(np.float64) - rounded(values, result.dtype)).max()
    assert off <= 0.5 + (0.001 if result.dtype == np.uint8 else 0.15), off


@pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: np.dtype(dtype).name)
@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("kernel", NAMES)
def test_every_kernel_is_the_sum_that_scipy_makes(kernel, border, dtype, tmp_path):
    levels = noise(23, 31, 3, dtype)
    about = named(kernel)
    border = border.replace("40", "0.25") if dtype == np.float32 else border
    result = convolved(tmp_path, levels, "--kernel", kernel, "--border", border)
    assert_rounded(result, about["factor"] * summed(levels, about["kernel"], border) + about["bias"])


@pytest.mark.parametrize("turn", ["--convolve", "--correlate"])
@pytest.mark.parametrize("anchor", [None, (0, 0), (3, 1), (1, 0)], ids=str)
def test_anchors_and_turns(turn, anchor, tmp_path):
    levels = noise(19, 27, 1)
    kernel = [[1, 0, -2, 3], [0.5, 4, 1, -1]]
    text = "; ".join(" ".join(map(str, row)) for row in kernel)
    words = ["--anchor", ",".join(map(str, anchor))] if anchor else []
    result = convolved(tmp_path, levels, "--kernel", text, turn, "--bias", "10", "--factor", "0.5", *words)
    expected = summed(levels, kernel, turn=turn == "--convolve", anchor=anchor and anchor[::-1])
    assert_rounded(result, 0.5 * expected + 10)


@pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: np.dtype(dtype).name)
def test_signed_results(dtype, tmp_path):
    levels = noise(19, 27, 3, dtype)
    white = LEVELS.get(np.dtype(dtype), 1.0)
    exact = summed(levels, [[0, 1, 0], [1, -4, 1], [0, 1, 0]])
    for how, expected in {"clip": exact, "abs": np.abs(exact), "mid": (exact + white) / 2}.items():
        assert_rounded(convolved(tmp_path, levels, "--kernel", "laplacian", "--signed", how), expected)


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA", "CMYK", "I;16"])
@pytest.mark.parametrize("preset", PRESETS)
def test_pillows_presets_are_pillows_bits(preset, mode, tmp_path):
    assert_pillows_bits(PRESETS[preset](), mode, tmp_path, "--kernel", preset)


@pytest.mark.parametrize("size", [3, 5])
@pytest.mark.parametrize("scale, offset", [(None, 0), (7, 12.25), (-3, 200), (0.3, -20)], ids=str)
def test_pillows_own_kernels_are_pillows_bits(size, scale, offset, tmp_path):
    weights = np.random.default_rng(size).normal(0.3, 1, (size, size)).round(3)
    text = "; ".join(" ".join(map(str, row)) for row in weights)
    words = ["--bias", offset, *(["--factor", repr(1 / scale)] if scale else [])]
    kernel = ImageFilter.Kernel((size, size), weights.ravel().tolist(), scale or float(sum(weights.ravel())), offset)
    assert_pillows_bits(kernel, "RGB", tmp_path, "--kernel", text, *words)


def assert_pillows_bits(kernel, mode, folder, *words):
    for height, width in ((22, 35), (5, 5), (3, 40), (2, 9)):
        dtype = np.uint16 if mode == "I;16" else np.uint8
        count = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4, "CMYK": 4, "I;16": 1}[mode]
        levels = noise(height, width, count, dtype)
        extension = "tif" if mode == "CMYK" else "png"
        source, target = folder / f"in.{extension}", folder / f"out.{extension}"
        picture = Image.fromarray(levels, mode) if mode != "I;16" else Image.fromarray(levels)
        picture.save(source)
        done = run("convolve", source, target, "--like", "pillow", *words)
        assert done.returncode == 0, done.stderr
        assert np.array_equal(np.asarray(Image.open(target)), np.asarray(picture.filter(kernel))), (height, width)


def test_smoothing_averages_alpha_and_weighs_colours_by_it(tmp_path):
    levels = with_alpha(noise(24, 30, 3))
    result = convolved(tmp_path, levels, "--kernel", "gaussian5x5")
    kernel = np.asarray(named("gaussian5x5")["kernel"]) / 256
    alpha = summed(levels[..., 3:], kernel)
    colours = summed(levels[..., :3] * (levels[..., 3:] / 255.0), kernel)
    assert np.abs(result[..., 3:] - alpha).max() <= 0.5
    shown = result[..., 3] > 0
    expected = np.clip(colours[shown] * 255 / alpha[shown], 0, 255)
    assert np.abs(result[shown][:, :3] - expected).max() <= 0.5001
    assert not result[~shown].any()


def test_sharpening_keeps_alpha_and_never_shows_what_is_hidden(tmp_path):
    levels = with_alpha(noise(24, 30, 3))
    other = levels.copy()
    other[levels[..., 3] == 0, :3] ^= 255
    results = [convolved(tmp_path, picture, "--kernel", "sharpen3x3") for picture in (levels, other)]
    assert np.array_equal(*results)
    assert np.array_equal(results[0][..., 3], levels[..., 3])
    weight = levels[..., 3:] / 255.0
    kernel = np.asarray(named("sharpen3x3")["kernel"])
    open_part = 1 - summed(weight, kernel)
    expected = np.clip(summed(levels[..., :3] * weight, kernel) + levels[..., :3] * open_part, 0, 255)
    shown = levels[..., 3] > 0
    assert np.abs(results[0][shown][:, :3] - expected[shown]).max() <= 0.5001


@pytest.mark.parametrize("threshold", [0, 12])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16], ids=lambda dtype: np.dtype(dtype).name)
def test_unsharp_is_the_picture_and_more_of_its_difference(threshold, dtype, tmp_path):
    levels = noise(40, 40, 3, dtype)
    result = convolved(tmp_path, levels, "--kernel", f"unsharp(2, 0.5, {threshold})")
    difference = levels - ndimage.gaussian_filter(levels.astype(float), 2, axes=(0, 1), truncate=40)
    limit = threshold * LEVELS[np.dtype(dtype)] / 255
    sharp = np.clip(levels + 0.5 * difference, 0, LEVELS[np.dtype(dtype)])
    clear = np.abs(np.abs(difference) - limit) > 0.2
    expected = np.where(np.abs(difference) > limit, sharp, levels)
    assert np.abs(result - expected)[clear].max() <= 0.6
    assert (result[clear & (np.abs(difference) < limit)] == levels[clear & (np.abs(difference) < limit)]).all()


@pytest.mark.parametrize("like", [[], ["--like", "pillow"]], ids=["own", "pillow"])
@pytest.mark.parametrize("source", ["context", "crop"])
def test_a_region_is_filtered_and_the_rest_stays(source, like, tmp_path):
    levels = noise(28, 36, 3)
    box = (slice(5, 17), slice(7, 23))
    result = convolved(tmp_path, levels, "--kernel", "sharpen5x5", "--region", "7,5,16,12", "--source", source, *like)
    whole = convolved(tmp_path, levels[box] if source == "crop" else levels, "--kernel", "sharpen5x5", *like)
    expected = levels.copy()
    expected[box] = whole if source == "crop" else whole[box]
    assert np.array_equal(result, expected)


@pytest.mark.parametrize("count", [3, 4])
def test_a_soft_region_mixes_filtered_and_original(count, tmp_path):
    levels = noise(40, 44, 3) if count == 3 else with_alpha(noise(40, 44, 3))
    words = ["--kernel", "box(5)", "--region", "ellipse:8,6,24,20", "--feather", "6"]
    result = convolved(tmp_path, levels, *words)
    whole = convolved(tmp_path, levels, "--kernel", "box(5)")
    y, x = np.mgrid[:40, :44] + 0.5
    radius = np.hypot((x - 20) / 12, (y - 16) / 10)
    assert np.array_equal(result[radius < 0.85], whole[radius < 0.85])
    far = np.hypot(x - 20, y - 16) > 12 + 6 + 2
    assert np.array_equal(result[far], levels[far])
    if count == 3:
        low, high = np.minimum(levels, whole), np.maximum(levels, whole)
        assert ((result >= low) & (result <= high)).all()
        assert ((result != levels) & (result != whole)).any()
    inverted = convolved(tmp_path, levels, *words[:4], "--invert")
    assert np.array_equal(inverted[radius < 0.85], levels[radius < 0.85])
    assert np.array_equal(inverted[radius > 1.2], whole[radius > 1.2])


def test_what_a_kernel_cannot_have_of_a_region_is_refused(tmp_path):
    source = tmp_path / "in.png"
    write(source, noise(20, 20, 3))
    for words, part in ((["--region", "1,1,5,5", "--source", "masked"], "source: is masked"),
                        (["--region", "1,1,5,5@sigma=2"], "region: has a sigma")):
        done = run("convolve", source, tmp_path / "out.png", "--kernel", "edges", *words)
        assert done.returncode == 1 and part in done.stderr, done.stderr
        assert not (tmp_path / "out.png").exists()
