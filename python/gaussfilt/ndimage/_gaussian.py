"""SciPy's Gaussian filters."""

from __future__ import annotations

import functools
from typing import Any, Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _core
from .._types import GaussianOptions, Integer, Integers, Mode, Modes, Output, Real, Reals, Scalar
from ._lines import generic_gradient_magnitude, generic_laplace, run_steps
from ._rules import apart, axes_of, axis_index, border_of, check_arrays, output_for, per_axis, refuse_real
from ._taps import MOST_KEPT, gaussian_kernel, radius_of


def gaussian_filter1d(
    input: ArrayLike,
    sigma: Real,
    axis: Integer = -1,
    order: Integer = 0,
    output: Output = None,
    mode: Mode = "reflect",
    cval: Scalar = 0.0,
    truncate: Real = 4.0,
    *,
    radius: Integer | None = None,
    tolerance: float | None = None,
    threads: int | None = None,
) -> NDArray[Any]:
    """Gaussian smoothing, or a Gaussian derivative, along one axis.

    Parameters
    ----------
    input : array_like
        bool, integers, float32, float64, complex64 or complex128, of any shape.
    sigma : float
        Standard deviation in samples.
    axis : int
        The axis to filter along.
    order : int
        0 smooths, n takes the n-th derivative.
    output : array or dtype, optional
        Where the result goes, or which dtype it has; the input's by default.
    mode : str
        What lies beyond the edge: reflect (``d c b a | a b c d``), mirror (``d c b | a b c d``), nearest, wrap,
        constant; grid-mirror, grid-wrap and grid-constant are reflect, wrap and constant.
    cval : scalar
        The value beyond a constant edge; complex with complex input only.
    truncate : float
        The taps are cut at ``int(truncate * sigma + 0.5)`` samples.
    radius : int, optional
        The taps are cut at this many samples.
    tolerance : float, optional
        Accept ``|result - SciPy's| <= tolerance * N * M`` (see ``gaussfilt.gaussian``), for floating results; integer
        results stay SciPy's.
    threads : int, optional
        At most this many; all that the process may use by default. The result does not depend on it.

    Returns
    -------
    ndarray
        The result, of the input's shape; for integers cut off towards zero.

    Raises
    ------
    ValueError
        A negative order or radius, an axis out of range, a read-only `output`.
    RuntimeError
        A dtype, mode or shape of `output` that does not fit.
    ZeroDivisionError
        sigma is 0.

    Notes
    -----
    The same numbers as ``scipy.ndimage.gaussian_filter1d``: bit for bit into float64 and integers, to rounding into
    float32.

    Examples
    --------
    >>> from gaussfilt import ndimage
    >>> ndimage.gaussian_filter1d([0.0, 0.0, 1.0, 0.0, 0.0], 1).round(3).tolist()
    [0.058, 0.242, 0.399, 0.242, 0.058]
    """
    radius = radius_of(sigma, truncate, radius)
    kernel = gaussian_kernel(sigma, order, radius)
    input = np.asarray(input)
    target = output_for(output, input, must_be_complex=input.dtype.kind == "c")
    axis = axis_index(axis, input.ndim)
    border = border_of(mode)
    cval = check_arrays(input, target, cval, axis)
    _filter(input, target, [(axis, kernel, border)], [(sigma, order, radius)], cval, tolerance, threads)
    return target


