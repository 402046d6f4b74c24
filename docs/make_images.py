#!/usr/bin/env python3
"""Makes the pictures of the documents with the command line.

    python3 docs/make_images.py PATH/TO/gaussfilt

Writes docs/images/sample-compare.png (examples/sample.png before and after), docs/images/borders.png (a small picture
under each border), the two of docs/regions.md, and where Chromium is installed docs/images/report.png, a page of
`gaussfilt report` as it is shown. Needs the standard library only.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "examples"))
import make_sample as draw  # noqa: E402

SIDE, GAP, LABELS = 140, 12, 30
REGIONS = {"ellipse": "--region ellipse:433,67,122,122 --feather 24 --sigma 10",
           "invert": "--region ellipse:62%,7%,31%,50% --invert --feather 30 --sigma 8"}
BORDERS = ("reflect", "mirror", "nearest", "wrap", "constant")


def border_source():
    """Bold shapes at the edges, where borders matter."""
    canvas = draw.Canvas(SIDE, SIDE)
    canvas.rectangle(0, 0, SIDE, SIDE, draw.colour("f4f1e6"))
    canvas.rectangle(0, 0, 26, SIDE, draw.colour("e5484d"))
    canvas.rectangle(26, SIDE - 30, SIDE, SIDE, draw.colour("24305e"))
    canvas.disc(SIDE - 22, 34, 26, draw.colour("f5a524"))
    canvas.disc(70, 12, 20, draw.colour("12a5b8"))
    return canvas


def borders(gaussfilt, out):
    panels = len(BORDERS) + 1
    sheet = draw.Canvas(panels * (SIDE + GAP) + GAP, SIDE + GAP + LABELS)
    sheet.rectangle(0, 0, sheet.width, sheet.height, draw.colour("ffffff"))
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "source.png")
        pathlib.Path(source).write_bytes(border_source().png())
        for i, name in enumerate(("before",) + BORDERS):
            picture = source if i == 0 else os.path.join(folder, f"{name}.png")
            if i > 0:
                subprocess.run([gaussfilt, "blur", source, picture, "--sigma", "12", "--border", name, "--quiet"],
                               check=True)
            x0 = GAP + i * (SIDE + GAP)
            for y, row in enumerate(draw.read_png(picture)):
                for x, pixel in enumerate(row):
                    sheet.blend(x0 + x, GAP + y, pixel, 1.0)
            width = draw.text_width(name, 7, 4.4)
            draw.text(sheet, x0 + (SIDE - width) / 2, GAP + SIDE + 19, 7, 1.3, draw.colour("30324a"), name, gap=4.4)
    pathlib.Path(out).write_bytes(sheet.png())


def report(gaussfilt, out):
    """A page about the sample, in a window as wide as a text."""
    options = ["--sigma", "8", "--region", "ellipse:433,67,122,122", "--region", "20,100,240,60"]
    browser = shutil.which("chromium")
    if not browser:
        print("no chromium: docs/images/report.png stays as it is")
        return
    with tempfile.TemporaryDirectory() as folder:
        sample, page = ROOT / "examples" / "sample.png", pathlib.Path(folder) / "page.html"
        soft = pathlib.Path(folder) / "soft.png"
        subprocess.run([gaussfilt, "blur", sample, soft, *options, "--quiet"], check=True)
        subprocess.run([gaussfilt, "report", sample, soft, "-o", page, *options, "--quiet"], check=True)
        subprocess.run([browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                        "--disable-dev-shm-usage", f"--user-data-dir={folder}/browser", "--window-size=820,1500",
                        f"--screenshot={out}", page.as_uri()], check=True, capture_output=True)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    gaussfilt, images = sys.argv[1], ROOT / "docs" / "images"
    images.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([gaussfilt, "blur", ROOT / "examples" / "sample.png", os.path.join(folder, "out.png"),
                        "--sigma", "4", "--compare", images / "sample-compare.png", "--quiet"], check=True)
    borders(gaussfilt, images / "borders.png")
    for name, options in REGIONS.items():
        subprocess.run([gaussfilt, "blur", ROOT / "examples" / "sample.png", images / f"regions-{name}.png",
                        *options.split(), "--quiet"], check=True)
    report(gaussfilt, images / "report.png")
    for path in sorted(images.glob("*.png")):
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
