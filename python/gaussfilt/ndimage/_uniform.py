"""SciPy's uniform filters: means of windows."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _core
from .._types import Integer, Integers, Mode, Modes, Output, Scalar
from ._rules import apart, axes_of, axis_index, border_of, check_arrays, output_for, per_axis


def uniform_filter1d(
    input: ArrayLike,
    size: Integer,
    axis: Integer = -1,
    output: Output = None,
    mode: Mode = "reflect",
    cval: Scalar = 0.0,
    origin: Integer = 0,
    *,
    threads: int | None = None,
) -> NDArray[Any]:
    """The mean of `size` samples along one axis.

    Parameters
    ----------
    input, axis, output, mode, cval, threads
        As for :func:`correlate1d`.
    size : int
        Samples in the window, >= 1.
    origin : int
        How far the window's middle (``size // 2``) lies to the right of the sample it is the result of.

    Returns
    -------
    ndarray
        The means, of the input's shape; for integers cut off towards zero.

    Raises
    ------
    ValueError
        An axis or origin out of range, a read-only `output`.
    RuntimeError
        A size below 1; a dtype, mode or shape of `output` that does not fit.

    Notes
    -----
    The same bits as ``scipy.ndimage.uniform_filter1d``, float32 too. It is a running sum: its cost does not depend on
    `size`, its rounding adds up along the line, and a NaN reaches the rest of its line.

    Examples
    --------
    >>> from gaussfilt import ndimage
    >>> ndimage.uniform_filter1d([0.0, 3.0, 0.0, 6.0], 3).tolist()
    [1.0, 1.0, 3.0, 4.0]
    """
    input = np.asarray(input)
    axis = axis_index(axis, input.ndim)
    if size < 1:
        raise RuntimeError(f"size: is {size}, must be >= 1")
    target = output_for(output, input, must_be_complex=input.dtype.kind == "c")
    step = _checked_step(axis, size, origin, mode)
    cval = check_arrays(input, target, cval, size, axis, origin=origin)
    _run(input, target, [step], cval, threads)
    return target


def uniform_filter(
    input: ArrayLike,
    size: Integers = 3,
    output: Output = None,
    mode: Modes = "reflect",
    cval: Scalar = 0.0,
    origin: Integers = 0,
    *,
    axes: Integers | None = None,
    threads: int | None = None,
) -> NDArray[Any]:
    """The mean of a box around each sample, along one axis after the other.

    Parameters
    ----------
    input, output, cval, threads
        As for :func:`correlate1d`.
    size, mode, origin
        As for :func:`uniform_filter1d`, one for all axes or one per entry of `axes`; an axis whose size is not above 1
        is left as it is.
    axes : int or sequence of int, optional
        The axes to filter, in this order; all by default.

    Returns
    -------
    ndarray
        The means, of the input's shape; the dtype of the result holds the values between the axes.

    Raises
    ------
    ValueError, RuntimeError
        As for :func:`uniform_filter1d`.

    Examples
    --------
    >>> import numpy as np
    >>> from gaussfilt import ndimage
    >>> ndimage.uniform_filter(np.eye(3) * 9, 3).tolist()
    [[5.0, 3.0, 1.0], [3.0, 3.0, 3.0], [1.0, 3.0, 5.0]]
    """
    input = np.asarray(input)
    complex_input = input.dtype.kind == "c"
    target = output_for(output, input, must_be_complex=complex_input)
    chosen = axes_of(axes, input.ndim)
    sizes, origins, modes = (per_axis(name, value, len(chosen)) for name, value in
                             (("size", size), ("origin", origin), ("mode", mode)))
    steps: list[tuple[int, int, int, str]] = []
    wide = [entry for entry in zip(chosen, sizes, origins, modes, strict=True) if entry[1] > 1]
    for axis, extent, shift, beyond in wide:
        step = _checked_step(axis_index(axis, input.ndim), int(extent), shift, beyond)
        if not steps:
            cval = check_arrays(input, target, cval, origin=shift)
        steps.append(step)
    if steps:
        _run(input, target, steps, cval, threads)
    else:
        target[...] = input[...]
    return target


def _checked_step(axis, size, origin, mode):
    if size // 2 + origin < 0 or size // 2 + origin >= size:
        raise ValueError(f"origin: is {origin}, must be {-(size // 2)} to {(size - 1) // 2} for a window of {size}")
    return axis, size, origin, border_of(mode)


def _run(input, target, steps, cval, threads):
    _core._scipy_uniform(apart(input, target), target, steps, cval, threads)
