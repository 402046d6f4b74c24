#!/usr/bin/env python3
"""Whole processes: a photo of 12 megapixels in, a blurred one out, beside other programs, and what of it is decoding
and encoding alone.

    python bench/pictures.py --program BUILD/cli/gaussfilt [--runs 9] [--markdown FILE]

Every run starts a program anew. The programs take turns, so that what else the machine does falls on all of them; each
ratio is that of two neighbours in time, and the median of these is given. The error is that of each program's PNG from
the same JPEG against SciPy's Gaussian in f64, not cut, of the JPEG as Pillow decodes it.
"""
import argparse
import datetime
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image
from scipy import ndimage

WIDTH, HEIGHT = 4000, 3000
SIGMAS = (2, 10)
REGION = (1800, 1400, 150, 150)
PILLOW = """import sys
from PIL import Image, ImageFilter
Image.open(sys.argv[1]).filter(ImageFilter.GaussianBlur(float(sys.argv[3]))).save(sys.argv[2], quality=95)
"""


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", type=Path, required=True, help="the built gaussfilt")
    parser.add_argument("--runs", type=int, default=9, help="of each program (default 9, at least 7 to be believed)")
    parser.add_argument("--markdown", type=Path, help="write the tables there")
    return parser.parse_args()


def photo(file):
    """Noise as in photos (its power falls with the square of the frequency), sharp triangles, a sensor's grain."""
    draw = np.random.default_rng(12)
    fy, fx = np.fft.fftfreq(HEIGHT)[:, None], np.fft.rfftfreq(WIDTH)[None, :]
    fall = 1 / np.maximum(np.hypot(fx, fy), 1 / WIDTH)
    common = np.fft.irfft2(np.fft.rfft2(draw.standard_normal((HEIGHT, WIDTH))) * fall, (HEIGHT, WIDTH))
    bands = []
    for _ in range(3):
        own = np.fft.irfft2(np.fft.rfft2(draw.standard_normal((HEIGHT, WIDTH))) * fall, (HEIGHT, WIDTH))
        bands.append(common / common.std() + 0.3 * own / own.std())
    levels = np.stack(bands, axis=-1) * 45 + 118
    for index in range(60):
        radius = int(draw.integers(20, 300))
        x, y = int(draw.integers(0, WIDTH - radius)), int(draw.integers(0, HEIGHT - radius))
        row, column = np.mgrid[:radius, :radius]
        levels[y:y + radius, x:x + radius][row + column < radius] += (-1) ** index * 30
    levels += draw.normal(0, 1.5, levels.shape)
    Image.fromarray(np.clip(np.rint(levels), 0, 255).astype(np.uint8)).save(file, "jpeg", quality=90)


def programs(ours, script):
    """Name -> the command for (source, target, sigma); those that are not installed are told."""
    magick = shutil.which("magick") or shutil.which("convert-im6.q16") or "/usr/bin/convert"
    quality = "[Q=95]"

    def saved(target):
        return f"{target}{quality}" if target.suffix == ".jpg" else str(target)
    found = {
        "gaussfilt": lambda i, o, s: [ours, "blur", i, o, "--sigma", str(s), "--quiet"],
        "gaussfilt --sigma 0": lambda i, o, s: [ours, "blur", i, o, "--sigma", "0", "--quiet"],
        "vips gaussblur, float": lambda i, o, s: ["vips", "gaussblur", i, saved(o), str(s), "--precision", "float"],
        "vips gaussblur, integer": lambda i, o, s: ["vips", "gaussblur", i, saved(o), str(s), "--precision", "integer"],
        "vips copy": lambda i, o, s: ["vips", "copy", i, saved(o)],
        "ImageMagick -blur": lambda i, o, s: [magick, i, "-blur", f"0x{s}", "-quality", "95", o],
        "ffmpeg gblur": lambda i, o, s: ["ffmpeg", "-v", "error", "-y", "-i", i, "-vf",
                                         f"format=gbrp,gblur=sigma={s}:steps=6", "-q:v", "2", o],
        "Pillow GaussianBlur": lambda i, o, s: [sys.executable, script, i, o, str(s)],
    }
    usable = {name: command for name, command in found.items()
              if shutil.which(str(command(Path("i"), Path("o.png"), 1)[0]))}
    missing = [name for name in found if name not in usable]
    return usable, missing


