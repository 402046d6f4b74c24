"""The libraries that are timed: how each is called, told its threads and given its output, and what it computes.

Each function named after a library takes a Job and gives Contenders. A library that is not installed gives none.
"""

import dataclasses
import functools
import importlib
import math
from collections.abc import Callable
from importlib import metadata
from typing import Any

import gaussfilt
import gaussfilt.cv2
import gaussfilt.ndimage
import gaussfilt.pillow
import gaussfilt.skimage
import numpy as np

OURS = "gaussfilt"
EIGHTH_LEVEL = 1 / 8 / 255  # of 8 bits
EIGHTH_LEVEL_16 = 1 / 8 / 65535


@dataclasses.dataclass(frozen=True)
class Library:
    """`threads`, `output`: how the library is told them, or why it cannot be."""

    module: str
    threads: str
    output: str
    threaded: bool = True


LIBRARIES = {
    OURS: Library("gaussfilt", "set_num_threads", "out="),
    "OpenCV": Library("cv2", "cv2.setNumThreads", "dst="),
    "SciPy": Library("scipy.ndimage", "none: one thread", "output=", False),
    "scikit-image": Library("skimage.filters", "none: one thread", "out=", False),
    "Pillow": Library("PIL.Image", "none: one thread", "none: a new image a call", False),
    "DIPlib": Library("diplib", "diplib.SetNumberOfThreads", "out="),
    "SimpleITK": Library("SimpleITK", "ProcessObject.SetGlobalDefaultNumberOfThreads", "none: a new image a call"),
    "pyvips": Library("pyvips", "pyvips.concurrency_set", "none: a new buffer a call"),
    "Halide": Library("halide", "one: our pipeline is not parallel", "the output's buffer", False),
}


@dataclasses.dataclass
class Job:
    """One image and what is asked of it. `scale`: what one level of the image is in the result."""

    image: np.ndarray
    sigma: float
    axes: tuple[int, ...]
    border: str = "reflect"
    scale: float = 1.0
    shared: dict = dataclasses.field(default_factory=dict)  # dtype -> the one output of many contenders, once asked for

    @property
    def integer(self):
        return self.image.dtype.kind in "ui"

    @property
    def sigmas(self):
        """One per axis, 0 for channels."""
        return tuple(self.sigma if axis in self.axes else 0 for axis in range(self.image.ndim))

    @property
    def cut(self):
        """Radius at 4 sigma, SciPy's."""
        return int(4 * self.sigma + 0.5)

    def sharing(self):
        """The same job, but outputs are one array a dtype: a result lasts until the next call."""
        return dataclasses.replace(self, shared={"": None})

    def output(self, dtype=None):
        """A buffer of the image's shape, every page of it touched."""
        if self.shared:
            dtype = np.dtype(dtype or self.image.dtype)
            if dtype.name not in self.shared:
                self.shared[dtype.name] = dataclasses.replace(self, shared={}).output(dtype)
            return self.shared[dtype.name]
        out = np.empty(self.image.shape, dtype or self.image.dtype)
        out.fill(1)
        return out

    def rounding(self, steps=1):
        """Error that the dtype of the result allows, `steps` times over."""
        if self.integer and self.scale == 1.0:
            return 0.5 * steps + 1e-3
        return {4: 1e-6, 8: 1e-13}.get(self.image.dtype.itemsize, 1e-6) * steps


@dataclasses.dataclass
class Contender:
    """`call` filters once; `result` gives the array. Its own operator, as it is stated, and how far it may be off.

    `phases`: at how many neighbouring samples impulses may meet different weights and are tried.
    """

    name: str
    call: Callable[[], Any]
    result: Callable[[], np.ndarray]
    operator: Any
    allowed: float
    border: str = "reflect"
    library: str = OURS
    phases: int = 1


PHASES = 8  # of what works at a lower rate; with several impulses a picture most of its phases


def module(name):
    """The library's module, None where it is not installed."""
    try:
        return importlib.import_module(LIBRARIES[name].module)
    except ImportError:
        return None


def absent():
    return [name for name in LIBRARIES if module(name) is None]


