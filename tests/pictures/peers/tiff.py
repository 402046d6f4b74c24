"""TIFF as tifffile reads it, and the one compression that it leaves to another package: deflate behind a predictor of
floats (bytes of a row sorted by weight, then differences)."""
import zlib

import numpy as np
import tifffile


def floats(page: tifffile.TiffPage) -> np.ndarray:
    """The samples of strips, row by row."""
    width, count, size = page.imagewidth, page.samplesperpixel, page.dtype.itemsize
    rows = []
    for offset, length in zip(page.dataoffsets, page.databytecounts):
        page.parent.filehandle.seek(offset)
        raw = np.frombuffer(zlib.decompress(page.parent.filehandle.read(length)), np.uint8)
        differences = raw.reshape(-1, width * size, count)
        sums = np.cumsum(differences, axis=1, dtype=np.uint8).reshape(-1, size, width * count)
        rows.append(np.ascontiguousarray(np.moveaxis(sums, 1, -1)).view(f">f{size}").reshape(-1, width, count))
    return np.concatenate(rows).astype(page.dtype)


def pages(file) -> list[np.ndarray]:
    """Height x width x bands of each page."""
    with tifffile.TiffFile(file) as opened:
        found = []
        for page in opened.pages:
            by_hand = page.predictor == tifffile.PREDICTOR.FLOATINGPOINT and not page.is_tiled
            levels = floats(page) if by_hand else page.asarray()
            found.append(levels.reshape(page.imagelength, page.imagewidth, -1))
        return found


def photometric(file) -> str:
    with tifffile.TiffFile(file) as opened:
        return opened.pages[0].photometric.name
