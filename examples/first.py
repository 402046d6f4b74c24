"""The README's Python lines: one call, a plan, and one import changed."""
import numpy as np

image = np.random.default_rng(0).random((512, 512))

import gaussfilt

smooth = gaussfilt.gaussian(image, sigma=2.0)  # NumPy, PyTorch, memoryview ... in; the same out
plan = gaussfilt.plan(image.shape, image.dtype, sigma=40.0, tolerance=1e-4)
print(plan.explain())  # which method, what error bound, what cost, why not the others

from gaussfilt import ndimage  # instead of scipy's: the same numbers, faster

same = ndimage.gaussian_filter(image, sigma=2.0)

assert np.abs(plan(image) - gaussfilt.gaussian(image, 40.0, truncate=8)).max() <= 1e-4
assert smooth.std() < image.std() and np.abs(same - smooth).max() < 1e-14
