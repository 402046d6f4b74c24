#!/usr/bin/env python3
"""Reads every #include and holds it against the floors; can draw what it read.

Usage: tools/layers.py [--root DIR]            check; exit code 1 and one line per breach
       tools/layers.py --draw [text|dot]       the graph: floors as text, files as Graphviz

A file includes its own floor or a lower one, and there are no circles. Each big dependency is named in one place.
"""
import argparse
import re
import sys
from pathlib import Path

# Folders, longest match first: name of the floor and its height. Beside the house: reference and the onlookers.
FOLDERS = {
    "src/base": ("base", 0),
    "src/passes": ("passes", 1),
    "src/methods": ("methods", 2),
    "src/plan": ("plan", 3),
    "src/pictures": ("pictures", 4),
    "src/cuda": ("cuda", 4),
    "faces": ("faces", 5),
    "cli": ("cli", 5),
    "python": ("python", 5),
    "reference": ("reference", None),
    "tests": ("tests", None),
    "fuzz": ("fuzz", None),
    "bench": ("bench", None),
    "examples": ("examples", None),
}
# Public headers (include/gaussfilt): the floor that implements each.
HEADERS = {
    "array.h": 0, "border.h": 0, "kernel.h": 0, "named_kernels.h": 0, "regions.h": 0, "kernel_text.h": 4, "region_text.h": 4, "convolution.h": 4,
    "error.h": 0, "export.h": 0, "version.h": 0,
    "runtime.h": 1, "plan.h": 3, "filters.h": 3, "gaussfilt.h": 3, "gaussian_regions.h": 3, "pictures.h": 4, "recipe.h": 4,
    "files.h": 4, "sheets.h": 4, "cuda.h": 4,
}  # fmt: skip
CORE_NAMES = {0: "base", 1: "passes", 2: "methods", 3: "plan", 4: "bridges", 5: "faces"}

# External headers that only some places may name: pattern, places.
OWNERS = [
    (re.compile(r"hwy/"), ("src/passes/", "bench/peaks.cpp")),
    (re.compile(r"(oneapi/)?tbb(/|\.h$)"), ("src/base/threads.cpp",)),
    (re.compile(r"(vips/|glib)"), ("src/pictures/", "tests/pictures/")),
    (re.compile(r"libexif/"), ("src/pictures/",)),
    (re.compile(r"lcms2|tiffio"), ("src/pictures/",)),
    (re.compile(r"(cuda|cufft|cub/)"), ("src/cuda/",)),
    (re.compile(r"(nanobind/|Python\.h$)"), ("python/src/",)),
    (re.compile(r"CLI/"), ("cli/",)),
    (re.compile(r"(gtest|gmock|rapidcheck)"), ("tests/", "fuzz/")),
    (re.compile(r"benchmark/"), ("bench/",)),
]
# Who sees the core only as its users do: through <gaussfilt/...>, and else its own folder.
OUTSIDERS = ("src/pictures/", "src/cuda/", "faces/", "cli/", "python/", "examples/", "tests/consumer/")
ONLOOKERS = ("tests/", "fuzz/", "bench/")  # see any floor, and have its folders in their include path
EXCEPTIONS = [("src/cuda/", "src/base/"),  # cuda reuses taps and the problem record
              ("cli/", "faces/"), ("python/", "faces/")]  # what the faces share
REFERENCE_SEES = {"array.h", "border.h", "error.h", "export.h"}

