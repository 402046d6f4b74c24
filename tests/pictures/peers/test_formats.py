"""Every format, depth and band count: blurred by the program into a lossless file, read back by another library, and
held to SciPy's Gaussian in f64 of the levels that another library read from the input."""
import kinds
import numpy as np
import png
import pytest
import tiff
import tifffile
from PIL import Image
from support import LEVELS, assert_close, bands, blur, gaussian, noise, refused, run, weighted

SIZES = {"odd": (29, 37), "one pixel": (1, 1), "one row": (1, 23), "one column": (23, 1)}


def read(file):
    return png.decode(file.read_bytes()) if file.suffix == ".png" else tiff.pages(file)[0]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", kinds.ALL, ids=str)
def test_is_scipys_gaussian(kind, size, tmp_path):
    data, levels = kind.make(*SIZES[size])
    source, target = tmp_path / f"in.{kind.extension}", tmp_path / f"out.{kind.target}"
    source.write_bytes(data)
    blur(source, target)
    result, levels = read(target), bands(levels)
    full = LEVELS.get(result.dtype, 1.0)
    if kind.alpha and (levels[..., -1] == full).all() and result.shape[-1] + 1 == levels.shape[-1]:
        result = np.insert(result, result.shape[-1], full, axis=-1)  # an opaque picture needs no alpha
    assert result.shape[-1] == levels.shape[-1], "bands"
    assert levels.dtype in (result.dtype, np.float64), "depth"
    expected = weighted(levels, full) if kind.alpha else gaussian(levels)
    assert_close(result, expected, kind.alpha, kind.close)


@pytest.mark.parametrize("sigma", [(0.6, 4.0), (3.0, 0.0)], ids=str)
@pytest.mark.parametrize("name", ["PNG RGBA 8", "PNG RGB 16", "TIFF RGB f32", "WebP lossless alpha"])
def test_one_sigma_an_axis(name, sigma, tmp_path):
    kind = next(kind for kind in kinds.ALL if kind.name == name)
    data, levels = kind.make(31, 26)
    source, target = tmp_path / f"in.{kind.extension}", tmp_path / f"out.{kind.target}"
    source.write_bytes(data)
    blur(source, target, sigma=f"{sigma[0]},{sigma[1]}")
    result = read(target)
    expected = weighted(levels, LEVELS.get(result.dtype, 1.0), lambda x: gaussian(x, sigma)) if kind.alpha \
        else gaussian(levels, sigma)
    assert_close(result, expected, kind.alpha)


@pytest.mark.parametrize("name", ["PNG RGB 8", "PNG RGBA 16", "TIFF RGBA f32", "WebP lossless"])
def test_sigma_0_changes_no_level_that_is_seen(name, tmp_path):
    kind = next(kind for kind in kinds.ALL if kind.name == name)
    data, levels = kind.make(31, 26)
    source, target = tmp_path / f"in.{kind.extension}", tmp_path / f"out.{kind.target}"
    source.write_bytes(data)
    blur(source, target, sigma=0)
    result, seen = read(target), levels[..., -1] > 0 if kind.alpha else slice(None)
    assert np.array_equal(result[seen], levels[seen]) and (not kind.alpha or not result[~seen][..., -1].any())


@pytest.mark.parametrize("border", ["mirror", "nearest", "wrap"])
def test_borders(border, tmp_path):
    levels = noise(19, 23, 4)
    (tmp_path / "in.png").write_bytes(png.encode(levels, 8))
    blur(tmp_path / "in.png", tmp_path / "out.png", "--border", border, sigma=5)
    assert_close(read(tmp_path / "out.png"), weighted(levels, 255, lambda x: gaussian(x, 5, border)), alpha=True)


def lab(file):
    """L 0 to 100, a and b -128 to 127, of a TIFF of 8 or 16 bits."""
    assert tiff.photometric(file) == "CIELAB"
    (levels,) = tiff.pages(file)
    if levels.dtype.itemsize == 1:
        return np.dstack([levels[..., 0].astype(np.float64) * 100 / 255, levels[..., 1:].view(np.int8)])
    if levels.dtype.itemsize == 2:
        return np.dstack([levels[..., 0].view(np.uint16) / 655.35, levels[..., 1:].view(np.int16) / 256.0])
    return levels.astype(np.float64)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16], ids=["8 bit", "16 bit"])
def test_lab_stays_lab(dtype, tmp_path):
    tifffile.imwrite(tmp_path / "in.tif", noise(29, 37, 3, dtype), photometric="cielab", metadata=None)
    blur(tmp_path / "in.tif", tmp_path / "out.tif")
    difference = np.abs(lab(tmp_path / "out.tif") - gaussian(lab(tmp_path / "in.tif")))
    steps = 1 if dtype == np.uint8 else 1 / 128
    assert difference[..., 0].max() <= steps * 100 / 255 and difference[..., 1:].max() <= steps


def test_the_content_decides_the_loader(tmp_path):
    kind = next(kind for kind in kinds.ALL if kind.name == "WebP lossless")
    data, levels = kind.make(12, 14)
    (tmp_path / "in.jpg").write_bytes(data)
    blur(tmp_path / "in.jpg", tmp_path / "out.png")
    assert_close(read(tmp_path / "out.png"), gaussian(levels))


@pytest.mark.parametrize("extension", ["xyz", "svg", "exr", ""])
def test_an_extension_that_nobody_writes_is_refused(extension, tmp_path):
    Image.fromarray(noise(5, 6, 3)).save(tmp_path / "in.png")
    (tmp_path / "out").mkdir()
    said = refused(tmp_path / "in.png", tmp_path / "out" / f"out.{extension}".rstrip("."), code=2)
    assert "png" in said


def test_a_loader_for_trusted_files_must_be_asked_for(tmp_path):
    levels = noise(11, 9, 3)
    Image.fromarray(levels).save(tmp_path / "in.ppm")
    said = refused(tmp_path / "in.ppm", tmp_path / "out.png")
    assert "allow" in said and "ppm" in said
    blur(tmp_path / "in.ppm", tmp_path / "out.png", "--allow-loader", "ppm")
    assert_close(read(tmp_path / "out.png"), gaussian(levels))


@pytest.mark.parametrize("name, options", [("planes in tiles", {"planarconfig": "separate", "tile": (16, 16)}),
                                           ("f64", {})])
def test_what_this_libvips_cannot_read_is_refused_or_right(name, options, tmp_path):
    levels = noise(18, 27, 1, np.float64) if name == "f64" else noise(18, 27, 3)
    stored = np.ascontiguousarray(np.moveaxis(levels, -1, 0)) if options else levels
    tifffile.imwrite(tmp_path / "in.tif", stored, photometric="rgb" if options else "minisblack", metadata=None,
                     **options)
    (tmp_path / "out").mkdir()
    done = run("blur", tmp_path / "in.tif", tmp_path / "out/out.tif", "--sigma", 1.7)
    if done.returncode:
        assert "in.tif" in refused(tmp_path / "in.tif", tmp_path / "out/out.tif")
    else:
        assert_close(read(tmp_path / "out/out.tif"), gaussian(levels))
