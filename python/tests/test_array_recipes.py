"""gaussfilt.recipes: what a recipe may say, and what its filters make of arrays. tests/pictures/peers holds both to the
program."""

import json

import gaussfilt
import numpy as np
import pytest
from gaussfilt import recipes
from scipy import ndimage

RNG = np.random.default_rng(21)
SOFT = {"version": 1, "filters": [{"name": "soft", "blur": {"sigma": 3}}]}
LEVELS = RNG.integers(0, 256, (30, 40, 3), np.uint8)


def test_a_recipe_is_what_its_json_says(tmp_path):
    text = json.dumps(SOFT)
    (tmp_path / "recipe.json").write_text("\ufeff" + text)
    for source in (SOFT, text, " \n" + text, tmp_path / "recipe.json", str(tmp_path / "recipe.json")):
        assert recipes.load(source) == SOFT
    assert gaussfilt.recipes is recipes


@pytest.mark.parametrize(("text", "sentence"), [
    ('{"version": 1,', "recipe: line 1, column 15: is no JSON"),
    ('{"version": 1, "version": 1}', "recipe: the member 'version' stands twice in one object"),
    ('{"version": 1e999}', "recipe: has a number that is too large for any use"),
    ('{"version": NaN}', "recipe: is no JSON: NaN is no number"),
    ('{"version": ' + "[" * 100 + "]" * 100 + "}", "recipe: nests deeper than 64 levels"),
    ('{"version": ' + "[" * 200000, "recipe: nests deeper than 64 levels"),
    ('{"version": 1}', "recipe: has no member 'filters', which a recipe needs"),
])
def test_what_is_no_recipe(text, sentence):
    with pytest.raises(recipes.RecipeError) as raised:
        recipes.load(text)
    assert str(raised.value).startswith(sentence) and raised.value.pointer == ""


def test_errors_have_the_place_and_the_words(tmp_path):
    bad = {"version": 1, "filters": [{"name": "a", "chain": [{"blur": {"sigma": 1, "tabs": "discrete"}}]}]}
    (tmp_path / "bad.json").write_text(json.dumps(bad))
    with pytest.raises(recipes.RecipeError) as raised:
        recipes.load(tmp_path / "bad.json")
    assert str(raised.value).startswith(f"{tmp_path}/bad.json: /filters/0/chain/0/blur: has the member 'tabs', must be")
    assert raised.value.pointer == "/filters/0/chain/0/blur"
    assert raised.value.word == "tabs" and "taps" in raised.value.known
    with pytest.raises(FileNotFoundError):
        recipes.load("there-is-none.json")
    (tmp_path / "bytes.json").write_bytes(b'{"\xff": 1}')
    with pytest.raises(recipes.RecipeError, match="is not UTF-8"):
        recipes.load(tmp_path / "bytes.json")


@pytest.mark.parametrize("dtype", ["u1", "u2", "u4", "i1", "i2", "i4", "f2", "f4", "f8", ">u2"])
@pytest.mark.parametrize("shape", [(30, 40), (30, 40, 3)])
def test_blur_and_convolve_of_every_dtype(dtype, shape):
    wide = RNG.random(shape) * (1 if "f" in dtype else np.iinfo(dtype).max)
    a = wide.astype(dtype)
    exact = ndimage.gaussian_filter(a.astype(float), (1.5, 2.5), axes=(0, 1), truncate=12)
    got = recipes.apply(a, {"blur": {"sigma": [2.5, 1.5]}})
    close = {"f2": 1e-3}.get(dtype, 2e-5) if "f" in dtype else 0.626
    assert got.dtype == np.dtype(dtype).newbyteorder("=") and np.abs(got.astype(float) - exact).max() <= close
    kernel = np.array([[1, 2, 0], [0, 3, 1]])
    exact = np.stack([ndimage.convolve(plane, kernel / 7)
                      for plane in np.moveaxis(a.astype(float).reshape(30, 40, -1), -1, 0)], -1).reshape(shape)
    got = recipes.apply(a, {"convolve": {"kernel": kernel}})
    assert np.abs(got.astype(float) - exact).max() <= (close if "f" in dtype else 0.5001)


def test_steps_follow_one_another_and_leave_the_input():
    before = LEVELS.copy()
    chain = [{"blur": {"sigma": 2}}, {"convolve": {"kernel": "edges"}}]
    once = recipes.apply(LEVELS, {"blur": {"sigma": 2}})
    np.testing.assert_array_equal(recipes.apply(LEVELS, {"name": "a", "chain": chain}),
                                  recipes.apply(once, {"convolve": {"kernel": "edges"}}))
    np.testing.assert_array_equal(LEVELS, before)
    assert not np.shares_memory(recipes.apply(LEVELS, {"blur": {"sigma": 0}}), LEVELS)


