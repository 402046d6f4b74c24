"""Recipes: named filters as plain data, the JSON of ``gaussfilt apply``, done to arrays.

What a filter does to a grey picture of 8 or 16 bits it does to the array of its levels, to the bit. An array has no
alpha, no profile and no file: every channel is filtered by itself, ``light: linear`` is refused, and ``save`` is of no
account.
"""

from __future__ import annotations

import functools
import math
import operator
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _pillow_numbers
from ._core import gaussian, gaussian_regions, plan, plan_correlate, region_weights
from ._recipe_reader import RecipeError, Value, parse
from ._recipe_steps import Blur, Convolve, Where, check_recipe, read_filter

__all__ = ["RecipeError", "apply", "load"]

_Array = NDArray[Any]
_LARGEST_FILE = 16 << 20
RecipeError.__module__ = __name__  # where it is told of


def load(source: str | os.PathLike[str] | Mapping[str, Any]) -> dict[str, Any]:
    """A recipe as plain data, checked.

    Parameters
    ----------
    source : path, str or dict
        A file; its text, which begins with ``{``; or the data themselves.

    Returns
    -------
    dict
        As the JSON has it: ``recipe["filters"]`` is a list of dicts, each for :func:`apply`.

    Raises
    ------
    RecipeError
        A ValueError that says in one sentence what is wrong, with the place as a JSON pointer.
    OSError
        The file cannot be read.

    Examples
    --------
    >>> from gaussfilt import recipes
    >>> recipe = recipes.load('{"version": 1, "filters": [{"name": "soft", "blur": {"sigma": 3}}]}')
    >>> recipe["filters"][0]["name"]
    'soft'
    >>> recipes.load({"version": 1, "filters": [{"name": "soft", "blur": {"sigma": -3}}]})
    Traceback (most recent call last):
    ...
    gaussfilt.recipes.RecipeError: recipe: /filters/0/blur/sigma: is -3, must be a finite number >= 0, or ...
    """
    if isinstance(source, Mapping):
        document, title = dict(source), "recipe"
    elif isinstance(source, str) and source.lstrip(" \t\r\n").startswith("{"):
        document, title = parse(source, "recipe"), "recipe"
    else:
        title = os.fspath(source)
        text = _text_of(Path(source), title)
        document = parse(text, title)
    check_recipe(document, title)
    return document


