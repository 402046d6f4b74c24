"""What scipy.ndimage accepts: outputs, axes, values per axis, borders; and which exception it raises where.

The order of the checks is part of the rules: of two bad arguments it decides which one is spoken of. A few messages
hold words that SciPy's own tests, and so perhaps programs, look for.
"""

import math
import operator
import warnings
from collections.abc import Iterable

import numpy as np

# SciPy's names of what lies beyond the edge, as the core calls it.
BORDERS = {
    "reflect": "reflect",
    "grid-mirror": "reflect",
    "mirror": "mirror",
    "nearest": "nearest",
    "wrap": "wrap",
    "grid-wrap": "wrap",
    "constant": "constant",
    "grid-constant": "constant",
}
REAL = frozenset("?bBhHiIlLqQfd")  # numpy.dtype.char of what the line filters take
COMPLEX = frozenset("FD")


def output_for(output, input, must_be_complex=False):
    """The array that a filter of `input` writes to: as given, of the dtype given, or of the input's dtype.

    `must_be_complex`: the result is complex, which a real dtype is promoted to and a real array refused for.
    """
    if output is None:
        if input.dtype.char in REAL:
            dtype = np.promote_types(input.dtype, np.complex64) if must_be_complex else input.dtype
            return np.empty(input.shape, dtype if dtype.isnative else dtype.newbyteorder("="))
        if must_be_complex:
            return np.empty(input.shape, np.promote_types(input.dtype, np.complex64))
        return np.empty(input.shape, input.dtype.name)
    if isinstance(output, (type, np.dtype)):
        dtype = np.dtype(output)
        if must_be_complex and dtype.kind != "c":
            warnings.warn(f"promoting specified output dtype to complex: {dtype} cannot hold the result", stacklevel=3)
            dtype = np.promote_types(dtype, np.complex64)
        return np.empty(input.shape, dtype)
    if isinstance(output, str):
        dtype = np.dtype(output)
        if must_be_complex:
            refuse_real(dtype)
        if not issubclass(dtype.type, np.number):
            raise RuntimeError(  # noqa: TRY004 - SciPy's
                f"output: is {output!r}, must name a dtype of numbers; bool goes as output=bool")
        return np.empty(input.shape, dtype)
    output = np.asarray(output)
    if output.shape != input.shape:
        raise RuntimeError(f"output: has shape {output.shape}, must have the input's, {input.shape}")
    if must_be_complex:
        refuse_real(output.dtype)
    return output


def refuse_real(dtype):
    """Raises for a real output where the result is complex."""
    if dtype.kind != "c":
        raise RuntimeError(f"output: is {dtype}, must be complex64 or complex128 as the result is complex")


def axes_of(axes, rank):
    """The axes to filter, as a tuple. A single axis is not held against the rank here: the filter along it is."""
    if axes is None:
        return tuple(range(rank))
    if np.isscalar(axes):
        return (operator.index(axes),)
    if not isinstance(axes, Iterable):
        raise ValueError(f"axes: is {axes!r}, must be an integer, several, or None for all")  # noqa: TRY004 - SciPy's
    chosen = [operator.index(axis) for axis in axes]
    for axis in chosen:
        if not -rank <= axis < rank:
            raise ValueError(f"axes: {axis} is out of range for an array of rank {rank}")
    chosen = tuple(axis % rank for axis in chosen)
    if len(set(chosen)) != len(chosen):
        raise ValueError(f"axes must be unique: {chosen} names one twice")
    return chosen


def per_axis(name, value, count):
    """A list of one value per axis, from one value for all or a sequence of `count`."""
    if isinstance(value, (str, float, int)) or not np.iterable(value):
        return [value] * count
    values = list(value)
    if len(values) != count:
        raise RuntimeError(f"{name}: sequence argument must have length equal to input rank, or to axes= where that is "
                           f"given: {count}, not {len(values)}")
    return values


def axis_index(axis, rank):
    """The axis counted from the front."""
    if axis < -rank or axis >= rank:
        raise np.exceptions.AxisError(f"axis: {axis} is out of bounds for an array of rank {rank}")
    return axis + rank if axis < 0 else axis


def border_of(mode):
    """The core's name of a mode."""
    try:
        return BORDERS[mode]
    except (KeyError, TypeError):
        raise RuntimeError(f"mode: is {mode!r}, must be one of {', '.join(BORDERS)}") from None


def check_arrays(input, target, cval, *integers, origin=0):
    """What a filter along a line asks of its arrays and numbers, in this order. Returns cval as a number."""
    for value in integers:
        operator.index(value)
    if not target.flags.writeable:
        raise ValueError("output: is read-only, must be writable")
    complex_input = input.dtype.kind == "c"
    if complex_input:
        cval = complex(_real_number(np.real(cval)), _real_number(np.imag(cval)))
    elif type(cval) is not float:
        cval = _real_number(cval)
    operator.index(origin)
    known = COMPLEX if complex_input else REAL
    for array in (input, target):
        if array.dtype.char not in known:
            raise RuntimeError(f"dtype {array.dtype} is not supported: give bool, integers, float32, float64, "
                               "complex64 or complex128, and a complex output to complex input only")
    return cval


def check_dense_arrays(input, target, cval, origins):
    """The same for a filter with weights of any shape, which asks nothing of the dtypes of an empty array.

    Returns cval and the origins as numbers.
    """
    shared = np.may_share_memory(input, target)  # then SciPy writes to the output last
    if not shared:
        _refuse_read_only(target)
    cval = _real_number(cval)
    origins = [operator.index(origin) for origin in origins]
    for array in (input, target) if input.size > 0 else ():
        if array.dtype.char not in REAL:
            raise RuntimeError(f"dtype {array.dtype} is not supported: give bool, integers, float32, float64, "
                               "complex64 or complex128, and a complex output to complex input only")
    if shared:
        _refuse_read_only(target)
    return cval, origins


def _refuse_read_only(target):
    if not target.flags.writeable:
        raise ValueError("output: is read-only, must be writable")


def _real_number(value):
    math.fabs(value)  # TypeError for text and complex numbers, unlike float()
    return float(value)


def apart(input, target):
    """`input`, or a copy where writing `target` would change what is still to be read."""
    if not np.may_share_memory(input, target):
        return input
    there, here = target.__array_interface__, input.__array_interface__
    same = there["data"][0] == here["data"][0] and target.strides == input.strides and target.dtype == input.dtype
    return input if same else input.copy()
