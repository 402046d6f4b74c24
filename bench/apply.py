#!/usr/bin/env python3
"""Many small pictures: `gaussfilt apply` on a folder of PNG files beside a loop over them with Pillow, in one process.

    python bench/apply.py --program BUILD/cli/gaussfilt [--pictures 1000] [--side 128] [--runs 5] [--cores 2]

Each run writes into a folder that is new. What is timed is the whole process, from its start to its end. Filters:
Pillow's GaussianBlur(3), and a 5 x 5 kernel over 256. Every second picture is smooth, the others noisy.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

KERNEL = [[a * b for b in (1, 4, 6, 4, 1)] for a in (1, 4, 6, 4, 1)]
LOOP = """import sys
from pathlib import Path
from PIL import Image, ImageFilter
kernel = [a * b for a in (1, 4, 6, 4, 1) for b in (1, 4, 6, 4, 1)]
filters = {"blur": ImageFilter.GaussianBlur(3), "kernel": ImageFilter.Kernel((5, 5), kernel, 256)}
target = Path(sys.argv[2])
target.mkdir()
for file in sorted(Path(sys.argv[1]).iterdir()):
    Image.open(file).filter(filters[sys.argv[3]]).save(target / file.name)
"""
STEPS = {"blur": {"blur": {"sigma": 3}}, "kernel": {"convolve": {"kernel": KERNEL, "factor": 1 / 256}}}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", type=Path, required=True, help="the built gaussfilt")
    parser.add_argument("--pictures", type=int, default=1000)
    parser.add_argument("--side", type=int, default=128)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--at-least", type=float, help="exit code 1 where gaussfilt is not so many times as fast")
    return parser.parse_args()


def make_pictures(folder, count, side):
    random = np.random.default_rng(7)
    folder.mkdir()
    waves = np.sin(np.arange(side) / 9)
    for i in range(count):
        smooth = 127 + 60 * np.add.outer(waves, np.roll(waves, i))[..., None] * random.random(3)
        noise = random.integers(-20, 21, (side, side, 3)) * (i % 2)
        Image.fromarray(np.clip(smooth + noise, 0, 255).astype(np.uint8)).save(folder / f"{i:05}.png")


def seconds(command):
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{command[0]}: exit code {done.returncode}: {done.stderr.strip()}")
    return time.perf_counter() - start


def measure(given, scratch, pictures, name):
    recipe = scratch / f"{name}.json"
    recipe.write_text(json.dumps({"version": 1, "filters": [{"name": name, **STEPS[name]}]}))
    times = {"gaussfilt": [], "Pillow": []}
    for run in range(given.runs):
        for who, many in times.items():
            out = scratch / f"{name}-{who}-{run}"
            ours = [given.program.resolve(), "apply", recipe, pictures, "-o", out, "--quiet"]
            loop = [sys.executable, "-c", LOOP, pictures, out, name]
            many.append(seconds(ours if who == "gaussfilt" else loop))
            written = len(list(out.glob("*.png")))
            if written != given.pictures:
                sys.exit(f"{who}: wrote {written} pictures, must be {given.pictures}")
            shutil.rmtree(out)
    return [statistics.median(many) for many in times.values()]


def main():
    given = arguments()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:given.cores])
    worst = float("inf")
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        make_pictures(scratch / "in", given.pictures, given.side)
        print(f"{given.pictures} PNG of {given.side} x {given.side} RGB, {given.cores} cores, median of {given.runs}")
        for name in STEPS:
            ours, theirs = measure(given, scratch, scratch / "in", name)
            worst = min(worst, theirs / ours)
            print(f"{name}: gaussfilt {ours:.2f} s, Pillow {theirs:.2f} s, {theirs / ours:.1f} times as fast",
                  flush=True)
    return int(given.at_least is not None and worst < given.at_least)


if __name__ == "__main__":
    sys.exit(main())
