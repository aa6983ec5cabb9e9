"""Text into tokens: words, quoted strings, operators; each with its place.

Promise: never fails but by FilterError (an open quote, a filter too long).
Does not know: which words mean something.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from ratop_py.filter.error import FilterError

LONGEST = 4096
"""Characters of a filter."""


class Is(Enum):
    """What a token is."""

    WORD = "word"
    STRING = "string"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """One token; `text` of a string is without quotes and escapes."""

    kind: Is
    text: str
    start: int
    end: int

    def sign(self, *which: str) -> bool:
        """True for one of these signs."""
        return self.kind is Is.SIGN and self.text in which

    def word(self, *which: str) -> bool:
        """True for one of these words (never for a quoted one)."""
        return self.kind is Is.WORD and self.text in which


_TOKEN = re.compile(
    r"""\s*(?:
      (?P<sign> >= | <= | != | !~\* | !~ | ~\* | == | && | \|\| | [()=<>~!,] )
    | (?P<string> "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' )
    | (?P<open> ["'] )
    | (?P<word> (?: (?!&&|\|\|) [^\s()=<>~!,"'] )+ )
    | (?P<end> $ )
    )""",
    re.VERBOSE | re.DOTALL,
)


def tokens(text: str) -> list[Token]:
    """All tokens; the last is `Is.END`."""
    if len(text) > LONGEST:
        raise FilterError(text, LONGEST, len(text), f"a filter has at most {LONGEST} characters")
    found: list[Token] = []
    at = 0
    while True:
        match = _TOKEN.match(text, at)
        assert match is not None, "the patterns cover every character"
        kind = match.lastgroup or "end"
        start, at = match.span(kind)
        if kind == "end":
            return [*found, Token(Is.END, "", len(text), len(text))]
        if kind == "open":
            raise FilterError(text, start, len(text), "a closing quote is expected")
        found.append(_token(kind, match[kind], start, at))


def _token(kind: str, text: str, start: int, end: int) -> Token:
    if kind == "string":
        return Token(Is.STRING, re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL), start, end)
    return Token(Is(kind), text, start, end)


def quoted(text: str) -> str:
    """A word as it can stand in a filter; in quotes if it needs them."""
    if text and re.fullmatch(r"[^\s()=<>~!,\"'&|\\]+", text) and text not in KEYWORDS:
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


KEYWORDS = frozenset({"and", "or", "not", "in"})
