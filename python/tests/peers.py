"""Runs scikit-image's and Pillow's own tests of these filters against gaussfilt's faces, and counts the calls.

Usage: peers.py [CACHE_FOLDER]     The sdists (name and hash pinned) come from pip's index into build/peers and stay.

A test fails the run where it fails, unless EXPECTED names it with a reason, or where it is expected to fail and passes.
Tests that never enter gaussfilt are listed as such: their passing says nothing.
"""

import hashlib
import html
import json
import os
import pathlib
import re
import subprocess
import sys
import tarfile
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent

PEERS = {
    "scikit-image": {
        "sdist": "scikit_image-0.26.0.tar.gz",
        "sha256": "f5f970ab04efad85c24714321fcc91613fcb64ef2a892a13167df2f3e59199fa",
        "take": r"tests/skimage/filters/test_(gaussian|unsharp_mask)\.py$",
        "tests": ["tests/skimage/filters/test_gaussian.py", "tests/skimage/filters/test_unsharp_mask.py"],
    },
    "pillow": {
        "sdist": "pillow-13.0.0.tar.gz",
        "sha256": "cdcd1ba258178f7356d74170c9a81ba4eab6a5d55748bc402a5a2a6fe6be3510",
        "take": r"Tests/([^/]*\.py|images/(hopper[^/]*|color_snakes\.png))$",
        "tests": ["Tests/test_image_filter.py", "Tests/test_box_blur.py", "Tests/test_imageops_usm.py"],
    },
}

# Tests that fail, and why; docs/limits.md says the same.
EXPECTED: dict[str, str] = {}


def index_url():
    """The index that pip is configured for."""
    asked = os.environ.get("PIP_INDEX_URL")
    if not asked:
        command = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
        asked = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return (asked or "https://pypi.org/simple").rstrip("/")


def fetch(project, name, sha256, folder):
    """The sdist, from the cache or from the index (PEP 503), its hash checked."""
    path = folder / name
    if not path.exists():
        page = f"{index_url()}/{project}/"
        request = urllib.request.Request(page, headers={"Accept": "text/html"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            links = re.findall(r'href="([^"]*)"', answer.read().decode())
        found = [link for link in links if f"/{name}" in link]
        if not found:
            sys.exit(f"{page} has no {name}")
        with urllib.request.urlopen(urllib.parse.urljoin(page, html.unescape(found[0])), timeout=180) as answer:
            data = answer.read()
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != sha256:
        path.unlink()
        sys.exit(f"{name}: sha256 is {digest}, must be {sha256}")
    return path


def unpack(sdist, wanted, folder):
    """The files whose path within the sdist matches."""
    with tarfile.open(sdist) as archive:
        for member in archive:
            path = member.name.partition("/")[2]
            if member.isfile() and re.match(wanted, path):
                target = folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(archive.extractfile(member).read())


def run(project, peer, cache):
    """{test: (outcome, calls into gaussfilt)} of one project's tests."""
    folder = cache / project
    unpack(fetch(project, peer["sdist"], peer["sha256"], cache), peer["take"], folder)
    report = folder / "report.json"
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "peers_plugin", "-p", "no:cacheprovider", "-c", os.devnull]
    environment = dict(os.environ, PYTHONPATH=str(HERE), GAUSSFILT_PEER=project, GAUSSFILT_PEER_REPORT=str(report))
    command += ["--rootdir", str(folder)]
    subprocess.run([*command, *peer["tests"]], cwd=folder, env=environment, check=False)
    if not report.exists():
        sys.exit(f"{project}: its tests did not run")
    return json.loads(report.read_text())


def judge(project, results):
    """Prints one project's results; the number of tests that are not as expected."""
    wrong = 0
    entered = sum(calls > 0 for _, calls in results.values())
    calls = sum(calls for _, calls in results.values())
    passed = sum(outcome == "passed" for outcome, _ in results.values())
    print(f"{project}: {passed} of {len(results)} passed; {entered} entered gaussfilt, in {calls} calls")
    for test, (outcome, _) in results.items():
        expected = EXPECTED.get(f"{project}: {test}")
        if outcome == "failed" and expected:
            print(f"  fails as expected: {test}: {expected}")
        elif outcome == "failed" or expected:
            print(f"  wrong: {test} {outcome}")
            wrong += 1
        elif outcome == "skipped":
            print(f"  skipped: {test}")
    outside = [test for test, (outcome, count) in results.items() if outcome == "passed" and count == 0]
    if outside:
        names = sorted({test.rpartition("::")[2].partition("[")[0] for test in outside})
        print(f"  never entered gaussfilt: {len(outside)} tests, of {', '.join(names)}")
    return wrong + (entered == 0)


def main():
    cache = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT / "build/peers"
    wrong = sum([judge(project, run(project, peer, cache)) for project, peer in PEERS.items()])
    print("peers: " + (f"{wrong} not as expected" if wrong else "all as expected"))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
