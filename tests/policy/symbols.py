"""The shared core never prints, never ends the process, never reads the environment, and shows nothing but its public
interface. Usage: symbols.py [--shown-only] LIBGAUSSFILT.SO"""
import argparse
import re
import subprocess
from pathlib import Path

import tree

# What an object of ours must not ask for. snprintf writes to memory and is fine; std::terminate is what the compiler
# itself puts behind noexcept.
FORBIDDEN = re.compile(
    r"^(v?f?printf|__v?f?printf_chk|puts|fputs|putchar|putc|fputc|fwrite|write|perror|fopen|fopen64|open|open64|"
    r"abort|exit|_exit|_Exit|quick_exit|__assert_fail|raise|kill|signal|sigaction|"
    r"getenv|secure_getenv|setenv|putenv|system|popen|setlocale|srand|rand|"
    r"std::(cout|cerr|clog|cin|wcout|wcerr|ios_base::Init::Init\(\).*|ios_base_library_init\(\))|hwy::Abort\(.*)$"
)
# The mangled names of gaussfilt::v0 and of the type information and tables of its classes.
OURS = re.compile(r"^_Z(T[ISV])?NK?9gaussfilt")


def nm(library: Path, *options: str) -> list[list[str]]:
    done = subprocess.run(["nm", "-D", *options, str(library)], capture_output=True, text=True, check=True)
    return [line.split() for line in done.stdout.splitlines()]


def demangle(names: list[str]) -> list[str]:
    done = subprocess.run(["c++filt"], input="\n".join(names), capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def asked_for(library: Path) -> list[str]:
    wanted = [row[-1].split("@")[0] for row in nm(library, "--undefined-only")]
    return [f"asks for {name}" for name in demangle(wanted) if FORBIDDEN.match(name)]


def shown_by(library: Path) -> list[str]:
    shown = [row[-1].split("@")[0] for row in nm(library, "--defined-only")]
    foreign = [name for name in shown if not OURS.match(name)]
    breaches = [f"shows {name}" for name in demangle(foreign)]
    if not any(OURS.match(name) for name in shown):
        breaches.append("shows nothing of gaussfilt")
    return breaches


def check(library: Path, shown_only: bool = False) -> list[str]:
    return shown_by(library) + ([] if shown_only else asked_for(library))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("library", type=Path)
    parser.add_argument("--shown-only", action="store_true", help="for libraries that may open files")
    arguments = parser.parse_args()
    tree.finish(check(arguments.library, arguments.shown_only))


if __name__ == "__main__":
    main()
