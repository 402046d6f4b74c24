"""SciPy's Gaussian filter of a spectrum."""

from __future__ import annotations

import functools
import math
import operator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._types import Integer, Reals
from ._rules import COMPLEX, REAL, axis_index, per_axis

_FLOATING = (np.float32, np.float64, np.complex64, np.complex128)


def fourier_gaussian(
    input: ArrayLike,
    sigma: Reals,
    n: Integer = -1,
    axis: Integer = -1,
    output: NDArray[Any] | type[Any] | None = None,
) -> NDArray[Any]:
    """A spectrum, multiplied by that of a Gaussian: smooths what was transformed.

    Parameters
    ----------
    input : array_like
        A discrete Fourier transform: bool, integers, float32, float64, complex64 or complex128.
    sigma : float or sequence of float
        Standard deviation in samples of the untransformed array, one for all axes or one for each.
    n : int
        Negative: a complex transform. Else the untransformed length of `axis`, along which the transform was real.
    axis : int
        The axis of the real transform.
    output : array or type, optional
        Where the result goes, or its type: float32, float64, complex64 or complex128.

    Returns
    -------
    ndarray
        The product; complex64, complex128 and float32 stay what they are, all else becomes float64.

    Raises
    ------
    ValueError
        An axis out of range.
    RuntimeError
        A dtype or shape that does not fit.

    Notes
    -----
    The same numbers as ``scipy.ndimage.fourier_gaussian``, bit for bit.

    Examples
    --------
    >>> import numpy as np
    >>> from gaussfilt import ndimage
    >>> line = np.array([0.0, 0.0, 1.0, 0.0, 0.0, 0.0])
    >>> np.fft.ifft(ndimage.fourier_gaussian(np.fft.fft(line), 1)).real.round(3).tolist()
    [0.053, 0.243, 0.398, 0.243, 0.053, 0.01]
    """
    input = np.asarray(input)
    target = _output_for(output, input)
    axis = axis_index(axis, input.ndim)
    sigmas = np.asarray(per_axis("sigma", sigma, input.ndim), np.float64)
    real_length = operator.index(n)
    operator.index(axis)
    if not target.flags.writeable:
        raise ValueError("output: is read-only, must be writable")
    if input.size == 0:
        return target
    _check_dtypes(input, target)
    factor = np.ones(())
    for index, extent in enumerate(input.shape):
        real = index == axis and real_length >= 0
        if extent > 1:
            table = _gaussian(float(sigmas[index]), extent, real_length if real else extent, real)
            factor = factor * table.reshape((extent,) + (1,) * (input.ndim - index - 1))
    with np.errstate(all="ignore"):
        _multiply(input, factor, target)
    return target


def _check_dtypes(input, target):
    complex_input = input.dtype.kind == "c"
    for array, known in ((input, COMPLEX if complex_input else REAL), (target, "FD" if complex_input else "fdFD")):
        if array.dtype.char not in known:
            raise RuntimeError(f"dtype {array.dtype} is not supported: give bool, integers, float32, float64, "
                               "complex64 or complex128, and an output of the last four; complex for complex input")


@functools.lru_cache(maxsize=16)
def _gaussian(sigma, extent, length, real):
    """A Gaussian's spectrum at the frequencies of one axis, below exp(-50) cut to 0. The C library's exp, as SciPy."""
    with np.errstate(all="ignore"):
        scale = sigma * math.pi / np.float64(length)
        scale = float(-2.0 * scale * scale)
    count = extent if real else extent // 2 + 1
    exponents = [scale * k * k for k in range(count)]
    half = np.array([0.0 if abs(exponent) > 50.0 else math.exp(exponent) for exponent in exponents])
    return half if real else np.concatenate((half[: (extent + 1) // 2], half[:0:-1]))


def _multiply(input, factor, target):
    """In float64, real and imaginary part apart: a complex product would turn infinities into NaN."""
    if input.dtype.kind != "c":
        np.multiply(input, factor, out=target.real if target.dtype.kind == "c" else target, casting="unsafe")
        if target.dtype.kind == "c":
            target.imag = 0
        return
    np.multiply(input.real, factor, out=target.real, casting="unsafe")
    np.multiply(input.imag, factor, out=target.imag, casting="unsafe")


def _output_for(output, input):
    if output is None:
        keeps = input.dtype.type in _FLOATING and input.dtype.type is not np.float64  # these in their own byte order
        return np.empty(input.shape, input.dtype if keeps else np.float64)
    if type(output) is type:
        if output not in _FLOATING:
            raise RuntimeError(f"output: is {output}, must be float32, float64, complex64 or complex128")
        return np.empty(input.shape, output)
    if output.shape != input.shape:
        raise RuntimeError(f"output: has shape {output.shape}, must have the input's, {input.shape}")
    return output
