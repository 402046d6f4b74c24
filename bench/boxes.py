#!/usr/bin/env python3
"""Means of windows beside OpenCV's boxFilter: 4096 x 4096, one thread, in one process, in turn.

    python bench/boxes.py [--side 4096] [--runs 9] [--markdown FILE]

Before a case is timed the results are compared: OpenCV's integers may be off by one level, for it rounds in float.
"""

import argparse
import platform
import sys
import time
from pathlib import Path

import cv2
import gaussfilt
import numpy as np

CASES = [(dtype, channels, radius) for dtype in (np.uint8, np.uint16, np.float32) for channels in (1, 3)
         for radius in (2, 50)]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--side", type=int, default=4096)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--markdown", type=Path, help="write the table there")
    return parser.parse_args()


def contenders(picture, radius):
    size = 2 * radius + 1
    ours, theirs = np.empty_like(picture), np.empty_like(picture)
    axes = (0, 1)
    return (
        (lambda: gaussfilt.box(picture, size, axes=axes, border="mirror", out=ours, threads=1), ours),
        (lambda: cv2.boxFilter(picture, -1, (size, size), dst=theirs, borderType=cv2.BORDER_REFLECT_101), theirs),
    )


def check(ours, theirs, what):
    allowed = 1 if ours.dtype.kind == "u" else 1e-2
    worst = np.abs(ours.astype(float) - theirs).max()
    if worst > allowed:
        sys.exit(f"{what}: the results differ by {worst}, must by at most {allowed}")


def measure(case, side, runs):
    dtype, channels, radius = case
    shape = (side, side) if channels == 1 else (side, side, channels)
    picture = np.random.default_rng(1).integers(0, 255, shape).astype(dtype)
    (box, ours), (box_filter, theirs) = contenders(picture, radius)
    times = {box: [], box_filter: []}
    for call in times:
        call()
    check(ours, theirs, case)
    for _ in range(runs):
        for call, list_of in times.items():
            start = time.perf_counter()
            call()
            list_of.append(time.perf_counter() - start)
    return [1000 * min(list_of) for list_of in times.values()]


def main():
    given = arguments()
    cv2.setNumThreads(1)
    lines = [f"One thread, {given.side} x {given.side}, best of {given.runs}; OpenCV {cv2.__version__}, "
             f"{platform.machine()}, {gaussfilt.active_cpu_target()}.", "",
             "| samples | radius | gaussfilt.box, ms | cv2.boxFilter, ms | times as fast |", "|---|---|---|---|---|"]
    for case in CASES:
        ours, theirs = measure(case, given.side, given.runs)
        dtype, channels, radius = case
        lines.append(f"| {np.dtype(dtype).name} x {channels} | {radius} | {ours:.1f} | {theirs:.1f} | "
                     f"{theirs / ours:.2f} |")
        print(lines[-1], flush=True)
    if given.markdown:
        given.markdown.write_text("# Means of windows\n\n" + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
