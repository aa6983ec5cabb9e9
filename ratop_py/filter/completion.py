"""What could stand at the cursor: words, fields, values.

Promise: every completion makes a filter that can still become valid.
Does not know: the screen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ratop_py.fields import FIELDS
from ratop_py.filter.literal import LEVELS
from ratop_py.filter.vocabulary import known_words
from ratop_py.flow.letters import STATES
from ratop_py.kinds import Kind

MOST = 12
_VALUES: Mapping[str, Sequence[str]] = {
    "risk": tuple(LEVELS),
    "level": tuple(LEVELS),
    "state": tuple(STATES[1:]),
    "owner": ("ok", "shared", "listener", "none", "unknown"),
    "way": ("in", "out", "both"),
}
_LAST = re.compile(r"[^\s()=<>~!,\"']*$")
_BEFORE = re.compile(r"([a-z]\w*)\s*(?:=|==|!=|>=|<=|>|<|in\s*\(?|,)?\s*$")


def completions(text: str, cursor: int, seen: Mapping[str, Sequence[str]] | None = None) -> tuple[list[str], int]:
    """(words that could stand there, best first; where the word begins). `seen`: values by field."""
    before = text[:cursor]
    match = _LAST.search(before)
    assert match is not None
    begun, start = match[0], match.start()
    field = _BEFORE.search(before[:start])
    field = field if field and field[1] in FIELDS else None
    if field and (values := {**_VALUES, **(seen or {})}.get(field[1])):
        return _fitting(begun, values), start
    if (
        field
        and field[1] in FIELDS
        and FIELDS[field[1]].kind is not Kind.TEXT
        and before[:start].rstrip()[-1:] in "=<>"
    ):
        return [], start
    after_term = bool(before[:start].strip()) and not re.search(
        r"(\b(and|or|not|src|dst)|[(!]|&&|\|\|)\s*$", before[:start]
    )
    return _fitting(begun, ("and", "or") if after_term and not field else known_words()), start


def _fitting(begun: str, words: Sequence[str]) -> list[str]:
    found = [word for word in dict.fromkeys(words) if word.startswith(begun) and word != begun]
    return sorted(found, key=len)[:MOST] if begun else found[:MOST]
