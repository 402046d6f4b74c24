"""The pictures and the cases that rivals.py times."""

import dataclasses
from collections.abc import Callable

import numpy as np
import rivals_libraries as libraries
from rivals_libraries import Job

SWEEP_SIGMAS = (0.8, 2.0, 5.0, 20.0)
FRONT_TOLERANCES = (1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7)
EIGHTH = "gaussfilt, ideal, 1/8 level"


@dataclasses.dataclass(frozen=True)
class Goal:
    """`ours` is to be `factor` times as fast as `rival` on one thread, and with `same_bits` to agree bit for bit."""

    ours: str
    rival: str
    factor: float
    same_bits: bool = False


@dataclasses.dataclass(frozen=True)
class Case:
    """`group`: cases of one sweep share it. `unit`: of its errors. `makers`: functions of a Job, see libraries."""

    group: str
    title: str
    job: Callable[[], Job]
    makers: tuple
    ours: str
    unit: str = "of the range"
    goals: tuple[Goal, ...] = ()
    all_threads: bool = True
    front: bool = False  # error against time: the norm of the error is measured, and slow calls are timed once

    def contenders(self, job):
        return [contender for maker in self.makers for contender in maker(job)]


@dataclasses.dataclass(frozen=True)
class Sizes:
    """Sides of the pictures."""

    square: int = 4096
    sweep: int = 4096
    photo: tuple[int, int] = (1600, 2560)
    volume: int = 256
    small: int = 512
    front: tuple[int, ...] = (4, 8, 20, 60)


QUICK = Sizes(square=2048, sweep=1024, volume=128, front=(8,))
DRY = Sizes(square=96, sweep=96, photo=(80, 128), volume=40, small=64, front=(4,))


def noise(shape, dtype):
    """Noise on a ramp, 0 to 1; as grey levels for integers."""
    image = np.random.default_rng(1).random(shape, np.float32).astype(np.float64)
    image *= 0.7
    image += 0.3 * np.linspace(0, 1, shape[1]).reshape((1, -1) + (1,) * (len(shape) - 2))
    return np.rint(255 * image).astype(dtype) if np.dtype(dtype).kind == "u" else image.astype(dtype)


def photo(height, width):
    """Colours with detail at every scale, as a photograph has: noise of all octaves, some edges, a little grain."""
    rng = np.random.default_rng(2)
    picture = np.zeros((height, width, 3), np.float32)
    side, weight = 2, 1.0
    while side < max(height, width):
        coarse = rng.random((side, side, 3), np.float32) - 0.5
        rows, columns = np.arange(height) * side // height, np.arange(width) * side // width
        picture += weight * coarse[rows[:, None], columns]
        side, weight = 2 * side, 0.6 * weight
    picture += 0.02 * rng.standard_normal(picture.shape, np.float32)
    low, high = picture.min(), picture.max()
    return np.rint((picture - low) * (255 / (high - low))).astype(np.uint8)


def _plane(dtype, side, sigma):
    return lambda: Job(noise((side, side), dtype), sigma, (0, 1))


def _levels(dtype, side, channels, sigma):
    image = noise((side, side) if channels == 1 else (side, side, channels), dtype)
    return Job(image * dtype(257) if dtype is np.uint16 else image, float(sigma), (0, 1))


def _within_eighth_16(job):
    return libraries.ours_ideal(job, (libraries.EIGHTH_LEVEL_16,))


def _within(tolerance):
    return lambda job: libraries.ours_ideal(job, (tolerance,))


