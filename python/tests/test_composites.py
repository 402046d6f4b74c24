"""The filters made of several Gaussians, beside the same made of scipy.ndimage's."""
import itertools

import gaussfilt
import numpy as np
import pytest
import scipy.ndimage

BORDERS = ["reflect", "mirror", "nearest", "wrap", "constant"]


def sample(shape=(33, 41), dtype="f8", seed=0):
    return (np.random.default_rng(seed).random(shape) * 50).astype(dtype)


def derivative(a, sigma, orders, border):
    return scipy.ndimage.gaussian_filter(a.astype("f8"), sigma, order=orders, mode=border)


def unit(axes, rank):
    return [axes.count(axis) for axis in range(rank)]


@pytest.mark.parametrize("shape", [(60,), (33, 41), (12, 15, 11)])
@pytest.mark.parametrize("border", BORDERS)
def test_laplace_and_gradient_have_scipys_order(shape, border):
    a = sample(shape)
    for ours, theirs in ((gaussfilt.laplace_of_gaussian, scipy.ndimage.gaussian_laplace),
                         (gaussfilt.gradient_magnitude, scipy.ndimage.gaussian_gradient_magnitude)):  # fmt: skip
        np.testing.assert_allclose(ours(a, 1.5, border=border), theirs(a, 1.5, mode=border), rtol=0, atol=2e-13)


@pytest.mark.parametrize("border", BORDERS)
def test_difference(border):
    a = sample()
    low, high = (scipy.ndimage.gaussian_filter(a, s, mode=border) for s in (1.5, 1.6 * 1.5))
    np.testing.assert_allclose(gaussfilt.difference_of_gaussians(a, 1.5, border=border), low - high, atol=1e-13)
    high = scipy.ndimage.gaussian_filter(a, (4, 5), mode=border)
    low = scipy.ndimage.gaussian_filter(a, (1, 2), mode=border)
    result = gaussfilt.difference_of_gaussians(a, (1, 2), (4, 5), border=border)
    np.testing.assert_allclose(result, low - high, atol=1e-13)


@pytest.mark.parametrize("shape", [(33, 41), (12, 15, 11)])
def test_hessian(shape):
    a = sample(shape)
    result = gaussfilt.hessian(a, 1.5)
    pairs = list(itertools.combinations_with_replacement(range(a.ndim), 2))
    assert result.shape == (len(pairs), *shape)
    for part, pair in zip(result, pairs, strict=True):
        np.testing.assert_allclose(part, derivative(a, 1.5, unit(pair, a.ndim), "reflect"), atol=1e-12)


def test_structure_tensor():
    a = sample()
    result = gaussfilt.structure_tensor(a, 1.0, 2.5)
    slopes = [derivative(a, 1.0, unit((axis,), 2), "reflect") for axis in range(2)]
    for part, (i, j) in zip(result, ((0, 0), (0, 1), (1, 1)), strict=True):
        np.testing.assert_allclose(part, scipy.ndimage.gaussian_filter(slopes[i] * slopes[j], 2.5), atol=1e-10)


def test_channels_are_not_mixed():
    a = sample((20, 24, 3), "f4")
    for name in ("laplace_of_gaussian", "gradient_magnitude", "difference_of_gaussians", "hessian"):
        call = getattr(gaussfilt, name)
        whole = call(a, 1.5, channel_axis=-1)
        for channel in range(3):
            np.testing.assert_array_equal(whole[..., channel], call(a[..., channel].copy(), 1.5))


def test_dtypes_out_and_in_place():
    a = sample(dtype="u1")
    assert gaussfilt.gradient_magnitude(a, 1.0).dtype == np.uint8
    signed = gaussfilt.laplace_of_gaussian(a, 1.0, dtype="i2")
    np.testing.assert_allclose(signed, gaussfilt.laplace_of_gaussian(a.astype("f8"), 1.0), atol=0.5 + 1e-4)
    out = np.empty((3, *a.shape), np.float32).transpose(0, 2, 1)
    assert gaussfilt.hessian(a.T, 1.0, out=out) is out
    np.testing.assert_array_equal(out, gaussfilt.hessian(a.T, 1.0, dtype="f4"))
    b = a.astype("f4")
    expected = gaussfilt.laplace_of_gaussian(b, 1.0)
    assert gaussfilt.laplace_of_gaussian(b, 1.0, out=b) is b
    np.testing.assert_array_equal(b, expected)
    swapped = np.empty((3, *a.shape), ">f4")
    gaussfilt.hessian(a, 1.0, out=swapped)
    np.testing.assert_array_equal(swapped, gaussfilt.hessian(a, 1.0, dtype="f4"))


def test_threads_never_change_the_result():
    a = sample((700, 600), "f4")
    for name, args in (("laplace_of_gaussian", (2.0,)), ("hessian", (2.0,)), ("structure_tensor", (1.0, 3.0))):
        call = getattr(gaussfilt, name)
        np.testing.assert_array_equal(call(a, *args, threads=1), call(a, *args, threads=2))


@pytest.mark.parametrize("call, error, message", [
    (lambda a: gaussfilt.laplace_of_gaussian(a.astype("u1"), 1.0), TypeError, "signed"),
    (lambda a: gaussfilt.laplace_of_gaussian(a, 0.0), ValueError, "sigma"),
    (lambda a: gaussfilt.gradient_magnitude(a.astype("c16"), 1.0), TypeError, "complex"),
    (lambda a: gaussfilt.gradient_magnitude(a, 1.0, cval=1j), TypeError, "cval"),
    (lambda a: gaussfilt.difference_of_gaussians(a, 3.0, 1.0), ValueError, "sigma_high"),
    (lambda a: gaussfilt.hessian(a, 1.0, out=np.empty((4, *a.shape))), ValueError, r"must be \(3, 33, 41\)"),
    (lambda a: gaussfilt.structure_tensor(a, 1.0, -1.0), ValueError, "rho"),
    (lambda a: gaussfilt.structure_tensor(a, 1.0, None), TypeError, "rho: is None"),
    (lambda a: gaussfilt.hessian(np.ma.masked_array(a), 1.0), TypeError, "masked"),
])  # fmt: skip
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call(sample())
