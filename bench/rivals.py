#!/usr/bin/env python3
"""Times gaussfilt beside eight other libraries (rivals_libraries.py lists them): one process, same arrays.

    python bench/rivals.py [--quick] [--json FILE] [--markdown FILE] [--plots FOLDER]

Every result is compared with Gaussians computed in float64 from their definition before it is timed. A rival that is
further from its own stated operator than it may be is left out and named; if that is us, the run ends. Then all
contenders of a case filter the same array in turn, round after round; times are medians, ratios are medians of the
ratios within a round. First on all threads, then on one, pinned to one CPU.
"""

import argparse
import dataclasses
import datetime
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import time

import gaussfilt
import numpy as np
import rivals_cases
import rivals_libraries as libraries
import rivals_report
from rivals_reference import Reference, impulse_error, impulses

MODULES = ("gaussfilt", "numpy", "cv2", "scipy.ndimage", "PIL.Image")
SLOW = 0.25  # seconds; calls of a front that take longer are timed once, the others get the more rounds
_TIMED_IMPORT = """
import sys, time
start = time.perf_counter()
import {0}
print(time.perf_counter() - start, int("numpy" in sys.modules))
"""


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="smaller pictures, few rounds, one thread: about a minute")
    parser.add_argument("--dry-run", action="store_true", help="tiny pictures, one round: shows that all of it works")
    parser.add_argument("--threads", choices=("both", "one", "all"), help="default: both, with --quick one")
    parser.add_argument("--only", default="", help="only cases whose title has this in it")
    parser.add_argument("--json", help="write all numbers there")
    parser.add_argument("--markdown", help="write the tables there")
    parser.add_argument("--plots", help="write the plots into this folder (needs matplotlib)")
    options = parser.parse_args()
    options.threads = options.threads or ("one" if options.quick else "both")
    return options


def check(case, job, contenders):
    """Runs every contender once; name -> its errors, and a sentence for each rival that is not what it says it is."""
    reference = Reference(job.image, job.axes, job.sigma, job.scale)
    errors, refused = {}, []
    for one in contenders:
        one.call()
        result = one.result()
        own = reference.error(result, one.operator, one.border)
        if not own <= one.allowed:
            sentence = f"{case.title}: {one.name}: error {own:g} {case.unit}, allowed {one.allowed:g}: not timed"
            if one.library == libraries.OURS:
                sys.exit(sentence)
            refused.append(sentence)
            continue
        errors[one.name] = {
            "error_own": own,
            "error_cut": reference.error(result, job.cut, one.border),
            "error_ideal": reference.error(result, "ideal", one.border),
        }
    return errors, refused


def measure_norms(case, job, errors):
    """Adds to the errors of each contender the norm of its error, as far as impulses at all their phases show it."""
    for shift in range(libraries.PHASES):
        image, places = impulses(job.image.shape, job.sigma, shift)
        for one in case.contenders(dataclasses.replace(job, image=image)):
            if one.name in errors and shift < one.phases:
                one.call()
                found = impulse_error(one.result(), places, job.sigma, one.border)
                errors[one.name]["error_norm"] = max(found, errors[one.name].get("error_norm", 0))


def same_bits(goal, contenders):
    results = [one.result() for one in contenders if one.name in (goal.ours, goal.rival)]
    return len(results) == 2 and results[0].tobytes() == results[1].tobytes()


def _seconds(call, repeats):
    start = time.perf_counter_ns()
    for _ in range(repeats):
        call()
    return (time.perf_counter_ns() - start) / 1e9 / repeats


def measure(calls, budget, most_rounds, slow=math.inf):
    """name -> times in seconds, one per round; every round runs all calls in turn, short ones many times.

    Calls that take more than `slow` seconds are timed once.
    """
    first = {name: _seconds(call, 1) for name, call in calls.items()}
    once = {name: [taken] for name, taken in first.items() if taken > slow}
    first = {name: taken for name, taken in first.items() if name not in once}
    first |= {name: _seconds(calls[name], 1) for name, taken in first.items() if taken < 0.01}
    repeats = {name: max(1, int(2e-3 / max(once, 1e-7))) for name, once in first.items()}
    round_takes = sum(first[name] * repeats[name] for name in first)
    rounds = min(most_rounds, max(3, int(budget / round_takes)))
    times = {name: once.get(name, []) for name in calls}
    for _ in range(rounds):
        for name in first:
            times[name].append(_seconds(calls[name], repeats[name]))
    return times


def _ratio(times, others):
    """The median of the ratios within a round; of the medians where one of them was timed once."""
    if len(times) == len(others):
        return statistics.median(a / b for a, b in zip(times, others, strict=True))
    return statistics.median(times) / statistics.median(others)