def set_threads(count):
    """Tells every library that can be told."""
    gaussfilt.set_num_threads(count)
    if (cv2 := module("OpenCV")) is not None:
        cv2.setNumThreads(count)
        cv2.ocl.setUseOpenCL(False)
    if (diplib := module("DIPlib")) is not None:
        diplib.SetNumberOfThreads(count)
    if (itk := module("SimpleITK")) is not None:
        itk.ProcessObject.SetGlobalDefaultNumberOfThreads(count)
    if (vips := module("pyvips")) is not None:
        vips.concurrency_set(count)
        vips.cache_set_max(0)


def versions():
    """Library -> version, of those that are there."""
    found = {}
    for name, library in LIBRARIES.items():
        if module(name) is not None:
            top = importlib.import_module(library.module.split(".")[0])
            own = {"SimpleITK": lambda top: top.Version_VersionString(), "Halide": lambda _: metadata.version("halide")}
            found[name] = own.get(name, lambda top: top.__version__)(top)
    if "pyvips" in found:
        found["libvips"] = ".".join(str(module("pyvips").version(part)) for part in range(3))
    found["NumPy"] = np.__version__
    return found


def ours(job, cuts=(4,)):
    """SciPy's operator, in SciPy's own bits where they are promised."""
    for cut in cuts:
        yield _cut(job, cut)


def _cut(job, cut):
    out = job.output()
    plan = gaussfilt.plan(job.image.shape, job.image.dtype, [job.sigma] * len(job.axes), axes=job.axes,
                          border=job.border, truncate=cut)  # fmt: skip
    return Contender(f"gaussfilt, {cut} sigma", lambda: plan(job.image, out), lambda: out, int(cut * job.sigma + 0.5),
                     job.rounding(2), job.border)  # fmt: skip


def ours_ideal(job, tolerances=(1e-2, 1e-4, 1e-6)):
    """The Gaussian without a cut, within each tolerance."""
    for tolerance in tolerances:
        yield _within(job, tolerance)


def ours_cut(job, tolerance=1e-12):
    """SciPy's operator within a tolerance: not in SciPy's bits."""
    out = job.output()
    plan = gaussfilt.plan(job.image.shape, job.image.dtype, [job.sigma] * len(job.axes), axes=job.axes,
                          border=job.border, truncate=4.0, tolerance=tolerance)  # fmt: skip
    yield Contender(f"gaussfilt, 4 sigma, {tolerance:g}", lambda: plan(job.image, out), lambda: out, job.cut,
                    max(tolerance, job.rounding(2)), job.border)  # fmt: skip


def _within(job, tolerance):
    out = job.output()
    plan = gaussfilt.plan(job.image.shape, job.image.dtype, [job.sigma] * len(job.axes), axes=job.axes,
                          border=job.border, tolerance=tolerance)  # fmt: skip
    allowed = tolerance * float(np.abs(job.image).max()) * job.scale + (job.rounding() if job.integer else 0)
    eighth = tolerance in (EIGHTH_LEVEL, EIGHTH_LEVEL_16)
    name = "gaussfilt, ideal, 1/8 level" if eighth else f"gaussfilt, ideal, {tolerance:g}"
    return Contender(name, lambda: plan(job.image, out), lambda: out, "ideal", allowed, job.border,
                     phases=PHASES if plan.method == "multirate" else 1)  # fmt: skip


def ours_as_scipy(job):
    out = job.output()
    yield Contender(
        "gaussfilt.ndimage", lambda: gaussfilt.ndimage.gaussian_filter(job.image, job.sigmas, output=out), lambda: out,
        job.cut, job.rounding(2) if not job.integer else len(job.axes) + 1.0,
    )  # fmt: skip


def scipy(job, cuts=(None,)):
    """SciPy cuts integers after each axis, instead of rounding them. None: where SciPy cuts by default, at 4 sigma."""
    ndimage = module("SciPy")
    if ndimage is None:
        return
    for cut in cuts:
        yield _scipy(ndimage, job, cut)


def _scipy(ndimage, job, cut):
    out, given = job.output(), {} if cut is None else {"truncate": cut}
    return Contender(
        "SciPy" if cut is None else f"SciPy, {cut} sigma",
        lambda: ndimage.gaussian_filter(job.image, job.sigmas, output=out, **given), lambda: out,
        int((cut or 4) * job.sigma + 0.5), job.rounding(2) if not job.integer else len(job.axes) + 1.0, library="SciPy",
    )  # fmt: skip


