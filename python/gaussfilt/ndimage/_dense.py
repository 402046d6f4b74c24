"""SciPy's correlation and convolution with weights of any shape."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _core
from .._types import Integers, Mode, Output, Scalar
from ._rules import apart, axes_of, border_of, check_dense_arrays, output_for, per_axis


def correlate(
    input: ArrayLike,
    weights: ArrayLike,
    output: Output = None,
    mode: Mode = "reflect",
    cval: Scalar = 0.0,
    origin: Integers = 0,
    *,
    axes: Integers | None = None,
    threads: int | None = None,
) -> NDArray[Any]:
    """Correlation with weights of any shape.

    Parameters
    ----------
    input : array_like
        bool, integers, float32, float64, complex64 or complex128, of any shape.
    weights : array_like
        Real or complex numbers, in float64, with an axis for each entry of `axes`. Complex ones are conjugated. Weights
        up to 2**-52 in magnitude count as 0.
    output : array or dtype, optional
        Where the result goes, or which dtype it has; the input's by default.
    mode : str
        What lies beyond the edge: reflect (``d c b a | a b c d``), mirror (``d c b | a b c d``), nearest, wrap,
        constant; grid-mirror, grid-wrap and grid-constant are reflect, wrap and constant.
    cval : scalar
        The value beyond a constant edge; complex with complex input only.
    origin : int or sequence of int
        How far the weights' middle (``size // 2``) lies to the right of the sample it is the result of, one for all or
        one per entry of `axes`.
    axes : int or sequence of int, optional
        The axes to filter along; all by default.
    threads : int, optional
        At most this many; all that the process may use by default. The result does not depend on it.

    Returns
    -------
    ndarray
        ``out[i] = sum(weights[k] * input[i + k - size // 2 - origin])``, summed in float64 in C order and, for
        integers, cut off towards zero.

    Raises
    ------
    ValueError
        An axis or origin out of range, a read-only `output`.
    RuntimeError
        A dtype, mode or shape that does not fit.

    Notes
    -----
    The same numbers as ``scipy.ndimage.correlate``, bit for bit.

    Examples
    --------
    >>> import numpy as np
    >>> from gaussfilt import ndimage
    >>> ndimage.correlate(np.arange(6).reshape(2, 3), [[0, 1], [1, 1]]).tolist()
    [[0, 2, 5], [6, 8, 11]]
    """
    return _dense(input, weights, output, mode, cval, origin, False, axes, threads)


def convolve(
    input: ArrayLike,
    weights: ArrayLike,
    output: Output = None,
    mode: Mode = "reflect",
    cval: Scalar = 0.0,
    origin: Integers = 0,
    *,
    axes: Integers | None = None,
    threads: int | None = None,
) -> NDArray[Any]:
    """Convolution with weights of any shape: :func:`correlate` with the weights turned round.

    Parameters
    ----------
    input, weights, output, mode, cval, origin, axes, threads
        As for :func:`correlate`; complex weights are taken as they are.

    Returns
    -------
    ndarray
        The result, of the input's shape.

    Raises
    ------
    ValueError, RuntimeError
        As for :func:`correlate`.

    Examples
    --------
    >>> import numpy as np
    >>> from gaussfilt import ndimage
    >>> ndimage.convolve(np.arange(6).reshape(2, 3), [[0, 1], [1, 1]]).tolist()
    [[4, 7, 9], [10, 13, 15]]
    """
    return _dense(input, weights, output, mode, cval, origin, True, axes, threads)


def _dense(input, weights, output, mode, cval, origin, turned, axes, threads):
    """Either of them."""
    input = np.asarray(input)
    weights = np.asarray(weights)
    given = {"mode": mode, "origin": origin, "turned": turned, "axes": axes, "threads": threads}
    if input.dtype.kind != "c" and weights.dtype.kind != "c":
        return _real(input, weights, output, cval, **given)
    if weights.dtype.kind == "c" and not turned:
        weights = weights.conj()
    target = output_for(output, input, must_be_complex=True)
    _by_parts(input, weights, target, cval, given)
    return target


def _by_parts(input, weights, target, cval, given):
    """Complex arithmetic from real correlations. In place it reads what it has written, as SciPy."""
    if input.dtype.kind != "c":
        if np.iscomplexobj(cval):
            raise ValueError(f"cval: is {cval}, must be real as the input is")
        _real(input, weights.real, target.real, cval, **given)
        _real(input, weights.imag, target.imag, cval, **given)
        return
    re, im = np.real(cval), np.imag(cval)
    if weights.dtype.kind != "c":
        _real(input.real, weights, target.real, re, **given)
        _real(input.imag, weights, target.imag, im, **given)
        return
    _real(input.real, weights.real, target.real, re, **given)
    target.real -= _real(input.imag, weights.imag, None, im, **given)
    _real(input.real, weights.imag, target.imag, re, **given)
    target.imag += _real(input.imag, weights.real, None, im, **given)


def _real(input, weights, output, cval, mode, origin, turned, axes, threads):
    """Real input and weights. The order of the checks is SciPy's."""
    weights, origins = _over_all_axes(input.ndim, np.asarray(weights, np.float64), origin, axes)
    if turned:
        weights = weights[(slice(None, None, -1),) * weights.ndim]
        origins = [-shift - (1 - extent % 2) for shift, extent in zip(origins, weights.shape, strict=False)]
    for shift, extent in zip(origins, filter(None, weights.shape), strict=True):
        first, last = -(extent // 2), (extent - 1) // 2
        if shift < first or shift > last:
            raise ValueError(f"origin: is {shift}, must be {first} to {last} with {extent} weights")
    target = output_for(output, input)
    if not isinstance(mode, str) and isinstance(mode, Iterable):
        raise RuntimeError(f"mode: is {mode!r}, must be one for all axes")  # noqa: TRY004 - SciPy's
    border = border_of(mode)
    cval, origins = check_dense_arrays(input, target, cval, origins)
    if weights.size == 0:  # an axis too many, and it is empty
        target[...] = 0
    elif input.size > 0:
        _core._scipy_dense(apart(input, target), target, weights, origins, border, cval, threads)
    return target


def _over_all_axes(rank, weights, origin, axes):
    """The weights with an axis for each of the input's, and as many origins."""
    chosen = axes_of(axes, rank)
    fewer = len(chosen) < rank
    if fewer and weights.ndim != len(chosen):
        raise RuntimeError(f"weights.ndim ({weights.ndim}) must match len(axes) ({len(chosen)})")
    if fewer:
        weights = np.expand_dims(weights, tuple(axis for axis in range(rank) if axis not in chosen))
    origins = per_axis("origin", origin, len(chosen))
    if fewer:
        shifts, origins = origins, [0] * rank
        for axis, shift in zip(chosen, shifts, strict=True):
            origins[axis] = shift
    filled = sum(extent > 0 for extent in weights.shape)
    if filled != rank:
        raise RuntimeError(f"weights.ndim ({filled}) must match len(axes) ({len(chosen)})")
    return weights, origins
