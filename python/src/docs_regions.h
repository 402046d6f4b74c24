// Floor 5. Docstrings of the functions for regions, in NumPy's style; their examples run as doctests.
#pragma once

namespace gaussfilt::python::docs {

inline constexpr const char* gaussian_regions = R"text(The Gaussian in regions of an array; elsewhere every bit stays.

Parameters
----------
a : array
    As for :func:`gaussian`, real, of rank 2 or more. Regions lie in the two filtered axes; along all others (colours,
    time) it has the same ones.
sigma : float or sequence of float
    Standard deviation in samples of all regions without one of their own; (rows, columns), as `axes` has them.
regions : sequence of regions, or mask
    Each one is ``(x, y, width, height)``, ``(x, y, width, height, sigma)``, a mask (height x width, bool), or a dict with
    one of ``box``, ``ellipse`` (its box), ``polygon`` (corners (x, y)) and ``mask`` (bool, or float from 0 to 1), and
    ``sigma`` if wanted, for both or (x, y). x is the column and comes first. A mask alone is one region, an integer or
    floating array holds a box in each row, and of nothing nothing is blurred.
source : str
    What a region sees beyond its edge. context: the array; where the weight is 1 stand the bytes of the whole blurred.
    crop: nothing, its box is cut out, blurred with `border`, pasted back, one after the other. masked: nothing, only
    what is inside counts.
invert : bool
    Blur all but the regions.
feather : float
    Samples around each region in which the blur fades out, outside of it alone.
axes : sequence of int, optional
    Rows and columns, in this order; the first two by default.
border, cval, truncate, radius, taps, tolerance, threads, method, progress
    As for :func:`gaussian`.
out : array, optional
    Where the result goes, of the dtype of `a`; may be `a` itself.

Returns
-------
array
    `out`, or a new array of the input's library: weight * blurred + (1 - weight) * original, the weight being the
    share of a sample's area that is inside. Where regions overlap the last one is mixed over what the ones before made.

Raises
------
ValueError
    An option out of its range, a region outside the array or of no known shape, a mask of another size.
TypeError
    Complex input, a mask of integers.

Notes
-----
Cost: a box costs what its area costs, anything else its box with the feather, of 8 bits twice. The GIL is released.

Examples
--------
>>> import gaussfilt, numpy as np
>>> picture = np.zeros((40, 60, 3), np.uint8)
>>> picture[::2] = 200
>>> soft = gaussfilt.gaussian_regions(picture, 8, [(10, 5, 20, 15), {"ellipse": (35, 10, 20, 20), "sigma": 3}])
>>> bool((soft[:5] == picture[:5]).all()), int(soft[12, 20, 0])
(True, 101)
)text";

inline constexpr const char* region_weights = R"text(How much of each sample a region blurs: 0 to 1, float32.

Parameters
----------
region : region
    One of those of :func:`gaussian_regions`.
shape : sequence of int
    (height, width).
feather : float
    As there.

Returns
-------
array
    Height x width: NumPy's, without NumPy a :class:`Array`.

Raises
------
ValueError
    A region outside of that shape.

Examples
--------
>>> import gaussfilt
>>> gaussfilt.region_weights((1, 0, 2, 1), (1, 5), feather=2).tolist()
[[0.5, 1.0, 1.0, 0.5, 0.0]]
)text";

}  // namespace gaussfilt::python::docs
