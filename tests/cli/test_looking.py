"""What is made to be looked at, read with Pillow: before and after, contact sheets."""
import json
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageFilter

PROGRAM = os.environ.get("GAUSSFILT_PROGRAM", "")
MARGIN = 16


def gaussfilt(folder, *words):
    done = subprocess.run([Path(PROGRAM).resolve(), *map(str, words)], cwd=folder, capture_output=True, text=True,
                          timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def pixels(picture):
    return np.asarray(picture).astype(int)


@pytest.fixture(params=["RGB", "RGBA", "L", "I;16"])
def pair(request, tmp_path):
    """A picture of every mode that Pillow has for PNG, and what blur makes of it."""
    mode = request.param
    rng = np.random.default_rng(5)
    shape = {"RGB": (40, 301, 3), "RGBA": (40, 301, 4), "L": (40, 301), "I;16": (40, 301)}[mode]
    before = rng.integers(0, 65536 if mode == "I;16" else 256, shape).astype(np.uint16 if mode == "I;16" else np.uint8)
    Image.fromarray(before).save(tmp_path / "in.png")
    gaussfilt(tmp_path, "blur", "in.png", "out.png", "--sigma", 3)
    after = Image.open(tmp_path / "out.png")
    assert after.mode == mode
    return tmp_path, pixels(before), pixels(after)


def compared(pair, how):
    folder = pair[0]
    said = gaussfilt(folder, "blur", "in.png", "again.png", "--sigma", 3, "--compare", "seen.png", "--compare-as", how,
                     "--json")
    return pixels(Image.open(folder / "seen.png")), json.loads(said)


def test_side_has_both_and_a_bar(pair):
    seen, said = compared(pair, "side")
    _, before, after = pair
    white = 65535 if before.max() > 255 else 255
    assert seen.shape[1] == 2 * 301 + 2
    assert np.array_equal(seen[:, :301], before)
    assert (seen[:, 301:303] == white).all()
    assert np.array_equal(seen[:, 303:], after)
    assert said["compare_as"] == "side"


def test_split_has_the_left_of_one_and_the_right_of_the_other(pair):
    seen, _ = compared(pair, "split")
    _, before, after = pair
    assert np.array_equal(seen[:, :150], before[:, :150])
    assert np.array_equal(seen[:, 151:], after[:, 151:])
    assert (seen[:, 150] == (65535 if before.max() > 255 else 255)).all()


def test_difference_is_largest_where_the_picture_changed_most(pair):
    seen, said = compared(pair, "difference")
    _, before, after = pair
    if before.ndim == 3 and before.shape[2] == 4:  # colours count as much as one sees of them
        before, after = (np.concatenate([p[..., :3] * p[..., 3:] / 255, p[..., 3:]], axis=2) for p in (before, after))
    change = np.abs(before - after) if before.ndim == 2 else np.abs(before - after).max(axis=2)
    assert seen.shape == (*change.shape, 3)
    assert said["largest_difference"] == pytest.approx(change.max(), abs=1e-9)
    assert (seen[change == change.max()] == 255).all()
    assert (seen[change == 0] == 0).all()


def test_a_sheet_shows_what_apply_writes(tmp_path):
    """Cells against Pillow's own shrinking of the outputs of apply."""
    size, cell, columns = (240, 160), 120, 2
    noise = Image.effect_noise(size, 90).filter(ImageFilter.GaussianBlur(4)).convert("RGB")
    Image.merge("RGB", (noise.getchannel(0), noise.getchannel(1).transpose(Image.Transpose.ROTATE_180),
                        Image.linear_gradient("L").resize(size))).save(tmp_path / "in.png")
    filters = [{"name": "soft", "blur": {"sigma": 9}}, {"name": "edges", "convolve": {"kernel": "edges"}},
               {"name": "relief", "convolve": {"kernel": "emboss5x5"}}]
    (tmp_path / "r.json").write_text(json.dumps({"version": 1, "filters": filters}))
    gaussfilt(tmp_path, "contact", "in.png", "-o", "sheet.png", "--recipe", "r.json", "--cell", cell, "--columns",
              columns)
    gaussfilt(tmp_path, "apply", "r.json", "in.png", "-o", "out")
    sheet = Image.open(tmp_path / "sheet.png")
    assert sheet.mode == "RGB" and sheet.width == MARGIN + columns * (cell + MARGIN)
    row = (sheet.height - MARGIN) // 2
    names = ["in.png", *(f"out/in-{one['name']}.png" for one in filters)]
    for index, name in enumerate(names):
        x, y = MARGIN + index % columns * (cell + MARGIN), MARGIN + index // columns * row
        found = sheet.crop((x, y, x + cell, y + 80))
        expected = Image.open(tmp_path / name).convert("RGB").resize((cell, 80), Image.Resampling.LANCZOS)
        apart = pixels(ImageChops.difference(found, expected))
        assert apart.mean() < 0.6 and apart.max() < 24, (name, apart.mean(), apart.max())
        caption = pixels(sheet.crop((x, y + 80, x + cell, y + row)))
        assert caption.min() < 0x60, f"{name} has no caption"
