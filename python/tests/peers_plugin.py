"""A pytest plugin for peers.py: puts gaussfilt's functions in the places of a peer's before its tests are imported, and
writes for every test how it ended and how many calls it made into gaussfilt."""

import functools
import json
import os
import pathlib

import pytest

calls = 0
results = {}


def counted(function):
    @functools.wraps(function)
    def call(*args, **kwargs):
        global calls
        calls += 1
        return function(*args, **kwargs)

    return call


def take_over_scikit_image():
    import skimage
    import skimage.filters._gaussian
    import skimage.filters._unsharp_mask
    from gaussfilt import skimage as ours

    for name in ours.__all__:
        function = counted(getattr(ours, name))
        filters = skimage.filters
        for module in (filters, filters._gaussian, filters._unsharp_mask, skimage._shared.filters):
            if hasattr(module, name):
                setattr(module, name, function)


def take_over_pillow():
    from gaussfilt import pillow as ours
    from PIL import ImageFilter

    ours._OnPixels.filter = counted(ours._OnPixels.filter)
    for name in ("GaussianBlur", "BoxBlur", "UnsharpMask", "Kernel"):
        mine = getattr(ours, name)
        initialise = functools.partialmethod(mine.__init__, like="pillow")
        setattr(ImageFilter, name, type(name, (mine,), {"__init__": initialise}))

    builtin = ImageFilter.BuiltinFilter.filter

    def preset(self, core):
        if not hasattr(self, "filterargs"):
            return builtin(self, core)
        size, scale, offset, weights = self.filterargs
        return ours.Kernel(size, weights, scale, offset, like="pillow").filter(core)

    ImageFilter.BuiltinFilter.filter = preset


def box_blur(image, radius=1, n=1):
    """In the place of the function of test_box_blur.py that calls Pillow's compiled code."""
    from gaussfilt import _pillow_memory, _pillow_numbers, pillow

    pillow._check_pillow_mode(image.im, image.mode in pillow._PILLOW_BLURS)
    result = _pillow_memory.new(image.mode, image.size)
    both = radius if isinstance(radius, tuple) else (radius, radius)
    _pillow_memory.pixels(result)[...] = _pillow_numbers.box_blur(_pillow_memory.pixels(image.im), *both, n)
    return image._new(result)


def pytest_configure():
    {"scikit-image": take_over_scikit_image, "pillow": take_over_pillow}[os.environ["GAUSSFILT_PEER"]]()


def pytest_itemcollected(item):
    if item.module.__name__.endswith("test_box_blur"):
        item.module.box_blur = counted(box_blur)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    before = calls
    done = yield
    outcome, _ = results.get(item.nodeid, ("passed", 0))
    results[item.nodeid] = (outcome, calls - before)
    return done


def pytest_runtest_logreport(report):
    if report.outcome != "passed":
        results[report.nodeid] = (report.outcome, 0)


def pytest_collectreport(report):
    if report.failed:
        results[report.nodeid] = ("failed", 0)


def pytest_sessionfinish():
    pathlib.Path(os.environ["GAUSSFILT_PEER_REPORT"]).write_text(json.dumps(results))
