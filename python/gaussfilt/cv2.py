"""OpenCV's Gaussian filters: GaussianBlur, getGaussianKernel, sepFilter2D, and the constants that they take.

Arguments, defaults, rules and refusals are those of OpenCV 5.0; OpenCV itself is not needed. Two axes are filtered, the
last of three is channels. What differs: the taps are used as they are and the result is rounded once, half to even.
OpenCV turns the taps for 8-bit images into multiples of 1/256 first: on noise and edges its results are up to 2.8 grey
levels off the exact ones (sigma 0.5 to 50, measured), where these are 0.5 off at most, the rounding itself.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._types import Integer, Real

__all__ = ["GaussianBlur", "error", "getGaussianKernel", "sepFilter2D"]

BORDER_CONSTANT, BORDER_REPLICATE, BORDER_REFLECT, BORDER_WRAP, BORDER_REFLECT_101, BORDER_TRANSPARENT = range(6)
BORDER_DEFAULT = BORDER_REFLECT101 = BORDER_REFLECT_101
BORDER_ISOLATED = 16
CV_8U, CV_8S, CV_16U, CV_16S, CV_32S, CV_32F, CV_64F, CV_16F = range(8)
ALGO_HINT_DEFAULT, ALGO_HINT_ACCURATE, ALGO_HINT_APPROX = range(3)

_BORDERS = {
    BORDER_CONSTANT: "constant",
    BORDER_REPLICATE: "nearest",
    BORDER_REFLECT: "reflect",
    BORDER_REFLECT_101: "mirror",
}
_DEPTHS = {depth: np.dtype(char) for depth, char in zip((CV_8U, CV_16U, CV_16S, CV_32F, CV_64F), "BHhfd", strict=True)}
_NATIVE = {dtype.char: dtype for dtype in _DEPTHS.values()}
_NAMES = {dtype: dtype.name for dtype in _DEPTHS.values()}  # NumPy makes them anew at every question
_TAKEN = "uint8, uint16, int16, float32 or float64"
_MOST_CHANNELS = 128
_MOST_PLANS = 256

# What OpenCV takes where sigma is not given: sizes 1 to 9, in units of 1/256.
_FIXED = {
    1: (256,),
    3: (64, 128, 64),
    5: (16, 64, 96, 64, 16),
    7: (8, 28, 56, 72, 56, 28, 8),
    9: (4, 13, 30, 51, 60, 51, 30, 13, 4),
}

_plans: dict[Any, Any] = {}
_Two = tuple[Integer, Integer] | list[int] | NDArray[np.integer[Any]] | None  # x and y


class error(Exception):
    """What these functions raise, as ``cv2.error`` in OpenCV."""


def _image(src, dst):
    """The image as (rows, columns) or (rows, columns, channels), and `dst` where it fits, else None."""
    if not isinstance(src, np.ndarray):
        raise error(f"src: is a {type(src).__name__}, must be a numpy array")
    if src.size == 0:
        raise error(f"src: shape is {src.shape}, must not be empty")
    if src.dtype.char not in _NATIVE:
        raise error(f"src: dtype is {src.dtype}, must be {_TAKEN}")
    if src.ndim > 3 or (src.ndim == 3 and src.shape[2] > _MOST_CHANNELS):
        raise error(f"src: shape is {src.shape}, must be rows, columns and at most {_MOST_CHANNELS} channels")
    if src.ndim < 2:
        src = src.reshape(1, -1)
    elif src.ndim == 3 and src.shape[2] == 1:
        src = src[..., 0]
    if dst is not None and not isinstance(dst, np.ndarray):
        raise error(f"dst: is a {type(dst).__name__}, must be a numpy array")
    return src, dst


def _fits(dst, shape, dtype):
    return dst is not None and dst.shape == shape and dst.dtype == dtype


def _integer(name, value):
    if type(value) is int:
        return value
    if isinstance(value, float | np.floating | str | bytes) or not hasattr(value, "__index__"):
        raise error(f"{name}: is {value!r}, must be an integer")
    return int(value)


def _number(name, value):
    if type(value) in (int, float):
        return float(value)
    if isinstance(value, str | bytes) or not hasattr(value, "__float__"):
        raise error(f"{name}: is {value!r}, must be a number")
    return float(value)


def _two(name, value, default):
    if value is None:
        return default
    if not isinstance(value, tuple | list | np.ndarray) or len(value) != 2:
        raise error(f"{name}: is {value!r}, must be two integers, for x and y")
    return _integer(name, value[0]), _integer(name, value[1])


def _border(value):
    name = _BORDERS.get(_integer("borderType", value) & ~BORDER_ISOLATED)
    if name is None:
        raise error(f"borderType: is {value}, must be BORDER_CONSTANT, _REPLICATE, _REFLECT or _REFLECT_101")
    return name


def _sigma_of(ksize, sigma):
    """OpenCV's sigma for a size, where none is given."""
    return sigma if sigma > 0 else 0.15 * ksize + 0.35


