#!/usr/bin/env python3
"""Draws the pictures of docs/gallery.md, whose code is quoted from here.

    make docs
    python3 docs/gallery.py [--out docs/images/gallery] [NAME ...]

Needs gaussfilt and what the group docs of tools/requirements.txt names. Shows examples/sample.png and what is drawn
here, nothing else. The same versions draw the same bytes.
"""

import argparse
import io
from pathlib import Path

import cv2
import gaussfilt
import numpy as np
from gaussfilt import ndimage
from matplotlib import image as files
from matplotlib.figure import Figure
from PIL import Image, ImageFilter

ROOT = Path(__file__).resolve().parent.parent
WIDTH, GAP, TITLE = 800, 8, 24  # pixels: a sheet, between panels, above a panel
INK, FAINT = "#303030", "#b8b8b8"
COLOURS = ("#f5a524", "#e5484d", "#12a5b8", "#24305e")


# ---- sources


def sample():
    """examples/sample.png, float64, 0 to 1, (400, 640, 3)."""
    return files.imread(ROOT / "examples" / "sample.png")[..., :3].astype(float)


def star(rows=slice(118, 242), columns=slice(408, 532)):
    """The star of the sample, grey."""
    return (sample() @ [0.299, 0.587, 0.114])[rows, columns]


def shapes(side=128):
    """A square, a disc and a bar on grey, 0 to 1, with noise of standard deviation 0.15."""
    y, x = np.mgrid[:side, :side] / side
    picture = np.full((side, side), 0.3)
    picture[(abs(x - 0.3) < 0.18) & (abs(y - 0.32) < 0.18)] = 0.9
    picture[np.hypot(x - 0.66, y - 0.6) < 0.24] = 0.65
    picture[(abs(x - 0.3) < 0.2) & (abs(y - 0.82) < 0.05)] = 0.0
    return picture + np.random.default_rng(2).normal(0, 0.15, picture.shape)


def framed(side=90):
    """Bold shapes that touch the border."""
    y, x = np.mgrid[:side, :side] / side
    picture = np.full((side, side), 0.7)
    picture[x < 0.07] = 0.05
    picture[(y > 0.85) & (x >= 0.07)] = 0.3
    picture[np.hypot(x - 0.95, y - 0.35) < 0.16] = 1.0
    picture[np.hypot(x - 0.5, y - 0.02) < 0.17] = 0.0
    return picture


# ---- sheets


def new_sheet(height):
    return Figure(figsize=(WIDTH / 100, height / 100), dpi=100, facecolor="white")


def axes_at(sheet, x, y, width, height):
    """Axes at pixels, counted from the upper left corner."""
    wide, high = sheet.get_size_inches() * sheet.dpi
    return sheet.add_axes((x / wide, 1 - (y + height) / high, width / wide, height / high))


def show(sheet, x, y, side, picture, title, low=0.0, high=1.0):
    """One panel, `side` pixels wide, under its title."""
    axes = axes_at(sheet, x, y, side, round(side * picture.shape[0] / picture.shape[1]))
    axes.imshow(np.clip(picture, low, high), cmap="gray", vmin=low, vmax=high, interpolation="nearest", aspect="auto")
    axes.set_axis_off()
    axes.set_title(title, fontsize=9, color=INK, pad=4)
    return axes


def columns(count):
    """Left edges and width of `count` panels side by side."""
    side = (WIDTH - (count + 1) * GAP) // count
    return [GAP + i * (side + GAP) for i in range(count)], side


# ---- the pictures


def noise():
    """Noise goes as sigma grows, and so does detail: the residual shows which."""
    clean = star(slice(143, 238), slice(418, 513))
    noisy = clean + np.random.default_rng(1).normal(0, 0.2, clean.shape)
    at, side = columns(4)
    sheet = new_sheet(2 * (side + TITLE + GAP))
    upper, lower = TITLE, side + GAP + 2 * TITLE
    show(sheet, at[0], upper, side, noisy, f"noisy: error {rms(noisy - clean):.2f}")
    show(sheet, at[0], lower, side, clean, "clean")
    for x, sigma in zip(at[1:], (0.8, 1.6, 3.2)):
        smooth = gaussfilt.gaussian(noisy, sigma)
        residual = noisy - smooth
        show(sheet, x, upper, side, smooth, f"sigma {sigma}: error {rms(smooth - clean):.2f}")
        show(sheet, x, lower, side, residual, f"taken away by sigma {sigma}", -0.5, 0.5)
    return sheet


