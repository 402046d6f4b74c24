"""Linear light, computed here in f64 from the curves' own formulas: to light, filtered, back."""
import io
import struct
import zlib

import kinds
import numpy as np
import png
import pytest
import tiff
import tifffile
from PIL import Image, ImageCms
from support import LEVELS, assert_close, blur, gaussian, noise, weighted, with_alpha


def srgb_to_light(v):
    return np.where(v <= 0.04045, v / 12.92, ((np.maximum(v, 0.04045) + 0.055) / 1.055) ** 2.4)


def srgb_from_light(light):
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * np.maximum(light, 0.0031308) ** (1 / 2.4) - 0.055)


def gamma(exponent):
    return lambda v: v**exponent, lambda light: np.maximum(light, 0) ** (1 / exponent)


SRGB = (srgb_to_light, srgb_from_light)


def in_light(levels, curve, alpha=False, sigma=3.0):
    full = LEVELS[levels.dtype]
    to_light, from_light = curve
    colours = levels[..., :-1] if alpha else levels
    light = full * to_light(colours / full)
    if not alpha:
        return full * from_light(gaussian(light, sigma) / full)
    both = weighted(np.concatenate([light, levels[..., -1:]], axis=-1), full, lambda x: gaussian(x, sigma))
    return np.concatenate([full * from_light(both[..., :-1] / full), both[..., -1:]], axis=-1)


def profile(trc, space=b"RGB "):
    """An ICC profile of version 2 made by hand: sRGB's primaries, or grey, with the curve `trc` (a tag's bytes)."""
    def fixed(*values):
        return struct.pack(f">{len(values)}i", *(round(value * 65536) for value in values))

    def xyz(*values):
        return b"XYZ \0\0\0\0" + fixed(*values)
    name = b"by hand\0"
    description = b"desc\0\0\0\0" + struct.pack(">I", len(name)) + name + bytes(81)
    tags = [(b"desc", description), (b"cprt", b"text\0\0\0\0none\0"), (b"wtpt", xyz(0.9642, 1, 0.8249))]
    if space == b"GRAY":
        tags += [(b"kTRC", trc)]
    else:
        tags += [(b"rXYZ", xyz(0.4361, 0.2225, 0.0139)), (b"gXYZ", xyz(0.3851, 0.7169, 0.0971)),
                 (b"bXYZ", xyz(0.1431, 0.0606, 0.7141)), (b"rTRC", trc), (b"gTRC", trc), (b"bTRC", trc)]
    table, data, start = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for tag, content in tags:
        table += tag + struct.pack(">II", start + len(data), len(content))
        data += content + bytes(-len(content) % 4)
    size = 128 + len(table) + len(data)
    header = struct.pack(">III", size, 0, 0x02400000) + b"mntr" + space + b"XYZ "
    header += struct.pack(">6H", 2020, 1, 1, 0, 0, 0) + b"acsp" + bytes(28) + fixed(0.9642, 1, 0.8249)
    return header + bytes(128 - len(header)) + table + data


def gamma_tag(exponent):
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(exponent * 256)) + b"\0\0"


def table_tag(curve):
    values = np.rint(65535 * curve(np.linspace(0, 1, 1024))).astype(">u2")
    return b"curv\0\0\0\0" + struct.pack(">I", len(values)) + values.tobytes()


def write(file, levels, icc=None):
    chunks = [(b"iCCP", b"by hand\0\0" + zlib.compress(icc))] if icc else []
    file.write_bytes(png.encode(levels, 8 * levels.dtype.itemsize, chunks=chunks))


def blurred(tmp_path, levels, icc=None):
    write(tmp_path / "in.png", levels, icc)
    blur(tmp_path / "in.png", tmp_path / "out.png", "--light", "linear", sigma=3)
    return png.decode((tmp_path / "out.png").read_bytes())


def dark_and_light(count, dtype):
    """Noise, a black half beside a white one, and a dark, quiet part: where a curve's slope tells."""
    levels = noise(40, 52, count, dtype).reshape(40, 52, count)
    levels[:20, :13], levels[:20, 13:26] = 0, LEVELS[levels.dtype]
    levels[20:, :26] //= 25
    return levels


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_without_a_profile_the_curve_is_srgbs(count, dtype, tmp_path):
    alpha = count in (2, 4)
    levels = dark_and_light(count - alpha, dtype)
    levels = with_alpha(levels) if alpha else levels
    result = blurred(tmp_path, levels)
    assert_close(result, in_light(levels, SRGB, alpha), alpha)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("exponent", [1.0, 1.8, 2.2])
@pytest.mark.parametrize("space", [b"RGB ", b"GRAY"], ids=["RGB", "grey"])
def test_the_curve_of_a_profile(space, exponent, dtype, tmp_path):
    levels = dark_and_light(3 if space == b"RGB " else 1, dtype)
    result = blurred(tmp_path, levels, profile(gamma_tag(exponent), space))
    assert_close(result, in_light(levels, gamma(round(exponent * 256) / 256)))


def test_the_curve_of_a_profile_as_a_table(tmp_path):
    levels = dark_and_light(3, np.uint8)
    result = blurred(tmp_path, levels, profile(table_tag(srgb_to_light)))
    assert_close(result, in_light(levels, SRGB))


def test_pillows_srgb_profile_gives_what_no_profile_gives(tmp_path):
    levels = dark_and_light(3, np.uint8)
    result = blurred(tmp_path, levels, ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    assert_close(result, in_light(levels, SRGB))


def test_the_hand_made_profile_is_one():
    ours = ImageCms.ImageCmsProfile(io.BytesIO(profile(gamma_tag(2.2))))
    assert ImageCms.getProfileName(ours).strip() == "by hand"


def test_floats_without_a_profile_are_light_already(tmp_path):
    levels = noise(20, 30, 3, np.float32)
    tifffile.imwrite(tmp_path / "in.tif", levels, photometric="rgb", metadata=None)
    blur(tmp_path / "in.tif", tmp_path / "out.tif", "--light", "linear")
    assert_close(tiff.pages(tmp_path / "out.tif")[0], gaussian(levels))


@pytest.mark.parametrize("source", ["context", "crop"])
def test_regions_in_linear_light(source, tmp_path):
    levels = dark_and_light(3, np.uint8)
    write(tmp_path / "in.png", levels)
    blur(tmp_path / "in.png", tmp_path / "out.png", "--light", "linear", "--region", "8,9,20,18", "--source", source,
         sigma=3)
    result, box = png.decode((tmp_path / "out.png").read_bytes()), (slice(9, 27), slice(8, 28))
    assert_close(result[box], in_light(levels[box], SRGB) if source == "crop" else in_light(levels, SRGB)[box])
    result[box] = levels[box]
    assert np.array_equal(result, levels)


def test_encoded_is_the_default(tmp_path):
    kind = next(kind for kind in kinds.ALL if kind.name == "PNG RGB 8")
    data, _ = kind.make(20, 30)
    (tmp_path / "in.png").write_bytes(data)
    blur(tmp_path / "in.png", tmp_path / "default.png")
    blur(tmp_path / "in.png", tmp_path / "encoded.png", "--light", "encoded")
    blur(tmp_path / "in.png", tmp_path / "linear.png", "--light", "linear")
    default, encoded, linear = (np.asarray(Image.open(tmp_path / f"{n}.png")) for n in ("default", "encoded", "linear"))
    assert np.array_equal(default, encoded) and not np.array_equal(default, linear)
