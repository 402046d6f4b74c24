"""The package as a whole: imports, stubs, docstrings, the module run by itself, style."""
import doctest
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import gaussfilt
import gaussfilt._core
import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = ["gaussfilt", *(f"gaussfilt.{m.name}" for m in pkgutil.iter_modules(gaussfilt.__path__) if m.name[0] != "_")]


def run(*arguments):
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=True, cwd=ROOT).stdout


def test_import_needs_no_numpy():
    code = "import sys, gaussfilt; gaussfilt.gaussian(b'abc', 1.0); print('numpy' in sys.modules)"
    assert run("-c", code) == "False\n"


def test_list_without_numpy_says_what_is_missing():
    code = "import sys; sys.modules['numpy'] = None; import gaussfilt; gaussfilt.gaussian([1.0, 2.0], 1.0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "TypeError: a: is a list, which needs NumPy to become an array (pip install numpy)" in done.stderr


def test_version_is_cmakes():
    stated = re.search(r"project\(gaussfilt VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text())[1]
    assert gaussfilt.__version__ == stated


def test_module_run_by_itself():
    said = run("-m", "gaussfilt").splitlines()
    assert said[0].startswith(f"gaussfilt {gaussfilt.__version__} on Python ")
    assert said[1].startswith(f"CPU target: {gaussfilt.active_cpu_target()} (of ")
    assert said[2] == f"threads: {gaussfilt.get_num_threads()}"


def test_stub_is_what_stubgen_writes(tmp_path):
    run("-m", "nanobind.stubgen", "-q", "-m", "gaussfilt._core", "-o", str(tmp_path / "_core.pyi"))
    made = (tmp_path / "_core.pyi").read_text()
    # Python 3.12 shows the buffer protocol as methods; the stub is 3.11's.
    made = re.sub(r' {4}def __(release_)?buffer__\(.*?"""\n.*?"""\n\n', "", made, flags=re.DOTALL)
    kept = (ROOT / "python/gaussfilt/_core.pyi").read_text()
    assert made == kept, "run: python -m nanobind.stubgen -m gaussfilt._core -o python/gaussfilt/_core.pyi"


def test_package_says_that_it_is_typed():
    assert (Path(gaussfilt.__file__).parent / "py.typed").exists()
    assert (Path(gaussfilt.__file__).parent / "_core.pyi").exists()


def documented():
    for module_name in MODULES:
        module = importlib.import_module(module_name)
        if module.__doc__:
            yield f"{module_name}", module.__doc__
        for name in getattr(module, "__all__", ()):
            thing = getattr(module, name)
            yield f"{module_name}.{name}", thing.__doc__
            if inspect.isclass(thing):
                for member, value in vars(thing).items():
                    if not member.startswith("_") and getattr(value, "__doc__", None):
                        yield f"{module_name}.{name}.{member}", value.__doc__


DOCUMENTED = dict(documented())


@pytest.mark.parametrize("name", [n for n, text in DOCUMENTED.items() if text and ">>>" in text])
def test_examples_run(name):
    test = doctest.DocTestParser().get_doctest(DOCUMENTED[name], {}, name, None, 0)
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    assert doctest.DocTestRunner(optionflags=flags, verbose=False).run(test).failed == 0


@pytest.mark.parametrize("module_name", MODULES)
def test_every_public_name_is_documented(module_name):
    module = importlib.import_module(module_name)
    for name in getattr(module, "__all__", ()):
        thing = getattr(module, name)
        if callable(thing):
            assert thing.__doc__, f"{module_name}.{name} has no docstring"


def test_ruff_is_content():
    done = subprocess.run([sys.executable, "-m", "ruff", "check", "-q", "python", "examples", "docs", "tests/pictures"],
                          capture_output=True, text=True, cwd=ROOT)  # fmt: skip
    assert done.returncode == 0, done.stdout
