#!/usr/bin/env python3
"""Fourteen tasks that people bring, done with the program: makes inputs, runs commands, writes docs/cli/tasks.md
and the pictures that it shows.

    make docs
    python3 docs/cli/tasks.py --program build/release/cli/gaussfilt [--check]

Needs Pillow. The inputs are cut from examples/sample.png or drawn here. --check writes nothing: it says where the text
or a picture is no longer what the commands give, and fails.
"""

import argparse
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageSequence, ImageStat

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "cli" / "tasks.md"
IMAGES = ROOT / "docs" / "images" / "cli"
GAP = 4  # pixels between pictures on a sheet
SMOOTH = 4  # drawn so many times larger, then reduced: edges become smooth
MEAN_LIMIT = 1.0  # levels by which a picture may differ: CPUs, decoders and quantisers do

OPENING = """# Fourteen tasks

Fourteen things that people ask for, done with nothing but what `gaussfilt --help`, `gaussfilt COMMAND --help` and
`--help-all` say. Commands, output and pictures are real: `make docs` runs them ([tasks.py](tasks.py)), a test holds
them to this page. Times are left out. In a picture with two halves the input is on the left.
"""


@dataclass(frozen=True)
class Task:
    title: str
    asked: str
    make: Callable  # writes the inputs into the working folder
    commands: tuple  # as one types them
    picture: str  # the file's name in docs/images/cli
    show: Callable  # the bytes of the picture, once the commands have run
    alt: str
    see: str


# ---- inputs


def sample(*box):
    """A cut out of examples/sample.png: left, top, right, bottom."""
    return Image.open(ROOT / "examples" / "sample.png").convert("RGB").crop(box)


def title():
    sample(28, 105, 278, 149).save("card.png")


def star():
    sample(404, 38, 584, 218).save("star.png")


def sticker():
    """A ring and a dot; the colour of what is transparent is black."""
    large = Image.new("L", (180 * SMOOTH, 130 * SMOOTH), 0)
    pen = ImageDraw.Draw(large)
    for radius, cover in ((50, 255), (34, 0), (20, 255)):
        pen.ellipse([v * SMOOTH for v in (90 - radius, 65 - radius, 90 + radius, 65 + radius)], cover)
    cover = large.resize((180, 130), Image.Resampling.BOX)
    black, yellow = (Image.new("RGB", cover.size, colour) for colour in ((0, 0, 0), (250, 190, 30)))
    picture = Image.composite(yellow, black, cover.point(lambda level: 255 if level else 0))
    picture.putalpha(cover)
    picture.save("sticker.png")


def modes():
    star = sample(404, 38, 584, 128)
    star.quantize(32, dither=Image.Dither.NONE).save("palette.png")
    grey = sample(28, 304, 176, 394).convert("L")
    grey.convert("1", dither=Image.Dither.NONE).save("ink.png")
    Image.frombytes("I;16", grey.size, b"".join(bytes([level, level]) for level in grey.tobytes())).save("scan.png")


def stripes():
    """Red and green side by side, white lines on black."""
    picture = Image.new("RGB", (220, 110))
    pen = ImageDraw.Draw(picture)
    for x in range(0, 110, 22):
        pen.rectangle([x, 0, x + 21, 109], (230, 30, 30) if x % 44 == 0 else (20, 190, 60))
    for x in range(118, 220, 14):
        pen.rectangle([x, 0, x + 3, 109], (255, 255, 255))
    picture.save("stripes.png")


def jpeg(picture, **options):
    data = BytesIO()
    picture.save(data, "jpeg", quality=92, **options)
    return data.getvalue()


def exif(orientation, preview):
    """An EXIF block with the camera's orientation and a preview, as cameras write it."""
    first, second = 8, 8 + 2 + 12 + 4  # where the directories begin
    after = second + 2 + 3 * 12 + 4
    entry = struct.Struct("<HHII").pack
    return b"".join([
        b"Exif\0\0II*\0", struct.pack("<I", first),
        struct.pack("<H", 1), entry(0x112, 3, 1, orientation), struct.pack("<I", second),
        struct.pack("<H", 3), entry(0x103, 3, 1, 6), entry(0x201, 4, 1, after), entry(0x202, 4, 1, len(preview)),
        struct.pack("<I", 0), preview,
    ])  # fmt: skip


