"""The taps of SciPy's Gaussians, made by the same NumPy expressions so that they have the same bits."""

import functools
import numbers

import numpy as np

from .. import _core

MOST_KEPT = 4096  # taps a side: larger kernels cost more than making them


def radius_of(sigma, truncate, radius):
    """Where the taps are cut: at `radius`, or at int(truncate * sigma + 0.5)."""
    deviation = float(sigma)
    cut = int(truncate * deviation + 0.5)
    if radius is not None:
        cut = radius
    if not isinstance(cut, numbers.Integral) or cut < 0:
        raise ValueError(f"radius: is {cut!r}, must be an integer >= 0; without radius= it is truncate * sigma")
    return cut


def gaussian_taps(sigma, order, radius):
    """The taps of the `order`-th derivative of a Gaussian at -radius ... radius, as a convolution kernel."""
    powers = np.arange(order + 1) if order >= 0 else _refuse_order(order)
    variance = sigma * sigma
    x = np.arange(-radius, radius + 1)
    bell = np.exp(-0.5 / variance * x**2)
    bell = bell / bell.sum()
    if order == 0:
        return bell
    # The derivative of q(x) bell(x) is (q'(x) - x / variance q(x)) bell(x): a matrix on the coefficients of q.
    q = np.zeros(order + 1)
    q[0] = 1
    step = np.diag(powers[1:], 1) + np.diag(np.ones(order) / -variance, -1)
    for _ in range(order):
        q = step.dot(q)
    return (x[:, None] ** powers).dot(q) * bell


def _refuse_order(order):
    raise ValueError(f"order: is {order!r}, must be >= 0")


def gaussian_kernel(sigma, order, radius):
    """The same as a kernel of the core, for correlation. Kept where the arguments are plain numbers."""
    kind = type(sigma)
    plain = kind is float or kind is np.float64 or (kind is int and sigma < 2**20)
    if plain and sigma > 1e-15 and type(order) is int and type(radius) is int and radius <= MOST_KEPT:
        return _kept_kernel(float(sigma), order, radius)
    return kernel_of(line_of(gaussian_taps(sigma, order, radius)[::-1]))


@functools.lru_cache(maxsize=256)
def _kept_kernel(sigma, order, radius):
    return kernel_of(line_of(gaussian_taps(sigma, order, radius)[::-1]))


def line_of(weights):
    """The weights as a line of float64."""
    weights = np.asarray(weights, np.float64)
    if weights.ndim != 1 or weights.shape[0] < 1:
        raise RuntimeError(f"weights: have shape {weights.shape}, must be a line of one number or more")
    return weights


def kernel_of(weights, origin=0):
    """Taps for correlation as a kernel of the core; a positive origin moves the result towards larger indices."""
    return _core._scipy_kernel(weights, origin)


@functools.lru_cache(maxsize=16)
def kept_kernel_of(weights):
    """The kernel of a tuple of weights that comes up again and again."""
    return kernel_of(line_of(weights))