def opencv(job, cuts=(4,)):
    """OpenCV's taps for 8 bits are multiples of 1/256: up to 2.8 grey levels from those asked for."""
    cv2 = module("OpenCV")
    if cv2 is None or len(job.axes) != 2:
        return
    for cut in cuts:
        yield _opencv(cv2, job, cut)


def _opencv(cv2, job, cut):
    out, radius = job.output(), int(cut * job.sigma + 0.5)
    size = (2 * radius + 1,) * 2

    def call():
        cv2.GaussianBlur(job.image, size, job.sigma, dst=out, borderType=cv2.BORDER_REFLECT)

    allowed = 3.0 if job.image.dtype == np.uint8 else job.rounding(4)
    return Contender(f"OpenCV, {cut} sigma", call, lambda: out, radius, allowed, library="OpenCV")


def diplib(job, methods=("FIR",), cuts=(4,)):
    """FIR is cut; FT is a transform, cut in both domains, and IIR recursive, both after the ideal Gaussian."""
    dip = module("DIPlib")
    if dip is None or job.integer:
        return
    for method in methods:
        for cut in cuts if method != "IIR" else (4,):
            yield _diplib(dip, job, method, cut, len(cuts) > 1 and method != "IIR")


def _diplib(dip, job, method, cut, named):
    out = job.output()
    source, target = dip.Image(job.image), dip.Image(out)

    def call():
        dip.Gauss(source, out=target, sigmas=list(job.sigmas), method=method, boundaryCondition=["mirror"],
                  truncation=float(cut))  # fmt: skip

    operator, allowed = (math.ceil(cut * job.sigma), 1e-5) if method == "FIR" else ("ideal", 0.1)
    name = f"DIPlib, {method}" + f", {cut} sigma" * named
    return Contender(name, call, lambda: out, operator, allowed, "mirror", "DIPlib")


def diplib_recursive(job, orders=(3, 4, 5)):
    """The same recursive filter by its order."""
    dip = module("DIPlib")
    if dip is None:
        return
    for order in orders:
        out = job.output()
        source, target = dip.Image(job.image), dip.Image(out)

        def call(source=source, target=target, order=order):
            dip.GaussIIR(source, out=target, sigmas=list(job.sigmas), boundaryCondition=["mirror"],
                         filterOrder=[order] * len(job.axes))  # fmt: skip

        yield Contender(f"DIPlib, IIR, {order} poles", call, lambda out=out: out, "ideal", 0.03, "mirror", "DIPlib")


def simpleitk(job):
    """Recursive, after the ideal Gaussian; edge samples repeated."""
    itk = module("SimpleITK")
    if itk is None or job.integer:
        return
    yield _simpleitk(job, "recursive", lambda source: itk.SmoothingRecursiveGaussian(source, job.sigma), 0.01)


def simpleitk_discrete(job, errors=(0.01,)):
    """Bessel taps, another definition. They take a minute to make at sigma 20, and are NaN at 60."""
    itk = module("SimpleITK")
    if itk is None or job.integer or job.sigma > 10:
        return
    for error in errors:
        filtered = functools.partial(itk.DiscreteGaussian, variance=job.sigma**2, maximumKernelWidth=1000,
                                     maximumError=error, useImageSpacing=False)  # fmt: skip
        yield _simpleitk(job, f"discrete, {error:g}", filtered, 0.1)


def _simpleitk(job, way, filtered, allowed):
    itk = module("SimpleITK")
    source, kept = itk.GetImageFromArray(job.image), {}

    def call():
        kept["image"] = filtered(source)

    return Contender(f"SimpleITK, {way}", call, lambda: itk.GetArrayViewFromImage(kept["image"]), "ideal", allowed,
                     "nearest", "SimpleITK")  # fmt: skip


def pyvips(job, settings=None):
    """Cut where the Gaussian falls below an amplitude, 1/1000 being its smallest; "integer" has taps of 5 or 8 bits,
    "approximate" adds up boxes. By default 8 bits with integers and floats with floats, and no cut above 1/1000."""
    vips = module("pyvips")
    if vips is None or len(job.axes) != 2 or job.image.dtype.name not in ("uint8", "float32"):
        return
    for precision, amplitude in settings or [("integer" if job.integer else "float", 0.001)]:
        name = f"pyvips, {precision}" + (f", {amplitude:g}" if settings else "")
        yield _pyvips(vips, job, precision, amplitude, name)


