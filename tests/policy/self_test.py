"""Each policy test notices a breach: it is shown a small bad tree, made here, and must name what is wrong with it."""
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import tree

sys.path.insert(0, str(tree.ROOT / "tools"))
sys.dont_write_bytecode = True
import format as format_check  # noqa: E402
import headers  # noqa: E402
import layers  # noqa: E402
import sizes  # noqa: E402
import symbols  # noqa: E402
import words  # noqa: E402

COMPILER = next((c for c in ("g++", "c++", "clang++") if shutil.which(c)), "c++")


class BadTree(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name).resolve()

    def write(self, files: dict[str, str]) -> Path:
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return self.root

    def assert_breach(self, breaches: list[str], *parts: str):
        self.assertTrue(any(all(p in b for p in parts) for b in breaches), f"{parts} not in {breaches}")


class Layers(BadTree):
    def breaches(self, **files: str) -> list[str]:
        return layers.read(self.write({name.replace("__", "/").replace("_H", ".h").replace("_C", ".cpp"): text
                                       for name, text in files.items()}))[1]

    def test_a_good_tree_is_clean(self):
        self.assertEqual([], self.breaches(include__gaussfilt__array_H="#include <vector>\n",
                                           src__base__lines_H="#include <gaussfilt/array.h>\n",
                                           src__passes__fir_C='#include "base/lines.h"\n#include <hwy/highway.h>\n',
                                           src__base__threads_C="#include <oneapi/tbb/task_arena.h>\n",
                                           cli__main_C='#include "options.h"\n#include <gaussfilt/array.h>\n',
                                           cli__options_H="#include <CLI/CLI.hpp>\n"))

    def test_upwards(self):
        self.assert_breach(self.breaches(src__base__a_C='#include "methods/m.h"\n', src__methods__m_H="//\n"),
                           "src/base/a.cpp:1", "floor 0", "floor 2")

    def test_a_private_floor_sees_a_higher_public_header(self):
        self.assert_breach(self.breaches(src__passes__p_C="#include <gaussfilt/plan.h>\n",
                                         include__gaussfilt__plan_H="//\n"), "floor 1", "floor 3")

    def test_the_core_sees_pictures(self):
        self.assert_breach(self.breaches(src__plan__p_C="#include <gaussfilt/pictures.h>\n",
                                         include__gaussfilt__pictures_H="//\n"), "floor 4")

    def test_dependencies_out_of_place(self):
        for include in ("hwy/highway.h", "oneapi/tbb/parallel_for.h", "tbb/task_arena.h", "vips/vips.h",
                        "libexif/exif-data.h", "cuda_runtime.h", "nanobind/nanobind.h", "gtest/gtest.h",
                        "benchmark/benchmark.h"):
            with self.subTest(include):
                self.assert_breach(self.breaches(src__methods__m_C=f"#include <{include}>\n"), include, "only")

    def test_a_public_header_shows_a_dependency(self):
        self.assert_breach(self.breaches(include__gaussfilt__array_H="#include <fmt/core.h>\n"), "every user")

    def test_faces_see_the_inside(self):
        for face in ("cli__main_C", "src__pictures__p_C", "examples__e_C"):
            with self.subTest(face):
                self.assert_breach(self.breaches(**{face: '#include "base/lines.h"\n', "src__base__lines_H": "//\n"}),
                                   "as <gaussfilt/...> only")

    def test_the_reference_sees_more_than_arrays_and_borders(self):
        self.assert_breach(self.breaches(reference__r_C="#include <gaussfilt/kernel.h>\n",
                                         include__gaussfilt__kernel_H="//\n"), "the reference sees")

    def test_the_core_sees_the_reference(self):
        self.assert_breach(self.breaches(src__base__a_C='#include "reference/r.h"\n', reference__r_H="//\n"),
                           "stands without reference")

    def test_circle(self):
        self.assert_breach(self.breaches(src__base__a_H='#include "b.h"\n', src__base__b_H='#include "a.h"\n'),
                           "circle: src/base/a.h -> src/base/b.h -> src/base/a.h")

    def test_no_floor(self):
        self.assert_breach(self.breaches(src__attic__a_C="//\n"), "src/attic/a.cpp: no floor")
        self.assert_breach(self.breaches(include__gaussfilt__new_H="//\n"), "new.h: no floor")

    def test_unknown_file(self):
        self.assert_breach(self.breaches(src__base__a_C='#include "gone.h"\n'), "no file of the project")

    def test_the_command_fails(self):
        self.write({"src/base/a.cpp": "#include <hwy/highway.h>\n"})
        command = [sys.executable, str(tree.ROOT / "tools/layers.py"), "--root", str(self.root)]
        self.assertEqual(1, subprocess.run(command, capture_output=True).returncode)


