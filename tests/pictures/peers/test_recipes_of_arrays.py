"""gaussfilt.recipes and the program: they take the same recipes, refuse the others with the same sentence, and make the
same bytes of grey pictures, and of colours without alpha."""
import json

import gaussfilt
import numpy as np
import png
import pytest
from gaussfilt import recipes
from support import PROGRAM, noise, run
from test_recipes import CHECKER, documents, recipes_of_the_documents

pytestmark = pytest.mark.skipif(not PROGRAM, reason="the program is not built")

REGIONS = {"regions": [[3, 4, 20, 9], [-5, 2, 12, 30], [10, 10, 8, 8]]}
SHAPES = {"regions": ["ellipse:10%,5%,61%,40%", {"polygon": [[3, 20], [30.5, 12], [25, 33]]}, [4.5, 3, 9.2, 8],
                      "33%,20%,25%,25%"]}  # fmt: skip
STRONG = [[3, 4, 20, 9, 1.5], {"ellipse": [5, 12, 30, 15], "sigma": [4, 0]}, "polygon:1,2 30,4.5 90%,80%@sigma=1,2"]
FILTERS = {
    "soft": {"blur": {"sigma": 2.5}},
    "uneven": {"blur": {"sigma": [1, 4], "border": "mirror"}},
    "one-way": {"blur": {"sigma": [0, 3], "border": "wrap"}},
    "still": {"blur": {"sigma": 0}},
    "fwhm": {"blur": {"fwhm": [9, 5], "taps": "discrete"}},
    "size": {"blur": {"size": 7}},
    "size-sigma": {"blur": {"size": 7, "sigma": 3, "taps": "integrated"}},
    "radius": {"blur": {"sigma": 3, "radius": [2, 5], "border": "nearest"}},
    "truncate": {"blur": {"sigma": 3, "truncate": 2, "border": "constant:200"}},
    "tolerance": {"blur": {"sigma": 3, "tolerance": 0.01}},
    "regions": {"blur": {"sigma": 3, **REGIONS}},
    "crop": {"blur": {"sigma": 3, **REGIONS, "source": "crop"}},
    "masked": {"blur": {"sigma": 3, **REGIONS, "source": "masked"}},
    "shapes": {"blur": {"sigma": 3, **SHAPES, "feather": 4.5}},
    "shapes-around": {"blur": {"sigma": 3, **SHAPES, "feather": 3, "invert": True}},
    "shapes-crop": {"blur": {"sigma": 3, **SHAPES, "source": "crop"}},
    "shapes-masked": {"blur": {"sigma": 3, **SHAPES, "source": "masked", "feather": 2}},
    "strong": {"blur": {"sigma": 0, "regions": STRONG, "feather": 1}},
    "relief-shapes": {"convolve": {"kernel": "emboss3x3", **SHAPES, "feather": 4}},
    "relief-around": {"convolve": {"kernel": "emboss3x3", **SHAPES, "invert": True}},
    "relief-around-soft": {"convolve": {"kernel": "edges", "signed": "abs", **SHAPES, "invert": True, "feather": 5}},
    "relief-shapes-crop": {"convolve": {"kernel": "emboss5x5", **SHAPES, "source": "crop", "feather": 2.5}},
    "relief": {"convolve": {"kernel": "emboss3x3"}},
    "relief-16": {"convolve": {"kernel": "pillow-emboss"}},
    "motion": {"convolve": {"kernel": "motion(9, 30)", "border": "constant"}},
    "sharp": {"convolve": {"kernel": "sharpen5x5", "turn": "correlate"}},
    "edges": {"convolve": {"kernel": [[0, 1, 0], [1, -4, 1], [0, 1, 0]], "signed": "mid"}},
    "magnitude": {"convolve": {"kernel": "laplacian", "signed": "abs"}},
    "own": {"convolve": {"kernel": "1 2; 3,4 \n 5 6;", "bias": 3.5, "anchor": [1, 0]}},
    "own-correlated": {"convolve": {"kernel": [[1, 2], [3, 4], [5, 7]], "turn": "correlate", "factor": 0.03}},
    "unsharp": {"convolve": {"kernel": "unsharp(2, 1.5, 3)"}},
    "unsharp-all": {"convolve": {"kernel": "unsharp(1, 2)", "border": "mirror"}},
    "like-pillow": {"convolve": {"kernel": "pillow-smooth-more", "like": "pillow"}},
    "kernel-regions": {"convolve": {"kernel": "emboss5x5", **REGIONS}},
    "kernel-crop": {"convolve": {"kernel": "emboss5x5", **REGIONS, "source": "crop"}},
    "magnitude-regions": {"convolve": {"kernel": "edges", "signed": "abs", **REGIONS}},
    "unsharp-regions": {"convolve": {"kernel": "unsharp(2)", **REGIONS}},
    "pillow-regions": {"convolve": {"kernel": "pillow-emboss", "like": "pillow", **REGIONS}},
    "chain": {"chain": [{"blur": {"sigma": 2}}, {"convolve": {"kernel": "edges"}}, {"blur": {"size": 3}}]},
}
RECIPE = {"version": 1, "filters": [{"name": name, **steps} for name, steps in FILTERS.items()],
          "save": {"quality": 90}}  # fmt: skip