def gaussian_filter(
    input: ArrayLike,
    sigma: Reals,
    order: Integers = 0,
    output: Output = None,
    mode: Modes = "reflect",
    cval: Scalar = 0.0,
    truncate: Real = 4.0,
    *,
    radius: Integers | None = None,
    axes: Integers | None = None,
    tolerance: float | None = None,
    threads: int | None = None,
) -> NDArray[Any]:
    """Gaussian smoothing, or Gaussian derivatives, along the axes.

    Parameters
    ----------
    input, output, cval, truncate, tolerance, threads
        As for :func:`gaussian_filter1d`.
    sigma, order, mode, radius
        As for :func:`gaussian_filter1d`, one for all axes or one per entry of `axes`. An axis whose sigma is not above
        1e-15 is left as it is, whatever its order.
    axes : int or sequence of int, optional
        The axes to filter, in this order; all by default.

    Returns
    -------
    ndarray
        The result, of the input's shape; integers are cut off towards zero after every axis, as SciPy does.

    Raises
    ------
    ValueError, RuntimeError
        As for :func:`gaussian_filter1d`.

    See Also
    --------
    gaussfilt.gaussian : rounds integers once and correctly, and takes more kinds of arrays.

    Notes
    -----
    The same numbers as ``scipy.ndimage.gaussian_filter``: bit for bit into float64 and integers, to rounding into
    float32.

    Examples
    --------
    >>> import numpy as np
    >>> from gaussfilt import ndimage
    >>> ndimage.gaussian_filter(np.eye(4), 0.5, radius=1).round(3).tolist()[1]
    [0.179, 0.642, 0.168, 0.011]
    >>> ndimage.gaussian_filter(np.arange(6).reshape(2, 3), 1, axes=1).tolist()
    [[0, 1, 1], [3, 4, 4]]
    """
    input = np.asarray(input)
    target = output_for(output, input)
    plain = axes is None and radius is None and input.ndim > 0 and input.dtype.kind != "c"
    kept = _kept_steps(input.ndim, sigma, order, mode, truncate) if plain else None
    if kept is not None:
        steps, gaussians = kept
        _filter(input, target, steps, gaussians, check_arrays(input, target, cval), tolerance, threads)
        return target
    chosen = axes_of(axes, input.ndim)
    count = len(chosen)
    per_step = zip(chosen, *(per_axis(name, value, count) for name, value in
                           (("order", order), ("sigma", sigma), ("mode", mode), ("radius", radius))), strict=True)
    steps, gaussians = [], []
    for axis, nth, deviation, beyond, cut in per_step:
        if not deviation > 1e-15:
            continue
        reach = radius_of(deviation, truncate, cut)
        kernel = gaussian_kernel(deviation, nth, reach)
        if not steps and input.dtype.kind == "c":
            refuse_real(target.dtype)
        index = axis_index(axis, input.ndim)
        border = border_of(beyond)
        if not steps:
            cval = check_arrays(input, target, cval)
        steps.append((index, kernel, border))
        gaussians.append((deviation, nth, reach))
    if steps:
        _filter(input, target, steps, gaussians, cval, tolerance, threads)
    else:
        target[...] = input[...]
    return target


def _kept_steps(rank, sigma, order, mode, truncate):
    """The steps and Gaussians of the commonest call: one smoothing for all axes, not too wide. None for any other."""
    if (type(sigma) in (float, int) and type(order) is int and type(mode) is str and type(truncate) is float
            and 1e-15 < sigma < 1e4 and truncate * sigma < MOST_KEPT):
        return _same_for_all(rank, float(sigma), order, mode, truncate)
    return None


@functools.lru_cache(maxsize=64)
def _same_for_all(rank, sigma, order, mode, truncate):
    radius = radius_of(sigma, truncate, None)
    step = (gaussian_kernel(sigma, order, radius), border_of(mode))
    return [(axis, *step) for axis in range(rank)], [(sigma, order, radius)] * rank


def _filter(input, target, steps, gaussians, cval, tolerance, threads):
    """Runs the steps, or what comes as near to them as `tolerance` asks."""
    if tolerance is None:
        run_steps(input, target, steps, cval, threads)
        return
    if not tolerance > 0:
        raise ValueError(f"tolerance: is {tolerance}, must be > 0, or None for SciPy's own numbers")
    sigmas, orders, radii = (list(values) for values in zip(*gaussians, strict=True))
    borders = [border for _, _, border in steps]
    # Only SciPy pads a derivative with the constant itself instead of the constant's derivative, 0.
    constant = cval != 0 and any(orders) and "constant" in borders
    if target.dtype.kind not in "fc" or constant:
        run_steps(input, target, steps, cval, threads)
        return
    _core.gaussian(apart(input, target), sigmas, order=orders, axes=[axis for axis, _, _ in steps], border=borders,
                   cval=cval, radius=radii, tolerance=tolerance, out=target, threads=threads)


