"""What the policy tests share: which files belong to the project, and how a test ends."""
import argparse
import os
import sys
from pathlib import Path
from typing import Callable

ROOT = Path(__file__).resolve().parents[2]
SOURCE = {".h", ".hpp", ".cpp", ".cc", ".c"}
SKIP = 77  # ctest's SKIP_RETURN_CODE
NOT_OURS = {".git", "out", "__pycache__", ".venv", ".cache", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache"}


def files(root: Path) -> list[Path]:
    """Every file of the working tree but build trees and results."""
    found = []
    for folder, names, entries in os.walk(root):
        names[:] = sorted(n for n in names if n not in NOT_OURS and not n.startswith("build"))
        found += [Path(folder) / entry for entry in sorted(entries)]
    return found


def text_of(path: Path) -> str | None:
    """The text of a file; None where it is a picture or another binary file."""
    data = path.read_bytes()
    if b"\0" in data:
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def run(check: Callable[[Path], list[str]], description: str) -> None:
    """The main() of a policy test that needs the source tree alone."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--root", type=Path, default=ROOT)
    breaches = check(parser.parse_args().root.resolve())
    finish(breaches)


def finish(breaches: list[str]) -> None:
    print("\n".join(breaches) if breaches else "clean")
    sys.exit(1 if breaches else 0)


def skip(reason: str) -> None:
    print(f"skipped: {reason}")
    sys.exit(SKIP)
