"""Random calls of the functions that scipy.ndimage and gaussfilt.ndimage share: arrays, outputs, options."""

from dataclasses import dataclass, field

import numpy as np
from hypothesis import strategies as st

REAL = [np.dtype(char) for char in "?bBhHiIlLqQfd"]
COMPLEX = [np.dtype(char) for char in "FD"]
UNSUPPORTED = [np.dtype(name) for name in ("e", "g", "G", "O", "U3", "M8[s]", "i4,f8")]
MODES = ["reflect", "mirror", "nearest", "wrap", "constant", "grid-mirror", "grid-wrap", "grid-constant"]
LAYOUTS = ["plain", "fortran", "transposed", "reversed", "sliced", "swapped", "record", "frozen"]


@dataclass
class Call:
    """A function's name and its arguments. `output` is one of them, or an array of `layout` or view of the input."""

    function: str
    input: np.ndarray
    args: list
    kwargs: dict = field(default_factory=dict)
    output: object = None  # ("array", dtype, layout), ("same",), ("shifted",), ("value", x)
    seed: int = 0


def make(rng, shape, dtype, layout):
    """An array of that shape and dtype whose memory lies as `layout` says."""
    if layout == "fortran":
        return np.asfortranarray(fill(rng, shape, dtype))
    if layout == "transposed":
        return fill(rng, shape[::-1], dtype).T
    if layout == "reversed":
        return fill(rng, shape, dtype)[tuple(slice(None, None, -1) for _ in shape)]
    if layout == "sliced":
        whole = fill(rng, tuple(2 * extent + 1 for extent in shape), dtype)
        return whole[tuple(slice(1, 2 * extent + 1, 2) for extent in shape)]
    if layout == "swapped":
        array = fill(rng, shape, dtype)
        return array.astype(dtype.newbyteorder("S"))
    if layout == "record":
        records = np.zeros(shape, np.dtype([("before", "u1"), ("value", dtype)]))
        records["value"] = fill(rng, shape, dtype)
        return records["value"]
    array = fill(rng, shape, dtype)
    if layout == "frozen":
        array.flags.writeable = False
    return array


def fill(rng, shape, dtype):
    if dtype.kind == "b":
        return rng.integers(0, 2, shape).astype(dtype)
    if dtype.kind in "iu":
        info = np.iinfo(dtype)
        wide = rng.integers(info.min, info.max, shape, dtype, endpoint=True)
        small = rng.integers(0 if info.min == 0 else -100, 100, shape).astype(dtype)
        return wide if rng.random() < 0.3 else small
    if dtype.kind == "f" and dtype.itemsize in (4, 8):
        return _reals(rng, shape, dtype)
    if dtype.kind == "c" and dtype.itemsize <= 16:
        part = np.dtype(f"f{dtype.itemsize // 2}")
        array = np.empty(shape, dtype)
        array.real, array.imag = _reals(rng, shape, part), _reals(rng, shape, part)
        return array
    return np.zeros(shape, dtype)


def _reals(rng, shape, dtype):
    values = rng.standard_normal(shape) * 10.0 ** rng.integers(-3, 6)
    if rng.random() < 0.1:
        values = np.round(values)
    return np.asarray(values).astype(dtype)


@st.composite
def arrays(draw, dtypes=None, least_rank=0):
    """(shape, array): rank 0 to 5, extents 0 and 1 among them."""
    rank = draw(st.integers(least_rank, 5))
    longest = {0: 0, 1: 40, 2: 12, 3: 7, 4: 4, 5: 3}[rank]
    extents = st.sampled_from([*range(1, longest + 1)] * 3 + [0]) if rank else st.nothing()
    shape = tuple(draw(st.lists(extents, min_size=rank, max_size=rank))) if rank else ()
    dtype = draw(st.sampled_from(dtypes or REAL + COMPLEX + REAL[-1:] * 4 + REAL[2:3] * 4))
    return make(np.random.default_rng(draw(st.integers(0, 2**32))), shape, dtype, draw(st.sampled_from(LAYOUTS)))


@st.composite
def outputs(draw, array):
    """What is handed as output=: nothing, a dtype in one of its spellings, an array, the input or a view beside it."""
    kind = draw(st.sampled_from(["none", "dtype", "array", "same", "shifted"]))
    same_kind = COMPLEX if array.dtype.kind == "c" else REAL
    dtype = draw(st.sampled_from(same_kind))
    if kind == "dtype":
        return ("value", draw(st.sampled_from([dtype, dtype.name, dtype.type, dtype.char, dtype.newbyteorder("S")])))
    if kind == "array":
        return ("array", dtype, draw(st.sampled_from(LAYOUTS[:-1])))
    return (kind,)


def each(values, count):
    """One value for all, or a list or tuple of `count`."""
    several = st.lists(values, min_size=count, max_size=count)
    return st.one_of(values, several, several.map(tuple))


def axes_for(rank):
    axis = st.integers(-rank, rank - 1) if rank else st.nothing()
    some = st.lists(st.integers(0, rank - 1), unique=True, max_size=rank) if rank else st.just([])
    negative = some.map(lambda list_: tuple(axis - rank for axis in list_))
    return st.one_of(st.none(), st.none(), axis, some, some.map(tuple), negative)


