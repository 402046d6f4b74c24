"""Filters for Pillow's ``Image.filter``: GaussianBlur, BoxBlur, UnsharpMask, Kernel, and ``blur_region``.

They take the places of those in ``PIL.ImageFilter``, with two differences. They do what they say: the true Gaussian (no
cut, within 1/8 grey level before the one rounding), the true box, rounded once instead of six times. And they take
every mode; colours are filtered premultiplied by their alpha, so that hidden colours never show. ``like="pillow"``
gives Pillow's own numbers instead, bit for bit, in the modes that Pillow takes.

=================================== ==================================================================================
mode                                filtered as
=================================== ==================================================================================
L, RGB, RGBX, CMYK, YCbCr, LAB      itself, every band alike
La, RGBa                            itself: premultiplied already
LA, RGBA                            premultiplied by alpha in 16 bits, and divided again; colour 0 where alpha is 0
1                                   L (the result)
P, PA                               RGB, or RGBA where the palette or mode has transparency (the result)
HSV                                 RGB, and converted back: a hue is an angle
I                                   32-bit integers, computed in float64
I;16, I;16L, I;16B, I;16N           16-bit integers, 1/8 of their level
F                                   float32, within 1e-5 of the largest magnitude
=================================== ==================================================================================

The border is the edge pixel repeated, as in Pillow. Needs Pillow 11.3 or newer, whose memory is used in place.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from . import _core
from . import _pillow_memory as memory
from . import _pillow_numbers as numbers

__all__ = ["BoxBlur", "GaussianBlur", "Kernel", "UnsharpMask", "blur_region"]

if TYPE_CHECKING:
    from PIL._imaging import ImagingCore  # has no name when Pillow runs

_Radius = float | tuple[float, float] | list[float]
_Like = Literal["pillow"] | None
_TOLERANCES = {"u1": 1 / 8 / 255, "u2": 1 / 8 / 65535, "i4": 1 / 8 / 2**31, "f4": 1e-5}
_PREMULTIPLIED = 1 / 8 / 65535
_STRIP_SAMPLES = 1 << 18
_MOST_BOX_TAPS = 1 << 20
_PILLOW_BLURS = frozenset(["L", "LA", "La", "RGB", "RGBA", "RGBa", "RGBX", "CMYK"])


class _Picture:
    """An image in its working mode. `planes`: those that count where alpha is straight and some pixel transparent."""

    def __init__(self, core):
        self.core = core
        self.pixels = memory.pixels(core)
        self.planes = memory.STRAIGHT.get(core.mode)
        if self.planes and self.pixels.size and self.pixels[..., 3].min() == 255:
            self.planes = None

    @property
    def tolerance(self):
        return _TOLERANCES[self.pixels.dtype.str[1:]]

    @property
    def exact_dtype(self):
        """Of results that are not rounded yet."""
        return np.float64 if self.pixels.dtype.itemsize == 4 and self.pixels.dtype.kind == "i" else np.float32

    def premultiplied(self, y, x, height, width):
        """A window as planes of 16-bit integers: colour times alpha, and alpha times 255."""
        window = self.pixels[y : y + height, x : x + width]
        planes = np.empty((len(self.planes), height, width), np.uint16)
        alpha = window[..., 3].astype(np.uint16)
        for plane, band in zip(planes[:-1], self.planes, strict=False):
            np.multiply(window[..., band], alpha, out=plane)
        np.multiply(alpha, 255, out=planes[-1])
        return planes


def _divide(planes):
    """Filtered premultiplied planes as levels of 0 to 255, in place; colour 0 where alpha rounds to 0."""
    alpha = planes[-1]
    alpha *= np.float32(1 / 255)
    inverse = np.zeros_like(alpha)
    np.divide(1, alpha, out=inverse, where=alpha > 0.5)
    planes[:-1] *= inverse
    return planes


def _store(values, target):
    """Rounds once, half to even, cut to the range of the dtype."""
    if target.dtype.kind == "f":
        target[...] = values
        return
    limits = np.iinfo(target.dtype)
    rounded = np.rint(values)
    np.copyto(target, np.clip(rounded, limits.min, limits.max, out=rounded), casting="unsafe")


def _store_planes(values, target, bands):
    for plane, band in zip(values, bands, strict=True):
        _store(plane, target[..., band])
    if len(bands) == 2:  # LA lies in memory as L L L A
        target[..., 1] = target[..., 2] = target[..., 0]


def _pair(name, value):
    """(x, y) of a number or of two."""
    both = value if isinstance(value, tuple | list) else (value, value)
    if len(both) != 2 or not all(isinstance(number, int | float | np.number) for number in both):
        raise TypeError(f"{name}: is {value!r}, must be a number or two, for x and y")
    return float(both[0]), float(both[1])


def _checked(name, value):
    both = _pair(name, value)
    if not all(math.isfinite(number) and number >= 0 for number in both):
        raise ValueError(f"{name}: is {value!r}, must be finite and >= 0")
    return both


def _check_like(like):
    if like not in (None, "pillow"):
        raise ValueError(f'like: is {like!r}, must be None or "pillow"')
    return like


def _check_pillow_mode(core, accepted):
    if not accepted:
        raise ValueError(f'mode: {core.mode} is not one that Pillow filters, leave out like="pillow" or convert it')


def _plan_arguments(sigma, tolerance, axes):
    return {"sigma": (sigma[1], sigma[0]), "axes": axes, "border": "nearest", "tolerance": tolerance}


def _blurred_strips(picture, sigma, box):
    """Blurred but not rounded, some rows at a time: (rows, levels as planes or as pixels) of the box."""
    left, upper, right, lower = box
    width = right - left
    bands = picture.planes
    if bands:
        shape, dtype, lead = (len(bands), *picture.pixels.shape[:2]), np.uint16, (0,)
        plan = _core.plan(shape, dtype, out_dtype=np.float32, **_plan_arguments(sigma, _PREMULTIPLIED, (1, 2)))
    else:
        shape, lead = picture.pixels.shape, ()
        plan = _core.plan(
            shape, picture.pixels.dtype, out_dtype=picture.exact_dtype,
            **_plan_arguments(sigma, picture.tolerance, (0, 1)),
        )  # fmt: skip
    step = max(_STRIP_SAMPLES // max(1, width), 4 * plan.halo[len(lead)], 1)
    tail = () if bands else shape[2:]
    for y in range(upper, lower, step):
        rows = min(step, lower - y)
        extents = (*shape[: len(lead)], rows, width, *tail)
        origin = (*lead, y, left, *(0 for _ in tail))
        result = np.empty(extents, np.float32 if bands else picture.exact_dtype)
        if not bands:
            plan.run_region(picture.pixels, (0,) * len(shape), result, origin)
            yield slice(y - upper, y - upper + rows), result
            continue
        (_, y0, x0), (_, high, wide) = plan.source_window(origin, extents)
        plan.run_region(picture.premultiplied(y0, x0, high, wide), (0, y0, x0), result, origin)
        yield slice(y - upper, y - upper + rows), _divide(result)


def _blur(picture, sigma, box, target):
    """The true Gaussian of a box of the picture, rounded into `target`."""
    if picture.planes:
        for rows, levels in _blurred_strips(picture, sigma, box):
            _store_planes(levels, target[rows], picture.planes)
        return
    arguments = _plan_arguments(sigma, picture.tolerance, (0, 1))
    if target.shape == picture.pixels.shape:
        _core.gaussian(picture.pixels, out=target, **arguments)
        return
    plan = _core.plan(picture.pixels.shape, picture.pixels.dtype, **arguments)
    zeros = (0,) * picture.pixels.ndim
    plan.run_region(picture.pixels, zeros, target, (box[1], box[0], *zeros[2:]))


def _whole(picture):
    return (0, 0, *picture.core.size)


def _caller(core):
    """The image whose ``filter`` is running: Pillow hands over pixels alone, a palette's transparency lies beside."""
    image = sys._getframe(2).f_locals.get("self")
    return image if isinstance(image, Image.Image) and image.im is core else None