def _large(sizes):
    """Large Gaussians."""
    side, deep, (height, width), lib = sizes.square, sizes.volume, sizes.photo, libraries
    f32, f64 = "gaussfilt, ideal, 0.0001", "gaussfilt, ideal, 1e-10"
    return [
        Case(
            "goals", f"u16, {side} x {side}, sigma 20", lambda: _levels(np.uint16, side, 1, 20),
            (_within_eighth_16, _opencv_both), EIGHTH, "grey levels", goals=(Goal(EIGHTH, "OpenCV, 3 sigma", 45),),
        ),
        Case(
            "goals", f"f64, {side} x {side}, sigma 20", _plane(np.float64, side, 20.0), (_within(1e-10), lib.scipy),
            f64, goals=(Goal(f64, "SciPy", 30),),
        ),
        Case(
            "goals", f"f32, {side} x {side}, sigma 20", _plane(np.float32, side, 20.0), (lib.ours_ideal, lib.scipy),
            f32, goals=(Goal(f32, "SciPy", 180),),
        ),
        Case(
            "goals", f"f32, {deep} x {deep} x {deep}, sigma 10",
            lambda: Job(noise((deep,) * 3, np.float32), 10.0, (0, 1, 2)), (_within(1e-4), lib.scipy),
            f32, goals=(Goal(f32, "SciPy", 100),),
        ),
        Case(
            "goals", f"GaussianBlur, RGB photo, {width} x {height}, radius 10",
            lambda: Job(photo(height, width), 10.0, (0, 1), "nearest"),
            (lib.pillow, _within_eighth), EIGHTH, "grey levels", goals=(Goal(EIGHTH, "Pillow", 30),),
        ),
    ]  # fmt: skip


def _goals(sizes):
    """The cases with a goal."""
    side, small, (height, width) = sizes.square, sizes.small, sizes.photo
    lib, levels = libraries, "grey levels"
    ndimage = (lib.ours_as_scipy, lib.scipy)
    return [
        Case(
            "goals", f"gaussian_filter, f64, {small} x {small}, sigma 2", _plane(np.float64, small, 2.0),
            (*ndimage, lib.ours, lib.ours_cut, lib.opencv), "gaussfilt.ndimage",
            goals=(
                Goal("gaussfilt.ndimage", "SciPy", 10, same_bits=True), Goal("gaussfilt, 4 sigma, 1e-12", "SciPy", 15),
            ),
        ),
        Case(
            "goals", f"gaussian_filter, f32, {side} x {side}, sigma 2", _plane(np.float32, side, 2.0),
            (*ndimage, lib.ours, lib.opencv), "gaussfilt.ndimage", goals=(Goal("gaussfilt.ndimage", "SciPy", 20),),
        ),
        Case(
            "goals", f"skimage.filters.gaussian, u8 RGB photo, {width} x {height}, sigma 2",
            lambda: Job(photo(height, width), 2.0, (0, 1), "nearest", 1 / 255), (lib.skimage,), "gaussfilt.skimage",
            goals=(
                Goal("gaussfilt.skimage", "scikit-image", 25),
                Goal("gaussfilt.skimage, new array", "scikit-image, new array", 15),
            ),
        ),
        Case(
            "goals", f"GaussianBlur, RGB photo, {width} x {height}, radius 2",
            lambda: Job(photo(height, width), 2.0, (0, 1), "nearest"),
            (lib.ours_as_pillow, lib.pillow, lib.ours, _within_eighth, lib.opencv, lib.pyvips), "gaussfilt.pillow",
            levels, goals=(Goal("gaussfilt.pillow", "Pillow", 10), Goal(EIGHTH, "Pillow", 25)),
        ),
        Case(
            "goals", f"GaussianBlur, RGB photo, {width} x {height}, radius 1",
            lambda: Job(photo(height, width), 1.0, (0, 1), "nearest"),
            (lib.pillow, _within_eighth), EIGHTH, levels, goals=(Goal(EIGHTH, "Pillow", 25),),
        ),
        *(
            Case(
                "goals", f"u8{' RGB' * (channels > 1)}, {side} x {side}, sigma {sigma}",
                lambda channels=channels, sigma=sigma: _levels(np.uint8, side, channels, sigma),
                (_within_eighth, _opencv_both), EIGHTH, levels, goals=(Goal(EIGHTH, "OpenCV, 3 sigma", factor),),
            )
            for channels in (1, 3) for sigma, factor in ((1, 2), (2, 3), (5, 5), (20, 40))
        ),
        Case(
            "goals", f"u16, {side} x {side}, sigma 2", lambda: _levels(np.uint16, side, 1, 2),
            (_within_eighth_16, _opencv_both), EIGHTH, levels, goals=(Goal(EIGHTH, "OpenCV, 3 sigma", 3),),
        ),
        *_large(sizes),
        Case(
            "goals", "one call, f32, 64 x 64, sigma 1", _plane(np.float32, 64, 1.0), (lib.small_calls,),
            "gaussfilt.cv2", all_threads=False,
            goals=tuple(
                Goal(ours, "OpenCV, 4 sigma", 1) for ours in ("gaussfilt.gaussian", "gaussfilt, plan", "gaussfilt.cv2")
            ),
        ),
    ]  # fmt: skip


