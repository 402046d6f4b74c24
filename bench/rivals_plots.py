"""The numbers of rivals.py as pictures: time against sigma, and time against error."""

import os

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

COLOURS = {
    "gaussfilt": "#c1121f", "OpenCV": "#1f77b4", "SciPy": "#2ca02c", "DIPlib": "#9467bd", "SimpleITK": "#8c564b",
    "pyvips": "#e08e0b", "Pillow": "#17a2b8", "Halide": "#333333",
}  # fmt: skip
MARKS = "osD^vP"


def _style(name, names):
    """A colour for each library, a mark for each of its ways."""
    library = name.split(",")[0]
    ways = [other for other in names if other.split(",")[0] == library]
    return {"color": COLOURS.get(library, "black"), "marker": MARKS[ways.index(name) % len(MARKS)], "markersize": 5,
            "linestyle": "-" if ways.index(name) == 0 else "--"}  # fmt: skip


def _sweeps(result, threads):
    """group -> its cases, in order of sigma."""
    sweeps = {}
    for case in result["cases"]:
        if case["threads"] == threads and case["group"] not in ("goals", "volume") and not case["front"]:
            sweeps.setdefault(case["group"], []).append(case)
    return sweeps


def _names(cases):
    return list(dict.fromkeys(row["name"] for case in cases for row in case["rows"] if row["name"] != "memcpy"))


def _finish(figure, panels, result, threads):
    """One legend for all panels, and below it where the numbers come from."""
    lines = {}
    for panel in panels:
        lines |= dict(zip(*reversed(panel.get_legend_handles_labels()), strict=True))
    libraries = [*COLOURS, "front"]
    names = sorted(lines, key=lambda name: libraries.index(name.split(",")[0]))
    inch = 1 / figure.get_figheight()
    figure.tight_layout(rect=(0, 0.94 * inch, 1, 1))
    figure.legend([lines[name] for name in names], names, fontsize=8, ncols=5, loc="lower center",
                  bbox_to_anchor=(0.5, 0.16 * inch), frameon=False)  # fmt: skip
    words = "1 thread" if threads == 1 else f"{threads} threads"
    figure.text(0.01, 0.01, f"{result['machine']}, {result['cpu_target']}, {result['date']}, {words}", fontsize=7)


def _suffix(threads):
    """Of a file's name, the same on every machine."""
    return "one" if threads == 1 else "all"


def _save(figure, folder, name):
    figure.savefig(os.path.join(folder, name), dpi=90)
    plt.close(figure)


def time_against_sigma(result, folder, threads):
    sweeps = _sweeps(result, threads)
    figure, panels = plt.subplots(1, len(sweeps), figsize=(5 * len(sweeps), 5.2), sharey=True, squeeze=False)
    names = _names(case for cases in sweeps.values() for case in cases)
    for panel, (group, cases) in zip(panels[0], sweeps.items(), strict=True):
        for name in _names(cases):
            points = [(case["sigma"], row["per_memcpy"]) for case in cases for row in case["rows"]
                      if row["name"] == name]  # fmt: skip
            panel.plot(*zip(*points, strict=True), label=name, linewidth=1.3, **_style(name, names))
        panel.set(xscale="log", yscale="log", title=group, xlabel="sigma, pixels")
        ticks = [case["sigma"] for case in cases]
        panel.set_xticks(ticks, [f"{sigma:g}" for sigma in ticks])
        panel.minorticks_off()
        panel.grid(alpha=0.3)
    panels[0][0].set_ylabel("time / memcpy of the same array")
    _finish(figure, panels[0], result, threads)
    _save(figure, folder, f"rivals-sigma-{_suffix(threads)}.png")


def _fastest(points):
    """Of (error, time): those that nothing else is both faster and closer than, by error."""
    front = []
    for error, time in sorted(points):
        if not front or time < front[-1][1]:
            front.append((error, time))
    return front


def _front_panel(panel, case):
    """One sigma: a mark for every setting of every library, a line through ours, the front of all drawn behind."""
    rows = [row for row in case["rows"] if row["name"] != "memcpy"]
    point = {row["name"]: (max(row["error_norm"], 1e-9), row["per_memcpy"]) for row in rows}
    panel.plot(*zip(*_fastest(point.values()), strict=True), color="#ffd9a0", linewidth=9, zorder=0, label="front",
               solid_capstyle="round", drawstyle="steps-post")  # fmt: skip
    for library in COLOURS:
        ways = {}
        for name in point:
            if name.split(",")[0] == library:
                ways.setdefault(_way(name), []).append(point[name])
        for number, (way, points) in enumerate(ways.items()):
            own = library == "gaussfilt"
            panel.plot(*zip(*sorted(points), strict=True), label=way, color=COLOURS[library], marker=MARKS[number],
                       markersize=6 if own else 5, linewidth=2 if own else 0.7, zorder=3 if own else 2,
                       alpha=1 if own else 0.85, linestyle="-" if number == 0 else "--")  # fmt: skip
    panel.axhline(1, color="grey", linewidth=0.8)
    panel.text(0.01, 1.04, "memcpy", fontsize=9, color="grey", transform=panel.get_yaxis_transform())
    panel.set(xscale="log", yscale="log", xlim=(2e-8, 1))
    panel.set_title(f"sigma {case['sigma']:g}", fontsize=13)
    panel.grid(alpha=0.3)


def _way(name):
    """A contender's name without its accuracy."""
    words = [word for word in name.split(", ") if not word[0].isdigit() and not word.startswith("factor")]
    return ", ".join(words) if words != ["gaussfilt"] else "gaussfilt, cut"


def time_against_error(result, folder):
    """Time against the norm of the error, a panel for each sigma. Best is below, on the left."""
    cases = [case for case in result["cases"] if case["front"]]
    if not cases:
        return
    width = min(2, len(cases))
    figure, panels = plt.subplots(-(-len(cases) // width), width, figsize=(11, 10 if len(cases) > 2 else 6),
                                  sharex=True, sharey=True, squeeze=False)  # fmt: skip
    for panel, case in zip(panels.flat, cases, strict=False):
        _front_panel(panel, case)
    for panel in panels.flat[len(cases) :]:
        panel.set_visible(False)
    for panel in panels[-1]:
        panel.set_xlabel("norm of the error, of the range", fontsize=11)
    for panel in panels[:, 0]:
        panel.set_ylabel("time / memcpy of the array", fontsize=11)
    _finish(figure, panels.flat, result, cases[0]["threads"])
    _save(figure, folder, "rivals-error-one.png")


def draw(result, folder):
    os.makedirs(folder, exist_ok=True)
    for threads in sorted({case["threads"] for case in result["cases"]}):
        if _sweeps(result, threads):
            time_against_sigma(result, folder, threads)
    time_against_error(result, folder)
