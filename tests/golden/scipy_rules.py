"""Golden data for SciPy's own rules: scipy_cases.txt and scipy_data.bin, called by generate.py.

Each case is one call of ndimage.correlate, or a chain of correlate1d or uniform_filter1d calls, one an axis, each reading what the one
before wrote in the output's dtype, as ndimage's filters of several axes do. The expected items are SciPy's bytes; an array of bool may hold any byte
in SciPy, here its truth.
"""

from pathlib import Path

import numpy as np
from scipy import ndimage

FOLDER = Path(__file__).resolve().parent
MODES = ["reflect", "mirror", "nearest", "wrap", "constant"]
DTYPES = {
    "bool": np.bool_, "u8": np.uint8, "u16": np.uint16, "u32": np.uint32, "u64": np.uint64, "i8": np.int8,
    "i16": np.int16, "i32": np.int32, "i64": np.int64, "f32": np.float32, "f64": np.float64, "c64": np.complex64,
    "c128": np.complex128,
}
INTEGERS = [name for name, kind in DTYPES.items() if np.dtype(kind).kind in "biu"]


class Writer:
    def __init__(self):
        self.rng = np.random.Generator(np.random.PCG64(20261121))
        self.data = bytearray()
        self.lines = []

    def store(self, array):
        raw = np.ascontiguousarray(array).tobytes()
        self.data += bytes(-len(self.data) % 8)
        self.data += raw
        return len(self.data) - len(raw)

    def source(self, dtype, shape, spread):
        kind = np.dtype(DTYPES[dtype])
        if kind.kind == "b":
            return self.rng.random(shape) < 0.5
        if kind.kind in "iu":
            info = np.iinfo(kind)
            return self.rng.integers(info.min, info.max, size=shape, endpoint=True, dtype=kind)
        values = self.rng.standard_normal(shape) * spread
        if kind.kind == "c":
            values = values + 1j * self.rng.standard_normal(shape) * spread
        return values.astype(kind)

    def taps(self, kind, size):
        """Taps whose pairs are exactly even or odd, or neither, with a centre as the kind says."""
        taps = self.rng.standard_normal(size)
        half = size // 2
        if kind == "even":
            taps[half + 1:] = taps[:half][::-1]
        if kind.startswith("odd"):
            taps[half + 1:] = -taps[:half][::-1]
        if kind == "odd":
            taps[half] = 0.0
        return taps

    def add(self, name, filter_name, source, out, expected, mode, cval, axes, fields):
        dtype = next(key for key, kind in DTYPES.items() if kind == source.dtype.type)
        listed = ",".join([str(mode)] if isinstance(mode, str) else mode)
        if out == "bool":
            expected = expected.view(np.uint8) != 0
        self.lines.append(" ".join([
            name, f"filter={filter_name}", f"in={dtype}", f"out={out}",
            f"shape={','.join(str(n) for n in source.shape)}", f"border={listed}",
            f"cval={complex(cval).real.hex()},{complex(cval).imag.hex()}", f"axes={','.join(str(a) for a in axes)}",
            *fields, f"input={self.store(source)}", f"expected={self.store(expected)}"]))

    def separable(self, name, shape, dtype, out, kernels, mode="reflect", cval=0.0, origin=0, axes=None, spread=1.0,
                  source=None):
        """`kernels`: taps for each axis."""
        source = self.source(dtype, shape, spread) if source is None else source
        axes = list(range(len(shape))) if axes is None else axes
        expected = source
        for index, (axis, taps) in enumerate(zip(axes, kernels)):
            one_mode = mode if isinstance(mode, str) else mode[index]
            with np.errstate(invalid="ignore"):
                expected = ndimage.correlate1d(expected, taps, axis, DTYPES[out], one_mode, cval, origin)
        taps = ",".join(f"{self.store(k)}:{len(k)}:{len(k) // 2 + origin}" for k in kernels)
        self.add(name, "separable", source, out, expected, mode, cval, axes, [f"taps={taps}"])

    def uniform(self, name, shape, dtype, out, size, mode="reflect", cval=0.0, origin=0, axes=None, spread=1.0,
                source=None):
        source = self.source(dtype, shape, spread) if source is None else source
        axes = list(range(len(shape))) if axes is None else axes
        sizes, origins, modes = (value if isinstance(value, list) else [value] * len(axes)
                                 for value in (size, origin, mode))
        expected = source
        for axis, one_size, one_mode, one_origin in zip(axes, sizes, modes, origins):
            with np.errstate(invalid="ignore"):
                expected = ndimage.uniform_filter1d(expected, one_size, axis, DTYPES[out], one_mode, cval, one_origin)
        self.add(name, "uniform", source, out, expected, mode, cval, axes, [
            f"size={','.join(str(n) for n in sizes)}", f"origin={','.join(str(n) for n in origins)}"])

    def dense(self, name, shape, dtype, out, kernel, mode="reflect", cval=0.0, origin=0, axes=None, spread=1.0,
              source=None):
        source = self.source(dtype, shape, spread) if source is None else source
        axes = list(range(len(shape))) if axes is None else axes
        origins = origin if isinstance(origin, list) else [origin] * len(axes)
        with np.errstate(invalid="ignore"):
            expected = ndimage.correlate(source, kernel, DTYPES[out], mode, cval, origins, axes=axes)
        self.add(name, "dense", source, out, expected, mode, cval, axes, [
            f"kernel={self.store(kernel)}", f"extents={','.join(str(n) for n in kernel.shape)}",
            f"origin={','.join(str(n) for n in origins)}"])

    def save(self):
        (FOLDER / "scipy_cases.txt").write_text("\n".join(self.lines) + "\n")
        (FOLDER / "scipy_data.bin").write_bytes(bytes(self.data))
        print(f"{len(self.lines)} cases of SciPy's rules, {len(self.data)} bytes of arrays")
        return len(self.lines)


