"""Gaussian filtering of arrays of any rank and dtype, to a stated bound, at close to the speed of copying memory.

The functions here take NumPy arrays, PyTorch CPU tensors, memoryviews and whatever else speaks the buffer protocol,
``__array_interface__`` or DLPack. NumPy is needed only where arrays come from it. Drop-in faces, imported on first use:

``gaussfilt.ndimage``   the Gaussian filters of ``scipy.ndimage``, bit for bit
``gaussfilt.skimage``   ``skimage.filters``: gaussian, difference_of_gaussians, unsharp_mask
``gaussfilt.pillow``    filters for ``Image.filter``
``gaussfilt.cv2``       GaussianBlur, getGaussianKernel, sepFilter2D

``gaussfilt.recipes`` does the filters of a recipe, plain data, to arrays.
"""

import importlib

from ._core import (
    Array,
    KernelFamily,
    NamedKernel,
    Plan,
    active_cpu_target,
    box,
    convolve,
    correlate,
    cpu_targets,
    difference_of_gaussians,
    gaussian,
    gaussian_regions,
    get_num_threads,
    gradient_magnitude,
    hessian,
    laplace_of_gaussian,
    named_kernel,
    named_kernels,
    plan,
    plan_convolve,
    plan_correlate,
    region_weights,
    separable,
    set_num_threads,
    structure_tensor,
    version,
)

__version__ = version()
__all__ = [
    "Array",
    "KernelFamily",
    "NamedKernel",
    "Plan",
    "active_cpu_target",
    "box",
    "convolve",
    "correlate",
    "cpu_targets",
    "difference_of_gaussians",
    "gaussian",
    "gaussian_regions",
    "get_num_threads",
    "gradient_magnitude",
    "hessian",
    "laplace_of_gaussian",
    "named_kernel",
    "named_kernels",
    "plan",
    "plan_convolve",
    "plan_correlate",
    "region_weights",
    "separable",
    "set_num_threads",
    "structure_tensor",
]
_FACES = ("cv2", "ndimage", "pillow", "recipes", "skimage")

TYPE_CHECKING = False  # as typing says, whose import would take longer than all of this
if TYPE_CHECKING:  # in place of __getattr__, which would let every misspelt name pass
    from . import cv2 as cv2
    from . import ndimage as ndimage
    from . import pillow as pillow
    from . import recipes as recipes
    from . import skimage as skimage
else:

    def __getattr__(name):
        if name in _FACES:
            return importlib.import_module(f".{name}", __name__)
        raise AttributeError(f"module 'gaussfilt' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_FACES])
