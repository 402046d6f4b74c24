#!/usr/bin/env python3
"""Makes the golden data: cases.txt (one case a line), data.bin (little-endian arrays) and VERSIONS.txt; and, by
scipy_rules.py, scipy_cases.txt and scipy_data.bin.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 scipy==1.17.1 && venv/bin/python generate.py

SciPy filters every input in float64 (output=float64 or complex128), so nothing is rounded between the axes; what
an integer or narrow output must hold follows from that by rounding once. The taps that SciPy used are stored too:
with them the library must give SciPy's float64 bits. The same seed gives the same inputs on every machine.
"""

import itertools
import platform
import sys
from pathlib import Path

import numpy as np
import scipy
import scipy_rules
from scipy import ndimage
from scipy.ndimage._filters import _gaussian_kernel1d

FOLDER = Path(__file__).resolve().parent
MODES = ["reflect", "mirror", "nearest", "wrap", "constant"]
DTYPES = {
    "bool": np.bool_, "u8": np.uint8, "u16": np.uint16, "u32": np.uint32, "u64": np.uint64, "i8": np.int8,
    "i16": np.int16, "i32": np.int32, "i64": np.int64, "f16": np.float16, "f32": np.float32, "f64": np.float64,
    "c64": np.complex64, "c128": np.complex128,
}


def make_input(rng, dtype, shape, spread=1.0, offset=0.0):
    """Random items over the whole range of an integer dtype (64-bit ones: what float64 holds exactly)."""
    kind = np.dtype(DTYPES[dtype])
    if kind.kind == "b":
        return rng.random(shape) < 0.5
    if kind.kind in "iu":
        info = np.iinfo(kind)
        low, high = max(info.min, -(2**52)), min(info.max, 2**52)
        return rng.integers(low, high, size=shape, endpoint=True, dtype=kind)
    values = rng.standard_normal(shape) * spread + offset
    if kind.kind == "c":
        values = values + 1j * (rng.standard_normal(shape) * spread - offset)
    return values.astype(kind)


def as_list(value, count):
    return list(value) if isinstance(value, (list, tuple)) else [value] * count


class Writer:
    def __init__(self):
        self.rng = np.random.Generator(np.random.PCG64(20240915))
        self.data = bytearray()
        self.lines = []
        self.stored = {}
        self.names = set()

    def store(self, array):
        """The offset of the array's bytes in data.bin; equal arrays are stored once."""
        array = np.ascontiguousarray(array)
        raw = array.astype(array.dtype.newbyteorder("<")).tobytes()
        if raw not in self.stored:
            self.data += bytes(-len(self.data) % 8)
            self.stored[raw] = len(self.data)
            self.data += raw
        return self.stored[raw]

    def case(self, name, shape, dtype="f64", out=None, sigma=1.0, order=0, mode="reflect", cval=0.0, axes=None,
             truncate=None, radius=None, spread=1.0, offset=0.0):
        out = out or dtype
        source = make_input(self.rng, dtype, shape, spread, offset)
        # SciPy cannot read float16; every one of its values is a float64.
        readable = source.astype(np.float64) if dtype == "f16" else source
        wide = np.complex128 if source.dtype.kind == "c" else np.float64
        filtered = list(range(len(shape))) if axes is None else list(axes)
        options = {} if truncate is None else {"truncate": truncate}
        if radius is not None:
            options["radius"] = radius
        expected = ndimage.gaussian_filter(readable, sigma, order=order, output=wide, mode=mode, cval=cval,
                                           axes=tuple(filtered), **options)
        taps = []
        weight = 1.0
        for one_sigma, one_order, one_radius in zip(as_list(sigma, len(filtered)), as_list(order, len(filtered)),
                                                    as_list(radius, len(filtered))):
            if one_sigma == 0:
                continue
            cut = one_radius if one_radius is not None else int((truncate or 4.0) * one_sigma + 0.5)
            kernel = _gaussian_kernel1d(one_sigma, one_order, cut)[::-1]
            weight *= float(np.abs(kernel).sum())
            taps.append(f"{self.store(kernel)}:{len(kernel)}")
        flat = readable.reshape(-1)
        parts = np.concatenate([flat.real, flat.imag]) if wide is np.complex128 else flat
        largest = max([float(np.abs(parts.astype(np.float64)).max())] + (
            [abs(complex(cval).real), abs(complex(cval).imag)] if "constant" in as_list(mode, 1) else []))

        def listed(value, show=str):
            return ",".join(show(item) for item in as_list(value, 1)) or "-"

        def number(value):
            return float(value).hex()

        assert name not in self.names, name
        self.names.add(name)
        fields = [
            name, f"in={dtype}", f"out={out}", f"shape={listed(list(shape))}", f"sigma={listed(sigma, number)}",
            f"order={listed(order)}", f"border={listed(mode)}",
            f"cval={number(complex(cval).real)},{number(complex(cval).imag)}", f"axes={listed(filtered)}",
            f"truncate={'-' if truncate is None else number(truncate)}",
            f"radius={'-' if radius is None else listed(radius)}", f"n={number(weight)}", f"m={number(largest)}",
            f"taps={','.join(taps) or '-'}", f"input={self.store(source)}", f"expected={self.store(expected)}",
        ]
        self.lines.append(" ".join(fields))

    def save(self, more):
        (FOLDER / "cases.txt").write_text("\n".join(self.lines) + "\n")
        (FOLDER / "data.bin").write_bytes(bytes(self.data))
        (FOLDER / "VERSIONS.txt").write_text(
            f"Made by tests/golden/generate.py with\nPython {platform.python_version()}\nNumPy {np.__version__}\n"
            f"SciPy {scipy.__version__}\n{platform.system()} {platform.machine()}, {sys.byteorder}-endian\n"
            f"{len(self.lines)} cases, {more} more of SciPy's rules\n")
        print(f"{len(self.lines)} cases, {len(self.data)} bytes of arrays")


