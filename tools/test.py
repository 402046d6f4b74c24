#!/usr/bin/env python3
"""Runs every test of a build tree and closes with the line "N passed, N failed".

Usage: tools/test.py BUILD_DIR [ctest options]     Exit code 0 only where tests ran and none failed.
"""
import os
import subprocess
import sys
import xml.etree.ElementTree as xml
from pathlib import Path


def main() -> int:
    build = Path(sys.argv[1]).resolve()
    report = build / "tests.xml"
    report.unlink(missing_ok=True)
    jobs = os.environ.get("JOBS") or str(os.cpu_count())
    command = ["ctest", "--test-dir", str(build), "--output-on-failure", "--no-tests=error", "-j", jobs]
    status = subprocess.run([*command, "--output-junit", str(report), *sys.argv[2:]]).returncode

    cases = list(xml.parse(report).getroot().iter("testcase")) if report.exists() else []
    passed = sum(case.get("status") == "run" for case in cases)
    failed = sum(case.get("status") == "fail" for case in cases)
    for case in cases:
        if case.get("status") not in ("run", "fail"):
            words = (case.findtext("system-out") or "").strip().splitlines()
            print(f"skipped: {case.get('name')}: {words[-1] if words else 'no reason given'}")
    if failed == 0 and (status != 0 or passed == 0):
        failed = 1  # ctest itself failed, or nothing ran
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
