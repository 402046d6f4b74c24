"""The numbers of rivals.py as two pictures: time against sigma, and time against error."""

import os

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

COLOURS = {
    "gaussfilt": "#c1121f", "OpenCV": "#1f77b4", "SciPy": "#2ca02c", "DIPlib": "#9467bd", "SimpleITK": "#8c564b",
    "pyvips": "#e08e0b", "Pillow": "#17a2b8",
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
        if case["threads"] == threads and case["group"] not in ("goals", "volume"):
            sweeps.setdefault(case["group"], []).append(case)
    return sweeps


def _names(cases):
    return list(dict.fromkeys(row["name"] for case in cases for row in case["rows"] if row["name"] != "memcpy"))


def _finish(figure, panels, result, threads):
    """One legend for all panels, and below it where the numbers come from."""
    lines = {}
    for panel in panels:
        lines |= dict(zip(*reversed(panel.get_legend_handles_labels()), strict=True))
    libraries = list(COLOURS)
    names = sorted(lines, key=lambda name: libraries.index(name.split(",")[0]))
    figure.tight_layout(rect=(0, 0.18, 1, 1))
    figure.legend([lines[name] for name in names], names, fontsize=8, ncols=5, loc="lower center",
                  bbox_to_anchor=(0.5, 0.03), frameon=False)  # fmt: skip
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


def time_against_error(result, folder, threads):
    """The first sweep (f32), where the methods differ: its two largest sigmas. Best is below, on the left."""
    cases = next(iter(_sweeps(result, threads).values()))[-2:]
    figure, panels = plt.subplots(1, len(cases), figsize=(6 * len(cases), 5.2), squeeze=False)
    names = _names(cases)
    for panel, case in zip(panels[0], cases, strict=True):
        for row in case["rows"]:
            if row["name"] == "memcpy":
                continue
            style = _style(row["name"], names)
            panel.plot(max(row["error_ideal"], 1e-9), row["per_memcpy"], **{**style, "linestyle": "none"},
                       label=row["name"])  # fmt: skip
        panel.axhline(1, color="grey", linewidth=0.8)
        panel.text(0.01, 1.04, "memcpy", fontsize=7, color="grey", transform=panel.get_yaxis_transform())
        panel.set(xscale="log", yscale="log", title=case["title"],
                  xlabel="largest error from the ideal Gaussian, of the range")  # fmt: skip
        panel.grid(alpha=0.3)
    panels[0][0].set_ylabel("time / memcpy of the same array")
    _finish(figure, panels[0], result, threads)
    _save(figure, folder, f"rivals-error-{_suffix(threads)}.png")


def draw(result, folder):
    os.makedirs(folder, exist_ok=True)
    for threads in sorted({case["threads"] for case in result["cases"]}):
        if _sweeps(result, threads):
            time_against_sigma(result, folder, threads)
            time_against_error(result, folder, threads)