def _taps(ksize, sigma):
    if sigma <= 0 and ksize in _FIXED:
        return np.array(_FIXED[ksize]) / 256
    sigma = _sigma_of(ksize, sigma)
    x = np.arange(ksize) - (ksize - 1) / 2
    if ksize % 2 == 0:
        x[ksize // 2 - 1 : ksize // 2 + 1] = 0  # as OpenCV takes the two in the middle
    taps = np.exp(-0.5 / (sigma * sigma) * (x * x))
    return taps / taps.sum()


def _sizes(ksize, sigmas, dtype):
    """Sizes for (x, y), from sigma where they are not given."""
    reach = 3 if dtype == np.uint8 else 4
    sizes = []
    for size, sigma in zip(ksize, sigmas, strict=True):
        if size <= 0 and sigma > 0:
            wanted = sigma * reach * 2 + 1
            size = round(wanted) | 1 if wanted < 2**31 else 0
        if size <= 0 or size % 2 == 0:
            raise error(f"ksize: is {ksize} with sigmas {sigmas}, must be odd, or 0 where a sigma > 0 decides")
        sizes.append(size)
    return sizes


def _copy(image, out=None):
    if out is None:
        return image.copy()
    out[...] = image
    return out


def _make_blur(src, ksize, sigma_x, sigma_y, border_type):
    """A callable (src, dst) for images of this shape and dtype."""
    ksize = _two("ksize", ksize, (0, 0))
    sigma_x, sigma_y = _number("sigmaX", sigma_x), _number("sigmaY", sigma_y)
    border_type = _integer("borderType", border_type)
    sigmas = (sigma_x, sigma_x if sigma_y <= 0 else sigma_y)
    if border_type not in (BORDER_CONSTANT, BORDER_CONSTANT | BORDER_ISOLATED):
        ksize = tuple(1 if length == 1 else size for size, length in zip(ksize, src.shape[1::-1], strict=True))
    if ksize == (1, 1):
        return _copy
    sizes = _sizes(ksize, sigmas, src.dtype)
    border = _border(border_type)
    smooth = [_sigma_of(*pair) for pair in zip(sizes, sigmas, strict=True)]
    by_table = [size > 1 and sigma <= 0 and size in _FIXED for size, sigma in zip(sizes, sigmas, strict=True)]
    if any(by_table) or not all(1e-6 < sigma < 1e9 for sigma in smooth):
        taps = [_taps(*pair).tolist() for pair in zip(sizes, sigmas, strict=True)][::-1]

        def blur(image, out=None):
            return _core.separable(image, taps, axes=(0, 1), border=border, out=out)

        return blur
    return _core.plan(
        src.shape, src.dtype, smooth[::-1], radius=[size // 2 for size in sizes[::-1]], axes=(0, 1), border=border
    )


def _run(function, src, dst):
    try:
        return function(src, dst)
    except (ValueError, TypeError) as problem:
        raise error(str(problem)) from problem


def GaussianBlur(
    src: NDArray[Any],
    ksize: _Two,
    sigmaX: Real,
    dst: NDArray[Any] | None = None,
    sigmaY: Real = 0,
    borderType: Integer = BORDER_DEFAULT,
    hint: Integer = ALGO_HINT_DEFAULT,
) -> NDArray[Any]:
    """Gaussian smoothing as ``cv2.GaussianBlur`` does it, rounded once.

    Parameters
    ----------
    src : ndarray
        uint8, uint16, int16, float32 or float64; rows, columns and up to 128 channels.
    ksize : (int, int)
        Taps in x and y, odd; 0 takes ``round(6 * sigma + 1) | 1`` for uint8 and ``round(8 * sigma + 1) | 1`` for
        others: the same sigma is cut shorter for uint8.
    sigmaX, sigmaY : float
        In pixels; a `sigmaY` <= 0 is `sigmaX`. Where both are <= 0: fixed taps up to size 9, ``0.15 * ksize + 0.35``
        above.
    dst : ndarray, optional
        Where the result goes, if its shape and dtype are those of the result; may be `src`.
    borderType : int
        BORDER_REFLECT_101 (the default), BORDER_REFLECT, BORDER_REPLICATE or BORDER_CONSTANT (zeros).
    hint : int
        Of no effect: there is one way.

    Returns
    -------
    ndarray
        `dst`, or a new array; an image of one channel has two axes.

    Raises
    ------
    error
        An array or an argument that OpenCV refuses.

    Notes
    -----
    An axis of length 1 is left alone unless the border is constant. Taps: OpenCV's formula in float64.

    Examples
    --------
    >>> import numpy as np
    >>> from gaussfilt import cv2
    >>> image = np.zeros((5, 5), np.uint8)
    >>> image[2, 2] = 200
    >>> cv2.GaussianBlur(image, (3, 3), 0)[2].tolist()
    [0, 25, 50, 25, 0]
    """
    try:
        function = _plans[src.shape, src.dtype, ksize, sigmaX, sigmaY, borderType, _core.get_num_threads()]
    except (KeyError, TypeError, AttributeError):
        return _first_blur(src, ksize, sigmaX, dst, sigmaY, borderType, hint)
    try:
        return function(src) if dst is None else function(src, dst if _fits(dst, src.shape, src.dtype) else None)
    except (ValueError, TypeError) as problem:
        raise error(str(problem)) from problem


def _first_blur(src, ksize, sigma_x, dst, sigma_y, border_type, hint):
    given = src
    src, dst = _image(src, dst)
    _integer("hint", hint)
    try:
        function = _make_blur(src, ksize, sigma_x, sigma_y, border_type)
    except (ValueError, TypeError, OverflowError) as problem:
        raise error(str(problem)) from problem
    if src is given and isinstance(ksize, tuple) and src.dtype.isnative and type(src) is np.ndarray:
        if len(_plans) >= _MOST_PLANS:
            _plans.clear()
        _plans[src.shape, src.dtype, ksize, sigma_x, sigma_y, border_type, _core.get_num_threads()] = function
    dtype = _NATIVE[src.dtype.char]
    return _run(function, src.astype(dtype, copy=False), dst if _fits(dst, src.shape, dtype) else None)


def getGaussianKernel(ksize: Integer, sigma: Real, ktype: Integer = CV_64F) -> NDArray[Any]:
    """The taps of :func:`GaussianBlur`.

    Parameters
    ----------
    ksize : int
        How many, > 0.
    sigma : float
        In samples; where it is <= 0: fixed taps for 1, 3, 5, 7 and 9, else ``0.15 * ksize + 0.35``.
    ktype : int
        CV_64F or CV_32F.

    Returns
    -------
    ndarray of shape (ksize, 1)
        ``exp(-x**2 / (2 * sigma**2))`` at ``x = i - (ksize - 1) / 2``, divided by its sum. Of an even number of taps
        OpenCV takes the two in the middle at x = 0, and so does this.

    Raises
    ------
    error
        A size below 1, another `ktype`.

    Examples
    --------
    >>> from gaussfilt import cv2
    >>> cv2.getGaussianKernel(3, 0).ravel().tolist()
    [0.25, 0.5, 0.25]
    """
    ksize = _integer("ksize", ksize)
    if ksize < 1:
        raise error(f"ksize: is {ksize}, must be > 0")
    if ktype not in (CV_32F, CV_64F):
        raise error(f"ktype: is {ktype!r}, must be CV_32F or CV_64F")
    with np.errstate(all="ignore"):
        taps = _taps(ksize, _number("sigma", sigma))
    return taps.astype(_DEPTHS[int(ktype)]).reshape(-1, 1)


def _line(name, kernel):
    if not isinstance(kernel, np.ndarray) or kernel.dtype.kind not in "uif":
        raise error(f"{name}: must be a numpy array of numbers")
    if kernel.size == 0 or kernel.size != max(kernel.shape, default=1):
        raise error(f"{name}: shape is {kernel.shape}, must be one row or one column")
    return kernel.ravel().tolist()


def _depth(ddepth, src):
    ddepth = _integer("ddepth", ddepth)
    if ddepth < 0:
        return src
    if ddepth not in _DEPTHS or (src.char == "d" and ddepth == CV_32F):
        raise error(f"ddepth: is {ddepth} for an image of {src}, must be -1 or the depth of {_TAKEN}")
    return _DEPTHS[ddepth]


def _rounded(values, dtype):
    if dtype.kind == "f":
        return values.astype(dtype, copy=False)
    limits = np.iinfo(dtype)
    return np.clip(np.rint(values), limits.min, limits.max).astype(dtype)


def sepFilter2D(
    src: NDArray[Any],
    ddepth: Integer,
    kernelX: NDArray[Any],
    kernelY: NDArray[Any],
    dst: NDArray[Any] | None = None,
    anchor: _Two = (-1, -1),
    delta: Real = 0,
    borderType: Integer = BORDER_DEFAULT,
) -> NDArray[Any]:
    """Correlation with a line of taps along x and one along y, as ``cv2.sepFilter2D`` does it, rounded once.

    Parameters
    ----------
    src : ndarray
        As for :func:`GaussianBlur`.
    ddepth : int
        Depth of the result: -1 for that of `src`, or CV_8U, CV_16U, CV_16S, CV_32F (not for float64), CV_64F.
    kernelX, kernelY : ndarray
        One row or one column each, of one dtype.
    dst : ndarray, optional
        Where the result goes, if its shape and dtype are those of the result.
    anchor : (int, int)
        The tap, in x and y, that meets the output's own pixel; negative: the middle.
    delta : float
        Added before the rounding.
    borderType : int
        As for :func:`GaussianBlur`.

    Returns
    -------
    ndarray
        `dst`, or a new array.

    Raises
    ------
    error
        An array or an argument that OpenCV refuses.

    Examples
    --------
    >>> import numpy as np
    >>> from gaussfilt import cv2
    >>> ramp = np.tile(np.arange(5, dtype=np.float32), (3, 1))
    >>> cv2.sepFilter2D(ramp, -1, np.array([-0.5, 0.0, 0.5]), np.array([1.0]))[1].tolist()
    [0.0, 1.0, 1.0, 1.0, 0.0]
    """
    src, dst = _image(src, dst)
    dtype = _depth(ddepth, _NATIVE[src.dtype.char])
    taps = [_line("kernelY", kernelY), _line("kernelX", kernelX)]
    if kernelX.dtype != kernelY.dtype:
        raise error(f"kernelX: dtype is {kernelX.dtype}, must be that of kernelY, {kernelY.dtype}")
    x, y = _two("anchor", anchor, (-1, -1))
    centres = [at if at >= 0 else len(line) // 2 for at, line in zip((y, x), taps, strict=True)]
    if any(at >= len(line) for at, line in zip(centres, taps, strict=True)):
        raise error(f"anchor: is {anchor}, must lie within kernels of {len(taps[1])} and {len(taps[0])} taps")
    delta = _number("delta", delta)
    one_tap = len(taps[0]) == len(taps[1]) == 1  # meets no border, so OpenCV looks at none but BORDER_WRAP
    border = "nearest" if one_tap and _integer("borderType", borderType) != BORDER_WRAP else _border(borderType)
    options: dict[str, Any] = {"centres": centres, "axes": (0, 1), "border": border}
    out = dst if _fits(dst, src.shape, dtype) else None
    if delta == 0:
        if out is None and dtype != src.dtype:
            options["dtype"] = _NAMES[dtype]
        return _run(lambda image, target: _core.separable(image, taps, out=target, **options), src, out)
    sums = _run(lambda image, _: _core.separable(image, taps, dtype="float64", **options), src, None)
    result = _rounded(sums + delta, dtype)
    if out is None:
        return result
    out[...] = result
    return out
