"""Bad input: the right exception, a sentence that names the argument and the rule, nothing written."""
import math

import gaussfilt
import numpy as np
import pytest

A = np.arange(12.0).reshape(3, 4)


def read_only(shape):
    a = np.zeros(shape)
    a.flags.writeable = False
    return a


VALUE_ERRORS = {
    "sigma: axis 0 is -1, must be a finite number": {"sigma": -1},
    "sigma: axis 1 is nan": {"sigma": (1, math.nan)},
    "sigma: axis 0 is inf": {"sigma": math.inf},
    "sigma: 3 values for 2": {"sigma": (1, 2, 3)},
    "radius that does not fit 31 bits; give a tolerance": {"sigma": 1e300},
    "order: axis 0 is -1": {"order": -1},
    "order: is 1606938044258990275541962092341162602522202993782792835301376, must fit 64 bits": {"order": 2**200},
    "a derivative needs sigma > 0": {"sigma": 0, "order": 1},
    "axes: 2 is no axis": {"axes": 2},
    "axes: axis 1 stands twice": {"axes": (1, -1)},
    "channel_axis: 5 is no axis": {"channel_axis": 5},
    "axes: stands beside channel_axis": {"axes": 0, "channel_axis": 1},
    'border: "sideways" is none of reflect': {"border": "sideways"},
    "truncate: is -1": {"truncate": -1},
    "truncate: is 4 beside a radius": {"truncate": 4, "radius": 2},
    "radius: axis 0 is -3": {"radius": -3},
    'taps: "boxed" is none of': {"taps": "boxed"},
    "tolerance: is 0": {"tolerance": 0},
    'method: "recursive" is none of separable, .*multirate': {"method": "recursive"},
    "method: multirate cannot do this, must be separable or none .*both with a tolerance": {"method": "multirate"},
    "method: box cannot do this, must be separable": {"method": "box"},
    "tolerance: 1e-30 cannot be proven, the smallest": {"tolerance": 1e-30},
    "threads: is 0, must be >= 1, or None": {"threads": 0},
    "threads: is -2": {"threads": -2},
    "out: shape is 4 x 3": {"out": np.zeros((4, 3))},
    "out: is read-only, must be writable": {"out": read_only((3, 4))},
    "out: some of its items share memory": {"out": np.lib.stride_tricks.as_strided(np.zeros(4), (3, 4), (0, 8))},
    "dtype: is float32 beside an out of float64": {"out": np.zeros((3, 4)), "dtype": "f4"},
    "cval: 0 \\+ 1i is complex": {"cval": 1j, "border": "constant"},
}

TYPE_ERRORS = {
    "sigma: is 'wide', must be a number": {"sigma": "wide"},
    "sigma: is None, must be a number": {"sigma": None},
    "order: is 1.5, must be an integer": {"order": 1.5},
    "border: is 3, must be a name": {"border": 3},
    "taps: is 3, must be a name": {"taps": 3},
    "method: is 3, must be a name, as in method='multirate', or None": {"method": 3},
    "cval: is 'x', must be a number": {"cval": "x"},
    "dtype: is S4, must be bool": {"dtype": "S4"},
    "dtype: is u16, must be bool": {"dtype": "u16"},
    "dtype: is longdouble, must be bool": {"dtype": np.longdouble},
    "out: is a list, must be an array": {"out": [1, 2]},
    "the result is signed and u8 is not": {"order": 1, "dtype": "u1"},
}


@pytest.mark.parametrize("message", VALUE_ERRORS)
def test_value_errors(message):
    with pytest.raises(ValueError, match=message):
        gaussfilt.gaussian(A, **{"sigma": 1.0, **VALUE_ERRORS[message]})


@pytest.mark.parametrize("message", TYPE_ERRORS)
def test_type_errors(message):
    with pytest.raises(TypeError, match=message):
        gaussfilt.gaussian(A, **{"sigma": 1.0, **TYPE_ERRORS[message]})


@pytest.mark.parametrize("bad, message", [
    (np.array([object()]), "format 'O'"),
    (np.array(["text"]), "format"),
    (np.zeros(3, "M8[s]"), "dtype datetime64"),
    (np.zeros(3, np.longdouble), "format 'g'"),
    (np.zeros(3, [("x", "f4")]), "format"),
    (np.zeros((1,) * 17), "17 axes"),
    ({}, "is a dict"),
    ("text", "is a str"),
    (None, "is a NoneType"),
])  # fmt: skip
def test_unsuitable_arrays(bad, message):
    with pytest.raises(TypeError, match=message):
        gaussfilt.gaussian(bad, 1.0)


def test_masked_arrays_are_refused():
    masked = np.ma.masked_greater(A, 5)
    for call in (lambda: gaussfilt.gaussian(masked, 1.0), lambda: gaussfilt.gaussian(A, 1.0, out=masked),
                 lambda: gaussfilt.plan(A.shape, A.dtype, 1.0)(masked)):  # fmt: skip
        with pytest.raises(TypeError, match="masked array.*filled"):
            call()


def test_a_partial_overlap_is_refused_and_nothing_is_written():
    held = np.arange(40.0)
    before = held.copy()
    with pytest.raises(ValueError, match="shares memory"):
        gaussfilt.gaussian(held[:30], 1.0, out=held[5:35])
    np.testing.assert_array_equal(held, before)


def test_a_refused_call_leaves_out_alone():
    out = np.full((3, 4), 7.0)
    for options in ({"sigma": -1.0}, {"sigma": 1.0, "order": -1}, {"sigma": 1.0, "border": "sideways"}):
        with pytest.raises(ValueError):
            gaussfilt.gaussian(A, out=out, **options)
    assert (out == 7).all()
