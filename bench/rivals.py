#!/usr/bin/env python3
"""Times gaussfilt beside OpenCV, SciPy, Pillow and memcpy: one process, the same arrays, in turn.

    python3 bench/rivals.py --shim BUILD/bench/libgaussfilt_shim.so [--markdown FILE] [--json FILE]

The first run makes a virtual environment beside the shim with the newest rivals from PyPI. Every result is compared
with SciPy's in f64 before anything is timed, and its error stands beside its time. All rivals filter the picture once
per round, in turn; times are medians, ratios are to np.copyto of the same picture in the same rounds.
"""
import argparse
import ctypes
import datetime
import json
import os
import platform
import statistics
import subprocess
import sys
import time

PACKAGES = ("numpy", "opencv-python-headless", "scipy", "pillow")
SIGMAS = (0.8, 2.0, 5.0, 20.0)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shim", required=True, help="libgaussfilt_shim.so, built with GAUSSFILT_BENCH=ON")
    parser.add_argument("--venv", help="where the rivals live (default: rivals-venv beside the shim)")
    parser.add_argument("--threads", type=int, default=1, help="for us and for OpenCV (default 1, pinned to one CPU)")
    parser.add_argument("--subjects", default="f32,u8,u8rgb,f64", help="any of f32,u8,u8rgb,f64")
    parser.add_argument("--sigmas", default=",".join(map(str, SIGMAS)))
    parser.add_argument("--side", type=int, default=4096, help="pictures are side x side (default 4096)")
    parser.add_argument("--seconds", type=float, default=1.5, help="about how long to time each rival at each sigma")
    parser.add_argument("--fast-only", action="store_true", help="leave out the slow rivals (SciPy, Pillow)")
    parser.add_argument("--markdown", help="write the tables there")
    parser.add_argument("--json", help="write all numbers there")
    return parser.parse_args()


def enter_venv(options):
    """Runs this script again under a Python that has the rivals."""
    venv = options.venv or os.path.join(os.path.dirname(os.path.abspath(options.shim)), "rivals-venv")
    python = os.path.join(venv, "bin", "python")
    if os.path.abspath(sys.prefix) == os.path.abspath(venv):
        return
    if not os.path.exists(os.path.join(venv, "complete")):
        print(f"installing {', '.join(PACKAGES)} into {venv}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", venv], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES], check=True)
        open(os.path.join(venv, "complete"), "w").close()
    os.execv(python, [python, os.path.abspath(__file__), *sys.argv[1:]])


class Gaussfilt:
    """Our library through bench/shim.cpp."""

    def __init__(self, path):
        self.lib = lib = ctypes.CDLL(path)
        lib.shim_plan.restype = ctypes.c_void_p
        lib.shim_plan.argtypes = [ctypes.c_int, ctypes.POINTER(ctypes.c_int64), ctypes.c_char_p, ctypes.c_int,
                                  ctypes.c_double, ctypes.c_int]
        lib.shim_run.argtypes = [ctypes.c_void_p] * 3
        lib.shim_free.argtypes = [ctypes.c_void_p]
        lib.shim_error.restype = lib.shim_version.restype = ctypes.c_char_p

    def version(self):
        return self.lib.shim_version().decode()

    def filter(self, image, out, sigma, threads):
        shape = (ctypes.c_int64 * image.ndim)(*image.shape)
        plan = self.lib.shim_plan(image.ndim, shape, str(image.dtype).encode(), 2, sigma, threads)
        if not plan:
            raise RuntimeError(self.lib.shim_error().decode())
        source, target = image.ctypes.data, out.ctypes.data

        def run():
            if self.lib.shim_run(plan, source, target):
                raise RuntimeError(self.lib.shim_error().decode())

        return run


def picture(np, kind, side):
    """Noise on a ramp."""
    rng = np.random.default_rng(1)
    shape = (side, side, 3) if kind == "u8rgb" else (side, side)
    ramp = np.linspace(0, 1, side).reshape((1, side) + (1,) * (len(shape) - 2))
    image = 0.7 * rng.random(shape) + 0.3 * ramp
    return {"f32": lambda: image.astype(np.float32), "f64": lambda: image}.get(
        kind, lambda: np.rint(255 * image).astype(np.uint8))()


def contenders(options, ours, kind, image, sigma):
    """name -> (call, its output, allowed error); the operators that claim another target may be off as they are."""
    import cv2
    import numpy as np
    import scipy.ndimage
    from PIL import Image, ImageFilter
    loose = float("inf")
    integer = kind.startswith("u8")
    list_ = {}

    def output():
        out = np.empty_like(image)
        out.fill(0)
        return out

    out = output()
    list_["gaussfilt"] = (ours.filter(image, out, sigma, options.threads), lambda o=out: o,
                          0.5 + 1e-3 if integer else {"f32": 2e-6, "f64": 1e-14}[kind])

    def opencv(cut, allowed):
        out, ksize = output(), 2 * int(cut * sigma + 0.5) + 1
        call = lambda: cv2.GaussianBlur(image, (ksize, ksize), sigma, dst=out, borderType=cv2.BORDER_REFLECT)
        list_[f"OpenCV, {cut} sigma"] = (call, lambda: out, allowed)

    if integer:
        opencv(3, loose)
    opencv(4, loose if integer else {"f32": 1e-4, "f64": 1e-4}[kind])
    if not options.fast_only:
        sout, per_axis = output(), (sigma, sigma, 0)[:image.ndim]
        list_["SciPy"] = (lambda: scipy.ndimage.gaussian_filter(image, per_axis, output=sout, mode="reflect"),
                          lambda: sout, loose if integer else 1e-6)
        if integer:
            pillow, blur, kept = Image.fromarray(image), ImageFilter.GaussianBlur(sigma), {}
            list_["Pillow"] = (lambda: kept.update(out=pillow.filter(blur)), lambda: np.asarray(kept["out"]), loose)
    return list_


