"""Edges, blobs and orientation: what is made of several Gaussians."""

import gaussfilt
import numpy as np

y, x = np.mgrid[:200, :300].astype(np.float32)
picture = np.where(np.hypot(x - 80, y - 100) < 20, 200, 50).astype(np.uint8)  # a disc of radius 20
picture[:, 200:] += (40 + 40 * np.sin(0.5 * x[:, 200:])).astype(np.uint8)  # and stripes along y

edges = gaussfilt.gradient_magnitude(picture, 2.0)  # never negative: uint8 in, uint8 out
blobs = gaussfilt.laplace_of_gaussian(picture, 20 / 2**0.5, dtype="f4")  # deepest in blobs of radius 20
band = gaussfilt.difference_of_gaussians(picture, 2.0, 8.0, dtype="f4")  # what lies between two scales
yy, yx, xx = gaussfilt.hessian(picture, 3.0, dtype="f4")  # axis 0 is y
tensor = gaussfilt.structure_tensor(picture, 1.0, 4.0, dtype="f4")  # (3, 200, 300): (y, y), (y, x), (x, x)

assert edges.dtype == np.uint8 and edges[100, 100] > 20 and edges[100, 80] == 0
assert np.unravel_index(blobs[:, :180].argmin(), (200, 180)) == (100, 80)
assert abs(band[100, 150]) < 1
assert np.abs(yy + xx - gaussfilt.laplace_of_gaussian(picture, 3.0, dtype="f4")).max() < 1e-3
assert tensor[2, 100, 250] > 100 > abs(tensor[0, 100, 250])  # stripes along y change along x
angle = 0.5 * np.arctan2(2 * tensor[1], tensor[2] - tensor[0])  # of the steepest direction, from the x axis
assert abs(angle[100, 250]) < 0.01
print(f"steepest edge: {edges.max()} levels a sample")
