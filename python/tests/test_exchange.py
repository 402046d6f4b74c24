"""Arrays in and out: who may bring memory, in which dtype, order and byte order, and what comes back."""
import array
import ctypes

import array_api_strict
import gaussfilt
import numpy as np
import pytest

DTYPES = ["?", "u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8", "f2", "f4", "f8", "c8", "c16"]


def sample(dtype, shape=(7, 9), seed=1):
    values = np.random.default_rng(seed).random(shape) * 100
    return (values > 50) if dtype == "?" else values.astype(dtype)


class OnlyInterface:
    """An object that offers its memory by __array_interface__ alone."""

    def __init__(self, held):
        self.held = held
        self.__array_interface__ = held.__array_interface__


class OnlyDLPack:
    """An object that offers its memory by DLPack alone, as PyTorch's tensors do."""

    def __init__(self, held):
        self.held = held

    def __dlpack__(self, **options):
        return self.held.__dlpack__(**options)

    def __dlpack_device__(self):
        return self.held.__dlpack_device__()


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_dtype_keeps_its_own(dtype):
    a = sample(dtype)
    result = gaussfilt.gaussian(a, 1.5)
    assert type(result) is np.ndarray and result.dtype == a.dtype and result.shape == a.shape


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("dtype", DTYPES)
def test_byte_order(dtype, order):
    a = sample(dtype)
    swapped = a.astype(a.dtype.newbyteorder(order))
    result = gaussfilt.gaussian(swapped, 1.5)
    assert result.dtype.isnative
    np.testing.assert_array_equal(result, gaussfilt.gaussian(a, 1.5))
    out = np.zeros(a.shape, swapped.dtype)
    assert gaussfilt.gaussian(a, 1.5, out=out) is out
    np.testing.assert_array_equal(out, result)


@pytest.mark.parametrize("dtype", ["u1", "f4", "f8", "c16", ">f8", ">i2"])
def test_strides(dtype):
    a = sample(dtype, (12, 10, 8))
    for view in (a.T, a[::-1, :, ::-2], a[1:, ::3], a.transpose(1, 2, 0), np.broadcast_to(a[0], a.shape)):
        expected = gaussfilt.gaussian(np.ascontiguousarray(view), 1.0)
        np.testing.assert_array_equal(gaussfilt.gaussian(view, 1.0), expected)
        out = np.zeros_like(np.empty(view.shape[::-1], a.dtype)).T
        gaussfilt.gaussian(view, 1.0, out=out)
        np.testing.assert_array_equal(out, expected)


def test_record_fields_are_views():
    records = np.zeros((6, 5), [("before", "u1"), ("value", "<f4"), ("after", "<u2")])
    records["value"] = sample("f4", (6, 5))
    expected = gaussfilt.gaussian(records["value"].copy(), 1.0)
    np.testing.assert_array_equal(gaussfilt.gaussian(records["value"], 1.0), expected)
    gaussfilt.gaussian(records["value"], 1.0, out=records["value"])
    np.testing.assert_array_equal(records["value"], expected)
    assert not records["before"].any() and not records["after"].any()


@pytest.mark.parametrize("shape", [(), (1,), (0,), (3, 0, 2), (1, 1, 1), (2,) * 16])
def test_any_rank_and_empty_axes(shape):
    a = np.ones(shape, np.float32)
    result = gaussfilt.gaussian(a, 1.0)
    assert result.shape == shape
    np.testing.assert_allclose(result, 1, rtol=1e-6)


def test_in_place_and_out_alias():
    a = sample("f4", (30, 40))
    expected = gaussfilt.gaussian(a, 2.0)
    b = a.copy()
    assert gaussfilt.gaussian(b, 2.0, out=b) is b
    np.testing.assert_array_equal(b, expected)


def test_buffers_give_our_array():
    for source in (b"abcdef", bytearray(b"abcdef"), memoryview(b"abcdef"), array.array("d", [1, 5, 2]),
                   (ctypes.c_float * 3)(1, 2, 3)):  # fmt: skip
        result = gaussfilt.gaussian(source, 1.0)
        assert type(result) is gaussfilt.Array
        expected = gaussfilt.gaussian(np.array(memoryview(source)), 1.0)
        np.testing.assert_array_equal(np.asarray(result), expected)
        np.testing.assert_array_equal(np.from_dlpack(result), expected)


