"""Every format, depth and band count as a file made here without gaussfilt, and its levels as another reader finds
them: Pillow, tifffile, OpenCV, or, where the file was made by hand, what was put in."""
import io
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import png
import tifffile
from PIL import Image
from support import noise, smooth, with_alpha


@dataclass
class Kind:
    """`make(height, width)` gives the file's bytes and its levels, height x width or height x width x bands."""
    name: str
    extension: str
    make: Callable[[int, int], tuple[bytes, np.ndarray]]
    alpha: bool = False
    target: str = "png"
    close: float | None = None  # where reading alone rounds more than the depth's own bound allows for

    def __str__(self):
        return self.name


# ---- PNG ----

def png_plain(depth, count, interlaced):
    def make(height, width):
        samples = noise(height, width, count, np.uint16 if depth == 16 else np.uint8)
        samples = with_alpha(noise(height, width, count - 1, samples.dtype)) if count in (2, 4) else samples
        samples = samples >> (8 - depth) if depth < 8 else samples
        return png.encode(samples, depth, interlaced=interlaced), samples * (255 // (2**depth - 1) if depth < 8 else 1)
    return make


def png_palette(depth, transparent, interlaced):
    def make(height, width):
        indices = noise(height, width, 1) >> (8 - depth)
        colours = noise(2**depth, 1, 3, seed=5).reshape(-1, 3)
        alphas = noise(2**depth, 1, 1, seed=6).reshape(-1)
        chunks = [(b"PLTE", colours.tobytes())] + [(b"tRNS", alphas.tobytes())] * transparent
        data = png.encode(indices, depth, png.PALETTE, interlaced, chunks)
        mode = "RGBA" if transparent else "RGB"
        return data, np.asarray(Image.open(io.BytesIO(data)).convert(mode))
    return make


def png_colour_key(depth, count, interlaced):
    def make(height, width):
        few = 4 if count == 1 else 2  # so that the key comes up often
        samples = noise(height, width, count, np.uint16) % few + {4: 1, 8: 250, 16: 40000}[depth]
        samples = samples.astype(np.uint16 if depth == 16 else np.uint8)
        key = samples[0, 0]
        chunks = [(b"tRNS", np.atleast_1d(key).astype(">u2").tobytes())]
        data = png.encode(samples, depth, None, interlaced, chunks)
        levels = samples.reshape(height, width, count) * (17 if depth == 4 else 1)
        hidden = (samples == key).reshape(height, width, count).all(axis=-1, keepdims=True)
        full = 65535 if depth == 16 else 255
        return data, np.concatenate([levels, np.where(hidden, 0, full).astype(levels.dtype)], axis=-1)
    return make


def png_kinds():
    names = {1: "grey", 2: "grey+alpha", 3: "RGB", 4: "RGBA"}
    for interlaced in (False, True):
        tail = " interlaced" * interlaced
        for depth, count in [(1, 1), (2, 1), (4, 1), *((d, c) for d in (8, 16) for c in (1, 2, 3, 4))]:
            yield Kind(f"PNG {names[count]} {depth}{tail}", "png", png_plain(depth, count, interlaced), count in (2, 4))
        for depth in (1, 2, 4, 8):
            yield Kind(f"PNG palette {depth}{tail}", "png", png_palette(depth, False, interlaced))
            yield Kind(f"PNG palette+tRNS {depth}{tail}", "png", png_palette(depth, True, interlaced), True)
        for depth, count in [(4, 1), (8, 1), (16, 1), (8, 3), (16, 3)]:
            yield Kind(f"PNG {names[count]} key {depth}{tail}", "png", png_colour_key(depth, count, interlaced), True)


# ---- by Pillow ----

def by_pillow(extension, mode, **options):
    def make(height, width):
        count = {"L": 1, "RGB": 3, "RGBA": 4, "CMYK": 4}[mode]
        levels = smooth(height, width, count) if max(height, width) > 1 else noise(height, width, count)
        if mode == "RGBA":
            levels = with_alpha(levels[..., :3]) if options.get("lossless") else np.maximum(levels, 1)
        data = io.BytesIO()
        Image.fromarray(levels, mode).save(data, extension, **options)
        return data.getvalue(), np.asarray(Image.open(data).convert(mode))
    return make


def gif(transparent):
    def make(height, width):
        picture = Image.fromarray(noise(height, width, 1) % 16, "P")
        picture.putpalette(noise(16, 1, 3, seed=4).tobytes())
        data = io.BytesIO()
        picture.save(data, "gif", **({"transparency": 3} if transparent else {}))
        return data.getvalue(), np.asarray(Image.open(data).convert("RGBA" if transparent else "RGB"))
    return make


def avif_lossless(height, width):
    levels = noise(height, width, 3)
    data = cv2.imencode(".avif", levels[..., ::-1], [cv2.IMWRITE_AVIF_QUALITY, 100])[1].tobytes()
    return data, np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def avif_10(height, width):
    levels = np.minimum(smooth(height, width, 3).astype(np.uint16) * 4 + noise(height, width, 3) % 4, 1023)
    parameters = [cv2.IMWRITE_AVIF_DEPTH, 10, cv2.IMWRITE_AVIF_QUALITY, 100]
    data = cv2.imencode(".avif", levels[..., ::-1].astype(np.uint16), parameters)[1]
    read = cv2.imdecode(data, cv2.IMREAD_UNCHANGED)[..., ::-1].astype(np.float64)
    return data.tobytes(), read * 65535 / 1023


def other_kinds():
    yield Kind("JPEG grey", "jpg", by_pillow("jpeg", "L", quality=90))
    yield Kind("JPEG RGB 4:2:0", "jpg", by_pillow("jpeg", "RGB", quality=90))
    yield Kind("JPEG RGB 4:4:4", "jpg", by_pillow("jpeg", "RGB", quality=90, subsampling=0))
    yield Kind("JPEG RGB progressive", "jpg", by_pillow("jpeg", "RGB", quality=90, progressive=True))
    yield Kind("JPEG grey progressive", "jpg", by_pillow("jpeg", "L", quality=90, progressive=True))
    yield Kind("JPEG CMYK", "jpg", by_pillow("jpeg", "CMYK", quality=90), target="tif")
    yield Kind("WebP lossy", "webp", by_pillow("webp", "RGB", quality=90))
    yield Kind("WebP lossless", "webp", by_pillow("webp", "RGB", lossless=True))
    yield Kind("WebP lossy alpha", "webp", by_pillow("webp", "RGBA", quality=90), alpha=True)
    yield Kind("WebP lossless alpha", "webp", by_pillow("webp", "RGBA", lossless=True, exact=True), alpha=True)
    yield Kind("GIF", "gif", gif(False))
    yield Kind("GIF transparent", "gif", gif(True), alpha=True)
    # Readers of AVIF round the way from YCbCr to RGB differently, by up to a level.
    yield Kind("AVIF 8 bit", "avif", by_pillow("avif", "RGB", quality=100, subsampling="4:4:4"), close=2)
    yield Kind("AVIF 8 bit alpha", "avif", by_pillow("avif", "RGBA", quality=100, subsampling="4:4:4"), True, close=2)
    yield Kind("AVIF 8 bit lossless", "avif", avif_lossless)
    # A level of 10 bits is 64 of 16; readers of AVIF differ in how they widen it.
    yield Kind("AVIF 10 bit", "avif", avif_10, close=64)


# ---- TIFF ----

def tiff(dtype, count, photometric=None, **options):
    alpha = count in (2, 4) and photometric is None

    def make(height, width):
        if alpha and np.dtype(dtype).kind == "f":
            levels = np.concatenate([noise(height, width, count - 1, dtype).reshape(height, width, count - 1),
                                     np.random.default_rng(3).random((height, width, 1), dtype)], axis=-1)
        else:
            levels = with_alpha(noise(height, width, count - 1, dtype)) if alpha else noise(height, width, count, dtype)
        stored = np.moveaxis(levels, -1, 0) if options.get("planarconfig") == "separate" else levels
        data = io.BytesIO()
        extra = {"extrasamples": ["unassalpha"]} if alpha else {}
        scheme = photometric or ("rgb" if count >= 3 else "minisblack")
        tifffile.imwrite(data, np.ascontiguousarray(stored), photometric=scheme, metadata=None, **extra, **options)
        read = tifffile.imread(io.BytesIO(data.getvalue())).reshape(stored.shape)
        read = np.moveaxis(read, 0, -1) if options.get("planarconfig") == "separate" else read
        return data.getvalue(), 255 - read if photometric == "miniswhite" else read
    return make


def tiff_associated(height, width):
    """Colours stored times alpha: given back divided by it, in f64."""
    levels = with_alpha(noise(height, width, 3)).astype(np.float64)
    stored = np.rint(np.concatenate([levels[..., :3] * levels[..., 3:] / 255, levels[..., 3:]], axis=-1))
    data = io.BytesIO()
    tifffile.imwrite(data, stored.astype(np.uint8), photometric="rgb", extrasamples=["assocalpha"], metadata=None)
    read = tifffile.imread(io.BytesIO(data.getvalue())).reshape(height, width, 4).astype(np.float64)
    colours = np.divide(read[..., :3] * 255, read[..., 3:], out=np.zeros_like(read[..., :3]), where=read[..., 3:] > 0)
    return data.getvalue(), np.concatenate([colours, read[..., 3:]], axis=-1)


def tiff_bilevel(height, width):
    data = io.BytesIO()
    Image.fromarray(noise(height, width, 1) > 127).save(data, "tiff")
    return data.getvalue(), np.asarray(Image.open(data).convert("L"))


def tiff_palette(height, width):
    indices, colours = noise(height, width, 1), noise(3, 256, 1, np.uint8, 5).astype(np.uint16) * 257
    data = io.BytesIO()
    tifffile.imwrite(data, indices, photometric="palette", colormap=colours, metadata=None)
    return data.getvalue(), np.moveaxis(colours[:, indices] // 257, 0, -1).astype(np.uint8)


def tiff_kinds():
    def kind(name, make, alpha=False, target="tif", **more):
        return Kind(f"TIFF {name}", "tif", make, alpha, target, **more)
    for dtype, bits, target in [(np.uint8, "8", "png"), (np.uint16, "16", "png"), (np.float32, "f32", "tif")]:
        for count, colour in [(1, "grey"), (2, "grey+alpha"), (3, "RGB"), (4, "RGBA")]:
            yield kind(f"{colour} {bits}", tiff(dtype, count), count in (2, 4), target)
        yield kind(f"RGB {bits} to TIFF", tiff(dtype, 3))
        yield kind(f"grey {bits} tiled", tiff(dtype, 1, tile=(16, 16)), target=target)
        yield kind(f"RGBA {bits} tiled", tiff(dtype, 4, tile=(16, 16)), True)
        yield kind(f"RGB {bits} strips of 3", tiff(dtype, 3, rowsperstrip=3))
        yield kind(f"RGB {bits} BigTIFF", tiff(dtype, 3, bigtiff=True))
        yield kind(f"RGB {bits} big endian", tiff(dtype, 3, byteorder=">"))
        yield kind(f"RGB {bits} planar", tiff(dtype, 3, planarconfig="separate"))
        yield kind(f"RGB {bits} deflate", tiff(dtype, 3, compression="deflate"))
    yield kind("RGB 8 BigTIFF planar big endian",
               tiff(np.uint8, 3, bigtiff=True, planarconfig="separate", byteorder=">"), target="png")
    yield kind("RGBA 8 associated alpha", tiff_associated, True, close=1.7)
    yield kind("RGBA 8 to PNG", tiff(np.uint8, 4), True, "png")
    yield kind("white is 0", tiff(np.uint8, 1, "miniswhite"), target="png")
    yield kind("1 bit", tiff_bilevel)
    yield kind("palette", tiff_palette)
    yield kind("CMYK 8", tiff(np.uint8, 4, "separated"))
    yield kind("CMYK 16", tiff(np.uint16, 4, "separated"))
    for dtype, close in [(np.int8, 1), (np.int16, 2), (np.uint32, 1e-5 * 2**32), (np.int32, 1e-5 * 2**31)]:
        yield kind(f"{np.dtype(dtype).name} grey", tiff(dtype, 1), close=close)


ALL = [*png_kinds(), *other_kinds(), *tiff_kinds()]
