"""Every public function and class as a typed program calls it. test_types.py has mypy read this file, and runs it."""

from collections.abc import Callable
from typing import Any, assert_type

import gaussfilt
import numpy as np
from gaussfilt import cv2, ndimage, pillow, recipes, skimage
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Array = NDArray[Any]
image = np.arange(24.0 * 20).reshape(24, 20)
bytes_ = image.astype(np.uint8)
photo = np.zeros((24, 20, 3), np.uint8)
rows = [[0.0, 1.0, 0.0], [2.0, 0.0, 1.0]]


def arrays() -> None:
    assert_type(gaussfilt.gaussian(image, 1.5, border="wrap", tolerance=1e-3, out=np.empty_like(image)), Any)
    assert_type(gaussfilt.gaussian(bytes_, 2.0, tolerance=1 / 2040, method="integer"), Any)
    gaussfilt.plan((512, 512), "f4", 20, tolerance=1e-4, method=None)
    gaussfilt.gaussian_regions(image, 9.0, [(1, 2, 3, 4)], tolerance=1e-3, method="separable")
    assert_type(gaussfilt.gaussian(photo, (1, 2), channel_axis=-1, dtype=np.float32, threads=1), Any)
    gaussfilt.separable(image, [[0.25, 0.5, 0.25]], centres=1, axes=(0, 1), precision=np.float64)
    gaussfilt.correlate(image, [[0, 1], [1, 0]], origin=(0, -1), factor=0.5, bias=1)
    gaussfilt.convolve(photo, np.ones((3, 3)), channel_axis=-1, border="nearest")
    gaussfilt.laplace_of_gaussian(image, 2.0)
    gaussfilt.gradient_magnitude(image, 2.0, progress=lambda share: None)
    gaussfilt.difference_of_gaussians(image, 1.0, 1.6)
    gaussfilt.hessian(image, 2.0)
    gaussfilt.structure_tensor(image, 1.0, 2.0)
    assert_type(gaussfilt.box(image, (2.5, 3), border="wrap"), Any)
    owned = gaussfilt.gaussian(b"abc", 1.0)
    assert isinstance(owned, gaussfilt.Array)
    assert_type(owned.shape, tuple[int, ...])


def kernels() -> None:
    kernel = assert_type(gaussfilt.named_kernel("emboss3x3"), gaussfilt.NamedKernel)
    assert_type(gaussfilt.convolve(image, kernel.array, factor=kernel.factor, bias=kernel.bias), Any)
    assert_type((kernel.name, kernel.orientation, kernel.version), tuple[str, str, int])
    assert_type(gaussfilt.named_kernels(), list[gaussfilt.KernelFamily])
    gaussfilt.plan_correlate((24, 20), "uint8", rows, origin=(0, -1), out_dtype=np.int16)
    assert_type(gaussfilt.plan_convolve(image.shape, image.dtype, kernel.array, axes=(0, 1)), gaussfilt.Plan)


def regions() -> None:
    mask = gaussfilt.region_weights({"ellipse": (2, 3, 9, 8)}, image.shape, feather=2) > 0.5
    assert_type(gaussfilt.gaussian_regions(image, 2.0, [(1, 2, 3, 4), {"mask": mask, "sigma": 3}], feather=1.5), Any)
    gaussfilt.gaussian_regions(photo, (1, 2), mask, source="masked", invert=True, axes=(0, 1), out=photo, threads=1)


def recipes_as_data() -> None:
    recipe = recipes.load({"version": 1, "filters": [{"name": "soft", "blur": {"sigma": 2}}]})
    assert_type(recipes.apply(photo, recipe["filters"][0], threads=1), Array)
    try:
        gaussfilt.recipes.load("{")
    except recipes.RecipeError as error:
        assert_type(error.pointer, str)
        assert_type(error.known, list[str])


def plans() -> None:
    plan = gaussfilt.plan(image.shape, image.dtype, 2.0, out_dtype="float32")
    assert_type(plan, gaussfilt.Plan)
    assert_type(plan.explain(), str)
    assert_type(plan.error_bound, float)
    origin, shape = plan.source_window((0, 0), (4, 20))
    assert_type(origin, tuple[int, ...])
    plan.run_region(image[: shape[0]], origin, np.empty((4, 20), np.float32), (0, 0))
    filters: dict[str, gaussfilt.Plan] = {"smooth": plan}
    filters["smooth"](image)


def runtime() -> None:
    assert_type(gaussfilt.__version__, str)
    assert_type(gaussfilt.active_cpu_target(), str)
    assert_type(gaussfilt.cpu_targets(), list[str])
    before = assert_type(gaussfilt.get_num_threads(), int)
    gaussfilt.set_num_threads(None)
    gaussfilt.set_num_threads(before)