def test_our_array():
    a = gaussfilt.gaussian(memoryview(sample("f4", (2, 3))).cast("B").cast("f", (2, 3)), 0.0)
    assert (a.shape, a.dtype, a.ndim, a.nbytes, len(a)) == ((2, 3), "float32", 2, 24, 2)
    assert repr(a) == "<gaussfilt.Array of float32, shape (2, 3)>"
    view = memoryview(a)
    assert (view.format, view.shape, view.strides, view.readonly) == ("f", (2, 3), (12, 4), False)
    again = gaussfilt.gaussian(a, 1.0, out=a)
    assert again is a
    held = np.asarray(a)
    del a, again, view
    assert np.isfinite(held).all()  # the view keeps the memory


@pytest.mark.parametrize("dtype", DTYPES)
def test_our_array_speaks_every_dtype(dtype):
    a = sample(dtype)
    # An object without a library of its own gives our Array, which must say the same dtype both ways.
    ours = gaussfilt.gaussian(OnlyInterface(a), 1.5)
    assert type(ours) is gaussfilt.Array
    expected = gaussfilt.gaussian(a, 1.5)
    for back in (np.asarray(ours), np.from_dlpack(ours)):
        assert back.dtype == a.dtype
        np.testing.assert_array_equal(back, expected)


def test_array_interface_in_place_of_a_buffer():
    a = sample(">f4", (5, 6))
    expected = gaussfilt.gaussian(a, 1.0)
    np.testing.assert_array_equal(np.asarray(gaussfilt.gaussian(OnlyInterface(a), 1.0)), expected)
    view = a[::2, ::-1]
    of_view = np.asarray(gaussfilt.gaussian(OnlyInterface(view), 1.0))
    np.testing.assert_array_equal(of_view, gaussfilt.gaussian(view, 1.0))
    out = np.zeros((5, 6), "<f4")
    gaussfilt.gaussian(a, 1.0, out=OnlyInterface(out))
    np.testing.assert_array_equal(out, expected)
    out.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        gaussfilt.gaussian(a, 1.0, out=OnlyInterface(out))


def test_dlpack_gives_the_same_library():
    a = sample("f4", (5, 6))
    strict = array_api_strict.asarray(a)
    result = gaussfilt.gaussian(strict, 1.0)
    assert type(result) is type(strict)
    np.testing.assert_array_equal(np.from_dlpack(result), gaussfilt.gaussian(a, 1.0))


def test_dlpack_is_read_and_written_in_place():
    a = sample("f4", (5, 6))
    out = np.zeros((6, 5), np.float32).T
    gaussfilt.gaussian(OnlyDLPack(a[:, ::-1]), 1.0, out=OnlyDLPack(out))
    np.testing.assert_array_equal(out, gaussfilt.gaussian(a[:, ::-1], 1.0))


def test_lists_and_numbers_become_numpy():
    assert gaussfilt.gaussian([0.0, 1.0, 0.0], 1.0).dtype == np.float64
    assert gaussfilt.gaussian(3.0, 1.0) == 3.0
    assert type(gaussfilt.gaussian(np.float32(3), 1.0)) is np.ndarray


@pytest.mark.parametrize(
    "dtype", ["float32", "f4", ">f4", np.float32, np.dtype("f4"), np.dtype(">f4"), array_api_strict.float32]
)
def test_dtype_spellings(dtype):
    assert gaussfilt.gaussian(sample("u1"), 1.0, dtype=dtype).dtype == np.float32


def test_scalar_types_as_dtype():
    a = sample("u1")
    assert gaussfilt.gaussian(a, 1.0, dtype=float).dtype == np.float64
    assert gaussfilt.gaussian(a, 1.0, dtype=int).dtype == np.int64
    assert gaussfilt.gaussian(a, 1.0, dtype=complex).dtype == np.complex128


def test_subclasses_give_plain_arrays():
    assert type(gaussfilt.gaussian(np.array([[1.0, 2.0]]).view(np.recarray), 1.0)) is np.ndarray
