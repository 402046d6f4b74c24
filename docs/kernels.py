#!/usr/bin/env python3
"""Writes docs/kernels.md's list of kernels and draws their pictures, both with the program itself.

    make docs
    python3 docs/kernels.py PROGRAM

The pictures are the star of examples/sample.png, before and after `gaussfilt convolve`; the list stands between the two
marks of the page.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
PAGE, IMAGES = ROOT / "docs" / "kernels.md", ROOT / "docs" / "images" / "kernels"
BEGIN, END = "<!-- kernels: begin -->\n", "<!-- kernels: end -->\n"
NAMES = [
    "gaussian(5, 1.2)", "gaussian3x3", "gaussian5x5", "box(5)", "motion(9, 30)", "sharpen3x3", "sharpen5x5",
    "emboss3x3", "emboss5x5", "edges", "laplacian", "unsharp(2, 1.5, 3)", "pillow-blur", "pillow-contour",
    "pillow-detail", "pillow-edge-enhance", "pillow-edge-enhance-more", "pillow-emboss", "pillow-find-edges",
    "pillow-sharpen", "pillow-smooth", "pillow-smooth-more",
]  # fmt: skip
OPTIONS = {"laplacian": ["--signed", "mid"]} | {
    name: ["--like", "pillow"] for name in NAMES if name.startswith("pillow-")
}


def run(program, *words):
    return subprocess.run([program, *words], check=True, capture_output=True, text=True).stdout


def stem(name):
    return "".join(c if c.isalnum() else "-" for c in name).strip("-").replace("--", "-")


def section(program, name, folder):
    """A kernel's heading, facts, matrix and picture."""
    answer = json.loads(run(program, "kernel", name, "--format", "json"))
    rows = answer["kernel"]
    if len(rows) <= 9:
        cells = [[f"{value:.4g}" for value in row] for row in rows]
        width = max(len(cell) for row in cells for cell in row)
        matrix = "\n".join("    " + "  ".join(cell.rjust(width) for cell in row) for row in cells)
    else:
        matrix = f"{len(rows)} x {len(rows)} weights; `gaussfilt kernel '{name}' --format csv` prints them."
    options = OPTIONS.get(name, [])
    command = " ".join(["gaussfilt convolve star.png out.png --kernel", f"'{name}'" if "(" in name else name, *options])
    image = IMAGES / f"{stem(name)}.png"
    run(program, "convolve", str(folder / "star.png"), str(folder / "out.png"), "--kernel", name, *options,
        "--compare", str(image), "--quiet")
    return (f"### {name}\n\nVersion {answer['version']}; factor {answer['factor']:.6g}, bias {answer['bias']:g}; "
            f"{answer['orientation']}.\n\n{matrix}\n\n    {command}\n\n![{name}](images/kernels/{image.name})\n")


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "build" / "release" / "cli" / "gaussfilt")
    IMAGES.mkdir(parents=True, exist_ok=True)
    page = PAGE.read_text()
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    with tempfile.TemporaryDirectory() as folder:
        sample = Image.open(ROOT / "examples" / "sample.png").convert("RGB")
        sample.crop((400, 110, 540, 250)).save(f"{folder}/star.png")
        sections = [section(program, name, Path(folder)) for name in NAMES]
    PAGE.write_text(before + BEGIN + "\n" + "\n".join(sections) + "\n" + END + after)


if __name__ == "__main__":
    main()
