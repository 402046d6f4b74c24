"""SVG: drawn as large as asked for, transparent where nothing is drawn, and deaf to every other file that it names."""
import base64
import io
import os
import resource
import time

import numpy as np
import png
import pytest
from PIL import Image
from support import assert_close, blur, gaussian, run, weighted

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ' \
       'xmlns:xi="http://www.w3.org/2001/XInclude" width="60" height="40">'
BOX = '<rect x="10" y="8" width="20" height="16" fill="#ff0000"/>'


def levels(file):
    return png.decode(file.read_bytes())


def write(file, body=BOX, head=HEAD, before=""):
    file.write_text(f"{before}{head}{body}</svg>")
    return file


def test_transparent_stays_transparent(tmp_path):
    write(tmp_path / "in.svg")
    blur(tmp_path / "in.svg", tmp_path / "out.png", sigma=2)
    drawn = np.zeros((40, 60, 4), np.uint8)
    drawn[8:24, 10:30] = [255, 0, 0, 255]
    result = levels(tmp_path / "out.png")
    assert_close(result, weighted(drawn, 255, lambda x: gaussian(x, 2)), alpha=True)
    assert (result[result[..., 3] > 0][:, :3] == [255, 0, 0]).all(), "the colour of nothing bled into the edge"


@pytest.mark.parametrize("options, size", [
    ((), (60, 40)), (("--dpi", "144"), (120, 80)), (("--scale", "3"), (180, 120)), (("--scale", "0.5"), (30, 20)),
    (("--width", "90"), (90, 60)), (("--height", "100"), (150, 100)), (("--width", "90", "--height", "90"), (90, 60))],
    ids=str)
def test_sizes(options, size, tmp_path):
    write(tmp_path / "in.svg")
    blur(tmp_path / "in.svg", tmp_path / "out.png", *options, sigma=0)
    result = levels(tmp_path / "out.png")
    assert result.shape[1::-1] == size
    factor = size[0] / 60
    inner = result[round(10 * factor):round(22 * factor), round(12 * factor):round(28 * factor)]
    assert (inner == [255, 0, 0, 255]).all() and not result[:round(6 * factor)].any()


def test_onto_a_format_without_alpha_it_lies_on_white(tmp_path):
    write(tmp_path / "in.svg")
    assert "alpha" in blur(tmp_path / "in.svg", tmp_path / "out.jpg", sigma=0)
    with Image.open(tmp_path / "out.jpg") as opened:
        assert min(opened.getpixel((2, 2))) > 250 and opened.getpixel((18, 16))[0] > 250


def limits():
    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
    resource.setrlimit(resource.RLIMIT_CPU, (20, 20))


def harmless(tmp_path, secret=None):
    """Drawn without it, or refused in one line; soon, and in little memory."""
    (tmp_path / "out").mkdir()
    began = time.monotonic()
    done = run("blur", tmp_path / "in.svg", tmp_path / "out/out.png", "--sigma", 0, limits=limits, timeout=30)
    assert time.monotonic() - began < 20
    if done.returncode:
        assert done.returncode == 1 and done.stderr.count("\n") == 1 and not list((tmp_path / "out").iterdir())
        return None
    result = levels(tmp_path / "out/out.png")
    if secret is not None:
        assert np.abs(result.astype(int) - secret).max(axis=-1).min() > 8, "a file that the drawing names was drawn"
    return result


GREEN = np.array([0, 255, 0, 255])
# What names another file, with {} for its address.
NAMING = {
    "image": '<image href="{}" width="60" height="40"/>',
    "image by xlink": '<image xlink:href="{}" width="60" height="40"/>',
    "use": '<use xlink:href="{}#it"/>',
    "feImage": '<filter id="f"><feImage xlink:href="{}"/></filter><rect width="60" height="40" filter="url(#f)"/>',
    "style sheet": '<style>@import url("{}");</style><rect class="all" width="60" height="40" fill="none"/>',
    "include": '<xi:include href="{}" parse="xml"/>',
    "include of text": '<text y="30" font-size="30" fill="#00ff00"><xi:include href="{}" parse="text"/></text>',
    "pattern": '<rect width="60" height="40" fill="url({}#it)"/>',
}
ADDRESSES = {"beside it": "{name}", "by its path": "{path}", "file:": "file://{path}", "below": "./{name}"}


