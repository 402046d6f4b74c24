"""Shapes, feather, inversion and files of regions, beside Pillow's drawings, SciPy's distances and plain NumPy: what
the program writes is taken apart into the weights that it must have used."""
import functools
import json

import numpy as np
import png
import pytest
from PIL import Image, ImageDraw
from scipy import ndimage
from support import assert_close, blur, gaussian, noise, refused, run, weighted, with_alpha

HEIGHT, WIDTH = 60, 80


@pytest.fixture
def picture(tmp_path):
    """Noise: a u8 RGB picture, and its file."""
    levels = noise(HEIGHT, WIDTH, 3)
    file = tmp_path / "in.png"
    file.write_bytes(png.encode(levels, 8))
    return levels, file


def result_of(file, *options, sigma=3, name="out.png"):
    target = file.parent / name
    blur(file, target, *options, sigma=sigma)
    return png.decode(target.read_bytes())


def weights_of(tmp_path, *options):
    """Weights as 16 bits show them: black, and white one pixel beyond; wherever white is blurred in it vanishes."""
    levels = np.zeros((HEIGHT, WIDTH), np.uint16)
    file = tmp_path / "probe.png"
    file.write_bytes(png.encode(levels[..., None], 16))
    # Beyond the border all is white, and the kernel so wide that blurred is white, too.
    whole = result_of(file, "--border", "constant:65535", sigma=20000, name="whole.png")
    part = result_of(file, "--border", "constant:65535", *options, sigma=20000, name="part.png")
    return part[..., 0] / whole[..., 0].astype(np.float64)


def drawn(draw, scale=16):
    """A shape as Pillow draws it, `scale` times as large, and averaged: its coverage."""
    canvas = Image.new("L", (WIDTH * scale, HEIGHT * scale))
    draw(ImageDraw.Draw(canvas), scale)
    large = np.asarray(canvas, np.float64) / 255
    return large.reshape(HEIGHT, scale, WIDTH, scale).mean(axis=(1, 3))


def polygon(corners):
    # Pillow fills a pixel whose centre is inside, and what its outline meets: half a pixel of the large picture.
    return lambda draw, scale: draw.polygon([(x * scale - 0.5, y * scale - 0.5) for x, y in corners], fill=255)


def ellipse(x, y, width, height):
    return lambda draw, scale: draw.ellipse((x * scale, y * scale, (x + width) * scale - 1, (y + height) * scale - 1),
                                            fill=255)


SHAPES = {
    "ellipse:10,5,50,40": ellipse(10, 5, 50, 40),
    "ellipse:10%,50%,50%,50%": ellipse(8, 30, 40, 30),
    "ellipse:60,-20,40,50": ellipse(60, -20, 40, 50),
    "polygon:10,5 70,20 30,55": polygon([(10, 5), (70, 20), (30, 55)]),
    "polygon:12.5%,10% 87.5%,10% 50%,90%": polygon([(10, 6), (70, 6), (40, 54)]),
    "polygon:-20,-10 100,30 -20,70": polygon([(-20, -10), (100, 30), (-20, 70)]),
}


@pytest.mark.parametrize("region", SHAPES)
def test_coverage_is_that_of_a_large_drawing(region, tmp_path):
    """Pillow's outline is half a small pixel wide: up to 1/16 of a pixel's area, and 1/32 on average."""
    weights, expected = weights_of(tmp_path, "--region", region), drawn(SHAPES[region])
    assert np.abs(weights - expected).max() <= 0.125
    assert abs(weights.sum() - expected.sum()) <= 0.02 * expected.sum()
    assert (weights[expected == 0] <= 0.07).all() and (weights[ndimage.minimum_filter(expected, 3) == 1] == 1).all()


