"""gaussfilt.ndimage beside scipy.ndimage: the same bits, the same exceptions, whatever the call.

Bits are equal for float64, complex128, integers and bool (as truth values: SciPy leaves other bytes than 0 and 1);
float32 and complex64 lie within 4 eps * N * M of SciPy's up to sigma 5, 32 eps * N * M above; from correlate and
convolve they have its bits, too.
"""

import inspect
import warnings

import numpy as np
import pytest
from gaussfilt import ndimage
from gaussfilt.ndimage._taps import gaussian_taps, radius_of
from hypothesis import given
from hypothesis import strategies as st
from ndimage_cases import BAD, Call, bad_calls, calls, make, simple_call, spoil
from scipy import ndimage as scipy_ndimage

FUNCTIONS = ndimage.__all__
COMPOSITES = ("laplace", "gaussian_laplace", "gaussian_gradient_magnitude")
# What SciPy's copies of foreign outputs say as they go after an exception.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
NOT_SCIPYS = {"tolerance", "threads"}


def parameters_of(function):
    return inspect.signature(function).parameters


@pytest.mark.parametrize("name", FUNCTIONS)
def test_signatures(name):
    """Names, order, defaults and kinds are SciPy's; what is added is by keyword only."""
    theirs, ours = parameters_of(getattr(scipy_ndimage, name)), parameters_of(getattr(ndimage, name))
    shared = [(p.name, p.default, p.kind) for p in ours.values() if p.name not in NOT_SCIPYS]
    assert shared == [(p.name, p.default, p.kind) for p in theirs.values()]
    assert all(ours[name].kind == inspect.Parameter.KEYWORD_ONLY for name in NOT_SCIPYS & set(ours))


def run(module, call: Call):
    """(result, output given, exception, warnings) of a call on arrays of its own."""
    array = call.input.copy() if isinstance(call.input, np.ndarray) else call.input
    if isinstance(call.input, np.ndarray):
        array = place(call.input)
    given, kwargs = given_output(call, array), dict(call.kwargs)
    if call.output[0] == "shifted" and given is not None:
        array, given = given
    if given is not None:
        kwargs["output"] = given
    with warnings.catch_warnings(record=True) as caught, np.errstate(all="ignore"):
        warnings.simplefilter("always")
        try:
            result = getattr(module, call.function)(array, *call.args, **kwargs)
        except Exception as error:  # noqa: BLE001, both must raise the same
            return None, given, error, []
    return result, given, None, sorted({w.category.__name__ for w in caught if w.category is not RuntimeWarning})


def place(array):
    """A copy with the same strides, byte order and flags."""
    span = sum((extent - 1) * abs(stride) for extent, stride in zip(array.shape, array.strides, strict=True))
    if array.size == 0 or array.dtype.hasobject:
        return array.copy()
    start = sum((extent - 1) * -stride for extent, stride in zip(array.shape, array.strides, strict=True) if stride < 0)
    copy = np.ndarray(array.shape, array.dtype, bytearray(span + array.itemsize), start, array.strides)
    copy[...] = array
    copy.flags.writeable = array.flags.writeable
    return copy


def given_output(call, array):
    kind = call.output[0]
    if kind == "none" or (kind in ("same", "shifted") and not isinstance(array, np.ndarray)):
        return None
    if kind == "value":
        value = call.output[1]
        return value.copy() if isinstance(value, np.ndarray) else value
    if kind == "array":
        shape = getattr(call.input, "shape", (3, 4))
        return make(np.random.default_rng(call.seed), shape, *call.output[1:])
    if kind == "same":
        return array
    if array.ndim == 0 or array.dtype.hasobject:
        return None
    longer = np.zeros((array.shape[0] + 1, *array.shape[1:]), array.dtype)
    longer[:-1] = array
    return longer[:-1], longer[1:]


def magnitude(call):
    """N * M: the product of the sums of the taps' magnitudes, times the largest magnitude that the call may read."""
    array = call.input
    largest = float(np.max(np.abs(array.astype(complex)), initial=0.0))
    cval = call.kwargs.get("cval", 0.0)
    largest = max(largest, abs(cval) if isinstance(cval, (int, float, complex)) else 0.0)
    rank = array.ndim
    name = call.function
    if name in ("correlate1d", "convolve1d"):
        return largest * float(np.abs(np.asarray(call.args[0])).sum())
    if name in ("sobel", "prewitt"):
        return largest * 2 * {"sobel": 4, "prewitt": 3}[name] ** (rank - 1)
    if name == "laplace":
        return largest * 4 * max(rank, 1)
    if "gaussian" in name:
        return largest * gaussian_mass(call, rank)
    return largest


