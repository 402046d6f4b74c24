#!/usr/bin/env python3
"""Holds the C++ and the Python in the documents to the examples that are compiled and run.

    python3 examples/check_quotes.py

Every ```cpp and ```python block in README.md and docs/*.md must follow a line <!-- examples/NAME.cpp --> (or .py, or
docs/NAME.py) and consist of lines of that file, in its order (spaces aside). Exit code 1 and one line per fault
otherwise.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def tidy(line):
    return " ".join(line.split())


def missing_line(quote, example):
    """The first line of `quote` that does not come next in `example`, or None."""
    rest = iter(tidy(line) for line in example.splitlines())
    for line in filter(None, map(tidy, quote.splitlines())):
        if line not in rest:  # walks on to the match
            return line
    return None


def faults(path):
    text = path.read_text(encoding="utf-8")
    source = r"<!-- (examples/\w+\.(?:cpp|py)|docs/\w+\.py) -->\n"
    for block in re.finditer(rf"(?:{source})?```(?:cpp|python)\n(.*?)```", text, re.DOTALL):
        where = f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, block.start()) + 1}"
        source = block.group(1)
        if not source or not (ROOT / source).is_file():
            yield f"{where}: a C++ or Python block must name the example it is taken from"
            continue
        line = missing_line(block.group(2), (ROOT / source).read_text(encoding="utf-8"))
        if line is not None:
            yield f"{where}: not in {source}: {line}"


def main():
    documents = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    found = [fault for path in documents for fault in faults(path)]
    print("\n".join(found) if found else f"{len(documents)} documents agree with the examples")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