class _OnPixels:
    """Image.filter for the filters below: their `_run` fills an image of the working mode."""

    like: _Like = None
    _run: Callable[[_Picture, NDArray[Any]], None]

    def filter(self, image: ImagingCore) -> ImagingCore:
        if self.like == "pillow":
            return self._as_pillow(image)
        if self._is_nothing():
            return image.copy()
        picture = _Picture(memory.working(image, memory.transparency_of(_caller(image))))
        result = memory.new(picture.core.mode, image.size)
        target = memory.pixels(result)
        if target.size:
            self._run(picture, target)
        return result.convert("HSV", 0) if image.mode == "HSV" else result

    def _is_nothing(self):
        return False

    def _as_pillow(self, core):
        self._check_pillow(core)
        result = memory.new(core.mode, core.size)
        target = memory.pixels(result)
        if target.size:
            target[...] = self._pillow_numbers(memory.pixels(core))
        return result

    def _check_pillow(self, core):
        _check_pillow_mode(core, core.mode in _PILLOW_BLURS)


class GaussianBlur(_OnPixels, ImageFilter.GaussianBlur):
    """The true Gaussian, for ``Image.filter``.

    Parameters
    ----------
    radius : float or (float, float)
        Sigma in pixels, >= 0, one number or (x, y).
    like : str, optional
        "pillow": Pillow's own numbers, three extended boxes an axis, each rounded to 8 bits.

    Raises
    ------
    ValueError
        A radius that is negative or not finite (``like="pillow"`` squares it, as Pillow does); with ``like="pillow"``
        a mode that Pillow refuses.
    TypeError
        A radius that is neither a number nor two.

    Notes
    -----
    The image given is never changed; modes and their results: see the module. Ideal Gaussian: error below 1/8 of a
    level of 8 or 16 bits before the rounding, 1e-5 of the largest magnitude for F.

    Examples
    --------
    >>> from PIL import Image
    >>> from gaussfilt import pillow
    >>> image = Image.new("L", (9, 9))
    >>> image.putpixel((4, 4), 255)
    >>> image.filter(pillow.GaussianBlur(1)).getpixel((4, 4))
    41
    >>> image.filter(pillow.GaussianBlur(1, like="pillow")).getpixel((4, 4))
    42
    """

    def __init__(self, radius: _Radius = 2, *, like: _Like = None) -> None:
        super().__init__(radius)
        self.like = _check_like(like)

    def _is_nothing(self):
        return _checked("radius", self.radius) == (0, 0)

    def _run(self, picture, target):
        _blur(picture, _checked("radius", self.radius), _whole(picture), target)

    def _as_pillow(self, core):
        if _pair("radius", self.radius) == (0, 0):
            return core.copy()
        return super()._as_pillow(core)

    def _pillow_numbers(self, pixels):
        x, y = _pair("radius", self.radius)
        if not (math.isfinite(x) and math.isfinite(y)):
            raise ValueError(f"radius: is {self.radius!r}, must be finite")
        if max(abs(x), abs(y)) > 1e12 or max(numbers.gaussian_box(x), numbers.gaussian_box(y)) >= 2**31:
            raise ValueError(f"radius: is {self.radius!r}, too large")
        return numbers.gaussian_blur(pixels, x, y)


