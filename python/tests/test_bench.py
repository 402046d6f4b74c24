"""bench/rivals.py on tiny pictures: every contender is checked and timed once, and all that it writes is there.

No time is looked at. Rivals that are not installed are left out by rivals.py itself, and named.
"""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
BENCH = ROOT / "bench"
GOALS = {
    ("gaussfilt.ndimage", "SciPy"), ("gaussfilt, 4 sigma", "SciPy"), ("gaussfilt, 4 sigma, 1e-12", "SciPy"),
    ("gaussfilt, ideal, 0.0001", "SciPy"), ("gaussfilt, ideal, 1e-10", "SciPy"),
    ("gaussfilt, ideal, 1/8 level", "OpenCV, 3 sigma"), ("gaussfilt, ideal, 1/8 level", "Pillow"),
    ("gaussfilt.skimage", "scikit-image"),
    ("gaussfilt.skimage, new array", "scikit-image, new array"),
    ("gaussfilt.pillow", "Pillow"),
    ("gaussfilt.gaussian", "OpenCV, 4 sigma"),
    ("gaussfilt, plan", "OpenCV, 4 sigma"),
    ("gaussfilt.cv2", "OpenCV, 4 sigma"),
}


@pytest.fixture(scope="module")
def bench_modules():
    sys.path.insert(0, str(BENCH))
    yield
    sys.path.remove(str(BENCH))


def test_dry_run_writes_numbers_tables_and_plots(tmp_path):
    command = [sys.executable, str(BENCH / "rivals.py"), "--dry-run", "--threads", "one"]
    command += ["--json", str(tmp_path / "r.json"), "--markdown", str(tmp_path / "r.md")]
    plots = importlib.util.find_spec("matplotlib") is not None
    command += ["--plots", str(tmp_path)] if plots else []
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads((tmp_path / "r.json").read_text())
    assert {(goal["ours"], goal["rival"]) for case in result["cases"] for goal in case["goals"]} == GOALS
    assert not any(case["refused"] for case in result["cases"])
    assert [goal["same_bits"] for case in result["cases"] for goal in case["goals"]].count(True) == 1
    assert not result["imports"]["gaussfilt"]["numpy"]
    for case in result["cases"]:
        rows = {row["name"]: row for row in case["rows"]}
        assert rows["memcpy"]["per_memcpy"] == 1 and rows[case["ours"]]["per_ours"] == 1
        assert all(row["us"] > 0 and ("error_ideal" in row or name == "memcpy") for name, row in rows.items())
        if case["front"]:
            del rows["memcpy"]
            assert all(row["error_norm"] >= row["error_ideal"] - 1e-6 for row in rows.values())
            for tolerance in (1e-1, 1e-3, 1e-5):  # measured, and held
                assert tolerance / 100 < rows[f"gaussfilt, ideal, {tolerance:g}"]["error_norm"] <= tolerance
    assert sum(case["front"] for case in result["cases"]) == 1
    text = (tmp_path / "r.md").read_text()
    assert all(case["unit"] in text for case in result["cases"]) and "## Goals" in text
    if plots:
        assert {path.name for path in tmp_path.glob("*.png")} == {"rivals-sigma-one.png", "rivals-error-one.png"}


def test_a_wrong_result_of_ours_is_not_timed_and_a_rivals_is_left_out(bench_modules):
    import rivals
    import rivals_cases
    import rivals_libraries as libraries

    case = next(case for case in rivals_cases.cases(rivals_cases.DRY) if "f64" in case.title)
    job = case.job()
    contenders = case.contenders(job)
    errors, refused = rivals.check(case, job, contenders)
    assert len(errors) == len(contenders) and not refused
    for wrong in contenders:
        if wrong.library in (libraries.OURS, "SciPy"):
            good, wrong.result = wrong.result, lambda good=wrong.result: good() + 1e-9
            if wrong.library == libraries.OURS:
                with pytest.raises(SystemExit, match="not timed"):
                    rivals.check(case, job, contenders)
            else:
                errors, refused = rivals.check(case, job, contenders)
                assert wrong.name not in errors and len(refused) == 1
            wrong.result = good


@pytest.mark.parametrize("border", ["reflect", "mirror", "nearest"])
@pytest.mark.parametrize("shape, axes", [((13, 9), (0, 1)), ((200, 5, 3), (0, 1)), ((8, 6, 7), (0, 1, 2))])
def test_reference_agrees_with_scipy(bench_modules, border, shape, axes):
    from rivals_reference import Reference
    from scipy import ndimage

    image = np.random.default_rng(5).random(shape)
    sigmas = [2.5 if axis in axes else 0 for axis in range(len(shape))]
    expected = ndimage.gaussian_filter(image, sigmas, mode=border)
    reference = Reference(image, axes, 2.5)
    assert reference.error(expected, 10, border) < 1e-15
    assert 1e-7 < reference.error(expected, "ideal", border) < 1e-3
    expected[-1, -1] += 1e-6
    assert reference.error(expected, 10, border) > 9e-7


def test_impulses_measure_the_norm_at_every_place(bench_modules):
    from rivals_reference import gaussian_taps, impulse_error, impulses
    from scipy import ndimage

    sigma, radius = 3.0, 8
    image, places = impulses((180, 90), sigma, 5)
    assert [len(at) for at in places] == [4, 2] and image.sum() == 8
    result = ndimage.gaussian_filter(image.astype(np.float64), sigma, radius=radius)
    cut, ideal = np.pad(gaussian_taps(sigma, radius), 19), gaussian_taps(sigma, radius + 19)
    norm = np.abs(np.outer(cut, cut) - np.outer(ideal, ideal)).sum()
    assert impulse_error(result, places, sigma, "reflect") == pytest.approx(norm, rel=1e-6)
    result[places[0][-1], places[1][0]] += 2 * norm  # one sample that is treated apart
    assert impulse_error(result, places, sigma, "reflect") == pytest.approx(3 * norm, rel=0.1)


def test_calls_that_are_slow_are_timed_once(bench_modules):
    import time

    import rivals

    times = rivals.measure({"slow": lambda: time.sleep(0.05), "fast": lambda: None}, 0.0, 5, slow=0.04)
    assert len(times["slow"]) == 1 and len(times["fast"]) >= 3


def test_halide_is_as_far_off_as_its_design_says(bench_modules):
    pytest.importorskip("halide", reason="Halide is installed for the benchmarks alone")
    import rivals_halide
    from rivals_reference import impulse_error, impulses

    for order, factor in ((2, 4), (3, 4), (2, 16)):
        blur, worst = rivals_halide.blur(192, 160, 20.0, order, factor), 0.0
        for shift in range(factor):
            image, places = impulses((192, 160), 20.0, shift)
            out = np.zeros_like(image)
            blur.on(image, out)()
            worst = max(worst, impulse_error(out, places, 20.0, "reflect"))
        assert 0.7 * blur.error_norm < worst <= blur.error_norm + 1e-6, (order, factor)
