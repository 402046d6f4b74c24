"""What the tests of this folder share: the program as a user runs it, the Gaussian of SciPy in f64, and how close is
close enough. Nothing here knows how gaussfilt works."""
import os
import subprocess
from pathlib import Path

import numpy as np
from scipy import ndimage

PROGRAM = os.environ.get("GAUSSFILT_PROGRAM", "")
SIGMA = 1.7
UNCUT = 40.0  # SciPy's truncate: what lies beyond is less than the last bit of f64
LEVELS = {np.dtype(np.uint8): 255, np.dtype(np.uint16): 65535}
CLOSE = {np.dtype(np.uint8): 1.0, np.dtype(np.uint16): 2.0}  # in levels; floats: 1e-5 of the largest magnitude


def run(*words, limits=None, timeout=60, folder=None) -> subprocess.CompletedProcess:
    """The program, with a small, fixed environment."""
    if not PROGRAM:
        raise RuntimeError("set GAUSSFILT_PROGRAM to the built program: GAUSSFILT_PROGRAM=build/release/cli/gaussfilt")
    kept = {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS") or name == "HOME"}
    return subprocess.run([Path(PROGRAM).resolve(), *map(str, words)], capture_output=True, text=True, timeout=timeout,
                          cwd=folder, preexec_fn=limits, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", **kept})


def blur(source, target, *options, sigma=SIGMA) -> str:
    """Blurs a file; what the program said."""
    before = sorted(Path(target).parent.iterdir())
    done = run("blur", source, target, "--sigma", sigma, *options)
    assert done.returncode == 0, done.stderr
    assert sorted(Path(target).parent.iterdir()) == sorted({*before, Path(target)}), "something was left over"
    return done.stdout + done.stderr


def refused(source, target, *options, code=1) -> str:
    """What the program said when it refused: one line, and nothing was written. Code 2: the command line is wrong."""
    before = sorted(Path(target).parent.iterdir())
    done = run("blur", source, target, *options)
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    assert done.stderr.startswith("gaussfilt") and done.stderr.count("\n") == 1, done.stderr
    assert sorted(Path(target).parent.iterdir()) == before
    return done.stderr


def gaussian(levels: np.ndarray, sigma=SIGMA, mode="reflect") -> np.ndarray:
    """SciPy's, in f64 and not cut, of height x width or height x width x bands."""
    sigmas = (sigma, sigma) if np.isscalar(sigma) else tuple(reversed(sigma))
    return ndimage.gaussian_filter(np.asarray(levels, np.float64), sigmas, mode=mode, truncate=UNCUT, axes=(0, 1))


def bands(levels: np.ndarray) -> np.ndarray:
    return levels[..., None] if levels.ndim == 2 else levels


def weighted(levels: np.ndarray, full: float, filtered=gaussian) -> np.ndarray:
    """Colours weighted by the alpha that stands last, filtered, divided by it. Transparent pixels are 0."""
    levels = np.asarray(levels, np.float64)
    alpha = filtered(levels[..., -1:])
    colours = filtered(levels[..., :-1] * levels[..., -1:] / full)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.concatenate([np.where(alpha > 0, colours * full / alpha, 0), alpha], axis=-1)


def assert_close(result: np.ndarray, expected: np.ndarray, alpha=False, close=None) -> float:
    """Within the bound of the result's depth; with alpha, colours times the result's alpha. The largest difference."""
    result, expected = bands(np.asarray(result)), bands(np.asarray(expected))
    assert result.shape == expected.shape, (result.shape, expected.shape)
    floating = result.dtype.kind == "f"
    full = LEVELS.get(result.dtype, 1.0)
    if close is None:
        close = 1e-5 * max(1e-30, np.abs(expected).max()) if floating else CLOSE[result.dtype]
    levels = result.astype(np.float64)
    difference = np.abs(levels - expected)
    if alpha:
        assert (levels[..., :-1][levels[..., -1] == 0] == 0).all(), "a transparent pixel has a colour"
        difference[..., :-1] *= levels[..., -1:] / full
    at = np.unravel_index(np.argmax(difference), difference.shape)
    assert difference[at] <= close, f"{difference[at]:.4g} off at (y, x, band) {tuple(map(int, at))}: " \
                                    f"{levels[at]:g} for {expected[at]:g}, allowed {close:g}"
    return float(difference[at])


def noise(height, width, count, dtype=np.uint8, seed=1) -> np.ndarray:
    """Levels without any pattern over the whole range; height x width x count, or height x width where count is 1."""
    shape = (height, width) if count == 1 else (height, width, count)
    draw = np.random.default_rng(seed)
    if np.dtype(dtype).kind == "f":
        return draw.standard_normal(shape).astype(dtype)
    return draw.integers(0, np.iinfo(dtype).max + 1, shape, dtype)


def smooth(height, width, count, seed=1, sigma=3.0) -> np.ndarray:
    """A soft u8 pattern that spans the range: what lossy formats keep well."""
    field = gaussian(np.random.default_rng(seed).standard_normal((height, width, count)), sigma)
    low, high = field.min(axis=(0, 1)), field.max(axis=(0, 1))
    levels = np.rint(255 * (field - low) / (high - low)).astype(np.uint8)
    return levels[..., 0] if count == 1 else levels


def with_alpha(levels: np.ndarray, seed=2) -> np.ndarray:
    """One more band: an alpha with all levels, with a transparent and an opaque block; colours stay under both."""
    levels = bands(levels)
    alpha = bands(noise(*levels.shape[:2], 1, levels.dtype, seed))
    full = LEVELS[levels.dtype]
    alpha[: levels.shape[0] // 2, : levels.shape[1] // 2] = 0
    alpha[levels.shape[0] // 2:, levels.shape[1] // 2:] = full
    return np.concatenate([levels, alpha], axis=-1)