def check(image, calls, sigma):
    """Runs every contender once; name -> its largest error against SciPy in f64. Leaves the process on a bad one."""
    import numpy as np
    import scipy.ndimage
    exact = scipy.ndimage.gaussian_filter(image.astype(np.float64), (sigma, sigma, 0)[:image.ndim], mode="reflect")
    errors = {}
    for name, (call, result, allowed) in calls.items():
        call()
        errors[name] = float(np.abs(result() - exact).max())
        if not errors[name] <= allowed:
            sys.exit(f"{name}, sigma {sigma:g}, {image.dtype}: error {errors[name]:g}, allowed {allowed:g}: not timed")
    return errors


def measure(image, calls, seconds):
    """name -> median time in us, memcpy first; every round runs all of those that are not yet done, in turn."""
    import numpy as np
    copy = np.empty_like(image)
    runs = {"memcpy": lambda: np.copyto(copy, image), **{name: call for name, (call, _, _) in calls.items()}}
    for run in runs.values():
        run()
    times = {name: [] for name in runs}
    while True:
        waiting = [n for n, t in times.items()
                   if n != "memcpy" and len(t) < 101 and (len(t) < 3 or sum(t) < 1e6 * seconds)]
        if not waiting:
            break
        for name in ["memcpy", *waiting]:
            start = time.perf_counter_ns()
            runs[name]()
            times[name].append((time.perf_counter_ns() - start) / 1e3)
    return {name: statistics.median(t) for name, t in times.items()}


def machine():
    model = platform.machine()
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as info:
        for line in info:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    return f"{model}, {os.cpu_count()} CPUs, {platform.system()} {platform.machine()}"


def versions(ours):
    import cv2
    import numpy
    import PIL
    import scipy
    return (f"gaussfilt {ours.version()}, OpenCV {cv2.__version__}, SciPy {scipy.__version__}, "
            f"Pillow {PIL.__version__}, NumPy {numpy.__version__}, Python {platform.python_version()}")


def command(options):
    """What reproduces these numbers, without the paths of this machine."""
    return (f"bench/rivals.py --shim BUILD/bench/libgaussfilt_shim.so --threads {options.threads} --subjects "
            f"{options.subjects} --sigmas {options.sigmas} --side {options.side} --seconds {options.seconds:g}"
            f"{' --fast-only' if options.fast_only else ''}")


def number(value):
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


def table(kind, side, rows, sigmas):
    """Markdown: one line per rival, one column per sigma: multiples of memcpy (time in us; error)."""
    unit = "grey levels" if kind.startswith("u8") else "of the range"
    memcpy = statistics.median(row["us"] for row in rows if row["name"] == "memcpy")
    lines = [f"### {kind}, {side} x {side}", "",
             f"Each cell: time / memcpy (us; largest error, {unit}). memcpy: {number(memcpy)} us.", "",
             "| | " + " | ".join(f"sigma {s:g}" for s in sigmas) + " |", "|---|" + "---|" * len(sigmas)]
    for name in dict.fromkeys(row["name"] for row in rows if row["name"] != "memcpy"):
        cells = [f"**{number(r['ratio'])}** ({number(r['us'])}; {r['error']:.1e})" for r in rows if r["name"] == name]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main():
    options = arguments()
    enter_venv(options)
    import cv2
    import numpy as np
    cv2.setNumThreads(options.threads)
    if hasattr(cv2, "ocl"):
        cv2.ocl.setUseOpenCL(False)
    if options.threads == 1:
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    ours = Gaussfilt(os.path.abspath(options.shim))
    sigmas = [float(s) for s in options.sigmas.split(",")]
    head = {"machine": machine(), "date": datetime.date.today().isoformat(), "versions": versions(ours),
            "threads": options.threads, "command": command(options)}
    text = [f"# gaussfilt beside others\n\n- machine: {head['machine']}\n- date: {head['date']}\n"
            f"- versions: {head['versions']}\n- threads: {head['threads']}\n- command: `{head['command']}`\n"]
    print(text[0], flush=True)
    everything = []
    for kind in options.subjects.split(","):
        image, rows = picture(np, kind, options.side), []
        for sigma in sigmas:
            calls = contenders(options, ours, kind, image, sigma)
            errors = check(image, calls, sigma)
            medians = measure(image, calls, options.seconds)
            for name, us in medians.items():
                rows.append({"subject": kind, "side": options.side, "sigma": sigma, "name": name, "us": us,
                             "ratio": us / medians["memcpy"], "error": errors.get(name, 0.0)})
        text.append(table(kind, options.side, rows, sigmas))
        print(text[-1], flush=True)
        everything += rows
    if options.markdown:
        with open(options.markdown, "w", encoding="utf-8") as file:
            file.write("\n".join(text))
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump({**head, "rows": everything}, file, indent=1)


if __name__ == "__main__":
    main()