class BoxBlur(_OnPixels, ImageFilter.BoxBlur):
    """The mean over a square of side ``2 * radius + 1``, for ``Image.filter``; the outermost pixels count in part.

    Parameters
    ----------
    radius : float or (float, float)
        How far the square reaches, >= 0, one number or (x, y); up to about a million without `like`.
    like : str, optional
        "pillow": Pillow's own numbers, in fixed point and rounded after each axis.

    Raises
    ------
    ValueError
        A radius that is negative or too large; with ``like="pillow"`` a mode that Pillow refuses.

    Notes
    -----
    Rounded once, half to even. Modes and their results: see the module.

    Examples
    --------
    >>> from PIL import Image
    >>> from gaussfilt import pillow
    >>> image = Image.new("L", (9, 9))
    >>> image.putpixel((4, 4), 250)
    >>> image.filter(pillow.BoxBlur(2)).getpixel((4, 4))
    10
    """

    def __init__(self, radius: _Radius, *, like: _Like = None) -> None:
        super().__init__(radius)
        self.like = _check_like(like)

    def _is_nothing(self):
        return _checked("radius", self.radius) == (0, 0)

    def _run(self, picture, target):
        x, y = (self._taps(radius) for radius in _checked("radius", self.radius))
        if not picture.planes:
            _core.separable(picture.pixels, [y, x], axes=(0, 1), border="nearest", out=target)
            return
        planes = picture.premultiplied(0, 0, *target.shape[:2])
        planes = _core.separable(planes, [y, x], axes=(1, 2), border="nearest", dtype=np.float32)
        _store_planes(_divide(planes), target, picture.planes)

    @staticmethod
    def _taps(radius):
        if 2 * radius > _MOST_BOX_TAPS:
            raise ValueError(f'radius: is {radius}, must be <= {_MOST_BOX_TAPS // 2}, or use like="pillow"')
        whole = int(radius)
        inner = 1 / (2 * radius + 1)
        outer = [] if radius == whole else [(radius - whole) * inner]
        return outer + [inner] * (2 * whole + 1) + outer

    def _as_pillow(self, core):
        if _pair("radius", self.radius) == (0, 0):
            return core.copy()
        return super()._as_pillow(core)

    def _pillow_numbers(self, pixels):
        both = _checked("radius", self.radius)
        if max(both) >= 2**31:
            raise ValueError(f"radius: is {self.radius!r}, must be < 2**31")
        return numbers.box_blur(pixels, *both)


