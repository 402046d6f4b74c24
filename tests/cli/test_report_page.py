"""The page that `gaussfilt report` writes, as a browser has it: Chromium without a window. Where there is none these
tests are skipped; with GAUSSFILT_BROWSER=required, as `make check` has it, they fail."""
import html
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

PROGRAM = os.environ.get("GAUSSFILT_PROGRAM", "")
BROWSER = shutil.which("chromium")
REQUIRED = os.environ.get("GAUSSFILT_BROWSER") == "required"
RED, BLUE = (220, 30, 30), (30, 30, 220)

pytestmark = [
    pytest.mark.skipif(not BROWSER and not REQUIRED, reason="there is no chromium (package chromium)"),
    pytest.mark.xdist_group("browser"),
]

# Holds the page in a frame, does something with it, and leaves what it found as JSON in its own document.
HARNESS = """<!DOCTYPE html><meta charset="utf-8"><body style="margin:0">
<iframe id="frame" style="border:0;width:900px;height:1200px" srcdoc="{page}"></iframe><pre id="found"></pre>
<script>
addEventListener("load", () => {{
  const win = document.getElementById("frame").contentWindow, page = win.document;
  const element = (id) => page.getElementById(id);
  const state = () => {{
    const stage = element("stage").getBoundingClientRect();
    return {{
      clip: win.getComputedStyle(page.querySelector("img.before")).clipPath,
      line: (page.querySelector(".line").getBoundingClientRect().left + 1 - stage.left) / stage.width,
      told: element("slider").getAttribute("aria-valuetext"),
    }};
  }};
  const move = (value) => {{
    element("slider").value = value;
    element("slider").dispatchEvent(new win.Event("input", {{bubbles: true}}));
    return state();
  }};
  const found = {{}};
  {script}
  document.getElementById("found").textContent = JSON.stringify(found);
}});
</script>"""


def run(folder, *words):
    done = subprocess.run([Path(PROGRAM).resolve(), *map(str, words)], cwd=folder, capture_output=True, text=True,
                          timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def chromium(folder, *words):
    """What it wrote to standard output, and what the page's console got."""
    assert BROWSER, "there is no chromium (package chromium)"
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
               "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
               "--enable-logging=stderr", "--virtual-time-budget=4000", "--window-size=900,1200",
               f"--user-data-dir={folder / 'browser'}", *words]
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=folder, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line]


def harness(folder, page, script):
    text = HARNESS.format(page=html.escape(page, quote=True), script=script)
    (folder / "harness.html").write_text(text)
    return (folder / "harness.html").as_uri()


def look(folder, script, page=None):
    """What the script found in the page; the console must have nothing to say."""
    address = harness(folder, page or (folder / "page.html").read_text(), script)
    said, console = chromium(folder, "--dump-dom", address)
    found = re.search(r'<pre id="found">(.*?)</pre>', said, re.DOTALL)
    assert found and found[1], f"the harness did not end: {console}"
    return json.loads(html.unescape(found[1])), console


@pytest.fixture
def flat(tmp_path):
    """All red before, all blue after."""
    for name, colour in (("in.png", RED), ("out.png", BLUE)):
        Image.new("RGB", (600, 300), colour).save(tmp_path / name)
    run(tmp_path, "report", "in.png", "out.png", "-o", "page.html")
    return tmp_path


def shares(picture):
    """How many pixels are red and blue."""
    pixels = np.asarray(picture.convert("RGB"))
    return [(pixels == colour).all(axis=2).sum() for colour in (RED, BLUE)]


def test_the_slider_moves_the_split(flat):
    found, console = look(flat, """
      found.first = state();
      found.moved = [0, 20, 75.5, 100].map(move);
      element("slider").focus();
      found.focus = page.activeElement.id;
      const stage = element("stage"), box = stage.getBoundingClientRect();
      stage.dispatchEvent(new win.PointerEvent("pointermove", {clientX: box.left + 0.3 * box.width, buttons: 1}));
      found.dragged = state();
      stage.dispatchEvent(new win.PointerEvent("pointermove", {clientX: box.left + 0.9 * box.width, buttons: 0}));
      found.passed = state();
    """)
    assert console == []
    assert found["first"]["line"] == pytest.approx(0.5, abs=0.003)
    assert [one["line"] for one in found["moved"]] == pytest.approx([0, 0.2, 0.755, 1], abs=0.003)
    assert len({one["clip"] for one in found["moved"]}) == 4
    assert found["moved"][1]["told"] == "20 % before"
    assert found["focus"] == "slider"
    assert found["dragged"]["line"] == pytest.approx(0.3, abs=0.01)
    assert found["passed"] == found["dragged"], "moving without a button is no dragging"


@pytest.mark.parametrize("split", [20, 50, 90])
def test_what_one_sees_is_before_on_the_left_and_after_on_the_right(flat, split):
    address = harness(flat, (flat / "page.html").read_text(), f"move({split});")
    chromium(flat, f"--screenshot={flat / 'shot.png'}", address)
    shot = Image.open(flat / "shot.png")
    red, blue = shares(shot)
    assert red + blue == pytest.approx(600 * 300, rel=0.03)
    assert red / (red + blue) == pytest.approx(split / 100, abs=0.01)
    pixels = np.asarray(shot.convert("RGB")).astype(int)
    columns = [np.where((pixels == colour).all(axis=2))[1] for colour in (RED, BLUE)]
    assert columns[0].max() < columns[1].min(), "before is on the left"


