"""The numbers of rivals.py as Markdown."""

from rivals_libraries import LIBRARIES

IMPORT_LIMIT_MS = 30


def number(value):
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


def _error(row, key):
    return f"{row[key]:.1e}" if key in row else ""


def _table(titles, rows):
    return ["| " + " | ".join(titles) + " |", "|" + "---|" * len(titles), *("| " + " | ".join(r) + " |" for r in rows)]


def head(result):
    versions = ", ".join(f"{name} {version}" for name, version in result["versions"].items())
    lines = [
        "# gaussfilt beside others", "",
        f"- machine: {result['machine']}; gaussfilt runs on {result['cpu_target']}",
        f"- date: {result['date']}",
        f"- versions: {versions}, Python {result['python']}",
        f"- command: `{result['command']}`",
    ]  # fmt: skip
    if result["absent"]:
        lines.append(f"- not installed, so not measured: {', '.join(result['absent'])}")
    return "\n".join(lines) + "\n"


def _how():
    rows = [(name, library.threads, library.output) for name, library in LIBRARIES.items()]
    return "\n".join(["How each library is told its threads and given its output:", "",
                      *_table(("", "threads", "output"), rows)]) + "\n"  # fmt: skip


def case_table(case):
    """One case: a line for each contender."""
    rows = [
        (row["name"], number(row["us"]), f"**{number(row['per_memcpy'])}**", number(row["per_ours"]),
         _error(row, "error_cut"), _error(row, "error_ideal"))
        for row in case["rows"]
    ]  # fmt: skip
    titles = ("", "us", "/ memcpy", f"/ {case['ours']}", f"error, cut at 4 sigma ({case['unit']})", "error, ideal")
    return "\n".join([f"### {case['title']}, {_threads(case['threads'])}", "", *_table(titles, rows),
                      *_refused([case])]) + "\n"  # fmt: skip


def _refused(cases):
    sentences = [sentence for case in cases for sentence in case["refused"]]
    return ["", *sentences] if sentences else []


def _threads(count):
    return "1 thread" if count == 1 else f"{count} threads"


def sweep_table(cases):
    """One sweep: a line for each contender, a column for each sigma."""
    keys, errors = ["error_cut", "error_ideal"], "largest error from the Gaussian cut at 4 sigma, from the ideal one"
    if cases[0]["front"]:
        keys, errors = ["error_norm"], "norm of the error from the ideal Gaussian, measured with impulses"
    names = dict.fromkeys(row["name"] for case in cases for row in case["rows"] if row["name"] != "memcpy")
    rows = []
    for name in names:
        cells = []
        for case in cases:
            row = next((row for row in case["rows"] if row["name"] == name), None)
            cells.append("" if row is None else f"**{number(row['per_memcpy'])}** ({number(row['us'])}; "
                         f"{', '.join(_error(row, key) for key in keys)})")  # fmt: skip
        rows.append((name, *cells))
    memcpy = sorted(case["rows"][0]["us"] for case in cases)[len(cases) // 2]
    titles = ("", *(f"sigma {case['sigma']:g}" for case in cases))
    return "\n".join([
        f"### {cases[0]['group']}, {_threads(cases[0]['threads'])}", "",
        f"Each cell: time / memcpy (us; {errors}, {cases[0]['unit']}). memcpy: {number(memcpy)} us.", "",
        *_table(titles, rows), *_refused(cases),
    ]) + "\n"  # fmt: skip


def goals_table(result):
    """What was to be reached on one thread, and was."""
    rows = []
    for case in result["cases"]:
        for goal in case["goals"]:
            bits = {True: "; same bits", False: "; **other bits**", None: ""}[goal["same_bits"]]
            rows.append((goal["case"], goal["ours"], goal["rival"], f"**{number(goal['factor'])}**{bits}",
                         f">= {goal['wanted']}"))  # fmt: skip
    ours = result["imports"]["gaussfilt"]
    others = ", ".join(f"{name} {number(one['ms'])}" for name, one in result["imports"].items() if name != "gaussfilt")
    with_numpy = "; **NumPy was loaded**" if ours["numpy"] else ""
    rows.append(("import, ms", "gaussfilt", others, f"**{number(ours['ms'])}**{with_numpy}", f"< {IMPORT_LIMIT_MS}"))
    titles = ("case, one thread", "ours", "rival", "times as fast", "wanted")
    return "\n".join(["## Goals", "", *_table(titles, rows)]) + "\n"


def document(result):
    """All of it; sweeps as one table each."""
    parts = [head(result), _how(), goals_table(result)]
    for threads in sorted({case["threads"] for case in result["cases"]}):
        parts.append(f"## On {_threads(threads)}\n")
        if threads > 1:
            alone = [name for name, library in LIBRARIES.items() if not library.threaded]
            parts.append(f"{', '.join(alone)} have one thread only and stand above; memcpy is one thread's here too.\n")
        mine = [case for case in result["cases"] if case["threads"] == threads]
        for group in dict.fromkeys(case["group"] for case in mine):
            members = [case for case in mine if case["group"] == group]
            parts += [sweep_table(members)] if group not in ("goals", "volume") else map(case_table, members)
    return "\n".join(parts)
