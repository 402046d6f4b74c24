"""Their call beside ours: SciPy, scikit-image, Pillow, OpenCV. Every line of docs/migration.md's code is from here.

    python3 examples/migration.py

Needs the four libraries; each part asserts what the page says about it.
"""

import gaussfilt
import numpy as np

rng = np.random.default_rng(0)
a = rng.random((60, 80))  # float64, 0 to 1
photo = rng.integers(0, 256, (60, 80, 3), np.uint8)
grey = photo[..., 0]


def largest(difference):
    return float(np.abs(np.asarray(difference, np.float64)).max())


def from_scipy():
    from gaussfilt import ndimage as after
    from scipy import ndimage as before

    assert np.array_equal(after.gaussian_filter(a, 2), before.gaussian_filter(a, 2))  # bit for bit
    assert np.array_equal(after.gaussian_filter(grey, 2), before.gaussian_filter(grey, 2))
    fast = after.gaussian_filter(a, 2, threads=4, tolerance=1e-3)  # two keywords more
    assert largest(fast - before.gaussian_filter(a, 2)) <= 1e-3

    for name in ("gaussian_laplace", "gaussian_gradient_magnitude", "uniform_filter"):
        assert np.array_equal(getattr(after, name)(a, 3), getattr(before, name)(a, 3)), name
    for name in ("sobel", "prewitt", "laplace"):
        assert np.array_equal(getattr(after, name)(a), getattr(before, name)(a)), name
    for name in ("correlate1d", "convolve1d"):
        assert np.array_equal(getattr(after, name)(a, [1, 2, 4]), getattr(before, name)(a, [1, 2, 4])), name
    spectrum = np.fft.fft2(a)
    assert np.array_equal(after.fourier_gaussian(spectrum, 2), before.fourier_gaussian(spectrum, 2))
    single = a.astype(np.float32)
    assert largest(after.gaussian_filter(single, 2) - before.gaussian_filter(single, 2)) <= 4 * 1.2e-7
    assert largest(after.gaussian_filter(single, 9) - before.gaussian_filter(single, 9)) <= 32 * 1.2e-7


def kept_from_scipy():
    """What the native call does otherwise."""
    from gaussfilt import ndimage as after

    exact = gaussfilt.gaussian(grey, 2, dtype="f8")
    assert 0.8 < (exact - after.gaussian_filter(grey, 2)).mean() < 1.2  # cut off after each of two axes
    assert largest(exact - gaussfilt.gaussian(grey, 2)) <= 0.5 + 1e-6  # rounded once

    assert np.array_equal(after.gaussian_filter(a, 0, order=1), a)  # sigma 0: the axis is left as it is
    ones = np.ones((40, 40))
    outside = dict(order=(1, 0), cval=1)
    assert largest(after.gaussian_filter(ones, 2, mode="constant", **outside)) > 0.1
    assert largest(gaussfilt.gaussian(ones, 2, border="constant", **outside)) < 1e-12

    spike = np.zeros((9, 9))
    spike[4, 4] = 1
    along_rows = after.gaussian_gradient_magnitude(spike, 1, axes=(1,))
    assert along_rows[3].any()  # the other axis is smoothed all the same
    masked = np.ma.masked_greater(a, 0.5)
    assert np.array_equal(after.gaussian_filter(masked, 2), after.gaussian_filter(a, 2))  # the mask is ignored
    try:
        gaussfilt.gaussian(masked, 2)
    except TypeError:
        return
    raise AssertionError("a masked array was taken")


def from_skimage():
    from gaussfilt import skimage as after
    from skimage import filters as before

    assert largest(after.gaussian(photo, 2, channel_axis=-1) - before.gaussian(photo, 2, channel_axis=-1)) < 1e-6
    assert np.array_equal(after.gaussian(a, 2), before.gaussian(a, 2))
    assert np.array_equal(after.difference_of_gaussians(a, 1), before.difference_of_gaussians(a, 1))
    assert largest(after.unsharp_mask(photo, 1, channel_axis=2) - before.unsharp_mask(photo, 1, channel_axis=2)) < 1e-6

    assert after.gaussian(photo, 2, channel_axis=-1).dtype == np.float64  # 0 to 1, as theirs
    single = a.astype(np.float32)
    assert largest(after.gaussian(single, 2) - before.gaussian(single, 2)) < 1e-6


def from_pillow():
    from gaussfilt import pillow as after
    from PIL import Image
    from PIL import ImageFilter as before

    image = Image.fromarray(photo)
    blurred = image.filter(after.GaussianBlur(2))  # the true Gaussian
    like = image.filter(after.GaussianBlur(2, like="pillow"))  # Pillow's numbers
    assert np.array_equal(like, image.filter(before.GaussianBlur(2)))

    exact = gaussfilt.gaussian(photo, 2, channel_axis=-1, border="nearest", truncate=8, dtype="f8")
    assert largest(blurred - exact) <= 0.5 + 1 / 8
    assert largest(like - exact) > 1.5

    box = (20, 10, 50, 40)
    part = after.blur_region(image, box, 2)  # before: crop, filter, paste
    assert np.array_equal(part.crop(box), blurred.crop(box))  # no seam
    assert np.array_equal(part.crop((0, 0, 20, 60)), image.crop((0, 0, 20, 60)))

    red = Image.new("RGBA", (20, 20))
    red.paste((255, 0, 0, 255), (5, 5, 15, 15))
    assert red.filter(before.GaussianBlur(2)).getpixel((5, 10))[0] < 200  # darker: hidden black is mixed in
    assert red.filter(after.GaussianBlur(2)).getpixel((5, 10))[0] == 255


def from_opencv():
    import cv2 as before
    from gaussfilt import cv2 as after

    single = a.astype(np.float32)
    assert largest(after.GaussianBlur(single, (0, 0), 3) - before.GaussianBlur(single, (0, 0), 3)) < 1e-6
    assert largest(after.GaussianBlur(grey, (0, 0), 3) - before.GaussianBlur(grey, (0, 0), 3).astype(int)) <= 3
    assert largest(after.getGaussianKernel(7, 0) - before.getGaussianKernel(7, 0)) < 1e-15
    taps = np.array([1, 2, 1]) / 4
    assert largest(after.sepFilter2D(a, -1, taps, taps) - before.sepFilter2D(a, -1, taps, taps)) < 1e-15

    taps = after.getGaussianKernel(19, 3)[:, 0]  # 8 bits: cut at 3 sigma
    exact = gaussfilt.separable(grey, [taps], border="mirror", dtype="f8")
    assert largest(after.GaussianBlur(grey, (0, 0), 3) - exact) <= 0.5 + 1e-4
    assert largest(before.GaussianBlur(grey, (0, 0), 3) - exact) > 0.7


if __name__ == "__main__":
    for part in (from_scipy, kept_from_scipy, from_skimage, from_pillow, from_opencv):
        part()
        print(f"{part.__name__}: as the migration page says")