@pytest.mark.parametrize(("bands", "depth"), [(1, 8), (1, 16), (3, 8), (3, 16)])
def test_same_bytes(bands, depth, tmp_path):
    levels = noise(33, 41, bands, np.uint8 if depth == 8 else np.uint16, seed=depth)
    filters = [one for one in RECIPE["filters"] if depth == 8 or bands == 1 or "pillow" not in json.dumps(one)]
    (tmp_path / "recipe.json").write_text(json.dumps({**RECIPE, "filters": filters}))
    (tmp_path / "in.png").write_bytes(png.encode(levels, depth))
    done = run("apply", "recipe.json", "in.png", "-o", "out", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    for one in recipes.load(tmp_path / "recipe.json")["filters"]:
        expected = png.decode((tmp_path / f"out/in-{one['name']}.png").read_bytes()).reshape(levels.shape)
        for threads in (1, 2):
            got = recipes.apply(levels, one, threads=threads)
            assert got.dtype == levels.dtype
            np.testing.assert_array_equal(got, expected, err_msg=one["name"])


def said_by_python(document, folder):
    (folder / "recipe").write_text(json.dumps(document))
    try:
        recipes.load(folder / "recipe")
    except recipes.RecipeError as error:
        said = str(error).replace(str(folder / "recipe"), "recipe")
        assert said.startswith("recipe: " + (error.pointer + ": " if error.pointer else "")), error
        return said
    return ""


def said_by_the_program(document, folder):
    (folder / "recipe").write_text(json.dumps(document))
    done = run("apply", "recipe", "none.png", "-o", "out", "--dry-run", folder=folder)
    return done.stderr.removeprefix("gaussfilt: ") if done.returncode == 2 else ""


def test_same_verdicts_and_sentences(tmp_path):
    count = 0
    for document in documents():
        ours, theirs = said_by_python(document, tmp_path), said_by_the_program(document, tmp_path)
        assert bool(ours) == bool(theirs) == (not CHECKER.is_valid(document)), (document, ours, theirs)
        if ours:
            said = ours.removesuffix(".").split("\x7f")[0]  # the program writes no control characters
            assert theirs.startswith(said), (ours, theirs)
            count += 1
    assert count > 100


@pytest.mark.parametrize("kernel", ["1 2; 3", "1 2;\n3 x", "1 2,\n3", "1,,2", ",1", ";", "1 2\n3", "1e999", "--1",
                                    "+1 +-2", "1 2 ; x 4", "embos", "motion", "motion(9)", "box(3,4,5)", "unsharp(-1)",
                                    "gaussian(4, 1)", "box(two)"])  # fmt: skip
def test_same_sentences_for_kernels(kernel, tmp_path):
    document = {"version": 1, "filters": [{"name": "a", "convolve": {"kernel": kernel}}]}
    ours, theirs = said_by_python(document, tmp_path), said_by_the_program(document, tmp_path)
    assert bool(ours) == bool(theirs) and theirs.startswith(ours.removesuffix(".")), (ours, theirs)


def test_the_recipes_of_the_documents():
    for _, document in recipes_of_the_documents():
        assert recipes.load(document) == document
        for one in document["filters"]:
            if "linear" not in json.dumps(one):
                recipes.apply(np.zeros((300, 400), np.uint8), one)


def test_the_version_is_the_programs():
    assert run("--version").stdout.split()[1] == gaussfilt.__version__
