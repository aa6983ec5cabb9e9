"""A line of text being typed.

Promise: every edit is a function from a line to a line; the cursor is always inside; what is typed or pasted is clean.
Does not know: what the line means, widgets.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ratop_py.safetext import clean
from ratop_py.tui.fit import size_of

LONGEST = 4096
WORD = re.compile(r"[\w.:-]+")


@dataclass(frozen=True, slots=True)
class Typed:
    """Text, and the place of the cursor in it."""

    text: str = ""
    at: int = 0


def typed(text: str) -> Typed:
    """The cursor at the end."""
    return Typed(text, len(text))


def insert(line: Typed, text: str) -> Typed:
    """What was typed or pasted, at the cursor. Line ends and tabs become blanks."""
    room = LONGEST - len(line.text)
    new = clean(" ".join(text.splitlines()).replace("\t", " "), LONGEST)[: max(0, room)]
    return Typed(line.text[: line.at] + new + line.text[line.at :], line.at + len(new))


def replace(line: Typed, start: int, end: int, text: str) -> Typed:
    """Other text at a place; the cursor behind it."""
    return Typed(line.text[:start] + text + line.text[end:], start + len(text))


def _cut(line: Typed, start: int, end: int) -> Typed:
    return Typed(line.text[:start] + line.text[end:], start)


def _word_before(line: Typed) -> int:
    starts = [found.start() for found in WORD.finditer(line.text) if found.start() < line.at]
    return starts[-1] if starts else 0


def _word_after(line: Typed) -> int:
    ends = [found.end() for found in WORD.finditer(line.text) if found.end() > line.at]
    return ends[0] if ends else len(line.text)


EDITS: dict[str, Callable[[Typed], Typed]] = {
    "left": lambda line: Typed(line.text, max(0, line.at - 1)),
    "right": lambda line: Typed(line.text, min(len(line.text), line.at + 1)),
    "ctrl+left": lambda line: Typed(line.text, _word_before(line)),
    "ctrl+right": lambda line: Typed(line.text, _word_after(line)),
    "home": lambda line: Typed(line.text, 0),
    "end": lambda line: Typed(line.text, len(line.text)),
    "backspace": lambda line: _cut(line, max(0, line.at - 1), line.at),
    "delete": lambda line: _cut(line, line.at, min(len(line.text), line.at + 1)),
    "ctrl+w": lambda line: _cut(line, _word_before(line), line.at),
    "ctrl+u": lambda line: _cut(line, 0, line.at),
    "ctrl+k": lambda line: _cut(line, line.at, len(line.text)),
}
EDITS |= {
    "ctrl+b": EDITS["left"],
    "ctrl+f": EDITS["right"],
    "ctrl+a": EDITS["home"],
    "ctrl+e": EDITS["end"],
    "ctrl+h": EDITS["backspace"],
    "ctrl+d": EDITS["delete"],
}
"""As in a shell."""


def edit(line: Typed, key: str, character: str | None) -> Typed | None:
    """The line after a key; None: the key is no edit."""
    if key in EDITS:
        return EDITS[key](line)
    if character and len(character) == 1 and character.isprintable():
        return insert(line, character)
    return None


@dataclass(frozen=True, slots=True)
class Shown:
    """The part of a line that fits, and where things stand in it, in cells."""

    text: str
    cursor: int
    first: int
    """Index of the first character shown."""


def show(line: Typed, size: int) -> Shown:
    """Scroll so that the cursor is seen."""
    first = 0
    while size_of(line.text[first : line.at]) >= size > 0:
        first += 1
    end = len(line.text)
    while end > line.at and size_of(line.text[first:end]) > size:
        end -= 1
    return Shown(line.text[first:end], size_of(line.text[first : line.at]), first)
