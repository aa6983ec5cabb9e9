"""What could stand at the cursor: words, fields, values.

Promise: every completion makes a filter that can still become valid.
Does not know: the screen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ratop_py.fields import FIELDS
from ratop_py.filter.comparison import TEXTS
from ratop_py.filter.literal import LEVELS
from ratop_py.filter.vocabulary import QUALIFIERS, known_words
from ratop_py.filter.words import WORDS
from ratop_py.flow.letters import STATES

MOST = 12
_VALUES: Mapping[str, Sequence[str]] = {
    "risk": tuple(LEVELS),
    "level": tuple(LEVELS),
    "state": tuple(STATES[1:]),
    "owner": ("ok", "shared", "listener", "none", "unknown"),
    "way": ("in", "out", "both"),
}
_LAST = re.compile(r"[^\s()=<>~!,\"']*$")
_BEFORE = re.compile(r"([a-z]\w*)\s*(!=|[<>=~]=?|!~|in\s*\((?:[^()]*,)?)?\s*$")
_OPEN = re.compile(r"(\b(and|or|not|src|dst)|[(!]|&&|\|\|)\s*$")
"""Ends in a word or sign after which a term begins."""
_ADDRESSED = re.compile(rf"\b({'|'.join(QUALIFIERS)})\s+$")
"""Ends in a word after which an address or a number comes that nobody can guess."""
SIGNS = ("=", "!=", ">", ">=", "<", "<=", "in (")
LIKENESS = ("~", "!~")


def completions(text: str, cursor: int, seen: Mapping[str, Sequence[str]] | None = None) -> tuple[list[str], int]:
    """(words that could stand there, best first; where the word begins). `seen`: values by field."""
    before = text[:cursor]
    match = _LAST.search(before)
    assert match is not None
    begun, done = match[0], before[: match.start()]
    field = _BEFORE.search(done)
    if field and field[1] in FIELDS:
        words = _of_field(field[1], field[2] or "", {**_VALUES, **(seen or {})})
    elif _ADDRESSED.search(done):
        words = ()
    else:
        words = ("and", "or") if done.strip() and not _OPEN.search(done) else known_words()
    return _fitting(begun, words), len(done)


def _of_field(name: str, relation: str, values: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """What may follow the name of a field: a value that was seen, a relation; a number nobody can guess."""
    likes = LIKENESS if FIELDS[name].kind in TEXTS else ()
    ends = ("and", "or") if name in WORDS else ()
    return values.get(name, ()) if relation or name in values else (*SIGNS, *likes, *ends)


def _fitting(begun: str, words: Sequence[str]) -> list[str]:
    found = [word for word in dict.fromkeys(words) if word.startswith(begun) and word != begun]
    return sorted(found, key=len)[:MOST] if begun else found[:MOST]
