#!/usr/bin/env python3
"""Draws examples/sample.png: fine detail, text, a smooth gradient and flat colours in one picture.

    python3 examples/make_sample.py [OUT.png]
    python3 examples/make_sample.py --check      compares the picture that lies there with what would be drawn

Needs the standard library only and draws the same pixels everywhere. The sun is a Siemens star; the strip
below the scene holds line gratings and checkers whose periods are written under them, letters, colour discs
and a grey ramp.
"""
import math
import os
import struct
import sys
import zlib

WIDTH, HEIGHT = 640, 400
HORIZON, STRIP = 236, 292  # rows: where the sky ends, where the chart begins

# Letters as strokes. Baseline 0, x-height 1, y upwards. ("l", x0, y0, x1, y1): a line. ("a", cx, cy, rx, ry, from,
# to): an arc, degrees counter-clockwise. The first entry is the letter's width.
BOWL = ("a", 0.5, 0.5, 0.5, 0.5, 0, 360)
GLYPHS = {
    " ": (0.38,),
    "a": (1.0, BOWL, ("l", 1, 1, 1, 0)),
    "b": (1.0, BOWL, ("l", 0, 1.5, 0, 0)),
    "c": (0.86, ("a", 0.5, 0.5, 0.5, 0.5, 48, 312)),
    "d": (1.0, BOWL, ("l", 1, 1.5, 1, 0)),
    "e": (1.0, ("a", 0.5, 0.5, 0.5, 0.5, 0, 312), ("l", 0, 0.5, 1, 0.5)),
    "f": (0.5, ("l", 0.2, 0, 0.2, 1.18), ("a", 0.52, 1.18, 0.32, 0.32, 70, 180), ("l", 0, 1, 0.48, 1)),
    "g": (1.0, BOWL, ("l", 1, 1, 1, 0), ("a", 0.5, 0, 0.5, 0.5, 205, 360)),
    "h": (0.9, ("l", 0, 0, 0, 1.5), ("a", 0.45, 0.55, 0.45, 0.45, 0, 180), ("l", 0.9, 0.55, 0.9, 0)),
    "i": (0.0, ("l", 0, 0, 0, 1), ("l", 0, 1.4, 0, 1.41)),
    "k": (0.76, ("l", 0, 0, 0, 1.5), ("l", 0.7, 1, 0, 0.38), ("l", 0.26, 0.61, 0.76, 0)),
    "l": (0.0, ("l", 0, 0, 0, 1.5)),
    "m": (1.4, ("l", 0, 0, 0, 1), ("a", 0.35, 0.65, 0.35, 0.35, 0, 180), ("l", 0.7, 0.65, 0.7, 0),
          ("a", 1.05, 0.65, 0.35, 0.35, 0, 180), ("l", 1.4, 0.65, 1.4, 0)),
    "n": (0.9, ("l", 0, 0, 0, 1), ("a", 0.45, 0.55, 0.45, 0.45, 0, 180), ("l", 0.9, 0.55, 0.9, 0)),
    "o": (1.0, BOWL),
    "p": (1.0, BOWL, ("l", 0, 1, 0, -0.5)),
    "r": (0.5, ("l", 0, 0, 0, 1), ("a", 0.42, 0.58, 0.42, 0.42, 70, 180)),
    "s": (0.66, ("a", 0.33, 0.75, 0.31, 0.25, 30, 270), ("a", 0.33, 0.25, 0.33, 0.25, -150, 90)),
    "t": (0.5, ("l", 0.2, 1.4, 0.2, 0.28), ("a", 0.48, 0.28, 0.28, 0.28, 180, 285), ("l", 0, 1, 0.5, 1)),
    "u": (0.9, ("l", 0, 1, 0, 0.45), ("a", 0.45, 0.45, 0.45, 0.45, 180, 360), ("l", 0.9, 1, 0.9, 0)),
    "w": (1.3, ("l", 0, 1, 0.32, 0), ("l", 0.32, 0, 0.65, 1), ("l", 0.65, 1, 0.98, 0), ("l", 0.98, 0, 1.3, 1)),
    "x": (0.8, ("l", 0, 0, 0.8, 1), ("l", 0, 1, 0.8, 0)),
    "y": (0.9, ("l", 0, 1, 0.47, 0), ("l", 0.9, 1, 0.25, -0.5)),
    "1": (0.4, ("l", 0.05, 1.1, 0.4, 1.4), ("l", 0.4, 1.4, 0.4, 0)),
    "2": (0.8, ("a", 0.4, 1.0, 0.4, 0.4, -35, 165), ("l", 0.727, 0.77, 0, 0), ("l", 0, 0, 0.82, 0)),
    "3": (0.8, ("a", 0.38, 1.06, 0.34, 0.34, -90, 150), ("a", 0.38, 0.36, 0.4, 0.36, -150, 90)),
    "4": (0.9, ("l", 0.65, 0, 0.65, 1.4), ("l", 0.65, 1.4, 0, 0.4), ("l", 0, 0.4, 0.9, 0.4)),
    "6": (0.8, ("a", 0.4, 0.42, 0.4, 0.42, 0, 360), ("l", 0.05, 0.6, 0.55, 1.4)),
    "8": (0.8, ("a", 0.4, 1.07, 0.33, 0.33, 0, 360), ("a", 0.4, 0.37, 0.4, 0.37, 0, 360)),
}


