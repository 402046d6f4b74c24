"""Runs SciPy's own tests of the functions that gaussfilt.ndimage has, from the installed wheel, against ours.

    python scipy_suite.py [--json FILE] [pytest's options]

The functions of scipy.ndimage are replaced by ours before the tests are imported, since many tests capture them in
their parameters, and our functions take the originals' places in the table that SciPy's decorators look functions up
in. Every call is counted: a test belongs to the run where its source or its parameters name one of the functions or
where it calls one; a test that names one and never enters ours is listed as not run.
"""

import argparse
import functools
import inspect
import json
import re
import sys
from collections import Counter
from pathlib import Path

import pytest
import scipy.ndimage
from gaussfilt import ndimage
from scipy._lib._array_api import xp_capabilities_table

MODULES = ["scipy.ndimage.tests.test_filters", "scipy.ndimage.tests.test_fourier",
           "scipy.ndimage.tests.test_morphology"]
MENTION = re.compile(rf"\b({'|'.join(ndimage.__all__)})\b")
calls = Counter()


def counted(name):
    ours = getattr(ndimage, name)

    @functools.wraps(ours)
    def function(*args, **kwargs):
        calls[name] += 1
        return ours(*args, **kwargs)

    return function


def replace():
    for name in ndimage.__all__:
        function = counted(name)
        xp_capabilities_table[function] = xp_capabilities_table[getattr(scipy.ndimage, name)]
        setattr(scipy.ndimage, name, function)


class Record:
    """What every test called, and how it went."""

    def __init__(self):
        self.entered, self.mentioned, self.outcomes, self.passed_over = set(), set(), {}, []

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item):
        before = calls.total()
        try:
            return (yield)
        finally:
            if calls.total() > before:
                self.entered.add(item.nodeid)

    def pytest_collection_modifyitems(self, items):
        for item in items:
            functions = [value.__name__ for value in _values(item) if callable(value) and hasattr(value, "__name__")]
            text = " ".join(functions) if functions else inspect.getsource(item.function)
            if MENTION.search(text):
                self.mentioned.add(item.nodeid)

    def pytest_runtest_logreport(self, report):
        if report.when == "call" or report.outcome != "passed":
            self.outcomes[report.nodeid] = report.outcome

    def summary(self):
        ours = {node for node in self.outcomes if node in self.entered}
        by = {outcome: sorted(n for n in ours if self.outcomes[n] == outcome) for outcome in ("passed", "failed")}
        return {"passed": len(by["passed"]), "failed": by["failed"], "calls": dict(calls),
                "not run": sorted(self.mentioned - self.entered)}


def _values(item):
    return item.callspec.params.values() if hasattr(item, "callspec") else ()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", help="where the summary goes")
    options, rest = parser.parse_known_args()
    replace()
    record = Record()
    root = Path(scipy.ndimage.__file__).parents[1]
    pytest.main(["-q", "--tb=line", "-p", "no:cacheprovider", f"--rootdir={root}", *rest, "--pyargs", *MODULES],
                plugins=[record])
    summary = record.summary()
    if options.json:
        with open(options.json, "w") as file:
            json.dump(summary, file, indent=1)
    print(f"{summary['passed']} passed, {len(summary['failed'])} failed; {sum(summary['calls'].values())} calls")
    for title in ("failed", "not run"):
        print(*(f"{title}: {node}" for node in summary[title]), sep="\n")
    sys.exit(bool(summary["failed"]))


if __name__ == "__main__":
    main()
