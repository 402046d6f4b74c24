"""The annotations: complete, true of the package itself, and what a strict program needs."""

import ast
import importlib
import inspect
import re
import subprocess
import sys
import typing
from pathlib import Path

import gaussfilt
import pytest
from gaussfilt import cv2

USAGE = Path(__file__).with_name("typed_usage.py")
# Calls that a type checker must refuse, each with mypy's name of what is wrong.
WRONG = [
    ("gaussfilt.gausian(image, 1.0)", "attr-defined"),
    ("gaussfilt.ndimages.sobel(image)", "attr-defined"),
    ("gaussfilt.gaussian(image, '1.0')", "arg-type"),
    ("gaussfilt.gaussian(image, 1.0, tolerance=1e-3, method=1)", "arg-type"),
    ("gaussfilt.named_kernel('edges').weights", "attr-defined"),
    ("gaussfilt.plan_correlate((3, 3), float, [[1]], sigma=2)", "call-arg"),
    ("gaussfilt.gaussian_regions(image, 2, regions=[], feather='wide')", "arg-type"),
    ("gaussfilt.region_weights((1, 2, 3, 4))", "call-arg"),
    ("ndimage.gaussian_filter(image, 1, trunkate=3)", "call-arg"),
    ("ndimage.gaussian_filter(image)", "call-arg"),
    ("ndimage.gaussian_filter(image, 1, mode='reflected')", "arg-type"),
    ("ndimage.gaussian_filter(image, 1, threads=1.5)", "arg-type"),
    ("ndimage.gaussian_filter1d(image, (1, 2))", "arg-type"),
    ("ndimage.gaussian_laplace(image, 1, trunkate=3)", "call-arg"),
    ("ndimage.gaussian_gradient_magnitude(image, 1, threads='2')", "arg-type"),
    ("ndimage.correlate1d(image, [1, 2], 0.5)", "arg-type"),
    ("ndimage.generic_laplace(image, 'laplace')", "arg-type"),
    ("ndimage.fourier_gaussian(image, 1, output='complex64')", "arg-type"),
    ("ndimage.gaussian_filter(image, 1).shapes", "attr-defined"),
    ("skimage.gaussian([[1.0]], 1)", "arg-type"),
    ("skimage.gaussian(image, 1, 'nearest')", "call-arg"),
    ("skimage.difference_of_gaussians(image, 1, channel_axis=(0, 1))", "arg-type"),
    ("skimage.unsharp_mask(image, out=image)", "call-arg"),
    ("cv2.GaussianBlur(image, 3, 0)", "arg-type"),
    ("cv2.GaussianBlur(image, (3, 3, 3), 0)", "arg-type"),
    ("cv2.sepFilter2D(image, np.float32, image, image)", "arg-type"),
    ("cv2.getGaussianKernel(3)", "call-arg"),
    ("pillow.GaussianBlur(1, like='Pillow')", "arg-type"),
    ("pillow.BoxBlur()", "call-arg"),
    ("pillow.UnsharpMask(1, amount=2)", "call-arg"),
    ("pillow.Kernel(3, [1.0])", "arg-type"),
    ("pillow.blur_region(image, (0, 0, 9, 9))", "arg-type"),
    ("recipes.apply(image, [('blur', 2)])", "arg-type"),
    ("recipes.load(3)", "arg-type"),
]
HEAD = """\
import gaussfilt
import numpy as np
from gaussfilt import cv2, ndimage, pillow, recipes, skimage
image = np.zeros((3, 3))
"""


@pytest.fixture(scope="module")
def mypy(tmp_path_factory):
    """Runs mypy away from the source tree, so that it reads the package as it is installed."""
    folder = tmp_path_factory.mktemp("mypy")

    def run(*arguments):
        command = [sys.executable, "-m", "mypy", "--cache-dir", folder / "cache", "--no-error-summary", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd=folder)
        assert done.stderr == ""
        return done.stdout

    return run


def test_package_agrees_with_its_annotations(mypy):
    flags = ("--disallow-incomplete-defs", "--warn-redundant-casts", "--warn-unused-ignores")
    assert mypy(*flags, "-p", "gaussfilt") == ""


def test_strict_program_passes(mypy):
    assert mypy("--strict", USAGE) == ""


def test_strict_program_runs():
    """What the annotations let pass, the functions take."""
    done = subprocess.run([sys.executable, "-W", "error", USAGE], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_wrong_programs_are_refused(mypy, tmp_path):
    program = tmp_path / "wrong.py"
    program.write_text(HEAD + "".join(f"{call}\n" for call, _ in WRONG))
    errors = re.findall(r"wrong\.py:(\d+): error: .*\[([\w-]+)\]$", mypy("--strict", program), re.MULTILINE)
    first = HEAD.count("\n") + 1
    found = [(call, [kind for at, kind in errors if int(at) == line]) for line, (call, _) in enumerate(WRONG, first)]
    assert found == [(call, [kind]) for call, kind in WRONG]
    assert len(errors) == len(WRONG)


def public(module):
    return {f"{module.__name__.removeprefix('gaussfilt.')}.{name}": getattr(module, name) for name in module.__all__}


FACES = [importlib.import_module(f"gaussfilt.{name}") for name in ("cv2", "ndimage", "pillow", "recipes", "skimage")]
THINGS = {name: thing for face in FACES for name, thing in public(face).items()}


@pytest.mark.parametrize("name", [*public(gaussfilt), *THINGS])
def test_every_public_name_is_used_in_the_program(name):
    used = {ast.unparse(node) for node in ast.walk(ast.parse(USAGE.read_text())) if isinstance(node, ast.Attribute)}
    assert name in used


@pytest.mark.parametrize("name", [name for name, thing in THINGS.items() if thing is not cv2.error])
def test_every_argument_is_annotated(name):
    """And the annotations can be looked up, by tools that do so while the program runs."""
    function = THINGS[name] if inspect.isfunction(THINGS[name]) else vars(THINGS[name])["__init__"]
    arguments = [argument for argument in inspect.signature(function).parameters if argument != "self"]
    assert set(typing.get_type_hints(function)) == {*arguments, "return"}
