"""Regions: outside not a bit changes, inside stands what the whole picture blurred has there (context), or what
Pillow's users get by cropping, blurring and pasting (crop)."""
import numpy as np
import png
import pytest
import tiff
import tifffile
from PIL import Image, ImageOps
from support import LEVELS, assert_close, blur, gaussian, noise, weighted, with_alpha

X, Y = slice(7, 23), slice(5, 17)  # of --region 7,5,16,12


def write(file, levels):
    if file.suffix == ".png":
        file.write_bytes(png.encode(levels, 8 * levels.dtype.itemsize))
        return
    count = levels.shape[-1] if levels.ndim == 3 else 1
    levels = levels[..., 0] if count == 1 else levels
    extra = {"extrasamples": ["unassalpha"]} if count in (2, 4) else {}
    tifffile.imwrite(file, levels, photometric="rgb" if count >= 3 else "minisblack", metadata=None, **extra)


def read(file):
    return png.decode(file.read_bytes()) if file.suffix == ".png" else tiff.pages(file)[0]


def picture(count, dtype):
    alpha = count in (2, 4)
    levels = noise(28, 36, count - 1 if alpha else count, dtype)
    return with_alpha(levels) if alpha else levels.reshape(28, 36, count)


def outside():
    mask = np.ones((28, 36), bool)
    mask[Y, X] = False
    return mask


KINDS = pytest.mark.parametrize("extension, count, dtype", [
    *((extension, count, dtype) for extension in ("png", "tif") for count in (1, 2, 3, 4)
      for dtype in (np.uint8, np.uint16)), ("tif", 1, np.float32), ("tif", 3, np.float32)],
    ids=lambda value: getattr(value, "__name__", str(value)))


@KINDS
@pytest.mark.parametrize("source", ["context", "crop"])
def test_outside_stays_and_inside_is_right(extension, count, dtype, source, tmp_path):
    levels = picture(count, dtype)
    file, target = tmp_path / f"in.{extension}", tmp_path / f"out.{extension}"
    write(file, levels)
    blur(file, target, "--region", "7,5,16,12", "--source", source, sigma=3)
    result = read(target)
    assert np.array_equal(result[outside()], levels[outside()])

    def filtered(values):
        return gaussian(values[Y, X], 3) if source == "crop" else gaussian(values, 3)[Y, X]
    alpha = count in (2, 4)
    expected = weighted(levels, LEVELS[np.dtype(dtype)], filtered) if alpha else filtered(levels)
    assert_close(result[Y, X], expected, alpha)


@KINDS
def test_context_has_the_bits_of_the_whole(extension, count, dtype, tmp_path):
    file = tmp_path / f"in.{extension}"
    write(file, picture(count, dtype))
    blur(file, tmp_path / f"whole.{extension}", sigma=4)
    blur(file, tmp_path / f"part.{extension}", "--region", "7,5,16,12", sigma=4)
    whole, part = (read(tmp_path / f"{name}.{extension}") for name in ("whole", "part"))
    assert np.array_equal(whole[Y, X], part[Y, X])


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_colours_under_alpha_0_are_kept_outside_and_never_seen_inside(dtype, tmp_path):
    levels = np.zeros((28, 36, 4), dtype)
    full = LEVELS[np.dtype(dtype)]
    levels[..., 0] = full  # red everywhere, hidden
    levels[10:14, 12:15] = [0, 0, full, full]  # but for a blue block
    write(tmp_path / "in.png", levels)
    blur(tmp_path / "in.png", tmp_path / "out.png", "--region", "7,5,16,12")
    result = read(tmp_path / "out.png")
    assert np.array_equal(result[outside()], levels[outside()])
    assert (result[Y, X, :2] == 0).all() and result[12, 13, 2] >= full - 1


@pytest.mark.parametrize("text, x, y", [("-5,-3,12,9", slice(0, 7), slice(0, 6)),
                                        ("30,20,100,100", slice(30, 36), slice(20, 28)),
                                        ("0,0,36,28", slice(0, 36), slice(0, 28)),
                                        ("35,27,1,1", slice(35, 36), slice(27, 28))])
@pytest.mark.parametrize("source", ["context", "crop"])
def test_a_region_is_clipped_to_the_picture(text, x, y, source, tmp_path):
    levels = picture(3, np.uint8)
    write(tmp_path / "in.png", levels)
    blur(tmp_path / "in.png", tmp_path / "out.png", f"--region={text}", "--source", source, sigma=2)
    expected = levels.astype(np.float64)
    expected[y, x] = gaussian(levels[y, x], 2) if source == "crop" else gaussian(levels, 2)[y, x]
    assert_close(read(tmp_path / "out.png"), expected)


def test_overlapping_regions(tmp_path):
    """Context: both from the picture as it was, so only the outline of both counts. Crop: one after the other."""
    levels = picture(3, np.uint8)
    write(tmp_path / "in.png", levels)
    first, second = (slice(5, 17), slice(7, 23)), (slice(10, 25), slice(15, 30))
    boxes = ["--region", "7,5,16,12", "--region", "15,10,15,15"]
    blur(tmp_path / "in.png", tmp_path / "context.png", *boxes, sigma=3)
    expected, whole = levels.astype(np.float64), gaussian(levels, 3)
    expected[first], expected[second] = whole[first], whole[second]
    assert_close(read(tmp_path / "context.png"), expected)
    blur(tmp_path / "in.png", tmp_path / "crop.png", *boxes, "--source", "crop", sigma=3)
    expected = levels.copy()
    for box in (first, second):
        expected[box] = np.rint(gaussian(expected[box], 3))
    assert_close(read(tmp_path / "crop.png"), expected, close=1.7)  # the first is rounded to be pasted


def test_regions_lie_on_what_is_displayed(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(picture(3, np.uint8)).save(tmp_path / "in.png", exif=exif)
    shown = np.asarray(ImageOps.exif_transpose(Image.open(tmp_path / "in.png")))
    assert shown.shape == (36, 28, 3)
    blur(tmp_path / "in.png", tmp_path / "out.png", "--region", "3,20,10,14", sigma=3)
    expected = shown.astype(np.float64)
    expected[20:34, 3:13] = gaussian(shown, 3)[20:34, 3:13]
    result = read(tmp_path / "out.png")
    assert_close(result, expected)
    assert np.array_equal(result[:20], shown[:20])