SUFFIXES = {".h", ".hpp", ".cpp", ".cc", ".c", ".cu", ".cuh"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def source_files(root: Path) -> list[str]:
    tops = ("include", "src", "faces", "cli", "python", "reference", "tests", "fuzz", "bench", "examples")
    found = [p for top in tops if (root / top).is_dir() for p in (root / top).rglob("*") if p.suffix in SUFFIXES]
    return sorted(p.relative_to(root).as_posix() for p in found)


def floor_of(path: str) -> tuple[str, int | None] | None:
    """Name and height of a file's floor; None where the house has no room for it."""
    if path.startswith("include/gaussfilt/"):
        height = HEADERS.get(path.removeprefix("include/gaussfilt/"))
        return None if height is None else (CORE_NAMES[height], height)
    for folder in sorted(FOLDERS, key=len, reverse=True):
        if path.startswith(folder + "/"):
            return FOLDERS[folder]
    return None


def resolve(root: Path, path: str, name: str, known: set[str]) -> str | None:
    """The project's file that an #include means, or None for one from outside."""
    if name == "gaussfilt/version.h":
        return "include/gaussfilt/version.h"  # made by CMake
    beside = (root / path).parent / name
    folders = ["include", "src"]
    if path.startswith(ONLOOKERS):
        folders += ["reference", "tests", "tests/pictures", "cli", "src/pictures"]
    candidates = [f"{folder}/{name}" for folder in folders] + [name]
    if beside.is_file() and beside.resolve().is_relative_to(root):
        candidates.insert(0, beside.resolve().relative_to(root).as_posix())
    return next((c for c in candidates if c in known), None)


def check_external(path: str, name: str) -> str | None:
    for pattern, places in OWNERS:
        if pattern.match(name) and not path.startswith(places):
            return f"<{name}> belongs in {' or '.join(places)} only"
    if path.startswith("include/") and "/" in name and not name.startswith("gaussfilt/"):
        return f"a public header shows <{name}> to every user"
    return None


def check_internal(path: str, target: str, angled: bool) -> str | None:
    floor, height = floor_of(path) or ("?", None)
    target_floor = floor_of(target)
    if target_floor is None:
        return None  # reported as a file without a floor
    target_height = target_floor[1]
    if any(path.startswith(a) and target.startswith(b) for a, b in EXCEPTIONS):
        return None
    public = target.startswith("include/gaussfilt/")
    if floor == "reference":
        inside = target.startswith("reference/") or (public and target.split("/")[-1] in REFERENCE_SEES)
        return None if inside else f"the reference sees {target}, must see {', '.join(sorted(REFERENCE_SEES))} only"
    for outsider in OUTSIDERS:
        if path.startswith(outsider) and not public and not target.startswith(outsider):
            return f"sees {target}, must see the core as <gaussfilt/...> only"
    if height is not None:
        if target_height is None:
            return f"sees {target}: the house stands without {target_floor[0]}"
        if target_height > height:
            return f"floor {height} ({floor}) includes {target} of floor {target_height} ({target_floor[0]})"
    if public != angled and (public or height is not None):
        return f"{target} is included as " + ("\"...\", a public header is <gaussfilt/...>" if public else
                                              "<...>, a private one is \"...\"")
    return None


def find_circle(graph: dict[str, set[str]]) -> list[str] | None:
    state: dict[str, int] = {}
    stack: list[str] = []

    def visit(node: str) -> list[str] | None:
        state[node] = 1
        stack.append(node)
        for following in sorted(graph.get(node, ())):
            if state.get(following) == 1:
                return [*stack[stack.index(following):], following]
            if following not in state and (circle := visit(following)):
                return circle
        state[node] = 2
        stack.pop()
        return None

    return next((circle for node in sorted(graph) if node not in state and (circle := visit(node))), None)


def read(root: Path) -> tuple[dict[str, set[str]], list[str]]:
    """The include graph of the project's own files, and every breach of the rules."""
    root = root.resolve()
    files = source_files(root)
    known = {*files, "include/gaussfilt/version.h"}
    graph: dict[str, set[str]] = {}
    breaches = []
    for path in files:
        graph[path] = set()
        if floor_of(path) is None:
            breaches.append(f"{path}: no floor; give it a row in tools/layers.py")
        text = (root / path).read_text(encoding="utf-8")
        for match in INCLUDE.finditer(text):
            line = text.count("\n", 0, match.start(2)) + 1
            name = match[2]
            target = resolve(root, path, name, known)
            if target is None and match[1] == '"' and not name.startswith("vips"):
                breach = f'"{name}" is no file of the project; write <...> for one from outside'
            elif target is None:
                breach = check_external(path, name)
            elif target == path:
                breach = "includes itself"
            else:
                graph[path].add(target)
                breach = check_internal(path, target, match[1] == "<")
            if breach:
                breaches.append(f"{path}:{line}: {breach}")
    if circle := find_circle(graph):
        breaches.append("circle: " + " -> ".join(circle))
    return graph, breaches


def draw_text(graph: dict[str, set[str]]) -> str:
    """One row per floor, the highest first: how many files, and how many includes go where."""
    rows: dict[str, dict[str, int]] = {}
    files: dict[str, int] = {}
    height: dict[str, float] = {}
    for path, targets in graph.items():
        floor, level = floor_of(path) or ("?", None)
        files[floor] = files.get(floor, 0) + 1
        height[floor] = -1 if level is None else level
        for target in targets:
            other = (floor_of(target) or ("?", None))[0]
            if other != floor:
                rows.setdefault(floor, {})[other] = rows.get(floor, {}).get(other, 0) + 1
    lines = []
    for floor in sorted(files, key=lambda f: (-height[f], f)):
        arrows = ", ".join(f"{other} ({n})" for other, n in sorted(rows.get(floor, {}).items(), key=lambda i: -i[1]))
        lines.append(f"{height[floor] if height[floor] >= 0 else '-'}  {floor:<10} {files[floor]:>3} files"
                     + (f"  -> {arrows}" if arrows else ""))
    return "\n".join(lines)


def draw_dot(graph: dict[str, set[str]]) -> str:
    lines = ["digraph includes {", "  rankdir=BT; node [shape=box, fontsize=10];"]
    floors: dict[str, list[str]] = {}
    for path in graph:
        floors.setdefault((floor_of(path) or ("?", None))[0], []).append(path)
    for floor, paths in floors.items():
        lines.append(f'  subgraph "cluster_{floor}" {{ label="{floor}";')
        lines += [f'    "{path}";' for path in paths]
        lines.append("  }")
    lines += [f'  "{path}" -> "{target}";' for path, targets in graph.items() for target in sorted(targets)]
    return "\n".join([*lines, "}"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent)
    parser.add_argument("--draw", nargs="?", const="text", choices=["text", "dot"])
    arguments = parser.parse_args()
    graph, breaches = read(arguments.root)
    if arguments.draw:
        print(draw_text(graph) if arguments.draw == "text" else draw_dot(graph))
        return 0
    print("\n".join(breaches) if breaches else f"{len(graph)} files, every include points down")
    return 1 if breaches or not graph else 0


if __name__ == "__main__":
    sys.exit(main())
