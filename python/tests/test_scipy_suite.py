"""SciPy's own tests of the functions that gaussfilt.ndimage has, run against ours in a process of their own."""

import json
import subprocess
import sys
from pathlib import Path

from gaussfilt import ndimage

RUNNER = Path(__file__).with_name("scipy_suite.py")
FEWEST = 1800  # SciPy 1.17.1 has 1852


def test_scipys_own_tests(tmp_path):
    """All pass, none is passed over, and every function is called."""
    summary = tmp_path / "summary.json"
    run = subprocess.run([sys.executable, str(RUNNER), "--json", str(summary)], cwd=tmp_path, text=True, timeout=600,
                         capture_output=True, check=False)
    assert summary.exists(), run.stdout[-3000:] + run.stderr[-3000:]
    found = json.loads(summary.read_text())
    assert found["failed"] == []
    assert found["not run"] == []
    assert sorted(found["calls"]) == sorted(ndimage.__all__)
    assert found["passed"] >= FEWEST