@functools.cache
def covered(region, lines=400):
    """The exact share of each pixel, line by line."""
    kind, numbers = region.split(":")
    total = np.zeros((HEIGHT, WIDTH))
    columns = np.arange(WIDTH)
    for line in range(HEIGHT * lines):
        y = (line + 0.5) / lines
        if kind == "ellipse":
            left, top, width, height = map(float, numbers.split(","))
            v = (y - top) / height * 2 - 1
            chord = width / 2 * np.sqrt(max(0.0, 1 - v * v))
            ends = [left + width / 2 - chord, left + width / 2 + chord]
        else:
            corners = [tuple(map(float, corner.split(","))) for corner in numbers.split()]
            ends = sorted(a[0] + (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1])
                          for a, b in zip(corners, corners[1:] + corners[:1], strict=True)
                          if (a[1] <= y) != (b[1] <= y))
        for begin, end in zip(ends[::2], ends[1::2], strict=True):
            total[line // lines] += np.clip(end - columns, 0, 1) - np.clip(begin - columns, 0, 1)
    return total / lines


def feathered(shares, feather):
    distance = ndimage.distance_transform_edt(shares < 0.5)
    t = np.clip(1 - distance / feather, 0, 1) if feather else np.zeros_like(shares)
    return np.maximum(shares, t * t * (3 - 2 * t))


EXACT = ["ellipse:10,5,50,40", "ellipse:60,-20,40,50", "polygon:10.25,5.5 70,20 30,55.75",
         "polygon:40,2 55,58 10,22 70,22 25,58"]


@pytest.mark.parametrize("region", EXACT)
@pytest.mark.parametrize("feather", [0, 2.5, 12])
@pytest.mark.parametrize("invert", [False, True])
def test_weights_are_shares_and_distances(region, feather, invert, tmp_path):
    options = ["--region", region, "--feather", feather, *(["--invert"] if invert else [])]
    shares = covered(region)
    expected = feathered(1 - shares if invert else shares, feather)
    # An eighth of a level of 8 bits.
    assert np.abs(weights_of(tmp_path, *options) - expected).max() <= 1 / (8 * 255)


@pytest.mark.parametrize("count, dtype", [(1, np.uint8), (3, np.uint8), (4, np.uint8), (3, np.uint16), (4, np.uint16)])
@pytest.mark.parametrize("source", ["context", "masked"])
def test_pixels_are_mixed_by_weight(count, dtype, source, tmp_path):
    levels = noise(HEIGHT, WIDTH, count - (count == 4), dtype).reshape(HEIGHT, WIDTH, -1)
    levels = with_alpha(levels) if count == 4 else levels
    file = tmp_path / "in.png"
    file.write_bytes(png.encode(levels, 8 * np.dtype(dtype).itemsize))
    result = result_of(file, "--region", "ellipse:10,5,50,40", "--feather", 8, "--source", source)
    shares = covered("ellipse:10,5,50,40")[..., None]
    weights = feathered(shares[..., 0], 8)[..., None]
    assert np.array_equal(result[weights[..., 0] == 0], levels[weights[..., 0] == 0])

    def mixed(values):
        inside = gaussian(values * shares, 3) / gaussian(shares, 3) if source == "masked" else gaussian(values, 3)
        return weights * inside + (1 - weights) * values
    full = np.iinfo(dtype).max
    expected = weighted(levels, full, mixed) if count == 4 else mixed(levels.astype(np.float64))
    within = (weights > 0)[..., 0]
    # Between the levels of 16 bits: a weight is exact to 24 bits, and the lines above to 1/800.
    close = 1.0 if dtype == np.uint8 else 80.0
    assert_close(result[within][None], expected[within][None], count == 4, close)


def test_a_mask_weighs(picture, tmp_path):
    levels, file = picture
    mask = noise(HEIGHT, WIDTH, 1, seed=5)
    Image.fromarray(mask).save(tmp_path / "mask.png")
    half = (mask / 2).astype(np.uint8)
    Image.merge("LA", (Image.new("L", (WIDTH, HEIGHT)), Image.fromarray(half))).save(tmp_path / "alpha.png")
    for name, weights in (("mask", mask / 255), ("alpha", half / 255)):
        result = result_of(file, "--region", f"mask:{tmp_path}/{name}.png", name=f"{name}-out.png")
        weights = weights[..., None]
        assert_close(result, weights * gaussian(levels, 3) + (1 - weights) * levels)
        assert np.array_equal(result[weights[..., 0] == 0], levels[weights[..., 0] == 0])


def test_every_region_has_its_sigma(picture):
    levels, file = picture
    result = result_of(file, "--region", "0,0,40,60@sigma=6", "--region", "60,0,20,60@sigma=1,0", "--region",
                       "45,10,10,10", sigma=2)
    expected = levels.astype(np.float64)
    expected[:, :40] = gaussian(levels, 6)[:, :40]
    expected[:, 60:] = gaussian(levels, (1, 0))[:, 60:]
    expected[10:20, 45:55] = gaussian(levels, 2)[10:20, 45:55]
    assert_close(result, expected)


# ---- Files ----

def regions_file(tmp_path, text, name="regions.json"):
    file = tmp_path / name
    file.write_text(text if isinstance(text, str) else json.dumps(text))
    return file


def test_files_say_what_the_command_line_says(picture, tmp_path):
    _, file = picture
    typed = ["5,6,20,10@sigma=5", "ellipse:30,10,30,40", "polygon:50,50 78,52 60,58.5@sigma=1,4"]
    expected = result_of(file, *(word for text in typed for word in ("--region", text)), name="typed.png")
    lists = [[5, 6, 20, 10, 5], {"ellipse": [30, 10, 30, 40]},
             {"sigma": [1, 4], "polygon": [[50, 50], [78, 52], [60, 58.5]]}]
    for i, content in enumerate((typed, lists)):
        listed = regions_file(tmp_path, content)
        assert np.array_equal(result_of(file, "--regions", listed, name=f"{i}.png"), expected)
    # What --json reports is such a file.
    said = json.loads(run("blur", file, tmp_path / "json.png", "--json", "--regions", listed).stdout)["regions"]
    assert np.array_equal(result_of(file, "--regions", regions_file(tmp_path, said), name="said.png"), expected)


@pytest.mark.parametrize("text", ["5,6,20,10,5\n30,10%,5,5,1\n", "x,y,w,h,sigma\r\n5,6,20,10,5\r\n\r\n30,6,5,5,1\r\n",
                                  "sigma, height ,width,y,x\n5,10,20,6,5\n1,5,5,10%,30\n"])
def test_csv(picture, tmp_path, text):
    _, file = picture
    expected = result_of(file, "--region", "5,6,20,10@sigma=5", "--region", "30,6,5,5@sigma=1", name="typed.png")
    listed = regions_file(tmp_path, text, "regions.csv")
    assert np.array_equal(result_of(file, "--regions", listed), expected)


def coco(images, annotations):
    return {"info": {}, "images": [{"id": i, "file_name": name, "width": WIDTH, "height": HEIGHT}
                                   for i, name in images.items()],
            "annotations": [{"id": n, "image_id": i, "category_id": 1, **more}
                            for n, (i, more) in enumerate(annotations)]}


def test_coco_is_matched_by_name(picture, tmp_path):
    levels, file = picture
    content = coco({7: "train/other.png", 9: "train/in.png", 4: "test/none.png"},
                   [(7, {"bbox": [0, 0, 80, 60]}), (9, {"bbox": [10.4, 5.2, 20.3, 9.9], "segmentation": []}),
                    (9, {"bbox": [0, 0, 80, 60], "segmentation": [[50, 30, 70, 30, 70, 50, 50, 50],
                                                                  [40, 50, 48, 50, 48, 58]]}),
                    (9, {"bbox": [2, 40, 5, 5], "segmentation": {"counts": "abc", "size": [60, 80]}})])
    listed = regions_file(tmp_path, content)
    expected = result_of(file, "--region", "10,5,21,11", "--region", "polygon:50,30 70,30 70,50 50,50", "--region",
                         "polygon:40,50 48,50 48,58", "--region", "2,40,5,5", name="typed.png")
    assert np.array_equal(result_of(file, "--regions", listed), expected)
    # A picture without annotations is written as it is; one that the file does not know is refused.
    none = file.rename(tmp_path / "none.png")
    assert np.array_equal(result_of(none, "--regions", listed), levels)
    assert "nothing is filtered" in run("blur", none, tmp_path / "said.png", "--regions", listed).stdout
    assert not np.array_equal(result_of(none, "--regions", listed, "--invert", name="all.png"), levels)
    unknown = none.rename(tmp_path / "unknown.png")
    assert "none of the 3 images" in refused(unknown, tmp_path / "no.png", "--regions", listed)


def test_coco_of_one_image_needs_no_name_but_the_size(picture, tmp_path):
    _, file = picture
    content = coco({1: "whatever.jpg"}, [(1, {"bbox": [3, 4, 10, 10]})])
    expected = result_of(file, "--region", "3,4,10,10", name="typed.png")
    assert np.array_equal(result_of(file, "--regions", regions_file(tmp_path, content)), expected)
    content["images"][0]["width"] = HEIGHT
    assert "must be 80 x 60" in refused(file, tmp_path / "no.png", "--regions", regions_file(tmp_path, content))
    del content["images"]
    assert np.array_equal(result_of(file, "--regions", regions_file(tmp_path, content), name="no-images.png"), expected)


@pytest.mark.parametrize("text, place", [
    ("", "is empty"), ("[", "line 1, column 2"), ("[\n[1,2,3,\n}", "line 3, column 1"),
    ("[[1,2,1e999,4]]", "too large"), ("[NaN]", "line 1"), ("[[1,2,3]]", "/0: is [1,2,3]"),
    ('[[1,2,3,4],[1,2,"x",4]]', '/1/2: is "x"'),
    ("[[1,2,0,4]]", "/0/2: is 0"), ("[[1,2,-3,4]]", "/0/2: is -3"), ("[7]", "/0: is 7"), ('["egg:1,2,3,4"]', "/0: is"),
    ('["polygon:1,2 3,4"]', "/0: is"), ('[{"box":[1,2,3,4],"sigma":-1}]', "/0/sigma: is -1"),
    ('[{"box":[1,2,3,4],"ellipse":[1,2,3,4]}]', "/0: is an object"), ('[{"boxx":[1,2,3,4]}]', "/0: is an object"),
    ('[{"polygon":[[1,2],[3],[4,5]]}]', "/0/polygon/1: is [3]"), ("{}", "annotations"),
    ('{"annotations":7}', "/annotations: is 7"), ('{"annotations":[7]}', "/annotations/0: is 7"),
    ('{"annotations":[{"segmentation":[[1,2,3,4,5]]}]}', "/annotations/0/segmentation/0"),
    ('{"images":[{"id":1}],"annotations":[]}', "/images/0: is an object"),
    ('{"images":[{"id":1,"file_name":"a"}],"annotations":[{"image_id":2}]}', "/annotations/0/image_id: is 2"),
    ("1,2,3\n", "line 1: is '1,2,3'"), ("x,y,w\n", "line 1: is a header"), ("1,2,3,4\n1,2,3,\n", "line 2"),
    ("x,y,w,h\n1,2,3,4,5\n", "line 2"), ("1,2,3,-4\n", "line 1"), ("1,nan,3,4\n", "line 1"), ("\x00\xff", "line 1"),
    ("[" * 100000, "deeper than 64"), ("1,2,3,4\n" * 10001, "line 10001: is one region too many"),
    ("[" + "[1,2,3,4]," * 1000000 + "[1,2,3,4]]", "/10000: is one region too many"),
    ("1,2,3,4\n" * 4200000, "larger than 32 MiB")], ids=lambda value: repr(value[:30]))
def test_bad_files_are_told_with_their_place(picture, tmp_path, text, place):
    _, file = picture
    said = refused(file, tmp_path / "out.png", "--regions", regions_file(tmp_path, text))
    assert place in said and said.count("\n") == 1 and len(said) < 400, said


def test_other_refusals(picture, tmp_path):
    _, file = picture
    Image.new("L", (5, 5)).save(tmp_path / "small.png")
    assert "is 5 x 5 pixels, must be 80 x 60" in refused(file, tmp_path / "out.png", "--region",
                                                         f"mask:{tmp_path}/small.png")
    assert "nosuch.png" in refused(file, tmp_path / "out.png", "--region", "mask:nosuch.png")
    assert "nosuch.json" in refused(file, tmp_path / "out.png", "--regions", "nosuch.json")
    assert "at most 6" in refused(file, tmp_path / "out.png", "--region", "1,1,5,5", "--feather", 7, "--source",
                                  "masked")
    assert "sigma of its own" in refused(file, tmp_path / "out.png", "--region", "1,1,5,5@sigma=3", "--invert")
    for words in (["--region", "ring:1,2,3,4"], ["--region", "polygon:1,2 3,4"], ["--region", "mask:"],
                  ["--region", "1,2,3,4@sigma=0"], ["--region", "ellipse:1.5,2,3,4"], ["--feather", "3"], ["--invert"],
                  ["--region", "1,2,3,4", "--feather", "-1"]):
        refused(file, tmp_path / "out.png", *words, code=2)
