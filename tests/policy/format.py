"""Every C++ file is as clang-format 14 would write it (.clang-format); --write makes it so. Other versions of
clang-format write differently, so they are not asked."""
import argparse
import shutil
import subprocess
import sys
from pathlib import Path

import tree

VERSION = "14"


def find_clang_format() -> str | None:
    for name in (f"clang-format-{VERSION}", "clang-format"):
        path = shutil.which(name)
        if path and f"version {VERSION}." in subprocess.run([path, "--version"], capture_output=True, text=True).stdout:
            return path
    return None


def check(root: Path, clang_format: str, write: bool = False) -> list[str]:
    ours = [str(p) for p in tree.files(root) if p.suffix in tree.SOURCE]
    if not ours:
        return [f"no C++ file below {root}"]
    style = f"--style=file:{tree.ROOT / '.clang-format'}"
    how = ["-i"] if write else ["--dry-run", "-Werror"]
    done = subprocess.run([clang_format, style, *how, *ours], capture_output=True, text=True)
    dirty = sorted({line.split(":")[0] for line in done.stderr.splitlines() if "clang-format-violations" in line})
    if done.returncode and not dirty:
        return [done.stderr.strip()]
    return [f"{Path(name).relative_to(root)}: run `make format`" for name in dirty]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=tree.ROOT)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    clang_format = find_clang_format()
    if clang_format is None:
        if arguments.write:
            sys.exit(f"format: clang-format {VERSION} is not installed")
        tree.skip(f"clang-format {VERSION} is not installed here")
    tree.finish(check(arguments.root.resolve(), clang_format, arguments.write))


if __name__ == "__main__":
    main()