def modes_and_orders(w):
    for mode, order in itertools.product(MODES, range(4)):
        cval = 1.5 if mode == "constant" and order == 0 else 0.0
        w.case(f"{mode}_order{order}_f64", (9, 12), sigma=1.3, order=order, mode=mode, cval=cval)
        w.case(f"{mode}_order{order}_f32", (7, 33), "f32", sigma=1.7, order=order, mode=mode, cval=cval)
        w.case(f"{mode}_order{order}_u8_to_f32", (8, 11), "u8", "f32", sigma=0.9, order=order, mode=mode, cval=cval)


def per_axis(w):
    w.case("sigma_per_axis", (10, 12), sigma=[0.7, 2.1])
    w.case("sigma_zero_on_axis_0", (6, 14), sigma=[0.0, 2.0])
    w.case("sigma_zero_on_axis_1", (14, 6), "f32", sigma=[1.5, 0.0], mode="wrap")
    w.case("sigma_zero_everywhere", (5, 6), sigma=0.0)
    for one, two in [(0, 1), (1, 0), (2, 0), (1, 1), (3, 2), (0, 3)]:
        w.case(f"order_{one}_{two}", (11, 10), sigma=[1.2, 1.6], order=[one, two])
        w.case(f"order_{one}_{two}_f32", (10, 19), "f32", sigma=[1.6, 1.1], order=[one, two], mode="mirror")
    for one, two in itertools.permutations(MODES, 2):
        w.case(f"borders_{one}_{two}", (7, 8), sigma=1.4, mode=[one, two],
               cval=-2.25 if "constant" in (one, two) else 0.0)
    w.case("radius_one", (9, 9), sigma=2.0, radius=1)
    w.case("radius_zero", (5, 9), sigma=2.0, radius=0)
    w.case("radius_per_axis", (9, 10), sigma=[2.0, 1.0], radius=[7, 2])
    w.case("radius_per_axis_f32", (9, 40), "f32", sigma=[2.0, 1.0], radius=[3, 8], mode="nearest")
    w.case("radius_order_1", (12, 9), sigma=1.0, order=1, radius=2, mode="wrap")
    for axes in [(0,), (1,), (2,), (0, 2), (2, 0), (1, 2), (-1, 0), (2, 1, 0)]:
        label = "_".join(str(a).replace("-", "m") for a in axes)
        w.case(f"axes_{label}", (5, 6, 7), sigma=1.1, axes=axes)
    w.case("axes_order_of_options", (5, 6, 7), sigma=[0.6, 1.9], order=[1, 0], mode=["wrap", "nearest"], axes=(2, 0))
    w.case("axes_order_of_radius", (5, 6, 7), sigma=[0.6, 1.9], radius=[1, 4], mode="mirror", axes=(1, 0))
    w.case("axes_interleaved_u8", (9, 11, 3), "u8", sigma=1.5, axes=(0, 1))
    w.case("axes_interleaved_f32", (6, 13, 4), "f32", sigma=2.5, axes=(0, 1), mode="wrap")