def scipys() -> None:
    assert_type(ndimage.gaussian_filter(image, 1), Array)
    assert_type(gaussfilt.ndimage.gaussian_filter(rows, np.float32(1.5), output=np.float32), Array)
    ndimage.gaussian_filter(image, (1, 2.5), (0, 1), np.empty_like(image), ("wrap", "mirror"), 1.0, 3)
    ndimage.gaussian_filter(image, np.array([1.0, 2.0]), radius=(3, 4), axes=[0, 1], tolerance=1e-4, threads=1)
    ndimage.gaussian_filter(photo, 2, axes=range(2), output=np.dtype(np.float64))
    assert_type(ndimage.gaussian_filter1d([0.0, 1.0], 1, axis=-1, order=2, mode="grid-wrap", radius=2), Array)
    assert_type(ndimage.gaussian_laplace(image, 2, "float32", axes=1, truncate=3.0, threads=1), Array)
    assert_type(ndimage.gaussian_gradient_magnitude(image, 2, mode=["reflect", "nearest"], tolerance=1e-3), Array)
    assert_type(ndimage.correlate(image, [[1, -2], [1, 0]], np.float32, "wrap", origin=(0, -1), axes=(0, 1)), Array)
    assert_type(ndimage.convolve(image + 1j, np.ones((3, 3)), cval=1j, threads=2), Array)
    assert_type(ndimage.correlate1d(image, [1, -2, 1], output=None, cval=1, origin=-1), Array)
    assert_type(ndimage.convolve1d(image + 1j, (1, 2j), 0, complex, "constant", 1j), Array)
    assert_type(ndimage.uniform_filter1d(image, 3, origin=1), Array)
    assert_type(ndimage.uniform_filter(image, (3, 5), origin=[0, -1], axes=(0, 1)), Array)
    assert_type(ndimage.prewitt(image, np.argmax(image.shape)), Array)
    assert_type(ndimage.sobel(image, 0, np.float32, threads=2), Array)
    assert_type(ndimage.laplace(image, mode="mirror", axes=(0, 1)), Array)
    assert_type(ndimage.fourier_gaussian(np.fft.fft2(image), (1, 2), n=-1, output=np.complex128), Array)


def second(
    input: Array, axis: int, output: Array | np.dtype[Any], mode: Any, cval: float, /, *, weight: int
) -> Array:
    return ndimage.correlate1d(input, [weight, -2 * weight, weight], axis, output, mode, cval)


def generics() -> None:
    derivative: Callable[..., Array] = second
    assert_type(ndimage.generic_laplace(image, derivative, extra_keywords={"weight": 2}), Array)
    assert_type(ndimage.generic_laplace(image, second, mode=("wrap", "wrap"), extra_keywords={"weight": 2}), Array)
    assert_type(ndimage.generic_gradient_magnitude(image, ndimage.sobel, extra_arguments=(), axes=0), Array)


def scikit_images() -> None:
    assert_type(skimage.gaussian(photo, sigma=(1, 2), channel_axis=-1, preserve_range=True), Array)
    assert_type(skimage.gaussian(image, out=np.empty_like(image), mode="constant", cval=1, truncate=3), Array)
    assert_type(skimage.difference_of_gaussians(rows, 1, (2.0, 3.0), mode=["wrap", "nearest"]), Array)
    assert_type(skimage.unsharp_mask(photo, radius=2, amount=0.5, channel_axis=2), Array)


def opencvs() -> None:
    assert_type(cv2.GaussianBlur(photo, (5, 5), 0), Array)
    assert_type(cv2.GaussianBlur(bytes_, [0, 0], 1.5, np.empty_like(bytes_), 2, cv2.BORDER_REPLICATE), Array)
    kernel = assert_type(cv2.getGaussianKernel(5, -1, cv2.CV_32F), Array)
    assert_type(cv2.sepFilter2D(bytes_, cv2.CV_32F, kernel, kernel.T, anchor=(1, 2), delta=0.5), Array)
    try:
        cv2.GaussianBlur(photo, (2, 2), 0)
    except cv2.error as problem:
        assert_type(problem, cv2.error)


def pillows() -> None:
    picture = Image.new("RGB", (24, 20))
    filters: list[ImageFilter.MultibandFilter] = [
        pillow.GaussianBlur(),
        pillow.GaussianBlur((1, 2.5), like=None),
        pillow.BoxBlur([1, 2], like="pillow"),
        pillow.UnsharpMask((1, 2), percent=99.5, threshold=0.5),
        pillow.Kernel((3, 3), [0, 1, 0, 1, 4, 1, 0, 1, 0], scale=8, offset=0.5),
    ]
    for one in filters:
        assert_type(picture.filter(one), Image.Image)
    assert_type(pillow.blur_region(picture, (2, 2, 9, 9)), Image.Image)
    assert_type(pillow.blur_region(picture, [(2, 2, 9, 9), (0, 0, 3, 3)], radius=(3, 4)), Image.Image)


def main() -> None:
    for part in (arrays, plans, runtime, scipys, generics, scikit_images, opencvs, pillows):
        part()


if __name__ == "__main__":
    main()
