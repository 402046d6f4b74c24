#!/usr/bin/env python3
"""Runs bench_filters and writes its numbers as Markdown tables.

    python3 bench/filters.py --bench BUILD/bench/bench_filters [--markdown FILE] [--filter REGEX | --quick]

Each number is checked against the definition by bench_filters before it is timed; see the top of bench_filters.cpp.
"""
import argparse
import datetime
import json
import os
import subprocess
import sys
import tempfile

QUICK = "(sigma:1|sigma:5|side:5)/threads:1"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bench", required=True, help="the program bench_filters, built with GAUSSFILT_BENCH=ON")
    parser.add_argument("--filter", default=".", help="only benchmarks whose name matches")
    parser.add_argument("--quick", action="store_true", help=f"only those that match {QUICK}")
    parser.add_argument("--markdown", help="write the tables there")
    return parser.parse_args()


def run(bench, pattern):
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out.json")
        done = subprocess.run([bench, f"--benchmark_filter={pattern}", f"--benchmark_out={out}",
                               "--benchmark_out_format=json"], check=False)
        if done.returncode:
            sys.exit(f"{bench}: exit code {done.returncode}")
        with open(out, encoding="utf-8") as file:
            return json.load(file)


def rows(benchmarks):
    """(subject, "sigma 2", threads) -> the numbers; leaves the process where a check failed."""
    table = {}
    for one in benchmarks:
        # gaussian/f32/512x512/sigma:2/threads:1/min_time:0.400/manual_time
        parts = one["name"].split("/")
        if one.get("error_occurred"):
            sys.exit(f"{one['name']}: {one['error_message']}")
        options = dict(part.split(":") for part in parts if ":" in part)
        subject = "/".join(parts[1:3] if parts[0] == "gaussian" else parts[:3])
        what = "sigma" if "sigma" in options else "side"
        table[subject, f"{what} {options[what]}", int(options["threads"])] = one
    return table


def machine(context):
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as info:
        models = [line.split(":", 1)[1].strip() for line in info if line.startswith("model name")]
    caches = ", ".join(f"L{cache['level']} {cache['size'] // 1024} KiB"
                       for cache in context["caches"] if cache["type"] != "Instruction")
    return f"{models[0] if models else 'unknown CPU'}, {context['num_cpus']} CPUs; {caches}"


def number(value):
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


def markdown(result, pattern):
    context, table = result["context"], rows(result["benchmarks"])
    lines = ["# gaussfilt, by itself", "",
             f"- machine: {machine(context)}",
             f"- date: {datetime.date.today().isoformat()}",
             f"- gaussfilt {context['gaussfilt']} on {context['cpu_target']}",
             f"- command: `python3 bench/filters.py --bench BUILD/bench/bench_filters --filter '{pattern}'`", "",
             "Each cell: time / memcpy of the same picture on one thread, in the same run (median us; largest error",
             "against the definition, relative to N M, for integers in grey levels; how much of the median the longer",
             "of memcpy and the method's arithmetic at this CPU's peak would take; the plan's predicted time / the median).",
             "eighth: a tolerance of 1/8 level of the uncut Gaussian; without, and in f64, the kernel is cut at 4",
             "sigma.", ""]
    for what in ("sigma", "side"):
        part = {key: one for key, one in table.items() if key[1].startswith(what)}
        if part:
            lines += [*table_lines(part), ""]
    return "\n".join(lines[:-1]) + "\n"


def table_lines(table):
    """Markdown of one table: a row for each picture and number of threads, a column for each sigma or side."""
    columns = sorted({column for _, column, _ in table}, key=lambda column: float(column.split()[1]))
    yield "| picture | threads | " + " | ".join(columns) + " |"
    yield "|---|---|" + "---|" * len(columns)
    for subject, threads in dict.fromkeys((s, t) for s, _, t in table):
        yield f"| {subject} | {threads} | " + " | ".join(cell(table.get((subject, c, threads))) for c in columns) + " |"


def cell(one):
    if one is None:
        return ""
    share = f"; {100 * one['roofline']:.0f} %" if "roofline" in one else ""
    share += f"; predicted {one['predicted']:.2f}" if "predicted" in one else ""
    return f"**{number(one['x_memcpy'])}** ({number(one['median_us'])}; {one['error']:.1e}{share})"


def main():
    options = arguments()
    pattern = QUICK if options.quick else options.filter
    text = markdown(run(options.bench, pattern), pattern)
    print("\n" + text)
    if options.markdown:
        with open(options.markdown, "w", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    main()
