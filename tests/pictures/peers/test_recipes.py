"""The published schema of recipes (docs/recipe.schema.json), jsonschema, and the program agree on what a recipe is, and
every recipe of the documents is one."""
import copy
import json
import re
from pathlib import Path

import jsonschema
import pytest
from support import PROGRAM, run

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = json.loads((ROOT / "docs/recipe.schema.json").read_text())
CHECKER = jsonschema.Draft202012Validator(SCHEMA)

# For each member of the schema's objects values that it takes and values that it does not.
MEMBERS = {
    "blur": {
        "sigma": ([0, 2, 2.5, [1, 2]], [-1, "2", None, True, [], [1], [1, 2, 3], [1, -2], [[1, 2], 3]]),
        "fwhm": ([0, 9, [1, 2]], [-1, "9", [1]]),
        "size": ([1, 5, 5.0, 4294967263], [0, 4, -3, 2.5, "5", 4294967265]),
        "radius": ([0, 12, 12.0, [3, 4], 2147483631], [-1, 1.5, "3", [1], [1, 2, 3], 2147483632, 1e30]),
        "truncate": ([0.1, 4], [0, -1, "4", [4]]),
        "taps": (["sampled", "discrete", "integrated"], ["Sampled", "", 1]),
        "light": (["encoded", "linear"], ["lin", None]),
        "tolerance": ([1e-4, 1], [0, -1e-4, "1e-4"]),
        "border": (["reflect", "mirror", "nearest", "wrap", "constant", "constant:255", "constant:.5", "constant:1.e2"],
                   ["Reflect", "reflect:1", "constant:", "constant:-1", "constant:x", "constant:+1", "constant:1e",
                    "constant:inf", "constant:nan", "constant:0x1", "constant: 1", 0]),
        "regions": ([[[0, 0, 1, 1]], [[-5, 1.0, 7, 9], [1, 2, 3, 4]], [[1, 2, 3, 4, 5]], [[1.5, 2, 3, 4.5, [1, 0]]],
                     ["10%,10%,50%,50%", "ellipse:1,2,30%,4", "1,2,3,4@sigma=2", "polygon:1,2 3,4.5 90%,6@sigma=1,2"],
                     [{"box": [1, 2, 3, 4]}, {"ellipse": [1, 2, 3, 4], "sigma": 3}],
                     [{"polygon": [[1, 2], [3, 4], [5, 60]], "sigma": [1, 2]}]],
                    [[], [1, 2, 3, 4], [[1, 2, 3]], [[1, 2, 3, 4, 5, 6]], [[1, 2, 3, 4, 0]], [[1, 2, 3, 4, [0, 0]]],
                     [[1, 2, 0, 4]], [[1, 2, 3, -4]], [[1, 2, 3, "4"]], [["1%", 2, 3, 4]], {}, [[1 << 41, 2, 3, 4]],
                     ["1,2,3"], ["ring:1,2,3,4"], ["mask:a.png"], [{"mask": "a.png"}], [{"sigma": 3}], [{}],
                     [{"box": [1, 2, 3, 4], "ellipse": [1, 2, 3, 4]}], [{"box": [1, 2, 3, 4], "more": 1}],
                     [{"polygon": [[1, 2], [3, 4]]}], [{"polygon": [[1, 2], [3, 4], [5]]}], [None]]),
        "invert": ([True, False], ["true", 1, None]),
        "feather": ([0, 2.5], [-1, "3", None]),
        "source": (["context", "crop", "masked"], ["Crop", 1]),
    },
    "convolve": {
        "kernel": (["sharpen3x3", "motion(9, 30)", "1 2 1; 2 4 2; 1 2 1", [[1]], [[1, -2.5], [3, 4]], [[1, 2, 1]]],
                   [3, None, "", [], [[]], [1, 2], [["1"]], [[True]], {}]),
        "factor": ([0.5, -1, 0], ["1", None, [1]]),
        "bias": ([128, -3.5], ["1", None]),
        "anchor": ([[0, 0], [1, 2.0], [1000, 0]], [[1], [1, 2, 3], [-1, 0], [1.5, 0], [1001, 0], "1,1", 1]),
        "turn": (["convolve", "correlate"], ["Convolve", True]),
        "signed": (["clip", "abs", "mid"], ["absolute", 1]),
        "like": (["gaussfilt", "pillow"], ["scipy", None]),
        "border": (["mirror", "constant:255"], ["mirror:1", 1]),
        "regions": ([[[0, 0, 1, 1], "ellipse:1,2,3,4", {"ellipse": [1, 2, 3, 4]}]],
                    [[], [[1, 2, 3]], [[1, 2, 3, 4, 5]], ["1,2,3,4@sigma=5"], [{"box": [1, 2, 3, 4], "sigma": 5}]]),
        "invert": ([True, False], [1]),
        "feather": ([3], [-1]),
        "source": (["context", "crop"], ["Crop", 1, "masked"]),
    },
    "save": {
        "quality": ([1, 100, 90.0], [0, 101, 90.5, "90"]),
        "compression": ([0, 9, "0", "lzw", "lossless"], [-1, 10, 1.5, "10", "LZW", None]),
        "depth": ([8, 16, 32, 16.0], [1, 12, 64, "8"]),
    },
    "filter": {
        "name": (["a", "Weich 2", "ä" * 64, "a.b"], ["", ".", "..", ".a", "a/b", "a\nb", "a\x7f", "ä" * 65, 3, None]),
    },
}

