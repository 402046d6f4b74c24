"""PNG by hand: what Pillow cannot write (2 and 4 bit grey, 16 bit colours, colour keys, interlacing), and a reader of
plain 8 and 16 bit files, since Pillow reads 16 bit colours as 8."""
import struct
import zlib

import numpy as np

GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
COLOUR_OF = {1: GREY, 2: GREY_ALPHA, 3: RGB, 4: RGBA}
BANDS_OF = {colour: count for count, colour in COLOUR_OF.items()}
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def header(width: int, height: int, depth: int, colour: int, interlaced=False) -> bytes:
    return SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced)))


def packed(row: np.ndarray, depth: int) -> bytes:
    if depth >= 8:
        return row.astype(">u2" if depth == 16 else np.uint8).tobytes()
    bits = row.reshape(-1, 1) >> np.arange(depth - 1, -1, -1) & 1
    return np.packbits(bits.astype(np.uint8)).tobytes()


def encode(samples: np.ndarray, depth: int, colour=None, interlaced=False, chunks=()) -> bytes:
    """`samples` as they stand in the file; indices of a palette. `chunks` (name, content) come before the pixels."""
    samples = samples[..., None] if samples.ndim == 2 else samples
    height, width, count = samples.shape
    parts = ADAM7 if interlaced else [(0, 0, 1, 1)]
    rows = [b"\0" + packed(row.reshape(-1), depth) for x, y, dx, dy in parts if x < width
            for row in samples[y::dy, x::dx]]
    colour = COLOUR_OF[count] if colour is None else colour
    return (header(width, height, depth, colour, interlaced) + b"".join(chunk(*one) for one in chunks) +
            chunk(b"IDAT", zlib.compress(b"".join(rows))) + chunk(b"IEND", b""))


def chunks_of(data: bytes) -> list[tuple[bytes, bytes]]:
    assert data.startswith(SIGNATURE)
    found, at = [], len(SIGNATURE)
    while at < len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        found.append((name, data[at + 8:at + 8 + size]))
        at += 12 + size
    return found


def unfiltered(kind: int, row: np.ndarray, above: np.ndarray, step: int) -> np.ndarray:
    if kind == 0:
        return row
    if kind == 2:
        return row + above
    row = row.copy()
    for i in range(len(row)):
        left = int(row[i - step]) if i >= step else 0
        up, corner = int(above[i]), int(above[i - step]) if i >= step else 0
        if kind == 1:
            guess = left
        elif kind == 3:
            guess = (left + up) // 2
        else:
            near = [abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)]
            guess = (left, up, corner)[near.index(min(near))]
        row[i] = (int(row[i]) + guess) % 256
    return row


def decode(data: bytes) -> np.ndarray:
    """Height x width x bands of a file of 8 or 16 bits without a palette, not interlaced."""
    chunks = chunks_of(data)
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[0][1])
    assert depth in (8, 16) and colour != PALETTE and not interlaced, "this reader takes plain PNG alone"
    assert all(name != b"tRNS" for name, _ in chunks), "this reader knows no colour key"
    step = BANDS_OF[colour] * depth // 8
    raw = np.frombuffer(zlib.decompress(b"".join(content for name, content in chunks if name == b"IDAT")), np.uint8)
    rows = raw.reshape(height, 1 + width * step)
    above = np.zeros(width * step, np.uint8)
    pixels = []
    for row in rows:
        above = unfiltered(int(row[0]), row[1:], above, step)
        pixels.append(above)
    samples = np.stack(pixels)
    if depth == 16:
        samples = samples.view(">u2").astype(np.uint16)
    return samples.reshape(height, width, BANDS_OF[colour])
