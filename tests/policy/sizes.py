"""Files stay small enough to be read: sources 600 lines, public headers 300, the top CMakeLists.txt 150, the
reference 300; none is empty, and every source file starts with a comment that says what it is."""
from pathlib import Path

import tree

LIMITS = [("include/", 300), ("reference/", 300), ("CMakeLists.txt", 150), ("", 600)]  # the first that fits
SOURCE = tree.SOURCE | {".py", ".sh", ".cmake"}
OPENINGS = ("//", "/*", "#", '"""')
EMPTY_IS_MEANING = {"py.typed", "__init__.py"}


def limit_of(name: str) -> int:
    return next(limit for start, limit in LIMITS if name.startswith(start))


def check(root: Path) -> list[str]:
    breaches = []
    for path in tree.files(root):
        name = path.relative_to(root).as_posix()
        if path.stat().st_size == 0 and path.name not in EMPTY_IS_MEANING and "cases/" not in name:
            breaches.append(f"{name}: empty")
            continue
        if path.suffix not in SOURCE and path.name != "CMakeLists.txt":
            continue
        text = tree.text_of(path) or ""
        count = text.count("\n")
        if count > limit_of(name):
            breaches.append(f"{name}: {count} lines, must be at most {limit_of(name)}")
        if path.suffix in SOURCE and not text.startswith(OPENINGS):
            breaches.append(f"{name}: must start with a comment that says its floor or purpose")
    return breaches


if __name__ == "__main__":
    tree.run(check, __doc__)