def rms(a):
    return float(np.sqrt(np.mean(a**2)))


def edges():
    """Derivatives of noise are noise; derivatives of a smoothed picture are edges."""
    noisy = shapes()
    at, side = columns(3)
    sheet = new_sheet(2 * (side + TITLE + GAP))
    upper, lower = TITLE, side + GAP + 2 * TITLE

    rough = ndimage.generic_gradient_magnitude(noisy, ndimage.sobel) / 8
    rough_lines = crossings(ndimage.laplace(noisy)) & (rough > rough.max() / 4)
    slope = ndimage.gaussian_gradient_magnitude(noisy, sigma=2)
    lines = crossings(ndimage.gaussian_laplace(noisy, sigma=2)) & (slope > slope.max() / 4)

    show(sheet, at[0], upper, side, noisy, "input")
    show(sheet, at[1], upper, side, rough, "gradient magnitude, Sobel", 0, slope.max())
    show(sheet, at[2], upper, side, slope, "gradient magnitude, sigma 2", 0, slope.max())
    show(sheet, at[0], lower, side, gaussfilt.gaussian(noisy, 2), "smoothed, sigma 2")
    show(sheet, at[1], lower, side, 1.0 - rough_lines, "zero crossings, Laplacian")
    show(sheet, at[2], lower, side, 1.0 - lines, "zero crossings, Laplacian at sigma 2")
    return sheet


def crossings(field):
    """Where the sign differs from that of the next sample to the right or below."""
    positive = field > 0
    found = np.zeros(field.shape, bool)
    found[:-1] |= positive[:-1] != positive[1:]
    found[:, :-1] |= positive[:, :-1] != positive[:, 1:]
    return found


BORDERS = {"reflect": "symmetric", "mirror": "reflect", "nearest": "edge", "wrap": "wrap", "constant": "constant"}


def borders():
    """What each border goes on with, what comes of it, and one row of both."""
    picture, sigma, margin = framed(), 8, 30
    n = len(picture)
    at, side = columns(len(BORDERS))
    sheet = new_sheet(3 * side + 2 * TITLE + 5 * GAP)
    for x, (border, mode) in zip(at, BORDERS.items()):
        beyond = np.pad(picture, margin, mode)  # to look at: no filter needs it
        smooth = gaussfilt.gaussian(picture, sigma, border=border)
        seen = show(sheet, x, TITLE, side, beyond, border)
        seen.plot(*frame(margin - 0.5, margin + n - 0.5), color=COLOURS[1], linewidth=1.2)
        show(sheet, x, side + 2 * TITLE, side, smooth, f"{border}, sigma {sigma}")
        profile(axes_at(sheet, x, 2 * (side + TITLE) + 2 * GAP, side, side), beyond[margin + 30], smooth[30], margin)
    return sheet


def frame(low, high):
    return (low, high, high, low, low), (low, low, high, high, low)


def profile(axes, beyond, smooth, margin):
    """A row of the picture with its continuation, and of the result."""
    axes.axvspan(0, len(smooth) - 1, color="#f2f2f2", linewidth=0)
    axes.plot(np.arange(len(beyond)) - margin, beyond, color=FAINT, linewidth=1.5)
    axes.plot(smooth, color=COLOURS[1], linewidth=1.5)
    axes.set(xlim=(-margin, len(smooth) + margin), ylim=(-0.05, 1.1), xticks=(0, len(smooth) - 1), yticks=())
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(labelsize=8, colors=INK)


def sweep():
    """A picture under growing sigma, and the sigma that the filters deliver beside the one that was asked for."""
    at, side = columns(6)
    sheet = new_sheet(side + TITLE + 320)
    for x, sigma in zip(at, (0.5, 1, 2, 4, 8, 16)):
        show(sheet, x, TITLE, side, gaussfilt.gaussian(star(), sigma), f"sigma {sigma}")
    left, right = (axes_at(sheet, x, side + 3 * TITLE, 330, 210) for x in (58, 456))
    draw_deviation(left, TAPS, np.geomspace(0.25, 20, 100), 'gaussian(..., truncate=8, taps="...")', (-25, 20))
    draw_deviation(right, LIBRARIES, np.geomspace(0.8, 20, 100), "each library's default", (-4, 2))
    left.set_ylabel("delivered sigma, % off", fontsize=9, color=INK)
    return sheet


