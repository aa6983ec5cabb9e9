"""Shapes of values in a configuration file: what is taken, and how that is said.

Promise: a value comes out as a frozen one, or `UnfitError` says in words what is expected; nothing else is raised.
Does not know: names of settings, files.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ratop_py.safetext import clean

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
"""Names that people give: of filters, themes."""
NAMED = "named with letters, digits, - and _, a letter first"
LONGEST = 4096
"""Characters of one text."""
MOST = 400
"""Entries of one list or table."""


class UnfitError(ValueError):
    """What is expected instead, in words that go on from “is”; `key`: below which key of a table."""

    def __init__(self, expected: str, key: tuple[str, ...] = ()) -> None:
        super().__init__(expected)
        self.expected = expected
        self.key = key


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape of value."""

    says: str
    """`yes or no`, `a number from 0.1 to 10`."""
    read: Callable[[object], object]
    """Raises UnfitError."""
    choices: tuple[str, ...] = ()
    """Words there are to choose from."""


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise UnfitError("true or false")
    return value


FLAG = Shape("true or false", _flag)


def number(least: float, most: float) -> Shape:
    """A number within limits."""
    says = f"a number from {least:g} to {most:g}"

    def read(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise UnfitError(says)
        return float(value) if math.isfinite(value) else least

    return Shape(says, read)


def one_of(*choices: str) -> Shape:
    """One of a few words."""
    says = f"{', '.join(choices[:-1])} or {choices[-1]}"

    def read(value: object) -> str:
        if not isinstance(value, str) or value not in choices:
            raise UnfitError(says)
        return value

    return Shape(says, read, choices)


def text(says: str, pattern: str = r"[^\x00]*", choices: tuple[str, ...] = ()) -> Shape:
    """A text that a pattern describes."""

    def read(value: object) -> str:
        if not isinstance(value, str) or len(value) > LONGEST or not re.fullmatch(pattern, value):
            raise UnfitError(says)
        return clean(value, LONGEST)

    return Shape(says, read, choices)


def words(says: str) -> Shape:
    """A list of words, or one text with blanks or commas between."""

    def read(value: object) -> tuple[str, ...]:
        items = re.split(r"[\s,]+", value.strip()) if isinstance(value, str) else value
        if not isinstance(items, list) or len(items) > MOST or not all(isinstance(each, str) for each in items):
            raise UnfitError(says)
        return tuple(clean(each, 200) for each in items if each)

    return Shape(says, read)


def table(each: Shape, says: str, names: re.Pattern[str] = NAME) -> Shape:
    """A table whose keys a person names."""

    def read(value: object) -> Mapping[str, object]:
        if not isinstance(value, dict) or len(value) > MOST:
            raise UnfitError(says)
        found = {}
        for name, item in value.items():
            if not names.fullmatch(name):
                raise UnfitError(NAMED if names is NAME else f"a view: {names.pattern.replace('|', ', ')}", (name,))
            found[name] = below(each, name, item)
        return found

    return Shape(says, read)


def below(shape: Shape, name: str, value: object) -> object:
    """Read the value of a key of a table."""
    try:
        return shape.read(value)
    except UnfitError as error:
        raise UnfitError(error.expected, (name, *error.key)) from None
