// Floor 5. Docstrings of the compiled functions, in NumPy's style; their examples run as doctests.
#pragma once

namespace gaussfilt::python::docs {

inline constexpr const char* gaussian = R"(Gaussian smoothing, or a Gaussian derivative, of an array of any rank.

Parameters
----------
a : array
    bool, integers of 8 to 64 bits, float16, float32, float64, complex64, complex128; any rank up to 16, any strides
    and byte order. NumPy arrays, anything with the buffer protocol, ``__array_interface__`` or DLPack; read in place.
sigma : float or sequence of float
    Standard deviation in samples, >= 0, one for all axes or one each; 0 leaves an axis as it is.
order : int or sequence of int
    0 smooths, n takes the n-th derivative.
axes : int or sequence of int, optional
    Axes to filter, in this order; all by default.
channel_axis : int, optional
    The axis of colour channels: every other axis is filtered. Not together with `axes`.
border : str or sequence of str
    What lies beyond the edge: reflect (d c b a | a b c d), mirror (d c b | a b c d), nearest, wrap or constant.
cval : complex
    The value beyond a constant border.
truncate, radius : float, int, optional
    Where the taps are cut: at int(truncate * sigma + 0.5), by default with truncate 4, or at `radius`. ``math.inf``
    means the ideal Gaussian without a cut, which is also what a `tolerance` alone asks for.
taps : str
    How the Gaussian meets the grid: sampled (SciPy's), discrete (Lindeberg's), integrated.
tolerance : float, optional
    Accept ``|result - target| <= tolerance * N * M``, proven before the run; N is the product of the sums of the taps'
    magnitudes (1 for smoothing), M the largest input magnitude. Without it: the rounding of the working precision.
dtype : dtype, optional
    Of the result; the input's by default. Rounded once, half to even, saturating.
out : array, optional
    Where the result goes; may be `a` itself.
threads : int, optional
    At most this many; all that the process may use by default. The result does not depend on it.
method : str, optional
    Insists on one method: separable, integer (8-bit smoothing) or multirate (sigma of 1.5 or more); the last two need
    a `tolerance`. By default the cheapest whose bound fits.
progress : callable, optional
    Called with the share done, 0 to 1, from any thread.

Returns
-------
array
    `out`, or a new array of the input's library.

Raises
------
ValueError
    An option out of its range, a shape that differs, a read-only or overlapping `out`.
TypeError
    A dtype without a meaning here, a masked array, a derivative into an unsigned dtype.

Notes
-----
Cost: about one multiply and two adds for each pair of taps, axis and sample; see ``plan(...).explain()``. The GIL is
released; Ctrl-C ends a long call and leaves `out` incomplete. Target and taps: SciPy's ``gaussian_filter``; Lindeberg,
Scale-space for discrete signals (1990).

Examples
--------
>>> import gaussfilt, numpy as np
>>> spike = np.zeros(7, np.float32)
>>> spike[3] = 1
>>> gaussfilt.gaussian(spike, sigma=1.0).round(3).tolist()[3:]
[0.39899998903274536, 0.24199999868869781, 0.05400000140070915, 0.004999999888241291]
)";

inline constexpr const char* separable = R"(Correlation with your own taps along each axis.

Parameters
----------
a : array
    As for :func:`gaussian`.
taps : sequence of sequences of float
    One list of taps for all axes, or one per entry of `axes`: ``out[i] = sum(taps[k] * a[i + k - centre])``.
centres : int or sequence of int, optional
    Index of the tap that meets the output's own sample; the middle (``len // 2``) by default.
axes, border, cval, dtype, out, threads, progress
    As for :func:`gaussian`.
precision : dtype, optional
    Of the arithmetic: float64, or float32 also where the output is wider. By default float64 where input or output is.

Returns
-------
array
    `out`, or a new array of the input's library.

Raises
------
ValueError, TypeError
    As for :func:`gaussian`.

Examples
--------
>>> import gaussfilt, numpy as np
>>> gaussfilt.separable(np.arange(5.0), [[0.25, 0.5, 0.25]]).tolist()
[0.25, 1.0, 2.0, 3.0, 3.75]
)";

inline constexpr const char* box = R"(The mean of a window of any width along each axis.

Parameters
----------
a : array
    As for :func:`gaussian`.
width : float or sequence of float
    Of the window, one for all axes or one each, at least 1: with ``width = 2 * r + 1 + 2 * f`` and ``0 <= f < 1`` the
    samples at distances 0 ... r count 1 and those at r + 1 count f. Taken to the nearest 2**-15.
axes, channel_axis, border, cval, dtype, out, threads, progress
    As for :func:`gaussian`.

Returns
-------
array
    `out`, or a new array of the input's library. Rounded once, half to even, saturating.

Raises
------
ValueError
    An option out of its range.
TypeError
    A dtype without a meaning here.