def gaussian_laplace(
    input: ArrayLike,
    sigma: Reals,
    output: Output = None,
    mode: Modes = "reflect",
    cval: Scalar = 0.0,
    *,
    axes: Integers | None = None,
    **kwargs: Unpack[GaussianOptions],
) -> NDArray[Any]:
    """The Laplacian of a Gaussian: the sum over the axes of the second Gaussian derivatives.

    Parameters
    ----------
    input, output, cval
        As for :func:`gaussian_filter1d`.
    sigma : float or sequence of float
        Standard deviation in samples, one for all axes or one per entry of `axes`; other axes are not smoothed.
    mode : str or sequence of str
        What lies beyond the edge, one for all or one per entry of `axes`: the i-th holds, along every axis, for the
        derivative along the i-th.
    axes : int or sequence of int, optional
        The axes to derive along; all by default.
    **kwargs
        truncate, radius, tolerance, threads: as for :func:`gaussian_filter`.

    Returns
    -------
    ndarray
        The sum, in the dtype of the result; unsigned integers wrap.

    Raises
    ------
    ValueError, RuntimeError
        As for :func:`gaussian_filter`.

    Examples
    --------
    >>> import numpy as np
    >>> from gaussfilt import ndimage
    >>> spike = np.zeros((5, 5))
    >>> spike[2, 2] = 1
    >>> ndimage.gaussian_laplace(spike, 1).round(3).tolist()[2]
    [0.055, -0.096, -0.318, -0.096, 0.055]
    """
    input = np.asarray(input)
    chosen = axes_of(axes, input.ndim)
    sigmas = per_axis("sigma", sigma, len(chosen))
    if len(chosen) < input.ndim:
        given, sigmas = sigmas, [0] * input.ndim
        for axis, value in zip(chosen, given, strict=True):
            sigmas[axis] = value
    return generic_laplace(input, _derivative(2), output, mode, cval, (sigmas,), kwargs, axes=chosen)


def gaussian_gradient_magnitude(
    input: ArrayLike,
    sigma: Reals,
    output: Output = None,
    mode: Modes = "reflect",
    cval: Scalar = 0.0,
    *,
    axes: Integers | None = None,
    **kwargs: Unpack[GaussianOptions],
) -> NDArray[Any]:
    """The gradient magnitude of a Gaussian: the root of the sum of the squared first Gaussian derivatives.

    Parameters
    ----------
    input, output, mode, cval
        As for :func:`gaussian_laplace`.
    sigma : float or sequence of float
        Standard deviation in samples, one for all axes of `input` or one for each.
    axes : int or sequence of int, optional
        The axes to derive along; all by default. The others are smoothed all the same, as SciPy does.
    **kwargs
        truncate, radius, tolerance, threads: as for :func:`gaussian_filter`.

    Returns
    -------
    ndarray
        The magnitude. Squares, sum and root are taken in the dtype of the result.

    Raises
    ------
    ValueError, RuntimeError
        As for :func:`gaussian_filter`.

    Examples
    --------
    >>> import numpy as np
    >>> from gaussfilt import ndimage
    >>> ndimage.gaussian_gradient_magnitude(np.eye(5), 1).round(3).tolist()[0]
    [0.155, 0.214, 0.16, 0.065, 0.014]
    """
    return generic_gradient_magnitude(input, _derivative(1), output, mode, cval, (sigma,), kwargs, axes=axes)


def _derivative(order):
    """The Gaussian derivative of this order along one axis, smoothed along the others."""

    def along(input, axis, output, mode, cval, sigma, **kwargs):
        orders = [0] * input.ndim
        orders[axis] = order
        return gaussian_filter(input, sigma, orders, output, mode, cval, **kwargs)

    return along
