"""The Gaussian and line filters of ``scipy.ndimage``: the same signatures, the same numbers, many times faster.

``from gaussfilt import ndimage`` in place of ``from scipy import ndimage``. On x86-64, results into float64,
complex128, bool and integers have SciPy's bits; float32 and complex64 differ by rounding,
except those of `correlate` and `convolve`. SciPy is not needed. Beyond
SciPy's arguments there are two, by keyword only: `threads` and, for the Gaussian filters, `tolerance`.
"""

from ._dense import convolve, correlate
from ._fourier import fourier_gaussian
from ._gaussian import gaussian_filter, gaussian_filter1d, gaussian_gradient_magnitude, gaussian_laplace
from ._lines import (
    convolve1d,
    correlate1d,
    generic_gradient_magnitude,
    generic_laplace,
    laplace,
    prewitt,
    sobel,
)
from ._uniform import uniform_filter, uniform_filter1d

__all__ = [
    "convolve",
    "convolve1d",
    "correlate",
    "correlate1d",
    "fourier_gaussian",
    "gaussian_filter",
    "gaussian_filter1d",
    "gaussian_gradient_magnitude",
    "gaussian_laplace",
    "generic_gradient_magnitude",
    "generic_laplace",
    "laplace",
    "prewitt",
    "sobel",
    "uniform_filter",
    "uniform_filter1d",
]
