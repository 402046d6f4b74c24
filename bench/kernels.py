#!/usr/bin/env python3
"""Kernels and means of windows beside OpenCV: 4096 x 4096, one thread, in one process, in turn.

    python bench/kernels.py [--side 4096] [--runs 9] [--markdown FILE]

Before a case is timed the results are compared: OpenCV's integers may be off by one level, for it rounds in between or
in float.
"""

import argparse
import dataclasses
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import gaussfilt
import numpy as np

REFLECT = {"borderType": cv2.BORDER_REFLECT_101}
BINOMIAL = np.array([1, 4, 6, 4, 1]) / 16


@dataclasses.dataclass(frozen=True)
class Case:
    """`ours` and `theirs` take a picture and the array that they write."""

    name: str
    rival: str
    ours: Callable
    theirs: Callable


def dense(side):
    """Weights without a product of lines in them."""
    kernel = np.random.default_rng(2).integers(1, 9, (side, side)).astype(float)
    return kernel / kernel.sum()


def correlation(name, rival, kernel, theirs):
    plans = {}

    def ours(picture, out):
        key = picture.shape, picture.dtype
        if key not in plans:
            plans[key] = gaussfilt.plan_correlate(*key, kernel, axes=(0, 1), border="mirror", threads=1)
        plans[key](picture, out)

    return Case(name, rival, ours, theirs)


def filter_2d(side):
    kernel = dense(side)
    return correlation(f"dense {side} x {side}", "filter2D", kernel,
                       lambda picture, out: cv2.filter2D(picture, -1, kernel, dst=out, **REFLECT))  # fmt: skip


def box(radius):
    size = 2 * radius + 1
    return Case(
        f"box, radius {radius}", "boxFilter",
        lambda picture, out: gaussfilt.box(picture, size, axes=(0, 1), border="mirror", out=out, threads=1),
        lambda picture, out: cv2.boxFilter(picture, -1, (size, size), dst=out, **REFLECT),
    )  # fmt: skip


CASES = (
    filter_2d(3), filter_2d(5), filter_2d(7),
    correlation("1 4 6 4 1 squared", "sepFilter2D", np.outer(BINOMIAL, BINOMIAL),
                lambda picture, out: cv2.sepFilter2D(picture, -1, BINOMIAL, BINOMIAL, dst=out, **REFLECT)),
    box(2), box(50),
)  # fmt: skip
DTYPES = (np.uint8, np.uint16, np.float32)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--side", type=int, default=4096)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--markdown", type=Path, help="write the table there")
    return parser.parse_args()


def check(ours, theirs, what):
    allowed = 1 if ours.dtype.kind == "u" else 1e-2
    worst = np.abs(ours.astype(float) - theirs).max()
    if worst > allowed:
        sys.exit(f"{what}: the results differ by {worst}, must by at most {allowed}")


def measure(case, dtype, channels, given):
    shape = (given.side,) * 2 if channels == 1 else (given.side, given.side, channels)
    picture = np.random.default_rng(1).integers(0, 255, shape).astype(dtype)
    outputs = [np.empty_like(picture), np.empty_like(picture)]
    calls, times = (case.ours, case.theirs), ([], [])
    for call, out in zip(calls, outputs, strict=True):
        call(picture, out)
    check(*outputs, case.name)
    for _ in range(given.runs):
        for call, out, taken in zip(calls, outputs, times, strict=True):
            start = time.perf_counter()
            call(picture, out)
            taken.append(time.perf_counter() - start)
    return [1000 * min(taken) for taken in times]


def main():
    given = arguments()
    cv2.setNumThreads(1)
    lines = [f"One thread, {given.side} x {given.side}, best of {given.runs}; OpenCV {cv2.__version__}, "
             f"{platform.machine()}, {gaussfilt.active_cpu_target()}; `python bench/kernels.py`.", "",
             "| filter | samples | gaussfilt, ms | OpenCV, ms | times as fast |", "|---|---|---|---|---|"]
    for case in CASES:
        for dtype in DTYPES:
            for channels in (1, 3):
                ours, theirs = measure(case, dtype, channels, given)
                lines.append(f"| {case.name} | {np.dtype(dtype).name} x {channels} | {ours:.1f} | "
                             f"{theirs:.1f} ({case.rival}) | {theirs / ours:.2f} |")
                print(lines[-1], flush=True)
    if given.markdown:
        given.markdown.write_text("# Kernels and means of windows\n\n" + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
