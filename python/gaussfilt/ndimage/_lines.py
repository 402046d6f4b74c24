"""Filters along lines with given weights: correlation, convolution, and what is made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _core
from .._types import Integer, Integers, Mode, Modes, Output, Scalar
from ._rules import apart, axes_of, axis_index, border_of, check_arrays, output_for, per_axis, refuse_real
from ._taps import kept_kernel_of, kernel_of, line_of


def run_steps(input, target, steps, cval, threads):
    """Filters `input` into `target` along one axis after the other, in one pass over memory.

    `steps` are (axis, kernel, border); `cval` is what check_arrays returned.
    """
    _core._scipy_separable(apart(input, target), target, steps, cval, threads)


def correlate1d(
    input: ArrayLike,
    weights: ArrayLike,
    axis: Integer = -1,
    output: Output = None,
    mode: Mode = "reflect",
    cval: Scalar = 0.0,
    origin: Integer = 0,
    *,
    threads: int | None = None,
) -> NDArray[Any]:
    """Correlation with one line of weights along one axis.

    Parameters
    ----------
    input : array_like
        bool, integers, float32, float64, complex64 or complex128, of any shape.
    weights : array_like
        A line of real or complex numbers, in float64.
    axis : int
        The axis to filter along.
    output : array or dtype, optional
        Where the result goes, or which dtype it has; the input's by default.
    mode : str
        What lies beyond the edge: reflect (``d c b a | a b c d``), mirror (``d c b | a b c d``), nearest, wrap,
        constant; grid-mirror, grid-wrap and grid-constant are reflect, wrap and constant.
    cval : scalar
        The value beyond a constant edge; complex with complex input only.
    origin : int
        How far the weights' middle (``len(weights) // 2``) lies to the right of the sample it is the result of.
    threads : int, optional
        At most this many; all that the process may use by default. The result does not depend on it.

    Returns
    -------
    ndarray
        ``out[i] = sum(weights[k] * input[i + k - len(weights) // 2 - origin])``, computed in float64 (float32 where
        input and result are float32, bool or integers of 8 or 16 bits) and, for integers, cut off towards zero.

    Raises
    ------
    ValueError
        An axis or origin out of range, a read-only `output`.
    RuntimeError
        A dtype, mode or shape of `output` that does not fit, no weights.

    Notes
    -----
    The same numbers as ``scipy.ndimage.correlate1d``: bit for bit into float64 and integers, to rounding into float32.

    Examples
    --------
    >>> from gaussfilt import ndimage
    >>> ndimage.correlate1d([1, 4, 0, 2, 8], [1, 3]).tolist()
    [4, 13, 4, 6, 26]
    """
    input = np.asarray(input)
    weights = np.asarray(weights)
    complex_weights = weights.dtype.kind == "c"
    target = output_for(output, input, must_be_complex=complex_weights or input.dtype.kind == "c")
    if complex_weights:
        return _by_parts(input, weights.conj(), axis, target, mode, cval, origin, threads)
    return _correlate(input, weights, axis, target, mode, cval, origin, threads)


def convolve1d(
    input: ArrayLike,
    weights: ArrayLike,
    axis: Integer = -1,
    output: Output = None,
    mode: Mode = "reflect",
    cval: Scalar = 0.0,
    origin: Integer = 0,
    *,
    threads: int | None = None,
) -> NDArray[Any]:
    """Convolution with one line of weights along one axis: :func:`correlate1d` with the weights turned round.

    Parameters
    ----------
    input, weights, axis, output, mode, cval, origin, threads
        As for :func:`correlate1d`.

    Returns
    -------
    ndarray
        The result, of the input's shape.

    Raises
    ------
    ValueError, RuntimeError
        As for :func:`correlate1d`.

    Examples
    --------
    >>> from gaussfilt import ndimage
    >>> ndimage.convolve1d([1, 4, 0, 2, 8], [1, 3]).tolist()
    [7, 12, 2, 14, 32]
    """
    weights = np.asarray(weights)[::-1]
    shift = -origin if weights.shape[0] % 2 else -origin - 1
    input = np.asarray(input)
    complex_weights = weights.dtype.kind == "c"
    target = output_for(output, input, must_be_complex=complex_weights or input.dtype.kind == "c")
    if complex_weights:
        return _by_parts(input, weights, axis, target, mode, cval, shift, threads)
    return _correlate(input, weights, axis, target, mode, cval, shift, threads)


def _correlate(input, weights, axis, target, mode, cval, origin, threads):
    """correlate1d with real weights, into `target`."""
    weights = line_of(weights)
    size = len(weights)
    axis = axis_index(axis, input.ndim)
    if origin < -(size // 2) or origin > (size - 1) // 2:
        raise ValueError(f"origin: is {origin}, must be {-(size // 2)} to {(size - 1) // 2} with {size} weights")
    border = border_of(mode)
    cval = check_arrays(input, target, cval, axis, origin=origin)
    run_steps(input, target, ((axis, kernel_of(weights, origin), border),), cval, threads)
    return target


def _by_parts(input, weights, axis, target, mode, cval, origin, threads):
    """correlate1d with complex weights, from real correlations. In place it reads what it has written, as SciPy."""
    given = {"axis": axis, "mode": mode, "origin": origin, "threads": threads}
    if input.dtype.kind != "c":
        if np.iscomplexobj(cval):
            raise ValueError(f"cval: is {cval}, must be real as the input is")
        correlate1d(input, weights.real, output=target.real, cval=cval, **given)
        correlate1d(input, weights.imag, output=target.imag, cval=cval, **given)
        return target
    re, im = np.real(cval), np.imag(cval)
    correlate1d(input.real, weights.real, output=target.real, cval=re, **given)
    target.real -= _rounded(input.imag, weights.imag, im, given)
    correlate1d(input.real, weights.imag, output=target.imag, cval=re, **given)
    target.imag += _rounded(input.imag, weights.real, im, given)
    return target


def _rounded(part, weights, cval, given):
    """correlate1d in float64, rounded to the part's dtype as SciPy's: a complex128 result shows every bit of it."""
    with np.errstate(all="ignore"):
        return correlate1d(part, weights, output=np.float64, cval=cval, **given).astype(part.dtype)


def prewitt(
    input: ArrayLike,
    axis: Integer = -1,
    output: Output = None,
    mode: Modes = "reflect",
    cval: Scalar = 0.0,
    *,
    threads: int | None = None,
) -> NDArray[Any]:
    """Prewitt's gradient along one axis: the difference of the neighbours there, summed over three along the others.

    Parameters
    ----------
    input, axis, output, cval, threads
        As for :func:`correlate1d`.
    mode : str or sequence of str
        As for :func:`correlate1d`, one for all axes or one for each axis of `input`.

    Returns
    -------
    ndarray
        The result, of the input's shape. Unsigned integers wrap where it is negative.

    Raises
    ------
    ValueError, RuntimeError
        As for :func:`correlate1d`.

    Examples
    --------
    >>> import numpy as np
    >>> from gaussfilt import ndimage
    >>> ndimage.prewitt(np.arange(6.0).reshape(2, 3)).tolist()
    [[3.0, 6.0, 3.0], [3.0, 6.0, 3.0]]
    """
    return _gradient(input, axis, (1, 1, 1), output, mode, cval, threads)


def sobel(
    input: ArrayLike,
    axis: Integer = -1,
    output: Output = None,
    mode: Modes = "reflect",
    cval: Scalar = 0.0,
    *,
    threads: int | None = None,
) -> NDArray[Any]:
    """Sobel's gradient along one axis: the difference of the neighbours there, smoothed by 1 2 1 along the others.

    Parameters
    ----------
    input, axis, output, mode, cval, threads
        As for :func:`prewitt`.

    Returns
    -------
    ndarray
        The result, of the input's shape. Unsigned integers wrap where it is negative.

    Raises
    ------
    ValueError, RuntimeError
        As for :func:`correlate1d`.

    Examples
    --------
    >>> import numpy as np
    >>> from gaussfilt import ndimage
    >>> ndimage.sobel(np.arange(6.0).reshape(2, 3)).tolist()
    [[4.0, 8.0, 4.0], [4.0, 8.0, 4.0]]
    """
    return _gradient(input, axis, (1, 2, 1), output, mode, cval, threads)


def _gradient(input, axis, smoothing, output, mode, cval, threads):
    input = np.asarray(input)
    axis = axis_index(axis, input.ndim)
    target = output_for(output, input)
    modes = per_axis("mode", mode, input.ndim)
    steps = []
    for index in (axis, *(other for other in range(input.ndim) if other != axis)):
        kernel, beyond = kept_kernel_of(smoothing if steps else (-1, 0, 1)), modes[index]
        if input.dtype.kind == "c":
            refuse_real(target.dtype)
        border = border_of(beyond)
        if not steps:
            cval = check_arrays(input, target, cval, axis)
        steps.append((index, kernel, border))
    run_steps(input, target, steps, cval, threads)
    return target


def generic_laplace(
    input: ArrayLike,
    derivative2: Callable[..., NDArray[Any] | None],
    output: Output = None,
    mode: Modes = "reflect",
    cval: Scalar = 0.0,
    extra_arguments: Sequence[Any] = (),
    extra_keywords: Mapping[str, Any] | None = None,
    *,
    axes: Integers | None = None,
) -> NDArray[Any]:
    """The sum of the second derivatives along the axes, taken by a function of yours.

    Parameters
    ----------
    input : array_like
        The array.
    derivative2 : callable
        ``derivative2(input, axis, output, mode, cval, *extra_arguments, **extra_keywords)``: writes the second
        derivative along `axis` to `output` where that is an array, else returns it as an array of that dtype.
    output : array or dtype, optional
        Where the result goes, or which dtype it has; the input's by default.
    mode : str or sequence of str
        What lies beyond the edge, one for all or one per entry of `axes`.
    cval : scalar
        The value beyond a constant edge.
    extra_arguments, extra_keywords : sequence, dict, optional
        What else `derivative2` is given.
    axes : int or sequence of int, optional
        The axes to derive along; all by default.

    Returns
    -------
    ndarray
        The sum, in the dtype of the result.

    Raises
    ------
    ValueError, RuntimeError
        As for :func:`correlate1d`, and whatever `derivative2` raises.

    Examples
    --------
    >>> import numpy as np
    >>> from gaussfilt import ndimage
    >>> def second(input, axis, output, mode, cval):
    ...     return ndimage.correlate1d(input, [1, -2, 1], axis, output, mode, cval)
    >>> ndimage.generic_laplace(np.eye(3), second).tolist()[1]
    [2.0, -4.0, 2.0]
    """
    return _combine(input, derivative2, output, mode, cval, extra_arguments, extra_keywords, axes, False)


def generic_gradient_magnitude(
    input: ArrayLike,
    derivative: Callable[..., NDArray[Any] | None],
    output: Output = None,
    mode: Modes = "reflect",
    cval: Scalar = 0.0,
    extra_arguments: Sequence[Any] = (),
    extra_keywords: Mapping[str, Any] | None = None,
    *,
    axes: Integers | None = None,
) -> NDArray[Any]:
    """The square root of the sum of the squared derivatives along the axes, taken by a function of yours.

    Parameters
    ----------
    input, output, mode, cval, extra_arguments, extra_keywords, axes
        As for :func:`generic_laplace`.
    derivative : callable
        As `derivative2` there, for the first derivative.

    Returns
    -------
    ndarray
        The magnitude. Squares, sum and root are taken in the dtype of the result.

    Raises
    ------
    ValueError, RuntimeError
        As for :func:`generic_laplace`.

    Examples
    --------
    >>> import numpy as np
    >>> from gaussfilt import ndimage
    >>> ndimage.generic_gradient_magnitude(np.arange(9.0).reshape(3, 3), ndimage.sobel).round(2).tolist()[1]
    [24.33, 25.3, 24.33]
    """
    return _combine(input, derivative, output, mode, cval, extra_arguments, extra_keywords, axes, True)


def _combine(input, derivative, output, mode, cval, arguments, keywords, axes, magnitude):
    """Sum of `derivative` along the axes, or the root of the sum of its squares."""
    keywords = {} if keywords is None else keywords
    input = np.asarray(input)
    total = output_for(output, input)
    axes = axes_of(axes, input.ndim)
    if not axes:
        total[...] = input[...]
        return total
    modes = per_axis("mode", mode, len(axes))
    derivative(input, axes[0], total, modes[0], cval, *arguments, **keywords)
    if magnitude:
        np.multiply(total, total, total)
    for axis, border in zip(axes[1:], modes[1:], strict=True):
        part = derivative(input, axis, total.dtype, border, cval, *arguments, **keywords)
        if magnitude:
            np.multiply(part, part, part)
        total += part
    if magnitude:
        np.sqrt(total, total, casting="unsafe")
    return total


def laplace(
    input: ArrayLike,
    output: Output = None,
    mode: Modes = "reflect",
    cval: Scalar = 0.0,
    *,
    axes: Integers | None = None,
    threads: int | None = None,
) -> NDArray[Any]:
    """The sum over the axes of the second differences, 1 -2 1.

    Parameters
    ----------
    input, output, cval, threads
        As for :func:`correlate1d`.
    mode, axes
        As for :func:`generic_laplace`.

    Returns
    -------
    ndarray
        The result, of the input's shape. Unsigned integers wrap where it is negative.

    Raises
    ------
    ValueError, RuntimeError
        As for :func:`correlate1d`.

    Examples
    --------
    >>> import numpy as np
    >>> from gaussfilt import ndimage
    >>> ndimage.laplace(np.arange(5.0) ** 2).tolist()
    [1.0, 2.0, 2.0, 2.0, -7.0]
    """

    def second(input, axis, output, mode, cval):
        return correlate1d(input, (1, -2, 1), axis, output, mode, cval, threads=threads)

    return generic_laplace(input, second, output, mode, cval, axes=axes)
