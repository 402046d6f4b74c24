// Floor 5. Docstrings of the filters made of several Gaussians; their examples run as doctests.
#pragma once

namespace gaussfilt::python::docs {

inline constexpr const char* laplace_of_gaussian =
    R"(The Laplacian of the Gaussian: the sum of the second derivatives along the filtered axes.

The input is read once, the derivatives are summed tile by tile and rounded once. Sums over no axes are 0.

Parameters
----------
a : array
    As for :func:`gaussian`.
sigma : float or sequence of float
    Standard deviation in samples, > 0 along the filtered axes.
axes, channel_axis, border, cval, truncate, radius, taps, tolerance, dtype, out, threads, progress
    As for :func:`gaussian`; only `axes` are smoothed and differentiated.

Returns
-------
array
    `out`, or a new array of the input's library, shaped as `a`.

Raises
------
ValueError
    An option out of its range, a sigma of 0 on a filtered axis.
TypeError
    An unsigned result (give a signed or floating `dtype`), an array without a meaning here.

Notes
-----
Cost: that of one Gaussian for each filtered axis. Source: Marr and Hildreth, Theory of edge detection (1980).

Examples
--------
>>> import gaussfilt, numpy as np
>>> y, x = np.mgrid[-20:21, -20:21]
>>> bowl = (x**2 + y**2).astype(float)  # its Laplacian is 4
>>> round(float(gaussfilt.laplace_of_gaussian(bowl, 2.0)[20, 20]), 1)
4.0
)";

inline constexpr const char* gradient_magnitude =
    R"(The length of the Gaussian gradient: the root of the sum of the squared first derivatives.

Parameters
----------
a : array
    As for :func:`gaussian`, but not complex.
sigma : float or sequence of float
    Standard deviation in samples, > 0 along the filtered axes.
axes, channel_axis, border, cval, truncate, radius, taps, tolerance, dtype, out, threads, progress
    As for :func:`gaussian`; only `axes` are smoothed and differentiated.

Returns
-------
array
    Never negative, so any real `dtype` will do, the input's by default.

Raises
------
ValueError
    An option out of its range, a sigma of 0 on a filtered axis.
TypeError
    A complex array or `cval`.

Notes
-----
Cost: that of one Gaussian for each filtered axis; the input is read once. Definition: ``gaussian_gradient_magnitude`` of
SciPy, which smooths along the other axes too where it is given `axes`.

Examples
--------
>>> import gaussfilt, numpy as np
>>> ramp = np.arange(40.0) * np.full((40, 1), 3.0)
>>> round(float(gaussfilt.gradient_magnitude(ramp, 2.0)[20, 20]), 2)
3.0
)";

inline constexpr const char* difference_of_gaussians =
    R"(The Gaussian of `sigma_low` minus that of `sigma_high`: what lies between two scales.

Parameters
----------
a : array
    As for :func:`gaussian`.
sigma_low : float or sequence of float
    Standard deviation in samples, >= 0.
sigma_high : float or sequence of float, optional
    Not below `sigma_low`; 1.6 times that by default, which comes near the Laplacian of the Gaussian.
axes, channel_axis, border, cval, truncate, radius, taps, tolerance, dtype, out, threads, progress
    As for :func:`gaussian`.

Returns
-------
array
    `out`, or a new array of the input's library, shaped as `a`.

Raises
------
ValueError
    An option out of its range, a `sigma_high` below `sigma_low`.
TypeError
    An unsigned result (give a signed or floating `dtype`), an array without a meaning here.

Notes
-----
Cost: that of two Gaussians; the input is read once. Source: Marr and Hildreth, Theory of edge detection (1980).

Examples
--------
>>> import gaussfilt, numpy as np
>>> flat = np.full((32, 32), 5.0)
>>> bool(abs(gaussfilt.difference_of_gaussians(flat, 1.0, 4.0)).max() < 1e-14)
True
)";

inline constexpr const char* hessian = R"(All second derivatives of the Gaussian.

Parameters
----------
a : array
    As for :func:`gaussian`.
sigma : float or sequence of float
    Standard deviation in samples, > 0 along the filtered axes.
axes, channel_axis, border, cval, truncate, radius, taps, tolerance, dtype, threads, progress
    As for :func:`gaussian`; only `axes` are smoothed and differentiated.
out : array, optional
    Shaped as the result; must not share memory with `a`.

Returns
-------
array
    Shape (k (k + 1) / 2, *a.shape) for k filtered axes: the derivatives (0, 0), (0, 1) ... (0, k - 1), (1, 1) ...,
    counted along `axes`.

Raises
------
ValueError
    An option out of its range, a sigma of 0 on a filtered axis, an `out` of another shape.
TypeError
    An unsigned result (give a signed or floating `dtype`), an array without a meaning here.

Notes
-----
Cost: that of one Gaussian for each result; the input is read once.

Examples
--------
>>> import gaussfilt, numpy as np
>>> y, x = np.mgrid[-20:21, -20:21].astype(float)
>>> gaussfilt.hessian(x * y + y**2, 2.0)[:2, 20, 20].round(1).tolist()
[2.0, 1.0]
)";

inline constexpr const char* structure_tensor =
    R"(The products of the Gaussian gradient with itself, smoothed: how a neighbourhood is oriented.

Parameters
----------
a : array
    As for :func:`gaussian`, but not complex.
sigma : float or sequence of float
    Inner scale, of the derivatives, > 0 along the filtered axes.
rho : float or sequence of float
    Outer scale, of the smoothing of their products, >= 0.
axes, channel_axis, border, cval, truncate, taps, tolerance, dtype, threads, progress
    As for :func:`gaussian`. Beyond the edges the products go on by the border's rule; beyond a constant border they are 0.
out : array, optional
    Shaped as the result; must not share memory with `a`.

Returns
-------
array
    Shape (k (k + 1) / 2, *a.shape) for k filtered axes: the products (0, 0), (0, 1) ... (0, k - 1), (1, 1) ..., counted
    along `axes`.

Raises
------
ValueError
    An option out of its range, a sigma of 0 on a filtered axis, an `out` of another shape.
TypeError
    An unsigned result (give a signed or floating `dtype`), a complex array or `cval`.

Notes
-----
The input is read once; the products live in the tiles alone. Sources: Foerstner and Guelch (1987); Harris and Stephens, A
combined corner and edge detector (1988).

Examples
--------
>>> import gaussfilt, numpy as np
>>> stripes = np.sin(np.arange(60.0)) * np.ones((60, 1))  # they change along axis 1 alone
>>> yy, yx, xx = gaussfilt.structure_tensor(stripes, 1.0, 4.0)[:, 30, 30]
>>> bool(xx > 0.05 and abs(yy) < 1e-12 and abs(yx) < 1e-12)
True
)";

}  // namespace gaussfilt::python::docs
