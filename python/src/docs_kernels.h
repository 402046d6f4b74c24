// Floor 5. Docstrings of kernels by name and of plans of kernels, in NumPy's style; their examples run as doctests.
#pragma once

namespace gaussfilt::python::docs {

inline constexpr const char* named_kernel_class =
    R"(A kernel by name, as :func:`named_kernel` gives it. It is meant for :func:`convolve`.)";

inline constexpr const char* named_kernel = R"text(The kernel of that name, as data.

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
)text";

inline constexpr const char* named_kernels = R"(What names :func:`named_kernel` knows, one entry for each family.

Examples
--------
>>> import gaussfilt
>>> [family.example for family in gaussfilt.named_kernels()][3:5]
['box(5)', 'motion(9, 30)']
)";

inline constexpr const char* plan_correlate = R"(:func:`correlate` prepared for a shape and two dtypes.

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
)";

inline constexpr const char* plan_convolve = R"(:func:`convolve` prepared for a shape and two dtypes.

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
)";

}  // namespace gaussfilt::python::docs
