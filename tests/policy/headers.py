"""Every public header compiles alone, and twice in a row, without a warning, under every compiler named that is
installed. Usage: headers.py --generated BUILD/include COMPILER..."""
import argparse
import shutil
import subprocess
from pathlib import Path

import tree

FLAGS = ["-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Wpedantic", "-Werror"]


def check(root: Path, generated: Path, compilers: list[str]) -> list[str]:
    headers = sorted((root / "include/gaussfilt").glob("*.h"))
    if not headers:
        return [f"no header in {root / 'include/gaussfilt'}"]
    breaches = []
    for compiler in compilers:
        for header in headers:
            line = f"#include <gaussfilt/{header.name}>\n"
            done = subprocess.run([compiler, *FLAGS, f"-I{root / 'include'}", f"-I{generated}", "-x", "c++", "-"],
                                  input=line + line, capture_output=True, text=True)
            if done.returncode:
                breaches.append(f"{header.name} under {compiler}:\n{done.stderr}")
    return breaches


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=tree.ROOT)
    parser.add_argument("--generated", type=Path, required=True)
    parser.add_argument("compilers", nargs="+")
    arguments = parser.parse_args()
    present = [c for c in arguments.compilers if shutil.which(c)]
    print("compilers:", ", ".join(present), flush=True)
    if not present:
        tree.finish(["none of the compilers is installed: " + ", ".join(arguments.compilers)])
    tree.finish(check(arguments.root.resolve(), arguments.generated, present))


if __name__ == "__main__":
    main()
