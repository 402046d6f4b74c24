"""Reading JSON of strangers: every value knows where it stands, and what is wrong with it is one sentence."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

_DEEPEST = 64


class RecipeError(ValueError):
    """What is wrong with a recipe, and where.

    ``pointer`` is its place as a JSON pointer, "" for the whole. Where a word is none of those that may stand there,
    ``word`` is that word and ``known`` holds these.
    """

    def __init__(self, sentence: str, pointer: str = "", word: str = "", known: Sequence[str] = ()) -> None:
        super().__init__(sentence)
        self.pointer = pointer
        self.word = word
        self.known = list(known)


def _cut(text: str, most: int = 60) -> str:
    """The start of a text, whole letters of UTF-8."""
    encoded = text.encode("utf-8", "replace")
    return text if len(encoded) <= most else encoded[:most].decode("utf-8", "ignore") + "..."


def _shown(value: Any) -> str:
    """A value as it stands in messages: short, and without what it holds where it holds much."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list) and (len(value) > 4 or any(isinstance(item, (dict, list)) for item in value)):
        return f"an array of {len(value)}"
    return _cut(json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=repr))


def listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


class Value:
    """A value and its place."""

    def __init__(self, data: Any, pointer: str, title: str) -> None:
        # NumPy's arrays and numbers stand for what they hold.
        self.data: Any = data.tolist() if hasattr(data, "tolist") else list(data) if isinstance(data, tuple) else data
        self.pointer = pointer
        self.title = title

    def member(self, name: str) -> Value:
        escaped = _cut(name).replace("~", "~0").replace("/", "~1")
        return Value(self.data[name], f"{self.pointer}/{escaped}", self.title)

    def entry(self, index: int) -> Value:
        return Value(self.data[index], f"{self.pointer}/{index}", self.title)

    def shown(self) -> str:
        return _shown(self.data)

    def error(self, said: str, word: str = "", known: Sequence[str] = ()) -> RecipeError:
        place = f"{self.title}: {self.pointer}: " if self.pointer else f"{self.title}: "
        return RecipeError(f"{place}{said}.", self.pointer, word, known)

    def refusal(self, rule: str) -> RecipeError:
        return self.error(f"is {self.shown()}, must be {rule}")

    def refuse_word(self, word: str, known: Sequence[str]) -> RecipeError:
        return self.error(f"is {_shown(word)}, must be {listed(known)}", word, known)

    def entries(self, of: str, least: int, most: int) -> list[Value]:
        if not isinstance(self.data, list) or not least <= len(self.data) <= most:
            raise self.refusal(f"an array of {least} to {most} {of}")
        return [self.entry(index) for index in range(len(self.data))]

    def number(self, rule: str, good: Callable[[float], bool] = lambda value: True) -> float:
        """A finite one."""
        try:
            found = float(self.data) if is_number(self.data) else math.nan
        except OverflowError:
            found = math.inf
        if not math.isfinite(found) or not good(found):
            raise self.refusal(rule)
        return found

    def whole(self, rule: str, least: int, most: int) -> int:
        """2.0 is one, too."""
        found = self.number(rule)
        if found != math.floor(found) or not least <= found <= most:
            raise self.refusal(rule)
        return int(found)

    def one_or_two(self, rule: str) -> list[Value]:
        """One value, or two of them for x and y."""
        if not isinstance(self.data, list):
            return [self]
        if len(self.data) != 2:
            raise self.refusal(rule)
        return [self.entry(0), self.entry(1)]

    def text(self, rule: str) -> str:
        if not isinstance(self.data, str):
            raise self.refusal(rule)
        return self.data

    def named(self, names: Sequence[str]) -> str:
        word = self.text("a name")
        if word not in names:
            raise self.refuse_word(word, names)
        return word

    def check_members(self, what: str, names: Sequence[str], required: Sequence[str] = ()) -> None:
        if not isinstance(self.data, dict):
            raise self.refusal(f"{what}: an object with {listed(names)}")
        for name in sorted(self.data, key=str):
            if name not in names:
                said = f"has the member '{_cut(str(name))}', must be {what} with {listed(names)}"
                raise self.error(said, str(name), names)
        for name in required:
            if name not in self.data:
                raise self.error(f"has no member '{name}', which {what} needs")

    def read_members(
        self, what: str, members: Mapping[str, Callable[[Value], Any]], required: Sequence[str] = ()
    ) -> dict[str, Any]:
        """What `members` make of those that are there, by name."""
        self.check_members(what, list(members), required)
        return {name: read(self.member(name)) for name, read in members.items() if name in self.data}


def _depth(value: Any) -> int:
    deepest, level = 0, [value]
    while level:
        level = [inner for one in level if isinstance(one, (dict, list))
                 for inner in (one.values() if isinstance(one, dict) else one)]  # fmt: skip
        deepest += 1
    return deepest


def parse(text: str, title: str) -> Any:
    """The whole text. Raises RecipeError: what is no JSON, a member that stands twice in one object."""

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in pairs:
            if name in found:
                raise RecipeError(f"{title}: the member '{_cut(name)}' stands twice in one object; "
                                  "leave one of them out.")  # fmt: skip
            found[name] = value
        return found

    def constant(word: str) -> Any:
        raise RecipeError(f"{title}: is no JSON: {word} is no number, must be finite.")

    def real(digits: str) -> float:
        value = float(digits)
        if math.isinf(value):
            raise RecipeError(f"{title}: has a number that is too large for any use, must be finite.")
        return value

    too_deep = RecipeError(f"{title}: nests deeper than {_DEEPEST} levels.")
    try:
        document = json.loads(text, object_pairs_hook=members, parse_constant=constant, parse_float=real)
    except json.JSONDecodeError as error:
        said = f"{title}: line {error.lineno}, column {error.colno}: is no JSON: {error.msg}."
        raise RecipeError(said) from None
    except RecursionError:
        raise too_deep from None
    if _depth(document) > _DEEPEST + 1:
        raise too_deep
    return document