def _volume(sizes):
    side, lib = sizes.volume, libraries
    job = lambda: Job(noise((side,) * 3, np.float32), 2.0, (0, 1, 2))  # noqa: E731
    makers = (lib.ours, lib.ours_ideal, lib.scipy, lib.diplib, lib.simpleitk)
    return [Case("volume", f"f32, {side} x {side} x {side}, sigma 2", job, makers, "gaussfilt, 4 sigma",
                 goals=(Goal("gaussfilt, 4 sigma", "SciPy", 20),))]  # fmt: skip


def _diplib_all(job):
    return libraries.diplib(job, ("FIR", "IIR", "FT"))


def _opencv_both(job):
    return libraries.opencv(job, (3, 4))


def _within_eighth(job):
    return libraries.ours_ideal(job, (libraries.EIGHTH_LEVEL,))


def _sweep(sizes, sigmas):
    side, lib = sizes.sweep, libraries
    makers = {
        "f32": (lib.ours, lib.ours_ideal, lib.opencv, lib.scipy, _diplib_all, lib.simpleitk, lib.pyvips),
        "f64": (lib.ours, lib.opencv, lib.scipy),
        "u8": (lib.ours, _within_eighth, _opencv_both, lib.scipy, lib.pillow, lib.pyvips),
    }
    dtypes = {"f32": np.float32, "f64": np.float64, "u8": np.uint8}
    return [
        Case(
            f"{kind}, {side} x {side}", f"{kind}, {side} x {side}, sigma {sigma:g}", _plane(dtypes[kind], side, sigma),
            makers[kind], "gaussfilt, 4 sigma", "grey levels" if kind == "u8" else "of the range",
        )
        for kind in makers for sigma in sigmas
    ]  # fmt: skip


def _front(sizes):
    """Every setting of every library, from fast to exact; Pillow is missing, as it blurs no f32."""
    side, lib = sizes.sweep, libraries
    cuts = (2, 3, 4, 5, 6)
    vips = [("float", least) for least in (0.2, 0.01, 0.001)]
    vips += [("integer", 0.2), ("integer", 0.01), ("approximate", 0.01)]
    makers = (
        lambda job: lib.ours_ideal(job, FRONT_TOLERANCES), lambda job: lib.ours(job, cuts),
        lambda job: lib.opencv(job, cuts), lambda job: lib.scipy(job, cuts),
        lambda job: lib.diplib(job, ("FIR", "FT"), cuts), lib.diplib_recursive, lib.simpleitk, lib.simpleitk_discrete,
        lambda job: lib.pyvips(job, vips), lib.halide,
    )  # fmt: skip
    return [
        Case(
            f"error against time, f32, {side} x {side}", f"error against time, f32, {side} x {side}, sigma {sigma}",
            lambda sigma=sigma: _plane(np.float32, side, float(sigma))().sharing(), makers, "gaussfilt, ideal, 0.0001",
            all_threads=False, front=True,
        )
        for sigma in sizes.front
    ]  # fmt: skip


def cases(sizes, sigmas=SWEEP_SIGMAS):
    return _goals(sizes) + _volume(sizes) + _sweep(sizes, sigmas) + _front(sizes)