def phone():
    """Stored lying on its side, with the mark that says how to turn it, and a preview."""
    seen = sample(436, 296, 616, 372)
    stored = seen.transpose(Image.Transpose.ROTATE_90)
    preview = jpeg(stored.resize((stored.width // 2, stored.height // 2)))
    Path("preview.jpg").write_bytes(preview)
    Path("phone.jpg").write_bytes(jpeg(stored, exif=exif(6, preview)))


def ball():
    frames = []
    for step in range(6):
        frame = Image.new("RGB", (160 * SMOOTH, 100 * SMOOTH), (20, 30, 90))
        x, y = 10 + 20 * step, 30 + 4 * (step - 2) ** 2
        ImageDraw.Draw(frame).ellipse([v * SMOOTH for v in (x, y, x + 40, y + 40)], (250, 180, 40))
        frames.append(frame.resize((160, 100), Image.Resampling.BOX))
    frames[0].save("ball.gif", save_all=True, append_images=frames[1:], duration=[120, 120, 120, 120, 120, 600], loop=0)


def charts():
    picture = sample(28, 300, 288, 352)
    picture.save("large.png")
    picture.resize((130, 26), Image.Resampling.BOX).save("small.png")


def folders():
    for folder in ("trip/day1", "trip/day2/evening"):
        Path(folder).mkdir(parents=True)
    sample(404, 38, 514, 148).save("trip/sun.png")
    sample(274, 290, 384, 400).save("trip/day1/chart.png")
    Path("trip/day1/torn.png").write_bytes(Path("trip/sun.png").read_bytes()[:4000])
    sample(20, 180, 130, 290).save("trip/day2/evening/hills.png")
    Path("trip/day2/notes.txt").write_text("rain\n")


def icon():
    sample(404, 38, 584, 218).resize((12, 12), Image.Resampling.BOX).crop((0, 0, 12, 8)).save("icon.png")
    Image.new("RGB", (12, 8), (255, 200, 3)).save("flat.png")


def words():
    sample(20, 14, 370, 184).save("poster.png")


def eight():
    sample(20, 14, 370, 184).save("poster.png")
    filters = {
        "soft": {"blur": {"sigma": 3}},
        "softer, in linear light": {"blur": {"sigma": 6, "light": "linear"}},
        "sideways": {"blur": {"sigma": [8, 0]}},
        "one corner": {"blur": {"sigma": 6, "regions": [[0, 70, 150, 60]]}},
        "motion": {"convolve": {"kernel": "motion(13, 30)"}},
        "sharp": {"convolve": {"kernel": "unsharp(2, 1.5, 3)"}},
        "relief": {"convolve": {"kernel": "emboss3x3"}},
        "edges": {"convolve": {"kernel": "laplacian", "signed": "mid"}},
    }
    lines = ",\n  ".join(json.dumps({"name": name} | step) for name, step in filters.items())
    Path("eight.json").write_text(f'{{"version": 1, "filters": [\n  {lines}\n]}}\n')


def posters():
    eight()
    Path("posters").mkdir()
    Path("poster.png").rename("posters/poster.png")
    Path("posters/sign.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="160" height="120"><rect width="160" height="120" '
        'fill="#335c81"/><circle cx="80" cy="60" r="44" fill="#f2c14e"/><path d="M52 84 L80 30 L108 84 Z" '
        'fill="#b23a48"/></svg>\n'
    )


# ---- pictures


def png(picture):
    data = BytesIO()
    picture.save(data, "png", optimize=True)
    return data.getvalue()


def opened(name):
    """A picture's pixels as 8 bit RGB; 16 bit grey by its upper byte, which Pillow would clip."""
    picture = Image.open(name)
    if picture.mode == "I;16":
        return Image.frombytes("L", picture.size, picture.tobytes()[1::2]).convert("RGB")
    return picture.convert("RGB")


def written(name):
    """What a command wrote, as it is."""
    return lambda: Path(name).read_bytes()


def stacked(*names, background=(255, 255, 255), enlarge=1):
    """Several of the files, one below the other."""

    def draw():
        parts = [opened(name) for name in names]
        parts = [part.resize((part.width * enlarge, part.height * enlarge), Image.Resampling.NEAREST) for part in parts]
        height = sum(part.height + GAP for part in parts) - GAP
        sheet, y = Image.new("RGB", (max(part.width for part in parts), height), background), 0
        for part in parts:
            sheet.paste(part, (0, y))
            y += part.height + GAP
        return png(sheet)

    return draw


def on_chequers(name, side=10):
    """A transparent picture as editors show it."""

    def draw():
        front = Image.open(name).convert("RGBA")
        back = Image.new("RGBA", front.size, (255, 255, 255, 255))
        pen = ImageDraw.Draw(back)
        for y in range(0, front.height, side):
            for x in range(y % (2 * side), front.width, 2 * side):
                pen.rectangle([x, y, x + side - 1, y + side - 1], (225, 225, 225, 255))
        return png(Image.alpha_composite(back, front).convert("RGB"))

    return draw


def eight_of(folder, stem):
    """The pictures of a folder whose names begin so, in two rows."""

    def draw():
        parts = [opened(file) for file in sorted(Path(folder).glob(f"{stem}-*.png"))]
        width, height = parts[0].size
        sheet = Image.new("RGB", (4 * (width + GAP) - GAP, 2 * (height + GAP) - GAP), (255, 255, 255))
        for place, part in enumerate(parts):
            sheet.paste(part, (place % 4 * (width + GAP), place // 4 * (height + GAP)))
        sheet.save("eight-of.png")
        return stacked("eight-of.png")()

    return draw


def trees(before, after):
    """The pictures below the second folder, in the order of names, under those that they were made from."""

    def draw():
        names = [path.relative_to(after) for path in sorted(Path(after).rglob("*.png"))]
        for root in (before, after):
            row = [opened(Path(root) / name) for name in names]
            sheet = Image.new("RGB", (sum(part.width + GAP for part in row) - GAP, row[0].height), (255, 255, 255))
            for place, part in enumerate(row):
                sheet.paste(part, (place * (part.width + GAP), 0))
            sheet.save(f"{root}.row.png")
        return stacked(f"{before}.row.png", f"{after}.row.png")()

    return draw


# ---- tasks

TASKS = (
    Task(
        "Radius, size or sigma",
        "One program has a radius, another library a kernel size. What do I type here to get the same?",
        title,
        (
            "gaussfilt blur card.png soft.png --radius 4",
            "gaussfilt blur card.png soft.png --sigma 4 --compare both.png",
            "gaussfilt blur card.png soft.png --size 21 --compare size.png",
        ),
        "radius.png",
        stacked("both.png", "size.png"),
        "a title, blurred with sigma 4 and with a kernel of 21 taps",
        "Sigma 4 above, and below, a little weaker, the sigma of 3.5 that a size of 21 stands for.",
    ),
    Task(
        "Sideways only",
        "It should look as if it moved: blurred from left to right, sharp from top to bottom.",
        star,
        ("gaussfilt blur star.png moved.png --sigma 6,0 --compare both.png",),
        "sideways.png",
        written("both.png"),
        "a star of rays, blurred along x only",
        "The rays that point up and down run into each other; those that point left and right stay sharp.",
    ),
    Task(
        "No dark halo around a transparent picture",
        "I blur a logo on a transparent background, and a dark rim appears around it.",
        sticker,
        ("gaussfilt blur sticker.png soft.png --sigma 6 --compare both.png",),
        "halo.png",
        on_chequers("both.png"),
        "a yellow ring and dot on a transparent ground, before and after",
        "The ring fades into the chequers in its own yellow, although the pixels that one does not see are black.",
    ),
    Task(
        "Palette, one bit, sixteen bits",
        'My script says "wrong mode": some pictures have a palette, some are black and white, some have 16 bits.',
        modes,
        (
            "gaussfilt info palette.png ink.png scan.png",
            "gaussfilt blur palette.png palette-soft.png --sigma 3 --compare both1.png",
            "gaussfilt blur ink.png ink-soft.png --sigma 3 --compare both2.png",
            "gaussfilt blur scan.png scan-soft.png --sigma 3 --compare both3.png",
            "gaussfilt info palette-soft.png ink-soft.png scan-soft.png",
        ),
        "modes.png",
        stacked("both1.png", "both2.png", "both3.png"),
        "a picture with a palette, one of one bit and one of 16 bits, each before and after",
        "Each is blurred into true shades, where the input had but 32 colours, or black and white.",
    ),
    Task(
        "Colours that turn to mud",
        "Between red and green the blur is brown, and thin white lines get too dark. A real lens does not do that.",
        stripes,
        (
            "gaussfilt blur stripes.png encoded.png --sigma 5 --compare both1.png",
            "gaussfilt blur stripes.png linear.png --sigma 5 --light linear --compare both2.png",
        ),
        "light.png",
        stacked("both1.png", "both2.png"),
        "red and green stripes and white lines, blurred as encoded and in linear light",
        "Above the numbers of the file are averaged, below the light: yellow between red and green, brighter lines.",
    ),
    Task(
        "A photograph from a phone, with words on it",
        "After blurring the picture lies on its side, and the file manager still shows the words in its preview.",
        phone,
        (
            "gaussfilt info phone.jpg",
            "gaussfilt blur phone.jpg posted.jpg --sigma 9 --region 2%,52%,96%,48% --compare both.png",
            "gaussfilt info posted.jpg",
        ),
        "phone.png",
        stacked("both.png", "preview.jpg"),
        "an upright picture whose lower half, words, is blurred, and the preview that the input held",
        "Upright, and blurred where one sees words; the sharp preview of the input, below, is gone.",
    ),
    Task(
        "An animation",
        "My GIF comes out with its first frame only, or not blurred at all.",
        ball,
        (
            "gaussfilt info ball.gif",
            "gaussfilt blur ball.gif soft.gif --sigma 5 --compare both.gif",
            "gaussfilt info soft.gif",
        ),
        "animation.gif",
        written("both.gif"),
        "a ball that jumps over a blue ground, before and after",
        "Both halves move in step, no frame shines through another, and the last one still stands longer.",
    ),
    Task(
        "The same part of pictures of several sizes",
        "One field of every picture must be blurred, always the same; but the pictures have different sizes.",
        charts,
        (
            "gaussfilt blur large.png large-soft.png --sigma 8 --region 38%,0%,19%,100% --compare both1.png",
            "gaussfilt blur small.png small-soft.png --sigma 4 --region 38%,0%,19%,100% --compare both2.png",
        ),
        "region.png",
        stacked("both1.png", "both2.png"),
        "one of five striped fields blurred, in a large picture and in one of half its size",
        "The field in the middle is blurred in both; beside it nothing has changed.",
    ),
    Task(
        "A folder with folders",
        "Blur all pictures of a trip into another folder, in the same tree. One is torn, some files are no pictures.",
        folders,
        ("gaussfilt blur trip soft --sigma 5 --recursive", "find soft -type f | sort"),
        "folder.png",
        trees("trip", "soft"),
        "three pictures of a tree of folders, and below them their blurred copies",
        "Every whole picture has its copy at the same place; the torn one is named, and has none.",
    ),
    Task(
        "A picture smaller than the kernel",
        "Icons crash my filter, since the kernel is larger than they are, and a flat one changes its colour.",
        icon,
        (
            "gaussfilt blur icon.png soft.png --sigma 3 --compare both1.png",
            "gaussfilt blur icon.png softer.png --sigma 300 --compare both2.png",
            "gaussfilt blur flat.png same.png --sigma 300",
            "gaussfilt compare flat.png same.png",
        ),
        "small.png",
        stacked("both1.png", "both2.png", enlarge=14),
        "an icon of 12 x 8 pixels, blurred with sigma 3 and with sigma 300, enlarged",
        "With sigma 3 the icon is soft, with sigma 300 it has one colour, its mean; a flat one keeps every bit.",
    ),
    Task(
        "What has changed, and where",
        "Is it blurred at all? I want to see both at one place, and where they differ.",
        words,
        (
            "gaussfilt blur poster.png out.png --sigma 2.5 --compare halves.png --compare-as split",
            "gaussfilt blur poster.png out.png --sigma 2.5 --compare where.png --compare-as difference --quiet",
        ),
        "where.png",
        stacked("halves.png", "where.png"),
        "a poster whose right half is blurred, and below it a heat map that is bright at the edges of its letters",
        "Above the left half is as it was. Below, the blur changed most at the edges of the letters.",
    ),
    Task(
        "Which filter do I want",
        "I have a list of filters, and cannot tell from their numbers what they do to my picture.",
        eight,
        (
            "cat eight.json",
            "gaussfilt contact poster.png -o sheet.png --recipe eight.json --columns 3 --cell 200",
        ),
        "sheet.png",
        stacked("sheet.png"),
        "nine pictures in three rows, a poster and what eight filters make of it, each with its name",
        "The same recipe does a folder: see the last task.",
    ),
    Task(
        "All of it, and one corner",
        "Blur the picture. And once more only the 150 x 150 pixels at the top left, with sigma 3, pasted back.",
        words,
        (
            "gaussfilt blur poster.png all.png",
            "gaussfilt blur poster.png corner.png --sigma 3 --region 0,0,150,150",
        ),
        "corner.png",
        stacked("all.png", "corner.png"),
        "a poster blurred as a whole, and below it only in its left part",
        "Beyond the corner every bit is as it was. At its edge the blur saw the letters beyond; nothing was mirrored.",
    ),
    Task(
        "Eight filters over a folder",
        "Every filter of a list on every PNG and SVG of a folder.",
        posters,
        ("ls posters", "gaussfilt apply eight.json posters -o out", "ls out"),
        "eight.png",
        eight_of("out", "sign.svg"),
        "a sign, a triangle in a disc, as eight filters have made it",
        "The drawing's eight results. Its outputs are PNG, named after all of its name, since SVG cannot be written.",
    ),
)


# ---- the page


def run(command, program):
    """What a command says, without the time that it took, and its exit code where it is not 0."""
    environment = {"PATH": f"{program.parent}:{os.environ['PATH']}", "LC_ALL": "C", "HOME": os.getcwd()}
    done = subprocess.run(
        ["sh", "-c", command], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60
    )
    said = re.sub(r", [0-9.]+ m?s$", "", done.stdout, flags=re.MULTILINE)
    return said + (f"(exit code {done.returncode})\n" if done.returncode else "")


def section(number, task, program):
    """The task's text and its picture. Its commands run in a folder that is there for as long as they do."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path.cwd()
        os.chdir(folder)
        try:
            task.make()
            said = "".join(f"$ {command}\n{run(command, program)}" for command in task.commands)
            picture = task.show()
        finally:
            os.chdir(home)
    text = f"\n## {number}. {task.title}\n\n*{task.asked}*\n\n```console\n{said}```\n\n"
    return text + f"![{task.alt}](../images/cli/{task.picture})\n\n{task.see}\n", picture


def frames(data):
    return [frame.convert("RGB") for frame in ImageSequence.Iterator(Image.open(BytesIO(data)))]


def distance(a, b):
    """Mean difference of two pictures in levels, of the frame where it is largest; None where their sizes differ."""
    ours, theirs = frames(a), frames(b)
    if [frame.size for frame in ours] != [frame.size for frame in theirs]:
        return None
    return max(sum(ImageStat.Stat(ImageChops.difference(x, y)).mean) / 3 for x, y in zip(ours, theirs, strict=True))


def differences(page, pictures):
    """One line for everything that is not as it is committed."""
    if not PAGE.exists():
        yield f"{PAGE.relative_to(ROOT)} is missing"
        return
    committed, now = PAGE.read_text().splitlines(), page.splitlines()
    for number, (old, new) in enumerate(zip(committed, now), 1):
        if old != new:
            yield f"{PAGE.relative_to(ROOT)}:{number}: is '{old}', the commands give '{new}'"
    if len(committed) != len(now):
        yield f"{PAGE.relative_to(ROOT)}: has {len(committed)} lines, the commands give {len(now)}"
    for name, data in pictures.items():
        path = IMAGES / name
        apart = distance(path.read_bytes(), data) if path.exists() else None
        if apart is None or apart > MEAN_LIMIT:
            found = "is missing or of another size" if apart is None else f"differs by {apart:.2f} levels in the mean"
            yield f"{path.relative_to(ROOT)}: {found}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=Path, default=ROOT / "build" / "release" / "cli" / "gaussfilt")
    parser.add_argument("--check", action="store_true", help="compare with what is committed, write nothing")
    arguments = parser.parse_args()
    if not shutil.which(arguments.program):
        parser.error(f"--program: {arguments.program} is not a program; build it with make run")
    page, pictures = OPENING, {}
    for number, task in enumerate(TASKS, 1):
        text, pictures[task.picture] = section(number, task, arguments.program.resolve())
        page += text
    if arguments.check:
        found = list(differences(page, pictures))
        print("\n".join(found), end="\n" if found else "", file=sys.stderr)
        return 1 if found else 0
    PAGE.write_text(page)
    IMAGES.mkdir(parents=True, exist_ok=True)
    for name, data in pictures.items():
        (IMAGES / name).write_bytes(data)
        print(f"{IMAGES.relative_to(ROOT)}/{name}: {len(data)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