def measured(command):
    """Wall time and user CPU in seconds."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    wall = time.perf_counter() - start
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}: {done.stderr or done.stdout}")
    return wall, resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before.ru_utime


def in_turns(commands, runs):
    """Name -> a list of (wall, user); the first turn warms the caches and is not counted."""
    taken = {name: [] for name in commands}
    for turn in range(runs + 1):
        for name, command in commands.items():
            times = measured(command)
            if turn:
                taken[name].append(times)
    return taken


def error(file, expected):
    result = np.asarray(Image.open(file).convert("RGB"), np.float64)
    difference = np.abs(result - expected)
    return difference.max(), difference.mean()


def row(name, taken, base, tail):
    walls, users = ([one[i] for one in taken[name]] for i in (0, 1))
    ratios = [one[0] / other[0] for one, other in zip(taken[name], taken[base])]
    spread = f"{min(walls):.2f} to {max(walls):.2f}"
    return (f"| {name} | {statistics.median(walls):.2f} ({spread}) | {statistics.median(users):.2f} | "
            f"{statistics.median(ratios):.2f} | {tail} |")


def blur_table(source, folder, usable, sigma, runs):
    reference = np.asarray(Image.open(source), np.float64)
    reference = ndimage.gaussian_filter(reference, (sigma, sigma, 0), mode="reflect", truncate=8)
    tails = {}
    for name, command in usable.items():
        target = folder / "error.png"
        measured(command(source, target, sigma))
        largest, mean = error(target, reference)
        tails[name] = "" if name in ("gaussfilt --sigma 0", "vips copy") else f"{largest:.2f}, {mean:.3f}"
    taken = in_turns({name: command(source, folder / "out.jpg", sigma) for name, command in usable.items()}, runs)
    print(f"sigma {sigma}: errors measured, {len(tails)} programs take turns", file=sys.stderr, flush=True)
    lines = [f"## sigma {sigma}", "", "| program | wall s (least to most) | user s | wall / gaussfilt | "
             "error: largest, mean (levels) |", "|---|---|---|---|---|"]
    return lines + [row(name, taken, "gaussfilt", tails[name]) for name in usable] + [""]


def region_table(ours, jpeg, folder, runs):
    png = folder / "photo.png"
    Image.open(jpeg).save(png)
    box = ",".join(map(str, REGION))
    lines = [f"## A region of {REGION[2]} x {REGION[3]}, sigma 10", "",
             "| picture | wall s (least to most) | user s | wall / sigma 0 | |", "|---|---|---|---|---|"]
    for source in (jpeg, png):
        target, kind = folder / f"region{source.suffix}", source.suffix[1:].upper()
        base = [ours, "blur", source, target, "--quiet", "--sigma"]
        commands = {f"{kind}, sigma 0": [*base, "0"], f"{kind}, the region": [*base, "10", "--region", box],
                    f"{kind}, all of it": [*base, "10"]}
        taken = in_turns(commands, runs)
        lines += [row(name, taken, f"{kind}, sigma 0", "") for name in commands]
    return [*lines, ""]


def versions(usable):
    asked = {"vips": ["vips", "--version"], "ImageMagick": ["/usr/bin/convert", "-version"],
             "ffmpeg": ["ffmpeg", "-version"]}
    said = [f"Pillow {Image.__version__}"]
    for name, command in asked.items():
        if any(name in other for other in usable):
            told = subprocess.run(command, capture_output=True, text=True).stdout
            said.append(told.splitlines()[0].removeprefix("Version: ").split(" Copy")[0].split(" https:")[0])
    return "; ".join(said)


def head(usable, missing, runs):
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as info:
        models = [line.split(":", 1)[1].strip() for line in info if line.startswith("model name")]
    return ["# Whole processes", "",
            f"- machine: {models[0] if models else 'unknown CPU'}, {os.cpu_count()} CPUs",
            f"- date: {datetime.date.today().isoformat()}",
            f"- picture: JPEG of {WIDTH} x {HEIGHT}, quality 90, made by bench/pictures.py; written as JPEG of quality "
            "95 (ffmpeg: -q:v 2)",
            f"- {versions(usable)}", f"- {runs} runs of each, in turns, after one to warm up; medians",
            "- command: `make bench-pictures`", *([f"- not installed: {', '.join(missing)}"] if missing else []), "",
            "`gaussfilt --sigma 0` and `vips copy` decode and encode alone.", ""]


def main():
    options = arguments()
    ours = options.program.resolve()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        script = folder / "with_pillow.py"
        script.write_text(PILLOW)
        photo(folder / "photo.jpg")
        usable, missing = programs(ours, script)
        lines = head(usable, missing, options.runs)
        for sigma in SIGMAS:
            lines += blur_table(folder / "photo.jpg", folder, usable, sigma, options.runs)
        lines += region_table(ours, folder / "photo.jpg", folder, options.runs)
    text = "\n".join(lines)
    print(text)
    if options.markdown:
        options.markdown.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