def run_case(case, threads, budget, most_rounds):
    """The rows of one case on a number of threads, memcpy first; and how its goals came out."""
    job = case.job()
    contenders = case.contenders(job)
    if threads != 1:
        contenders = [one for one in contenders if libraries.LIBRARIES[one.library].threaded]
    errors, refused = check(case, job, contenders)
    contenders = [one for one in contenders if one.name in errors]
    if case.front:
        measure_norms(case, job, errors)
    copy = job.output()
    calls = {"memcpy": lambda: np.copyto(copy, job.image), **{one.name: one.call for one in contenders}}
    times = measure(calls, 4 * budget, most_rounds, SLOW) if case.front else measure(calls, budget, most_rounds)
    rows = [
        {
            "name": name, "us": 1e6 * statistics.median(taken), "per_memcpy": _ratio(taken, times["memcpy"]),
            "per_ours": _ratio(taken, times[case.ours]), "rounds": len(taken), **errors.get(name, {}),
        }
        for name, taken in times.items()
    ]  # fmt: skip
    goals = []
    for goal in case.goals if threads == 1 else ():
        if goal.ours in times and goal.rival in times:
            reached = _ratio(times[goal.rival], times[goal.ours])
            equal = same_bits(goal, contenders) if goal.same_bits else None
            goals.append({"case": case.title, "ours": goal.ours, "rival": goal.rival, "factor": reached,
                          "wanted": goal.factor, "same_bits": equal})  # fmt: skip
    return {"group": case.group, "title": case.title, "unit": case.unit, "sigma": job.sigma, "threads": threads,
            "front": case.front, "ours": case.ours, "rows": rows, "refused": refused, "goals": goals}  # fmt: skip


def import_times(rounds):
    """module -> median seconds that importing it takes in a process of its own, and whether NumPy came along."""
    times = {name: [] for name in MODULES}
    numpy_loaded = {}
    for _ in range(rounds):
        for name in MODULES:
            done = subprocess.run([sys.executable, "-c", _TIMED_IMPORT.format(name)], capture_output=True, text=True)
            if done.returncode == 0:
                taken, loaded = done.stdout.split()
                times[name].append(float(taken))
                numpy_loaded[name] = loaded == "1"
    return {
        name: {"ms": 1e3 * statistics.median(taken), "numpy": numpy_loaded[name]}
        for name, taken in times.items() if taken
    }  # fmt: skip


def machine():
    model = platform.machine()
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as info:
        for line in info:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    return f"{model}, {os.cpu_count()} CPUs, {platform.system()} {platform.machine()}"


def command(options):
    """What reproduces these numbers."""
    words = ["python bench/rivals.py"]
    words += [flag for flag, given in (("--quick", options.quick), ("--dry-run", options.dry_run)) if given]
    words += [f"--threads {options.threads}"] * (options.threads != "both")
    return " ".join(words + [f'--only "{options.only}"'] * bool(options.only))


def thread_counts(wanted, cpus):
    """All threads first: threads that a library starts while the process is pinned would stay pinned."""
    counts = {"both": [len(cpus), 1], "one": [1], "all": [len(cpus)]}[wanted]
    return list(dict.fromkeys(counts))


def main():
    options = arguments()
    sizes = rivals_cases.DRY if options.dry_run else rivals_cases.QUICK if options.quick else rivals_cases.Sizes()
    budget, most_rounds = (0.0, 3) if options.dry_run else (0.5, 51) if options.quick else (3.0, 101)
    cases = [case for case in rivals_cases.cases(sizes) if options.only in case.title]
    cpus = os.sched_getaffinity(0)
    result = {
        "machine": machine(), "cpu_target": gaussfilt.active_cpu_target(), "date": datetime.date.today().isoformat(),
        "python": platform.python_version(), "versions": libraries.versions(), "absent": libraries.absent(),
        "command": command(options), "imports": import_times(3 if options.dry_run else 9), "cases": [],
    }  # fmt: skip
    print(rivals_report.head(result), flush=True)
    for threads in thread_counts(options.threads, cpus):
        libraries.set_threads(threads)
        if threads == 1:
            os.sched_setaffinity(0, {max(cpus)})
        for case in cases:
            if threads == 1 or case.all_threads:
                result["cases"].append(run_case(case, threads, budget, most_rounds))
                print(rivals_report.case_table(result["cases"][-1]), flush=True)
    os.sched_setaffinity(0, cpus)
    print(rivals_report.goals_table(result))
    write(options, result)


def write(options, result):
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(result, file, indent=1)
            file.write("\n")
    if options.markdown:
        with open(options.markdown, "w", encoding="utf-8") as file:
            file.write(rivals_report.document(result))
    if options.plots:
        import rivals_plots  # here alone is matplotlib needed

        rivals_plots.draw(result, options.plots)


if __name__ == "__main__":
    main()