def test_regions():
    boxes = [[3, 4, 12, 9], [30, 20, 99, 99]]
    whole = recipes.apply(LEVELS, {"convolve": {"kernel": "emboss3x3"}})
    expected = LEVELS.copy()
    for rows, columns in ((slice(4, 13), slice(3, 15)), (slice(20, 30), slice(30, 40))):
        expected[rows, columns] = whole[rows, columns]
    got = recipes.apply(LEVELS, {"convolve": {"kernel": "emboss3x3", "regions": boxes}})
    np.testing.assert_array_equal(got, expected)
    got = recipes.apply(LEVELS, {"blur": {"sigma": 3, "regions": np.array(boxes), "truncate": 4}})
    np.testing.assert_array_equal(got, gaussfilt.gaussian_regions(LEVELS, 3, boxes, truncate=4, tolerance=0.125 / 255))


def test_data_of_numpy_are_data():
    expected = recipes.apply(LEVELS, {"convolve": {"kernel": [[1, 2], [3, 4]], "factor": 0.1}})
    got = recipes.apply(LEVELS, {"convolve": {"kernel": np.array([[1, 2], [3, 4]]), "factor": np.float32(0.1)}})
    assert np.abs(got.astype(int) - expected).max() <= 1
    np.testing.assert_array_equal(recipes.apply(LEVELS, {"blur": {"sigma": np.array([2, 2])}}),
                                  recipes.apply(LEVELS, {"blur": {"sigma": np.int64(2)}}))


@pytest.mark.parametrize(("filter", "pointer", "sentence"), [
    ({"blur": {"sigma": 2, "light": "linear"}}, "/blur/light", 'filter: /blur/light: is "linear", must be "encoded"'),
    ({"chain": [{"blur": {"sigma": 1}}, {"blur": {"sigma": 2, "light": "linear"}}]}, "/chain/1/blur/light", "filter: "),
    ({"blur": {"sigma": "2"}}, "/blur/sigma", 'filter: /blur/sigma: is "2", must be a finite number >= 0'),
    ({"blur": {"sigma": 2}, "convolve": {"kernel": [[1]]}}, "", "filter: must have 'name' and exactly one of"),
    ({"name": "a"}, "", "filter: must have 'name' and exactly one of"),
    ({"name": "a/b", "blur": {"sigma": 2}}, "/name", 'filter: /name: is "a/b"'),
])
def test_filters_that_are_none(filter, pointer, sentence):
    with pytest.raises(recipes.RecipeError) as raised:
        recipes.apply(LEVELS, filter)
    assert raised.value.pointer == pointer and str(raised.value).startswith(sentence)


@pytest.mark.parametrize(("array", "step", "error", "sentence"), [
    (LEVELS > 9, {"blur": {"sigma": 2}}, TypeError, "array: is bool, must be integers of 8 to 32 bits"),
    (LEVELS.astype("u8"), {"blur": {"sigma": 2}}, TypeError, "array: is uint64"),
    (LEVELS.astype("c8"), {"blur": {"sigma": 2}}, TypeError, "array: is complex64"),
    (LEVELS[0, 0], {"blur": {"sigma": 2}}, ValueError, "array: has 1 axes, must be height x width"),
    (LEVELS, {"blur": {"sigma": 2, "regions": [[40, 1, 2, 3]]}}, ValueError, "/0 of filter lies outside the picture"),
    (LEVELS, {"convolve": {"kernel": [[1]], "regions": [[1, 30, 2, 3]]}}, ValueError, "/0 of filter lies outside the"),
    (LEVELS, {"blur": {"sigma": 2, "border": "constant:256"}}, ValueError, "border: the constant is 256, must be"),
    (LEVELS, {"convolve": {"kernel": [[1, 2]], "anchor": [2, 0]}}, ValueError, "anchor: is 2,0, must be a cell"),
    (LEVELS, {"convolve": {"kernel": [[1]], "regions": [[1, 1, 2, 3]], "source": "masked"}}, ValueError,
     '/convolve/source: is "masked", must be context or crop'),
    (LEVELS, {"convolve": {"kernel": "unsharp(2)", "bias": 3}}, ValueError, "bias: does not go with unsharp(2, 1.5"),
    (LEVELS, {"convolve": {"kernel": "unsharp(2)", "signed": "mid"}}, ValueError, "signed: does not go with unsharp"),
    (LEVELS, {"convolve": {"kernel": "box(7)", "like": "pillow"}}, ValueError, "and the kernel is box(7)"),
    (LEVELS.astype("f4"), {"convolve": {"kernel": "edges", "like": "pillow"}}, ValueError, "and the array is float32"),
    (LEVELS, {"convolve": {"kernel": "edges", "like": "pillow", "signed": "abs"}}, ValueError, "and signed is abs"),
    (LEVELS, {"convolve": {"kernel": "edges", "like": "pillow", "anchor": [0, 1]}}, ValueError, "the anchor is 0,1"),
])  # fmt: skip
def test_what_does_not_fit_the_array(array, step, error, sentence):
    with pytest.raises(error) as raised:
        recipes.apply(array, step)
    assert sentence in str(raised.value)