class Sizes(BadTree):
    def test_limits(self):
        for name, limit in (("src/base/a.cpp", 600), ("include/gaussfilt/a.h", 300), ("CMakeLists.txt", 150)):
            with self.subTest(name):
                self.assertEqual([], sizes.check(self.write({name: "// x\n" * limit})))
                self.assert_breach(sizes.check(self.write({name: "// x\n" * (limit + 1)})), name, str(limit))
                (self.root / name).unlink()

    def test_empty_and_unexplained(self):
        self.assert_breach(sizes.check(self.write({"src/a.cpp": ""})), "empty")
        self.assert_breach(sizes.check(self.write({"src/a.cpp": "int x;\n"})), "comment")


class Words(BadTree):
    def test_each_word(self):
        bad = {"src/a.cpp": "// TO" + "DO: later\n", "src/b.h": "// FIX" + "ME\n", "src/c.cpp": "#if " + "0\n#endif\n",
               "docs/d.md": "see /ho" + "me/someone/x\n", "e.md": "in /ro" + "ot/x\n",
               "cmake/f.cmake": "-march=" + "native\n", "CMakeLists.txt": "Fetch" + "Content_Declare(x)\n"}
        breaches = words.check(self.write(bad))
        for name in bad:
            with self.subTest(name):
                self.assert_breach(breaches, name + ":")

    def test_innocent(self):
        self.assertEqual([], words.check(self.write({"a.md": "https://x.org/home/page ${root}/x pi/root/2\n"})))


class Format(BadTree):
    def test_untidy(self):
        clang_format = format_check.find_clang_format()
        if clang_format is None:
            self.skipTest("clang-format is not installed here")
        self.assertEqual([], format_check.check(self.write({"src/a.cpp": "// Good.\nint x = 1;\n"}), clang_format))
        self.assert_breach(format_check.check(self.write({"src/b.cpp": "int  y=1 ;\n"}), clang_format), "src/b.cpp")
        self.assert_breach(format_check.check(self.root / "src/none", clang_format), "no C++ file")


class Headers(BadTree):
    def breaches(self, text: str) -> list[str]:
        return headers.check(self.write({"include/gaussfilt/a.h": text}), self.root, [COMPILER])

    def test_headers(self):
        self.assertEqual([], self.breaches("#pragma once\n#include <vector>\ninline std::vector<int> v;\n"))
        self.assert_breach(self.breaches("#pragma once\ninline std::vector<int> v;\n"), "a.h")
        self.assert_breach(self.breaches("struct Unguarded {};\n"), "redefinition")
        self.assert_breach(self.breaches("#pragma once\ninline int f(long x) { return x; }\n"), "conversion")
        self.assert_breach(headers.check(self.root / "include", self.root, [COMPILER]), "no header")


class Symbols(BadTree):
    SHOWN = 'namespace gaussfilt { __attribute__((visibility("default"))) void f() { %s } }\n'

    def breaches(self, text: str) -> list[str]:
        source = self.write({"a.cpp": "#include <cstdio>\n#include <cstdlib>\n#include <iostream>\n" + text}) / "a.cpp"
        library = self.root / "liba.so"
        subprocess.run([COMPILER, "-std=c++20", "-shared", "-fPIC", "-fvisibility=hidden", "-o", library, source],
                       check=True)
        # Including <iostream> itself costs a static object, which is what the test must see.
        return symbols.check(library)

    def test_each_symbol(self):
        for body, name in (('std::printf("x %d", 1);', "printf"), ('std::puts("x");', "puts"),
                           ("std::abort();", "abort"), ('std::getenv("X");', "getenv"), ("std::exit(1);", "exit"),
                           ('std::cout << "x";', "std::cout"), ('std::fputs("x", stderr);', "f")):
            with self.subTest(name):
                self.assert_breach(self.breaches(self.SHOWN % body), f"asks for {name}")

    def test_foreign_export(self):
        text = self.SHOWN % "" + '__attribute__((visibility("default"))) int stray;\n'
        self.assert_breach(self.breaches(text), "shows stray")

    def test_nothing_shown(self):
        self.assert_breach(self.breaches("static int x;\n"), "shows nothing of gaussfilt")


if __name__ == "__main__":
    unittest.main()