class UnsharpMask(_OnPixels, ImageFilter.UnsharpMask):
    """Sharpening by the difference from the true Gaussian, for ``Image.filter``.

    Parameters
    ----------
    radius : float or (float, float)
        Sigma in pixels, >= 0, one number or (x, y).
    percent : float
        How much of the difference is added.
    threshold : float
        Differences up to this, in the image's own numbers, are left alone.
    like : str, optional
        "pillow": Pillow's own numbers, from its rounded blur, in integers.

    Raises
    ------
    ValueError
        A radius that is negative or not finite; with ``like="pillow"`` a mode that Pillow refuses.

    Notes
    -----
    The difference is taken from the blur before it is rounded. Straight alpha (LA, RGBA) is kept, and its colours are
    compared with the blur premultiplied by alpha. Modes and their results: see the module.

    Examples
    --------
    >>> from PIL import Image
    >>> from gaussfilt import pillow
    >>> image = Image.new("L", (9, 9), 100)
    >>> image.putpixel((4, 4), 120)
    >>> image.filter(pillow.UnsharpMask(1)).getpixel((4, 4))
    145
    """

    def __init__(
        self, radius: _Radius = 2, percent: float = 150, threshold: float = 3, *, like: _Like = None
    ) -> None:
        # Pillow's annotations know one radius and whole percents.
        super().__init__(cast("float", radius), cast("int", percent), cast("int", threshold))
        self.like = _check_like(like)

    def _run(self, picture, target):
        sigma = _checked("radius", self.radius)
        for rows, levels in _blurred_strips(picture, sigma, _whole(picture)):
            window, out = picture.pixels[rows], target[rows]
            if not picture.planes:
                _store(self._sharp(window.astype(levels.dtype), levels), out)
                continue
            out[...] = window
            for plane, band in zip(levels[:-1], picture.planes, strict=False):
                _store(self._sharp(window[..., band].astype(np.float32), plane), out[..., band])
            if len(picture.planes) == 2:
                out[..., 1] = out[..., 2] = out[..., 0]

    def _sharp(self, values, blurred):
        np.subtract(values, blurred, out=blurred)
        blurred[np.abs(blurred) <= self.threshold] = 0
        blurred *= self.percent / 100
        blurred += values
        return blurred

    def _pillow_numbers(self, pixels):
        if isinstance(self.radius, tuple | list):
            raise TypeError(f"radius: is {self.radius!r}, must be one number as Pillow's is")
        return numbers.unsharp_mask(pixels, self.radius, int(self.percent), int(self.threshold))


