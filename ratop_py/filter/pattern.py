"""Regular expressions that end in time, whatever text they meet.

Promise: `trouble` refuses what can take exponential time (repeats within repeats, choices within repeats, references
back) and more than `MOST_REPEATS` open repeats, so that a search is a polynomial of a bounded word; what a word gave is
remembered.
Does not know: fields, columns.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, replace
from functools import lru_cache

LONGEST = 256
"""Characters of a pattern."""
LONGEST_WORD = 256
"""Characters of a word that are looked at."""
MOST_REPEATS = 3
MOST_TIMES = 64
"""A counted repeat with a greater end is an open one."""

_PIECE = re.compile(
    r"""(?P<back> \\[1-9] | \(\?P= )
      | (?P<open> \( (?: \?(?:P<\w+>|[aiLmsu]*(?:-[ims]+)?:|<?[=!]|>) | (?!\?)) )
      | (?P<flags> \(\?[aiLmsu]+\) )
      | (?P<other> \(\? )
      | (?P<close> \) )
      | (?P<choice> \| )
      | (?P<repeat> (?: [*+?] | \{\d*(?:,\d*)?\} ) [+?]? )
      | (?P<atom> \\. | \[\^?\]?(?:\\.|[^\]\\])*\] | . )""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _Part:
    """What stands between two parentheses, or one character."""

    loose: bool = False
    """It can match in several ways: repeats or choices are in it."""


def trouble(pattern: str) -> str:
    """Why a pattern is not taken, as what is expected instead; empty: it is."""
    if len(pattern) > LONGEST:
        return f"a regular expression of at most {LONGEST} characters is expected"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # what Python may read otherwise one day is not taken
            re.compile(pattern)
    except (re.error, OverflowError, RecursionError, ValueError, Warning) as error:
        return f"a regular expression is expected ({error})"
    return _slow(pattern)


def _slow(pattern: str) -> str:
    waiting: list[_Part] = []
    part, last, repeats = _Part(), _Part(), 0
    for piece in _PIECE.finditer(pattern):
        match piece.lastgroup:
            case "back" | "other":
                return "a regular expression without back references, conditions, comments and flag x is expected"
            case "open":
                waiting.append(part)
                part = last = _Part()
            case "close":
                last, part = part, _Part(loose=(waiting or [part]).pop().loose or part.loose)
            case "choice":
                part = replace(part, loose=True)
            case "repeat" if _several(piece[0]):
                if last.loose:
                    return "choices and repeats within repeats can take for ever: a simpler one is expected"
                repeats += _open(piece[0])
                part = _Part(loose=True)
            case _:
                last = _Part()
    return (
        f"a regular expression with at most {MOST_REPEATS} open repeats is expected" if repeats > MOST_REPEATS else ""
    )


def _several(repeat: str) -> bool:
    """More than once is possible."""
    return repeat[0] != "?" and repeat.rstrip("+?") not in ("{1}", "{0}", "{0,1}", "{,1}")


def _open(repeat: str) -> bool:
    """There is no small end to it."""
    if repeat[0] in "*+":
        return True
    least, comma, most = repeat.strip("{}+?").partition(",")
    end = most if comma else least
    return not end or int(end) > MOST_TIMES


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@lru_cache(maxsize=65_536)
def found(pattern: str, word: str) -> bool:
    """Whether a pattern is found in a word. Remembered: flows share their words from tick to tick."""
    return _compiled(pattern).search(word[:LONGEST_WORD]) is not None