def _text_of(file: Path, title: str) -> str:
    with file.open("rb") as stream:
        data = stream.read(_LARGEST_FILE + 1)
    if len(data) > _LARGEST_FILE:
        raise RecipeError(f"{title}: is larger than 16 MiB, which no recipe is.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RecipeError(f"{title}: byte {error.start}: is no JSON: is not UTF-8.") from None


def apply(array: Any, filter: Mapping[str, Any], *, threads: int | None = None) -> _Array:
    """What a filter of a recipe makes of an array.

    Parameters
    ----------
    array : array
        Height x width, or height x width x channels, each of which is filtered by itself. Integers of 8 to 32 bits,
        float16, float32, float64.
    filter : dict
        An entry of ``recipe["filters"]``, or such a dict without a name: ``{"blur": {"sigma": 3}}``.
    threads : int, optional
        At most this many. The result does not depend on it.

    Returns
    -------
    numpy.ndarray
        A new array of the same shape and dtype.

    Raises
    ------
    RecipeError
        A ValueError: the filter is none, or says what no array has (``"light": "linear"``).
    ValueError
        A region outside the array, a constant border beyond its levels, a shape of another rank.
    TypeError
        bool, complex or 64-bit integers.

    Examples
    --------
    >>> import numpy as np
    >>> from gaussfilt import recipes
    >>> levels = np.zeros((4, 5), np.uint8)
    >>> levels[1, 2] = 160
    >>> recipes.apply(levels, {"convolve": {"kernel": "gaussian3x3"}}).tolist()[0]
    [0, 10, 20, 10, 0]
    """
    steps = read_filter(Value(filter if isinstance(filter, dict) else dict(filter), "", "filter"), nameless=True)
    result = _checked(np.array(array))
    for place, step in steps:
        if isinstance(step, Blur):
            if step.light == "linear":
                raise place.member("light").refusal(
                    "\"encoded\": an array has no profile that says what light its levels are"
                )
            result = _blur(result, step, threads)
        else:
            result = _convolve(result, step, threads)
    return result


def _checked(array: _Array) -> _Array:
    kind, size = array.dtype.kind, array.dtype.itemsize
    if not (kind in "iu" and size <= 4) and not (kind == "f" and size <= 8):
        raise TypeError(f"array: is {array.dtype}, must be integers of 8 to 32 bits, float16, float32 or float64")
    if array.ndim not in (2, 3):
        raise ValueError(f"array: has {array.ndim} axes, must be height x width or height x width x channels")
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def _white(dtype: np.dtype[Any]) -> float:
    return 1.0 if dtype.kind == "f" else float(np.iinfo(dtype).max)


def _to_levels(values: _Array, dtype: np.dtype[Any]) -> _Array:
    """Rounded half to even, saturating."""
    if dtype.kind == "f":
        return values.astype(dtype)
    limits = np.iinfo(dtype)
    return np.rint(np.clip(values, limits.min, limits.max)).astype(dtype)


def _check_border(array: _Array, step: Blur | Convolve) -> None:
    white = _white(array.dtype)
    if step.border == "constant" and array.dtype.kind != "f" and step.cval > white:
        raise ValueError(f"border: the constant is {step.cval:g}, must be a level of the array, 0 to {white:g}")


def _tolerance(array: _Array) -> float:
    """An eighth of a level, which no rounding shows."""
    return 1e-5 if array.dtype.kind == "f" else 0.125 / _white(array.dtype)


def _placed(array: _Array, step: Where) -> list[dict[str, Any]]:
    """The regions as gaussian_regions takes them."""
    height, width = array.shape[:2]
    return [region.placed(width, height) for region in step.regions]


def _blur(array: _Array, step: Blur, threads: int | None) -> _Array:
    _check_border(array, step)
    options: dict[str, Any] = {
        "axes": (0, 1),
        "border": step.border,
        "cval": step.cval,
        "taps": step.taps,
        "tolerance": _tolerance(array) if step.tolerance is None else step.tolerance,
        "threads": threads,
    }
    if step.radius is None:
        options["truncate"] = step.truncate
    else:
        options["radius"] = step.radius[::-1]
    sigma = step.sigma[::-1]
    if not step.regions:
        whole: _Array = gaussian(array, sigma, **options)
        return whole
    options.update(source=step.source, invert=step.invert, feather=step.feather)
    result: _Array = gaussian_regions(array, sigma, _placed(array, step), **options)
    return result


class _Settled:
    """What the options of a convolution come to for an array."""

    def __init__(self, array: _Array, step: Convolve) -> None:
        kernel, white = step.kernel, _white(array.dtype)
        self.rows = np.array(kernel.rows or [[0.0]], np.float64)  # of unsharp, which is no matrix, no one asks
        height, width = self.rows.shape
        self.anchor = step.anchor if step.anchor is not None else (width // 2, height // 2)
        total = functools.reduce(operator.add, self.rows.ravel().tolist(), 0.0)
        own = kernel.factor if kernel.factor is not None else 1.0 if total == 0 else 1 / total
        self.factor = own if step.factor is None else step.factor
        self.bias = step.bias if step.bias is not None else kernel.bias or 0.0
        if step.bias is None and kernel.named and step.like == "gaussfilt":
            self.bias *= white / 255  # a named one counts in levels of 8 bits
        if kernel.unsharp is None:
            x, y = self.anchor
            if x >= width or y >= height:
                last = f"{width - 1},{height - 1}"
                raise ValueError(f"anchor: is {x},{y}, must be a cell of the matrix, from 0,0 to {last}")
        if not math.isfinite(self.factor):
            raise ValueError(f"factor: is {self.factor}, must be a finite number")


def _check_convolve(array: _Array, step: Convolve, settled: _Settled) -> None:
    _check_border(array, step)
    if step.kernel.unsharp is not None:
        given = {"factor": step.factor, "bias": step.bias, "anchor": step.anchor,
                 "signed": None if step.signed == "clip" else step.signed}  # fmt: skip
        for option, value in given.items():
            if value is not None:
                raise ValueError(f"{option}: does not go with {step.kernel.told}, which is no matrix; leave it out")
    if step.like == "pillow":
        _check_pillow(array, step, settled)


def _check_pillow(array: _Array, step: Convolve, settled: _Settled) -> None:
    if step.kernel.unsharp is not None or settled.rows.shape not in ((3, 3), (5, 5)):
        raise ValueError(f"like: is pillow, and the kernel is {step.kernel.told}, must be 3 x 3 or 5 x 5")
    if array.dtype != np.uint8 and not (array.dtype == np.uint16 and (array.ndim == 2 or array.shape[2] == 1)):
        raise ValueError(f"like: is pillow, and the array is {array.dtype}, must be uint8, or uint16 with one channel")
    if step.signed != "clip":
        raise ValueError(f"like: is pillow, and signed is {step.signed}, must be clip; Pillow has nothing else")
    middle = (settled.rows.shape[1] // 2, settled.rows.shape[0] // 2)
    if settled.anchor != middle:
        x, y = settled.anchor
        raise ValueError(f"like: is pillow, and the anchor is {x},{y}, must be the middle, {middle[0]},{middle[1]}")


def _unsharp(array: _Array, blurred: _Array, amount: float, threshold: float) -> _Array:
    own = array.astype(np.float64)
    difference = own - blurred
    changed = np.abs(difference) > threshold
    return np.where(changed, _to_levels(own + amount * difference, array.dtype), array)


class _Filter:
    """One convolution of arrays of one shape: of the whole, or of a box of it in its context."""

    def __init__(self, array: _Array, step: Convolve, settled: _Settled, threads: int | None) -> None:
        self.step, self.settled = step, settled
        self.white = _white(array.dtype)
        self.plan = None if step.like == "pillow" else self._plan(array, threads)

    def _plan(self, array: _Array, threads: int | None) -> Any:
        step, settled = self.step, self.settled
        common: dict[str, Any] = {"axes": (0, 1), "border": step.border, "cval": step.cval, "threads": threads}
        if step.kernel.unsharp is not None:
            return plan(array.shape, array.dtype, step.kernel.unsharp[0], out_dtype=np.float64, truncate=math.inf,
                        tolerance=_tolerance(array), **common)  # fmt: skip
        rows, (x, y) = settled.rows, settled.anchor
        height, width = rows.shape
        if step.turn == "convolve":
            rows, x, y = rows[::-1, ::-1], width - 1 - x, height - 1 - y
        middle = step.signed == "mid"
        scale, offset = (0.5, self.white / 2) if middle else (1.0, 0.0)
        out_dtype = np.dtype(np.float64) if step.signed == "abs" else array.dtype
        return plan_correlate(array.shape, array.dtype, rows, origin=(y - height // 2, x - width // 2),
                              factor=scale * settled.factor, bias=scale * settled.bias + offset, out_dtype=out_dtype,
                              **common)  # fmt: skip

    def _finished(self, original: _Array, filtered: _Array) -> _Array:
        if self.step.kernel.unsharp is not None:
            _, amount, threshold = self.step.kernel.unsharp
            return _unsharp(original, filtered, amount, threshold * (self.white / 255))
        return _to_levels(np.abs(filtered), original.dtype) if self.step.signed == "abs" else filtered

    def whole(self, array: _Array) -> _Array:
        if self.plan is None:
            rows, settled = self.settled.rows, self.settled
            weights = rows.ravel().tolist()
            like_pillow: _Array = _pillow_numbers.kernel(array, rows.shape, weights, 1 / settled.factor, settled.bias)
            return like_pillow
        return self._finished(array, self.plan(array))

    def part(self, array: _Array, rows: slice, columns: slice) -> _Array:
        """A box, as it is in the whole array filtered."""
        if self.plan is None:
            return self.whole(array)[rows, columns]
        box = array[rows, columns]
        origin = (rows.start, columns.start, *(0,) * (array.ndim - 2))
        (y, x, *_), (height, width, *_) = self.plan.source_window(origin, box.shape)
        filtered = np.empty(box.shape, self.plan.out_dtype)
        source = array[y : y + height, x : x + width]
        self.plan.run_region(source, (y, x, *(0,) * (array.ndim - 2)), filtered, origin)
        return self._finished(box, filtered)


def _cut(region: dict[str, Any], feather: float, array: _Array) -> tuple[slice, slice]:
    """All that a region gives a weight."""
    if "polygon" in region:
        xs, ys = zip(*region["polygon"])
        left, right, top, bottom = math.floor(min(xs)), math.ceil(max(xs)), math.floor(min(ys)), math.ceil(max(ys))
    else:
        left, top, width, height = region["ellipse" if "ellipse" in region else "box"]
        right, bottom = left + width, top + height
    by = math.ceil(min(feather, max(array.shape[:2])))
    rows, columns = ((max(first, 0), min(last, size)) for first, last, size in (
        (top, bottom, array.shape[0]), (left, right, array.shape[1])))  # fmt: skip
    return (slice(max(rows[0] - by, 0), min(rows[1] + by, array.shape[0])),
            slice(max(columns[0] - by, 0), min(columns[1] + by, array.shape[1])))  # fmt: skip


def _places(array: _Array, step: Convolve) -> list[tuple[slice, slice, _Array]]:
    """Rows, columns and the weights in them."""
    shape, places = array.shape[:2], []
    if step.invert:
        rest = np.ones(shape, np.float32)
        for region in _placed(array, step):
            np.minimum(rest, np.float32(1) - region_weights(region, shape), out=rest)
        if step.feather > 0:
            rest = region_weights({"mask": rest}, shape, feather=step.feather)
        return [(slice(0, shape[0]), slice(0, shape[1]), rest)]
    for region in _placed(array, step):
        weights = region_weights(region, shape, feather=step.feather)
        rows, columns = _cut(region, step.feather, array)
        places.append((rows, columns, weights[rows, columns]))
    return places


def _mix(filtered: _Array, weights: _Array, target: _Array) -> None:
    """Into the target, as levels: weight * filtered + (1 - weight) * target; where the weight is 0 every bit stays."""
    share = weights.astype(np.float64).reshape(*weights.shape, *(1,) * (target.ndim - 2))
    mixed = _to_levels(share * filtered + (1 - share) * target, target.dtype)
    np.copyto(target, mixed, where=share > 0)
    np.copyto(target, filtered, where=share >= 1)


def _convolve(array: _Array, step: Convolve, threads: int | None) -> _Array:
    settled = _Settled(array, step)
    _check_convolve(array, step, settled)
    if not step.regions:
        return _Filter(array, step, settled, threads).whole(array)
    result, places = array.copy(), _places(array, step)
    if step.source == "crop":  # one after the other
        for rows, columns, weights in places:
            cut_out = np.ascontiguousarray(result[rows, columns])
            _mix(_Filter(cut_out, step, settled, threads).whole(cut_out), weights, result[rows, columns])
        return result
    filter = _Filter(array, step, settled, threads)
    for rows, columns, weights in places:
        _mix(filter.part(array, rows, columns), weights, result[rows, columns])
    return result
