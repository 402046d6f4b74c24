"""The examples in Python run, and the pictures of the gallery are those that its code draws."""

import importlib.util
import io
import runpy
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
TOOLS = {"check_quotes.py", "make_sample.py"}  # run by CTest
EXAMPLES = sorted(path.name for path in (ROOT / "examples").glob("*.py") if path.name not in TOOLS)


@pytest.fixture(scope="module")
def gallery():
    spec = importlib.util.spec_from_file_location("gallery", ROOT / "docs" / "gallery.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_runs(name, capsys):
    runpy.run_path(str(ROOT / "examples" / name), run_name="__main__")
    assert capsys.readouterr().out  # each says what it found


def pixels(file):
    return np.asarray(Image.open(file).convert("RGB"), np.float32)


@pytest.mark.parametrize("name", ["noise", "edges", "borders", "sweep", "channels"])
def test_gallery_is_what_its_code_draws(gallery, name):
    """Within a tenth of a level on average: another machine's exp may round otherwise."""
    committed = ROOT / "docs" / "images" / "gallery" / f"{name}.png"
    assert committed.stat().st_size < 150_000
    drawn = pixels(io.BytesIO(gallery.png(gallery.PICTURES[name]())))
    kept = pixels(committed)
    assert drawn.shape == kept.shape and drawn.shape[1] == 800
    assert np.abs(drawn - kept).mean() < 0.1


def test_gallery_shows_all_its_pictures(gallery):
    page = (ROOT / "docs" / "gallery.md").read_text(encoding="utf-8")
    files = {path.stem for path in (ROOT / "docs" / "images" / "gallery").glob("*.png")}
    assert files == set(gallery.PICTURES)
    assert all(f"images/gallery/{name}.png" in page for name in files)


def test_delivered_sigma_of_discrete_taps_is_the_one_asked_for(gallery):
    """As the page says of the sweep."""
    for sigma in (0.3, 0.7, 2.0, 9.0):
        assert gallery.delivered(gallery.TAPS["discrete"], sigma) == pytest.approx(sigma, rel=2e-3)
    assert gallery.delivered(gallery.TAPS["sampled"], 0.5) < 0.95 * 0.5