def strengths(w):
    for sigma in [0.1, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 2.5, 5.0, 7.3]:
        label = str(sigma).replace(".", "p")
        w.case(f"sigma_{label}", (40,), sigma=sigma)
        w.case(f"sigma_{label}_f32", (5, 40), "f32", sigma=sigma, mode="mirror")
    for truncate in [0.25, 1.0, 2.5, 6.0, 8.0]:
        label = str(truncate).replace(".", "p")
        w.case(f"truncate_{label}", (10, 9), sigma=1.9, truncate=truncate)
        w.case(f"truncate_{label}_order2_f32", (30,), "f32", sigma=1.9, truncate=truncate, order=2)
    for mode in MODES:
        w.case(f"sigma_20_{mode}", (30,), sigma=20.0, mode=mode, cval=0.5 if mode == "constant" else 0.0)
        w.case(f"sigma_60_short_{mode}_f32", (17, 3), "f32", sigma=60.0, mode=mode)


def small_sizes(w):
    for shape, mode in itertools.product([(1,), (2,), (3,), (1, 1), (1, 7), (7, 1), (2, 3), (3, 1, 2)], MODES):
        label = "x".join(str(n) for n in shape)
        w.case(f"small_{label}_{mode}", shape, sigma=3.0, mode=mode, cval=2.0 if mode == "constant" else 0.0)
        w.case(f"small_{label}_{mode}_f32", shape, "f32", sigma=1.5, mode=mode)
        if mode != "constant":
            w.case(f"small_{label}_{mode}_order1", shape, sigma=2.0, mode=mode, order=1)


def ranks(w):
    for shape in [(37,), (9, 11), (4, 6, 5), (3, 4, 2, 5), (2, 3, 2, 3, 2)]:
        for dtype, mode in zip(["f64", "f32", "u8", "i16"], ["reflect", "wrap", "mirror", "nearest"]):
            w.case(f"rank{len(shape)}_{dtype}", shape, dtype, sigma=1.2, mode=mode)
        w.case(f"rank{len(shape)}_order1", shape, sigma=0.8, order=[1] + [0] * (len(shape) - 1), mode="nearest")
        w.case(f"rank{len(shape)}_constant", shape, sigma=0.9, mode="constant", cval=-1.0)


def dtypes(w):
    real = [d for d in DTYPES if not d.startswith("c")]
    for index, dtype in enumerate(DTYPES):
        mode = MODES[index % 4]
        w.case(f"{dtype}_same", (9, 13), dtype, sigma=1.1, mode=mode)
        w.case(f"{dtype}_line", (50,), dtype, sigma=2.3, mode=MODES[(index + 1) % 4])
        w.case(f"{dtype}_constant", (6, 9), dtype, sigma=0.7, mode="constant", cval=1.0)
    for dtype in real:
        for out in ["u8", "i16", "f32", "f64"]:
            if out != dtype:
                w.case(f"{dtype}_to_{out}", (6, 17), dtype, out, sigma=0.9, spread=90.0, offset=60.0)
    for out in ["bool", "i8", "u16", "u32", "i32", "u64", "i64", "f16"]:
        w.case(f"f32_to_{out}", (6, 17), "f32", out, sigma=0.6, spread=300.0, offset=20.0)
        w.case(f"f64_to_{out}", (6, 17), "f64", out, sigma=0.6, spread=300.0, offset=20.0)
    for dtype, out in [("c64", "c128"), ("c128", "c64"), ("f32", "c64"), ("u8", "c128"), ("f64", "c64")]:
        w.case(f"{dtype}_to_{out}", (6, 9), dtype, out, sigma=1.0)
    w.case("complex_cval", (6, 9), "c128", sigma=1.0, mode="constant", cval=1.0 - 2.0j)
    w.case("complex_cval_c64", (6, 9), "c64", sigma=1.0, mode="constant", cval=-0.5 + 2.0j)
    for dtype, out in [("u8", "i16"), ("u16", "i32"), ("i8", "i8"), ("i16", "i16"), ("i32", "i64"), ("bool", "i8"),
                       ("u32", "i64")]:
        w.case(f"{dtype}_order1_to_{out}", (7, 15), dtype, out, sigma=1.0, order=[0, 1], mode="mirror")
        w.case(f"{dtype}_order2_to_{out}", (7, 15), dtype, out, sigma=0.8, order=[2, 0], mode="nearest")
    for dtype in ["f32", "f64"]:
        w.case(f"{dtype}_large_offset", (9, 14), dtype, sigma=1.5, offset=1e6)
        w.case(f"{dtype}_large_offset_order2", (9, 14), dtype, sigma=1.5, order=[2, 0], offset=1e6)
        w.case(f"{dtype}_wide_rows", (3, 131), dtype, sigma=1.0, mode="wrap")
        w.case(f"{dtype}_tall_columns", (131, 3), dtype, sigma=2.0)


def main():
    writer = Writer()
    for group in (modes_and_orders, per_axis, strengths, small_sizes, ranks, dtypes):
        group(writer)
    writer.save(scipy_rules.main())


if __name__ == "__main__":
    main()
