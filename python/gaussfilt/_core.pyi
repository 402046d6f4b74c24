"""The compiled part of gaussfilt."""

from collections.abc import Callable, Sequence
from typing import Any


class Array:
    """
    A gapless array in C order that owns its memory: the result where the input's library has no
    arrays of its own. Speaks the buffer protocol (``memoryview(a)``, ``numpy.asarray(a)``) and DLPack
    (``torch.from_dlpack(a)``), both without a copy.
    """

    @property
    def shape(self) -> tuple[int, ...]:
        """Extents, axis 0 outermost."""

    @property
    def dtype(self) -> str:
        """NumPy's name: "float32"."""

    @property
    def ndim(self) -> int:
        """Number of axes."""

    @property
    def nbytes(self) -> int:
        """Size of the items in bytes."""

    def __dlpack__(self, **kwargs: Any) -> Any: ...

    def __dlpack_device__(self) -> tuple[int, int]: ...

    def __len__(self) -> int: ...

    def __repr__(self) -> str: ...

class Plan:
    """
    A filter prepared for a shape and two dtypes. Immutable: any number of threads may run it at once,
    and the same input gives the same bytes, whole or by regions, however strided. Made by :func:`plan`.
    """

    def __call__(self, a: Any, out: Any = None, *, progress: Callable[[float], object] | None = None) -> Any:
        """
        Filters `a` into `out`, or into a new array of its library, which is returned.

        Shapes and dtypes are those planned; `out` may be `a` itself. `progress` is called with the share done. ValueError where
        an array does not fit the plan. The GIL is released.
        """

    def run_region(self, src: Any, src_origin: Sequence[int], dst: Any, dst_origin: Sequence[int], *, progress: Callable[[float], object] | None = None) -> Any:
        """
        Filters one box of the planned array; the bytes are those of the whole.

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
        """

    def source_window(self, origin: Sequence[int], shape: Sequence[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """
        What :meth:`run_region` must be given to make the box (origin, shape): origin and shape of the inputs.
        """

    def explain(self) -> str:
        """
        Which operator, which method, what error bound, what cost, why not the others: as text.
        """

    def explain_json(self) -> str:
        """The same as JSON text."""

    def __repr__(self) -> str: ...

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the arrays that it runs on."""

    @property
    def dtype(self) -> str:
        """Dtype of the input, NumPy's name."""

    @property
    def out_dtype(self) -> str:
        """Dtype of the output."""

    @property
    def working_dtype(self) -> str:
        """Precision of the arithmetic."""

    @property
    def method(self) -> str:
        """Name of the method."""

    @property
    def halo(self) -> tuple[int, ...]:
        """Samples that an output depends on beyond its own, per axis and side."""

    @property
    def error_bound(self) -> float:
        """Proven, relative to N * M: approximation plus rounding."""

    @property
    def approximation_bound(self) -> float:
        """What the method leaves out."""

    @property
    def rounding_bound(self) -> float:
        """What the working precision rounds."""

    @property
    def scratch_bytes(self) -> int:
        """Memory that one thread's run takes beyond the arrays."""

def plan(shape: int | Sequence[int], dtype: Any, sigma: float | Sequence[float], *, order: int | Sequence[int] = 0, axes: int | Sequence[int] | None = None, channel_axis: int | None = None, border: str | Sequence[str] = 'reflect', cval: complex = 0.0, truncate: float | None = None, radius: int | Sequence[int] | None = None, taps: str = 'sampled', tolerance: float | None = None, out_dtype: Any = None, threads: int | None = None, method: str | None = None) -> Plan:
    """
    A Gaussian filter prepared for a shape and two dtypes: make once, run often, from any number of threads.

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
    """

def gaussian(a: Any, sigma: float | Sequence[float], *, order: int | Sequence[int] = 0, axes: int | Sequence[int] | None = None, channel_axis: int | None = None, border: str | Sequence[str] = 'reflect', cval: complex = 0.0, truncate: float | None = None, radius: int | Sequence[int] | None = None, taps: str = 'sampled', tolerance: float | None = None, dtype: Any = None, out: Any = None, threads: int | None = None, method: str | None = None, progress: Callable[[float], object] | None = None) -> Any:
    """
    Gaussian smoothing, or a Gaussian derivative, of an array of any rank.

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
    """

def box(a: Any, width: float | Sequence[float], *, axes: int | Sequence[int] | None = None, channel_axis: int | None = None, border: str | Sequence[str] = 'reflect', cval: complex = 0.0, dtype: Any = None, out: Any = None, threads: int | None = None, progress: Callable[[float], object] | None = None) -> Any:
    """
    The mean of a window of any width along each axis.

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
    """

def separable(a: Any, taps: Sequence[Sequence[float]], *, centres: int | Sequence[int] | None = None, axes: int | Sequence[int] | None = None, border: str | Sequence[str] = 'reflect', cval: complex = 0.0, dtype: Any = None, out: Any = None, threads: int | None = None, precision: Any = None, progress: Callable[[float], object] | None = None) -> Any:
    """
    Correlation with your own taps along each axis.

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
    """

def laplace_of_gaussian(a: Any, sigma: float | Sequence[float], *, axes: int | Sequence[int] | None = None, channel_axis: int | None = None, border: str | Sequence[str] = 'reflect', cval: complex = 0.0, truncate: float | None = None, radius: int | Sequence[int] | None = None, taps: str = 'sampled', tolerance: float | None = None, dtype: Any = None, out: Any = None, threads: int | None = None, progress: Callable[[float], object] | None = None) -> Any:
    """
    The Laplacian of the Gaussian: the sum of the second derivatives along the filtered axes.

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
    """

def gradient_magnitude(a: Any, sigma: float | Sequence[float], *, axes: int | Sequence[int] | None = None, channel_axis: int | None = None, border: str | Sequence[str] = 'reflect', cval: complex = 0.0, truncate: float | None = None, radius: int | Sequence[int] | None = None, taps: str = 'sampled', tolerance: float | None = None, dtype: Any = None, out: Any = None, threads: int | None = None, progress: Callable[[float], object] | None = None) -> Any:
    """
    The length of the Gaussian gradient: the root of the sum of the squared first derivatives.

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
    """

def difference_of_gaussians(a: Any, sigma_low: float | Sequence[float], sigma_high: float | Sequence[float] | None = None, *, axes: int | Sequence[int] | None = None, channel_axis: int | None = None, border: str | Sequence[str] = 'reflect', cval: complex = 0.0, truncate: float | None = None, radius: int | Sequence[int] | None = None, taps: str = 'sampled', tolerance: float | None = None, dtype: Any = None, out: Any = None, threads: int | None = None, progress: Callable[[float], object] | None = None) -> Any:
    """
    The Gaussian of `sigma_low` minus that of `sigma_high`: what lies between two scales.

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
    """

def hessian(a: Any, sigma: float | Sequence[float], *, axes: int | Sequence[int] | None = None, channel_axis: int | None = None, border: str | Sequence[str] = 'reflect', cval: complex = 0.0, truncate: float | None = None, radius: int | Sequence[int] | None = None, taps: str = 'sampled', tolerance: float | None = None, dtype: Any = None, out: Any = None, threads: int | None = None, progress: Callable[[float], object] | None = None) -> Any:
    """
    All second derivatives of the Gaussian.

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
    """

def structure_tensor(a: Any, sigma: float | Sequence[float], rho: float | Sequence[float], *, axes: int | Sequence[int] | None = None, channel_axis: int | None = None, border: str | Sequence[str] = 'reflect', cval: complex = 0.0, truncate: float | None = None, taps: str = 'sampled', tolerance: float | None = None, dtype: Any = None, out: Any = None, threads: int | None = None, progress: Callable[[float], object] | None = None) -> Any:
    """
    The products of the Gaussian gradient with itself, smoothed: how a neighbourhood is oriented.

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
    """

def correlate(a: Any, kernel: Any, *, origin: int | Sequence[int] = 0, axes: int | Sequence[int] | None = None, channel_axis: int | None = None, border: str | Sequence[str] = 'reflect', cval: complex = 0.0, factor: float = 1.0, bias: float = 0.0, dtype: Any = None, out: Any = None, threads: int | None = None, progress: Callable[[float], object] | None = None) -> Any:
    """
    Correlation with a kernel of any shape.

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
    """

def convolve(a: Any, kernel: Any, *, origin: int | Sequence[int] = 0, axes: int | Sequence[int] | None = None, channel_axis: int | None = None, border: str | Sequence[str] = 'reflect', cval: complex = 0.0, factor: float = 1.0, bias: float = 0.0, dtype: Any = None, out: Any = None, threads: int | None = None, progress: Callable[[float], object] | None = None) -> Any:
    """
    Convolution with a kernel of any shape: :func:`correlate` with it turned round.

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
    """

def plan_correlate(shape: int | Sequence[int], dtype: Any, kernel: Any, *, origin: int | Sequence[int] = 0, axes: int | Sequence[int] | None = None, channel_axis: int | None = None, border: str | Sequence[str] = 'reflect', cval: complex = 0.0, factor: float = 1.0, bias: float = 0.0, out_dtype: Any = None, threads: int | None = None) -> Plan:
    """
    :func:`correlate` prepared for a shape and two dtypes.

    Parameters
    ----------
    shape : sequence of int
        Of the arrays to come.
    dtype : dtype
        Of the arrays to come.
    kernel, origin, axes, channel_axis, border, cval, factor, bias, threads
        As for :func:`correlate`.
    out_dtype : dtype, optional
        Of the results; `dtype` by default.

    Returns
    -------
    Plan

    Raises
    ------
    ValueError, TypeError
        As for :func:`correlate`.

    Examples
    --------
    >>> import gaussfilt, numpy as np
    >>> plan = gaussfilt.plan_correlate((480, 640), np.uint8, [[0, 1, 0], [1, 4, 1], [0, 1, 0]], factor=1 / 8)
    >>> plan.method
    'dense'
    >>> int(plan(np.full((480, 640), 7, np.uint8)).max())
    7
    """

def plan_convolve(shape: int | Sequence[int], dtype: Any, kernel: Any, *, origin: int | Sequence[int] = 0, axes: int | Sequence[int] | None = None, channel_axis: int | None = None, border: str | Sequence[str] = 'reflect', cval: complex = 0.0, factor: float = 1.0, bias: float = 0.0, out_dtype: Any = None, threads: int | None = None) -> Plan:
    """
    :func:`convolve` prepared for a shape and two dtypes.

    Parameters
    ----------
    shape, dtype, kernel, origin, axes, channel_axis, border, cval, factor, bias, out_dtype, threads
        As for :func:`plan_correlate`; the kernel is turned by 180 degrees, its origin mirrored.

    Returns
    -------
    Plan

    Examples
    --------
    >>> import gaussfilt
    >>> gaussfilt.plan_convolve((480, 640), "uint8", [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]).method
    'dense'
    """

class NamedKernel:
    """
    A kernel by name, as :func:`named_kernel` gives it. It is meant for :func:`convolve`.
    """

    @property
    def name(self) -> str:
        """With all parameters: "motion(9, 30)"."""

    @property
    def array(self) -> Any:
        """
        The matrix, height x width, float64: a new NumPy array, without NumPy a :class:`Array`.
        """

    @property
    def factor(self) -> float:
        """The result is factor * sum + bias."""

    @property
    def bias(self) -> float:
        """In levels of 8 bits."""

    @property
    def orientation(self) -> str:
        """Which way it points, in words."""

    @property
    def version(self) -> int:
        """Grows whenever a weight changes."""

    def __repr__(self) -> str: ...

class KernelFamily:
    """One line of :func:`named_kernels`."""

    @property
    def name(self) -> str:
        """"motion"."""

    @property
    def parameters(self) -> str:
        """"size, angle", in brackets those that may be left out; or empty."""

    @property
    def example(self) -> str:
        """"motion(9, 30)"."""

    @property
    def description(self) -> str:
        """One line."""

    def __repr__(self) -> str: ...

def named_kernel(name: str) -> NamedKernel:
    """
    The kernel of that name, as data.

    Parameters
    ----------
    name : str
        One of :func:`named_kernels`, with its parameters: "emboss3x3", "gaussian(5, 1.2)",
                                "motion(9, 30)".Letter case and blanks do not count.

                                Returns-- -- -- -NamedKernel

                                    Raises-- -- --ValueError An unknown name,
                                too few or too many parameters, one out of its range; unsharp with a threshold, which is no matrix.

    Examples
    --------
    >>> import gaussfilt, numpy as np
    >>> kernel = gaussfilt.named_kernel("emboss3x3")
    >>> kernel.array.tolist()
    [[2.0, 1.0, 0.0], [1.0, 1.0, -1.0], [0.0, -1.0, -2.0]]
    >>> even = np.full((3, 4), 9, np.uint8)
    >>> gaussfilt.convolve(even, kernel.array, factor=kernel.factor, bias=kernel.bias).tolist()[0]
    [9, 9, 9, 9]
    """

def named_kernels() -> list[KernelFamily]:
    """
    What names :func:`named_kernel` knows, one entry for each family.

    Examples
    --------
    >>> import gaussfilt
    >>> [family.example for family in gaussfilt.named_kernels()][3:5]
    ['box(5)', 'motion(9, 30)']
    """

def parse_kernel_name(text: str) -> tuple[str, tuple[float, ...], str]:
    """Name, parameters and the whole in its one spelling: "motion(9, 30)"."""

def gaussian_regions(a: Any, sigma: float | Sequence[float], regions: Any, *, source: str = 'context', invert: bool = False, feather: float = 0.0, axes: Sequence[int] | None = None, border: str | Sequence[str] = 'reflect', cval: float = 0.0, truncate: float | None = None, radius: int | Sequence[int] | None = None, taps: str = 'sampled', tolerance: float | None = None, out: Any = None, threads: int | None = None, method: str | None = None, progress: Callable[[float], object] | None = None) -> Any:
    """
    The Gaussian in regions of an array; elsewhere every bit stays.

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
    """

def region_weights(region: Any, shape: Sequence[int], *, feather: float = 0.0) -> Any:
    """
    How much of each sample a region blurs: 0 to 1, float32.

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
    """

def version() -> str:
    """Version of the library, "0.1.0"."""

def cpu_targets() -> list[str]:
    """CPU targets that this machine can run, best first."""

def active_cpu_target() -> str:
    """The CPU target that filters run on."""

def set_num_threads(threads: int | None) -> None:
    """
    How many threads a call may use that does not say; None goes back to what the environment
    (GAUSSFILT_NUM_THREADS, OMP_NUM_THREADS) and the control groups allow.
    """

def get_num_threads() -> int:
    """How many threads a call uses that does not say."""