def count_of(axes, rank):
    return rank if axes is None else 1 if isinstance(axes, int) else len(axes)


@st.composite
def options(draw, array, names, count):
    """A dict with some of the options named."""
    number = st.floats(-3, 3).map(lambda value: round(value, 3))
    cval = st.one_of(number, st.integers(-5, 300))
    if array.dtype.kind == "c":
        cval = st.one_of(cval, st.builds(complex, number, number))
    known = {
        "mode": st.sampled_from(MODES),
        "modes": each(st.sampled_from(MODES), count),
        "cval": cval,
        "truncate": st.sampled_from([1, 2.5, 4, 6.0, 0]),
        "radius": st.one_of(st.none(), st.integers(0, 9), st.just(np.int64(3))),
        "radii": each(st.one_of(st.none(), st.integers(0, 9)), count),
        "order": st.integers(0, 4),
        "orders": each(st.integers(0, 3), count),
    }
    chosen = {name: draw(known[name]) for name in names if draw(st.booleans())}
    renamed = {"modes": "mode", "radii": "radius", "orders": "order"}
    return {renamed.get(name, name): value for name, value in chosen.items()}


def sigmas():
    plain = st.floats(0.05, 6).map(lambda value: round(value, 3))
    return st.one_of(plain, plain, st.integers(1, 4), plain.map(np.float64), plain.map(np.float32), st.just(40.0))


@st.composite
def weights(draw):
    """Symmetric, antisymmetric, nearly so, or none of them, of any length; sometimes complex."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    size = draw(st.integers(1, 11))
    line = np.round(rng.standard_normal(size), draw(st.sampled_from([0, 2, 15])))
    kind = draw(st.sampled_from(["any", "even", "odd", "almost even", "almost odd", "integers", "complex"]))
    if "even" in kind:
        line = line + line[::-1]
    if "odd" in kind:
        line = line - line[::-1]
    if kind == "almost odd":
        line[size // 2] = 0.75
    if "almost" in kind:
        line = line + rng.choice([0, 1e-16, -2e-16, 3e-16], size)
    if kind == "integers":
        return draw(st.sampled_from([np.asarray, list, tuple]))(rng.integers(-4, 5, size))
    if kind == "complex":
        return line + 1j * np.round(rng.standard_normal(size), 3)
    return line[::-1] if rng.random() < 0.2 else line.astype(draw(st.sampled_from(["f8", "f4"])))


@st.composite
def dense_weights(draw, count):
    """Of `count` axes, sparse or not, some of them too small to count; sometimes complex."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    shape = draw(st.lists(st.integers(1, 6 if count < 3 else 3), min_size=count, max_size=count))
    values = np.asarray(np.round(rng.standard_normal(shape), draw(st.sampled_from([0, 2, 15]))))
    kind = draw(st.sampled_from(["any", "integers", "tiny", "single", "complex"]))
    if kind == "integers":
        return rng.integers(-4, 5, shape).tolist()
    if kind == "tiny":
        values = values + rng.choice([0, 2.0**-52, -(2.0**-52), 2.3e-16], shape)
    if kind == "complex":
        return values + 1j * np.round(rng.standard_normal(shape), 3)
    return np.asfortranarray(values.astype("f4" if kind == "single" else "f8"))


