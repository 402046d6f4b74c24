"""Nothing leaks: 10^5 calls of every kind, failures among them, leave the process as large as it was."""
import gc
import sys

import gaussfilt
import numpy as np


def resident_kib():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4


def calls():
    a = np.random.default_rng(0).random((8, 8), np.float32)
    swapped = a.astype(">f4")
    out = np.empty_like(a)
    plan = gaussfilt.plan(a.shape, a.dtype, 1.0)

    def failing():
        try:
            gaussfilt.gaussian(a, -1.0)
        except ValueError:
            return

    def masked():
        try:
            gaussfilt.gaussian(np.ma.masked_array(a), 1.0)
        except TypeError:
            return

    return [
        lambda: gaussfilt.gaussian(a, 1.0),
        lambda: gaussfilt.gaussian(a, (1.0, 2.0), order=(0, 1), border=("wrap", "mirror"), out=out),
        lambda: gaussfilt.gaussian(swapped, 1.0, dtype="f8"),
        lambda: gaussfilt.gaussian(b"0123456789", 1.0),
        lambda: np.from_dlpack(gaussfilt.gaussian(bytearray(b"0123456789"), 1.0)),
        lambda: gaussfilt.separable(a, [[1.0, 2.0, 1.0]]),
        lambda: plan(a, out),
        lambda: plan.run_region(a, (0, 0), out[:3, :3], (0, 0)),
        failing,
        masked,
    ]


def test_memory_stays_flat():
    functions = calls()
    for _ in range(300):
        for function in functions:
            function()
    gc.collect()
    before = resident_kib()
    for _ in range(10_000):
        for function in functions:
            function()
    gc.collect()
    assert resident_kib() - before < 1024  # KiB; a leak of 16 bytes a call would be 1.5 MiB


def test_references_are_given_back():
    a = np.zeros((8, 8), np.float32)
    out = np.zeros((8, 8), np.float32)
    counts = sys.getrefcount(a), sys.getrefcount(out)
    for _ in range(100):
        gaussfilt.gaussian(a, 1.0, out=out)
    assert (sys.getrefcount(a), sys.getrefcount(out)) == counts


def test_memory_lives_as_long_as_its_array():
    a = gaussfilt.gaussian(b"abc" * 1000, 1.0)
    view, shared = memoryview(a), np.from_dlpack(a)
    del a
    gc.collect()
    assert bytes(view) == shared.tobytes()
