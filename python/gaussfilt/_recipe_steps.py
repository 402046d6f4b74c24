"""The steps that a recipe may have: how each is read."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any

from ._core import named_kernel, named_kernels, parse_kernel_name
from ._recipe_reader import RecipeError, Value
from ._recipe_regions import Region, read_region

_BORDERS = ("reflect", "mirror", "nearest", "wrap", "constant")
_SOURCES = ("context", "crop", "masked")
_LARGEST_RADIUS = 0x7FFFFFFF - 16
_MOST_REGIONS = 10000
_MOST_ROWS = 1000
_FWHM = 2 * math.sqrt(2 * math.log(2))  # of sigma 1


@dataclass
class Where:
    """Where in the plane, and what lies beyond its edges."""

    border: str = "reflect"
    cval: float = 0.0
    regions: list[Region] = field(default_factory=list)
    invert: bool = False
    feather: float = 0.0
    source: str = "context"


@dataclass
class Blur(Where):
    sigma: tuple[float, float] = (0.0, 0.0)  # x, y, as all pairs here
    radius: tuple[int, int] | None = None
    truncate: float = math.inf
    taps: str = "sampled"
    light: str = "encoded"
    tolerance: float | None = None


@dataclass
class Kernel:
    told: str
    rows: list[list[float]] = field(default_factory=list)
    factor: float | None = None
    bias: float | None = None
    named: bool = False
    unsharp: tuple[float, float, float] | None = None  # sigma, amount, threshold


@dataclass
class Convolve(Where):
    kernel: Kernel = field(default_factory=lambda: Kernel(""))
    factor: float | None = None
    bias: float | None = None
    anchor: tuple[int, int] | None = None
    turn: str = "convolve"
    signed: str = "clip"
    like: str = "gaussfilt"


Step = Blur | Convolve


# ---- where ----


def _border(value: Value) -> tuple[str, float]:
    rule = 'the name of a border, or constant:LEVEL ("border": "constant:255")'
    word = value.text(rule)
    if not word.startswith("constant:"):
        return value.named(_BORDERS), 0.0
    level = word.removeprefix("constant:")
    if not re.fullmatch(r"(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", level, re.ASCII) or math.isinf(float(level)):
        raise value.refusal(rule)
    return "constant", float(level)


def _regions(value: Value) -> list[Region]:
    return [read_region(entry) for entry in value.entries("regions", 1, _MOST_REGIONS)]


def _invert(value: Value) -> bool:
    if not isinstance(value.data, bool):
        raise value.refusal('true or false ("invert": true)')
    return value.data


_WHERE = {
    "border": _border,
    "regions": _regions,
    "invert": _invert,
    "feather": lambda value: value.number('a number of pixels >= 0 ("feather": 12)', lambda v: v >= 0),
    "source": lambda value: value.named(_SOURCES),
}


def _check_where(value: Value, found: dict[str, Any]) -> None:
    if "regions" in found:
        for index, region in enumerate(found["regions"] if found.get("invert") else []):
            if region.sigma is not None:
                said = "has a sigma of its own, must have none where all but the regions is blurred"
                raise value.member("regions").entry(index).error(said)
        return
    for name, what in (("source", "what a region sees"), ("feather", "how a region fades out"),
                       ("invert", "whether all but the regions is filtered")):  # fmt: skip
        if name in found:
            raise value.error(f"has '{name}', which says {what}, and no 'regions'")


def _settle_border(found: dict[str, Any]) -> None:
    if "border" in found:
        found["border"], found["cval"] = found["border"]


# ---- blur ----


def _pair(values: list[Any]) -> tuple[Any, Any]:
    return values[0], values[-1]


def _lengths(rule: str) -> Any:
    return lambda value: _pair([one.number(rule, lambda v: v >= 0) for one in value.one_or_two(rule)])


def _size(value: Value) -> int:
    rule = 'an odd whole number >= 1 ("size": 5)'
    size = value.whole(rule, 1, 2 * _LARGEST_RADIUS + 1)
    if size % 2 == 0:
        raise value.refusal(rule)
    return size


def _radius(value: Value) -> tuple[int, int]:
    rule = 'a whole number from 0 to 2147483631, or two of them for x and y ("radius": 12)'
    return _pair([one.whole(rule, 0, _LARGEST_RADIUS) for one in value.one_or_two(rule)])


def _positive(rule: str) -> Any:
    return lambda value: value.number(rule, lambda v: v > 0)


_BLUR = {
    "sigma": _lengths('a finite number >= 0, or two of them for x and y ("sigma": 4)'),
    "fwhm": _lengths('a finite number >= 0, or two of them for x and y ("fwhm": 9)'),
    "size": _size,
    "radius": _radius,
    "truncate": _positive('a number > 0 of sigmas; without it there is no cut ("truncate": 4)'),
    "taps": lambda value: value.named(("sampled", "discrete", "integrated")),
    "light": lambda value: value.named(("encoded", "linear")),
    "tolerance": _positive('a number > 0, relative to the full range ("tolerance": 1e-4)'),
    **_WHERE,
}


def _check_blur(value: Value, found: dict[str, Any]) -> None:
    """Members that say the same thing twice, or nothing without another one."""
    has, cut = value.data, "both say where the kernel is cut"
    twice = [("sigma", "fwhm", "both say how strong"), ("size", "radius", cut), ("size", "truncate", cut),
             ("radius", "truncate", cut)]  # fmt: skip
    for one, other, why in twice:
        if one in has and other in has:
            raise value.error(f"has both '{one}' and '{other}', which {why}; leave one out")
    if not {"sigma", "fwhm", "size"} & set(has):
        raise value.error("does not say how strong it is, must have 'sigma', 'fwhm' or 'size' "
                          '("blur": {"sigma": 4})')  # fmt: skip
    if "radius" in has and not {"sigma", "fwhm"} & set(has):
        raise value.error("has a 'radius', which says where the kernel is cut, and no 'sigma' or 'fwhm'")
    _check_where(value, found)


def read_blur(value: Value) -> Blur:
    found = value.read_members("a blur", _BLUR)
    _check_blur(value, found)
    _settle_border(found)
    fwhm, size = found.pop("fwhm", None), found.pop("size", None)
    if fwhm is not None:
        found["sigma"] = (fwhm[0] / _FWHM, fwhm[1] / _FWHM)
    if size is not None:
        found["radius"] = ((size - 1) // 2,) * 2
        found.setdefault("sigma", (0.15 * size + 0.35,) * 2)  # OpenCV's rule
    return Blur(**found)


# ---- convolve ----


def _rows_of_text(text: str) -> list[list[float]]:
    """Rows end with a semicolon or a line, values are divided by blanks or a comma."""
    rows: list[list[float]] = []
    at, lines, line, line_start = 0, "\n" in text, 1, 0

    def refuse(place: str, why: str) -> ValueError:
        return ValueError(f"kernel: {place}{' ' if place else ''}{why}")

    for piece in re.split(r"([;\n])", text):
        if piece in (";", "\n"):
            at += 1
            if piece == "\n":
                line, line_start = line + 1, at
            continue
        row: list[float] = []
        for match in re.finditer(r"[ \t\r]*(?:([^ \t\r,]+)|(?=,))[ \t\r]*(,?)[ \t\r]*($)?", piece):
            word, place = match[1], f"line {line}, column {at - line_start + match.start(1) + 1}:"
            if word is None:
                raise refuse(f"line {line}, column {at - line_start + match.start(2) + 1}:", "a value is missing")
            try:
                number = float(word.removeprefix("+"))
            except ValueError:
                number = math.nan
            if not math.isfinite(number) or word.startswith("++"):
                raise refuse(place, f"is '{word[:40]}{'...' if len(word) > 40 else ''}', must be a finite number")
            if match[2] and match[3] is not None:
                end = at - line_start + len(piece) + 1
                raise refuse(f"line {line}, column {end}:", "a value is missing behind the comma")
            row.append(number)
        at += len(piece)
        if row:
            rows.append(row)
            if len(row) != len(rows[0]):
                place = f"line {line}" if lines else f"row {len(rows)}"
                count = f"{len(row)} value{'' if len(row) == 1 else 's'}"
                raise refuse(place, f"has {count}, must have {len(rows[0])} as the first row has")
    if not rows:
        raise refuse("", 'holds no value, must be a matrix such as "1 2 1; 2 4 2; 1 2 1"')
    return rows


def _kernel_of_name(word: str) -> Kernel:
    name, parameters, told = parse_kernel_name(word)
    if name == "unsharp":
        sigma, amount, threshold = parameters
        return Kernel(told, named=True, unsharp=(sigma, amount, threshold))
    kernel = named_kernel(word)
    return Kernel(told, kernel.array.tolist(), kernel.factor, kernel.bias, named=True)


def _kernel_of_text(value: Value) -> Kernel:
    """The name of a kernel, or rows. A recipe says all that it does, so no other file is read."""
    word = value.text('the name of a kernel, or a matrix ("kernel": [[1, 2, 1], [2, 4, 2], [1, 2, 1]])')
    names = [family.name for family in named_kernels()]
    try:
        if re.sub(r"[ \t]", "", word.split("(")[0]).lower() in names:
            return _kernel_of_name(word)
        if re.search(r"[;\n]", word) or re.fullmatch(r"[0-9+\-.eE, \t]*", word):
            rows = _rows_of_text(word)
            return Kernel(f"{len(rows[0])} x {len(rows)}", rows)
    except ValueError as error:
        raise value.error(str(error).removesuffix(".")) from None
    raise value.error(f"kernel: '{word}' is neither a matrix (\"1 2 1; 2 4 2; 1 2 1\"), nor a file, nor one of "
                      f"{', '.join(names)}")  # fmt: skip


def _kernel(value: Value) -> Kernel:
    if not isinstance(value.data, list):
        return _kernel_of_text(value)
    rows: list[list[float]] = []
    for row in value.entries("rows", 1, _MOST_ROWS):
        cells = row.entries("numbers", 1, _MOST_ROWS)
        if rows and len(cells) != len(rows[0]):
            raise row.error(f"has {len(cells)} numbers and the row before it {len(rows[0])}, must have as many")
        rows.append([cell.number("a finite number") for cell in cells])
    return Kernel(f"{len(rows[0])} x {len(rows)}", rows)


def _anchor(value: Value) -> tuple[int, int]:
    rule = 'two whole numbers >= 0, column and row ("anchor": [1, 1])'
    if not isinstance(value.data, list) or len(value.data) != 2:
        raise value.refusal(rule)
    return _pair([value.entry(index).whole(rule, 0, 1000) for index in (0, 1)])


_CONVOLVE = {
    "kernel": _kernel,
    "factor": lambda value: value.number('a finite number ("factor": 0.0625)'),
    "bias": lambda value: value.number('a finite number of levels ("bias": 128)'),
    "anchor": _anchor,
    "turn": lambda value: value.named(("convolve", "correlate")),
    "signed": lambda value: value.named(("clip", "abs", "mid")),
    "like": lambda value: value.named(("gaussfilt", "pillow")),
    **_WHERE,
}


def read_convolve(value: Value) -> Convolve:
    found = value.read_members("a convolution", _CONVOLVE, ("kernel",))
    _check_where(value, found)
    if found.get("source") == "masked":  # what only a blur can do
        raise value.member("source").refusal("context or crop; only a blur can leave out what is not inside")
    for index, region in enumerate(found.get("regions", [])):
        if region.sigma is not None:
            said = "has a sigma, which a kernel has not; leave it out"
            raise value.member("regions").entry(index).error(said)
    _settle_border(found)
    return Convolve(**found)


# ---- filters ----

KINDS = {"blur": read_blur, "convolve": read_convolve}


def _read_chain(value: Value) -> list[tuple[Value, Step]]:
    steps: list[tuple[Value, Step]] = []
    for step in value.entries("steps", 1, 100):
        found = step.read_members("a step", KINDS)
        if len(step.data) != 1:
            raise step.error("must have exactly one member, the kind of the step")
        steps += [(step.member(kind), read) for kind, read in found.items()]
    return steps


def _read_name(value: Value) -> str:
    rule = '1 to 64 letters without a slash and control characters, the first one no dot ("name": "soft")'
    name = value.text(rule)
    if not re.fullmatch(r"[^./\x00-\x1f\x7f][^/\x00-\x1f\x7f]{0,63}", name, re.DOTALL):
        raise value.refusal(rule)
    return name


def read_filter(value: Value, nameless: bool = False) -> list[tuple[Value, Step]]:
    """The steps of a filter, each with its place."""
    members = {"name": _read_name, **KINDS, "chain": _read_chain}
    found = value.read_members("a filter", members, () if nameless else ("name",))
    if len([name for name in value.data if name != "name"]) != 1:
        raise value.error("must have 'name' and exactly one of 'blur', 'convolve', 'chain'")
    if "chain" in found:
        steps: list[tuple[Value, Step]] = found["chain"]
        return steps
    return [(value.member(kind), found[kind]) for kind in KINDS if kind in found]


def _read_filters(value: Value) -> None:
    names = set()
    for one in value.entries("filters", 1, 1000):
        read_filter(one)
        name = one.data["name"]
        if name in names:
            raise one.member("name").error(f"'{name}' is the name of a filter before it, too, must be another one")
        names.add(name)


def _compression(value: Value) -> None:
    if isinstance(value.data, str):
        value.named((*"0123456789", "none", "lzw", "deflate", "zstd", "packbits", "jpeg", "lossless", "lossy"))
    else:
        value.whole('a whole number from 0 to 9, or a name ("compression": "lzw")', 0, 9)


def _depth(value: Value) -> None:
    rule = '8, 16 or 32 ("depth": 16)'
    if value.whole(rule, 8, 32) not in (8, 16, 32):
        raise value.refusal(rule)


def _save(value: Value) -> None:
    quality = 'a whole number from 1 to 100 ("quality": 90)'
    value.read_members("what is said of saving", {"quality": lambda one: one.whole(quality, 1, 100),
                                                  "compression": _compression, "depth": _depth})  # fmt: skip


def check_recipe(document: Any, title: str) -> None:
    Value(document, "", title).read_members(
        "a recipe",
        {
            "version": lambda value: value.whole('1, the version of this format ("version": 1)', 1, 1),
            "filters": _read_filters,
            "save": _save,
        },
        ("version", "filters"),
    )


__all__ = ["Blur", "Convolve", "RecipeError", "Step", "Value", "check_recipe", "read_filter"]