def gaussian_mass(call, rank):
    derivatives = {"gaussian_laplace": 2, "gaussian_gradient_magnitude": 1}.get(call.function)
    given = (call.args[0], call.kwargs.get("order", 0), call.kwargs.get("radius"))
    count = max([len(value) for value in given if np.iterable(value)], default=max(rank, 1))
    lists = [list(value) if np.iterable(value) else [value] * count for value in given]
    masses = []
    for deviation, nth, radius in zip(*lists, strict=True):
        if not deviation > 1e-15:
            continue
        reach = radius_of(deviation, call.kwargs.get("truncate", 4.0), radius)
        orders = [nth] if derivatives is None else [0, derivatives]
        masses.append(max(np.abs(gaussian_taps(float(deviation), int(n), reach)).sum() for n in orders))
    mass = float(np.prod(masses)) if call.function != "gaussian_filter1d" else float(masses[0] if masses else 1)
    return mass * (max(rank, 1) if derivatives else 1)


def widest(call):
    sigma = call.args[0] if "gaussian" in call.function else 0
    return max(sigma, default=0) if np.iterable(sigma) else sigma


def assert_same(call, ours, theirs):
    assert ours.dtype == theirs.dtype, "dtype"
    assert ours.shape == theirs.shape
    if ours.dtype.kind == "b":
        np.testing.assert_array_equal(ours.view(np.uint8) != 0, theirs.view(np.uint8) != 0)
    elif ours.dtype.itemsize == (8 if ours.dtype.kind == "c" else 4) and ours.dtype.kind in "fc":
        exact = ("correlate", "convolve", "fourier_gaussian")
        if call.function in exact or call.function.startswith("generic"):  # whose arithmetic is NumPy's
            np.testing.assert_array_equal(ours, theirs)
            return
        if np.array_equal(ours, theirs, equal_nan=True):
            return
        if call.output[0] in ("same", "shifted") and call.function in COMPOSITES:
            return  # in place they derive what they have already written, of which N * M says nothing
        eps = np.finfo(np.float32).eps * (4 if widest(call) <= 5 else 32)
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=eps * magnitude(call) + 1e-37)
    else:
        np.testing.assert_array_equal(ours, theirs)
        if ours.dtype.kind == "f":
            np.testing.assert_array_equal(np.signbit(ours[ours == 0]), np.signbit(theirs[theirs == 0]))


def copied(output):
    """Whether SciPy works on a copy of the output: of foreign byte order, or not aligned."""
    if isinstance(output, np.ndarray):
        return not (output.dtype.isnative and output.flags.aligned)
    return isinstance(output, np.dtype) and not output.isnative


def compare(call):
    theirs, their_output, their_error, their_warnings = run(scipy_ndimage, call)
    ours, our_output, our_error, our_warnings = run(ndimage, call)
    if their_error is None and our_error is not None and copied(our_output):
        return  # SciPy loses an exception that is raised while it holds the copy
    if their_error is not None or our_error is not None:
        assert type(our_error) is type(their_error), f"{our_error!r}, SciPy: {their_error!r}"
        return
    assert our_warnings == their_warnings
    assert (ours is our_output) == (theirs is their_output)
    assert_same(call, ours, theirs)


@pytest.mark.parametrize("name", FUNCTIONS)
@given(data=st.data())
def test_calls(name, data):
    compare(data.draw(calls(name)))


def spoilable(name):
    parameters = [p for p in parameters_of(getattr(scipy_ndimage, name)) if p in BAD]
    wrapped = name in ("gaussian_laplace", "gaussian_gradient_magnitude")  # their **kwargs
    return [*parameters, "truncate", "radius"] if wrapped else parameters


@pytest.mark.parametrize("dtype", ["f8", "u1", "c16"])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_bad_argument(name, dtype):
    for parameter in spoilable(name):
        for value in BAD[parameter]:
            call = simple_call(name, dtype)
            spoil(call, parameter, value)
            try:
                compare(call)
            except AssertionError as error:
                raise AssertionError(f"{parameter}={value!r}: {error}") from error


@pytest.mark.parametrize("name", FUNCTIONS)
@given(data=st.data())
def test_bad_arguments(name, data):
    compare(data.draw(bad_calls(name, spoilable(name))))