def green_file(folder, naming):
    """The file that is named: all of it green, where it were read."""
    if naming.startswith("image") or naming == "feImage":
        Image.new("RGB", (60, 40), (0, 255, 0)).save(folder / "other.png")
        return folder / "other.png"
    if naming == "style sheet":
        (folder / "other.css").write_text(".all { fill: #00ff00 }")
        return folder / "other.css"
    if naming == "include of text":
        (folder / "other.txt").write_text("\u2588" * 9)
        return folder / "other.txt"
    body = '<rect id="it" width="60" height="40" fill="#00ff00"/>'
    return write(folder / "other.svg", body)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("naming", NAMING)
def test_other_files_are_not_drawn(naming, address, tmp_path):
    other = green_file(tmp_path, naming)
    where = ADDRESSES[address].format(name=other.name, path=other)
    write(tmp_path / "in.svg", BOX + NAMING[naming].format(where))
    result = harmless(tmp_path, GREEN)
    if result is not None:
        assert (result[10:22, 12:28] == [255, 0, 0, 255]).all(), "the rest is drawn"


@pytest.mark.parametrize("naming", NAMING)
def test_other_files_are_not_even_opened(naming, tmp_path):
    """A pipe that nobody writes to would hold up whoever opens it."""
    os.mkfifo(tmp_path / "other.svg")
    write(tmp_path / "in.svg", BOX + NAMING[naming].format(tmp_path / "other.svg"))
    harmless(tmp_path)


def test_the_test_would_see_an_opened_file(tmp_path):
    """A drawing within the file is drawn: what is named by data: is no other file."""
    data = io.BytesIO()
    Image.new("RGB", (60, 40), (0, 255, 0)).save(data, "png")
    inside = "data:image/png;base64," + base64.b64encode(data.getvalue()).decode()
    write(tmp_path / "in.svg", NAMING["image"].format(inside))
    blur(tmp_path / "in.svg", tmp_path / "out.png", sigma=0)
    assert (levels(tmp_path / "out.png") == GREEN).all()


@pytest.mark.parametrize("address", ["file://{}", "{}"])
def test_an_external_entity_is_not_read(address, tmp_path):
    (tmp_path / "secret.txt").write_text('<rect width="60" height="40" fill="#00ff00"/>')
    where = address.format(tmp_path / "secret.txt")
    write(tmp_path / "in.svg", "&other;", before=f'<!DOCTYPE svg [<!ENTITY other SYSTEM "{where}">]>')
    harmless(tmp_path, GREEN)


def test_entities_that_grow_without_bound(tmp_path):
    names = "abcdefghij"
    entities = "".join(f'<!ENTITY {name} "{f"&{names[i - 1]};" * 10 if i else "lol" * 10}">' for i, name in
                       enumerate(names))
    write(tmp_path / "in.svg", "<text>&j;</text>", before=f"<!DOCTYPE svg [{entities}]>")
    harmless(tmp_path)


def test_drawings_that_use_themselves_or_grow(tmp_path):
    uses = '<g id="u0"><rect width="1" height="1"/></g>' + "".join(
        f'<g id="u{i}">' + f'<use xlink:href="#u{i - 1}"/>' * 10 + "</g>" for i in range(1, 12))
    write(tmp_path / "in.svg", uses + '<g id="loop"><use xlink:href="#loop"/></g>')
    harmless(tmp_path)


def sized(width, height):
    return HEAD.replace('"60"', f'"{width}"').replace('"40"', f'"{height}"')


@pytest.mark.parametrize("width, height", [("1000000", "1000000"), ("100000", "6000")])
def test_sizes_beyond_the_limit_are_refused(width, height, tmp_path):
    write(tmp_path / "in.svg", head=sized(width, height))
    assert harmless(tmp_path) is None


@pytest.mark.parametrize("width", ["1e30", "-5", "0", "nan", "", "5%", "1e-9", "99999999999999999999", "1000000in"])
def test_sizes_without_sense_are_harmless(width, tmp_path):
    write(tmp_path / "in.svg", head=sized(width, 40))
    harmless(tmp_path)


def test_a_scale_that_nobody_can_draw_is_refused(tmp_path):
    write(tmp_path / "in.svg")
    for option in (("--scale", "1e6"), ("--dpi", "1e9"), ("--width", "1000000000")):
        done = run("blur", tmp_path / "in.svg", tmp_path / "out.png", *option, limits=limits)
        assert done.returncode in (1, 2) and done.stderr.count("\n") == 1 and not (tmp_path / "out.png").exists()