class Canvas:
    def __init__(self, width=WIDTH, height=HEIGHT):
        self.width, self.height = width, height
        self.pixels = [(0.0, 0.0, 0.0)] * (width * height)

    def blend(self, x, y, colour, cover):
        if cover <= 0 or not (0 <= x < self.width and 0 <= y < self.height):
            return
        cover = min(cover, 1.0)
        old = self.pixels[y * self.width + x]
        self.pixels[y * self.width + x] = tuple(o + (c - o) * cover for o, c in zip(old, colour))

    def rectangle(self, x0, y0, x1, y1, colour):
        for y in range(y0, y1):
            for x in range(x0, x1):
                self.blend(x, y, colour, 1.0)

    def disc(self, cx, cy, radius, colour):
        for y in range(int(cy - radius - 1), int(cy + radius + 2)):
            for x in range(int(cx - radius - 1), int(cx + radius + 2)):
                distance = math.hypot(x + 0.5 - cx, y + 0.5 - cy)
                self.blend(x, y, colour, radius + 0.5 - distance)

    def png(self):
        """The picture as PNG bytes; each row takes the filter that leaves the smallest residues."""
        rows = []
        above = bytes(3 * self.width)
        for y in range(self.height):
            row = self.pixels[y * self.width:(y + 1) * self.width]
            line = bytes(int(min(max(channel, 0.0), 255.0) + 0.5) for pixel in row for channel in pixel)
            rows.append(min((png_filter(kind, line, above) for kind in range(5)), key=residue))
            above = line

        def chunk(tag, data):
            return struct.pack(">I", len(data)) + tag + data + struct.pack(">I", zlib.crc32(tag + data))

        header = struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)
        return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"sRGB", b"\0") +
                chunk(b"pHYs", struct.pack(">IIB", 3780, 3780, 1)) + chunk(b"IDAT", zlib.compress(b"".join(rows), 9)) +
                chunk(b"IEND", b""))


def residue(row):
    return sum(min(value, 256 - value) for value in row[1:])


