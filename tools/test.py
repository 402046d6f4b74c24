#!/usr/bin/env python3
"""Runs every test of a build tree, those of the Python package, and those that hold the built program to other
libraries, and closes with the line "N passed, N failed".

Usage: tools/test.py BUILD_DIR [--venv VENV] [ctest options]     Exit code 0 only where tests ran and none failed.
"""
import argparse
import os
import subprocess
import sys
import xml.etree.ElementTree as xml
from pathlib import Path

JOBS = os.environ.get("JOBS") or str(os.cpu_count())


def cases_of(report: Path) -> list[xml.Element]:
    return list(xml.parse(report).getroot().iter("testcase")) if report.exists() else []


def run(command: list[str], report: Path) -> tuple[int, list[xml.Element]]:
    report.unlink(missing_ok=True)
    status = subprocess.run(command).returncode
    return status, cases_of(report)


def run_ctest(build: Path, options: list[str]) -> tuple[int, int]:
    """Passed and failed of CTest; what was skipped is named with its reason."""
    report = build / "tests.xml"
    command = ["ctest", "--test-dir", str(build), "--output-on-failure", "--no-tests=error", "-j", JOBS]
    status, cases = run([*command, "--output-junit", str(report), *options], report)
    passed = sum(case.get("status") == "run" for case in cases)
    failed = sum(case.get("status") == "fail" for case in cases)
    for case in cases:
        if case.get("status") not in ("run", "fail"):
            words = (case.findtext("system-out") or "").strip().splitlines()
            print(f"skipped: {case.get('name')}: {words[-1] if words else 'no reason given'}")
    return passed, failed or int(status != 0 or passed == 0)


def run_pytest(build: Path, venv: Path) -> tuple[int, int]:
    """Passed and failed of pytest; what was skipped is named with its reason. Tests of the program run where it was
    built."""
    report = build / "tests-python.xml"
    folders, program = ["python/tests"], build / "cli/gaussfilt"
    if program.exists():
        folders += ["tests/pictures/peers", "tests/cli"]
        os.environ["GAUSSFILT_PROGRAM"] = str(program)
    command = [str(venv / "bin/python"), "-m", "pytest", "-q", "-n", JOBS, "--dist", "loadgroup", *folders]
    status, cases = run([*command, f"--junit-xml={report}"], report)
    failed = sum(case.find("failure") is not None or case.find("error") is not None for case in cases)
    skipped = [case for case in cases if case.find("skipped") is not None]
    for case in skipped:
        print(f"skipped: {case.get('classname')}.{case.get('name')}: {case.find('skipped').get('message')}")
    passed = len(cases) - failed - len(skipped)
    return passed, failed or int(status != 0 or passed == 0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=Path)
    parser.add_argument("--venv", type=Path, help="virtual environment that has the package: its tests are run too")
    arguments, options = parser.parse_known_args()
    passed, failed = run_ctest(arguments.build.resolve(), options)
    if arguments.venv:
        more, worse = run_pytest(arguments.build.resolve(), arguments.venv)
        passed, failed = passed + more, failed + worse
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