NEED_REGIONS = ("invert", "feather", "source")


def recipe(**blur):
    return {"version": 1, "filters": [{"name": "a", "blur": blur}]}


def with_member(kind, name, value):
    if kind == "blur":
        others = {"regions": [[1, 2, 3, 4]]} if name in NEED_REGIONS else {}
        return recipe(**({} if name in ("sigma", "fwhm", "size") else {"sigma": 2}), **others, **{name: value})
    if kind == "convolve":
        others = {"regions": [[1, 2, 3, 4]]} if name in NEED_REGIONS else {}
        return {"version": 1, "filters": [{"name": "a", "convolve": {"kernel": [[1]], **others, name: value}}]}
    made = recipe(sigma=2)
    if kind == "save":
        made["save"] = {name: value}
    else:
        made["filters"][0][name] = value
    return made


def whole_documents():
    blur = {"blur": {"sigma": 1}}
    good = recipe(sigma=2)
    yield from ([], {}, 3, None, "x", good, {**good, "more": 1}, {**good, "version": 2}, {**good, "version": "1"},
                {**good, "version": 1.0}, {"version": 1}, {**good, "filters": []}, {**good, "filters": {}},
                {**good, "filters": [3]}, {**good, "save": {}}, {**good, "save": []}, {**good, "save": {"more": 1}})
    for entry in ({"name": "a"}, blur, {**blur, "name": "a", "chain": [blur]}, {"name": "a", "chain": []},
                  {"name": "a", "chain": [blur]}, {"name": "a", "chain": [blur, blur]}, {"name": "a", "chain": [{}]},
                  {"name": "a", "chain": [{**blur, "chain": []}]}, {"name": "a", "chain": blur},
                  {"name": "a", "blur": 1}, {"name": "a", "blru": {}}, {"name": "a", "chain": [blur] * 101},
                  {"name": "a", "chain": [blur] * 100}):
        yield {"version": 1, "filters": [entry]}
    for count in (1000, 1001):
        yield {"version": 1, "filters": [{"name": str(i), **blur} for i in range(count)]}
    for options in ({}, {"kernel": [[1]], "more": 1}, {"factor": 1}, {"kernel": [[1]], "source": "crop"}):
        yield {"version": 1, "filters": [{"name": "a", "convolve": options}]}
    yield from (recipe(), recipe(sigma=1, fwhm=2), recipe(size=5, radius=2), recipe(size=5, truncate=4),
                recipe(radius=3), recipe(sigma=1, radius=3, truncate=4), recipe(sigma=1, source="crop"),
                recipe(sigma=1, size=5), recipe(sigma=1, radius=3), recipe(sigma=1, more=2), recipe(fwhm=1, radius=3),
                recipe(size=5, taps="discrete"), recipe(sigma=1, invert=True), recipe(sigma=1, feather=3),
                recipe(sigma=1, invert=True, regions=["1,2,3,4@sigma=2"]),
                recipe(sigma=1, invert=True, regions=["1,2,3,4"]),
                recipe(sigma=1, invert=False, regions=["1,2,3,4@sigma=2"]))


def documents():
    yield from whole_documents()
    for kind, members in MEMBERS.items():
        for name, (good, bad) in members.items():
            for value in (*good, *bad):
                yield with_member(kind, name, value)


def taken(document, folder) -> bool:
    (folder / "recipe.json").write_text(json.dumps(document))
    done = run("apply", "recipe.json", "none.png", "-o", "out", "--dry-run", folder=folder)
    assert done.stderr.count("\n") == 1, done.stderr
    if done.returncode == 1:  # the picture, which is not there, is missed last
        assert "none.png: there is no such file" in done.stderr
        return True
    assert done.returncode == 2 and done.stderr.startswith("gaussfilt: recipe.json: "), done.stderr
    return False


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_every_member_is_tried():
    for kind, members in MEMBERS.items():
        tried = set(members) | ({"blur", "convolve", "chain"} if kind == "filter" else set())
        assert tried == set(SCHEMA["$defs"][kind]["properties"]), kind


@pytest.mark.skipif(not PROGRAM, reason="the program is not built")
def test_the_program_and_the_schema_agree(tmp_path):
    said = {True: 0, False: 0}
    for document in documents():
        valid = CHECKER.is_valid(document)
        assert taken(document, tmp_path) == valid, (valid, json.dumps(document)[:300])
        said[valid] += 1
    assert min(said.values()) > 40, said


def test_every_value_is_what_its_list_says():
    for kind, members in MEMBERS.items():
        for name, (good, bad) in members.items():
            for value in good:
                CHECKER.validate(with_member(kind, name, value))
            for value in bad:
                assert not CHECKER.is_valid(with_member(kind, name, value)), (kind, name, value)


def recipes_of_the_documents():
    for page in sorted([*ROOT.glob("docs/**/*.md"), ROOT / "README.md"]):
        for text in re.findall(r"```json\n(.*?)```", page.read_text(), re.DOTALL):
            if '"filters"' in text:
                yield page.name, json.loads(text)
    for file in sorted([*ROOT.glob("docs/**/*.json"), *ROOT.glob("examples/**/*.json")]):
        document = json.loads(file.read_text())
        if isinstance(document, dict) and "filters" in document:
            yield file.name, document


def test_the_recipes_of_the_documents(tmp_path):
    found = list(recipes_of_the_documents())
    assert found
    for name, document in found:
        CHECKER.validate(copy.deepcopy(document))
        assert taken(document, tmp_path), name