Notes
-----
The cost does not depend on the width. Means of integers up to 32 bits are exact before that rounding wherever no sum
can reach 2**62; floats are summed in double precision in blocks as long as the window, so that errors do not grow along
a line and a NaN reaches its window alone.

Examples
--------
>>> import gaussfilt, numpy as np
>>> gaussfilt.box([0.0, 0.0, 4.0, 0.0, 0.0], 2).tolist()
[0.0, 1.0, 2.0, 1.0, 0.0]
>>> gaussfilt.box(np.array([0, 9, 0, 0], np.uint8), 3).tolist()
[3, 3, 3, 0]
)";

inline constexpr const char* correlate = R"(Correlation with a kernel of any shape.

Parameters
----------
a : array
    As for :func:`gaussian`.
kernel : array or nested sequence of float
    Real, with an axis for each filtered one. Applied as it is written:
    ``out[i] = factor * sum(kernel[k] * a[i + k - size // 2 - origin]) + bias``. Zeros are skipped.
origin : int or sequence of int
    How far the kernel's centre lies beyond ``size // 2``, one for all axes or one each: -(size // 2) to
    (size - 1) // 2.
factor, bias : float
    Of the result, before it is rounded.
axes, channel_axis, border, cval, dtype, out, threads, progress
    As for :func:`gaussian`.

Returns
-------
array
    `out`, or a new array of the input's library. Rounded once, half to even, saturating.

Raises
------
ValueError
    An option out of its range, a kernel that is no rectangle or has another number of axes.
TypeError
    A dtype without a meaning here, a complex kernel.

Notes
-----
Cost: a multiply-add for each weight and sample. A kernel that is the product of one line an axis, to the rounding of
the sum, costs one for each tap of its lines.

Examples
--------
>>> import gaussfilt, numpy as np
>>> spike = np.zeros((3, 4), np.uint8)
>>> spike[1, 1] = 64
>>> gaussfilt.correlate(spike, [[1, 2, 3], [4, 5, 6], [7, 8, 9]], factor=0.25).tolist()
[[144, 128, 112, 0], [96, 80, 64, 0], [48, 32, 16, 0]]
)";

inline constexpr const char* convolve =
    R"(Convolution with a kernel of any shape: :func:`correlate` with it turned round.

Parameters
----------
a, kernel, origin, axes, channel_axis, border, cval, factor, bias, dtype, out, threads, progress
    As for :func:`correlate`; the kernel is turned by 180 degrees, its origin mirrored.

Returns
-------
array
    `out`, or a new array of the input's library.

Raises
------
ValueError, TypeError
    As for :func:`correlate`.

Examples
--------
>>> import gaussfilt, numpy as np
>>> spike = np.zeros((3, 4), np.uint8)
>>> spike[1, 1] = 4
>>> gaussfilt.convolve(spike, [[1, 2, 3], [4, 5, 6], [7, 8, 9]], factor=0.25).tolist()
[[1, 2, 3, 0], [4, 5, 6, 0], [7, 8, 9, 0]]
)";

inline constexpr const char* plan =
    R"(A Gaussian filter prepared for a shape and two dtypes: make once, run often, from any number of threads.

Parameters
----------
shape : sequence of int
    Of the arrays to come.
dtype : dtype
    Of the arrays to come.
sigma : float or sequence of float
    Standard deviation in samples, as for :func:`gaussian`, like all that follow.
out_dtype : dtype, optional
    Of the results; `dtype` by default.

Returns
-------
Plan

Examples
--------
>>> import gaussfilt, numpy as np
>>> plan = gaussfilt.plan((480, 640), np.uint8, 2.0)
>>> int(plan(np.full((480, 640), 7, np.uint8)).max())
7
>>> print(plan.explain().splitlines()[0])
gaussian of 480 x 640 u8 into u8
)";

inline constexpr const char* plan_call =
    R"(Filters `a` into `out`, or into a new array of its library, which is returned.

Shapes and dtypes are those planned; `out` may be `a` itself. `progress` is called with the share done. ValueError where
an array does not fit the plan. The GIL is released.
)";

inline constexpr const char* run_region = R"(Filters one box of the planned array; the bytes are those of the whole.

`dst` receives the outputs from the global index `dst_origin` on; `src` holds the inputs from `src_origin` on and must
cover what :meth:`source_window` says. Returns `dst`. ValueError where `src` holds too little or shares memory with `dst`.

Examples
--------
>>> import gaussfilt, numpy as np
>>> image = np.arange(10000.0).reshape(100, 100)
>>> plan = gaussfilt.plan(image.shape, image.dtype, 2.0)
>>> (y, x), (height, width) = plan.source_window((40, 0), (8, 100))
>>> part = plan.run_region(image[y:y + height, x:x + width], (y, x), np.empty((8, 100)), (40, 0))
>>> bool((part == plan(image)[40:48]).all())
True
)";

inline constexpr const char* source_window =
    R"(What :meth:`run_region` must be given to make the box (origin, shape): origin and shape of the inputs.)";

}  // namespace gaussfilt::python::docs