TAPS = {
    "integrated": lambda a, s: gaussfilt.gaussian(a, s, truncate=8, taps="integrated"),
    "sampled": lambda a, s: gaussfilt.gaussian(a, s, truncate=8, taps="sampled"),
    "discrete": lambda a, s: gaussfilt.gaussian(a, s, truncate=8, taps="discrete"),
}
LIBRARIES = {
    "Pillow, 8 bits": lambda a, s: np.asarray(Image.fromarray(levels(a)).filter(ImageFilter.GaussianBlur(float(s)))),
    "OpenCV, 8 bits": lambda a, s: cv2.GaussianBlur(levels(a), (0, 0), s),
    "gaussfilt, 8 bits": lambda a, s: gaussfilt.gaussian(levels(a), s),
    "gaussfilt and SciPy, float64": lambda a, s: gaussfilt.gaussian(a, s),
}


def levels(a):
    return np.rint(a * 255).astype(np.uint8)


def delivered(blur, sigma):
    """The standard deviation of the taps in use, which are the steps of a blurred edge: of edges of many heights, so
    that the rounding of a level averages out."""
    edge = np.zeros((3, 400))
    edge[:, 200:] = 1
    rises = sum(blur(edge * height, sigma)[1].astype(float) for height in np.arange(128, 256, 2) / 255)
    taps = np.diff(rises)
    x = np.arange(len(taps)) - 199
    return np.sqrt((taps * x**2).sum() / taps.sum())


def draw_deviation(axes, blurs, sigmas, title, limits):
    for (name, blur), colour in zip(blurs.items(), COLOURS[4 - len(blurs) :]):
        off = [100 * (delivered(blur, sigma) / sigma - 1) for sigma in sigmas]
        axes.plot(sigmas, off, color=colour, linewidth=1.6, label=name)
    axes.set(xscale="log", ylim=limits)
    ticks = [sigma for sigma in (0.25, 0.5, 1, 2, 5, 10, 20) if sigma >= sigmas[0]]
    axes.set_xticks(ticks, [f"{sigma:g}" for sigma in ticks])
    axes.minorticks_off()
    axes.set_title(title, fontsize=9, color=INK)
    axes.set_xlabel("sigma asked for", fontsize=9, color=INK)
    axes.legend(fontsize=8, frameon=False, labelcolor=INK, loc="lower right")
    axes.grid(axis="y", color="#e6e6e6", linewidth=0.8)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=8, colors=INK)


def channels():
    """A sigma for every axis blurs the colours into each other; channel_axis leaves them apart."""
    picture = sample()[144:400, 384:640]
    mixed = gaussfilt.gaussian(picture, 3)  # three axes: rows, columns and colours
    right = gaussfilt.gaussian(picture, 3, channel_axis=-1)
    at, side = columns(3)
    sheet = new_sheet(side + TITLE + GAP)
    show(sheet, at[0], TITLE, side, picture, "input")
    show(sheet, at[1], TITLE, side, mixed, "mistake: colours are an axis, too")
    show(sheet, at[2], TITLE, side, right, "channel_axis=-1")
    return sheet


PICTURES = {"noise": noise, "edges": edges, "borders": borders, "sweep": sweep, "channels": channels}


def png(sheet):
    """The bytes of a sheet, without a date or a version; a palette where there are few colours."""
    raw, small = io.BytesIO(), io.BytesIO()
    sheet.savefig(raw, format="png")
    image = Image.open(raw).convert("RGB")
    if image.getcolors(2000):
        image = image.quantize(256, dither=Image.Dither.NONE)
    image.save(small, "png", optimize=True)
    return small.getvalue()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images" / "gallery")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(PICTURES)}; all by default")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name in arguments.names or PICTURES:
        path = arguments.out / f"{name}.png"
        path.write_bytes(png(PICTURES[name]()))
        print(f"{path}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