def test_the_page_asks_for_nothing(flat):
    """Neither by its text nor as the browser sees it; and a page that asks is found out."""
    script = 'found.resources = win.performance.getEntriesByType("resource").map((one) => one.name);'
    page = (flat / "page.html").read_text()
    addresses = re.findall(r"""(?:src|href|srcset|action|poster|data)\s*=\s*["']?([^"'\s>]*)""", page)
    assert addresses and all(address.startswith("data:image/") for address in addresses)
    assert not re.search(r"url\(|@import|https?://(?!www\.w3\.org/2000/svg)", re.sub(r"data:[^\"]*", "", page))
    found, console = look(flat, script)
    assert found["resources"] == [] and console == []
    spoilt = page.replace("</main>", '<img src="http://127.0.0.1:9/x.png"></main>')
    found, console = look(flat, script, spoilt)
    assert any("Content Security Policy" in line for line in console), "the policy lets nothing through"
    found, console = look(flat, script, re.sub(r"<meta http-equiv[^>]*>", "", spoilt))
    assert found["resources"] or console, "without it the request is seen here"


def test_names_are_no_markup(tmp_path):
    name = "<script>window.ran=1<&>\"'<img src=x onerror=window.ran=2>.png"
    noise = np.random.default_rng(1).integers(0, 256, (40, 60, 3)).astype(np.uint8)
    (tmp_path / "d").mkdir()
    Image.fromarray(noise).save(tmp_path / name)
    recipe = {"version": 1, "filters": [{"name": "<script>ran=3<b>", "blur": {"sigma": 2, "regions": [[5, 5, 9, 9]]}}]}
    (tmp_path / "r.json").write_text(json.dumps(recipe))
    run(tmp_path, "apply", "r.json", name, "-o", "d", "--pattern", "out<script>window.ran=4.png")
    run(tmp_path, "report", name, "d/out<script>window.ran=4.png", "-o", "page.html", "--recipe", "r.json")
    found, console = look(tmp_path, """
      found.ran = win.ran ?? null;
      found.title = page.title;
      found.heading = page.querySelector("h1").textContent;
      found.headings = [...page.querySelectorAll("h2")].map((one) => one.textContent);
      found.scripts = page.scripts.length;
      found.images = page.images.length;
      found.alt = page.querySelector("img.before").alt;
    """)
    assert console == []
    assert found["ran"] is None
    assert found["title"] == found["heading"] == f"{name} \u2192 out<script>window.ran=4.png"
    assert "The filter '<script>ran=3<b>'" in found["headings"]
    assert found["alt"] == f"before: {name}"
    assert (found["scripts"], found["images"]) == (1, 2)


def test_regions_lie_where_the_picture_was_filtered(tmp_path):
    Image.new("RGB", (400, 200), RED).save(tmp_path / "in.png")
    shapes = ["40,20,100,60", "ellipse:200,50,80,40", "polygon:10,100 90,100 10,180"]
    regions = [word for shape in shapes for word in ("--region", shape)]
    run(tmp_path, "blur", "in.png", "out.png", "--sigma", "3", *regions)
    run(tmp_path, "report", "in.png", "out.png", "-o", "page.html", "--sigma", "3", *regions)
    found, console = look(tmp_path, """
      const stage = element("stage"), image = page.querySelector("img.after").getBoundingClientRect();
      found.boxes = [...stage.querySelectorAll("svg > *")].map((one) => {
        const box = one.getBoundingClientRect();
        return [one.tagName, (box.left - image.left) / image.width, (box.top - image.top) / image.height,
                (box.right - image.left) / image.width, (box.bottom - image.top) / image.height];
      });
      element("outlines").click();
      found.hidden = win.getComputedStyle(stage.querySelector("svg")).display;
      found.plots = page.querySelectorAll(".plots svg").length;
    """)
    assert console == []
    expected = [["rect", 40, 20, 140, 80], ["ellipse", 200, 50, 280, 90], ["polygon", 10, 100, 90, 180]]
    for one, (kind, *box) in zip(found["boxes"], expected, strict=True):
        assert one[0] == kind
        scaled = [side / size for side, size in zip(box, (400, 200, 400, 200), strict=True)]
        assert one[1:] == pytest.approx(scaled, abs=0.015), kind
    assert found["hidden"] == "none"
    assert found["plots"] == 1


def test_dark_and_light(flat):
    page = (flat / "page.html").as_uri()
    grounds = {}
    for scheme, number in (("dark", 0), ("light", 1)):
        shot = flat / f"{scheme}.png"
        chromium(flat, f"--blink-settings=preferredColorScheme={number}", f"--screenshot={shot}", page)
        grounds[scheme] = sum(Image.open(shot).convert("RGB").getpixel((2, 2))) / 3
    assert grounds["dark"] < 60 and grounds["light"] > 200, grounds