# What a C cast does beside the edges of each dtype.
EDGES = np.array([
    0, -0.0, 0.5, -0.5, 1.9, -1.9, 127.7, 128.2, -128.9, -129.5, 255.9, 256, 300, -1, -300, 32768.5, 65535.5, 65536,
    65537.3, -65537.3, 70000, -70000, 2.0**31 - 0.5, 2.0**31, -(2.0**31) - 0.5, -(2.0**31) - 1, 2.0**31 + 5, 2.0**32 - 0.5,
    2.0**32, 2.0**32 + 7, -(2.0**32) - 9, 2.0**52 + 1, 2.0**63, 2.0**63 - 1024, 2.0**63 + 4096, -(2.0**63), 2.0**64 - 2048,
    2.0**64, -(2.0**63) - 4096, 1e20, -1e20, 1e300, np.nan, -np.nan, np.inf, -np.inf, 1e-300, -3.0,
])


def casts(w):
    for out in INTEGERS:
        w.separable(f"edges_to_{out}", EDGES.shape, "f64", out, [np.array([1.0])], source=EDGES)
        w.separable(f"edges_twice_to_{out}", (6, 8), "f64", out, [np.array([1.0]), np.array([1.5])],
                    source=EDGES.reshape(6, 8))


def integers(w):
    for index, dtype in enumerate(INTEGERS):
        kinds = ["even", "odd", "odd_centre", "none"]
        for turn, kind in enumerate(kinds):
            mode = MODES[(index + turn) % 5]
            taps = [w.taps(kind, 5) * 0.4, w.taps(kinds[turn - 1], 3) * 0.7]
            w.separable(f"{dtype}_{kind}", (6, 9), dtype, dtype, taps, mode, cval=3.7, origin=turn % 2)
        w.separable(f"{dtype}_rank3", (4, 5, 6), dtype, dtype, [w.taps("even", 3) * 0.6 for _ in range(3)], "mirror")
        w.separable(f"{dtype}_smooth", (8, 19), dtype, dtype, [np.array([0.25, 0.5, 0.25])] * 2, MODES[index % 5])
        w.separable(f"f64_to_{dtype}", (6, 9), "f64", dtype, [w.taps("none", 4), w.taps("odd", 5)], spread=300.0)
        w.separable(f"u8_to_{dtype}", (6, 19), "u8", dtype, [w.taps("odd", 5), w.taps("even", 5)], "nearest")
    w.separable("u8_to_bool_twice", (6, 9), "u8", "bool", [w.taps("odd", 3) * 0.01, w.taps("even", 3)])
    w.separable("i16_axes", (4, 6, 5), "i16", "i16", [w.taps("even", 3), w.taps("odd", 3)], "wrap", axes=[2, 0])
    w.separable("u16_long_taps", (3, 4), "u16", "u16", [w.taps("even", 21) * 0.2, w.taps("none", 20) * 0.2], "reflect")
    w.separable("i32_modes", (5, 7), "i32", "i32", [w.taps("none", 4), w.taps("even", 7)], ["constant", "wrap"], cval=-2.5)
    w.separable("u8_interleaved", (9, 20, 3), "u8", "u8", [w.taps("even", 5) * 0.3, w.taps("even", 5) * 0.3], axes=[0, 1])


