"""Pillow's image memory as NumPy arrays, without a copy, and its modes as modes that a filter means something in.

Pillow offers its memory through the Arrow C data interface, https://arrow.apache.org/docs/format/CDataInterface.html,
where all rows lie in one block, which images up to 16 MiB do; others are copied into one block first.
"""

import ctypes
import mmap
import sys

import numpy as np
from PIL import Image

Core = Image.core

# Modes filtered as another one. P becomes RGBA instead where its palette has transparency.
WORKING = {"1": "L", "P": "RGB", "PA": "RGBA", "HSV": "RGB"}
STRAIGHT = {"LA": (0, 3), "RGBA": (0, 1, 2, 3)}  # planes that count of modes with straight alpha, alpha last
DTYPES = {
    "I": np.dtype("=i4"),
    "F": np.dtype("=f4"),
    "I;16": np.dtype("<u2"),
    "I;16L": np.dtype("<u2"),
    "I;16B": np.dtype(">u2"),
    "I;16N": np.dtype("=u2"),
}
_ONE_BYTE = frozenset(["1", "L", "P"])


class _ArrowArray(ctypes.Structure):
    pass


_ArrowArray._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(ctypes.POINTER(_ArrowArray))),
    ("dictionary", ctypes.c_void_p),
    ("release", ctypes.c_void_p),
    ("private_data", ctypes.c_void_p),
]

_HUGE_FROM = (1 << 22) if hasattr(mmap, "MADV_HUGEPAGE") else sys.maxsize  # bytes
_libc = ctypes.CDLL(None)
_pointer_of = ctypes.pythonapi.PyCapsule_GetPointer
_pointer_of.restype = ctypes.c_void_p
_pointer_of.argtypes = [ctypes.py_object, ctypes.c_char_p]


class _Memory:
    """What NumPy reads an array from; keeps the capsule, and so the image, alive."""

    def __init__(self, capsule, address, shape, dtype):
        self.capsule = capsule
        self.__array_interface__ = {"shape": shape, "typestr": dtype.str, "data": (address, False), "version": 3}


def new(mode, size):
    """A new image with all rows in one block."""
    core = Core.new_block(mode, size)
    items = pixels(core)
    if items.nbytes >= _HUGE_FROM:
        _in_huge_pages(items)
    return core


def _in_huge_pages(items):
    """Asks for large pages, as NumPy does for its arrays: one page fault for 512. Where it is refused, all is well."""
    first = -(-items.ctypes.data // mmap.PAGESIZE) * mmap.PAGESIZE
    _libc.madvise(ctypes.c_void_p(first), ctypes.c_size_t(items.ctypes.data + items.nbytes - first), mmap.MADV_HUGEPAGE)


def in_one_block(core):
    """A copy of `core` whose rows lie in one block."""
    copy = new(core.mode, core.size)
    copy.paste(core, (0, 0, *core.size))
    return copy


def pixels(core):
    """The memory of an image: (height, width), or (height, width, 4) where it has bands: all 4, used or not."""
    width, height = core.size
    shape = (height, width) if core.mode in _ONE_BYTE or core.mode in DTYPES else (height, width, 4)
    dtype = DTYPES.get(core.mode, np.dtype(np.uint8))
    if width == 0 or height == 0:
        return np.empty(shape, dtype)
    try:
        capsule = core.__arrow_c_array__()
    except ValueError:  # rows in several blocks
        capsule = in_one_block(core).__arrow_c_array__()
    array = _ArrowArray.from_address(_pointer_of(capsule, b"arrow_array"))
    if array.n_children:
        array = array.children[0].contents
    if array.length != width * height * (1 if len(shape) == 2 else 4):
        raise ValueError(f"image: mode {core.mode} lies in memory in a way that is not known here")
    address = array.buffers[1] + array.offset * dtype.itemsize
    return np.asarray(_Memory(capsule, address, shape, dtype))


def working(core, transparency=None):
    """The image in the mode that it is filtered in, itself where that is its own."""
    mode = WORKING.get(core.mode)
    if mode is None:
        return core
    if core.mode == "P" and (transparency is not None or core.getpalettemode() == "RGBA"):
        mode, core = "RGBA", core.copy()
        if isinstance(transparency, int):
            core.putpalettealpha(transparency, 0)
        elif transparency is not None:
            core.putpalettealphas(transparency)
    return core.convert(mode, 0)


def transparency_of(image):
    """The transparent index or the alphas of a palette, which Pillow keeps beside the pixels."""
    if image is None or image.mode != "P":
        return None
    found = image.info.get("transparency")
    return found if isinstance(found, int | bytes) else None
