"""Words that must not stand in the project: promises for later, dead code, paths of one machine, flags that bind a
binary to one machine or change arithmetic, downloads at build time."""
import re
from pathlib import Path

import tree

BUILD = (".cmake", ".txt", ".json", ".sh", ".py", "Makefile", ".toml", ".in")
EVERYWHERE = ("",)
# Patterns are written so that this file does not match itself.
RULES = [
    (re.compile(r"\b(TO[D]O|FIX[M]E|XX[X])\b"), EVERYWHERE, "finish it, or leave it out"),
    (re.compile(r"^\s*#\s*if\s+[0]\b", re.MULTILINE), tuple(tree.SOURCE), "dead code belongs to the history"),
    (re.compile(r"(?<![\w.$}])/(home/[\w]|root/|work/|Users/)"), EVERYWHERE, "a path of one machine"),
    (re.compile(r"-m(arch|tune)=nativ[e]|-ffast-mat[h]|-Ofas[t]"), BUILD, "binds the binary to one machine or "
                                                                          "changes arithmetic"),
    (re.compile(r"\b(FetchConten[t]|ExternalProjec[t]_Add|CPMAddPackag[e])"), BUILD, "a download at build time"),
]


def check(root: Path) -> list[str]:
    breaches = []
    for path in tree.files(root):
        text = tree.text_of(path)
        if text is None:
            continue
        for pattern, endings, why in RULES:
            if not path.name.endswith(endings):
                continue
            for match in pattern.finditer(text):
                line = text.count("\n", 0, match.end()) + 1
                breaches.append(f"{path.relative_to(root)}:{line}: '{match[0].strip()}': {why}")
    return breaches


if __name__ == "__main__":
    tree.run(check, __doc__)