def guess(kind, left, up, corner):
    """What PNG filter `kind` expects of a byte, from its neighbours."""
    if kind == 4:
        estimate = left + up - corner
        return min((abs(estimate - left), 0, left), (abs(estimate - up), 1, up), (abs(estimate - corner), 2, corner))[2]
    return (0, left, up, (left + up) // 2)[kind]


def png_filter(kind, line, above):
    out = bytearray([kind])
    for i, value in enumerate(line):
        left, corner = (line[i - 3], above[i - 3]) if i >= 3 else (0, 0)
        out.append((value - guess(kind, left, above[i], corner)) & 255)
    return bytes(out)


def read_png(path):
    """The rows of an 8-bit RGB PNG, as lists of pixels."""
    with open(path, "rb") as file:
        data = file.read()
    at, packed, width, height = 8, b"", 0, 0
    while at < len(data):
        length, tag = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        if tag == b"IHDR":
            width, height, depth, kind = struct.unpack(">IIBB", body[:10])
            if (depth, kind) != (8, 2):
                sys.exit(f"{path}: is not 8-bit RGB")
        elif tag == b"IDAT":
            packed += body
        at += length + 12
    raw = zlib.decompress(packed)
    rows, above, stride = [], bytearray(3 * width), 3 * width + 1
    for y in range(height):
        kind, line = raw[y * stride], bytearray(raw[y * stride + 1:(y + 1) * stride])
        for i, value in enumerate(line):
            left = line[i - 3] if i >= 3 else 0
            line[i] = (value + guess(kind, left, above[i], above[i - 3] if i >= 3 else 0)) & 255
        rows.append([tuple(map(float, line[3 * x:3 * x + 3])) for x in range(width)])
        above = line
    return rows


def colour(text):
    return tuple(float(int(text[i:i + 2], 16)) for i in (0, 2, 4))


def mix(a, b, share):
    return tuple(p + (q - p) * share for p, q in zip(a, b))


def along(stops, position):
    """The colour at `position` of a gradient given by (position, colour) stops, joined by straight lines."""
    for (p0, c0), (p1, c1) in zip(stops, stops[1:]):
        if position <= p1:
            t = max((position - p0) / (p1 - p0), 0.0)
            return mix(c0, c1, t)
    return stops[-1][1]


class Dice:
    """A small linear congruential generator: the same numbers everywhere."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) & (2**64 - 1)
        return (self.state >> 33) / 2.0**31


def strokes(glyph):
    for part in glyph[1:]:
        if part[0] == "l":
            yield part[1:]
            continue
        _, cx, cy, rx, ry, start, stop = part
        steps = max(int(abs(stop - start) / 9), 4)
        points = [(cx + rx * math.cos(math.radians(start + (stop - start) * i / steps)),
                   cy + ry * math.sin(math.radians(start + (stop - start) * i / steps))) for i in range(steps + 1)]
        for (x0, y0), (x1, y1) in zip(points, points[1:]):
            yield x0, y0, x1, y1


def text_width(text, size, gap):
    return sum(GLYPHS[c][0] * size + gap for c in text) - gap


def text(canvas, x, baseline, size, weight, ink, words, gap=None):
    """Writes `words` with x-height `size`, strokes `weight` pixels wide."""
    gap = size * 0.36 + weight if gap is None else gap
    for letter in words:
        glyph = GLYPHS[letter]
        cover = {}
        for x0, y0, x1, y1 in strokes(glyph):
            stroke(cover, x + x0 * size, baseline - y0 * size, x + x1 * size, baseline - y1 * size, weight / 2)
        for (px, py), share in cover.items():
            canvas.blend(px, py, ink, share)
        x += glyph[0] * size + gap


def stroke(cover, x0, y0, x1, y1, half):
    dx, dy = x1 - x0, y1 - y0
    length2 = dx * dx + dy * dy
    for py in range(math.floor(min(y0, y1) - half - 1), math.ceil(max(y0, y1) + half + 1)):
        for px in range(math.floor(min(x0, x1) - half - 1), math.ceil(max(x0, x1) + half + 1)):
            qx, qy = px + 0.5 - x0, py + 0.5 - y0
            t = min(max((qx * dx + qy * dy) / length2, 0.0), 1.0) if length2 > 0 else 0.0
            share = half + 0.5 - math.hypot(qx - t * dx, qy - t * dy)
            if share > 0:
                cover[px, py] = max(cover.get((px, py), 0.0), min(share, 1.0))


def sky(canvas):
    stops = [(0.0, colour("161a44")), (0.32, colour("44306f")), (0.6, colour("b24a74")), (0.8, colour("f0826a")),
             (1.0, colour("fcc98a"))]
    for y in range(STRIP):
        row = along(stops, y / HORIZON)
        for x in range(WIDTH):
            distance = math.hypot(x + 0.5 - SUN[0], y + 0.5 - SUN[1])
            glow = 0.75 * math.exp(-(max(distance - SUN[2], 0.0) / 62.0))
            canvas.pixels[y * WIDTH + x] = mix(row, colour("ffd9a0"), glow)
    dice = Dice(7)
    for _ in range(150):
        x, y, light = dice.next() * WIDTH, dice.next()**1.6 * 150, dice.next()
        behind_words = 26 < x < 366 and 24 < y < 152
        if math.hypot(x - SUN[0], y - SUN[1]) > SUN[2] + 30 and not behind_words:
            canvas.disc(x, y, 0.15 + 0.75 * light * light, colour("fff6e8"))


SUN = (494.0, 128.0, 86.0)


def siemens_star(canvas, spokes=36, sub=5):
    cx, cy, radius = SUN
    light, dark = colour("fff4d8"), colour("e8553f")
    for y in range(int(cy - radius - 1), int(cy + radius + 2)):
        for x in range(int(cx - radius - 1), int(cx + radius + 2)):
            inside = bright = 0
            for j in range(sub):
                for i in range(sub):
                    dx, dy = x + (i + 0.5) / sub - cx, y + (j + 0.5) / sub - cy
                    if dx * dx + dy * dy <= radius * radius:
                        inside += 1
                        bright += math.sin(math.atan2(dy, dx) * spokes) > 0
            if inside:
                canvas.blend(x, y, mix(dark, light, bright / inside), inside / (sub * sub))


def skyline(canvas, height, top, bottom, first=0):
    """Fills below the curve height(x) (a row), from the colour `top` at row `first` to `bottom` 80 rows lower."""
    for x in range(WIDTH):
        crests = [height(x + (i + 0.5) / 8) for i in range(8)]
        for y in range(int(min(crests)), STRIP):
            cover = sum(min(max(y + 1 - crest, 0.0), 1.0) for crest in crests) / 8
            canvas.blend(x, y, mix(top, bottom, min(max((y - first) / 80.0, 0.0), 1.0)), cover)


def ridge(seed, base, height, period, roughness):
    """A mountain crest: value noise of six octaves, pointed by folding it about its middle."""
    dice = Dice(seed)
    tables = [[dice.next() for _ in range(64)] for _ in range(6)]

    def at(x):
        total, size, step = 0.0, 1.0, period
        for table in tables:
            cell, part = int(x / step), x / step - int(x / step)
            value = table[cell % 64] * (1 - part) + table[(cell + 1) % 64] * part
            total += size * (1 - abs(2 * value - 1))
            size, step = size * roughness, step / 2.1
        return base - height * total

    return at


def forest(seed, base):
    """Spruces on a slope: each a cone with a saw-toothed edge."""
    dice = Dice(seed)
    trees = [(dice.next() * (WIDTH + 20) - 10, 16 + 22 * dice.next()) for _ in range(120)]

    def ground(x):
        return base + 7 * math.sin(x / 83.0) - 12 * math.exp(-((x - 70) / 90.0)**2)

    def at(x):
        top = ground(x)
        for middle, tall in trees:
            reach = abs(x - middle) / (tall * 0.24)
            if reach < 1:
                tiers = (1 - reach) * 5
                top = min(top, ground(middle) + 3 - tall * (math.floor(tiers) + (tiers - math.floor(tiers))**2) / 5)
        return top

    return at


def scene(canvas):
    sky(canvas)
    siemens_star(canvas)
    skyline(canvas, ridge(21, 244, 34, 150.0, 0.5), colour("8d4f7e"), colour("e79c88"), first=188)
    skyline(canvas, ridge(5, 262, 30, 118.0, 0.48), colour("54376c"), colour("a7617f"), first=208)
    skyline(canvas, ridge(33, 276, 20, 90.0, 0.45), colour("2f2553"), colour("5d3d6e"), first=238)
    skyline(canvas, forest(11, 282), colour("131331"), colour("131331"))
    text(canvas, 36, 84, 34, 5.6, colour("ffffff"), "gaussfilt", gap=17)
    text(canvas, 37, 121, 8, 1.35, colour("ffe9d0"), "the sigma you asked for")
    text(canvas, 37, 140, 8, 1.35, colour("ffe9d0"), "is the sigma you get")


def grating(canvas, x, y, width, height, period, light, dark):
    for row in range(height):
        for column in range(width):
            canvas.blend(x + column, y + row, light if column % period < period / 2 else dark, 1.0)


def checker(canvas, x, y, width, height, side, light, dark):
    for row in range(height):
        for column in range(width):
            canvas.blend(x + column, y + row, dark if (column // side + row // side) % 2 else light, 1.0)


def label(canvas, middle, baseline, words):
    text(canvas, middle - text_width(words, 5, 3.2) / 2, baseline, 5, 1.1, colour("a9accf"), words, gap=3.2)


def chart(canvas):
    canvas.rectangle(0, STRIP, WIDTH, HEIGHT, colour("131331"))
    light, dark = colour("f4f1e6"), colour("1e1f45")
    for i, period in enumerate((2, 4, 6, 8, 12)):
        grating(canvas, 36 + 48 * i, 308, 40 if period != 12 else 48, 40, period, light, dark)
        label(canvas, 56 + 48 * i + 4 * (period == 12), 362, str(period))
    for i, side in enumerate((1, 2, 4)):
        checker(canvas, 292 + 48 * i, 308, 40, 40, side, colour("ffd27a"), colour("24305e"))
        label(canvas, 312 + 48 * i, 362, str(side))
    for i, ink in enumerate(("e5484d", "f5a524", "46a758", "12a5b8", "4a6cf7", "a855d6")):
        canvas.disc(457 + 27.2 * i, 319, 11, colour(ink))
    for x, size, weight, gap in ((447, 9.0, 1.6, 5.6), (515, 6.5, 1.2, 4.0), (567, 4.6, 1.0, 3.0)):
        text(canvas, x, 360, size, weight, light, "sharp", gap=gap)
    for x in range(568):
        share = x / 567.0
        canvas.rectangle(36 + x, 374, 37 + x, 386, (255 * share, 255 * share, 255 * share))


def main():
    sample = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sample.png")
    canvas = Canvas()
    scene(canvas)
    chart(canvas)
    if sys.argv[1:] == ["--check"]:
        drawn = [channel for pixel in canvas.pixels for channel in pixel]
        stored = [channel for row in read_png(sample) for pixel in row for channel in pixel]
        if len(drawn) != len(stored) or any(abs(a - b) > 1 for a, b in zip(drawn, stored)):
            sys.exit(f"{sample}: is not what this script draws; run it without --check")
        return
    out = sys.argv[1] if len(sys.argv) > 1 else sample
    with open(out, "wb") as file:
        file.write(canvas.png())
    print(f"{out}: {WIDTH} x {HEIGHT}, {os.path.getsize(out)} bytes")


if __name__ == "__main__":
    main()