def _pyvips(vips, job, precision, amplitude, name):
    height, width, *bands = job.image.shape
    kind = "uchar" if job.integer else "float"
    source, kept = vips.Image.new_from_memory(job.image.data, width, height, bands[0] if bands else 1, kind), {}
    mask = vips.Image.gaussmat(job.sigma, amplitude, separable=True, precision=precision)

    def call():
        kept["bytes"] = source.gaussblur(job.sigma, precision=precision, min_ampl=amplitude).write_to_memory()

    def result():
        return np.frombuffer(kept["bytes"], job.image.dtype).reshape(job.image.shape)

    allowed = 8.0 if job.integer else 1e-6 if precision == "float" else 0.1
    operator = "ideal" if precision == "approximate" else mask.width // 2
    return Contender(name, call, result, operator, allowed, "nearest", "pyvips")


def halide(job):
    """By way of a lower rate, at every order and factor that fits; see rivals_halide.py."""
    if module("Halide") is None or job.image.dtype != np.float32 or job.axes != (0, 1):
        return
    import rivals_halide  # here alone is Halide needed

    for order, factor in rivals_halide.designs(job.sigma, *job.image.shape):
        blur = rivals_halide.blur(*job.image.shape, job.sigma, order, factor)
        name, out = f"Halide, order {order}, factor {factor}", job.output()
        yield Contender(name, blur.on(job.image, out), lambda out=out: out, "ideal", blur.error_norm + 1e-6,
                        library="Halide", phases=PHASES)  # fmt: skip


def pillow(job):
    """Three extended boxes an axis, each rounded to 8 bits; images are Pillow's in and out."""
    image_module = module("Pillow")
    if image_module is None or job.image.dtype != np.uint8:
        return
    image = image_module.fromarray(job.image)
    yield _blur(image, "Pillow", _pillow_filters().GaussianBlur(job.sigma), "boxes", 3.5, "Pillow")


def ours_as_pillow(job):
    image_module = module("Pillow")
    if image_module is None:
        return
    image = image_module.fromarray(job.image)
    yield _blur(image, "gaussfilt.pillow", gaussfilt.pillow.GaussianBlur(job.sigma), "ideal", 0.625 + 1e-3, OURS)


def _pillow_filters():
    return importlib.import_module("PIL.ImageFilter")


def _blur(image, name, blur, operator, allowed, library):
    kept = {}

    def call():
        kept["image"] = image.filter(blur)

    return Contender(name, call, lambda: np.asarray(kept["image"]), operator, allowed, "nearest", library)


def skimage(job):
    """scikit-image and our face of it: integers become floats in 0 to 1, into a buffer and into a new array."""
    filters = module("scikit-image")
    faces = [("gaussfilt.skimage", OURS, gaussfilt.skimage)]
    if filters is not None:
        faces.append(("scikit-image", "scikit-image", filters))
    for name, library, face in faces:
        yield _skimage(job, name, library, face.gaussian, job.output(np.float64))
        yield _skimage(job, f"{name}, new array", library, face.gaussian, None)


def _skimage(job, name, library, gaussian, out):
    kept = {}

    def call():
        kept["out"] = gaussian(job.image, job.sigma, channel_axis=-1, **({} if out is None else {"out": out}))

    return Contender(name, call, lambda: kept["out"], job.cut, 1e-6, "nearest", library)


def small_calls(job):
    """The ways to filter a small picture, each with an output made before."""
    out = job.output()
    plan = gaussfilt.plan(job.image.shape, job.image.dtype, job.sigma)
    calls = {
        "gaussfilt.gaussian": lambda: gaussfilt.gaussian(job.image, job.sigma, out=out),
        "gaussfilt, plan": lambda: plan(job.image, out),
    }
    for name, call in calls.items():
        yield Contender(name, call, lambda: out, job.cut, job.rounding(2))
    radius = job.cut
    size, reflect = (2 * radius + 1,) * 2, gaussfilt.cv2.BORDER_REFLECT
    own = job.output()
    yield Contender(
        "gaussfilt.cv2", lambda: gaussfilt.cv2.GaussianBlur(job.image, size, job.sigma, dst=own, borderType=reflect),
        lambda: own, radius, job.rounding(2),
    )  # fmt: skip
    yield from opencv(job)
    yield from ours_as_scipy(job)
    yield from scipy(job)
