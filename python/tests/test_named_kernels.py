"""Kernels by name as data, and plans of kernels."""

import re
import subprocess
import sys
from pathlib import Path

import gaussfilt
import numpy as np
import pytest
from PIL import ImageFilter
from scipy import ndimage

DOCS = (Path(__file__).resolve().parents[2] / "docs/kernels.md").read_text()
EXAMPLES = [family.example for family in gaussfilt.named_kernels()]
SECTION = r"\n### ([^\n]*)\n\nVersion (\d+); factor ([-.\d]+), bias ([-.\d]+); (.*?)(?=\n### |\n<!--)"
# Of each heading the version, factor, bias, and what follows: the orientation and the matrix.
DOCUMENTED = {heading: (int(version), float(factor), float(bias), rest)
              for heading, version, factor, bias, rest in re.findall(SECTION, DOCS, re.DOTALL)}


def without_threshold(name):
    return "unsharp(2, 1.5)" if name.startswith("unsharp") else name  # with one it is no matrix


def test_every_kernel_of_the_docs_is_there():
    assert sorted(EXAMPLES) == sorted(DOCUMENTED)
    assert all(family.description and family.example.startswith(family.name) for family in gaussfilt.named_kernels())


@pytest.mark.parametrize("name", EXAMPLES)
def test_data_are_those_of_the_docs(name):
    version, factor, bias, rest = DOCUMENTED[name]
    kernel = gaussfilt.named_kernel(without_threshold(name))
    assert (kernel.version, kernel.bias) == (version, bias) and kernel.factor == pytest.approx(factor, rel=1e-5)
    assert kernel.array.dtype == np.float64
    rows = [line.split() for line in rest.splitlines() if re.match(r"    [- \d]", line)]
    if rows:
        assert kernel.orientation + "." == rest.splitlines()[0]
        np.testing.assert_allclose(kernel.array, np.array(rows, float), rtol=1e-3)


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name.startswith("pillow-")])
def test_pillows_are_pillows(name):
    preset = getattr(ImageFilter, name.removeprefix("pillow-").upper().replace("-", "_"))
    size, scale, offset, taps = preset.filterargs
    kernel = gaussfilt.named_kernel(name)
    assert kernel.array.shape == size and kernel.array.ravel().tolist() == list(taps)
    assert (kernel.factor, kernel.bias) == (1 / scale, offset)


def test_names_and_their_slips():
    assert gaussfilt.named_kernel(" MOTION( 9,30 )").name == "motion(9, 30)"
    assert repr(gaussfilt.named_kernel("box(3)")) == "<gaussfilt.NamedKernel box(3), 3 x 3, version 1>"
    for name, sentence in (("embos3x3", "emboss3x3"), ("box", "size"), ("box(1, 2, 3)", "box"), ("box(-1)", "-1"),
                           ("unsharp(2, 1.5, 3)", "threshold")):
        with pytest.raises(ValueError, match=re.escape(sentence)):
            gaussfilt.named_kernel(name)
    with pytest.raises(TypeError):
        gaussfilt.named_kernel(3)


def test_each_array_is_the_callers_own():
    kernel = gaussfilt.named_kernel("box(3)")
    kernel.array[:] = 5
    assert (kernel.array == 1).all()


def test_without_numpy_it_is_our_array():
    code = ("import sys; sys.modules['numpy'] = None; import gaussfilt; k = gaussfilt.named_kernel('box(3)').array; "
            "print(type(k).__name__, memoryview(k).tolist()[0])")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "Array [1.0, 1.0, 1.0]\n"


@pytest.mark.parametrize("name", ["convolve", "correlate"])
def test_a_plan_is_the_function(name):
    rng = np.random.default_rng(5)
    a = rng.integers(0, 256, (19, 23, 3), np.uint8)
    kernel = rng.standard_normal((4, 3))
    options = {"origin": (1, -1), "channel_axis": -1, "border": "mirror", "factor": 0.3, "bias": 7}
    plan = getattr(gaussfilt, f"plan_{name}")(a.shape, a.dtype, kernel, out_dtype="int16", threads=1, **options)
    expected = getattr(gaussfilt, name)(a, kernel, dtype="int16", **options)
    assert (plan.shape, plan.dtype, plan.out_dtype, plan.method) == (a.shape, "uint8", "int16", "dense")
    np.testing.assert_array_equal(plan(a), expected)
    origin, shape = plan.source_window((3, 0, 0), (5, 23, 3))
    part = a[origin[0]:origin[0] + shape[0]]
    np.testing.assert_array_equal(plan.run_region(part, origin, np.empty((5, 23, 3), "i2"), (3, 0, 0)), expected[3:8])
    with pytest.raises(ValueError, match="kernel: has 1 axes for 2 filtered ones"):
        getattr(gaussfilt, f"plan_{name}")(a.shape, a.dtype, [1, 2], channel_axis=-1)


DTYPES = ["?", "u1", "i1", "u2", "i2", "u4", "i4", "f2", "f4", "f8"]
BORDERS = ["reflect", "mirror", "nearest", "wrap", "constant"]


def rounded(exact, dtype):
    """What an output of `dtype` holds of exact results: integers to even and saturated."""
    if dtype.kind == "f":
        return exact.astype(dtype)
    if dtype.kind == "b":
        return exact >= 0.5
    info = np.iinfo(dtype)
    return np.clip(np.rint(exact), info.min, info.max).astype(dtype)


@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("name", EXAMPLES)
def test_every_kernel_is_scipys_convolution(name, border):
    """On every dtype: within the plan's bound of SciPy's sum in f64; integers and bool off only where that decides."""
    kernel = gaussfilt.named_kernel(without_threshold(name))
    rng = np.random.default_rng(6)
    for dtype in map(np.dtype, DTYPES):
        if dtype.kind == "f":
            image = rng.standard_normal((23, 31)).astype(dtype)
        else:
            low, high = (0, 2) if dtype.kind == "b" else (0, min(np.iinfo(dtype).max, 40000) + 1)
            image = rng.integers(low, high, (23, 31)).astype(dtype)
        bias = kernel.bias if dtype.kind in "ui" else 0
        options = {"border": border, "cval": 1, "factor": kernel.factor, "bias": bias}
        ours = gaussfilt.convolve(image, kernel.array, **options)
        exact = kernel.factor * ndimage.convolve(image.astype(float), kernel.array, mode=border, cval=1.0) + bias
        weight = abs(kernel.factor) * np.abs(kernel.array).sum() * max(np.abs(image.astype(float)).max(), 1) + abs(bias)
        bound = (gaussfilt.plan_convolve(image.shape, dtype, kernel.array, **options).error_bound + 1e-14) * weight
        want = rounded(exact, dtype)
        assert ours.dtype == dtype
        if dtype.kind == "f":
            stored = {2: 2**-11, 4: 2**-24, 8: 0}[dtype.itemsize]
            assert (np.abs(ours.astype(float) - exact) <= bound + stored * (np.abs(exact) + bound)).all(), (name, dtype)
        else:
            off = ours != want
            tie = np.abs(np.abs(exact - np.floor(exact)) - 0.5) <= bound
            assert not (off & ~tie).any(), (name, dtype, exact[off & ~tie], ours[off & ~tie])
