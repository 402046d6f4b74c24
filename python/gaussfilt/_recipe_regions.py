"""The regions of a recipe: read as the program reads them, and placed in an array."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

from ._recipe_reader import RecipeError, Value

_MOST_CORNERS = 10000
_FAR = 1e9  # beyond any picture

Length = tuple[float, bool]  # pixels, or percent of the width or height
Box = tuple[int, int, int, int]


@dataclass
class Region:
    shape: str  # box, ellipse, polygon
    lengths: list[Length]  # x, y, width, height, or x and y of each corner
    sigma: tuple[float, float] | None  # x, y
    told: str

    def box(self, width: int, height: int) -> Box:
        """In whole pixels. Percent are rounded to the nearest pixel edge; fractions of pixels grow it."""
        x, y, w, h = self.lengths
        (left, right), (top, bottom) = _span(x, w, width), _span(y, h, height)
        return left, top, right - left, bottom - top

    def placed(self, width: int, height: int) -> dict[str, Any]:
        """As gaussian_regions takes it."""
        found: dict[str, Any] = {} if self.sigma is None else {"sigma": self.sigma}
        if self.shape == "polygon":
            sizes = (width, height)
            flat = [_pixels(length, sizes[i % 2]) for i, length in enumerate(self.lengths)]
            return {"polygon": list(zip(flat[::2], flat[1::2])), **found}
        box = self.box(width, height)
        x, y, w, h = box
        if w < 1 or h < 1:
            raise ValueError(f"region: {self.told} is {w} x {h} pixels of the picture, which is {width} x {height}, "
                             "must be at least 1 x 1.")  # fmt: skip
        if x >= width or y >= height or x + w <= 0 or y + h <= 0:
            raise ValueError(f"region: {self.told} lies outside the picture, which is {width} x {height} pixels.")
        return {self.shape: box, **found}


def _pixels(length: Length, size: int) -> float:
    return length[0] / 100 * size if length[1] else length[0]


def _span(start: Length, length: Length, size: int) -> tuple[int, int]:
    begin = _pixels(start, size)
    end = begin + _pixels(length, size)
    slack = 1e-6  # sums of decimal fractions are off in the last digit
    if all(percent or value == math.floor(value) for value, percent in (start, length)):
        return math.floor(begin + 0.5), math.floor(end + 0.5)
    return math.floor(begin + slack), math.ceil(end - slack)


# Each check gives the rule that is broken, or nothing.


def _box_rule(lengths: list[Length]) -> str:
    rule = "must be X,Y,W,H in whole pixels or percent"
    if len(lengths) != 4:
        return rule
    for start, size in zip(lengths[:2], lengths[2:]):
        if not size[0] > 0:
            return rule + ", of a size > 0"
        if start[1] and start[0] >= 100:
            return rule + " that begins inside the picture"
        if start[1] == size[1] and start[0] + size[0] <= 0:
            return rule + " that reaches into the picture"
    return ""


def _corners_rule(lengths: list[Length]) -> str:
    good = len(lengths) % 2 == 0 and 6 <= len(lengths) <= 2 * _MOST_CORNERS
    return "" if good else f"must have 3 to {_MOST_CORNERS} corners x,y with spaces between them"


def _sigma_rule(sigma: list[float]) -> str:
    good = len(sigma) in (1, 2) and all(math.isfinite(one) and one >= 0 for one in sigma) and sum(sigma) > 0
    return "" if good else "must have a sigma > 0, one or X,Y"


def _error(value: Value, rule: str) -> RecipeError:
    return value.error(f"is {value.shown()}, {rule}")


def _made(value: Value, shape: str, lengths: list[Length], told: str) -> Region:
    rule = _corners_rule(lengths) if shape == "polygon" else _box_rule(lengths)
    if rule:
        raise _error(value, rule)
    return Region(shape, lengths, None, told)


def _pair(sigma: list[float]) -> tuple[float, float]:
    return sigma[0], sigma[-1]


# ---- texts, as --region has them ----


def _number(text: str) -> float:
    text = text.removeprefix("+")
    return float(text) if re.fullmatch(r"-?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", text, re.ASCII) else math.nan


def _length(value: Value, text: str) -> Length:
    number = _number(text.removesuffix("%"))
    if not abs(number) <= _FAR:
        raise _error(value, "must have numbers of pixels or percent up to 1e9")
    return number, text.endswith("%")


def _text(value: Value) -> Region:
    text, mark, strength = value.data.rpartition("@sigma=")
    text = text if mark else strength
    sigma = None
    if mark:
        parts = [_number(part) for part in strength.split(",")]
        if rule := _sigma_rule(parts):
            raise _error(value, rule)
        sigma = _pair(parts)
    kind, colon, body = text.partition(":")
    kind, body = (kind, body) if colon else ("", text)
    if kind == "mask":
        if not body:
            raise _error(value, "must name a file")
        raise value.refusal("a box, an ellipse or a polygon; files of masks do not go into recipes")
    if kind not in ("", "rect", "ellipse", "polygon"):
        raise _error(value, "must begin with ellipse:, polygon: or mask:, or be X,Y,W,H")
    lengths = []
    for corner in [part for part in body.split(" ") if part] if kind == "polygon" else [body]:
        parts_of = corner.split(",")
        if kind == "polygon" and len(parts_of) != 2:
            raise _error(value, _corners_rule([]))
        for part in parts_of:
            lengths.append(_length(value, part))
            if kind != "polygon" and not lengths[-1][1] and lengths[-1][0] != math.floor(lengths[-1][0]):
                raise _error(value, _box_rule([]))
    told = f"{value.pointer} of {value.title}"
    region = _made(value, {"": "box", "rect": "box"}.get(kind, kind), lengths, told)
    region.sigma = sigma
    return region


# ---- data ----


def _side(value: Value) -> Length:
    return value.number("a number up to 1e9", lambda length: abs(length) <= _FAR), False


def _box(value: Value, shape: str) -> Region:
    """The first four entries."""
    lengths = []
    for index in range(4):
        lengths.append(_side(value.entry(index)))
        if index > 1 and not lengths[-1][0] > 0:
            raise value.entry(index).refusal("a size > 0")
    return _made(value, shape, lengths, f"{value.pointer} of {value.title}")


def _box_of_four(value: Value, shape: str) -> Region:
    if not isinstance(value.data, list) or len(value.data) != 4:
        raise value.refusal("[x, y, width, height]")
    return _box(value, shape)


def _polygon(value: Value) -> Region:
    if not isinstance(value.data, list):
        raise value.refusal("a list of corners")
    lengths = []
    for index in range(len(value.data)):
        corner = value.entry(index)
        if not isinstance(corner.data, list):
            lengths.append(_side(corner))
            continue
        if len(corner.data) != 2:
            raise corner.refusal("[x, y]")
        lengths += [_side(corner.entry(axis)) for axis in (0, 1)]
    return _made(value, "polygon", lengths, f"{value.pointer} of {value.title}")


def _sigma(value: Value) -> tuple[float, float]:
    rule = "a sigma > 0, one or [x, y]"
    sigma = [one.number(rule) for one in value.one_or_two(rule)]
    if broken := _sigma_rule(sigma):
        raise _error(value, broken)
    return _pair(sigma)


def _object(value: Value) -> Region:
    rule = 'must hold one of "box", "ellipse", "polygon" and "mask", and may hold "sigma" beside it'
    region, sigma, shapes = None, None, 0
    for name in sorted(value.data, key=str):
        member = value.member(name)
        if name == "sigma":
            sigma = _sigma(member)
            continue
        shapes += 1
        if name in ("box", "ellipse"):
            region = _box_of_four(member, name)
        elif name == "polygon":
            region = _polygon(member)
        elif name == "mask":
            text = 'the name of a file ("mask": "face.png")'
            if not member.text(text):
                raise member.refusal(text)
        else:
            raise _error(value, rule)
    if shapes != 1:
        raise _error(value, rule)
    if region is None:
        raise value.refusal("a box, an ellipse or a polygon; files of masks do not go into recipes")
    region.sigma = sigma
    return region


def read_region(value: Value) -> Region:
    if isinstance(value.data, str):
        return _text(value)
    if isinstance(value.data, dict):
        return _object(value)
    if not isinstance(value.data, list) or not 4 <= len(value.data) <= 5:
        raise value.refusal('[x, y, width, height], "ellipse:X,Y,W,H" or {"polygon": [[x, y], ...]}')
    region = _box(value, "box")
    if len(value.data) == 5:
        region.sigma = _sigma(value.entry(4))
    return region