class Kernel(_OnPixels, ImageFilter.Kernel):
    """Weights of your own, for ``Image.filter``.

    Parameters
    ----------
    size : (int, int)
        Width and height, odd; (3, 3) or (5, 5) with ``like="pillow"``.
    kernel : sequence of float
        The weights, row by row from the top: ``sum(kernel[j, i] * image[y + j - height // 2, x + i - width // 2])``.
    scale : float, optional
        The sum is divided by it; the sum of the weights by default.
    offset : float
        Added after that.
    like : str, optional
        "pillow": Pillow's own numbers. It reads the rows of the kernel from the bottom, copies the pixels at the border
        from the image and computes in float32; I becomes >= 0, and F, P are refused.

    Raises
    ------
    ValueError
        A size that is even or does not fit the weights, a scale of 0; with ``like="pillow"`` what Pillow refuses.

    Notes
    -----
    Rounded once, half to even; the edge pixel repeated; 32-bit integers in float64. Straight alpha: a mean (`scale` is
    the sum of the weights, `offset` 0) filters premultiplied colours and alpha; any other kernel keeps alpha and
    divides by it. Cost: one pass of NumPy per weight.

    Examples
    --------
    >>> from PIL import Image
    >>> from gaussfilt import pillow
    >>> image = Image.new("L", (4, 4))
    >>> image.putpixel((1, 1), 90)
    >>> edges = pillow.Kernel((3, 3), [0, -1, 0, 0, 1, 0, 0, 0, 0], scale=1)  # a pixel less the one above
    >>> [image.filter(edges).getpixel((1, y)) for y in range(4)]
    [0, 90, 0, 0]
    """

    def __init__(
        self,
        size: tuple[int, int],
        kernel: Sequence[float],
        scale: float | None = None,
        offset: float = 0,
        *,
        like: _Like = None,
    ) -> None:
        super().__init__(size, kernel, scale, offset)
        self.like = _check_like(like)

    def _run(self, picture, target):
        size, scale, offset, weights = self.filterargs
        if len(size) != 2 or any(side < 1 or side % 2 == 0 for side in size):
            raise ValueError(f"size: is {size}, must be two odd numbers, for width and height")
        if scale == 0:
            raise ValueError("scale: is 0, must be another number; give it where the weights add up to 0")
        weights = np.array(weights, float).reshape(size[1], size[0]) / scale
        if not picture.planes:
            values = picture.pixels.astype(picture.exact_dtype)
            _store(self._correlate(values, weights, (0, 1)) + picture.exact_dtype(offset), target)
            return
        planes = picture.premultiplied(0, 0, *target.shape[:2]).astype(np.float32)
        is_mean = offset == 0 and abs(weights.sum() - 1) < 1e-9
        sums = self._correlate(planes, weights, (1, 2))
        if not is_mean:
            sums[-1] = planes[-1]
        levels = _divide(sums)
        levels[:-1] += np.float32(offset)
        levels[:-1] *= levels[-1] > 0.5
        _store_planes(levels, target, picture.planes)

    @staticmethod
    def _correlate(values, weights, axes):
        height, width = weights.shape
        reach = [(0, 0)] * values.ndim
        reach[axes[0]], reach[axes[1]] = (height // 2, height // 2), (width // 2, width // 2)
        padded = np.pad(values, reach, mode="edge")
        total = np.zeros(values.shape, values.dtype)
        lead = (slice(None),) * axes[0]
        for (j, i), weight in np.ndenumerate(weights):
            if weight != 0:
                window = (slice(j, j + values.shape[axes[0]]), slice(i, i + values.shape[axes[1]]))
                total += padded[(*lead, *window)] * values.dtype.type(weight)
        return total

    def _check_pillow(self, core):
        size, scale, _, _ = self.filterargs
        if tuple(size) not in ((3, 3), (5, 5)):
            raise ValueError(f"size: is {size}, must be (3, 3) or (5, 5) as Pillow's")
        if scale == 0:
            raise ValueError("scale: is 0, must be another number; give it where the weights add up to 0")
        _check_pillow_mode(core, core.mode not in ("F", "P"))

    def _pillow_numbers(self, pixels):
        size, scale, offset, weights = self.filterargs
        return numbers.kernel(pixels, size, weights, scale, offset)


class _Regions(ImageFilter.MultibandFilter):
    """Boxes of the image blurred, the rest as it is."""

    def __init__(self, boxes, sigma):
        self.boxes, self.sigma = boxes, sigma

    def filter(self, core):
        picture = _Picture(memory.working(core, memory.transparency_of(_caller(core))))
        result = memory.in_one_block(picture.core)
        target = memory.pixels(result)
        back = memory.in_one_block(core) if core.mode == "HSV" else None
        width, height = core.size
        for left, upper, right, lower in self.boxes:
            box = (max(0, left), max(0, upper), min(width, right), min(height, lower))
            if box[0] >= box[2] or box[1] >= box[3] or self.sigma == (0, 0):
                continue
            _blur(picture, self.sigma, box, target[box[1] : box[3], box[0] : box[2]])
            if back is not None:
                back.paste(result.crop(box).convert("HSV", 0), box)
        return result if back is None else back


def _boxes_of(box):
    boxes = [box] if len(box) == 4 and all(isinstance(edge, int | np.integer) for edge in box) else list(box)
    for one in boxes:
        if len(one) != 4 or one[0] > one[2] or one[1] > one[3]:
            raise ValueError(f"box: is {one!r}, must be (left, upper, right, lower) in pixels, or a list of such")
    return [tuple(int(edge) for edge in one) for one in boxes]


def blur_region(
    img: Image.Image, box: Sequence[int] | Sequence[Sequence[int]], radius: _Radius = 2
) -> Image.Image:
    """A copy of an image, blurred inside a box: what blurring all of it and pasting the box gives, but for its cost.

    Parameters
    ----------
    img : PIL.Image.Image
        Any mode; never changed.
    box : (int, int, int, int), or a sequence of such
        left, upper, right, lower in pixels, as for ``Image.crop``; what lies outside the image is left out.
    radius : float or (float, float)
        Sigma in pixels, >= 0, one number or (x, y).

    Returns
    -------
    PIL.Image.Image
        Of the mode that :class:`GaussianBlur` gives.

    Raises
    ------
    ValueError
        A box whose edges are in the wrong order, a radius that is negative or not finite.

    Notes
    -----
    The blur reads pixels around the box, so there is no seam. A blur hides nothing for certain: to make something
    unreadable, paint over it.

    Examples
    --------
    >>> from PIL import Image
    >>> from gaussfilt import pillow
    >>> image = Image.radial_gradient("L")
    >>> part = pillow.blur_region(image, (100, 100, 150, 150), radius=5)
    >>> part.crop((100, 100, 150, 150)) == image.filter(pillow.GaussianBlur(5)).crop((100, 100, 150, 150))
    True
    """
    return img.filter(_Regions(_boxes_of(box), _checked("radius", radius)))