def orders_of_summation(w):
    """Sizes, kinds and origins in f64: the sums must come in SciPy's order."""
    for kind in ["even", "odd", "odd_centre", "none"]:
        for size in [1, 2, 3, 4, 7, 12] if kind == "none" else [1, 3, 7, 13]:
            for origin in sorted({-(size // 2), 0, (size - 1) // 2}):
                taps = [w.taps(kind, size)] * 2
                mode = MODES[(size + origin) % 5]
                w.separable(f"f64_{kind}_{size}_origin_{origin}".replace("-", "m"), (7, 19), "f64", "f64", taps, mode,
                            cval=1.25, origin=origin)
    holes = w.rng.standard_normal((9, 21))
    holes[2, 3], holes[5, 17], holes[7, 8] = np.nan, np.inf, -np.inf
    for kind in ["even", "odd", "none"]:
        taps = w.taps(kind, 5)
        taps[[1, 2, 3]] = 0.0
        w.separable(f"zero_taps_{kind}", holes.shape, "f64", "f64", [taps, taps], source=holes)
    w.separable("constant_three_axes", (4, 5, 6), "f64", "f64", [w.taps("even", 3)] * 3, "constant", cval=-1.5)
    w.separable("complex_constant", (5, 9), "c128", "c128", [w.taps("even", 3), w.taps("odd_centre", 5)], "constant",
                cval=0.5 - 2.0j)
    w.separable("f64_from_u8", (9, 17), "u8", "f64", [w.taps("odd_centre", 5)] * 2, "mirror", origin=1)


def running_means(w):
    for size in [1, 2, 3, 4, 7, 8, 30]:
        for origin in sorted({-(size // 2), 0, (size - 1) // 2}):
            mode = MODES[(size + origin) % 5]
            w.uniform(f"mean_{size}_origin_{origin}".replace("-", "m"), (7, 19), "f64", "f64", size, mode, 1.25, origin)
    for index, dtype in enumerate(DTYPES):
        for turn, size in enumerate([3, [5, 4]]):
            name = f"mean_{dtype}_{turn}"
            w.uniform(name, (9, 14), dtype, dtype, size, MODES[(index + turn) % 5], cval=3.7, spread=80.0)
        if not dtype.startswith("c"):
            w.uniform(f"mean_f64_to_{dtype}", (9, 14), "f64", dtype, [3, 6], MODES[index % 5], cval=-3.7, spread=80.0)
    w.uniform("mean_line", (60,), "f32", "f32", 9)
    w.uniform("mean_rank3", (6, 7, 11), "f32", "f32", [2, 5, 3], ["wrap", "mirror", "constant"], origin=[0, -2, 1])
    w.uniform("mean_rank4_axes", (3, 6, 5, 4), "i16", "i16", [4, 3, 5], "nearest", axes=[3, 0, 2])
    w.uniform("mean_interleaved", (9, 20, 3), "u8", "u8", 5, axes=[0, 1])
    w.uniform("mean_complex_cval", (6, 9), "c128", "c128", [3, 4], "constant", cval=0.5 - 2.0j)
    w.uniform("mean_tall", (90, 3), "f64", "f64", [11, 2], "mirror")
    w.uniform("mean_long_window", (3, 4), "f64", "f64", 47, "reflect", origin=-20)
    w.uniform("mean_single_sample", (1, 1), "f64", "f64", [5, 4], "mirror")
    for mode in MODES:
        w.uniform(f"mean_many_lines_{mode}", (12, 150), "f32", "f32", 6, mode, cval=0.1)
    holes = w.rng.standard_normal((11, 9))
    holes[2, 3], holes[5, 7], holes[7, 1] = np.nan, np.inf, -np.inf
    w.uniform("mean_holes", holes.shape, "f64", "f64", 3, source=holes)


def dense_kernels(w):
    for out in INTEGERS:
        w.dense(f"dense_edges_to_{out}", EDGES.shape, "f64", out, np.array([1.0]), source=EDGES)
    for index, dtype in enumerate(DTYPES):
        kernel = w.rng.standard_normal((3, 4)) * 0.7
        w.dense(f"dense_{dtype}", (9, 17), dtype, dtype, kernel, MODES[index % 5], 3.7, [1, -2])
        if not dtype.startswith("c"):
            w.dense(f"dense_f64_to_{dtype}", (9, 17), "f64", dtype, kernel, MODES[(index + 2) % 5], -3.7, spread=300.0)
    for mode in MODES:
        w.dense(f"dense_full_{mode}", (12, 75), "f64", "f64", w.rng.standard_normal((5, 5)), mode, 1.25)
        w.dense(f"dense_longer_than_its_axes_{mode}", (3, 4), "f64", "f64", w.rng.standard_normal((9, 12)), mode, 0.5)
    sparse = w.rng.standard_normal((3, 5)) * (w.rng.random((3, 5)) < 0.5)
    sparse[1, 2], sparse[0, 0], sparse[2, 4] = 2.0**-52, -(2.0**-52), 2.0**-51
    w.dense("dense_negligible", (8, 40), "f64", "f64", sparse, spread=1e16)
    holes = w.rng.standard_normal((9, 21))
    holes[2, 3], holes[5, 17], holes[7, 8] = np.nan, np.inf, -np.inf
    w.dense("dense_holes", holes.shape, "f64", "f64", sparse, source=holes)
    w.dense("dense_rank3", (6, 7, 11), "f64", "f64", w.rng.standard_normal((3, 2, 3)), "wrap", origin=[1, -1, 0])
    w.dense("dense_rank4_axes", (3, 6, 5, 4), "i32", "i32", w.rng.standard_normal((2, 3)), "mirror", axes=[1, 3])
    w.dense("dense_interleaved", (9, 20, 3), "u8", "u8", w.rng.standard_normal((3, 3)) * 0.3, axes=[0, 1])
    w.dense("dense_complex_constant", (5, 9), "c128", "c128", w.rng.standard_normal((3, 3)), "constant", 0.5 - 2.0j)


GROUPS = [casts, integers, orders_of_summation, running_means, dense_kernels]


def main():
    writer = Writer()
    for group in GROUPS:
        group(writer)
    return writer.save()
