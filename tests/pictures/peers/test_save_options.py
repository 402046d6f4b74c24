"""--quality, --compression and --depth do what they say, seen by Pillow and tifffile; each is refused where it makes
no sense."""
import kinds
import numpy as np
import png
import pytest
import tiff
import tifffile
from PIL import Image
from support import LEVELS, assert_close, bands, blur, gaussian, noise, refused, run, smooth
from test_light import srgb_from_light, srgb_to_light


@pytest.fixture
def source(tmp_path):
    Image.fromarray(smooth(60, 80, 3)).save(tmp_path / "in.png")
    return tmp_path / "in.png"


def quantisation(file):
    with Image.open(file) as opened:
        return {name: list(table) for name, table in opened.quantization.items()}


@pytest.mark.parametrize("quality", [1, 30, 75, 95, 100])
def test_the_quality_of_a_jpeg_is_libjpegs(quality, source, tmp_path):
    blur(source, tmp_path / "out.jpg", "--quality", quality)
    Image.open(source).save(tmp_path / "pillow.jpg", quality=quality)
    assert quantisation(tmp_path / "out.jpg") == quantisation(tmp_path / "pillow.jpg")


def test_a_jpeg_has_quality_95_by_default(source, tmp_path):
    blur(source, tmp_path / "out.jpg")
    Image.open(source).save(tmp_path / "pillow.jpg", quality=95)
    assert quantisation(tmp_path / "out.jpg") == quantisation(tmp_path / "pillow.jpg")


@pytest.mark.parametrize("extension", ["jpg", "webp", "avif"])
def test_more_quality_is_closer_and_larger(extension, source, tmp_path):
    expected = gaussian(np.asarray(Image.open(source)))
    errors, sizes = [], []
    for quality in (10, 50, 95):
        target = tmp_path / f"{quality}.{extension}"
        blur(source, target, "--quality", quality)
        errors.append(np.abs(np.asarray(Image.open(target).convert("RGB")) - expected).mean())
        sizes.append(target.stat().st_size)
    assert errors == sorted(errors, reverse=True) and sizes == sorted(sizes), (errors, sizes)


def test_lossless(source, tmp_path):
    blur(source, tmp_path / "out.webp", "--compression", "lossless")
    result = np.asarray(Image.open(tmp_path / "out.webp").convert("RGB"))
    assert_close(result, gaussian(np.asarray(Image.open(source))))


def test_avif_does_not_promise_to_be_lossless(source, tmp_path):
    done = run("blur", source, tmp_path / "out.avif", "--compression", "lossless")
    assert done.returncode == 2 and "AVIF" in done.stderr and not (tmp_path / "out.avif").exists()


def test_compression_of_a_png(tmp_path):
    Image.fromarray(smooth(200, 300, 3)).save(tmp_path / "in.png")
    sizes = []
    for level in (0, 1, 9):
        blur(tmp_path / "in.png", tmp_path / f"{level}.png", "--compression", level)
        sizes.append((tmp_path / f"{level}.png").stat().st_size)
    assert sizes[0] > 200 * 300 * 3 and sizes == sorted(sizes, reverse=True)
    pictures = [np.asarray(Image.open(tmp_path / f"{level}.png")) for level in (0, 1, 9)]
    assert np.array_equal(pictures[0], pictures[1]) and np.array_equal(pictures[0], pictures[2])


@pytest.mark.parametrize("name, tag", [("none", 1), ("lzw", 5), ("deflate", 8), ("zstd", 50000), ("packbits", 32773),
                                       ("jpeg", 7)])
def test_compression_of_a_tiff(name, tag, source, tmp_path):
    blur(source, tmp_path / "out.tif", "--compression", name)
    with tifffile.TiffFile(tmp_path / "out.tif") as opened:
        assert int(opened.pages[0].compression) == tag or (name == "deflate" and opened.pages[0].compression == 32946)
    result = np.asarray(Image.open(tmp_path / "out.tif").convert("RGB"))
    assert_close(result, gaussian(np.asarray(Image.open(source))), close=12 if name == "jpeg" else None)


@pytest.mark.parametrize("colour", ["grey", "RGB"])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("depth", [8, 16, 32])
def test_depth(dtype, depth, colour, tmp_path):
    """Levels keep their place between black and white; RGB floats without a profile are linear, sRGB's curve apart."""
    floating, target = np.dtype(dtype).kind == "f", {8: np.uint8, 16: np.uint16, 32: np.float32}[depth]
    levels = noise(20, 30, 3 if colour == "RGB" else 1, dtype)
    levels = np.abs(levels) / np.abs(levels).max() if floating else levels
    tifffile.imwrite(tmp_path / "in.tif", levels, photometric="rgb" if colour == "RGB" else "minisblack", metadata=None)
    blur(tmp_path / "in.tif", tmp_path / "out.tif", "--depth", depth)
    (result,) = tiff.pages(tmp_path / "out.tif")
    assert result.dtype == target
    expected = bands(gaussian(levels) / LEVELS.get(levels.dtype, 1.0))
    if colour == "RGB" and floating != (depth == 32):
        expected = srgb_from_light(expected) if floating else srgb_to_light(expected)
    # What the input's own depth rounds, seen at the output's; the curve's steepest slope where it counts.
    own = 0 if floating else LEVELS.get(np.dtype(target), 1.0) / LEVELS[levels.dtype] * (2.3 if depth == 32 else 1)
    assert_close(result, LEVELS.get(np.dtype(target), 1.0) * expected, close=own + {8: 1, 16: 2, 32: 1e-5}[depth])


def test_a_png_of_16_bits_becomes_one_of_8(tmp_path):
    levels = noise(20, 30, 3, np.uint16)
    (tmp_path / "in.png").write_bytes(png.encode(levels, 16))
    blur(tmp_path / "in.png", tmp_path / "out.png", "--depth", 8)
    assert_close(png.decode((tmp_path / "out.png").read_bytes()), gaussian(levels) / 257)


def test_16_bits_into_a_jpeg_are_told(tmp_path):
    levels = noise(20, 30, 3, np.uint16)
    (tmp_path / "in.png").write_bytes(png.encode(levels, 16))
    assert "8" in blur(tmp_path / "in.png", tmp_path / "out.jpg")


def test_floats_are_reduced_only_where_that_is_asked_for(tmp_path):
    kind = next(kind for kind in kinds.ALL if kind.name == "TIFF RGB f32")
    (tmp_path / "in.tif").write_bytes(kind.make(9, 12)[0])
    assert "--depth" in refused(tmp_path / "in.tif", tmp_path / "out.png") or \
        "depth" in refused(tmp_path / "in.tif", tmp_path / "out.png")
    blur(tmp_path / "in.tif", tmp_path / "out.png", "--depth", 8)


@pytest.mark.parametrize("name, option, value", [
    ("out.png", "--quality", "80"), ("out.jpg", "--quality", "0"), ("out.jpg", "--quality", "101"),
    ("out.jpg", "--compression", "lzw"), ("out.png", "--compression", "10"), ("out.tif", "--compression", "fast"),
    ("out.png", "--depth", "32"), ("out.jpg", "--depth", "16"), ("out.png", "--depth", "12")])
def test_what_a_format_has_not_is_refused_before_the_work(name, option, value, source, tmp_path):
    (tmp_path / "out").mkdir()
    assert option.strip("-") in refused(source, tmp_path / "out" / name, option, value, code=2)
