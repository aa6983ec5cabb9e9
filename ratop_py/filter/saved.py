"""Saved filters: `@name` in a filter stands for the one that was saved under that name, in parentheses.

Promise: what comes out holds no name of a saved filter; a name that is unknown, that means itself or that stands for
something wrong is a FilterError at its place in the text that was typed.
Does not know: where filters are saved.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ratop_py.filter.completion import completions
from ratop_py.filter.error import FilterError, nearest
from ratop_py.filter.parser import parse
from ratop_py.filter.tokens import LONGEST, Is, Token, tokens

SIGN = "@"
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
"""As habits know names."""
WRONG_NAME = "a name has letters, digits, - and _, and begins with a letter"


@dataclass(frozen=True, slots=True)
class Expanded:
    """A filter without names, and where its parts came from."""

    text: str
    typed: str
    parts: tuple[tuple[int, int, int, int], ...] = ()
    """(start, end) of what a name became, (start, end) of the name as typed."""

    def place(self, at: int) -> tuple[int, int]:
        """Where in the typed text a character of the expanded one came from: (first, last + 1)."""
        shift = 0
        for start, end, name, name_end in self.parts:
            if at < start:
                break
            if at < end:
                return name, name_end
            shift = name_end - end
        return at + shift, at + shift + 1

    def told(self, error: FilterError) -> FilterError:
        """An error in the expanded text, as one in the typed text."""
        if not self.parts:
            return error
        start, end = self.place(error.start)[0], self.place(max(error.start, error.end - 1))[1]
        return FilterError(self.typed, start, end, error.expected, error.nearest)


def expand(text: str, filters: Mapping[str, str]) -> Expanded:
    """Put the saved filters in. FilterError: that cannot be done."""
    if SIGN not in text:
        return Expanded(text, text)
    pieces: list[str] = []
    parts: list[tuple[int, int, int, int]] = []
    done = size = 0
    for token in filter(named, tokens(text)):
        before, meant = text[done : token.start], f"({_meaning(text, token, filters)})"
        size += len(before)
        parts.append((size, size + len(meant), token.start, token.end))
        pieces += [before, meant]
        size, done = size + len(meant), token.end
    whole = "".join(pieces) + text[done:]
    if len(whole) > LONGEST:
        raise FilterError(text, 0, len(text), f"a filter has at most {LONGEST} characters, saved ones included")
    return Expanded(whole, text, tuple(parts))


def named(token: Token) -> bool:
    """The token is the name of a saved filter."""
    return token.kind is Is.WORD and token.text.startswith(SIGN)


def _meaning(text: str, token: Token, filters: Mapping[str, str]) -> str:
    """What a name stands for; saved filters do not name others, so that none can mean itself."""
    name = token.text[len(SIGN) :]
    if name not in filters:
        near = nearest(name, filters)
        raise FilterError(text, token.start, token.end, "the name of a saved filter is expected", near and SIGN + near)
    meant = filters[name].strip()
    if not meant or any(map(named, _tokens(meant))):
        why = "names another one" if meant else "is empty"
        raise FilterError(text, token.start, token.end, f"the saved filter {SIGN}{name} {why}")
    try:
        parse(meant, 0.0)
    except FilterError as error:
        raise FilterError(
            text, token.start, token.end, f"the saved filter {SIGN}{name} is wrong: {error.expected}"
        ) from None
    return meant


def _tokens(text: str) -> Sequence[Token]:
    try:
        return tokens(text)
    except FilterError:
        return ()


def trouble(name: str, text: str) -> str:
    """Why a filter may not be saved under a name; empty: it may."""
    if not NAME.fullmatch(name):
        return WRONG_NAME
    if not text.strip():
        return "there is no filter to save"
    try:
        expand(f"{SIGN}{name}", {name: text})
    except FilterError as error:
        return error.expected
    return ""


def offers(
    text: str, cursor: int, seen: Mapping[str, Sequence[str]] | None, filters: Mapping[str, str]
) -> tuple[list[str], int]:
    """What could stand at the cursor, as `completions`, with the names of saved filters after `@`."""
    begun = re.search(r"(?<![\w\"'])@[\w-]*$", text[:cursor])
    if begun is None:
        return completions(text, cursor, seen)
    names = (f"{SIGN}{name}" for name in sorted(filters))
    return [name for name in names if name.startswith(begun[0]) and name != begun[0]], begun.start()
