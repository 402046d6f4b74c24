"""docs/cli/tasks.md says what the program does: its commands give the text and the pictures that are committed."""
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_commands_of_the_tasks_give_what_the_page_says():
    program = Path(os.environ["GAUSSFILT_PROGRAM"]).resolve()
    command = [sys.executable, "-B", ROOT / "docs/cli/tasks.py", "--program", program, "--check"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, f"{done.stderr}\nIf the change is meant: make docs, and look at the pictures."