@st.composite
def calls(draw, function):
    """A call that SciPy takes, or nearly always does."""
    along_one_axis = function in ("gaussian_filter1d", "correlate1d", "convolve1d", "uniform_filter1d", "sobel",
                                  "prewitt", "fourier_gaussian")
    array = draw(arrays(least_rank=1 if along_one_axis else 0))
    rank = array.ndim
    kwargs, args = {}, []
    if along_one_axis:
        if draw(st.booleans()):
            kwargs["axis"] = draw(st.integers(-rank, rank - 1))
        count = rank
    else:
        axes = draw(axes_for(rank))
        if axes is not None or draw(st.booleans()):
            kwargs["axes"] = axes
        count = count_of(axes, rank)
    if function in ("correlate1d", "convolve1d"):
        args = [draw(weights())]
        size = len(args[0])
        if draw(st.booleans()):
            kwargs["origin"] = draw(st.integers(-(size // 2), (size - 1) // 2))
        kwargs |= draw(options(array, ["mode", "cval"], count))
    elif function in ("correlate", "convolve"):
        args = [draw(dense_weights(count))]
        extents = np.shape(args[0])
        if draw(st.booleans()):
            ranges = [st.integers(-(extent // 2), (extent - 1) // 2) for extent in extents]
            kwargs["origin"] = draw(st.one_of(st.tuples(*ranges), st.tuples(*ranges).map(list), st.integers(-1, 0)))
        kwargs |= draw(options(array, ["mode", "cval"], count))
    elif function in ("gaussian_filter", "gaussian_filter1d"):
        several = function == "gaussian_filter"
        args = [draw(each(st.one_of(sigmas(), st.just(0)), count) if several else sigmas())]
        names = ["orders", "modes", "radii"] if several else ["order", "mode", "radius"]
        kwargs |= draw(options(array, [*names, "cval", "truncate"], count))
    elif function in ("gaussian_laplace", "gaussian_gradient_magnitude"):
        full = rank if function == "gaussian_gradient_magnitude" else count
        args = [draw(each(sigmas(), full))]
        kwargs |= draw(options(array, ["modes", "cval", "truncate"], count))
    elif function in ("uniform_filter", "uniform_filter1d"):
        size = draw(st.integers(1, 12))
        args = [size]
        kwargs |= draw(options(array, ["mode" if function == "uniform_filter1d" else "modes", "cval"], count))
        if draw(st.booleans()):
            kwargs["origin"] = draw(st.integers(-(size // 2), (size - 1) // 2))
        if function == "uniform_filter":
            args = [draw(st.one_of(st.just(size), st.just([size] * count), st.just(float(size))))]
    elif function == "fourier_gaussian":
        args = [draw(each(sigmas(), rank))]
        if draw(st.booleans()):
            kwargs["n"] = draw(st.integers(-2, 20))
    else:
        kwargs |= draw(options(array, ["modes", "cval"], count))
        if function.startswith("generic"):
            args = [rolled]
            kwargs |= draw(st.sampled_from([{}, {"extra_arguments": (2,)}, {"extra_keywords": {"factor": 3}}]))
    output = draw(outputs(array))
    if function == "fourier_gaussian":
        known = COMPLEX if array.dtype.kind == "c" else REAL[-2:] + COMPLEX
        dtype = draw(st.sampled_from(known))
        output = draw(st.sampled_from([("none",), ("value", dtype.type), ("array", dtype, "sliced"), ("same",)]))
    return Call(function, array, args, kwargs, output, draw(st.integers(0, 2**32)))


def rolled(input, axis, output, mode, cval, factor=1):
    """What the generic filters are given for a derivative."""
    result = np.roll(input, 1, axis) * factor
    if not isinstance(output, np.ndarray):
        return result.astype(output)
    output[...] = result
    return output


BAD = {
    "input": ["abc", None, object(), [[1, 2], [3]], *(np.zeros((3, 4), dtype) for dtype in UNSUPPORTED)],
    "axis": [9, -9, 1.0, "a", None, (0, 1), np.int8(1)],
    "axes": [9, -9, 1.0, "a", (0, 9), (0, 0), (0, "a"), object(), (0, -2), {}, [1.5]],
    "mode": ["", "edge", 2, None, ["reflect"], ["reflect"] * 7, ["reflect", "edge"], b"reflect"],
    "cval": ["a", None, 1j, np.array([1, 2]), "3", 10**400, [1]],
    "origin": [1.0, None, 99, -99, "a", [0], [0] * 7, np.array([0])],
    "truncate": ["a", None, -9.0, np.nan, np.inf],
    "radius": [-1, 1.0, "a", True, [1], [1] * 7, np.inf, [1, -1]],
    "sigma": ["a", None, np.nan, np.inf, -1.0, 1j, [1.0] * 7, [1, "a"], [1.0, None], np.array(1.0), 0, np.float64(0)],
    "order": [-1, 0.5, 1.0, "a", None, [1] * 7, [0, -1], True],
    "size": [0, -1, "a", None, 2.5, [3] * 7, [3, "a"]],
    "weights": [[], 3, None, "abc", [[1, 2]], [1, "a"], [np.nan, 1, 2], 3j, [np.inf, 1, np.inf], [-np.inf, 1, np.inf]],
    "output": [("value", value) for value in ("abc", "bool", "U3", object, [1, 2], "F", complex, 3.0, np.zeros(3))]
    + [("array", dtype, "plain") for dtype in (*UNSUPPORTED, *COMPLEX, REAL[-1])]
    + [("array", np.dtype("f8"), "frozen")],
    "n": [1.5, "a", None, 0],
}


@st.composite
def bad_calls(draw, function, parameters):
    """A call with one or two arguments spoilt."""
    call = draw(calls(function))
    spoilt = [name for name in parameters if name in BAD]
    for name in draw(st.lists(st.sampled_from(spoilt), min_size=1, max_size=2, unique=True)):
        spoil(call, name, draw(st.sampled_from(BAD[name])))
    return call


def spoil(call, name, value):
    if name == "output":
        call.output = value
    elif name == "input":
        call.input = value
        call.output = ("none",)
    elif name in ("sigma", "weights", "size"):
        call.args = [value]
    else:
        call.kwargs[name] = value


def simple_call(function, dtype):
    """A call without any option."""
    args = {"correlate": [[[1, 2], [3, 4]]], "convolve": [[[1, 2], [3, 4]]], "correlate1d": [[1, 2, 1]],
            "convolve1d": [[1, 2, 1]],
            "uniform_filter1d": [3], "generic_laplace": [rolled], "generic_gradient_magnitude": [rolled]}
    array = np.arange(12).reshape(3, 4).astype(dtype)
    return Call(function, array, args.get(function, [1.0] if "gaussian" in function else []), {}, ("none",))
